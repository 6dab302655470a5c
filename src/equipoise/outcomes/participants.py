r"""Who took part: the people from whom an unknown fact is drawn, and the average among them.

Of what a trial reports, limits of inclusion and a mean, the distribution that assumes least beyond them (maximum
entropy) is the exponential cut off at the limits. Where no mean is reported, it is the uniform one; for counts with
a lower limit and a mean, the geometric.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Arm, Evidence, Trial, TrialKind
from equipoise.outcomes.draws import Array
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.outcomes.relapse_arms import DIAGNOSES, is_randomised_arm
from equipoise.wording import phrase

# Mid-points of equal slices of probability, for expectations over participants.
_GRID = (np.arange(1024) + 0.5) / 1024
# Where no trial here states a limit. The EDSS goes from 0 to 10 by its definition.
_NO_LIMITS = {"age": (18.0, 100.0), "edss": (0.0, 10.0), "onset": (0.0, 40.0)}


@dataclass(frozen=True, slots=True)
class Spread:
    """A maximum-entropy distribution between two limits.

    Attributes
    ----------
    low, high
        Limits.
    slope
        The density is proportional to exp(slope x); 0 is uniform.
    is_mean_reported
        Whether it has a reported mean; without one it is uniform.
    """

    low: float
    high: float
    slope: float
    is_mean_reported: bool

    def quantile(self, mass: Array) -> Array:
        """Return the values below which these shares of people lie. Shape as given."""
        width = self.high - self.low
        if abs(self.slope * width) < 1e-9:
            return np.asarray(self.low + mass * width)
        # written with exponents below zero only, so that nothing overflows
        if self.slope > 0:
            return np.asarray(self.high + np.log1p((mass - 1) * -math.expm1(-self.slope * width)) / self.slope)
        return np.asarray(self.low + np.log1p(mass * math.expm1(self.slope * width)) / self.slope)

    def mean_of(self, transformed: Callable[[Array], Array]) -> float:
        """Return the mean of a function over the people."""
        return float(transformed(self.quantile(_GRID)).mean())


def spread(low: float, high: float, mean: float | None) -> Spread:
    """Return the distribution that assumes least: these limits and, where it is known, this mean.

    A mean on or beyond a limit, which rounding can print, is moved inside by a hundredth of the width.
    """
    if mean is None:
        return Spread(low, high, 0.0, is_mean_reported=False)
    width = high - low
    target = min(max((mean - low) / width, 0.01), 0.99)
    lower, upper = -200.0, 200.0
    for _ in range(100):
        middle = 0.5 * (lower + upper)
        if _mean_of_unit(middle) < target:
            lower = middle
        else:
            upper = middle
    return Spread(low, high, 0.5 * (lower + upper) / width, is_mean_reported=True)


def _mean_of_unit(slope: float) -> float:
    """Mean of the density proportional to exp(slope x) on 0 to 1."""
    if abs(slope) < 1e-6:
        return 0.5 + slope / 12
    return -1 / math.expm1(-slope) - 1 / slope


def geometric(mass: Array, mean: float) -> Array:
    """Return quantiles of the geometric distribution on 0, 1, 2, ... with a mean. Shape as given."""
    if mean <= 0:
        return np.zeros_like(mass)
    return np.floor(np.log1p(-mass) / math.log(mean / (1 + mean)))


@dataclass(frozen=True, slots=True)
class Participants:
    """The people of the arms that a person is compared with.

    Attributes
    ----------
    age, edss, years_since_onset
        Their distributions.
    women
        Share of women; 0.5 where not reported.
    naive
        Share never treated before: 1, 0, or 0.5 where the trial let both in and reports no share.
    relapses_12_months_min, relapses_12_months_mean
        Fewest relapses in the year before that let somebody in, and their mean number.
    relapses_24_months_min
        Fewest in two years.
    age_limits, edss_max
        Of inclusion, as far as any trial here states them; ``None`` where none does.
    not_reported
        What no arm here reports, in plain words.
    """

    age: Spread
    edss: Spread
    years_since_onset: Spread
    women: float
    naive: float
    relapses_12_months_min: int
    relapses_12_months_mean: float
    relapses_24_months_min: int
    age_limits: tuple[float, float] | None
    edss_max: float | None
    not_reported: tuple[str, ...]

    @property
    def earlier_relapses_mean(self) -> float:
        """Mean number of relapses in the year before the last: the fewest that two years of inclusion ask for."""
        return float(max(self.relapses_24_months_min - self.relapses_12_months_min, 0))


@once_per_evidence
def participants_of(evidence: Evidence, /, arm_ids: tuple[str, ...]) -> Participants:
    """Return the people of some arms: means weighted by people, the widest of the limits that are stated."""
    arms = [evidence.arms[name] for name in arm_ids]
    trials = list({arm.trial_id: evidence.trials[arm.trial_id] for arm in arms}.values())
    missing: list[str] = []

    def mean(of: str, name: str) -> float | None:
        found = weighted_mean((getattr(arm, of), arm) for arm in arms)
        if found is None:
            missing.append(name)
        return found

    age, edss = mean("age_mean", "age"), mean("edss_mean", "edss")
    duration, women = (
        mean("disease_duration_years_mean", "years-since-onset"),
        mean("female_percent", "sex"),
    )
    relapses = mean("relapses_prior_year_mean", "relapses")
    fewest_12, fewest_24 = _least(trials, "relapses_12m_min"), _least(trials, "relapses_24m_min")
    if relapses is None:
        everywhere = [arm for arm in evidence.arms.values() if is_randomised_arm(evidence, arm)]
        relapses = weighted_mean((arm.relapses_prior_year_mean, arm) for arm in everywhere)
    return Participants(
        age=_spread(evidence, trials, "age", age),
        edss=_spread(evidence, trials, "edss", edss),
        years_since_onset=_spread(evidence, trials, "onset", duration),
        women=0.5 if women is None else women / 100,
        naive=_naive(trials),
        relapses_12_months_min=fewest_12,
        relapses_12_months_mean=max(float(fewest_12), relapses or 0.0),
        relapses_24_months_min=max(fewest_24, fewest_12),
        age_limits=_limits(trials, "age") or _limits(_all_trials(evidence), "age"),
        edss_max=_outermost(trials, "edss_max", max) or _outermost(_all_trials(evidence), "edss_max", max),
        not_reported=tuple(
            phrase(f"baseline.missing.{name}") for name in (*missing, "lesions", "months-since-relapse")
        ),
    )


def weighted_mean(values: Iterable[tuple[float | None, Arm]]) -> float | None:
    """Return the mean over arms, weighted by people; ``None`` where no arm reports it."""
    found = [(value, arm.n_analysed or arm.n_randomised or 1) for value, arm in values if value is not None]
    people = sum(n for _, n in found)
    return sum(value * n for value, n in found) / people if found else None


def _naive(trials: Sequence[Trial]) -> float:
    populations = {trial.population for trial in trials}
    return {"treatment-naive": 1.0, "experienced": 0.0}.get(populations.pop(), 0.5) if len(populations) == 1 else 0.5


def _all_trials(evidence: Evidence) -> list[Trial]:
    return [t for t in evidence.trials.values() if t.kind is TrialKind.RANDOMISED and t.diagnosis in DIAGNOSES]


def _outermost(trials: Iterable[Trial], column: str, pick: Callable[[list[float]], float]) -> float | None:
    found = [getattr(trial.inclusion, column) for trial in trials]
    stated = [value for value in found if value is not None]
    return pick(stated) if stated else None


def _least(trials: Iterable[Trial], column: str) -> int:
    return int(_outermost(trials, column, min) or 0)


def _limits(trials: Sequence[Trial], what: str) -> tuple[float, float] | None:
    """The widest limits that are stated; both or none."""
    if what == "onset":
        high = _outermost(trials, "onset_within_years", max)
        return None if high is None else (0.0, high)
    low, high = _outermost(trials, f"{what}_min", min), _outermost(trials, f"{what}_max", max)
    if high is not None and low is None and what == "edss":
        low = 0.0
    return None if low is None or high is None or not low < high else (low, high)


def _spread(evidence: Evidence, trials: Sequence[Trial], what: str, mean: float | None) -> Spread:
    low, high = _limits(trials, what) or _limits(_all_trials(evidence), what) or _NO_LIMITS[what]
    if mean is not None and not low < mean < high:
        # Limits borrowed from other trials that the own mean contradicts are none.
        low, high = _NO_LIMITS[what]
    return spread(low, high, mean)
