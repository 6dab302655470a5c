"""Run the checks that need a browser and keep what they found in docs/reports, where `equipoise selfscore` reads it.

    .venv/bin/python benchmarks/keep_reports.py

It takes some ten minutes and needs chromium. A report holds the day, whether the check holds, and what was seen.
"""

from __future__ import annotations

import datetime
import json
import shutil
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


def keep(name: str, faults: list[str], looked_at: str) -> None:
    said = f"{looked_at}: {len(faults)} faults" + (f", such as {faults[0]}" if faults else "")
    report = {"date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(), "holds": not faults, "said": said}
    (REPORTS / f"{name}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"{name}: {said}")


def main() -> None:
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    REPORTS.mkdir(exist_ok=True)
    with served() as server, sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        pages = dict.fromkeys((*PAGES, *WAY))
        addresses = [*(server + page for page in pages), sheet(Path(folder))]
        faults: list[str] = []
        for scheme in ("light", "dark"):
            for width in (NARROW, WIDE):
                size = {"width": width, "height": 900}
                faults += seen(browser, addresses, broken_rules, viewport=size, color_scheme=scheme)
        keep(
            "accessibility",
            faults,
            f"every rule of axe on {len(addresses)} pages, light and dark, {NARROW} and {WIDE} px",
        )
        narrow = seen(browser, addresses, scrolls_sideways, viewport={"width": NARROW, "height": 900})
        keep("reflow", narrow, f"{len(addresses)} pages at {NARROW} px")
        large = seen(browser, addresses, doubled, viewport={"width": WIDE, "height": 900})
        keep("text-doubled", large, f"{len(addresses)} pages at {WIDE} px with text twice as large")
        browser.close()


if __name__ == "__main__":
    main()
