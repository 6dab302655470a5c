"""Points of a fixed lattice: averages over them converge faster than over random draws, and never change."""

from __future__ import annotations

import numpy as np

from equipoise.synthesis.distributions import normal_quantiles
from equipoise.synthesis.gls import Array


def lattice(n: int, dimension: int) -> Array:
    """Points of an additive-recurrence lattice in the open unit cube. Shape (n, dimension).

    The steps are the inverse powers of the root of x^(d + 1) = x + 1, the generalised golden ratio
    (roberts-2018).
    """
    root = 2.0
    for _ in range(64):
        root = (1 + root) ** (1 / (dimension + 1))
    steps = root ** -np.arange(1.0, dimension + 1)
    points: Array = (0.5 + np.arange(1, n + 1)[:, None] * steps) % 1.0
    return np.clip(points, 0.5 / n**2, 1 - 0.5 / n**2)


def normal_points(mean: Array, covariance: Array, n: int) -> Array:
    """Points distributed as a multivariate normal. Shapes (P,), (P, P) to (n, P)."""
    z = normal_quantiles(lattice(n, len(mean)))
    points: Array = mean + z @ np.linalg.cholesky(covariance).T
    return points
