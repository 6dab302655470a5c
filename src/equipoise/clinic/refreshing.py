"""Bring what is kept ready for the morning list up to date, for those only about whom something changed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection

from sqlalchemy import Connection, Date, bindparam, select

from equipoise.clinic import engine as databases
from equipoise.clinic.book import Desk
from equipoise.clinic.entries import current
from equipoise.clinic.gathering import TOGETHER
from equipoise.clinic.people import Person, person_of
from equipoise.clinic.standing import KEPT_FOR, kept_by, work_out_all
from equipoise.clinic.tables import PersonStanding
from equipoise.evidence import Evidence


def refresh(
    desk: Desk, evidence: Evidence, today: datetime.date, progress: Callable[[int, int], None] = lambda _n, _of: None
) -> int:
    """Work out anew whoever's standing is missing, old, or from another release of the evidence or of the rules.

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
    for start in range(0, len(stale), TOGETHER):
        with databases.writing(desk.book.engine) as connection:
            work_out_all(connection, desk.clinic_id, stale[start : start + TOGETHER], evidence, today)
        progress(min(start + TOGETHER, len(stale)), len(stale))
    return len(stale)


def is_fresh(
    connection: Connection, clinic_id: str, person_ids: Collection[str], evidence: Evidence, today: datetime.date
) -> bool:
    """Whether what was worked out for every one of some people still holds."""
    asked = {"clinic": clinic_id, "release": kept_by(evidence), "after": today - KEPT_FOR, "persons": list(person_ids)}
    return connection.execute(_STALE_OF, asked).first() is None


def _stale(connection: Connection, clinic_id: str, evidence: Evidence, today: datetime.date) -> list[Person]:
    asked = {"clinic": clinic_id, "release": kept_by(evidence), "after": today - KEPT_FOR}
    return [person_of(row) for row in connection.execute(_STALE, asked)]


_EVERYBODY = current("person", bindparam("clinic"))
_PERSON = _EVERYBODY.get_final_froms()[0]
_FRESH = PersonStanding.__table__.c
_STALE = _EVERYBODY.where(
    ~select(_FRESH.person_id)
    .where(
        _FRESH.clinic_id == bindparam("clinic"),
        _FRESH.person_id == _PERSON.c.person_id,
        _FRESH.release == bindparam("release"),
        _FRESH.worked_out_on > bindparam("after", type_=Date),
    )
    .exists()
)
_STALE_OF = _STALE.where(_PERSON.c.person_id.in_(bindparam("persons", expanding=True)))
