"""Points of a fixed sequence: averages over them converge faster than over random draws, and never change."""

from __future__ import annotations

import numpy as np

from equipoise.synthesis.distributions import normal_quantiles
from equipoise.synthesis.gls import Array


def lattice(n: int, dimension: int) -> Array:
    """Points of a Halton sequence in the open unit cube. Shape (n, dimension).

    Coordinate j writes the index in base of the j-th prime and mirrors the digits at the point; each digit
    but zero is turned round, which breaks the stripes of large bases (vandewoestyne-2006).
    """
    points = np.zeros((n, dimension))
    for j, base in enumerate(_primes(dimension)):
        index, place = np.arange(1, n + 1), 1.0
        while index.any():
            place /= base
            points[:, j] += place * (-index % base)
            index = index // base
    return np.clip(points, 0.5 / n**2, 1 - 0.5 / n**2)


def _primes(count: int) -> list[int]:
    """The first primes."""
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def normal_points(mean: Array, covariance: Array, n: int) -> Array:
    """Points distributed as a multivariate normal. Shapes (P,), (P, P) to (n, P)."""
    z = normal_quantiles(lattice(n, len(mean)))
    points: Array = mean + z @ np.linalg.cholesky(covariance).T
    return points


def mixture_points(weights: Array, mean: Array, covariance: Array, n: int) -> Array:
    """Points distributed as a mixture of multivariate normals. Shapes (N,), (N, P), (N, P, P) to (n, P).

    The first coordinate of the lattice chooses the component, the others the place in it.
    """
    points = lattice(n, mean.shape[1] + 1)
    component = np.searchsorted(weights.cumsum()[:-1], points[:, 0])
    roots = np.linalg.cholesky(covariance)
    drawn: Array = mean[component] + np.einsum("nij,nj->ni", roots[component], normal_quantiles(points[:, 1:]))
    return drawn
