"""Tests by the calendar: from an anchor, an interval and an end to days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.evidence import LabelEntry
from equipoise.safety.calendar_dates import later, months_and_days, shifted
from equipoise.safety.plan_document import CourseDates, PlannedTask, TaskKind
from equipoise.safety.working_days import ShiftRule
from equipoise.vocabulary.errors import SafetyDataError

SELF_CHECK = "symptom-self-check"
# More than a century of fortnights: an interval that is too small for its span is a fault of the label file.
_MOST_STEPS = 3_000


@dataclass(frozen=True, slots=True)
class Frame:
    """What every task of a plan is laid out within.

    Attributes
    ----------
    courses
        The courses, in order.
    in_courses
        Whether the drug is given in courses, or goes on until it is stopped.
    stopped
        Last day of a treatment that went on; ``None`` where it still does, or for courses.
    laid_out_to
        How far the plan looks.
    rule
        Weekends, holidays and leeway.
    """

    courses: tuple[CourseDates, ...]
    in_courses: bool
    stopped: datetime.date | None
    laid_out_to: datetime.date
    rule: ShiftRule

    @property
    def first_dose(self) -> datetime.date:
        """Day 1 of everything."""
        return self.courses[0].first_dose

    def course_on(self, day: datetime.date) -> int:
        """Return the number of the last course that began on or before a day; 1 before the first."""
        return max((course.number for course in self.courses if course.first_dose <= day), default=1)


def ends(entry: LabelEntry, courses: Sequence[CourseDates]) -> list[tuple[datetime.date, datetime.date]] | None:
    """Return the spans in which a label asks for a series, ``None`` where it names no end.

    An end that counts from the last dose gives one span a course: where a course comes so late that the tests after the
    one before had ended, nothing is asked for in between. Spans overlap otherwise, and the latest end is the end.

    Raises
    ------
    SafetyDataError
        If the anchor is not known.
    """
    anchor, offset = entry.fields.get("until_anchor"), entry.fields.get("until_offset")
    if not anchor or not offset:
        return None
    first = courses[0].first_dose
    if anchor == "first-dose":
        return [(first, later(first, offset))]
    if anchor == "last-dose":
        if any(course.last_dose is None for course in courses):
            return None
        return [(course.first_dose, later(course.last_dose, offset)) for course in courses if course.last_dose]
    raise SafetyDataError(
        f"{entry.row.table}, {entry.id}: the anchor '{anchor}' is not known.\n  allowed: first-dose, last-dose"
    )


def series(entry: LabelEntry, frame: Frame) -> Iterator[PlannedTask]:
    """Yield the tasks of an entry that counts from the first dose: at given moments, and at an interval.

    Every date is the anchor moved by a whole number of steps; none is counted from the date before it, so that neither
    a short month nor a late test moves the ones that follow.
    """
    anchor = frame.first_dose
    spans = ends(entry, frame.courses)
    moments = {months_and_days(moment) for moment in entry.fields.get("at", ()) if not moment.startswith("PT")}
    interval: tuple[int, int] | None = None
    if entry.fields.get("every"):
        interval = months_and_days(str(entry.fields["every"]))
        start = months_and_days(str(entry.fields.get("start_offset") or "P0D"))
        last = max((end for _, end in spans), default=frame.laid_out_to) if spans else frame.laid_out_to
        moments |= set(_steps(anchor, start, interval, min(last, frame.laid_out_to)))
    for day, months, days in sorted((shifted(anchor, *moment), *moment) for moment in moments):
        if day > frame.laid_out_to or (frame.stopped is not None and day > frame.stopped):
            continue
        if spans is not None and not any(start <= day <= end for start, end in spans):
            continue
        yield dated(entry, f"{entry.id}.{_duration(months, days)}", day, frame, interval=interval)


def per_course(entry: LabelEntry, frame: Frame) -> Iterator[PlannedTask]:
    """Yield the tasks of an entry that counts from the first day or the end of each course."""
    from_end = entry.fields.get("start_anchor") == "course-end"
    for course in frame.courses:
        anchor = course.last_dose if from_end else course.first_dose
        if anchor is None:
            continue
        for moment in entry.fields.get("at", ()):
            months, days = months_and_days(moment)
            day = shifted(anchor, months, days)
            if day <= frame.laid_out_to:
                identifier = f"{entry.id}.c{course.number}.{_duration(months, days)}"
                yield dated(entry, identifier, day, frame, course=course.number)


def dated(
    entry: LabelEntry,
    identifier: str,
    day: datetime.date,
    frame: Frame,
    *,
    interval: tuple[int, int] | None = None,
    course: int | None = None,
) -> PlannedTask:
    """Return a test on its day, shifted and with its window."""
    test_id = str(entry.fields.get("test_id", ""))
    due = frame.rule.moved(day)
    leeway = datetime.timedelta(days=_leeway(frame.rule.leeway_days, interval))
    if entry.fields.get("at_window"):
        opens, closes = day, later(day, str(entry.fields["at_window"]))
    else:
        opens, closes = max(frame.first_dose, day - leeway), day + leeway
    return PlannedTask(
        id=identifier,
        kind=TaskKind.SELF_CHECK if test_id == SELF_CHECK else TaskKind.TEST,
        test_id=test_id,
        due=due,
        by_label=day,
        window_start=min(opens, due),
        window_end=max(closes, due),
        course=frame.course_on(day) if course is None else course,
        reason=entry.text,
        entry=entry,
        level=str(entry.fields.get("level", "")),
        condition=str(entry.fields.get("condition", "")),
    )


def _leeway(wanted: int, interval: tuple[int, int] | None) -> int:
    if interval is None:
        return wanted
    months, days = interval
    # 28 days is the shortest month: windows of neighbours must not touch even in February.
    shortest = 28 * months + days
    return max(0, min(wanted, (shortest - 1) // 2))


def _steps(
    anchor: datetime.date, start: tuple[int, int], interval: tuple[int, int], last: datetime.date
) -> Iterator[tuple[int, int]]:
    months, days = interval
    for step in range(1, _MOST_STEPS):
        moment = (start[0] + step * months, start[1] + step * days)
        if shifted(anchor, *moment) > last:
            return
        yield moment


def _duration(months: int, days: int) -> str:
    text = f"{months}M" * bool(months) + f"{days}D" * bool(days)
    return f"P{text or '0D'}"
