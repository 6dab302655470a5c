"""What is counted after a trial's end is no randomised evidence, whoever pooled it."""

from __future__ import annotations

import pytest

from equipoise.consultation import trace
from equipoise.vocabulary.estimate import CertaintyLevel, Estimate, EvidenceKind


def estimate(identifier: str) -> Estimate:
    item = trace(identifier).item
    assert isinstance(item, Estimate)
    return item


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("arm.care-ms-pooled-alem12.thyroid-event.24m.proportion", EvidenceKind.RANDOMISED),
        ("arm.care-ms-pooled-alem12.thyroid-event.60m.proportion", EvidenceKind.SINGLE_ARM),
        ("arm.care-ms-pooled-alem12.infusion-reaction.open.proportion.course-1", EvidenceKind.SINGLE_ARM),
        ("arm.programme-alem-both.thyroid-event.open.proportion", EvidenceKind.SINGLE_ARM),
        ("arm.care-ms-i-alem12.thyroid-event.24m.proportion", EvidenceKind.RANDOMISED),
        ("arm.cossburn-all.thyroid-event.34m.proportion", EvidenceKind.COHORT),
    ],
)
def test_evidence_kind_of_an_arm(identifier: str, kind: EvidenceKind) -> None:
    assert estimate(identifier).evidence_kind is kind


def test_follow_up_without_a_comparison_is_never_rated_high() -> None:
    late = estimate("arm.care-ms-pooled-alem12.thyroid-event.60m.proportion")
    assert late.certainty.level in (CertaintyLevel.LOW, CertaintyLevel.VERY_LOW)
    assert late.certainty.reasons[0].startswith("Starts at low")
