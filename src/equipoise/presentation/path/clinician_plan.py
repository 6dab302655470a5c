"""What monitoring follows if an option is started: the first tasks by date, and what each year asks for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.consultation.document import Option
from equipoise.evidence import Label
from equipoise.person import Sex
from equipoise.presentation.path.view import PathPage
from equipoise.safety.calendar_dates import later
from equipoise.safety.eligibility_document import Eligibility
from equipoise.safety.plan import PlanRequest, plan_monitoring
from equipoise.safety.plan_courses import GivenCourse
from equipoise.safety.plan_document import MonitoringPlan, PlannedTask, StandingKind, TaskKind
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Wording

FIRST_TASKS = 8
"""Tasks that the preview shows; the plan itself has all."""


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """The beginning of a plan.

    Attributes
    ----------
    start
        The first day that was assumed.
    plan
        All of it; ``None`` where the days make no plan.
    refused
        Why not; empty with a plan.
    """

    start: datetime.date
    plan: MonitoringPlan | None
    refused: str = ""

    @property
    def first(self) -> tuple[PlannedTask, ...]:
        """The first tasks."""
        return self.plan.tasks[:FIRST_TASKS] if self.plan is not None else ()

    def years(self, words: Wording) -> tuple[tuple[int, str, str, int, int], ...]:
        """Return what each calendar year asks for: the year, tests, visits for them, treatment days and injections.

        Where the label lays out no more tests and yet names no end, that is said as on the person's own pages: no
        number is made up, and none is not taken for zero.
        """
        if self.plan is None:
            return ()
        last, goes_on = _last_dated(self.plan)
        has_no_end = self.plan.ends_on is None

        def said(count: int, year: int) -> str:
            if not count and has_no_end and (last is None or year > last):
                return words("life.table.open")
            if goes_on and has_no_end and year == last:
                return words("sheet.number.then", first=words.number(count), second=words("sheet.number.not-fixed"))
            return words.number(count)

        return tuple(
            (one.year, said(one.tests, one.year), said(one.visits, one.year), one.treatment_days, one.injections)
            for one in self.plan.burden
        )

    @property
    def n_more(self) -> int:
        """How many tasks follow those."""
        return max(0, len(self.plan.tasks) - FIRST_TASKS) if self.plan is not None else 0


def _last_dated(plan: MonitoringPlan) -> tuple[int | None, bool]:
    """Return the year of the last test that has a day, and whether that test goes on afterwards without one."""
    tests = [task for task in plan.tasks if task.kind is TaskKind.TEST]
    if not tests:
        return None, False
    last = max(tests, key=lambda task: task.due)
    without = {one.id for one in plan.standing if one.kind is StandingKind.NO_INTERVAL}
    return last.due.year, last.entry.id in without


_STATED: Mapping[Sex | None, tuple[frozenset[str], frozenset[str]]] = {
    Sex.WOMAN: (frozenset({"female"}), frozenset()),
    Sex.MAN: (frozenset(), frozenset({"female"})),
    None: (frozenset(), frozenset()),
}


def start_day(page: PathPage, checked: Eligibility) -> datetime.date:
    """Return the day that a plan begins: the one that was typed, no earlier than the label allows, else the first."""
    earliest = checked.earliest_start.not_before
    try:
        typed = datetime.date.fromisoformat(page.state.one("start-day").strip())
    except ValueError:
        return earliest
    return max(typed, earliest)


def plan_of(page: PathPage, option: Option, checked: Eligibility) -> MonitoringPlan:
    """Return the monitoring plan of an option for the person, from the chosen day.

    Raises
    ------
    RequestError
        If that day makes no plan.
    """
    applies, does_not_apply = _STATED[page.state.person.sex]
    label = page.state.evidence.label(option.treatment)
    place = Jurisdiction(page.state.choice.jurisdiction)
    courses = tuple(GivenCourse(day) for day in _first_days(label, place, start_day(page, checked)))
    request = PlanRequest(courses, applies=applies, does_not_apply=does_not_apply)
    return plan_monitoring(label, place, request, evidence_version=page.state.evidence.release.version)


def _first_days(label: Label, place: Jurisdiction, start: datetime.date) -> tuple[datetime.date, ...]:
    """Return the first day of each course that the label lays out at a fixed distance; those it leaves open are none.

    The second course of alemtuzumab is part of the treatment, and the tests are counted from the last one.
    """
    days = [start]
    numbered = [entry for entry in label.current("dosing", place) if "course" in entry.fields]
    for entry in sorted(numbered, key=lambda one: int(one.fields["course"])):
        if (interval := entry.fields.get("interval_from_previous")) and int(entry.fields["course"]) == len(days) + 1:
            days.append(later(days[-1], interval))
    return tuple(days)


def plan_preview(page: PathPage, option: Option, checked: Eligibility) -> PlanPreview:
    """Return the beginning of the monitoring plan of an option.

    Parameters
    ----------
    page
        Who, whose label, and from which day.
    option, checked
        The option, and what its label comes to for the person.
    """
    try:
        return PlanPreview(start_day(page, checked), plan_of(page, option, checked))
    except RequestError as error:
        return PlanPreview(start_day(page, checked), None, str(error))
