"""Thresholds that somebody stated: in a label, by a regulator, in a consensus, in a trial's protocol, or by the clinic.

None is made up here. What a text states beside its number (only before a course, only above a floor) is in
:mod:`equipoise.safety.plan_readings`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from equipoise.evidence import Label, LabelEntry
from equipoise.safety.calendar_dates import later
from equipoise.safety.monitoring_tests import ANALYTES, analyte
from equipoise.safety.plan_document import CourseDates
from equipoise.safety.plan_readings import ALERT_CONTEXT, ALSO, CARRY_ON, Context
from equipoise.safety.results import Result
from equipoise.safety.units import factor
from equipoise.vocabulary.errors import SafetyDataError
from equipoise.vocabulary.terms import Jurisdiction

TIMES_UPPER_LIMIT = "xULN"
RELATIVE_FALL = "relative-fall>="
_OPERATORS = ("<", "<=", ">", ">=", "between", RELATIVE_FALL)


class Origin(StrEnum):
    """Who states a threshold. They are shown apart: what a consensus says is not what a label says."""

    LABEL = "label"
    REGULATOR = "regulator"
    CONSENSUS = "consensus"
    TRIAL_PROTOCOL = "trial-protocol"
    CLINIC = "clinic"
    """The clinic's own limit, given by the caller."""
    LABORATORY = "laboratory"
    """The laboratory's own reference range; nobody states what to do."""


class Urgency(StrEnum):
    """How urgent a text calls it, most urgent first.

    What nobody calls anything stands before what a text calls routine: it may be either.
    """

    EMERGENCY = "emergency"
    URGENT = "urgent"
    PROMPT = "prompt"
    NOT_STATED = "not-stated"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a result is held against.

    Attributes
    ----------
    id
        The label entry's id, or the clinic's own.
    analyte, operator, value, value_high, unit
        What is compared and how: ``<``, ``<=``, ``>``, ``>=``, ``between`` (both limits included) or
        ``relative-fall>=`` (percent of the result before). ``xULN`` counts in upper limits of the laboratory.
    consecutive
        How many results in a row must cross it.
    lasting
        For how long they must, more than this: an ISO 8601 duration; empty where one result is enough.
    trigger, action, urgency, origin
        In the text's sense: when, what to do, how urgent, who says so.
    entry
        The label entry; ``None`` for the clinic's own.
    context
        When the text speaks of a result at all.
    is_carry_on
        Whether the text says that nothing is to be done.
    """

    id: str
    analyte: str
    operator: str
    value: float
    unit: str
    trigger: str
    action: str
    urgency: Urgency
    origin: Origin
    value_high: float | None = None
    consecutive: int = 1
    lasting: str = ""
    entry: LabelEntry | None = None
    context: Context = Context.ALWAYS
    is_carry_on: bool = False

    def __post_init__(self) -> None:
        if self.operator not in _OPERATORS or self.analyte not in ANALYTES:
            raise SafetyDataError(
                f"{self.id}: '{self.analyte} {self.operator}' cannot be compared.\n"
                f"  allowed: a test with a number, and one of {', '.join(_OPERATORS)}"
            )


def thresholds(label: Label, jurisdiction: Jurisdiction) -> tuple[Threshold, ...]:
    """Return every threshold with a number that a label file holds for a jurisdiction.

    Raises
    ------
    SafetyDataError
        If an operator is not known, or a test has no number.
    """
    return tuple(_threshold(entry) for entry in label.current("alert", jurisdiction) if entry.fields.get("operator"))


def _threshold(entry: LabelEntry) -> Threshold:
    fields = entry.fields
    high = fields.get("value_high")
    return Threshold(
        id=entry.id,
        analyte=str(fields.get("test_id", "")),
        operator=str(fields["operator"]),
        value=float(fields["value"]),
        value_high=None if high is None else float(high),
        unit=str(fields.get("unit", "")),
        consecutive=int(fields.get("consecutive", 1)),
        lasting=str(fields.get("duration", "")),
        trigger=str(fields.get("trigger", entry.text)),
        action=str(fields.get("action", "")),
        urgency=Urgency(fields.get("urgency", Urgency.NOT_STATED)),
        origin=Origin(fields.get("origin", Origin.LABEL)),
        entry=entry,
        context=ALERT_CONTEXT.get(entry.id, Context.ALWAYS),
        is_carry_on=entry.id in CARRY_ON,
    )


def crossed(threshold: Threshold, series: Sequence[Result], courses: Iterable[CourseDates]) -> bool | None:
    """Whether the last result of a series crosses a threshold, with as many before it as the text asks for.

    Parameters
    ----------
    threshold
        The threshold.
    series
        Results of its analyte, oldest first; the last is the one in question.
    courses
        The person's courses, for thresholds that speak of results before or between them.

    Returns
    -------
    bool or None
        ``None`` where it cannot be told: the upper limit was not reported, or a value is only known to lie beyond what
        the method measures.
    """
    if not series or not speaks_of(threshold, series[-1].taken_on, tuple(courses)):
        return False
    if threshold.operator == RELATIVE_FALL:
        return _fell(threshold, series)
    if threshold.lasting:
        return _lasted(threshold, series)
    if len(series) < threshold.consecutive:
        return False
    answers = [_one(threshold, result) for result in series[-threshold.consecutive :]]
    if False in answers:
        return False
    return None if None in answers else True


def speaks_of(threshold: Threshold, day: datetime.date, courses: Sequence[CourseDates]) -> bool:
    """Whether a text speaks of results of a day at all: some speak only of those before or between courses."""
    if threshold.context is Context.ALWAYS or not courses:
        return True
    first = courses[0].first_dose
    if threshold.context is Context.BEFORE_TREATMENT:
        return day <= first
    if threshold.context is Context.FIRST_DOSE_DAY:
        return day == first
    return first < day and (len(courses) == 1 or day <= courses[-1].first_dose)


def settles(threshold: Threshold, result: Result, courses: Sequence[CourseDates]) -> bool:
    """Whether a text tells what a result is, without any range of the laboratory.

    A number that it does not cross settles it as one that it crosses does; what a text carries on with settles only a
    result that it carries on with, and a fall says nothing of a value that stayed low.
    """
    if threshold.operator == RELATIVE_FALL or not speaks_of(threshold, result.taken_on, courses):
        return False
    answer = _one(threshold, result)
    return answer is True if threshold.is_carry_on else answer is not None


def _lasted(threshold: Threshold, series: Sequence[Result]) -> bool | None:
    is_sure, since = True, None
    for result in reversed(series):
        answer = _one(threshold, result)
        if answer is False:
            break
        is_sure, since = is_sure and answer is True, result.taken_on
    if since is None or later(since, threshold.lasting) >= series[-1].taken_on:
        return False
    return True if is_sure else None


def _one(threshold: Threshold, result: Result) -> bool | None:
    if threshold.unit == TIMES_UPPER_LIMIT:
        if not result.reference_high:
            return None
        value, limit, high = result.value / result.reference_high, threshold.value, threshold.value_high
    else:
        scale = factor(threshold.unit, analyte(threshold.analyte))
        value, limit = result.in_common_unit, threshold.value * scale
        high = None if threshold.value_high is None else threshold.value_high * scale
    if threshold.operator == "between":
        inside = limit <= value <= (limit if high is None else high)
        return inside if not result.comparator else None
    return compared(value, threshold.operator, limit, result.comparator)


def compared(value: float, operator: str, limit: float, comparator: str = "") -> bool | None:
    """Compare a value, or one only known to lie below or above a number, with a limit; ``None`` where it is open."""
    exact = {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[operator]
    if not comparator:
        return exact
    if comparator.startswith("<"):
        # The true value is at most ``value``: certain only where ``value`` itself already lies on one side.
        return (True if value <= limit else None) if operator.startswith("<") else (False if value <= limit else None)
    return (True if value >= limit else None) if operator.startswith(">") else (False if value >= limit else None)


def _fell(threshold: Threshold, series: Sequence[Result]) -> bool | None:
    if len(series) < 2:
        return False
    before, now = series[-2], series[-1]
    if before.comparator or now.comparator:
        return None
    if before.in_common_unit <= 0:
        return False
    fall = 100 * (1 - now.in_common_unit / before.in_common_unit)
    if fall < threshold.value:
        return False
    if threshold.id in ALSO:
        operator, value, unit = ALSO[threshold.id]
        return compared(now.in_common_unit, operator, value * factor(unit, now.of))
    return True
