"""Hartung-Knapp for networks: with two treatments that of pairs, by dense matrices, and what it promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise.synthesis import Network, Trial, fit, node_splits, p_scores, pool
from equipoise.synthesis.fitting import Contrast
from equipoise.synthesis.gls import heterogeneity_structure
from equipoise.synthesis.inference import Inference
from equipoise.synthesis.network import design_matrix
from equipoise.vocabulary.errors import ShapeError, UnknownTermError
from equipoise.vocabulary.measures import Measure
from tests.support.strategies_synthesis import networks

RULES: tuple[Inference, ...] = ("hartung-knapp", "hartung-knapp-ad-hoc")


@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.05, 1)), min_size=2, max_size=9),
    st.sampled_from(RULES),
    st.sampled_from(["dl", "pm", "reml", "ml"]),
    st.sampled_from(["common", "random"]),
)
def test_two_treatments_are_a_pair(data: list[tuple[float, float]], rule: Inference, method: str, model: str) -> None:
    y, se = zip(*data, strict=True)
    assume(np.ptp(y) > 1e-3)
    trials = (Trial(str(i), ("a", "b"), np.array([e]), np.array([[s * s]])) for i, (e, s) in enumerate(data))
    here = fit(
        Network(tuple(trials), Measure.MEAN_DIFFERENCE, "a"),
        model=model,  # type: ignore[arg-type]
        tau2_method=method,  # type: ignore[arg-type]
        inference=rule,
    ).contrast("b", "a")
    pair = pool(y, se, measure="mean-difference", model=model, tau2_method=method, interval=rule)  # type: ignore[arg-type]
    for name in ("estimate", "se", "ci_low", "ci_high", "p"):
        assert getattr(here, name) == pytest.approx(getattr(pair, name), rel=1e-9, abs=1e-12), name
    assert (here.pi_low is None) == (pair.pi_low is None)
    if here.pi_low is not None:
        assert (here.pi_low, here.pi_high) == pytest.approx((pair.pi_low, pair.pi_high), rel=1e-9, abs=1e-12)


@settings(max_examples=40)
@given(networks(min_treatments=3))
def test_the_factor_is_the_generalised_q_by_dense_matrices(network: Network) -> None:
    found = fit(network, tau2_method="reml", inference="hartung-knapp")
    assume(found.inference == "hartung-knapp" and found.tau2 is not None)
    assert found.tau2 is not None
    x = np.vstack([design_matrix(trial, network.parameters) for trial in network.trials])
    y = np.concatenate([trial.estimates for trial in network.trials])
    total, at = np.zeros((len(y), len(y))), 0
    for trial in network.trials:
        k = trial.n_contrasts
        total[at : at + k, at : at + k] = trial.covariance + found.tau2 * heterogeneity_structure(k)
        at += k
    inverse = np.linalg.inv(total)
    covariance = np.linalg.inv(x.T @ inverse @ x)
    residual = y - x @ (covariance @ x.T @ inverse @ y)
    factor = residual @ inverse @ residual / (len(y) - x.shape[1])
    assert found.rescaling == pytest.approx(factor, rel=1e-6, abs=1e-9)
    name = network.parameters[0]
    expected = math.sqrt(factor * covariance[0, 0])
    assert found.contrast(name, network.reference).se == pytest.approx(expected, rel=1e-6, abs=1e-9)


@settings(max_examples=40)
@given(networks())
def test_ad_hoc_is_never_narrower_and_nothing_else_moves(network: Network) -> None:
    normal, careful = (
        fit(network, tau2_method="reml"),
        fit(network, tau2_method="reml", inference="hartung-knapp-ad-hoc"),
    )
    for one, other in zip(normal.contrasts(), careful.contrasts(), strict=True):
        assert other.estimate == one.estimate
        assert other.ci_low <= one.ci_low + 1e-12
        assert other.ci_high >= one.ci_high - 1e-12
    assert p_scores(careful, smaller_is_better=True) == p_scores(normal, smaller_is_better=True)


def loop(estimates: list[float]) -> Network:
    arms = [("a", "b"), ("b", "c"), ("a", "c")] * 3
    return Network(
        tuple(
            Trial(str(i), pair, np.array([y]), np.array([[0.04]]))
            for i, (pair, y) in enumerate(zip(arms, estimates, strict=False))
        ),
        Measure.RATE_RATIO,
        "a",
    )


def test_trials_that_agree_make_it_narrower_and_a_note_says_so() -> None:
    found = fit(loop([0.30, 0.31, 0.60, 0.31, 0.29, 0.62]), inference="hartung-knapp")
    normal = fit(loop([0.30, 0.31, 0.60, 0.31, 0.29, 0.62]))
    assert found.rescaling < 0.05
    assert found.contrast("b", "a").se < normal.contrast("b", "a").se
    assert "can be narrower than normal ones" in found.notes[-1]
    assert found.contrast("b", "a").df == found.inference_df == 4
    assert "se rescaled by Hartung-Knapp" in found.pi_rule


def test_trials_that_agree_exactly_have_no_width_and_a_note_says_so() -> None:
    found = fit(loop([0.25, 0.25, 0.5]), inference="hartung-knapp")
    assert found.contrast("b", "a").se == pytest.approx(0, abs=1e-12)
    assert "have no width" in found.notes[-1]


def test_without_degrees_of_freedom_intervals_are_normal() -> None:
    found = fit(loop([0.3, 0.2]), inference="hartung-knapp")
    assert (found.inference, found.inference_df, found.rescaling) == ("normal", None, 1.0)
    assert "do not exist" in found.notes[-1]
    assert found.contrast("c", "a").p == fit(loop([0.3, 0.2])).contrast("c", "a").p


def test_coverage_with_few_trials_is_better_than_normal() -> None:
    """Five trials of three treatments, tau 0.3: of 600 networks, how many intervals hold the truth."""
    rng, n = np.random.default_rng(11), 600
    arms = [("a", "b"), ("a", "c"), ("b", "c"), ("a", "b"), ("a", "c")]
    truth = {"a": 0.0, "b": -0.4, "c": -0.7}
    inside = dict.fromkeys(("normal", *RULES), 0)
    for _ in range(n):
        se = rng.uniform(0.1, 0.3, len(arms))
        y = [truth[t] - truth[r] + rng.normal(0, math.hypot(s, 0.3)) for (r, t), s in zip(arms, se, strict=True)]
        network = Network(
            tuple(
                Trial(str(i), pair, np.array([e]), np.array([[s * s]]))
                for i, (pair, e, s) in enumerate(zip(arms, y, se, strict=True))
            ),
            Measure.RATE_RATIO,
            "a",
        )
        for rule in inside:
            contrast = fit(network, tau2_method="reml", inference=rule).contrast("c", "a")
            inside[rule] += contrast.ci_low <= truth["c"] <= contrast.ci_high
    shares = {rule: count / n for rule, count in inside.items()}
    assert shares["normal"] < 0.90
    assert shares["hartung-knapp"] > shares["normal"] + 0.03
    assert abs(shares["hartung-knapp"] - 0.95) < abs(shares["normal"] - 0.95)
    assert shares["hartung-knapp-ad-hoc"] >= shares["hartung-knapp"]


def test_an_unknown_inference_is_refused() -> None:
    with pytest.raises(UnknownTermError, match="kind of inference called 'hartung'"):
        fit(loop([0.3, 0.2]), inference="hartung")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "threshold", "said"),
    [
        (-0.9, -0.4, -0.3, "beyond"),
        (-0.9, -0.2, -0.3, "both"),
        (-0.2, 0.4, -0.3, "short"),
        (0.3, 0.4, 0.3, "beyond"),
        (0.1, 0.4, 0.3, "both"),
        (-0.9, 0.2, 0.3, "short"),
    ],
)
def test_where_an_interval_lies_from_what_matters(low: float, high: float, threshold: float, said: str) -> None:
    contrast = Contrast("b", "a", (low + high) / 2, 0.1, low, high, None, None, 0.5)
    assert contrast.against(threshold) == said
    turned = Contrast("a", "b", -(low + high) / 2, 0.1, -high, -low, None, None, 0.5)
    assert turned.against(-threshold) == said
    with pytest.raises(ShapeError, match="no finite distance"):
        contrast.against(0.0)


@settings(max_examples=30)
@given(networks(min_treatments=3), st.sampled_from(RULES))
def test_splits_rest_on_the_normal_whatever_the_intervals_rest_on(network: Network, rule: Inference) -> None:
    """Were one of the two parts rescaled and not the other, the indirect part would be what neither says."""
    normal, rescaled = (node_splits(fit(network, inference=name)) for name in ("normal", rule))
    assert rescaled == normal
