"""No violation of the WCAG rules that a machine can check, on any page, in light and dark, on a phone and a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey

COMPARISON = "/compare?first=alemtuzumab&second=interferon-beta-1a&jurisdiction=EU"
PAGES = (
    "/",
    COMPARISON,
    "/compare?first=cladribine&second=natalizumab&jurisdiction=US",
    "/claims",
    "/network/annualised-relapse-rate",
    "/network/confirmed-disability-worsening-6m",
    "/sources",
    "/options",
    "/about",
    "/trace/label.alemtuzumab-ind-02",
    "/trace/trial.care-ms-i-alem12.vs.care-ms-i-ifn44.annualised-relapse-rate.24m.rate-ratio",
    "/compare?first=alemtuzumab&second=interferon",
    "/nope",
)


def violations(page: Page) -> list[str]:
    """Run every rule of axe but those that are advice, with folded text unfolded."""
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]} (+{len(v['nodes']) - 1})" for v in found]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_violations(open_page: Open, address: str, scheme: str, width: int) -> None:
    with open_page(address, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        assert violations(page) == []


def test_the_check_sees_a_bad_page(open_page: Open) -> None:
    with open_page("/about") as page:
        bad = "<img src='data:,'><p id='faint'>faint</p>"
        page.evaluate("bad => document.querySelector('main').insertAdjacentHTML('beforeend', bad)", bad)
        page.evaluate("document.querySelector('#faint').style.color = '#ccc'")
        found = " ".join(violations(page))
    assert "image-alt" in found
    assert "color-contrast" in found


def test_targets_are_large_enough_to_hit(open_page: Open) -> None:
    with open_page(COMPARISON, viewport={"width": 390, "height": 900}) as page:
        sizes = page.evaluate(
            "[...document.querySelectorAll('summary, nav a, button, select')].filter(e => e.offsetParent)"
            ".map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect().height])"
        )
        assert sizes
        assert [(words, height) for words, height in sizes if height < 24] == []
