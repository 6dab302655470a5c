"""Where a person stands, worked out from the entries and kept ready, so that the morning list needs no rules."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from equipoise.clinic.alert_document import alert_document
from equipoise.clinic.errors import EntryError
from equipoise.clinic.following import AHEAD, limits_of, plan_of
from equipoise.clinic.gathering import Gathered, gathered
from equipoise.clinic.people import Person
from equipoise.clinic.tables import OpenAlert, OpenTasks, PersonStanding
from equipoise.evidence import Evidence
from equipoise.safety.alerts import Alert
from equipoise.safety.plan_document import MonitoringPlan, PlannedTask, TaskKind
from equipoise.safety.results import Result
from equipoise.safety.watch import BASELINE_LOOK_BACK, Watch, evaluate

KEPT_FOR = datetime.timedelta(days=365)
"""A standing older than this is worked out anew: the tasks kept ready end ``AHEAD`` after it."""
LOOK_BACK = datetime.timedelta(days=45)
"""Runs of missed tests are told one by one up to this long ago, and counted before: the list of a day up to then is
read from what was kept ready."""


@dataclass(frozen=True, slots=True)
class Position:
    """Everything that follows from a person's entries on a day.

    Attributes
    ----------
    person, on
        Who, and the day.
    plan, watch
        ``None`` where no course is recorded.
    results
        What the laboratory reported; the id of each is its entry's.
    acknowledged
        Ids of alerts that somebody has seen.
    snoozed
        Tasks and alerts put off, with the day.
    last_heard
        The last day on which a result, a test done or a contact tells of the person.
    entries_to
        The last day of any entry.
    """

    person: Person
    on: datetime.date
    plan: MonitoringPlan | None
    watch: Watch | None
    results: tuple[Result, ...]
    acknowledged: frozenset[str]
    snoozed: dict[str, datetime.date]
    last_heard: datetime.date | None
    entries_to: datetime.date

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        """Alerts that nobody has acknowledged."""
        found = self.watch.alerts if self.watch else ()
        return tuple(alert for alert in found if alert.id not in self.acknowledged)


def position(connection: Connection, clinic_id: str, person: Person, evidence: Evidence, on: datetime.date) -> Position:
    """Work out where a person stands on a day, from what the book holds now and what happened up to that day."""
    return position_of(person, gathered(connection, clinic_id, [person.id])[person.id], evidence, on)


def position_of(person: Person, entries: Gathered, evidence: Evidence, on: datetime.date) -> Position:
    """Work out where a person stands on a day from their entries."""
    plan = plan_of(person, entries.given, evidence, on)
    watch = evaluate(plan, entries.done, entries.results, on, limits_of(plan, evidence)) if plan else None
    heard = [result.taken_on for result in entries.results] + list(entries.done.values())
    heard += [day for day, was_reached in entries.contacts if was_reached]
    return Position(
        person=person,
        on=on,
        plan=plan,
        watch=watch,
        results=tuple(entries.results),
        acknowledged=frozenset(entries.acknowledged),
        snoozed=entries.snoozed,
        last_heard=max((day for day in heard if day <= on), default=None),
        entries_to=max([*heard, *(day for day, _ in entries.contacts)], default=datetime.date.min),
    )


RULES = 2
"""Raised whenever these rules or what is kept ready change their meaning: all of it is then worked out anew."""


def kept_by(evidence: Evidence) -> str:
    """Return what a standing was worked out from: the release of the evidence, and the rules of this program."""
    return f"{evidence.release.version}, rules {RULES}"


def work_out(
    connection: Connection, clinic_id: str, person: Person, evidence: Evidence, today: datetime.date
) -> Position:
    """Work out where a person stands and keep it ready."""
    return work_out_all(connection, clinic_id, [person], evidence, today)[0]


def work_out_all(
    connection: Connection, clinic_id: str, persons: Sequence[Person], evidence: Evidence, today: datetime.date
) -> list[Position]:
    """Work out where people stand and keep it ready; at the most ``TOGETHER`` of them."""
    entries = gathered(connection, clinic_id, [person.id for person in persons])
    found = [position_of(person, entries[person.id], evidence, today) for person in persons]
    forget(connection, clinic_id, list(entries))
    tasks, alerts, standings = [], [], []
    for one in found:
        key = {"clinic_id": clinic_id, "person_id": one.person.id}
        tasks += [{**key, **row} for row in task_rows(one)]
        alerts += [{**key, **row} for row in alert_rows(one)]
        standings.append(
            {
                **key,
                "label": one.person.label,
                "release": kept_by(evidence),
                "has_plan": int(one.plan is not None),
                "entries_to": max(one.entries_to, today - LOOK_BACK),
                "worked_out_on": today,
                "last_heard": one.last_heard,
            }
        )
    for statement, rows in ((_NEW_TASK, tasks), (_NEW_ALERT, alerts), (_NEW_STANDING, standings)):
        if rows:
            connection.execute(statement, rows)
    return found


_NEW_TASK, _NEW_ALERT, _NEW_STANDING = (insert(model.__table__) for model in (OpenTasks, OpenAlert, PersonStanding))


def forget(connection: Connection, clinic_id: str, person_ids: Iterable[str]) -> None:
    """Throw away what was worked out for people; the next morning list works it out anew."""
    ids = sorted(person_ids)
    if ids:
        for model in (OpenTasks, OpenAlert, PersonStanding):
            connection.execute(delete(model).where(model.clinic_id == clinic_id, model.person_id.in_(ids)))


def task_rows(found: Position) -> list[dict[str, Any]]:
    """Return the tasks that are open and can still be done, those with the same days in one row.

    Most people have four or five monthly tests on the same day: a row each would make the morning list wait.
    """
    together: dict[tuple[Any, ...], list[Sequence[Any]]] = {}
    for days, task in _open_tasks(found):
        together.setdefault(tuple(days.values()), []).append(task)
    return [
        {**dict(zip(_DAYS, days, strict=True)), "first_task": tasks[0][0], "tasks": _text(tuple(tasks))}
        for days, tasks in together.items()
    ]


def listed_ids(found: Position) -> frozenset[str]:
    """Return the ids of the tasks that the morning list of the day holds: a run of missed ones by its oldest."""
    rows = (row for row in task_rows(found) if row["listed_to"] >= found.on)
    return frozenset(task[0] for row in rows for task in json.loads(row["tasks"]))


_DAYS = ("missed", "due", "window_start", "window_end", "listed_to", "last_done", "snoozed_until")
_text = functools.lru_cache(maxsize=5_000)(functools.partial(json.dumps, ensure_ascii=False))


def _open_tasks(found: Position) -> Iterable[tuple[dict[str, Any], tuple[str | bool, ...]]]:
    """Return what is open: its days, and the task as a row keeps it."""
    if found.plan is None or found.watch is None:
        return []
    finished = {done.task.id: done.on for done in found.watch.done}
    last: dict[str, tuple[datetime.date, datetime.date]] = {}
    for task in found.plan.tasks:
        if task.id in finished:
            before = last.get(task.entry.id, (datetime.date.min, datetime.date.min))
            last[task.entry.id] = (max(before[0], task.due), max(before[1], finished[task.id]))
    starts = {course.number: course.first_dose for course in found.plan.courses}
    rows: list[tuple[dict[str, Any], tuple[str | bool, ...]]] = []
    runs: dict[str, dict[str, Any]] = {}
    for task in found.plan.tasks:
        done_for, done_on = last.get(task.entry.id, (datetime.date.min, None))
        # A missed test before one that was done cannot be made up: it stays missed, in the person's timeline.
        if task.id in finished or task.kind not in _LISTED or task.due <= done_for:
            continue
        begins = task.window_start or min(task.due, task.window_end) - BASELINE_LOOK_BACK
        if begins > found.on + AHEAD:
            continue
        run = runs.get(task.entry.id)
        if run is not None and task.window_end < found.on - LOOK_BACK and task.kind is TaskKind.TEST:
            run["missed"] += 1
            continue
        days = (1, task.due, begins, task.window_end, _listed_to(task, starts), done_on, found.snoozed.get(task.id))
        row = dict(zip(_DAYS, days, strict=True))
        source = f"{task.source.source_id}, {task.source.locator}"
        is_boxed = task.test_id in found.plan.boxed_tests
        rows.append((row, (task.id, task.entry.id, task.test_id, is_boxed, task.level, source)))
        runs.setdefault(task.entry.id, row)
    return rows


_LISTED = frozenset([TaskKind.TEST, TaskKind.BASELINE, TaskKind.VACCINE])
"""What a clinic calls somebody in for. Days of treatment and what belongs to them are the ward's; a self-check is the
person's own."""


def _listed_to(task: PlannedTask, starts: dict[int, datetime.date]) -> datetime.date:
    return datetime.date.max if task.kind is TaskKind.TEST else starts.get(task.course, task.window_end)


def alert_rows(found: Position) -> list[dict[str, Any]]:
    """Return the alerts that nobody has acknowledged."""
    rows = {
        alert.id: {
            "alert_id": alert.id,
            "on_day": alert.result.taken_on,
            "urgency": str(alert.urgency),
            "snoozed_until": found.snoozed.get(alert.id),
            "document": json.dumps(alert_document(alert), ensure_ascii=False),
        }
        for alert in found.open_alerts
    }
    return list(rows.values())


def open_subjects(connection: Connection, clinic_id: str, person_id: str) -> tuple[list[str], list[str]]:
    """Return the ids of a person's open tasks and alerts, as kept ready."""
    tasks = select(OpenTasks.tasks).where(OpenTasks.clinic_id == clinic_id, OpenTasks.person_id == person_id)
    alerts = select(OpenAlert.alert_id).where(OpenAlert.clinic_id == clinic_id, OpenAlert.person_id == person_id)
    texts = connection.execute(tasks.order_by(OpenTasks.due, OpenTasks.first_task)).scalars()
    return [task[0] for text in texts for task in json.loads(text)], list(connection.execute(alerts).scalars())


def task_for(found: Position, what: str, on: datetime.date) -> str:
    """Return the id of the task that was done: named itself, or by its test and the day.

    Raises
    ------
    EntryError
        If the plan holds no such open task.
    """
    plan, watch = found.plan, found.watch
    finished = {done.task.id for done in watch.done} if watch else set()
    waiting = [task for task in (plan.tasks if plan else ()) if task.id not in finished]
    for task in waiting:
        if task.id == what:
            return task.id
    same = [task for task in waiting if task.test_id == what]
    inside = [task for task in same if (task.window_start or task.due - BASELINE_LOOK_BACK) <= on <= task.window_end]
    missed = [task for task in same if task.window_end < on]
    if inside or missed:
        return inside[0].id if inside else missed[-1].id
    known = ", ".join(sorted({task.test_id for task in waiting})) or "none; record a course first"
    raise EntryError(
        f"the plan of '{found.person.label}' holds no open task '{what}' for {on}.\n  tests with open tasks: {known}"
    )
