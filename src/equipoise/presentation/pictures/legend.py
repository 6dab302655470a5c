"""Key under a picture: each mark beside what it means."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import TEXT_SIZE, coordinate, element, height_of, join, label, wrapped

MARK_WIDTH: Final = 28.0
"""Room for a mark; marks are drawn from (0, -12) to (20, 2) around the baseline of the first line."""

Entry = tuple[Markup, str]


def legend(entries: Sequence[Entry], top: float, width: float) -> tuple[Markup, float]:
    """Draw a key.

    Parameters
    ----------
    entries
        Marks with their meaning.
    top
        Upper end.
    width
        Width of the drawing.

    Returns
    -------
    tuple of Markup and float
        The key and its lower end.
    """
    body: list[Markup] = []
    y = top + TEXT_SIZE
    for mark, text in entries:
        lines = wrapped(text, width - MARK_WIDTH)
        body.append(element("g", mark, transform=f"translate(0 {coordinate(y)})", class_="key"))
        body.append(label(MARK_WIDTH, y, lines))
        y += height_of(len(lines)) + 2
    return join(body), y - TEXT_SIZE + 4
