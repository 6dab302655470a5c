"""Small multiples of a rankogram: one panel per treatment, all on the same axes."""

from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    NARROW_WIDTH,
    RULE,
    STRONG,
    TEXT_SIZE,
    WIDE_WIDTH,
    axis_label,
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
from equipoise.presentation.pictures.numerals import percent
from equipoise.presentation.pictures.rankogram import Rankogram, RankProfile, summary_texts

_PLOT_HEIGHT: Final = 76.0
_GAP: Final = 26.0
_SIDE: Final = 6.0
"""Room beside the bars for half a rank label."""


def rankogram_plot(picture: Rankogram) -> Markup:
    """Draw one panel per treatment: three in a row in wide places, one below the other in narrow ones.

    Parameters
    ----------
    picture
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    layouts = _layout(picture, "wide", WIDE_WIDTH, 3), _layout(picture, "narrow", NARROW_WIDTH, 1)
    return element("div", *layouts, class_="picture picture-ranks")


def _layout(picture: Rankogram, layout: str, width: float, columns: int) -> Markup:
    words = picture.words
    sentence = words.bars if picture.form == "bars" else words.cumulative
    intro = wrapped(sentence.format(top=percent(picture.top), first=picture.first_means), width)
    body = [axis_note(0.0, TEXT_SIZE, intro)]
    panel = (width - _GAP * (columns - 1)) / columns
    y = height_of(len(intro)) + 12
    for start in range(0, len(picture.profiles), columns):
        row = picture.profiles[start : start + columns]
        names = [wrapped(profile.treatment, panel, bold=True) for profile in row]
        lines = max(map(len, names))
        for column, (profile, name) in enumerate(zip(row, names, strict=True)):
            drawn = _panel(picture, profile, name, lines, panel)
            place = f"translate({coordinate(column * (panel + _GAP))} {coordinate(y)})"
            body.append(element("g", drawn, transform=place))
        y += _panel_height(lines) + 20
    key, end = legend([(_range_mark(0.0, 10.0, 20.0, -5.0), words.key_range)], y, width)
    caution = wrapped(words.caution, width)
    body += [key, label(0.0, end + TEXT_SIZE, caution)]
    return frame(
        f"{picture.id}-{layout}",
        width,
        end + height_of(len(caution)) + 4,
        picture.title,
        _description(picture),
        body,
        class_=f"picture-{layout}",
    )


def _description(picture: Rankogram) -> str:
    sentences = [f"{profile.treatment}: {', '.join(summary_texts(profile, picture))}" for profile in picture.profiles]
    return f"{picture.first_means} {'. '.join(sentences)}. {picture.words.caution}"


def _panel_height(lines: int) -> float:
    return height_of(lines + 2) + _PLOT_HEIGHT + 42


def _panel(picture: Rankogram, profile: RankProfile, name: tuple[str, ...], lines: int, width: float) -> Markup:
    """Name, median rank with its range, bars, and the axis of ranks with the range below it."""
    baseline = TEXT_SIZE + height_of(lines - len(name))
    after = TEXT_SIZE + height_of(lines)
    texts = number(0.0, after, summary_texts(profile, picture), profile.estimate_id)
    bottom = height_of(lines + 2) + 8 + _PLOT_HEIGHT
    step = (width - 2 * _SIDE) / picture.n
    heights = [_PLOT_HEIGHT * min(1.0, height / picture.top) for height in profile.heights(picture.form)]
    middle = [_SIDE + step * (rank + 0.5) for rank in range(picture.n)]
    body = [
        label(0.0, baseline, name, bold=True),
        trace_link(picture.trace_url, profile.estimate_id, texts),
        *(line(0, bottom - _PLOT_HEIGHT * share, width, bottom - _PLOT_HEIGHT * share, RULE) for share in (0.5, 1.0)),
        *(_bar(_SIDE + step * rank, bottom, step, height) for rank, height in enumerate(heights)),
        line(0, bottom, width, bottom, INK),
        _range_mark(middle[profile.low - 1], middle[profile.median - 1], middle[profile.high - 1], bottom + 9),
        *_rank_labels(picture.n, middle, bottom + 30),
    ]
    return join(body)


def _bar(x: float, bottom: float, step: float, height: float) -> Markup:
    gap = min(3.0, step * 0.2)
    return element("rect", x=x + gap / 2, y=bottom - height, width=step - gap, height=height, fill=STRONG)


def _range_mark(low: float, median: float, high: float, y: float) -> Markup:
    ends = [line(x, y - 4, x, y + 4, STRONG, 1.4) for x in (low, high)]
    dot = element("circle", cx=median, cy=y, r=4.5, fill=STRONG)
    return join([line(low, y, high, y, STRONG, 1.4), *ends, dot])


def _rank_labels(n: int, middle: list[float], y: float) -> list[Markup]:
    """Label the first and the last rank, and those between where there is room."""
    room = (middle[-1] - middle[0]) / max(n - 1, 1)
    step = next((step for step in (1, 2, 5, 10, 20, 50) if step * room >= 26), n)
    between = [rank for rank in range(step, n, step) if rank > step * 0.8 + 1 and (n - rank) * room >= 26]
    return [axis_label(middle[rank - 1], y, str(rank)) for rank in dict.fromkeys((1, *between, n))]
