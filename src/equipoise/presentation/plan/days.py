"""A plan by days: what falls on one day together, in words for the person."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.safety.monitoring_tests import plain_name
from equipoise.safety.plan_document import MonitoringPlan, PlannedTask, TaskKind

_GROUPS = {
    TaskKind.VACCINE: "vaccine",
    TaskKind.BASELINE: "before",
    TaskKind.TREATMENT_DAY: "treatment",
    TaskKind.PREMEDICATION: "treatment",
    TaskKind.AT_TREATMENT: "treatment",
    TaskKind.TEST: "test",
    TaskKind.SELF_CHECK: "test",
}


@dataclass(frozen=True, slots=True)
class Appointment:
    """Tasks that are done in one go.

    Attributes
    ----------
    key
        Stable name: the drug, the step from the anchor and the sort. It stays when the day moves.
    due, window_start, window_end
        The day, and the days that all of its tasks count on.
    tasks
        What is done.
    """

    key: str
    due: datetime.date
    window_start: datetime.date | None
    window_end: datetime.date
    tasks: tuple[PlannedTask, ...]

    @property
    def what(self) -> str:
        """What is done, in words for the person, each once: ``Blood count, urine test``."""
        return _listed(self.tasks)

    @property
    def in_short(self) -> str:
        """The same for a printed page: what the hospital does on a day of treatment is left to the hospital."""
        days = [task for task in self.tasks if task.kind is TaskKind.TREATMENT_DAY]
        return _listed(days or self.tasks)


def _listed(tasks: Sequence[PlannedTask]) -> str:
    text = ", ".join(dict.fromkeys(plain_name(task.test_id) for task in tasks))
    return text[:1].upper() + text[1:]


def appointments(plan: MonitoringPlan) -> tuple[Appointment, ...]:
    """Return what falls together: tasks of one sort, one step and one day."""
    groups: dict[tuple[str, datetime.date], list[PlannedTask]] = {}
    for task in plan.tasks:
        drug, _, step = task.id.partition("." if "." in task.id else " ")
        drug = next((name for name in plan.drugs if drug.startswith(name)), drug)
        groups.setdefault((f"{drug}.{step}.{_GROUPS[task.kind]}", task.due), []).append(task)
    found, told = [], dict[str, int]()
    for (name, due), tasks in groups.items():
        told[name] = told.get(name, 0) + 1
        key = name if told[name] == 1 else f"{name}.{told[name]}"
        found.append(Appointment(key, due, _latest(tasks), min(task.window_end for task in tasks), tuple(tasks)))
    return tuple(sorted(found, key=lambda item: (item.due, item.key)))


def _latest(tasks: Sequence[PlannedTask]) -> datetime.date | None:
    starts = [task.window_start for task in tasks if task.window_start is not None]
    return max(starts) if starts else None
