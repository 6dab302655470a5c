r"""One arm as a number: log odds, log risk, log rate, risk or mean, with its sampling variance.

Every measure but the standardised mean difference is a difference of two such numbers. So the variance
of a contrast is the sum of two arm variances, and contrasts that share an arm have that arm's variance
as their covariance: all that exact multi-arm trials need.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from equipoise.synthesis.gls import Array
from equipoise.vocabulary.errors import NotEstimableError, UnknownTermError
from equipoise.vocabulary.measures import Measure

BINARY_MEASURES = (Measure.ODDS_RATIO, Measure.RISK_RATIO, Measure.RISK_DIFFERENCE)


def as_measure(measure: Measure | str) -> Measure:
    """Read the name of a measure that compares a treatment with a reference.

    Raises
    ------
    UnknownTermError
        If there is no such measure, or it compares nothing.
    """
    allowed = [known.value for known in Measure if known.is_comparison]
    if str(measure) not in allowed:
        raise UnknownTermError("measure of effect", str(measure), allowed)
    return Measure(measure)


def binary_arm(measure: Measure, events: Array, n: Array) -> tuple[Array, Array]:
    """Value and variance of arms that count events among people.

    Parameters
    ----------
    measure
        Odds ratio (log odds), risk ratio (log risk) or risk difference (risk).
    events, n
        Events and people, continuity-corrected where needed. Any shape.
    """
    if measure is Measure.ODDS_RATIO:
        return np.log(events / (n - events)), 1 / events + 1 / (n - events)
    if measure is Measure.RISK_RATIO:
        return np.log(events / n), 1 / events - 1 / n
    risk = events / n
    return risk, risk * (1 - risk) / n


def rate_arm(events: Array, person_time: Array) -> tuple[Array, Array]:
    """Log rate of arms that count events over person-time, and its variance ``1 / events``."""
    return np.log(events / person_time), 1 / events


def mean_arm(mean: Array, sd: Array, n: Array) -> tuple[Array, Array]:
    """Mean of an arm and its variance."""
    return mean, sd**2 / n


def small_sample_factor(df: float) -> float:
    """Hedges' exact factor J that takes the bias out of a standardised mean difference (hedges-1981)."""
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def check_counts(events: Array, people: Array, studies: Sequence[str], *, at_most_people: bool) -> None:
    """Refuse counts that cannot be.

    Raises
    ------
    NotEstimableError
        Naming the studies with negative or missing events, nobody at risk, or more events than people.
    """
    bad = ~(np.isfinite(events) & (events >= 0))
    refuse(studies, bad, "the number of events is missing or negative")
    refuse(
        studies,
        ~(np.isfinite(people) & (people > 0)),
        "the people or person-time are missing or not positive",
    )
    if at_most_people:
        refuse(studies, events > people, "there are more events than people")


def check_means(mean: Array, sd: Array, n: Array, studies: Sequence[str]) -> None:
    """Refuse means that cannot be pooled.

    Raises
    ------
    NotEstimableError
        Naming the studies with a missing mean, a standard deviation that is not positive, or fewer than two people.
    """
    refuse(studies, ~np.isfinite(mean), "the mean is missing")
    refuse(studies, ~(np.isfinite(sd) & (sd > 0)), "the standard deviation is missing or not positive")
    refuse(studies, ~(np.isfinite(n) & (n >= 2)), "there are fewer than two people in an arm")


def refuse(studies: Sequence[str], bad: np.ndarray, problem: str) -> None:
    """Raise the problem for the studies where ``bad`` holds; silent where it holds nowhere."""
    named = [name for name, is_bad in zip(studies, bad, strict=True) if is_bad]
    if named:
        raise NotEstimableError(
            f"{problem} in: {', '.join(dict.fromkeys(named))}.\n"
            "  Try: correct the row at its source, or leave the study out and say so."
        )
