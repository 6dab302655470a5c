"""The page for one person in a browser without JavaScript: by keyboard alone, from two files to two files."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, press
from tests.unit.test_web_for_me import PORTRAITS

pytestmark = pytest.mark.journey

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NO_SCRIPT = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}


def tab_to(page: Page, selector: str, most: int = 600) -> None:
    """Press Tab until something has the focus, as a person without a mouse would."""
    wanted = page.locator(selector)
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"{selector} was not reached in {most} steps of the Tab key")


def open_portrait(page: Page, person: str, values: str) -> None:
    """Open two files; choosing one in the system's own dialogue is the one step that no page can do by key."""
    page.set_input_files("#person-file", EXAMPLES / f"persons/{person}.toml")
    page.set_input_files("#values-file", EXAMPLES / f"values/{values}.toml")
    press(page, "Open", exact=True)


def test_from_two_files_to_two_files_by_keyboard_alone(open_page: Open, tmp_path: Path) -> None:
    with open_page("/for-me", accept_downloads=True, **NO_SCRIPT) as page:
        page.set_input_files("#person-file", EXAMPLES / "persons/torn.toml")
        page.set_input_files("#values-file", EXAMPLES / "values/fears-disability.toml")
        tab_to(page, "#values-file + button, button[formaction='/for-me/open']")
        page.keyboard.press("Enter")
        expect(page.locator("#age")).to_have_value("36")
        expect(page.locator("#order-place")).to_have_value("disability-worsening")

        tab_to(page, "#age")
        page.keyboard.press("Control+a")
        page.keyboard.type("37")
        page.keyboard.press("Enter")  # the first button of the form: show me the numbers
        expect(page.locator(".said")).to_contain_text("37 years")
        assert page.url.endswith("/for-me")

        page.locator("#answers > summary").focus()
        page.keyboard.press("Enter")
        saved = []
        for action in ("person", "values"):
            tab_to(page, f"button[formaction='/for-me/{action}.toml']")
            with page.expect_download() as waiting:
                page.keyboard.press("Enter")
            saved.append(tmp_path / waiting.value.suggested_filename)
            waiting.value.save_as(saved[-1])
        assert [file.name for file in saved] == ["about-me.toml", "what-matters-to-me.toml"]

    with open_page("/for-me", **NO_SCRIPT) as page:
        page.set_input_files("#person-file", saved[0])
        page.set_input_files("#values-file", saved[1])
        press(page, "Open", exact=True)
        expect(page.locator("#age")).to_have_value("37")
        expect(page.locator("#order-place")).to_have_value("disability-worsening")
        expect(page.locator("#order-place-2")).to_have_value("relapses")


def test_a_fault_is_reached_from_the_summary_by_keyboard(open_page: Open) -> None:
    with open_page("/for-me", **NO_SCRIPT) as page:
        page.locator("#limit details summary").nth(2).click()
        page.fill("#limit-3-level", "a few")
        page.check("#conditions-hiv")
        page.check("#conditions-none-2")
        press(page, "Show me the numbers")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Nothing was lost")
        for anchor in ("limit-1-criterion", "limit-1-level", "conditions"):
            alert.locator(f"a[href='#{anchor}']").focus()
            page.keyboard.press("Enter")
            expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()
            expect(page.locator(f"[id='{anchor}']")).to_be_focused()
        expect(page.locator("#limit-1-level")).to_have_value("a few")
        expect(page.locator("#conditions-hiv")).to_be_checked()


def test_a_number_leads_to_the_step_and_the_row_it_came_from(open_page: Open) -> None:
    with open_page("/for-me", java_script_enabled=True) as page:
        open_portrait(page, "frequent-relapses", "fears-disability")
        press(page, "Show me the numbers")
        page.locator(".personal-effects a.number").first.click()
        traced = page.locator("article.traced:target")
        expect(traced).to_be_in_viewport()
        traced.locator("a").click()
        expect(page.locator("article.traced:target")).to_be_in_viewport()
        while page.locator("article.traced:target .from a").count():
            page.locator("article.traced:target .from a").first.click()
        expect(page.locator("article.traced:target")).to_contain_text("Where in it:")


@pytest.mark.parametrize("person", PORTRAITS)
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_runs_over_the_edge(open_page: Open, person: str, width: int) -> None:
    with open_page("/for-me", viewport={"width": width, "height": 900}) as page:
        open_portrait(page, person, PORTRAITS[person])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        press(page, "Show me the numbers")
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_stands_the_answer_and_not_the_form(open_page: Open) -> None:
    with open_page("/for-me") as page:
        open_portrait(page, "torn", "torn")
        press(page, "Show me the numbers")
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        page.emulate_media(media="print")
        expect(page.locator(".personal-effects").first).to_be_visible()
        expect(page.locator("#personal-fit")).to_be_visible()
        for hidden in ("form.answers", "#answers", "nav.contents", "header nav"):
            expect(page.locator(hidden).first).to_be_hidden()
