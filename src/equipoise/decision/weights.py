"""Draw weights: uniformly over all weights that are compatible with what was said.

Where that can be done exactly it is: weights without any answer are normalised exponentials, and an order only sorts
them, because the uniform density on the simplex does not change when weights change places. Trade-offs are met by
keeping the draws that satisfy them while enough do, and by hit-and-run where few would.

References: tervonen-2013.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.decision.constraints import Region
from equipoise.decision.hit_and_run import Mixing, hit_and_run
from equipoise.decision.ordered_weights import ordered_weights
from equipoise.vocabulary.errors import ShapeError

Array = npt.NDArray[np.float64]

# Draws by which the share that satisfies the trade-offs is judged, and the share from which keeping them is
# quicker than walking.
PILOT = 4096
FEWEST_KEPT = 0.02
# Draws from the order alone that give chains their starts and their directions.
AROUND = 100_000


@dataclass(frozen=True)
class Weights:
    """Draws of weights, and how they were made.

    Attributes
    ----------
    draws
        Each row sums to 1. Shape (S, C).
    method
        ``"exact"``: independent draws from the region itself; ``"kept"``: independent draws of which those that satisfy
        the trade-offs were kept; ``"hit-and-run"``: chains.
    mixing
        The diagnostic of the chains; ``None`` where draws are independent.
    """

    draws: Array
    method: str
    mixing: Mixing | None = None


def sample_weights(region: Region, n: int, rng: np.random.Generator) -> Weights:
    """Draw weights uniformly from a region.

    Parameters
    ----------
    region
        With an interior: ``settle`` makes sure of it.
    n
        Number of draws.
    rng
        The only source of chance: the same state gives the same weights.

    Returns
    -------
    Weights
        Every draw satisfies every answer.

    Raises
    ------
    NotEstimableError
        If the answers contradict each other.
    ConvergenceError
        If chains were needed and did not mix.
    """
    if not region.inequalities:
        return Weights(ordered_weights(region, n, rng), "exact")
    a = np.array([one.coefficients for one in region.inequalities])
    b = np.array([one.bound for one in region.inequalities])
    pilot = ordered_weights(region, PILOT, rng)
    share = float((pilot @ a.T <= b).all(axis=1).mean())
    if share < FEWEST_KEPT:
        return Weights(*_walked(region, n, rng))
    found: list[Array] = []
    missing = n
    while missing > 0:
        # a tenth more than expected, so that a second round is rare; in parts, so that memory stays small
        proposed = ordered_weights(region, min(int(1.1 * missing / share) + 100, 200_000), rng)
        kept = proposed[(proposed @ a.T <= b).all(axis=1)]
        found.append(kept)
        missing -= len(kept)
    return Weights(np.concatenate(found)[:n], "kept")


def _walked(region: Region, n: int, rng: np.random.Generator) -> tuple[Array, str, Mixing]:
    draws, mixing = hit_and_run(region, n, rng, around=ordered_weights(region, AROUND, rng))
    return draws, "hit-and-run", mixing


def exact_weights(weights: Sequence[float]) -> Array:
    """Return weights that someone knows exactly as one row, normalised to sum 1.

    Raises
    ------
    ShapeError
        If a weight is negative or not a number, or all are zero.
    """
    row = np.asarray(weights, dtype=float)[None, :]
    if not np.isfinite(row).all() or (row < 0).any() or row.sum() <= 0:
        raise ShapeError("exact weights must be numbers that are not negative, at least one above zero.")
    return np.asarray(row / row.sum())
