"""Bayesian network meta-analysis on the contrast level: every posterior as a mixture of normals.

Integrating over tau (``integration``) leaves, for each contrast, a mixture of normals with known weights.
Means, intervals, probabilities and predictive distributions are exact up to quadrature, the same every
time. Only ranks need draws, and those are points of a fixed lattice.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.distributions import normal_cdf, normal_quantiles
from equipoise.synthesis.gls import Array
from equipoise.synthesis.integration import TauPosterior, fit_over_grid, integrate_tau, set_to_zero
from equipoise.synthesis.lattice import mixture_points
from equipoise.synthesis.network import Network, consistency_rows
from equipoise.synthesis.priors import TauPrior
from equipoise.synthesis.ranking import Rankogram, rank_draws
from equipoise.vocabulary.errors import ConvergenceError, ShapeError, UnknownTermError

# Components of the mixtures that weigh less than this change no printed digit.
_NEGLIGIBLE_WEIGHT = 1e-12


@dataclass(frozen=True)
class ContrastPosterior:
    """Posterior of one treatment versus another, analysis scale.

    Attributes
    ----------
    treatment, reference
        The effect is that of ``treatment`` versus ``reference``.
    mean, sd, median, cri_low, cri_high
        Of the mean effect over trials.
    pi_low, pi_high
        Predictive interval for the effect in a new trial.
    below_null
        Posterior probability that the effect lies below no difference.
    """

    treatment: str
    reference: str
    mean: float
    sd: float
    median: float
    cri_low: float
    cri_high: float
    pi_low: float
    pi_high: float
    below_null: float

    def reversed(self) -> ContrastPosterior:
        """The same the other way round."""
        return ContrastPosterior(
            self.reference,
            self.treatment,
            -self.mean,
            self.sd,
            -self.median,
            -self.cri_high,
            -self.cri_low,
            -self.pi_high,
            -self.pi_low,
            1 - self.below_null,
        )


@dataclass(frozen=True)
class NetworkPosterior:
    """Posterior of a network meta-analysis.

    Attributes
    ----------
    network, treatments
        The data, and the order of the matrices.
    level
        Level of the credible and predictive intervals.
    tau
        Posterior of the between-study standard deviation.
    weights
        Mixture weights. Shape (N,).
    effects, covariance
        Mean and covariance of all effects against the network's reference given each tau. Shapes (N, T), (N, T, T).
    """

    network: Network
    treatments: tuple[str, ...]
    level: float
    tau: TauPosterior
    tau_nodes: Array
    weights: Array
    effects: Array
    covariance: Array

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes of the network, and what cannot be read from this posterior."""
        if not self.tau.is_long_tailed:
            return self.network.notes
        return (
            *self.network.notes,
            "The tail of tau is so long that means and standard deviations rest on it, and may be infinite: read the "
            "medians and intervals, or take a prior with a shorter tail, such as a half-normal.",
        )

    def contrast(self, treatment: str, reference: str) -> ContrastPosterior:
        """Posterior of one contrast.

        Raises
        ------
        UnknownTermError
            If a name is not a treatment of the network.
        """
        return self._summaries([(treatment, reference)])[0]

    def contrasts(self) -> Iterator[ContrastPosterior]:
        """Posteriors of every ordered pair of different treatments."""
        pairs = list(itertools.combinations(self.treatments, 2))
        one_way = dict(zip(pairs, self._summaries(pairs), strict=True))
        for pair in itertools.permutations(self.treatments, 2):
            yield one_way[pair] if pair in one_way else one_way[pair[::-1]].reversed()

    def probability_below(self, treatment: str, reference: str, threshold: float) -> float:
        """Posterior probability that the effect is below a threshold on the analysis scale."""
        mean, variance = self._mixture([(treatment, reference)])
        return float(self.weights @ normal_cdf((threshold - mean[:, 0]) / np.sqrt(variance[:, 0])))

    def probability_important(self, treatment: str, reference: str, threshold: float) -> float:
        """Posterior probability that the effect is at least as far from no difference as a threshold.

        Parameters
        ----------
        treatment, reference
            The contrast.
        threshold
            On the analysis scale. Below zero effects at most as high count, above zero those at least as high.

        Raises
        ------
        ShapeError
            If the threshold is no difference or not finite.
        """
        if threshold == 0 or not math.isfinite(threshold):
            raise ShapeError(f"an important effect is no finite distance from no difference: {threshold}.")
        below = self.probability_below(treatment, reference, threshold)
        return below if threshold < 0 else 1 - below

    def draws(self, n: int = 8192) -> Array:
        """Joint draws of all effects against the network's reference, the same every time. Shape (n, T).

        The points of a fixed sequence in the unit cube choose tau by inverse distribution function and then the
        effects given tau; their averages converge faster than those of random draws.
        """
        return self._points(self.covariance, n)

    def predictive_draws(self, n: int = 8192) -> Array:
        """Joint draws of all effects in one new trial of every treatment, the same every time. Shape (n, T).

        Given tau, the effects of one trial vary around their means with variance tau^2 and share half of it, as
        those of every trial do: the arms vary independently. Row i belongs to the same point as row i of ``draws``.
        """
        shared = (np.eye(len(self.treatments)) + 1) / 2
        return self._points(self.covariance + self.tau_nodes[:, None, None] ** 2 * shared, n)

    def _points(self, covariance: Array, n: int) -> Array:
        moving = [i for i, name in enumerate(self.treatments) if name != self.network.reference]
        of_moving = covariance[np.ix_(range(len(self.weights)), moving, moving)]
        drawn = np.zeros((n, len(self.treatments)))
        drawn[:, moving] = mixture_points(self.weights, self.effects[:, moving], of_moving, n)
        return drawn

    def ranks(self, *, smaller_is_better: bool, n: int = 8192) -> Rankogram:
        """Rank probabilities; SUCRA and rank intervals follow from them."""
        return rank_draws(self.treatments, self.draws(n), smaller_is_better=smaller_is_better)

    def _mixture(self, pairs: list[tuple[str, str]]) -> tuple[Array, Array]:
        """Mean and variance of each contrast given each tau. Shape (N, K)."""
        for name in {name for pair in pairs for name in pair}:
            if name not in self.treatments:
                raise UnknownTermError("treatment", name, self.treatments)
        i, j = (np.array([self.treatments.index(pair[side]) for pair in pairs]) for side in (0, 1))
        mean = self.effects[:, i] - self.effects[:, j]
        c = self.covariance
        return mean, np.maximum(c[:, i, i] + c[:, j, j] - 2 * c[:, i, j], 1e-300)

    def _summaries(self, pairs: list[tuple[str, str]]) -> list[ContrastPosterior]:
        mean, variance = self._mixture(pairs)
        w, tail = self.weights, (1 - self.level) / 2
        centre = w @ mean
        sd = np.sqrt(w @ (variance + (mean - centre) ** 2))
        quantiles = _mixture_quantiles(w, mean, np.sqrt(variance), [0.5, tail, 1 - tail])
        predictive = _mixture_quantiles(w, mean, np.sqrt(variance + self.tau_nodes[:, None] ** 2), [tail, 1 - tail])
        below = w @ normal_cdf(-mean / np.sqrt(variance))
        columns = np.vstack([centre, sd, quantiles, predictive, below]).T.tolist()
        return [ContrastPosterior(*pair, *values) for pair, values in zip(pairs, columns, strict=True)]


def posterior(
    network: Network, prior: TauPrior | None, *, level: float = 0.95, effect_sd: float = math.inf
) -> NetworkPosterior:
    """Integrate the posterior of a network meta-analysis.

    Parameters
    ----------
    network
        The trials.
    prior
        Prior on the between-study standard deviation, see ``priors``; None for a common effect, which is tau = 0.
    level
        Level of the credible and predictive intervals.
    effect_sd
        Standard deviation of the normal prior on each effect against the reference; infinity for flat.

    Raises
    ------
    NetworkError
        If the network is in pieces.
    ShapeError
        If the level is not between 0 and 1.
    NotEstimableError
        If the posterior of tau has no end within reach; see ``integrate_tau``.

    Notes
    -----
    Sampling variances are taken as known, as in every contrast-level synthesis; for sparse counts use a
    likelihood of the arms.

    References
    ----------
    rover-2020, dias-2013
    """
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    rows = consistency_rows(network)
    if prior is None:
        tau = set_to_zero(rows, coefficient_sd=effect_sd)
    else:
        tau = integrate_tau(rows, prior, coefficient_sd=effect_sd)
    kept = tau.weights > _NEGLIGIBLE_WEIGHT
    grid = fit_over_grid(rows, tau.nodes[kept], coefficient_sd=effect_sd)
    position = [network.treatments.index(name) for name in network.parameters]
    t = len(network.treatments)
    effects, covariance = np.zeros((len(grid.tau), t)), np.zeros((len(grid.tau), t, t))
    effects[:, position] = grid.beta
    covariance[np.ix_(range(len(grid.tau)), position, position)] = grid.half.transpose(0, 2, 1) @ grid.half
    weights = tau.weights[kept] / tau.weights[kept].sum()
    return NetworkPosterior(network, network.treatments, level, tau, grid.tau, weights, effects, covariance)


def _mixture_quantiles(weights: Array, mean: Array, sd: Array, masses: list[float]) -> Array:
    """Quantiles of mixtures of normals, by Newton steps kept inside a bracket. Shape (masses, K)."""
    centre = weights @ mean
    spread = np.sqrt(weights @ (sd**2 + (mean - centre) ** 2))
    target = np.array(masses)[:, None]
    x = centre + normal_quantiles(target) * spread
    reach = 12 * sd.max(axis=0) + np.ptp(mean, axis=0)
    low, high = np.broadcast_to(centre - reach, x.shape).copy(), np.broadcast_to(centre + reach, x.shape).copy()
    for _ in range(60):
        z = (x[:, None, :] - mean) / sd
        excess = np.einsum("n,mnk->mk", weights, normal_cdf(z)) - target
        density = np.einsum("n,mnk->mk", weights, np.exp(-0.5 * z**2) / sd) / math.sqrt(2 * math.pi)
        high, low = np.where(excess > 0, x, high), np.where(excess > 0, low, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = x - excess / density
        new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
        if np.all(np.abs(new - x) <= 1e-11 * spread):
            return np.asarray(new)
        x = new
    raise ConvergenceError("a quantile of the posterior did not settle in 60 steps.")
