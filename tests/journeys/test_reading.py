"""Can people finish? A comparison by keyboard, without JavaScript, on a phone, on paper, from a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from equipoise.consultation import consult
from equipoise.presentation.html import render_standalone
from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey

COMPARISON = "/compare?first=alemtuzumab&second=interferon-beta-1a&jurisdiction=EU"
PAGES = (
    "/",
    COMPARISON,
    "/claims",
    "/network/annualised-relapse-rate",
    "/network/confirmed-disability-worsening-6m",
    "/sources",
    "/options",
    "/about",
    "/trace/label.alemtuzumab-ind-02",
    "/compare?first=x",
    "/nope",
)
TITLE = "Alemtuzumab or interferon beta-1a?"


def focused(page: Page) -> str:
    """What the keyboard is on, as a person would name it."""
    return str(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))


def tab_to(page: Page, words: str, *, limit: int = 60) -> None:
    for _ in range(limit):
        page.keyboard.press("Tab")
        if words in focused(page):
            return
    pytest.fail(f"{words!r} cannot be reached by the keyboard within {limit} stops")


def test_patient_compares_two_treatments_with_keyboard_only(open_page: Open) -> None:
    with open_page("/") as page:
        page.keyboard.press("Tab")
        assert focused(page) == "Skip to the content"
        tab_to(page, "Alemtuzumab or interferon beta-1a, trial by trial")
        tab_to(page, "About this program")
        page.keyboard.press("Tab")
        page.keyboard.type("alem")
        page.keyboard.press("Tab")
        page.keyboard.type("ocre")
        page.keyboard.press("Tab")
        page.keyboard.type("United K")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Alemtuzumab or ocrelizumab?")
        page.go_back()
        page.reload()
        tab_to(page, "Alemtuzumab or interferon beta-1a, trial by trial")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(TITLE)
        tab_to(page, "On this page")
        page.keyboard.press("Enter")
        tab_to(page, "At a glance")
        page.keyboard.press("Enter")
        expect(page.locator("#glance")).to_be_in_viewport()
        tab_to(page, "Moderate")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Starts at high: a randomised comparison.").first).to_be_visible()


def test_everything_works_without_javascript(open_page: Open) -> None:
    with open_page("/", java_script_enabled=False) as page:
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("h1")).to_have_text(TITLE)
        expect(page.get_by_role("table").first).to_be_visible()
        expect(page.locator("svg:visible").first).to_be_visible()
        page.get_by_role("link", name="United States").click()
        expect(page.get_by_text("Who is offered it under the US label").first).to_be_visible()


def test_a_number_is_traced_to_its_source_by_following_it(open_page: Open) -> None:
    with open_page(COMPARISON) as page:
        row = page.get_by_role("row", name=re.compile("Being free of relapses.*CARE-MS I ")).first
        row.get_by_role("link", name="78 of 100").click()
        expect(page.locator("h1")).to_have_text("Where this comes from")
        expect(page.locator(".lead")).to_contain_text("CARE-MS I")
        page.get_by_text("The row as it stands in the evidence").first.click()
        used = page.get_by_role("row").filter(has=page.get_by_role("cell", name="yes", exact=True))
        expect(used.first).to_be_visible()
        expect(page.locator("main a[href^='http']").first).to_be_visible()


def test_a_pooled_number_shows_its_computation_and_every_trial_below_it(open_page: Open) -> None:
    with open_page(COMPARISON) as page:
        page.locator("#annualised-relapse-rate ~ details.statistics summary").click()
        page.locator("details.statistics[open] a.number").first.click()
        expect(page.locator("code").first).to_be_visible()
        for trial in ("care-ms-i-alem12", "care-ms-ii-alem12"):
            row = f"row {trial}.vs.{trial.removesuffix('alem12')}ifn44.annualised-relapse-rate.24m.rate-ratio"
            expect(page.get_by_text(row).first).to_be_visible()


def test_a_wrong_choice_is_kept_and_can_be_mended(open_page: Open) -> None:
    with open_page("/compare?first=alemtuzumab&second=interferon&jurisdiction=UK") as page:
        expect(page.get_by_role("alert")).to_contain_text("interferon")
        assert page.get_by_label("One option").input_value() == "alemtuzumab"
        assert page.get_by_label("Another option").input_value() == "interferon"
        assert page.get_by_label("Whose drug label").input_value() == "UK"
        page.get_by_label("Another option").select_option("interferon-beta-1a")
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("h1")).to_have_text(TITLE)
        expect(page.get_by_text("Who is offered it under the UK label").first).to_be_visible()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_no_page_scrolls_sideways(open_page: Open, address: str, width: int) -> None:
    with open_page(address, viewport={"width": width, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_twice_as_large_still_fits(open_page: Open) -> None:
    with open_page(COMPARISON, viewport={"width": 1280, "height": 800}) as page:
        page.evaluate("document.documentElement.style.fontSize = '212.5%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_paper_shows_the_figures_and_no_furniture(open_page: Open) -> None:
    with open_page(COMPARISON) as page:
        page.emulate_media(media="print")
        expect(page.locator("nav.nav")).to_be_hidden()
        expect(page.locator(".contents")).to_be_hidden()
        for picture in ("#forest-confirmed-disability-worsening-6m", "#years"):
            assert page.locator(f"svg[id^='{picture[1:]}']:visible").count() >= 1
        expect(page.get_by_text("Allergy to alemtuzumab or an ingredient.").first).to_be_visible()
        expect(page.locator(".footer")).to_contain_text("Evidence version")
        expect(page.locator("details.statistics").first).to_be_hidden()
        sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
        assert 5 <= sheets <= 40


def test_the_one_file_opens_from_disk_and_asks_for_nothing(open_page: Open, tmp_path: Path) -> None:
    file = tmp_path / "comparison.html"
    file.write_text(render_standalone(consult("alemtuzumab", "rebif")), encoding="utf-8")
    asked: list[str] = []
    with open_page("about:blank") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        expect(page.locator("h1")).to_have_text(TITLE)
        page.get_by_role("link", name="78 of 100").first.click()
        expect(page.locator(":target")).to_be_in_viewport()
        expect(page.locator(":target")).to_contain_text("CARE-MS I")
        page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((file.as_uri(), "data:"))] == []


def test_the_server_says_that_it_is_well(open_page: Open, server: str) -> None:
    with open_page("/") as page:
        answer = page.request.get(f"{server}/healthz")
        assert answer.ok
        assert answer.json()["status"] == "ok"


def test_a_link_into_folded_text_unfolds_it(open_page: Open) -> None:
    with open_page(COMPARISON) as page:
        for link in page.locator("#glance ~ .table-wrap a[href^='#'], .contents a[href^='#']").all():
            target = str(link.get_attribute("href"))
            page.evaluate(f"location.hash = '{target}'")
            expect(page.locator(target)).to_be_visible()
