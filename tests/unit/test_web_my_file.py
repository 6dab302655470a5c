"""The file of a person over the web: saved from any page, opened again, and what is said a year later."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from equipoise.interfaces.web import create_app
from equipoise.interfaces.web.sittings import COOKIE
from equipoise.presentation.path.my_file import NAME
from equipoise.wording import LANGUAGES, wording
from tests.support.pages import names, orphans, parse
from tests.support.path_web import Walker

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TAGS = [one.tag for one in LANGUAGES]


@cache
def app() -> FastAPI:
    return create_app()


def walker(language: str = "en") -> Walker:
    return Walker(app(), language)


def upload(someone: Walker, content: bytes, name: str = NAME, go: str = "open") -> Any:
    if someone.page is None or not someone.hidden("kept"):
        someone.open("open")
    data = {"token": someone.hidden("token"), "kept": someone.hidden("kept"), "screen": "open", "go": go}
    files = {"file": (name, content, "application/toml")}
    someone.page = someone.http.post(f"/{someone.language}/path/open", data=data, files=files)
    return someone.page


def save(someone: Walker, screen: str = "start", fields: dict[str, str] | None = None) -> str:
    data = {"token": someone.hidden("token"), "kept": someone.hidden("kept"), "screen": screen, **(fields or {})}
    saved = someone.http.post(f"/{someone.language}/path/file", data=data)
    assert saved.status_code == 200
    assert saved.headers["content-disposition"] == f'attachment; filename="{NAME}"'
    assert saved.headers["cache-control"] == "no-store"
    return str(saved.text)


def torn(language: str = "en") -> Walker:
    someone = walker(language)
    for kind in ("persons", "values"):
        upload(someone, (EXAMPLES / kind / "torn.toml").read_bytes(), "torn.toml")
    return someone


@cache
def torn_file() -> str:
    return save(torn())


def a_year_ago(text: str) -> str:
    text = re.sub(r"^date = .*$", "date = 2025-10-01", text, flags=re.MULTILINE)
    text = re.sub(r"^evidence = .*$", 'evidence = "2025-06-01+0123456789ab"', text, flags=re.MULTILINE)
    return re.sub(r'(outcome = "relapse-free".*?affected = )[\d.]+', r"\g<1>52", text, count=1)


@pytest.mark.parametrize("tag", TAGS)
def test_an_example_is_opened_saved_and_opened_again_without_a_difference(tag: str) -> None:
    someone = torn(tag)
    assert someone.at == "since"
    text = save(someone)
    again = walker(tag)
    assert upload(again, text.encode()).status_code == 200
    assert again.at == "since"
    assert save(again) == text
    again.open("about-you")
    assert 'value="36"' in again.page.text


def test_what_stands_on_the_open_page_is_saved_too() -> None:
    someone = walker()
    someone.open("about-you")
    text = save(someone, "about-you", {"age": "41"})
    assert "\nage = 41\n" in text
    someone.open("about-you")
    assert 'value="41"' in someone.page.text


def test_a_page_that_was_open_too_long_still_saves_everything() -> None:
    someone = torn()
    someone.open("about-you")
    app().state.path.sittings.forget(someone.http.cookies[COOKIE])
    assert save(someone, "about-you", {"age": "36", "sex": "woman"}) == torn_file()


def test_the_address_of_a_file_of_a_forgotten_sitting_leads_to_the_page_that_says_so() -> None:
    someone = torn()
    assert someone.http.get("/en/path/file").text == torn_file()
    app().state.path.sittings.forget(someone.http.cookies[COOKIE])
    someone.page = someone.http.get("/en/path/file")
    assert someone.at == "start"
    assert wording()("path.notice.over") in parse(someone.page.text).text


def test_another_page_can_neither_save_nor_open() -> None:
    someone = torn()
    someone.open("open")
    data = {"token": "guessed", "kept": "", "go": "open"}
    assert someone.http.post("/en/path/file", data=data).status_code == 403
    files = {"file": (NAME, b"age = 77\n", "application/toml")}
    assert someone.http.post("/en/path/open", data=data, files=files).status_code == 403
    someone.open("about-you")
    assert 'value="36"' in someone.page.text


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    ("content", "status", "key"),
    [
        (bytes(range(256)), 422, "no-text"),
        (b"# padding\n" * 30_000, 413, "too-large"),
        (b"colour = 1\n", 422, "no-answers"),
    ],
)
def test_a_file_that_is_none_is_refused_on_a_page_and_nothing_is_lost(
    tag: str, content: bytes, status: int, key: str
) -> None:
    someone = torn(tag)
    page = upload(someone, content)
    assert page.status_code == status
    words = wording(tag)
    text = parse(page.text).text.lower()
    assert words(f"file.fault.{key}").lower() in text
    assert words("open.nothing-changed").lower() in text
    assert save(someone) == save(torn(tag))


def test_no_file_chosen_is_said() -> None:
    page = upload(walker(), b"", name="")
    assert page.status_code == 422
    assert "No file was chosen" in page.text


def test_more_than_a_form_may_have_is_refused_on_a_page() -> None:
    someone = torn()
    assert upload(someone, b"#" * 700_000).status_code == 413
    someone.page = None
    someone.open("about-you")
    assert 'value="36"' in someone.page.text


@pytest.mark.parametrize("tag", TAGS)
def test_faults_stand_on_the_page_with_line_question_and_where_to_answer(tag: str) -> None:
    someone = walker(tag)
    text = torn_file().replace("age = 36", 'age = "many"').replace("[choices]", "[chances]")
    page = upload(someone, text.encode())
    assert page.status_code == 422
    words = wording(tag)
    lines = text.splitlines()
    shown = parse(page.text).text
    for line in ('age = "many"', "[chances]"):
        assert words("open.line", number=str(lines.index(line) + 1)) in shown
    assert 'value="about-you"' in page.text
    assert words("open.rest-kept") in shown
    data = {"token": someone.hidden("token"), "kept": someone.hidden("kept"), "go": "about-you"}
    someone.page = someone.http.post(f"/{tag}/path/since", data=data)
    assert someone.at == "about-you"
    assert re.search(r'value="woman"[^>]* checked', someone.page.text)


def test_nothing_of_a_file_is_written_to_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        someone = walker()
        upload(someone, torn_file().replace("age = 36", "age = 3636").encode(), "anna.toml")
        save(someone)
    assert "3636" not in caplog.text
    assert "anna" not in caplog.text


# ---------------------------------------------------------------- since last time


def test_without_a_file_of_another_day_there_is_nothing_to_compare_and_that_is_said() -> None:
    page = walker().open("since")
    assert page.status_code == 200
    assert wording()("since.no-answer-then") in parse(page.text).text


def test_a_file_without_an_answer_is_open_and_not_called_missing() -> None:
    someone = walker()
    upload(someone, b"age = 36\n")
    text = parse(someone.page.text).text
    assert wording()("since.open-without-answer") in text
    assert wording()("since.no-answer-then") not in text


def test_the_same_day_changes_nothing() -> None:
    someone = walker()
    upload(someone, torn_file().encode())
    text, words = parse(someone.page.text).text, wording()
    for key in ("lead-today", "me.same", "evidence.none-moved", "answer.same", "answer.tie-both"):
        assert words(f"since.{key}") in text
    assert words("since.look-over.title") not in text


@pytest.mark.parametrize("tag", TAGS)
def test_an_older_evidence_is_named_with_the_numbers_that_it_moved(tag: str) -> None:
    someone = walker(tag)
    upload(someone, a_year_ago(torn_file()).encode())
    words, text = wording(tag), parse(someone.page.text).text
    assert "2025-06-01+0123456789ab" in text
    assert words("since.evidence.moved") in text
    assert words("since.look-over.title") in text
    assert words("number.of", count="52", total=100) in text
    assert words("since.me.same") in text
    assert 'value="about-relapses"' in someone.page.text
    others = torn_file().partition("numbers = ")[2].partition("]")[0].count("option = ") - 1
    assert words("since.answer.others-same", n=others) in text


def test_a_changed_answer_is_told_apart_from_changed_evidence() -> None:
    someone = walker()
    upload(someone, torn_file().encode())
    someone.send("about-relapses", {"relapses_12_months": "0", "relapses_24_months": "3"}, go="stay")
    someone.send("about-last-relapse", {"months_since_relapse": "14", "enhancing_lesions": "no"})
    page = parse(someone.open("since").text)
    text, words = page.text, wording()
    assert "1 relapse in the last 12 months" in text
    assert "0 relapses in the last 12 months" in text
    assert words("since.evidence.none-moved") in text
    assert words("since.answer.same") not in text
    assert someone.page.text.count('class="number"') > 0
    known = names(app().state.path.evidence)
    sections = [one for one in page.walk() if one.tag == "section" and "aria-labelledby" in one.attributes]
    assert [text for section in sections for text in orphans(section, known)] == []


def test_what_matters_otherwise_is_told_part_by_part() -> None:
    someone = walker()
    upload(someone, torn_file().encode())
    someone.send("limits", {"limit[1].criterion": "injections", "limit[1].level": "0"})
    text = parse(someone.open("since").text).text
    assert wording()("since.matters.limits").capitalize() in text
    assert wording()("since.unranked.limit") in text


def test_a_comparison_of_other_treatments_says_what_is_not_given_any_more() -> None:
    someone = walker()
    upload(someone, torn_file().encode())
    someone.send("start", {"first": "alemtuzumab", "second": "natalizumab"})
    page = someone.open("since")
    assert page.status_code == 200
    assert wording()("since.nothing") in parse(page.text).text


def test_two_that_cannot_be_compared_do_not_break_the_page() -> None:
    someone = walker()
    upload(someone, torn_file().encode())
    assert save(someone, "start", {"first": "alemtuzumab", "second": "alemtuzumab"}).count("[then]") == 0
    assert someone.open("since").status_code == 200


def test_the_corrections_of_the_evidence_are_told_with_a_newer_version_only() -> None:
    someone = walker()
    upload(someone, a_year_ago(torn_file()).encode())
    text = parse(someone.page.text).text
    assert wording()("since.evidence.corrections", n=len(app().state.path.evidence.corrections)) in text
    same = walker()
    upload(same, torn_file().encode())
    assert wording()("since.evidence.corrections-what") not in parse(same.page.text).text
