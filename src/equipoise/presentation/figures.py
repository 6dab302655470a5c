"""From a consultation to pictures: which numbers go into which drawing, with their ids."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.consultation import Consultation
from equipoise.consultation.document import Option, OutcomeSection, TrialResult
from equipoise.presentation.frequencies import natural_frequency
from equipoise.presentation.pictures import (
    Band,
    Event,
    IconArrays,
    IconGroup,
    Lane,
    Timeline,
    forest_plot,
    forest_table,
    icon_arrays,
    icon_arrays_table,
    timeline_chart,
    timeline_table,
)
from equipoise.presentation.plain_words import span
from equipoise.presentation.trial_forest import trial_forest
from equipoise.safety.schedule import Course, Task
from equipoise.vocabulary.estimate import Estimate
from equipoise.wording import wording


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with the same numbers as a table."""

    title: str
    picture: Markup
    table: Markup


@dataclass(frozen=True, slots=True)
class Figures:
    """Draws what a page of a consultation shows.

    Attributes
    ----------
    sitting
        The document.
    trace_url
        Address of a trace with ``{id}`` in it.
    """

    sitting: Consultation
    trace_url: str | None

    def people(self, section: OutcomeSection, result: TrialResult) -> Figure | None:
        """Draw a share of people under each option; ``None`` unless both are shares."""
        first, second = result.arms
        if first is None or second is None or not (first.measure.is_proportion and second.measure.is_proportion):
            return None
        outcome = section.outcome
        title = f"{result.trial.short_name}: people who {outcome.event}, {span(result.timepoint_months)}"
        groups = tuple(_group(option, arm) for option, arm in zip(self.sitting.options, (first, second), strict=True))
        arrays = IconArrays(
            identifier("people", outcome.id, result.trial.id, span(result.timepoint_months)),
            title,
            groups,
            outcome.event,
            outcome.complement,
            interval_name="ninety-five percent confidence interval",
            trace_url=self.trace_url,
        )
        return Figure(title, icon_arrays(arrays), icon_arrays_table(arrays))

    def forest(self, section: OutcomeSection) -> Figure | None:
        """Draw every comparison of an outcome on one axis, trials first; ``None`` with fewer than two to draw."""
        plot = trial_forest(self.sitting, section, self.trace_url, wording(), span)
        return None if plot is None else Figure(plot.title, forest_plot(plot), forest_table(plot))

    def timeline(self) -> Figure:
        """Draw what the years look like under each label."""
        first, second = self.sitting.options
        title = f"What the years look like as planned: {first.treatment.name} and {second.treatment.name}"
        years = max(len(option.plan.years) for option in self.sitting.options)
        chart = Timeline("years", title, (_lane(first), _lane(second)), years, trace_url=self.trace_url)
        return Figure(title, timeline_chart(chart), timeline_table(chart))


def identifier(*parts: str) -> str:
    """Return an id for the markup from words."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def _group(option: Option, arm: Estimate) -> IconGroup:
    counted = natural_frequency(arm)
    return IconGroup(option.treatment.name, arm.value, counted.low, counted.high, arm.id)


def _lane(option: Option) -> Lane:
    plan = option.plan
    events: list[Event] = []
    bands: list[Band] = []
    events += [_course(option, course) for course in plan.courses]
    for dose in plan.repeated:
        row = _first_number(option, dose.task)
        if row is not None:
            regular = dose.in_year(2)
            first = f"{row.value:g} in the first year, then " if row.value != regular else ""
            text = f"{first}{regular:g} a year"
            bands.append(Band(_DOSES[dose.task], 0, math.inf, text, estimate_id=row.id))
    months = sorted({m for test in plan.tests if test.is_blood_or_urine and not test.condition for m in test.months})
    tests = _first_number(option, Task.TEST)
    if months and tests is not None:
        goes_on_unstated = any(t.is_blood_or_urine and t.months and t.interval_text for t in plan.tests)
        text = "then with no interval stated by the label" if goes_on_unstated else ""
        events.append(Event("Blood or urine tests", tuple(months), text, "tick", estimate_id=tests.id, rank=1))
    return Lane(option.treatment.name, tuple(events), tuple(bands))


_DOSES = {
    Task.INFUSION_DAY: "Infusions",
    Task.INJECTION: "Injections",
    Task.TABLET_DAY: "Days with tablets",
}


_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")


def _course(option: Option, course: Course) -> Event:
    numbers = [
        row.per_year
        for row in option.plan_rows
        if any(n is not None and n.outcome_id != "schedule-test" for n in row.per_year)
    ]
    year = int(course.start_month // 12)
    number = numbers[0][year] if numbers else None
    name = f"{_ORDINALS[course.number - 1]} course"
    return Event(name, (course.start_month,), "", "square", (f"{course.days} days",), number.id if number else None)


def _first_number(option: Option, task: Task) -> Estimate | None:
    outcome = f"schedule-{task}"
    return next(
        (n for row in option.plan_rows for n in row.per_year if n is not None and n.outcome_id == outcome), None
    )
