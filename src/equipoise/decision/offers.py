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
        How many at most. Each asks about another cost, and where it can about another gain.
    """
    left = [offer for offer in OFFERS if _can_be_asked(offer, values, {one.id for one in criteria})]
    named = {*(values.matters or ()), *(name for group in values.order for name in group)}
    chosen: list[TradeOff] = []
    while left and len(chosen) < most:
        gained = {one.to_gain for one in chosen}
        chosen.append(min(left, key=lambda one: (-_named(one, named), one.to_gain in gained)))
        left = [offer for offer in left if offer.would_accept != chosen[-1].would_accept]
    return tuple(chosen)


def _can_be_asked(offer: TradeOff, values: Values, compared: Collection[str]) -> bool:
    sides = {offer.to_gain, offer.would_accept}
    answered = any(
        sides == {trade.to_gain, trade.would_accept}
        for trade in values.trade_offs
        if trade.answer is not TradeOffAnswer.UNKNOWN
    )
    return sides <= set(compared) - set(values.does_not_matter) and not answered


def _named(offer: TradeOff, named: Collection[str]) -> int:
    return (offer.to_gain in named) + (offer.would_accept in named)
