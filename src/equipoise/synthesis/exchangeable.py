r"""Random study effects: trials whose baselines come from one distribution.

Trial i has the intercept :math:`\mu_i \sim N(m, \sigma_m^2)`: what an arm of the reference treatment shows
there, or would show if the trial had one. With :math:`\delta_{ik} = 0` for the reference and covariance
:math:`\tau^2 U` of the others, arm k has the predictor :math:`\mu_i + d_{t_{ik}} + \delta_{ik}`, whatever
the names and order of the treatments. So m is one more coefficient, a column of ones in the
design, and the trial's own variables have a covariance known from :math:`(\tau, \sigma_m)`; the engine of
``arm_level`` does the rest, at the nodes of a quadrature rule in two dimensions.

References: white-2019 (random study intercepts), golub-1969 (Gauss rules).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from equipoise.synthesis.arm_level import find_modes
from equipoise.synthesis.arm_points import NodeRule
from equipoise.synthesis.gls import Array
from equipoise.synthesis.integration import TauPosterior, integrate
from equipoise.synthesis.likelihoods import ArmData, TrialGroup
from equipoise.synthesis.priors import TauPrior
from equipoise.synthesis.quadrature import legendre_values

_SPREAD_NODES = 12  # of a Gauss rule for the posterior of sigma_m: exact for polynomials of degree 23
_TAU_NODES = 5  # values of tau over which that posterior is averaged
_NODES_AT_ONCE = 512
_NEGLIGIBLE_PAIR = 1e-6


@dataclass(frozen=True)
class ExchangeableGroup(TrialGroup):
    """Trials with the same number of arms whose intercepts are drawn from one distribution.

    Attributes
    ----------
    has_reference
        Whether the first arm of each is the reference; in the other trials every arm has a random part.
    """

    has_reference: bool

    def loading(self, scales: Array) -> Array:
        """Predictor per unit of independent standard normals. Shapes (N, 2), tau and sigma_m, to (N, k, k).

        All arms but a reference have one variance v and one covariance c, so the Cholesky factor is known
        but for that of I + rJ, which has no zero at tau = 0.
        """
        tau, spread, k = scales[:, 0], scales[:, 1], self.n_arms
        covariance = spread**2 + (0.0 if self.has_reference else 0.5) * tau**2
        variance = spread**2 + (0.0 if self.has_reference else 1.0) * tau**2
        share = np.divide(covariance, variance, out=np.ones_like(variance), where=variance > 0)
        loading = np.zeros((len(scales), k, k))
        loading[:, 0, 0] = np.sqrt(variance)
        loading[:, 1:, 0] = (share * np.sqrt(variance))[:, None]
        root = np.linalg.cholesky(np.eye(k - 1) + share[:, None, None])
        loading[:, 1:, 1:] = (tau / math.sqrt(2))[:, None, None] * root
        return loading


def with_exchangeable_baselines(data: ArmData) -> ArmData:
    """Rewrite the predictors around the reference treatment, with the mean intercept as the last column."""
    groups = [part for group in data.groups for part in _rewritten(group)]
    return replace(data, groups=tuple(groups))


def _rewritten(group: TrialGroup) -> list[ExchangeableGroup]:
    """The trials of a group with a reference arm, which comes first, and those without."""
    own = group.design - group.design.min(axis=1, keepdims=True)  # -1 stands where the baseline arm's treatment is
    is_reference = ~own.any(axis=2)
    order = np.argsort(~is_reference, axis=1, kind="stable")
    parts = []
    for has_reference in (True, False):
        trials = np.flatnonzero(is_reference.any(axis=1) == has_reference)
        if len(trials):
            rows = (trials[:, None], order[trials])
            design = np.concatenate([own[rows], np.ones((*order[trials].shape, 1))], axis=2)
            parts.append(ExchangeableGroup(group.likelihood.take(*rows), design, group.root, has_reference))
    return parts


def node_rule(data: ArmData, prior: TauPrior | None, baseline_prior: TauPrior, *, coefficient_sd: Array) -> NodeRule:
    """Quadrature rule of the posterior of tau and sigma_m.

    A Gauss rule for the posterior of sigma_m, averaged over a few values of tau, serves every tau.

    Parameters
    ----------
    data
        As ``with_exchangeable_baselines`` returns it.
    prior
        Prior on tau; None for the common-effect model.
    baseline_prior
        Prior on sigma_m.
    coefficient_sd
        Standard deviations of the normal priors on the effects and on m. Shape (P + 1,).

    Raises
    ------
    ConvergenceError, NotEstimableError
        As ``find_modes`` and ``integrate``.
    """

    def table(tau: Array, spread: Array) -> Array:
        """Log marginal likelihood of every pair. Shape (len(tau), len(spread))."""
        pairs = np.stack(np.meshgrid(tau, spread, indexing="ij"), axis=-1).reshape(-1, 2)
        parts = np.array_split(pairs, math.ceil(len(pairs) / _NODES_AT_ONCE))
        found = [find_modes(data, part, effect_sd=coefficient_sd, baseline_sd=1.0).log_marginal for part in parts]
        return np.concatenate(found).reshape(len(tau), len(spread))

    some_tau, log_w = _tau_before(prior, table, np.array([baseline_prior.scale]))

    def averaged(spread: Array) -> Array:
        return _log_sum(log_w[:, None] + table(some_tau, spread), axis=0)

    found = integrate(averaged, baseline_prior, scale=baseline_prior.scale, is_slow=True)
    spread, mass = _gauss_rule(found.nodes, found.weights, _SPREAD_NODES)
    log_mass = np.log(np.maximum(mass, 1e-300)) - averaged(spread)

    def joint(tau: Array) -> Array:
        return np.asarray(table(tau, spread) + log_mass)

    if prior is None:
        return _product(np.zeros(1), np.ones(1), spread, joint, None)
    posterior = integrate(lambda tau: _log_sum(joint(tau), axis=1), prior, scale=prior.scale, is_slow=True)
    return _product(posterior.nodes, posterior.weights, spread, joint, posterior)


def _tau_before(prior: TauPrior | None, table: Callable[[Array, Array], Array], spread: Array) -> tuple[Array, Array]:
    """A few values of tau with log weights that turn marginal likelihoods into an average over its prior."""
    if prior is None:
        return np.zeros(1), np.zeros(1)
    found = integrate(lambda tau: table(tau, spread)[:, 0], prior, scale=prior.scale, is_slow=True)
    tau, mass = _gauss_rule(found.nodes, found.weights, _TAU_NODES)
    return tau, np.log(np.maximum(mass, 1e-300)) - table(tau, spread)[:, 0]


def _product(
    tau: Array, mass: Array, spread: Array, joint: Callable[[Array], Array], posterior: TauPosterior | None
) -> NodeRule:
    """Nodes of both, and the mass of each: that of tau times that of sigma_m given tau."""
    kept = mass > 1e-5
    log_joint = joint(tau[kept])
    given = np.exp(log_joint - _log_sum(log_joint, axis=1)[:, None])
    weights = (mass[kept][:, None] * given).ravel()
    scales = np.stack(np.meshgrid(tau[kept], spread, indexing="ij"), axis=-1).reshape(-1, 2)
    return NodeRule(scales, weights, posterior).without_negligible(_NEGLIGIBLE_PAIR)


def _gauss_rule(x: Array, weights: Array, n: int) -> tuple[Array, Array]:
    """The Gauss rule of n points for a discrete measure: eigenvalues of its Jacobi matrix (golub-1969)."""
    u = 2 * (x - x.min()) / np.ptp(x) - 1
    basis, _ = np.linalg.qr(np.sqrt(weights)[:, None] * legendre_values(u, n))
    points, vectors = np.linalg.eigh(basis.T @ (x[:, None] * basis))
    return points, vectors[0] ** 2


def _log_sum(terms: Array, *, axis: int) -> Array:
    peak = terms.max(axis=axis, keepdims=True)
    return np.asarray(np.squeeze(peak, axis) + np.log(np.exp(terms - peak).sum(axis=axis)))
