"""What rules are made of: facts about a person, joined by all, any and not.

A fact looks at one thing only and answers yes, no or nothing. Where it answers nothing, its question says what to ask,
and whom.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from equipoise.person import EarlierTreatment, Person
from equipoise.safety.truth import Truth, all_of, any_of, negation


class Asked(StrEnum):
    """Who can answer a question."""

    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may look at.

    Attributes
    ----------
    person
        What is known about the person.
    drug
        ``drug_id`` of the label in question.
    on
        The day for which the question is asked.
    earlier
        Drugs against MS taken before or now, other than this one, by ``drug_id``; ``None`` where that is unknown.
    assumed
        Answers that are tried out, by the key of the fact. Used to see what an answer would settle.
    """

    person: Person
    drug: str
    on: datetime.date
    earlier: tuple[tuple[str, EarlierTreatment], ...] | None
    assumed: Mapping[str, Truth] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so, or not, or not known.

    Attributes
    ----------
    key
        Names the fact; two facts of one key are one question.
    name
        In plain words, said as the reason where the fact holds.
    question
        What to ask where it is unknown.
    asked
        Who can answer.
    look
        Finds the answer.
    uses
        Ids of conditions and medicines that it looks for; all must be in the vocabulary of persons.
    field
        The question of the person form that answers it; empty where no field does.
    """

    key: str
    name: str
    question: str
    asked: Asked
    look: Callable[[Known], bool | None]
    uses: tuple[str, ...] = ()
    field: str = ""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Met where every part is."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Met where at least one part is."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Met where its part is not."""

    part: Rule


Rule = Fact | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a rule comes to.

    Attributes
    ----------
    truth
        Met, not met or unknown.
    because
        Names of the facts that made it met; empty otherwise.
    unknown
        The facts whose answers could still decide it; empty where it is known.
    lacking
        Names of what it asks for and what is not so; empty unless it is not met.
    """

    truth: Truth
    because: tuple[str, ...] = ()
    unknown: tuple[Fact, ...] = ()
    lacking: tuple[str, ...] = ()


def every(*parts: Rule) -> AllOf:
    """Return the rule that needs all of these."""
    return AllOf(parts)


def some(*parts: Rule) -> AnyOf:
    """Return the rule that needs one of these."""
    return AnyOf(parts)


def truth_of(rule: Rule, known: Known) -> Truth:
    """Return what a rule comes to, without its reasons."""
    if isinstance(rule, Fact):
        assumed = known.assumed.get(rule.key)
        return Truth.of(rule.look(known)) if assumed is None else assumed
    if isinstance(rule, AllOf):
        return all_of(truth_of(part, known) for part in rule.parts)
    if isinstance(rule, AnyOf):
        return any_of(truth_of(part, known) for part in rule.parts)
    return negation(truth_of(rule.part, known))


def weigh(rule: Rule, known: Known) -> Weighed:
    """Return what a rule comes to for a person, why, and what is missing."""
    truth = truth_of(rule, known)
    if truth is Truth.UNKNOWN:
        return Weighed(truth, unknown=tuple({fact.key: fact for fact in _open(rule, known)}.values()))
    if truth is Truth.NOT_MET:
        return Weighed(truth, lacking=tuple(dict.fromkeys(_lacking(rule, known))))
    return Weighed(truth, tuple(dict.fromkeys(_reasons(rule, known))))


def _open(rule: Rule, known: Known) -> list[Fact]:
    if truth_of(rule, known).is_known:
        return []
    if isinstance(rule, Fact):
        return [rule]
    parts = (rule.part,) if isinstance(rule, Not) else rule.parts
    return [fact for part in parts for fact in _open(part, known)]


def _reasons(rule: Rule, known: Known) -> list[str]:
    # What a negation denies is no reason that a reader could recognise, so it gives none.
    if isinstance(rule, Not) or truth_of(rule, known) is not Truth.MET:
        return []
    if isinstance(rule, Fact):
        return [rule.name] if rule.name else []
    return [reason for part in rule.parts for reason in _reasons(part, known)]


def _lacking(rule: Rule, known: Known) -> list[str]:
    if truth_of(rule, known) is not Truth.NOT_MET:
        return []
    if isinstance(rule, Fact):
        return [rule.name] if rule.name else []
    if isinstance(rule, Not):
        return []
    return [name for part in rule.parts for name in _lacking(part, known)]


def facts_of(rule: Rule) -> tuple[Fact, ...]:
    """Return every fact in a rule, in order."""
    if isinstance(rule, Fact):
        return (rule,)
    parts = (rule.part,) if isinstance(rule, Not) else rule.parts
    return tuple(fact for part in parts for fact in facts_of(part))
