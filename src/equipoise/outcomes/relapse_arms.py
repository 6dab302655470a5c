"""The arms of randomised trials in relapsing MS that say how many relapses there were."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.evidence import Arm, ArmKind, ArmResult, Evidence, ResultKind, Trial, TrialKind
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.outcomes.negative_binomial import log_rate_se
from equipoise.vocabulary.provenance import SourceRow

RATE, RELAPSE_FREE, ANY_RELAPSE = "annualised-relapse-rate", "relapse-free", "any-relapse"
# A trial of one attack only asks another question.
DIAGNOSES = ("RRMS", "RMS")
_Z_95 = 1.959963984540054
# The horizon that most trials share: of several looks at an arm, the one closest to it counts.
_USUAL_MONTHS = 24.0


@dataclass(frozen=True)
class RelapseRate:
    """The relapse rate of an arm.

    Attributes
    ----------
    trial, arm, result
        Where it stands.
    n, months
        People and length of follow-up; ``n`` is ``None`` where not reported.
    per_year
        Relapses per person-year.
    printed_se
        Standard error of its logarithm from a printed interval or standard error; ``None`` where neither is printed.
    """

    trial: Trial
    arm: Arm
    result: ArmResult
    n: int | None
    months: float
    per_year: float
    printed_se: float | None

    @property
    def expected(self) -> float:
        """Expected relapses per person over the follow-up."""
        return self.per_year * self.months / 12

    def log_se(self, dispersion: float) -> float | None:
        """Standard error of the log rate: as printed, else from people, length and the dispersion."""
        if self.printed_se is not None:
            return self.printed_se
        return log_rate_se(self.expected, self.n, dispersion) if self.n else None

    def cite(self, evidence: Evidence) -> SourceRow:
        """The row as a leaf of a provenance tree."""
        used = [column for column in ("value", "se", "ci_low", "ci_high", "n") if column in dict(self.result.row.cells)]
        return evidence.cite(self.result.row, self.result.source, *used)


@dataclass(frozen=True)
class RelapseFreeShare:
    """The share of an arm without a relapse; ``logit_se`` on the logit scale, from interval, counts, or people."""

    result: ArmResult
    share: float
    logit_se: float
    how: str

    def cite(self, evidence: Evidence) -> SourceRow:
        """The row as a leaf of a provenance tree."""
        columns = ("events", "n", "value", "ci_low", "ci_high")
        used = [column for column in columns if column in dict(self.result.row.cells)]
        return evidence.cite(self.result.row, self.result.source, *used)


@once_per_evidence
def relapse_rates(evidence: Evidence, /) -> tuple[RelapseRate, ...]:
    """Return one rate for each randomised arm in relapsing MS that has one that can be used.

    Of several looks at an arm the one closest to 24 months counts, and of two equally close one with an interval.
    Without an interval, a standard error or a number of people a rate cannot be used; nor can one of zero, or one
    whose horizon is not stated.
    """
    return tuple(rate for arm in evidence.arms.values() for rate in [_best_rate(evidence, arm)] if rate is not None)


def is_randomised_arm(evidence: Evidence, arm: Arm) -> bool:
    """Whether an arm is one as randomised, of a trial in relapsing MS."""
    trial = evidence.trials[arm.trial_id]
    return arm.kind is ArmKind.RANDOMISED and trial.kind is TrialKind.RANDOMISED and trial.diagnosis in DIAGNOSES


def _best_rate(evidence: Evidence, arm: Arm) -> RelapseRate | None:
    if not is_randomised_arm(evidence, arm):
        return None
    rates = [
        rate
        for result in evidence.results_by_arm_outcome.get((arm.id, RATE), ())
        for rate in [_rate(evidence, arm, result)]
        if rate is not None and rate.log_se(1.0) is not None
    ]
    return min(
        rates,
        key=lambda rate: (abs(rate.months - _USUAL_MONTHS), rate.printed_se is None, rate.result.id),
        default=None,
    )


def _rate(evidence: Evidence, arm: Arm, result: ArmResult) -> RelapseRate | None:
    if result.kind is not ResultKind.RATE or not result.value or not result.timepoint_months or result.value < 0:
        return None
    printed: float | None = None
    if result.ci_low is not None and result.ci_high is not None:
        printed = math.log(result.ci_high / result.ci_low) / (2 * _Z_95) if result.ci_low > 0 else None
        if printed is None:
            return None
    elif result.se:
        printed = result.se / result.value
    n = result.n or arm.n_analysed or arm.n_randomised
    trial = evidence.trials[arm.trial_id]
    return RelapseRate(trial, arm, result, n, result.timepoint_months, result.value, printed)


def relapse_free_shares(evidence: Evidence, arm_id: str) -> Iterator[RelapseFreeShare]:
    """Yield every share of an arm without a relapse that can be used, Kaplan-Meier estimates with interval first."""
    found = []
    for outcome_id in (RELAPSE_FREE, ANY_RELAPSE):
        for result in evidence.results_by_arm_outcome.get((arm_id, outcome_id), ()):
            share = _share(evidence, result, is_any=outcome_id == ANY_RELAPSE)
            if share is not None:
                found.append(share)
    yield from sorted(found, key=lambda share: ("interval", "counts", "people").index(share.how))


def _share(evidence: Evidence, result: ArmResult, *, is_any: bool) -> RelapseFreeShare | None:
    if result.kind not in (ResultKind.PROPORTION, ResultKind.KAPLAN_MEIER) or not result.timepoint_months:
        return None
    arm = evidence.arms[result.arm_id]
    n = result.n or arm.n_analysed
    if result.events is not None and result.n:
        percent, how = 100 * result.events / result.n, "counts"
    elif result.value is None:
        return None
    else:
        percent, how = result.value, "people"
    share = 1 - percent / 100 if is_any else percent / 100
    if not 0 < share < 1:
        return None
    if result.value is not None and result.ci_low and result.ci_high and result.ci_high < 100:
        width = _logit(result.ci_high / 100) - _logit(result.ci_low / 100)
        return RelapseFreeShare(result, share, width / (2 * _Z_95), "interval")
    return RelapseFreeShare(result, share, math.sqrt(1 / (n * share * (1 - share))), how) if n else None


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
