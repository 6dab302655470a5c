"""The list of the morning: what is due and overdue, which results nobody has seen, and who has been silent."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from equipoise.clinic import engine as databases
from equipoise.clinic.book import Desk
from equipoise.clinic.entries import current
from equipoise.clinic.people import Person, people
from equipoise.clinic.standing import KEPT_FOR, alert_rows, position, task_rows, work_out
from equipoise.clinic.tables import OpenAlert, OpenTask, PersonStanding
from equipoise.evidence import Evidence
from equipoise.safety.thresholds import Urgency

_LEVELS = {"required": 0, "recommended": 1}
_URGENCY = {str(urgency): place for place, urgency in enumerate(Urgency)}
_TOGETHER = 200
"""People whose standing is worked out in one transaction: about a second for which others wait."""


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


def refresh(
    desk: Desk, evidence: Evidence, today: datetime.date, progress: Callable[[int, int], None] = lambda _n, _of: None
) -> int:
    """Work out anew whoever's standing is missing, old, or from another release of the evidence.

    Parameters
    ----------
    desk, evidence, today
        Whose book, by which labels, on which day.
    progress
        Told how many are done, and of how many.

    Returns
    -------
    int
        How many.

    Notes
    -----
    What is worked out is no entry: reading users may have it done too.
    """
    with desk.reading() as connection:
        stale = _stale(connection, desk.clinic_id, evidence, today)
    for start in range(0, len(stale), _TOGETHER):
        with databases.writing(desk.book.engine) as connection:
            for person in stale[start : start + _TOGETHER]:
                work_out(connection, desk.clinic_id, person, evidence, today)
        progress(min(start + _TOGETHER, len(stale)), len(stale))
    return len(stale)


def _stale(connection: Connection, clinic_id: str, evidence: Evidence, today: datetime.date) -> list[Person]:
    fresh = select(PersonStanding.person_id).where(
        PersonStanding.clinic_id == clinic_id,
        PersonStanding.release == evidence.release.version,
        PersonStanding.worked_out_on > today - KEPT_FOR,
    )
    known = set(connection.execute(fresh).scalars())
    everybody = current("person", clinic_id)
    ids = everybody.with_only_columns(everybody.selected_columns.person_id)
    if set(connection.execute(ids).scalars()) <= known:
        return []
    return [person for person in people(connection, clinic_id) if person.id not in known]


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
    mine = PersonStanding.clinic_id == desk.clinic_id
    standings = {row.person_id: row for row in connection.execute(select(PersonStanding.__table__).where(mine))}
    later = {person_id for person_id, row in standings.items() if row.entries_to > on}
    tasks = _tasks(connection, desk.clinic_id, on)
    alerts = _alerts(connection, desk.clinic_id, on)
    labels = {person_id: row.label for person_id, row in standings.items()}
    heard = {person_id: row.last_heard for person_id, row in standings.items()}
    if later:
        tasks = [row for row in tasks if row["person_id"] not in later]
        alerts = [row for row in alerts if row["person_id"] not in later]
        for person in people(connection, desk.clinic_id):
            if person.id in later:
                found = position(connection, desk.clinic_id, person, evidence, on)
                tasks += [{"person_id": person.id, **row} for row in task_rows(found) if row["window_start"] <= on]
                alerts += [{"person_id": person.id, **row} for row in alert_rows(found)]
                heard[person.id] = found.last_heard
    awake = [row for row in tasks if not row["snoozed_until"] or row["snoozed_until"] <= on]
    seen = [row for row in alerts if not row["snoozed_until"] or row["snoozed_until"] <= on]
    due, overdue = _listed(awake, labels, on)
    ranked = sorted(seen, key=lambda row: (_URGENCY[row["urgency"]], -row["on_day"].toordinal(), row["alert_id"]))
    aside = current("unmatched", desk.clinic_id)
    return Morning(
        on=on,
        clinic=desk.who.clinic,
        people=len(standings),
        alerts=tuple((labels[row["person_id"]], json.loads(row["document"])) for row in ranked),
        overdue=overdue,
        due=due,
        silent=_silent(awake, labels, heard, on),
        without_plan=tuple(sorted(row.label for row in standings.values() if not row.has_plan)),
        snoozed=len(tasks) - len(awake) + len(alerts) - len(seen),
        kept_aside=len(connection.execute(aside.with_only_columns(aside.selected_columns.id)).all()),
    )


def _tasks(connection: Connection, clinic_id: str, on: datetime.date) -> list[dict[str, Any]]:
    table = OpenTask.__table__.c
    query = select(*(table[name] for name in _NEEDED)).where(
        table.clinic_id == clinic_id, table.window_start <= on, table.listed_to >= on
    )
    return _plain(connection, query)


_NEEDED = (
    "person_id",
    "task_id",
    "test_id",
    "series",
    "level",
    "boxed",
    "missed",
    "due",
    "window_end",
    "last_done",
    "snoozed_until",
    "source",
)


def _plain(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


def _alerts(connection: Connection, clinic_id: str, on: datetime.date) -> list[dict[str, Any]]:
    table = OpenAlert.__table__.c
    query = select(OpenAlert.__table__).where(table.clinic_id == clinic_id, table.on_day <= on)
    return _plain(connection, query)


def _listed(
    rows: Iterable[Mapping[str, Any]], labels: Mapping[str, str], on: datetime.date
) -> tuple[tuple[ListedTask, ...], tuple[ListedTask, ...]]:
    due = [_task(row, labels, on, 0) for row in rows if row["window_end"] >= on]  # such a row is one task
    runs: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["window_end"] < on:
            runs.setdefault((row["person_id"], row["series"]), []).append(row)
    overdue = []
    for run in runs.values():
        first = min(run, key=lambda row: row["due"])
        overdue.append(_task(first, labels, on, sum(row["missed"] for row in run)))
    return (
        tuple(sorted(due, key=lambda task: (task.due, task.person, task.task_id))),
        tuple(sorted(overdue, key=lambda task: (task.gravity, task.person, task.task_id))),
    )


def _task(row: Mapping[str, Any], labels: Mapping[str, str], on: datetime.date, missed: int) -> ListedTask:
    return ListedTask(
        person=labels[row["person_id"]],
        task_id=row["task_id"],
        test_id=row["test_id"],
        due=row["due"],
        window_end=row["window_end"],
        days_overdue=(on - row["due"]).days if missed else 0,
        missed_in_a_row=missed,
        last_done=row["last_done"],
        is_boxed=bool(row["boxed"]),
        level=row["level"],
        source=row["source"],
    )


def _silent(
    rows: Iterable[Mapping[str, Any]],
    labels: Mapping[str, str],
    heard: Mapping[str, datetime.date | None],
    on: datetime.date,
) -> tuple[Silent, ...]:
    since: dict[str, datetime.date] = {}
    for row in rows:
        if row["window_end"] < on:
            since[row["person_id"]] = min(row["due"], since.get(row["person_id"], datetime.date.max))
    found = []
    for person_id, day in since.items():
        last = heard[person_id]
        if last is None or last < day:
            found.append(Silent(labels[person_id], day, last))
    return tuple(sorted(found, key=lambda one: (one.since, one.person)))
