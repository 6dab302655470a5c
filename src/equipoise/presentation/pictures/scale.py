"""Axis of a forest plot: from an effect to a place between 0 and 1, and ticks that read well."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Scale = Literal["log", "linear"]

_WIDEST_DOUBLINGS: Final = 4
"""A ratio axis reaches at most 1/16 to 16 unless an estimate lies beyond; longer intervals end in an arrow."""
_MOST_TICKS: Final = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """Range that is drawn, and its ticks.

    Parameters
    ----------
    scale
        ``log`` for ratios, ``linear`` for differences.
    low, high
        Ends of the axis, on the scale of the effect.
    ticks
        Values that get a label.
    """

    scale: Scale
    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Where `value` lies: 0 at the low end, 1 at the high end, held within the two."""
        if self.scale == "linear":
            return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        if value <= self.low:
            return 0.0
        return min(1.0, math.log(value / self.low) / math.log(self.high / self.low))

    def holds(self, value: float) -> bool:
        """Whether `value` lies on the drawn axis."""
        return self.low <= value <= self.high


def axis_for(estimates: Sequence[float], limits: Sequence[float], scale: Scale, null: float) -> Axis:
    """Choose an axis that shows all estimates, the null, and as much of the intervals as stays readable.

    Parameters
    ----------
    estimates
        Point estimates; all of them will lie on the axis.
    limits
        Limits of intervals; far ones may lie beyond it.
    scale
        ``log`` or ``linear``.
    null
        Value of no difference.
    """
    return _log_axis(estimates, limits, null) if scale == "log" else _linear_axis(estimates, limits, null)


def tick_text(value: float) -> str:
    """Label of a tick, with a true minus sign."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def _log_axis(estimates: Sequence[float], limits: Sequence[float], null: float) -> Axis:
    powers = [math.log2(value) for value in (*estimates, null / 2, null * 2)]
    widest = math.log2(null) - _WIDEST_DOUBLINGS, math.log2(null) + _WIDEST_DOUBLINGS
    far = [min(widest[1], max(widest[0], math.log2(limit))) if limit > 0 else widest[0] for limit in limits]
    low, high = math.floor(min(powers + far)), math.ceil(max(powers + far))
    step = math.ceil((high - low + 1) / _MOST_TICKS)
    ticks = tuple(2.0**power for power in range(low, high + 1) if (power - round(math.log2(null))) % step == 0)
    return Axis("log", 2.0**low, 2.0**high, ticks)


def _linear_axis(estimates: Sequence[float], limits: Sequence[float], null: float) -> Axis:
    reach = 4 * max([abs(value - null) for value in estimates] + [1e-9])
    near = [min(null + reach, max(null - reach, limit)) for limit in limits]
    low, high = min([*estimates, *near, null]), max([*estimates, *near, null])
    span = max(high - low, 1e-6)
    unit = 10.0 ** math.floor(math.log10(span / 4))
    step = next(unit * factor for factor in (1, 2, 5, 10) if span / (unit * factor) <= 5)
    first = math.floor(low / step) - (1 if low >= null else 0)
    last = math.ceil(high / step) + (1 if high <= null else 0)
    ticks = tuple(round(k * step, 10) for k in range(first, last + 1))
    return Axis("linear", first * step, last * step, ticks)
