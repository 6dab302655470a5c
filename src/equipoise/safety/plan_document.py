"""The words of a dated plan: what is due when, why, and which entry of a label says so."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from equipoise.evidence import LabelEntry
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.provenance import SourceRef
from equipoise.vocabulary.terms import Jurisdiction


class TaskKind(StrEnum):
    """What sort of thing is to be done."""

    BASELINE = "baseline"
    """Before the first dose, or before a course."""
    VACCINE = "vaccine"
    """To be finished so long before a course."""
    TREATMENT_DAY = "treatment-day"
    """A day on which the drug of a course is given."""
    PREMEDICATION = "premedication"
    AT_TREATMENT = "at-treatment"
    """Watching or measuring on a day of treatment."""
    TEST = "test"
    """A test or an examination by the calendar."""
    SELF_CHECK = "self-check"
    """What a person does at home."""


@dataclass(frozen=True, slots=True)
class CourseDates:
    """When a course was, or is to be, given.

    Attributes
    ----------
    number
        1 for the first.
    first_dose, last_dose
        Its first and its last day of treatment. ``None`` where the last day was not said and the label gives no number
        of days; whatever counts from the last dose then has no date.
    entry
        The label entry that the number of days comes from; ``None`` where there is none.
    """

    number: int
    first_dose: datetime.date
    last_dose: datetime.date | None
    entry: LabelEntry | None


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One thing to be done on one day.

    Attributes
    ----------
    id
        The entry's id and the step from its anchor: ``alemtuzumab-mon-01.P14M``. The same drug, courses and label give
        the same ids, and a course that is added or moved leaves the ids of everything else as they were.
    kind
        What sort of thing it is.
    test_id
        A test of the vocabulary, or ``infusion`` and the like for a day of treatment, or the kind of premedication.
    due
        The day, moved by the shift rule if one was asked for.
    by_label
        The day that the label's interval gives, before any shift.
    window_start, window_end
        The days on which it counts for this date. ``window_start`` is ``None`` where the label names no first day.
    course
        The last course that began on or before the day; for what comes before a course, that course.
    reason
        Why, in the label's sense.
    entry
        The label entry.
    level
        ``required``, ``recommended`` or ``as-indicated``, as the label has it; empty where it does not say.
    condition
        Whom the label asks it of; empty for everybody.
    """

    id: str
    kind: TaskKind
    test_id: str
    due: datetime.date
    by_label: datetime.date
    window_start: datetime.date | None
    window_end: datetime.date
    course: int
    reason: str
    entry: LabelEntry
    level: str = ""
    condition: str = ""

    @property
    def source(self) -> SourceRef:
        """Where the label says so."""
        return self.entry.source

    @property
    def trust(self) -> Trust:
        """How the entry was seen."""
        return self.entry.trust


def in_order(task: PlannedTask) -> tuple[datetime.date, int, str]:
    """Return what tasks are sorted by: the day, then what comes first on a day, then the id."""
    return task.due, _KIND_ORDER[task.kind], task.id


_KIND_ORDER = {kind: place for place, kind in enumerate(TaskKind)}


class StandingKind(StrEnum):
    """Why something stands in the plan without a day."""

    NO_INTERVAL = "no-interval"
    """The label gives no interval; none is made up."""
    CONDITIONAL = "conditional"
    """Only for some people, and whether this is one of them was not said."""
    CONSIDER = "consider"
    """The label says to consider it."""
    OPEN_END = "open-end"
    """Laid out as far as the plan looks; the label names no end."""
    AFTER_STOP = "after-stop"
    PREGNANCY = "pregnancy"
    SWITCH = "switch"
    COURSES = "courses"
    """The days of the courses differ from what the label says."""
    NOT_SEEN = "not-seen"
    """No entry of this label was seen."""
    EVERY_DOSE = "every-dose"
    """At each infusion of a treatment that goes on; the days of infusion are not known here."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that holds but has no day.

    Attributes
    ----------
    id, kind
        The entry's id (or what it is about), and why there is no day.
    test_id, text
        Which test, empty where it is none; what the label says.
    why
        Why there is no day, in a sentence.
    entry
        The label entry; ``None`` for what follows from the dates given and from no entry.
    condition
        Whom it is for; empty for everybody.
    """

    id: str
    kind: StandingKind
    test_id: str
    text: str
    why: str
    entry: LabelEntry | None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Something that is kept up from one day to another.

    Attributes
    ----------
    id, kind
        The entry's id and course, and what it is: ``antiviral-herpes``, ``contraception``, ``diet``.
    starts, ends
        First and last day. ``ends`` is the earliest end where ``may_last_longer``; ``None`` where no day is known.
    course
        Which course.
    text
        What the label says.
    may_last_longer
        Whether something else, such as a test, can move the end to later.
    entry
        The label entry.
    """

    id: str
    kind: str
    starts: datetime.date
    ends: datetime.date | None
    course: int
    text: str
    may_last_longer: bool
    entry: LabelEntry


@dataclass(frozen=True, slots=True)
class SymptomWatch:
    """What to look out for, with no test that would find it.

    Attributes
    ----------
    id
        The entry's id.
    starts, ends
        From when; ``ends`` is ``None`` because no label text seen ends it.
    text, action, urgency, origin
        The signs, what the label says to do, how urgent (empty where it does not say), and who says so.
    lasts_after_tests
        Whether the text itself says that it goes on after the last test.
    entry
        The label entry.
    """

    id: str
    starts: datetime.date
    ends: datetime.date | None
    text: str
    action: str
    urgency: str
    origin: str
    lasts_after_tests: bool
    entry: LabelEntry


@dataclass(frozen=True, slots=True)
class Burden:
    """What the plan asks of a person in one calendar year.

    Attributes
    ----------
    year
        The calendar year.
    tests
        Tests and examinations by the calendar and before treatment; what is done on a day of treatment is not counted.
    visits
        Days on which one or more of those tests fall; tests due on one day are one visit.
    treatment_days
        Days in hospital or at an infusion centre.
    injections
        Injections at home, counted from the first dose at the label's rate.
    """

    year: int
    tests: int
    visits: int
    treatment_days: int
    injections: int


@dataclass(frozen=True, slots=True)
class MonitoringPlan:
    """Everything that follows a drug for one person, by date.

    Attributes
    ----------
    drugs
        Ids of the label files; two after a switch.
    jurisdiction
        Whose label.
    courses
        The courses that the plan was made for.
    tasks
        What is due, by date.
    ends_on
        The last day on which the label asks for tests at the least; ``None`` where it names none.
    laid_out_to
        How far the plan looks. What has no end goes on after it.
    standing, periods, watch
        What has no day, what is kept up between days, and what to look out for.
    burden
        By calendar year.
    evidence_version
        Version of the evidence.
    boxed_tests
        Tests that a boxed warning of the label is about.
    """

    drugs: tuple[str, ...]
    jurisdiction: Jurisdiction
    courses: tuple[CourseDates, ...]
    tasks: tuple[PlannedTask, ...]
    ends_on: datetime.date | None
    laid_out_to: datetime.date
    standing: tuple[Standing, ...]
    periods: tuple[Period, ...]
    watch: tuple[SymptomWatch, ...]
    burden: tuple[Burden, ...]
    evidence_version: str
    boxed_tests: frozenset[str] = frozenset()

    def task(self, identifier: str) -> PlannedTask | None:
        """Return a task by id."""
        return next((task for task in self.tasks if task.id == identifier), None)

    def in_year(self, year: int) -> Sequence[PlannedTask]:
        """Return the tasks due in a calendar year."""
        return [task for task in self.tasks if task.due.year == year]
