"""The list of the morning again after a few entries: whoever they are about is taken out of it and put in anew."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, bindparam, select, union_all

from equipoise.clinic.appending import table_of
from equipoise.clinic.book import Desk
from equipoise.clinic.morning import (
    Morning,
    by_day,
    by_gravity,
    by_seriousness,
    by_silence,
    list_of,
)
from equipoise.clinic.refreshing import is_fresh
from equipoise.clinic.tables import ENTRIES
from equipoise.evidence import Evidence

MOST = 100
"""People about whom a list is renewed; with more, making it anew is as quick."""

Row = TypeVar("Row")


def renewed(desk: Desk, evidence: Evidence, before: Morning, since: int) -> Morning | None:
    """Return the list of the same day as it is now.

    Parameters
    ----------
    desk, evidence
        As for :func:`equipoise.clinic.morning.morning`.
    before
        A list of the day, by the same release of the evidence.
    since
        A number of the audit log that was read before ``before`` was: every later entry counts.

    Returns
    -------
    Morning or None
        ``None`` where entries about too many people were written, or somebody has to be worked out first.

    Notes
    -----
    What was written between the number and the list is looked at once more, which changes nothing.
    """
    with desk.reading() as connection:
        changed = _changed(connection, desk.clinic_id, since)
        if len(changed) > MOST or not is_fresh(connection, desk.clinic_id, changed, evidence, before.on):
            return None
        return _with(before, changed, list_of(connection, desk, evidence, before.on, changed))


def _changed(connection: Connection, clinic_id: str, since: int) -> set[str]:
    asked = {"clinic": clinic_id, "since": since, "most": MOST + 1}
    return set(connection.execute(_CHANGED, asked).scalars())


def _about_since(kind: str) -> Any:
    table = table_of(kind)
    since = bindparam("since", type_=BigInteger)
    return select(table.c.person_id).where(table.c.clinic_id == bindparam("clinic"), table.c.sequence > since)


_ABOUT = union_all(*(_about_since(kind) for kind in ENTRIES if "person_id" in table_of(kind).c)).subquery()
_CHANGED = select(_ABOUT.c.person_id).distinct().limit(bindparam("most"))


def _with(before: Morning, changed: Collection[str], part: Morning) -> Morning:
    """Return a list with what it said of some people replaced by a list of them alone."""
    gone = {label for label, person_id in before.ids.items() if person_id in changed}
    ids = {label: person_id for label, person_id in before.ids.items() if label not in gone}
    put_off = Counter({label: count for label, count in before.put_off.items() if label not in gone})
    stays = [label for label in before.without_plan if label not in gone]
    return replace(
        part,
        ids=ids | dict(part.ids),
        alerts=_merged([told for told in before.alerts if told[0] not in gone], part.alerts, by_gravity),
        overdue=_merged([task for task in before.overdue if task.person not in gone], part.overdue, by_seriousness),
        due=_merged([task for task in before.due if task.person not in gone], part.due, by_day),
        silent=_merged([one for one in before.silent if one.person not in gone], part.silent, by_silence),
        without_plan=_merged(stays, part.without_plan, str),
        put_off=put_off + Counter(part.put_off),
    )


def _merged(rows: list[Row], more: Iterable[Row], key: Callable[[Row], Any]) -> tuple[Row, ...]:
    # one by one: few come in, and looking for their place asks for few keys
    for row in more:
        bisect.insort(rows, row, key=key)
    return tuple(rows)
