"""From the usable rows of one trial to its place in a network, exact where the data allow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise import synthesis
from equipoise.consultation.network_rows import Question
from equipoise.evidence import Arm, ArmResult, Contrast, Evidence, ResultKind, Trial
from equipoise.synthesis.trials import trial_from_arms, trial_from_baseline, trial_from_pairs
from equipoise.vocabulary.estimate import Trust, least_trust
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation, Provenance, SourceRow

_SE = "log estimate; se = (log high - log low) / (2 * 1.96)"


@dataclass(frozen=True)
class NetworkTrial:
    """One trial as it stands in a network.

    Attributes
    ----------
    trial, timepoint_months
        The trial, or trials pooled by their source, and the horizon of its rows.
    arms
        Its arms in the network, the baseline arm first.
    data
        Estimates and covariance against the baseline arm, log scale.
    how
        What the numbers were made of, in words.
    row_ids, provenance, trust
        The rows used, the tree that ends in them, and the weakest of how they were seen.
    notes
        What had to be assumed or mended.
    """

    trial: Trial
    timepoint_months: float | None
    arms: tuple[Arm, ...]
    data: synthesis.Trial
    how: str
    row_ids: tuple[str, ...]
    provenance: Computation
    trust: Trust
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int | None:
        """People in the arms used, else people randomised, else not reported."""
        known = [arm.n_analysed or arm.n_randomised for arm in self.arms]
        return sum(n for n in known if n) if all(known) else self.trial.n_randomised


@dataclass(frozen=True)
class Rows:
    """The usable rows of one trial at one time."""

    trial: Trial
    timepoint_months: float | None
    contrasts: tuple[Contrast, ...]
    arms: tuple[ArmResult, ...]


def network_trial(evidence: Evidence, asked: Question, rows: Rows) -> NetworkTrial | None:
    """Put a trial's rows together, or return ``None`` where they compare nothing.

    Parameters
    ----------
    evidence, asked
        The release, and what the network is about.
    rows
        The usable rows of the trial at one time.
    """
    made = _made(evidence, asked, rows)
    if made is None:
        return None
    return replace(made, provenance=_with_people(evidence, made), notes=(*made.notes, *_pooled_notes(rows.trial)))


def _with_people(evidence: Evidence, made: NetworkTrial) -> Computation:
    """Name the rows that the number of people comes from, which are not those of the comparison."""
    if made.n is None:
        return made.provenance
    people: tuple[SourceRow, ...] = tuple(
        evidence.cite(arm.row, arm.source, "n_analysed" if arm.n_analysed else "n_randomised")
        for arm in made.arms
        if arm.n_analysed or arm.n_randomised
    )
    if len(people) < len(made.arms):
        people = (evidence.cite(made.trial.row, evidence.whole(made.trial), "n_randomised"),)
    return Computation(
        f"{made.trial.short_name}: its numbers, and the people in it", "n = sum of people", (made.provenance, *people)
    )


def _made(evidence: Evidence, asked: Question, rows: Rows) -> NetworkTrial | None:
    """Choose what a trial's place is made of.

    Two arms: the trial's own comparison, else the two arms' rates. Three and more: the arms' rates where they
    hold as many arms and were seen at least as well, because arms are independent and their covariance is then
    exact; else the comparisons against one arm.
    """
    if asked.plan.from_arms is ResultKind.PROPORTION:
        return _from_counts(evidence, asked, rows)
    by_contrast = _from_contrasts(evidence, asked, rows) if rows.contrasts else None
    by_rate = _from_rates(evidence, asked, rows) if len(rows.arms) > 1 else None
    if by_contrast is None or by_rate is None:
        return by_contrast or by_rate
    more = len(by_rate.arms) - len(by_contrast.arms)
    seen_as_well = by_rate.trust.may_be_shown or not by_contrast.trust.may_be_shown
    several = len(by_rate.arms) > 2
    return by_rate if more > 0 or (more == 0 and several and seen_as_well) else by_contrast


def _from_counts(evidence: Evidence, asked: Question, rows: Rows) -> NetworkTrial | None:
    if len(rows.arms) < 2:
        return None
    network = synthesis.network_from_arms(
        asked.plan.measure,
        [rows.trial.id] * len(rows.arms),
        [evidence.arms[row.arm_id].treatment_id for row in rows.arms],
        events=[row.events or 0 for row in rows.arms],
        n=[row.n or 0 for row in rows.arms],
    )
    leaves = tuple(evidence.cite(row.row, row.source, "events", "n") for row in rows.arms)
    return NetworkTrial(
        rows.trial,
        rows.timepoint_months,
        _in_order(evidence, network.trials[0].treatments, [row.arm_id for row in rows.arms]),
        network.trials[0],
        "counts of each arm",
        tuple(row.id for row in rows.arms),
        Computation(
            f"{rows.trial.short_name}: log risk of each arm", "log(a/n); variance = 1/a - 1/n; arms independent", leaves
        ),
        least_trust([Trust.DERIVED, *(row.trust for row in rows.arms)]),
        network.notes,
    )


def _from_rates(evidence: Evidence, asked: Question, rows: Rows) -> NetworkTrial:
    read = [_reported(row.value or 0.0, row.ci_low, row.ci_high, asked.plan.measure) for row in rows.arms]
    treatments = [evidence.arms[row.arm_id].treatment_id for row in rows.arms]
    order = sorted(range(len(treatments)), key=lambda i: (treatments[i] != "placebo", treatments[i]))
    data = trial_from_arms(
        rows.trial.id,
        [treatments[i] for i in order],
        np.array([read[i].estimate for i in order]),
        np.array([read[i].se ** 2 for i in order]),
    )
    return NetworkTrial(
        rows.trial,
        rows.timepoint_months,
        _in_order(evidence, data.treatments, [row.arm_id for row in rows.arms]),
        data,
        "rate of each arm with its interval",
        tuple(row.id for row in rows.arms),
        Computation(
            f"{rows.trial.short_name}: log rate and standard error of each arm, arms independent",
            f"{_SE}; comparison = difference; variance = sum; covariance = variance of the shared arm",
            tuple(_leaf(evidence, row) for row in rows.arms),
        ),
        least_trust([Trust.DERIVED, *(row.trust for row in rows.arms)]),
        tuple(note for one in read for note in one.notes),
    )


def _from_contrasts(evidence: Evidence, asked: Question, rows: Rows) -> NetworkTrial:
    own = [row for row in rows.contrasts if row.measure is asked.plan.measure]
    used = own or list(rows.contrasts)
    hub = _hub([(row.arm_id, row.reference_arm_id) for row in used])
    arms = tuple(dict.fromkeys(arm for row in used for arm in (row.arm_id, row.reference_arm_id)))
    if len(used) == len(arms) * (len(arms) - 1) / 2 > 1:
        return _from_all_pairs(evidence, asked, rows, used, (hub, *(arm for arm in arms if arm != hub)))
    used = [row for row in used if hub in (row.arm_id, row.reference_arm_id)]
    read = [_reported(row.estimate or 0.0, row.ci_low, row.ci_high, asked.plan.measure) for row in used]
    signs = [1.0 if row.reference_arm_id == hub else -1.0 for row in used]
    names = (hub, *(row.arm_id if row.reference_arm_id == hub else row.reference_arm_id for row in used))
    variances = np.array([one.se**2 for one in read])
    leaves: tuple[Provenance, ...] = tuple(_leaf(evidence, row) for row in used)
    shared, inputs, notes = None, leaves, [note for one in read for note in one.notes]
    if len(used) > 1:
        shared, shared_from, note = _shared_variance(evidence, asked, rows, hub, variances, leaves)
        inputs, notes = (*leaves, shared_from), [*notes, note]
    data = trial_from_baseline(
        rows.trial.id,
        [evidence.arms[name].treatment_id for name in names],
        np.array([sign * one.estimate for sign, one in zip(signs, read, strict=True)]),
        variances,
        shared,
    )
    return NetworkTrial(
        rows.trial,
        rows.timepoint_months,
        tuple(evidence.arms[name] for name in names),
        data,
        _how(used, asked),
        tuple(row.id for row in used),
        Computation(f"{rows.trial.short_name}: log ratio and standard error from a reported interval", _SE, inputs),
        least_trust([Trust.DERIVED, *(row.trust for row in used)]),
        (*notes, *_mixed_notes(used, asked, rows.trial)),
    )


def _pooled_notes(trial: Trial) -> tuple[str, ...]:
    if not trial.kind.is_pseudo:
        return ()
    return (f"{trial.short_name} stands as one study: only its source's pooled result has an interval.",)


def _from_all_pairs(
    evidence: Evidence, asked: Question, rows: Rows, used: Sequence[Contrast], arms: tuple[str, ...]
) -> NetworkTrial:
    def name(arm: str) -> str:
        return evidence.arms[arm].treatment_id

    read = {row.id: _reported(row.estimate or 0.0, row.ci_low, row.ci_high, asked.plan.measure) for row in used}
    data, notes = trial_from_pairs(
        rows.trial.id,
        [name(arm) for arm in arms],
        {(name(row.arm_id), name(row.reference_arm_id)): (read[row.id].estimate, read[row.id].se ** 2) for row in used},
    )
    return NetworkTrial(
        rows.trial,
        rows.timepoint_months,
        tuple(evidence.arms[arm] for arm in arms),
        data,
        "comparisons of every pair of arms",
        tuple(row.id for row in used),
        Computation(
            f"{rows.trial.short_name}: log ratios and their covariance from every pair of arms",
            f"{_SE}; covariance = (se01^2 + se02^2 - se12^2) / 2",
            tuple(_leaf(evidence, row) for row in used),
        ),
        least_trust([Trust.DERIVED, *(row.trust for row in used)]),
        (*notes, *_mixed_notes(used, asked, rows.trial)),
    )


def _shared_variance(
    evidence: Evidence,
    asked: Question,
    rows: Rows,
    hub: str,
    variances: synthesis.gls.Array,
    leaves: tuple[Provenance, ...],
) -> tuple[float, Provenance, str]:
    """Variance of the arm that several comparisons share: from its own interval, else by the equal-arms rule."""
    name = evidence.treatments[evidence.arms[hub].treatment_id].name
    smallest = float(variances.min())
    own = next((row for row in rows.arms if row.arm_id == hub and row.trust.may_be_shown), None)
    if own is not None:
        variance = _reported(own.value or 0.0, own.ci_low, own.ci_high, asked.plan.measure).se ** 2
        if variance < smallest:
            note = f"{rows.trial.short_name}: the covariance of its comparisons is the variance of its own {name} arm."
            return variance, _leaf(evidence, own), note
    note = (
        f"{rows.trial.short_name}: the source does not print the variance of the shared {name} arm; it was taken as "
        "half of the smallest squared standard error, as if the arms were equally precise."
    )
    return smallest / 2, Computation("Shared-arm variance, arms taken as equal", "min(se^2) / 2", leaves), note


def _reported(value: float, low: float | None, high: float | None, measure: Measure) -> synthesis.ReportedEffect:
    return synthesis.from_interval(value, low or 0.0, high or 0.0, measure=measure)


def _leaf(evidence: Evidence, row: Contrast | ArmResult) -> SourceRow:
    value = "estimate" if isinstance(row, Contrast) else "value"
    return evidence.cite(row.row, row.source, value, "ci_low", "ci_high")


def _hub(pairs: Sequence[tuple[str, str]]) -> str:
    """The arm in the most comparisons; among equals the one that is a reference first."""
    arms = [reference for _, reference in pairs] + [arm for arm, _ in pairs]
    return max(dict.fromkeys(arms), key=arms.count)


def _in_order(evidence: Evidence, treatments: Sequence[str], arm_ids: Sequence[str]) -> tuple[Arm, ...]:
    by_treatment = {evidence.arms[arm_id].treatment_id: evidence.arms[arm_id] for arm_id in arm_ids}
    return tuple(by_treatment[name] for name in treatments)


def _how(used: Sequence[Contrast], asked: Question) -> str:
    printed = "comparison" if len(used) == 1 else f"{len(used)} comparisons against one arm"
    measure = (used[0].measure or asked.plan.measure).value.replace("-", " ")
    return f"{printed} with its interval ({measure})" if len(used) == 1 else f"{printed} with intervals ({measure})"


def _mixed_notes(used: Sequence[Contrast], asked: Question, trial: Trial) -> tuple[str, ...]:
    own = asked.plan.measure
    strange = {row.measure for row in used if row.measure is not None} - {own}
    return tuple(
        f"{trial.short_name}: a {measure.value} read as a {own.value}.".replace("-ratio", " ratio")
        for measure in strange
    )
