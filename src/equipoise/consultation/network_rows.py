"""Which rows of the evidence may enter a network, and why the others may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.evidence import Arm, ArmKind, ArmResult, Contrast, Evidence, ResultKind, Trial, TrialKind
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.vocabulary.measures import Measure

# The people that these networks are about. A trial of one attack only (CIS) asks another question.
DIAGNOSES = ("RRMS", "RMS")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an outcome's network is made of.

    Attributes
    ----------
    measure
        What is compared; a network never mixes two.
    from_arms
        What rows about one arm are used: rates with an interval, counts, or none.
    also
        Measures that enter only on request, labelled, as if they were ``measure``.
    """

    measure: Measure
    from_arms: ResultKind | None = None
    also: tuple[Measure, ...] = ()


PLANS: Mapping[str, Plan] = {
    "annualised-relapse-rate": Plan(Measure.RATE_RATIO, ResultKind.RATE),
    "confirmed-disability-worsening-3m": Plan(Measure.HAZARD_RATIO, also=(Measure.RISK_RATIO,)),
    "confirmed-disability-worsening-6m": Plan(Measure.HAZARD_RATIO, also=(Measure.RISK_RATIO,)),
    "discontinuation-adverse-event": Plan(Measure.RISK_RATIO, ResultKind.PROPORTION),
    "discontinuation-any": Plan(Measure.RISK_RATIO, ResultKind.PROPORTION),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A network that is asked for.

    Attributes
    ----------
    outcome_id, plan
        The outcome, and what its network is made of.
    include_unverified
        Whether rows may enter whose interval nobody here has seen in a source.
    with_risk_ratios
        Whether the measures of ``plan.also`` may enter.
    """

    outcome_id: str
    plan: Plan
    include_unverified: bool = False
    with_risk_ratios: bool = False

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Measures that may enter, the network's own first."""
        return (self.plan.measure, *(self.plan.also if self.with_risk_ratios else ()))

    @property
    def suffix(self) -> str:
        """What is added to the id of every result to say what went in."""
        return (".with-risk-ratios" if self.with_risk_ratios else "") + (
            ".unverified" if self.include_unverified else ""
        )


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A row on the outcome that is not in the network, and why."""

    row_id: str
    trial_id: str
    treatments: tuple[str, ...]
    reason: str


def question(outcome_id: str, *, include_unverified: bool = False, with_risk_ratios: bool = False) -> Question:
    """Return the question for an outcome.

    Raises
    ------
    UnknownTermError
        If there is no network for the outcome; the message names those that there are.
    """
    if outcome_id not in PLANS:
        raise UnknownTermError("outcome with a network", outcome_id, PLANS)
    return Question(outcome_id, PLANS[outcome_id], include_unverified, with_risk_ratios)


def contrast_fault(evidence: Evidence, asked: Question, row: Contrast) -> str:
    """Return why a comparison cannot enter, or nothing if it can."""
    arms = evidence.arms[row.arm_id], evidence.arms[row.reference_arm_id]
    if fault := _place_fault(evidence, evidence.trials[row.trial_id], arms):
        return fault
    if row.estimate is None or row.measure is None:
        return "the source gives no size, only a finding"
    if row.measure not in asked.measures:
        return f"it is a {_words(row.measure)}, and the network is of {_words(asked.plan.measure)}s"
    return _number_fault(row.ci_low, row.ci_high, asked, may_be_shown=row.trust.may_be_shown)


def arm_fault(evidence: Evidence, asked: Question, row: ArmResult) -> str:
    """Return why a row about one arm cannot enter, or nothing if it can."""
    if fault := _place_fault(evidence, evidence.trials[row.trial_id], (evidence.arms[row.arm_id],)):
        return fault
    if row.kind is not asked.plan.from_arms:
        return f"it is a {_words(row.kind.measure)} of one arm, which this network has no use for"
    if row.kind is ResultKind.PROPORTION:
        if row.events is None or not row.n:
            return "the source gives no count of people with the event"
        return "" if row.trust.may_be_shown or asked.include_unverified else _UNVERIFIED
    return _number_fault(row.ci_low, row.ci_high, asked, may_be_shown=row.trust.may_be_shown)


_UNVERIFIED = "nobody here has seen its interval in a source (unverified)"


def _number_fault(low: float | None, high: float | None, asked: Question, *, may_be_shown: bool) -> str:
    if low is None or high is None:
        return "no interval is printed, and none can be derived"
    if low <= 0:
        return "the lower limit is printed as zero, which has no logarithm"
    return "" if may_be_shown or asked.include_unverified else _UNVERIFIED


def _place_fault(evidence: Evidence, trial: Trial, arms: tuple[Arm, ...]) -> str:
    if trial.kind not in (TrialKind.RANDOMISED, TrialKind.POOLED_TRIALS):
        return f"not a randomised comparison ({trial.kind.value.replace('-', ' ')})"
    if trial.diagnosis not in DIAGNOSES:
        return f"the people had {trial.diagnosis or 'a diagnosis that is not stated'}, not relapsing MS"
    members = [evidence.trials[name] for name in trial.members]
    if any(member.kind is not TrialKind.RANDOMISED for member in members):
        return "pooled with an extension that was not randomised"
    for arm in arms:
        if arm.kind is ArmKind.MERGED_DOSES:
            return "the source merges doses; merged doses never enter a network"
        if arm.kind is ArmKind.SUBGROUP:
            return "a subgroup, looked at after the trial"
        if arm.kind not in (ArmKind.RANDOMISED, ArmKind.POOLED_TRIALS):
            return f"not an arm as randomised ({arm.kind.value.replace('-', ' ')})"
    return ""


def _words(measure: Measure) -> str:
    return measure.value.replace("-", " ")
