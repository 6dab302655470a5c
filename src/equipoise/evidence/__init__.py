"""Curated facts: typed, immutable, checked, each with its source."""

from equipoise.evidence.base import Evidence, Release, examine, examine_files, load_evidence
from equipoise.evidence.claims import Claim, Verdict
from equipoise.evidence.labels import Label, LabelEntry
from equipoise.evidence.names import label_text, outcome_name, treatment_name
from equipoise.evidence.natural_history import NaturalHistoryRate, PrognosticModel, PrognosticTerm, Transition
from equipoise.evidence.records import (
    Arm,
    ArmKind,
    ArmResult,
    Contrast,
    Inclusion,
    ResultKind,
    Source,
    Trial,
    TrialKind,
)

__all__ = [
    "Arm",
    "ArmKind",
    "ArmResult",
    "Claim",
    "Contrast",
    "Evidence",
    "Inclusion",
    "Label",
    "LabelEntry",
    "NaturalHistoryRate",
    "PrognosticModel",
    "PrognosticTerm",
    "Release",
    "ResultKind",
    "Source",
    "Transition",
    "Trial",
    "TrialKind",
    "Verdict",
    "examine",
    "examine_files",
    "label_text",
    "load_evidence",
    "outcome_name",
    "treatment_name",
]
