"""What reports show beside the estimates: densities of tau, limits of direct evidence, effects that matter."""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.synthesis import Network, Trial, fit, split_contrast
from equipoise.synthesis.bayes import posterior
from equipoise.synthesis.priors import half_normal, uniform
from equipoise.synthesis.tau_curves import tau_curves
from equipoise.vocabulary.errors import ShapeError
from equipoise.vocabulary.measures import Measure


def two_arm(study: str, treatment: str, reference: str, estimate: float, se: float = 0.1) -> Trial:
    return Trial(study, (reference, treatment), np.array([estimate]), np.array([[se**2]]))


TRIANGLE = Network(
    (
        two_arm("1", "b", "a", -0.2),
        two_arm("2", "b", "a", -0.5),
        two_arm("3", "c", "b", -0.3),
        two_arm("4", "c", "a", -0.4),
    ),
    Measure.RATE_RATIO,
)


def test_the_curve_of_tau_holds_the_mass_between_its_ends() -> None:
    curve = tau_curves(posterior(TRIANGLE, half_normal(0.5)).tau).posterior
    tau, density = curve.points.T
    assert float(np.trapezoid(density, tau)) == pytest.approx(0.999, abs=0.01)
    assert 0 < curve.low < curve.median < curve.high < tau[-1]


def test_the_curve_of_a_prior_ends_where_the_prior_does() -> None:
    curve = tau_curves(posterior(TRIANGLE, uniform(0.3)).tau).prior
    assert curve.points[:, 0].max() <= 0.3
    assert curve.points[:, 1] == pytest.approx(1 / 0.3)
    assert (curve.low, curve.median, curve.high) == pytest.approx((0.0075, 0.15, 0.2925), rel=1e-3)


def test_an_effect_that_matters_counts_on_its_own_side() -> None:
    found = posterior(TRIANGLE, half_normal(0.5))
    below = found.probability_below("b", "a", math.log(0.8))
    assert found.probability_important("b", "a", math.log(0.8)) == below
    assert found.probability_important("a", "b", math.log(1.25)) == pytest.approx(below, abs=1e-12)
    with pytest.raises(ShapeError, match="no difference"):
        found.probability_important("b", "a", 0.0)


def test_limits_of_direct_evidence_are_those_of_its_trials_alone() -> None:
    split = split_contrast(fit(TRIANGLE, model="common"), "c", "b")
    limits = split.direct_interval(0.95)
    assert limits == pytest.approx((-0.3 - 0.1 * 1.959964, -0.3 + 0.1 * 1.959964), abs=1e-6)
    alone = Network((two_arm("1", "b", "a", -0.2), two_arm("2", "c", "b", -0.3)), Measure.RATE_RATIO)
    assert split_contrast(fit(alone, model="common"), "c", "a").direct_interval() is None
