"""Draws of the effects in one new trial: do they spread as the predictive distribution says?"""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.synthesis import network_from_contrasts
from equipoise.synthesis.bayes import NetworkPosterior, posterior
from equipoise.synthesis.priors import half_normal
from equipoise.vocabulary.measures import Measure

N = 20_000


@pytest.fixture(scope="module")
def fitted() -> NetworkPosterior:
    network = network_from_contrasts(
        Measure.RATE_RATIO,
        ["1", "2", "3", "4"],
        ["b", "b", "c", "c"],
        ["a", "a", "a", "b"],
        [-0.5, 0.4, -0.2, 0.3],
        [0.1, 0.1, 0.2, 0.2],
    )
    return posterior(network, half_normal(0.5))


@pytest.mark.parametrize(("treatment", "reference"), [("b", "a"), ("c", "a"), ("c", "b")])
def test_quantiles_are_those_of_the_predictive_interval(
    fitted: NetworkPosterior, treatment: str, reference: str
) -> None:
    drawn = fitted.predictive_draws(N)
    i, j = (fitted.treatments.index(name) for name in (treatment, reference))
    expected = fitted.contrast(treatment, reference)
    low, high = np.quantile(drawn[:, i] - drawn[:, j], [0.025, 0.975])
    assert low == pytest.approx(expected.pi_low, abs=0.04)
    assert high == pytest.approx(expected.pi_high, abs=0.04)


def test_they_spread_more_than_the_means_and_are_the_same_every_time(fitted: NetworkPosterior) -> None:
    drawn, means = fitted.predictive_draws(N), fitted.draws(N)
    assert (drawn.std(axis=0)[1:] > means.std(axis=0)[1:]).all()
    assert np.array_equal(drawn, fitted.predictive_draws(N))
