r"""Uniform draws from a region of weights by hit-and-run, with many short chains at once.

From each point a random direction is followed to a uniform place between the two ends of the region. Directions are
drawn with the covariance of a first run, so that narrow regions mix as well as round ones; the directions stay
symmetric, so the stationary distribution stays uniform. Chains start in groups from points spread out over the region,
and nested R-hat says whether the groups have forgotten where they started.

References: smith-1984 (the sampler), tervonen-2013 (its use for weights), margossian-2024 (nested R-hat).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.decision.constraints import Region
from equipoise.decision.contradictions import SMALLEST_BALL, chebyshev
from equipoise.vocabulary.errors import ConvergenceError, NotEstimableError

Array = npt.NDArray[np.float64]

# Groups of chains that share a start; margossian-2024 uses a few to sixteen.
GROUPS = 16
CHAINS = 1024
# Draws that are judged: fewer say too little about mixing.
FEWEST_DRAWS = 4096
# The limit of vehtari-2021, which margossian-2024 also uses.
LARGEST_R_HAT = 1.01
# Each round brings a long thin region nearer to a round one; where draws from a larger region of about the same shape
# give the first directions, one round is enough.
ROUNDS_OF_SHAPING = 3
# In standard errors, over a dozen weights: chance goes beyond it about once in a thousand runs.
LARGEST_DRIFT = 4.0
# With so many independent draws the standard error of a share is at most 1.6 points of 100.
FEWEST_EFFECTIVE = 1000
# A point on the edge, or beyond it by rounding, has this much room and not none.
_NO_ROOM = 1e-300
# Each attempt takes twice as many steps between draws as the one before.
ATTEMPTS = 5


@dataclass(frozen=True)
class Mixing:
    """Whether the chains have forgotten their starts.

    Attributes
    ----------
    nested_r_hat
        The largest over all weights; 1 is perfect, at most 1.01 is trusted.
    drift
        Mean change of the chains from their first to their last draw, in its standard errors, the largest over all
        weights: nested R-hat cannot see what all groups do together.
    effective_draws
        How many independent draws the draws are worth, the smallest over all weights.
    n_draws
        How many there are.
    steps_between
        Steps of a chain between two draws that were kept.
    """

    nested_r_hat: float
    drift: float
    effective_draws: float
    n_draws: int
    steps_between: int

    @property
    def is_trusted(self) -> bool:
        """Whether the draws may be used."""
        return (
            self.nested_r_hat <= LARGEST_R_HAT
            and self.drift <= LARGEST_DRIFT
            and self.effective_draws >= FEWEST_EFFECTIVE
        )


def hit_and_run(
    region: Region, n: int, rng: np.random.Generator, *, around: Array | None = None
) -> tuple[Array, Mixing]:
    """Draw weights uniformly from a region.

    Parameters
    ----------
    region
        With an interior.
    n
        Number of draws.
    rng
        The only source of chance.
    around
        Draws from a larger region of about the same shape, such as that of the order alone: their covariance shapes
        the first directions, and those that lie in the region are starts. Shape (S, C).

    Returns
    -------
    tuple[Array, Mixing]
        Weights, shape (n, C), and the diagnostic.

    Raises
    ------
    NotEstimableError
        If the region has no interior: answers contradict each other.
    ConvergenceError
        If chains have not mixed after the longest run.
    """
    centre, radius = chebyshev(region)
    if radius < SMALLEST_BALL:
        raise NotEstimableError("no weights are compatible with the answers: they contradict each other.")
    free = region.free
    if len(free) == 1:
        return np.repeat(centre[None, :], n, axis=0), Mixing(1.0, 0.0, float(n), n, 1)
    walk = _Walk(region, centre[free], rng)
    starts = walk.spread_out()
    if around is not None:
        walk.shape(around[:, free])
        inside = around[region.holds(around)][:GROUPS, free]
        if len(inside) == GROUPS:
            starts = np.repeat(inside, CHAINS // GROUPS, axis=0)
    # hit-and-run needs a number of steps that grows with the square of the dimension
    burn_in, thin = len(free) ** 2, max(4, len(free) ** 2 // 4)
    points = walk.adapt(starts, burn_in, 1 if around is not None else ROUNDS_OF_SHAPING)
    per_chain = -(-max(n, FEWEST_DRAWS) // CHAINS)
    mixing = Mixing(np.inf, np.inf, 0.0, 0, thin)
    for _ in range(ATTEMPTS):
        points = walk.run(points, burn_in)
        kept = np.empty((per_chain, CHAINS, len(free)))
        for i in range(per_chain):
            points = walk.run(points, thin)
            kept[i] = points
        mixing = judge(kept, thin)
        if mixing.is_trusted:
            weights = np.zeros((n, len(region.criteria)))
            # chain after chain would keep some chains and drop others: time after time keeps them all
            weights[:, free] = kept.reshape(-1, len(free))[:n]
            return weights, mixing
        burn_in, thin = 2 * burn_in, 2 * thin
    raise ConvergenceError(
        f"the draws of weights have not mixed after {ATTEMPTS} attempts: nested R-hat {mixing.nested_r_hat:.3f} "
        f"(at most {LARGEST_R_HAT} is trusted), drift {mixing.drift:.1f},\n"
        f"  worth {mixing.effective_draws:.0f} of {mixing.n_draws} draws.\n"
        "  The answers leave a very narrow region. Try: leave out one trade-off."
    )


def judge(draws: Array, steps_between: int) -> Mixing:
    """Judge chains in groups that started together.

    Parameters
    ----------
    draws
        Draws of each chain; consecutive chains form a group. Shape (draws, chains, quantities), chains a multiple of
        16.
    steps_between
        As it was.

    References
    ----------
    margossian-2024
    """
    n_draws, chains, quantities = draws.shape
    groups = draws.reshape(n_draws, GROUPS, chains // GROUPS, quantities)
    chain_means = groups.mean(axis=0)
    within_chain = groups.var(axis=0, ddof=1) if n_draws > 1 else np.zeros_like(chain_means)
    group_means = chain_means.mean(axis=1)
    within = (within_chain.mean(axis=1) + chain_means.var(axis=1, ddof=1)).mean(axis=0)
    between = group_means.var(axis=0, ddof=1)
    total = draws.reshape(-1, quantities).var(axis=0)
    # the variance of chain means, across independent chains, says what the autocorrelation within them costs
    effective = total / draws.mean(axis=0).var(axis=0, ddof=1) * chains
    change = draws[-1] - draws[0]
    standard_error = change.std(axis=0, ddof=1) / np.sqrt(chains)
    drift = np.abs(change.mean(axis=0)) / np.where(standard_error > 0, standard_error, np.inf)
    return Mixing(
        nested_r_hat=float(np.sqrt(1 + between / within).max()),
        drift=float(drift.max()),
        effective_draws=float(min(effective.min(), n_draws * chains)),
        n_draws=n_draws * chains,
        steps_between=steps_between,
    )


class _Walk:
    """Chains in coordinates of the plane of sum one, rescaled so that the region is about round."""

    def __init__(self, region: Region, centre: Array, rng: np.random.Generator) -> None:
        a, b = region.matrix()
        k = len(centre)
        self.rows = np.vstack([a[:, region.free], -np.eye(k)])
        self.bounds = np.concatenate([b, np.zeros(k)])
        self.centre = centre
        self.rng = rng
        # an orthonormal basis of the directions that keep the sum
        self.plane = np.linalg.svd(np.ones((1, k)))[2][1:]
        self.basis = self.plane

    def spread_out(self) -> Array:
        """Starts: from the centre most of the way to the edge, one direction per group. Shape (CHAINS, k)."""
        directions = self.rng.standard_normal((GROUPS, len(self.basis))) @ self.basis
        _, high = self._ends(np.repeat(self.centre[None, :], GROUPS, axis=0), directions)
        return np.repeat(self.centre + 0.9 * high[:, None] * directions, CHAINS // GROUPS, axis=0)

    def shape(self, points: Array) -> None:
        """Give the directions the covariance of some points."""
        covariance = np.cov((points @ self.plane.T).T).reshape(len(self.plane), -1)
        values, vectors = np.linalg.eigh(covariance)
        scale = np.sqrt(np.maximum(values, values.max() * 1e-12))
        self.basis = scale[:, None] * (vectors.T @ self.plane)

    def adapt(self, points: Array, steps: int, rounds: int) -> Array:
        """Shape the directions by where the chains are, ever again; return where they are then."""
        for _ in range(rounds):
            points = self.run(points, steps)
            self.shape(points)
        return points

    def run(self, points: Array, steps: int) -> Array:
        """Take steps with all chains; return where they are then."""
        # Constraints in rows and chains in columns: every reduction then runs along memory.
        at = np.ascontiguousarray(points.T)
        room = self.bounds[:, None] - self.rows @ at
        along = self.rows @ self.basis.T
        for _ in range(steps):
            drawn = self.rng.standard_normal((len(self.basis), at.shape[1]))
            slopes = along @ drawn
            low, high = _limits(room, slopes)
            length = low + (high - low) * self.rng.random(at.shape[1])
            at += length * (self.basis.T @ drawn)
            room -= length * slopes
        # rounding adds up over steps: back to sum one, and never below zero
        at = np.maximum(at, 0.0)
        return np.ascontiguousarray((at / at.sum(axis=0)).T)

    def _ends(self, points: Array, directions: Array) -> tuple[Array, Array]:
        return _limits(self.bounds[:, None] - self.rows @ points.T, self.rows @ directions.T)


def _limits(room: Array, slopes: Array) -> tuple[Array, Array]:
    """How far back and forth a line may go: room - t * slope >= 0 for every row. Shapes (rows, chains) to (chains,).

    The reciprocal of the largest and of the smallest slope over room: the region is bounded, so one is positive and
    the other negative.
    """
    rate = slopes / np.maximum(room, _NO_ROOM)
    return 1.0 / rate.min(axis=0), 1.0 / rate.max(axis=0)
