"""Every line of every label has a rule, and every rule asks only for what a person can state."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from equipoise.evidence import LabelEntry, load_evidence
from equipoise.person import form
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.safety.calendar_dates import first_day, later
from equipoise.safety.eligibility_cautions import INTERACTIONS, PREGNANCY, WARNINGS
from equipoise.safety.eligibility_facts import Rule, facts_of
from equipoise.safety.eligibility_indications import EXCLUDED, READINGS, REQUIREMENTS, indication_rule, is_exclusion
from equipoise.safety.eligibility_rules import CONTRAINDICATIONS, OF_ONE_ENTRY, contraindication_rule
from equipoise.safety.eligibility_start import WAITS
from equipoise.safety.plan_readings import VACCINE_WAITS
from equipoise.wording import LANGUAGES, Phrase, wording
from tests.support.eligibility_people import HEALTHY, NOBODY, check

EVIDENCE = load_evidence()


def usable(table: str) -> list[tuple[str, LabelEntry]]:
    return [
        (label.drug_id, entry)
        for label in EVIDENCE.labels.values()
        for entry in label.entries
        if entry.table == table
        and entry.status == "current"
        and entry.trust.may_be_shown
        and not entry.jurisdiction.startswith("OTHER")
    ]


def all_rules() -> Iterator[Rule]:
    for drug, entry in usable("contraindication"):
        rule = contraindication_rule(entry.id, str(entry.fields["condition"]), drug)
        assert rule is not None
        yield rule
    for _, entry in usable("indication"):
        yield indication_rule(entry, EVIDENCE.label_entries)
    yield from (*WARNINGS.values(), *INTERACTIONS.values(), *PREGNANCY.values())


@pytest.mark.parametrize(("drug", "entry"), usable("contraindication"), ids=lambda value: getattr(value, "id", value))
def test_every_contraindication_has_a_rule(drug: str, entry: LabelEntry) -> None:
    assert contraindication_rule(entry.id, str(entry.fields.get("condition", "")), drug) is not None


def test_no_rule_is_for_a_contraindication_that_is_gone() -> None:
    assert set(CONTRAINDICATIONS) == {entry.fields["condition"] for _, entry in usable("contraindication")}
    assert set(OF_ONE_ENTRY) <= {entry.id for _, entry in usable("contraindication")}


def test_rules_use_the_vocabulary_of_persons() -> None:
    words = {word for rule in all_rules() for fact in facts_of(rule) for word in fact.uses}
    assert words <= {*CONDITIONS, *MEDICINES}
    # What a person can state and no contraindication, route or caution turns on would be asked for nothing.
    assert {*CONDITIONS, *MEDICINES} - words == set()


def test_every_fact_has_a_question_and_one_meaning() -> None:
    facts = [fact for rule in all_rules() for fact in facts_of(rule)]
    assert all(fact.question.endswith("?") for fact in facts)
    assert len({(fact.key, fact.question) for fact in facts}) == len({fact.key for fact in facts})


def test_every_fact_can_be_named_and_asked_in_every_language() -> None:
    facts = {fact.key: fact for rule in all_rules() for fact in facts_of(rule)}
    for key, fact in facts.items():
        for text in filter(None, (fact.name, fact.question)):
            assert isinstance(text, Phrase), key
            assert all(wording(language.tag).has(text.key) for language in LANGUAGES), key


def test_a_field_that_answers_a_fact_is_a_question_of_the_form() -> None:
    questions = {question.name for question in form(EVIDENCE)}
    fields = {fact.field for rule in all_rules() for fact in facts_of(rule)} - {""}
    assert fields <= questions
    assert {"conditions", "medicines", "pregnancy", "earlier_treatments"} <= fields


def test_every_route_has_hints_or_was_read() -> None:
    for _, entry in usable("indication"):
        hinted = entry.fields.get("requires") or entry.fields.get("same_as") or is_exclusion(entry)
        assert bool(hinted) != (entry.id in READINGS), entry.id
        assert set(entry.fields.get("requires") or {}) - {"strength"} <= set(REQUIREMENTS), entry.id
        assert set(entry.fields.get("excludes") or ()) <= set(EXCLUDED), entry.id
    assert set(READINGS) <= {entry.id for _, entry in usable("indication")}


def test_cautions_are_about_entries_that_exist() -> None:
    assert set(WARNINGS) <= {entry.id for _, entry in usable("warning")}
    assert set(INTERACTIONS) == {entry.fields["agent"] for _, entry in usable("interaction")}
    assert {str(entry.fields["kind"]) for _, entry in usable("pregnancy")} <= set(PREGNANCY)


def test_waits_stand_in_the_texts_that_they_were_read_from() -> None:
    assert set(WAITS) == {entry.id for _, entry in usable("switching")}
    counts = {"P2M": "2 to 3 months", "P8W": "8 to 12 weeks", "P6W": "6 to 8 weeks"}
    for name, waits in WAITS.items():
        for wait in waits:
            assert wait.interval in ("", "P0D") or counts[wait.interval] in EVIDENCE.label_entries[name].text
    words = {"P1M": "wait 1 month", "P4W": "at least 4 weeks"}
    for name, interval in VACCINE_WAITS.items():
        assert words[interval] in EVIDENCE.label_entries[name].text


def test_intervals_and_days_of_labels_can_be_counted() -> None:
    day = first_day("2024-02-29")
    for entry in EVIDENCE.label_entries.values():
        for key in ("min_interval", "delay_after_vaccine", "interval_from_previous", "interval_from_previous_min"):
            if key in entry.fields:
                assert later(day, str(entry.fields[key])) > day
        for key in ("valid_from", "valid_to"):
            if key in entry.fields:
                assert first_day(str(entry.fields[key])).year > 2000


def test_a_check_is_fast() -> None:
    slowest = 0.0
    for option in EVIDENCE.options:
        for place in ("US", "EU", "UK"):
            for person in (HEALTHY, NOBODY):
                took = []
                for _ in range(5):
                    begin = time.perf_counter()
                    check(person, option.option, place)
                    took.append(time.perf_counter() - begin)
                slowest = max(slowest, min(took))
    # 2 ms is the aim, and 1.8 ms the slowest seen; a busy machine is given some room.
    assert slowest < 0.006
