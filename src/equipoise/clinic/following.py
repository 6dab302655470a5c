"""From a person's courses to one plan: the rules are those of :mod:`equipoise.safety`, this only asks them."""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from equipoise.clinic.errors import EntryError
from equipoise.clinic.people import Person
from equipoise.evidence import Evidence, Label
from equipoise.safety.plan import PlanRequest, plan_monitoring
from equipoise.safety.plan_courses import GivenCourse, is_given_in_courses
from equipoise.safety.plan_document import MonitoringPlan, StandingKind
from equipoise.safety.plan_readings import CONDITIONAL_TABLES, condition_of, label_conditions
from equipoise.safety.plan_switch import switch_notes, switched
from equipoise.safety.thresholds import Threshold, thresholds
from equipoise.vocabulary.terms import Jurisdiction

AHEAD = datetime.timedelta(days=400)
"""How far ahead tasks without an end are laid out, and how far ahead the book keeps tasks ready."""


@dataclass(frozen=True, slots=True)
class Given:
    """A course, or a stop, as the book holds it.

    Attributes
    ----------
    drug, event
        Id of the label; ``course`` or ``stop``.
    on, last_day
        The day, and the last day of a course where it is known.
    """

    drug: str
    event: str
    on: datetime.date
    last_day: datetime.date | None = None


def plan_of(person: Person, given: Sequence[Given], evidence: Evidence, on: datetime.date) -> MonitoringPlan | None:
    """Return the plan that a person's courses come to; ``None`` without any course.

    Parameters
    ----------
    person
        Jurisdiction and conditions.
    given
        Courses and stops, in any order.
    evidence
        The labels.
    on
        Plans without an end are laid out to a year after this day.

    Notes
    -----
    A drug in courses has one plan for all of them. A drug that goes on has a plan from its last start; earlier times on
    it have ended. Two drugs are two plans read as one: nothing of the first is dropped because the second began.
    """
    plans = []
    for drug in dict.fromkeys(one.drug for one in sorted(given, key=lambda one: one.on) if one.event == "course"):
        label = evidence.labels[drug]
        courses = sorted((one for one in given if (one.drug, one.event) == (drug, "course")), key=lambda one: one.on)
        if not is_given_in_courses(label):
            courses = courses[-1:]
        stops = [one.on for one in given if (one.drug, one.event) == (drug, "stop") and one.on >= courses[-1].on]
        plans.append(
            _plan(
                evidence,
                drug,
                person,
                tuple(GivenCourse(one.on, one.last_day) for one in courses),
                min(stops, default=None),
                # by the year, so that people with the same courses share a plan
                datetime.date(on.year + 2, 12, 31),
            )
        )
    if not plans:
        return None
    whole = plans[0]
    for before, after in itertools.pairwise(plans):
        labels = evidence.labels[before.drugs[0]], evidence.labels[after.drugs[0]]
        whole = switched(whole, after, switch_notes(*labels, person.jurisdiction))
    return whole


def limits_of(plan: MonitoringPlan, evidence: Evidence) -> list[Threshold]:
    """Return the thresholds that the labels of a plan hold."""
    return [limit for drug in plan.drugs for limit in _limits(_Same(evidence.labels[drug]), plan.jurisdiction)]


def conditions_of(plan: MonitoringPlan, evidence: Evidence) -> dict[str, str]:
    """Return the conditions on which tests of a plan's labels hang, each with what the label asks for then."""
    of_each = (label_conditions(evidence.labels[drug], plan.jurisdiction) for drug in plan.drugs)
    return {condition: text for found in of_each for condition, text in found.items()}


def checked_conditions(names: Iterable[str], evidence: Evidence) -> None:
    """Refuse a condition that no label knows: it would be kept and never asked for.

    Raises
    ------
    EntryError
        If there is one.
    """
    known = {
        condition
        for label in evidence.labels.values()
        for entry in label.entries
        if entry.table in CONDITIONAL_TABLES and entry.trust.may_be_shown and (condition := condition_of(entry))
    }
    for name in names:
        if name not in known:
            raise EntryError(f"no label here knows the condition '{name}'.\n  allowed: {', '.join(sorted(known))}")


class _Same:
    """A label, told apart by which object it is: comparing whole labels would cost more than what is kept saves."""

    __slots__ = ("label",)

    def __init__(self, label: Label) -> None:
        self.label = label

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.label is self.label

    def __hash__(self) -> int:
        return id(self.label)


@functools.lru_cache(maxsize=100)
def _limits(of: _Same, jurisdiction: Jurisdiction) -> tuple[Threshold, ...]:
    return thresholds(of.label, jurisdiction)


def _plan(
    evidence: Evidence,
    drug: str,
    person: Person,
    courses: tuple[GivenCourse, ...],
    stopped: datetime.date | None,
    until: datetime.date,
) -> MonitoringPlan:
    request = PlanRequest(
        courses=courses,
        stopped=stopped,
        applies=frozenset(name for name, holds in person.conditions.items() if holds),
        does_not_apply=frozenset(name for name, holds in person.conditions.items() if not holds),
    )
    return _laid_out(_Same(evidence.labels[drug]), person.jurisdiction, request, until, evidence.release.version)


@functools.lru_cache(maxsize=500)
def _laid_out(
    of: _Same, jurisdiction: Jurisdiction, request: PlanRequest, until: datetime.date, version: str
) -> MonitoringPlan:
    """Return a plan; people with the same courses share one, and a new result makes none anew."""
    plan = plan_monitoring(of.label, jurisdiction, request, evidence_version=version)
    goes_on = any(standing.kind is StandingKind.OPEN_END for standing in plan.standing)
    if goes_on and plan.laid_out_to < until:
        plan = plan_monitoring(of.label, jurisdiction, replace(request, until=until), evidence_version=version)
    return plan
