"""The rules of :mod:`equipoise.safety.watch` as one dataframe expression, the same for every engine.

Nothing is decided here that is not decided there: the timetable comes from the labels, the thresholds from
:mod:`equipoise.safety.thresholds`, and a property test holds the two to the same answer for everyone.

Days are whole numbers since 1970-01-01, because engines differ in how they add to dates and agree in how they add
numbers.
"""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass
from typing import Any

from equipoise.panel.extras import needs

PLAN = ("person_id", "drug_id")
SERIES = ("person_id", "entry_no")
_TASK = (*SERIES, "moment_no", "number", "day", "opens", "closes")

Table = Any
"""A table expression of Ibis."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The tables an evaluation reads, as expressions.

    Attributes
    ----------
    people, courses, results, records
        The panel's own.
    moments, doses, limits, units
        What the labels say: the timetable, the days of each course, the thresholds, and what a value in a unit is
        multiplied with.
    months
        The calendar: each month's number since year 0, its first day and its length.
    """

    people: Table
    courses: Table
    results: Table
    records: Table
    moments: Table
    doses: Table
    limits: Table
    units: Table
    months: Table


def day_number(date: Any) -> Any:
    """Return a column of dates as days since 1970."""
    return date.epoch_days().cast("int64")


def later(day: Any, months: Any) -> Any:
    """Return day numbers moved by whole months; a month without that day gives its last one."""
    ibis = needs("ibis")
    target = _month(day) + months
    begins, ends = (
        day_number(ibis.date((at // 12).cast("int32"), (at % 12 + 1).cast("int32"), 1)) for at in (target, target + 1)
    )
    return begins + ibis.least(_date(day).day().cast("int64"), ends - begins) - 1


def given_courses(inputs: Inputs) -> Table:
    """Return courses with their number, their last day and who had them.

    A last day that was not said is the label's number of days after the first, where the label gives one. Of treatment
    that goes on, the last day is the day it was stopped.
    """
    ibis = needs("ibis")
    people = inputs.people.select("person_id", "sex", "jurisdiction")
    told = inputs.courses.select(
        "person_id",
        "drug_id",
        first=day_number(inputs.courses.first_dose),
        said=day_number(inputs.courses.last_dose),
    )
    told = told.mutate(number=ibis.row_number().over(group_by=list(PLAN), order_by=["first", "said"]) + 1)
    joined = told.inner_join(people, "person_id")
    dosed = joined.inner_join(inputs.doses, ["drug_id", "jurisdiction"])
    dosed = dosed.filter(ibis.least(dosed.number, dosed.numbers) == dosed.course_number)
    return dosed.select(
        *PLAN,
        "sex",
        "jurisdiction",
        "in_courses",
        "number",
        "first",
        last=dosed.in_courses.ifelse(ibis.coalesce(dosed.said, dosed["first"] + dosed.days - 1), ibis.null("int64")),
        stopped=dosed.in_courses.ifelse(ibis.null("int64"), dosed.said),
    )


def plans(courses: Table, most_courses: int, earliest: int) -> Table:
    """Return one row for each person and drug, with its courses side by side.

    ``is_sound`` is false where the days make no plan: courses overlap, one ends before it starts, or treatment that
    goes on has two starts or was stopped before it began, or the first dose lies before ``earliest``. The scalar rules
    refuse the same.
    """
    ibis = needs("ibis")
    following = courses["first"].lead().over(group_by=list(PLAN), order_by="number")
    marked = courses.mutate(
        is_fault=(courses.last < courses["first"]).fill_null(False)
        | (courses.in_courses & (following <= ibis.coalesce(courses.last, courses["first"]))).fill_null(False)
        | (~courses.in_courses & (courses.number > 1))
        | (courses.stopped < courses["first"]).fill_null(False)
        | (courses["first"] < earliest)
        | (courses.number > most_courses)
    )
    by_plan = marked.group_by([*PLAN, "sex", "jurisdiction", "in_courses"])
    beside = {
        f"{name}_{number}": marked[name].max(where=marked.number == number)
        for number in range(1, most_courses + 1)
        for name in ("first", "last")
    }
    return by_plan.agg(
        is_sound=~marked.is_fault.any(),
        stopped=marked.stopped.max(),
        newest=marked["first"].max(),
        n_courses=marked.number.max(),
        has_open_course=marked.last.isnull().any(),
        **beside,
    )


def _series_entries(inputs: Inputs, plans: Table, most_courses: int) -> Table:
    """One row for each plan and label entry that counts from the first dose, with the end of each span."""
    moments = inputs.moments.filter(~inputs.moments.from_course)
    entries = moments.select(
        "drug_id", "jurisdiction", "entry_no", "until", "until_months", "until_days", "women_only"
    ).distinct()
    joined = plans.inner_join(entries, ["drug_id", "jurisdiction"])
    joined = joined.filter(~joined.women_only | (joined.sex == "woman").fill_null(False))
    ends = {
        f"end_{number}": later(_end_anchor(joined, number), joined.until_months) + joined.until_days
        for number in range(1, most_courses + 1)
    }
    return joined.select(
        "person_id",
        "entry_no",
        "stopped",
        *(f"first_{number}" for number in range(1, most_courses + 1)),
        has_end=(joined.until == "first-dose") | ((joined.until == "last-dose") & ~joined.has_open_course),
        month=_month(joined.first_1),
        place=_date(joined.first_1).day().cast("int64"),
        **ends,
    )


def _date(day: Any) -> Any:
    return needs("ibis").literal("1970-01-01").cast("date") + day.as_interval("D")


def _month(day: Any) -> Any:
    return _date(day).year().cast("int64") * 12 + _date(day).month().cast("int64") - 1


def _end_anchor(joined: Table, number: int) -> Any:
    return (joined.until == "first-dose").ifelse(joined["first_1"], joined[f"last_{number}"])


def tasks(inputs: Inputs, plans: Table, courses: Table, on: int, until: int, most_courses: int) -> Table:
    """Return every test by the calendar whose window has opened by a day.

    Parameters
    ----------
    inputs, plans, courses
        The panel, its plans and its courses.
    on, until
        The day, and how far plans are laid out, in days since 1970.
    most_courses
        The largest number of courses anyone had.
    """
    return _of_series(inputs, plans, on, until, most_courses).union(
        _of_courses(inputs, plans, courses, on, until), distinct=False
    )


def _of_series(inputs: Inputs, plans: Table, on: int, until: int, most_courses: int) -> Table:
    ibis = needs("ibis")
    entries = _series_entries(inputs, plans, most_courses)
    moments = inputs.moments.filter(~inputs.moments.from_course)
    moments = moments.select("entry_no", "moment_no", "months", "days", "opens_before", "closes_after", "window_months")
    # No month has fewer than 28 days, so that this leaves out nothing that is due.
    started = entries.first_1 + moments.months * 28 + moments.days <= until
    joined = entries.inner_join(moments, ["entry_no", started])
    # Moved by whole months as `later` does, with the calendar as a table: this is the one place with so many rows
    # that the arithmetic of dates would be most of the work.
    calendar = inputs.months
    on_calendar = joined.inner_join(calendar, [joined.month + joined.months == calendar.month_no])
    dated = on_calendar.mutate(
        day=on_calendar.begins + ibis.least(on_calendar.place, on_calendar.length) - 1 + on_calendar.days, number=0
    )
    spans = [
        ((dated[f"first_{number}"] <= dated.day) & (dated.day <= dated[f"end_{number}"])).fill_null(False)
        for number in range(1, most_courses + 1)
    ]
    inside = functools.reduce(operator.or_, spans)
    wanted = dated.filter(
        dated.day <= until, dated.stopped.isnull() | (dated.day <= dated.stopped), ~dated.has_end | inside
    )
    return _windows(wanted, on)


def _of_courses(inputs: Inputs, plans: Table, courses: Table, on: int, until: int) -> Table:
    sound = plans.select(*PLAN, "first_1")
    moments = inputs.moments.filter(inputs.moments.from_course)
    given = courses.inner_join(sound, list(PLAN))
    joined = given.inner_join(moments, ["drug_id", "jurisdiction"])
    joined = joined.filter(~joined.women_only | (joined.sex == "woman").fill_null(False))
    anchored = joined.mutate(anchor=joined.from_end.ifelse(joined.last, joined["first"]))
    anchored = anchored.filter(anchored.anchor.notnull())
    dated = anchored.mutate(day=later(anchored.anchor, anchored.months) + anchored.days)
    return _windows(dated.filter(dated.day <= until), on)


def _windows(dated: Table, on: int) -> Table:
    ibis = needs("ibis")
    by_months = dated.window_months > 0
    wide = dated.mutate(
        number=dated.number.cast("int64"),
        opens=by_months.ifelse(dated.day, ibis.greatest(dated.first_1, dated.day - dated.opens_before)),
        closes=by_months.ifelse(later(dated.day, dated.window_months), dated.day) + dated.closes_after,
    )
    return wide.filter(wide.opens <= on).select(*_TASK)
