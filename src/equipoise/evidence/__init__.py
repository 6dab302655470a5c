"""Curated facts: typed, immutable, checked, each with its source."""

from equipoise.evidence.base import Evidence, Release, examine, examine_files, load_evidence
from equipoise.evidence.claims import Claim, Verdict
from equipoise.evidence.labels import Label, LabelEntry
from equipoise.evidence.records import Arm, ArmKind, ArmResult, Contrast, ResultKind, Source, Trial, TrialKind

__all__ = [
    "Arm",
    "ArmKind",
    "ArmResult",
    "Claim",
    "Contrast",
    "Evidence",
    "Label",
    "LabelEntry",
    "Release",
    "ResultKind",
    "Source",
    "Trial",
    "TrialKind",
    "Verdict",
    "examine",
    "examine_files",
    "load_evidence",
]
