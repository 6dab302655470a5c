"""Timeline: what the years with a treatment look like, one lane per option on the same axis of years."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    TRACE_URL,
    TraceUrl,
    cell_label,
    cell_number,
    checked_identifier,
    safe,
    table,
)

Mark = Literal["tick", "square", "circle", "diamond", "triangle"]


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """Words inside the picture, so that each language has its own."""

    year: str = "Year {year}"
    years: str = "Year"
    option: str = "Option"
    what: str = "What"
    how_often: str = "How often"
    when: str = "When"
    at_months: str = "months {months}"
    at_month: str = "month {months}"
    every: str = "every {step} months, months {first} to {last}"
    every_month: str = "every month, months {first} to {last}"
    span: str = "months {start} to {end}"
    goes_on: str = "goes on after year {years}"
    decimal_point: str = "."


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on given days.

    Parameters
    ----------
    label
        What happens, such as "Infusions in hospital".
    months
        When, in months since the start of treatment (0 is the first day), in order.
    text
        How much or how often, in words; holds the numbers.
    mark
        Shape of one occurrence; ``tick`` for what recurs often.
    captions
        Words beside the first occurrences, such as "5 days"; drawn where they end before the next one.
    estimate_id
        Estimate or label row that the numbers come from.
    rank
        Place within the lane; equal ranks keep bands first, then the given order.
    """

    label: str
    months: tuple[float, ...]
    text: str = ""
    mark: Mark = "tick"
    captions: tuple[str, ...] = ()
    estimate_id: str | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """Something that goes on from one month to another.

    Parameters
    ----------
    label
        What goes on, such as "Injections at home".
    start_month, end_month
        From when to when, in months since the start of treatment; infinity means without a planned end.
    text
        How much or how often, in words; stands in the band where it fits.
    style
        ``solid`` for treatment, ``hatched`` for a duty or a risk that continues.
    estimate_id
        Estimate or label row that the numbers come from.
    rank
        Place within the lane; equal ranks keep bands first, then the given order.
    """

    label: str
    start_month: float
    end_month: float
    text: str = ""
    style: Literal["solid", "hatched"] = "solid"
    estimate_id: str | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """Everything about one option.

    Parameters
    ----------
    label
        Name of the option.
    events, bands
        What happens.
    """

    label: str
    events: tuple[Event, ...] = ()
    bands: tuple[Band, ...] = ()

    @property
    def tracks(self) -> tuple[Event | Band, ...]:
        """Bands and events in drawing order."""
        return tuple(sorted((*self.bands, *self.events), key=lambda track: track.rank))


@dataclass(frozen=True, slots=True)
class Timeline:
    """Options over the same years.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        What is shown.
    lanes
        Options, in the order in which they are drawn.
    years
        Length of the axis. What lies beyond is shown by an arrow at the end.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there are no years, a month is negative or out of order, or a band ends before it starts.
    """

    id: str
    title: str
    lanes: tuple[Lane, ...]
    years: int
    trace_url: TraceUrl | None = TRACE_URL
    words: TimelineWords = TimelineWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not 1 <= self.years <= 20:
            raise ValueError(f"years {self.years}: a timeline shows 1 to 20 years.")
        for lane in self.lanes:
            for band in lane.bands:
                if not 0 <= band.start_month <= band.end_month:
                    raise ValueError(
                        f"{band.label!r}: expected 0 <= start <= end, found {band.start_month}, {band.end_month}."
                    )
            for event in lane.events:
                if list(event.months) != sorted(event.months) or any(
                    not 0 <= month < math.inf for month in event.months
                ):
                    raise ValueError(f"{event.label!r}: expected months from 0 in order, found {event.months}.")

    @property
    def months(self) -> int:
        """Length of the axis in months."""
        return 12 * self.years


def goes_beyond(track: Event | Band, timeline: Timeline) -> bool:
    """Whether part of `track` lies after the last year shown."""
    last = track.end_month if isinstance(track, Band) else max(track.months, default=0.0)
    return last > timeline.months


def when_text(track: Event | Band, timeline: Timeline) -> str:
    """When a track happens, in words, such as "every 3 months, months 3 to 60"."""
    words = timeline.words
    if isinstance(track, Band):
        end = min(track.end_month, timeline.months)
        text = words.span.format(start=_month(track.start_month, words), end=_month(end, words))
    else:
        text = _event_text(track, timeline)
    return "; ".join(
        filter(None, (text, words.goes_on.format(years=timeline.years) if goes_beyond(track, timeline) else ""))
    )


def _event_text(event: Event, timeline: Timeline) -> str:
    words, months = timeline.words, [month for month in event.months if month <= timeline.months]
    steps = {round(later - earlier, 6) for earlier, later in pairwise(months)}
    if len(months) > 3 and len(steps) == 1:
        template = words.every_month if steps == {1.0} else words.every
        first, last = _month(months[0], words), _month(months[-1], words)
        return template.format(step=_month(steps.pop(), words), first=first, last=last)
    captions = (*event.captions, *[""] * len(months))
    named = [
        f"{_month(month, words)} ({text})" if text else _month(month, words)
        for month, text in zip(months, captions, strict=False)
    ]
    template = words.at_month if len(months) == 1 else words.at_months
    return template.format(months=", ".join(named)) if named else ""


def _month(month: float, words: TimelineWords) -> str:
    return f"{month:g}".replace(".", words.decimal_point)


def timeline_table(timeline: Timeline) -> Markup:
    """Give the same content as an HTML table: one row per lane and track."""
    words = timeline.words
    return table(timeline.title, (words.what, words.option, words.how_often, words.when), list(_rows(timeline)))


def _rows(timeline: Timeline) -> Iterator[tuple[Markup, ...]]:
    for lane in timeline.lanes:
        for track in lane.tracks:
            often = cell_number(track.text, timeline.trace_url, track.estimate_id) if track.text else Markup("")
            when = when_text(track, timeline)
            yield (
                safe(track.label),
                cell_label(lane.label),
                often,
                cell_number(when, None, track.estimate_id) if when else Markup(""),
            )
