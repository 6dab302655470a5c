r"""Generalised least squares for trials with several arms: the one fit that everything here uses.

A trial with k arms gives k - 1 contrasts against its first arm. Their covariance is

.. math:: \Sigma_i(\tau^2) = V_i + \tau^2 U_i, \qquad U_i = (I + J) / 2,

the sampling covariance plus the between-study part: :math:`\tau^2` on the diagonal, half of it off the
diagonal, because contrasts that share an arm share its random effect.

One rotation per trial makes both parts diagonal at once: with :math:`U = CC'` and
:math:`C^{-1} V C^{-T} = Q\,\mathrm{diag}(v)\,Q'`, multiplying a trial by :math:`Q' C^{-1}` gives rows
with variance :math:`v + \tau^2` and no correlation. After it, every textbook formula of univariate
meta-regression holds for networks as it stands, with weights :math:`w = 1 / (v + \tau^2)`. A two-arm
trial is its own rotation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.vocabulary.errors import NotEstimableError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """Uncorrelated observations of a linear model, variance ``v + tau2``.

    Attributes
    ----------
    y
        Rotated estimates, analysis scale. Shape (K,).
    x
        Rotated design matrix. Shape (K, P).
    v
        Sampling variances of the rotated estimates. Shape (K,).
    trial
        Index of the trial that each row came from. Shape (K,).
    """

    y: Array
    x: Array
    v: Array
    trial: NDArray[np.intp]

    @property
    def df(self) -> int:
        """Rows minus columns: the degrees of freedom of Cochran's Q."""
        return len(self.y) - int(self.x.shape[1])


@dataclass(frozen=True)
class Fit:
    """Weighted least squares at one value of tau2.

    Attributes
    ----------
    beta
        Coefficients. Shape (P,).
    covariance
        Their covariance, the inverse information. Shape (P, P).
    weights
        ``1 / (v + tau2)``. Shape (K,).
    residuals
        ``y - x beta`` of the rotated rows. Shape (K,).
    log_det_information
        Logarithm of the determinant of ``x' W x``.
    """

    beta: Array
    covariance: Array
    weights: Array
    residuals: Array
    log_det_information: float

    @property
    def q(self) -> float:
        """Weighted residual sum of squares; Cochran's Q when tau2 is zero."""
        return float(self.weights @ self.residuals**2)


def heterogeneity_structure(n_contrasts: int) -> Array:
    """Between-study covariance of one trial's contrasts per unit of tau2: 1 on, 1/2 off the diagonal."""
    return 0.5 * (np.eye(n_contrasts) + np.ones((n_contrasts, n_contrasts)))


def independent_rows(blocks: Iterable[tuple[Array, Array, Array]]) -> Rows:
    """Rotate each trial so that its rows are uncorrelated whatever tau2 is.

    Parameters
    ----------
    blocks
        Per trial: estimates (k - 1,), design (k - 1, P) and sampling covariance (k - 1, k - 1).

    Returns
    -------
    Rows
        The trials stacked in the order given.
    """
    rotated = [_rotate(*block) for block in blocks]
    return Rows(
        y=np.concatenate([y for y, _, _ in rotated]),
        x=np.concatenate([x for _, x, _ in rotated]),
        v=np.concatenate([v for _, _, v in rotated]),
        trial=np.repeat(np.arange(len(rotated)), [len(y) for y, _, _ in rotated]),
    )


def _rotate(y: Array, x: Array, covariance: Array) -> tuple[Array, Array, Array]:
    if len(y) == 1:
        return y, x, covariance[0]
    whiten = np.linalg.inv(np.linalg.cholesky(heterogeneity_structure(len(y))))
    v, q = np.linalg.eigh(whiten @ covariance @ whiten.T)
    rotation = q.T @ whiten
    return rotation @ y, rotation @ x, v


def weighted_least_squares(rows: Rows, tau2: float = 0.0) -> Fit:
    """Fit the linear model with weights ``1 / (v + tau2)``.

    Parameters
    ----------
    rows
        Rotated observations.
    tau2
        Between-study variance, squared analysis scale. Zero gives the common-effect model.

    Raises
    ------
    NotEstimableError
        If the design does not determine every coefficient.
    """
    weights = 1.0 / (rows.v + tau2)
    information = rows.x.T @ (weights[:, None] * rows.x)
    try:
        half = np.linalg.inv(np.linalg.cholesky(information))
    except np.linalg.LinAlgError:
        raise NotEstimableError(
            f"the data do not determine all {rows.x.shape[1]} coefficients of the model.\n"
            "  Try: drop a covariate or component, or check that every treatment is joined to the others."
        ) from None
    covariance = half.T @ half
    beta = covariance @ (rows.x.T @ (weights * rows.y))
    return Fit(
        beta=beta,
        covariance=covariance,
        weights=weights,
        residuals=rows.y - rows.x @ beta,
        log_det_information=-2.0 * float(np.log(np.diag(half)).sum()),
    )
