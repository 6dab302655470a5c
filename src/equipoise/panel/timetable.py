"""Which tests a label asks for and when, as a small table that a dataframe engine can join people to.

The rows say the same as :mod:`equipoise.safety.plan_series`, entry by entry: moments counted from an anchor, a window
around each, and an end. No interval is made up: an entry without one has no rows. What a person does at home and what
is done on a day of treatment is not a test by the calendar and has none either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from equipoise.evidence import Evidence, Label, LabelEntry
from equipoise.safety.calendar_dates import months_and_days
from equipoise.safety.monitoring_tests import TESTS
from equipoise.safety.plan_courses import COURSE_ANCHORS
from equipoise.safety.plan_readings import BOXED_TESTS, FOR_READING
from equipoise.safety.plan_series import SELF_CHECK
from equipoise.safety.working_days import ShiftRule
from equipoise.vocabulary.errors import SafetyDataError, UnknownTermError
from equipoise.vocabulary.terms import Jurisdiction

FEMALE = "female"
# What a table of people can tell; every other condition is unknown there, and what depends on it gets no day.
DECIDABLE = ("", FEMALE)
_MONTH_DAYS = 30.44


@dataclass(frozen=True, slots=True)
class Moment:
    """One test at one moment of a plan.

    Attributes
    ----------
    moment_no, entry_no
        Numbers for the moment and for the entry under this label: engines are quicker with them than with names.
    drug_id, jurisdiction
        Which label.
    entry_id, test_id
        The label entry and the test it asks for.
    moment
        The moment as an ISO 8601 duration from the anchor, as it stands in a task's id.
    months, days
        The same in whole months and days.
    from_course, from_end
        Whether it counts from every course instead of the first dose, and from the course's last day.
    opens_before, closes_after
        The window around the day: days before it, and days after it.
    window_months
        Months that the window stays open after the day, on top of ``closes_after``.
    until
        What the end counts from: ``first-dose``, ``last-dose``, or empty where the label names none.
    until_months, until_days
        How long after that.
    women_only
        Whether only women are asked.
    analyte
        What a result must be of to show that the test was done; empty where none can.
    is_boxed
        Whether a boxed warning of the label is about the test.
    """

    moment_no: int
    entry_no: int
    drug_id: str
    jurisdiction: str
    entry_id: str
    test_id: str
    moment: str
    months: int
    days: int
    from_course: bool
    from_end: bool
    opens_before: int
    closes_after: int
    window_months: int
    until: str
    until_months: int
    until_days: int
    women_only: bool
    analyte: str
    is_boxed: bool


def timetable(
    evidence: Evidence, pairs: Iterable[tuple[str, str]], months: int, rule: ShiftRule | None = None
) -> tuple[Moment, ...]:
    """Return every moment at which the labels of a panel ask for a test.

    Parameters
    ----------
    evidence
        Where the labels come from.
    pairs
        Drugs and jurisdictions that occur in the panel.
    months
        How far series are laid out, from their anchor.
    rule
        How far from its day a test still counts. Weekends and holidays are not moved here.

    Raises
    ------
    UnknownTermError
        If a drug has no label file, or a jurisdiction is none.
    SafetyDataError
        If an entry cannot be read.
    """
    leeway = (rule or ShiftRule()).leeway_days
    found: list[Moment] = []
    for drug, place in sorted(set(pairs)):
        if drug not in evidence.labels:
            raise UnknownTermError("drug with a label", drug, evidence.labels)
        if place not in list(Jurisdiction):
            raise UnknownTermError("jurisdiction", place, list(Jurisdiction))
        label = evidence.labels[drug]
        for entry in label.current("monitoring", Jurisdiction(place)):
            if str(entry.fields.get("condition", "")) in DECIDABLE:
                found += _moments(label, place, entry, months, leeway)
    entries = {key: number for number, key in enumerate(dict.fromkeys(_key(moment) for moment in found))}
    return tuple(
        replace(moment, moment_no=number, entry_no=entries[_key(moment)]) for number, moment in enumerate(found)
    )


def _key(moment: Moment) -> tuple[str, str, str]:
    return moment.drug_id, moment.jurisdiction, moment.entry_id


def _moments(label: Label, place: str, entry: LabelEntry, months: int, leeway: int) -> Iterator[Moment]:
    given, anchor = entry.fields, str(entry.fields.get("start_anchor", ""))
    at = [str(moment) for moment in given.get("at", ())]
    if (
        given.get("test_id", "") in (*FOR_READING, SELF_CHECK)
        or anchor == "each-infusion"
        or any(m.startswith("PT") for m in at)
    ):
        return
    single = [months_and_days(moment) for moment in at]
    if anchor in COURSE_ANCHORS and at:
        for moment in single:
            yield _moment(label, place, entry, moment, leeway, from_course=True, from_end=anchor == "course-end")
        return
    interval = months_and_days(str(given["every"])) if given.get("every") else None
    regular = [] if interval is None else list(_steps(entry, interval, months))
    for moment in sorted({*single, *regular}):
        yield _moment(label, place, entry, moment, _leeway(leeway, interval))


def _steps(entry: LabelEntry, interval: tuple[int, int], months: int) -> Iterator[tuple[int, int]]:
    start = months_and_days(str(entry.fields.get("start_offset") or "P0D"))
    step = interval[0] + interval[1] / _MONTH_DAYS
    for number in range(1, int(months / step) + 2):
        yield start[0] + number * interval[0], start[1] + number * interval[1]


def _leeway(wanted: int, interval: tuple[int, int] | None) -> int:
    # As in plan_series: windows of neighbours must not touch, not even in February.
    return wanted if interval is None else max(0, min(wanted, (28 * interval[0] + interval[1] - 1) // 2))


def _moment(
    label: Label,
    place: str,
    entry: LabelEntry,
    moment: tuple[int, int],
    leeway: int,
    *,
    from_course: bool = False,
    from_end: bool = False,
) -> Moment:
    given = entry.fields
    window = months_and_days(str(given["at_window"])) if given.get("at_window") else None
    anchor, offset = str(given.get("until_anchor", "")), str(given.get("until_offset", ""))
    has_end = bool(anchor and offset) and not from_course
    if has_end and anchor not in ("first-dose", "last-dose"):
        raise SafetyDataError(
            f"{entry.row.table}, {entry.id}: the anchor '{anchor}' is not known.\n  allowed: first-dose, last-dose"
        )
    until = months_and_days(offset) if has_end else (0, 0)
    months, days = moment
    test_id = str(given.get("test_id", ""))
    text = f"{months}M" * bool(months) + f"{days}D" * bool(days)
    return Moment(
        moment_no=0,
        entry_no=0,
        drug_id=label.drug_id,
        jurisdiction=place,
        entry_id=entry.id,
        test_id=test_id,
        moment=f"P{text or '0D'}",
        months=months,
        days=days,
        from_course=from_course,
        from_end=from_end,
        opens_before=0 if window else leeway,
        closes_after=window[1] if window else leeway,
        window_months=window[0] if window else 0,
        until=anchor if has_end else "",
        until_months=until[0],
        until_days=until[1],
        women_only=given.get("condition", "") == FEMALE,
        analyte=next(iter(TESTS[test_id].analytes[:1] if test_id in TESTS else ()), ""),
        is_boxed=any(test_id in BOXED_TESTS.get(w.id, ()) for w in label.current("warning", Jurisdiction(place))),
    )
