r"""Confirmed disability worsening: the share in the trials under an anchor, times a hazard ratio. Not personalised.

No prognostic model with usable coefficients was found that predicts worsening, so everybody is shown the same: the
random-effects level of the anchor's arms at two years on the logit scale, with the spread to a new setting, and
:math:`1 - (1 - p)^{HR}` under another option. Other horizons follow under a constant hazard.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Arm, ArmResult, Evidence, ResultKind, treatment_name
from equipoise.outcomes.draws import POPULATION, Array, OutcomeDraws, RelativeEffects
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.outcomes.level import Level, level_of
from equipoise.outcomes.relapse_arms import is_randomised_arm
from equipoise.outcomes.setting import PLACEBO, compares
from equipoise.outcomes.streams import Streams
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation
from equipoise.wording import Listed, phrase

SIX_MONTHS, THREE_MONTHS = "confirmed-disability-worsening-6m", "confirmed-disability-worsening-3m"
HORIZONS = (12, 24)
_USUAL_MONTHS = 24.0
# Arms followed for about two years; their share is brought to 24 months under a constant hazard.
_ABOUT_TWO_YEARS = (21.0, 27.0)
_Z_95 = 1.959963984540054


@dataclass(frozen=True)
class WorseningArm:
    """The share of an arm that worsened, brought to 24 months, on the logit scale."""

    arm: Arm
    result: ArmResult
    logit: float
    se: float


@once_per_evidence
def worsening_arms(evidence: Evidence, /, outcome_id: str) -> tuple[WorseningArm, ...]:
    """Return one share for each randomised arm that has a Kaplan-Meier estimate with its interval, or counts."""
    found = []
    for arm in evidence.arms.values():
        if is_randomised_arm(evidence, arm):
            results = evidence.results_by_arm_outcome.get((arm.id, outcome_id), ())
            shares = [share for result in results for share in [_share(arm, result)] if share is not None]
            found += sorted(shares, key=_usefulness)[:1]
    return tuple(found)


def _usefulness(share: WorseningArm) -> tuple[float, bool, str]:
    months = share.result.timepoint_months or 0.0
    return abs(months - _USUAL_MONTHS), share.result.kind is not ResultKind.KAPLAN_MEIER, share.result.id


def _share(arm: Arm, result: ArmResult) -> WorseningArm | None:
    months = result.timepoint_months
    if months is None or not _ABOUT_TWO_YEARS[0] <= months <= _ABOUT_TWO_YEARS[1]:
        return None
    if result.kind is ResultKind.KAPLAN_MEIER and result.value and result.ci_low and result.ci_high:
        if result.ci_high >= 100:
            return None
        share = result.value / 100
        se = (_logit(result.ci_high / 100) - _logit(result.ci_low / 100)) / (2 * _Z_95)
    elif result.kind is ResultKind.PROPORTION and result.events is not None and result.n:
        with_event, without = result.events + 0.5, result.n - result.events + 0.5
        share, se = with_event / (with_event + without), math.sqrt(1 / with_event + 1 / without)
    else:
        return None
    ratio = _USUAL_MONTHS / months
    at_24 = 1 - (1 - share) ** ratio
    # by the delta method: the derivative of one logit by the other is ratio * share / at_24
    return WorseningArm(arm, result, _logit(at_24), se * ratio * share / at_24)


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


@dataclass(frozen=True)
class WorseningLevel:
    """The level under an anchor, from which arms."""

    anchor: str
    arms: tuple[WorseningArm, ...]
    level: Level


def worsening_level(
    evidence: Evidence,
    outcome_id: str,
    options: Collection[str],
    effects: RelativeEffects,
    *,
    preferred: Sequence[str] = (),
) -> WorseningLevel | None:
    """Return the level that options start from; ``None`` where no arm can be used.

    The anchor is the first of ``preferred`` with a usable arm; else an option with such an arm in a trial that compares
    it with another of the options; else any treatment but placebo; else placebo. Among several it is the one with the
    most such arms, then the one with the most people in them: a level that stands on one small trial moves everybody.

    Parameters
    ----------
    evidence, outcome_id, options, effects
        The release, the outcome, treatment ids asked for, and the hazard ratios.
    preferred
        Anchors of other outcomes, so that as many outcomes as can stand on one treatment.
    """
    arms = [one for one in worsening_arms(evidence, outcome_id) if one.arm.treatment_id in effects.predictive]
    usable = sorted({one.arm.treatment_id for one in arms})
    active = [name for name in usable if name != PLACEBO]
    compared = {
        one.arm.treatment_id
        for one in arms
        if compares(evidence, one.arm.trial_id, one.arm.treatment_id, frozenset(options))
    }
    for candidates in (
        *([name] for name in preferred if name in usable),
        [name for name in active if name in options and name in compared],
        active,
        usable,
    ):
        if candidates:
            anchor = max(candidates, key=lambda name: _weight(arms, name))
            return _level(evidence, outcome_id, anchor, frozenset(options))
    return None


def _weight(arms: Sequence[WorseningArm], treatment: str) -> tuple[int, int]:
    """How many arms a treatment has, and how many people were in them."""
    own = [one.arm for one in arms if one.arm.treatment_id == treatment]
    return len(own), sum(arm.n_randomised or 0 for arm in own)


@once_per_evidence
def _level(evidence: Evidence, /, outcome_id: str, anchor: str, options: frozenset[str]) -> WorseningLevel:
    own = [share for share in worsening_arms(evidence, outcome_id) if share.arm.treatment_id == anchor]
    chosen = [share for share in own if compares(evidence, share.arm.trial_id, anchor, options)] or own
    level = level_of([share.logit for share in chosen], [share.se for share in chosen], ["all"] * len(chosen))
    return WorseningLevel(anchor, tuple(chosen), level)


def share_under(share_24: Array, log_hazard_ratio: Array, months: float) -> Array:
    """Return the share with an event by some months, from that of the anchor at 24 months and a hazard ratio.

    Parameters
    ----------
    share_24
        Share under the anchor at 24 months. Shape (S,).
    log_hazard_ratio
        Option versus anchor. Shape (S,).
    months
        Horizon; the hazard is taken to be constant.
    """
    hazard = -np.log1p(-share_24) * np.exp(log_hazard_ratio) * months / _USUAL_MONTHS
    share: Array = -np.expm1(-hazard)
    return share


def worsening(
    evidence: Evidence, found: WorseningLevel, option: str, effects: RelativeEffects, streams: Streams
) -> tuple[OutcomeDraws, ...]:
    """Return the share that worsens under an option at each horizon.

    Parameters
    ----------
    evidence, found
        The release, and the level under the anchor.
    option
        A treatment of the effects.
    effects
        Hazard ratios.
    streams
        Random numbers.
    """
    logit = found.level.draw(streams, f"worsening/{effects.outcome_id}", "all")
    share_24 = 1 / (1 + np.exp(-logit))
    log_ratio = effects.predictive[option] - effects.predictive[found.anchor]
    trials = tuple(dict.fromkeys(share.arm.trial_id for share in found.arms))
    names = Listed(tuple(evidence.trials[name].short_name for name in trials))
    anchor = treatment_name(evidence.treatments[found.anchor])
    provenance = Computation(
        "Share with confirmed worsening: level of the trials times hazard ratio",
        "1 - (1 - p24)^(HR t / 24); logit p24 by random effects over arms with the spread to a new setting",
        (
            Computation(
                "Share under the anchor at 24 months, random-effects mean on the logit scale",
                "logit p_i ~ N(mean, se_i^2 + tau^2), tau ~ half-normal(0.5); other lengths brought to 24 months "
                "under a constant hazard",
                tuple(
                    evidence.cite(share.result.row, share.result.source, *_used(share.result)) for share in found.arms
                ),
                "rover-2021",
            ),
            effects.provenance,
        ),
    )
    notes = (
        phrase("baseline.note.not-personal"),
        phrase("baseline.note.level", treatment=anchor, trials=names),
    )
    return tuple(
        OutcomeDraws(
            option=option,
            outcome_id=effects.outcome_id,
            horizon_months=months,
            draws=share_under(share_24, log_ratio, months),
            measure=Measure.PROPORTION,
            basis=POPULATION,
            population=phrase("setting.people.like-those", trials=names),
            provenance=provenance,
            trial_ids=trials,
            notes=notes if months == 24 else (*notes, phrase("baseline.note.constant-hazard")),
        )
        for months in HORIZONS
    )


def _used(result: ArmResult) -> tuple[str, ...]:
    columns = ("value", "ci_low", "ci_high") if result.kind is ResultKind.KAPLAN_MEIER else ("events", "n")
    return tuple(column for column in columns if column in dict(result.row.cells))
