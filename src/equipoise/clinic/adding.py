"""Add a person together with the courses of a drug: all of it or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from equipoise.clinic.book import Desk
from equipoise.clinic.following import checked_conditions
from equipoise.clinic.people import Person, add_to
from equipoise.clinic.recording import checked_day
from equipoise.clinic.standing import work_out
from equipoise.evidence import Evidence
from equipoise.vocabulary.terms import Jurisdiction


def add_with_courses(
    desk: Desk,
    label: str,
    *,
    jurisdiction: Jurisdiction,
    name: str,
    conditions: Mapping[str, bool],
    drug: str,
    days: Sequence[datetime.date],
    evidence: Evidence,
    today: datetime.date,
) -> Person:
    """Add a person and the first days of courses, in one transaction.

    Parameters
    ----------
    desk
        Who adds, to which clinic.
    label, jurisdiction, name, conditions
        As for :func:`equipoise.clinic.people.add_person`.
    drug, days
        A treatment and its courses; both may be empty.
    evidence, today
        The labels, and the day.

    Raises
    ------
    EntryError
        If the label is taken, a day cannot be, or no label knows a condition.
    RequestError
        If the days make no plan; nobody is added then.
    """
    checked_conditions(conditions, evidence)
    drug_id = evidence.option(drug).drug_id if drug else ""
    for on in days:
        checked_day(on, today, "course", may_be_ahead=True)
    with desk.writing() as to:
        person = add_to(to, label, jurisdiction=jurisdiction, name=name, conditions=conditions)
        given = {"person_id": person.id, "drug": drug_id, "event": "course", "last_day": None}
        to.append_all("course", [{**given, "on_day": on} for on in days])
        work_out(to.connection, desk.clinic_id, person, evidence, today)
    return person
