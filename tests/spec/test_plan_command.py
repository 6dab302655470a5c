"""``equipoise plan``: the contract of its machine form, its other faces, and its refusals."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from equipoise.presentation.plan.calendar import as_icalendar
from equipoise.presentation.plan.days import appointments
from tests.support.command import equipoise
from tests.support.plans import a_plan

CASE = ("plan", "alemtuzumab", "--course", "2024-01-15", "--course", "2025-01-20", "--jurisdiction", "EU")
NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def answer() -> Any:
    ran = equipoise(*CASE, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def test_contract(answer: Any) -> None:
    assert {"tasks", "ends_on", "burden", "standing", "watch", "evidence"} <= set(answer)
    wanted = {"id", "test_id", "due", "window_start", "window_end", "course", "reason", "source_id"}
    assert all(wanted <= set(task) for task in answer["tasks"])
    assert answer["ends_on"] == "2029-01-22"
    assert {task["course"] for task in answer["tasks"]} == {1, 2}


def test_every_line_has_its_source(answer: Any) -> None:
    for part in ("tasks", "watch", "periods"):
        assert all(item["source_id"] and item["locator"] and item["trust"] for item in answer[part]), part
    assert all(item["source_id"] for item in answer["standing"] if item["kind"] not in ("not-seen", "after-stop"))


def test_no_unverified_entry_is_told(answer: Any) -> None:
    assert {item["trust"] for part in ("tasks", "watch", "periods") for item in answer[part]} <= {
        "printed",
        "secondary",
    }


def test_the_same_words_give_the_same_bytes() -> None:
    assert equipoise(*CASE, "--format", "json").out == equipoise(*CASE, "--format", "json").out


def test_csv_holds_the_tasks(answer: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(equipoise(*CASE, "--format", "csv").out)))
    assert [row["id"] for row in rows] == [task["id"] for task in answer["tasks"]]
    assert [row["due"] for row in rows] == [task["due"] for task in answer["tasks"]]


def test_text_says_the_end_and_the_watch() -> None:
    text = equipoise(*CASE).out
    assert "Tests go on until 2029-01-22 at the least" in text
    assert "What to look out for, also after the last test" in text
    assert "no interval is made up" in text


# ---------------------------------------------------------------- calendar


def events(text: str) -> list[Any]:
    from icalendar import Calendar

    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_calendar_is_one_that_others_read() -> None:
    text = as_icalendar(a_plan("alemtuzumab", "EU", "2024-01-15"), NOON)
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "VERSION:2.0" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = events(text)
    assert len({str(event["uid"]) for event in found}) == len(found)
    for event in found:
        assert event["dtstart"].params["VALUE"] == "DATE"
        assert event["dtend"].dt - event["dtstart"].dt == datetime.timedelta(days=1)
        assert event["dtstamp"].dt == NOON
        assert event["class"] == "PRIVATE"


def test_importing_again_moves_events_and_adds_none() -> None:
    before = {str(e["uid"]): e for e in events(as_icalendar(a_plan("alemtuzumab", "EU", "2024-01-15"), NOON))}
    moved = as_icalendar(a_plan("alemtuzumab", "EU", "2024-01-22"), NOON + datetime.timedelta(hours=1))
    after = {str(event["uid"]): event for event in events(moved)}
    assert set(before) == set(after)
    assert all(after[uid]["dtstart"].dt > before[uid]["dtstart"].dt for uid in before)
    assert all(after[uid]["sequence"] > before[uid]["sequence"] for uid in before)


def test_two_people_s_events_do_not_meet() -> None:
    plan = a_plan("alemtuzumab", "EU", "2024-01-15")
    one, other = ({str(e["uid"]) for e in events(as_icalendar(plan, NOON, person=name))} for name in ("17", "18"))
    assert not one & other
    assert "17" not in one


def test_a_shared_calendar_names_neither_drug_nor_illness() -> None:
    text = as_icalendar(a_plan("alemtuzumab", "US", "2024-01-15"), NOON).replace("\r\n ", "").lower()
    for word in ("alemtuzumab", "lemtrada", "sclerosis", "hiv", "hepatitis", "tubercul", "rems"):
        assert word not in text, word


def test_an_appointment_holds_every_task_once() -> None:
    plan = a_plan("alemtuzumab", "US", "2024-02-29", "2025-03-03")
    found = [task.id for item in appointments(plan) for task in item.tasks]
    assert sorted(found) == sorted(task.id for task in plan.tasks)
    keys = [item.key for item in appointments(plan)]
    assert len(set(keys)) == len(keys)


# ---------------------------------------------------------------- FHIR


def test_fhir_bundle_is_read_by_the_models_and_holds_every_test(answer: Any) -> None:
    from fhir.resources.R4B.bundle import Bundle

    bundle = equipoise(*CASE, "--format", "fhir").json
    Bundle.model_validate(bundle)
    resources = [entry["resource"] for entry in bundle["entry"]]
    assert [r["resourceType"] for r in resources].count("CarePlan") == 1
    requests = [r for r in resources if r["resourceType"] == "ServiceRequest"]
    tests = [task["id"] for task in answer["tasks"] if task["kind"] in ("test", "baseline", "at-treatment")]
    assert [r["identifier"][0]["value"] for r in requests] == tests
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    activities = resources[0]["activity"]
    assert {a["reference"]["reference"] for a in activities if "reference" in a} <= urls
    assert len(activities) == len(answer["tasks"])
    coded = [r for r in requests if "coding" in r["code"]]
    assert coded
    assert all("not checked" in json.dumps(r["note"]) for r in coded)


def test_fhir_ids_are_the_same_every_time() -> None:
    first, second = (equipoise(*CASE, "--format", "fhir").out for _ in range(2))
    assert first == second


# ---------------------------------------------------------------- print


def test_printed_plan_has_a_page_a_year_and_asks_nothing_of_others(answer: Any) -> None:
    page = equipoise(*CASE, "--format", "html").out
    years = sorted({task["due"][:4] for task in answer["tasks"]})
    assert re.findall(r'<h2 id="y(\d{4})">', page) == years
    assert "font: 12pt" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "<script" not in page
    assert 'lang="en"' in page


def test_written_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "plan.ics"
    assert equipoise(*CASE, "--format", "ics", "-o", str(target)).code == 0
    assert events(target.read_text(encoding="utf-8"))


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("alemtuzumab", "--course", "2024-01-15"), "whose label applies"),
        (("alemtuzumab", "--course", "2024-01-15", "--jurisdiction", "CH"), "jurisdiction"),
        (("alemtuzumab", "--jurisdiction", "EU"), "at least one is needed"),
        (("alemtuzumab", "--course", "2024-02-30", "--jurisdiction", "EU"), "'2024-02-30' is no day"),
        (("alemtuzumab", "--course", "15.1.2024", "--jurisdiction", "EU"), "year-month-day"),
        (("alemtuzumb", "--course", "2024-01-15", "--jurisdiction", "EU"), "Did you mean: alemtuzumab"),
        (("rebif", "--course", "2024-01-15", "--course", "2025-01-15", "--jurisdiction", "EU"), "not given in courses"),
        (("alemtuzumab", "--course", "2024-01-15", "--jurisdiction", "EU", "--condition", "femal"), "female"),
        (("alemtuzumab", "--course", "2024-01-15", "--jurisdiction", "EU", "--switch-to", "rebif"), "belong together"),
        (("alemtuzumab", "--course", "2024-01-15", "--jurisdiction", "EU", "--until", "2020-01-01"), "laid out"),
        (("alemtuzumab", "--course", "9999-12-30", "--jurisdiction", "EU"), "is the year complete?"),
        (("alemtuzumab", "--course", "0001-01-01", "--jurisdiction", "EU"), "is the year complete?"),
    ],
)
def test_refusals(words: tuple[str, ...], said: str) -> None:
    ran = equipoise("plan", *words)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_a_switch_is_one_plan() -> None:
    ran = equipoise(
        "plan", "rebif", "--course", "2024-01-15", "--switch-to", "alemtuzumab", "--switch-on", "2025-01-20",
        "--jurisdiction", "EU", "--format", "json",
    )  # fmt: skip
    assert ran.json["drugs"] == ["interferon-beta-1a-sc", "alemtuzumab"]
    assert ran.json["ends_on"] == "2029-01-24"


def test_conditions_bring_their_tests() -> None:
    ran = equipoise(*CASE, "--condition", "female", "--format", "json")
    assert "cervical-screen" in {task["test_id"] for task in ran.json["tasks"]}
    ran = equipoise(*CASE, "--condition", "no:female", "--format", "json")
    assert "female" not in {item["condition"] for item in ran.json["standing"]}
