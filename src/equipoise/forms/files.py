"""Answers in a file: TOML or JSON, with the line of every key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from equipoise.forms.faults import Fault, FormError
from equipoise.forms.places import json_lines, repeated_json_keys, toml_lines
from equipoise.wording import Filling, Named, phrase

# A description of a person or of what matters is a few kilobytes. More is the wrong file.
LARGEST_FILE_BYTES = 1_000_000
PARTS = "my_answers"
"""The key, at the top, of a file that holds several forms, each in a table of its own; it says which layout."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, before anyone has asked whether it answers a form.

    Attributes
    ----------
    file
        Its name, for messages.
    values
        Parsed, tables as mappings.
    lines
        Field to line.
    """

    file: str
    values: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def part(self, name: str) -> Document:
        """Return the table of one form out of a file that holds several; a file that holds one form is returned whole.

        Parameters
        ----------
        name
            Of the table. Fields and lines are then those of the form itself; where the table is missing, nothing
            is answered.
        """
        held = self.values.get(name)
        if not isinstance(held, Mapping):
            return Document(self.file, {}, {}) if PARTS in self.values else self
        inside = f"{name}."
        lines = {field.removeprefix(inside): n for field, n in self.lines.items() if field.startswith(inside)}
        return Document(self.file, held, lines)


def load_file(path: Path | str) -> Document:
    """Read a TOML or JSON file; JSON if its name ends so, TOML otherwise.

    Raises
    ------
    FormError
        If it cannot be read or parsed, with line and column.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is no file name"
        raise _refused(path, "file-unreadable", "check-name", reason=reason.lower()) from None
    if len(content) > LARGEST_FILE_BYTES:
        raise _refused(path, "file-too-large", "check-file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(path, "file-not-utf-8", "save-utf-8", line) from None
    return parse(text, file=str(path), is_json=path.suffix.lower() == ".json")


def parse(text: str, *, file: str = "", is_json: bool = False) -> Document:
    """Parse the text of a file.

    Raises
    ------
    FormError
        If it is no TOML or JSON, or no table at its top.
    """
    try:
        values = _json(text, file) if is_json else tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _toml_refused(file, error) from None
    except json.JSONDecodeError as error:
        detail = _plainly(error.msg)
        raise _refused(file, "file-not-json", "that-line", error.lineno, detail=detail, column=error.colno) from None
    except RecursionError:
        raise _refused(file, "file-too-deep", "check-file") from None
    except ValueError:
        raise _refused(file, "file-long-number", "shorter-number") from None
    if not isinstance(values, dict):
        raise _refused(file, "file-no-object", "write-object")
    return Document(file, values, json_lines(text) if is_json else toml_lines(text))


def _json(text: str, file: str) -> Any:
    values = json.loads(text)
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # Half of a character, which JSON can spell: no page and no file could hold it.
        raise _refused(file, "file-not-utf-8", "save-utf-8") from None
    twice = repeated_json_keys(text)
    if twice:
        raise _refused(file, "answered-twice", "keep-one-answer", name=Named((twice[0],)))
    return values


def _toml_refused(file: str, error: tomllib.TOMLDecodeError) -> FormError:
    message = str(error)
    place = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    detail = _plainly(message[: place.start()] if place else message)
    line = int(place[1]) if place and place[1] else None
    if place and place[2]:
        return _refused(file, "file-not-toml-at-column", "toml", line, detail=detail, column=int(place[2]))
    return _refused(file, "file-not-toml-at-end" if place else "file-not-toml", "toml", line, detail=detail)


def _plainly(message: str) -> str:
    message = message.strip().rstrip(".")
    return message[:1].lower() + message[1:]


def _refused(file: Path | str, problem: str, mend: str, line: int | None = None, **names: Filling) -> FormError:
    fault = Fault("", phrase(f"fault.problem.{problem}", **names), mend=phrase(f"fault.mend.{mend}"), line=line)
    return FormError([fault], file=str(file))
