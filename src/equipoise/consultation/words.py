"""Plain sentences around numbers. Every sentence names its comparator and its horizon."""

from __future__ import annotations

from equipoise.vocabulary.estimate import Interval, IntervalKind
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Outcome

_COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_RATIO_WORDS = {
    Measure.RATE_RATIO: "rate",
    Measure.HAZARD_RATIO: "hazard",
    Measure.ODDS_RATIO: "odds",
    Measure.RISK_RATIO: "risk",
}


def counted(number: int) -> str:
    """Return a small whole number in words."""
    return _COUNTED[number] if number < len(_COUNTED) else str(number)


def whole(value: float) -> int:
    """Round to the nearest whole number, halves up."""
    return int(value + 0.5) if value >= 0 else -int(-value + 0.5)


def figure(value: float, measure: Measure) -> str:
    """Return a number with the digits that its measure deserves."""
    if measure.is_proportion or measure is Measure.I2:
        return f"{value:.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"
    if measure in (Measure.COUNT, Measure.SCHEDULED):
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
        return "over a follow-up that the source does not state"
    if months == 0:
        return "at the start"
    if months % 12 == 0 and months >= 12:
        years = int(months // 12)
        return f"over {years} year{'s' if years > 1 else ''}"
    return f"over {months:g} months"


def arm_sentence(
    *, where: str, treatment: str, outcome: Outcome, measure: Measure, value: float, unit: str, interval: Interval | None, months: float | None, definition: str
) -> str:
    """Say what happened in one group of people."""
    limits = interval_words(interval, measure)
    span = horizon(months)
    if measure in (Measure.PROPORTION, Measure.KAPLAN_MEIER_PROPORTION) and outcome.event:
        return f"{where}: {figure(value, measure)} of 100 people on {treatment} {outcome.event} {span} {limits}."
    counted_as = f" ({definition})" if definition else ""
    return f"{where}: {outcome.name} on {treatment} was {figure(value, measure)} {unit} {span} {limits}{counted_as}."


def comparison_sentence(
    *, where: str, treatment: str, reference: str, outcome: Outcome, measure: Measure, value: float, interval: Interval | None, months: float | None
) -> str:
    """Say how a treatment compared with its reference."""
    limits = interval_words(interval, measure)
    span = horizon(months)
    if measure.is_ratio:
        kind = _RATIO_WORDS[measure]
        return f"{where}: the {kind} of '{outcome.name}' on {treatment} was {figure(value, measure)} times that on {reference} {span} {limits}."
    return f"{where}: the difference in '{outcome.name}', {treatment} minus {reference}, was {figure(value, measure)} {span} {limits}."
