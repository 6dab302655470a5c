"""Icon arrays: how many of 10, 100 or 1000 people under each option, counted and put into words."""

import math
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import TRACE_URL, cell_label, cell_number, checked_identifier, safe, table

DENOMINATORS: Final = (10, 100, 1000)


@dataclass(frozen=True, slots=True)
class IconWords:
    """Words inside the picture, so that each language has its own."""

    count: str = "{count} of {denominator} {words}"
    under_one: str = "fewer than 1 of {denominator} {words}"
    over_all_but_one: str = "more than {count} of {denominator} {words}"
    interval: str = "Likely range: {low} to {high} of {denominator}"
    interval_cell: str = "{low} to {high} of {denominator}"
    no_interval: str = "No range was reported."
    option: str = "Option"
    range: str = "Likely range"
    thousands: str = ","


@dataclass(frozen=True, slots=True)
class IconGroup:
    """People under one option.

    Parameters
    ----------
    label
        Name of the option.
    value
        How many of the denominator had the event; rounded half up to whole people for the drawing.
    low, high
        Interval limits on the same scale. Both or neither.
    estimate_id
        Estimate that the numbers come from.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class IconCounts:
    """How many icons are drawn in each of the four styles, in drawing order.

    Parameters
    ----------
    certain
        Affected, also at the low limit of the interval.
    uncertain
        Affected by the estimate, not at the low limit.
    possible
        Not affected by the estimate, but at the high limit.
    unaffected
        Not affected, even at the high limit.
    """

    certain: int
    uncertain: int
    possible: int
    unaffected: int

    @property
    def affected(self) -> int:
        """Main count: people with the event."""
        return self.certain + self.uncertain

    @property
    def not_affected(self) -> int:
        """People without the event."""
        return self.possible + self.unaffected


@dataclass(frozen=True, slots=True)
class IconArrays:
    """One icon array per option, on one denominator.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        What is counted, in whom, by when.
    groups
        Options, in the order in which they are drawn.
    event, no_event
        What follows "22 of 100" for people with and without the event: "had a relapse", "did not".
    denominator
        10, 100 or 1000.
    interval_name
        What the range is; appears in the description and the table.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there are no groups, the denominator is not one of `DENOMINATORS`, a value lies outside it, or an interval
        is half given or out of order.
    """

    id: str
    title: str
    groups: tuple[IconGroup, ...]
    event: str
    no_event: str
    denominator: int = 100
    interval_name: str = "95% confidence interval"
    trace_url: str | None = TRACE_URL
    words: IconWords = IconWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if self.denominator not in DENOMINATORS:
            raise ValueError(f"denominator {self.denominator}: icon arrays are drawn of 10, 100 or 1000 people.")
        if not self.groups:
            raise ValueError("icon arrays need at least one group.")
        for group in self.groups:
            _check(group, self.denominator)


def _check(group: IconGroup, denominator: int) -> None:
    if (group.low is None) != (group.high is None):
        raise ValueError(f"{group.label!r}: give both limits of the interval or neither.")
    low = group.value if group.low is None else group.low
    high = group.value if group.high is None else group.high
    if not 0 <= low <= group.value <= high <= denominator:
        raise ValueError(
            f"{group.label!r}: expected 0 <= low <= value <= high <= {denominator}, found {low}, {group.value}, {high}."
        )


def _whole(value: float) -> int:
    return math.floor(value + 0.5)


def icon_counts(group: IconGroup, denominator: int) -> IconCounts:
    """Count the icons of each style; they always add up to the denominator.

    Parameters
    ----------
    group
        People under one option.
    denominator
        Number of icons.
    """
    affected = _whole(group.value)
    low = affected if group.low is None else _whole(group.low)
    high = affected if group.high is None else _whole(group.high)
    return IconCounts(low, affected - low, high - affected, denominator - high)


def affected_text(group: IconGroup, arrays: IconArrays) -> str:
    """Sentence with the event, such as "22 of 100 had a relapse"."""
    count = icon_counts(group, arrays.denominator).affected
    template = arrays.words.count if count or not group.value else arrays.words.under_one
    return _counted(template, count, group.value == arrays.denominator, arrays, arrays.event)


def not_affected_text(group: IconGroup, arrays: IconArrays) -> str:
    """Sentence without the event, such as "78 of 100 did not"."""
    count = icon_counts(group, arrays.denominator).not_affected
    template = arrays.words.count if count or group.value == arrays.denominator else arrays.words.under_one
    return _counted(template, count, not group.value, arrays, arrays.no_event)


def _counted(template: str, count: int, is_exactly_all: bool, arrays: IconArrays, words: str) -> str:
    if count == arrays.denominator and not is_exactly_all:
        template, count = arrays.words.over_all_but_one, count - 1
    return template.format(count=_grouped(count, arrays), denominator=_grouped(arrays.denominator, arrays), words=words)


def interval_text(group: IconGroup, arrays: IconArrays) -> str:
    """Sentence with the range, or that there is none."""
    if group.low is None or group.high is None:
        return arrays.words.no_interval
    low, high, denominator = (
        _grouped(count, arrays) for count in (_whole(group.low), _whole(group.high), arrays.denominator)
    )
    return arrays.words.interval.format(low=low, high=high, denominator=denominator)


def _grouped(count: int, arrays: IconArrays) -> str:
    return f"{count:,}".replace(",", arrays.words.thousands)


def icon_arrays_table(arrays: IconArrays) -> Markup:
    """Give the same numbers as an HTML table; what the column says is not repeated in its cells."""
    words = arrays.words
    bare = replace(arrays, event="", no_event="", words=replace(words, interval=words.interval_cell))

    def cell(text: str, group: IconGroup) -> Markup:
        return cell_number(text.strip(), arrays.trace_url, group.estimate_id)

    rows = [
        (
            safe(group.label),
            cell(affected_text(group, bare), group),
            cell(not_affected_text(group, bare), group),
            cell_label(words.no_interval) if group.low is None else cell(interval_text(group, bare), group),
        )
        for group in arrays.groups
    ]
    head = (words.option, arrays.event, arrays.no_event, f"{words.range} ({arrays.interval_name})")
    return table(arrays.title, head, rows)


def description(group: IconGroup, arrays: IconArrays) -> str:
    """Both frames and the range, in sentences."""
    sentences = [f"{affected_text(group, arrays)}; {not_affected_text(group, arrays)}.", interval_text(group, arrays)]
    if group.low is not None:
        sentences[1] += f" ({arrays.interval_name})."
    return " ".join(sentences)
