"""Other conditions and medicines that a person can state: what the contraindications of the labels turn on.

Ids are granular and about the person, not about a label: whoever reads a label maps its wording to these. Words that
follow ``allergy-to:`` name what the allergy is to. Each belongs to a section, so that a form can ask for a few ticks at
once.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    section: str
    label: str
    question: str


HEART = "Heart and blood vessels"
INFECTION = "Infections"
IMMUNE = "Immune system and blood"
ORGANS = "Cancer, liver and kidneys"
MOOD = "Mood"
ALLERGY = "Allergies and severe reactions"
CHILDREN_AND_GENES = "Contraception and genes"


def _had(ident: str, what: str) -> Condition:
    return Condition(ident, HEART, f"{what}, ever", f"Have you ever had {what[:1].lower()}{what[1:]}?")


_HEART = (
    _had("stroke-ever", "A stroke"),
    _had("heart-attack-ever", "A heart attack"),
    _had("angina-ever", "Angina (chest pain from narrow heart vessels)"),
    _had("artery-dissection-ever", "A tear in a blood vessel of the neck or head"),
    Condition(
        "heart-event-or-stroke-last-6-months",
        HEART,
        "A heart attack, unstable angina, stroke, or bad heart failure in the last 6 months",
        "In the last 6 months, did you have a heart attack, unstable angina, a stroke, or bad heart failure?",
    ),
    Condition(
        "tia-last-6-months",
        HEART,
        "A short stroke that went away (TIA) in the last 6 months",
        "In the last 6 months, did you have a short stroke that went away (TIA)?",
    ),
    Condition(
        "uncontrolled-high-blood-pressure",
        HEART,
        "High blood pressure that stays high even with pills, or is not treated",
        "Is your blood pressure high, and still high with pills or without treatment?",
    ),
    Condition(
        "heart-block-without-pacemaker",
        HEART,
        "Heart block or sick sinus, and no pacemaker",
        "Has a doctor found heart block or sick sinus, and do you have no pacemaker?",
    ),
    Condition(
        "irregular-heartbeat-serious",
        HEART,
        "An irregular heartbeat that a doctor treats or follows",
        "Do you have an irregular heartbeat that a doctor treats or follows?",
    ),
    Condition(
        "long-qt",
        HEART,
        "A long QT time on a heart tracing (ECG)",
        "Has a heart tracing (ECG) shown a long QT time?",
    ),
    Condition(
        "sleep-apnoea-severe-untreated",
        HEART,
        "Breathing that often stops in sleep (severe sleep apnoea) and is not treated",
        "Do you have severe sleep apnoea that is not treated?",
    ),
)

_INFECTION = (
    Condition(
        "infection-now", INFECTION, "Any infection now, even a mild one", "Do you have any infection now, even mild?"
    ),
    Condition("infection-now-serious", INFECTION, "A serious infection now", "Do you have a serious infection now?"),
    Condition("hiv", INFECTION, "HIV", "Do you have HIV?"),
    Condition("hepatitis-b-active", INFECTION, "Active hepatitis B", "Do you have active hepatitis B?"),
    Condition(
        "hepatitis-other-active",
        INFECTION,
        "Another active hepatitis from a virus, such as C",
        "Do you have another active hepatitis from a virus, such as hepatitis C?",
    ),
    Condition("tuberculosis-active", INFECTION, "Active tuberculosis", "Do you have active tuberculosis?"),
    Condition(
        "chronic-infection-other-active",
        INFECTION,
        "Another infection that lasts and is active",
        "Do you have another infection that lasts and is active?",
    ),
    Condition(
        "pml-ever",
        INFECTION,
        "PML (a rare brain infection), now or ever",
        "Do you have, or did you ever have, the rare brain infection PML?",
    ),
    Condition(
        "pml-suspected-now",
        INFECTION,
        "PML suspected now, not yet ruled out",
        "Do your doctors suspect PML now?",
    ),
    Condition(
        "cryptococcal-meningitis-ever",
        INFECTION,
        "Meningitis from the fungus Cryptococcus, ever",
        "Did you ever have meningitis from the fungus Cryptococcus?",
    ),
)

_IMMUNE = (
    Condition(
        "other-autoimmune-disease",
        IMMUNE,
        "Another autoimmune disease besides MS (thyroid, joints, bowel, skin or others)",
        "Do you have another autoimmune disease besides MS, such as of the thyroid, joints, bowel or skin?",
    ),
    Condition(
        "immune-deficiency",
        IMMUNE,
        "A weak immune system, from an illness or a treatment",
        "Is your immune system weak, from an illness or a treatment?",
    ),
    Condition(
        "immune-deficiency-severe",
        IMMUNE,
        "A very weak immune system (severe immune deficiency)",
        "Is your immune system very weak (severe immune deficiency)?",
    ),
    Condition(
        "blood-count-problem",
        IMMUNE,
        "A problem of the bone marrow, or low blood counts",
        "Do you have a problem of the bone marrow, or low blood counts?",
    ),
    Condition(
        "bleeding-disorder",
        IMMUNE,
        "A bleeding disorder, now or ever",
        "Do you have, or did you ever have, a bleeding disorder?",
    ),
    Condition(
        "low-blood-protein-severe",
        IMMUNE,
        "Very low protein in the blood",
        "Is there very little protein in your blood?",
    ),
)

_ORGANS = (
    Condition(
        "cancer-now",
        ORGANS,
        "Cancer now, other than basal cell skin cancer",
        "Do you have cancer now, other than basal cell skin cancer?",
    ),
    Condition(
        "basal-cell-skin-cancer-now", ORGANS, "Basal cell skin cancer now", "Do you have basal cell skin cancer now?"
    ),
    Condition("liver-disease-moderate", ORGANS, "Moderate liver disease", "Do you have moderate liver disease?"),
    Condition("liver-disease-severe", ORGANS, "Severe liver disease", "Do you have severe liver disease?"),
    Condition(
        "kidney-disease-moderate-or-severe",
        ORGANS,
        "Moderate or severe kidney disease",
        "Do you have moderate or severe kidney disease?",
    ),
    Condition("dialysis", ORGANS, "Dialysis", "Do you have dialysis?"),
)

_MOOD = (
    Condition("severe-depression-now", MOOD, "Severe depression now", "Do you have severe depression now?"),
    Condition("suicidal-thoughts-now", MOOD, "Thoughts of suicide now", "Do you have thoughts of suicide now?"),
)

# Drugs that one label names together share a word: the interferons and the two fumarates.
ALLERGENS = {
    "interferon-beta": "an interferon beta",
    "alemtuzumab": "alemtuzumab or something in it",
    "glatiramer-acetate": "glatiramer acetate",
    "teriflunomide": "teriflunomide, leflunomide or something in them",
    "fumarates": "dimethyl fumarate, diroximel fumarate or something in them",
    "fingolimod": "fingolimod or something in it",
    "ozanimod": "ozanimod or something in it",
    "ponesimod": "ponesimod or something in it",
    "siponimod": "siponimod or something in it",
    "cladribine": "cladribine or something in it",
    "natalizumab": "natalizumab or something in it",
    "ocrelizumab": "ocrelizumab or something in it",
    "ofatumumab": "ofatumumab or something in it",
    "ublituximab": "ublituximab or something in it",
    "human-albumin": "human albumin",
    "mannitol": "mannitol",
    "peanut-or-soya": "peanut or soya",
}

_ALLERGY = (
    *(
        Condition(f"allergy-to:{what}", ALLERGY, f"Allergy to {words}", f"Are you allergic to {words}?")
        for what, words in ALLERGENS.items()
    ),
    Condition(
        "life-threatening-reaction-to:ocrelizumab",
        ALLERGY,
        "A life-threatening reaction to an infusion of ocrelizumab",
        "Did you have a life-threatening reaction to an infusion of ocrelizumab?",
    ),
)

_CHILDREN_AND_GENES = (
    Condition(
        "no-effective-contraception",
        CHILDREN_AND_GENES,
        "A child could be conceived: no reliable contraception now",
        "Could you conceive or father a child now, because no reliable contraception is used?",
    ),
    Condition(
        "cyp2c9-3-3",
        CHILDREN_AND_GENES,
        "Gene type CYP2C9 *3/*3 (a blood test shows it)",
        "Has a blood test shown the gene type CYP2C9 *3/*3?",
    ),
)

CONDITIONS: dict[str, Condition] = {
    condition.id: condition
    for condition in (*_HEART, *_INFECTION, *_IMMUNE, *_ORGANS, *_MOOD, *_CHILDREN_AND_GENES, *_ALLERGY)
}
"""Every condition that a person can state, by id, in the order in which they are asked."""

BLOOD = "For the blood and the heart"
IMMUNE_MEDICINES = "For the immune system"
OTHER_MEDICINES = "Others"

MEDICINES: dict[str, Condition] = {
    medicine.id: medicine
    for medicine in (
        Condition(
            "anticoagulant",
            BLOOD,
            "A blood thinner, such as warfarin or apixaban",
            "Do you take a blood thinner, such as warfarin or apixaban?",
        ),
        Condition(
            "antiplatelet",
            BLOOD,
            "A medicine against clots, such as aspirin or clopidogrel",
            "Do you take a medicine against clots, such as aspirin or clopidogrel?",
        ),
        Condition(
            "heart-rhythm-class-ia-or-iii",
            BLOOD,
            "A heart rhythm medicine of class Ia or III, such as amiodarone or sotalol",
            "Do you take a heart rhythm medicine of class Ia or III, such as amiodarone or sotalol?",
        ),
        Condition(
            "another-ms-drug-now",
            IMMUNE_MEDICINES,
            "A drug against MS that you would go on taking",
            "Do you take a drug against MS that you would go on taking?",
        ),
        Condition(
            "dimethyl-fumarate-now", IMMUNE_MEDICINES, "Dimethyl fumarate now", "Do you take dimethyl fumarate now?"
        ),
        Condition("leflunomide", IMMUNE_MEDICINES, "Leflunomide", "Do you take leflunomide?"),
        Condition(
            "immunosuppressant",
            IMMUNE_MEDICINES,
            "A medicine that weakens the immune system, such as azathioprine or ciclosporin",
            "Do you take a medicine that weakens the immune system, such as azathioprine or ciclosporin?",
        ),
        Condition(
            "bone-marrow-suppressing",
            IMMUNE_MEDICINES,
            "A medicine that lowers blood counts, such as methotrexate or chemotherapy",
            "Do you take a medicine that lowers blood counts, such as methotrexate or chemotherapy?",
        ),
        Condition(
            "mao-inhibitor-last-14-days",
            OTHER_MEDICINES,
            "An MAO inhibitor in the last 14 days, such as phenelzine or selegiline",
            "Did you take an MAO inhibitor in the last 14 days, such as phenelzine or selegiline?",
        ),
        Condition(
            "live-vaccine-last-6-weeks",
            OTHER_MEDICINES,
            "A live vaccine in the last 6 weeks",
            "Did you have a live vaccine in the last 6 weeks?",
        ),
    )
}
"""Medicines that labels turn on, by id, in the order in which they are asked."""
