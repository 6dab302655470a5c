"""Ranking treatments, always with the uncertainty of the rank.

Which direction is good is a property of the outcome and must be said; there is no default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.distributions import normal_cdf
from equipoise.synthesis.fitting import NetworkFit
from equipoise.synthesis.gls import Array
from equipoise.synthesis.lattice import normal_points
from equipoise.vocabulary.errors import ShapeError


@dataclass(frozen=True)
class Rankogram:
    """How probable each rank is for each treatment.

    Attributes
    ----------
    treatments
        In alphabetical order. Length T.
    probabilities
        Row: treatment; column: rank, the best first. Rows and columns sum to one. Shape (T, T).
    """

    treatments: tuple[str, ...]
    probabilities: Array

    @property
    def sucra(self) -> Mapping[str, float]:
        """Surface under the cumulative ranking curve, from 0 (surely last) to 1 (surely first)."""
        below = self.probabilities.cumsum(axis=1)[:, :-1]
        return dict(zip(self.treatments, below.mean(axis=1).tolist(), strict=True))

    @property
    def mean_rank(self) -> Mapping[str, float]:
        """Expected rank; 1 is the best."""
        ranks = np.arange(1, len(self.treatments) + 1)
        return dict(zip(self.treatments, (self.probabilities @ ranks).tolist(), strict=True))

    def rank_interval(self, treatment: str, level: float = 0.95) -> tuple[int, int, int]:
        """Median rank of a treatment, and the lower and upper quantile of its rank."""
        cumulative = self.probabilities[self.treatments.index(treatment)].cumsum()
        median, low, high = (
            int(np.searchsorted(cumulative, q - 1e-12)) + 1 for q in (0.5, (1 - level) / 2, (1 + level) / 2)
        )
        return median, low, high


def p_scores(fit: NetworkFit, *, smaller_is_better: bool) -> dict[str, float]:
    """P-scores: mean certainty that a treatment is better than another (rucker-2015).

    Parameters
    ----------
    fit
        A fitted network.
    smaller_is_better
        True where a lower value of the outcome is the better one, as for relapses.

    Returns
    -------
    dict
        From 0 (surely the worst) to 1 (surely the best), by treatment.
    """
    direction = -1.0 if smaller_is_better else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        better = normal_cdf(direction * fit.effects / fit.se)
    np.fill_diagonal(better, 0.0)
    return dict(zip(fit.treatments, (better.sum(axis=1) / (len(fit.treatments) - 1)).tolist(), strict=True))


def rankogram(fit: NetworkFit, *, smaller_is_better: bool, n: int = 8192) -> Rankogram:
    """Rank probabilities of a fitted network, its effects taken as multivariate normal.

    Parameters
    ----------
    fit
        A fitted network.
    smaller_is_better
        True where a lower value of the outcome is the better one.
    n
        Lattice points; the probabilities are good to about 1 / sqrt(n) and the same every time.
    """
    moving = [i for i, name in enumerate(fit.treatments) if name != fit.network.reference]
    against = fit.effects[:, fit.treatments.index(fit.network.reference)]
    draws = np.zeros((n, len(fit.treatments)))
    draws[:, moving] = normal_points(against[moving], fit.covariance[np.ix_(moving, moving)], n)
    return rank_draws(fit.treatments, draws, smaller_is_better=smaller_is_better)


def rank_draws(
    treatments: tuple[str, ...], draws: Array, *, smaller_is_better: bool, weights: Array | None = None
) -> Rankogram:
    """Rank probabilities from draws of all effects against one reference.

    Parameters
    ----------
    treatments
        Names. Length T.
    draws
        Joint draws, the reference's own effect among them. Shape (D, T).
    smaller_is_better
        True where a lower value of the outcome is the better one.
    weights
        Weight of each draw, summing to one; all the same if not given. Shape (D,).

    Raises
    ------
    ShapeError
        If the draws have not one column per treatment.
    """
    if draws.ndim != 2 or draws.shape[1] != len(treatments) or not len(draws):
        raise ShapeError(f"draws of shape {draws.shape} do not fit {len(treatments)} treatments; needed: (D, T).")
    order = np.argsort(draws if smaller_is_better else -draws, axis=1, kind="stable")
    t = len(treatments)
    each = np.full(len(draws), 1 / len(draws)) if weights is None else weights
    cells = (order * t + np.arange(t)).ravel()
    counts = np.bincount(cells, np.repeat(each, t), minlength=t * t)
    return Rankogram(treatments, np.asarray(counts, dtype=float).reshape(t, t))
