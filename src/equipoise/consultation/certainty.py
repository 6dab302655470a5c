"""How sure one may be of a number, by rule, each step with its reason.

Starts at high for randomised evidence and at low for everything else, and goes down one level for each
serious doubt, in the order of GRADE's domains. It is a rule applied by a program, not a panel's judgement,
and every face says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.evidence import Arm, ArmKind, Trial, TrialKind
from equipoise.vocabulary.estimate import Certainty, CertaintyLevel, EvidenceKind, Interval
from equipoise.vocabulary.measures import Measure
from equipoise.wording import phrase

LEVELS = (CertaintyLevel.VERY_LOW, CertaintyLevel.LOW, CertaintyLevel.MODERATE, CertaintyLevel.HIGH)

# I2 above which the Cochrane Handbook (chapter 10.10.2) speaks of substantial heterogeneity.
SUBSTANTIAL_I2 = 50.0

# A 95 percent interval for a share of people wider than this many percentage points is called imprecise.
WIDE_PROPORTION = 20.0


def rate_certainty(
    evidence_kind: EvidenceKind,
    trials: Iterable[Trial],
    arms: Iterable[Arm],
    *,
    measure: Measure,
    interval: Interval | None,
    i2: float | None = None,
) -> Certainty:
    """Rate a number.

    Parameters
    ----------
    evidence_kind
        Randomised evidence starts at high, the rest at low.
    trials, arms
        What is behind the number: blinding and merged doses are read from them.
    measure, interval
        Decide whether the number is imprecise.
    i2
        Heterogeneity of a synthesis, percent.

    Returns
    -------
    Certainty
        A level and one sentence for each step down.
    """
    trials = tuple(trials)
    arms = tuple(arms)
    start = len(LEVELS) - 1 if evidence_kind is EvidenceKind.RANDOMISED else 1
    doubts = [
        *_study_doubts(evidence_kind, trials),
        *_arm_doubts(arms),
        *_number_doubts(measure, interval, i2),
    ]
    begins = phrase(f"certainty.starts.{'high' if start == len(LEVELS) - 1 else 'low'}")
    return Certainty(LEVELS[max(0, start - len(doubts))], (begins, *doubts))


def _study_doubts(evidence_kind: EvidenceKind, trials: tuple[Trial, ...]) -> list[str]:
    doubts: list[str] = []
    if evidence_kind is EvidenceKind.RANDOMISED and any(_open_label(trial) for trial in trials):
        doubts.append(phrase("certainty.bias.open"))
    if any(trial.kind is TrialKind.SPONTANEOUS_REPORTS for trial in trials):
        doubts.append(phrase("certainty.bias.spontaneous"))
    return doubts


def _open_label(trial: Trial) -> bool:
    return any(word in trial.blinding.lower() for word in ("open", "rater-blinded", "none"))


def _arm_doubts(arms: tuple[Arm, ...]) -> list[str]:
    doubts: list[str] = []
    if any(arm.kind is ArmKind.MERGED_DOSES for arm in arms):
        doubts.append(phrase("certainty.indirectness.merged-doses"))
    if any(arm.kind is ArmKind.SUBGROUP for arm in arms):
        doubts.append(phrase("certainty.indirectness.subgroup"))
    return doubts


def _number_doubts(measure: Measure, interval: Interval | None, i2: float | None) -> list[str]:
    doubts: list[str] = []
    if i2 is not None and i2 > SUBSTANTIAL_I2:
        doubts.append(phrase("certainty.inconsistency.differing"))
    if interval is None:
        doubts.append(phrase("certainty.imprecision.no-interval"))
    elif measure.is_comparison and interval.low <= measure.null_value <= interval.high:
        doubts.append(phrase("certainty.imprecision.no-difference"))
    elif measure.is_proportion and interval.high - interval.low > WIDE_PROPORTION:
        doubts.append(phrase("certainty.imprecision.wide"))
    return doubts
