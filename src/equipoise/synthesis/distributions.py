"""Quantiles and tail areas.

scipy.special takes longer to load than everything else here together, so it is loaded at the first
number that needs it and not at import. With one or two degrees of freedom, as two or three trials have,
the distributions are elementary functions and it is not needed at all.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_STANDARD_NORMAL = NormalDist()


def normal_quantile(level: float) -> float:
    """Half-width, in standard errors, of a two-sided normal interval with this level."""
    return _STANDARD_NORMAL.inv_cdf(0.5 + level / 2)


def t_quantile(level: float, df: float) -> float:
    """Half-width, in standard errors, of a two-sided t interval with this level."""
    if df == 1:
        return math.tan(math.pi * level / 2)
    if df == 2:
        return level * math.sqrt(2 / (1 - level * level))
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.5 + level / 2))


def normal_cdf(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal distribution function, element by element."""
    from scipy.special import ndtr

    return np.asarray(ndtr(z))


def normal_quantiles(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal quantile function, element by element."""
    from scipy.special import ndtri

    return np.asarray(ndtri(mass))


def chi2_quantiles(mass: NDArray[np.float64], df: float) -> NDArray[np.float64]:
    """Chi-squared quantile function, element by element."""
    from scipy.special import chdtri

    return np.asarray(chdtri(df, 1 - mass))


def two_sided_p(statistic: float, df: float | None = None) -> float:
    """Two-sided p-value of a z statistic, or of a t statistic when ``df`` is given."""
    if df is None:
        return math.erfc(abs(statistic) / math.sqrt(2))
    if df == 1:
        return 2 / math.pi * math.atan2(1.0, abs(statistic))
    if df == 2:
        # 1 - |t| / sqrt(t^2 + 2), written without the cancellation.
        root = math.hypot(statistic, math.sqrt(2))
        return 2 / (root * (root + abs(statistic)))
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(statistic)))


def chi2_tail(q: float, df: int) -> float | None:
    """P-value of a chi-squared statistic; none without degrees of freedom."""
    if df <= 0:
        return None
    if df == 1:
        return math.erfc(math.sqrt(max(q, 0.0) / 2))
    if df == 2:
        return math.exp(-max(q, 0.0) / 2)
    from scipy.special import chdtrc

    return float(chdtrc(df, max(q, 0.0)))
