"""What is remembered between two screens: by how many, for how long, and what two tabs at once may do to it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
from fastapi import FastAPI

from equipoise.interfaces.web import create_app, path
from equipoise.interfaces.web.sittings import COOKIE, IDLE_SECONDS, Sittings, sweep
from equipoise.presentation.path import PathState
from equipoise.wording import wording
from tests.support.path_web import Walker


@cache
def app() -> FastAPI:
    return create_app()


def of_a_sitting_that_is_over() -> Walker:
    made = create_app()
    someone = Walker(made)
    someone.send("about-you", {"age": "34"})
    made.state.path.sittings.forget(someone.http.cookies[COOKIE])
    return someone


class TestForgetting:
    def test_an_idle_sitting_is_forgotten_when_anybody_else_asks(self) -> None:
        moment = [0.0]
        sittings = Sittings(lambda: moment[0])
        sittings.start({"age": ("34",)})
        moment[0] = IDLE_SECONDS + 1
        sittings.find("of-somebody-else")
        assert len(sittings) == 0

    def test_an_idle_sitting_is_forgotten_when_nobody_asks(self) -> None:
        moment = [0.0]
        sittings = Sittings(lambda: moment[0])
        sittings.start({"age": ("34",)})

        async def wait() -> None:
            sweeping = asyncio.create_task(sweep(sittings, every=0.001))
            moment[0] = IDLE_SECONDS + 1
            while len(sittings):
                await asyncio.sleep(0.001)
            sweeping.cancel()

        # in a thread of its own: a journey in the same process leaves an event loop running in this one
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(lambda: asyncio.run(asyncio.wait_for(wait(), timeout=10))).result()
        assert len(sittings) == 0

    def test_one_in_use_stays_while_an_idle_one_goes(self) -> None:
        moment = [0.0]
        sittings = Sittings(lambda: moment[0])
        idle, used = sittings.start({}), sittings.start({})
        moment[0] = IDLE_SECONDS
        sittings.find(used.ticket)
        moment[0] = IDLE_SECONDS + 1
        sittings.forget_idle()
        assert sittings.find(used.ticket) is used
        assert sittings.find(idle.ticket) is None

    @pytest.mark.parametrize(
        "address",
        [
            "path/file",
            "path/my-page.pdf",
            "clinician.json",
            "clinician/plan-alemtuzumab.html",
            "clinician/plan-alemtuzumab.ics",
        ],
    )
    def test_nothing_about_nobody_is_taken_along_in_place_of_what_is_over(self, address: str) -> None:
        answer = of_a_sitting_that_is_over().http.get(f"/en/{address}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/en/path/start")

    def test_the_view_of_the_clinician_says_that_it_is_over(self) -> None:
        answer = of_a_sitting_that_is_over().http.get("/en/clinician")
        assert answer.status_code == 200
        assert wording()("path.notice.over") in answer.text


class TestTwoTabs:
    def test_what_both_send_at_once_is_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        someone = Walker(app())
        someone.send("start")
        someone.open("about-you")
        token, both_are_in = someone.hidden("token"), threading.Barrier(2)
        original = PathState.with_answers

        def slow(self: PathState, *given: Any) -> PathState:
            # The other one waits for this one, as it should, where nobody comes.
            with contextlib.suppress(threading.BrokenBarrierError):
                both_are_in.wait(timeout=0.5)
            return original(self, *given)

        monkeypatch.setattr(PathState, "with_answers", slow)

        def send(screen: str, field: str, held: str) -> None:
            data = {"token": token, "go": "stay", field: held}
            assert someone.http.post(f"/en/path/{screen}", data=data).status_code == 200

        tabs = [
            threading.Thread(target=send, args=("about-you", "age", "34")),
            threading.Thread(target=send, args=("about-place", "jurisdiction", "UK")),
        ]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()
        sitting = app().state.path.sittings.find(someone.http.cookies[COOKIE])
        assert sitting.typed.items() >= {"age": ("34",), "jurisdiction": ("UK",)}.items()

    def test_both_wait_for_one_answer(self) -> None:
        sitting = Sittings().start({})
        worked_out = []

        def work_out() -> object:
            worked_out.append(1)
            threading.Event().wait(0.05)
            return object()

        tabs = [threading.Thread(target=sitting.answer, args=("the same", work_out)) for _ in range(2)]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()
        assert worked_out == [1]


def test_the_answer_of_yesterday_is_not_the_answer_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    way = app().state.path
    sitting = way.sittings.start({})
    first = way.state(sitting).consultation
    assert way.state(sitting).consultation is first
    monkeypatch.setattr(path, "today", lambda: datetime.date(2030, 1, 1))
    assert way.state(sitting).consultation is not first


class TestWhatIsSent:
    def test_a_token_in_other_letters_is_refused_like_any_other(self) -> None:
        someone = Walker(app())
        someone.send("start")
        answer = someone.http.post("/en/path/about-you", data={"token": "ü", "age": "77"})
        assert answer.status_code == 403

    def test_halves_of_characters_are_refused(self) -> None:
        part = '--b\r\nContent-Disposition: form-data; name="my-questions"\r\n\r\n\\ud800\r\n--b--\r\n'
        kind = {"content-type": "multipart/form-data; boundary=b; charset=unicode_escape"}
        answer = Walker(app()).http.post("/en/path/questions", content=part, headers=kind)
        assert answer.status_code == 400
        assert wording()("refused.unreadable.title") in answer.text

    def test_an_address_with_too_much_in_it_is_not_said_to_be_about_treatments(self) -> None:
        for address in ("words?from=" + "x" * 41, "path/my-page.pdf?code=perhaps"):
            answer = Walker(app()).http.get(f"/en/{address}")
            assert answer.status_code == 400
            assert wording()("refused.not-here.title") in answer.text


def test_a_fault_of_the_program_has_the_headers_of_every_page_and_tells_no_log_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: PathState, *_: object) -> PathState:
        raise ValueError(f"cannot read {sorted(self.typed)} and nineteen hundred")

    someone = Walker(app())
    someone.open("about-you")
    monkeypatch.setattr(PathState, "with_answers", broken)
    with caplog.at_level(logging.DEBUG):
        answer = someone.send("about-you", {"age": "nineteen hundred"})
    assert answer.status_code == 500
    assert wording()("refused.broken.title") in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    assert "ValueError" in caplog.text
    assert "in broken, " in caplog.text
    said = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not [line for line in said if "nineteen" in line]
