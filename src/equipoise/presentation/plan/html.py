"""A plan to print and put on the fridge: one page a year, 12 point, black on white, nothing loaded from elsewhere."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.presentation.html import environment
from equipoise.presentation.pictures.timeline import Band, Event, Lane, Timeline
from equipoise.presentation.pictures.timeline_drawing import timeline_chart
from equipoise.presentation.plan.days import appointments
from equipoise.presentation.plan.terminal import TABLE, ending, period_text, standing_text, watch_text
from equipoise.safety.plan_document import MonitoringPlan, TaskKind

_DAYS_A_MONTH = 365.25 / 12
_MOST_YEARS = 20


@dataclass(frozen=True, slots=True)
class _Row:
    day: str
    what: str
    until: str


@dataclass(frozen=True, slots=True)
class _Year:
    number: int
    items: tuple[_Row, ...]


def render_plan(plan: MonitoringPlan, name: str) -> str:
    """Return a plan as one HTML file.

    Parameters
    ----------
    plan
        The plan.
    name
        Name of the treatment.
    """
    found = appointments(plan)
    years = [
        _Year(year, tuple(_Row(said(a.due), a.in_short, said(a.window_end)) for a in found if a.due.year == year))
        for year in sorted({a.due.year for a in found})
    ]
    entries = {task.entry.id: task.entry for task in plan.tasks}
    return (
        environment()
        .get_template("plan.html")
        .render(
            title=f"My tests: {name}",
            ending=ending(plan),
            watch=[watch_text(item) for item in plan.watch],
            periods=[period_text(item) for item in plan.periods],
            standing=[standing_text(item) for item in plan.standing],
            columns=list(TABLE.values()),
            burden=[(b.year, b.tests, b.visits, b.treatment_days, b.injections) for b in plan.burden],
            picture=picture(plan, name),
            years=years,
            sources=[f"{e.id}: {e.text} [{e.source.source_id}, {e.source.locator}]" for e in entries.values()],
            evidence=plan.evidence_version,
        )
    )


def said(day: datetime.date) -> str:
    """A day as it is said, such as Mon 4 March; the year heads the page."""
    return f"{day:%a} {day.day} {day:%B}"


def picture(plan: MonitoringPlan, name: str) -> Markup:
    """Draw the plan on an axis of years from the first dose; empty where there is nothing to draw."""
    first = plan.courses[0].first_dose

    def month(day: datetime.date) -> float:
        return max(0.0, round((day - first).days / _DAYS_A_MONTH, 2))

    def months(*kinds: TaskKind) -> tuple[float, ...]:
        return tuple(sorted({month(task.due) for task in plan.tasks if task.kind in kinds}))

    events = [Event("Start of treatment", tuple(sorted({month(c.first_dose) for c in plan.courses})), mark="square")]
    if tests := months(TaskKind.TEST):
        events.append(Event("Tests", tests, rank=1))
    end = month(plan.ends_on) if plan.ends_on is not None else month(plan.laid_out_to)
    bands = (Band("Looking out for signs", 0, float("inf"), style="hatched", rank=2),) if plan.watch else ()
    years = min(_MOST_YEARS, int(end // 12) + 1)
    return timeline_chart(
        Timeline("plan", f"Years with {name}", (Lane(name, tuple(events), bands),), years, trace_url=None)
    )
