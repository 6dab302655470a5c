"""Run the checks that take long and keep what they found in docs/reports, where `equipoise selfscore` reads it.

    .venv/bin/python benchmarks/keep_reports.py            all of them
    .venv/bin/python benchmarks/keep_reports.py tests      those that the test suite makes
    .venv/bin/python benchmarks/keep_reports.py browser    those that look at every page

Each part takes some ten minutes and needs chromium. A report holds the day, whether the check holds, and what was seen.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from equipoise.evidence import load_evidence
from equipoise.interfaces.web import create_app
from equipoise.person import read_person
from equipoise.presentation.handout.html import render_html
from equipoise.presentation.handout.sheet import make_handout
from equipoise.presentation.path import SCREENS
from equipoise.presentation.selfscore.bench import FIRST, PAGES, SECOND

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "docs" / "reports"
NARROW, WIDE = 320, 1280
WAY = [*(f"/en/path/{one.id}" for one in SCREENS), "/en/path/more-outcomes", "/en/path/since", "/en/clinician"]
"""Looked at for somebody of the examples, whose two files are opened first."""
TESTED = {
    "golden-people": ("tests/golden/test_person_cases.py",),
    "golden-calendars": ("tests/golden/test_plan_calendars.py",),
    "seeded-panel": ("tests/recovery/test_alerts_panel.py",),
    "keyboard-journey": (
        "tests/journeys/test_way.py::test_a_patient_finishes_the_short_way_by_keyboard_alone",
        "tests/journeys/test_way.py::test_what_matters_takes_at_most_twelve_presses_of_a_key_besides_moving",
    ),
    "faults-told": ("tests/unit/test_web_path_faults.py", "tests/unit/test_form_view.py"),
    "every-number": (
        "tests/health/test_numbers.py",
        "tests/health/test_personal_numbers.py",
        "tests/properties/test_dependants.py",
    ),
}
"""Reports that tests make: each holds where all of them pass and none is left out."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def served() -> Iterator[str]:
    running = uvicorn.Server(uvicorn.Config(create_app(), port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()


def sheet(folder: Path) -> str:
    evidence, day = load_evidence(), datetime.date.fromisoformat(load_evidence().release.date)
    person = read_person(ROOT / "examples" / "persons" / "torn.toml", evidence=evidence)
    file = folder / "sheet.html"
    file.write_text(
        render_html(make_handout(FIRST, SECOND, person=person, on=day, evidence=evidence)), encoding="utf-8"
    )
    return file.as_uri()


def broken_rules(page: Page) -> list[str]:
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    return [found["id"] for found in Axe().run(page).response["violations"]]


def scrolls_sideways(page: Page) -> list[str]:
    is_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["scrolls sideways"] if is_wide else []


def doubled(page: Page) -> list[str]:
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    return scrolls_sideways(page)


SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p, li, dd { margin-bottom: 2em !important }
"""
FOCUSED = """() => {
    const field = document.activeElement;
    if (!field || field === document.body) return null;
    const label = field.labels && field.labels[0];
    // Where a part inside a field has the focus, such as the calendar of a day, the browser itself shows it.
    const ringed = !field.matches(":focus-visible") || [field, label].filter(Boolean).some(one => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    });
    const shown = field.getBoundingClientRect().width > 4 || !label ? field : label;
    const box = shown.getClientRects()[0] || shown.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const seen = top && (shown.contains(top) || top.contains(shown));
    return {name: `${field.tagName.toLowerCase()} ${field.id || field.textContent.trim().slice(0, 30)}`, ringed, seen};
}"""
MOST_STOPS = 60


def spaced(page: Page) -> list[str]:
    page.add_style_tag(content=SPACING)
    cut = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => getComputedStyle(e).overflow === 'hidden' "
        "&& !e.closest('.visually-hidden') "
        "&& e.clientHeight > 4 && e.scrollHeight > e.clientHeight + 1).map(e => e.className || e.tagName)"
    )
    return [*scrolls_sideways(page), *(f"cut off: {name}" for name in cut)]


def lost_focus(page: Page) -> list[str]:
    found = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        found += [
            f"{stop['name']}: {fault}"
            for fault, ok in (("no ring", stop["ringed"]), ("hidden", stop["seen"]))
            if not ok
        ]
    return found


def bring_answers(page: Page, address: str) -> None:
    server = address.partition("/en/")[0]
    for kind in ("persons", "values"):
        page.goto(f"{server}/en/path/open")
        page.set_input_files("input[type=file]", ROOT / "examples" / kind / "torn.toml")
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()


def seen(browser: Browser, addresses: list[str], look: Callable[[Page], list[str]], **settings: object) -> list[str]:
    found, brought = [], False
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    for address in addresses:
        page = context.new_page()
        if not brought and address.endswith(WAY[0]):
            bring_answers(page, address)
            brought = True
        page.goto(address)
        found += [f"{address.rpartition('/')[2] or 'the first page'}: {words}" for words in look(page)]
        page.close()
    context.close()
    return found


def keep_faults(name: str, faults: list[str], looked_at: str) -> None:
    said = f"{looked_at}: {len(faults)} faults" + (f", such as {faults[0]}" if faults else "")
    keep(name, said, holds=not faults)


def keep(name: str, said: str, *, holds: bool) -> None:
    report = {"date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(), "holds": holds, "said": said}
    (REPORTS / f"{name}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"{name}: {said}")


def keep_tested() -> None:
    for name, tests in TESTED.items():
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *tests], cwd=ROOT, capture_output=True, text=True, check=False
        )
        counts = {word: int(count) for count, word in re.findall(r"(\d+) (passed|failed|skipped|error)", ran.stdout)}
        said = ", ".join(f"{count} {word}" for word, count in counts.items()) or "no test ran"
        files = dict.fromkeys(test.partition("::")[0] for test in tests)
        keep(name, f"{', '.join(files)}: {said}", holds=ran.returncode == 0 and set(counts) == {"passed"})


def keep_seen() -> None:
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    with served() as server, sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        pages = dict.fromkeys((*PAGES, *WAY))
        addresses = [*(server + page for page in pages), sheet(Path(folder))]
        faults: list[str] = []
        for scheme in ("light", "dark"):
            for width in (NARROW, WIDE):
                size = {"width": width, "height": 900}
                faults += seen(browser, addresses, broken_rules, viewport=size, color_scheme=scheme)
        keep_faults(
            "accessibility",
            faults,
            f"every rule of axe on {len(addresses)} pages, light and dark, {NARROW} and {WIDE} px",
        )
        narrow = seen(browser, addresses, scrolls_sideways, viewport={"width": NARROW, "height": 900})
        keep_faults("reflow", narrow, f"{len(addresses)} pages at {NARROW} px")
        large = seen(browser, addresses, doubled, viewport={"width": WIDE, "height": 900})
        keep_faults("text-doubled", large, f"{len(addresses)} pages at {WIDE} px with text twice as large")
        wide = {"width": WIDE, "height": 900}
        spacing = seen(browser, addresses, spaced, viewport=wide, bypass_csp=True)
        keep_faults("text-spacing", spacing, f"{len(addresses)} pages at {WIDE} px with lines, letters and words apart")
        focus = seen(browser, addresses, lost_focus, viewport=wide, reduced_motion="reduce")
        keep_faults("focus", focus, f"the first {MOST_STOPS} stops of the keyboard on {len(addresses)} pages")
        browser.close()


def main(parts: list[str]) -> None:
    makers = {"tests": keep_tested, "browser": keep_seen}
    REPORTS.mkdir(exist_ok=True)
    for part in parts or list(makers):
        makers[part]()


if __name__ == "__main__":
    main(sys.argv[1:])
