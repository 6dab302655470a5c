"""What to ask next: the answers that would settle most, first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from equipoise.safety.eligibility_document import Ask, Finding, FindingKind
from equipoise.safety.eligibility_facts import Asked, Fact, Known, Rule, truth_of
from equipoise.safety.truth import Truth
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import phrase


@dataclass(frozen=True, slots=True)
class Open:
    """A finding that is unknown, with its rule and the facts that could still decide it."""

    finding: Finding
    rule: Rule
    facts: tuple[Fact, ...]


def questions(
    known: Known,
    still_open: Sequence[Open],
    unread: Sequence[str],
    name: str,
    jurisdiction: Jurisdiction,
    start_questions: Sequence[tuple[str, str]],
) -> tuple[Ask, ...]:
    """Return every question once, the most informative first.

    Parameters
    ----------
    known
        What is known already.
    still_open
        The findings that are unknown.
    unread
        Tables of the label that were not read: someone has to look there.
    name, jurisdiction
        Name of the treatment, and whose label.
    start_questions
        Questions about the earliest start, each with the id of its label entry.

    Notes
    -----
    Order: what was not read comes first, because no answer of a person replaces it. Then by the number of
    contraindications that one answer can settle alone; the number that hang on it; the number of routes into the
    licence it can settle, and that hang on it; the number of other findings it can settle, tests last; and the
    order of the label. An answer settles a finding if yes or no to it makes the finding known whatever else stays
    unknown.
    """
    grouped: dict[str, tuple[Fact, list[Open]]] = {}
    for one in still_open:
        for text in dict.fromkeys(fact.question for fact in one.facts):
            fact = next(fact for fact in one.facts if fact.question == text)
            grouped.setdefault(text, (fact, []))[1].append(one)
    asks = [_ask(fact, hanging, known) for fact, hanging in grouped.values()]
    kinds = {one.finding.id: one.finding.kind for one in still_open}
    asks.sort(key=lambda ask: _rank(ask, kinds))
    return tuple(_with_start([*_to_read(unread, name, jurisdiction), *asks], start_questions))


def _ask(fact: Fact, hanging: Sequence[Open], known: Known) -> Ask:
    settled = tuple(one.finding.id for one in hanging if _settles(fact.question, one, known))
    found = tuple(one.finding.id for one in hanging)
    return Ask(fact.question, fact.asked, found, settled, fact.field, next(iter(fact.uses), ""))


def _settles(text: str, one: Open, known: Known) -> bool:
    if isinstance(one.rule, Fact):
        return True
    keys = [fact.key for fact in one.facts if fact.question == text]
    # One question may stand for several facts of which one holds: which kind of MS is it?
    answers = [dict.fromkeys(keys, Truth.NOT_MET) | {key: Truth.MET} for key in keys]
    answers.append(dict.fromkeys(keys, Truth.NOT_MET))
    return any(truth_of(one.rule, replace(known, assumed=MappingProxyType(answer))).is_known for answer in answers)


def _rank(ask: Ask, kinds: dict[str, FindingKind]) -> tuple[int, ...]:
    def count(ids: tuple[str, ...], kind: FindingKind) -> int:
        return -sum(kinds[one] is kind for one in ids)

    return (
        count(ask.settles, FindingKind.CONTRAINDICATION),
        count(ask.findings, FindingKind.CONTRAINDICATION),
        count(ask.settles, FindingKind.INDICATION),
        count(ask.findings, FindingKind.INDICATION),
        -len([one for one in ask.settles if kinds[one] is not FindingKind.BASELINE_TEST]),
        -len(ask.settles),
    )


def _to_read(unread: Sequence[str], name: str, jurisdiction: Jurisdiction) -> list[Ask]:
    return [
        Ask(phrase(f"eligibility.unread.{table}", place=jurisdiction.value, drug=name), Asked.TEAM, ())
        for table in unread
    ]


def _with_start(asks: list[Ask], start_questions: Sequence[tuple[str, str]]) -> list[Ask]:
    found = {ask.question: ask for ask in asks}
    for question, entry in start_questions:
        before = found.get(question) or Ask(question, Asked.PERSON, ())
        ids = before.findings if not entry or entry in before.findings else (*before.findings, entry)
        found[question] = replace(before, findings=ids)
    return list(found.values())
