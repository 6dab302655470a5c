"""Small multiples of the relapse fan: one panel per option, all on the same axes, nothing moves."""

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    NARROW_WIDTH,
    SOFT,
    STRONG,
    SURFACE,
    TEXT_SIZE,
    TINT,
    WIDE_WIDTH,
    axis_note,
    coordinate,
    element,
    frame,
    height_of,
    join,
    label,
    number,
    trace_link,
    wrapped,
)
from equipoise.presentation.pictures.forest_marks import line
from equipoise.presentation.pictures.legend import legend
from equipoise.presentation.pictures.numerals import grouped
from equipoise.presentation.pictures.plane import Plane, room_for, ticks_to, x_axis, y_axis
from equipoise.presentation.pictures.relapse_fan import FanOption, FanPoint, RelapseFan, point_texts

_PLOT_HEIGHT: Final = 130.0
_GAP: Final = 22.0
_FEW: Final = 3
"""Up to this many options have one row in wide places and one column in narrow ones."""


def relapse_fan_plot(fan: RelapseFan) -> Markup:
    """Draw one panel per option.

    Parameters
    ----------
    fan
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    is_few = len(fan.options) <= _FEW
    wide = _layout(fan, "wide", WIDE_WIDTH, len(fan.options) if 1 < len(fan.options) <= _FEW else 3)
    narrow = _layout(fan, "narrow", NARROW_WIDTH, 1 if is_few else 2)
    return element("div", wide, narrow, class_="picture picture-fan")


def _layout(fan: RelapseFan, layout: str, width: float, columns: int) -> Markup:
    words = fan.words
    sentence = f"{words.axis.format(denominator=grouped(fan.denominator, words.thousands))}. {words.same_axes}"
    intro = wrapped(sentence, width)
    body = [axis_note(0.0, TEXT_SIZE, intro)]
    panel = (width - _GAP * (columns - 1)) / columns
    y = height_of(len(intro)) + 12
    for start in range(0, len(fan.options), columns):
        row = fan.options[start : start + columns]
        heads = [_head(fan, option, panel) for option in row]
        lines = max(len(name) + len(texts) for name, texts in heads)
        for column, (option, head) in enumerate(zip(row, heads, strict=True)):
            place = f"translate({coordinate(column * (panel + _GAP))} {coordinate(y)})"
            body.append(element("g", _panel(fan, option, head, height_of(lines), panel), transform=place))
        y += height_of(lines) + _PLOT_HEIGHT + 46
    key, end = legend([(_key_line(), words.key_line), (_key_band(), words.key_band)], y, width)
    remark = wrapped(words.straight, width)
    body += [key, label(0.0, end + TEXT_SIZE, remark)]
    return frame(
        f"{fan.id}-{layout}",
        width,
        end + height_of(len(remark)) + 4,
        fan.title,
        _description(fan),
        body,
        class_=f"picture-{layout}",
    )


def _description(fan: RelapseFan) -> str:
    said = [
        f"{option.label}: {'; '.join(', '.join(point_texts(point, fan)) for point in option.points)}."
        for option in fan.options
    ]
    return " ".join(said)


def _head(fan: RelapseFan, option: FanOption, width: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name, and one point in words."""
    count, interval = point_texts(fan.chosen(option), fan)
    return wrapped(option.label, width, bold=True), (*wrapped(count, width), *wrapped(interval, width))


def _panel(
    fan: RelapseFan, option: FanOption, head: tuple[tuple[str, ...], tuple[str, ...]], top: float, width: float
) -> Markup:
    name, texts = head
    chosen = fan.chosen(option)
    said = number(0.0, TEXT_SIZE + height_of(len(name)), texts, chosen.estimate_id)
    ticks = ticks_to(fan.top, 4)
    years = tuple(float(year) for year in range(int(fan.years[-1]) + 1))
    plane = Plane(room_for(ticks), top + 12, width - 8, top + 12 + _PLOT_HEIGHT, 0.0, fan.years[-1], 0.0, ticks[-1])
    return join(
        [
            label(0.0, TEXT_SIZE, name, bold=True),
            trace_link(fan.trace_url, chosen.estimate_id, said),
            y_axis(plane, ticks),
            *_fan(option, chosen, plane),
            x_axis(plane, years),
        ]
    )


def _fan(option: FanOption, chosen: FanPoint, plane: Plane) -> Iterator[Markup]:
    """Band, line and points; everything starts at nothing in year 0."""
    x = [plane.x(0.0), *(plane.x(point.year) for point in option.points)]
    low, middle, high = (
        [plane.y(0.0), *(plane.y(getattr(point, name)) for point in option.points)] for name in ("low", "value", "high")
    )
    edge = [*zip(x, high, strict=True), *reversed(list(zip(x, low, strict=True)))]
    yield element("polygon", points=_points(edge), fill=TINT, stroke=SOFT, stroke_width=1.2, class_="fan-band")
    yield element(
        "polyline", points=_points(list(zip(x, middle, strict=True))), fill="none", stroke=STRONG, stroke_width=2.4
    )
    for point, place, height in zip(option.points, x[1:], middle[1:], strict=True):
        fill = STRONG if point is chosen else SURFACE
        yield element("circle", cx=place, cy=height, r=4.5, fill=fill, stroke=STRONG, stroke_width=2)


def _points(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in places)


def _key_line() -> Markup:
    dot = element("circle", cx=10.0, cy=-5.0, r=4.0, fill=STRONG, stroke=STRONG, stroke_width=2)
    return join([line(0, -5, 20, -5, STRONG, 2.4), dot])


def _key_band() -> Markup:
    return element("rect", x=0.0, y=-12.0, width=20.0, height=14.0, fill=TINT, stroke=SOFT, stroke_width=1.2)
