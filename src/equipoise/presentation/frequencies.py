"""Natural frequencies: a share of people as so many of a hundred or a thousand, both ways round."""

from __future__ import annotations

import math
from dataclasses import dataclass

from equipoise.vocabulary.estimate import Estimate

COMMON = 100
RARE = 1000


@dataclass(frozen=True, slots=True)
class Frequency:
    """A share of people on one denominator.

    Attributes
    ----------
    estimate_id
        Where the number comes from.
    percent
        The share itself, before it was counted out in whole people.
    affected, unaffected, denominator
        Whole people; the first two always add up to the third.
    low, high
        Limits of ``affected``, whole people; ``None`` where no interval is reported.
    """

    estimate_id: str
    percent: float
    affected: int
    denominator: int
    low: int | None
    high: int | None

    @property
    def unaffected(self) -> int:
        """The other side of the count."""
        return self.denominator - self.affected

    @property
    def words(self) -> str:
        """The count as said: ``78 of 100``."""
        return f"{self.affected_words} of {self.denominator:,}"

    @property
    def affected_words(self) -> str:
        """The affected alone; rounding never says nobody, or everybody, where that is not so."""
        return _said(self.affected, is_nobody=self.percent == 0, is_everybody=self.percent == 100, of=self.denominator)

    @property
    def unaffected_words(self) -> str:
        """The others alone, in the same way."""
        return _said(
            self.unaffected, is_nobody=self.percent == 100, is_everybody=self.percent == 0, of=self.denominator
        )

    @property
    def range_words(self) -> str:
        """The limits as said, or that none are reported."""
        return "interval not reported" if self.low is None else f"{self.low:,} to {self.high:,}"


def natural_frequency(estimate: Estimate, denominator: int = COMMON) -> Frequency:
    """Return a share of people as a natural frequency.

    Parameters
    ----------
    estimate
        A proportion, in percent.
    denominator
        100 for common outcomes, 1,000 for rare ones; the same for everything within a view.

    Raises
    ------
    ValueError
        If the estimate is no proportion.

    Notes
    -----
    Rounded half up. Limits are widened to whole people: rounding never makes an estimate look surer.
    """
    if not estimate.measure.is_proportion:
        raise ValueError(f"{estimate.id} is no share of people")
    affected = _people(estimate.value, denominator)
    if estimate.interval is None:
        return Frequency(estimate.id, estimate.value, affected, denominator, None, None)
    low = math.floor(estimate.interval.low * denominator / 100 + _ROUNDING_ERROR)
    high = math.ceil(estimate.interval.high * denominator / 100 - _ROUNDING_ERROR)
    return Frequency(estimate.id, estimate.value, affected, denominator, min(low, affected), max(high, affected))


def _said(count: int, *, is_nobody: bool, is_everybody: bool, of: int) -> str:
    if count == 0 and not is_nobody:
        return "fewer than 1"
    return f"more than {count - 1:,}" if count == of and not is_everybody else f"{count:,}"


_ROUNDING_ERROR = 1e-9


def _people(percent: float, denominator: int) -> int:
    return math.floor(percent * denominator / 100 + 0.5 + _ROUNDING_ERROR)
