"""A known truth is recovered, and intervals hold it as often as they say."""

from __future__ import annotations

import math

import pytest

from validation.recovery.simulate import fitted, integrated, network, pairwise, pooled

N = 400
# Four standard errors of a share of 0.95 among 400: 0.044.
ALLOWED = 4 * math.sqrt(0.95 * 0.05 / N)
# Wald intervals of few trials are known to be too short; the table in docs/explanation says by how much.
WALD_ALLOWED = 0.08


@pytest.mark.parametrize("tau", [0.0, 0.3])
def test_hartung_knapp_intervals_cover_with_ten_trials(tau: float) -> None:
    found = pairwise(pooled(tau2_method="reml", interval="hartung-knapp"), k=10, tau=tau, n=N)
    assert abs(found.coverage - 0.95) < ALLOWED
    assert abs(found.bias) < 4


def test_the_common_effect_interval_covers_when_there_is_one_effect() -> None:
    assert abs(pairwise(pooled(model="common"), k=10, tau=0.0, n=N).coverage - 0.95) < ALLOWED


def test_tau2_is_recovered_from_many_trials() -> None:
    for method in ("dl", "pm", "reml"):
        found = pairwise(pooled(tau2_method=method), k=40, tau=0.3, n=N)
        assert found.mean_tau2 == pytest.approx(0.09, rel=0.06)


@pytest.mark.parametrize("method", ["dl", "reml"])
def test_network_intervals_cover(method: str) -> None:
    found = network(fitted(tau2_method=method), tau=0.3, n=N)
    assert 0.95 - WALD_ALLOWED < found.coverage < 0.95 + ALLOWED
    assert abs(found.bias) < 4


def test_network_posteriors_cover() -> None:
    found = network(integrated, tau=0.3, n=N)
    assert abs(found.coverage - 0.95) < ALLOWED
    assert abs(found.bias) < 4
