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
from dataclasses import dataclass
from functools import cache

import numpy as np

from equipoise.synthesis.gls import Array
from equipoise.synthesis.likelihoods import ArmData, TrialGroup
from equipoise.synthesis.quadrature import hermite_rule
from equipoise.synthesis.small_matrices import inverse_root, log_determinants, products, times, transposed_times
from equipoise.vocabulary.errors import ConvergenceError

_NEWTON_STEPS = 60
_LARGEST_STEP = 4.0  # of any predictor; keeps exponentials in range far from the mode
_CONVERGED = 1e-9
# Newton's method squares a step below this; one that hardly shrinks is rounding error, as at a huge tau.
_ROUNDING = 1e-3
_NEAR_ENOUGH = 0.02  # the quadrature needs its centre to a small part of a standard deviation, no nearer
# Nodes per dimension of adaptive Gauss-Hermite, by arms: 25 points for a pair, 64 for three arms, then 3^k.
_HERMITE_NODES = {2: 5, 3: 4}
_CHUNK = 20_000  # predictors held in memory at once: they stay in the cache, which is a tenth faster than 1 MB


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
    moving, reach, last = np.arange(n), np.full(n, np.inf), np.full(n, np.inf)  # the settled take no further step
    for _ in range(_NEWTON_STEPS):
        blocks = [
            _block(group, effects[moving], z[moving], tau[moving], baseline_sd)
            for group, z in zip(data.groups, latent, strict=True)
        ]
        step = _effect_step(blocks, effects[moving], prior)
        steps = [block.latent_step(step) for block in blocks]
        reach = np.max(
            [np.abs(block.predictor_step(step, s)).max(axis=(1, 2)) for block, s in zip(blocks, steps, strict=True)],
            axis=0,
        )
        damping = np.minimum(1.0, _LARGEST_STEP / np.maximum(reach, 1e-300))
        effects[moving] += damping[:, None] * step
        for z, s in zip(latent, steps, strict=True):
            z[moving] += damping[:, None, None] * s
        going = (reach >= _CONVERGED) & ((reach >= _ROUNDING) | (reach < 0.1 * last))
        moving, last = moving[going], reach[going]
        if not len(moving):
            break
    else:
        raise ConvergenceError(f"the mode was not found in {_NEWTON_STEPS} steps; the last moved by {reach.max():.2g}.")
    blocks = [_block(group, effects, z, tau, baseline_sd) for group, z in zip(data.groups, latent, strict=True)]
    precision = np.diag(prior) + sum(block.schur for block in blocks)
    heights = [
        _log_height(group, block, effects, z, baseline_sd)
        for group, block, z in zip(data.groups, blocks, latent, strict=True)
    ]
    log_marginal = sum(heights) + log_prior(effects, prior) - 0.5 * np.linalg.slogdet(precision)[1]
    response = tuple(-products(np.swapaxes(block.root, 2, 3), block.carried) for block in blocks)
    return Mode(effects, precision, tuple(latent), response, log_marginal)


def _effect_step(blocks: list[_Block], effects: Array, prior: Array) -> Array:
    """Newton step of the effects. Shape (N, P)."""
    precision = np.diag(prior) + sum(block.schur for block in blocks)
    gradient = sum(block.reduced_gradient for block in blocks) - prior * effects
    return np.asarray(np.linalg.solve(precision, gradient[..., None])[..., 0], dtype=float)


def log_prior(effects: Array, precision: Array) -> Array:
    """Log density of independent normals around zero, up to a constant. Shapes (N, P), (P,) to (N,)."""
    return np.asarray(0.5 * float(np.log(precision).sum()) - 0.5 * np.sum(precision * effects**2, axis=1))


@dataclass(frozen=True)
class _Block:
    """Derivatives of one group at the current point, its latent variables eliminated.

    With R the inverse root of their Hessian, ``carried`` is R times the mixed derivatives, shape (N, S, k, P), and
    ``gradient`` R times their own, shape (N, S, k).
    """

    design: Array
    loading: Array
    root: Array
    carried: Array
    gradient: Array
    schur: Array
    reduced_gradient: Array

    def latent_step(self, step: Array) -> Array:
        """Newton step of the latent variables that goes with a step of the effects. Shape (N, S, k)."""
        return transposed_times(self.root, self.gradient - times(self.carried, step[:, None]))

    def predictor_step(self, step: Array, latent_step: Array) -> Array:
        """Change of the predictors. Shape (N, S, k)."""
        change: Array = np.tensordot(step, self.design, (1, 2)) + times(self.loading[:, None], latent_step)
        return change


def _block(group: TrialGroup, effects: Array, z: Array, tau: Array, baseline_sd: float) -> _Block:
    n, (n_trials, k, p) = len(tau), group.design.shape
    loading, prior = group.loading(tau), _prior_precision(k, baseline_sd)
    slope, weight = group.likelihood.derivatives(_predictors(group, loading, effects, z))
    root = inverse_root(_weighted_squares(loading, weight) + np.diag(prior))
    weighted = weight[..., None] * group.design  # (N, S, k, P)
    carried = products(products(root, np.swapaxes(loading, 1, 2)[:, None]), weighted)
    gradient = times(root, transposed_times(loading[:, None], slope) - prior * z)
    arms = n_trials * k
    flat, side = group.design.reshape(arms, p), carried.reshape(n, arms, p).transpose(0, 2, 1)
    schur = flat.T @ weighted.reshape(n, arms, p) - side @ side.transpose(0, 2, 1)
    reduced = slope.reshape(n, arms) @ flat - (side @ gradient.reshape(n, arms, 1))[..., 0]
    return _Block(group.design, loading, root, carried, gradient, schur, reduced)


def _log_height(group: TrialGroup, block: _Block, effects: Array, z: Array, baseline_sd: float) -> Array:
    """Log of the joint density at the mode and of what Laplace's approximation integrates around it. Shape (N,)."""
    prior = _prior_precision(group.n_arms, baseline_sd)
    value = group.likelihood.value(_predictors(group, block.loading, effects, z)).sum(axis=(1, 2))
    value = value - 0.5 * np.sum(prior * z**2, axis=(1, 2)) + 0.5 * len(group.design) * float(np.log(prior).sum())
    return np.asarray(value - 0.5 * log_determinants(block.root).sum(axis=1))


def _predictors(group: TrialGroup, loading: Array, effects: Array, z: Array) -> Array:
    """Linear predictors of all arms. Shape (N, S, k)."""
    predictors: Array = np.tensordot(effects, group.design, (1, 2)) + times(loading[:, None], z)
    return predictors


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
    parts = [_integrated(group, effects, tau, z, baseline_sd) for group, z in zip(data.groups, start, strict=True)]
    return np.asarray(sum(parts))


def _integrated(group: TrialGroup, effects: Array, tau: Array, z: Array, baseline_sd: float) -> Array:
    loading, prior = group.loading(tau), _prior_precision(group.n_arms, baseline_sd)
    z, offset, root = _trial_modes(group, effects, loading, z, prior)
    nodes, weights = _hermite(group.n_arms)
    # z = mode + root' x: predictors, and latent variables per prior standard deviation, are linear in the nodes.
    carried = np.swapaxes(root, 2, 3)
    spread = np.concatenate([loading[:, None] @ carried, np.sqrt(prior)[:, None] * carried], axis=2)
    centre = np.concatenate([offset + times(loading[:, None], z), np.sqrt(prior) * z], axis=2)
    k, total = group.n_arms, np.zeros(len(tau))
    size = max(1, _CHUNK // (len(group.design) * k * len(weights)))
    for first in range(0, len(tau), size):
        part = slice(first, first + size)
        points = spread[part] @ nodes.T
        points += centre[part, :, :, None]
        # The mode stands beside the nodes as the height that the others are measured from.
        eta = np.moveaxis(points[:, :, :k], 3, 0)
        own = points[:, :, k:]
        log_terms = np.moveaxis(group.likelihood.value(eta).sum(axis=3), 0, 2) - 0.5 * (own * own).sum(axis=2)
        peak = group.likelihood.value(centre[part, :, :k]).sum(axis=2) - 0.5 * (centre[part, :, k:] ** 2).sum(axis=2)
        log_terms -= peak[:, :, None]
        total[part] = (np.log(np.exp(log_terms) @ weights) + peak).sum(axis=1)
    total += len(group.design) * 0.5 * float(np.log(prior).sum()) - 0.5 * log_determinants(root).sum(axis=1)
    return total


def _trial_modes(
    group: TrialGroup, effects: Array, loading: Array, z: Array, prior: Array
) -> tuple[Array, Array, Array]:
    """Latent variables at the mode of each trial, near enough; predictors without them; inverse roots there."""
    offset = np.tensordot(effects, group.design, (1, 2))
    for _ in range(_NEWTON_STEPS):
        slope, weight = group.likelihood.derivatives(offset + times(loading[:, None], z))
        root = inverse_root(_weighted_squares(loading, weight) + np.diag(prior))
        gradient = transposed_times(loading[:, None], slope) - prior * z
        step = transposed_times(root, times(root, gradient))
        reach = np.abs(times(loading[:, None], step)).max(axis=2, keepdims=True)
        z = z + step * np.minimum(1.0, _LARGEST_STEP / np.maximum(reach, 1e-300))
        if reach.max() < _NEAR_ENOUGH:
            return z, offset, root
    raise ConvergenceError(f"the mode of a trial was not found in {_NEWTON_STEPS} steps.")


@cache
def _hermite(n_arms: int) -> tuple[Array, Array]:
    """Nodes, and weights with the normal density divided out, of the product rule. Shapes (J, k), (J,)."""
    x, w = hermite_rule(_HERMITE_NODES.get(n_arms, 3))
    nodes = np.array(list(itertools.product(x, repeat=n_arms)))
    weights = np.array(list(itertools.product(w, repeat=n_arms))).prod(axis=1)
    return nodes, weights * np.exp(0.5 * np.sum(nodes**2, axis=1))
