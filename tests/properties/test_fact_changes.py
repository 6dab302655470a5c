"""A fact of which it is said that it would change the order does so, when somebody like that asks from the start."""

from __future__ import annotations

import datetime
import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from equipoise.consultation.document import Option
from equipoise.consultation.fact_changes import with_relapses
from equipoise.consultation.for_me import personal_view
from equipoise.consultation.personal import Change, PersonalView
from equipoise.consultation.sitting import option_of
from equipoise.decision import Values, read_values
from equipoise.evidence import load_evidence
from equipoise.person import OTHER_DRUG, EarlierTreatment, Person, Walking, disagreements, read_person
from equipoise.person.describing import to_answers
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.strategies_people import anybody, wishes

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DRAWS = 300
# Each fact one step nearer to where it was.
STEPS = {"relapses_24_months": 1.0, "age": 1.0, "years_since_onset": 1.0, "edss": 0.5}


@functools.cache
def options() -> tuple[Option, ...]:
    evidence = load_evidence()
    return tuple(
        option_of(evidence, evidence.option(name), Jurisdiction.EU) for name in ("alemtuzumab", "interferon-beta-1a")
    )


def seen(person: Person, values: Values, draws: int = DRAWS) -> PersonalView:
    asked: dict[str, Any] = {"jurisdiction": Jurisdiction.EU, "on": datetime.date(2026, 11, 22), "draws": draws}
    return personal_view(options(), person, evidence=load_evidence(), values=values, **asked)


def fact_changes(view: PersonalView) -> tuple[Change, ...]:
    return () if view.fit is None else tuple(one for one in view.fit.what_would_change if one.kind == "fact")


def first(view: PersonalView) -> set[str]:
    """Whoever comes first in most worlds; both where they are even."""
    assert view.fit is not None
    shares = {one.option.id: one.rank_acceptability[0] for one in view.fit.options}
    return {name for name, share in shares.items() if share == max(shares.values())}


def changed(person: Person, field: str, value: float | str) -> Person:
    """Somebody of whom a change speaks."""
    match field:
        case "relapses_24_months":
            return with_relapses(person, int(value))
        case "edss":
            return replace(person, edss=float(value), walking=None)
        case "age":
            return replace(person, age=int(value))
        case "years_since_onset":
            return replace(person, years_since_onset=float(value))
        case "walking":
            return replace(person, walking=Walking(str(value)))
        case "enhancing_lesions":
            return replace(person, enhancing_lesions=value == "yes")
    relapsed = (EarlierTreatment(OTHER_DRUG, relapsed=True),)
    return replace(person, earlier_treatments=relapsed if value == "yes" else ())


def holds(person: Person, values: Values, change: Change, before: set[str], draws: int = DRAWS) -> None:
    other = changed(person, change.about, change.after)
    again = seen(other, values, draws)
    assert again.baselines, "it lies outside the evidence"
    assert change.new_order[0] in first(again)
    assert change.new_order[0] not in before or len(before) > 1
    assert not disagreements(to_answers(other)) or disagreements(to_answers(person))
    step = STEPS.get(change.about)
    if step is not None and isinstance(change.after, float) and isinstance(change.before, float):
        nearer = change.after + (step if change.before > change.after else -step)
        if (nearer - change.before) * (change.after - change.before) > 0:
            assert before & first(seen(changed(person, change.about, nearer), values, draws)), "a smaller one would do"


@settings(max_examples=40, deadline=None)
@given(person=anybody, values=wishes)
def test_every_fact_that_is_said_to_change_the_order_does_and_no_nearer_one(person: Person, values: Values) -> None:
    view = seen(person, values)
    for change in fact_changes(view):
        holds(person, values, change, first(view))


@pytest.mark.parametrize(
    ("who", "what", "facts"),
    [
        ("frequent-relapses", "torn", {"relapses_24_months", "age", "earlier_treatments"}),
        ("mild-long-safety", "fears-disability", {"age"}),
        ("torn", "torn", {"age", "walking", "years_since_onset", "earlier_treatments", "relapses_24_months"}),
    ],
)
def test_the_examples_are_told_which_facts_would_change_the_order(who: str, what: str, facts: set[str]) -> None:
    person = read_person(EXAMPLES / "persons" / f"{who}.toml")
    values = read_values(EXAMPLES / "values" / f"{what}.toml")
    view = seen(person, values, 4000)
    assert facts <= {change.about for change in fact_changes(view)}
    for change in fact_changes(view):
        holds(person, values, change, first(view), 4000)


@settings(max_examples=10, deadline=None)
@given(values=wishes)
def test_what_is_unknown_changes_nothing(values: Values) -> None:
    assert fact_changes(seen(Person(), values)) == ()
