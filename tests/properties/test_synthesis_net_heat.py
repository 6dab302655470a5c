"""Net heat: true for every network, and equal to the deletion formula in ten plain lines."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.synthesis import Network, decompose_q, fit, network_from_contrasts
from equipoise.synthesis.heat import net_heat
from equipoise.vocabulary.errors import NotEstimableError

NAMES = ("a", "b", "c", "d")
few = settings(max_examples=50, deadline=None)


@st.composite
def pairs(draw: st.DrawFn) -> Network:
    """Two-arm trials that join all treatments, several of them in loops."""
    chosen = list(itertools.pairwise(NAMES))
    chosen += draw(st.lists(st.sampled_from(list(itertools.combinations(NAMES, 2))), min_size=1, max_size=6))
    y = [draw(st.floats(-2, 2)) for _ in chosen]
    s = [draw(st.floats(0.1, 2)) for _ in chosen]
    study = [f"s{i}" for i in range(len(chosen))]
    reference, treatment = zip(*chosen, strict=True)
    return network_from_contrasts("mean-difference", study, treatment, reference, y, s)


@few
@given(pairs())
def test_equal_to_the_deletion_formula(network: Network) -> None:
    """For designs of two arms: r of the others moves by M[:, d] r_d / M_dd, and r_d becomes zero."""
    heat = net_heat(fit(network, model="common"))
    left = np.eye(len(heat.names)) - heat.hat
    direct = []
    for design in heat.designs:
        trials = [t for t in network.trials if t.design == design]
        w = np.array([1 / t.covariance[0, 0] for t in trials])
        y = np.array([t.estimates[0] * (1 if t.treatments[0] == design[0] else -1) for t in trials])
        direct.append((float(w @ y / w.sum()), float(w.sum())))
    theta, weight = np.array(direct).T
    r = left @ theta
    np.testing.assert_allclose(heat.inconsistency, weight * r**2, atol=1e-9)
    for d, free in enumerate(heat.can_be_detached):
        rest = r - left[:, d] * r[d] / left[d, d] if free else r
        np.testing.assert_allclose(heat.change[:, d], weight * (r**2 - rest**2), atol=1e-7)


@few
@given(pairs(), st.sampled_from(NAMES), st.sampled_from([0.0, 0.3]))
def test_sums_and_shares(network: Network, reference: str, tau2: float) -> None:
    heat = net_heat(fit(network, tau2=tau2))
    np.testing.assert_allclose(heat.hat @ heat.hat, heat.hat, atol=1e-8)
    assert np.trace(heat.hat) == pytest.approx(len(network.parameters))
    assert (heat.inconsistency >= -1e-12).all()
    assert (np.diag(heat.change) >= -1e-9).all()
    if tau2 == 0.0:
        assert heat.inconsistency.sum() == pytest.approx(decompose_q(network).between.statistic, abs=1e-8)
    other = net_heat(fit(network.with_reference(reference), tau2=tau2))
    np.testing.assert_allclose(other.change, heat.change, atol=1e-8)


def test_one_design_has_no_heat() -> None:
    one = network_from_contrasts("mean-difference", ["1", "2"], ["b", "b"], ["a", "a"], [1, 2], [1, 1])
    with pytest.raises(NotEstimableError, match="same design"):
        net_heat(fit(one))


def test_a_star_changes_nothing_when_an_arm_is_let_go() -> None:
    star = network_from_contrasts("mean-difference", ["1", "2"], ["b", "c"], ["a", "a"], [1, 2], [1, 1])
    heat = net_heat(fit(star, model="common"))
    assert heat.can_be_detached == (False, False)
    assert not heat.change.any()
