"""Can importance weights be trusted? The shape of the Pareto tail of the weights says so.

References: zhang-2009 (the fit), vehtari-2024 (the diagnostic and its limit).
"""

from __future__ import annotations

import math

import numpy as np

from equipoise.synthesis.gls import Array

# Above it the error of a weighted mean shrinks too slowly to be relied on (vehtari-2024).
LARGEST_TRUSTED_SHAPE = 0.7


def pareto_shape(log_ratios: Array) -> float:
    """Shape k of the generalised Pareto distribution of the largest importance ratios.

    Parameters
    ----------
    log_ratios
        Logarithms of the ratios, any constant added. Shape (M,).

    Returns
    -------
    float
        Below 0.5 the weights have finite variance; above 0.7 they cannot be trusted. Minus infinity when
        they are all the same, infinity when there are too few to tell.
    """
    m = len(log_ratios)
    tail = int(min(0.2 * m, 3 * math.sqrt(m)))
    if tail < 5:
        return math.inf
    ordered = np.sort(log_ratios) - log_ratios.max()
    if ordered[-1] - ordered[0] < 1e-9:
        return -math.inf
    cut = math.exp(ordered[-tail - 1])
    return _zhang_stephens(np.exp(ordered[-tail:]) - cut)


def _zhang_stephens(exceedance: Array) -> float:
    """Posterior mean of the shape under the weak prior of zhang-2009. Ascending exceedances."""
    n = len(exceedance)
    grid = 30 + int(math.sqrt(n))
    quartile = exceedance[int(n / 4 + 0.5) - 1]
    b = (1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3 * quartile) + 1 / exceedance[-1]
    k = np.log1p(-b[:, None] * exceedance).mean(axis=1)
    log_profile = n * (np.log(-b / k) - k - 1)
    weights = np.exp(log_profile - log_profile.max())
    best = float(weights @ b / weights.sum())
    shape = float(np.log1p(-best * exceedance).mean())
    return (n * shape + 10 * 0.5) / (n + 10)  # shrunk towards 0.5 with the weight of ten observations
