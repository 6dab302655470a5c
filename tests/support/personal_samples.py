"""Personal views to render: realistic in shape, invented in every number; only the names are those of the evidence."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from equipoise.consultation.personal import (
    BaselineSummary,
    Change,
    CriterionLevel,
    Declining,
    Fit,
    OptionFit,
    OutcomeDifference,
    PersonalOutcome,
    PersonalView,
    Reason,
    Tie,
    Unranked,
)
from equipoise.evidence import load_evidence
from equipoise.outcomes.draws import ARM, LABEL, PERSONAL, POPULATION
from equipoise.person import CourseOfDisease, EarlierTreatment, Person, Sex, Walking
from equipoise.vocabulary.estimate import (
    Certainty,
    CertaintyLevel,
    Estimate,
    EstimateKind,
    EvidenceKind,
    Interval,
    IntervalKind,
)
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation, SourceRef, SourceRow
from equipoise.vocabulary.terms import Outcome, Treatment

TWO = ("alemtuzumab", "interferon-beta-1a", "placebo")
ROW = SourceRow(
    "arm-results.csv",
    "alder.relapse-free",
    SourceRef("alder-2020", "Table 2"),
    "Alder A. The Alder trial. Journal of Examples.",
    (("id", "alder.relapse-free"), ("value", "60")),
    ("value",),
)
WORKED_OUT = Computation("absolute risk", "baseline x relative effect", (ROW,))
ADULT = Person(
    age=34,
    sex=Sex.WOMAN,
    course=CourseOfDisease.RELAPSING_REMITTING,
    years_since_onset=4.0,
    relapses_12_months=2,
    relapses_24_months=3,
    months_since_relapse=5.0,
    walking=Walking.NO_LIMIT,
    earlier_treatments=(EarlierTreatment("glatiramer-acetate", relapsed=True),),
    conditions=frozenset(),
)
UNKNOWN = ("whether the last scan showed an active lesion", "smoking")
# Relapses a year; invented, and only so that three options differ visibly.
_RATES = {"alemtuzumab": 0.22, "interferon-beta-1a": 0.45, "placebo": 0.66}


@cache
def treatment(option: str) -> Treatment:
    """An option of the evidence; ``placebo`` stands for no treatment."""
    evidence = load_evidence()
    return evidence.treatments["placebo"] if option == "placebo" else {t.option: t for t in evidence.options}[option]


@cache
def outcome(outcome_id: str) -> Outcome:
    return load_evidence().outcomes[outcome_id]


@cache
def every_option() -> tuple[str, ...]:
    """Eighteen options of the evidence and two more doses of names, so that there are twenty with no treatment."""
    return (*(t.option for t in load_evidence().options), "placebo")


def estimate(
    identifier: str, outcome_id: str, value: float, low: float, high: float, measure: Measure, level: CertaintyLevel
) -> Estimate:
    return Estimate(
        id=identifier,
        kind=EstimateKind.SYNTHESIS,
        evidence_kind=EvidenceKind.RANDOMISED,
        outcome_id=outcome_id,
        measure=measure,
        value=value,
        provenance=WORKED_OUT,
        text=f"For someone like you: {value:.2f} ({low:.2f} to {high:.2f}).",
        interval=Interval(low, high, 0.95, IntervalKind.CREDIBLE),
        population="people like the one described",
        certainty=Certainty(level, ("Starts at high: randomised trials.", "Lowered: the range is wide.")),
    )


def result(
    option: str,
    outcome_id: str,
    months: int,
    people: tuple[float, float, float],
    *,
    denominator: int = 100,
    basis: str = PERSONAL,
    level: CertaintyLevel = CertaintyLevel.MODERATE,
    drug: Treatment | None = None,
) -> PersonalOutcome:
    """One number of a view: people out of the denominator with the limits."""
    affected, low, high = people
    of = outcome(outcome_id)
    measure = Measure.PROPORTION if of.event else Measure.COUNT
    scale = 100 / denominator if of.event else 1.0
    name = f"person.{option}.{outcome_id}.{months}m"
    number = estimate(name, outcome_id, affected * scale, low * scale, high * scale, measure, level)
    return PersonalOutcome(drug or treatment(option), of, months, denominator, affected, low, high, 0.95, basis, number)


def difference(one: PersonalOutcome, other: PersonalOutcome) -> OutcomeDifference:
    """How an option differs from another on an outcome, roughly: limits as if the two were independent."""
    gap = one.affected - other.affected
    half = math.hypot(one.high - one.low, other.high - other.low) / 2.5
    low, high = gap - half, gap + half
    crosses = low <= 0 <= high
    more_is_better = one.outcome.direction.value == "higher-is-better"
    is_people = bool(one.outcome.event)
    needed = [None] * 3 if crosses or not is_people else sorted(one.denominator / abs(x) for x in (low, gap, high))
    name = f"person.{one.option.id}.vs.{other.option.id}.{one.outcome.id}.{one.horizon_months}m"
    measure = Measure.RISK_DIFFERENCE if is_people else Measure.MEAN_DIFFERENCE
    number = estimate(name, one.outcome.id, gap, low, high, measure, CertaintyLevel.LOW)
    return OutcomeDifference(
        one.option,
        other.option,
        one.outcome,
        one.horizon_months,
        one.denominator,
        gap,
        low,
        high,
        needed[1],
        needed[0],
        needed[2],
        None if crosses else (gap > 0) is more_is_better,
        number,
    )


def _rate(option: str) -> float:
    return _RATES.get(option, 0.15 + zlib.crc32(option.encode()) % 45 / 100)


def results(option: str, years: int, drug: Treatment | None = None) -> list[PersonalOutcome]:
    """What a person may expect under an option."""
    rate, spread = _rate(option), 1.25 if option != "placebo" else 1.5
    found = []
    for horizon in sorted({1, 2, 5, years}):
        expected = 100 * rate * horizon
        free = [100 * math.exp(-r * horizon * 0.8) for r in (rate, rate * spread, rate / spread)]
        worse = [100 * (1 - math.exp(-r * horizon * 0.12)) for r in (rate, rate / 2, rate * 2)]
        months = 12 * horizon
        found.append(result(option, "relapse-free", months, (free[0], free[1], free[2]), drug=drug))
        limits = (expected, expected / spread, expected * spread)
        found.append(result(option, "relapses", months, limits, drug=drug))
        found.append(
            result(
                option,
                "confirmed-disability-worsening-6m",
                months,
                (worse[0], worse[1], worse[2]),
                basis=POPULATION,
                level=CertaintyLevel.LOW,
                drug=drug,
            )
        )
    if option != "placebo":
        stopping = (2.0 + 10 * rate, 1.0, 4.0 + 20 * rate)
        found.append(result(option, "discontinuation-adverse-event", 24, stopping, basis=ARM, drug=drug))
        found.append(
            result(
                option, "serious-infection", 24, (0.4 + 10 * rate, 0, 30 * rate), denominator=1000, basis=ARM, drug=drug
            )
        )
    if option == "alemtuzumab":
        found.append(result(option, "thyroid-event", 72, (42, 38, 46), basis=LABEL, level=CertaintyLevel.NOT_RATED))
        found.append(result(option, "infusion-reaction", 24, (90, 86, 93), basis=ARM, level=CertaintyLevel.HIGH))
    return found


def baselines() -> tuple[BaselineSummary, ...]:
    def one(method: str, is_used: bool, rate: float, share: float) -> BaselineSummary:
        return BaselineSummary(
            method,
            is_used,
            estimate(
                f"person.baseline.{method}.rate",
                "annualised-relapse-rate",
                rate,
                rate * 0.7,
                rate * 1.5,
                Measure.RATE,
                CertaintyLevel.LOW,
            ),
            estimate(
                f"person.baseline.{method}.any",
                "any-relapse",
                share,
                share - 12,
                share + 14,
                Measure.PROPORTION,
                CertaintyLevel.LOW,
            ),
            treatment("interferon-beta-1a"),
            "the interferon groups of the head-to-head trials",
            ("34 years old", "3 relapses in the last 24 months"),
            ("active lesions on the last scan",),
        )

    return one("swiss-relapse-model", True, 0.45, 51.0), one("own-recent-relapses", False, 0.52, 57.0)


def view(options: Sequence[str] = TWO, *, years: int = 2, fit: Fit | None = None) -> PersonalView:
    """A person with two options and no treatment, without values."""
    found = [one for option in options for one in results(option, years)]
    pairs = [
        difference(one, other)
        for i, first in enumerate(options)
        for second in options[i + 1 :]
        if len(options) <= 4 or first == options[0]
        for one in found
        for other in found
        if one.option == treatment(first)
        and other.option == treatment(second)
        and (one.outcome.id, one.horizon_months) == (other.outcome.id, other.horizon_months)
    ]
    declined = (
        Declining(
            "confirmed-disability-worsening-6m",
            "No model that can be used predicts worsening for one person, so everyone sees the numbers of the trials.",
            provenance=WORKED_OUT,
        ),
        Declining("serious-infection", "No trial counted this in people without treatment.", option="placebo"),
    )
    drugs = tuple(treatment(option) for option in options)
    return PersonalView(
        ADULT, UNKNOWN, drugs, years, 20261122, 4000, baselines(), tuple(found), tuple(pairs), declined, fit
    )


def fitted(options: Sequence[str] = TWO) -> PersonalView:
    """With values: one option fits first in most worlds."""
    shares = {
        "alemtuzumab": (0.7234, 0.2166, 0.06),
        "interferon-beta-1a": (0.2716, 0.5, 0.2284),
        "placebo": (0.005, 0.2834, 0.7116),
    }
    fits = tuple(
        OptionFit(
            treatment(option),
            shares[option],
            {"relapses": 0.41, "serious-risk": 0.21, "blood-tests-and-visits": 0.38},
            0.81,
            "most often" if shares[option][0] > 0.6 else "seldom" if shares[option][0] < 0.05 else "sometimes",
        )
        for option in options
    )
    return view(options, fit=_fit(options, fits))


def _fit(
    options: Sequence[str],
    fits: tuple[OptionFit, ...],
    *,
    unranked: tuple[Unranked, ...] = (),
    ties: tuple[Tie, ...] = (),
) -> Fit:
    ranked = [one.option.option or one.option.id for one in fits]
    reasons = []
    for option in ranked:
        source = f"person.{option}.relapse-free.24m"
        free = round(100 * math.exp(-_rate(option) * 1.6))
        reasons.append(
            Reason(
                treatment(option),
                True,
                "relapses",
                f"{free} of 100 people stay free of relapses for two years.",
                (source,),
            )
        )
        reasons.append(
            Reason(treatment(option), False, "blood-tests", "It asks for blood tests, and you want few of them.", ())
        )
    levels = tuple(
        CriterionLevel(
            treatment(option),
            "relapses",
            0.4,
            0.3,
            0.6,
            f"person.{option}.relapses.24m",
            f"{_spoken(option)}: {200 * _rate(option):.0f} relapses among 100 people in two years.",
        )
        for option in ranked
    )
    change = Change(
        "weight",
        "blood-tests",
        "If blood tests and visits had a weight of 52 of 100 and not 38 of 100, another option would fit first.",
        0.38,
        0.52,
        tuple(reversed(ranked)),
    )
    return Fit(
        fits,
        unranked,
        levels,
        (("pregnancy-timing", "You said that it does not matter to you."),),
        tuple(reasons),
        (change,) if len(fits) > 1 else (),
        ("No treatment has the most relapses in every plausible world.",) if "placebo" in options else (),
        ties,
        ("You marked nearly everything as very important. One trade-off would say more.",),
    )


def _spoken(option: str) -> str:
    return "No treatment" if option == "placebo" else treatment(option).name.capitalize()


def contraindicated(options: Sequence[str] = TWO) -> PersonalView:
    """One option must not be given: shown, not ranked."""
    first, *others = options
    fits = tuple(
        OptionFit(treatment(option), shares, None, None, word)
        for option, shares, word in zip(others, ((0.94, 0.06), (0.06, 0.94)), ("nearly always", "seldom"), strict=False)
    )
    reason = "The label says not to use it with a severe active infection."
    out = Unranked(treatment(first), reason, "contraindicated", (f"person.{first}.relapses.24m",))
    return view(options, fit=_fit(options, fits, unranked=(out,)))


def tied(options: Sequence[str] = TWO[:2]) -> PersonalView:
    """Two options that nobody can tell apart."""
    fits = tuple(
        OptionFit(treatment(o), shares, {"relapses": 0.5, "visits": 0.5}, 0.52, "about as often as not")
        for o, shares in zip(options, ((0.515, 0.485), (0.485, 0.515)), strict=True)
    )
    tie = Tie(
        tuple(treatment(o) for o in options), "alemtuzumab and interferon beta-1a are too close to call: this is a tie."
    )
    return view(options, fit=_fit(options, fits, ties=(tie,)))


def declined(options: Sequence[str] = TWO) -> PersonalView:
    """Outside the evidence: nothing is said."""
    child = replace(ADULT, age=12)
    refusals = (
        Declining(
            "personal-baseline",
            "The trials took people from 18 to 55 years old. For a child nothing here can be worked out.",
            provenance=ROW,
        ),
        *(Declining(o, "No trial of it in children was read.", option=o) for o in options),
    )
    drugs = tuple(treatment(option) for option in options)
    return PersonalView(child, (), drugs, 2, 20261122, 4000, (), (), (), refusals, None)


def twenty() -> PersonalView:
    """Twenty options with values: eighteen of the evidence, no treatment, and one more dose."""
    options = every_option()
    extra = replace(
        treatment("fingolimod"), id="fingolimod-twin", option="fingolimod-twin", name="fingolimod (another dose)"
    )
    base = view(options)
    count = len(options) + 1
    more = tuple(results("fingolimod-twin", 2, extra))
    raw = [[1 + zlib.crc32(f"{o}{rank}".encode()) % 97 for rank in range(count)] for o in (*options, "fingolimod-twin")]
    drugs = (*base.options, extra)
    fits = tuple(
        OptionFit(drug, tuple(x / sum(row) for x in row), None, None, "seldom")
        for drug, row in zip(drugs, raw, strict=True)
    )
    fit = Fit(fits, (), (), (), (), (), (), (), ())
    return replace(base, options=drugs, outcomes=(*base.outcomes, *more), fit=fit)


SAMPLES = {
    "two options": view,
    "with fit": fitted,
    "contraindicated": contraindicated,
    "tie": tied,
    "everything declined": declined,
    "twenty options": twenty,
}
