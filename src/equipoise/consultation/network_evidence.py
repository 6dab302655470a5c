"""The network of an outcome, built from the evidence by rule, with everything that was left out and why.

Randomised trials in relapsing MS only; arms as randomised; one time a trial; printed or derived intervals.
Trials pooled by their source enter as one study where none of them can stand by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from equipoise.consultation.network_rows import LeftOutRow, Question, arm_fault, contrast_fault
from equipoise.consultation.network_trials import NetworkTrial, Rows, network_trial
from equipoise.evidence import ArmResult, Contrast, Evidence, Trial, TrialKind
from equipoise.synthesis import Network
from equipoise.vocabulary.errors import NotEstimableError

Row = Contrast | ArmResult


@dataclass(frozen=True)
class LeftOutTrial:
    """A trial with rows on the outcome of which none is in the network."""

    trial: Trial
    treatments: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class NetworkEvidence:
    """The trials of a network, and what is not in it.

    Attributes
    ----------
    question
        What was asked.
    trials
        The trials, in the order of the evidence.
    network
        The same for the synthesis; it may be in pieces.
    left_out_trials
        Trials with rows on the outcome of which none could enter.
    left_out_rows
        Every row on the outcome that did not enter, those of trials that are in among them.
    """

    question: Question
    trials: tuple[NetworkTrial, ...]
    network: Network
    left_out_trials: tuple[LeftOutTrial, ...]
    left_out_rows: tuple[LeftOutRow, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be assumed or mended, trial by trial."""
        return tuple(dict.fromkeys(note for trial in self.trials for note in trial.notes))


def network_evidence(evidence: Evidence, asked: Question) -> NetworkEvidence:
    """Build the network of an outcome.

    Parameters
    ----------
    evidence
        The release.
    asked
        The outcome and the switches.

    Raises
    ------
    NotEstimableError
        If no trial can enter.
    """
    rows = _rows_by_trial(evidence, asked.outcome_id)
    faults = {row.id: _fault(evidence, asked, row) for of_trial in rows.values() for row in of_trial}
    built: dict[str, NetworkTrial] = {}
    for trial_id, of_trial in rows.items():
        if (trial := _built(evidence, asked, evidence.trials[trial_id], of_trial, faults)) is not None:
            built[trial_id] = trial
    for trial_id in [name for name in built if _stands_beside_a_member(evidence.trials[name], built)]:
        for row in rows[trial_id]:
            faults[row.id] = faults[row.id] or "pooled by its source; its trials stand in the network themselves"
        del built[trial_id]
    if not built:
        raise NotEstimableError(f"no trial has a usable interval on '{asked.outcome_id}'.")
    left_out = _left_out_rows(evidence, rows, faults, built)
    return NetworkEvidence(
        asked,
        tuple(built.values()),
        Network(tuple(trial.data for trial in built.values()), asked.plan.measure),
        _left_out_trials(evidence, rows, built, left_out),
        left_out,
    )


def _rows_by_trial(evidence: Evidence, outcome_id: str) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {trial: [] for trial in evidence.trials}
    everything: Iterable[Row] = (*evidence.contrasts.values(), *evidence.arm_results.values())
    for row in everything:
        if row.outcome_id == outcome_id:
            rows[row.trial_id].append(row)
    return {trial: found for trial, found in rows.items() if found}


def _fault(evidence: Evidence, asked: Question, row: Row) -> str:
    return contrast_fault(evidence, asked, row) if isinstance(row, Contrast) else arm_fault(evidence, asked, row)


def _built(
    evidence: Evidence, asked: Question, trial: Trial, rows: list[Row], faults: dict[str, str]
) -> NetworkTrial | None:
    """Put a trial together at the first time that works: its own length, then the longest."""
    usable = [row for row in rows if not faults[row.id]]
    for months in sorted({row.timepoint_months for row in usable}, key=lambda m: _earliness(trial, m)):
        here = [row for row in usable if row.timepoint_months == months]
        found = network_trial(
            evidence,
            asked,
            Rows(
                trial,
                months,
                tuple(row for row in here if isinstance(row, Contrast)),
                tuple(row for row in here if isinstance(row, ArmResult)),
            ),
        )
        if found is not None:
            return found
    return None


def _earliness(trial: Trial, months: float | None) -> tuple[bool, float]:
    return months != trial.duration_months, -(months or 0.0)


def _stands_beside_a_member(trial: Trial, built: dict[str, NetworkTrial]) -> bool:
    return trial.kind is TrialKind.POOLED_TRIALS and any(member in built for member in trial.members)


def _left_out_rows(
    evidence: Evidence, rows: dict[str, list[Row]], faults: dict[str, str], built: dict[str, NetworkTrial]
) -> tuple[LeftOutRow, ...]:
    return tuple(
        LeftOutRow(
            row.id, trial_id, _treatments(evidence, row), faults[row.id] or _not_chosen(row, built.get(trial_id))
        )
        for trial_id, of_trial in rows.items()
        for row in of_trial
        if trial_id not in built or row.id not in built[trial_id].row_ids
    )


def _not_chosen(row: Row, trial: NetworkTrial | None) -> str:
    if trial is None:
        return "nothing in its trial to compare it with"
    if row.timepoint_months != trial.timepoint_months:
        return "another time of the same trial is in: one time a trial"
    return f"the trial stands in the network by its {trial.how}"


def _treatments(evidence: Evidence, row: Row) -> tuple[str, ...]:
    arms = (row.arm_id, row.reference_arm_id) if isinstance(row, Contrast) else (row.arm_id,)
    return tuple(evidence.arms[arm].treatment_id for arm in arms)


def _left_out_trials(
    evidence: Evidence, rows: dict[str, list[Row]], built: dict[str, NetworkTrial], left_out: tuple[LeftOutRow, ...]
) -> tuple[LeftOutTrial, ...]:
    found = []
    for trial_id in rows:
        if trial_id not in built:
            mine = [row for row in left_out if row.trial_id == trial_id]
            treatments = tuple(dict.fromkeys(name for row in mine for name in row.treatments))
            found.append(
                LeftOutTrial(evidence.trials[trial_id], treatments, "; ".join(dict.fromkeys(r.reason for r in mine)))
            )
    return tuple(found)
