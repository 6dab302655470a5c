"""Tests by the calendar: from an anchor, an interval and an end to days."""

from __future__ import annotations

import datetime
import functools
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
        for course in reversed(self.courses):
            if course.first_dose <= day:
                return course.number
        return 1


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
    days_at = {
        (shifted(anchor, *moment), *moment)
        for moment in map(months_and_days, (text for text in entry.fields.get("at", ()) if not text.startswith("PT")))
    }
    interval: tuple[int, int] | None = None
    if entry.fields.get("every"):
        interval = months_and_days(str(entry.fields["every"]))
        start = months_and_days(str(entry.fields.get("start_offset") or "P0D"))
        last = max((end for _, end in spans), default=frame.laid_out_to) if spans else frame.laid_out_to
        days_at |= set(_steps(anchor, start, interval, min(last, frame.laid_out_to)))
    tests = _Tests(entry, frame, interval)
    for day, months, days in sorted(days_at):
        if day > frame.laid_out_to or (frame.stopped is not None and day > frame.stopped):
            continue
        if spans is not None and not any(start <= day <= end for start, end in spans):
            continue
        yield tests.on(day, f"{entry.id}.{_duration(months, days)}")


def per_course(entry: LabelEntry, frame: Frame) -> Iterator[PlannedTask]:
    """Yield the tasks of an entry that counts from the first day or the end of each course."""
    tests = _Tests(entry, frame)
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
                yield tests.on(day, identifier, course.number)


class _Tests:
    """What all tests of one entry have in common, so that a series of hundreds looks it up once."""

    def __init__(self, entry: LabelEntry, frame: Frame, interval: tuple[int, int] | None = None) -> None:
        self.entry, self.frame = entry, frame
        self.test_id = str(entry.fields.get("test_id", ""))
        self.kind = TaskKind.SELF_CHECK if self.test_id == SELF_CHECK else TaskKind.TEST
        self.level = str(entry.fields.get("level", ""))
        self.condition = str(entry.fields.get("condition", ""))
        self.window = str(entry.fields.get("at_window") or "")
        self.leeway = datetime.timedelta(days=_leeway(frame.rule.leeway_days, interval))

    def on(self, day: datetime.date, identifier: str, course: int | None = None) -> PlannedTask:
        """Return the test on its day, shifted and with its window."""
        frame = self.frame
        due = frame.rule.moved(day)
        if self.window:
            opens, closes = day, later(day, self.window)
        else:
            opens, closes = max(frame.first_dose, day - self.leeway), day + self.leeway
        return PlannedTask(
            id=identifier,
            kind=self.kind,
            test_id=self.test_id,
            due=due,
            by_label=day,
            window_start=min(opens, due),
            window_end=max(closes, due),
            course=frame.course_on(day) if course is None else course,
            reason=self.entry.text,
            entry=self.entry,
            level=self.level,
            condition=self.condition,
        )


def _leeway(wanted: int, interval: tuple[int, int] | None) -> int:
    if interval is None:
        return wanted
    months, days = interval
    # 28 days is the shortest month: windows of neighbours must not touch even in February.
    shortest = 28 * months + days
    return max(0, min(wanted, (shortest - 1) // 2))


# The tests of one label share anchor and interval, and so do the plans of one person from day to day.
@functools.lru_cache(maxsize=256)
def _steps(
    anchor: datetime.date, start: tuple[int, int], interval: tuple[int, int], last: datetime.date
) -> tuple[tuple[datetime.date, int, int], ...]:
    months, days = interval
    found = []
    for step in range(1, _MOST_STEPS):
        moment = (start[0] + step * months, start[1] + step * days)
        day = shifted(anchor, *moment)
        if day > last:
            break
        found.append((day, *moment))
    return tuple(found)


def _duration(months: int, days: int) -> str:
    text = f"{months}M" * bool(months) + f"{days}D" * bool(days)
    return f"P{text or '0D'}"
