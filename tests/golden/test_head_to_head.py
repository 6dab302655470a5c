"""The pooled results of the first question, against ten plain lines each and against SciPy."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest, norm, t

from equipoise.consultation import Consultation, consult
from equipoise.consultation.arm_estimates import wilson_interval
from equipoise.consultation.syntheses import Synthesis
from equipoise.vocabulary.estimate import Estimate, IntervalKind

# Closed forms agree to rounding; tau2 is found by a search, and the worst difference, 7e-8, is the search's.
TOLERANCE = 1e-6
Z = float(norm.ppf(0.975))


@pytest.fixture(scope="module")
def sitting() -> Consultation:
    return consult("alemtuzumab", "interferon-beta-1a")


def synthesis(sitting: Consultation, outcome: str, scope: str) -> Synthesis:
    section = sitting.section(outcome)
    assert section is not None
    return next(s for s in section.syntheses if s.scope == scope)


def logs(trials: Sequence[Estimate]) -> tuple[np.ndarray, np.ndarray]:
    """Log ratios and their standard errors, from what the trials print."""
    limits = [trial.interval for trial in trials if trial.interval is not None]
    y = np.log([trial.value for trial in trials])
    se = [(math.log(limit.high) - math.log(limit.low)) / (2 * Z) for limit in limits]
    return y, np.array(se)


def reml(y: np.ndarray, se: np.ndarray) -> float:
    """Tau2 at the top of the restricted log-likelihood, found by search."""

    def minus_log_likelihood(tau2: float) -> float:
        w = 1 / (se**2 + tau2)
        mu = np.sum(w * y) / np.sum(w)
        return float(0.5 * (np.sum(np.log(se**2 + tau2)) + np.log(np.sum(w)) + np.sum(w * (y - mu) ** 2)))

    grid = np.linspace(0, 2, 2001)
    best = grid[int(np.argmin([minus_log_likelihood(tau2) for tau2 in grid]))]
    bounds = (max(0.0, best - 0.001), best + 0.001)
    found = minimize_scalar(minus_log_likelihood, bounds=bounds, method="bounded", options={"xatol": 1e-12})
    inner = float(found.x)
    return inner if minus_log_likelihood(inner) < minus_log_likelihood(0.0) else 0.0


def inverse_variance(y: np.ndarray, se: np.ndarray, tau2: float = 0.0) -> tuple[float, float]:
    """The pooled log ratio and its standard error."""
    w = 1 / (se**2 + tau2)
    return float(np.sum(w * y) / np.sum(w)), float(1 / np.sqrt(np.sum(w)))


def assert_is(estimate: Estimate, point: float, half: float) -> None:
    assert estimate.interval is not None
    found = (estimate.value, estimate.interval.low, estimate.interval.high)
    wanted = (math.exp(point), math.exp(point - half), math.exp(point + half))
    assert found == pytest.approx(wanted, rel=TOLERANCE)


def test_relapse_rate_of_the_two_phase_three_trials_common_effect(sitting: Consultation) -> None:
    pooled = synthesis(sitting, "annualised-relapse-rate", "licensed-dose")
    assert [trial.trial_ids for trial in pooled.trials] == [("care-ms-i",), ("care-ms-ii",)]
    point, se = inverse_variance(*logs(pooled.trials))
    assert_is(pooled.common, point, Z * se)


def test_what_goes_in_is_what_the_trials_print(sitting: Consultation) -> None:
    """Estimate and limits as the rows hold them; where each was seen stands in the row."""
    rates = synthesis(sitting, "annualised-relapse-rate", "licensed-dose").trials
    assert [(e.value, *ends(e)) for e in rates] == [(0.45, 0.32, 0.63), (0.51, 0.39, 0.65)]
    hazards = synthesis(sitting, "confirmed-disability-worsening-6m", "all-doses").trials
    assert sorted((e.value, *ends(e)) for e in hazards) == [(0.29, 0.16, 0.54), (0.58, 0.38, 0.87), (0.7, 0.4, 1.23)]


def ends(estimate: Estimate) -> tuple[float, float]:
    assert estimate.interval is not None
    return estimate.interval.low, estimate.interval.high


@pytest.mark.parametrize("outcome", ["confirmed-disability-worsening-6m", "annualised-relapse-rate"])
def test_all_doses_random_effects_heterogeneity_and_prediction(sitting: Consultation, outcome: str) -> None:
    pooled = synthesis(sitting, outcome, "all-doses")
    y, se = logs(pooled.trials)
    k = len(y)
    assert k == 3
    tau2 = reml(y, se)
    assert tau2 > 0
    assert pooled.tau2.value == pytest.approx(tau2, rel=TOLERANCE, abs=1e-8)
    point, error = inverse_variance(y, se, tau2)
    assert_is(pooled.random, point, Z * error)

    common, _ = inverse_variance(y, se)
    w = 1 / se**2
    assert pooled.q.value == pytest.approx(np.sum(w * (y - common) ** 2), rel=TOLERANCE)
    typical = (k - 1) * np.sum(w) / (np.sum(w) ** 2 - np.sum(w**2))
    assert pooled.i2.value == pytest.approx(100 * tau2 / (tau2 + typical), rel=TOLERANCE)

    v = 1 / (se**2 + tau2)
    scatter = max(1.0, float(np.sum(v * (y - point) ** 2) / (k - 1)))
    assert_is(pooled.random_hartung_knapp, point, t.ppf(0.975, k - 1) * error * math.sqrt(scatter))

    assert pooled.prediction is not None
    assert pooled.prediction.interval is not None
    assert pooled.prediction.interval.kind is IntervalKind.PREDICTION
    assert_is(pooled.prediction, point, t.ppf(0.975, k - 2) * math.sqrt(tau2 + error**2))


def test_weights_are_shares_of_precision(sitting: Consultation) -> None:
    pooled = synthesis(sitting, "confirmed-disability-worsening-6m", "all-doses")
    _, se = logs(pooled.trials)
    assert pooled.weights == pytest.approx(100 * se**-2.0 / np.sum(se**-2.0), rel=TOLERANCE)


def test_two_trials_have_no_prediction_interval(sitting: Consultation) -> None:
    assert synthesis(sitting, "annualised-relapse-rate", "licensed-dose").prediction is None


def test_hartung_knapp_is_never_shorter_than_wald(sitting: Consultation) -> None:
    for section in sitting.sections:
        for pooled in section.syntheses:
            wald, adjusted = pooled.random.interval, pooled.random_hartung_knapp.interval
            assert wald is not None
            assert adjusted is not None
            assert adjusted.low <= wald.low < wald.high <= adjusted.high


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_intervals_equal_those_of_scipy(counts: tuple[int, int]) -> None:
    events, n = counts
    interval = wilson_interval(events, n)
    peer = binomtest(events, n).proportion_ci(0.95, method="wilson")
    assert (interval.low, interval.high) == pytest.approx((100 * peer.low, 100 * peer.high), abs=1e-9)
