"""Which tests were done, are due or are overdue: results held against the windows of a timetable, as one expression.

A result counts for every task in whose window it was taken; taken outside every window, for the nearest earlier task of
the series that is still open. Read in order of days, an open task is an opening bracket and a result outside every
window a closing one: each closes the last one open. A task stays open exactly when the running sum of brackets never
falls below its own level again, which a window function can tell.
"""

from __future__ import annotations

from typing import Any

from equipoise.panel.extras import needs
from equipoise.panel.rules import PLAN, SERIES, Inputs, Table

# By course as well: two courses may lie so that both ask for a test on one day.
_ORDER = ["at", "is_result", "day", "number"]


def open_tasks(inputs: Inputs, usable: Table, plans: Table, tasks: Table, on: int) -> Table:
    """Return the tasks that are due or overdue on a day.

    Every step reads the one before it once: an engine that does not share what two steps have in common would
    otherwise read all results again for each.

    Parameters
    ----------
    inputs
        The panel, for records and for which analyte shows that a test was done.
    usable
        Results up to the day that can be taken, from :func:`equipoise.panel.limits.taken`.
    plans, tasks
        Plans, and their tasks whose window has opened, from :mod:`equipoise.panel.rules`.
    on
        The day, since 1970.

    Returns
    -------
    Table
        ``person_id, drug_id, entry_id, task_id, test_id, is_boxed, day, is_overdue, days, missed_in_a_row``.
    """
    loose = _loose_ends(_in_order(inputs, usable, plans, tasks))
    left = _after_late_ones(_not_recorded(inputs, loose, on))
    return _in_a_row(left, on)


def _in_order(inputs: Inputs, usable: Table, plans: Table, tasks: Table) -> Table:
    """Tasks and results of each series, to be read in order of days."""
    ibis = needs("ibis")
    asked = inputs.moments.filter(inputs.moments.analyte != "")
    asked = asked.select("drug_id", "jurisdiction", "entry_no", "analyte").distinct()
    wanted = plans.select(*PLAN, "jurisdiction").inner_join(asked, ["drug_id", "jurisdiction"])
    met = wanted.inner_join(usable.select("person_id", "analyte", at="day"), ["person_id", "analyte"])
    none = ibis.null("int64")
    rows = tasks.mutate(at=tasks.opens, is_result=False)
    columns = (*SERIES, "moment_no", "number", "day", "closes", "at", "is_result")
    results_of = met.mutate(moment_no=none, number=none, day=none, closes=none, is_result=True)
    return rows.select(*columns).union(results_of.select(*columns), distinct=False)


def _loose_ends(both: Table) -> Table:
    """Tasks in whose window no result was taken, and results that were taken in no window, each day once."""
    ibis = needs("ibis")
    none = ibis.null("int64")
    upto = {"group_by": list(SERIES), "order_by": _ORDER, "rows": (None, 0)}
    after = {"group_by": list(SERIES), "order_by": _ORDER, "rows": (0, None)}
    looked = both.mutate(
        next_result=both.is_result.ifelse(both["at"], none).min().over(**after),
        covered_to=both.closes.max().over(**upto),
        ordinal=(~both.is_result).cast("int64").sum().over(**upto),
    )
    was_met = (looked.next_result <= looked.closes).fill_null(False)
    is_covered = (looked["at"] <= looked.covered_to).fill_null(False)
    return looked.filter(looked.is_result.ifelse(~is_covered, ~was_met)).drop("next_result", "covered_to").distinct()


def _not_recorded(inputs: Inputs, loose: Table, on: int) -> Table:
    names = inputs.moments.select("moment_no", "drug_id", "entry_id", "moment", "from_course", "test_id", "is_boxed")
    named = loose.left_join(names, "moment_no").drop("moment_no_right")
    course = named.from_course.ifelse(".c" + named.number.cast("string"), "")
    named = named.mutate(task_id=named.entry_id + course + "." + named.moment)
    records = inputs.records
    told = records.filter(records.done_on.epoch_days() <= on)
    told = told.select("person_id", "task_id").distinct()
    return named.anti_join(told, ["person_id", "task_id"])


def _after_late_ones(loose: Table) -> Table:
    ibis = needs("ibis")
    step = loose.is_result.ifelse(-1, 1)
    level = loose.mutate(
        level=step.sum().over(
            ibis.window(group_by=list(SERIES), order_by=_ORDER, rows=(None, 0)),
        )
    )
    lowest = level.mutate(lowest=level.level.min().over(group_by=list(SERIES), order_by=_ORDER, rows=(1, None)))
    return lowest.filter(~lowest.is_result, lowest.lowest.isnull() | (lowest.lowest >= lowest.level))


def _in_a_row(left: Table, on: int) -> Table:
    ibis = needs("ibis")
    none: Any = ibis.null("int64")
    judged = left.mutate(is_overdue=left.closes < on)
    placed = judged.mutate(place=ibis.row_number().over(group_by=list(SERIES), order_by="ordinal"))
    # Neighbours in the series that are both missing lie as far apart among the missing as in the series. What is due
    # has the last day of its series, so that it breaks no run.
    island = placed.mutate(island=placed.ordinal - placed.place)
    run = island.mutate(run=ibis.row_number().over(group_by=[*SERIES, "island"], order_by="ordinal") + 1)
    return run.mutate(
        days=run.is_overdue.ifelse(on - run.day, none), missed_in_a_row=run.is_overdue.ifelse(run.run, none)
    ).select(*_FOUND)


_FOUND = (*PLAN, "entry_id", "task_id", "test_id", "is_boxed", "day", "is_overdue", "days", "missed_in_a_row")
