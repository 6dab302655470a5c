"""From draws to numbers that can be shown: people out of a number, with limits, certainty and a tree."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.consultation.certainty import LEVELS, rate_certainty
from equipoise.consultation.personal import OutcomeDifference, PersonalOutcome
from equipoise.consultation.words import expected, figure, horizon
from equipoise.evidence import Evidence
from equipoise.outcomes.baseline import Baseline
from equipoise.outcomes.draws import PERSONAL, POPULATION, SINGLE_ARM, Array, OutcomeDraws
from equipoise.outcomes.setting import PLACEBO
from equipoise.vocabulary.estimate import (
    Certainty,
    Estimate,
    EstimateKind,
    EvidenceKind,
    Interval,
    IntervalKind,
    Trust,
)
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation
from equipoise.vocabulary.terms import Direction, Outcome, OutcomeGroup, Treatment
from equipoise.wording import phrase

LEVEL = 0.95
MANY_OPTIONS = 4
"""Up to so many options every pair is compared; beyond, each with the first named."""

NO_TREATMENT = "no treatment"


@dataclass(frozen=True)
class Numbering:
    """What ids and sentences of one personal view have in common.

    Attributes
    ----------
    evidence
        The release.
    stem
        Beginning of every id: the person's fingerprint, the options, the seed and the number of draws.
    """

    evidence: Evidence
    stem: str

    def treatment(self, option: str) -> Treatment:
        """The treatment of an id."""
        return self.evidence.treatments[option]

    def name(self, option: str) -> str:
        """What an option is called; placebo in a trial is no disease-modifying treatment in life."""
        return NO_TREATMENT if option == PLACEBO else self.treatment(option).name


def denominator(outcome: Outcome) -> int:
    """People that an outcome is counted out of: the same for every option and horizon."""
    return 1000 if outcome.group is OutcomeGroup.SERIOUS_HARM else 100


def personal_outcomes(
    numbering: Numbering, found: Sequence[OutcomeDraws], limits: Array
) -> tuple[PersonalOutcome, ...]:
    """Return every outcome as people out of a number; ``limits`` is their ``summary``."""
    return tuple(_outcome(numbering, one, *_shown(one, row)) for one, row in zip(found, limits, strict=True))


def summary(draws: Sequence[Array]) -> Array:
    """Mean and 95 percent limits of many sets of draws at once. Shape (K, 3)."""
    if not draws:
        return np.empty((0, 3))
    stacked = np.stack(draws)
    mean = stacked.mean(axis=1)
    tail = (1 - LEVEL) / 2
    # Sorting whole rows is quicker than asking for quantiles, and gives the same numbers.
    stacked.sort(axis=1)
    low, high = _quantile(stacked, tail), _quantile(stacked, 1 - tail)
    # The mean of a very skewed distribution can lie beyond a quantile; the number shown never lies outside its limits.
    return np.column_stack([np.clip(mean, low, high), low, high])


def _quantile(ordered: Array, share: float) -> Array:
    """Quantile of rows in ascending order, by the line between the two nearest values."""
    place = share * (ordered.shape[1] - 1)
    below = int(place)
    part = place - below
    first, second = ordered[:, below], ordered[:, min(below + 1, ordered.shape[1] - 1)]
    # From the nearer of the two, so that rounding never leads beyond it.
    step = second - first
    return np.asarray(first + step * part if part < 0.5 else second - step * (1 - part))


def _shown(one: OutcomeDraws, row: Array) -> tuple[float, float, float]:
    """The number that is shown with its limits: where people were counted, the count itself.

    The mean of the draws would say that two of a thousand had what nobody in the trials had.
    """
    mean, low, high = (float(part) for part in row)
    if one.events is None or not one.n:
        return mean, low, high
    counted = one.events / one.n
    return counted, min(low, counted), max(high, counted)


def _outcome(numbering: Numbering, one: OutcomeDraws, mean: float, low: float, high: float) -> PersonalOutcome:
    outcome = numbering.evidence.outcomes[one.outcome_id]
    people = denominator(outcome)
    return PersonalOutcome(
        option=numbering.treatment(one.option),
        outcome=outcome,
        horizon_months=one.horizon_months,
        denominator=people,
        affected=people * mean,
        low=people * low,
        high=people * high,
        level=LEVEL,
        basis=one.basis,
        estimate=_estimate(numbering, one, outcome, (mean, low, high), people),
    )


def _estimate(
    numbering: Numbering, one: OutcomeDraws, outcome: Outcome, number: tuple[float, float, float], people: int
) -> Estimate:
    scale = 100.0 if one.measure is Measure.PROPORTION else 1.0
    value, low, high = (scale * part for part in number)
    interval = Interval(low, high, level=LEVEL, kind=IntervalKind.CREDIBLE)
    kind = EvidenceKind.SINGLE_ARM if one.basis == SINGLE_ARM else EvidenceKind.RANDOMISED
    return Estimate(
        id=f"{numbering.stem}.{one.option}.{one.outcome_id}.{one.horizon_months}m",
        kind=EstimateKind.PERSONAL,
        evidence_kind=kind,
        outcome_id=one.outcome_id,
        measure=one.measure,
        value=value,
        interval=interval,
        unit="%" if one.measure is Measure.PROPORTION else "per person",
        treatment=one.option,
        trial_ids=one.trial_ids,
        timepoint_months=float(one.horizon_months),
        n=one.n,
        events=one.events,
        population=one.population,
        trust=Trust.DERIVED,
        certainty=_certainty(numbering.evidence, one, kind, interval),
        notes=one.notes,
        text=_sentence(numbering.name(one.option), one, outcome, [people * part for part in number], people),
        provenance=one.provenance,
    )


def _certainty(evidence: Evidence, one: OutcomeDraws, kind: EvidenceKind, interval: Interval) -> Certainty:
    trials = [evidence.trials[name] for name in one.trial_ids]
    rated = rate_certainty(kind, trials, (), measure=one.measure, interval=interval)
    if one.basis not in (PERSONAL, POPULATION):
        return rated
    lower = LEVELS[max(0, LEVELS.index(rated.level) - 1)]
    return Certainty(lower, (*rated.reasons, phrase(f"certainty.indirectness.{one.basis}")))


def _sentence(name: str, one: OutcomeDraws, outcome: Outcome, number: Sequence[float], people: int) -> str:
    mean, low, high = (figure(part, Measure.PROPORTION) for part in number)
    limits = f"(95% credible interval {low} to {high})"
    who = "people like this" if one.basis == PERSONAL else "people as in the trials"
    span = horizon(one.horizon_months)
    if one.measure is Measure.COUNT:
        return f"Of {people} {who} on {name}, {mean} relapses are expected {span} {limits}."
    said = outcome.event or f"had: {outcome.name}"
    if one.basis in (PERSONAL, POPULATION):
        said = expected(said)
    return f"Of {people:,} {who} on {name}, {mean} {said} {span} {limits}."


def baseline_estimates(numbering: Numbering, one: Baseline) -> tuple[Estimate, Estimate]:
    """Return where someone stands under the anchor treatment: relapses a year, and the share with any in two years."""
    rate, share = summary([one.relapse_rate, one.any_relapse])
    name = numbering.name(one.setting.anchor)
    trials = [numbering.evidence.trials[trial] for trial in one.setting.trial_ids]

    def estimate(what: str, number: Array, measure: Measure, months: float, unit: str, text: str) -> Estimate:
        scale = 100.0 if measure is Measure.PROPORTION else 1.0
        value, low, high = (float(scale * part) for part in number)
        interval = Interval(low, high, level=LEVEL, kind=IntervalKind.CREDIBLE)
        shown = [figure(part, measure) for part in (value, low, high)]
        return Estimate(
            id=f"{numbering.stem}.baseline.{one.method}.{what}",
            kind=EstimateKind.PERSONAL,
            evidence_kind=EvidenceKind.RANDOMISED,
            outcome_id=what,
            measure=measure,
            value=value,
            interval=interval,
            unit=unit,
            treatment=one.setting.anchor,
            trial_ids=one.setting.trial_ids,
            timepoint_months=months,
            population=one.setting.text,
            trust=Trust.DERIVED,
            certainty=rate_certainty(EvidenceKind.RANDOMISED, trials, (), measure=measure, interval=interval),
            notes=one.notes,
            text=text.format(*shown, name=name),
            provenance=one.provenance,
        )

    return (
        estimate(
            "annualised-relapse-rate",
            rate,
            Measure.RATE,
            12.0,
            "relapses a year",
            "On {name}, people like this would have {0} relapses a year (95% credible interval {1} to {2}).",
        ),
        estimate(
            "any-relapse",
            share,
            Measure.PROPORTION,
            24.0,
            "%",
            "On {name}, {0} of 100 people like this would have at least one relapse over 2 years "
            "(95% credible interval {1} to {2}).",
        ),
    )


def outcome_differences(
    numbering: Numbering, found: Sequence[OutcomeDraws], limits: Array, options: Sequence[str]
) -> tuple[OutcomeDifference, ...]:
    """Return the differences between options, world by world, so that what they share cancels.

    Parameters
    ----------
    numbering, found
        How ids are made, and what may happen.
    limits
        The ``summary`` of what may happen.
    options
        In the order in which they are compared: each with those after it.
    """
    by_key = {(one.option, one.outcome_id, one.horizon_months): one for one in found}
    outcomes = dict.fromkeys((one.outcome_id, one.horizon_months) for one in found)
    pairs = [
        (by_key[first, *key], by_key[second, *key])
        for first, second in _pairs(options)
        for key in outcomes
        if (first, *key) in by_key
        and (second, *key) in by_key
        and _comparable(by_key[first, *key], by_key[second, *key])
    ]
    shown = {id(one): _shown(one, row)[0] for one, row in zip(found, limits, strict=True)}
    within = summary([a.draws - b.draws for a, b in pairs])
    return tuple(
        _difference(numbering, a, b, (shown[id(a)] - shown[id(b)], float(low), float(high)))
        for (a, b), (_, low, high) in zip(pairs, within, strict=True)
    )


def _pairs(options: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(options) <= MANY_OPTIONS:
        yield from itertools.combinations(options, 2)
    else:
        yield from ((options[0], other) for other in options[1:])


def _comparable(first: OutcomeDraws, second: OutcomeDraws) -> bool:
    """Whether two numbers may be subtracted: of one kind, and neither seen in one group alone."""
    return first.basis == second.basis and SINGLE_ARM not in (first.basis, second.basis)


def _difference(
    numbering: Numbering, first: OutcomeDraws, second: OutcomeDraws, number: tuple[float, float, float]
) -> OutcomeDifference:
    outcome = numbering.evidence.outcomes[first.outcome_id]
    people, mean = denominator(outcome), number[0]
    # A difference of counts may lie outside the draws by a hair where an interval is skewed.
    low, high = min(number[1], mean), max(number[2], mean)
    is_clear = not low <= 0.0 <= high
    needed = (1 / abs(mean), *sorted((1 / abs(low), 1 / abs(high)))) if is_clear and _is_share(first) else (None,) * 3
    good_if_fewer = {Direction.LOWER_IS_BETTER: True, Direction.HIGHER_IS_BETTER: False}.get(outcome.direction)
    return OutcomeDifference(
        option=numbering.treatment(first.option),
        reference=numbering.treatment(second.option),
        outcome=outcome,
        horizon_months=first.horizon_months,
        denominator=people,
        difference=people * mean,
        low=people * low,
        high=people * high,
        number_needed=needed[0],
        number_needed_low=needed[1],
        number_needed_high=needed[2],
        is_benefit=(mean < 0) == good_if_fewer if is_clear and good_if_fewer is not None else None,
        estimate=_difference_estimate(numbering, first, second, outcome, (mean, low, high)),
    )


def _is_share(one: OutcomeDraws) -> bool:
    return one.measure is Measure.PROPORTION


def _difference_estimate(
    numbering: Numbering,
    first: OutcomeDraws,
    second: OutcomeDraws,
    outcome: Outcome,
    number: tuple[float, float, float],
) -> Estimate:
    scale = 100.0 if _is_share(first) else 1.0
    value, low, high = (scale * part for part in number)
    interval = Interval(low, high, level=LEVEL, kind=IntervalKind.CREDIBLE)
    people = denominator(outcome)
    measure = Measure.RISK_DIFFERENCE if _is_share(first) else Measure.MEAN_DIFFERENCE
    rated = [_certainty(numbering.evidence, one, EvidenceKind.RANDOMISED, interval) for one in (first, second)]
    word = "more" if value > 0 else "fewer"
    shown = [figure(abs(people * part), Measure.PROPORTION) for part in number]
    said = outcome.event or f"had: {outcome.name}"
    if first.basis in (PERSONAL, POPULATION):
        said = expected(said)
    what = f"{shown[0]} {word} relapses" if not _is_share(first) else f"{shown[0]} {word} {said}"
    signed = [f"{'+' if part > 0 else '-' if part < 0 else ''}{text}" for part, text in zip(number, shown, strict=True)]
    return Estimate(
        id=f"{numbering.stem}.{first.option}.vs.{second.option}.{outcome.id}.{first.horizon_months}m",
        kind=EstimateKind.PERSONAL,
        evidence_kind=EvidenceKind.RANDOMISED,
        outcome_id=outcome.id,
        measure=measure,
        value=value,
        interval=interval,
        unit="percentage points" if _is_share(first) else "per person",
        treatment=first.option,
        reference=second.option,
        trial_ids=tuple(dict.fromkeys((*first.trial_ids, *second.trial_ids))),
        timepoint_months=float(first.horizon_months),
        population=first.population,
        trust=Trust.DERIVED,
        certainty=min(rated, key=lambda one: LEVELS.index(one.level)),
        text=(
            f"Of {people:,}, {what} on {numbering.name(first.option)} than on {numbering.name(second.option)} "
            f"{horizon(first.horizon_months)} (95% credible interval {signed[1]} to {signed[2]})."
        ),
        provenance=Computation(
            "Difference within each draw",
            "draws of one option minus draws of the other, world by world",
            (first.provenance, second.provenance),
        ),
    )
