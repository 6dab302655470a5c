"""From one drug to another: two plans as one."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.evidence import Label
from equipoise.safety.plan_burden import COUNTED
from equipoise.safety.plan_document import Burden, MonitoringPlan, Standing, StandingKind, in_order
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction


def switched(before: MonitoringPlan, after: MonitoringPlan, notes: Sequence[Standing] = ()) -> MonitoringPlan:
    """Return one plan for two drugs, one after the other: what the first still asks for goes on beside the second.

    Parameters
    ----------
    before, after
        The plan of the drug that was left, made with its last day, and that of the drug that follows.
    notes
        What the labels say about the switch.

    Raises
    ------
    RequestError
        If the two plans are for different jurisdictions.
    """
    if before.jurisdiction is not after.jurisdiction:
        raise RequestError(
            f"one plan cannot follow two labels: found {before.jurisdiction} and {after.jurisdiction}.\n"
            "  allowed: the same jurisdiction for both drugs"
        )
    known = [plan.ends_on for plan in (before, after) if plan.ends_on is not None]
    tasks = sorted((*before.tasks, *after.tasks), key=in_order)
    return MonitoringPlan(
        drugs=(*before.drugs, *after.drugs),
        jurisdiction=before.jurisdiction,
        courses=(*before.courses, *after.courses),
        tasks=tuple(tasks),
        ends_on=max(known, default=None),
        laid_out_to=max(before.laid_out_to, after.laid_out_to),
        standing=(*before.standing, *after.standing, *notes),
        periods=tuple(sorted((*before.periods, *after.periods), key=lambda period: (period.starts, period.id))),
        watch=(*before.watch, *after.watch),
        burden=_together(before, after),
        evidence_version=after.evidence_version,
        boxed_tests=before.boxed_tests | after.boxed_tests,
    )


def switch_notes(before: Label, after: Label, jurisdiction: Jurisdiction) -> tuple[Standing, ...]:
    """Return what the labels of two drugs say about going from one to the other."""
    entries = [*before.current("switching", jurisdiction), *after.current("switching", jurisdiction)]
    return tuple(
        Standing(entry.id, StandingKind.SWITCH, "", entry.text, "What the labels say about switching.", entry)
        for entry in {entry.id: entry for entry in entries}.values()
    )


def _together(before: MonitoringPlan, after: MonitoringPlan) -> tuple[Burden, ...]:
    items = (*before.burden, *after.burden)
    tasks = (*before.tasks, *after.tasks)
    return tuple(
        Burden(
            year=year,
            tests=sum(item.tests for item in items if item.year == year),
            # Not the sum: a day on which both drugs ask for a test is one visit.
            visits=len({task.due for task in tasks if task.due.year == year and task.kind in COUNTED}),
            treatment_days=sum(item.treatment_days for item in items if item.year == year),
            injections=sum(item.injections for item in items if item.year == year),
        )
        for year in sorted({item.year for item in items})
    )
