"""Gauss rules, from the eigenvalues of their Jacobi matrices (golub-1969), and the polynomials they belong to."""

from __future__ import annotations

from functools import cache

import numpy as np

from equipoise.synthesis.gls import Array


@cache
def legendre_rule(n: int) -> tuple[Array, Array]:
    """Nodes in [-1, 1] and weights that sum to two, of n points."""
    k = np.arange(1.0, n)
    return _golub_welsch(k / np.sqrt(4 * k * k - 1), 2.0)


@cache
def hermite_rule(n: int) -> tuple[Array, Array]:
    """Nodes and weights that sum to one, of n points for the standard normal distribution."""
    return _golub_welsch(np.sqrt(np.arange(1.0, n)), 1.0)


def legendre_values(x: Array, n: int) -> Array:
    """The first n Legendre polynomials. Shape (..., n)."""
    values = [np.ones_like(x), x]
    for k in range(2, n):
        values.append(((2 * k - 1) * x * values[-1] - (k - 1) * values[-2]) / k)
    return np.stack(values[:n], axis=-1)


def _golub_welsch(beside: Array, total: float) -> tuple[Array, Array]:
    """Rule of a weight function symmetric about zero, from what stands beside the diagonal of its Jacobi matrix."""
    nodes, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    weights = vectors[0] ** 2
    nodes, weights = 0.5 * (nodes - nodes[::-1]), 0.5 * (weights + weights[::-1])
    weights = weights * (total / weights.sum())
    nodes.setflags(write=False)
    weights.setflags(write=False)
    return nodes, weights
