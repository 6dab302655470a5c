"""Rare harms: ten thousand people as dots, fifty in each column, so that few stay few and can still be seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    SOFT,
    STRONG,
    TINT,
    checked_identifier,
    coordinate,
    element,
    frame,
)
from equipoise.presentation.pictures.region import region

FIELD: Final = 10_000
A_COLUMN: Final = 50
_PITCH: Final = 3.0
_EDGE: Final = 2.0


@dataclass(frozen=True, slots=True)
class RareField:
    """Ten thousand people under one option.

    Parameters
    ----------
    id
        Of the drawing; unique on the page.
    title, description
        What it shows, and the same in sentences: the drawing holds no text.
    affected, limits
        Whole people affected by the estimate, and at its limits; ``None`` draws no frame.

    Raises
    ------
    ValueError
        If they are out of order or lie outside 0 to 10,000.
    """

    id: str
    title: str
    description: str
    affected: int
    limits: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        low, high = self.limits or (self.affected, self.affected)
        if not 0 <= low <= self.affected <= high <= FIELD:
            raise ValueError(f"expected 0 <= low <= affected <= high <= {FIELD}, found {low}, {self.affected}, {high}.")


def rare_field(field: RareField) -> Markup:
    """Draw the field: a dark square for each person affected, a frame around the likely range.

    Parameters
    ----------
    field
        What to draw.

    Returns
    -------
    Markup
        One ``<svg>`` without text, to stand beside the words.
    """
    width, height = FIELD / A_COLUMN * _PITCH, A_COLUMN * _PITCH
    dots = element("rect", x=_EDGE, y=_EDGE, width=width, height=height, fill=f"url(#{field.id}-dots)")
    return frame(
        field.id,
        width + 2 * _EDGE,
        height + 2 * _EDGE,
        field.title,
        field.description,
        [_definitions(field.id), *_range(field), dots, *_affected(field.affected)],
        class_="rare-field",
    )


def _definitions(identifier: str) -> Markup:
    dot = element("rect", x=1.0, y=1.0, width=1.0, height=1.0, fill=SOFT)
    pattern = element(
        "pattern",
        dot,
        id=f"{identifier}-dots",
        x=_EDGE,
        y=_EDGE,
        width=_PITCH,
        height=_PITCH,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", pattern)


def _affected(count: int) -> Iterator[Markup]:
    """Draw each person as a dash of a line down their column: a tenth of the size of one element each."""
    columns, rest = divmod(count, A_COLUMN)
    lengths = [A_COLUMN] * columns + [rest] * (rest > 0)
    if not lengths:
        return
    lines = "".join(
        f"M{coordinate(_EDGE + _PITCH * (column + 0.5))} {coordinate(_EDGE + 0.25)}v{coordinate(_PITCH * length - 0.5)}"
        for column, length in enumerate(lengths)
    )
    dash = f"{_PITCH - 0.5:g} 0.5"
    yield element("path", d=lines, fill="none", stroke=STRONG, stroke_width=_PITCH - 0.5, stroke_dasharray=dash)


def _range(field: RareField) -> Iterator[Markup]:
    if field.limits is None:
        return
    for corners in region(*field.limits, A_COLUMN):
        # A region fills rows; here the columns are filled, from the left.
        points = " ".join(f"{coordinate(_EDGE + _PITCH * y)},{coordinate(_EDGE + _PITCH * x)}" for x, y in corners)
        yield element("polygon", points=points, fill=TINT, stroke=INK, stroke_width=1.4, stroke_linejoin="round")
