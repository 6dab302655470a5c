"""What each contraindication means in facts about a person: one table, read line by line.

The left side is a condition as the label files name it, the right side what a person can say. Where a label is
narrower than what a person can say, the rest is a question to the team and never a guess. The text of the label is
always shown beside the answer, and it is the text that counts.
"""

from __future__ import annotations

from collections.abc import Callable

from equipoise.safety.eligibility_facts import Rule, every, some
from equipoise.safety.eligibility_person import (
    BREASTFEEDING,
    NO_CONTRACEPTION,
    PREGNANT,
    PREGNANT_OR_COULD_BE,
    any_condition,
    has,
    stated,
    takes,
    team_knows,
)

# ---------------------------------------------------------------- what several lines share

HEPATITIS = any_condition("hepatitis-b-active", "hepatitis-other-active")
SERIOUS_INFECTION = any_condition("infection-now-serious", "tuberculosis-active")
CHRONIC_INFECTION = some(HEPATITIS, any_condition("tuberculosis-active", "chronic-infection-other-active"))
ANY_INFECTION = some(has("infection-now"), SERIOUS_INFECTION, CHRONIC_INFECTION)
CANCER = any_condition("cancer-now", "basal-cell-skin-cancer-now")
WEAK_IMMUNE_SYSTEM = some(
    any_condition("immune-deficiency", "immune-deficiency-severe", "hiv"),
    every(
        takes("immunosuppressant"),
        team_knows("weak-immune-system"),
    ),
)
# How weak it is, is for a clinician to say wherever it is weak at all.
SEVERELY_WEAK_IMMUNE_SYSTEM = some(
    has("immune-deficiency-severe"),
    every(
        WEAK_IMMUNE_SYSTEM,
        team_knows("severely-weak-immune-system"),
    ),
)
RECENT_HEART_EVENT_OR_STROKE = has("heart-event-or-stroke-last-6-months")
RECENT_EVENT_OR_TIA = some(RECENT_HEART_EVENT_OR_STROKE, has("tia-last-6-months"))
HEART_BLOCK = has("heart-block-without-pacemaker")
NAMED_RHYTHM = some(
    HEART_BLOCK,
    every(
        any_condition("irregular-heartbeat-serious", "long-qt"),
        team_knows("named-rhythm"),
    ),
)
SEVERE_LIVER_DISEASE = has("liver-disease-severe")
SEVERE_DEPRESSION = has("severe-depression-now")
DEPRESSION_OR_SUICIDAL_THOUGHTS = some(SEVERE_DEPRESSION, has("suicidal-thoughts-now"))
ALLERGY_TO_INTERFERON = has("allergy-to:interferon-beta")
ALLERGY_TO_ALBUMIN = has("allergy-to:human-albumin")
# The leaflet says "an ingredient"; whether albumin or mannitol is one differs from product to product.
ALLERGY_TO_A_POSSIBLE_INGREDIENT = every(
    some(ALLERGY_TO_ALBUMIN, has("allergy-to:mannitol")),
    team_knows("ingredient"),
)

# What the vocabulary of allergies calls a drug, where that is not the name of its label file.
_ALLERGENS = {
    "diroximel-fumarate": "fumarates",
    "dimethyl-fumarate": "fumarates",
    "interferon-beta-1a-im": "interferon-beta",
    "interferon-beta-1a-sc": "interferon-beta",
    "interferon-beta-1b": "interferon-beta",
    "peginterferon-beta-1a": "interferon-beta",
}


def own_allergy(drug: str) -> Rule:
    """Return the fact of an allergy to the drug of a label, or to something in it."""
    return has(f"allergy-to:{_ALLERGENS.get(drug, drug)}")


# ---------------------------------------------------------------- the table

CONTRAINDICATIONS: dict[str, Rule | Callable[[str], Rule]] = {
    # allergy
    "hypersensitivity": own_allergy,
    "hypersensitivity-alemtuzumab-or-excipients": has("allergy-to:alemtuzumab"),
    "hypersensitivity-fumarates": has("allergy-to:fumarates"),
    "hypersensitivity-glatiramer-mannitol": any_condition("allergy-to:glatiramer-acetate", "allergy-to:mannitol"),
    "hypersensitivity-including-peanut-soya": any_condition("allergy-to:siponimod", "allergy-to:peanut-or-soya"),
    "hypersensitivity-interferon-beta": some(ALLERGY_TO_INTERFERON, ALLERGY_TO_A_POSSIBLE_INGREDIENT),
    "hypersensitivity-interferon-beta-albumin": some(ALLERGY_TO_INTERFERON, ALLERGY_TO_ALBUMIN),
    "hypersensitivity-interferon-beta-albumin-mannitol": some(
        ALLERGY_TO_INTERFERON, ALLERGY_TO_ALBUMIN, has("allergy-to:mannitol")
    ),
    "life-threatening-infusion-reaction": has("life-threatening-reaction-to:ocrelizumab"),
    # infection
    "active-infection": ANY_INFECTION,
    "current-infection": ANY_INFECTION,
    "serious-infection": SERIOUS_INFECTION,
    "severe-infection": SERIOUS_INFECTION,
    "severe-active-infection": SERIOUS_INFECTION,
    "severe-active-or-chronic-infection": some(SERIOUS_INFECTION, CHRONIC_INFECTION),
    "active-chronic-infection": CHRONIC_INFECTION,
    "active-tuberculosis-or-hepatitis": some(HEPATITIS, has("tuberculosis-active")),
    "active-hepatitis-b": has("hepatitis-b-active"),
    "hiv-infection": has("hiv"),
    "pml": any_condition("pml-ever", "pml-suspected-now"),
    "pml-ever": has("pml-ever"),
    "suspected-or-confirmed-pml": any_condition("pml-ever", "pml-suspected-now"),
    "history-pml-or-cryptococcal-meningitis": any_condition("pml-ever", "cryptococcal-meningitis-ever"),
    # immune system, blood, cancer
    "immunocompromised": WEAK_IMMUNE_SYSTEM,
    "immunodeficiency": WEAK_IMMUNE_SYSTEM,
    "immunodeficient-state": WEAK_IMMUNE_SYSTEM,
    "severe-immunodeficiency": SEVERELY_WEAK_IMMUNE_SYSTEM,
    "weakened-immune-system-or-myelosuppressive-drugs": some(WEAK_IMMUNE_SYSTEM, takes("bone-marrow-suppressing")),
    "combination-with-immunosuppressants-or-other-dmt": some(takes("immunosuppressant"), takes("another-ms-drug-now")),
    "bone-marrow-or-blood-count-problem": has("blood-count-problem"),
    "bleeding-disorder": has("bleeding-disorder"),
    "antiplatelet-or-anticoagulant-therapy": some(
        has("bleeding-disorder"), takes("anticoagulant"), takes("antiplatelet")
    ),
    "active-cancer": CANCER,
    "current-malignancy": CANCER,
    "cancer": CANCER,
    "cancer-except-basal-cell-carcinoma": has("cancer-now"),
    "other-autoimmune-disease": has("other-autoimmune-disease"),
    # heart and vessels
    "uncontrolled-hypertension": has("uncontrolled-high-blood-pressure"),
    "history-stroke": has("stroke-ever"),
    "history-mi-or-angina": any_condition("heart-attack-ever", "angina-ever"),
    "history-cervicocephalic-arterial-dissection": has("artery-dissection-ever"),
    "mi-angina-stroke-tia-hf-6-months": RECENT_EVENT_OR_TIA,
    "mi-angina-stroke-hf-6-months": RECENT_HEART_EVENT_OR_STROKE,
    "cardiac-events-6-months-av-block-sleep-apnea": some(
        RECENT_EVENT_OR_TIA, HEART_BLOCK, has("sleep-apnoea-severe-untreated")
    ),
    "certain-arrhythmias": NAMED_RHYTHM,
    "certain-arrhythmias-unpaced": NAMED_RHYTHM,
    "certain-arrhythmias-or-long-qt": some(NAMED_RHYTHM, has("long-qt")),
    "high-grade-av-block-unpaced": HEART_BLOCK,
    "class-ia-iii-antiarrhythmics": takes("heart-rhythm-class-ia-or-iii"),
    # liver, kidney, proteins
    "severe-hepatic-impairment": SEVERE_LIVER_DISEASE,
    "severe-liver-disease": SEVERE_LIVER_DISEASE,
    "moderate-or-severe-hepatic-impairment": some(SEVERE_LIVER_DISEASE, has("liver-disease-moderate")),
    "moderate-or-severe-renal-impairment": any_condition("kidney-disease-moderate-or-severe", "dialysis"),
    "dialysis": has("dialysis"),
    "severe-hypoproteinaemia": stated("low-blood-protein-severe"),
    # mind
    "current-severe-depression": SEVERE_DEPRESSION,
    # the text of this entry has both, whatever its name says
    "current-suicidal-ideation": DEPRESSION_OR_SUICIDAL_THOUGHTS,
    "current-severe-depression-or-suicidal-ideation": DEPRESSION_OR_SUICIDAL_THOUGHTS,
    # pregnancy
    "pregnancy-or-no-contraception": PREGNANT_OR_COULD_BE,
    "pregnancy-or-breastfeeding": some(PREGNANT, BREASTFEEDING),
    "breastfeeding-days-plus-10": BREASTFEEDING,
    # other medicines, genes
    "current-leflunomide": takes("leflunomide"),
    "mao-inhibitor-within-14-days": takes("mao-inhibitor-last-14-days"),
    "taking-dimethyl-fumarate": takes("dimethyl-fumarate-now"),
    "cyp2c9-3-3": stated("cyp2c9-3-3"),
}

# Where the text of one label says something else under the same name.
OF_ONE_ENTRY: dict[str, Rule] = {
    # women and men
    "cladribine-ci-02": some(PREGNANT, NO_CONTRACEPTION),
    # albumin stands in the text
    "interferon-beta-1b-ci-02": some(ALLERGY_TO_INTERFERON, ALLERGY_TO_ALBUMIN, ALLERGY_TO_A_POSSIBLE_INGREDIENT),
}


def contraindication_rule(entry_id: str, condition: str, drug: str) -> Rule | None:
    """Return what a contraindication means; ``None`` where nobody has written it down yet.

    Parameters
    ----------
    entry_id, condition
        Id of the label entry, and the condition it names.
    drug
        ``drug_id`` of the label.
    """
    found = OF_ONE_ENTRY.get(entry_id) or CONTRAINDICATIONS.get(condition)
    return found(drug) if callable(found) else found
