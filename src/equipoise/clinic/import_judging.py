"""Which rows of an import nobody could call normal or not: told by a look, before they stand in the morning list."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam

from equipoise.clinic.entries import current
from equipoise.clinic.following import limits_of, plan_of
from equipoise.clinic.gathering import TOGETHER, courses
from equipoise.clinic.people import person_of
from equipoise.evidence import Evidence
from equipoise.safety.alerts import AlertKind, alerts
from equipoise.safety.plan_document import MonitoringPlan
from equipoise.safety.results import Result
from equipoise.safety.thresholds import Threshold

NOTHING_WATCHED = "Nothing is watched: no course on record."
"""Said of every result of somebody without a course: nothing is held against anything."""


@dataclass
class Judging:
    """What results of a file could be held against, person by person.

    Attributes
    ----------
    evidence
        The labels.
    on
        Today.
    """

    evidence: Evidence
    on: datetime.date
    _watched: dict[str, tuple[MonitoringPlan, Sequence[Threshold]] | None] = field(default_factory=dict)

    def meet(self, connection: Connection, clinic_id: str, person_ids: Iterable[str]) -> None:
        """Read what people are watched for, of whom nothing was read before."""
        new = sorted(set(person_ids) - self._watched.keys())
        for start in range(0, len(new), TOGETHER):
            part = new[start : start + TOGETHER]
            given = courses(connection, clinic_id, part)
            for row in connection.execute(_PEOPLE, {"clinic": clinic_id, "persons": part}):
                person = person_of(row)
                plan = plan_of(person, given.get(person.id, ()), self.evidence, self.on)
                self._watched[person.id] = None if plan is None else (plan, limits_of(plan, self.evidence))

    def why_not(self, person_id: str, result: Result) -> str:
        """Return why nobody could say whether a result is normal, in the words of the alert; empty where somebody can.

        The result is looked at by itself. Whether the list will tell it depends on what else stands in the book: of
        results that cannot be judged it tells the newest of each test.
        """
        watched = self._watched[person_id]
        if watched is None:
            return NOTHING_WATCHED
        if result.reference_high and not result.comparator:
            return ""  # nearly every row: a number and an upper limit can always be held against one another
        plan, limits = watched
        told, _ = alerts(plan, limits, [result], self.on)
        return " ".join(alert.text for alert in told if alert.kind is AlertKind.CANNOT_JUDGE)


_ASKED = current("person", bindparam("clinic"))
_PEOPLE = _ASKED.where(_ASKED.get_final_froms()[0].c.person_id.in_(bindparam("persons", expanding=True)))
