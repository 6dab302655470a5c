r"""One arm as a number: log odds, log risk, log rate, risk or mean, with its sampling variance.

Every measure but the standardised mean difference is a difference of two such numbers. So the variance
of a contrast is the sum of two arm variances, and contrasts that share an arm have that arm's variance
as their covariance: all that exact multi-arm trials need.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.synthesis.gls import Array
from equipoise.vocabulary.errors import NotEstimableError, UnknownTermError
from equipoise.vocabulary.measures import Measure

BINARY_MEASURES = (Measure.ODDS_RATIO, Measure.RISK_RATIO, Measure.RISK_DIFFERENCE)

# Numbers beyond these are slips of the pen; squared twice on the way to a likelihood they would leave the range of
# floating point.
LARGEST, SMALLEST = 1e30, 1e-30
# A log ratio or its standard error beyond this is no logarithm: exp(100) is 1 followed by 43 zeros.
LARGEST_LOG = 100.0
# More events, people or units of time than any trial has; fewer events than this in an arm are a slip, zero is not.
_LARGEST_COUNT, _SMALLEST_COUNT = 1e12, 1e-6
_COUNT = f"zero, or from {_SMALLEST_COUNT:g} to {_LARGEST_COUNT:g}"
_FINITE = f"a number from -{LARGEST:g} to {LARGEST:g}"
# The natural log of the largest number that floating point holds with full precision on either side of one, rounded.
_LARGEST_EXPONENT = 708.0


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


def as_ratio(log: float) -> float:
    """Ratio of a natural log; what floating point cannot hold stops at about 1e307 or its reciprocal."""
    return math.exp(max(-_LARGEST_EXPONENT, min(log, _LARGEST_EXPONENT)))


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


@dataclass(frozen=True)
class Impossible:
    """Numbers of one column that no trial could have.

    Attributes
    ----------
    column
        The column.
    where
        Which of its numbers. Shape (rows,).
    problem, allowed
        What is wrong with them, and what would be right.
    """

    column: str
    where: NDArray[np.bool_]
    problem: str
    allowed: str


def impossible_counts(*, events: Array, **exposure: Array) -> tuple[Impossible, ...]:
    """Events that are missing, negative or more than the people; people (``n``) or ``person_time`` that are none."""
    ((column, people),) = exposure.items()
    what = "the people or person-time are missing or not positive"
    found = (
        Impossible("events", ~_countable(events), "the number of events is missing or negative", _COUNT),
        Impossible(
            column, ~_countable(people) | (people == 0), what, f"a number above zero, at most {_LARGEST_COUNT:g}"
        ),
    )
    if column != "n":
        return found
    return (*found, Impossible("events", events > people, "there are more events than people", "at most the people, n"))


def impossible_means(*, mean: Array, sd: Array, n: Array) -> tuple[Impossible, ...]:
    """Means that are missing, standard deviations that are not positive, arms of fewer than two people."""
    sd_wrong = "the standard deviation is missing or not positive"
    return (
        Impossible("mean", ~usable(mean), "the mean is missing", _FINITE),
        Impossible("sd", ~(usable(sd) & (sd >= SMALLEST)), sd_wrong, "a number above zero"),
        Impossible("n", ~(usable(n) & (n >= 2)), "there are fewer than two people in an arm", "two or more"),
    )


def impossible_hazards(*, log_hazard: Array, se: Array) -> tuple[Impossible, ...]:
    """Log hazards that are missing, or beyond what a logarithm of a rate can be, and their standard errors."""
    return (_impossible_effect("log_hazard", log_hazard, "the log hazard", is_log=True), _impossible_error(se, True))


def impossible_effects(*, estimate: Array, se: Array, is_log: bool) -> tuple[Impossible, ...]:
    """Estimates that are missing or beyond what a logarithm of a ratio can be, and their standard errors."""
    return (_impossible_effect("estimate", estimate, "the estimate", is_log=is_log), _impossible_error(se, is_log))


def _countable(numbers: Array) -> NDArray[np.bool_]:
    countable: NDArray[np.bool_] = (numbers == 0) | ((numbers >= _SMALLEST_COUNT) & (numbers <= _LARGEST_COUNT))
    return countable


def usable(numbers: Array) -> NDArray[np.bool_]:
    """Whether numbers are finite and small enough to be squared twice."""
    return np.isfinite(numbers) & (np.abs(numbers) <= LARGEST)


def _impossible_effect(column: str, values: Array, what: str, *, is_log: bool) -> Impossible:
    if not is_log:
        return Impossible(column, ~usable(values), f"{what} is missing or not finite", _FINITE)
    allowed = f"a natural logarithm, from -{LARGEST_LOG:g} to {LARGEST_LOG:g}"
    wrong = ~(np.abs(values) <= LARGEST_LOG)
    return Impossible(column, wrong, f"{what} is missing, not finite or no logarithm", allowed)


def _impossible_error(se: Array, is_log: bool) -> Impossible:
    most = LARGEST_LOG if is_log else LARGEST
    problem = "the standard error is missing or not positive"
    allowed = f"a number from {SMALLEST:g} to {most:g}"
    return Impossible("se", ~((se >= SMALLEST) & (se <= most)), problem, allowed)


def check_counts(events: Array, people: Array, studies: Sequence[str], *, at_most_people: bool) -> None:
    """Refuse counts that cannot be.

    Raises
    ------
    NotEstimableError
        Naming the studies with negative or missing events, nobody at risk, or more events than people.
    """
    columns = {"n" if at_most_people else "person_time": people}
    refuse_impossible(studies, impossible_counts(events=events, **columns))


def check_means(mean: Array, sd: Array, n: Array, studies: Sequence[str]) -> None:
    """Refuse means that cannot be pooled.

    Raises
    ------
    NotEstimableError
        Naming the studies with a missing mean, a standard deviation that is not positive, or fewer than two people.
    """
    refuse_impossible(studies, impossible_means(mean=mean, sd=sd, n=n))


def refuse_impossible(studies: Sequence[str], kinds: Sequence[Impossible]) -> None:
    """Raise the first problem that there is, naming its studies; silent where all numbers can be."""
    for kind in kinds:
        refuse(studies, kind.where, kind.problem)


def refuse(studies: Sequence[str], bad: np.ndarray, problem: str) -> None:
    """Raise the problem for the studies where ``bad`` holds; silent where it holds nowhere."""
    named = [name for name, is_bad in zip(studies, bad, strict=True) if is_bad]
    if named:
        raise NotEstimableError(
            f"{problem} in: {', '.join(dict.fromkeys(named))}.\n"
            "  Try: correct the row at its source, or leave the study out and say so."
        )


def look_alikes(names: Iterable[str], what: str) -> list[str]:
    """Notes about names that differ in nothing but capitals and spaces, and so may be one by mistake.

    Parameters
    ----------
    names
        Names as given.
    what
        What they name, in the plural.
    """
    alike: dict[str, set[str]] = {}
    for name in names:
        alike.setdefault("".join(name.split()).casefold(), set()).add(name)
    groups = (sorted(group) for group in alike.values() if len(group) > 1)
    return [
        f"Names of {what} that differ in capitals or spaces alone were not taken for one: "
        f"{', '.join(repr(name) for name in group)}."
        for group in groups
    ]
