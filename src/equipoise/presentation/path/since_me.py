"""What a person says of themselves then and now, fact by fact, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from equipoise.decision import CRITERIA, Values, criterion
from equipoise.decision.constraints import trade_off_in_words
from equipoise.decision.summary import limit_in_words
from equipoise.evidence import Evidence
from equipoise.person import Person
from equipoise.person.describing import FIELD_WORDS
from equipoise.presentation.handout.facts import facts
from equipoise.wording import Wording

COUNTS_TIME = (
    "age",
    "years_since_onset",
    "relapses_12_months",
    "relapses_24_months",
    "months_since_relapse",
    "enhancing_lesions",
    "walking",
    "edss",
    "earlier_treatments",
    "pregnancy",
)
"""Facts that change while time passes, in the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was said then and is said now.

    Attributes
    ----------
    name
        What it is about.
    then, now
        What was and is said; empty for nothing.
    id
        Of the number of now; empty for none.
    has_source
        Whether the way can show where it comes from; a number of another person than now cannot be shown here.
    """

    name: str
    then: str
    now: str
    id: str = ""
    has_source: bool = False


def facts_differing(then: Person, now: Person, evidence: Evidence, words: Wording) -> tuple[Difference, ...]:
    """Return the facts that differ, in the order in which they are asked."""
    before, after = (_facts(one, evidence, words) for one in (then, now))
    return tuple(
        Difference(words.say(name), before.get(field, ""), after.get(field, ""))
        for field, name in FIELD_WORDS.items()
        if before.get(field) != after.get(field)
    )


def _facts(person: Person, evidence: Evidence, words: Wording) -> Mapping[str, str]:
    place = {"jurisdiction": person.jurisdiction.value} if person.jurisdiction is not None else {}
    return {**dict(facts(person, evidence, words)), **place}


def values_differing(then: Values, now: Values, words: Wording) -> tuple[Difference, ...]:
    """Return what matters otherwise than then, part by part: what was taken out, and what was added."""
    before, after = (dict(_lines(one, words)) for one in (then, now))
    found = []
    for part, lines in before.items():
        gone = "; ".join(line for line in lines if line not in after[part])
        new = "; ".join(line for line in after[part] if line not in lines)
        if gone or new:
            found.append(Difference(words(f"since.matters.{part}"), gone, new))
    return tuple(found)


def _lines(values: Values, words: Wording) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "matters", tuple(words.say(criterion(name).question) for name in values.matters or ())
    yield "does-not-matter", tuple(words.say(criterion(name).question) for name in values.does_not_matter)
    groups = [words.joined(words.say(criterion(name).question) for name in group) for group in values.order]
    yield "order", tuple(words("since.place", place=place, what=group) for place, group in enumerate(groups, start=1))
    yield "trade-offs", tuple(words.say(trade_off_in_words(trade, CRITERIA)) for trade in values.trade_offs)
    yield "limits", tuple(words.say(limit_in_words(limit, criterion(limit.criterion))) for limit in values.limits)
