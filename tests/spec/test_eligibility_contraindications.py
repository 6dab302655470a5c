"""A truth table that a clinician can read: one condition a row, and what each label makes of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from equipoise.evidence import load_evidence
from equipoise.person import PregnancyPlan, Sex
from equipoise.safety import EligibilityVerdict, FindingKind, Truth
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.eligibility_people import HEALTHY, NOBODY, check, with_condition, with_medicine

TABLE = Path(__file__).with_name("eligibility_contraindications.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
PLACES = list(Jurisdiction)
DEEP = ("alemtuzumab", "interferon-beta-1a")


def described(row: dict[str, str]) -> str:
    return f"{row['drug']}: {row['person_has']}"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("row", ROWS, ids=described)
def test_table(row: dict[str, str], place: Jurisdiction) -> None:
    word, _, medicine = row["person_has"].partition("medicine ")
    person = (
        HEALTHY
        if word == "nothing"
        else with_medicine(HEALTHY, medicine)
        if medicine
        else with_condition(HEALTHY, word)
    )
    answer = check(person, row["drug"], place)
    found = answer.of_kind(FindingKind.CONTRAINDICATION)
    named = {finding.id.rpartition("-ci-")[2]: finding.status for finding in found}
    expected = {
        entry.removeprefix("?").removeprefix("ci-"): Truth.UNKNOWN if entry.startswith("?") else Truth.MET
        for entry in row[place].split()
        if entry != "-"
    }
    assert {entry: status for entry, status in named.items() if status is not Truth.NOT_MET} == expected, row["comment"]
    assert (answer.verdict is EligibilityVerdict.CONTRAINDICATED) == (Truth.MET in expected.values())


@pytest.mark.parametrize("drug", DEEP)
def test_every_contraindication_of_a_deep_drug_is_in_the_table(drug: str) -> None:
    evidence = load_evidence()
    label = evidence.label(evidence.option(drug))
    for place in PLACES:
        shown = {f"ci-{entry.id.rpartition('-ci-')[2]}" for entry in label.current("contraindication", place)}
        listed = {entry for row in ROWS if row["drug"] == drug for entry in row[place].split() if entry != "-"}
        assert shown <= listed


def test_every_other_drug_has_a_row() -> None:
    assert {row["drug"] for row in ROWS} == {option.option for option in load_evidence().options}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("option", [option.option for option in load_evidence().options])
def test_nobody_is_cleared_without_answers(option: str, place: Jurisdiction) -> None:
    answer = check(NOBODY, option, place)
    assert answer.verdict is EligibilityVerdict.NEEDS_ANSWERS
    assert not answer.may_be_offered
    assert answer.ask


# drug, who, US, EU, UK: yes, no, ? or - where the label read has no such line
PREGNANCY = [
    ("teriflunomide", PregnancyPlan.PREGNANT, Sex.WOMAN, "yes yes yes"),
    ("teriflunomide", PregnancyPlan.BREASTFEEDING, Sex.WOMAN, "no yes yes"),
    ("fingolimod", PregnancyPlan.PREGNANT, Sex.WOMAN, "- yes yes"),
    ("fingolimod", PregnancyPlan.NONE, Sex.WOMAN, "- no no"),
    ("fingolimod", None, Sex.WOMAN, "- ? ?"),
    ("fingolimod", None, Sex.MAN, "- no no"),
    ("cladribine", PregnancyPlan.BREASTFEEDING, Sex.WOMAN, "yes yes yes"),
    ("cladribine", PregnancyPlan.PREGNANT, Sex.WOMAN, "yes yes yes"),
    ("ozanimod", PregnancyPlan.PREGNANT, Sex.WOMAN, "- yes yes"),
    ("alemtuzumab", PregnancyPlan.PREGNANT, Sex.WOMAN, "no no no"),
]


@pytest.mark.parametrize(("drug", "plan", "sex", "expected"), PREGNANCY)
def test_pregnancy(drug: str, plan: PregnancyPlan | None, sex: Sex, expected: str) -> None:
    words = {"yes": Truth.MET, "no": Truth.NOT_MET, "?": Truth.UNKNOWN}
    for place, word in zip(PLACES, expected.split(), strict=True):
        if word == "-":
            continue
        found = check(replace(HEALTHY, sex=sex, pregnancy=plan), drug, place).of_kind(FindingKind.CONTRAINDICATION)
        statuses = {finding.status for finding in found}
        strongest = next(one for one in (Truth.MET, Truth.UNKNOWN, Truth.NOT_MET) if one in statuses)
        assert strongest is words[word], place


def test_men_need_contraception_where_the_text_says_so() -> None:
    man = with_condition(replace(HEALTHY, sex=Sex.MAN), "no-effective-contraception")
    assert check(man, "cladribine", "US").verdict is EligibilityVerdict.CONTRAINDICATED
    assert check(man, "fingolimod", "EU").verdict is not EligibilityVerdict.CONTRAINDICATED


def test_contraception_and_genes_are_not_answered_by_silence() -> None:
    silent = replace(HEALTHY, not_conditions=frozenset())
    assert check(silent, "fingolimod", "EU").verdict is EligibilityVerdict.NEEDS_ANSWERS
    assert check(silent, "siponimod", "US").verdict is EligibilityVerdict.NEEDS_ANSWERS


def test_pregnancy_is_told_where_it_is_no_contraindication() -> None:
    answer = check(replace(HEALTHY, pregnancy=PregnancyPlan.PREGNANT), "alemtuzumab", "EU")
    told = [finding for finding in answer.of_kind(FindingKind.PREGNANCY) if finding.status is Truth.MET]
    assert "label.alemtuzumab-prg-02" in {finding.id for finding in told}


def test_the_uk_never_mixes_two_texts_on_one_subject() -> None:
    found = check(HEALTHY, "alemtuzumab", "UK").of_kind(FindingKind.CONTRAINDICATION)
    assert "label.alemtuzumab-ci-16" in {finding.id for finding in found}
    assert "label.alemtuzumab-ci-12" not in {finding.id for finding in found}
    assert {finding.jurisdiction for finding in found} == {"UK", "EU"}


def test_the_us_and_the_eu_use_their_own_text_only() -> None:
    for place in ("US", "EU"):
        for option in load_evidence().options:
            assert {finding.jurisdiction for finding in check(HEALTHY, option.option, place).findings} <= {place}


def test_foreign_unverified_and_superseded_entries_reach_nobody() -> None:
    evidence = load_evidence()
    shown = {
        finding.id.removeprefix("label.")
        for option in evidence.options
        for place in PLACES
        for finding in check(HEALTHY, option.option, place).findings
    }
    for entry in shown:
        found = evidence.label_entries[entry]
        assert found.status == "current"
        assert found.trust.may_be_shown
        assert not found.jurisdiction.startswith("OTHER")
