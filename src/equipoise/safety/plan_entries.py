"""What each table of a label puts into a plan beside its tests by the calendar."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from equipoise.evidence import Label, LabelEntry
from equipoise.safety.calendar_dates import earlier, later
from equipoise.safety.plan_document import (
    CourseDates,
    Period,
    PlannedTask,
    Standing,
    StandingKind,
    SymptomWatch,
    TaskKind,
)
from equipoise.safety.plan_readings import (
    AFTER_THE_TESTS,
    AGAIN_ON_FIRST_DAY,
    BEFORE_EACH_COURSE,
    FIRST_BEFORE_TREATMENT,
    FOR_READING,
    ON_TREATMENT_DAYS,
    condition_of,
    vaccine_wait,
    window_before,
)
from equipoise.safety.plan_series import Frame
from equipoise.vocabulary.terms import Jurisdiction

_ONE_DAY = datetime.timedelta(days=1)
_SOFT_GATES = {
    "consider": "The label says to consider it.",
    "informs": "It informs the decision; the label sets no day.",
}


def treatment_days(frame: Frame) -> Iterator[PlannedTask]:
    """Yield the days on which the drug of a course is given, as far as their number is known."""
    for course in frame.courses:
        if course.entry is None or course.last_dose is None or not frame.in_courses:
            continue
        word = "infusion" if course.entry.fields.get("route") == "IV" else "dose"
        for number, day in enumerate(_days(course), 1):
            yield _on_day(
                course.entry, f"{course.entry.id}.c{course.number}.d{number}", TaskKind.TREATMENT_DAY, word, day, course
            )


def at_treatment(entry: LabelEntry, frame: Frame) -> Iterator[PlannedTask]:
    """Yield what is watched or measured on days of treatment."""
    test_id = str(entry.fields.get("test_id", ""))
    courses = frame.courses if entry.fields.get("start_anchor") == "each-infusion" else frame.courses[:1]
    for course in courses:
        days = list(_days(course)) if entry.fields.get("start_anchor") == "each-infusion" else [course.first_dose]
        for number, day in enumerate(days, 1):
            yield _on_day(entry, f"{entry.id}.c{course.number}.d{number}", TaskKind.AT_TREATMENT, test_id, day, course)


def baseline(entry: LabelEntry, frame: Frame) -> Iterator[PlannedTask | Standing]:
    """Yield what an entry asks for before the first dose, or before each course where its text says so."""
    test_id = str(entry.fields.get("test_id", ""))
    gate = str(entry.fields.get("gate", ""))
    if gate == "none":
        return
    if test_id in FOR_READING or gate in _SOFT_GATES:
        kind = StandingKind.CONSIDER if gate in _SOFT_GATES else StandingKind.NO_INTERVAL
        why = _SOFT_GATES.get(gate, "It names no test that could be put on a day.")
        yield Standing(entry.id, kind, test_id, entry.text, why, entry)
        return
    for course in frame.courses if entry.id in BEFORE_EACH_COURSE else frame.courses[:1]:
        yield _before(entry, test_id, gate, course)
    if entry.id in AGAIN_ON_FIRST_DAY:
        yield from at_treatment(entry, frame)


def before_the_series(entry: LabelEntry, frame: Frame) -> Iterator[PlannedTask]:
    """Yield the first test of a series whose text asks for one before the first dose."""
    if entry.id in FIRST_BEFORE_TREATMENT:
        told = entry.fields
        yield _before(entry, str(told.get("test_id", "")), str(told.get("level", "")), frame.courses[0])


def _before(entry: LabelEntry, test_id: str, gate: str, course: CourseDates) -> PlannedTask:
    last_day = course.first_dose - _ONE_DAY
    wait = vaccine_wait(entry)
    due = earlier(course.first_dose, wait) if wait else last_day
    is_vaccine = bool(wait) and test_id == "immunisations"
    return PlannedTask(
        id=f"{entry.id}.c{course.number}",
        kind=TaskKind.VACCINE if is_vaccine else TaskKind.BASELINE,
        test_id=test_id,
        due=due,
        by_label=due,
        window_start=earlier(course.first_dose, window) if (window := window_before(entry)) else None,
        window_end=due if is_vaccine else last_day,
        course=course.number,
        reason=entry.text,
        entry=entry,
        level=gate,
        condition=condition_of(entry),
    )


def premedication(entry: LabelEntry, frame: Frame) -> Iterator[PlannedTask | Period | Standing]:
    """Yield medicines before and around treatment: on its days, or kept up for a while after it."""
    kind, level = str(entry.fields.get("kind", "")), str(entry.fields.get("level", ""))
    after = entry.fields.get("min_duration_after_course")
    if level == "consider":
        yield Standing(entry.id, StandingKind.CONSIDER, "", entry.text, _SOFT_GATES["consider"], entry)
    elif after:
        for course in frame.courses:
            if course.last_dose is not None:
                yield Period(
                    id=f"{entry.id}.c{course.number}",
                    kind=kind,
                    starts=course.first_dose,
                    ends=later(course.last_dose, after),
                    course=course.number,
                    text=entry.text,
                    may_last_longer="stop_test" in entry.fields,
                    entry=entry,
                )
    elif frame.in_courses and (entry.fields.get("days") or kind in ON_TREATMENT_DAYS):
        wanted = entry.fields.get("days")
        for course in frame.courses:
            for number, day in enumerate(_days(course), 1):
                if not isinstance(wanted, list) or number in wanted:
                    identifier = f"{entry.id}.c{course.number}.d{number}"
                    yield _on_day(entry, identifier, TaskKind.PREMEDICATION, kind, day, course)
    else:
        yield Standing(
            entry.id, StandingKind.EVERY_DOSE, "", entry.text, "At each dose; the label gives no days.", entry
        )


def periods(label: Label, jurisdiction: Jurisdiction, frame: Frame) -> Iterator[Period]:
    """Yield what is kept up around treatment: contraception, no breastfeeding, what not to eat."""
    told: set[tuple[str, str]] = set()
    for entry in label.current("pregnancy", jurisdiction):
        after, kind = str(entry.fields.get("duration_after", "")), str(entry.fields.get("kind", ""))
        if not after or (kind, after) in told:
            continue
        told.add((kind, after))
        for course in frame.courses:
            last = course.last_dose if frame.in_courses else frame.stopped
            ends = later(last, after) if last is not None else None
            yield _period(entry, kind, course, course.first_dose, ends)
    for entry in label.current("practical", jurisdiction):
        before, until = entry.fields.get("window_before"), entry.fields.get("window_after")
        if not before or not until:
            continue
        for course in frame.courses:
            if course.last_dose is not None:
                starts, ends = earlier(course.first_dose, before), later(course.last_dose, until)
                yield _period(entry, str(entry.fields.get("kind", "")), course, starts, ends, "at least" in entry.text)


def _period(
    entry: LabelEntry,
    kind: str,
    course: CourseDates,
    starts: datetime.date,
    ends: datetime.date | None,
    may_last_longer: bool = False,
) -> Period:
    return Period(f"{entry.id}.c{course.number}", kind, starts, ends, course.number, entry.text, may_last_longer, entry)


def symptom_watch(label: Label, jurisdiction: Jurisdiction, frame: Frame) -> Iterator[SymptomWatch]:
    """Yield the signs that a label names without a number to hold a result against."""
    for entry in label.current("alert", jurisdiction):
        if not entry.fields.get("operator"):
            yield _watched(entry, frame)
    for entry in label.current("warning", jurisdiction):
        if entry.id in AFTER_THE_TESTS:
            yield _watched(entry, frame)


def _watched(entry: LabelEntry, frame: Frame) -> SymptomWatch:
    told = entry.fields
    return SymptomWatch(
        id=entry.id,
        starts=frame.first_dose,
        ends=None,
        text=entry.text,
        action=str(told.get("action", "")),
        urgency=str(told.get("urgency", "")),
        origin=str(told.get("origin", "label")),
        lasts_after_tests=entry.id in AFTER_THE_TESTS,
        entry=entry,
    )


def _days(course: CourseDates) -> Iterator[datetime.date]:
    if course.last_dose is None:
        return
    # The label's number of days; where the last day was later than that, the days in between are not known.
    days = (course.last_dose - course.first_dose).days + 1
    planned = course.entry.fields.get("days") if course.entry is not None else None
    if isinstance(planned, int) and days > planned:
        for number in range(planned - 1):
            yield course.first_dose + number * _ONE_DAY
        yield course.last_dose
        return
    for number in range(days):
        yield course.first_dose + number * _ONE_DAY


def _on_day(
    entry: LabelEntry, identifier: str, kind: TaskKind, test_id: str, day: datetime.date, course: CourseDates
) -> PlannedTask:
    by_kind = "required" if kind is TaskKind.TREATMENT_DAY else ""
    return PlannedTask(
        id=identifier,
        kind=kind,
        test_id=test_id,
        due=day,
        by_label=day,
        window_start=day,
        window_end=day,
        course=course.number,
        reason=entry.text,
        entry=entry,
        level=str(entry.fields.get("level") or entry.fields.get("gate") or by_kind),
    )
