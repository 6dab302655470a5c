r"""Contribution matrix: what share of each network estimate comes from each direct comparison.

A row of the hat matrix is a unit flow of evidence from one treatment to the other along the direct
comparisons. The flow runs down a potential, so it has no cycles, and splits into paths. Each path gives
its share of the flow in equal parts to its comparisons. Which paths is a matter of definition:

- ``random-walk``: all paths, with the probabilities of a walker who follows the flow (davies-2022). It has
  one answer.
- ``shortest-path``: the shortest path is filled first, then taken out, and so on (papakonstantinou-2018).
  Where several are equally short, the order of names decides, so packages may differ.
"""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from equipoise.synthesis.fitting import NetworkFit
from equipoise.synthesis.gls import Array, heterogeneity_structure
from equipoise.vocabulary.errors import UnknownTermError

ContributionMethod = Literal["shortest-path", "random-walk"]

# Flows below this are rounding error of the hat matrix.
_NO_FLOW = 1e-10


@dataclass(frozen=True)
class ContributionMatrix:
    """Shares of direct comparisons in network estimates.

    Attributes
    ----------
    method
        How the flow was split into paths.
    contrasts
        Pairs of treatments, one per row. Length T (T - 1) / 2.
    comparisons
        Pairs with direct evidence, one per column. Length E.
    shares
        Each row sums to one. Shape (T (T - 1) / 2, E).
    """

    method: ContributionMethod
    contrasts: tuple[tuple[str, str], ...]
    comparisons: tuple[tuple[str, str], ...]
    shares: Array

    def of(self, treatment: str, reference: str) -> dict[tuple[str, str], float]:
        """Shares in one contrast, the largest first.

        Raises
        ------
        UnknownTermError
            If the two are no contrast of the network.
        """
        pair = (min(treatment, reference), max(treatment, reference))
        if pair not in self.contrasts:
            raise UnknownTermError("contrast", ":".join(pair), (":".join(known) for known in self.contrasts))
        row = self.shares[self.contrasts.index(pair)]
        found = sorted(zip(self.comparisons, row.tolist(), strict=True), key=lambda item: -item[1])
        return {comparison: share for comparison, share in found if share > 0}


def contribution(fit: NetworkFit, *, method: ContributionMethod = "random-walk") -> ContributionMatrix:
    """Split every network estimate into the shares of the direct comparisons.

    Parameters
    ----------
    fit
        A fitted network; the shares belong to its between-study variance.
    method
        ``random-walk`` or ``shortest-path``.

    Raises
    ------
    UnknownTermError
        If there is no such method.
    """
    if method not in get_args(ContributionMethod):
        raise UnknownTermError("contribution method", str(method), get_args(ContributionMethod))
    comparisons, hat = hat_matrix(fit)
    contrasts = tuple(itertools.combinations(fit.treatments, 2))
    position = {name: i for i, name in enumerate(fit.treatments)}
    edges = np.array([(position[a], position[b]) for a, b in comparisons])
    spread = _random_walk if method == "random-walk" else _shortest_paths
    shares = np.zeros(hat.shape)
    for row, (source, sink) in enumerate(contrasts):
        flow = np.zeros((len(position), len(position)))
        flow[edges[:, 0], edges[:, 1]] = hat[row]
        flow = np.where(flow - flow.T > _NO_FLOW, flow - flow.T, 0.0)
        parts = spread(flow, position[source], position[sink])
        shares[row] = (parts + parts.T)[edges[:, 0], edges[:, 1]]
    return ContributionMatrix(method, contrasts, comparisons, shares)


def hat_matrix(fit: NetworkFit) -> tuple[tuple[tuple[str, str], ...], Array]:
    r"""Hat matrix of the network aggregated by direct comparison.

    Returns
    -------
    comparisons
        Pairs with direct evidence. Length E.
    hat
        Row: contrast in the order of ``itertools.combinations``; column: comparison. A unit flow. Shape (R, E).

    Notes
    -----
    The network is an electrical one: each trial adds the conductances of its Laplacian, so that trials of
    several arms count exactly, and :math:`H = B L^+ B_d' W` (rucker-2012).
    """
    position = {name: i for i, name in enumerate(fit.treatments)}
    laplacian = np.zeros((len(position), len(position)))
    tested = np.zeros(laplacian.shape, dtype=bool)
    for trial in fit.network.trials:
        arms = [position[name] for name in trial.treatments]
        against_first = np.hstack([-np.ones((trial.n_contrasts, 1)), np.eye(trial.n_contrasts)])
        covariance = trial.covariance + (fit.tau2 or 0.0) * heterogeneity_structure(trial.n_contrasts)
        laplacian[np.ix_(arms, arms)] += against_first.T @ np.linalg.solve(covariance, against_first)
        tested[np.ix_(arms, arms)] = True
    pairs = list(itertools.combinations(range(len(position)), 2))
    direct = [(i, j) for i, j in pairs if tested[i, j]]
    inverse = np.linalg.pinv(laplacian)
    first, second = np.array(pairs).T
    a, b = np.array(direct).T
    along = inverse[first][:, a] - inverse[first][:, b] - inverse[second][:, a] + inverse[second][:, b]
    return tuple((fit.treatments[i], fit.treatments[j]) for i, j in direct), along * -laplacian[a, b]


def _random_walk(flow: Array, source: int, sink: int) -> Array:
    """Shares by walking along the flow: each edge gets the mean of 1 / path length over walks through it.

    ``reach[u, l]`` is the probability to be at u after l steps, ``leave[u, l]`` to end in l steps from u.
    """
    n = len(flow)
    out = flow.sum(axis=1, keepdims=True)
    step = np.divide(flow, out, out=np.zeros_like(flow), where=out > 0)
    step[sink] = 0.0
    reach, leave = np.zeros((n, n)), np.zeros((n, n))
    reach[source, 0] = leave[sink, 0] = 1.0
    for length in range(1, n):
        reach[:, length] = step.T @ reach[:, length - 1]
        leave[:, length] = step @ leave[:, length - 1]
    lengths = np.arange(n)
    one_over = 1.0 / (lengths[:, None] + lengths[None, :] + 1)
    shares: Array = step * (reach @ one_over @ leave.T)
    return shares


def _shortest_paths(flow: Array, source: int, sink: int) -> Array:
    """Shares by filling the shortest path until an edge is spent, then the next shortest."""
    left, shares = flow.copy(), np.zeros_like(flow)
    while path := _shortest_path(left, source, sink):
        filled = min(left[edge] for edge in path)
        for edge in path:
            left[edge] = left[edge] - filled if left[edge] - filled > _NO_FLOW else 0.0
            shares[edge] += filled / len(path)
    return shares


def _shortest_path(flow: Array, source: int, sink: int) -> list[tuple[int, int]]:
    """Edges of a path with the fewest steps; empty when the flow is used up."""
    came_from = {source: source}
    queue = deque([source])
    while queue and sink not in came_from:
        here = queue.popleft()
        for there in np.flatnonzero(flow[here]).tolist():
            if there not in came_from:
                came_from[there] = here
                queue.append(there)
    path: list[tuple[int, int]] = []
    node = sink
    while node in came_from and node != source:
        path.append((came_from[node], node))
        node = came_from[node]
    return path[::-1]
