"""The morning's question for one person: what is due, overdue, done and to come, and which results call for somebody.

Pure: no database, no clock. The clinic's book calls :func:`evaluate` with what it holds, and nothing here remembers.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from equipoise.safety.alerts import Alert, alerts
from equipoise.safety.monitoring_tests import TESTS
from equipoise.safety.plan_document import MonitoringPlan, PlannedTask, TaskKind
from equipoise.safety.results import Result
from equipoise.safety.thresholds import Threshold

# A task of these is done by a result of what it measures; everything else is done when somebody says so.
_BY_RESULT = frozenset({TaskKind.TEST, TaskKind.BASELINE})
_LEVELS = {"required": 0, "recommended": 1}
# How far before a course without a stated window a baseline result counts; the label names no first day, so that every
# earlier result would count otherwise. A convention of this software.
BASELINE_LOOK_BACK = datetime.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Done:
    """A task that was done.

    Attributes
    ----------
    task
        The task.
    on
        The day on which it was done.
    by
        ``record`` where somebody said so, ``result`` where a result shows it.
    days_late
        Days after ``due``; 0 where in time.
    """

    task: PlannedTask
    on: datetime.date
    by: str
    days_late: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """A task whose window has passed.

    Attributes
    ----------
    task
        The task.
    days
        Days since ``due``.
    missed_in_a_row
        How many of the same series are overdue without one done in between, this one included.
    last_done
        When the same series was last done; ``None`` for never.
    is_boxed
        Whether a boxed warning of the label names what the test is for: the gravest reason a label has.
    """

    task: PlannedTask
    days: int
    missed_in_a_row: int
    last_done: datetime.date | None
    is_boxed: bool

    @property
    def gravity(self) -> tuple[int, int, int, int]:
        """What overdue tasks are sorted by, gravest first: boxed, required, missed in a row, days.

        No text states how grave a missed test is; the order uses only what the label says of the test and the count.
        """
        level = _LEVELS.get(self.task.level, len(_LEVELS))
        return (0 if self.is_boxed else 1, level, -self.missed_in_a_row, -self.days)


@dataclass(frozen=True, slots=True)
class Watch:
    """One person on one day. ``done``, ``overdue``, ``due`` and ``upcoming`` hold every task of the plan exactly once.

    Attributes
    ----------
    on
        The day.
    due
        Their window is open.
    overdue
        Their window has passed; the gravest first.
    done
        Done, by record or by result.
    upcoming
        Their window has not opened.
    alerts
        Results that call for somebody, most urgent first.
    carry_on
        Results about which a text says to carry on.
    after_the_tests
        Whether the last day of tests has passed: what to look out for stays.
    """

    on: datetime.date
    due: tuple[PlannedTask, ...]
    overdue: tuple[Overdue, ...]
    done: tuple[Done, ...]
    upcoming: tuple[PlannedTask, ...]
    alerts: tuple[Alert, ...]
    carry_on: tuple[Alert, ...]
    after_the_tests: bool


def evaluate(
    plan: MonitoringPlan,
    done: Mapping[str, datetime.date],
    results: Sequence[Result],
    on: datetime.date,
    limits: Iterable[Threshold] = (),
) -> Watch:
    """Return what a plan and what was done so far come to on a day.

    Parameters
    ----------
    plan
        The person's plan.
    done
        Days by id of the task, for what somebody recorded as done. Ids that the plan does not hold are ignored: they
        belong to an earlier plan.
    results
        Results, already checked (:func:`equipoise.safety.results.checked`).
    on
        The day. What was done or taken after it is not looked at.
    limits
        Thresholds (:func:`equipoise.safety.thresholds.thresholds`), of the label and the clinic's own.

    Returns
    -------
    Watch
        Every task once in ``due``, ``overdue``, ``done`` or ``upcoming``.

    Notes
    -----
    A late test is done for its own date and moves no other: the next is due on the label's day. A result counts for the
    task in whose window it was taken, and for two where courses lie so close together that their windows overlap: blood
    taken six months after one course and two months after the next answers both. Before a course it counts for that
    course alone. Taken after every window, it counts for the nearest earlier task of the series that is still open.
    """
    finished = {
        task.id: Done(task, done[task.id], "record", max(0, (done[task.id] - task.due).days))
        for task in plan.tasks
        if task.id in done and done[task.id] <= on
    }
    finished |= _by_results(plan, results, on, finished)
    due = [task for task in plan.tasks if task.id not in finished and _is_open(task, on)]
    late = [task for task in plan.tasks if task.id not in finished and task.window_end < on]
    upcoming = [
        task for task in plan.tasks if task.id not in finished and not _is_open(task, on) and task.window_end >= on
    ]
    raised, carry_on = alerts(plan, limits, results, on)
    return Watch(
        on=on,
        due=tuple(due),
        overdue=tuple(sorted(_overdue(plan, late, finished, on), key=lambda item: (item.gravity, item.task.id))),
        done=tuple(sorted(finished.values(), key=lambda item: (item.on, item.task.id))),
        upcoming=tuple(upcoming),
        alerts=raised,
        carry_on=carry_on,
        after_the_tests=plan.ends_on is not None and on > plan.ends_on,
    )


def _opens(task: PlannedTask) -> datetime.date:
    if task.window_start is not None:
        return task.window_start
    return min(task.due, task.window_end) - BASELINE_LOOK_BACK


def _is_open(task: PlannedTask, on: datetime.date) -> bool:
    return _opens(task) <= on <= task.window_end


def _by_results(
    plan: MonitoringPlan, results: Iterable[Result], on: datetime.date, recorded: Mapping[str, Done]
) -> dict[str, Done]:
    days: dict[str, set[datetime.date]] = {}
    for result in results:
        if result.taken_on <= on:
            days.setdefault(result.analyte, set()).add(result.taken_on)
    found: dict[str, Done] = {}
    for series in _series(task for task in plan.tasks if task.kind in _BY_RESULT):
        # The first analyte shows that the test was done: a blood count without platelets has not looked for what
        # monthly counts are for.
        measured = TESTS[series[0].test_id].analytes[:1] if series[0].test_id in TESTS else ()
        taken = sorted({day for name in measured for day in days.get(name, ())})
        open_tasks = [task for task in series if task.id not in recorded]
        for day in taken:
            still_open = [task for task in open_tasks if task.id not in found]
            answered = _whose_window_holds(day, series)
            if not answered:
                answered = [t for t in still_open if t.window_end < day and t.kind is TaskKind.TEST][-1:]
            for task in answered:
                if task in still_open:
                    found[task.id] = Done(task, day, "result", max(0, (day - task.due).days))
    return found


def _whose_window_holds(day: datetime.date, series: Sequence[PlannedTask]) -> list[PlannedTask]:
    holding = [task for task in series if _opens(task) <= day <= task.window_end]
    # What was measured before a course says nothing of the blood after it, and so nothing before the next one.
    return holding[:1] if series[0].kind is TaskKind.BASELINE else holding


def _series(tasks: Iterable[PlannedTask]) -> Iterable[list[PlannedTask]]:
    """Tasks of one entry and one kind together: a first test before treatment is none of those that are repeated."""
    groups: dict[tuple[str, TaskKind], list[PlannedTask]] = {}
    for task in tasks:
        groups.setdefault((task.entry.id, task.kind), []).append(task)
    return groups.values()


def _overdue(
    plan: MonitoringPlan, late: Sequence[PlannedTask], finished: Mapping[str, Done], on: datetime.date
) -> list[Overdue]:
    missing = {task.id for task in late}
    found = []
    for series in _series(plan.tasks):
        run, last_done = 0, None
        for task in series:
            if task.id in finished:
                run, last_done = 0, max(last_done or datetime.date.min, finished[task.id].on)
            elif task.id in missing:
                run += 1
                found.append(Overdue(task, (on - task.due).days, run, last_done, task.test_id in plan.boxed_tests))
    return found
