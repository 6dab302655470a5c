"""An estimate with its interval, as every picture of a network takes it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.presentation.pictures.numerals import decimal
from equipoise.presentation.pictures.scale import Axis, Scale, axis_for


@dataclass(frozen=True, slots=True)
class Interval:
    """Estimate with its interval, on the scale that people read (a ratio, not its logarithm).

    Parameters
    ----------
    estimate, low, high
        Effect, treatment versus reference, and the limits of its interval.
    estimate_id
        Estimate that the numbers come from.

    Raises
    ------
    ValueError
        If the three are not finite and in order.
    """

    estimate: float
    low: float
    high: float
    estimate_id: str | None = None

    def __post_init__(self) -> None:
        values = [self.low, self.estimate, self.high]
        if not all(map(math.isfinite, values)) or values != sorted(values):
            raise ValueError(
                f"expected finite low <= estimate <= high, found {self.low}, {self.estimate}, {self.high}."
            )

    @property
    def limits(self) -> tuple[float, float]:
        """Both limits."""
        return self.low, self.high

    def check(self, scale: Scale) -> None:
        """Refuse an estimate that `scale` cannot hold.

        Raises
        ------
        ValueError
            If a ratio is not positive.
        """
        if scale == "log" and self.estimate <= 0:
            raise ValueError(f"{self.estimate} cannot stand on a log axis; ratios are positive.")

    def turned(self, scale: Scale) -> "Interval":
        """Return the same evidence seen from the reference: the inverse of a ratio, the negative of a difference."""
        if scale == "linear":
            return Interval(-self.estimate, -self.high, -self.low, self.estimate_id)
        if self.low <= 0:
            raise ValueError(f"a ratio with the limit {self.low} cannot be turned around.")
        return Interval(1 / self.estimate, 1 / self.high, 1 / self.low, self.estimate_id)

    def includes(self, value: float) -> bool:
        """Whether `value` lies in the interval."""
        return self.low <= value <= self.high


def axis_of(intervals: Sequence[Interval], beyond: Sequence[float], scale: Scale) -> Axis:
    """Choose an axis for intervals; the narrowest is shown in full, so that an estimate of zero has an axis too.

    Parameters
    ----------
    intervals
        Estimates with their intervals.
    beyond
        Limits that may leave the axis, such as those of prediction intervals.
    scale
        ``log`` or ``linear``.
    """
    null = no_difference(scale)
    estimates = [interval.estimate for interval in intervals]
    if scale == "linear":
        narrowest = min((interval.limits for interval in intervals), key=lambda limits: limits[1] - limits[0])
        estimates += narrowest if any(abs(value - null) > 1e-6 for value in (*estimates, *narrowest)) else (-1.0, 1.0)
    return axis_for(estimates, [limit for interval in intervals for limit in interval.limits] + [*beyond], scale, null)


def no_difference(scale: Scale) -> float:
    """Value of no difference: 1 for ratios, 0 for differences."""
    return 1.0 if scale == "log" else 0.0


def interval_text(
    interval: Interval, scale: Scale, decimals: int, template: str = "{estimate} ({low} to {high})"
) -> str:
    """Estimate and interval in words."""
    estimate, low, high = (
        decimal(value, decimals, is_ratio=scale == "log") for value in (interval.estimate, interval.low, interval.high)
    )
    return template.format(estimate=estimate, low=low, high=high)
