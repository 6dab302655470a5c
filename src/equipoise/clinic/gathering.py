"""Read everything about many people with one question a table, instead of six questions a person."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, bindparam

from equipoise.clinic.entries import current
from equipoise.clinic.following import Given
from equipoise.safety.results import Result

TOGETHER = 200
"""People about whom one question asks; no more than a database takes in one list of parameters."""

_COLUMNS = {
    "course": ("drug", "event", "on_day", "last_day"),
    # in the order of Result
    "result": (
        "analyte",
        "value",
        "unit",
        "taken_on",
        "reference_low",
        "reference_high",
        "laboratory",
        "comparator",
        "id",
    ),
    "done": ("task_id", "on_day"),
    "contact": ("on_day", "reached"),
    "acknowledgement": ("alert_id",),
    "snooze": ("subject_id", "until_day"),
}


@dataclass(slots=True)
class Gathered:
    """The entries about one person that stand now, each list in the order of writing.

    Attributes
    ----------
    given
        Courses and stops.
    results
        What the laboratory reported; the id of each is its entry's.
    done
        Days by id of the task.
    contacts
        Day, and whether the person was reached.
    acknowledged
        Ids of alerts.
    snoozed
        Days by id of task or alert.
    """

    given: list[Given] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    done: dict[str, datetime.date] = field(default_factory=dict)
    contacts: list[tuple[datetime.date, bool]] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    snoozed: dict[str, datetime.date] = field(default_factory=dict)


def gathered(connection: Connection, clinic_id: str, person_ids: Sequence[str]) -> dict[str, Gathered]:
    """Return the entries about each person by pseudonymous id.

    Parameters
    ----------
    connection, clinic_id
        Whose book.
    person_ids
        At the most ``TOGETHER``.
    """
    found = {person_id: Gathered() for person_id in person_ids}

    def rows(kind: str) -> Any:
        return connection.execute(_asked(kind), {"clinic": clinic_id, "persons": list(person_ids)})

    for person_id, *columns in rows("course"):
        found[person_id].given.append(Given(*columns))
    for person_id, *columns in rows("result"):
        found[person_id].results.append(Result(*columns))
    for person_id, task_id, day in rows("done"):
        found[person_id].done[task_id] = day
    for person_id, day, reached in rows("contact"):
        found[person_id].contacts.append((day, bool(reached)))
    for person_id, alert_id in rows("acknowledgement"):
        found[person_id].acknowledged.add(alert_id)
    for person_id, subject_id, until in rows("snooze"):
        found[person_id].snoozed[subject_id] = until
    return found


def courses(connection: Connection, clinic_id: str, person_ids: Sequence[str]) -> dict[str, list[Given]]:
    """Return the courses and stops of at the most ``TOGETHER`` people; nothing else is read."""
    found: dict[str, list[Given]] = {}
    for person_id, *columns in connection.execute(_asked("course"), {"clinic": clinic_id, "persons": list(person_ids)}):
        found.setdefault(person_id, []).append(Given(*columns))
    return found


@functools.cache
def _asked(kind: str) -> Select[Any]:
    # built once: making a statement anew costs more than the database needs to answer it
    query = current(kind, bindparam("clinic"))
    table = query.get_final_froms()[0]
    wanted = query.with_only_columns(table.c.person_id, *(table.c[name] for name in _COLUMNS[kind]))
    return wanted.where(table.c.person_id.in_(bindparam("persons", expanding=True)))
