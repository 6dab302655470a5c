"""The printed plan in a real browser: one page a year, nothing cut off, nothing axe objects to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support.command import equipoise

pytestmark = pytest.mark.journey

# A4 less 15 mm on each side, at 96 pixels an inch.
PAPER = (680, 1009)


@pytest.fixture(params=["US", "EU"])
def printed(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    target = tmp_path / "plan.html"
    courses = ("--course", "2024-01-15", "--course", "2025-01-20")
    words = ("plan", "alemtuzumab", *courses, "--jurisdiction", request.param, "--condition", "female")
    assert equipoise(*words, "--format", "html", "-o", str(target)).code == 0
    return target.as_uri()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def test_each_year_fits_one_page(printed: str, page: Page) -> None:
    page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    page.emulate_media(media="print")
    page.goto(printed)
    heights = page.evaluate(
        "[...document.querySelectorAll('section.year[aria-labelledby]')].map(e => e.getBoundingClientRect().height)"
    )
    assert len(heights) == 7
    assert max(heights) <= PAPER[1]


def test_nothing_is_cut_off_on_a_phone_and_axe_is_content(printed: str, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(printed)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    found = Axe().run(page)
    assert [violation["id"] for violation in found.response["violations"]] == []


def test_one_picture_is_shown(printed: str, page: Page) -> None:
    for width in (320, 900):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(printed)
        shown = page.evaluate(
            "[...document.querySelectorAll('svg')].filter(e => e.getBoundingClientRect().height > 0).length"
        )
        assert shown == 1, width
