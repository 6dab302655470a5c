"""The rule that rates how sure one may be: one step down for each doubt, each with its reason."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.consultation.certainty import SUBSTANTIAL_I2, WIDE_PROPORTION, rate_certainty
from equipoise.evidence import Arm, ArmKind, Trial, TrialKind
from equipoise.vocabulary.estimate import Certainty, CertaintyLevel, EvidenceKind, Interval
from equipoise.vocabulary.measures import Measure
from tests.support.small_evidence import files, sound

EVIDENCE = sound(files())
BLIND = dataclasses.replace(EVIDENCE.trials["alder"], blinding="double-blind")
OPEN = dataclasses.replace(EVIDENCE.trials["birch"], blinding="open-label")
ARM = EVIDENCE.arms["alder-a"]
CLEAR = Interval(0.4, 0.8)


def rated(
    trial: Trial = BLIND,
    arm: Arm = ARM,
    *,
    kind: EvidenceKind = EvidenceKind.RANDOMISED,
    measure: Measure = Measure.HAZARD_RATIO,
    interval: Interval | None = CLEAR,
    i2: float | None = None,
) -> Certainty:
    return rate_certainty(kind, (trial,), (arm,), measure=measure, interval=interval, i2=i2)


def test_a_clear_result_of_a_blinded_trial_is_high() -> None:
    assert rated().level is CertaintyLevel.HIGH
    assert len(rated().reasons) == 1


def test_what_is_not_randomised_starts_at_low() -> None:
    for kind in (EvidenceKind.COHORT, EvidenceKind.SINGLE_ARM, EvidenceKind.LABEL):
        assert rated(kind=kind).level is CertaintyLevel.LOW


@pytest.mark.parametrize("blinding", ["open-label", "rater-blinded; patients open-label", "None", "Open"])
def test_knowing_the_drug_costs_a_step(blinding: str) -> None:
    found = rated(dataclasses.replace(OPEN, blinding=blinding))
    assert found.level is CertaintyLevel.MODERATE
    assert "risk of bias" in found.reasons[-1]


@pytest.mark.parametrize("kind", [ArmKind.MERGED_DOSES, ArmKind.SUBGROUP])
def test_groups_that_are_not_the_trials_own_cost_a_step(kind: ArmKind) -> None:
    found = rated(arm=dataclasses.replace(ARM, kind=kind))
    assert found.level is CertaintyLevel.MODERATE
    assert "indirectness" in found.reasons[-1]


@pytest.mark.parametrize(
    ("i2", "steps"), [(None, 0), (0.0, 0), (SUBSTANTIAL_I2, 0), (SUBSTANTIAL_I2 + 0.1, 1), (100.0, 1)]
)
def test_heterogeneity_costs_a_step_above_the_threshold(i2: float | None, steps: int) -> None:
    assert len(rated(i2=i2).reasons) == 1 + steps


@pytest.mark.parametrize(
    ("measure", "interval", "steps"),
    [
        (Measure.HAZARD_RATIO, None, 1),
        (Measure.HAZARD_RATIO, Interval(0.4, 1.0), 1),
        (Measure.HAZARD_RATIO, Interval(0.4, 0.99), 0),
        (Measure.RISK_DIFFERENCE, Interval(-5, 0.1), 1),
        (Measure.RISK_DIFFERENCE, Interval(-5, -0.1), 0),
        (Measure.PROPORTION, Interval(10, 10 + WIDE_PROPORTION), 0),
        (Measure.PROPORTION, Interval(10, 10.1 + WIDE_PROPORTION), 1),
    ],
)
def test_imprecision_costs_a_step(measure: Measure, interval: Interval | None, steps: int) -> None:
    found = rated(measure=measure, interval=interval)
    assert len(found.reasons) == 1 + steps
    if steps:
        assert "imprecision" in found.reasons[-1]


@given(
    kind=st.sampled_from(EvidenceKind),
    blinding=st.sampled_from(["double-blind", "open-label"]),
    study=st.sampled_from(TrialKind),
    group=st.sampled_from(ArmKind),
    interval=st.sampled_from([None, CLEAR, Interval(0.5, 2)]),
    i2=st.none() | st.floats(0, 100),
)
def test_the_level_is_the_start_less_one_step_for_each_reason(
    kind: EvidenceKind, blinding: str, study: TrialKind, group: ArmKind, interval: Interval | None, i2: float | None
) -> None:
    trial = dataclasses.replace(BLIND, blinding=blinding, kind=study)
    found = rated(trial, dataclasses.replace(ARM, kind=group), kind=kind, interval=interval, i2=i2)
    order = [CertaintyLevel.VERY_LOW, CertaintyLevel.LOW, CertaintyLevel.MODERATE, CertaintyLevel.HIGH]
    start = 3 if kind is EvidenceKind.RANDOMISED else 1
    assert found.level is order[max(0, start - (len(found.reasons) - 1))]
    assert all(reason.endswith(".") for reason in found.reasons)
    assert len(set(found.reasons)) == len(found.reasons)
