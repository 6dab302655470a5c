"""Points around the nested Laplace approximation of ``arm_level``, weighed by the exact posterior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.synthesis.arm_level import Mode, exact_log_likelihood, find_modes, log_prior
from equipoise.synthesis.distributions import chi2_quantiles, normal_quantiles
from equipoise.synthesis.gls import Array
from equipoise.synthesis.integration import TauPosterior, integrate
from equipoise.synthesis.lattice import lattice
from equipoise.synthesis.likelihoods import ArmData
from equipoise.synthesis.priors import TauPrior
from equipoise.synthesis.small_matrices import times, transposed_times

_NEGLIGIBLE_NODE = 1e-5
_T_DF = 5  # heavy enough for the skew of sparse arms


@dataclass(frozen=True)
class NodeRule:
    """A quadrature rule over the scales that the groups are loaded by.

    Attributes
    ----------
    scales
        tau, shape (N,); or tau and sigma_m, shape (N, 2).
    weights
        Approximate posterior masses, which sum to one. Shape (N,).
    tau_posterior
        Approximate posterior of tau; None for the common-effect model.
    """

    scales: Array
    weights: Array
    tau_posterior: TauPosterior | None

    def without_negligible(self, smallest: float = _NEGLIGIBLE_NODE) -> NodeRule:
        """The nodes of more than the smallest mass."""
        kept = self.weights > smallest
        return NodeRule(self.scales[kept], self.weights[kept] / self.weights[kept].sum(), self.tau_posterior)


def tau_rule(data: ArmData, prior: TauPrior | None, *, effect_sd: float, baseline_sd: float) -> NodeRule:
    """Quadrature rule of the posterior of tau, baselines fixed; parameters and errors as ``weighted_points``."""
    if prior is None:
        return NodeRule(np.zeros(1), np.ones(1), None)
    found = integrate(
        lambda tau: find_modes(data, tau, effect_sd=effect_sd, baseline_sd=baseline_sd).log_marginal,
        prior,
        scale=prior.scale,
        is_slow=True,
    )
    return NodeRule(found.nodes, found.weights, found).without_negligible()


@dataclass(frozen=True)
class WeightedPoints:
    """The nested Laplace approximation, and points drawn from it with their exact weights.

    Attributes
    ----------
    modes
        The approximation at each node. N nodes.
    rule
        The nodes and their masses.
    effects
        Points: effects, then the mean baseline if baselines are random. Shape (M, P) or (M, P + 1).
    node
        Node of each point. Shape (M,).
    log_ratio
        Log of exact density over the density it was drawn from, up to a constant. Shape (M,).
    drawn_weights, approximate_weights
        Share of what was drawn, and of the normal approximation, that each point stands for; each sums
        to one. Shape (M,).
    """

    modes: Mode
    rule: NodeRule
    effects: Array
    node: NDArray[np.intp]
    log_ratio: Array
    drawn_weights: Array
    approximate_weights: Array

    @property
    def tau(self) -> Array:
        """Tau of each node. Shape (N,)."""
        return self.rule.scales if self.rule.scales.ndim == 1 else self.rule.scales[:, 0]

    @property
    def node_weights(self) -> Array:
        """Approximate mass of each node. Shape (N,)."""
        return self.rule.weights

    @property
    def tau_posterior(self) -> TauPosterior | None:
        """Approximate posterior of tau; None for the common-effect model."""
        return self.rule.tau_posterior


def weighted_points(
    data: ArmData, rule: NodeRule, *, effect_sd: float | Array, baseline_sd: float, n: int
) -> WeightedPoints:
    """Draw lattice points around the nested Laplace approximation and weigh them by the exact posterior.

    The points follow t distributions, so that no tail of the posterior is missed.

    Parameters
    ----------
    data
        The arms.
    rule
        Nodes at which the approximation is made.
    effect_sd, baseline_sd
        Standard deviations of the normal priors, mean zero, on effects (one for all or one each) and baselines.
    n
        Number of points, about; every node has eight at least.

    Raises
    ------
    ConvergenceError
        As ``find_modes``.
    """
    modes = find_modes(data, rule.scales, effect_sd=effect_sd, baseline_sd=baseline_sd)
    pairs = np.maximum(np.ceil(0.5 * n * rule.weights).astype(int), 4)
    node = np.repeat(np.arange(len(pairs)), 2 * pairs)
    p = modes.effects.shape[1]
    x = _t_points(int(pairs.sum()), p)
    half = np.linalg.inv(np.linalg.cholesky(modes.precision))
    away = transposed_times(half[node], x)
    effects = modes.effects[node] + away
    start = tuple(z[node] + times(r[node], away[:, None]) for z, r in zip(modes.latent, modes.response, strict=True))
    exact = exact_log_likelihood(data, effects, rule.scales[node], start, baseline_sd=baseline_sd)
    exact += log_prior(effects, np.broadcast_to(np.asarray(effect_sd, dtype=float) ** -2, p))
    radius = np.sum(x**2, axis=1)
    log_t = -0.5 * (_T_DF + p) * np.log1p(radius / _T_DF)
    log_det = np.log(np.diagonal(half, axis1=1, axis2=2)).sum(axis=1)
    log_ratio = exact - log_t + (log_det - modes.log_marginal)[node]
    drawn = (rule.weights / (2 * pairs))[node]
    normal = drawn * np.exp(-0.5 * radius - log_t)
    return WeightedPoints(modes, rule, effects, node, log_ratio, drawn, normal / normal.sum())


def _t_points(n_pairs: int, p: int) -> Array:
    """Points of a multivariate t distribution, mirrored: averages of odd functions carry no lattice error."""
    cube = lattice(n_pairs, p + 1)
    stretch = np.sqrt(_T_DF / chi2_quantiles(cube[:, :1], _T_DF))
    x = np.repeat(normal_quantiles(cube[:, 1:]) * stretch, 2, axis=0)
    x[1::2] *= -1
    return np.asarray(x)
