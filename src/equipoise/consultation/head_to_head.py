"""What the trials of one option against another found, outcome by outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from equipoise.consultation.arm_estimates import arm_estimate
from equipoise.consultation.certainty import SUBSTANTIAL_I2
from equipoise.consultation.document import OutcomeSection, TrialResult
from equipoise.consultation.syntheses import Synthesis, synthesise
from equipoise.consultation.trial_estimates import contrast_estimate, counted_comparison, finding
from equipoise.consultation.words import Said, comparison_sentence, counted, horizon
from equipoise.evidence import Arm, ArmKind, ArmResult, Evidence, ResultKind, Trial, TrialKind
from equipoise.vocabulary.estimate import Estimate, EvidenceKind, Interval
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation
from equipoise.vocabulary.terms import Outcome, OutcomeGroup, Treatment

INVERSE_PREFIX = "inverse."
MORE_THAN_ONE = 2

_COMPARED = (TrialKind.RANDOMISED, TrialKind.POOLED_TRIALS)
_COMPARED_ARMS = (ArmKind.RANDOMISED, ArmKind.MERGED_DOSES, ArmKind.POOLED_TRIALS)
_BEYOND_ARMS = (
    ArmKind.EXTENSION,
    ArmKind.COHORT,
    ArmKind.POOLED_TRIALS,
    ArmKind.MERGED_DOSES,
    ArmKind.SPONTANEOUS_REPORTS,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two arms of one trial that stand for the two options."""

    trial: Trial
    arms: tuple[Arm, Arm]
    is_licensed_dose: bool


def regimens(evidence: Evidence, treatment: Treatment) -> tuple[str, ...]:
    """Return a treatment's id and the ids of merged doses that hold it."""
    return (treatment.id, *(other.id for other in evidence.treatments.values() if treatment.id in other.members))


def pairs(evidence: Evidence, first: Treatment, second: Treatment) -> tuple[Pair, ...]:
    """Return every pair of arms in which both options were given by chance, licensed doses first.

    Subgroups, extensions and cohorts are no such pairs.
    """
    found = []
    for a in evidence.arms_of(regimens(evidence, first)):
        trial = evidence.trials[a.trial_id]
        if trial.kind not in _COMPARED or a.kind not in _COMPARED_ARMS:
            continue
        for b in evidence.arms_of(regimens(evidence, second)):
            if b.trial_id == a.trial_id and b.kind in _COMPARED_ARMS:
                found.append(Pair(trial, (a, b), a.treatment_id == first.id and b.treatment_id == second.id))
    return tuple(sorted(found, key=lambda pair: not pair.is_licensed_dose))


def outcome_section(
    evidence: Evidence, options: tuple[Treatment, Treatment], found: tuple[Pair, ...], outcome: Outcome
) -> OutcomeSection | None:
    """Return everything on one outcome, or ``None`` where neither option has anything reported."""
    results = _telling([result for pair in found for result in _results(evidence, pair, outcome)])
    randomised = [r for r in results if r.trial.kind is TrialKind.RANDOMISED]
    shown = {arm.id for result in results for arm in result.arms if arm is not None}
    beyond = tuple(estimate for estimate in _beyond(evidence, options, outcome) if estimate.id not in shown)
    if not results and not beyond:
        return None
    trials = _in_trial_order(evidence, [r for r in randomised if r.is_main])
    # Too few events for inverse variance with a continuity correction to mean anything: shown trial by trial.
    rare = outcome.group is OutcomeGroup.SERIOUS_HARM
    syntheses = () if rare else _syntheses(evidence, options, trials)
    return OutcomeSection(
        outcome=outcome,
        trials=trials,
        later=_in_trial_order(evidence, [r for r in randomised if not r.is_main]),
        pooled_trials=tuple(r for r in results if r.trial.kind is TrialKind.POOLED_TRIALS),
        beyond=beyond,
        syntheses=syntheses,
        agreement="" if rare else _agreement(trials, syntheses),
    )


def _telling(results: list[TrialResult]) -> list[TrialResult]:
    """Leave out a pair of arms that shows less than another pair of the same trial at the same time."""

    def tells(result: TrialResult) -> bool:
        return bool(result.comparisons or result.findings) or all(result.arms)

    kept = []
    for result in results:
        same = [r for r in results if (r.trial.id, r.timepoint_months) == (result.trial.id, result.timepoint_months)]
        own_dose_is_in = any(arm is not None for arm in result.arms[:1])
        if tells(result) or (not any(tells(r) for r in same) and (own_dose_is_in or result is same[0])):
            kept.append(result)
    return kept


def _in_trial_order(evidence: Evidence, results: list[TrialResult]) -> tuple[TrialResult, ...]:
    order = list(evidence.trials)
    return tuple(
        sorted(results, key=lambda r: (order.index(r.trial.id), not r.is_licensed_dose, r.timepoint_months or 0))
    )


def _results(evidence: Evidence, pair: Pair, outcome: Outcome) -> Iterator[TrialResult]:
    rows = [{r.timepoint_months: r for r in _arm_rows(evidence, arm, outcome)} for arm in pair.arms]
    contrasts = [
        c for c in evidence.contrasts_on(outcome.id) if {c.arm_id, c.reference_arm_id} == {arm.id for arm in pair.arms}
    ]
    months = dict.fromkeys([*rows[0], *rows[1], *(c.timepoint_months for c in contrasts)])
    for month in months:
        both = rows[0].get(month), rows[1].get(month)
        if pair.trial.kind is TrialKind.POOLED_TRIALS and not all(both):
            continue
        here = [c for c in contrasts if c.timepoint_months == month]
        printed = [
            _oriented(evidence, contrast_estimate(evidence, c), pair.arms[0].treatment_id)
            for c in here
            if c.estimate is not None
        ]
        yield TrialResult(
            trial=pair.trial,
            timepoint_months=month,
            is_main=month is None or month == pair.trial.duration_months,
            is_licensed_dose=pair.is_licensed_dose,
            arms=(_arm(evidence, both[0]), _arm(evidence, both[1])),
            comparisons=(*printed, *_from_counts(evidence, both, {p.measure for p in printed})),
            findings=tuple(finding(evidence, c) for c in here if c.estimate is None),
        )


def _arm_rows(evidence: Evidence, arm: Arm, outcome: Outcome) -> list[ArmResult]:
    # Where a source gives both, the Kaplan-Meier share comes last and so wins over the crude one: it is the trial's
    # own analysis.
    rows = evidence.results_by_arm_outcome.get((arm.id, outcome.id), ())
    return sorted(rows, key=lambda row: row.kind is ResultKind.KAPLAN_MEIER)


def _arm(evidence: Evidence, row: ArmResult | None) -> Estimate | None:
    return None if row is None else arm_estimate(evidence, row)


def _from_counts(
    evidence: Evidence, rows: tuple[ArmResult | None, ArmResult | None], printed: set[Measure]
) -> Iterator[Estimate]:
    first, second = rows
    if (
        first is None
        or second is None
        or first.kind is not ResultKind.PROPORTION
        or second.kind is not ResultKind.PROPORTION
    ):
        return
    for measure in (Measure.RISK_RATIO, Measure.RISK_DIFFERENCE):
        if measure not in printed:
            comparison = counted_comparison(evidence, first, second, measure)
            if comparison is not None:
                yield comparison


def _oriented(evidence: Evidence, estimate: Estimate, first: str) -> Estimate:
    return estimate if estimate.treatment == first else inverse(evidence, estimate)


def _turned(value: float, *, ratio: bool) -> float:
    return 1 / value if ratio else -value


def inverse(evidence: Evidence, estimate: Estimate) -> Estimate:
    """Return a comparison seen from the other side: reciprocal of a ratio, negative of a difference."""
    ratio = estimate.measure.is_ratio
    value = _turned(estimate.value, ratio=ratio)
    limits = estimate.interval
    interval = limits and Interval(
        _turned(limits.high, ratio=ratio), _turned(limits.low, ratio=ratio), limits.level, limits.kind
    )
    return replace(
        estimate,
        id=INVERSE_PREFIX + estimate.id,
        value=value,
        interval=interval,
        treatment=estimate.reference,
        reference=estimate.treatment,
        text=comparison_sentence(
            Said(
                evidence.trials[estimate.trial_ids[0]].short_name,
                evidence.outcomes[estimate.outcome_id],
                estimate.measure,
                value,
                interval,
                horizon(estimate.timepoint_months),
            ),
            evidence.treatments[estimate.reference].name,
            evidence.treatments[estimate.treatment].name,
        ),
        provenance=Computation(
            "Seen from the other side",
            "1 / ratio, limits swapped" if ratio else "-difference, limits swapped",
            (estimate.provenance,),
        ),
    )


def _beyond(evidence: Evidence, options: tuple[Treatment, Treatment], outcome: Outcome) -> Iterator[Estimate]:
    found: list[ArmResult] = []
    for option in options:
        for arm in evidence.arms_of(regimens(evidence, option)):
            trial = evidence.trials[arm.trial_id]
            outside = trial.evidence_kind is not EvidenceKind.RANDOMISED or trial.kind is TrialKind.POOLED_TRIALS
            if outside and arm.kind in _BEYOND_ARMS:
                found += evidence.results_by_arm_outcome.get((arm.id, outcome.id), ())
    for row in sorted(found, key=lambda r: r.timepoint_months or 0):
        yield arm_estimate(evidence, row)


def _syntheses(
    evidence: Evidence, options: tuple[Treatment, Treatment], trials: tuple[TrialResult, ...]
) -> tuple[Synthesis, ...]:
    licensed = [r.comparison for r in trials if r.is_licensed_dose]
    found = [_pooled(evidence, options, licensed, "licensed-dose")]
    if any(not r.is_licensed_dose for r in trials):
        found.append(_pooled(evidence, options, _one_a_trial(trials), "all-doses"))
    kept = [s for s in found if s is not None]
    if len(kept) > 1 and kept[0].trials == kept[1].trials:
        kept.pop()
    return tuple(kept)


def _one_a_trial(trials: Iterable[TrialResult]) -> list[Estimate | None]:
    chosen: dict[str, Estimate] = {}
    for result in trials:
        comparison = result.comparison
        if comparison is not None and comparison.interval is not None and result.trial.id not in chosen:
            chosen[result.trial.id] = comparison
    return list(chosen.values())


def _pooled(
    evidence: Evidence, options: tuple[Treatment, Treatment], comparisons: list[Estimate | None], scope: str
) -> Synthesis | None:
    usable = [c for c in comparisons if c is not None and c.interval is not None and c.measure.is_ratio]
    if not usable or len({c.measure for c in usable}) > 1:
        return None
    return synthesise(evidence, *options, usable, scope=scope)


def _agreement(trials: tuple[TrialResult, ...], syntheses: tuple[Synthesis, ...]) -> str:
    """Say whether the trials agree.

    A trial whose interval holds no difference does not contradict one whose interval does not: they disagree only
    where heterogeneity says so, or where they point clearly in opposite directions.
    """
    comparisons = [c for c in _one_a_trial(trials) if c is not None]
    k = len(comparisons)
    if k < MORE_THAN_ONE:
        return ""
    clear = [c for c in comparisons if not c.includes_no_difference]
    all_k = "both" if k == MORE_THAN_ONE else f"all {counted(k)}"
    differ = any(s.i2.value > SUBSTANTIAL_I2 for s in syntheses)
    if len({c.value > c.measure.null_value for c in clear}) > 1:
        return f"The {counted(k)} trials do not agree: they point in different directions."
    if not clear:
        return f"In {all_k} trials the result could be due to chance."
    if len(clear) == k:
        size = "but they differ in how large the difference is" if differ else "and they agree on how large it is"
        return f"In {all_k} trials there was a difference in the same direction, {size}."
    split = (
        f"{counted(len(clear))} of the {counted(k)} found a difference that chance does not easily explain, "
        f"{counted(k - len(clear))} did not"
    )
    if differ:
        return f"The {counted(k)} trials do not agree: {split}, and they differ by more than chance alone gives."
    return f"{split.capitalize()}; the results are not so far apart that the trials contradict each other."
