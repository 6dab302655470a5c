"""Have the chains of a sampler mixed? Rank-normalised split R-hat, and how many independent draws they are worth.

Split R-hat compares halves of chains with each other after their draws were replaced by normal scores of their
ranks, once as they are and once folded about the median, so that neither heavy tails nor unequal spread hide.
Effective sizes come from the autocorrelations (geyer-1992): of the normal scores for the bulk, of the indicators
of the 5 and 95 per cent quantiles for the tails.

References: vehtari-2021.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.distributions import normal_quantiles
from equipoise.synthesis.gls import Array

# Both limits from vehtari-2021: R-hat below 1.01, a hundred effective draws per chain for each of bulk and tails.
LARGEST_R_HAT = 1.01
FEWEST_EFFECTIVE_PER_CHAIN = 100


@dataclass(frozen=True)
class Mixing:
    """Convergence of one quantity.

    Attributes
    ----------
    r_hat
        Rank-normalised split R-hat; 1 is perfect, infinity where a chain stood still.
    bulk, tail
        Effective draws for the middle of the distribution and for its 90 per cent interval.
    """

    r_hat: float
    bulk: float
    tail: float

    def is_trusted(self, n_chains: int) -> bool:
        """Whether all three are within the limits above."""
        fewest = FEWEST_EFFECTIVE_PER_CHAIN * n_chains
        return self.r_hat < LARGEST_R_HAT and min(self.bulk, self.tail) >= fewest


def mixing(draws: Array) -> Mixing:
    """Judge the draws of one quantity.

    Parameters
    ----------
    draws
        One row per chain, warm-up left out. Shape (C, D) with D of at least 8.
    """
    chains = split_chains(draws)
    if not np.isfinite(chains).all() or np.ptp(chains, axis=1).min() == 0:
        return Mixing(math.inf, 0.0, 0.0)
    scores = normal_scores(chains)
    folded = normal_scores(np.abs(chains - np.median(chains)))
    low, high = np.quantile(draws, [0.05, 0.95])
    tails = [effective_draws(np.asarray(chains <= cut, dtype=float)) for cut in (low, high)]
    return Mixing(max(r_hat(scores), r_hat(folded)), effective_draws(scores), min(tails))


def split_chains(draws: Array) -> Array:
    """Cut every chain in two halves; the draw in the middle of an odd number is left out. Shape (2 C, D // 2)."""
    half = draws.shape[1] // 2
    return np.vstack([draws[:, :half], draws[:, draws.shape[1] - half :]])


def normal_scores(chains: Array) -> Array:
    """Replace draws by normal quantiles of their ranks, ties sharing theirs (blom-1958). Shape as given."""
    _, place, count = np.unique(chains.ravel(), return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    scores: Array = normal_quantiles((rank - 0.375) / (chains.size + 0.25)).reshape(chains.shape)
    return scores


def r_hat(chains: Array) -> float:
    """Square root of the total variance over the variance within chains."""
    n = chains.shape[1]
    within = float(chains.var(axis=1, ddof=1).mean())
    between = float(chains.mean(axis=1).var(ddof=1))
    return math.sqrt((n - 1) / n + between / within)


def effective_draws(chains: Array) -> float:
    """Independent draws with the same error of the mean: Geyer's initial monotone sequence over all chains."""
    m, n = chains.shape
    covariance = autocovariance(chains)
    within = float(covariance[:, 0].mean()) * n / (n - 1)
    total = within * (n - 1) / n + float(chains.mean(axis=1).var(ddof=1))
    if total == 0:
        return float(m * n)
    correlation = 1 - (within - covariance.mean(axis=0)) / total
    correlation[0] = 1.0
    pairs = correlation[: n - n % 2].reshape(-1, 2).sum(axis=1)
    positive = max(int(np.argmax(pairs <= 0)) if (pairs <= 0).any() else len(pairs), 1)
    time = 2 * float(np.minimum.accumulate(pairs[:positive]).sum()) - 1
    if positive < len(pairs):  # the first half of the pair that ended the sequence counts where it is positive
        time += max(float(correlation[2 * positive]), 0.0)
    return float(m * n / max(time, 1 / math.log10(m * n)))


def autocovariance(chains: Array) -> Array:
    """Autocovariance of every chain at every lag, by fast Fourier transform. Shape (M, N)."""
    n = chains.shape[1]
    centred = chains - chains.mean(axis=1, keepdims=True)
    transform = np.fft.rfft(centred, n=2 * n, axis=1)
    covariance: Array = np.fft.irfft(np.abs(transform) ** 2, n=2 * n, axis=1)[:, :n] / n
    return covariance
