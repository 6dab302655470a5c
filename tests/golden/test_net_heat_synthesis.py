"""Net heat: column sums against netmeta's decomposition by design, and a triangle by hand."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.synthesis import decompose_q, fit, network_from_contrasts
from equipoise.synthesis.heat import net_heat
from tests.golden.network_reference import DATASETS, document, network

# The same arithmetic in another order. Worst seen: 7e-13 (franchini2012).
RTOL = 1e-10


@pytest.mark.parametrize("data", DATASETS)
def test_what_is_left_when_a_design_is_let_go_agrees_with_netmeta(data: str) -> None:
    heat = net_heat(fit(network(data), model="common"))
    decomposed = document(data, "netmeta")["DL"]["decomp_design"]
    between = {part["part"]: part["Q"] for part in decomposed["Q_decomp"]}["Between designs"]
    assert heat.inconsistency.sum() == pytest.approx(between, rel=RTOL)
    left = {frozenset(row["design"].split(":")): row["Q"] for row in decomposed["Q_inc_detach"]}
    found = {
        frozenset(design): between - float(heat.change[:, column].sum())
        for column, design in enumerate(heat.designs)
        if heat.can_be_detached[column]
    }
    assert set(left) <= set(found)
    for design, q in left.items():
        assert found[design] == pytest.approx(q, rel=RTOL, abs=1e-9)


@pytest.mark.parametrize("data", DATASETS)
def test_columns_agree_with_our_own_detached_designs(data: str) -> None:
    q, heat = decompose_q(network(data)), net_heat(fit(network(data), model="common"))
    for design, part in q.detached.items():
        column = heat.designs.index(design)
        assert heat.change[:, column].sum() == pytest.approx(q.between.statistic - part.statistic, rel=1e-7, abs=1e-9)


def test_a_triangle_by_hand() -> None:
    """Unit variances: each residual is a third of the loop's gap w, each part w^2/9, and letting any go takes all."""
    names = (["1", "2", "3"], ["b", "c", "c"], ["a", "a", "b"])
    heat = net_heat(fit(network_from_contrasts("mean-difference", *names, [1.0, 0.4, 0.5], [1, 1, 1]), model="common"))
    gap = 1.0 + 0.5 - 0.4
    np.testing.assert_allclose(heat.inconsistency, [gap**2 / 9] * 3)
    np.testing.assert_allclose(heat.change, np.full((3, 3), gap**2 / 9))
    np.testing.assert_allclose(heat.hat, np.array([[2, 1, -1], [1, 2, 1], [-1, 1, 2]]) / 3, atol=1e-15)
    assert heat.names == ("b versus a", "c versus a", "c versus b")
