"""What a label asks for, laid out over months: days of treatment, injections, tests.

Months count from the first dose. A label that gives no interval yields no calendar: the item says so
and is never filled in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from equipoise.evidence import Label, LabelEntry
from equipoise.safety.calendar_dates import MONTHS_A_YEAR
from equipoise.safety.plan_readings import MORE_AT_FIRST
from equipoise.vocabulary.errors import SafetyDataError
from equipoise.vocabulary.terms import Jurisdiction

WEEKS_A_YEAR = 52
DAYS_A_MONTH = 365.25 / MONTHS_A_YEAR
# Doses at most this far apart count at their rate: 13 infusions a year, not 14 where one falls on day 364.
_CLOSE_MONTHS = 2.0

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_BLOOD_OR_URINE = frozenset(
    [
        "cbc-diff",
        "platelet-count",
        "creatinine",
        "urinalysis-microscopy",
        "urine-pcr",
        "tsh",
        "alt",
        "alt-ast-bili",
        "lymphocytes",
        "cd4-count",
        "immunoglobulins",
        "jcv-antibody",
        "blood-pressure-platelets-renal",
    ]
)


class Task(StrEnum):
    """What a person does or has done."""

    INFUSION_DAY = "infusion-day"
    INJECTION = "injection"
    TABLET_DAY = "tablet-day"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Course:
    """Treatment on consecutive days.

    Attributes
    ----------
    number, start_month, days
        Which course, when it starts, on how many days it is given.
    entry
        The label entry that says so.
    """

    number: int
    start_month: float
    days: int
    entry: LabelEntry


@dataclass(frozen=True, slots=True)
class Repeated:
    """A dose that is repeated for as long as treatment goes on.

    Attributes
    ----------
    task, per_year
        What is done, and how often in a year of 52 weeks or 12 months.
    entry
        The label entry that says so.
    every_months
        Months from one dose to the next; ``None`` where a number of days a week is named.
    """

    task: Task
    per_year: float
    entry: LabelEntry
    every_months: float | None = None

    def in_year(self, year: int) -> float:
        """Return how many fall in a year of treatment, counted from one.

        Doses far apart are counted by their dates, others at their rate; more at the start count in the first year.
        """
        more = len(MORE_AT_FIRST.get(self.entry.id, ())) if year == 1 else 0
        if self.every_months is None or self.every_months <= _CLOSE_MONTHS:
            return self.per_year + more
        until, before = (math.ceil(MONTHS_A_YEAR * n / self.every_months - 1e-9) for n in (year, year - 1))
        return until - before + more


@dataclass(frozen=True, slots=True)
class TestPlan:
    """One test over the months.

    Attributes
    ----------
    test_id, months
        Which test, and the months in which it falls; empty when the label gives no interval.
    until_month
        The last month the label asks for it at the least; ``None`` when the label sets no end.
    interval_text
        What the label says where it gives no interval; empty otherwise.
    condition
        Whom it is for, empty for everyone.
    entry
        The label entry that says so.
    """

    __test__ = False

    test_id: str
    months: tuple[float, ...]
    until_month: float | None
    interval_text: str
    condition: str
    entry: LabelEntry

    @property
    def is_blood_or_urine(self) -> bool:
        """Whether a sample of blood or urine is given."""
        return self.test_id in _BLOOD_OR_URINE

    def in_year(self, year: int) -> tuple[float, ...]:
        """Return the months of a year after the first dose in which the test falls."""
        return tuple(m for m in self.months if MONTHS_A_YEAR * (year - 1) < m <= MONTHS_A_YEAR * year)


@dataclass(frozen=True, slots=True)
class TreatmentPlan:
    """What the years of a treatment look like under one label.

    Attributes
    ----------
    horizon_months
        How far the plan looks.
    courses, repeated, tests
        Treatment in courses, treatment that goes on, and tests.
    """

    horizon_months: int
    courses: tuple[Course, ...]
    repeated: tuple[Repeated, ...]
    tests: tuple[TestPlan, ...]

    @property
    def years(self) -> range:
        """The years that the plan looks at, from 1."""
        return range(1, self.horizon_months // MONTHS_A_YEAR + 1)

    def courses_in_year(self, year: int) -> tuple[Course, ...]:
        """Return the courses that start in a year."""
        return tuple(c for c in self.courses if MONTHS_A_YEAR * (year - 1) <= c.start_month < MONTHS_A_YEAR * year)

    def sampling_months(self, year: int) -> tuple[float, ...]:
        """Return the months of a year in which blood or urine is given, each once, for tests asked of everyone."""
        months = {m for test in self.tests if test.is_blood_or_urine and not test.condition for m in test.in_year(year)}
        return tuple(sorted(months))

    @property
    def last_dose_month(self) -> float | None:
        """The month of the last planned dose; ``None`` for treatment that goes on."""
        return self.courses[-1].start_month if self.courses and not self.repeated else None


def months_of(duration: str) -> float:
    """Return an ISO 8601 duration of years, months, weeks and days in months.

    Raises
    ------
    SafetyDataError
        If the text is no such duration.
    """
    match = _DURATION.fullmatch(duration)
    if match is None or duration == "P":
        raise SafetyDataError(f"'{duration}' is no duration.\n  allowed: ISO 8601 such as P1M, P48M, P2W or P14D")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return MONTHS_A_YEAR * years + months + (7 * weeks + days) / DAYS_A_MONTH


def plan_treatment(label: Label, jurisdiction: Jurisdiction, horizon_months: int = 72) -> TreatmentPlan:
    """Lay a label's dosing and monitoring out over months from the first dose.

    Parameters
    ----------
    label
        The drug's label.
    jurisdiction
        Whose label applies.
    horizon_months
        How far to look, whole years.

    Raises
    ------
    SafetyDataError
        If an entry holds an anchor or a duration that cannot be read.

    Notes
    -----
    Only planned courses are laid out; courses "as needed" are not. The end of monitoring counts from the last
    *planned* dose, so another course moves it.
    """
    dosing = label.current("dosing", jurisdiction)
    courses = _courses(dosing)
    last_dose = courses[-1].start_month if courses else None
    tests = [
        _test(entry, last_dose, horizon_months)
        for entry in label.current("monitoring", jurisdiction)
        if _is_calendar(entry)
    ]
    return TreatmentPlan(horizon_months, courses, _repeated(dosing), tuple(tests))


def _courses(dosing: Iterable[LabelEntry]) -> tuple[Course, ...]:
    courses: list[Course] = []
    for entry in sorted((e for e in dosing if "course" in e.fields), key=lambda e: int(e.fields["course"])):
        if courses and "interval_from_previous" not in entry.fields:
            break
        start = courses[-1].start_month + months_of(entry.fields["interval_from_previous"]) if courses else 0.0
        courses.append(Course(int(entry.fields["course"]), start, int(entry.fields["days"]), entry))
    return tuple(courses)


def _repeated(dosing: Iterable[LabelEntry]) -> tuple[Repeated, ...]:
    found = []
    for entry in dosing:
        route = str(entry.fields.get("route", ""))
        task = Task.INFUSION_DAY if route == "IV" else Task.TABLET_DAY if route == "PO" else Task.INJECTION
        if "per_week" in entry.fields:
            found.append(Repeated(task, WEEKS_A_YEAR * float(entry.fields["per_week"]), entry))
        elif entry.fields.get("every"):
            every = entry.fields["every"]
            found.append(Repeated(task, _times_a_year(every), entry, months_of(every)))
    return tuple(found)


def _times_a_year(every: str) -> float:
    weeks = re.fullmatch(r"P(\d+)W", every)
    days = re.fullmatch(r"P(\d+)D", every)
    if weeks:
        return WEEKS_A_YEAR / int(weeks[1])
    if days:
        return 7 * WEEKS_A_YEAR / int(days[1])
    return MONTHS_A_YEAR / months_of(every)


def _is_calendar(entry: LabelEntry) -> bool:
    return entry.fields.get("start_anchor", "") in ("first-dose", "")


def _test(entry: LabelEntry, last_dose: float | None, horizon_months: int) -> TestPlan:
    fields = entry.fields
    until = _until(entry, last_dose)
    end = horizon_months if until is None else min(until, horizon_months)
    at = [months_of(moment) for moment in fields.get("at", ()) if not moment.startswith("PT")]
    step = months_of(fields["every"]) if fields.get("every") else None
    regular = [step * k for k in range(1, int(end / step + 1e-9) + 1)] if step else []
    months = tuple(sorted({round(m, 3) for m in (*at, *regular) if m <= end + 1e-9}))
    return TestPlan(
        test_id=str(fields.get("test_id", "")),
        months=months,
        until_month=until,
        interval_text=str(fields.get("interval_text", "")),
        condition=str(fields.get("condition", "")),
        entry=entry,
    )


def _until(entry: LabelEntry, last_dose: float | None) -> float | None:
    anchor, offset = entry.fields.get("until_anchor"), entry.fields.get("until_offset")
    if not anchor or not offset:
        return None
    if anchor == "first-dose":
        return months_of(offset)
    if anchor == "last-dose":
        return None if last_dose is None else last_dose + months_of(offset)
    raise SafetyDataError(
        f"{entry.row.table}, {entry.id}: the anchor '{anchor}' is not known.\n  allowed: first-dose, last-dose"
    )
