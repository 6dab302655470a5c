"""From the days that a drug was or will be given to courses, and what a label says about their number and distance."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from equipoise.evidence import Label, LabelEntry
from equipoise.safety.calendar_dates import later
from equipoise.safety.plan_document import CourseDates, Standing, StandingKind
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction

# Days outside these are slips of the keyboard: no drug here is older, and no plan is made for the next century but one.
EARLIEST = datetime.date(1980, 1, 1)
LATEST = datetime.date(2200, 1, 1)
COURSE_ANCHORS = ("course-day-1", "course-end")


@dataclass(frozen=True, slots=True)
class GivenCourse:
    """A course as somebody writes it down.

    Attributes
    ----------
    first_dose
        Day 1.
    last_dose
        The last day on which the drug was given, where it is known; otherwise the label's number of days counts.
    """

    first_dose: datetime.date
    last_dose: datetime.date | None = None


def is_given_in_courses(label: Label) -> bool:
    """Whether a drug is given in courses; every jurisdiction's entries tell, for that is a property of the drug."""
    return any(
        "course" in entry.fields or entry.fields.get("start_anchor") in COURSE_ANCHORS
        for entry in label.entries
        if entry.table in ("dosing", "monitoring") and entry.trust.may_be_shown
    )


def course_dates(
    label: Label, jurisdiction: Jurisdiction, given: Sequence[GivenCourse], stopped: datetime.date | None
) -> tuple[CourseDates, ...]:
    """Return the courses of a plan in order, each with its last day.

    Raises
    ------
    RequestError
        If there is none, two overlap, one lies after the stop, or a drug that goes on has more than one start. All
        faults are told at once.
    """
    in_courses = is_given_in_courses(label)
    slips = [day for course in given for day in (course.first_dose, course.last_dose) if day and not _is_likely(day)]
    if slips:
        raise RequestError(
            "a day of treatment cannot be right.\n"
            + "\n".join(f"  - {slip}: is the year complete?" for slip in slips)
            + f"\n  allowed: a day from {EARLIEST} to {LATEST}"
        )
    ordered = sorted(given, key=lambda course: course.first_dose)
    numbered = {
        int(entry.fields["course"]): entry
        for entry in label.current("dosing", jurisdiction)
        if "course" in entry.fields
    }
    courses = tuple(
        _dated(number, course, numbered.get(min(number, max(numbered, default=0))) if in_courses else None)
        for number, course in enumerate(ordered, 1)
    )
    faults = list(_faults(label, in_courses, courses, stopped))
    if faults:
        raise RequestError(
            "no plan can be made for these days.\n"
            + "\n".join(f"  - {fault}" for fault in faults)
            + "\n  Try: --course 2026-03-02 --course 2027-03-08, the first day of each course"
        )
    return courses


def _is_likely(day: datetime.date) -> bool:
    return EARLIEST <= day <= LATEST


def _dated(number: int, given: GivenCourse, entry: LabelEntry | None) -> CourseDates:
    last = given.last_dose
    if last is None and entry is not None and isinstance(entry.fields.get("days"), int):
        last = later(given.first_dose, f"P{entry.fields['days'] - 1}D")
    return CourseDates(number, given.first_dose, last, entry)


def _faults(
    label: Label, in_courses: bool, courses: Sequence[CourseDates], stopped: datetime.date | None
) -> Iterator[str]:
    if not courses:
        yield "no day of treatment is given; at least one is needed."
    if not in_courses and len(courses) > 1:
        yield (
            f"{label.inn} is not given in courses: found {len(courses)} days, allowed one, the day of the first dose. "
            "A treatment that was stopped and begun again is two plans."
        )
    for course in courses:
        if course.last_dose is not None and course.last_dose < course.first_dose:
            yield f"course {course.number} ends on {course.last_dose}, before it starts on {course.first_dose}."
        if stopped is not None and stopped < course.first_dose:
            yield f"course {course.number} starts on {course.first_dose}, after the drug was stopped on {stopped}."
    if in_courses:
        for earlier, following in pairwise(courses):
            if following.first_dose <= (earlier.last_dose or earlier.first_dose):
                yield (
                    f"course {following.number} starts on {following.first_dose}, "
                    f"while course {earlier.number} lasts to {earlier.last_dose or earlier.first_dose}."
                )


def course_notes(courses: Sequence[CourseDates]) -> Iterator[Standing]:
    """Yield where the courses differ from what the label says of their number and their distance."""
    for before, course in pairwise(courses):
        entry = course.entry
        if entry is None:
            continue
        interval = str(
            entry.fields.get("interval_from_previous") or entry.fields.get("interval_from_previous_min") or ""
        )
        counted_from = before.last_dose if "last dose" in entry.text else before.first_dose
        if interval and counted_from is not None and course.first_dose < later(counted_from, interval):
            yield Standing(
                f"{entry.id}.c{course.number}",
                StandingKind.COURSES,
                "",
                entry.text,
                f"Course {course.number} starts on {course.first_dose}, sooner than the label's interval after "
                f"{counted_from}.",
                entry,
            )
    last = courses[-1].entry if courses else None
    most = last.fields.get("max_courses") if last is not None else None
    if last is not None and isinstance(most, int) and len(courses) > most:
        yield Standing(
            f"{last.id}.number",
            StandingKind.COURSES,
            "",
            last.text,
            f"{len(courses)} courses are given here; the label text speaks of {most} at the most.",
            last,
        )
