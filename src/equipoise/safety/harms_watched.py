"""Serious harms that a label warns of, and the tests of the same label that look for each.

A label names a warning here and a test there. Which test looks for which harm was read once in the texts and stands in
the two tables below; a test fails where a warning of a label has no line in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.evidence import Label, LabelEntry
from equipoise.vocabulary.terms import Jurisdiction

HARMS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "infusion-reaction": ("infusion-reaction",),
    "stroke": ("vessels",),
    "arterial-dissection": ("vessels",),
    "pulmonary-haemorrhage-mi": ("vessels",),
    "infusion-time-events": ("vessels",),
    "early-thrombocytopenia-cardiovascular": ("vessels", "bleeding"),
    "itp": ("bleeding",),
    "nephropathy": ("kidneys",),
    "tma-nephrotic": ("kidneys",),
    "tma-nephrotic-pah": ("kidneys", "lung-pressure"),
    "thyroid": ("thyroid",),
    "autoimmune-hepatitis": ("liver",),
    "hepatic-injury": ("liver",),
    "hepatic-caution": ("liver",),
    "hepatotoxicity": ("liver",),
    "liver-injury": ("liver",),
    "other-cytopenia": ("blood-cells",),
    "neutropenia": ("blood-cells",),
    "lymphopenia": ("blood-cells",),
    "autoimmunity": ("autoimmune", "bleeding", "kidneys"),
    "late-autoimmunity": ("autoimmune",),
    "multiple-autoimmunity": ("autoimmune", "liver"),
    "autoimmune-bands": ("autoimmune", "thyroid", "bleeding", "kidneys"),
    "other-autoimmune-counts": ("autoimmune", "blood-cells"),
    "hlh": ("autoimmune",),
    "aosd-ttp-aie-colitis": ("autoimmune",),
    "infection": ("infection",),
    "herpes": ("infection",),
    "hpv-tb-fungal": ("infection",),
    "ebv-cmv": ("infection",),
    "malignancy": ("cancer",),
    "pneumonitis": ("lungs",),
    "pericarditis-pneumonitis": ("lungs",),
    "acalculous-cholecystitis": ("gallbladder",),
    "pah": ("lung-pressure",),
    "depression": ("mood",),
    "depression-suicide": ("mood",),
    "anaphylaxis": ("allergy",),
    "injection-site": ("injection-site",),
    "injection-site-necrosis": ("injection-site",),
    "seizure": ("seizures",),
    "seizures": ("seizures",),
    "seizure-tma-blood-counts": ("seizures", "kidneys", "blood-cells"),
    "cardiac": ("heart",),
    "pml": ("brain-infection",),
    "macular-oedema": ("eyes",),
    "embryofetal": ("unborn-child",),
    "capillary-leak": ("leaky-vessels",),
    "other-cautions": ("kidneys", "blood-cells", "liver"),
    # several in one sentence: read, not sorted
    "other": (),
    # how it may be sold, and what changed in the text: no harm
    "restricted-distribution": (),
    "label-change": (),
}
"""Kind of a warning to the harms that it speaks of."""

TESTS_FOR: Mapping[str, frozenset[str]] = {
    "infusion-reaction": frozenset({"vital-signs", "post-infusion-observation"}),
    "vessels": frozenset({"vital-signs", "post-infusion-observation"}),
    "bleeding": frozenset({"cbc-diff", "platelet-count"}),
    "kidneys": frozenset({"creatinine", "urinalysis-microscopy", "blood-pressure-platelets-renal"}),
    "thyroid": frozenset({"tsh"}),
    "liver": frozenset({"alt", "alt-ast-bili"}),
    "blood-cells": frozenset({"cbc-diff", "lymphocytes"}),
    "autoimmune": frozenset({"symptom-self-check"}),
    "infection": frozenset({"hpv-screen", "cervical-screen", "immunoglobulins"}),
    "cancer": frozenset({"skin-exam"}),
    "brain-infection": frozenset({"jcv-antibody", "mri"}),
    "eyes": frozenset({"eye-exam"}),
    "heart": frozenset({"first-dose-observation"}),
}
"""Harm to the tests by which it is looked for. A harm without a line is found by its signs only."""


@dataclass(frozen=True, slots=True)
class WatchedHarm:
    """One harm under one label.

    Attributes
    ----------
    id
        Which harm: one of ``HARMS_OF_KIND``.
    warnings
        The entries that speak of it.
    tests
        The entries that look for it; empty where no test does.
    """

    id: str
    warnings: tuple[LabelEntry, ...]
    tests: tuple[LabelEntry, ...]

    @property
    def is_boxed(self) -> bool:
        """Whether a warning in a box, the gravest that a label has, speaks of it."""
        return any(entry.fields.get("boxed") for entry in self.warnings)


def harms_watched(label: Label, jurisdiction: Jurisdiction) -> tuple[WatchedHarm, ...]:
    """Return the harms that a label warns of: those in a box first, then in its own order.

    Parameters
    ----------
    label
        The drug's label.
    jurisdiction
        Whose.
    """
    warnings: dict[str, list[LabelEntry]] = {}
    for entry in label.current("warning", jurisdiction):
        for harm in HARMS_OF_KIND.get(str(entry.fields.get("kind", "")), ()):
            warnings.setdefault(harm, []).append(entry)
    monitoring = label.current("monitoring", jurisdiction)
    found = [
        WatchedHarm(
            harm,
            tuple(entries),
            tuple(entry for entry in monitoring if entry.fields.get("test_id") in TESTS_FOR.get(harm, ())),
        )
        for harm, entries in warnings.items()
    ]
    return tuple(sorted(found, key=lambda harm: not harm.is_boxed))


def warnings_unsorted(label: Label, jurisdiction: Jurisdiction) -> tuple[LabelEntry, ...]:
    """Return the warnings that name several harms in one sentence: they are told as they stand.

    Parameters
    ----------
    label, jurisdiction
        As for ``harms_watched``.
    """
    return tuple(entry for entry in label.current("warning", jurisdiction) if entry.fields.get("kind") == "other")
