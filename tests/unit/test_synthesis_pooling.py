"""Pooling: small corners, notes, and every error."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

from equipoise.synthesis import odds_ratio, pool
from equipoise.synthesis.gls import independent_rows
from equipoise.synthesis.heterogeneity import estimate_tau2
from equipoise.vocabulary.errors import NotEstimableError, ShapeError, UnknownTermError
from equipoise.vocabulary.measures import Measure

ESTIMATES, ERRORS = [-0.4, -0.1, 0.2, -0.9], [0.2, 0.15, 0.3, 0.25]


def test_one_study_is_given_as_it_is_with_a_note() -> None:
    pooled = pool([-0.4], [0.2], measure=Measure.HAZARD_RATIO, interval="hartung-knapp")
    assert (pooled.estimate, pooled.se, pooled.k) == pytest.approx((-0.4, 0.2, 1))
    assert (pooled.tau2, pooled.i2, pooled.pi_low, pooled.q_p, pooled.interval) == (None, None, None, None, "wald")
    assert any("cannot be estimated" in note for note in pooled.notes)
    assert any("Hartung-Knapp" in note for note in pooled.notes)


def test_ratio_scale_is_the_exponential() -> None:
    pooled = pool(ESTIMATES, ERRORS, measure="rate-ratio")
    ratio = pooled.as_ratio()
    assert pooled.pi_low is not None
    assert (ratio.estimate, ratio.ci_low, ratio.pi_low) == pytest.approx(
        (math.exp(pooled.estimate), math.exp(pooled.ci_low), math.exp(pooled.pi_low))
    )
    assert pool(ESTIMATES, ERRORS, measure="rate-ratio", model="common").as_ratio().pi_high is None


def test_a_difference_has_no_ratio_scale() -> None:
    with pytest.raises(NotEstimableError, match="no ratio scale"):
        pool(ESTIMATES, ERRORS, measure=Measure.MEAN_DIFFERENCE).as_ratio()


def test_higgins_prediction_interval_has_k_minus_two_degrees_of_freedom() -> None:
    pooled = pool(ESTIMATES, ERRORS, measure="rate-ratio", prediction_rule="higgins")
    assert pooled.tau2 is not None
    assert pooled.pi_high is not None
    half = 4.302652729696144 * math.sqrt(pooled.se**2 + pooled.tau2)  # t quantile, 2 degrees of freedom
    assert pooled.pi_high - pooled.estimate == pytest.approx(half)
    assert "Higgins" in pooled.pi_rule


def test_higgins_rule_needs_three_studies() -> None:
    pooled = pool(ESTIMATES[:2], ERRORS[:2], measure="rate-ratio", prediction_rule="higgins")
    assert pooled.pi_low is None
    assert "three studies" in pooled.pi_rule


def test_weights_are_percentages() -> None:
    pooled = pool(ESTIMATES, ERRORS, measure="rate-ratio", model="common")
    precision = 1 / np.square(ERRORS)
    np.testing.assert_allclose(pooled.weights, 100 * precision / precision.sum())


def test_notes_of_the_effect_sizes_travel_along() -> None:
    effects = odds_ratio([0, 5], [20, 20], [4, 5], [20, 25], studies=["a", "b"])
    pooled = pool(
        effects.estimates,
        effects.standard_errors,
        measure=effects.measure,
        studies=effects.studies,
        notes=effects.notes,
    )
    assert pooled.notes == effects.notes
    assert pooled.studies == ("a", "b")


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_unusable_standard_errors_are_refused_by_name(bad: float) -> None:
    with pytest.raises(NotEstimableError, match=r"in: trial-b\."):
        pool([0.1, 0.2], [0.1, bad], measure="rate-ratio", studies=["trial-a", "trial-b"])


def test_a_missing_estimate_is_refused() -> None:
    with pytest.raises(NotEstimableError, match="study 2"):
        pool([0.1, math.nan], [0.1, 0.2], measure="rate-ratio")


def test_shapes_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ShapeError, match="do not belong together"):
        pool([0.1, 0.2], [0.1], measure="rate-ratio")
    with pytest.raises(ShapeError, match="at least one study"):
        pool([], [], measure="rate-ratio")
    with pytest.raises(ShapeError, match="between 0 and 1"):
        pool([0.1], [0.1], measure="rate-ratio", level=95)


def test_an_unknown_measure_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownTermError, match=r"Did you mean: .*hazard-ratio"):
        pool(ESTIMATES, ERRORS, measure="hazzard-ratio")


@pytest.mark.parametrize(
    "wrong", [{"model": "fixed"}, {"tau2_method": "sj"}, {"interval": "t"}, {"prediction_rule": "z"}]
)
def test_unknown_names_are_answered_with_the_known_ones(wrong: dict[str, str]) -> None:
    with pytest.raises(UnknownTermError, match=r"Known here|Did you mean"):
        pool(ESTIMATES, ERRORS, measure="rate-ratio", **wrong)  # type: ignore[arg-type]


def test_hartung_knapp_on_studies_that_agree_exactly_says_so() -> None:
    pooled = pool([0.3, 0.3], [0.2, 0.2], measure="rate-ratio", interval="hartung-knapp")
    assert (pooled.se, pooled.p) == pytest.approx((0.0, 0.0), abs=1e-12)
    assert "no width" in pooled.notes[0]


def test_identical_trials_have_no_heterogeneity_under_any_method() -> None:
    for method in ("dl", "pm", "reml", "ml"):
        pooled = pool([0.3] * 4, [0.2] * 4, measure="rate-ratio", tau2_method=method)
        assert (pooled.tau2, pooled.i2, pooled.h2) == (0.0, 0.0, 1.0)
        assert pooled.estimate == pytest.approx(0.3)


def test_the_highest_of_several_likelihood_maxima_is_taken() -> None:
    """Found by search: the likelihood of these four trials has a maximum at zero and a higher one at 0.0082."""
    y, v = np.array([-0.17, 2.12, 0.78, 0.1]), np.array([0.0126, 1.8434, 4.5279, 0.0016])
    rows = independent_rows([(y[[i]], np.ones((1, 1)), np.diag(v[[i]])) for i in range(len(y))])
    grid = np.concatenate([[0.0], np.logspace(-6, 1, 4000)])
    w = 1 / (v[:, None] + grid)
    mu = (w * y[:, None]).sum(0) / w.sum(0)
    log_likelihood = 0.5 * (np.log(w) - w * (y[:, None] - mu) ** 2).sum(0)
    assert log_likelihood[0] > log_likelihood[1]
    assert estimate_tau2(rows, "ml") == pytest.approx(grid[log_likelihood.argmax()], rel=0.01)


def test_import_is_light() -> None:
    """Only numpy is loaded at import; scipy.special waits for the first number that needs it."""
    code = "import sys, equipoise.synthesis; print([m for m in sys.modules if m.startswith('scipy')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
