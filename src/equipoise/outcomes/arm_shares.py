"""Shares of people in trial arms as draws: side effects, stopping, and whatever is shown as it was observed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Arm, ArmKind, ArmResult, Evidence, ResultKind, Trial, TrialKind
from equipoise.outcomes.draws import ARM, SINGLE_ARM, Array
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.outcomes.level import level_of
from equipoise.outcomes.relapse_arms import DIAGNOSES
from equipoise.outcomes.streams import LARGEST_KEPT, Streams
from equipoise.vocabulary.provenance import Computation

_Z_95 = 1.959963984540054
# A look this much later than the planned end of a trial is follow-up without the comparison.
_LATER_MONTHS = 3.0
_KINDS = (ArmKind.RANDOMISED, ArmKind.POOLED_TRIALS, ArmKind.EXTENSION)


@dataclass(frozen=True)
class ArmShare:
    """A share of an arm that can be drawn.

    Attributes
    ----------
    arm, trial, result
        Where it stands.
    how
        ``"counts"``, ``"interval"`` (Kaplan-Meier with its interval), or ``"percent"`` (percent and people only).
    basis
        Whether it still belongs to a randomised comparison.
    decimals
        To which a percentage was rounded where it was printed.
    """

    arm: Arm
    trial: Trial
    result: ArmResult
    how: str
    basis: str
    decimals: int = 0

    @property
    def pooled_id(self) -> str:
        """The pseudo-trial it comes from; empty for a trial."""
        return self.trial.id if self.trial.kind.is_pseudo else ""

    @property
    def used(self) -> tuple[str, ...]:
        """Cells that the draws depend on."""
        columns = {"counts": ("events", "n"), "interval": ("value", "ci_low", "ci_high"), "percent": ("value", "n")}
        return columns[self.how]


@once_per_evidence
def arm_shares(evidence: Evidence, /, outcome_id: str) -> tuple[ArmShare, ...]:
    """Return every share on an outcome that can be drawn: the best row for each arm, horizon and definition.

    Randomised arms, arms that a source read together over randomised trials, and arms of extensions; never merged
    doses, subgroups or cohorts. A row needs a horizon, and counts, an interval, or a percentage with its people.
    """
    best: dict[tuple[str, float, str], ArmShare] = {}
    for arm in evidence.arms.values():
        for result in evidence.results_by_arm_outcome.get((arm.id, outcome_id), ()):
            share = _usable(evidence, arm, result)
            if share is None:
                continue
            key = (arm.id, result.timepoint_months or 0.0, result.definition)
            if key not in best or _ORDER.index(share.how) < _ORDER.index(best[key].how):
                best[key] = share
    return tuple(best.values())


_ORDER = ("counts", "interval", "percent")


def _usable(evidence: Evidence, arm: Arm, result: ArmResult) -> ArmShare | None:
    trial = evidence.trials[arm.trial_id]
    is_share = result.kind in (ResultKind.PROPORTION, ResultKind.KAPLAN_MEIER)
    if arm.kind not in _KINDS or trial.diagnosis not in DIAGNOSES or not is_share or not result.timepoint_months:
        return None
    basis = _basis(evidence, arm, trial, result.timepoint_months)
    if result.kind is ResultKind.KAPLAN_MEIER:
        ok = bool(result.value and result.ci_low and result.ci_high and result.ci_high < 100)
        return ArmShare(arm, trial, result, "interval", basis) if ok else None
    if result.events is not None and result.n:
        return ArmShare(arm, trial, result, "counts", basis)
    if result.value is None or not result.n:
        return None
    return ArmShare(arm, trial, result, "percent", basis, _printed_decimals(evidence, result))


def _printed_decimals(evidence: Evidence, result: ArmResult) -> int:
    """Decimals of the percentages that a place prints on an outcome: a 0.0 beside a 0.2 is no rounded-off 0."""
    beside = (
        other
        for arm in evidence.arms
        for other in evidence.results_by_arm_outcome.get((arm, result.outcome_id), ())
        if other.source == result.source and other.value is not None
    )
    return max(len(dict(other.row.cells)["value"].partition(".")[2].rstrip("0")) for other in beside)


def _basis(evidence: Evidence, arm: Arm, trial: Trial, months: float) -> str:
    """Whether the number still belongs to a randomised comparison."""
    members = [evidence.trials[name] for name in trial.members] or [trial]
    is_extension = arm.kind is ArmKind.EXTENSION or any(member.kind is not TrialKind.RANDOMISED for member in members)
    planned = max((member.duration_months or math.inf for member in members), default=math.inf)
    return SINGLE_ARM if is_extension or months > planned + _LATER_MONTHS else ARM


def share_draws(evidence: Evidence, result_ids: tuple[str, ...], seed: int, n: int) -> Array:
    """Draw the share of people, from one row or from several of the same kind. Shape (n,), read-only.

    One row with counts e of m: Jeffreys' Beta(e + 1/2, m - e + 1/2). One with percent and people: the same, with the
    percentage drawn evenly within its rounding first. One with an interval: normal on the logit scale. Several:
    random effects on the logit scale with the spread to a new setting.

    Parameters
    ----------
    evidence
        The release.
    result_ids
        Rows of one outcome, horizon and definition.
    seed, n
        Of the draws.
    """
    return _kept_draws(evidence, result_ids, seed, n) if n <= LARGEST_KEPT else _drawn(evidence, result_ids, seed, n)


@once_per_evidence
def _kept_draws(evidence: Evidence, /, result_ids: tuple[str, ...], seed: int, n: int) -> Array:
    return _drawn(evidence, result_ids, seed, n)


def _drawn(evidence: Evidence, result_ids: tuple[str, ...], seed: int, n: int) -> Array:
    shares = [_of(evidence, name) for name in result_ids]
    streams = Streams(seed, n)
    name = f"arm-share/{'/'.join(result_ids)}"
    if len(shares) > 1:
        points = [_logit_and_se(share) for share in shares]
        level = level_of([y for y, _ in points], [se for _, se in points], ["all"] * len(points))
        drawn: Array = 1 / (1 + np.exp(-level.draw(streams, name, "all")))
    elif shares[0].how == "interval":
        logit, se = _logit_and_se(shares[0])
        drawn = 1 / (1 + np.exp(-(logit + se * streams.normal(name))))
    else:
        drawn = _jeffreys(shares[0], streams, name)
    drawn.setflags(write=False)
    return drawn


def _of(evidence: Evidence, result_id: str) -> ArmShare:
    result = evidence.arm_results[result_id]
    return next(share for share in arm_shares(evidence, result.outcome_id) if share.result.id == result_id)


def _jeffreys(share: ArmShare, streams: Streams, name: str) -> Array:
    people = share.result.n or 0
    if share.how == "counts":
        with_event: Array = np.full(streams.n, float(share.result.events or 0))
    else:
        percent = (share.result.value or 0.0) + (streams.uniform(f"{name}/rounding") - 0.5) * 10.0**-share.decimals
        with_event = np.clip(percent, 0, 100) / 100 * people
    return streams.generator(name).beta(with_event + 0.5, people - with_event + 0.5)


def _logit_and_se(share: ArmShare) -> tuple[float, float]:
    result = share.result
    if share.how == "interval":
        low, middle, high = ((x or 0.0) / 100 for x in (result.ci_low, result.value, result.ci_high))
        return _logit(middle), (_logit(high) - _logit(low)) / (2 * _Z_95)
    people = float(result.n or 0)
    with_event = float(result.events or 0) if share.how == "counts" else (result.value or 0.0) / 100 * people
    with_event, without = with_event + 0.5, people - with_event + 0.5
    return math.log(with_event / without), math.sqrt(1 / with_event + 1 / without)


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def provenance_of(evidence: Evidence, shares: tuple[ArmShare, ...]) -> Computation:
    """Return how the share was drawn, down to its rows."""
    rows = tuple(evidence.cite(share.result.row, share.result.source, *share.used) for share in shares)
    if len(shares) > 1:
        formula = "logit p_i ~ N(mean, se_i^2 + tau^2), tau ~ half-normal(0.5); half an event added to each side"
        return Computation("Share of people, arms pooled with random effects", formula, rows, "rover-2021")
    formula = {
        "counts": "Beta(events + 1/2, n - events + 1/2)",
        "percent": "Beta(x n + 1/2, (1 - x) n + 1/2), x even within the rounding of the percentage",
        "interval": "normal on the logit scale, from the interval",
    }[shares[0].how]
    return Computation("Share of people in an arm", formula, rows)
