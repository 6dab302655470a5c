"""Marks of a forest plot: squares, points, diamonds, prediction intervals, and arrows at the ends of the axis."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import STRONG, SURFACE, coordinate, element, join
from equipoise.presentation.pictures.forest import ForestPlot, ForestRow, PooledRow
from equipoise.presentation.pictures.scale import Axis

_LARGEST_SQUARE: Final = 18.0
_SMALLEST_SQUARE: Final = 7.0


@dataclass(frozen=True, slots=True)
class Strip:
    """Where bars are drawn: the axis and its left and right end in drawing units."""

    axis: Axis
    left: float
    right: float

    def x(self, value: float) -> float:
        """Place of `value` in drawing units."""
        return self.left + self.axis.place(value) * (self.right - self.left)


def line(
    x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1.0, dash: str | None = None
) -> Markup:
    """Draw a straight line."""
    return element(
        "line",
        x1=float(x1),
        y1=float(y1),
        x2=float(x2),
        y2=float(y2),
        stroke=stroke,
        stroke_width=width,
        stroke_dasharray=dash,
    )


def bar(plot: ForestPlot, row: ForestRow | PooledRow, strip: Strip, y: float) -> Markup:
    """Draw a row: square and interval, a point when there is no interval, or diamond and prediction interval."""
    if isinstance(row, PooledRow):
        return join([_diamond(row, strip, y), *_prediction_bar(row, strip, y + 13)])
    if row.low is None or row.high is None:
        return element("circle", cx=strip.x(row.estimate), cy=y, r=4.5, fill=SURFACE, stroke=STRONG, stroke_width=2)
    return join([*_interval(row.low, row.high, strip, y, 2.0), _square(plot, row, strip, y)])


def _interval(low: float, high: float, strip: Strip, y: float, width: float) -> Iterator[Markup]:
    left, right = strip.x(low), strip.x(high)
    yield line(left, y, right, y, STRONG, width)
    for limit, x, outward in ((low, left, -1), (high, right, 1)):
        if not strip.axis.holds(limit):
            yield _arrow(x, y, outward)


def _arrow(x: float, y: float, outward: int) -> Markup:
    tip = x + 9 * outward
    points = (
        f"{coordinate(tip)},{coordinate(y)} {coordinate(x)},{coordinate(y - 5)} {coordinate(x)},{coordinate(y + 5)}"
    )
    return element("polygon", points=points, fill=STRONG, class_="beyond-axis")


def _square(plot: ForestPlot, row: ForestRow, strip: Strip, y: float) -> Markup:
    heaviest = max((other.weight for other in plot.rows if other.weight is not None), default=0.0)
    share = (row.weight or 0.0) / heaviest if heaviest > 0 else 0.0
    side = _SMALLEST_SQUARE + (_LARGEST_SQUARE - _SMALLEST_SQUARE) * share**0.5
    hollow = row.weight is None
    return element(
        "rect",
        x=strip.x(row.estimate) - side / 2,
        y=y - side / 2,
        width=side,
        height=side,
        fill=SURFACE if hollow else STRONG,
        stroke=STRONG,
        stroke_width=2 if hollow else 0,
        class_="beside" if hollow else "weighted",
    )


def _diamond(row: PooledRow, strip: Strip, y: float) -> Markup:
    left, middle, right = strip.x(row.low), strip.x(row.estimate), strip.x(row.high)
    points = " ".join(
        f"{coordinate(px)},{coordinate(py)}" for px, py in ((left, y), (middle, y - 8), (right, y), (middle, y + 8))
    )
    arrows = [
        _arrow(x, y, way)
        for limit, x, way in ((row.low, left, -1), (row.high, right, 1))
        if not strip.axis.holds(limit)
    ]
    return join([element("polygon", points=points, fill=STRONG, stroke=STRONG, class_="pooled"), *arrows])


def _prediction_bar(row: PooledRow, strip: Strip, y: float) -> Iterator[Markup]:
    if row.prediction_low is None or row.prediction_high is None:
        return
    yield from _interval(row.prediction_low, row.prediction_high, strip, y, 1.2)
    for limit in (row.prediction_low, row.prediction_high):
        if strip.axis.holds(limit):
            yield line(strip.x(limit), y - 4, strip.x(limit), y + 4, STRONG, 1.2)
