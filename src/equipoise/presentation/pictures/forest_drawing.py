"""The two layouts of a forest plot: columns for wide places, words above bars for narrow ones."""

from typing import Final

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
from equipoise.presentation.pictures.forest import (
    ForestPlot,
    ForestRow,
    PooledRow,
    axis_text,
    effect_text,
    full_label,
    people_text,
    prediction_text,
)
from equipoise.presentation.pictures.forest_marks import Strip, bar, line

_LABEL_WIDTH: Final = 205.0
_PEOPLE_RIGHT: Final = 268.0
_EFFECT_LEFT: Final = 552.0
_AXIS_HEIGHT: Final = 26.0
_EDGE: Final = 26.0
"""Room at the ends of the narrow axis for half a tick label and for arrows."""

Row = ForestRow | PooledRow


def forest_plot(plot: ForestPlot) -> Markup:
    """Draw the plot for wide and for narrow places; the style sheet shows the one that fits.

    Parameters
    ----------
    plot
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    return element("div", _wide_forest(plot), _narrow_forest(plot), class_="picture picture-forest")


def _wide_forest(plot: ForestPlot) -> Markup:
    """Draw trial, people, bar and numbers in columns."""
    strip = Strip(plot.axis, _PEOPLE_RIGHT + 24, _EFFECT_LEFT - 24)
    measure = wrapped(plot.measure, WIDE_WIDTH - _EFFECT_LEFT, bold=True)
    y = height_of(max(len(measure), 1)) + 8
    body = [
        label(0.0, TEXT_SIZE, (plot.words.trial,), bold=True),
        label(_EFFECT_LEFT, TEXT_SIZE, measure, bold=True),
    ]
    if any(row.n is not None for row in plot.rows):
        body.append(label(_PEOPLE_RIGHT, TEXT_SIZE, (plot.words.people,), bold=True, anchor="end"))
    top, rows = y, []
    for row in plot.all_rows:
        drawn, y = _wide_row(plot, row, strip, y)
        rows.append(drawn)
    foot, end = _foot(plot, strip, y, WIDE_WIDTH)
    body += [_grid(plot, strip, top, y), *rows, foot]
    return _framed(plot, "wide", WIDE_WIDTH, end, body)


def _narrow_forest(plot: ForestPlot) -> Markup:
    """Draw each row as words and numbers above its bar."""
    strip = Strip(plot.axis, _EDGE, NARROW_WIDTH - _EDGE)
    measure = wrapped(plot.measure, NARROW_WIDTH, bold=True)
    top = y = height_of(len(measure)) + 4
    bars: list[Markup] = []
    texts: list[Markup] = []
    gaps: list[tuple[float, float]] = []
    for row in plot.all_rows:
        text, bar, start, end = _narrow_row(plot, row, strip, y)
        texts.append(text)
        bars.append(bar)
        gaps.append((start, end))
        y = end
    foot, end = _foot(plot, strip, y, NARROW_WIDTH)
    grids = [_grid(plot, strip, start, stop) for start, stop in gaps]
    body = [
        label(0.0, TEXT_SIZE, measure, bold=True),
        line(0, top - 4, NARROW_WIDTH, top - 4, RULE),
        *grids,
        *bars,
        *texts,
        foot,
    ]
    return _framed(plot, "narrow", NARROW_WIDTH, end, body)


def _framed(plot: ForestPlot, layout: str, width: float, height: float, body: list[Markup]) -> Markup:
    sentences = [f"{full_label(row, plot)}: {effect_text(row, plot)}" for row in plot.all_rows]
    predictions = [f"{row.label}: {prediction_text(row, plot)}" for row in plot.pooled if _has_prediction(row)]
    description = (
        f"{plot.measure}. "
        + ". ".join([*sentences, *predictions])
        + f". {axis_text(plot.no_difference, plot)}: {plot.words.key_null}."
    )
    return frame(f"{plot.id}-{layout}", width, height, plot.title, description, body, class_=f"picture-{layout}")


def _wide_row(plot: ForestPlot, row: Row, strip: Strip, top: float) -> tuple[Markup, float]:
    is_pooled = isinstance(row, PooledRow)
    names = wrapped(full_label(row, plot), _LABEL_WIDTH, bold=is_pooled)
    effects = wrapped(effect_text(row, plot), WIDE_WIDTH - _EFFECT_LEFT)
    prediction = wrapped(_prediction(plot, row), WIDE_WIDTH - _EFFECT_LEFT) if _has_prediction(row) else ()
    content = height_of(max(len(names), len(effects) + len(prediction)))
    height = max(content, 28.0) + 12
    baseline = top + (height - content) / 2 + TEXT_SIZE
    numbers = [number(_EFFECT_LEFT, baseline, (*effects, *prediction), row.estimate_id)]
    if isinstance(row, ForestRow) and row.n is not None:
        numbers.insert(0, number(_PEOPLE_RIGHT, baseline, (people_text(row, plot),), row.estimate_id, anchor="end"))
    body = [
        line(0, top, WIDE_WIDTH, top, INK_SOFT if is_pooled else RULE),
        label(0.0, baseline, names, bold=is_pooled),
        bar(plot, row, strip, baseline - TEXT_SIZE * 0.33),
        trace_link(plot.trace_url, row.estimate_id, *numbers),
    ]
    return join(body), top + height


def _narrow_row(plot: ForestPlot, row: Row, strip: Strip, top: float) -> tuple[Markup, Markup, float, float]:
    """Text, bar, and the upper and lower end of the bar's strip."""
    is_pooled = isinstance(row, PooledRow)
    names = wrapped(full_label(row, plot), NARROW_WIDTH, bold=is_pooled)
    effects = wrapped(effect_text(row, plot), NARROW_WIDTH)
    effects += wrapped(_prediction(plot, row), NARROW_WIDTH) if _has_prediction(row) else ()
    baseline = top + TEXT_SIZE + 4
    second = baseline + height_of(len(names))
    numbers = [number(0.0, second, effects, row.estimate_id)]
    if isinstance(row, ForestRow) and row.n is not None:
        if text_width(effects[-1] + people_text(row, plot) + plot.words.people) > NARROW_WIDTH - 20:
            second += height_of(1)
        people = f"{plot.words.people}: {people_text(row, plot)}"
        last = second + height_of(len(effects) - 1)
        numbers.append(number(NARROW_WIDTH, last, (people,), row.estimate_id, anchor="end"))
    start = second + height_of(len(effects) - 1) + 6
    text = join([label(0.0, baseline, names, bold=is_pooled), trace_link(plot.trace_url, row.estimate_id, *numbers)])
    end = start + (34 if _has_prediction(row) else 26)
    return text, join([bar(plot, row, strip, start + 13), line(0, end, NARROW_WIDTH, end, RULE)]), start, end


def _has_prediction(row: Row) -> bool:
    return isinstance(row, PooledRow) and row.prediction_low is not None


def _prediction(plot: ForestPlot, row: Row) -> str:
    return prediction_text(row, plot) if isinstance(row, PooledRow) else ""


def _grid(plot: ForestPlot, strip: Strip, top: float, bottom: float) -> Markup:
    ticks = [
        line(strip.x(tick), top, strip.x(tick), bottom, RULE, dash="2 3")
        for tick in strip.axis.ticks
        if tick != plot.no_difference
    ]
    null = strip.x(plot.no_difference)
    return join([*ticks, line(null, top, null, bottom, INK, 1.4)])


def _foot(plot: ForestPlot, strip: Strip, top: float, width: float) -> tuple[Markup, float]:
    """Axis, direction labels and the key."""
    axis = [line(strip.left, top, strip.right, top, INK)]
    for tick in strip.axis.ticks:
        axis.append(line(strip.x(tick), top, strip.x(tick), top + 5, INK))
        axis.append(axis_label(strip.x(tick), top + 19, axis_text(tick, plot)))
    directions, y = _directions(plot, strip, top + _AXIS_HEIGHT + TEXT_SIZE, width)
    key, end = _key(plot, y + 8, width)
    return join([*axis, directions, key]), end


def _directions(plot: ForestPlot, strip: Strip, y: float, width: float) -> tuple[Markup, float]:
    """Both direction labels in one look: beside the null line when both fit there, else one below the other."""
    lower, upper = f"\N{LEFTWARDS ARROW} {plot.favours_low}", f"{plot.favours_high} \N{RIGHTWARDS ARROW}"
    null = strip.x(plot.no_difference)
    if text_width(lower) < null - 10 and text_width(upper) < width - null - 10:
        beside = label(null - 10, y, (lower,), anchor="end"), label(null + 10, y, (upper,))
        return join(beside), y + 6
    first, second = wrapped(lower, width), wrapped(upper, width)
    next_y = y + height_of(len(first))
    body = join([label(0.0, y, first), label(width, next_y, second, anchor="end")])
    return body, next_y + height_of(len(second) - 1) + 6


def _key(plot: ForestPlot, top: float, width: float) -> tuple[Markup, float]:
    """Say what the shapes mean; only those that occur."""
    words, y = plot.words, top + TEXT_SIZE
    entries = [(line(9, -13, 9, 2, INK, 1.4), words.key_null)]
    if any(row.weight is not None for row in plot.rows):
        entries.append((element("rect", x=3.0, y=-11.0, width=12.0, height=12.0, fill=STRONG), words.key_pooled_trial))
    if plot.pooled and any(row.weight is None and row.low is not None for row in plot.rows):
        hollow = element("rect", x=5.0, y=-9.0, width=8.0, height=8.0, fill=SURFACE, stroke=STRONG, stroke_width=2)
        entries.append((hollow, words.key_beside_trial))
    if plot.pooled:
        entries.append((element("polygon", points="0,-5 9,-12 18,-5 9,2", fill=STRONG), words.key_summary))
    if any(row.prediction_low is not None for row in plot.pooled):
        whisker = join(
            [line(0, -5, 18, -5, STRONG, 1.2), line(0, -9, 0, -1, STRONG, 1.2), line(18, -9, 18, -1, STRONG, 1.2)]
        )
        entries.append((whisker, words.key_prediction))
    body = []
    for mark, text in entries:
        lines = wrapped(text, width - 28)
        body.append(element("g", mark, transform=f"translate(0 {coordinate(y)})"))
        body.append(label(28.0, y, lines))
        y += height_of(len(lines)) + 2
    return join(body), y - TEXT_SIZE + 4
