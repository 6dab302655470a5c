"""Posteriors, regression, components and sensitivity: corners and every error."""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path

import numpy as np
import pytest

from equipoise.synthesis import Network, Trial, fit
from equipoise.synthesis.bayes import posterior
from equipoise.synthesis.contribution import contribution
from equipoise.synthesis.heterogeneity import log_likelihood
from equipoise.synthesis.integration import fit_over_grid
from equipoise.synthesis.network import consistency_rows
from equipoise.synthesis.pooling import two_treatment_network
from equipoise.synthesis.priors import half_cauchy, half_normal, log_normal_tau2, log_t_tau2, uniform
from equipoise.synthesis.regression import component_analysis, meta_regression, unrelated_mean_effects
from equipoise.synthesis.sensitivity import leave_one_treatment_out, leave_one_trial_out, trial_thresholds
from equipoise.vocabulary.errors import NetworkError, NotEstimableError, ShapeError, UnknownTermError
from equipoise.vocabulary.measures import Measure


def two_arm(study: str, treatment: str, reference: str, estimate: float = -0.2, se: float = 0.1) -> Trial:
    return Trial(study, (reference, treatment), np.array([estimate]), np.array([[se**2]]))


TRIANGLE = Network(
    (
        two_arm("1", "b", "a", -0.2),
        two_arm("2", "b", "a", -0.3),
        two_arm("3", "c", "a", -0.4),
        two_arm("4", "c", "b", 0.1),
    ),
    Measure.RATE_RATIO,
    "a",
)

# ---------------------------------------------------------------- posteriors


def test_posterior_of_two_trials_is_wider_under_a_wider_prior() -> None:
    narrow, wide = (posterior(TRIANGLE, half_normal(scale)) for scale in (0.1, 1.0))
    assert narrow.tau.mean < wide.tau.mean
    assert narrow.contrast("b", "a").sd < wide.contrast("b", "a").sd


def test_a_posterior_without_end_is_refused() -> None:
    lonely = Network((two_arm("1", "b", "a"),), Measure.RATE_RATIO, "a")
    with pytest.raises(NotEstimableError, match="no end"):
        posterior(lonely, log_t_tau2(0.0, 8.0))
    assert posterior(lonely, half_normal(0.5)).contrast("b", "a").mean == pytest.approx(-0.2)


def test_a_sharp_posterior_of_tau_is_found() -> None:
    """Four hundred trials leave tau known to a few per cent; the scan must not step over it."""
    rng = np.random.default_rng(7)
    y = rng.normal(0.1, math.hypot(0.3, 0.05), 400)
    network = two_treatment_network(y, np.full(400, 0.05), [str(i) for i in range(400)], Measure.RATE_RATIO)
    found = posterior(network, half_normal(1.0))
    assert found.tau.mean == pytest.approx(0.3, abs=0.03)
    assert found.tau.sd == pytest.approx(0.3 / math.sqrt(800), rel=0.15)


def test_posterior_errors() -> None:
    found = posterior(TRIANGLE, half_normal(0.5))
    with pytest.raises(UnknownTermError, match="treatment called 'z'"):
        found.contrast("a", "z")
    with pytest.raises(ShapeError, match="between 0 and 1"):
        posterior(TRIANGLE, half_normal(0.5), level=95)
    pieces = Network((two_arm("1", "b", "a"), two_arm("2", "d", "c")), Measure.RATE_RATIO)
    with pytest.raises(NetworkError, match="2 pieces"):
        posterior(pieces, half_normal(0.5))


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_priors_need_positive_scales(wrong: float) -> None:
    for make in (half_normal, half_cauchy, uniform):
        with pytest.raises(NotEstimableError, match="must be positive"):
            make(wrong)
    with pytest.raises(NotEstimableError, match="must be positive"):
        log_normal_tau2(0.0, wrong)
    with pytest.raises(NotEstimableError, match="must be positive"):
        log_t_tau2(0.0, wrong)


def test_a_prior_says_its_name_and_source() -> None:
    prior = log_normal_tau2(-2.56, 1.74, source="Turner 2012, Table IV")
    assert prior.name == "tau^2 ~ log-normal(-2.56, 1.74^2)"
    assert prior.source == "Turner 2012, Table IV"


def test_the_restricted_likelihood_is_the_marginal_one_under_flat_effects() -> None:
    rows = consistency_rows(TRIANGLE)
    tau = np.array([0.05, 0.3])
    marginal = fit_over_grid(rows, tau).log_marginal
    restricted = [log_likelihood(rows, t**2, restricted=True) for t in tau]
    assert restricted[1] - restricted[0] == pytest.approx(float(marginal[1] - marginal[0]))


# ---------------------------------------------------------------- contributions


def test_shares_of_one_contrast_are_sorted_and_named() -> None:
    found = contribution(fit(TRIANGLE, model="common"))
    shares = found.of("c", "a")
    assert next(iter(shares)) == ("a", "c")
    assert sum(shares.values()) == pytest.approx(1.0)
    with pytest.raises(UnknownTermError, match="contrast called"):
        found.of("a", "z")
    with pytest.raises(UnknownTermError, match="contribution method"):
        contribution(fit(TRIANGLE), method="streams")  # type: ignore[arg-type]


# ---------------------------------------------------------------- regression and components


def test_meta_regression_agrees_with_metafor() -> None:
    """The key meta_regression_REML of the BCG reference: ``rma(yi, vi, mods = ~ ablat, method = "REML")``."""
    folder = Path(__file__).parent.parent / "golden" / "reference" / "pairwise" / "bcg"
    lines = [line.split(",") for line in (folder / "input.csv").read_text().splitlines()[1:]]
    expected = json.loads((folder / "metafor.json").read_text())["meta_regression_REML"]
    names = [line[0] for line in lines]
    network = two_treatment_network(
        [float(line[6]) for line in lines], [float(line[7]) ** 0.5 for line in lines], names, Measure.RISK_RATIO
    )
    found = meta_regression(network, {"ablat": {line[0]: float(line[5]) for line in lines}})
    coefficients = list(found.coefficients.values())
    assert [c.estimate for c in coefficients] == pytest.approx(expected["b"], rel=1e-9)
    assert [c.se for c in coefficients] == pytest.approx(expected["se"], rel=1e-9)
    assert (found.tau2, found.i2) == pytest.approx((expected["tau2"], expected["I2"]), rel=1e-9)
    assert (found.q_columns, found.q) == pytest.approx((expected["QM"], expected["QE"]), rel=1e-9)


def test_covariates_of_a_network_per_treatment() -> None:
    year = {"1": 0.0, "2": 10.0, "3": 0.0, "4": 5.0}
    found = meta_regression(TRIANGLE, {"year": year}, model="common", interaction="common")
    assert list(found.coefficients) == ["b", "c", "year"]
    with pytest.raises(NotEstimableError, match="no value of the covariate 'year'"):
        meta_regression(TRIANGLE, {"year": {"1": 0.0}})
    with pytest.raises(NotEstimableError, match="cannot tell these 3 coefficients apart"):
        meta_regression(TRIANGLE, {"year": dict.fromkeys("1234", 0.0)})
    with pytest.raises(UnknownTermError, match="kind of interaction"):
        meta_regression(TRIANGLE, {"year": year}, interaction="none")  # type: ignore[arg-type]
    per_treatment = meta_regression(TRIANGLE, {"year": year}, model="common", interaction="per-treatment")
    assert list(per_treatment.coefficients) == ["b", "c", "year: b", "year: c"]
    assert per_treatment.q_df == 0


def test_components_join_pieces_and_add_up() -> None:
    pieces = Network((two_arm("1", "x", "placebo", -0.2), two_arm("2", "x+y", "y", -0.3)), Measure.RATE_RATIO)
    parts = {"placebo": [], "x": ["x"], "y": ["y"], "x+y": ["x", "y"]}
    with pytest.raises(NotEstimableError, match="cannot tell"):
        component_analysis(pieces, parts)
    joined = Network((*pieces.trials, two_arm("3", "y", "placebo", -0.1)), Measure.RATE_RATIO)
    found = component_analysis(joined, parts, model="common")
    assert found.coefficients["x"].estimate == pytest.approx(-0.25)
    both = found.combination({"x": 1, "y": 1})
    assert both.estimate == pytest.approx(-0.35)
    assert both.se == pytest.approx(math.sqrt(0.01 / 2 + 0.01))
    assert both.name == "+1 x x +1 x y"
    with pytest.raises(UnknownTermError, match="coefficient called"):
        found.combination({"z": 1})
    with pytest.raises(UnknownTermError, match="treatment with components"):
        component_analysis(joined, {"placebo": []})
    with pytest.raises(UnknownTermError, match="model called"):
        component_analysis(joined, parts, model="fixed")  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="between 0 and 1"):
        component_analysis(joined, parts, level=95)


def test_one_component_per_treatment_is_the_network_fit() -> None:
    found = component_analysis(TRIANGLE, {"a": [], "b": ["b"], "c": ["c"]})
    expected = fit(TRIANGLE)
    assert found.coefficients["b"].estimate == pytest.approx(expected.contrast("b", "a").estimate)
    assert (found.q, found.tau2) == pytest.approx((expected.q, expected.tau2))


def test_unrelated_mean_effects_take_the_loop_apart() -> None:
    found = unrelated_mean_effects(TRIANGLE, model="common")
    assert list(found.coefficients) == ["b versus a", "c versus a", "c versus b"]
    assert found.coefficients["b versus a"].estimate == pytest.approx(-0.25)
    assert (found.q_df, fit(TRIANGLE).q_df) == (1, 2)


def test_a_comparison_has_one_coefficient_whichever_arm_is_the_baseline() -> None:
    network = Network((two_arm("1", "b", "a", -0.2), two_arm("2", "a", "b", 0.4)), Measure.RATE_RATIO)
    found = unrelated_mean_effects(network, model="common")
    assert list(found.coefficients) == ["a versus b"]
    assert found.coefficients["a versus b"].estimate == pytest.approx(0.3)


# ---------------------------------------------------------------- sensitivity


def test_leaving_out_the_bridge_is_answered_with_the_pieces() -> None:
    chain = Network((two_arm("1", "b", "a"), two_arm("2", "c", "b"), two_arm("3", "d", "c")), Measure.RATE_RATIO)
    first, bridge, _ = leave_one_trial_out(chain, functools.partial(fit, model="common"))
    assert first.lost == ("a",)
    assert first.fit is not None
    assert bridge.fit is None
    assert "2 pieces" in bridge.reason


def test_leaving_out_a_treatment_leaves_its_trials_out() -> None:
    without_a, without_b, _ = leave_one_treatment_out(TRIANGLE, fit)
    assert without_a.fit is not None
    assert without_a.fit.treatments == ("b", "c")
    assert without_b.lost == ("b",)
    alone = Network((two_arm("1", "b", "a"),), Measure.RATE_RATIO)
    assert leave_one_trial_out(alone, fit)[0].reason == "no trial remains"


def test_threshold_of_the_only_trial_is_no_difference() -> None:
    alone = Network((two_arm("1", "b", "a", -0.2),), Measure.RATE_RATIO)
    (found,) = trial_thresholds(fit(alone, model="common"), "1", smaller_is_better=True)
    assert found.low == -math.inf
    assert found.high == pytest.approx(0.0)
    assert (found.then_low, found.then_high) == ("", "a")
    with pytest.raises(UnknownTermError, match="trial called"):
        trial_thresholds(fit(alone, model="common"), "9", smaller_is_better=True)
