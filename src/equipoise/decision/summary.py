"""What was understood of someone's values, and what was noticed, before any option is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.decision.constraints import amounts_in_words, region, trade_off_in_words
from equipoise.decision.contradictions import Contradiction, settle
from equipoise.decision.criteria import CRITERIA, Criterion
from equipoise.decision.remarks import remarks_on
from equipoise.decision.values import Limit, TradeOff, Values
from equipoise.decision.values_form import as_answers
from equipoise.decision.words import name_of, unit_of
from equipoise.wording import Listed, Phrase, phrase


@dataclass(frozen=True)
class Summary:
    """Values in plain words.

    Attributes
    ----------
    values
        What was said.
    sections
        Headings with their lines; a section without lines says nothing.
    contradictions
        Answers that cannot all be true.
    remarks
        What was noticed.
    offered
        One trade-off that would help.
    """

    values: Values
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    contradictions: tuple[Contradiction, ...]
    remarks: tuple[str, ...]
    offered: TradeOff | None

    def as_document(self) -> dict[str, Any]:
        """Return it for programs: the answers as a file holds them, and what was noticed."""
        offer = self.offered
        return {
            "values": {name: answer for name, answer in as_answers(self.values).items() if answer is not None},
            "remarks": list(self.remarks),
            "contradictions": [
                {"answers": list(one.answers), "set_aside": one.set_aside} for one in self.contradictions
            ],
            "offered": None
            if offer is None
            else {"to_gain": offer.to_gain, "by": offer.by, "would_accept": offer.would_accept, "more": offer.more},
        }


def summary(values: Values, criteria: Sequence[Criterion] = CRITERIA) -> Summary:
    """Say what was understood, and notice what a person would want to know about it.

    Parameters
    ----------
    values
        What was said.
    criteria
        What is compared.
    """
    named = {one.id: one for one in criteria}
    remarks, offer = remarks_on(values, criteria)
    _, contradictions = settle(region(values, criteria))
    remarks += tuple(contradiction_in_words(one) for one in contradictions)
    groups = [" and ".join(named[name].name for name in group) for group in values.order]
    sections = (
        ("What matters", tuple(named[name].name for name in values.matters or ())),
        ("What does not matter", tuple(named[name].name for name in values.does_not_matter)),
        ("What comes first", tuple(f"{place}. {group}" for place, group in enumerate(groups, start=1))),
        ("One against another", tuple(trade_off_in_words(trade, criteria) for trade in values.trade_offs)),
        ("Not acceptable", tuple(limit_in_words(limit, named[limit.criterion]) for limit in values.limits)),
        ("Worth knowing", remarks),
        ("A question that would help", () if offer is None else (trade_off_question(offer, criteria),)),
    )
    return Summary(values, sections, contradictions, remarks, offer)


def limit_in_words(limit: Limit, criterion: Criterion) -> Phrase:
    """Say a limit."""
    return phrase(
        f"fit.limit.{'more' if criterion.is_better == 'lower' else 'less'}",
        criterion=name_of(criterion),
        level=limit.level,
        unit=unit_of(criterion),
    )


def trade_off_question(trade: TradeOff, criteria: Sequence[Criterion]) -> Phrase:
    """Ask a trade-off."""
    gain, cost = amounts_in_words(trade, criteria)
    return phrase("fit.trade-off-question", gain=gain, cost=cost)


def contradiction_in_words(one: Contradiction) -> Phrase:
    """Show answers that do not fit together back, kindly, and say what is done for now."""
    return phrase("fit.remark.contradiction", answers=Listed(one.answers, "; "), set_aside=one.set_aside)
