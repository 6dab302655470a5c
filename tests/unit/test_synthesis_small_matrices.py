"""Gauss rules and many small matrices, against the general routines they stand in for."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.synthesis.quadrature import hermite_rule, legendre_rule, legendre_values
from equipoise.synthesis.small_matrices import inverse_root, log_determinants, products, times, transposed_times


@pytest.mark.parametrize("n", [1, 3, 4, 5, 8, 12])
def test_rules_are_those_of_the_library(n: int) -> None:
    for rule, library in (
        (legendre_rule(n), np.polynomial.legendre.leggauss(n)),
        (hermite_rule(n), np.polynomial.hermite_e.hermegauss(n)),
    ):
        np.testing.assert_allclose(rule[0], library[0], atol=1e-14)
        np.testing.assert_allclose(rule[1] / rule[1].sum(), library[1] / library[1].sum(), rtol=1e-12)
    assert legendre_rule(n)[1].sum() == pytest.approx(2)
    assert hermite_rule(n)[1].sum() == pytest.approx(1)


def test_legendre_polynomials() -> None:
    x = np.linspace(-1, 1, 12).reshape(3, 4)
    np.testing.assert_allclose(legendre_values(x, 7), np.polynomial.legendre.legvander(x, 6), atol=1e-14)
    np.testing.assert_allclose(legendre_values(x, 1), np.ones((3, 4, 1)))


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_small_matrices(k: int) -> None:
    rng = np.random.default_rng(k)
    a = rng.normal(size=(4, 6, k, k + 2))
    matrices, vectors = a @ np.swapaxes(a, 2, 3), rng.normal(size=(4, 6, k))
    root = inverse_root(matrices)
    np.testing.assert_allclose(root, np.linalg.inv(np.linalg.cholesky(matrices)), rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(log_determinants(root), np.linalg.slogdet(matrices)[1])
    np.testing.assert_allclose(times(a, rng.normal(size=k + 2)).shape, (4, 6, k))
    np.testing.assert_allclose(times(matrices, vectors), (matrices @ vectors[..., None])[..., 0])
    np.testing.assert_allclose(transposed_times(a, vectors), (np.swapaxes(a, 2, 3) @ vectors[..., None])[..., 0])
    np.testing.assert_allclose(products(matrices[:, :1], a), matrices[:, :1] @ a)
