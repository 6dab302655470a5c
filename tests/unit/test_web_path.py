"""The way over the web: where it leads, what it keeps, what it refuses, and that nothing of a person is left behind."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import cast

import pytest
from fastapi import FastAPI

from equipoise.consultation import Consultation
from equipoise.interfaces.web import create_app
from equipoise.interfaces.web.sittings import (
    COOKIE,
    IDLE_SECONDS,
    MOST_ANSWERS,
    MOST_SITTINGS,
    MOST_WITH_ANSWERS,
    Sittings,
)
from equipoise.interfaces.web.submissions import LARGEST_BODY
from equipoise.presentation.path import SCREENS
from equipoise.wording import LANGUAGES, wording
from tests.support.pages import parse
from tests.support.path_web import Walker

TAGS = [one.tag for one in LANGUAGES]


@cache
def app() -> FastAPI:
    return create_app()


def walker(language: str = "en") -> Walker:
    return Walker(app(), language)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("name", [one.id for one in SCREENS])
def test_every_screen_opens_in_every_language_with_nothing_known(tag: str, name: str) -> None:
    page = walker(tag).open(name)
    assert page.status_code == 200
    root = parse(page.text)
    html = next(e for e in root.walk() if e.tag == "html")
    assert (html.attributes["lang"], html.attributes["dir"]) == (tag, "ltr")
    assert sum(e.tag == "h1" for e in root.walk()) == 1
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


def test_next_leads_through_every_screen_to_the_last_with_nothing_known() -> None:
    someone = walker()
    someone.open("start")
    seen = [someone.at]
    for _ in SCREENS[1:]:
        assert someone.send(seen[-1]).status_code == 200
        seen.append(someone.at)
    assert seen == [one.id for one in SCREENS]


def test_the_short_way_is_shorter() -> None:
    someone = walker()
    someone.send("start", {"detail": "short"})
    assert someone.at == "about-you"
    someone.send("about-relapses")
    assert someone.at == "about-drugs"


def test_going_back_keeps_what_was_typed_and_a_changed_answer_counts() -> None:
    someone = walker()
    someone.send("start")
    someone.send("about-you", {"age": "34", "sex": "woman"})
    someone.send("about-place", {"jurisdiction": "UK"}, go="back")
    assert someone.at == "about-you"
    assert 'value="34"' in someone.page.text
    someone.send("about-you", {"age": "35", "sex": "woman"}, go="about-place")
    assert re.search(r'value="UK"[^>]* checked', someone.page.text)
    someone.open("about-you")
    assert 'value="35"' in someone.page.text


def test_another_language_keeps_the_answers() -> None:
    someone = walker()
    someone.send("about-you", {"age": "34"}, go="stay")
    someone.language = "de"
    someone.send("about-you", {"age": "34"}, go="stay")
    assert '<html lang="de"' in someone.page.text
    assert 'value="34"' in someone.page.text


def test_a_fault_is_told_where_it_stands_and_nothing_is_lost() -> None:
    someone = walker()
    page = someone.send("about-you", {"age": "999", "sex": "woman"})
    assert page.status_code == 422
    root = parse(page.text)
    alert = next(e for e in root.walk() if e.attributes.get("role") == "alert")
    assert 'href="#age"' in page.text
    assert wording()("path.fault.nothing-lost") in alert.text
    field = next(e for e in root.walk() if e.attributes.get("id") == "age")
    assert field.attributes["value"] == "999"
    assert field.attributes["aria-invalid"] == "true"
    assert re.search(r'value="woman" checked', page.text)


def test_back_is_never_barred_by_a_fault() -> None:
    someone = walker()
    someone.send("about-you", {"age": "999"}, go="back")
    assert someone.at == "start"


class TestForgetting:
    def test_a_sitting_that_is_over_is_taken_up_from_the_page_itself(self) -> None:
        made = create_app()
        someone = Walker(made)
        someone.send("start", {"detail": "short"})
        someone.send("about-you", {"age": "34"})
        sittings = made.state.path.sittings
        sittings.forget(someone.http.cookies[COOKIE])
        page = someone.send("about-place", {"jurisdiction": "UK"})
        assert page.status_code == 200
        assert someone.at == "about-place"
        assert wording()("path.notice.taken-up") in page.text
        assert re.search(r'value="UK"[^>]* checked', page.text)
        someone.send("about-place", {"jurisdiction": "UK"})
        assert someone.at == "about-ms"
        someone.open("about-you")
        assert 'value="34"' in someone.page.text

    def test_opening_a_screen_after_the_sitting_is_over_says_so(self) -> None:
        made = create_app()
        someone = Walker(made)
        someone.send("about-you", {"age": "34"})
        made.state.path.sittings.forget(someone.http.cookies[COOKIE])
        page = someone.open("about-you")
        assert page.status_code == 200
        assert wording()("path.notice.over") in page.text
        assert 'value="34"' not in page.text

    def test_forget_ends_the_sitting_and_takes_the_cookie_back(self) -> None:
        made = create_app()
        someone = Walker(made)
        someone.send("about-you", {"age": "34"})
        assert len(made.state.path.sittings) == 1
        data = {"token": someone.hidden("token")}
        answer = someone.http.post("/en/forget", data=data, follow_redirects=False)
        assert answer.status_code == 303
        assert COOKIE not in someone.http.cookies
        assert len(made.state.path.sittings) == 0

    def test_a_sitting_ends_after_four_idle_hours(self) -> None:
        moment = [0.0]
        sittings = Sittings(lambda: moment[0])
        made = sittings.start({})
        moment[0] = IDLE_SECONDS
        assert sittings.find(made.ticket) is made
        moment[0] = 2 * IDLE_SECONDS + 1
        assert sittings.find(made.ticket) is None
        assert len(sittings) == 0

    def test_too_many_sittings_drop_the_one_idle_for_longest(self) -> None:
        sittings = Sittings()
        first = sittings.start({})
        rest = [sittings.start({}) for _ in range(MOST_SITTINGS)]
        assert sittings.find(first.ticket) is None
        assert sittings.find(rest[0].ticket) is rest[0]

    def test_only_the_last_ones_used_keep_answers_and_all_keep_what_was_typed(self) -> None:
        sittings = Sittings()
        first = sittings.start({"age": ("34",)})
        first.answer("asked", lambda: cast("Consultation", 1))
        rest = [sittings.start({}) for _ in range(MOST_WITH_ANSWERS)]
        sittings.find(rest[-1].ticket)
        assert first.answer("asked", lambda: cast("Consultation", 2)) == cast("Consultation", 2), "worked out anew"
        assert sittings.find(first.ticket) is first
        assert first.typed == {"age": ("34",)}
        assert first.answer("asked", lambda: cast("Consultation", 3)) == cast("Consultation", 2), "kept again"

    def test_an_answer_that_is_still_used_is_not_worked_out_again(self) -> None:
        sitting = Sittings().start({})
        worked_out: list[int] = []

        def ask(key: int) -> None:
            def work_out() -> Consultation:
                worked_out.append(key)
                return cast("Consultation", key)  # what it is does not matter here

            sitting.answer(key, work_out)

        for key in range(1, MOST_ANSWERS + 3):
            ask(100)
            ask(key)
        assert worked_out == [100, *range(1, MOST_ANSWERS + 3)]
        ask(1)
        assert worked_out[-1] == 1, "the one used longest ago made room"


class TestRefusals:
    def test_a_form_without_the_token_of_its_sitting_changes_nothing(self) -> None:
        someone = walker()
        someone.send("about-you", {"age": "34"})
        page = someone.http.post("/en/path/about-you", data={"age": "77", "token": "made-up", "go": "next"})
        assert page.status_code == 403
        assert wording()("path.notice.not-ours") in page.text
        assert 'value="34"' in someone.open("about-you").text

    @pytest.mark.parametrize("tag", TAGS)
    @pytest.mark.parametrize(
        ("headers", "content", "status", "reason"),
        [
            ({"sec-fetch-site": "cross-site"}, b"age=34", 403, "elsewhere"),
            ({"content-type": "text/plain"}, b"age=34", 415, "no-form"),
            ({}, b"age=" + b"9" * LARGEST_BODY, 413, "too-much"),
            ({}, b"&".join(b"a=1" for _ in range(3000)), 400, "unreadable"),
        ],
    )
    def test_what_is_no_answer_is_refused_in_the_language_of_the_page(
        self, tag: str, headers: dict[str, str], content: bytes, status: int, reason: str
    ) -> None:
        form = {"content-type": "application/x-www-form-urlencoded"}
        answer = walker(tag).http.post(f"/{tag}/path/about-you", content=content, headers=form | headers)
        assert answer.status_code == status
        assert wording(tag)(f"refused.{reason}.title") in answer.text
        assert f'<html lang="{tag}"' in answer.text

    @pytest.mark.parametrize("tag", TAGS)
    def test_no_such_screen_is_a_page_in_the_language(self, tag: str) -> None:
        answer = walker(tag).open("nowhere")
        assert answer.status_code == 404
        assert wording(tag)("refused.no-page.title") in answer.text

    def test_no_such_language_is_a_page_too(self) -> None:
        assert walker("tlh").open("start").status_code == 404

    def test_another_host_name_is_refused(self) -> None:
        answer = walker().http.get("/en/path/start", headers={"host": "evil.example"})
        assert answer.status_code == 400


def test_the_cookie_holds_a_ticket_that_no_script_and_no_other_site_can_use() -> None:
    someone = walker()
    someone.open("start")
    answer = someone.http.post("/en/path/start", data={"go": "next"}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie


def test_nothing_typed_stands_in_an_address_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        someone = walker()
        someone.send("about-you", {"age": "43", "sex": "woman"})
        someone.send("about-you", {"age": "nineteen hundred"})
    assert "43" not in str(someone.page.url)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not [line for line in ours if "nineteen" in line or "woman" in line]


@pytest.mark.parametrize("tag", ["en-XA", "ar-XB"])
@pytest.mark.parametrize("name", ["start", "about-you", "about-ms"])
def test_the_pseudo_languages_open(tag: str, name: str) -> None:
    page = walker(tag).open(name)
    assert page.status_code == 200
    assert f'dir="{"rtl" if tag == "ar-XB" else "ltr"}"' in page.text


@pytest.mark.parametrize("tag", TAGS)
def test_the_first_page_is_there_in_every_language_and_leads_on(tag: str) -> None:
    answer = walker(tag).http.get(f"/{tag}/")
    assert answer.status_code == 200
    assert f'href="/{tag}/path/start"' in answer.text
    assert f'<html lang="{tag}"' in answer.text


@pytest.mark.parametrize("tag", TAGS)
def test_the_words_that_may_be_new_lead_back_to_the_screen_they_were_asked_from(tag: str) -> None:
    someone = walker(tag)
    assert f'href="/{tag}/words?from=about-you"' in someone.open("about-you").text
    page = someone.http.get(f"/{tag}/words?from=about-you")
    assert page.status_code == 200
    assert f'href="/{tag}/path/about-you"' in page.text
    names = re.findall(r"<dt>([^<]+)</dt>", page.text)
    assert names == sorted(names, key=str.casefold)
    assert someone.http.get(f"/{tag}/words?from=//evil.example").status_code == 404
