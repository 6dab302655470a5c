"""The list of the morning: what is due and overdue, which results nobody has seen, and who has been silent."""

from __future__ import annotations

import datetime
import functools
import gc
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Date, bindparam, func, select

from equipoise.clinic.book import Desk
from equipoise.clinic.entries import current
from equipoise.clinic.people import people
from equipoise.clinic.refreshing import refresh
from equipoise.clinic.standing import Position, alert_rows, position, task_rows
from equipoise.clinic.tables import OpenAlert, OpenTasks, PersonStanding
from equipoise.evidence import Evidence
from equipoise.safety.alerts import AlertKind, Gravity, gravity
from equipoise.safety.thresholds import Urgency

__all__ = ["ListedTask", "Morning", "Silent", "morning", "refresh"]
_LEVELS = {"required": 0, "recommended": 1}


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
    ids
        Everybody in the book: pseudonymous ids by label.
    alerts
        Person and alert, most urgent first.
    overdue, due
        Gravest first; by day.
    silent
        Longest first.
    without_plan
        People with no course on record: nothing is watched for them.
    put_off
        How many runs of missed tests, tests and alerts of whom are put off.
    kept_aside
        How many imported rows belong to nobody yet.
    """

    on: datetime.date
    clinic: str
    ids: Mapping[str, str]
    alerts: tuple[tuple[str, Mapping[str, Any]], ...]
    overdue: tuple[ListedTask, ...]
    due: tuple[ListedTask, ...]
    silent: tuple[Silent, ...]
    without_plan: tuple[str, ...]
    put_off: Mapping[str, int]
    kept_aside: int

    @property
    def people(self) -> int:
        """How many are in the book."""
        return len(self.ids)

    @property
    def snoozed(self) -> int:
        """How much is put off."""
        return sum(self.put_off.values())


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
    with desk.reading() as connection, _undisturbed():
        return list_of(connection, desk, evidence, on)


def list_of(
    connection: Connection, desk: Desk, evidence: Evidence, on: datetime.date, only: Collection[str] | None = None
) -> Morning:
    """Return the list of a day within a transaction, of everybody or ``only`` of some pseudonymous ids."""
    mine = {"clinic": desk.clinic_id, "on": on} | ({} if only is None else {"persons": list(only)})
    of_people, of_tasks, of_alerts = _OF_ALL if only is None else _OF_SOME
    standings = connection.execute(of_people, mine).all()
    known = {person_id: (label, last) for person_id, label, last, entries_to, _ in standings if entries_to <= on}
    tasks: list[Sequence[Any]] = list(connection.execute(of_tasks, mine).all())
    alerts: list[Sequence[Any]] = list(connection.execute(of_alerts, mine).all())
    if len(known) < len(standings):  # whoever has entries after the day is worked out for it
        tasks, alerts = ([row for row in rows if row[0] in known] for rows in (tasks, alerts))
        for found in _on_the_day(connection, desk, evidence, on, {row.person_id for row in standings} - known.keys()):
            known[found.person.id] = (found.person.label, found.last_heard)
            tasks += [(found.person.id, *(row[name] for name in _TASK_COLUMNS)) for row in task_rows(found)]
            alerts += [(found.person.id, *(row[name] for name in _ALERT_COLUMNS)) for row in alert_rows(found)]
    listed = _listed(tasks, known, on)
    seen = []
    for row in alerts:
        if row[3] is None or row[3] <= on:
            seen.append(row)
        else:
            listed.put_off[known[row[0]][0]] += 1
    documents = json.loads(f"[{','.join(row[5] for row in seen)}]")  # at once: half the time of one by one
    told = [(known[row[0]][0], document) for row, document in zip(seen, documents, strict=True)]
    return Morning(
        on=on,
        clinic=desk.who.clinic,
        ids={row[1]: row[0] for row in standings},
        alerts=tuple(sorted(told, key=by_gravity)),
        overdue=tuple(sorted(listed.overdue, key=by_seriousness)),
        due=tuple(sorted(listed.due, key=by_day)),
        silent=tuple(sorted(listed.silent, key=by_silence)),
        without_plan=tuple(sorted(row.label for row in standings if not row.has_plan)),
        put_off=listed.put_off,
        kept_aside=connection.execute(_ASIDE, mine).scalar_one(),
    )


def by_seriousness(task: ListedTask) -> tuple[Any, ...]:
    """Sort overdue tasks, gravest first."""
    return task.gravity, task.person, task.task_id


def by_day(task: ListedTask) -> tuple[Any, ...]:
    """Sort due tasks, the earliest first."""
    return task.due, task.person, task.task_id


def by_silence(one: Silent) -> tuple[Any, ...]:
    """Sort silent people, the longest first."""
    return one.since, one.person


def by_gravity(told: tuple[str, Mapping[str, Any]]) -> Gravity:
    """Sort alerts, most urgent first."""
    person, alert = told
    return gravity(
        AlertKind(alert["kind"]),
        Urgency(alert["urgency"]),
        Urgency(alert["may_be"]) if alert["may_be"] else None,
        alert["times_beyond"] or 0.0,
        datetime.date.fromisoformat(alert["taken_on"]),
        f"{person} {alert['id']}",
    )


def _on_the_day(
    connection: Connection, desk: Desk, evidence: Evidence, on: datetime.date, wanted: Set[str]
) -> Iterator[Position]:
    for person in people(connection, desk.clinic_id):
        if person.id in wanted:
            yield position(connection, desk.clinic_id, person, evidence, on)


_STANDING, _TASK, _OPEN_ALERT = PersonStanding.__table__.c, OpenTasks.__table__.c, OpenAlert.__table__.c
_ASKED = {"clinic": bindparam("clinic"), "on": bindparam("on", type_=Date)}
_TASK_COLUMNS = ("due", "window_end", "missed", "last_done", "snoozed_until", "tasks")
_ALERT_COLUMNS = ("on_day", "urgency", "snoozed_until", "alert_id", "document")
# Made once: a statement made anew each morning costs more than its answer. And without a join: looking up a person for
# each of fifteen thousand rows takes a database longer than handing over five thousand people.
_PEOPLE = select(*(_STANDING[name] for name in ("person_id", "label", "last_heard", "entries_to", "has_plan"))).where(
    _STANDING.clinic_id == _ASKED["clinic"]
)
_TASKS = select(_TASK.person_id, *(_TASK[name] for name in _TASK_COLUMNS)).where(
    _TASK.clinic_id == _ASKED["clinic"], _TASK.window_start <= _ASKED["on"], _TASK.listed_to >= _ASKED["on"]
)
_ALERTS = select(_OPEN_ALERT.person_id, *(_OPEN_ALERT[name] for name in _ALERT_COLUMNS)).where(
    _OPEN_ALERT.clinic_id == _ASKED["clinic"], _OPEN_ALERT.on_day <= _ASKED["on"]
)
_ASIDE = select(func.count()).select_from(current("unmatched", bindparam("clinic")).order_by(None).subquery())
_ONLY: BindParameter[str] = bindparam("persons", expanding=True)
_OF_ALL = (_PEOPLE, _TASKS, _ALERTS)
_OF_SOME = (
    _PEOPLE.where(_STANDING.person_id.in_(_ONLY)),
    _TASKS.where(_TASK.person_id.in_(_ONLY)),
    _ALERTS.where(_OPEN_ALERT.person_id.in_(_ONLY)),
)

Known = Mapping[str, tuple[str, datetime.date | None]]
"""Label and last sign of people, by pseudonymous id."""


class _Listed(NamedTuple):
    due: list[ListedTask]
    overdue: Collection[ListedTask]
    silent: list[Silent]
    put_off: Counter[str]


def _listed(rows: Sequence[Sequence[Any]], known: Known, on: datetime.date) -> _Listed:
    """Sort rows of pseudonymous id and ``_TASK_COLUMNS`` into the sections of the list."""
    due: list[ListedTask] = []
    runs: dict[tuple[str, str], ListedTask] = {}
    heard: dict[str, datetime.date | None] = {}
    read = functools.cache(json.loads)  # people with courses on the same days of a month share their texts
    resting, put_off = _put_off(rows, known, on, read)
    for person_id, day, end, missed, done, off, text in rows:
        if off is not None and off > on:
            continue
        tasks, (label, last) = read(text), known[person_id]
        if end >= on:  # such a task is not a run
            for task_id, _series, test_id, is_boxed, level, source in tasks:
                due.append(ListedTask(label, task_id, test_id, day, end, 0, 0, done, is_boxed, level, source))
            continue
        late = (on - day).days
        for task_id, series, test_id, is_boxed, level, source in tasks:
            if (label, series) in resting:
                continue
            heard[label] = last
            run = runs.get((label, series))
            if run is not None and run.due <= day:
                run.missed_in_a_row += missed
                continue
            in_a_row = missed + (run.missed_in_a_row if run is not None else 0)
            runs[label, series] = ListedTask(
                label, task_id, test_id, day, end, late, in_a_row, done, is_boxed, level, source
            )
    since: dict[str, datetime.date] = {}
    for task in runs.values():
        since[task.person] = min(task.due, since.get(task.person, task.due))
    silent = [Silent(label, day, heard[label]) for label, day in since.items() if (heard[label] or _NEVER) < day]
    return _Listed(due, runs.values(), silent, put_off)


def _put_off(
    rows: Iterable[Sequence[Any]], known: Known, on: datetime.date, read: Callable[[str], Any]
) -> tuple[set[tuple[str, str]], Counter[str]]:
    """Return which runs of missed tests are put off, and how much of whom is.

    A run is one line of the list, so it is put off as one: else its next test would take the line the same morning.
    """
    resting: set[tuple[str, str]] = set()
    count: Counter[str] = Counter()
    for person_id, _day, end, _missed, _done, off, text in rows:
        if off is not None and off > on:
            label, tasks = known[person_id][0], read(text)
            if end >= on:
                count[label] += len(tasks)
            else:
                resting.update((label, series) for _task, series, *_ in tasks)
    count.update(label for label, _ in resting)
    return resting, count


_NEVER = datetime.date.min


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the collector of cycles from running: a list holds none, and each walk over all evidence takes 70 ms.

    Threads may do this at the same time: the collector is on again when the one that turned it off is done.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
