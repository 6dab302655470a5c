"""A person reads what may happen to someone like them: on a phone, in the dark, on paper, by ear."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import violations
from tests.support.personal_samples import SAMPLES
from tests.unit.test_personal_pictures_gallery import page as gallery

pytestmark = pytest.mark.journey


def written(folder: Path, name: str) -> str:
    file = folder / "page.html"
    file.write_text(gallery(name), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "two options"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_no_violations_and_no_scrolling_sideways(
    open_page: Open, tmp_path: Path, name: str, scheme: str, width: int
) -> None:
    address = written(tmp_path, name)
    with open_page(address, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_twice_as_large_still_fits(open_page: Open, tmp_path: Path) -> None:
    with open_page(written(tmp_path, "with fit"), viewport={"width": 1280, "height": 900}) as page:
        page.evaluate("document.documentElement.style.fontSize = '212.5%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_paper_holds_effects_people_and_fit_but_no_clinician_block(open_page: Open, tmp_path: Path) -> None:
    with open_page(written(tmp_path, "with fit")) as page:
        page.emulate_media(media="print")
        expect(page.locator("table.personal-effects").first).to_be_visible()
        assert page.locator(".people-panel svg:visible").count() >= 3
        assert page.locator(".acceptability-bar:visible").count() == 3
        expect(page.locator("details.clinician")).to_be_hidden()


def test_a_share_of_worlds_leads_to_how_it_was_worked_out(open_page: Open, tmp_path: Path) -> None:
    with open_page(written(tmp_path, "with fit")) as page:
        page.locator(".fit-row a.number").first.click()
        expect(page.locator("#personal-how")).to_be_visible()
        expect(page.locator("#personal-how")).to_contain_text("random seed")
