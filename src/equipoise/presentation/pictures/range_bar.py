"""One number with its range on a short scale: the range as a band, the number as a mark on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    SOFT,
    STRONG,
    TEXT_SIZE,
    TINT,
    axis_label,
    checked_identifier,
    element,
    frame,
)
from equipoise.presentation.pictures.forest_marks import line

_WIDTH: Final = 300.0
_SIDE: Final = 8.0
_BAND: Final = 14.0
_TOP: Final = 3.0


@dataclass(frozen=True, slots=True)
class RangeBar:
    """A number with its range.

    Parameters
    ----------
    id
        Of the drawing; unique on the page.
    title, description
        What it shows, and the same in sentences.
    value, limits
        The number, and its limits; ``None`` draws no band.
    top
        Where the scale ends; it begins at 0.
    ends
        Both ends of the scale as they are written.

    Raises
    ------
    ValueError
        If the numbers are out of order, or lie outside the scale.
    """

    id: str
    title: str
    description: str
    value: float
    limits: tuple[float, float] | None
    top: float
    ends: tuple[str, str]

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        low, high = self.limits or (self.value, self.value)
        if not 0 <= low <= self.value <= high <= self.top:
            raise ValueError(f"expected 0 <= low <= value <= high <= {self.top}, found {low}, {self.value}, {high}.")


def range_bar(bar: RangeBar) -> Markup:
    """Draw the band and the mark over the scale.

    Parameters
    ----------
    bar
        What to draw.
    """
    floor = _TOP + _BAND + 3
    ends = [
        axis_label(_SIDE, floor + TEXT_SIZE + 3, bar.ends[0], anchor="start"),
        axis_label(_WIDTH - _SIDE, floor + TEXT_SIZE + 3, bar.ends[1], anchor="end"),
    ]
    scale = line(_SIDE, floor, _WIDTH - _SIDE, floor, INK)
    body = [scale, *_marks(bar), *ends]
    return frame(bar.id, _WIDTH, floor + TEXT_SIZE + 8, bar.title, bar.description, body, class_="range-bar")


def _marks(bar: RangeBar) -> Iterator[Markup]:
    def place(value: float) -> float:
        return _SIDE + (_WIDTH - 2 * _SIDE) * value / bar.top

    if bar.limits is not None:
        left, right = map(place, bar.limits)
        yield element(
            "rect", x=left, y=_TOP, width=max(right - left, 1.0), height=_BAND, fill=TINT, stroke=SOFT, stroke_width=1.4
        )
    x = place(bar.value)
    yield element("rect", x=x - 2.5, y=_TOP - 2, width=5.0, height=_BAND + 4, fill=STRONG)
