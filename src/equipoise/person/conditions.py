"""Other conditions and medicines that a person can state: what the contraindications of the labels turn on.

Ids are granular and about the person, not about a label: whoever reads a label maps its wording to these. Words that
follow ``allergy-to:`` name what the allergy is to. Each belongs to a section, so that a form can ask for a few ticks at
once. The words stand in the catalogue, ``condition.toml`` and ``medicine.toml``, under the ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from equipoise.wording import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that a person has, had, or takes.

    Attributes
    ----------
    id
        As files hold it.
    section
        Heading it is asked under.
    label
        To tick, in plain words.
    question
        The same as a question that can be answered by yes or no.
    """

    id: str
    section: Phrase
    label: Phrase
    question: Phrase


HEART = phrase("condition.section.heart")
INFECTION = phrase("condition.section.infection")
IMMUNE = phrase("condition.section.immune")
ORGANS = phrase("condition.section.organs")
MOOD = phrase("condition.section.mood")
ALLERGY = phrase("condition.section.allergy")
CHILDREN_AND_GENES = phrase("condition.section.children-and-genes")


def _stated(table: str, section: Phrase, ids: Iterable[str]) -> tuple[Condition, ...]:
    return tuple(
        Condition(each, section, phrase(f"{table}.{_key(each)}.label"), phrase(f"{table}.{_key(each)}.question"))
        for each in ids
    )


def _key(ident: str) -> str:
    return ident.replace(":", "-")


_HEART = (
    "stroke-ever",
    "heart-attack-ever",
    "angina-ever",
    "artery-dissection-ever",
    "heart-event-or-stroke-last-6-months",
    "tia-last-6-months",
    "uncontrolled-high-blood-pressure",
    "heart-block-without-pacemaker",
    "irregular-heartbeat-serious",
    "long-qt",
    "sleep-apnoea-severe-untreated",
)
_INFECTION = (
    "infection-now",
    "infection-now-serious",
    "hiv",
    "hepatitis-b-active",
    "hepatitis-other-active",
    "tuberculosis-active",
    "chronic-infection-other-active",
    "pml-ever",
    "pml-suspected-now",
    "cryptococcal-meningitis-ever",
)
_IMMUNE = (
    "other-autoimmune-disease",
    "immune-deficiency",
    "immune-deficiency-severe",
    "blood-count-problem",
    "bleeding-disorder",
    "low-blood-protein-severe",
)
_ORGANS = (
    "cancer-now",
    "basal-cell-skin-cancer-now",
    "liver-disease-moderate",
    "liver-disease-severe",
    "kidney-disease-moderate-or-severe",
    "dialysis",
)
_MOOD = (
    "severe-depression-now",
    "suicidal-thoughts-now",
)

# Drugs that one label names together share a word: the interferons and the two fumarates.
ALLERGENS = (
    "interferon-beta",
    "alemtuzumab",
    "glatiramer-acetate",
    "teriflunomide",
    "fumarates",
    "fingolimod",
    "ozanimod",
    "ponesimod",
    "siponimod",
    "cladribine",
    "natalizumab",
    "ocrelizumab",
    "ofatumumab",
    "ublituximab",
    "human-albumin",
    "mannitol",
    "peanut-or-soya",
)
"""What an allergy can be to."""


def _allergy(allergen: str) -> Condition:
    what = phrase(f"condition.allergen.{allergen}")
    return Condition(
        f"allergy-to:{allergen}",
        ALLERGY,
        phrase("condition.allergy-to.label", what=what),
        phrase("condition.allergy-to.question", what=what),
    )


_CHILDREN_AND_GENES = (
    "no-effective-contraception",
    "cyp2c9-3-3",
)

CONDITIONS: dict[str, Condition] = {
    condition.id: condition
    for condition in (
        *_stated("condition", HEART, _HEART),
        *_stated("condition", INFECTION, _INFECTION),
        *_stated("condition", IMMUNE, _IMMUNE),
        *_stated("condition", ORGANS, _ORGANS),
        *_stated("condition", MOOD, _MOOD),
        *_stated("condition", CHILDREN_AND_GENES, _CHILDREN_AND_GENES),
        *(_allergy(allergen) for allergen in ALLERGENS),
        *_stated("condition", ALLERGY, ("life-threatening-reaction-to:ocrelizumab",)),
    )
}
"""Every condition that a person can state, by id, in the order in which they are asked."""

BLOOD = phrase("medicine.section.blood")
IMMUNE_MEDICINES = phrase("medicine.section.immune")
OTHER_MEDICINES = phrase("medicine.section.other")

_BLOOD = (
    "anticoagulant",
    "antiplatelet",
    "heart-rhythm-class-ia-or-iii",
)
_IMMUNE_MEDICINES = (
    "another-ms-drug-now",
    "dimethyl-fumarate-now",
    "leflunomide",
    "immunosuppressant",
    "bone-marrow-suppressing",
)
_OTHER_MEDICINES = (
    "mao-inhibitor-last-14-days",
    "live-vaccine-last-6-weeks",
)

MEDICINES: dict[str, Condition] = {
    medicine.id: medicine
    for medicine in (
        *_stated("medicine", BLOOD, _BLOOD),
        *_stated("medicine", IMMUNE_MEDICINES, _IMMUNE_MEDICINES),
        *_stated("medicine", OTHER_MEDICINES, _OTHER_MEDICINES),
    )
}
"""Medicines that labels turn on, by id, in the order in which they are asked."""
