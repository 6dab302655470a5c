"""Safety before preference in a real browser: a question answered on the spot, another label, life with an option."""

from __future__ import annotations

import pytest

from equipoise.wording import wording
from tests.journeys.conftest import Open, press
from tests.journeys.test_accessibility import violations

pytestmark = pytest.mark.journey

W = wording()


@pytest.mark.parametrize("width", [320, 1280])
def test_somebody_answers_a_question_by_keyboard_without_script_and_the_verdict_follows(
    open_page: Open, width: int
) -> None:
    with open_page("/en/path/allowed", viewport={"width": width, "height": 900}, java_script_enabled=False) as page:
        before = W("allowed.verdict.needs-answers", option="alemtuzumab")
        against = "The EU label speaks against alemtuzumab."
        assert page.get_by_text(before).count() == 1
        question = page.get_by_role("group", name="Do you have, or did you ever have, a bleeding disorder?")
        question.get_by_label("I don’t know").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert question.get_by_label("Yes").is_checked()
        page.keyboard.press("Enter")
        page.get_by_text(against).wait_for()
        assert question.count() == 0, "what was answered is not asked again"
        page.goto(page.url.replace("allowed", "about-immune"))
        assert page.get_by_label("A bleeding disorder, now or ever").is_checked()


def test_somebody_looks_at_another_label_and_comes_back(open_page: Open) -> None:
    with open_page("/en/path/allowed") as page:
        page.get_by_text(W("allowed.place-change")).click()
        page.get_by_label("the United States").check()
        press(page, W("allowed.place-show"))
        assert W("label-of.us") in page.locator(".lead").inner_text()
        assert page.get_by_text(W("allowed.place-open", label="x")[:30]).count() == 0


@pytest.mark.parametrize("screen", ["allowed", "life"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_violations_and_nothing_wider_than_the_screen(open_page: Open, screen: str, scheme: str, width: int) -> None:
    with open_page(f"/en/path/{screen}", viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_daily_life_unfolds_by_keyboard_and_prints_unfolded(open_page: Open) -> None:
    with open_page("/en/path/life") as page:
        child = page.locator("details.theme", has_text=W("life.theme.child"))
        assert child.get_attribute("open") is None
        child.locator("summary").focus()
        page.keyboard.press("Enter")
        assert child.get_by_text("Breast-feeding is possible.").is_visible()
        page.keyboard.press("Enter")
        page.emulate_media(media="print")
        assert child.get_by_text("Breast-feeding is possible.").is_visible()
