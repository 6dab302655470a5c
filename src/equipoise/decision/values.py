"""What matters to a person: ticks, an order, trade-offs and limits. Every part may be unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TradeOffAnswer(StrEnum):
    """The answer to a trade-off, to gain this much of one thing for that much of another."""

    YES = "yes"
    NO = "no"
    ABOUT_EQUAL = "about-equal"
    """Hard to say: one is worth about as much as the other."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TradeOff:
    """One trade between two criteria.

    Attributes
    ----------
    to_gain, by
        The criterion that would get better, and by how much of its unit.
    would_accept, more
        The criterion that would get worse, and by how much of its unit.
    answer
        What was said.
    """

    to_gain: str
    by: float
    would_accept: str
    more: float
    answer: TradeOffAnswer = TradeOffAnswer.UNKNOWN


@dataclass(frozen=True, slots=True)
class Limit:
    """What is not acceptable to someone, whatever else speaks for an option.

    Attributes
    ----------
    criterion
        Which criterion.
    level
        The last acceptable level, in its unit: not more than this where lower is better, not less where higher is.
    """

    criterion: str
    level: float


@dataclass(frozen=True, slots=True)
class Values:
    """What matters to a person; whatever was not answered constrains nothing.

    Attributes
    ----------
    matters
        Criteria that matter; ``None`` where nothing was ticked.
    does_not_matter
        Criteria that do not matter at all: their weight is zero.
    order
        Some criteria from most to least important, in groups; those of one group are not ordered among each other.
        What is ordered matters, whether ticked or not.
    trade_offs, limits
        See their types.
    """

    matters: tuple[str, ...] | None = None
    does_not_matter: tuple[str, ...] = ()
    order: tuple[tuple[str, ...], ...] = ()
    trade_offs: tuple[TradeOff, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def says_anything(self) -> bool:
        """Whether any answer constrains weights or options."""
        trades = any(trade.answer is not TradeOffAnswer.UNKNOWN for trade in self.trade_offs)
        return bool(self.matters or self.does_not_matter or len(self.order) > 1 or trades or self.limits)
