"""What is wrong with an answer, where it stands, and what would be right; all of it at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.vocabulary.errors import EquipoiseError
from equipoise.wording import NOTHING, Phrase

# A longer value would hide the sentence that it stands in.
SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a person can mend, in English as a file's reader is told, and with keys for a page to say it.

    Attributes
    ----------
    field
        Name of the question, with the place in a list: ``"earlier_treatments[2].drug"``. Empty for the whole file.
    problem
        A sentence without its full stop.
    found
        What stands there, as a file holds it; may be empty. A page shows the field itself instead.
    allowed, mend
        What may stand there, what to do; each may be empty.
    line
        Line of the file, counted from 1, where that is known.
    """

    field: str
    problem: Phrase
    found: str = ""
    allowed: Phrase = NOTHING
    mend: Phrase = NOTHING
    line: int | None = None

    def sentence(self, file: str = "") -> str:
        """Say it on one to four lines, beginning with the place."""
        place = ", ".join(part for part in (file, f"line {self.line}" if self.line else "", self.field) if part)
        lines = [f"{place}: {self.problem}." if place else f"{self.problem}."]
        for name, text in (("found", self.found), ("allowed", self.allowed), ("do", self.mend)):
            if text:
                lines.append(f"  {name + ':':<8} {text}")
        return "\n".join(lines)


class FormError(EquipoiseError):
    """Answers that cannot be used as they stand; the message holds every fault.

    Its ``repr`` names fields only, so that no fact about a person ends up in a log.

    Parameters
    ----------
    faults
        Every fault, in the order of the file.
    file
        Where the answers came from; empty where they were no file.
    """

    def __init__(self, faults: Iterable[Fault], *, file: str = "") -> None:
        self.faults = tuple(faults)
        self.file = file
        super().__init__(f"{len(self.faults)} to mend: {', '.join(fault.field for fault in self.faults)}")

    def __str__(self) -> str:
        """Return every fault with its place."""
        sentences = [fault.sentence(self.file) for fault in self.faults]
        if len(sentences) == 1:
            return sentences[0]
        return f"{len(sentences)} things need mending; nothing was changed.\n" + "\n".join(sentences)


def shown(value: Any) -> str:
    """Return a value as it may stand in a message: short, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a table" if value else "an empty table"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, int) and abs(value) >= 10**SHOWN_CHARACTERS:
        return "a very large number"  # Python refuses to write integers of thousands of digits
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
