"""A consultation as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.consultation import Consultation
from equipoise.presentation.blocks import Block, Heading, Items, Paragraph, Table
from equipoise.presentation.outline import outline


def render_markdown(sitting: Consultation) -> str:
    """Return a consultation as Markdown.

    Parameters
    ----------
    sitting
        The document.
    """
    return "\n\n".join(_rendered(block) for block in outline(sitting)) + "\n"


def _rendered(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_escaped(block.text)}"
    if isinstance(block, Paragraph):
        return f"*{_escaped(block.text)}*" if block.is_note else _escaped(block.text)
    if isinstance(block, Items):
        return "\n".join(f"- {_escaped(text)}" for text in block.texts)
    return _table(block)


def _table(block: Table) -> str:
    lines = [f"**{_escaped(block.caption)}**", ""] if block.caption else []
    lines += [
        _row(block.columns),
        _row(["---"] * len(block.columns)),
        *(_row([_escaped(cell) for cell in row]) for row in block.rows),
    ]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    for character in "\\`*_[]<>|#":
        text = text.replace(character, f"\\{character}")
    return text
