"""Which trade-offs are offered to someone: few, about what they named, with amounts that an answer tells most about."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence

from equipoise.decision.criteria import Criterion
from equipoise.decision.values import TradeOff, TradeOffAnswer, Values

AMOUNTS: Mapping[str, float] = {
    "relapses": 1,
    "disability-worsening": 10,
    "disability-improvement": 10,
    "common-side-effects": 30,
    "serious-risk": 100,
    "infections": 30,
    "tests-and-visits": 12,
    "hospital-days": 8,
    "injections": 104,
    "years-of-obligation": 2,
    "pregnancy-timing": 6,
    "reversibility": 6,
}
"""How much of each criterion is traded: a fifth to a half of its range, so that neither answer is a foregone one, and
an amount that can be pictured (one a month, two a week). A choice, not a measurement."""

GAINS = ("relapses", "disability-worsening", "disability-improvement", "serious-risk", "injections")
"""What may be gained, in the order in which it is offered."""
COSTS = (
    "tests-and-visits",
    "serious-risk",
    "years-of-obligation",
    "hospital-days",
    "injections",
    "infections",
    "common-side-effects",
    "pregnancy-timing",
    "reversibility",
)
"""What may be accepted for it."""

OFFERS: tuple[TradeOff, ...] = tuple(
    TradeOff(gain, AMOUNTS[gain], cost, AMOUNTS[cost])
    for cost, gain in itertools.product(COSTS, GAINS)
    if cost not in GAINS[: GAINS.index(gain) + 1]
)
"""Every trade-off that may be offered; none twice with its two sides changed over."""


def offers(values: Values, criteria: Sequence[Criterion], most: int) -> tuple[TradeOff, ...]:
    """Return the trade-offs that would tell most.

    Parameters
    ----------
    values
        What was said. What was named as mattering comes before what was not, and what does not matter is not asked;
        a question that was answered is not asked again.
    criteria
        What is compared.
    most
        How many at most. Each asks about another cost. Where there is a choice, it also asks about another gain, and
        about other things than what was answered.
    """
    answered = [trade for trade in values.trade_offs if trade.answer is not TradeOffAnswer.UNKNOWN]
    named = {*(values.matters or ()), *(name for group in values.order for name in group)}
    left = _to_ask(answered, {one.id for one in criteria} - set(values.does_not_matter))
    chosen: list[TradeOff] = []
    while left and len(chosen) < most:
        chosen.append(_next(left, named, [*answered, *chosen]))
        left = [offer for offer in left if offer.would_accept != chosen[-1].would_accept]
    return tuple(chosen)


def _to_ask(answered: Sequence[TradeOff], about: Collection[str]) -> list[TradeOff]:
    """Offers on both of whose sides something can be said, and that were not answered one way or the other."""
    done = [{trade.to_gain, trade.would_accept} for trade in answered]
    sides = [(offer, {offer.to_gain, offer.would_accept}) for offer in OFFERS]
    return [offer for offer, pair in sides if pair <= set(about) and pair not in done]


def _next(left: Sequence[TradeOff], named: Collection[str], asked: Sequence[TradeOff]) -> TradeOff:
    """Return the offer with most of what was named; among equals, with least of what was asked already."""
    gains = {one.to_gain for one in asked}
    costs = {one.would_accept for one in asked}

    def order(one: TradeOff) -> tuple[int, bool, bool]:
        n_named = sum(side in named for side in (one.to_gain, one.would_accept))
        return -n_named, one.would_accept in costs, one.to_gain in gains

    return min(left, key=order)
