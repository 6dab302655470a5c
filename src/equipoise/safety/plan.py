"""A dated plan: what a label asks for, for one person's courses, until its end and after it.

Pure: no clock, no files. The same arguments give the same plan, with the same ids.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.evidence import Label, LabelEntry
from equipoise.safety import plan_entries
from equipoise.safety.calendar_dates import later, shifted
from equipoise.safety.plan_burden import burden
from equipoise.safety.plan_courses import GivenCourse, course_dates, course_notes, is_given_in_courses
from equipoise.safety.plan_document import (
    CourseDates,
    MonitoringPlan,
    Period,
    PlannedTask,
    Standing,
    StandingKind,
    in_order,
)
from equipoise.safety.plan_readings import BOXED_TESTS, FEMALE, FOR_READING, condition_of, is_pregnancy_test
from equipoise.safety.plan_series import Frame, ends, per_course, series
from equipoise.safety.working_days import LABEL_DAYS, ShiftRule
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction

# How far a plan looks where the label names no end; after it, what goes on still goes on.
YEARS_WITHOUT_AN_END = 5
# The longest that a plan may be asked to look; beyond it a typing error is likelier than a wish.
MOST_YEARS = 60


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a plan is made for.

    Attributes
    ----------
    courses
        The first day of each course, with the last where it is known; for a treatment that goes on, one first dose.
    stopped
        The day of the last dose of a treatment that went on, or the day on which no further course was decided.
    pregnant_from
        The first day of a pregnancy.
    applies
        Conditions of label entries that hold for this person, such as ``female``.
    does_not_apply
        Those that do not. A condition in neither is unknown: its tests get no day, and the plan says why.
    until
        How far to lay out; by default to the label's end, or five years from the first dose.
    rule
        Weekends, holidays, and how far from its day a test still counts.
    """

    courses: tuple[GivenCourse, ...]
    stopped: datetime.date | None = None
    pregnant_from: datetime.date | None = None
    applies: frozenset[str] = frozenset()
    does_not_apply: frozenset[str] = frozenset()
    until: datetime.date | None = None
    rule: ShiftRule = LABEL_DAYS


def plan_monitoring(
    label: Label, jurisdiction: Jurisdiction, request: PlanRequest, *, evidence_version: str = ""
) -> MonitoringPlan:
    """Lay out what a label asks for.

    Parameters
    ----------
    label
        The drug's label.
    jurisdiction
        Whose label applies. The UK falls back to the EU where no UK entry speaks; the US never does.
    request
        Courses and what else is known.
    evidence_version
        Version of the evidence that the label comes from.

    Returns
    -------
    MonitoringPlan
        Tasks by date; what has no date stands beside them.

    Raises
    ------
    RequestError
        If the days make no plan; every fault is named.
    SafetyDataError
        If an entry of the label cannot be read.

    Notes
    -----
    A series counts from the first dose and ends a stated time after the last dose, so a further course moves the end
    and leaves every earlier date where it was. No interval is made up: "periodic" stands in ``standing``.
    """
    courses = course_dates(label, jurisdiction, request.courses, request.stopped)
    in_courses = is_given_in_courses(label)
    monitoring = label.current("monitoring", jurisdiction)
    baseline_tests = label.current("baseline_test", jurisdiction)
    unknown = [entry for entry in (*baseline_tests, *monitoring) if _is_unknown(entry, request)]
    wanted = [entry for entry in monitoring if _is_wanted(entry, request)]
    wanted_before = [entry for entry in baseline_tests if _is_wanted(entry, request)]
    stopped = None if in_courses else request.stopped
    found_ends = [end for entry in wanted for _, end in ends(entry, courses) or ()]
    ends_on = max(found_ends, default=None)
    if ends_on is not None and stopped is not None:
        ends_on = min(ends_on, stopped)
    frame = Frame(courses, in_courses, stopped, _laid_out_to(courses, ends_on, stopped, request.until), request.rule)
    parts = [*_parts(label, jurisdiction, (wanted_before, wanted), frame), *course_notes(courses)]
    tasks = sorted(
        (part for part in parts if isinstance(part, PlannedTask)),
        key=in_order,
    )
    standing = [part for part in parts if isinstance(part, Standing)]
    standing += [_conditional(entry) for entry in unknown]
    standing += _not_seen(label, jurisdiction)
    standing += _after_a_change(label, jurisdiction, request, frame)
    watch = tuple(plan_entries.symptom_watch(label, jurisdiction, frame))
    if not watch:
        text = f"No list of signs to look out for was seen in the {jurisdiction} label text of {label.inn}."
        why = "Not seen is not the same as none: ask the treatment team what to look out for."
        standing.append(Standing(f"{label.drug_id}.signs", StandingKind.NOT_SEEN, "", text, why, None))
    treated = None if in_courses else (frame.first_dose, stopped or frame.laid_out_to)
    return MonitoringPlan(
        drugs=(label.drug_id,),
        jurisdiction=jurisdiction,
        courses=courses,
        tasks=tuple(tasks),
        ends_on=ends_on,
        laid_out_to=frame.laid_out_to,
        standing=tuple(standing),
        periods=tuple(
            sorted(
                [
                    *(part for part in parts if isinstance(part, Period)),
                    *plan_entries.periods(label, jurisdiction, frame),
                ],
                key=lambda period: (period.starts, period.id),
            )
        ),
        watch=watch,
        burden=burden(tasks, label.current("dosing", jurisdiction), treated),
        evidence_version=evidence_version,
        boxed_tests=frozenset().union(
            *(BOXED_TESTS.get(entry.id, ()) for entry in label.current("warning", jurisdiction))
        ),
    )


def _laid_out_to(
    courses: Sequence[CourseDates],
    ends_on: datetime.date | None,
    stopped: datetime.date | None,
    until: datetime.date | None,
) -> datetime.date:
    first = courses[0].first_dose
    if until is not None:
        if not first <= until <= shifted(first, 12 * MOST_YEARS):
            raise RequestError(
                f"the plan cannot be laid out to {until}.\n"
                f"  allowed: from {first}, the first dose, to {MOST_YEARS} years later"
            )
        return until
    if stopped is not None:
        return stopped
    return ends_on if ends_on is not None else later(first, f"P{YEARS_WITHOUT_AN_END}Y")


def _not_seen(label: Label, jurisdiction: Jurisdiction) -> Iterator[Standing]:
    for table, words in (("baseline_test", "tests before the first dose"), ("monitoring", "tests after it")):
        if not label.current(table, jurisdiction):
            text = f"No {jurisdiction} label text on {words} was seen for {label.inn}."
            why = "Not seen is not the same as not needed: ask the treatment team."
            yield Standing(f"{label.drug_id}.{table}", StandingKind.NOT_SEEN, "", text, why, None)


def _is_unknown(entry: LabelEntry, request: PlanRequest) -> bool:
    condition = condition_of(entry)
    return bool(condition) and condition not in request.applies and condition not in request.does_not_apply


def _is_wanted(entry: LabelEntry, request: PlanRequest) -> bool:
    if is_pregnancy_test(entry) and FEMALE in request.does_not_apply:
        return False
    return not condition_of(entry) or condition_of(entry) in request.applies - request.does_not_apply


def _conditional(entry: LabelEntry) -> Standing:
    return Standing(
        entry.id,
        StandingKind.CONDITIONAL,
        str(entry.fields.get("test_id", "")),
        entry.text,
        f"Only with: {condition_of(entry)}. Whether that holds here was not said.",
        entry,
        condition_of(entry),
    )


def _parts(
    label: Label,
    jurisdiction: Jurisdiction,
    wanted: tuple[Sequence[LabelEntry], Sequence[LabelEntry]],
    frame: Frame,
) -> Iterator[PlannedTask | Standing | Period]:
    before, after = wanted
    yield from plan_entries.treatment_days(frame)
    for entry in before:
        yield from plan_entries.baseline(entry, frame)
    for entry in label.current("premedication", jurisdiction):
        yield from plan_entries.premedication(entry, frame)
    for entry in after:
        yield from plan_entries.before_the_series(entry, frame)
        yield from _monitored(entry, frame)


def _monitored(entry: LabelEntry, frame: Frame) -> Iterator[PlannedTask | Standing]:
    fields, anchor = entry.fields, entry.fields.get("start_anchor", "")
    test_id = str(fields.get("test_id", ""))
    at_hours = any(moment.startswith("PT") for moment in fields.get("at", ()))
    if test_id in FOR_READING:
        yield _without_a_day(entry, test_id)
    elif anchor == "each-infusion" and not frame.in_courses:
        why = "At each infusion; the days of infusion are not part of this plan."
        yield Standing(entry.id, StandingKind.EVERY_DOSE, test_id, entry.text, why, entry)
    elif anchor == "each-infusion" or at_hours:
        yield from plan_entries.at_treatment(entry, frame)
    elif anchor in ("course-day-1", "course-end") and fields.get("at"):
        yield from per_course(entry, frame)
    else:
        if fields.get("every") or fields.get("at"):
            yield from series(entry, frame)
        if not fields.get("every"):
            if fields.get("interval_text") or not fields.get("at"):
                yield _without_a_day(entry, test_id)
        elif ends(entry, frame.courses) is None and frame.stopped is None:
            why = f"The label text seen names no end; laid out here to {frame.laid_out_to}."
            yield Standing(entry.id, StandingKind.OPEN_END, test_id, entry.text, why, entry)
    if anchor in ("course-day-1", "course-end") and fields.get("at") and fields.get("interval_text"):
        yield _without_a_day(entry, test_id)


def _without_a_day(entry: LabelEntry, test_id: str) -> Standing:
    said = str(entry.fields.get("interval_text", ""))
    why = f"The label says: {said}." if said else "The label gives no interval."
    return Standing(entry.id, StandingKind.NO_INTERVAL, test_id, entry.text, why, entry)


def _after_a_change(label: Label, jurisdiction: Jurisdiction, request: PlanRequest, frame: Frame) -> Iterator[Standing]:
    if request.stopped is not None:
        why = (
            "No further course: the tests go on, for they count from the last dose."
            if frame.in_courses
            else f"Stopped on {request.stopped}. The label text seen sets no test by the calendar after the last dose; "
            "what to look out for stays."
        )
        yield Standing(f"{label.drug_id}.stopped", StandingKind.AFTER_STOP, "", why, why, None)
    if request.pregnant_from is not None:
        why = f"Pregnancy from {request.pregnant_from}. No test is dropped and none is added without a label's word."
        for entry in label.current("pregnancy", jurisdiction):
            yield Standing(entry.id, StandingKind.PREGNANCY, "", entry.text, why, entry)
        for entry in label.current("monitoring", jurisdiction):
            if "pregnan" in entry.text.lower():
                yield Standing(
                    f"{entry.id}.pregnancy",
                    StandingKind.PREGNANCY,
                    str(entry.fields.get("test_id", "")),
                    entry.text,
                    why,
                    entry,
                )
