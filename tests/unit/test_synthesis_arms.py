"""Posteriors from arms: corners and every error."""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.synthesis.arm_level import find_modes
from equipoise.synthesis.arm_posterior import arm_posterior
from equipoise.synthesis.likelihoods import arm_data
from equipoise.synthesis.pareto import pareto_shape
from equipoise.synthesis.priors import half_normal
from equipoise.vocabulary.errors import ConvergenceError, NetworkError, NotEstimableError, ShapeError, UnknownTermError


def test_trials_without_events_take_part_uncorrected() -> None:
    data = arm_data(
        "odds-ratio", ["s", "s", "t", "t"], ["a", "b"] * 2, events=[0, 4, 0, 0], n=[50, 50, 30, 30], reference="a"
    )
    found = arm_posterior(data, None, effect_sd=2.0, baseline_sd=5.0)
    assert found.contrast("b", "a").mean > 0.5
    assert (found.tau_mean, found.tau_quantile(0.5)) == (0.0, 0.0)


def test_rate_ratio_of_one_large_trial_is_the_crude_one() -> None:
    data = arm_data("rate-ratio", ["s", "s"], ["a", "b"], events=[400, 300], person_time=[1000, 1000])
    contrast = arm_posterior(data, None, effect_sd=100, baseline_sd=100).contrast("b", "a")
    assert contrast.mean == pytest.approx(math.log(0.75), abs=2e-3)
    assert contrast.sd == pytest.approx(math.sqrt(1 / 400 + 1 / 300), rel=5e-3)


def test_quantiles_of_tau_read_a_polynomial_as_good_as_the_likelihood() -> None:
    """Between the nodes the polynomial differs from the marginal likelihood by less than 1e-6."""
    rng = np.random.default_rng(2)
    study, treatment = [f"s{i // 2}" for i in range(24)], ["a", "b"] * 12
    events = rng.binomial(60, rng.uniform(0.05, 0.4, 24)).astype(float)
    data = arm_data("odds-ratio", study, treatment, events=events, n=np.full(24, 60.0))
    found = arm_posterior(data, half_normal(1.0)).points.tau_posterior
    assert found is not None
    tau = np.linspace(found.quantile(0.001), found.quantile(0.999), 40)
    exact = find_modes(data, tau, effect_sd=10.0, baseline_sd=10.0).log_marginal + half_normal(1.0).log_density(tau)
    np.testing.assert_allclose(found.log_density(tau), exact, atol=1e-6)


def test_weights_that_cannot_be_trusted_are_refused() -> None:
    """One trial with no event against all events, under a prior that hardly holds it."""
    data = arm_data("odds-ratio", ["s", "s"], ["a", "b"], events=[0, 3], n=[3, 3])
    with pytest.raises(ConvergenceError, match=r"Pareto k is .* and at most 0\.7 can be trusted"):
        arm_posterior(data, None, effect_sd=100.0, baseline_sd=100.0)


def test_arm_posterior_errors() -> None:
    data = arm_data("odds-ratio", ["s", "s"], ["a", "b"], events=[3, 4], n=[30, 30])
    with pytest.raises(ShapeError, match="between 0 and 1"):
        arm_posterior(data, half_normal(1), level=95)
    with pytest.raises(UnknownTermError, match="treatment called 'z'"):
        arm_posterior(data, None).contrast("a", "z")


def test_arm_data_errors() -> None:
    with pytest.raises(NotEstimableError, match="no likelihood of arms for a risk-ratio"):
        arm_data("risk-ratio", ["s", "s"], ["a", "b"], events=[3, 4], n=[30, 30])
    with pytest.raises(ShapeError, match="needs the column 'n'"):
        arm_data("odds-ratio", ["s", "s"], ["a", "b"], events=[3, 4])
    with pytest.raises(ShapeError, match="differ in length"):
        arm_data("odds-ratio", ["s", "s"], ["a", "b"], events=[3, 4], n=[30])
    with pytest.raises(NotEstimableError, match="more events than people in: s"):
        arm_data("odds-ratio", ["s", "s"], ["a", "b"], events=[31, 4], n=[30, 30])
    with pytest.raises(NotEstimableError, match="standard deviation"):
        arm_data("mean-difference", ["s", "s"], ["a", "b"], mean=[31, 4], se=[0, 1])
    with pytest.raises(NetworkError, match="two arms called 'a'"):
        arm_data("odds-ratio", ["s", "s"], ["a", "a"], events=[3, 4], n=[30, 30])
    with pytest.raises(NetworkError, match="one arm, which compares nothing"):
        arm_data("odds-ratio", ["s", "s", "t"], ["a", "b", "a"], events=[3, 4, 5], n=[30, 30, 30])
    with pytest.raises(NetworkError, match="2 pieces"):
        arm_data("odds-ratio", ["s", "s", "t", "t"], ["a", "b", "c", "d"], events=[3, 4, 5, 6], n=[30] * 4)


def test_pareto_shape_of_equal_and_of_few_weights() -> None:
    assert pareto_shape(np.zeros(100)) == -math.inf
    assert pareto_shape(np.arange(10.0)) == math.inf
