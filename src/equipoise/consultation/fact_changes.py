"""The smallest change of each fact about a person after which another option would fit better, run again to be sure."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.consultation.personal import Change
from equipoise.evidence import Evidence, treatment_name
from equipoise.outcomes.baseline import Ground
from equipoise.outcomes.setting import groups_of
from equipoise.person import OTHER_DRUG, EarlierTreatment, Person, Walking
from equipoise.person.model import EDSS_BANDS
from equipoise.safety.calendar_dates import MONTHS_A_YEAR
from equipoise.wording import Phrase, number, phrase

MOST_RELAPSES = 4
"""More relapses in two years than this are rare in the trials, and the model knows only "two or more"."""

QUICK = 1000
"""Draws that are enough to look for a change; what is found is verified with all of them."""


@dataclass(frozen=True)
class Limits:
    """How far a fact can go before no trial of the setting speaks about it any more.

    Attributes
    ----------
    age, years_since_onset
        Lowest and highest.
    edss
        Highest.
    """

    age: tuple[float, float]
    years_since_onset: tuple[float, float]
    edss: float


def limits_of(ground: Ground) -> Limits:
    """Return the widest limits of the groups of trials that somebody is compared with."""
    people = [ground.participants(group) for group in groups_of(ground.setting)]
    ages = [one.age_limits or (one.age.low, one.age.high) for one in people]
    onset = [(one.years_since_onset.low, one.years_since_onset.high) for one in people]
    return Limits(
        age=(min(low for low, _ in ages), max(high for _, high in ages)),
        years_since_onset=(min(low for low, _ in onset), max(high for _, high in onset)),
        edss=max(one.edss.high if one.edss_max is None else one.edss_max for one in people),
    )


@dataclass(frozen=True)
class Asked:
    """What a search asks.

    Attributes
    ----------
    first, order
        Run the way from a person to the ranking again: to the option that fits best, with ``QUICK`` draws, and to all
        of them in order, with those of the answer; ids. Empty where nothing can be said.
    has_same_options
        Whether the labels leave somebody the same options; asked of what was found alone, as it takes longer.
    limits
        Of what is tried.
    """

    first: Callable[[Person], str]
    order: Callable[[Person], tuple[str, ...]]
    has_same_options: Callable[[Person], bool]
    limits: Limits


def fact_changes(person: Person, asked: Asked, evidence: Evidence) -> tuple[Change, ...]:
    """Look for another value of each fact with which another option comes first, all else as it is.

    Parameters
    ----------
    person
        What is known. Only a fact that is known can change; an unknown one is drawn already.
    asked
        How to run again.
    evidence
        For the names of the options.

    Returns
    -------
    tuple[Change, ...]
        For each fact at most one, the nearest value with another option first.

    Notes
    -----
    Relapses rise or fall all the way with every fact. So a fact whose furthest values change nothing is not looked at
    further, and the way to a value that changes the order is halved. Every value that is reported was run in full, and
    so was the one before it.
    """
    now, quick = asked.order(person)[:1], asked.first(person)
    if not now:
        return ()

    def turns(changed: Person) -> bool:
        return asked.first(changed) not in ("", quick)

    def turned(changed: Person) -> tuple[str, ...]:
        order = asked.order(changed)
        return () if order[:1] == now else order

    found = []
    for fact in _facts(person, asked.limits):
        nearest = _nearest(fact, turns, turned)
        if nearest is not None and asked.has_same_options(fact.changed(nearest.value)):
            found.append(_change(fact, nearest, evidence))
    return tuple(found)


@dataclass(frozen=True)
class _Fact:
    """One fact: what it is now, what it could be on either side (nearest first), and who that would be."""

    field: str
    now: Any
    sides: tuple[Sequence[Any], ...]
    changed: Callable[[Any], Person]


@dataclass(frozen=True)
class _Turn:
    """A value of a fact from which another option is first, and how many steps away it is."""

    value: Any
    steps: int
    order: tuple[str, ...]


def _nearest(fact: _Fact, turns: Callable[[Person], bool], turned: Callable[[Person], tuple[str, ...]]) -> _Turn | None:
    """Return the nearest turn of either side: looked for quickly, then settled with all draws."""
    found = []
    for side in fact.sides:
        place = _first_turn(fact, side, turns)
        if place is None:
            continue
        order = turned(fact.changed(side[place]))
        if order:
            while place and (nearer := turned(fact.changed(side[place - 1]))):
                place, order = place - 1, nearer
        while not order and place + 1 < len(side):
            place += 1
            order = turned(fact.changed(side[place]))
        if order:
            found.append(_Turn(side[place], place, order))
    return min(found, key=lambda turn: turn.steps, default=None)


def _first_turn(fact: _Fact, side: Sequence[Any], turns: Callable[[Person], bool]) -> int | None:
    """Return the place of the nearest value of a side that turns the order, by halving between here and its end."""
    if not side or not turns(fact.changed(side[-1])):
        return None
    same, turned = -1, len(side) - 1
    while turned - same > 1:
        middle = (same + turned) // 2
        same, turned = (same, middle) if turns(fact.changed(side[middle])) else (middle, turned)
    return turned


def _facts(person: Person, limits: Limits) -> Iterator[_Fact]:
    """The facts that the model looks at and that are known, those that could be otherwise next year first."""

    def with_fact(**facts: Any) -> Person:
        return dataclasses.replace(person, **facts)

    if (now := person.relapses_24_months) is not None:
        sides = _either_side(now, range(MOST_RELAPSES + 1))
        yield _Fact("relapses_24_months", now, sides, lambda n: with_relapses(person, n))
    if (seen := person.enhancing_lesions) is not None:
        yield _Fact("enhancing_lesions", seen, ([not seen],), lambda value: with_fact(enhancing_lesions=value))
    if (edss := person.edss) is not None:
        # A word for walking that was said beside it may not fit another EDSS, and counts for nothing there.
        steps = [0.0, *(step / 2 for step in range(2, int(2 * limits.edss) + 1))]
        yield _Fact("edss", edss, _either_side(edss, steps), lambda value: with_fact(edss=value, walking=None))
    elif (walking := person.walking) is not None:
        words = [word for word, (low, _) in EDSS_BANDS.items() if low <= limits.edss]
        if walking in words:
            place = words.index(walking)
            either = (words[place + 1 :], words[:place][::-1])
            yield _Fact("walking", walking, either, lambda value: with_fact(walking=value))
    if (age := person.age) is not None:
        ages = range(math.ceil(max(limits.age[0], person.years_since_onset or 0)), int(limits.age[1]) + 1)
        yield _Fact("age", age, _either_side(age, ages), lambda value: with_fact(age=value))
    if (years := person.years_since_onset) is not None:
        least = (person.months_since_relapse or 0) / MONTHS_A_YEAR - 1
        low, high = max(limits.years_since_onset[0], least), limits.years_since_onset[1]
        possible = range(math.ceil(low), int(min(high, person.age or high)) + 1)
        sides = _either_side(years, possible)
        yield _Fact("years_since_onset", years, sides, lambda value: with_fact(years_since_onset=float(value)))
    if (earlier := person.earlier_treatments) is not None:
        another = () if earlier else (EarlierTreatment(OTHER_DRUG, relapsed=True),)
        yield _Fact("earlier_treatments", earlier, ([another],), lambda value: with_fact(earlier_treatments=value))


def _either_side(now: float, values: Sequence[float]) -> tuple[Sequence[float], ...]:
    return [value for value in values if value > now], [value for value in values if value < now][::-1]


def with_relapses(person: Person, relapses: int) -> Person:
    """Return the same person with another number of relapses in two years, the other answers kept possible."""
    first_year = person.relapses_12_months
    months = person.months_since_relapse
    if first_year is not None:
        first_year = min(first_year, relapses)
    if months is not None and (months <= 24) != (relapses > 0):
        months = None
    if first_year == 0 and months is not None and months < MONTHS_A_YEAR:
        months = None
    return dataclasses.replace(
        person, relapses_24_months=relapses, relapses_12_months=first_year, months_since_relapse=months
    )


def _change(fact: _Fact, turn: _Turn, evidence: Evidence) -> Change:
    first = treatment_name(evidence.treatments[turn.order[0]])
    field, before, after, order = fact.field, fact.now, turn.value, turn.order
    key = f"fit.change.{field.replace('_', '-')}"
    if field in ("enhancing_lesions", "earlier_treatments"):
        word = "yes" if after else "no"
        return Change("fact", field, phrase(f"{key}-{word}", first=first), "no" if after else "yes", word, order)
    said = phrase(key, after=_in_words(field, after), before=_in_words(field, before, is_before=True), first=first)
    if isinstance(after, Walking):
        return Change("fact", field, said, before.value, after.value, order)
    return Change("fact", field, said, float(before), float(after), order)


def _in_words(field: str, value: Any, *, is_before: bool = False) -> Phrase:
    if field == "relapses_24_months":
        named = f"fit.{'instead-of' if is_before else 'relapses'}.{value}"
        return phrase(named) if value <= MOST_RELAPSES else number(value)
    if field == "years_since_onset":
        return phrase("number.years", n=value)
    if isinstance(value, Walking):
        return phrase(f"question.walking.word.{value}")
    return phrase("number.alone", value=value)
