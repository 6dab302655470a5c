"""People on the way in a real browser: on a phone without script, by keyboard alone, going back, coming late, printing.

Each journey is somebody with an aim. The four portraits and the person who knows nothing are the files in `examples/`.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from equipoise.interfaces.web.sittings import COOKIE
from equipoise.presentation.path import SCREENS
from equipoise.wording import LANGUAGES, wording
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import violations
from tests.support.examples import EXAMPLES, PORTRAITS

pytestmark = pytest.mark.journey

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
SAYS = wording()
TAGS = [one.tag for one in LANGUAGES]
AROUND = ("/en/", "/de/", "/es/", "/en/clinician", "/en/words", "/gallery", "/en/path/open", "/en/nope")


def send(page: Page, button: str = "") -> None:
    """Press a button of the screen, and go on when the next one is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=button or SAYS("path.next"), exact=True).first.click()


def bring_file(page: Page, file: Path, tag: str = "en") -> None:
    """Open a file of answers."""
    page.goto(page.url.split(f"/{tag}/")[0] + f"/{tag}/path/open")
    page.set_input_files("input[type=file]", file)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


@contextlib.contextmanager
def on_the_way(open_page: Open, person: str, tag: str = "en", **settings: Any) -> Iterator[Page]:
    """Somebody of the examples, with their answers in the program."""
    with open_page(f"/{tag}/path/start", **settings) as page:
        bring_file(page, EXAMPLES / f"persons/{person}.toml", tag)
        bring_file(page, EXAMPLES / f"values/{PORTRAITS[person]}.toml", tag)
        yield page


def go(page: Page, screen: str, tag: str = "en") -> None:
    page.goto(page.url.split(f"/{tag}/")[0] + f"/{tag}/path/{screen}")


def first_places(page: Page) -> dict[str, int]:
    """Worlds of a hundred in which each option fits first, as a person reads it, by the first word of its name."""
    rows = [row for row in page.locator(".fit-row").all_inner_texts() if " of 100" in row]
    return {row.split()[0].lower(): int(row.split(" of 100")[0].split()[-1]) for row in rows}


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("person", PORTRAITS)
def test_everybody_gets_from_the_first_screen_to_their_page_on_a_phone_without_script(
    open_page: Open, person: str
) -> None:
    with on_the_way(open_page, person, **PHONE) as page:
        go(page, "start")
        send(page, SAYS("path.start.begin"))
        for _ in SCREENS:
            if page.url.endswith("/page"):
                break
            send(page)
        assert page.url.endswith("/en/path/page")
        expect(page.locator("main")).to_contain_text("alemtuzumab", ignore_case=True)


def test_frequent_relapses_and_a_fear_of_disability_lean_to_alemtuzumab_for_their_reasons(open_page: Open) -> None:
    with on_the_way(open_page, "frequent-relapses", **PHONE) as page:
        go(page, "fit")
        worlds = first_places(page)
        assert worlds["alemtuzumab"] > worlds["interferon"]


def test_mild_disease_and_no_monthly_tests_lean_to_interferon(open_page: Open) -> None:
    with on_the_way(open_page, "mild-long-safety", **PHONE) as page:
        go(page, "fit")
        worlds = first_places(page)
        assert worlds.get("alemtuzumab", 0) < worlds.get("interferon", 100)


def test_somebody_contraindicated_sees_alemtuzumab_with_its_reason_and_no_rank(open_page: Open) -> None:
    with on_the_way(open_page, "contraindicated", **PHONE) as page:
        go(page, "allowed")
        expect(page.locator("main")).to_contain_text("alemtuzumab", ignore_case=True)
        go(page, "fit")
        row = page.locator(".fit-row", has_text="lemtuzumab").first
        assert " of 100" not in row.inner_text()


def test_somebody_torn_is_told_that_it_is_a_tie(open_page: Open) -> None:
    with on_the_way(open_page, "torn", **PHONE) as page:
        go(page, "fit")
        expect(page.locator("main")).to_contain_text("this is a tie")


def test_a_patient_finishes_the_short_way_by_keyboard_alone(open_page: Open) -> None:
    """From the first screen, with Tab, Space, letters and Enter; Enter in a field is Next."""
    with open_page("/en/path/start", viewport={"width": 390, "height": 844}) as page:
        keys = page.keyboard

        def tab_to(selector: str, most: int = 80) -> None:
            for _ in range(most):
                if page.evaluate("s => document.activeElement?.matches(s)", selector):
                    return
                keys.press("Tab")
            pytest.fail(f"{selector} was not reached on {page.url}")

        def enter() -> None:
            with page.expect_navigation():
                keys.press("Enter")

        tab_to("[name=detail]")
        keys.press("ArrowUp")
        assert page.locator("#detail-short").is_checked()
        tab_to("button[value=next]")
        enter()
        tab_to("#age")
        keys.type("34")
        enter()  # from within the field
        assert not page.url.endswith("/about-you")
        pressed = 0
        while not page.url.endswith("/page"):
            pressed += 1
            assert pressed < 30, page.url
            tab_to("a.skip-link[href='#way-on']", 3)  # past the numbers of a long screen, to where it goes on
            keys.press("Enter")
            tab_to("button[value=next]", 3)
            enter()


def test_what_matters_takes_at_most_twelve_presses_of_a_key_besides_moving(open_page: Open) -> None:
    with open_page("/en/path/matters", viewport={"width": 390, "height": 844}) as page:
        presses = 0
        for name in ("relapses", "tests-and-visits"):
            page.locator(f"[name=matters][value={name}]").press("Space")
            presses += 1
        while not page.url.endswith("/fit"):
            with page.expect_navigation():
                page.locator("button[value=next]").press("Enter")
            presses += 1
        assert presses <= 12


def test_somebody_goes_back_and_changes_an_answer_with_the_browsers_own_button(open_page: Open) -> None:
    with on_the_way(open_page, "torn") as page:
        go(page, "about-you")
        send(page)
        page.go_back()
        expect(page.locator("#age")).to_have_value("36")
        page.fill("#age", "41")
        send(page)
        go(page, "about-you")
        page.reload()
        expect(page.locator("#age")).to_have_value("41")


def test_somebody_reloads_the_answer_and_it_is_the_same(open_page: Open) -> None:
    with on_the_way(open_page, "torn") as page:
        go(page, "outcomes")
        before = page.locator("main").inner_text()
        page.reload()
        assert page.locator("main").inner_text() == before


def test_somebody_whose_sitting_is_over_loses_nothing(open_page: Open) -> None:
    with on_the_way(open_page, "torn") as page:
        go(page, "about-you")
        page.fill("#age", "44")
        page.context.clear_cookies()
        send(page)
        expect(page.get_by_role("status").first).to_have_text(SAYS("path.notice.taken-up"))
        send(page)
        go(page, "about-ms")
        expect(page.locator("#course-relapsing-remitting")).to_be_checked()
        go(page, "about-you")
        expect(page.locator("#age")).to_have_value("44")


def test_somebody_forgets_everything_and_it_is_gone(open_page: Open) -> None:
    with on_the_way(open_page, "torn") as page:
        go(page, "about-you")
        page.locator("summary", has_text=SAYS("path.help.title")).click()
        send(page, SAYS("path.help.forget"))
        assert COOKIE not in {cookie["name"] for cookie in page.context.cookies()}
        page.go_back()
        page.goto(page.url)
        go(page, "about-you")
        expect(page.locator("#age")).to_have_value("")


def test_a_file_leads_back_to_where_somebody_was(open_page: Open, tmp_path: Path) -> None:
    with on_the_way(open_page, "torn", accept_downloads=True) as page:
        go(page, "about-you")
        page.fill("#age", "39")
        send(page)
        page.locator("summary", has_text=SAYS("path.help.title")).click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name=SAYS("path.help.save")).click()
        mine = tmp_path / "mine.toml"
        waiting.value.save_as(mine)
    with open_page("/de/path/start") as page:
        bring_file(page, mine, "de")
        go(page, "about-you", "de")
        expect(page.locator("#age")).to_have_value("39")


@pytest.mark.parametrize("tag", TAGS[1:])
def test_somebody_changes_the_language_half_way_and_keeps_their_answers(open_page: Open, tag: str) -> None:
    with on_the_way(open_page, "torn", **PHONE) as page:
        go(page, "about-you")
        page.fill("#age", "37")
        name = next(one.name for one in LANGUAGES if one.tag == tag)
        send(page, name)
        assert page.url.endswith(f"/{tag}/path/about-you")
        expect(page.locator("html")).to_have_attribute("lang", tag)
        expect(page.locator("#age")).to_have_value("37")


def test_a_number_leads_to_its_source_in_one_tap_and_back(open_page: Open) -> None:
    with on_the_way(open_page, "torn", **PHONE) as page:
        go(page, "outcomes")
        with page.expect_navigation():
            page.locator("main a.number").first.click()
        expect(page.locator("h1")).to_be_visible()
        page.go_back()
        assert page.url.endswith("/outcomes")


# The large screens hold hundreds of icons, and axe looks at each: one person on a phone, and another on a desk.
@pytest.mark.parametrize(("person", "width"), [("torn", 320), ("i-dont-know", 1280)])
def test_no_screen_breaks_a_rule_or_scrolls_sideways(open_page: Open, person: str, width: int) -> None:
    with on_the_way(open_page, person, viewport={"width": width, "height": 900}) as page:
        for one in SCREENS:
            go(page, one.id)
            assert not sideways(page), one.id
            assert violations(page) == [], one.id
            assert not sideways(page), f"{one.id}, unfolded"


@pytest.mark.parametrize("tag", ["de", "ar-XB"])
def test_no_screen_breaks_a_rule_in_another_language_in_the_dark_on_a_phone(open_page: Open, tag: str) -> None:
    with on_the_way(open_page, "torn", tag, viewport={"width": 320, "height": 900}, color_scheme="dark") as page:
        for name in ["start", "about-heart", "about-drugs", "allowed", "life", "matters", "fit", "questions", "page"]:
            go(page, name, tag)
            assert not sideways(page), name
            assert violations(page) == [], name


@pytest.mark.parametrize("person", ["contraindicated", "mild-long-safety"])
def test_no_answer_to_somebody_else_breaks_a_rule(open_page: Open, person: str) -> None:
    with on_the_way(open_page, person, viewport={"width": 390, "height": 844}) as page:
        for name in ("allowed", "fit", "page"):
            go(page, name)
            assert violations(page) == [], name


@pytest.mark.parametrize("address", AROUND)
def test_no_page_around_the_way_breaks_a_rule(open_page: Open, address: str) -> None:
    with open_page(address, viewport={"width": 320, "height": 900}) as page:
        assert not sideways(page)
        assert violations(page) == []


def test_a_faulty_screen_breaks_no_rule_and_leads_to_the_field(open_page: Open) -> None:
    with open_page("/en/path/about-you", viewport={"width": 320, "height": 844}) as page:
        page.fill("#age", "999")
        send(page)
        assert violations(page) == []
        page.get_by_role("alert").get_by_role("link").first.press("Enter")
        expect(page.locator("#age")).to_be_focused()
        expect(page.locator("#age")).to_have_value("999")


@pytest.mark.parametrize("name", ["start", "about-relapses", "allowed", "outcomes", "life", "matters", "fit", "page"])
def test_text_twice_as_large_still_fits(open_page: Open, name: str) -> None:
    with on_the_way(open_page, "torn", viewport={"width": 1280, "height": 900}) as page:
        go(page, name)
        page.evaluate("document.documentElement.style.fontSize = '212.5%'")
        assert not sideways(page)


@pytest.mark.parametrize("settings", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}, {"contrast": "more"}])
def test_screens_are_there_for_those_who_see_otherwise(open_page: Open, settings: dict[str, Any]) -> None:
    with on_the_way(open_page, "torn", viewport={"width": 390, "height": 844}, **settings) as page:
        for name in ("outcomes", "fit", "life"):
            go(page, name)
            assert not sideways(page)
            assert page.evaluate(
                "[...document.querySelectorAll('main svg')].every(e => getComputedStyle(e).animationName === 'none')"
            )
            expect(page.get_by_role("button", name=SAYS("path.next"), exact=True)).to_be_visible()


@pytest.mark.parametrize("name", ["outcomes", "fit", "life", "page"])
def test_on_paper_stands_the_answer_without_buttons(open_page: Open, name: str) -> None:
    with on_the_way(open_page, "torn") as page:
        go(page, name)
        page.emulate_media(media="print")
        expect(page.locator("h1")).to_be_visible()
        for button in page.locator("main button").all():
            expect(button).to_be_hidden()
        assert "alemtuzumab" in page.locator("main").inner_text().lower()


@pytest.mark.parametrize("tag", TAGS)
def test_my_page_prints_on_two_sheets(open_page: Open, tag: str) -> None:
    """As many as the PDF has for both sides: what somebody said, the numbers and their sources, nothing left out."""
    with on_the_way(open_page, "torn", tag) as page:
        go(page, "page", tag)
        with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as pdf:
            assert len(pdf.pages) == 2


def test_targets_on_the_way_are_large_enough_for_a_clumsy_hand(open_page: Open) -> None:
    with on_the_way(open_page, "torn", viewport={"width": 390, "height": 844}) as page:
        for name in ("about-heart", "matters", "outcomes", "fit"):
            go(page, name)
            sizes = page.evaluate(
                "[...document.querySelectorAll('summary, nav a, button, select, .choices label')]"
                ".filter(e => e.offsetParent)"
                ".map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect().height])"
            )
            assert [(words, height) for words, height in sizes if height < 24] == []


def test_the_clinician_sees_the_same_person_and_what_a_changed_fact_moves(open_page: Open) -> None:
    with on_the_way(open_page, "torn", viewport={"width": 1280, "height": 900}) as page:
        page.goto(page.url.split("/en/")[0] + "/en/clinician")
        expect(page.locator("dl.said")).to_contain_text("36")
        page.locator("summary", has_text=SAYS("clinician.edit.title")).click()
        page.fill("#relapses_12_months", "2")
        send(page, SAYS("clinician.edit.show"))
        expect(page.locator("#moved")).to_be_visible()
        assert violations(page) == []
