"""Relapse fan: how many relapses to expect among so many people, year by year, with a band that widens."""

import itertools
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    TRACE_URL,
    TraceUrl,
    cell_number,
    checked_identifier,
    safe,
    table,
)
from equipoise.presentation.pictures.numerals import grouped


@dataclass(frozen=True, slots=True)
class FanWords:
    """Words inside the picture, so that each language has its own."""

    axis: str = "Relapses among {denominator} people, by year"
    summary: str = "By year {year}: {value} relapses"
    interval: str = "likely range {low} to {high}"
    key_line: str = "expected number of relapses, counted from the start; full point: the one in words"
    key_band: str = "likely range; the wider it is, the less is known"
    same_axes: str = "All options are drawn on the same axes."
    straight: str = "Between the points the lines are drawn straight."
    option: str = "Option"
    year: str = "By year {year}"
    cell: str = "{value} ({low} to {high})"
    under_one: str = "fewer than 1"
    thousands: str = ","


@dataclass(frozen=True, slots=True)
class FanPoint:
    """Expected relapses by one year.

    Parameters
    ----------
    year
        Years since the start.
    value, low, high
        Relapses among the people of the picture, from the start to that year, with the limits of the interval.
    estimate_id
        Estimate that the numbers come from.
    """

    year: float
    value: float
    low: float
    high: float
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class FanOption:
    """One option with its points, the earliest first; nothing has happened yet in year 0."""

    label: str
    points: tuple[FanPoint, ...]


@dataclass(frozen=True, slots=True)
class RelapseFan:
    """Expected relapses under each option.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        What is counted, in whom.
    options
        Options, in the order in which they are drawn.
    denominator
        Among how many people.
    year
        Which point is put into words and drawn full; the last one where an option has none at that year.
    trace_url
        Address of an estimate's trace; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there is no option or an option has no point, years do not rise, or limits and value are out of order.
    """

    id: str
    title: str
    options: tuple[FanOption, ...]
    denominator: int = 100
    year: float | None = None
    trace_url: TraceUrl | None = TRACE_URL
    words: FanWords = FanWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.options or not all(option.points for option in self.options):
            raise ValueError("a relapse fan needs at least one option, and a point for every option.")
        for option in self.options:
            years = [0.0, *(point.year for point in option.points)]
            if any(later <= earlier for earlier, later in itertools.pairwise(years)):
                raise ValueError(f"{option.label!r}: years must rise from above 0, found {years[1:]}.")
            for point in option.points:
                if not 0 <= point.low <= point.value <= point.high:
                    raise ValueError(f"{option.label!r}, year {point.year:g}: expected 0 <= low <= value <= high.")

    def chosen(self, option: FanOption) -> FanPoint:
        """Point of an option that is put into words."""
        return next((point for point in option.points if point.year == self.year), option.points[-1])

    @property
    def years(self) -> tuple[float, ...]:
        """Every year with a point, for any option."""
        return tuple(sorted({point.year for option in self.options for point in option.points}))

    @property
    def top(self) -> float:
        """Highest value that must fit on the axis."""
        return max(point.high for option in self.options for point in option.points)


def whole(value: float, words: FanWords) -> str:
    """Whole relapses; a few that round to none are said to be fewer than one."""
    return words.under_one if 0 < value < 0.5 else grouped(int(value + 0.5), words.thousands)


def point_texts(point: FanPoint, fan: RelapseFan) -> tuple[str, str]:
    """Count and its range in words."""
    words = fan.words
    value, low, high = (whole(v, words) for v in (point.value, point.low, point.high))
    return (
        words.summary.format(year=f"{point.year:g}", value=value),
        words.interval.format(low=low, high=high),
    )


def relapse_fan_table(fan: RelapseFan) -> Markup:
    """Give the same numbers as an HTML table."""
    rows = []
    for option in fan.options:
        points = {point.year: point for point in option.points}
        cells = [_cell(points.get(year), fan) for year in fan.years]
        rows.append((safe(option.label), *cells))
    head = [fan.words.year.format(year=f"{year:g}") for year in fan.years]
    return table(fan.title, (fan.words.option,), rows, ticks=head)


def _cell(point: FanPoint | None, fan: RelapseFan) -> Markup:
    if point is None:
        return Markup("")
    value, low, high = (whole(v, fan.words) for v in (point.value, point.low, point.high))
    return cell_number(fan.words.cell.format(value=value, low=low, high=high), fan.trace_url, point.estimate_id)
