"""Words that the pages put around numbers, none of which hold a number of their own."""

from __future__ import annotations

from equipoise.consultation.words import figure
from equipoise.evidence import Trial, Verdict
from equipoise.presentation.pictures.numerals import percent
from equipoise.vocabulary.estimate import (
    Certainty,
    Estimate,
    EvidenceKind,
    Interval,
    IntervalKind,
    Trust,
)
from equipoise.vocabulary.measures import Measure
from equipoise.wording import phrase

# fmt: off
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
# fmt: on
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

_KIND = {
    EvidenceKind.RANDOMISED: "trial groups, on one drug alone",
    EvidenceKind.SINGLE_ARM: "followed on after a trial",
    EvidenceKind.COHORT: "clinics or reports",
    EvidenceKind.LABEL: "label",
}
_TRUST = {
    Trust.PRINTED: "printed in a source that was read",
    Trust.DERIVED: "worked out from printed numbers",
    Trust.DERIVED_INTERVAL: "printed; its interval was worked out from printed numbers",
    Trust.SECONDARY: "printed in a source that quotes the first one",
    Trust.UNVERIFIED_INTERVAL: "seen, but its interval was not",
    Trust.UNVERIFIED: "not seen",
}
_MEASURE = {
    Measure.RATE_RATIO: "Rate ratio",
    Measure.HAZARD_RATIO: "Hazard ratio",
    Measure.ODDS_RATIO: "Odds ratio",
    Measure.RISK_RATIO: "Risk ratio",
    Measure.RISK_DIFFERENCE: "Difference in percentage points",
    Measure.MEAN_DIFFERENCE: "Difference in means",
    Measure.STANDARDISED_MEAN_DIFFERENCE: "Standardised difference in means",
}
_VERDICT = {
    Verdict.SUPPORTED: "Supported",
    Verdict.PARTLY: "Supported in part",
    Verdict.NEEDS_QUALIFYING: "Needs more said",
    Verdict.WRONG_AS_WRITTEN: "Wrong as written",
}


def spelled(number: int) -> str:
    """Return a whole number below one hundred in words."""
    if not 0 <= number < 100:
        return str(number)
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{_ONES[ones]}" if ones else _TENS[tens]


def upper_first(text: str) -> str:
    """Return a text with a capital at its start and everything else as it is: ``EDSS`` stays ``EDSS``."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return a text with a small letter at its start and everything else as it is."""
    return text[:1].lower() + text[1:]


def where(estimate: Estimate) -> str:
    """Return the study or group that the sentence of an estimate names first."""
    return estimate.text.partition(":")[0].replace(" pooled (not a trial)", ", read together")


def span(months: float | None) -> str:
    """Return a length of time in words: ``two years``, ``twenty-two months``."""
    if months is None:
        return "length not stated"
    if months == 0:
        return "at the start"
    whole, rest = divmod(round(months), 12)
    if rest or not whole:
        return f"{spelled(round(months))} month{'s' if round(months) != 1 else ''}"
    return f"{spelled(whole)} year{'s' if whole > 1 else ''}"


def in_trial(trial: Trial) -> str:
    """Return where people were counted: a trial's short name, or that several were read together."""
    name, pooled, _ = trial.short_name.partition(" pooled")
    return f"{name}, read together" if pooled and trial.kind.is_pseudo else trial.short_name


def blinding(trial: Trial) -> str:
    """Return who knew which drug was given, where the record says it in the usual words; empty otherwise."""
    record = trial.blinding.lower()
    if "rater-blinded" in record and "open-label" in record:
        return "People and their doctors knew which drug it was. Those who scored disability did not."
    return "Neither people nor their doctors knew which drug it was." if record.startswith("double-blind") else ""


def shown(estimate: Estimate) -> str:
    """Return a value with the digits it deserves and a true minus sign."""
    return _digits(estimate.value, estimate.measure)


def limits(interval: Interval | None, measure: Measure) -> str:
    """Return an interval in words, or that none is reported."""
    if interval is None:
        return "interval not reported"
    name = "next trial " if interval.kind is IntervalKind.PREDICTION else ""
    return f"{name}{_digits(interval.low, measure)} to {_digits(interval.high, measure)}"


def _digits(value: float, measure: Measure) -> str:
    if measure is Measure.PROBABILITY:
        return percent(value / 100)
    text = f"{value:.1f}" if measure is Measure.RISK_DIFFERENCE else figure(value, measure)
    return text.replace("-", "\N{MINUS SIGN}")


def certainty_word(certainty: Certainty) -> str:
    """Return one of four levels, or that it is not rated."""
    return phrase(f"certainty.{certainty.level.value}")


def certainty_meaning(certainty: Certainty) -> str:
    """Return what a level means, in a sentence."""
    return phrase(f"certainty.means.{certainty.level.value}")


def kind_word(estimate: Estimate) -> str:
    """Return what kind of study a number outside a comparison comes from."""
    return _KIND[estimate.evidence_kind]


def trust_word(trust: Trust) -> str:
    """Return how a row was seen."""
    return _TRUST[trust]


def measure_word(measure: Measure) -> str:
    """Return the name of a measure as a heading."""
    return _MEASURE.get(measure, measure.value.replace("-", " ").capitalize())


def verdict_word(verdict: Verdict) -> str:
    """Return a verdict in words."""
    return _VERDICT[verdict]


def verdict_class(verdict: Verdict) -> str:
    """Return the style of a verdict."""
    return {"supported": "supported", "wrong-as-written": "wrong"}.get(verdict.value, "qualify")
