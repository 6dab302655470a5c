"""A nurse's morning in a real browser: by keyboard, without JavaScript; and no page that axe complains about."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from equipoise.clinic.entries import history
from equipoise.evidence import load_evidence
from equipoise.interfaces.clinic_web import create_app, preparing
from tests.journeys.test_accessibility import violations
from tests.support.clinic_web import PASSWORD, TODAY, SmallClinic, small_clinic

pytestmark = pytest.mark.journey
CSV = "person,test,value,unit,taken_on\nN-17,platelet-count,140,10*9/L,2026-11-19\nX-9,tsh,2.1,m[IU]/L,2026-11-19\n"


class Visit(Protocol):
    def __call__(self, user: str = "ben", **settings: object) -> AbstractContextManager[Page]: ...


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> SmallClinic:
    return small_clinic(tmp_path_factory.mktemp("clinic"), load_evidence())


@pytest.fixture(scope="module")
def address(clinic: SmallClinic) -> Iterator[str]:
    preparing.PATIENCE, patience = 60.0, preparing.PATIENCE  # on a busy machine too
    app = create_app(clinic.book, clinic.evidence, clinic.clock)
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=running.run)
    thread.start()
    deadline = time.monotonic() + 60
    while not running.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert running.started
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()
    preparing.PATIENCE = patience


@pytest.fixture
def visit(browser: Browser, address: str) -> Visit:
    """Open the clinic, signed in as a user; every request goes to the server, and nothing fails in the page."""

    @contextlib.contextmanager
    def opened(user: str = "ben", **settings: object) -> Iterator[Page]:
        context = browser.new_context(base_url=address, **settings)  # type: ignore[arg-type]
        page = context.new_page()
        asked: list[str] = []
        broken: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
        page.goto("/")
        if user:
            page.fill("#clinic", "North")
            page.fill("#user", user)
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.get_by_role("heading", name="This morning").wait_for()
        yield page
        away = [url for url in asked if not url.startswith((f"{address}/", "data:"))]
        cookies = context.cookies()
        context.close()
        assert away == []
        assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in cookies)
        assert [text for text in broken if "status of 4" not in text] == []

    return opened


def tab_to(page: Page, words: str, most: int = 120) -> None:
    """Press Tab until what holds these words has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if focus.count() and words in (focus.inner_text() or focus.get_attribute("name") or ""):
            return
        if focus.count() and focus.get_attribute("name") == words:
            return
    pytest.fail(f"no Tab leads to '{words}'")


def test_a_nurse_sees_who_is_overdue_and_acknowledges_an_alert_by_keyboard(visit: Visit) -> None:
    with visit(java_script_enabled=False) as page:
        assert page.locator("#overdue").inner_text() == "Overdue"
        assert "missed 8 times in a row" in page.locator("main").inner_text()
        tab_to(page, "Acknowledge or put off")
        page.keyboard.press("Enter")
        tab_to(page, "note")
        page.keyboard.type("repeat on Monday")
        page.keyboard.press("Enter")
        page.get_by_role("status").wait_for()
        assert "The alert is acknowledged" in page.get_by_role("status").inner_text()
        assert "No result is waiting for somebody" in page.locator("main").inner_text()


def test_a_nurse_records_a_result_by_keyboard_and_mends_a_slip(visit: Visit) -> None:
    with visit(java_script_enabled=False) as page:
        tab_to(page, "label")
        page.keyboard.type("N-18")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="N-18").wait_for()
        tab_to(page, "Record a result")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Record a result").wait_for()
        tab_to(page, "test")
        page.keyboard.type("Serum c")
        for text in ("seventy", "umol/L"):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        page.fill("#taken_on", "2026-11-20")
        page.press("#laboratory", "Enter")
        page.get_by_role("alert").wait_for()
        assert page.input_value("#value") == "seventy"
        assert page.input_value("#unit") == "umol/L"
        page.fill("#value", "70")
        page.press("#value", "Enter")
        page.get_by_role("status").wait_for()
        assert "The result is in the book" in page.get_by_role("status").inner_text()
        assert "70 umol/L" in page.locator("main").inner_text()


def test_a_nurse_imports_a_file_after_a_look(visit: Visit, tmp_path: Path) -> None:
    file, faulty = tmp_path / "results.csv", tmp_path / "faulty.csv"
    file.write_text(CSV, encoding="utf-8")
    faulty.write_text(CSV + "N-17,platelet-count,many,10*9/L,2026-11-19\n", encoding="utf-8")
    with visit(java_script_enabled=False) as page:
        page.goto("/import")
        page.set_input_files("#file", faulty)
        page.get_by_role("button", name="Look at it first").press("Enter")
        page.get_by_role("alert").wait_for()
        assert "1 fault; nothing was imported" in page.get_by_role("alert").inner_text()
        page.set_input_files("#file", file)
        page.get_by_role("button", name="Look at it first").press("Enter")
        page.get_by_role("button", name="Import 2 rows now").press("Enter")
        page.get_by_role("heading", name="what was done").wait_for()
        page.goto("/aside")
        assert "X-9" in page.locator("main").inner_text()


def test_the_fridge_page_prints_black_on_white_with_nothing_cut(visit: Visit, clinic: SmallClinic) -> None:
    with visit() as page:
        page.goto(f"/person/{clinic.ids['N-17']}")
        page.get_by_role("link", name="A plan for the fridge").press("Enter")
        page.get_by_role("heading", name="My tests").wait_for()
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("sans-serif")  # its style came
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert len(page.pdf(format="A4")) > 10_000
        page.goto("/")
        page.emulate_media(media="print")
        assert page.locator("form:visible, nav:visible").count() == 0


def test_a_session_that_ended_gives_back_what_was_typed(visit: Visit, clinic: SmallClinic) -> None:
    with visit("anna", java_script_enabled=False) as page:
        page.goto(f"/person/{clinic.ids['N-17']}/contact")
        page.select_option("#how", "phone")
        page.check("#reached-no")
        page.fill("#note", "left a message")
        page.context.clear_cookies()
        page.press("#note", "Enter")
        page.get_by_role("heading", name="Sign in again").wait_for()
        assert "left a message" in page.locator("main").inner_text()
        page.fill("#clinic", "North")
        page.fill("#user", "anna")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What you typed is still here").wait_for()
        page.get_by_role("button", name="Send it now").press("Enter")
        page.get_by_role("status").wait_for()
        assert "The contact is in the book" in page.get_by_role("status").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_violations_on_any_page(visit: Visit, clinic: SmallClinic, scheme: str, width: int, tmp_path: Path) -> None:
    person = f"/person/{clinic.ids['N-17']}"
    clinic.recorder().contact("N-17", TODAY, "phone", reached=False)
    desk = clinic.desk()
    with desk.reading() as connection:
        newest = {kind: row.id for kind, row in history(connection, desk.clinic_id, clinic.ids["N-17"])}
    entries = [f"correct/{newest[kind]}" for kind in ("result", "course", "contact")]
    kinds = ("result", "course", "stop", "contact", "done", "details", *entries)
    addresses = ["/", person, *(f"{person}/{kind}" for kind in kinds), f"/person/{clinic.ids['N-19']}"]
    addresses += ["/add", "/import", "/aside", "/export", "/audit/check", "/nope"]
    size: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    found: dict[str, list[str]] = {}
    with visit("", **size) as page:
        found["sign in"] = violations(page)
    with visit("rita", **size) as page:
        found["read-only"] = violations(page)
        page.goto("/add")
        found["role"] = violations(page)
    with visit(**size) as page:
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.ok == (address != "/nope"), address
            found[address] = violations(page)
            if width == 320:
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.goto("/")
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        found["unfolded"] = violations(page)
        page.fill("#label", "N-1")
        page.press("#label", "Enter")
        page.get_by_role("heading", name="Nobody is called that").wait_for()
        found["nobody"] = violations(page)
        page.goto(f"{person}/result")
        page.get_by_role("button", name="Save").press("Enter")
        page.evaluate("document.querySelectorAll('[required]').forEach(e => e.required = false)")
        found["faulty form"] = violations(page)
        page.goto(f"{person}/{entries[0]}")
        page.fill("#taken_on", "2026-12-24")
        page.get_by_role("button", name="Save").press("Enter")
        page.get_by_role("alert").wait_for()
        found["faulty correction"] = violations(page)
        file = tmp_path / "results.csv"
        file.write_text(CSV, encoding="utf-8")
        page.goto("/import")
        page.set_input_files("#file", file)
        page.get_by_role("button", name="Look at it first").press("Enter")
        page.get_by_role("heading", name="what would happen").wait_for()
        found["look"] = violations(page)
    assert {where: what for where, what in found.items() if what} == {}
