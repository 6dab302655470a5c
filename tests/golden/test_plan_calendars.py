"""Calendars written by hand from the label text, held against the plan day by day."""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from equipoise.evidence import load_evidence
from tests.support.plans import a_plan

CALENDARS = sorted((Path(__file__).parent / "reference" / "calendars").glob("*.csv"))


@dataclass(frozen=True)
class Calendar:
    drug: str
    jurisdiction: str
    courses: tuple[str, ...]
    ends_on: datetime.date | None
    days: Counter[tuple[str, datetime.date]]


def read(path: Path) -> Calendar:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    days: Counter[tuple[str, datetime.date]] = Counter()
    drug, place, courses, ends_on = "", "", "", None
    for row in csv.DictReader(lines):
        if row["entries"] == "case":
            drug, place = row["year"].split()
            courses = row["days"]
            continue
        for day in row["days"].split():
            date = datetime.date.fromisoformat(f"{row['year']}-{day}")
            if row["entries"] == "ends_on":
                ends_on = date
                continue
            days.update((f"{drug}-{entry}", date) for entry in row["entries"].split())
    return Calendar(drug, place, tuple(courses.split()), ends_on, days)


def test_there_are_calendars() -> None:
    assert len(CALENDARS) == 36
    assert {read(path).drug for path in CALENDARS} == set(load_evidence().labels)


def test_a_file_is_named_after_the_label_that_it_holds() -> None:
    for path in CALENDARS:
        calendar = read(path)
        assert path.stem.startswith(f"{calendar.drug}-{calendar.jurisdiction.lower()}"), path.name


@pytest.mark.parametrize("path", CALENDARS, ids=[path.stem for path in CALENDARS])
def test_plan_is_the_calendar_written_by_hand(path: Path) -> None:
    calendar = read(path)
    plan = a_plan(calendar.drug, calendar.jurisdiction, *calendar.courses)
    made = Counter((task.entry.id, task.due) for task in plan.tasks)
    assert sorted((calendar.days - made).elements()) == [], "written by hand, not made"
    assert sorted((made - calendar.days).elements()) == [], "made, not written by hand"
    assert plan.ends_on == calendar.ends_on
