"""What a plan adds up to in each calendar year."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from equipoise.evidence import LabelEntry
from equipoise.safety.calendar_dates import months_and_days
from equipoise.safety.plan_document import Burden, PlannedTask, TaskKind
from equipoise.safety.plan_readings import MORE_AT_FIRST

_DAYS_A_WEEK = 7
_DAYS_A_MONTH = 365.25 / 12
COUNTED = frozenset({TaskKind.TEST, TaskKind.BASELINE})


def burden(
    tasks: Sequence[PlannedTask],
    dosing: Iterable[LabelEntry],
    treated: tuple[datetime.date, datetime.date] | None,
) -> tuple[Burden, ...]:
    """Return what the tasks, and a treatment that goes on, add up to in each calendar year.

    Parameters
    ----------
    tasks
        Tasks of the plan.
    dosing
        The label's dosing entries.
    treated
        First and last day of a treatment that goes on; ``None`` for treatment in courses, whose days are tasks.

    Notes
    -----
    Years in which nothing falls are left out. Doses of a treatment that goes on are counted at the label's regular
    rate, and more of them at the start, such as a first dose in two parts, by their days.
    """
    repeated = [entry for entry in dosing if "per_week" in entry.fields or entry.fields.get("every")] if treated else []
    years = {task.due.year for task in tasks}
    if treated and repeated:
        years |= set(range(treated[0].year, treated[1].year + 1))
    found = (_year(year, tasks, repeated, treated) for year in sorted(years))
    return tuple(item for item in found if item.tests or item.treatment_days or item.injections)


def _year(
    year: int,
    tasks: Sequence[PlannedTask],
    repeated: Sequence[LabelEntry],
    treated: tuple[datetime.date, datetime.date] | None,
) -> Burden:
    counted = [task for task in tasks if task.due.year == year and task.kind in COUNTED]
    in_hospital = {task.due for task in tasks if task.due.year == year and task.kind is TaskKind.TREATMENT_DAY}
    infusions = injections = 0
    for entry in repeated:
        route = str(entry.fields.get("route", ""))
        if treated and route == "IV":
            infusions += _doses(entry, treated, year)
        elif treated and route.startswith(("SC", "IM")):
            injections += _doses(entry, treated, year)
    return Burden(
        year=year,
        tests=len(counted),
        visits=len({task.due for task in counted}),
        treatment_days=len(in_hospital) + infusions,
        injections=injections,
    )


def _doses(entry: LabelEntry, treated: tuple[datetime.date, datetime.date], year: int) -> int:
    # Counted from the first dose on, so that the years add up to the whole.
    start, end = treated
    until = min(end, datetime.date(year, 12, 31))
    before = min(end, datetime.date(year - 1, 12, 31))
    return _doses_to(entry, start, until) - _doses_to(entry, start, before)


def _doses_to(entry: LabelEntry, start: datetime.date, day: datetime.date) -> int:
    if day < start:
        return 0
    days = (day - start).days
    if "per_week" in entry.fields:
        per_week = float(entry.fields["per_week"])
        return int(per_week * (days // _DAYS_A_WEEK) + min(per_week, 1 + days % _DAYS_A_WEEK * per_week / _DAYS_A_WEEK))
    months, extra = months_and_days(str(entry.fields["every"]))
    more = sum(days >= later for later in MORE_AT_FIRST.get(entry.id, ()))
    return 1 + int(days / (months * _DAYS_A_MONTH + extra)) + more
