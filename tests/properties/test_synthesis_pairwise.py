"""What holds for every pairwise meta-analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.synthesis import pool
from equipoise.synthesis.heterogeneity import Tau2Method

METHODS = st.sampled_from(["dl", "pm", "reml", "ml"])
STUDIES = st.lists(
    st.tuples(st.floats(-3, 3).map(lambda x: round(x, 3)), st.floats(0.05, 2.0).map(lambda x: round(x, 3))),
    min_size=2,
    max_size=12,
)
# Roots are found to the last digit; what is left is the rounding of sums in another order.
RTOL = 1e-7


def pooled_numbers(studies: list[tuple[float, float]], method: Tau2Method, **options: Any) -> np.ndarray[Any, Any]:
    y, se = zip(*studies, strict=True)
    pooled = pool(y, se, measure="mean-difference", tau2_method=method, **options)
    assert pooled.tau2 is not None
    return np.array([pooled.estimate, pooled.se, pooled.ci_low, pooled.ci_high, np.sqrt(pooled.tau2)])


@settings(deadline=None)
@given(STUDIES, METHODS, st.randoms(use_true_random=False))
def test_order_of_studies_is_irrelevant(studies: list[tuple[float, float]], method: Tau2Method, random: Any) -> None:
    shuffled = studies.copy()
    random.shuffle(shuffled)
    np.testing.assert_allclose(pooled_numbers(shuffled, method), pooled_numbers(studies, method), rtol=RTOL, atol=1e-6)


@settings(deadline=None)
@given(STUDIES, METHODS, st.sampled_from([0.01, 0.5, 3.0, 100.0]))
def test_scaling_the_data_scales_the_answer(studies: list[tuple[float, float]], method: Tau2Method, c: float) -> None:
    scaled = [(c * y, c * se) for y, se in studies]
    np.testing.assert_allclose(
        pooled_numbers(scaled, method) / c, pooled_numbers(studies, method), rtol=RTOL, atol=1e-6
    )


@settings(deadline=None)
@given(STUDIES, METHODS)
def test_swapping_treatment_and_reference_flips_the_sign(
    studies: list[tuple[float, float]], method: Tau2Method
) -> None:
    here = pooled_numbers(studies, method)
    there = pooled_numbers([(-y, se) for y, se in studies], method)
    np.testing.assert_allclose(there[[0, 1, 3, 2, 4]] * [-1, 1, -1, -1, 1], here, rtol=RTOL, atol=1e-6)


@settings(deadline=None)
@given(STUDIES, METHODS)
def test_reference_implementation_in_a_few_plain_lines(studies: list[tuple[float, float]], method: Tau2Method) -> None:
    estimate, se, *_, tau = pooled_numbers(studies, method)
    y, s = np.array(studies).T
    w = 1 / (s**2 + tau**2)
    assert estimate == pytest.approx(w @ y / w.sum(), rel=RTOL, abs=1e-9)
    assert se == pytest.approx(w.sum() ** -0.5, rel=RTOL)
    if method == "dl":
        w = 1 / s**2
        q = w @ (y - w @ y / w.sum()) ** 2
        dl = max(0.0, (q - len(y) + 1) / (w.sum() - (w**2).sum() / w.sum()))
        assert tau**2 == pytest.approx(dl, rel=1e-6, abs=1e-9)
    if method == "pm" and tau > 0:
        assert w @ (y - estimate) ** 2 == pytest.approx(len(y) - 1, rel=1e-6)


@settings(deadline=None)
@given(STUDIES)
def test_the_ad_hoc_interval_is_never_the_shorter(studies: list[tuple[float, float]]) -> None:
    plain = pooled_numbers(studies, "dl", interval="hartung-knapp")
    ad_hoc = pooled_numbers(studies, "dl", interval="hartung-knapp-ad-hoc")
    assert ad_hoc[3] - ad_hoc[2] >= (plain[3] - plain[2]) * (1 - 1e-12)
