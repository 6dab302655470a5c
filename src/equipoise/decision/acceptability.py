"""Stochastic multi-criteria acceptability analysis: the share of plausible worlds in which an option takes each rank.

One world is one draw of what the options do together with one draw of the weights. References: lahdelma-2001 (rank
acceptability, central weights, confidence factors), tervonen-2008 (the same by simulation, pairwise winning).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.vocabulary.errors import ShapeError

Array = npt.NDArray[np.float64]
Ranks = npt.NDArray[np.int64]

# Worlds that are counted at a time, so that what one pass writes stays within the cache of a processor.
WORLDS_AT_A_TIME = 16_384


@dataclass(frozen=True)
class Acceptability:
    """How options fare over plausible worlds. O options, C criteria.

    Attributes
    ----------
    rank_acceptability
        Share of worlds in which an option (row) takes a rank (column), first rank first. Each row sums to 1; so
        does each column, unless two options have exactly the same value in some world: both then take the better
        rank. Shape (O, O).
    central_weights
        Mean weights of the worlds in which an option comes first; not a number where there is none. Shape (O, C).
    confidence_factor
        Share of the draws of levels in which an option comes first when the weights are its central ones; not a
        number where it has none. Shape (O,).
    pairwise_winning
        Share of worlds in which the option of the row has more value than that of the column. Shape (O, O).
    expected_rank
        Mean rank, 1 is best. Shape (O,).
    mean_value
        Mean value, 0 to 1. Shape (O,).
    n_worlds
        Number of worlds.
    """

    rank_acceptability: Array
    central_weights: Array
    confidence_factor: Array
    pairwise_winning: Array
    expected_rank: Array
    mean_value: Array
    n_worlds: int

    @property
    def first_rank(self) -> Array:
        """Share of worlds in which each option comes first. Shape (O,)."""
        return np.asarray(self.rank_acceptability[:, 0])

    @property
    def order(self) -> tuple[int, ...]:
        """Options, the best fitting first: by first-rank share, then by expected rank, then as given."""
        return ordered(self.first_rank, self.expected_rank)


def ordered(first_rank: Array, expected_rank: Array) -> tuple[int, ...]:
    """Options by first-rank share, the largest first; equal ones by expected rank, then as given."""
    return tuple(int(i) for i in np.lexsort((np.arange(len(first_rank)), expected_rank, -first_rank)))


def acceptability(partial_values: Array, weights: Array) -> Acceptability:
    """Count the worlds.

    Parameters
    ----------
    partial_values
        Value of each option on each criterion, 0 to 1, higher is better. Shape (S, O, C); with S of 1 where the
        levels are certain.
    weights
        Weights of the criteria, each row sums to 1. Paired with the draws: shape (S, C); with S of 1 where the
        weights are exact.

    Returns
    -------
    Acceptability
        Ranks are counted by strict comparison within a world, without tolerance.

    Raises
    ------
    ShapeError
        If the shapes do not belong together, something is empty, or a number is missing.

    References
    ----------
    lahdelma-2001, tervonen-2008
    """
    n = _number_of_worlds(partial_values, weights)
    options, criteria = partial_values.shape[1:]
    counts = np.zeros((options, options))
    wins = np.zeros((options, options))
    central = np.zeros((options, criteria))
    total = np.zeros(options)
    for start in range(0, n, WORLDS_AT_A_TIME):
        some = slice(start, min(start + WORLDS_AT_A_TIME, n))
        w = weights if len(weights) == 1 else weights[some]
        values = option_values(partial_values if len(partial_values) == 1 else partial_values[some], w)
        ranks = np.zeros(values.shape, dtype=np.int64)
        for i in range(options):
            for j in range(i + 1, options):
                above, below = values[i] > values[j], values[j] > values[i]
                wins[i, j] += np.count_nonzero(above)
                wins[j, i] += np.count_nonzero(below)
                ranks[j] += above
                ranks[i] += below
        for i in range(options):
            counts[i] += np.bincount(ranks[i], minlength=options)
            first = ranks[i] == 0
            central[i] += w[0] * np.count_nonzero(first) if len(w) == 1 else first.astype(float) @ w
        total += values.sum(axis=1)
    shares = counts / n
    with np.errstate(invalid="ignore"):
        central /= counts[:, :1]
    return Acceptability(
        rank_acceptability=shares,
        central_weights=central,
        confidence_factor=confidence_factors(partial_values, central),
        pairwise_winning=wins / n,
        expected_rank=shares @ np.arange(1.0, options + 1),
        mean_value=total / n,
        n_worlds=n,
    )


def option_values(partial_values: Array, weights: Array) -> Array:
    """Weighted sums: the value of each option in each world.

    Parameters
    ----------
    partial_values
        Shape (S, O, C), or S of 1.
    weights
        Shape (S, C), or S of 1.

    Returns
    -------
    Array
        Options first, so that comparing two of them reads memory in order. Shape (O, S).
    """
    if len(weights) == 1:
        return np.ascontiguousarray((partial_values @ weights[0]).T)
    if len(partial_values) == 1:
        return np.asarray(partial_values[0] @ weights.T)
    return np.stack([np.einsum("sc,sc->s", partial_values[:, i], weights) for i in range(partial_values.shape[1])])


def confidence_factors(partial_values: Array, central_weights: Array) -> Array:
    """Share of the draws in which each option comes first under its own central weights.

    Parameters
    ----------
    partial_values
        Shape (S, O, C).
    central_weights
        One row per option; rows that are not numbers give no factor. Shape (O, C).

    Returns
    -------
    Array
        Shape (O,).
    """
    draws, options, _ = partial_values.shape
    has_none: npt.NDArray[np.bool_] = np.any(np.isnan(central_weights), axis=1)
    weights = np.where(has_none[:, None], 0.0, central_weights)
    firsts = np.zeros(options)
    for start in range(0, draws, WORLDS_AT_A_TIME):
        # one product for all: value of option i (second axis) under the central weights of option k (third)
        some = np.ascontiguousarray(partial_values[start : start + WORLDS_AT_A_TIME])
        values = (some.reshape(-1, some.shape[2]) @ weights.T).reshape(-1, options, options)
        for i in range(options):
            own = values[:, i, i]
            firsts[i] += np.count_nonzero(np.all(values[:, :, i] <= own[:, None], axis=1))
    return np.asarray(np.where(has_none, np.nan, firsts / draws))


def _number_of_worlds(partial_values: Array, weights: Array) -> int:
    if partial_values.ndim != 3 or weights.ndim != 2 or not partial_values.size or not weights.size:
        raise ShapeError(
            "values must have the shape (draws, options, criteria) and weights (draws, criteria), neither empty.\n"
            f"  found: {partial_values.shape} and {weights.shape}"
        )
    lengths = {len(partial_values), len(weights)}
    if partial_values.shape[2] != weights.shape[1] or (len(lengths) > 1 and 1 not in lengths):
        raise ShapeError(
            "values and weights do not belong together: as many criteria, and as many draws (or one) are needed.\n"
            f"  found: {partial_values.shape} and {weights.shape}"
        )
    if not (np.isfinite(partial_values).all() and np.isfinite(weights).all()):
        raise ShapeError("a value or a weight is missing; leave the criterion out for all options first.")
    return max(lengths)
