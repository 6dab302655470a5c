r"""From answers to weights: each answer is a linear inequality, and all of them bound a region of weights.

The region is :math:`\{w : A w \le b,\; w \ge 0,\; \sum w = 1\}`. Nothing that was said is turned into more than was
said: an order gives :math:`w_i \ge w_j`, a trade-off compares value per unit, :math:`w_i g / R_i \ge w_j c / R_j` with
R the ranges of the criteria, silence gives nothing. References: lahdelma-2001, tervonen-2013.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from equipoise.decision.criteria import Criterion
from equipoise.decision.values import TradeOff, TradeOffAnswer, Values
from equipoise.decision.words import name_of
from equipoise.wording import Phrase, has_text, phrase

Array = npt.NDArray[np.float64]

# "About equal" in a trade-off: one is worth between four fifths and five quarters of the other. A wider band says less,
# a narrower one pretends that people can tell to a few percent (choice, not a measurement).
ABOUT_EQUAL = 1.25


@dataclass(frozen=True)
class Tier:
    """Criteria that stand together above or below others.

    Attributes
    ----------
    members
        Their positions.
    chain
        Some of them in groups, the more important group first; within a group there is no order.
    """

    members: tuple[int, ...]
    chain: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Inequality:
    """One linear inequality ``coefficients @ w <= bound``, and the answer it comes from.

    Attributes
    ----------
    coefficients
        One per criterion. Shape (C,).
    bound
        Zero for every comparison of weights.
    answer
        The answer in plain words, so that it can be shown back.
    """

    coefficients: Array
    bound: float
    answer: str


@dataclass(frozen=True)
class Region:
    """All weights that are compatible with what was said.

    Attributes
    ----------
    criteria
        Ids, in the order of the weights.
    is_zero
        Criteria whose weight is zero. Shape (C,).
    tiers
        All others, in tiers: every weight of a tier is at least every weight of the next. This part of the region can
        be sampled exactly.
    inequalities
        Everything else: trade-offs.
    order_answers
        The steps of the order in plain words, in the order in which they were said.
    """

    criteria: tuple[str, ...]
    is_zero: npt.NDArray[np.bool_]
    tiers: tuple[Tier, ...]
    inequalities: tuple[Inequality, ...] = ()
    order_answers: tuple[str, ...] = ()

    @property
    def free(self) -> npt.NDArray[np.intp]:
        """Positions of the criteria that have a weight."""
        return np.flatnonzero(~self.is_zero)

    def matrix(self) -> tuple[Array, Array]:
        """Return A and b of ``A w <= b``: order and trade-offs; non-negative weights of sum one are understood.

        Returns
        -------
        tuple[Array, Array]
            Shapes (M, C) and (M,).
        """
        rows = [(_row(len(self.criteria), {low: 1.0, high: -1.0}), 0.0) for high, low in _steps(self.tiers)]
        rows += [(one.coefficients, one.bound) for one in self.inequalities]
        if not rows:
            return np.zeros((0, len(self.criteria))), np.zeros(0)
        return np.array([row for row, _ in rows]), np.array([bound for _, bound in rows])

    def holds(self, weights: Array, *, tolerance: float = 1e-12) -> npt.NDArray[np.bool_]:
        """Whether weights satisfy everything that was said.

        Parameters
        ----------
        weights
            Shape (S, C).
        tolerance
            Of each comparison; the default allows for rounding and nothing else.
        """
        a, b = self.matrix()
        fits = np.asarray((weights @ a.T <= b + tolerance).all(axis=1))
        fits &= (weights >= -tolerance).all(axis=1) & (np.abs(weights.sum(axis=1) - 1) <= 1e-9)
        return np.asarray(fits & (np.abs(weights[:, self.is_zero]) <= tolerance).all(axis=1))

    def without(self, answers: Sequence[str]) -> Region:
        """The region when some trade-offs are set aside."""
        return replace(self, inequalities=tuple(one for one in self.inequalities if one.answer not in answers))


def region(values: Values, criteria: Sequence[Criterion]) -> Region:
    """Turn answers into the region of weights that they leave.

    Parameters
    ----------
    values
        What was said. What it says about criteria that are not compared here is left out.
    criteria
        What is compared.

    Returns
    -------
    Region
        With an empty interior where trade-offs contradict each other or the order: see ``settle``.
    """
    place = {one.id: position for position, one in enumerate(criteria)}
    zero = np.array([one.id in values.does_not_matter for one in criteria], dtype=bool)
    if zero.all():
        zero[:] = False  # "nothing matters" leaves no weight at all: read as nothing said
    chain = tuple(
        group for said in values.order if (group := tuple(place[c] for c in said if c in place and not zero[place[c]]))
    )
    ordered = {member for group in chain for member in group}
    # Order is only information between groups.
    chain = chain if len(chain) > 1 else ()
    free = [position for position in range(len(criteria)) if not zero[position]]
    if values.matters is None:
        tiers: tuple[Tier, ...] = (Tier(tuple(free), chain),)
    else:
        ticked = tuple(p for p in free if criteria[p].id in values.matters or p in ordered)
        rest = tuple(p for p in free if p not in ticked)
        tiers = tuple(tier for tier in (Tier(ticked, chain), Tier(rest)) if tier.members)
    return Region(
        criteria=tuple(one.id for one in criteria),
        is_zero=zero,
        tiers=tiers,
        inequalities=tuple(
            one
            for trade in values.trade_offs
            if trade.to_gain in place and trade.would_accept in place
            for one in trade_off_inequalities(trade, criteria)
        ),
        order_answers=tuple(
            order_in_words(criteria[high], criteria[low]) for tier in tiers for high, low in _chain_steps(tier)
        ),
    )


def trade_off_inequalities(trade: TradeOff, criteria: Sequence[Criterion]) -> tuple[Inequality, ...]:
    """Turn the answer to one trade-off into none, one or two inequalities.

    Parameters
    ----------
    trade
        Both of its criteria are among ``criteria``.
    criteria
        In the order of the weights. Value functions are taken as straight lines.
    """
    place = {one.id: position for position, one in enumerate(criteria)}
    gain, cost = place[trade.to_gain], place[trade.would_accept]
    gained, given = trade.by / criteria[gain].range, trade.more / criteria[cost].range
    n, words = len(criteria), trade_off_in_words(trade, criteria)
    at_least = {gain: -gained, cost: given}  # w_gain * gained >= w_cost * given
    at_most = {gain: gained, cost: -given}
    if trade.answer is TradeOffAnswer.YES:
        return (Inequality(_row(n, at_least), 0.0, words),)
    if trade.answer is TradeOffAnswer.NO:
        return (Inequality(_row(n, at_most), 0.0, words),)
    if trade.answer is TradeOffAnswer.ABOUT_EQUAL:
        above = {gain: -gained * ABOUT_EQUAL, cost: given}
        below = {gain: gained, cost: -given * ABOUT_EQUAL}
        return (Inequality(_row(n, above), 0.0, words), Inequality(_row(n, below), 0.0, words))
    return ()


def interval_inequalities(position: int, low: float, high: float, n_criteria: int) -> tuple[Inequality, ...]:
    """Bound one weight from below and above, for analysts who have such bounds."""
    words = f"the weight of criterion {position + 1} lies between {low:g} and {high:g}"
    return (
        Inequality(_row(n_criteria, {position: -1.0}), -low, words),
        Inequality(_row(n_criteria, {position: 1.0}), high, words),
    )


def order_in_words(higher: Criterion, lower: Criterion) -> Phrase:
    """Say one step of an order."""
    return phrase("fit.answer.order", higher=name_of(higher), lower=name_of(lower))


def trade_off_in_words(trade: TradeOff, criteria: Sequence[Criterion]) -> Phrase:
    """Say a trade-off with its answer."""
    gain, cost = amounts_in_words(trade, criteria)
    return phrase("fit.answer.trade-off", gain=gain, cost=cost, answer=phrase(f"fit.answer.{trade.answer.value}"))


def amounts_in_words(trade: TradeOff, criteria: Sequence[Criterion]) -> tuple[str, str]:
    """Say how much of one criterion would be gained, and how much of another would be accepted for it."""
    one = {each.id: each for each in criteria}
    gained = _amount(one[trade.to_gain], trade.by, better=True)
    return gained, _amount(one[trade.would_accept], trade.more, better=False)


def _amount(one: Criterion, amount: float, *, better: bool) -> str:
    word = "fewer" if better == (one.is_better == "lower") else "more"
    key = f"amount.{one.id}.{word}"
    # A criterion that an analyst made has no texts of its own.
    return phrase(key, n=amount) if has_text(key) else f"{amount:g} {word} {one.unit}"


def _row(n: int, entries: dict[int, float]) -> Array:
    row = np.zeros(n)
    for position, entry in entries.items():
        row[position] += entry
    return row


def _steps(tiers: tuple[Tier, ...]) -> list[tuple[int, int]]:
    """Pairs (more, less important) that imply the whole order."""
    pairs = [pair for tier in tiers for pair in _chain_steps(tier)]
    pairs += [
        (high, low) for above, below in itertools.pairwise(tiers) for high in above.members for low in below.members
    ]
    return pairs


def _chain_steps(tier: Tier) -> list[tuple[int, int]]:
    return [(high, low) for above, below in itertools.pairwise(tier.chain) for high in above for low in below]
