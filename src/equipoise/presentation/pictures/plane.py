"""A plane of two linear axes, and marks that stay apart without colour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    RULE,
    SOFT,
    STRONG,
    SURFACE,
    axis_label,
    coordinate,
    element,
    join,
    text_width,
)
from equipoise.presentation.pictures.forest_marks import line
from equipoise.presentation.pictures.scale import tick_text

_CROSS: Final = tuple(
    (x, y)
    for x, y in zip(
        (-1.3, -0.45, -0.45, 0.45, 0.45, 1.3, 1.3, 0.45, 0.45, -0.45, -0.45, -1.3),
        (-0.45, -0.45, -1.3, -1.3, -0.45, -0.45, 0.45, 0.45, 1.3, 1.3, 0.45, 0.45),
        strict=True,
    )
)
_SHAPES: Final[tuple[tuple[tuple[float, float], ...], ...]] = (
    (),
    ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),
    ((0, -1.3), (1.25, 0.95), (-1.25, 0.95)),
    ((0, 1.3), (1.25, -0.95), (-1.25, -0.95)),
    ((0, -1.3), (1.24, -0.4), (0.76, 1.05), (-0.76, 1.05), (-1.24, -0.4)),
    _CROSS,
    ((-1.4, -0.7), (1.4, -0.7), (1.4, 0.7), (-1.4, 0.7)),
)
_FILLS: Final = (STRONG, SURFACE, SOFT)


@dataclass(frozen=True, slots=True)
class Plane:
    """Where values of two axes are drawn.

    Parameters
    ----------
    left, top, right, bottom
        Edges in drawing units.
    x_low, x_high
        Values at the left and right edge.
    y_low, y_high
        Values at the bottom and the top edge.
    """

    left: float
    top: float
    right: float
    bottom: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        """Place of `value`, held within the plane."""
        share = (value - self.x_low) / (self.x_high - self.x_low)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Place of `value`, held within the plane."""
        share = (value - self.y_low) / (self.y_high - self.y_low)
        return self.bottom - min(1.0, max(0.0, share)) * (self.bottom - self.top)


def ticks_to(high: float, most: int = 5) -> tuple[float, ...]:
    """Round values from 0 to just beyond `high`."""
    high = max(high, 1e-9)
    unit = 10.0 ** math.floor(math.log10(high))
    step = next(
        (unit * part for part in (0.1, 0.2, 0.25, 0.5, 1, 2, 5) if math.ceil(high / (unit * part) - 1e-9) <= most),
        unit * 10,
    )
    return tuple(k * step for k in range(math.ceil(high / step - 1e-9) + 1))


def x_axis(plane: Plane, ticks: tuple[float, ...]) -> Markup:
    """Axis below the plane; where labels would touch, every other one is left out and zero stays."""
    body = [line(plane.left, plane.bottom, plane.right, plane.bottom, INK)]
    room = (plane.right - plane.left) / max(len(ticks) - 1, 1)
    is_crowded = max(text_width(_text(tick)) for tick in ticks) > room - 4
    zero = ticks.index(0.0) if 0.0 in ticks else 0
    for tick in (tick for position, tick in enumerate(ticks) if not is_crowded or (position - zero) % 2 == 0):
        x = plane.x(tick)
        body += [line(x, plane.bottom, x, plane.bottom + 5, INK), axis_label(x, plane.bottom + 20, _text(tick))]
    return join(body)


def y_axis(plane: Plane, ticks: tuple[float, ...]) -> Markup:
    """Axis left of the plane, with faint lines across it."""
    body = [line(plane.left, plane.top, plane.left, plane.bottom, INK)]
    for tick in ticks:
        y = plane.y(tick)
        body += [
            line(plane.left, y, plane.right, y, RULE, dash="2 3"),
            axis_label(plane.left - 8, y + 5, _text(tick), anchor="end"),
        ]
    return join(body)


def room_for(ticks: Sequence[float]) -> float:
    """Width of the widest tick label, and not less than that of a short one."""
    return max(46.0, *(text_width(_text(tick)) for tick in ticks))


def _text(tick: float) -> str:
    return tick_text(float(f"{tick:.6g}"))


def marker(position: int, x: float, y: float, size: float = 5.0) -> Markup:
    """Mark of the group at `position`: eight shapes, each full, hollow and soft; the same again from the 25th on."""
    shape, fill = _SHAPES[position % len(_SHAPES)], _FILLS[position // len(_SHAPES) % len(_FILLS)]
    paint: dict[str, object] = {"fill": fill, "stroke": STRONG, "stroke_width": 1.6}
    if not shape:
        return element("circle", cx=x, cy=y, r=size * 1.1, **paint)
    points = " ".join(f"{coordinate(x + size * dx)},{coordinate(y + size * dy)}" for dx, dy in shape)
    return element("polygon", points=points, **paint)
