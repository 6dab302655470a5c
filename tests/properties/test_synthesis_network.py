"""What holds for every network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.synthesis import Network, Trial, decompose_q, fit, node_splits, p_scores, pool
from equipoise.synthesis.fitting import NetworkFit
from equipoise.synthesis.gls import heterogeneity_structure
from equipoise.synthesis.heterogeneity import Tau2Method
from equipoise.synthesis.network import design_matrix
from tests.support.strategies_synthesis import NAMES, networks

METHODS = st.sampled_from(["dl", "pm", "reml", "ml"])
# The likelihood is flat to about the square root of the rounding error near its maximum, so tau2 of ML and
# REML may differ by that much when rows come in another order.
RTOL, ATOL = 1e-6, 1e-6


def assert_same(here: NetworkFit, there: NetworkFit, rename: dict[str, str] | None = None) -> None:
    rename = rename or {name: name for name in here.treatments}
    assert there.tau2 == pytest.approx(here.tau2, rel=1e-5, abs=ATOL)
    order = [there.treatments.index(rename[name]) for name in here.treatments]
    np.testing.assert_allclose(there.effects[np.ix_(order, order)], here.effects, rtol=RTOL, atol=ATOL)
    np.testing.assert_allclose(there.se[np.ix_(order, order)], here.se, rtol=RTOL, atol=ATOL)


@settings(deadline=None)
@given(networks(), METHODS, st.sampled_from(NAMES))
def test_reference_choice_changes_no_contrast(network: Network, method: Tau2Method, other: str) -> None:
    other = other if other in network.treatments else network.treatments[0]
    assert_same(fit(network, tau2_method=method), fit(network.with_reference(other), tau2_method=method))


@settings(deadline=None)
@given(networks(), METHODS, st.permutations(NAMES))
def test_relabelling_treatments_permutes_the_answer(network: Network, method: Tau2Method, names: list[str]) -> None:
    rename = dict(zip(NAMES, names, strict=True))
    trials = tuple(replace(t, treatments=tuple(rename[name] for name in t.treatments)) for t in network.trials)
    renamed = Network(trials, network.measure, rename[network.reference])
    assert_same(fit(network, tau2_method=method), fit(renamed, tau2_method=method), rename)


@settings(deadline=None)
@given(networks(), METHODS, st.randoms(use_true_random=False))
def test_order_of_trials_and_arms_is_irrelevant(network: Network, method: Tau2Method, random: Any) -> None:
    trials = [turned(trial, random.randrange(len(trial.treatments))) for trial in network.trials]
    random.shuffle(trials)
    assert_same(fit(network, tau2_method=method), fit(replace(network, trials=tuple(trials)), tau2_method=method))


def turned(trial: Trial, first: int) -> Trial:
    """The same trial with another arm as its baseline."""
    k = len(trial.treatments)
    order = [first, *(i for i in range(k) if i != first)]
    change = np.eye(k)[order][1:] - np.eye(k)[order[0]]
    change = change[:, 1:]
    return Trial(
        trial.study,
        tuple(trial.treatments[i] for i in order),
        change @ trial.estimates,
        change @ trial.covariance @ change.T,
    )


@settings(deadline=None)
@given(networks(), METHODS, st.sampled_from([0.1, 2.0, 10.0]))
def test_scaling_by_c_scales_effects_by_c_and_tau2_by_c_squared(network: Network, method: Tau2Method, c: float) -> None:
    trials = tuple(replace(t, estimates=c * t.estimates, covariance=c**2 * t.covariance) for t in network.trials)
    here, there = fit(network, tau2_method=method), fit(replace(network, trials=trials), tau2_method=method)
    assert here.tau2 is not None
    assert there.tau2 == pytest.approx(c**2 * here.tau2, rel=1e-5, abs=1e-5)
    np.testing.assert_allclose(there.effects, c * here.effects, rtol=1e-5, atol=1e-5)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-200, 200), st.integers(5, 80)), min_size=2, max_size=10), METHODS)
def test_two_treatments_equal_pairwise(studies: list[tuple[int, int]], method: Tau2Method) -> None:
    y, se = (np.array(column) / 100 for column in zip(*studies, strict=True))
    trials = tuple(
        Trial(str(i), ("old", "new"), np.array([a]), np.array([[b**2]]))
        for i, (a, b) in enumerate(zip(y, se, strict=True))
    )
    network = fit(Network(trials, pool(y, se, measure="mean-difference").measure, "old"), tau2_method=method)
    pairwise = pool(y, se, measure="mean-difference", tau2_method=method)
    contrast = network.contrast("new", "old")
    assert (contrast.estimate, contrast.se, network.q) == pytest.approx((pairwise.estimate, pairwise.se, pairwise.q))
    assert network.tau2 == pairwise.tau2


@settings(deadline=None)
@given(networks(), METHODS)
def test_effects_are_transitive_and_antisymmetric(network: Network, method: Tau2Method) -> None:
    fitted = fit(network, tau2_method=method)
    np.testing.assert_allclose(fitted.effects, -fitted.effects.T, atol=1e-9)
    through_first = fitted.effects[:, [0]] + fitted.effects[[0], :]
    np.testing.assert_allclose(fitted.effects, through_first, atol=1e-9)
    np.testing.assert_allclose(fitted.se, fitted.se.T, atol=1e-9)


@settings(deadline=None)
@given(networks(), st.floats(0.0, 2.0))
def test_reference_implementation_with_the_full_covariance_matrix(network: Network, tau2: float) -> None:
    """Ten plain lines of textbook generalised least squares, no rotation."""
    k = sum(trial.n_contrasts for trial in network.trials)
    y, x, v = np.zeros(k), np.zeros((k, len(network.parameters))), np.zeros((k, k))
    start = 0
    for trial in network.trials:
        stop = start + trial.n_contrasts
        y[start:stop], x[start:stop] = trial.estimates, design_matrix(trial, network.parameters)
        v[start:stop, start:stop] = trial.covariance + tau2 * heterogeneity_structure(trial.n_contrasts)
        start = stop
    w = np.linalg.inv(v)
    covariance = np.linalg.inv(x.T @ w @ x)
    beta = covariance @ x.T @ w @ y
    fitted = fit(network, tau2=tau2)
    for j, name in enumerate(network.parameters):
        contrast = fitted.contrast(name, network.reference)
        assert contrast.estimate == pytest.approx(beta[j], rel=1e-7, abs=1e-8)
        assert contrast.se == pytest.approx(covariance[j, j] ** 0.5, rel=1e-7)
    assert fit(network, model="common").q_df == k - len(network.parameters)


@settings(deadline=None)
@given(networks())
def test_q_is_the_sum_of_its_parts(network: Network) -> None:
    q = decompose_q(network)
    assert q.within.statistic == pytest.approx(sum(part.statistic for part in q.by_design.values()), abs=1e-7)
    assert q.total.statistic == pytest.approx(q.within.statistic + q.between.statistic, abs=1e-7)
    assert q.total.df == q.within.df + q.between.df
    for part in q.detached.values():
        assert part.statistic <= q.between.statistic + 1e-7
        assert part.df < q.between.df


@settings(deadline=None)
@given(networks(), METHODS)
def test_direct_and_indirect_evidence_make_up_the_network_estimate(network: Network, method: Tau2Method) -> None:
    for split in node_splits(fit(network, tau2_method=method)):
        assert -1e-9 <= split.share_direct <= 1 + 1e-9
        if split.direct is not None and split.indirect is not None:
            mean = split.share_direct * split.direct + (1 - split.share_direct) * split.indirect
            assert mean == pytest.approx(split.network, rel=1e-5, abs=1e-5)
        if split.difference is None:
            assert split.note


@settings(deadline=None)
@given(networks(), st.booleans())
def test_p_scores_average_one_half_and_turn_round_with_the_direction(network: Network, smaller: bool) -> None:
    fitted = fit(network)
    here, there = p_scores(fitted, smaller_is_better=smaller), p_scores(fitted, smaller_is_better=not smaller)
    assert sum(here.values()) / len(here) == pytest.approx(0.5)
    for name, score in here.items():
        assert score == pytest.approx(1 - there[name])


@settings(deadline=None)
@given(networks())
def test_pairwise_standard_errors_give_the_trial_back(network: Network) -> None:
    from equipoise.synthesis import network_from_contrasts

    rows = [
        (t.study, a, b, *_pair(t, a, b))
        for t in network.trials
        for i, a in enumerate(t.treatments)
        for b in t.treatments[:i]
    ]
    study, treatment, reference, estimate, se = zip(*rows, strict=True)
    rebuilt = network_from_contrasts(
        network.measure, study, treatment, reference, estimate, se, reference=network.reference
    )
    assert rebuilt.notes == ()
    assert_same(fit(network, tau2=0.1), fit(rebuilt, tau2=0.1))


def _pair(trial: Trial, a: str, b: str) -> tuple[float, float]:
    c = np.array([(name == a) - (name == b) for name in trial.treatments], dtype=float)[1:]
    return float(c @ trial.estimates), float(np.sqrt(c @ trial.covariance @ c))
