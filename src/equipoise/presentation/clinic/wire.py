"""The clinic's book in the machine form."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from equipoise.clinic import AuditReport
from equipoise.clinic.alert_document import alert_document
from equipoise.clinic.backup import BackupReport
from equipoise.clinic.importing import AsideRow, ImportReport
from equipoise.clinic.morning import ListedTask, Morning
from equipoise.clinic.people import Person
from equipoise.clinic.recording import Recorded
from equipoise.clinic.standing import Position
from equipoise.presentation.plan import wire as plan_wire
from equipoise.safety.monitoring_tests import name_of_test
from equipoise.safety.plan_document import PlannedTask

_HIDDEN = frozenset(["clinic_id", "salt", "content_hash", "person_id", "password_hash"])


def plain(value: Any) -> Any:
    """Return days as text, and everything inside lists and mappings likewise."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def morning(of: Morning, evidence: str) -> dict[str, Any]:
    """Return the list of the morning."""
    return {
        "on": of.on.isoformat(),
        "clinic": of.clinic,
        "evidence": evidence,
        "people": of.people,
        "alerts": alerts(of),
        "overdue": [_listed(task) for task in of.overdue],
        "due": [_listed(task) for task in of.due],
        "silent": [plain(asdict(one)) for one in of.silent],
        "without_plan": list(of.without_plan),
        "snoozed": of.snoozed,
        "kept_aside": of.kept_aside,
    }


def alerts(of: Morning) -> list[dict[str, Any]]:
    """Return the alerts of a morning, each with its person."""
    return [{"person": person, **document} for person, document in of.alerts]


def _listed(task: ListedTask) -> dict[str, Any]:
    # by hand: ten thousand of them make a morning, and asdict() copies every value of each
    return {
        "person": task.person,
        "task_id": task.task_id,
        "test_id": task.test_id,
        "due": task.due.isoformat(),
        "window_end": task.window_end.isoformat(),
        "days_overdue": task.days_overdue,
        "missed_in_a_row": task.missed_in_a_row,
        "last_done": None if task.last_done is None else task.last_done.isoformat(),
        "is_boxed": task.is_boxed,
        "level": task.level,
        "source": task.source,
        "test": name_of_test(task.test_id),
    }


def recorded(of: Recorded) -> dict[str, Any]:
    """Return what was written."""
    return {"entry": of.entry_id, "kind": of.kind, "person": of.person.label, "is_new": of.is_new}


def person(of: Person) -> dict[str, Any]:
    """Return who somebody is."""
    return {
        "person": of.label,
        "id": of.id,
        "name": of.name,
        "jurisdiction": str(of.jurisdiction),
        "conditions": dict(of.conditions),
    }


def position(of: Position, entries: Sequence[tuple[str, Mapping[str, Any]]], evidence: str) -> dict[str, Any]:
    """Return everything about a person on a day: plan, what was done of it, alerts, and every entry ever written."""
    replaced = {row["corrects"] for _, row in entries if row["corrects"]}
    return {
        **person(of.person),
        "on": of.on.isoformat(),
        "evidence": evidence,
        "last_heard": plain(of.last_heard),
        "ends_on": plain(of.plan.ends_on) if of.plan else None,
        "due": [_task(task) for task in of.watch.due] if of.watch else [],
        "overdue": [
            {**_task(one.task), "days": one.days, "missed_in_a_row": one.missed_in_a_row, "is_boxed": one.is_boxed}
            for one in of.watch.overdue
        ]
        if of.watch
        else [],
        "done": [
            {**_task(one.task), "on": one.on.isoformat(), "by": one.by, "days_late": one.days_late}
            for one in of.watch.done
        ]
        if of.watch
        else [],
        "upcoming": [_task(task) for task in of.watch.upcoming] if of.watch else [],
        "alerts": [
            {**alert_document(alert), "is_acknowledged": alert.id in of.acknowledged}
            for alert in (of.watch.alerts if of.watch else ())
        ],
        "plan": plan_wire.plan(of.plan) if of.plan else None,
        "entries": [_entry(kind, row, row["id"] in replaced) for kind, row in entries],
    }


def _task(task: PlannedTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "test_id": task.test_id,
        "test": name_of_test(task.test_id),
        "due": task.due.isoformat(),
        "window_end": task.window_end.isoformat(),
        "source_id": task.source.source_id,
        "locator": task.source.locator,
    }


def _entry(kind: str, row: Mapping[str, Any], is_replaced: bool) -> dict[str, Any]:
    shown = {key: plain(value) for key, value in row.items() if key not in _HIDDEN}
    return {"kind": kind, **shown, "stands": not is_replaced and not row["withdrawn"]}


def imported(of: ImportReport) -> dict[str, Any]:
    """Return what an import did or would do."""
    return {
        **{key: value for key, value in asdict(of).items() if key not in ("faults", "aside")},
        "faults": [{"line": one.line, "column": one.column, "problem": one.problem} for one in of.faults],
        "aside": [{"line": line, "person": who, "reason": why} for line, who, why in of.aside],
    }


def aside(rows: list[AsideRow]) -> dict[str, Any]:
    """Return the rows that belong to nobody yet."""
    return {"kept_aside": [plain(asdict(row)) for row in rows]}


def audit(of: AuditReport) -> dict[str, Any]:
    """Return what came of walking the audit log."""
    broken = asdict(of.broken) if of.broken else None
    return {"is_whole": of.is_whole, "links": of.links, "head": of.head, "first_broken": broken}


def backup(of: BackupReport) -> dict[str, Any]:
    """Return what a backup holds."""
    return asdict(of)
