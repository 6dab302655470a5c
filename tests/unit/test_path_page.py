"""My questions and my page for the visit: what is suggested, what is kept, the same numbers on screen and on paper."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from fastapi import FastAPI

from equipoise.interfaces.web import create_app
from equipoise.person import form
from equipoise.presentation.handout.html import render_html
from equipoise.presentation.handout.pdf import on_one_sheet, render_pdf
from equipoise.presentation.handout.questions import _close_calls
from equipoise.presentation.path.my_page import MyPageScreen
from equipoise.presentation.path.questions import TICKED_FIRST, QuestionsScreen
from equipoise.presentation.path.state import FIELD_LIMITS, PathState
from equipoise.presentation.path.visit import LONGEST_LINE, code_of, own_lines, sheet_of
from equipoise.wording import LANGUAGES, wording
from tests.support import pdf_text
from tests.support.command import equipoise
from tests.support.examples import PORTRAITS
from tests.support.pages import names, orphans, parse
from tests.support.path_pages import evidence, page, shown, state
from tests.support.path_web import Walker

TAGS = [one.tag for one in LANGUAGES]
WHO = [*PORTRAITS.items(), ("", "")]


@cache
def somebody(person: str, values: str) -> PathState:
    return state(person, values)


def questions(of: PathState, tag: str = "en") -> QuestionsScreen:
    return QuestionsScreen(page(of, "questions", tag))


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(("person", "values"), WHO)
def test_the_same_questions_are_suggested_in_every_language(person: str, values: str) -> None:
    asked = {tag: questions(somebody(person, values), tag).suggested for tag in TAGS}
    assert asked["en"]
    ids = {tag: [one.id for one in found] for tag, found in asked.items()}
    assert ids["de"] == ids["es"] == ids["en"]
    assert len(set(ids["en"])) == len(ids["en"])
    for one, other in zip(asked["en"], asked["de"], strict=True):
        assert one.text != other.text


def test_a_close_call_is_one_question_and_no_list_of_what_would_turn_it() -> None:
    asked = [one.id for one in questions(somebody("torn", "torn")).suggested]
    assert "tie" in asked
    assert not [one for one in asked if one.startswith("change.")]


def test_the_nearest_fact_that_turns_the_order_is_worth_a_question_unless_it_is_known_for_sure() -> None:
    view = somebody("torn", "torn").consultation.personal
    assert view is not None
    assert view.fit is not None
    facts = tuple(one for one in view.fit.what_would_change if one.kind == "fact")
    assert len(facts) > 2
    for found, asked in ((facts, "change.relapses_24_months"), (tuple(f for f in facts if f.about == "age"), None)):
        clear = replace(view, fit=replace(view.fit, ties=(), what_would_change=found))
        assert [one.id for one in _close_calls(clear, wording("en"))] == [asked] * (asked is not None)


def test_the_first_few_are_ticked_until_somebody_has_looked_and_then_what_they_ticked() -> None:
    fresh = questions(somebody("i-dont-know", ""))
    ticked = [one.id for one in fresh.suggested if fresh.is_ticked(one)]
    assert ticked == [one.id for one in fresh.suggested[:TICKED_FIRST]]
    last = fresh.suggested[-1].id
    chosen = questions(state("i-dont-know", "", ask=("-", last)))
    assert [one.id for one in chosen.suggested if chosen.is_ticked(one)] == [last]
    assert last in [one.id for one in chosen.first], "what is ticked is never folded away"
    assert sheet_of(state("i-dont-know", "", ask=("-",)), wording()).person.suggested == ()


@pytest.mark.parametrize(("detail", "most"), [("short", 5), ("normal", 8), ("everything", 100)])
def test_a_long_list_is_folded_by_how_much_somebody_wants_to_read(detail: str, most: int) -> None:
    screen = questions(state("i-dont-know", "", detail=detail))
    assert len(screen.first) == min(most, len(screen.suggested))
    assert (*screen.first, *screen.more) == screen.suggested


def test_what_was_written_comes_back_to_the_letter_up_to_its_limit() -> None:
    someone = Walker(app())
    text = "Wer ruft an?\n\n  <b>“quoted”</b> & more\n" + "x" * FIELD_LIMITS["my-questions"]
    sent = text[: FIELD_LIMITS["my-questions"]]
    someone.send("questions", {"my-questions": sent.replace("\n", "\r\n"), "ask": ["-", "fill-in"]}, go="stay")
    area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", someone.page.text, re.DOTALL)
    assert area is not None
    root = parse(someone.page.text)
    assert next(one for one in root.walk() if one.tag == "textarea").text == " ".join(sent.split())
    assert area[1].count("\n") == sent.count("\n")
    assert re.search(r'value="fill-in" checked', someone.page.text)


def test_own_lines_on_the_sheet_are_one_question_each_and_a_very_long_one_is_cut_at_a_word() -> None:
    long = "word " * 100
    lines = list(own_lines(state("", "", **{"my-questions": f"One?\n\n   Two  two? \n{long}"})))
    assert lines[:2] == ["One?", "Two two?"]
    assert len(lines[2]) <= LONGEST_LINE + 2
    assert lines[2].endswith("word …")


# ---------------------------------------------------------------- my page


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(("person", "values"), WHO)
def test_my_page_shows_the_sheet_with_a_source_for_every_number(person: str, values: str, tag: str) -> None:
    of = somebody(person, values)
    root = shown(of, "page", tag)
    words = wording(tag)
    texts = MyPageScreen(page(of, "page", tag)).texts
    for key in ("decision", "about-me", "matters", "options", "happens", "not-known", "questions", "ready"):
        assert texts[key] in root.text
    article = next(one for one in root.walk() if one.tag == "article")
    known = [*names(evidence()), *(words(f"treatment.{one}.name") for one in evidence().treatments)]
    assert [text for text in orphans(article, known) if re.search(r"\d", text)] == []
    shown_ids = {one.attributes["data-id"] for one in article.find("data-id")}
    made = of.consultation
    assert shown_ids <= set(made.items)
    heading = [one.tag for one in root.walk() if re.fullmatch("h[1-6]", one.tag)]
    assert heading[0] == "h1"
    assert heading.count("h1") == 1


def test_the_numbers_on_the_screen_are_those_on_paper() -> None:
    of = somebody("torn", "torn")
    screen = MyPageScreen(page(of, "page"))
    paper = on_one_sheet(sheet_of(of, wording()))
    on_screen = {row.outcome_id: [(c.yes, c.no, c.likely, c.certainty) for c in row.cells] for row in screen.side.rows}
    for row in paper.person.rows:
        assert on_screen[row.outcome_id] == [(c.yes, c.no, c.likely, c.certainty) for c in row.cells]


def test_answers_about_being_ready_and_questions_stand_on_page_and_paper() -> None:
    of = state("torn", "torn", **{"ready.options": "yes", "ready.time": "no", "my-questions": "Who calls me?"})
    text = shown(of, "page").text
    words = wording()
    assert f"{words('ready.time.text')} {words('ready.answer.no')}" in text
    assert f"{words('ready.options.text')} {words('ready.answer.yes')}" in text
    assert "Who calls me?" in text
    assert "Who calls me?" in render_html(sheet_of(of, words))


def test_two_that_cannot_be_compared_get_a_page_that_says_so() -> None:
    of = state("torn", "torn", first="alemtuzumab", second="alemtuzumab")
    assert wording()("my-page.cannot") in shown(of, "page").text
    assert shown(of, "questions").text


def test_what_a_code_holds_is_who_and_what_matters_and_too_much_of_it_is_said() -> None:
    content = code_of(somebody("torn", "torn"))
    assert "age = 36" in content
    assert "[what_matters]" in content
    assert "then" not in content
    ids = [word.id for word in form(evidence())["conditions"].words]
    full = state("torn", "torn", conditions=tuple(ids))
    assert code_of(full) == ""
    assert wording()("my-page.code-long") in shown(full, "page").text


# ---------------------------------------------------------------- over the web, and on the command line


@cache
def app() -> FastAPI:
    return create_app()


@pytest.mark.parametrize("tag", TAGS)
def test_the_pdf_is_made_from_what_was_typed_in_the_language_of_its_address(tag: str) -> None:
    someone = Walker(app(), tag)
    someone.send("about-you", {"age": "41", "sex": "woman"})
    someone.send("questions", {"my-questions": "¿Wann?"})
    got = someone.http.get(f"/{tag}/path/my-page.pdf")
    assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
    assert got.headers["cache-control"] == "no-store"
    with pikepdf.open(io.BytesIO(got.content)) as pdf:
        assert len(pdf.pages) == 2
        assert str(pdf.Root.Lang).startswith(tag)
        assert pdf_text.alternatives(pdf) == []
        front = pdf_text.text(pdf.pages[0])
    assert wording(tag)("sheet.fact.age", n=41) in front
    assert "¿Wann?" in front
    with_code = someone.http.get(f"/{tag}/path/my-page.pdf?code=yes")
    with pikepdf.open(io.BytesIO(with_code.content)) as pdf:
        (alternative,) = pdf_text.alternatives(pdf)
    assert "age = 41" in alternative


def test_a_pdf_that_cannot_be_made_is_refused_on_a_page() -> None:
    someone = Walker(app(), "de")
    someone.send("start", {"first": "alemtuzumab", "second": "alemtuzumab"}, go="back")
    got = someone.http.get("/de/path/my-page.pdf")
    assert got.status_code == 422
    assert wording("de")("refused.not-compared.title") in got.text
    assert someone.http.get("/de/path/my-page.pdf?code=perhaps").status_code == 400


def test_the_command_line_makes_the_same_sheet_from_the_file_of_all_answers(tmp_path: Path) -> None:
    someone = Walker(app(), "es")
    someone.send("about-you", {"age": "41", "sex": "woman"})
    someone.send("ready", {"ready.wait": "no"})
    someone.send("questions", {"my-questions": "¿Cuándo?", "ask": ["-", "fill-in"]})
    file, sheet = tmp_path / "my-answers.toml", tmp_path / "page.pdf"
    file.write_text(someone.http.get("/es/path/file").text, encoding="utf-8")
    drugs = ("alemtuzumab", "interferon-beta-1a")
    ran = equipoise("handout", *drugs, "--person", str(file), "--language", "es", "-o", str(sheet))
    assert (ran.code, ran.err) == (0, "")
    assert sheet.read_bytes() == someone.http.get("/es/path/my-page.pdf").content


def test_a_language_that_is_not_known_is_named(tmp_path: Path) -> None:
    file = tmp_path / "me.toml"
    file.write_text("age = 34\n", encoding="utf-8")
    out = str(tmp_path / "page.pdf")
    ran = equipoise("handout", "alemtuzumab", "natalizumab", "--person", str(file), "--language", "fr", "-o", out)
    assert ran.code == 2
    assert "en, de, es" in ran.err


def test_the_same_sheet_gives_the_same_bytes() -> None:
    of = somebody("torn", "torn")
    assert render_pdf(sheet_of(of, wording("de"))) == render_pdf(sheet_of(of, wording("de")))
