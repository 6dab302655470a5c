"""The two layouts of a timeline: names beside the strips in wide places, above them in narrow ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    HEADING_SIZE,
    NARROW_WIDTH,
    RULE,
    STRONG,
    SURFACE,
    TEXT_SIZE,
    TINT,
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
from equipoise.presentation.pictures.timeline import Band, Event, Lane, Mark, Timeline, goes_beyond, when_text

_STRIP_HEIGHT: Final = 22.0
_NAME_WIDTH: Final = 262.0
_ARROW_ROOM: Final = 12.0
_GAP: Final = 10.0
_CAPTION_OFFSET: Final = 11.0
_SHAPES: Final[dict[Mark, str]] = {
    "tick": "M-.9-8h1.8v16h-1.8z",
    "square": "M-5.5-5.5h11v11h-11z",
    "circle": "M0-5a5 5 0 1 1 0 10a5 5 0 1 1 0-10z",
    "diamond": "M0-7l7 7l-7 7l-7-7z",
    "triangle": "M0-6l5.5 10.5h-11z",
}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Widths of one layout."""

    name: str
    width: float
    strip_left: float
    text_width: float
    is_beside: bool

    def x(self, month: float, months: int) -> float:
        """Place of a month on the strip."""
        return self.strip_left + month / months * (self.width - _ARROW_ROOM - self.strip_left)


_WIDE: Final = _Layout("wide", WIDE_WIDTH, _NAME_WIDTH + 24, _NAME_WIDTH, True)
_NARROW: Final = _Layout("narrow", NARROW_WIDTH, 7.0, NARROW_WIDTH, False)


def timeline_chart(chart: Timeline) -> Markup:
    """Draw the timeline for wide and for narrow places; the style sheet shows the one that fits.

    Parameters
    ----------
    chart
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    return element("div", _drawn(chart, _WIDE), _drawn(chart, _NARROW), class_="picture picture-timeline")


def _drawn(chart: Timeline, layout: _Layout) -> Markup:
    identifier = f"{chart.id}-{layout.name}"
    body = [_hatch(identifier)]
    y = 0.0
    for lane in chart.lanes:
        drawn, y = _lane(chart, lane, layout, identifier, y)
        body.append(drawn)
        y += 2 * _GAP
    description = " ".join(f"{lane.label}: {'; '.join(_spoken(chart, lane))}." for lane in chart.lanes)
    return frame(
        identifier, layout.width, max(y - _GAP, 1.0), chart.title, description, body, class_=f"picture-{layout.name}"
    )


def _spoken(chart: Timeline, lane: Lane) -> Iterator[str]:
    for track in lane.tracks:
        yield ", ".join(filter(None, (track.label, track.text, when_text(track, chart))))


def _hatch(identifier: str) -> Markup:
    stripe = element("rect", width=1.2, height=6.0, fill=STRONG)
    pattern = element(
        "pattern",
        stripe,
        id=f"{identifier}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return element("defs", pattern)


def _lane(chart: Timeline, lane: Lane, layout: _Layout, identifier: str, top: float) -> tuple[Markup, float]:
    heading = wrapped(lane.label, layout.text_width, HEADING_SIZE, bold=True)
    body = [label(0.0, top + HEADING_SIZE, heading, size=HEADING_SIZE, bold=True)]
    y = top + height_of(len(heading), HEADING_SIZE)
    axis_y = (top if layout.is_beside else y) + TEXT_SIZE + 2
    y = max(y, axis_y) + 6
    heading_width = text_width(heading[-1], HEADING_SIZE, bold=True)
    body.append(_years(chart, layout, axis_y, heading_width))
    grid: list[Markup] = []
    for track in lane.tracks:
        drawn, start, end = _track(chart, track, layout, identifier, y)
        y = end + (_GAP / 2 if layout.is_beside else _GAP)
        grid.append(_year_lines(chart, layout, start, y if layout.is_beside else end, (start + end) / 2))
        body.append(drawn)
    return join([*grid, *body]), y


def _years(chart: Timeline, layout: _Layout, y: float, heading: float) -> Markup:
    """Name each year in the middle of its span; where that is cramped, only its number, with the word for year once.

    `heading` is the width that the lane's name takes in the line above a narrow axis.
    """
    span = layout.x(12, chart.months) - layout.x(0, chart.months)
    years = range(1, chart.years + 1)
    names = [chart.words.year.format(year=year) for year in years]
    marks: list[Markup] = []
    if max(map(text_width, names)) > span:
        names = [str(year) for year in years]
        marks += _year_word(chart, layout, y, heading)
    taken = 0.0
    for position, name in enumerate(names):
        middle, half = layout.x(12 * position + 6, chart.months), text_width(name) / 2
        if middle - half >= taken:
            marks.append(axis_label(middle, y, name))
            taken = middle + half + 3
    return join(marks)


def _year_word(chart: Timeline, layout: _Layout, y: float, heading: float) -> Iterator[Markup]:
    if layout.is_beside:
        yield axis_label(layout.strip_left - 8, y, chart.words.years, anchor="end")
    elif heading + text_width(chart.words.years) + 20 < layout.width:
        yield axis_label(layout.width, y - height_of(1), chart.words.years, anchor="end")


def _year_lines(chart: Timeline, layout: _Layout, top: float, bottom: float, middle: float) -> Markup:
    lines = []
    for year in range(chart.years + 1):
        x = layout.x(12 * year, chart.months)
        lines.append(element("line", x1=x, y1=top, x2=x, y2=bottom, stroke=RULE, stroke_width=1))
    end = layout.x(chart.months, chart.months)
    lines.append(element("line", x1=layout.strip_left, y1=middle, x2=end, y2=middle, stroke=RULE, stroke_width=1))
    return join(lines)


def _track(
    chart: Timeline, track: Event | Band, layout: _Layout, identifier: str, top: float
) -> tuple[Markup, float, float]:
    """Words, then the strip: beside them or below. Returns the drawing and the upper and lower end of the strip."""
    names = wrapped(track.label, layout.text_width, bold=True)
    text = _words_of(chart, track, layout)
    texts = wrapped(text, layout.text_width) if text else ()
    baseline = top + TEXT_SIZE
    words = [label(0.0, baseline, names, bold=True)]
    if texts:
        second = baseline + height_of(len(names))
        words.append(trace_link(chart.trace_url, track.estimate_id, number(0.0, second, texts, track.estimate_id)))
    text_end = top + height_of(len(names) + len(texts))
    if layout.is_beside:
        bottom = max(text_end, top + _STRIP_HEIGHT) + 4
        middle = (top + bottom) / 2
        start, end = top, bottom
    else:
        start, end = text_end + 3, text_end + 3 + _STRIP_HEIGHT
        middle = (start + end) / 2
    return join([*words, _strip(chart, track, layout, identifier, middle)]), start, end


def _fits_in_band(chart: Timeline, track: Event | Band, layout: _Layout) -> bool:
    if not isinstance(track, Band) or track.style == "hatched" or not track.text:
        return False
    end = min(track.end_month, chart.months)
    return text_width(track.text) + 16 < layout.x(end, chart.months) - layout.x(track.start_month, chart.months)


def _strip(chart: Timeline, track: Event | Band, layout: _Layout, identifier: str, y: float) -> Markup:
    if isinstance(track, Event):
        drawn = _events(chart, track, layout, y)
    else:
        drawn = _band(chart, track, layout, identifier, y) if track.start_month < chart.months else Markup("")
    if not goes_beyond(track, chart):
        return drawn
    x = layout.x(chart.months, chart.months) + 1
    points = (
        f"{coordinate(x)},{coordinate(y - 7)} {coordinate(x + 9)},{coordinate(y)} {coordinate(x)},{coordinate(y + 7)}"
    )
    return join([drawn, element("polygon", points=points, fill=STRONG, class_="goes-on")])


def _band(chart: Timeline, band: Band, layout: _Layout, identifier: str, y: float) -> Markup:
    left = layout.x(band.start_month, chart.months)
    right = layout.x(min(band.end_month, chart.months), chart.months)
    box = {"x": left, "y": y - _STRIP_HEIGHT / 2, "width": max(right - left, 2.0), "height": _STRIP_HEIGHT, "rx": 3}
    ground = element("rect", **box, fill=SURFACE)
    fill = f"url(#{identifier}-hatch)" if band.style == "hatched" else TINT
    shape = join([ground, element("rect", **box, fill=fill, stroke=STRONG, stroke_width=1.4)])
    if not _fits_in_band(chart, band, layout):
        return shape
    text = number((left + right) / 2, y + TEXT_SIZE * 0.35, (band.text,), band.estimate_id, anchor="middle")
    return join([shape, trace_link(chart.trace_url, band.estimate_id, text)])


def _events(chart: Timeline, event: Event, layout: _Layout, y: float) -> Markup:
    marks = [
        element(
            "path",
            d=_SHAPES[event.mark],
            transform=f"translate({coordinate(layout.x(month, chart.months))} {coordinate(y)})",
        )
        for month in event.months
        if month <= chart.months
    ]
    captions = list(_captions(chart, event, layout, y)) if _captions_fit(chart, event, layout) else []
    drawn = element("g", *marks, fill=STRONG, class_=f"events-{event.mark}")
    return join([drawn, trace_link(chart.trace_url, event.estimate_id, *captions)]) if captions else drawn


def _captions(chart: Timeline, event: Event, layout: _Layout, y: float) -> Iterator[Markup]:
    for month, caption in zip(event.months, event.captions, strict=False):
        left = layout.x(month, chart.months) + _CAPTION_OFFSET
        width = text_width(caption)
        if caption and month <= chart.months:
            ground = element("rect", x=left - 2, y=y - TEXT_SIZE / 2, width=width + 2, height=TEXT_SIZE, fill=SURFACE)
            yield join([ground, number(left, y + TEXT_SIZE * 0.35, (caption,), event.estimate_id)])


def _captions_fit(chart: Timeline, event: Event, layout: _Layout) -> bool:
    """Whether every caption ends before the next mark; a part of them alone would mislead."""
    shown = [month for month in event.months if month <= chart.months]
    ends = [*(layout.x(month, chart.months) - _CAPTION_OFFSET + 3 for month in shown[1:]), layout.width]
    return all(
        layout.x(month, chart.months) + _CAPTION_OFFSET + text_width(caption) <= end
        for month, end, caption in zip(shown, ends, event.captions, strict=False)
    )


def _words_of(chart: Timeline, track: Event | Band, layout: _Layout) -> str:
    """Text of a track that does not stand in its strip, with the captions that found no room there."""
    if _fits_in_band(chart, track, layout):
        return ""
    if isinstance(track, Band) or _captions_fit(chart, track, layout):
        return track.text
    captions = ", ".join(filter(None, track.captions))
    return f"{track.text} ({captions})" if track.text else captions
