"""A person's timeline for the clinic: a strip for each test, with what was done, done late, missed or is to come."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    NARROW_WIDTH,
    RULE,
    STRONG,
    SURFACE,
    TEXT_SIZE,
    WIDE_WIDTH,
    axis_label,
    checked_identifier,
    coordinate,
    element,
    frame,
    height_of,
    join,
    label,
    safe,
    table,
    text_width,
    wrapped,
)
from equipoise.presentation.pictures.legend import legend

State = Literal["course", "done", "late", "missed", "planned", "result", "alert", "seen"]

_STRIP: Final = 24.0
_NAME_WIDTH: Final = 200.0
# Shapes differ as well as fills, so that print and colour-blind readers see the same states.
_SHAPES: Final[dict[State, tuple[str, bool]]] = {
    "course": ("M-6-6h12v12h-12z", True),
    "done": ("M0-4.2a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4z", True),
    "late": ("M0-6l5 6l-5 6l-5-6z", False),
    "missed": ("M-4.5-4.5l9 9m0-9l-9 9", False),
    "planned": ("M0-3a3 3 0 1 1 0 6a3 3 0 1 1 0-6z", False),
    "result": ("M-.9-6h1.8v12h-1.8z", True),
    "alert": ("M0-6.5l6 11h-12z", True),
    "seen": ("M0-6.5l6 11h-12z", False),
}


@dataclass(frozen=True, slots=True)
class ClinicWords:
    """Words inside the picture, so that each language has its own."""

    course: str = "Course"
    done: str = "Done in time"
    late: str = "Done late"
    missed: str = "Missed"
    planned: str = "Planned"
    result: str = "Result"
    alert: str = "Alert, not acknowledged"
    seen: str = "Alert, acknowledged"
    today: str = "today"
    earlier: str = "{count} earlier"
    day: str = "Day"
    what: str = "What"
    state: str = "State"
    note: str = "Detail"


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """Something on one day.

    Parameters
    ----------
    day
        When.
    state
        What sort of thing.
    text
        The same in words.
    """

    day: datetime.date
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One line of the picture.

    Parameters
    ----------
    name
        What it is about.
    marks
        What happened, by day.
    """

    name: str
    marks: tuple[TimelineMark, ...]


@dataclass(frozen=True, slots=True)
class ClinicTimeline:
    """What is drawn.

    Parameters
    ----------
    id, title
        Start of every id in the markup, and what is shown.
    strips
        Lines, from the top.
    start, end, on
        First and last day of the axis, and today.
    too_early
        Strips without a mark on the axis: in the table only.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If the axis has no length.
    """

    id: str
    title: str
    strips: tuple[Strip, ...]
    start: datetime.date
    end: datetime.date
    on: datetime.date
    too_early: tuple[Strip, ...] = ()
    words: ClinicWords = ClinicWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.start < self.end:
            raise ValueError(f"a timeline from {self.start} to {self.end} has no length.")


@dataclass(frozen=True, slots=True)
class _Layout:
    name: str
    width: float
    left: float

    def x(self, day: datetime.date, of: ClinicTimeline) -> float:
        share = (day - of.start).days / (of.end - of.start).days
        return self.left + share * (self.width - self.left - 8)


_WIDE: Final = _Layout("wide", WIDE_WIDTH, _NAME_WIDTH + 16)
_NARROW: Final = _Layout("narrow", NARROW_WIDTH, 8.0)


def clinic_timeline(of: ClinicTimeline) -> Markup:
    """Draw the timeline for wide and for narrow places; the style sheet shows the one that fits."""
    return element("div", _drawn(of, _WIDE), _drawn(of, _NARROW), class_="picture picture-timeline")


def clinic_timeline_table(of: ClinicTimeline) -> Markup:
    """Give everything in the picture, and what is too early for it, as a table by day, the newest first."""
    words = of.words
    rows = sorted(
        ((mark.day, strip.name, mark) for strip in (*of.strips, *of.too_early) for mark in strip.marks), key=_by_day
    )
    cells = [
        (safe(day.isoformat()), safe(name), safe(getattr(words, mark.state)), safe(mark.text))
        for day, name, mark in reversed(rows)
    ]
    return table(of.title, (words.day, words.what, words.state, words.note), cells)


def _by_day(row: tuple[datetime.date, str, TimelineMark]) -> tuple[datetime.date, str, str]:
    return row[0], row[1], row[2].state


def _drawn(of: ClinicTimeline, layout: _Layout) -> Markup:
    body: list[Markup] = []
    y = TEXT_SIZE + 4
    body.append(_years(of, layout, y))
    top = y + 6
    y = top
    strips: list[Markup] = []
    for strip in of.strips:
        drawn, y = _strip(of, strip, layout, y)
        strips.append(drawn)
    body += [_lines(of, layout, top, y), *strips]
    today = layout.x(of.on, of)
    body.append(element("line", x1=today, y1=top, x2=today, y2=y, stroke=INK, stroke_width=1.5, stroke_dasharray="4 3"))
    body.append(axis_label(today, y + TEXT_SIZE, of.words.today))
    used = dict.fromkeys(mark.state for strip in of.strips for mark in strip.marks)
    entries = [(_key(state), getattr(of.words, state)) for state in _SHAPES if state in used]
    key, y = legend(entries, y + TEXT_SIZE + 12, layout.width)
    return frame(
        f"{of.id}-{layout.name}",
        layout.width,
        y,
        of.title,
        " ".join(_spoken(of)),
        [*body, key],
        class_=f"picture-{layout.name}",
    )


def _spoken(of: ClinicTimeline) -> Iterator[str]:
    """Say how much of each state a strip holds; the days stand in the table."""
    for strip in of.strips:
        counts: dict[State, int] = {}
        for mark in strip.marks:
            counts[mark.state] = counts.get(mark.state, 0) + 1
        said = ", ".join(f"{getattr(of.words, state)} {count}" for state, count in counts.items())
        yield f"{strip.name}: {said or 'none'}."


def _years(of: ClinicTimeline, layout: _Layout, y: float) -> Markup:
    marks, taken = [], 0.0
    for day in _quarters(of):
        text = str(day.year) if day.month == 1 else f"{day:%b}"
        x, half = layout.x(day, of), text_width(text) / 2
        # a year keeps its place; months give way to it
        if x - half >= taken and x + half <= layout.width and (day.month == 1 or layout.width > NARROW_WIDTH):
            marks.append(axis_label(x, y, text))
            taken = x + half + 4
    return join(marks)


def _lines(of: ClinicTimeline, layout: _Layout, top: float, bottom: float) -> Markup:
    return join(
        [
            element(
                "line",
                x1=layout.x(day, of),
                y1=top,
                x2=layout.x(day, of),
                y2=bottom,
                stroke=RULE,
                stroke_width=2 if day.month == 1 else 1,
            )
            for day in _quarters(of)
        ]
    )


def _quarters(of: ClinicTimeline) -> Iterator[datetime.date]:
    for year in range(of.start.year, of.end.year + 1):
        for month in (1, 4, 7, 10):
            day = datetime.date(year, month, 1)
            if of.start <= day <= of.end:
                yield day


def _strip(of: ClinicTimeline, strip: Strip, layout: _Layout, top: float) -> tuple[Markup, float]:
    is_beside = layout.left > 100
    earlier = sum(mark.day < of.start for mark in strip.marks)
    name = f"{strip.name} ({of.words.earlier.format(count=earlier)})" if earlier else strip.name
    names = wrapped(name, _NAME_WIDTH if is_beside else layout.width, bold=True)
    words = [label(0.0, top + TEXT_SIZE, names, bold=True)]
    text_end = top + height_of(len(names))
    bottom = max(text_end, top + _STRIP) + 4 if is_beside else text_end + _STRIP
    middle = (top + bottom) / 2 if is_beside else text_end + _STRIP / 2
    line = element("line", x1=layout.left, y1=middle, x2=layout.width - 8, y2=middle, stroke=RULE, stroke_width=1)
    shown = [mark for mark in strip.marks if of.start <= mark.day <= of.end]
    marks = [_mark(mark.state, layout.x(mark.day, of), middle) for mark in shown]
    return join([*words, line, *marks]), bottom + 4


def _mark(state: State, x: float, y: float) -> Markup:
    shape, is_filled = _SHAPES[state]
    return element(
        "path",
        d=shape,
        transform=f"translate({coordinate(x)} {coordinate(y)})",
        fill=STRONG if is_filled else SURFACE,
        stroke=STRONG,
        stroke_width=2 if state == "missed" else 1.5,
        class_=f"mark-{state}",
    )


def _key(state: State) -> Markup:
    return _mark(state, 10.0, -5.0)
