"""The distributions written here are those of the usual library, which no analysis has to load."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from equipoise.synthesis.distributions import (
    chi2_quantiles,
    chi2_tail,
    normal_cdf,
    normal_quantiles,
    t_quantile,
    two_sided_p,
)

ROUNDING = 1e-12
DEGREES = [1, 2, 3, 4, 5, 7, 12, 40, 150, 500]


def test_normal_distribution_function() -> None:
    z = np.concatenate([np.linspace(-37, 9, 5001), np.linspace(-0.7, 0.7, 501)])
    np.testing.assert_allclose(normal_cdf(z), special.ndtr(z), rtol=ROUNDING)
    assert normal_cdf(np.array([-1e9, 0.0, 1e9])).tolist() == [0.0, 0.5, 1.0]


def test_normal_quantiles() -> None:
    below = 10.0 ** np.linspace(-300, -0.31, 3001)
    np.testing.assert_allclose(normal_quantiles(below), special.ndtri(below), rtol=ROUNDING)
    above = 1 - below[-150:]
    np.testing.assert_allclose(normal_quantiles(above), special.ndtri(above), rtol=ROUNDING)


@given(st.floats(0.001, 0.9999), st.sampled_from(DEGREES))
def test_t_quantile(level: float, df: int) -> None:
    # A quantile in the middle says little of a level close to zero: what is lost is lost in 1 - level.
    assert t_quantile(level, df) == pytest.approx(special.stdtrit(df, 0.5 + level / 2), rel=ROUNDING, abs=ROUNDING)


@given(st.floats(0.01, 0.99), st.floats(2.1, 60))
def test_t_quantile_of_a_broken_number_of_degrees(level: float, df: float) -> None:
    assert t_quantile(level, df) == pytest.approx(special.stdtrit(df, 0.5 + level / 2), rel=ROUNDING)


@given(st.floats(0, 1000), st.sampled_from(DEGREES))
def test_chi_squared_tail(q: float, df: int) -> None:
    # The library itself is off by 1e-12 where the tail is tiny.
    assert chi2_tail(q, df) == pytest.approx(special.chdtrc(df, q), rel=2e-12)


@pytest.mark.parametrize("df", DEGREES)
def test_chi_squared_quantiles(df: int) -> None:
    mass = np.concatenate([10.0 ** np.linspace(-12, -1, 100), np.linspace(0.1, 0.999, 100)])
    np.testing.assert_allclose(chi2_quantiles(mass, df), 2 * special.gammaincinv(df / 2, mass), rtol=ROUNDING)


@given(st.floats(-1e4, 1e4), st.sampled_from(DEGREES))
def test_two_sided_p_of_t(statistic: float, df: int) -> None:
    # The library loses digits in the far tail of one and two degrees of freedom.
    assert two_sided_p(statistic, df) == pytest.approx(2 * special.stdtr(df, -abs(statistic)), rel=1e-8, abs=1e-300)


@given(st.floats(-30, 30), st.sampled_from(DEGREES[2:]))
def test_two_sided_p_of_t_where_it_is_read(statistic: float, df: int) -> None:
    assert two_sided_p(statistic, df) == pytest.approx(2 * special.stdtr(df, -abs(statistic)), rel=ROUNDING, abs=1e-25)


def test_no_analysis_loads_scipy() -> None:
    code = (
        "import sys; from equipoise.synthesis.analysis import analyse_arms; from equipoise.synthesis import *;"
        "data = counted_trials('odds-ratio', [*'sstt'], [*'abab'], [3, 6, 5, 9], [40, 42, 50, 49]);"
        "analyse_arms(data, smaller_is_better=True);"
        "print([name for name in ('scipy', 'numpy.ma', 'numpy.polynomial') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_comparison_of_three_trials_does_not_load_scipy() -> None:
    code = "import sys, equipoise; equipoise.consult('alemtuzumab', 'rebif'); print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
