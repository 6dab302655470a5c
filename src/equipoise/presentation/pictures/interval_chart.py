"""Rows of estimates with intervals on one axis: what the forests of a network are drawn with, wide and narrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    INK_SOFT,
    NARROW_WIDTH,
    RULE,
    STRONG,
    SURFACE,
    TEXT_SIZE,
    WIDE_WIDTH,
    axis_label,
    coordinate,
    element,
    frame,
    height_of,
    join,
    label,
    number,
    text_width,
    trace_link,
    wrapped,
)
from equipoise.presentation.pictures.forest_marks import Strip, line
from equipoise.presentation.pictures.legend import Entry, legend
from equipoise.presentation.pictures.scale import Axis, tick_text

Mark = Literal["square", "circle", "diamond", "hollow"]

_LABEL_WIDTH: Final = 205.0
_EDGE: Final = 26.0


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One estimate, ready to be drawn.

    Parameters
    ----------
    label, notes
        Name, and words below it.
    texts
        Numbers in words; or why there are none.
    mark
        Shape of the estimate.
    estimate, low, high
        Estimate and interval; all None draws words only.
    prediction
        Limits of the prediction interval, drawn as a thin line.
    estimate_id
        Estimate that the numbers come from.
    is_set_off
        Whether a strong rule stands above the row.
    """

    label: str
    texts: tuple[str, ...]
    mark: Mark = "square"
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    prediction: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()
    estimate_id: str | None = None
    is_set_off: bool = False


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """Rows on one axis, ready to be drawn.

    Parameters
    ----------
    id, title, description
        Id, name and sentences of the picture.
    head, measure
        Heads of the columns with names and numbers.
    rows
        What to draw, in this order.
    axis, null
        Axis, and the value of no difference on it.
    favours_low, favours_high
        Direction labels under the axis.
    entries
        Key.
    trace_url
        Address of an estimate's trace; None draws no links.
    """

    id: str
    title: str
    description: str
    head: str
    measure: str
    rows: tuple[IntervalRow, ...]
    axis: Axis
    null: float
    favours_low: str
    favours_high: str
    entries: tuple[Entry, ...]
    trace_url: str | None


def interval_chart(chart: IntervalChart, class_: str) -> Markup:
    """Draw the rows for wide and for narrow places; the style sheet shows the one that fits."""
    return element("div", _wide(chart), _narrow(chart), class_=f"picture {class_}")


def mark_sample(mark: Mark) -> Markup:
    """Mark as it stands in a key."""
    return _mark(mark, 9.0, -5.0, 9.0)


def prediction_sample() -> Markup:
    """Prediction interval as it stands in a key."""
    return join([line(0, -5, 20, -5, STRONG, 1.2), *(line(x, -9, x, -1, STRONG, 1.2) for x in (0, 20))])


def null_sample() -> Markup:
    """Line of no difference as it stands in a key."""
    return line(9, -13, 9, 2, INK, 1.4)


def _wide(chart: IntervalChart) -> Markup:
    texts_width = max(
        [text_width(text) for row in chart.rows for text in row.texts if row.estimate is not None] + [150.0]
    )
    effects = WIDE_WIDTH - min(texts_width, 230.0)
    strip = Strip(chart.axis, _LABEL_WIDTH + 40, effects - 24)
    measure = wrapped(chart.measure, WIDE_WIDTH - effects, bold=True)
    y = top = height_of(max(len(measure), 1)) + 8
    heads = [
        label(0.0, TEXT_SIZE, wrapped(chart.head, _LABEL_WIDTH, bold=True), bold=True),
        label(effects, TEXT_SIZE, measure, bold=True),
    ]
    rows: list[Markup] = []
    for row in chart.rows:
        drawn, y = _wide_row(chart, row, strip, effects, y)
        rows.append(drawn)
    foot, end = _foot(chart, strip, y, WIDE_WIDTH)
    return _framed(chart, "wide", WIDE_WIDTH, end, [*heads, _grid(chart, strip, top, y), *rows, foot])


def _wide_row(chart: IntervalChart, row: IntervalRow, strip: Strip, effects: float, top: float) -> tuple[Markup, float]:
    name = wrapped(row.label, _LABEL_WIDTH, bold=row.mark == "diamond")
    notes = tuple(text for note in row.notes for text in wrapped(note, _LABEL_WIDTH))
    texts = tuple(text for words in row.texts for text in wrapped(words, WIDE_WIDTH - effects))
    n = max(len(name) + len(notes), len(texts), 1)
    height = height_of(n) + 14
    baseline = top + 7 + TEXT_SIZE
    body = [
        line(0, top, WIDE_WIDTH, top, INK_SOFT if row.is_set_off else RULE, 1.6 if row.is_set_off else 1.0),
        label(0.0, baseline, name, bold=row.mark == "diamond"),
        *([label(0.0, baseline + height_of(len(name)), notes)] if notes else []),
        *_bar(row, strip, top + height / 2),
        _texts(chart, row, effects, baseline, texts),
    ]
    return join(body), top + height


def _narrow(chart: IntervalChart) -> Markup:
    edge = max(_EDGE, *(text_width(tick_text(tick)) / 2 for tick in chart.axis.ticks))
    strip = Strip(chart.axis, edge, NARROW_WIDTH - edge)
    measure = wrapped(chart.measure, NARROW_WIDTH, bold=True)
    y = height_of(len(measure)) + 4
    body = [label(0.0, TEXT_SIZE, measure, bold=True), line(0, y, NARROW_WIDTH, y, INK_SOFT)]
    for row in chart.rows:
        drawn, y = _narrow_row(chart, row, strip, y)
        body.append(drawn)
    foot, end = _foot(chart, strip, y, NARROW_WIDTH)
    return _framed(chart, "narrow", NARROW_WIDTH, end, [*body, foot])


def _narrow_row(chart: IntervalChart, row: IntervalRow, strip: Strip, top: float) -> tuple[Markup, float]:
    name = wrapped(row.label, NARROW_WIDTH, bold=True)
    notes = tuple(text for note in row.notes for text in wrapped(note, NARROW_WIDTH))
    texts = tuple(text for words in row.texts for text in wrapped(words, NARROW_WIDTH))
    baseline = top + TEXT_SIZE + 6
    second = baseline + height_of(len(name))
    start = second + height_of(len(notes) + len(texts) - 1) + 6
    height = 0 if row.estimate is None else 30 if row.prediction else 24
    body = [
        label(0.0, baseline, name, bold=True),
        *([label(0.0, second, notes)] if notes else []),
        _texts(chart, row, 0.0, second + height_of(len(notes)), texts),
        *([_grid(chart, strip, start, start + height)] if height else []),
        *_bar(row, strip, start + height / 2),
        line(0, start + height, NARROW_WIDTH, start + height, RULE),
    ]
    if row.is_set_off:
        body.insert(0, line(0, top, NARROW_WIDTH, top, INK_SOFT, 1.6))
    return join(body), start + height


def _texts(chart: IntervalChart, row: IntervalRow, x: float, y: float, texts: tuple[str, ...]) -> Markup:
    if row.estimate is None:
        return label(x, y, texts)
    return trace_link(chart.trace_url, row.estimate_id, number(x, y, texts, row.estimate_id))


def _bar(row: IntervalRow, strip: Strip, y: float) -> Iterator[Markup]:
    if row.estimate is None:
        return
    shift = 0.0
    if row.prediction:
        shift = 5.0
        yield from _whisker(row.prediction, strip, y + 8, 1.2)
    if row.low is not None and row.high is not None:
        yield from _whisker((row.low, row.high), strip, y - shift, 2.4, has_ends=False)
    yield _mark(row.mark, strip.x(row.estimate), y - shift, 9.0)


def _whisker(
    limits: tuple[float, float], strip: Strip, y: float, width: float, *, has_ends: bool = True
) -> Iterator[Markup]:
    left, right = (strip.x(limit) for limit in limits)
    yield line(left, y, right, y, STRONG, width)
    for limit, x, outward in ((limits[0], left, -1), (limits[1], right, 1)):
        if not strip.axis.holds(limit):
            points = " ".join(
                f"{coordinate(px)},{coordinate(py)}" for px, py in ((x + 9 * outward, y), (x, y - 5), (x, y + 5))
            )
            yield element("polygon", points=points, fill=STRONG, class_="beyond-axis")
        elif has_ends:
            yield line(x, y - 4, x, y + 4, STRONG, width)


def _mark(mark: Mark, x: float, y: float, size: float) -> Markup:
    half = size / 2
    if mark == "diamond":
        points = ((x - size, y), (x, y - size * 0.8), (x + size, y), (x, y + size * 0.8))
        return element("polygon", points=" ".join(f"{coordinate(a)},{coordinate(b)}" for a, b in points), fill=STRONG)
    if mark == "circle":
        return element("circle", cx=x, cy=y, r=half + 0.8, fill=SURFACE, stroke=STRONG, stroke_width=2)
    fill = SURFACE if mark == "hollow" else STRONG
    return element("rect", x=x - half, y=y - half, width=size, height=size, fill=fill, stroke=STRONG, stroke_width=2)


def _grid(chart: IntervalChart, strip: Strip, top: float, bottom: float) -> Markup:
    xs = [strip.x(tick) for tick in strip.axis.ticks if tick != chart.null]
    null = strip.x(chart.null)
    return join([*(line(x, top, x, bottom, RULE, dash="2 3") for x in xs), line(null, top, null, bottom, INK, 1.4)])


def _foot(chart: IntervalChart, strip: Strip, top: float, width: float) -> tuple[Markup, float]:
    """Axis, direction labels and the key."""
    body = [line(strip.left, top, strip.right, top, INK)]
    for tick in strip.axis.ticks:
        body.append(line(strip.x(tick), top, strip.x(tick), top + 5, INK))
        body.append(axis_label(strip.x(tick), top + 19, tick_text(tick)))
    directions, y = _directions(chart, strip.x(chart.null), top + 26 + TEXT_SIZE, width)
    key, end = legend(chart.entries, y + 8, width)
    return join([*body, directions, key]), end


def _directions(chart: IntervalChart, null: float, y: float, width: float) -> tuple[Markup, float]:
    lower, upper = f"\N{LEFTWARDS ARROW} {chart.favours_low}", f"{chart.favours_high} \N{RIGHTWARDS ARROW}"
    if text_width(lower) < null - 10 and text_width(upper) < width - null - 10:
        return join([label(null - 10, y, (lower,), anchor="end"), label(null + 10, y, (upper,))]), y + 6
    first, second = wrapped(lower, width), wrapped(upper, width)
    below = y + height_of(len(first))
    body = join([label(0.0, y, first), label(width, below, second, anchor="end")])
    return body, below + height_of(len(second) - 1) + 6


def _framed(chart: IntervalChart, layout: str, width: float, height: float, body: list[Markup]) -> Markup:
    return frame(
        f"{chart.id}-{layout}", width, height, chart.title, chart.description, body, class_=f"picture-{layout}"
    )
