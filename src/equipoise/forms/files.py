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
        raise _refused(path, f"the file cannot be read ({reason.lower()})", "check the name and the folder") from None
    if len(content) > LARGEST_FILE_BYTES:
        raise _refused(path, "the file is too large to be a form", "check that it is the right file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(path, "the file is not UTF-8 text", "save it again as UTF-8", line) from None
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
        problem = f"this is not JSON: {_plainly(error.msg)}, at column {error.colno}"
        raise _refused(file, problem, "mend that line", error.lineno) from None
    except RecursionError:
        raise _refused(file, "lists or tables are nested too deeply", "check that it is the right file") from None
    except ValueError:
        raise _refused(file, "a number in it has too many digits", "write a shorter number") from None
    if not isinstance(values, dict):
        raise _refused(file, "one object in braces is expected", 'write { "name": answer, ... }')
    return Document(file, values, json_lines(text) if is_json else toml_lines(text))


def _json(text: str, file: str) -> Any:
    values = json.loads(text)
    twice = repeated_json_keys(text)
    if twice:
        raise _refused(file, f"'{twice[0]}' is answered twice", "keep one of the two answers")
    return values


def _toml_refused(file: str, error: tomllib.TOMLDecodeError) -> FormError:
    message = str(error)
    place = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    problem = _plainly(message[: place.start()] if place else message)
    line = int(place[1]) if place and place[1] else None
    column = f", at column {place[2]}" if place and place[2] else ", at the end of the file" if place else ""
    mend = 'words need quotes ("word"), yes and no are true and false, and each name stands once'
    return _refused(file, f"this is not TOML: {problem}{column}", mend, line)


def _plainly(message: str) -> str:
    message = message.strip().rstrip(".")
    return message[:1].lower() + message[1:]


def _refused(file: Path | str, problem: str, mend: str, line: int | None = None) -> FormError:
    return FormError([Fault("", problem, mend=mend, line=line)], file=str(file))
