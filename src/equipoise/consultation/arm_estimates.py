"""From a row about one arm to an estimate."""

from __future__ import annotations

import math

from equipoise.consultation.certainty import rate_certainty
from equipoise.consultation.words import Said, arm_sentence, horizon
from equipoise.evidence import Arm, ArmKind, ArmResult, Evidence, ResultKind, Trial, TrialKind
from equipoise.vocabulary.estimate import Estimate, EstimateKind, EvidenceKind, Interval, Trust, least_trust
from equipoise.vocabulary.provenance import Computation, Provenance

PREFIX = "arm."

# Standard normal quantile at 0.975: the intervals of this package are 95 percent unless a source says otherwise.
Z_95 = 1.959963984540054

_WILSON = "(p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n), p = events/n, z = 1.96"


def wilson_interval(events: int, n: int) -> Interval:
    """Return the Wilson score interval of a share of people, in percent.

    Parameters
    ----------
    events, n
        People with the event, and people; ``0 <= events <= n`` and ``n > 0``.

    Returns
    -------
    Interval
        95 percent confidence interval in percent; unlike the Wald interval it never leaves 0 to 100 and
        has width for no events at all.

    References
    ----------
    wilson-1927
    """
    p = events / n
    z2 = Z_95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low = 0.0 if events == 0 else max(0.0, centre - half)
    high = 1.0 if events == n else min(1.0, centre + half)
    return Interval(100 * low, 100 * high)


def arm_estimate(evidence: Evidence, result: ArmResult) -> Estimate:
    """Return what a source reports about one arm, with an interval computed where counts allow it.

    Parameters
    ----------
    evidence
        The release.
    result
        The row.

    Returns
    -------
    Estimate
        Proportions in percent: from the counts where both stand in the row, as printed otherwise.
    """
    arm, trial, outcome = (
        evidence.arms[result.arm_id],
        evidence.trials[result.trial_id],
        evidence.outcomes[result.outcome_id],
    )
    treatment = evidence.treatments[arm.treatment_id]
    value, interval, provenance, trust = _number(evidence, result)
    measure = result.kind.measure
    kind = _evidence_kind(trial, result)
    return Estimate(
        id=PREFIX + result.id,
        kind=EstimateKind.ARM,
        evidence_kind=kind,
        outcome_id=outcome.id,
        measure=measure,
        value=value,
        interval=interval,
        unit="%" if measure.is_proportion else result.unit,
        treatment=treatment.id,
        trial_ids=(trial.id,),
        timepoint_months=result.timepoint_months,
        n=result.n,
        events=result.events,
        population=_population(trial.population, trial.diagnosis, arm),
        trust=trust,
        certainty=rate_certainty(kind, (trial,), (arm,), measure=measure, interval=interval),
        notes=_notes(result),
        text=arm_sentence(
            Said(group_of(trial, arm), outcome, measure, value, interval, _span(trial, result)),
            treatment.name,
            result.unit,
        ),
        provenance=provenance,
    )


def group_of(trial: Trial, *arms: Arm) -> str:
    """Return the trial's name, and that people were picked out of it where they were."""
    is_subgroup = any(arm.kind is ArmKind.SUBGROUP for arm in arms)
    return f"{trial.short_name}, a subgroup" if is_subgroup else trial.short_name


def _number(evidence: Evidence, result: ArmResult) -> tuple[float, Interval | None, Provenance, Trust]:
    if result.kind is ResultKind.PROPORTION and result.events is not None and result.n:
        row = evidence.cite(result.row, result.source, "events", "n")
        share = Computation("Share of people", "100 * events / n", (row,))
        wilson = Computation("Wilson score interval", _WILSON, (share,), "wilson-1927")
        trust = least_trust([result.trust, Trust.DERIVED_INTERVAL])
        return 100 * result.events / result.n, wilson_interval(result.events, result.n), wilson, trust
    if result.value is None:
        # The checks of the evidence let no row through that holds neither a value nor a count.
        return float(result.events or 0), None, evidence.cite(result.row, result.source, "events"), result.trust
    if result.ci_low is not None and result.ci_high is not None:
        row = evidence.cite(result.row, result.source, "value", "ci_low", "ci_high")
        return result.value, Interval(result.ci_low, result.ci_high), row, result.trust
    return result.value, None, evidence.cite(result.row, result.source, "value"), result.trust


def _evidence_kind(trial: Trial, result: ArmResult) -> EvidenceKind:
    # Trials read together by a source are randomised evidence at their own length; what is counted later, or over no
    # stated time, comes from people who went on with one drug.
    at_own_length = result.timepoint_months is not None and result.timepoint_months == trial.duration_months
    if trial.kind.is_pseudo and not at_own_length:
        return EvidenceKind.SINGLE_ARM
    return trial.evidence_kind


def _span(trial: Trial, result: ArmResult) -> str:
    # Outside a trial's own period what was counted varies from row to row ("in year 7", "over years 3 to 9") and
    # the horizon alone would mislead.
    if trial.kind is TrialKind.RANDOMISED or not result.definition:
        return horizon(result.timepoint_months)
    return f"{horizon(result.timepoint_months)}, counted as: {result.definition}"


def _population(population: str, diagnosis: str, arm: Arm) -> str:
    history = {
        "treatment-naive": "not treated before",
        "experienced": "treated before",
        "mixed": "treated before or not",
    }.get(population, population)
    people = f"adults with {diagnosis or 'MS'}, {history}" if history else f"adults with {diagnosis or 'MS'}"
    return f"{people}; subgroup looked at after the trial" if arm.kind is ArmKind.SUBGROUP else people


def _notes(result: ArmResult) -> tuple[str, ...]:
    notes = []
    if result.definition:
        notes.append(f"Counted: {result.definition}.")
    if result.conflict:
        notes.append(f"Sources disagree: {result.conflict}.")
    if result.note:
        notes.append(result.note[0].upper() + result.note[1:].rstrip(".") + ".")
    return tuple(notes)
