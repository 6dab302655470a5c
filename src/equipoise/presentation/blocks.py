"""Headings, paragraphs, lists and tables: what a text page, a Markdown page and a plain HTML page are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, 1 for the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a note is set quieter."""

    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list of statements."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column heads its row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


Block = Heading | Paragraph | Items | Table
