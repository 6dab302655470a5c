"""The elementary forms for one and two degrees of freedom are the distributions they stand for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from equipoise.synthesis.distributions import chi2_tail, t_quantile, two_sided_p

# Both sides are exact up to rounding; scipy's own quantile stops near 1e-12.
ROUNDING = 1e-10


@given(st.floats(0.01, 0.999), st.sampled_from([1, 2]))
def test_t_quantile(level: float, df: int) -> None:
    assert t_quantile(level, df) == pytest.approx(special.stdtrit(df, 0.5 + level / 2), rel=ROUNDING)


@given(st.floats(0, 200), st.sampled_from([1, 2]))
def test_chi_squared_tail(q: float, df: int) -> None:
    assert chi2_tail(q, df) == pytest.approx(special.chdtrc(df, q), rel=ROUNDING)


@given(st.floats(-1e4, 1e4), st.sampled_from([1, 2]))
def test_two_sided_p_of_t(statistic: float, df: int) -> None:
    assert two_sided_p(statistic, df) == pytest.approx(2 * special.stdtr(df, -abs(statistic)), rel=1e-8)


def test_a_comparison_of_three_trials_does_not_load_scipy() -> None:
    code = "import sys, equipoise; equipoise.consult('alemtuzumab', 'rebif'); print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
