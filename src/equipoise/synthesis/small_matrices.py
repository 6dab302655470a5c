"""Very many very small matrices at once: one vector operation per entry in place of one library call per matrix.

A trial of two or three arms has a matrix of that size, and an exact likelihood needs it at every trial and every point.
"""

from __future__ import annotations

import numpy as np

from equipoise.synthesis.gls import Array


def inverse_root(matrices: Array) -> Array:
    """Inverse R of the lower Cholesky factor, so that the inverse of each matrix is R'R.

    Parameters
    ----------
    matrices
        Symmetric positive definite. Shape (..., k, k), k small.

    Returns
    -------
    Array
        Lower triangular. Shape (..., k, k).
    """
    k = matrices.shape[-1]
    factor: dict[tuple[int, int], Array] = {}
    root: dict[tuple[int, int], Array] = {}
    for i in range(k):
        for j in range(i + 1):
            rest = matrices[..., i, j]
            for m in range(j):
                rest = rest - factor[i, m] * factor[j, m]
            factor[i, j] = np.sqrt(rest) if i == j else rest * root[j, j]
            if i == j:
                root[i, i] = 1 / factor[i, i]
    found = np.zeros(matrices.shape)
    for j in range(k):
        found[..., j, j] = root[j, j]
        for i in range(j + 1, k):
            rest = factor[i, j] * root[j, j]
            for m in range(j + 1, i):
                rest = rest + factor[i, m] * root[m, j]
            root[i, j] = -rest * root[i, i]
            found[..., i, j] = root[i, j]
    return found


def log_determinants(roots: Array) -> Array:
    """Log determinants of the matrices that these are the inverse roots of. Shape (..., k, k) to (...)."""
    return np.asarray(-2 * np.log(np.diagonal(roots, axis1=-2, axis2=-1)).sum(axis=-1))


def times(matrices: Array, vectors: Array) -> Array:
    """Product of each matrix with its vector. Shapes (..., k, l), (..., l), which broadcast, to (..., k)."""
    total = matrices[..., 0] * vectors[..., :1]
    for j in range(1, matrices.shape[-1]):
        total = total + matrices[..., j] * vectors[..., j : j + 1]
    return np.asarray(total)


def products(first: Array, second: Array) -> Array:
    """Product of each pair of matrices. Shapes (..., k, l), (..., l, m), which broadcast, to (..., k, m)."""
    total = first[..., :1] * second[..., :1, :]
    for j in range(1, first.shape[-1]):
        total = total + first[..., j : j + 1] * second[..., j : j + 1, :]
    return np.asarray(total)


def transposed_times(matrices: Array, vectors: Array) -> Array:
    """Product of the transpose of each matrix with its vector. Shapes (..., k, l), (..., k) to (..., l)."""
    return times(np.swapaxes(matrices, -1, -2), vectors)
