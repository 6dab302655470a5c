"""The sheet for a visit in every language: whole, tagged, on two sides, with the same numbers as in English."""

from __future__ import annotations

import datetime
import functools
import io
import re
from pathlib import Path

import pikepdf
import pytest

from equipoise.consultation import Consultation, consult
from equipoise.decision import CRITERIA, Limit, Values, read_values
from equipoise.evidence import Evidence, load_evidence
from equipoise.forms import read_answers
from equipoise.person import Person, form, read_person
from equipoise.person.describing import from_answers
from equipoise.presentation.handout.document import Handout
from equipoise.presentation.handout.html import render_html
from equipoise.presentation.handout.pdf import on_one_sheet, render_pdf
from equipoise.presentation.handout.sheet import handout_of
from equipoise.wording import LANGUAGES, PSEUDO, wording
from tests.support import pdf_text

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "examples" / "persons").glob("*.toml"))
VALUES = {
    "frequent-relapses": "fears-disability",
    "mild-long-safety": "long-safety-record",
    "torn": "torn",
    "contraindicated": "everything-matters-most",
}
OTHERS = [one.tag for one in LANGUAGES[1:]]
LOCALES = {"en": "en-GB", "de": "de-DE", "es": "es-ES"}
DAY = datetime.date(2026, 11, 22)
SMALLEST_POINTS = 12


@functools.cache
def evidence() -> Evidence:
    return load_evidence()


@functools.cache
def values_of(name: str) -> Values | None:
    return read_values(ROOT / "examples" / "values" / f"{VALUES[name]}.toml") if name in VALUES else None


@functools.cache
def sitting(name: str) -> Consultation:
    person = read_person(ROOT / "examples" / "persons" / f"{name}.toml", evidence=evidence(), today=DAY)
    options = ("alemtuzumab", "interferon-beta-1a")
    return consult(*options, evidence=evidence(), person=person, values=values_of(name), on=DAY)


@functools.cache
def handout(name: str, tag: str) -> Handout:
    return handout_of(
        sitting(name),
        evidence=evidence(),
        on=DAY,
        values=values_of(name),
        questions=("¿Wie lange? How long?",),
        ready=("yes", "no", "", "yes"),
        words=wording(tag),
    )


@functools.cache
def printed(name: str, tag: str) -> bytes:
    return render_pdf(handout(name, tag))


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_one_sheet_that_a_screen_reader_reads_in_its_language(name: str, tag: str) -> None:
    words = wording(tag)
    with opened(printed(name, tag)) as pdf:
        assert len(pdf.pages) == 2
        assert str(pdf.Root.Lang) == LOCALES[tag]
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert words("sheet.title") in str(about["dc:title"])
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI"} <= set(pdf_text.tags(pdf))
        sizes = {piece.size for piece in pdf_text.pieces(pdf.pages[0]) if piece.text.strip()}
        assert min(sizes) >= SMALLEST_POINTS
        assert "en-GB" in pdf_text.languages(pdf), "what a label says is quoted in English, and marked so"
        front, back = (pdf_text.text(page) for page in pdf.pages)
    for key in ("decision", "about-me", "matters", "options", "not-known", "questions", "ready", "informs"):
        assert words(f"sheet.{key}") in front
    for key in ("title", "eligibility", "differences", "made", "sources"):
        assert words(f"sheet.clinician.{key}") in back
    assert words.date(DAY) in front
    assert "¿Wie lange? How long?" in front
    assert evidence().release.version in back


# Words of the English sheet that would stand in another one only where a text was not asked from the catalogue.
ENGLISH = (
    "the", "and", "with", "of", "for", "yes", "not", "what", "people", "years", "relapses", "relapse", "label", "none",
    "moderate", "high", "low", "very", "infusion", "injections", "treatment", "worsening", "age", "unknown", "answers",
)  # fmt: skip
SAME = {"de": {"infusion"}, "es": set()}


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_english_is_left_on_the_persons_side(name: str, tag: str) -> None:
    with opened(printed(name, tag)) as pdf:
        front = pdf_text.text(pdf.pages[0]).replace("How long?", "")
    found = set(re.findall(r"[a-z]+", front.lower()))
    assert found & (set(ENGLISH) - SAME[tag]) == set()


@pytest.mark.parametrize("name", NAMES)
def test_on_an_english_page_of_another_spelling_every_text_comes_from_the_catalogue(name: str) -> None:
    side = handout(name, PSEUDO.tag).person
    texts = [*side.facts, *side.unknown, *side.limits, *side.not_known, *side.suggested, *side.readiness]
    texts += [option.standing for option in side.options] + [row.name for row in (*side.rows, *side.rare)]
    assert [text for text in texts if "[" not in text] == []


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("name", NAMES)
def test_both_sides_carry_the_numbers_of_the_english_sheet(name: str, tag: str) -> None:
    english, other = handout(name, "en"), handout(name, tag)
    for here, there in ((english.person, other.person), (english.clinician, other.clinician)):
        for one, two in zip((*here.rows, *here.rare), (*there.rows, *there.rare), strict=True):
            assert one.outcome_id == two.outcome_id
            assert [cell.estimate_id for cell in one.cells] == [cell.estimate_id for cell in two.cells]
            digits = [[re.findall(r"\d+", cell.likely.replace(",", "").replace(".", "")) for cell in row.cells]
                      for row in (one, two)]  # fmt: skip
            assert digits[0] == digits[1]
    assert [one.sources for one in english.clinician.places] == [one.sources for one in other.clinician.places]
    shown = on_one_sheet(other)
    assert len(shown.person.rows) >= 5
    assert len(shown.person.rare) >= 2


def test_numbers_and_days_are_written_as_the_language_writes_them() -> None:
    with opened(printed("torn", "de")) as pdf:
        text = " ".join(pdf_text.text(page) for page in pdf.pages)
    assert "Von 1.000 Menschen" in text
    assert "31. Januar 2025" in text
    assert re.search(r"\d,\d Schübe|\d,\d\d Schübe pro Jahr", text)
    assert not re.search(r"\d\.\d+ (Schübe|mehr|weniger)", text)


def test_what_was_answered_about_being_ready_stands_there_in_words() -> None:
    for tag, locale in LOCALES.items():
        words = wording(tag)
        page = render_html(handout("torn", tag))
        ready = page.partition('<table class="ready">')[2].partition("</table>")[0]
        assert ready.count(f"<strong>{words('sheet.ready-yes')}</strong>") == 2
        assert ready.count(f"<strong>{words('sheet.ready-no')}</strong>") == 1
        assert ready.count('class="tick"') == 2
        assert f'<html lang="{locale}">' in page


def test_a_quote_of_a_label_is_marked_as_english_on_a_page_in_another_language() -> None:
    assert '<span lang="en">' in render_html(handout("torn", "es"))
    assert 'lang="en"' not in render_html(handout("torn", "en"))


# ---------------------------------------------------------------- somebody who said a great deal


@functools.cache
def everything() -> Person:
    asked = form(evidence())
    drugs = asked["earlier_treatments"].form
    assert drugs is not None
    answers = {
        "age": 44, "sex": "woman", "course": "relapsing-remitting", "years_since_onset": 12.5, "relapses_12_months": 3,
        "relapses_24_months": 6, "months_since_relapse": 1, "walking": "limited-without-aid", "edss": 3.5,
        "enhancing_lesions": True, "pregnancy": "within-a-year", "smoking": "former",
        "conditions": [word.id for word in asked["conditions"].words],
        "medicines": [word.id for word in asked["medicines"].words],
        "earlier_treatments": [{"drug": word.id, "relapsed": True} for word in drugs["drug"].words],
    }  # fmt: skip
    return from_answers(read_answers(asked, answers))


@pytest.mark.parametrize("tag", LOCALES)
def test_whoever_says_everything_still_gets_one_sheet_that_says_what_it_leaves_out(tag: str) -> None:
    ids = tuple(one.id for one in CRITERIA)
    values = Values(ids, order=tuple((one,) for one in ids), limits=tuple(Limit(one.id, one.worst) for one in CRITERIA))
    made = consult(
        "alemtuzumab", "interferon-beta-1a", evidence=evidence(), person=everything(), values=values, on=DAY, draws=200
    )
    questions = [("Why " * 40)[:158] + f"{n}?" for n in range(12)]
    whole = handout_of(made, evidence=evidence(), on=DAY, values=values, questions=questions, words=wording(tag))
    shown = on_one_sheet(whole).person
    left = 12 - len(shown.own_questions)
    assert left > 0
    assert shown.facts_left_out > 0
    with opened(render_pdf(whole)) as pdf:
        front = pdf_text.text(pdf.pages[0])
        assert len(pdf.pages) == 2
        assert min(p.size for p in pdf_text.pieces(pdf.pages[0]) if p.text.strip()) >= SMALLEST_POINTS
    assert wording(tag)("sheet.more-questions", n=left) in front
    assert wording(tag)("sheet.more-facts", n=shown.facts_left_out) in front
    assert "…." not in front
