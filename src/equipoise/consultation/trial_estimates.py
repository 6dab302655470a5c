"""From two arms of one trial to a comparison: as printed where a source prints it, from counts otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from equipoise.consultation.arm_estimates import Z_95, group_of
from equipoise.consultation.certainty import rate_certainty
from equipoise.consultation.words import Said, comparison_sentence, horizon
from equipoise.evidence import Arm, ArmResult, Contrast, Evidence
from equipoise.synthesis import Effects, odds_ratio, risk_difference, risk_ratio
from equipoise.vocabulary.estimate import Estimate, EstimateKind, Fact, Interval, Trust, least_trust
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation, Provenance, SourceRow

PREFIX = "trial."
FINDING_PREFIX = "finding."
# Remarks of the curators to each other, of no use to a reader.
CURATORS_WORDS = ("p only", "compute the effect from the arm counts")

FROM_COUNTS: Mapping[Measure, tuple[Callable[..., Effects], str]] = {
    Measure.RISK_RATIO: (risk_ratio, "(a/n1) / (c/n2); se of its log = sqrt(1/a - 1/n1 + 1/c - 1/n2)"),
    Measure.RISK_DIFFERENCE: (risk_difference, "100 (a/n1 - c/n2); se = 100 sqrt(p1(1-p1)/n1 + p2(1-p2)/n2)"),
    Measure.ODDS_RATIO: (odds_ratio, "(a/(n1-a)) / (c/(n2-c)); se of its log = sqrt(1/a + 1/(n1-a) + 1/c + 1/(n2-c))"),
}


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two arms on one outcome at one time."""

    arm: Arm
    reference: Arm
    outcome_id: str
    timepoint_months: float | None


@dataclass(frozen=True, slots=True)
class _Number:
    """A comparison's number and what travels with it."""

    id: str
    measure: Measure
    value: float
    interval: Interval | None
    provenance: Provenance
    trust: Trust
    notes: tuple[str, ...]
    n: int | None
    events: int | None


def contrast_estimate(evidence: Evidence, contrast: Contrast) -> Estimate:
    """Return a printed comparison as an estimate.

    Parameters
    ----------
    evidence
        The release.
    contrast
        A row with an estimate; a row with a p value alone is a :func:`finding`.

    Raises
    ------
    ValueError
        If the row has no estimate.
    """
    if contrast.estimate is None or contrast.measure is None:
        raise ValueError(f"{contrast.id} prints no estimate")
    interval = None
    used: tuple[str, ...] = ("estimate",)
    if contrast.ci_low is not None and contrast.ci_high is not None:
        interval = Interval(contrast.ci_low, contrast.ci_high)
        used = (*used, "ci_low", "ci_high")
    arm, reference = evidence.arms[contrast.arm_id], evidence.arms[contrast.reference_arm_id]
    number = _Number(
        id=PREFIX + contrast.id,
        measure=contrast.measure,
        value=contrast.estimate,
        interval=interval,
        provenance=_with_people(evidence, evidence.cite(contrast.row, contrast.source, *used), (arm, reference)),
        trust=contrast.trust,
        notes=_notes(contrast),
        n=_together(arm.n_analysed, reference.n_analysed),
        events=None,
    )
    return _estimate(evidence, _Compared(arm, reference, contrast.outcome_id, contrast.timepoint_months), number)


def counted_comparison(
    evidence: Evidence, result: ArmResult, reference: ArmResult, measure: Measure
) -> Estimate | None:
    """Return a comparison computed from the counts of two arms.

    Parameters
    ----------
    evidence
        The release.
    result, reference
        Rows of two arms of one trial on one outcome at one time.
    measure
        Risk ratio, risk difference or odds ratio.

    Returns
    -------
    Estimate or None
        ``None`` where a count is not reported, or where a ratio is not defined because nobody or everybody
        had the event.
    """
    if result.events is None or reference.events is None or not result.n or not reference.n:
        return None
    events, people = result.events + reference.events, result.n + reference.n
    if measure.is_ratio and events in (0, people):
        return None
    compute, formula = FROM_COUNTS[measure]
    effects = compute([result.events], [result.n], [reference.events], [reference.n], studies=(result.trial_id,))
    point, half = float(effects.estimates[0]), Z_95 * float(effects.standard_errors[0])
    scale = math.exp if measure.is_ratio else _percent
    rows = tuple(evidence.cite(r.row, r.source, "events", "n") for r in (result, reference))
    identifier = (
        f"{result.arm_id}.vs.{reference.arm_id}.{result.outcome_id}.{_months(result.timepoint_months)}.{measure.value}"
    )
    number = _Number(
        id=PREFIX + identifier,
        measure=measure,
        value=scale(point),
        interval=Interval(scale(point - half), scale(point + half)),
        provenance=Computation(
            f"{measure.value.replace('-', ' ').capitalize()} from counts, Wald interval", formula, rows
        ),
        trust=least_trust([result.trust, reference.trust, Trust.DERIVED]),
        notes=effects.notes,
        n=people,
        events=events,
    )
    arms = evidence.arms[result.arm_id], evidence.arms[reference.arm_id]
    return _estimate(evidence, _Compared(*arms, result.outcome_id, result.timepoint_months), number)


def finding(evidence: Evidence, contrast: Contrast) -> Fact:
    """Return what a source says of a comparison without printing its size."""
    treatment = evidence.treatments[evidence.arms[contrast.arm_id].treatment_id].name
    reference = evidence.treatments[evidence.arms[contrast.reference_arm_id].treatment_id].name
    outcome, trial = evidence.outcomes[contrast.outcome_id], evidence.trials[contrast.trial_id]
    test = _test_words(contrast.p_value)
    remarks = [remark.strip() for remark in contrast.note.split(";")]
    said = "; ".join(part for part in (test, *remarks) if part and part not in CURATORS_WORDS)
    return Fact(
        id=FINDING_PREFIX + contrast.id,
        text=f"{trial.short_name}, {outcome.name}, {treatment} versus {reference}: {said}.",
        provenance=evidence.cite(contrast.row, contrast.source, "p_value", "note"),
        topic="finding",
        trust=contrast.trust,
    )


def _estimate(evidence: Evidence, compared: _Compared, number: _Number) -> Estimate:
    arm, reference = compared.arm, compared.reference
    trial, outcome = evidence.trials[arm.trial_id], evidence.outcomes[compared.outcome_id]
    treatments = evidence.treatments[arm.treatment_id], evidence.treatments[reference.treatment_id]
    return Estimate(
        id=number.id,
        kind=EstimateKind.TRIAL,
        evidence_kind=trial.evidence_kind,
        outcome_id=outcome.id,
        measure=number.measure,
        value=number.value,
        interval=number.interval,
        unit="percentage points" if number.measure is Measure.RISK_DIFFERENCE else "",
        treatment=treatments[0].id,
        reference=treatments[1].id,
        trial_ids=(trial.id,),
        timepoint_months=compared.timepoint_months,
        n=number.n,
        events=number.events,
        population=f"people with {trial.diagnosis} as in {group_of(trial, arm, reference)}",
        trust=number.trust,
        certainty=rate_certainty(
            trial.evidence_kind, (trial,), (arm, reference), measure=number.measure, interval=number.interval
        ),
        notes=number.notes,
        text=comparison_sentence(
            Said(
                group_of(trial, arm, reference),
                outcome,
                number.measure,
                number.value,
                number.interval,
                horizon(compared.timepoint_months),
            ),
            treatments[0].name,
            treatments[1].name,
        ),
        provenance=number.provenance,
    )


def _with_people(evidence: Evidence, row: SourceRow, arms: tuple[Arm, Arm]) -> Provenance:
    """Name the rows that the number of people comes from, which are not those of the comparison."""
    if any(arm.n_analysed is None for arm in arms):
        return row
    people = tuple(evidence.cite(arm.row, arm.source, "n_analysed") for arm in arms)
    return Computation("Comparison as printed, with the people analysed in both arms", "n = n1 + n2", (row, *people))


def _test_words(p_value: str) -> str:
    """Say a p value as printed: ``<0.0001``, ``0.04``, or in words such as ``significant``."""
    if not any(character.isdigit() for character in p_value):
        return p_value
    return f"p {p_value}" if p_value[:1] in "<>=" else f"p = {p_value}"


def _notes(contrast: Contrast) -> tuple[str, ...]:
    notes = [_test_words(contrast.p_value)] if contrast.p_value else []
    notes += [f"Sources disagree: {contrast.conflict}."] if contrast.conflict else []
    notes += [contrast.note] if contrast.note else []
    return tuple(notes)


def _together(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


def _months(months: float | None) -> str:
    return "open" if months is None else f"{months:g}m"


def _percent(value: float) -> float:
    return 100 * value
