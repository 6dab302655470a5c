"""Where a key stands in a file. The parsers of the standard library do not say, and a message should.

Both functions read text that a real parser has already accepted, so they only have to find, never to judge.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

# A value over more lines than this is no answer to a question; its end is then not looked for.
LONGEST_VALUE_LINES = 200
_SPACE = re.compile(r"[ \t\r\n]*")
_PLAIN_JSON = re.compile(r"[^\s,\]}]+")
_DECODER = json.JSONDecoder()


def toml_lines(text: str) -> dict[str, int]:
    """Return field to line for a TOML text: ``{"practical.fridge": 12, "earlier_treatments[1].drug": 15}``."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    lines = text.split("\n")
    table = ""
    number = 0
    while number < len(lines):
        line = lines[number].strip()
        number += 1
        if line.startswith("[["):
            name = _path(line.split("]]")[0].lstrip("["))
            counts[name] = counts.get(name, 0) + 1
            table = f"{name}[{counts[name]}]"
            found.setdefault(name, number)
            found[table] = number
        elif line.startswith("["):
            table = _path(line.split("]")[0].lstrip("["))
            found.setdefault(table, number)
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            name = _path(key)
            found.setdefault(f"{table}.{name}" if table else name, number)
            number = _end_of_value(value, lines, number)
    return found


def _path(key: str) -> str:
    try:
        nested: Any = tomllib.loads(f"{key.strip()} = 0")
    except (tomllib.TOMLDecodeError, RecursionError):
        return key.strip()
    parts = []
    while isinstance(nested, Mapping):
        part, nested = next(iter(nested.items()))
        parts.append(part)
    return ".".join(parts)


def _end_of_value(value: str, lines: list[str], number: int) -> int:
    """Return the number of lines read when a value that began on the last of them is complete."""
    if not any(opening in value for opening in ("[", "{", '"""', "'''")):
        return number
    for end in range(number, min(number + LONGEST_VALUE_LINES, len(lines)) + 1):
        try:
            tomllib.loads("value =" + "\n".join([value, *lines[number:end]]))
        except (ValueError, RecursionError):
            continue
        return end
    return number


def json_lines(text: str) -> dict[str, int]:
    """Return field to line for a JSON text, named as ``toml_lines`` does."""
    found: dict[str, int] = {}
    _walk(text, 0, "", found)
    return found


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _string(text: str, at: int) -> tuple[str, int]:
    value, end = _DECODER.raw_decode(text, at)
    return str(value), end


def _walk(text: str, at: int, field: str, found: dict[str, int]) -> int:
    at = _skip(text, at)
    if text[at] == "{":
        return _walk_object(text, at + 1, field, found)
    if text[at] == "[":
        return _walk_list(text, at + 1, field, found)
    if text[at] == '"':
        return _string(text, at)[1]
    match = _PLAIN_JSON.match(text, at)
    return match.end() if match else at + 1


def _walk_object(text: str, at: int, field: str, found: dict[str, int]) -> int:
    at = _skip(text, at)
    while text[at] != "}":
        line = text.count("\n", 0, at) + 1
        key, at = _string(text, at)
        name = f"{field}.{key}" if field else key
        found.setdefault(name, line)
        at = _walk(text, _skip(text, at) + 1, name, found)
        at = _skip(text, at)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1


def _walk_list(text: str, at: int, field: str, found: dict[str, int]) -> int:
    at = _skip(text, at)
    number = 0
    while text[at] != "]":
        number += 1
        name = f"{field}[{number}]"
        found.setdefault(name, text.count("\n", 0, at) + 1)
        at = _skip(text, _walk(text, at, name, found))
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1


def repeated_json_keys(text: str) -> list[str]:
    """Return the keys that stand twice in one object; JSON itself would silently keep the last."""
    twice: list[str] = []

    def notice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)
        return dict(pairs)

    json.loads(text, object_pairs_hook=notice)
    return twice
