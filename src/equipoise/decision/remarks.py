"""What is noticed in the answers: everything matters most, nothing was said, nothing matters."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.decision.criteria import Criterion
from equipoise.decision.offers import offers
from equipoise.decision.values import TradeOff, TradeOffAnswer, Values
from equipoise.wording import phrase


def remarks_on(values: Values, criteria: Sequence[Criterion]) -> tuple[tuple[str, ...], TradeOff | None]:
    """Say what was noticed, and offer at most one trade-off that would help.

    Parameters
    ----------
    values
        What was said.
    criteria
        What is compared.

    Returns
    -------
    tuple[tuple[str, ...], TradeOff | None]
        Sentences, and the trade-off.
    """
    ids = {one.id for one in criteria}
    answered = any(trade.answer is not TradeOffAnswer.UNKNOWN for trade in values.trade_offs)
    if ids and ids <= set(values.does_not_matter):
        return (phrase("fit.remark.nothing-matters"),), None
    if everything_matters_most(values, criteria):
        offer = None if answered else _offered(values, criteria)
        return (phrase(f"fit.remark.everything-matters{'-and-question' if offer else ''}"),), offer
    if not values.says_anything:
        return (phrase("fit.remark.nothing-said"),), _offered(values, criteria)
    return (), None


def everything_matters_most(values: Values, criteria: Sequence[Criterion]) -> bool:
    """Whether all that is compared was ticked and none was put before another."""
    ids = {one.id for one in criteria}
    has_order = len([group for group in values.order if ids & set(group)]) > 1
    return bool(ids) and values.matters is not None and ids <= set(values.matters) and not has_order


def _offered(values: Values, criteria: Sequence[Criterion]) -> TradeOff | None:
    return next(iter(offers(values, criteria, 1)), None)
