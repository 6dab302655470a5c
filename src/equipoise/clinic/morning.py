"""The list of the morning: what is due and overdue, which results nobody has seen, and who has been silent."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Date, bindparam, case, func, select

from equipoise.clinic.book import Desk
from equipoise.clinic.entries import current
from equipoise.clinic.people import people
from equipoise.clinic.refreshing import refresh
from equipoise.clinic.standing import alert_rows, position, task_rows
from equipoise.clinic.tables import OpenAlert, OpenTask, PersonStanding
from equipoise.evidence import Evidence
from equipoise.safety.thresholds import Urgency

__all__ = ["ListedTask", "Morning", "Silent", "morning", "refresh"]
_LEVELS = {"required": 0, "recommended": 1}
_URGENCY = {str(urgency): place for place, urgency in enumerate(Urgency)}


@dataclass(slots=True)  # not frozen: ten thousand of them are made each morning, and freezing triples the time
class ListedTask:
    """A task of the list, or the last of a run of missed ones.

    Attributes
    ----------
    person, task_id, test_id
        Label of the person, and what is to be done.
    due, window_end
        The day, and the last day on which it counts as in time.
    days_overdue
        Days since ``due``; 0 while the window is open.
    missed_in_a_row, last_done
        How many of the series are overdue since it was last done, and when that was.
    is_boxed, level
        How serious: whether a boxed warning of the label names what the test is for, and the label's own word.
    source
        Source and place in it.
    """

    person: str
    task_id: str
    test_id: str
    due: datetime.date
    window_end: datetime.date
    days_overdue: int
    missed_in_a_row: int
    last_done: datetime.date | None
    is_boxed: bool
    level: str
    source: str

    @property
    def gravity(self) -> tuple[int, int, int, int]:
        """What overdue tasks are sorted by, as :attr:`equipoise.safety.watch.Overdue.gravity`."""
        level = _LEVELS.get(self.level, len(_LEVELS))
        return 0 if self.is_boxed else 1, level, -self.missed_in_a_row, -self.days_overdue


@dataclass(frozen=True, slots=True)
class Silent:
    """Someone with missed tests of whom nothing was heard since the first of them was due.

    Attributes
    ----------
    person
        The label.
    since, last_heard
        The day from which something is missing, and the last sign of the person.
    """

    person: str
    since: datetime.date
    last_heard: datetime.date | None


@dataclass(frozen=True, slots=True)
class Morning:
    """The list.

    Attributes
    ----------
    on, clinic
        The day and the clinic.
    people
        How many are in the book.
    alerts
        Person and alert, most urgent first.
    overdue, due
        Gravest first; by day.
    silent
        Longest first.
    without_plan
        People with no course on record: nothing is watched for them.
    snoozed, kept_aside
        How many tasks and alerts are put off, and how many imported rows belong to nobody yet.
    """

    on: datetime.date
    clinic: str
    people: int
    alerts: tuple[tuple[str, Mapping[str, Any]], ...]
    overdue: tuple[ListedTask, ...]
    due: tuple[ListedTask, ...]
    silent: tuple[Silent, ...]
    without_plan: tuple[str, ...]
    snoozed: int
    kept_aside: int


def morning(desk: Desk, evidence: Evidence, on: datetime.date) -> Morning:
    """Return the list of a day.

    Parameters
    ----------
    desk
        Whose clinic; see :func:`refresh`, which is to be called before.
    evidence
        The labels; looked at only for people with entries after ``on``.
    on
        The day.

    Notes
    -----
    The list is read from what was kept ready, which holds for every day from the last entry about a person on. Only
    someone with an entry dated after ``on`` is worked out for that day, so that an earlier day can be looked at.
    """
    with desk.reading() as connection:
        return _morning(connection, desk, evidence, on)


def _morning(connection: Connection, desk: Desk, evidence: Evidence, on: datetime.date) -> Morning:
    mine = {"clinic": desk.clinic_id, "on": on}
    n_people, n_later = connection.execute(_PEOPLE, mine).one()
    rows: list[Sequence[Any]] = list(connection.execute(_TASKS, mine))
    alerts: list[Sequence[Any]] = list(connection.execute(_ALERTS, mine))
    if n_later:
        later = {row[0] for row in connection.execute(_LATER, mine)}
        for person in people(connection, desk.clinic_id):
            if person.id in later:
                found = position(connection, desk.clinic_id, person, evidence, on)
                rows += [_as_row(person.label, found.last_heard, row) for row in task_rows(found)]
                alerts += [tuple(person.label if n == "label" else row[n] for n in _ALERT) for row in alert_rows(found)]
    due, overdue, silent, n_tasks_off = _listed(rows, on)
    seen = [row for row in alerts if row[3] is None or row[3] <= on]
    seen.sort(key=lambda row: (_URGENCY[row[2]], -row[1].toordinal(), row[4]))
    documents = json.loads(f"[{','.join(row[5] for row in seen)}]")  # at once: half the time of one by one
    return Morning(
        on=on,
        clinic=desk.who.clinic,
        people=n_people,
        alerts=tuple(zip((row[0] for row in seen), documents, strict=True)),
        overdue=overdue,
        due=due,
        silent=silent,
        without_plan=tuple(sorted(connection.execute(_WITHOUT_PLAN, mine).scalars())),
        snoozed=n_tasks_off + len(alerts) - len(seen),
        kept_aside=connection.execute(_ASIDE, mine).scalar_one(),
    )


_STANDING, _TASK, _OPEN_ALERT = PersonStanding.__table__.c, OpenTask.__table__.c, OpenAlert.__table__.c
_ASKED = {"clinic": bindparam("clinic"), "on": bindparam("on", type_=Date)}
_COLUMNS = (
    "task_id",
    "test_id",
    "due",
    "window_end",
    "missed",
    "last_done",
    "boxed",
    "level",
    "source",
    "series",
    "snoozed_until",
)
_ALERT = ("label", "on_day", "urgency", "snoozed_until", "alert_id", "document")
# Made once: a statement made anew each morning costs more than its answer. Rows of somebody with entries after the day
# are left out here and worked out for it.
_PEOPLE = select(
    func.count(), func.coalesce(func.sum(case((_STANDING.entries_to > _ASKED["on"], 1), else_=0)), 0)
).where(_STANDING.clinic_id == _ASKED["clinic"])
_LATER = select(_STANDING.person_id).where(_STANDING.clinic_id == _ASKED["clinic"], _STANDING.entries_to > _ASKED["on"])
_WITHOUT_PLAN = select(_STANDING.label).where(_STANDING.clinic_id == _ASKED["clinic"], _STANDING.has_plan == 0)
_TASKS = (
    select(_STANDING.label, _STANDING.last_heard, *(_TASK[name] for name in _COLUMNS))
    .join_from(
        OpenTask.__table__,
        PersonStanding.__table__,
        (_STANDING.clinic_id == _TASK.clinic_id) & (_STANDING.person_id == _TASK.person_id),
    )
    .where(
        _TASK.clinic_id == _ASKED["clinic"],
        _TASK.window_start <= _ASKED["on"],
        _TASK.listed_to >= _ASKED["on"],
        _STANDING.entries_to <= _ASKED["on"],
    )
)
_ALERTS = (
    select(_STANDING.label, *(_OPEN_ALERT[name] for name in _ALERT[1:]))
    .join_from(
        OpenAlert.__table__,
        PersonStanding.__table__,
        (_STANDING.clinic_id == _OPEN_ALERT.clinic_id) & (_STANDING.person_id == _OPEN_ALERT.person_id),
    )
    .where(
        _OPEN_ALERT.clinic_id == _ASKED["clinic"],
        _OPEN_ALERT.on_day <= _ASKED["on"],
        _STANDING.entries_to <= _ASKED["on"],
    )
)
_ASIDE = select(func.count()).select_from(current("unmatched", bindparam("clinic")).order_by(None).subquery())

TaskRow = Sequence[Any]
"""Label, last sign of the person, and ``_COLUMNS``."""


def _as_row(label: str, last_heard: datetime.date | None, row: Mapping[str, Any]) -> TaskRow:
    return (label, last_heard, *(row[name] for name in _COLUMNS))


def _listed(
    rows: Iterable[TaskRow], on: datetime.date
) -> tuple[tuple[ListedTask, ...], tuple[ListedTask, ...], tuple[Silent, ...], int]:
    """Return what is due, what is overdue, who is silent, and how many tasks are put off."""
    due: list[ListedTask] = []
    runs: dict[tuple[str, str], ListedTask] = {}
    heard: dict[str, datetime.date | None] = {}
    n_off = 0
    for label, last, task_id, test_id, day, end, missed, done, boxed, level, source, series, off in rows:
        if off is not None and off > on:
            n_off += 1
        elif end >= on:  # such a row is one task
            due.append(ListedTask(label, task_id, test_id, day, end, 0, 0, done, bool(boxed), level, source))
        else:
            heard[label] = last
            run = runs.get((label, series))
            if run is not None and run.due <= day:
                run.missed_in_a_row += missed
                continue
            in_a_row = missed + (run.missed_in_a_row if run is not None else 0)
            late = (on - day).days
            runs[label, series] = ListedTask(
                label, task_id, test_id, day, end, late, in_a_row, done, bool(boxed), level, source
            )
    since: dict[str, datetime.date] = {}
    for task in runs.values():
        since[task.person] = min(task.due, since.get(task.person, task.due))
    silent = [Silent(label, day, heard[label]) for label, day in since.items() if (heard[label] or _NEVER) < day]
    return (
        tuple(sorted(due, key=lambda task: (task.due, task.person, task.task_id))),
        tuple(sorted(runs.values(), key=lambda task: (task.gravity, task.person, task.task_id))),
        tuple(sorted(silent, key=lambda one: (one.since, one.person))),
        n_off,
    )


_NEVER = datetime.date.min
