"""A printed estimate with its confidence interval, as numbers that can be pooled."""

from __future__ import annotations

import math
from dataclasses import dataclass

from equipoise.synthesis.arms import as_measure
from equipoise.synthesis.distributions import normal_quantile
from equipoise.vocabulary.errors import NotEstimableError, ShapeError
from equipoise.vocabulary.measures import Measure

# A printed estimate further from the middle of its interval than this share of the half-width is reported.
# Rounding to two decimals alone can move 0.50 with limits 0.40 and 0.62 by nearly 0.1 half-widths.
ASYMMETRY_REPORTED = 0.10


@dataclass(frozen=True)
class ReportedEffect:
    """One printed estimate on the analysis scale.

    Attributes
    ----------
    estimate, se
        The estimate (natural log for ratios) and the standard error that the width of its interval implies.
    asymmetry
        Distance of the estimate from the middle of its interval, in half-widths; 0 is the middle, +1 the upper limit.
    notes
        What is odd about the interval, in plain sentences.
    """

    estimate: float
    se: float
    asymmetry: float
    notes: tuple[str, ...] = ()


def from_interval(
    estimate: float,
    ci_low: float,
    ci_high: float,
    level: float = 0.95,
    *,
    measure: Measure | str = Measure.HAZARD_RATIO,
) -> ReportedEffect:
    """Analysis-scale estimate and standard error from a printed estimate with its confidence interval.

    Parameters
    ----------
    estimate, ci_low, ci_high
        As printed: the ratio itself for ratios, not its logarithm.
    level
        Level of the printed interval.
    measure
        Ratios are taken to the log scale before the width is measured.

    Returns
    -------
    ReportedEffect
        With a note when the estimate is not near the middle of its interval, a sign of a misprint, of
        rounding, or of an interval that is not of the Wald kind.

    Raises
    ------
    NotEstimableError
        If the limits are not in order around the estimate, or a ratio is not positive.
    ShapeError
        If the level is not between 0 and 1.

    Notes
    -----
    se = (high - low) / (2 z), both limits on the analysis scale.
    """
    measure = as_measure(measure)
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    printed = f"{estimate:g} ({ci_low:g} to {ci_high:g})"
    if measure.is_ratio and not min(estimate, ci_low, ci_high) > 0:
        raise NotEstimableError(
            f"a {measure.value} of {printed} cannot be: a ratio and its limits are positive.\n"
            "  Try: give the ratio as printed, not its logarithm; or name a difference as the measure."
        )
    if not (ci_low <= estimate <= ci_high and ci_low < ci_high):
        raise NotEstimableError(
            f"the interval of {printed} is not in order: lower limit, estimate, upper limit are needed.\n"
            "  Try: compare with the source; limits swap places when a ratio is turned over."
        )
    if measure.is_ratio:
        estimate, ci_low, ci_high = math.log(estimate), math.log(ci_low), math.log(ci_high)
    half_width = (ci_high - ci_low) / 2
    asymmetry = (estimate - (ci_low + ci_high) / 2) / half_width
    notes: tuple[str, ...] = ()
    if abs(asymmetry) > ASYMMETRY_REPORTED:
        side = "upper" if asymmetry > 0 else "lower"
        scale = "log scale" if measure.is_ratio else "scale"
        notes = (
            f"The estimate in {printed} lies {abs(asymmetry):.0%} of the half-width from the middle of its interval "
            f"on the {scale}, towards the {side} limit; the standard error is taken from the width alone.",
        )
    return ReportedEffect(estimate, half_width / normal_quantile(level), asymmetry, notes)
