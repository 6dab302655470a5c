"""Weights that follow an order, drawn exactly.

Without an order, weights are normalised exponentials. An order only sorts them, because the uniform density on the
simplex does not change when weights change places.

References: tervonen-2013.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from equipoise.decision.constraints import Region, Tier

Array = npt.NDArray[np.float64]


def ordered_weights(region: Region, n: int, rng: np.random.Generator) -> Array:
    """Draw weights exactly from the order of a region, trade-offs left aside.

    Parameters
    ----------
    region
        Its tiers are used, its inequalities are not.
    n, rng
        As for ``sample_weights``.

    Returns
    -------
    Array
        Shape (n, C).
    """
    weights = np.zeros((n, len(region.criteria)))
    if len(region.tiers) == 1 and not _is_sorted(region.tiers[0]):
        members = list(region.tiers[0].members)
        values = rng.standard_exponential((n, len(members)))
        values /= values.sum(axis=1, keepdims=True)
        if members == list(range(len(region.criteria))) and not region.tiers[0].chain:
            return values
        _place(weights, region.tiers[0], values, rng)
        return weights
    values = _descending(n, sum(len(tier.members) for tier in region.tiers), rng)
    begun = 0
    for tier in region.tiers:
        own = values[:, begun : begun + len(tier.members)]
        begun += len(tier.members)
        if _is_sorted(tier):
            weights[:, [group[0] for group in tier.chain]] = own
        else:
            _place(weights, tier, rng.permuted(own, axis=1), rng)
    return weights


def _is_sorted(tier: Tier) -> bool:
    """Whether the order of the tier is complete."""
    groups_of_one = all(len(group) == 1 for group in tier.chain)
    return groups_of_one and len(tier.chain) == len(tier.members)


def _descending(n: int, k: int, rng: np.random.Generator) -> Array:
    """Uniform weights in descending order, without sorting: the gaps of ordered exponentials are exponential."""
    gaps = rng.standard_exponential((n, k))
    gaps /= np.arange(1, k + 1)  # the gap below the largest has rate 1, the next rate 2, ...
    values = np.cumsum(gaps[:, ::-1], axis=1, out=gaps)[:, ::-1]
    return np.asarray(values / values.sum(axis=1, keepdims=True))


def _place(weights: Array, tier: Tier, values: Array, rng: np.random.Generator) -> None:
    """Put exchangeable values in their columns, the chain of the tier sorted."""
    columns = list(tier.members)
    weights[:, columns] = values
    chained = [member for group in tier.chain for member in group]
    if not chained:
        return
    sorted_values = -np.sort(-weights[:, chained], axis=1)
    begun = 0
    for group in tier.chain:
        own = sorted_values[:, begun : begun + len(group)]
        weights[:, list(group)] = own if len(group) == 1 else rng.permuted(own, axis=1)
        begun += len(group)
