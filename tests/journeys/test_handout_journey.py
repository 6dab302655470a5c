"""Somebody opens the sheet in a browser, on a phone and in print, and takes two sides of paper along."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from equipoise.presentation.handout.html import render_html
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import violations
from tests.spec.test_handout import NAMES, handout

pytestmark = pytest.mark.journey


def written(folder: Path, name: str, *, qr: bool = False) -> str:
    file = folder / "page.html"
    file.write_text(render_html(handout(name, qr=qr)), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("width", [320, 1280])
def test_no_violations_and_no_scrolling_sideways(open_page: Open, tmp_path: Path, width: int) -> None:
    with open_page(written(tmp_path, "torn", qr=True), viewport={"width": width, "height": 900}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []


@pytest.mark.parametrize("name", NAMES)
def test_paper_holds_the_persons_side_and_then_the_clinicians(open_page: Open, tmp_path: Path, name: str) -> None:
    with (
        open_page(written(tmp_path, name)) as page,
        pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as pdf,
    ):
        assert len(pdf.pages) == 2


def test_tables_are_reached_by_keyboard(open_page: Open, tmp_path: Path) -> None:
    with open_page(written(tmp_path, "torn"), viewport={"width": 320, "height": 900}) as page:
        names = []
        for _ in range(3):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        assert names == ["What may happen", "Outcomes", "Differences"]
