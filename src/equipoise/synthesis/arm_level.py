r"""Bayesian network meta-analysis from arms: nested Laplace, corrected by importance weights.

1. At each tau of a quadrature rule, Newton's method finds the joint mode of effects, baselines and random
   effects; Laplace's approximation gives the marginal likelihood of tau and a normal for the effects.
2. Lattice points drawn around those normals (``arm_points``) are weighed by the exact posterior, in which each trial's
   baseline and random effects are integrated by adaptive Gauss-Hermite quadrature.
3. The tail of the weights is fitted by a Pareto distribution; where its shape is too heavy the weights
   cannot be trusted and the answer is refused (vehtari-2024).

Trials without events take part as they are: no correction, no seed, no sampler to tune.

References: rue-2009 (nested Laplace), liu-1994 (adaptive quadrature), dias-2013 (model).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.gls import Array
from equipoise.synthesis.likelihoods import ArmData, TrialGroup
from equipoise.vocabulary.errors import ConvergenceError

_NEWTON_STEPS = 60
_LARGEST_STEP = 4.0  # of any predictor; keeps exponentials in range far from the mode
_CONVERGED = 1e-9
_NEAR_ENOUGH = 0.02  # the quadrature needs its centre to a small part of a standard deviation, no nearer
# Nodes per dimension of adaptive Gauss-Hermite, by arms: 25 points for a pair, 64 for three arms, then 3^k.
_HERMITE_NODES = {2: 5, 3: 4}
_CHUNK = 60_000  # predictors held in memory at once: half a megabyte stays in the cache, a tenth faster than 16 MB


@dataclass(frozen=True)
class Mode:
    """Joint modes of all trials at several values of tau.

    Attributes
    ----------
    effects
        Shape (N, P).
    precision
        Marginal precision of the effects. Shape (N, P, P).
    latent
        Baseline and random effects, per group. Shapes (N, S, k).
    response
        Change of the latent variables per unit of each effect, per group. Shapes (N, S, k, P).
    log_marginal
        Laplace approximation of the log marginal likelihood. Shape (N,).
    """

    effects: Array
    precision: Array
    latent: tuple[Array, ...]
    response: tuple[Array, ...]
    log_marginal: Array


def find_modes(data: ArmData, tau: Array, *, effect_sd: float | Array, baseline_sd: float) -> Mode:
    """Find the joint mode at each tau by Newton's method, with trials eliminated one by one.

    Parameters
    ----------
    data
        The arms.
    tau
        Between-study standard deviations, or whatever scales the groups are loaded by. Shape (N, ...).
    effect_sd, baseline_sd
        Standard deviations of the normal priors, mean zero, on effects (one for all or one each) and baselines.

    Raises
    ------
    ConvergenceError
        If Newton's method does not settle.
    """
    n, p = len(tau), data.groups[0].design.shape[2]
    prior = np.broadcast_to(np.asarray(effect_sd, dtype=float) ** -2, p)
    effects = np.zeros((n, p))
    latent = [np.zeros((n, *group.design.shape[:2])) for group in data.groups]
    for group, z in zip(data.groups, latent, strict=True):
        z[:, :, 0] = group.likelihood.start().mean(axis=1) / np.maximum(group.loading(tau)[:, :1, 0], 1e-300)
    reach = np.full(n, np.inf)
    for _ in range(_NEWTON_STEPS):
        blocks = [_block(group, effects, z, tau, baseline_sd) for group, z in zip(data.groups, latent, strict=True)]
        precision = np.diag(prior) + sum(block.schur for block in blocks)
        gradient = sum(block.reduced_gradient for block in blocks) - prior * effects
        step = np.asarray(np.linalg.solve(precision, gradient[..., None])[..., 0], dtype=float)
        steps = [block.latent_step(step) for block in blocks]
        reach = np.max(
            [np.abs(block.predictor_step(step, s)).max(axis=(1, 2)) for block, s in zip(blocks, steps, strict=True)],
            axis=0,
        )
        damping = np.minimum(1.0, _LARGEST_STEP / np.maximum(reach, 1e-300))
        effects = effects + damping[:, None] * step
        latent = [z + damping[:, None, None] * s for z, s in zip(latent, steps, strict=True)]
        if reach.max() < _CONVERGED:
            break
    else:
        raise ConvergenceError(f"the mode was not found in {_NEWTON_STEPS} steps; the last moved by {reach.max():.2g}.")
    blocks = [_block(group, effects, z, tau, baseline_sd) for group, z in zip(data.groups, latent, strict=True)]
    precision = np.diag(prior) + sum(block.schur for block in blocks)
    log_marginal = sum(block.log_joint - 0.5 * block.log_det for block in blocks)
    log_marginal = log_marginal + log_prior(effects, prior) - 0.5 * np.linalg.slogdet(precision)[1]
    response = tuple(-np.einsum("nsij,nspj->nsip", block.inverse, block.cross) for block in blocks)
    return Mode(effects, precision, tuple(latent), response, log_marginal)


def log_prior(effects: Array, precision: Array) -> Array:
    """Log density of independent normals around zero, up to a constant. Shapes (N, P), (P,) to (N,)."""
    return np.asarray(0.5 * float(np.log(precision).sum()) - 0.5 * np.sum(precision * effects**2, axis=1))


@dataclass(frozen=True)
class _Block:
    """Derivatives of one group at the current point, its latent variables eliminated."""

    design: Array
    loading: Array
    cross: Array
    inverse: Array
    latent_gradient: Array
    schur: Array
    reduced_gradient: Array
    log_joint: Array
    log_det: Array

    def latent_step(self, step: Array) -> Array:
        """Newton step of the latent variables that goes with a step of the effects. Shape (N, S, k)."""
        rest = self.latent_gradient - np.einsum("nspk,np->nsk", self.cross, step)
        return np.asarray(np.einsum("nsjk,nsk->nsj", self.inverse, rest))

    def predictor_step(self, step: Array, latent_step: Array) -> Array:
        """Change of the predictors. Shape (N, S, k)."""
        return np.asarray(
            np.einsum("skp,np->nsk", self.design, step) + np.einsum("nkj,nsj->nsk", self.loading, latent_step)
        )


def _block(group: TrialGroup, effects: Array, z: Array, tau: Array, baseline_sd: float) -> _Block:
    loading, prior = group.loading(tau), _prior_precision(group.n_arms, baseline_sd)
    eta = np.einsum("skp,np->nsk", group.design, effects) + np.einsum("nkj,nsj->nsk", loading, z)
    slope, weight = group.likelihood.derivatives(eta)
    hessian = _weighted_squares(loading, weight) + np.diag(prior)
    inverse = np.asarray(np.linalg.inv(hessian), dtype=float)
    weighted = weight[..., None] * group.design  # (N, S, k, P)
    cross = np.swapaxes(weighted, 2, 3) @ loading[:, None]
    latent_gradient = np.einsum("nkj,nsk->nsj", loading, slope) - prior * z
    carried = cross @ inverse
    arms, p = weight.shape[1] * weight.shape[2], group.design.shape[2]
    flat = group.design.reshape(arms, p)
    schur = flat.T @ weighted.reshape(len(tau), arms, p) - (carried @ np.swapaxes(cross, 2, 3)).sum(axis=1)
    gradient = slope.reshape(len(tau), arms) @ flat - (carried @ latent_gradient[..., None])[..., 0].sum(axis=1)
    log_joint = group.likelihood.value(eta).sum(axis=(1, 2)) - 0.5 * np.sum(prior * z**2, axis=(1, 2))
    log_joint = log_joint + 0.5 * len(group.design) * float(np.log(prior).sum())
    log_det = np.linalg.slogdet(hessian)[1].sum(axis=1)
    return _Block(group.design, loading, cross, inverse, latent_gradient, schur, gradient, log_joint, log_det)


def _weighted_squares(loading: Array, weight: Array) -> Array:
    """Loadings squared with the weights of each trial between them. Shapes (N, k, k), (N, S, k) to (N, S, k, k)."""
    n, k, _ = loading.shape
    squares = (loading[:, :, :, None] * loading[:, :, None, :]).reshape(n, k, k * k)
    return np.asarray((weight @ squares).reshape(n, weight.shape[1], k, k))


def _prior_precision(n_arms: int, baseline_sd: float) -> Array:
    return np.array([baseline_sd**-2, *[1.0] * (n_arms - 1)])


def exact_log_likelihood(
    data: ArmData, effects: Array, tau: Array, start: tuple[Array, ...], *, baseline_sd: float
) -> Array:
    """Log likelihood of effects and tau, every trial integrated by adaptive Gauss-Hermite quadrature.

    Parameters
    ----------
    data
        The arms.
    effects, tau
        Points. Shapes (M, P) and (M,).
    start
        Latent variables near the modes, per group. Shapes (M, S, k).
    baseline_sd
        Standard deviation of the normal prior on baselines.

    Returns
    -------
    Array
        Shape (M,).
    """
    total = np.zeros(len(tau))
    for group, z in zip(data.groups, start, strict=True):
        size = max(1, _CHUNK // (len(group.design) * group.n_arms * len(_hermite(group.n_arms)[1])))
        for first in range(0, len(tau), size):
            part = slice(first, first + size)
            total[part] += _integrated(group, effects[part], tau[part], z[part], baseline_sd)
    return total


def _integrated(group: TrialGroup, effects: Array, tau: Array, z: Array, baseline_sd: float) -> Array:
    loading, prior = group.loading(tau), _prior_precision(group.n_arms, baseline_sd)
    offset = np.einsum("skp,np->nsk", group.design, effects)
    for _ in range(_NEWTON_STEPS):
        slope, weight = group.likelihood.derivatives(offset + np.einsum("nkj,nsj->nsk", loading, z))
        hessian = _weighted_squares(loading, weight) + np.diag(prior)
        gradient = np.einsum("nkj,nsk->nsj", loading, slope) - prior * z
        step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
        reach = np.abs(np.einsum("nkj,nsj->nsk", loading, step)).max(axis=2, keepdims=True)
        z = z + step * np.minimum(1.0, _LARGEST_STEP / np.maximum(reach, 1e-300))
        if reach.max() < _NEAR_ENOUGH:
            break
    else:
        raise ConvergenceError(f"the mode of a trial was not found in {_NEWTON_STEPS} steps.")
    nodes, log_weights = _hermite(group.n_arms)
    root = np.linalg.inv(np.linalg.cholesky(hessian))  # z = mode + root' x
    latent = z[:, :, None, :] + nodes @ root
    eta = offset[:, :, None, :] + latent @ loading.transpose(0, 2, 1)[:, None]
    likelihood = np.moveaxis(group.likelihood.value(np.moveaxis(eta, 2, 0)), 0, 2).sum(axis=3)
    log_terms = likelihood - 0.5 * np.sum(prior * latent**2, axis=3) + log_weights
    peak = log_terms.max(axis=2)
    log_sum = peak + np.log(np.exp(log_terms - peak[:, :, None]).sum(axis=2))
    log_det = np.log(np.diagonal(root, axis1=2, axis2=3)).sum(axis=2)
    return np.asarray((log_sum + log_det + 0.5 * float(np.log(prior).sum())).sum(axis=1))


def _hermite(n_arms: int) -> tuple[Array, Array]:
    """Nodes, and log weights with the normal density divided out, of the product rule. Shapes (J, k), (J,)."""
    x, w = np.polynomial.hermite_e.hermegauss(_HERMITE_NODES.get(n_arms, 3))
    nodes = np.array(list(itertools.product(x, repeat=n_arms)))
    log_w = np.log(np.array(list(itertools.product(w / math.sqrt(2 * math.pi), repeat=n_arms)))).sum(axis=1)
    return nodes, log_w + 0.5 * np.sum(nodes**2, axis=1)
