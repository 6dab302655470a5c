"""The items of the score: read from one file."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("items.toml")
STANDARDS = ("ipdasi", "nice", "requirement", "wcag")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a standard, in our own words.

    Attributes
    ----------
    standard, id, level, text
        Which item of which standard, its group, and what it asks for.
    applies
        Whether it applies to an aid for treatments; items on tests and screening do not.
    need
        ``people``, ``trial`` or ``text`` where no program can show it; empty otherwise.
    checks
        Names of checks, ``kept:NAME`` or ``missing:WORDS``.
    note
        Said beside it.
    """

    standard: str
    id: str
    text: str
    level: str = ""
    applies: bool = True
    need: str = ""
    checks: tuple[str, ...] = ()
    note: str = ""


@functools.cache
def items() -> tuple[Item, ...]:
    """Return every item, in the order of the file."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))["item"]
    return tuple(Item(**{**one, "checks": tuple(one.get("checks", ()))}) for one in raw)
