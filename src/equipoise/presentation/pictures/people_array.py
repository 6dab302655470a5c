"""The same people under every option: who is affected under all, under some, under none, and how sure that is.

Person 1 stands in the same place for every option, and the affected are always counted from the first place on. So the
affected of an option with fewer are among those of an option with more, and what differs is seen without recounting.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    TRACE_URL,
    TraceUrl,
    cell_number,
    checked_identifier,
    safe,
    table,
)

SHOWN: Final = 100
"""People in a picture: ten rows of ten, which can be counted by eye."""
_ROUNDING_ERROR: Final = 1e-9


@dataclass(frozen=True, slots=True)
class PeopleWords:
    """Words of the picture and its table, so that each language has its own."""

    summary: str = (
        "{affected} of {people} {event}; {others} of {people} {no_event}. Likely range: {low} to {high} of {people}."
    )
    option: str = "Option"
    range: str = "Likely range of the first column"
    range_cell: str = "{low} to {high}"


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """People under one option.

    Parameters
    ----------
    label
        Name of the option.
    value, low, high
        How many of a hundred are affected, not rounded, with the limits of the interval.
    estimate_id
        Estimate that the numbers come from.
    """

    label: str
    value: float
    low: float
    high: float
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """Whole people under one option.

    Parameters
    ----------
    low, affected, high
        Affected at the low limit, by the estimate, at the high limit; in this order.
    """

    low: int
    affected: int
    high: int

    @property
    def styles(self) -> tuple[tuple[str, int], ...]:
        """How many icons of each style, in drawing order; they add up to a hundred."""
        return (
            ("certain", self.low),
            ("uncertain", self.affected - self.low),
            ("possible", self.high - self.affected),
            ("unaffected", SHOWN - self.high),
        )


@dataclass(frozen=True, slots=True)
class SharedBand:
    """People to whom the same happens under the same options.

    Parameters
    ----------
    count
        How many.
    members
        Positions of the options under which they are affected, in the order of the options.
    """

    count: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PeopleArrays:
    """A hundred people under each of several options.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        What is counted, in whom, by when.
    groups
        Options, in the order in which they are drawn.
    event, no_event
        What follows "22 of 100" for people with and without the event.
    trace_url
        Address of an estimate's trace; None draws no links.
    words
        Words of the picture and its table.
    one
        What follows "1 of 100" in place of ``event`` and ``no_event``, in a language with another verb for one.

    Raises
    ------
    ValueError
        If there are no groups, or limits and value are out of order or lie outside 0 to 100.
    """

    id: str
    title: str
    groups: tuple[PeopleGroup, ...]
    event: str
    no_event: str
    trace_url: TraceUrl | None = TRACE_URL
    words: PeopleWords = PeopleWords()
    one: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.groups:
            raise ValueError("a picture of people needs at least one option.")
        for group in self.groups:
            if not 0 <= group.low <= group.value <= group.high <= SHOWN:
                raise ValueError(
                    f"{group.label!r}: expected 0 <= low <= value <= high <= {SHOWN}, "
                    f"found {group.low}, {group.value}, {group.high}."
                )

    def happens_to(self, count: int) -> str:
        """Return what follows a count of people with the event."""
        return self.one[0] if self.one and count == 1 else self.event

    def spares(self, count: int) -> str:
        """Return what follows a count of people without the event."""
        return self.one[1] if self.one and count == 1 else self.no_event

    @property
    def differing(self) -> tuple[int, int]:
        """First place, and the place after the last, of the people for whom the options differ."""
        affected = [people_counts(group).affected for group in self.groups]
        return min(affected), max(affected)


def people_counts(group: PeopleGroup) -> PeopleCounts:
    """Count whole people: the estimate rounded half up, the limits widened, so that rounding never looks surer.

    Parameters
    ----------
    group
        People under one option.
    """
    affected = min(SHOWN, math.floor(group.value + 0.5 + _ROUNDING_ERROR))
    low = math.floor(group.low + _ROUNDING_ERROR)
    high = math.ceil(group.high - _ROUNDING_ERROR)
    return PeopleCounts(min(low, affected), affected, max(high, affected))


def shared_bands(groups: Sequence[PeopleGroup]) -> tuple[SharedBand, ...]:
    """Split a hundred people by the options under which they are affected.

    Parameters
    ----------
    groups
        People under each option.

    Returns
    -------
    tuple of SharedBand
        From affected under all to affected under none. The counts add up to a hundred, and the people of every option
        add up to its own count: one count is never rounded twice.
    """
    affected = [people_counts(group).affected for group in groups]
    bands: list[SharedBand] = []
    start = 0
    for end in sorted({*affected, SHOWN}):
        if end > start:
            bands.append(SharedBand(end - start, tuple(i for i, count in enumerate(affected) if count >= end)))
        start = end
    return tuple(bands)


def people_arrays_table(arrays: PeopleArrays) -> Markup:
    """Give the same numbers as an HTML table."""
    rows, words = [], arrays.words
    for group in arrays.groups:
        counts = people_counts(group)
        limits = words.range_cell.format(low=counts.low, high=counts.high)
        texts = (f"{counts.affected}", f"{SHOWN - counts.affected}", limits)
        rows.append((safe(group.label), *(cell_number(t, arrays.trace_url, group.estimate_id) for t in texts)))
    return table(arrays.title, (words.option, arrays.event, arrays.no_event, words.range), rows)
