"""The posterior of a network of arms, with its diagnostic.

Every number is the closed form of the nested Laplace approximation plus the average of what the
importance weights change. Where the approximation is good the points carry little, and so does their error.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from equipoise.synthesis.arm_points import WeightedPoints, tau_rule, weighted_points
from equipoise.synthesis.bayes import ContrastPosterior
from equipoise.synthesis.distributions import normal_cdf, normal_quantile
from equipoise.synthesis.exchangeable import node_rule, with_exchangeable_baselines
from equipoise.synthesis.gls import Array
from equipoise.synthesis.lattice import mixture_points
from equipoise.synthesis.likelihoods import ArmData
from equipoise.synthesis.pareto import LARGEST_TRUSTED_SHAPE, pareto_shape
from equipoise.synthesis.priors import TauPrior
from equipoise.synthesis.ranking import Rankogram, rank_draws
from equipoise.vocabulary.errors import ConvergenceError, NotEstimableError, ShapeError, UnknownTermError

Baselines = Literal["fixed", "random"]

_RANK_POINTS = 8192


@dataclass(frozen=True)
class ArmPosterior:
    """Posterior of a network meta-analysis with an exact likelihood of the arms.

    Attributes
    ----------
    data
        The arms.
    level
        Level of the credible and predictive intervals.
    points
        The approximation and the weighted points.
    weights
        Posterior mass of each point; sums to one. Shape (M,).
    effects
        Effects of all treatments against the reference at each point. Shape (M, T).
    pareto_k
        Shape of the tail of the weights; at most 0.7 here, small is good.
    effective_points
        Points of equal weight that would be worth the same.
    """

    data: ArmData
    level: float
    points: WeightedPoints
    weights: Array
    effects: Array
    pareto_k: float
    effective_points: float

    @property
    def tau_mean(self) -> float:
        """Posterior mean of tau."""
        return float(self.points.node_weights @ self.points.tau + self._change @ self._tau)

    @property
    def tau_sd(self) -> float:
        """Posterior standard deviation of tau."""
        mean = self.tau_mean
        approximate = self.points.node_weights @ (self.points.tau - mean) ** 2
        return math.sqrt(max(float(approximate + self._change @ (self._tau - mean) ** 2), 0.0))

    @property
    def baseline_spread(self) -> tuple[float, float]:
        """Posterior mean and standard deviation of sigma_m, which random baselines have.

        Raises
        ------
        NotEstimableError
            If the baselines are fixed.
        """
        if self.points.rule.scales.ndim == 1:
            raise NotEstimableError("fixed baselines have no standard deviation; ask for baselines='random'.")
        spread = self.points.rule.scales[:, 1]
        share = self.points.node_weights + np.bincount(self.points.node, self._change, len(spread))
        mean = float(share @ spread)
        return mean, math.sqrt(max(float(share @ (spread - mean) ** 2), 0.0))

    def tau_quantile(self, mass: float) -> float:
        """Tau below which this posterior mass lies; zero under the common-effect model."""
        approximate = self.points.tau_posterior
        if approximate is None:
            return 0.0
        asked, tau = mass, 0.0
        for _ in range(20):
            tau = approximate.quantile(float(np.clip(asked, 1e-9, 1 - 1e-9)))
            asked = mass - float(self._change @ (self._tau <= tau))
        return tau

    def contrast(self, treatment: str, reference: str) -> ContrastPosterior:
        """Posterior of one contrast.

        Raises
        ------
        UnknownTermError
            If a name is not a treatment of the network.
        """
        for name in (treatment, reference):
            if name not in self.data.treatments:
                raise UnknownTermError("treatment", name, self.data.treatments)
        c = np.zeros(self.points.effects.shape[1])  # a mean baseline, if there is one, takes no part
        c[: len(self.data.parameters)] = [(name == treatment) - (name == reference) for name in self.data.parameters]
        means, covariance = self.points.modes.effects @ c, np.linalg.solve(self.points.modes.precision, c)
        variances = covariance @ c
        x = self.points.effects @ c
        w = self.points.node_weights
        mean = float(w @ means + self._change @ x)
        second = float(w @ (variances + (means - mean) ** 2) + self._change @ (x - mean) ** 2)
        sd = math.sqrt(second)

        def below(t: float) -> float:
            return float(w @ normal_cdf((t - means) / np.sqrt(variances)) + self._change @ (x <= t))

        def predictive(t: float) -> float:
            spread = np.sqrt(variances + self.points.tau**2)
            jump = normal_cdf((t - x) / np.maximum(self._tau, 1e-12))
            return float(w @ normal_cdf((t - means) / spread) + self._change @ jump)

        tail = (1 - self.level) / 2
        reach = 4 * normal_quantile(self.level) * math.sqrt(second + float(w @ self.points.tau**2))
        return ContrastPosterior(
            treatment=treatment,
            reference=reference,
            mean=mean,
            sd=sd,
            median=_bisect(below, 0.5, mean, reach),
            cri_low=_bisect(below, tail, mean, reach),
            cri_high=_bisect(below, 1 - tail, mean, reach),
            pi_low=_bisect(predictive, tail, mean, reach),
            pi_high=_bisect(predictive, 1 - tail, mean, reach),
            below_null=min(max(below(0.0), 0.0), 1.0),
        )

    def contrasts(self) -> Iterator[ContrastPosterior]:
        """Posteriors of every ordered pair of different treatments."""
        for treatment, reference in itertools.permutations(self.data.treatments, 2):
            yield self.contrast(treatment, reference)

    def ranks(self, *, smaller_is_better: bool) -> Rankogram:
        """Rank probabilities; SUCRA and rank intervals follow from them."""
        approximate = np.zeros((_RANK_POINTS, len(self.data.treatments)))
        covariance = np.asarray(np.linalg.inv(self.points.modes.precision), dtype=float)
        drawn = mixture_points(self.points.node_weights, self.points.modes.effects, covariance, _RANK_POINTS)
        approximate[:, [self.data.treatments.index(name) for name in self.data.parameters]] = drawn[
            :, : len(self.data.parameters)
        ]
        base, change = (
            rank_draws(self.data.treatments, draws, smaller_is_better=smaller_is_better, weights=weights).probabilities
            for draws, weights in ((approximate, None), (self.effects, self._change))
        )
        probabilities = np.maximum(base + change, 0.0)
        for _ in range(20):  # what was cut off at zero is given back, rows and columns in turn
            probabilities = probabilities / np.maximum(probabilities.sum(axis=1, keepdims=True), 1e-300)
            probabilities = probabilities / np.maximum(probabilities.sum(axis=0), 1e-300)
        return Rankogram(self.data.treatments, probabilities)

    @property
    def _tau(self) -> Array:
        return self.points.tau[self.points.node]

    @property
    def _change(self) -> Array:
        """What the exact weights add to those of the approximation; sums to zero."""
        return self.weights - self.points.approximate_weights


def arm_posterior(
    data: ArmData,
    prior: TauPrior | None,
    *,
    baselines: Baselines = "fixed",
    baseline_prior: TauPrior | None = None,
    effect_sd: float = 10.0,
    baseline_sd: float = 10.0,
    level: float = 0.95,
    n: int = 2048,
) -> ArmPosterior:
    r"""Fit a network of arms by nested Laplace with importance weights.

    In trial i, arm k has the linear predictor :math:`\mu_i + d_{t_{ik}} + \delta_{ik}`, where :math:`\mu_i` is the
    baseline of the trial. Fixed baselines have independent vague priors, :math:`\mu_i \sim N(0, B^2)` with B
    the ``baseline_sd``: each trial says only what differs between its arms. Random baselines are exchangeable,
    :math:`\mu_i \sim N(m, \sigma_m^2)` with :math:`m \sim N(0, B^2)` and ``baseline_prior`` on :math:`\sigma_m`.

    Random baselines are for few or sparse trials: a trial without events, or with few, borrows its baseline
    from the others. The price is that randomisation is no longer all that is used: where an effect is poorly
    known from within trials, how trials differ in level tells on it, and trials of sicker people that tested
    one drug pass for harm by that drug (white-2019). Compare both, and report fixed baselines first. A random
    :math:`\mu_i` belongs to the reference treatment, also in trials without such an arm; so choose one that
    many trials share.

    Parameters
    ----------
    data
        The arms; see ``arm_data``.
    prior
        Prior on the between-study standard deviation; None for the common-effect model.
    baselines
        ``"fixed"`` or ``"random"``.
    baseline_prior
        Prior on the standard deviation of random baselines, for example ``half_normal(2)`` for log odds; required
        for them and refused for fixed ones.
    effect_sd, baseline_sd
        Standard deviations of the normal priors, mean zero, on effects and on baselines (on their mean, if they
        are random), on the scale of the link. Ten is vague for log odds and log rates; means need a value of
        their own scale.
    level
        Level of the credible and predictive intervals.
    n
        Number of lattice points, about.

    Returns
    -------
    ArmPosterior
        The same every time: there is no seed.

    Raises
    ------
    ShapeError
        If the level is not between 0 and 1.
    UnknownTermError
        If the baselines are neither fixed nor random.
    ConvergenceError
        If the importance weights cannot be trusted, or a mode is not found.
    NotEstimableError
        If the posterior of tau or of sigma_m has no end within reach, or random baselines have no prior.
    """
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    points = _points(data, prior, baselines, baseline_prior, effect_sd=effect_sd, baseline_sd=baseline_sd, n=n)
    shape = pareto_shape(points.log_ratio)
    if shape > LARGEST_TRUSTED_SHAPE:
        raise ConvergenceError(
            f"the approximation is too far from the posterior: Pareto k is {shape:.2f} and at most "
            f"{LARGEST_TRUSTED_SHAPE} can be trusted.\n"
            "  Try: more points, a tighter prior on the effects, or a sampler; sparse arms are the usual cause."
        )
    weights = points.drawn_weights * np.exp(points.log_ratio - points.log_ratio.max())
    weights = weights / weights.sum()
    effects = np.zeros((len(weights), len(data.treatments)))
    effects[:, [data.treatments.index(name) for name in data.parameters]] = points.effects[:, : len(data.parameters)]
    return ArmPosterior(data, level, points, weights, effects, shape, float(1 / np.sum(weights**2)))


def _points(
    data: ArmData,
    prior: TauPrior | None,
    baselines: str,
    baseline_prior: TauPrior | None,
    *,
    effect_sd: float,
    baseline_sd: float,
    n: int,
) -> WeightedPoints:
    """Weighted points of either model of the baselines."""
    if baselines not in ("fixed", "random"):
        raise UnknownTermError("kind of baselines", baselines, ("fixed", "random"))
    if (baselines == "random") != (baseline_prior is not None):
        raise NotEstimableError(
            "a prior on the standard deviation of baselines goes with random ones, and only with them.\n"
            "  Try: baselines='random', baseline_prior=half_normal(2)."
        )
    if baseline_prior is None:
        rule = tau_rule(data, prior, effect_sd=effect_sd, baseline_sd=baseline_sd)
        return weighted_points(data, rule, effect_sd=effect_sd, baseline_sd=baseline_sd, n=n)
    rewritten = with_exchangeable_baselines(data)
    coefficient_sd = np.array([effect_sd] * len(data.parameters) + [baseline_sd])
    rule = node_rule(rewritten, prior, baseline_prior, coefficient_sd=coefficient_sd)
    return weighted_points(rewritten, rule, effect_sd=coefficient_sd, baseline_sd=1.0, n=n)


def _bisect(below: Callable[[float], float], mass: float, centre: float, reach: float) -> float:
    """Where a distribution function passes a mass, to a billionth of the reach."""
    low, high = centre - reach, centre + reach
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if below(middle) < mass else (low, middle)
    return 0.5 * (low + high)
