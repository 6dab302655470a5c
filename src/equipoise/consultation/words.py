"""Plain sentences around numbers. Every sentence names its comparator and its horizon."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.vocabulary.estimate import Interval, IntervalKind
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Outcome

MONTHS_A_YEAR = 12
DIFFERENT_LENGTHS = "over trials of different length"
NOT_STATED = "over a follow-up that the source does not state"

_COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Said:
    """The number that a sentence is about.

    Attributes
    ----------
    where
        Trial, or trials together.
    outcome, measure, value, interval
        What was measured, and the number with its limits.
    span
        The horizon in words, see :func:`horizon`.
    """

    where: str
    outcome: Outcome
    measure: Measure
    value: float
    interval: Interval | None
    span: str


def counted(number: int) -> str:
    """Return a small whole number in words."""
    return _COUNTED[number] if number < len(_COUNTED) else str(number)


def figure(value: float, measure: Measure) -> str:
    """Return a number with the digits that its measure deserves."""
    if measure.is_proportion or measure in (Measure.I2, Measure.PROBABILITY):
        return f"{value:.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"
    if measure is Measure.RISK_DIFFERENCE:
        return f"{value:.1f}"
    if measure in (Measure.COUNT, Measure.SCHEDULED, Measure.MEDIAN_RANK):
        return f"{value:g}"
    return f"{value:.2f}"


def interval_words(interval: Interval | None, measure: Measure) -> str:
    """Return the limits in brackets, or that no source reports them."""
    if interval is None:
        return "(interval not reported)"
    name = "prediction interval" if interval.kind is IntervalKind.PREDICTION else f"{interval.kind.value} interval"
    return f"({interval.level:.0%} {name} {figure(interval.low, measure)} to {figure(interval.high, measure)})"


def horizon(months: float | None) -> str:
    """Return a horizon in words; a number without one says so."""
    if months is None:
        return NOT_STATED
    if months == 0:
        return "at the start"
    years = months / MONTHS_A_YEAR
    if years == int(years):
        return f"over {int(years)} year{'s' if years > 1 else ''}"
    return f"over {months:g} months"


def arm_sentence(said: Said, treatment: str, unit: str) -> str:
    """Say what happened in one group of people."""
    limits = interval_words(said.interval, said.measure)
    if said.measure in (Measure.PROPORTION, Measure.KAPLAN_MEIER_PROPORTION) and said.outcome.event:
        people = f"{figure(said.value, said.measure)} of 100 people on {treatment}"
        return f"{said.where}: {people} {said.outcome.event} {said.span} {limits}."
    number = f"{figure(said.value, said.measure)} {unit}".strip()
    return f"{said.where}: {said.outcome.name} on {treatment}: {number} {said.span} {limits}."


def comparison_sentence(said: Said, treatment: str, reference: str) -> str:
    """Say how a treatment compared with its reference."""
    limits = interval_words(said.interval, said.measure)
    number = figure(said.value, said.measure)
    if said.measure.is_ratio:
        what = {
            Measure.RATE_RATIO: f"the {said.outcome.name}"
            if "rate" in said.outcome.name
            else f"the rate of {said.outcome.name}",
            Measure.HAZARD_RATIO: f"the hazard of {said.outcome.name}",
            Measure.ODDS_RATIO: f"the odds of {said.outcome.name}",
            Measure.RISK_RATIO: f"the risk of {said.outcome.name}",
        }[said.measure]
        return f"{said.where}: {what} on {treatment} was {number} times that on {reference} {said.span} {limits}."
    unit = " percentage points" if said.measure is Measure.RISK_DIFFERENCE else ""
    what = f"the difference in {said.outcome.name}, {treatment} minus {reference}"
    return f"{said.where}: {what}, was {number}{unit} {said.span} {limits}."


_EXPECTED = {
    "had": "would have",
    "were": "would be",
    "improved": "would improve",
    "stopped": "would stop",
    "left": "would leave",
    "died": "would die",
    "did": "would",
}


def expected(words: str) -> str:
    """Return what happened to people as what would happen: ``"had no relapse"`` as ``"would have no relapse"``."""
    first, _, rest = words.partition(" ")
    return f"{_EXPECTED.get(first, first)} {rest}".rstrip()
