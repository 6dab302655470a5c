"""Answers that leave no weights at all: which of them contradict each other, and what is left when one is set aside.

Feasibility is judged by linear programming: the largest ball within the region (its Chebyshev centre). A region without
a ball, a mere face of the simplex, counts as empty: it would hold weights only as exact as nobody says them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from equipoise.decision.constraints import Inequality, Region, Tier
from equipoise.decision.ordered_weights import ordered_weights
from equipoise.wording import phrase

Array = npt.NDArray[np.float64]

# Weights sum to one; a ball smaller than this is rounding.
SMALLEST_BALL = 1e-7
# Subsets of answers are tried up to this size before answers are removed one at a time.
LARGEST_SEARCHED = 3


@dataclass(frozen=True)
class Contradiction:
    """Answers that cannot all be true.

    Attributes
    ----------
    answers
        The smallest set found, in the order in which they were said; each of them is needed for the contradiction.
    set_aside
        The one that was set aside so that the others can stand: the last one said.
    """

    answers: tuple[str, ...]
    set_aside: str


def chebyshev(region: Region) -> tuple[Array, float]:
    """Return centre and radius of the largest ball within a region, among weights of sum one.

    Returns
    -------
    tuple[Array, float]
        The centre, shape (C,), and the radius; minus one where there is no feasible point at all.
    """
    a, b = region.matrix()
    return _largest_ball(a[:, region.free], b, region.free, len(region.criteria))


def settle(region: Region) -> tuple[Region, tuple[Contradiction, ...]]:
    """Set aside the later answer of each contradiction until weights are left.

    Parameters
    ----------
    region
        As said. Its order by itself is always possible.

    Returns
    -------
    tuple[Region, tuple[Contradiction, ...]]
        A region with an interior, and what was found on the way. The region itself where nothing contradicts.
    """
    found: list[Contradiction] = []
    if not region.inequalities or _has_obvious_weights(region):
        return region, ()
    while region.inequalities and chebyshev(region)[1] < SMALLEST_BALL:
        contradiction = contradicting(region)
        found.append(contradiction)
        region = region.without([contradiction.set_aside])
    return region, tuple(found)


def contradicting(region: Region) -> Contradiction:
    """Find a smallest set of answers that leaves no weights.

    All pairs and triples of answers are tried first, then answers are removed one at a time as long as the others still
    contradict each other: what is left cannot be made smaller.

    Raises
    ------
    ValueError
        If the region is not empty.
    """
    answers = _answers(region)
    names = list(answers)
    for size in range(1, LARGEST_SEARCHED + 1):
        for some in itertools.combinations(names, size):
            if _is_empty(region, answers, some):
                return _shown(region, some)
    left = tuple(names)
    if not _is_empty(region, answers, left):
        raise ValueError("these answers do not contradict each other")
    for name in names:
        fewer = tuple(one for one in left if one != name)
        if _is_empty(region, answers, fewer):
            left = fewer
    return _shown(region, left)


def _has_obvious_weights(region: Region) -> bool:
    """Whether some of a few draws from the order alone satisfy the trade-offs with room to spare.

    It saves the linear program, and loading it, whenever answers go together well. The draws are always the same ones
    and are not used for anything else.
    """
    draws = ordered_weights(region, 1000, np.random.default_rng(0))
    inside = np.ones(len(draws), dtype=bool)
    for one in region.inequalities:
        inside &= draws @ one.coefficients <= one.bound - SMALLEST_BALL
    return bool(inside.any())


def _shown(region: Region, answers: Sequence[str]) -> Contradiction:
    trades = [one.answer for one in region.inequalities if one.answer in answers]
    return Contradiction(tuple(answers), trades[-1])


def _answers(region: Region) -> dict[str, list[Inequality]]:
    """Inequalities by the answer they come from: steps of the order first, as they were asked first."""
    bare = replace(region, inequalities=())
    order, bounds = bare.matrix()
    found: dict[str, list[Inequality]] = {}
    in_chain = {position for tier in region.tiers for group in tier.chain for position in group}
    words = iter(region.order_answers)
    for row, bound in zip(order, bounds, strict=True):
        high, low = int(np.argmin(row)), int(np.argmax(row))
        same = any(high in tier.members and low in tier.members for tier in region.tiers)
        said = next(words) if same and {high, low} <= in_chain else phrase("fit.answer.ticked")
        found.setdefault(said, []).append(Inequality(row, float(bound), said))
    for one in region.inequalities:
        found.setdefault(one.answer, []).append(one)
    return found


def _is_empty(region: Region, answers: dict[str, list[Inequality]], some: Sequence[str]) -> bool:
    everything = tuple(Tier(tier.members) for tier in region.tiers)
    members = tuple(position for tier in everything for position in tier.members)
    chosen = tuple(one for name in some for one in answers[name])
    return chebyshev(replace(region, tiers=(Tier(members),), inequalities=chosen))[1] < SMALLEST_BALL


def _largest_ball(a: Array, b: Array, free: npt.NDArray[np.intp], n: int) -> tuple[Array, float]:
    """Maximise r subject to a_i w + r |projected a_i| <= b_i, w_j >= r |projected e_j|, sum w = 1."""
    from scipy.optimize import linprog

    k = len(free)
    centre = np.zeros(n)
    if k == 1:
        centre[free] = 1.0
        return centre, (0.0 if (a @ np.ones(1) > b).any() else 1.0)
    rows = np.vstack([a, -np.eye(k)])
    bounds = np.concatenate([b, np.zeros(k)])
    # distances are measured within the plane of sum one
    norms = np.linalg.norm(rows - rows.mean(axis=1, keepdims=True), axis=1)
    solved = linprog(
        np.append(np.zeros(k), -1.0),
        A_ub=np.column_stack([rows, norms]),
        b_ub=bounds,
        A_eq=np.append(np.ones(k), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, 1)] * (k + 1),
        method="highs",
    )
    if solved.status != 0:
        return centre, -1.0
    centre[free] = solved.x[:k]
    return centre, float(solved.x[k])
