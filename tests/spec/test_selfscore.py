"""The score: from checks that run, strict where there is none, silent on what only people can show."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from equipoise.__main__ import _page
from equipoise.presentation.selfscore import Report, selfscore
from equipoise.presentation.selfscore.bench import Answer
from equipoise.presentation.selfscore.finding import CHECKS
from equipoise.presentation.selfscore.items import items
from equipoise.presentation.selfscore.reading_pages import grade, prose, read_page
from tests.support.command import equipoise

ROOT = Path(__file__).resolve().parents[2]
ONLY_PEOPLE = {f"3.{n}" for n in range(12, 18)}
ONLY_A_TRIAL = {"3.22", "3.23"}


@functools.cache
def report() -> Report:
    return selfscore(fetch=_page)


def statuses(made: Report) -> dict[tuple[str, str], str]:
    return {(line.item.standard, line.item.id): line.status for line in made.lines}


def test_every_item_of_every_standard_stands_there_once() -> None:
    counts = {name: len(report().of(name)) for name in ("ipdasi", "requirement", "wcag")}
    assert counts == {"ipdasi": 44, "requirement": 12, "wcag": 55}
    names = [(item.standard, item.id) for item in items()]
    assert len(names) == len(set(names))
    ipdasi = [line for line in report().of("ipdasi") if line.status != "not applicable"]
    groups = [sum(line.item.level == level for line in ipdasi) for level in ("qualifying", "certifying", "quality")]
    assert groups == [6, 6, 23]


def test_what_only_people_or_trials_can_show_is_never_claimed() -> None:
    found = statuses(report())
    assert {found["ipdasi", name] for name in ONLY_PEOPLE} == {"needs people"}
    assert {found["ipdasi", name] for name in ONLY_A_TRIAL} == {"needs a trial"}
    assert {found["nice", name] for name in ("2", "3", "4")} == {"not known"}
    assert not [item.id for item in items() if item.need and item.checks]
    assert "met" not in {line.status for line in report().of("wcag")}


def test_an_item_without_a_check_is_not_met_and_every_named_check_exists() -> None:
    for line in report().lines:
        if line.item.applies and not line.item.need and not line.item.checks:
            assert line.status == "not met"
    named = {name for item in items() for name in item.checks if ":" not in name}
    assert named == set(CHECKS)
    assert not [found for line in report().lines for _, found in line.said if "the check stopped" in found]


def test_without_pages_nothing_about_pages_is_claimed(tmp_path: Path) -> None:
    found = statuses(selfscore(reports=tmp_path))
    assert found["ipdasi", "2.2.2"] == "not met"
    assert found["wcag", "3.1.1"] == "not met"
    assert found["wcag", "1.2.1"] == "not met"
    # Whether the style asks which way a screen is held is seen in the style, without any page.
    assert {name for (standard, name), status in found.items() if status == "checks hold"} == {"1.3.4"}


def test_a_page_that_breaks_a_rule_loses_the_item() -> None:
    def worse(address: str) -> Answer:
        page = _page(address)
        body = page.body.replace('lang="en-GB"', "").replace("</main>", '<input type="range"><p>You should.</p></main>')
        return Answer(page.status, {**page.headers, "set-cookie": "a=b"}, body)

    good, bad = statuses(report()), statuses(selfscore(fetch=worse))
    for name in (
        ("wcag", "3.1.1"),
        ("wcag", "2.5.7"),
        ("wcag", "3.3.2"),
        ("requirement", "R6"),
        ("requirement", "R12"),
    ):
        assert good[name] in ("met", "checks hold")
        assert bad[name] not in ("met", "checks hold")


@pytest.mark.parametrize("text", ["", "{", '{"date": "2026-11-22"}', '{"date": "soon", "holds": true, "said": "x"}'])
def test_a_kept_report_that_cannot_be_read_shows_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "reflow.json").write_text(text, encoding="utf-8")
    assert statuses(selfscore(reports=tmp_path))["wcag", "1.4.10"] == "not met"


def test_a_kept_report_is_named_with_its_day(tmp_path: Path) -> None:
    content = {"date": "2026-11-01", "holds": True, "said": "8 pages"}
    (tmp_path / "reflow.json").write_text(json.dumps(content), encoding="utf-8")
    line = next(one for one in selfscore(reports=tmp_path).of("wcag") if one.item.id == "1.4.10")
    assert line.status == "checks hold"
    assert line.said == (("kept:reflow", "holds; not run now; kept report of 2026-11-01: 8 pages"),)


def test_the_page_in_the_documentation_is_what_the_command_prints() -> None:
    ran = equipoise("selfscore", "--format", "markdown")
    assert ran.code == 0
    kept = (ROOT / "docs" / "reference" / "selfscore.md").read_text(encoding="utf-8")
    assert kept == ran.out, "run: equipoise selfscore --format markdown -o docs/reference/selfscore.md"


def test_text_and_json_say_the_same() -> None:
    ran: Any = equipoise("selfscore", "--format", "json")
    assert ran.code == 0
    text = report().as_text()
    for standard in ran.json["standards"]:
        for item in standard["items"]:
            assert f"[{item['status']}] {item['id']} {item['text']}" in text


def test_prose_leaves_out_forms_menus_and_quotations() -> None:
    body = "<main><nav><p>one two three four.</p></nav><form><p>one two three four.</p></form>"
    body += "<p data-id='x'>one two three four.</p><p>A long name of alemtuzumab stands here. Short.</p></main>"
    assert prose(read_page("/", body), ["alemtuzumab"]) == ["A long name of drug stands here."]


def test_grade_by_hand() -> None:
    # Four words of one syllable in one sentence: 0.39 * 4 + 11.8 * 1 - 15.59.
    assert grade(["the cat sat down"]) == pytest.approx(0.39 * 4 + 11.8 - 15.59)
