"""The score: from checks that run, strict where there is none, silent on what only people can show."""

from __future__ import annotations

import datetime
import functools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from equipoise.__main__ import _page
from equipoise.evidence import load_evidence
from equipoise.presentation.selfscore import Report, selfscore
from equipoise.presentation.selfscore.bench import Answer, Bench
from equipoise.presentation.selfscore.finding import CHECKS
from equipoise.presentation.selfscore.items import items
from equipoise.presentation.selfscore.own_words import outside_the_catalogue, own_text, sentences
from equipoise.presentation.selfscore.readability import SCALES, huerta_ease, spanish_syllables, vienna
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


def test_sentences_leave_out_menus_choices_other_languages_and_quotations() -> None:
    body = '<html lang="en"><nav><p>one two three four.</p></nav><select><option>one two three four.</option></select>'
    body += "<p data-claim>one two three four.</p><p lang='de'>eins zwei drei vier.</p><h1>one two three four</h1>"
    body += "<form><p>A long name of alemtuzumab stands here. Short.</p></form></html>"
    assert sentences(body, "en", ["alemtuzumab"]) == ["A long name of drug stands here."]
    assert "one two three four" in own_text(body, "en")
    assert "eins" not in own_text(body, "en")


def test_each_scale_by_hand() -> None:
    # Four words of one syllable in one sentence: 0.39 * 4 + 11.8 * 1 - 15.59.
    assert SCALES["en"].grade(["the cat sat down"]) == pytest.approx(0.39 * 4 + 11.8 - 15.59)
    # One of three words has three syllables and more than six letters, two have one syllable.
    assert vienna(["Das ist Tablette"]) == pytest.approx(
        0.1935 * 100 / 3 + 0.1672 * 3 + 0.1297 * 100 / 3 - 0.0327 * 200 / 3 - 0.875
    )
    # Three words of five syllables: la, ca-sa, ro-ja.
    assert huerta_ease(["La casa roja"]) == pytest.approx(206.84 - 60 * 5 / 3 - 1.02 * 3)
    assert SCALES["es"].grade(["La casa roja"]) == 4
    assert SCALES["es"].grade(["Inmunomoduladores administrados intravenosamente"]) > 8


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("agua", 2),
        ("quien", 1),
        ("guerra", 2),
        ("río", 2),
        ("leer", 2),
        ("ciudad", 2),
        ("médico", 3),
        ("y", 1),
        ("muy", 1),
    ],
)
def test_syllables_of_spanish_words(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


def test_a_text_that_bypasses_the_catalogue_is_found_in_the_pseudo_language() -> None:
    good = '<html lang="en-XA"><title>[Ï 1] – Equipoise</title><p>[Ä <a>[ß]</a> ü]</p><p lang="en">Quoted</p></html>'
    assert outside_the_catalogue(good) == []
    assert outside_the_catalogue(good.replace("</p></html>", "</p><p>Next</p></html>")) == ["Next"]


def test_every_page_is_read_in_every_language() -> None:
    table = report().reading
    assert len(table) > 25
    assert all(set(row) == set(SCALES) for name, row in table.items() if name not in ("/", "/about"))


@pytest.mark.parametrize(
    ("check", "screen", "old", "new"),
    [
        ("step_by_step", "life", "Step 5 of", "Part 5 of"),
        ("condition_described", "start", "In relapsing-remitting MS", "In MS"),
        ("decision_stated", "start", "no drug against MS for now", "something else"),
        ("values_asked", "matters", 'name="matters" value="injections"', 'name="other" value="injections"'),
        ("no_persuasion", "fit", "<main", "<p>This is the best.</p><main"),
        ("options_alike_on_screens", "fit", "<main", "<table></table><main"),
        ("nothing_asked_twice", "life", "<main", '<input type="text" name="age"><main'),
        ("parts_say_their_language", "life", '<html lang="en"', "<html"),
        ("living_with_it", "life", r"(?i)\b(work|family|travel|friends)\b", "others"),
    ],
)
def test_a_check_of_the_way_can_fail(check: str, screen: str, old: str, new: str) -> None:
    bench = walked()
    good = CHECKS[check](bench)
    assert good.holds, good.said
    way = bench.way("en")
    whole = way[screen]
    assert re.search(old, whole)
    try:
        way[screen] = re.sub(old, new, whole)
        bench.__dict__.pop("pages", None)
        assert not CHECKS[check](bench).holds
    finally:
        way[screen] = whole
        bench.__dict__.pop("pages", None)


@functools.cache
def walked() -> Bench:
    evidence = load_evidence()
    report()  # puts the checks on their shelf
    return Bench(evidence, datetime.date.fromisoformat(evidence.release.date), _page)
