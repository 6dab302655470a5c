"""Only what a label turns on is worth asking a tired person, and all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equipoise.evidence import load_evidence
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.safety import Eligibility, Truth, conditions_asked
from equipoise.safety.eligibility_facts import Known, facts_of
from equipoise.safety.eligibility_lines import lines_of
from equipoise.safety.eligibility_person import STATED_ONLY
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.eligibility_people import HEALTHY, ON, check, with_condition, with_medicine

EVIDENCE = load_evidence()
OPTIONS = [option.option for option in EVIDENCE.options]
SILENT = replace(HEALTHY, not_conditions=frozenset())


def asked(place: str, *options: str) -> tuple[set[str], set[str]]:
    found = conditions_asked(EVIDENCE, [EVIDENCE.option(name) for name in options], Jurisdiction(place), ON)
    return {*found.conditions, *found.stated_only}, set(found.medicines)


# "Other oral medicines" means every one: that is one open question, and no reason to ask for each of a list.
ANY_MEDICINE = "other oral medicines"


def statuses(answer: Eligibility) -> list[Truth]:
    return [one.status for one in answer.findings if one.entry and one.entry.fields.get("agent") != ANY_MEDICINE]


@pytest.mark.parametrize("place", list(Jurisdiction))
@pytest.mark.parametrize("drug", OPTIONS)
def test_what_is_not_asked_changes_nothing_and_what_is_asked_changes_something(drug: str, place: str) -> None:
    conditions, medicines = asked(place, drug)
    before = statuses(check(SILENT, drug, place))
    others = SILENT
    for word in set(CONDITIONS) - conditions:
        others = with_condition(others, word)
    for word in set(MEDICINES) - medicines:
        others = with_medicine(others, word)
    assert statuses(check(others, drug, place)) == before
    idle = {word for word in conditions if statuses(check(with_condition(SILENT, word), drug, place)) == before}
    idle |= {word for word in medicines if statuses(check(with_medicine(SILENT, word), drug, place)) == before}
    assert idle == set()


def test_two_options_ask_for_what_either_asks_for_and_one_label_at_a_time() -> None:
    both = asked("EU", "alemtuzumab", "interferon-beta-1a")
    each = asked("EU", "alemtuzumab"), asked("EU", "interferon-beta-1a")
    assert both == (each[0][0] | each[1][0], each[0][1] | each[1][1])
    assert "stroke-ever" in both[0]
    american, _ = asked("US", "alemtuzumab", "interferon-beta-1a")
    assert "stroke-ever" not in american, "a stroke is no contraindication under the US label"
    assert "infection-now" in american
    assert "infection-now" not in both[0]


def test_ticks_are_a_fraction_of_all_that_can_be_asked() -> None:
    conditions, medicines = asked("EU", "alemtuzumab", "interferon-beta-1a")
    assert len(conditions) + len(medicines) < 0.4 * (len(CONDITIONS) + len(MEDICINES))


def test_what_silence_cannot_settle_is_kept_apart() -> None:
    known = Known(SILENT, "", ON, ())
    silent = {
        word
        for drug in OPTIONS
        for place in Jurisdiction
        for line in lines_of(EVIDENCE.label(EVIDENCE.option(drug)), place, ON, EVIDENCE)
        for fact in (facts_of(line.rule) if line.rule else ())
        for word in fact.uses
        if fact.field == "conditions" and fact.look(known) is None
    }
    assert silent == STATED_ONLY
    found = conditions_asked(EVIDENCE, EVIDENCE.options, Jurisdiction.EU, ON)
    assert not STATED_ONLY & set(found.conditions)
    assert set(found.stated_only) == STATED_ONLY
