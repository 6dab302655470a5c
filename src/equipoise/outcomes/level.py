"""The level of several arms on one scale: random-effects means of groups that share the spread between arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.outcomes.draws import Array
from equipoise.outcomes.streams import Streams
from equipoise.synthesis.gls import Rows
from equipoise.synthesis.integration import fit_over_grid, integrate_tau
from equipoise.synthesis.priors import half_normal

# The prior of the networks, for the same reason: 95 percent of its mass lies below tau = 0.98 on a log or logit scale.
PRIOR = half_normal(0.5, source="rover-2021")
_NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class Level:
    """Posterior of the means of groups of arms and of the standard deviation tau between arms of a group.

    Attributes
    ----------
    groups
        Names of the groups.
    tau
        Values of tau, ascending. Shape (N,).
    weights
        Their posterior masses. Shape (N,).
    mean, sd
        Mean of each group given tau, and its standard deviation. Shape (N, G).
    """

    groups: tuple[str, ...]
    tau: Array
    weights: Array
    mean: Array
    sd: Array

    def draw(self, streams: Streams, name: str, group: str, *, is_new: bool = True) -> Array:
        """Draw the level of a group. Shape (S,).

        Parameters
        ----------
        streams, name
            Tau and the step to a new setting are drawn under ``name``, so that groups share them; the uncertainty of
            the mean under ``name`` and ``group``.
        group
            One of ``groups``.
        is_new
            Whether the level of a new setting is asked for, which differs from the mean by tau, or the mean itself.
        """
        i = self.groups.index(group)
        node = np.searchsorted(np.cumsum(self.weights)[:-1], streams.uniform(f"{name}/tau"))
        drawn: Array = self.mean[node, i] + self.sd[node, i] * streams.normal(f"{name}/mean/{group}")
        return drawn + self.tau[node] * streams.normal(f"{name}/new") if is_new else drawn


def level_of(values: Sequence[float], standard_errors: Sequence[float], groups: Sequence[str]) -> Level:
    """Return the posterior of the level of each group, integrated over tau, without sampling.

    Parameters
    ----------
    values, standard_errors
        One for each arm, on a scale on which they are normal. Length K.
    groups
        Group of each arm. Length K.

    Notes
    -----
    Flat priors on the means, half-normal(0.5) on tau. Where every group has one arm the data say nothing about tau
    and the prior alone does.
    """
    names = tuple(dict.fromkeys(groups))
    design = np.array([[float(group == name) for name in names] for group in groups])
    order = np.arange(len(values))
    rows = Rows(np.array(values, dtype=float), design, np.array(standard_errors, dtype=float) ** 2, order)
    found = integrate_tau(rows, PRIOR)
    kept = found.weights > _NEGLIGIBLE
    grid = fit_over_grid(rows, found.nodes[kept])
    variance = np.einsum("nij,nij->nj", grid.half, grid.half)
    return Level(names, grid.tau, found.weights[kept] / found.weights[kept].sum(), grid.beta, np.sqrt(variance))
