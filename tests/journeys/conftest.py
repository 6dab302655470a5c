"""A real browser on a real server. Where there is no browser these tests fail: they are promised."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from equipoise.interfaces.web import create_app
from equipoise.interfaces.web.sittings import COOKIE

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")

Open = Callable[..., AbstractContextManager[Page]]


def press(page: Page, name: str, *, exact: bool = False) -> None:
    """Press a button that sends a form, and go on when the next page is there: a click alone does not wait for it."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).click()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of the pages."""
    running = uvicorn.Server(uvicorn.Config(create_app(), port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=running.run)
    thread.start()
    deadline = time.monotonic() + 30
    while not running.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert running.started, "the server did not start within 30 seconds"
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this machine."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("these journeys need chromium (Debian, Ubuntu: apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, server: str) -> Open:
    """Open a page; every request of it must go to the server, and nothing may fail in it."""

    @contextlib.contextmanager
    def opened(address: str, **settings: object) -> Iterator[Page]:
        context: BrowserContext = browser.new_context(**settings)  # type: ignore[arg-type]
        page = context.new_page()
        asked: list[str] = []
        broken: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
        page.goto(server + address if address.startswith("/") else address)
        yield page
        away = [url for url in asked if not url.startswith((f"{server}/", "data:", "file:"))]
        cookies = context.cookies()
        context.close()
        assert away == []
        # on the way one cookie: a ticket that no script can read and no other site can send
        assert [c for c in cookies if c["name"] != COOKIE or not c["httpOnly"] or c["sameSite"] != "Strict"] == []
        assert [text for text in broken if "status of 4" not in text] == []

    return opened
