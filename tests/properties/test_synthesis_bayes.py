"""What holds for every posterior, ranking, contribution and threshold."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.synthesis import Network, fit, p_scores
from equipoise.synthesis.bayes import posterior
from equipoise.synthesis.contribution import contribution, hat_matrix
from equipoise.synthesis.integration import fit_over_grid, integrate_tau
from equipoise.synthesis.network import consistency_rows
from equipoise.synthesis.priors import TauPrior, half_cauchy, half_normal, log_normal_tau2, log_t_tau2, uniform
from equipoise.synthesis.ranking import rankogram
from equipoise.synthesis.sensitivity import leave_one_trial_out, thresholds
from tests.support.strategies_synthesis import networks

PRIORS = (half_normal(0.5), half_cauchy(0.3), uniform(2.0), log_normal_tau2(-2.5, 1.5), log_t_tau2(-2.5, 1.5))
TIGHT = (half_normal(0.5), uniform(2.0), log_normal_tau2(-2.5, 1.5))


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.name)
def test_priors_integrate_to_one(prior: TauPrior) -> None:
    top = prior.upper if math.isfinite(prior.upper) else 1e8
    t = np.linspace(math.log(1e-12), math.log(top), 400_001)
    mass = np.exp(prior.log_density(np.exp(t)) + t)
    assert float(np.trapezoid(mass, t)) == pytest.approx(1.0, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(networks(), st.sampled_from(TIGHT))
def test_posterior_of_tau_agrees_with_a_plain_fine_grid(network: Network, prior: TauPrior) -> None:
    """Ten plain lines: a trapezoid rule on 20,000 points of log tau."""
    rows = consistency_rows(network)
    found = integrate_tau(rows, prior, coefficient_sd=10.0)
    t = np.linspace(math.log(1e-7), math.log(min(prior.upper, 50.0)), 20_001)
    tau = np.exp(t)
    log_density = fit_over_grid(rows, tau, coefficient_sd=10.0).log_marginal + prior.log_density(tau) + t
    peak = log_density.max()
    density = np.exp(log_density - peak)
    total = float(np.trapezoid(density, t))
    assert found.log_evidence == pytest.approx(peak + math.log(total), abs=1e-4)
    assert found.mean == pytest.approx(float(np.trapezoid(density * tau, t)) / total, rel=1e-4)
    below = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2) * (t[1] - t[0])]) / total
    assert found.quantile(0.5) == pytest.approx(float(np.interp(0.5, below, tau)), rel=1e-3)
    assert found.quantile(0.025) < found.quantile(0.5) < found.quantile(0.975)


@settings(max_examples=30, deadline=None)
@given(networks())
def test_a_prior_that_nails_tau_gives_the_fit_at_that_tau(network: Network) -> None:
    nailed = posterior(network, log_normal_tau2(2 * math.log(0.5), 1e-4))
    fitted = fit(network, tau2=0.25)
    a, b = network.treatments[:2]
    contrast, expected = nailed.contrast(a, b), fitted.contrast(a, b)
    assert contrast.mean == pytest.approx(expected.estimate, rel=1e-4, abs=1e-5)
    assert contrast.sd == pytest.approx(expected.se, rel=1e-4)
    assert (contrast.cri_low, contrast.cri_high) == pytest.approx(
        (expected.ci_low, expected.ci_high), rel=1e-3, abs=1e-4
    )


@settings(max_examples=25, deadline=None)
@given(networks(), st.booleans())
def test_rank_probabilities_are_doubly_stochastic_and_agree_with_pairwise_ones(network: Network, smaller: bool) -> None:
    found = posterior(network, half_normal(0.5))
    ranks = found.ranks(smaller_is_better=smaller)
    np.testing.assert_allclose(ranks.probabilities.sum(axis=0), 1.0)
    np.testing.assert_allclose(ranks.probabilities.sum(axis=1), 1.0)
    for name in network.treatments:
        below = [found.probability_below(name, other, 0.0) for other in network.treatments if other != name]
        better = np.mean(below) if smaller else 1 - np.mean(below)
        assert ranks.sucra[name] == pytest.approx(better, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(networks())
def test_a_posterior_has_no_seed_and_its_intervals_nest(network: Network) -> None:
    first, second = (posterior(network, half_normal(0.5)) for _ in range(2))
    for here, there in zip(first.contrasts(), second.contrasts(), strict=True):
        assert here == there
        assert here.pi_low < here.cri_low < here.median < here.cri_high < here.pi_high
    np.testing.assert_array_equal(first.draws(64), second.draws(64))


@settings(max_examples=40, deadline=None)
@given(networks())
def test_rankogram_of_a_fit_has_the_p_score_as_sucra(network: Network) -> None:
    fitted = fit(network)
    scores = p_scores(fitted, smaller_is_better=True)
    for name, sucra in rankogram(fitted, smaller_is_better=True).sucra.items():
        assert sucra == pytest.approx(scores[name], abs=0.01)


@settings(max_examples=60, deadline=None)
@given(networks(), st.sampled_from(["random-walk", "shortest-path"]))
def test_contributions_are_shares_of_a_unit_flow(network: Network, method: str) -> None:
    fitted = fit(network)
    found = contribution(fitted, method=method)  # type: ignore[arg-type]
    np.testing.assert_allclose(found.shares.sum(axis=1), 1.0, atol=1e-7)
    assert found.shares.min() >= 0
    comparisons, hat = hat_matrix(fitted)
    for row, (source, sink) in enumerate(found.contrasts):
        for name in network.treatments:
            out = sum(h * ((a == name) - (b == name)) for h, (a, b) in zip(hat[row], comparisons, strict=True))
            assert out == pytest.approx((name == source) - (name == sink), abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(networks(min_treatments=3), st.booleans())
def test_moving_a_contrast_beyond_its_threshold_changes_the_first_place(network: Network, smaller: bool) -> None:
    fitted = fit(network, tau2=0.1)
    for found in thresholds(fitted, smaller_is_better=smaller)[:4]:
        for edge, then, nudge in ((found.low, found.then_low, -1e-6), (found.high, found.then_high, 1e-6)):
            if not math.isfinite(edge) or abs(edge) > 1e4:
                continue
            before, after = (first_place(moved(network, found, edge + s * nudge), smaller) for s in (-1, 1))
            assert before != after or then in (before, after)


def moved(network: Network, found: object, estimate: float) -> Network:
    from dataclasses import replace

    trials = []
    for trial in network.trials:
        if trial.study == found.study:  # type: ignore[attr-defined]
            estimates = trial.estimates.copy()
            estimates[trial.treatments[1:].index(found.treatment)] = estimate  # type: ignore[attr-defined]
            trial = replace(trial, estimates=estimates)  # noqa: PLW2901
        trials.append(trial)
    return replace(network, trials=tuple(trials))


def first_place(network: Network, smaller: bool) -> str:
    effects = fit(network, tau2=0.1).effects[:, 0]
    return network.treatments[int(effects.argmin() if smaller else effects.argmax())]


@settings(max_examples=40, deadline=None)
@given(networks())
def test_leaving_a_trial_out_is_fitting_the_rest(network: Network) -> None:
    fitter = functools.partial(fit, tau2=0.1)
    for left in leave_one_trial_out(network, fitter):
        if left.fit is None:
            assert left.reason
        else:
            rest = network.without([left.name])
            np.testing.assert_allclose(left.fit.effects, fitter(rest).effects)
            assert set(left.lost) == set(network.treatments) - set(rest.treatments)
