"""Corners of the posterior: no spread at all, a tail without end, the same contrast the other way round."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from equipoise.synthesis import (
    Network,
    fit,
    half_cauchy,
    half_normal,
    log_normal_tau2,
    network_from_contrasts,
    posterior,
    uniform,
)


def pair(n: int) -> Network:
    """``n`` trials of B versus A, spread from zero to one."""
    return network_from_contrasts(
        "mean-difference", [f"s{i}" for i in range(n)], ["B"] * n, ["A"] * n, np.linspace(0, 1, n), [0.2] * n
    )


@pytest.mark.parametrize("n", [1, 2])
def test_a_standard_deviation_that_is_infinite_is_said(n: int) -> None:
    """With one trial or two, the second moment of tau under a half-Cauchy prior has no end."""
    assert any("may be infinite" in note for note in posterior(pair(n), half_cauchy(0.5)).notes)
    for prior in (half_normal(0.5), uniform(2.0), log_normal_tau2(-2.0, 1.5)):
        assert posterior(pair(n), prior).notes == ()


def test_nothing_is_said_where_the_trials_end_the_tail() -> None:
    assert posterior(pair(10), half_cauchy(0.5)).notes == ()


def test_no_prior_is_a_common_effect() -> None:
    network = pair(5)
    certain, fitted = posterior(network, None), fit(network, model="common")
    contrast, expected = certain.contrast("B", "A"), fitted.contrast("B", "A")
    assert (contrast.mean, contrast.sd) == pytest.approx((expected.estimate, expected.se), rel=1e-12)
    assert (contrast.pi_low, contrast.pi_high) == pytest.approx((contrast.cri_low, contrast.cri_high), rel=1e-9)
    assert (certain.tau.mean, certain.tau.sd, certain.tau.quantile(0.975)) == (0.0, 0.0, 0.0)
    assert certain.tau.is_zero
    assert not posterior(network, half_normal(0.5)).tau.is_zero


def test_the_other_way_round_is_the_mirror_image() -> None:
    found = posterior(pair(4), half_normal(0.5))
    listed = {(one.treatment, one.reference): one for one in found.contrasts()}
    assert list(listed) == [("A", "B"), ("B", "A")]
    for (treatment, reference), one in listed.items():
        for name, value in asdict(found.contrast(treatment, reference)).items():
            assert getattr(one, name) == (
                value if isinstance(value, str) else pytest.approx(value, rel=1e-9, abs=1e-12)
            )
