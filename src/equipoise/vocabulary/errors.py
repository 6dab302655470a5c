"""The errors that a person can meet.

Each says what is wrong, where, what was found, what is allowed and what to do. Inner layers raise the
exact fact; a face prints ``str(error)`` and sets the exit code. No message holds a value about a person.
"""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable

# More names than this are no help on a screen.
SHORT_LIST = 30


class EquipoiseError(Exception):
    """Something that the person in front of the screen can mend.

    Every error of this package descends from it, so a face needs to catch only this one.
    """


class UnknownTermError(EquipoiseError):
    """A name is not in the vocabulary it was looked up in.

    Parameters
    ----------
    what
        What the name was meant to be, in plain words: ``"treatment"``, ``"outcome"``.
    found
        The name as given.
    allowed
        Every name that would have been accepted.
    """

    def __init__(self, what: str, found: str, allowed: Iterable[str]) -> None:
        self.what = what
        self.found = found
        self.allowed = tuple(allowed)
        self.nearest = tuple(difflib.get_close_matches(found.lower(), self.allowed, n=3, cutoff=0.5))
        lines = [f"there is no {what} called '{found}'."]
        if self.nearest:
            lines.append(f"  Did you mean: {', '.join(self.nearest)}?")
        elif len(self.allowed) <= SHORT_LIST:
            lines.append(f"  Known here: {', '.join(self.allowed)}.")
        else:
            lines.append(f"  None of the {len(self.allowed):,} names known here is spelled like it.")
        super().__init__("\n".join(lines))


class EvidenceError(EquipoiseError):
    """A fault in the evidence files, with its place.

    Parameters
    ----------
    file, row, column
        Where: the file's name, the row's id or line number, the column or key. ``row`` and ``column``
        are empty where the fault is the whole file's or the whole row's.
    found
        What stands there.
    allowed
        What would be right.
    mend
        What to do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str,
        row: str = "",
        column: str = "",
        found: str = "",
        allowed: str = "",
        mend: str = "",
    ) -> None:
        self.problem = problem
        self.file = file
        self.row = row
        self.column = column
        self.found = found
        self.allowed = allowed
        self.mend = mend
        place = ", ".join(part for part in (file, row and f"row {row}", column and f"column {column}") if part)
        lines = [f"{place}: {problem}"]
        if found:
            lines.append(f"  found:   {found}")
        if allowed:
            lines.append(f"  allowed: {allowed}")
        if mend:
            lines.append(f"  do:      {mend}")
        super().__init__("\n".join(lines))


class ShapeError(EquipoiseError):
    """Arrays that belong together differ in shape, or one of them is empty."""


class NetworkError(EquipoiseError):
    """The treatments of a network are not joined by trials; the message names the pieces."""


class NotEstimableError(EquipoiseError):
    """The data do not determine what was asked; the message says why and what would."""


class ConvergenceError(EquipoiseError):
    """An iteration did not reach its answer; the message says how far it got."""


class SafetyDataError(EquipoiseError):
    """A label entry cannot be used as it stands: an unknown anchor, an interval that is no duration."""


class RequestError(EquipoiseError):
    """What was asked for cannot be done as asked: the same drug twice, a file that cannot be written."""


def kind_and_place(error: BaseException) -> str:
    """Return what kind an unforeseen error is and where it rose, for a log: never its words.

    Parameters
    ----------
    error
        A fault of the program. What it says can hold what somebody typed, or a row about a person.
    """
    frames = traceback.extract_tb(error.__traceback__)
    return "\n  in ".join((type(error).__name__, *(f"{one.name}, {one.filename}:{one.lineno}" for one in frames)))
