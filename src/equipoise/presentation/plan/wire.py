"""The machine form of a dated plan, and its tasks as CSV; docs/explanation/monitoring.md describes the keys."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any

from equipoise.safety.monitoring_tests import TESTS, name_of_test
from equipoise.safety.plan_document import MonitoringPlan, Period, PlannedTask, Standing, SymptomWatch

_COLUMNS = (
    "id",
    "test_id",
    "test",
    "kind",
    "due",
    "window_start",
    "window_end",
    "course",
    "level",
    "reason",
    "entry_id",
    "source_id",
    "locator",
    "trust",
)


def plan(of: MonitoringPlan) -> dict[str, Any]:
    """Return a plan in the machine form."""
    return {
        "drugs": list(of.drugs),
        "jurisdiction": of.jurisdiction.value,
        "evidence": of.evidence_version,
        "courses": [
            {"number": c.number, "first_dose": c.first_dose.isoformat(), "last_dose": _day(c.last_dose)}
            for c in of.courses
        ],
        "tasks": [_task(task) for task in of.tasks],
        "ends_on": _day(of.ends_on),
        "laid_out_to": of.laid_out_to.isoformat(),
        "standing": [_standing(item) for item in of.standing],
        "periods": [_period(item) for item in of.periods],
        "watch": [_watch(item) for item in of.watch],
        "burden": [
            {
                "year": item.year,
                "tests": item.tests,
                "visits": item.visits,
                "treatment_days": item.treatment_days,
                "injections": item.injections,
            }
            for item in of.burden
        ],
    }


def as_csv(of: MonitoringPlan) -> str:
    """Return the tasks of a plan as CSV, one a line, with a header."""
    written = io.StringIO()
    lines = csv.DictWriter(written, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    lines.writeheader()
    lines.writerows(_task(task) for task in of.tasks)
    return written.getvalue()


def _day(of: datetime.date | None) -> str | None:
    return None if of is None else of.isoformat()


def _task(of: PlannedTask) -> dict[str, Any]:
    test = TESTS.get(of.test_id)
    return {
        "id": of.id,
        "kind": of.kind.value,
        "test_id": of.test_id,
        "test": name_of_test(of.test_id),
        "loinc": list(test.loinc) if test else [],
        "code_verified": test.code_verified if test else False,
        "due": of.due.isoformat(),
        "by_label": of.by_label.isoformat(),
        "window_start": _day(of.window_start),
        "window_end": of.window_end.isoformat(),
        "course": of.course,
        "level": of.level or None,
        "condition": of.condition or None,
        "reason": of.reason,
        "entry_id": of.entry.id,
        "source_id": of.source.source_id,
        "locator": of.source.locator,
        "trust": of.trust.value,
    }


def _standing(of: Standing) -> dict[str, Any]:
    return {
        "id": of.id,
        "kind": of.kind.value,
        "test_id": of.test_id or None,
        "text": of.text,
        "why": of.why,
        "condition": of.condition or None,
        "source_id": None if of.entry is None else of.entry.source.source_id,
        "locator": None if of.entry is None else of.entry.source.locator,
        "trust": None if of.entry is None else of.entry.trust.value,
    }


def _period(of: Period) -> dict[str, Any]:
    return {
        "id": of.id,
        "kind": of.kind,
        "starts": of.starts.isoformat(),
        "ends": _day(of.ends),
        "may_last_longer": of.may_last_longer,
        "course": of.course,
        "text": of.text,
        "source_id": of.entry.source.source_id,
        "locator": of.entry.source.locator,
        "trust": of.entry.trust.value,
    }


def _watch(of: SymptomWatch) -> dict[str, Any]:
    return {
        "id": of.id,
        "starts": of.starts.isoformat(),
        "ends": _day(of.ends),
        "text": of.text,
        "action": of.action or None,
        "urgency": of.urgency or None,
        "origin": of.origin,
        "lasts_after_tests": of.lasts_after_tests,
        "source_id": of.entry.source.source_id,
        "locator": of.entry.source.locator,
        "trust": of.entry.trust.value,
    }
