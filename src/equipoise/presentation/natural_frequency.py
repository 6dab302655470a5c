"""From a share of people to a count that can be pictured: 22 of 100, 78 of 100 not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from equipoise.vocabulary.estimate import Estimate

Denominator = Literal[100, 1000]


@dataclass(frozen=True, slots=True)
class NaturalFrequency:
    """People with and without an event; the two always add up to the denominator.

    Attributes
    ----------
    affected, unaffected
        Whole people, halves rounded up for the affected.
    denominator
        100, or 1,000 for what is rare.
    low, high
        Limits of the interval for the affected; ``None`` where no interval is reported.
    is_under_one, is_over_all_but_one
        Whether somebody was affected, or unaffected, though rounding shows nobody.
    """

    affected: int
    unaffected: int
    denominator: Denominator
    low: int | None
    high: int | None
    is_under_one: bool
    is_over_all_but_one: bool

    @property
    def affected_words(self) -> str:
        """The affected, never zero for a share that is not."""
        return _words(self.affected, self.is_under_one, self.is_over_all_but_one)

    @property
    def unaffected_words(self) -> str:
        """The others, never zero for a share that is not."""
        return _words(self.unaffected, self.is_over_all_but_one, self.is_under_one)

    @property
    def denominator_words(self) -> str:
        """The denominator as people read it."""
        return f"{self.denominator:,}"


def natural_frequency(estimate: Estimate, denominator: Denominator = 100) -> NaturalFrequency:
    """Count an estimate out in whole people.

    Parameters
    ----------
    estimate
        A share of people, in percent.
    denominator
        Of how many people to speak; one for everything within a view.

    Raises
    ------
    ValueError
        If the estimate is no share of people, or lies outside 0 to 100 percent.
    """
    if not estimate.measure.is_proportion or not 0 <= estimate.value <= 100:
        raise ValueError(f"{estimate.id} is no share of people between 0 and 100 percent")
    affected = _whole(estimate.value, denominator)
    limits = estimate.interval
    return NaturalFrequency(
        affected=affected,
        unaffected=denominator - affected,
        denominator=denominator,
        low=None if limits is None else _whole(limits.low, denominator),
        high=None if limits is None else _whole(limits.high, denominator),
        is_under_one=affected == 0 and estimate.value > 0,
        is_over_all_but_one=affected == denominator and estimate.value < 100,
    )


def _whole(percent: float, denominator: int) -> int:
    return math.floor(percent * denominator / 100 + 0.5)


def _words(count: int, is_under_one: bool, is_over_all_but_one: bool) -> str:
    if is_under_one:
        return "fewer than 1"
    return f"more than {count - 1:,}" if is_over_all_but_one else f"{count:,}"
