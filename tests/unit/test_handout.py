"""Corners of the page for a visit: codes of drugs, words, what is left out and in which order."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest

from equipoise.consultation import consult
from equipoise.evidence import load_evidence
from equipoise.evidence.labels import DrugCode
from equipoise.person import CourseOfDisease, EarlierTreatment, Person, PracticalLife, Sex
from equipoise.presentation.handout.document import Handout
from equipoise.presentation.handout.facts import facts_in_words
from equipoise.presentation.handout.fitting import CLINICIAN_ROOMS, PERSON_ROOMS, fitted
from equipoise.presentation.handout.questions import read_questions
from equipoise.presentation.handout.sheet import handout_of
from equipoise.vocabulary.errors import RequestError
from tests.spec.test_handout import handout


def test_only_codes_that_were_verified_are_read_the_current_one_first() -> None:
    evidence = load_evidence()
    codes = evidence.label(evidence.option("alemtuzumab")).codes
    assert codes == (
        DrugCode("ATC", "L04AG06", "", "current grouping"),
        DrugCode("ATC", "L04AA34", "", "older"),
    )
    assert evidence.label(evidence.option("interferon-beta-1a")).codes == ()


def test_facts_are_said_and_unknown_ones_are_left_out() -> None:
    person = Person(
        age=40,
        sex=Sex.MAN,
        relapses_12_months=1,
        years_since_onset=1,
        earlier_treatments=(EarlierTreatment("glatiramer-acetate", relapsed=True),),
        practical=PracticalLife(self_injection=False, fridge=True),
    )
    said = facts_in_words(person, load_evidence())
    assert said == (
        "40 years old",
        "man",
        "first symptoms 1 year ago",
        "1 relapse in the last 12 months",
        "drugs against MS before: glatiramer acetate, with a relapse",
        "I can keep a medicine in a fridge",
        "I cannot inject at home",
    )
    assert facts_in_words(Person(), load_evidence()) == ()


def test_rooms_never_grow() -> None:
    for first, second in itertools.pairwise(CLINICIAN_ROOMS):
        for name in ("statements", "rows", "rare", "needed", "named_sources"):
            assert getattr(second, name) <= getattr(first, name)
    assert min(room.rows for room in PERSON_ROOMS) == 5
    assert min(room.rare for room in PERSON_ROOMS) == 2


def test_where_nothing_fits_it_is_refused_and_where_all_fits_nothing_is_lost() -> None:
    whole = handout("torn")
    with pytest.raises(RequestError, match="does not fit one side of paper"):
        fitted(whole, lambda _document, _side: 2)
    with pytest.raises(RequestError, match="clinician's page"):
        fitted(whole, lambda _document, side: 2 if side == "clinician" else 1)
    made = fitted(whole, lambda _document, _side: 1)
    assert len(made.person.rows) == PERSON_ROOMS[0].rows
    assert not made.person.is_tight


def test_what_is_left_out_of_the_label_is_counted() -> None:
    whole = handout("torn")

    def pages(document: Handout, side: str) -> int:
        return 1 if side == "person" or len(document.clinician.checks[0].lines) <= 3 else 2

    made = fitted(whole, pages)
    for before, after in zip(whole.clinician.checks, made.clinician.checks, strict=True):
        assert len(after.lines) + after.left_out == len(before.lines)


def test_outside_the_evidence_the_reason_stands_there_and_no_number() -> None:
    evidence = load_evidence()
    person = Person(age=70, course=CourseOfDisease.PRIMARY_PROGRESSIVE)
    day = datetime.date(2026, 11, 22)
    sitting = consult("alemtuzumab", "interferon-beta-1a", evidence=evidence, person=person, on=day)
    side = handout_of(sitting, evidence=evidence, on=day).person
    assert (side.rows, side.rare) == ((), ())
    assert sitting.personal is not None
    assert set(side.not_known) == {one.reason for one in sitting.personal.declined}
    assert side.options[-1].standing == "There are no numbers for it here."


def test_a_sitting_about_nobody_has_no_page() -> None:
    evidence = load_evidence()
    sitting = consult("alemtuzumab", "interferon-beta-1a", evidence=evidence)
    with pytest.raises(ValueError, match="about a person"):
        handout_of(sitting, evidence=evidence, on=datetime.date(2026, 11, 22))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"What about \x07 this?"])
def test_questions_that_cannot_be_read_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "questions.txt"
    file.write_bytes(content)
    with pytest.raises(RequestError, match=r"UTF-8|cannot be printed"):
        read_questions(file)


def test_empty_lines_and_comments_are_no_questions(tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    file.write_text("\ufeff# mine\n\n  How   long? \n", encoding="utf-8")
    assert read_questions(file) == ("How long?",)
