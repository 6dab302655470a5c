"""The form that describes a person: every question in plain words, and why it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from equipoise.forms import Form, Kind, Question, Word
from equipoise.person.conditions import CONDITIONS, MEDICINES, Condition
from equipoise.person.model import (
    OTHER_DRUG,
    CourseOfDisease,
    PregnancyPlan,
    Sex,
    Smoking,
    Walking,
    band,
)
from equipoise.vocabulary.terms import Jurisdiction, Treatment

# Kurtzke 1983: 0, then 1.0 to 10 in half-steps. There is no step 0.5.
EDSS_STEPS = (0.0, *(half / 2 for half in range(2, 21)))
MONTHS_A_YEAR = 12
OLDEST = 120

ABOUT_YOU = "About you"
YOUR_MS = "Your MS"
TREATMENT = "Treatment so far"
CHILDREN = "Children"
HEALTH = "Your health"
PRACTICAL = "Daily life"

WALKING_WORDS: Mapping[Walking, str] = {
    Walking.NO_SIGNS: "nothing that anybody notices, and the neurologist finds no signs",
    Walking.NO_LIMIT: "some signs, but you walk as far as you want",
    Walking.LIMITED_WITHOUT_AID: "about 500 metres or less without a rest, and no stick",
    Walking.WITH_AID: "a stick, a crutch or two of them to walk about 100 metres or less",
    Walking.WHEELCHAIR: "a wheelchair for most of the way or all of it",
}

SEX_WORDS: Mapping[Sex, str] = {Sex.WOMAN: "woman", Sex.MAN: "man"}
COURSE_WORDS: Mapping[CourseOfDisease, str] = {
    CourseOfDisease.RELAPSING_REMITTING: "relapses come and go (relapsing-remitting)",
    CourseOfDisease.SECONDARY_PROGRESSIVE: "it began with relapses and now gets slowly worse (secondary progressive)",
    CourseOfDisease.PRIMARY_PROGRESSIVE: "it got slowly worse from the start (primary progressive)",
}
PREGNANCY_WORDS: Mapping[PregnancyPlan, str] = {
    PregnancyPlan.PREGNANT: "pregnant now",
    PregnancyPlan.BREASTFEEDING: "breastfeeding now",
    PregnancyPlan.WITHIN_A_YEAR: "a child is planned within a year",
    PregnancyPlan.LATER: "a child is planned later, or may be",
    PregnancyPlan.NONE: "no child is planned",
}
SMOKING_WORDS: Mapping[Smoking, str] = {
    Smoking.NEVER: "never",
    Smoking.FORMER: "not any more",
    Smoking.CURRENT: "yes, now",
}


def person_form(options: Iterable[Treatment]) -> Form:
    """Return the form that describes a person.

    The words for walking stand for bands of the EDSS, the scale that neurologists use [kurtzke-1983]_; the form shows
    which.

    Parameters
    ----------
    options
        The treatments that may be named as earlier ones.
    """
    return Form(
        "person",
        "About a person with MS",
        (*_about_you(), *_your_ms(), *_treatment(options), *_children(), *_health(), *_practical()),
        "Every question may be left open: what is not known makes the ranges wider, and nothing is guessed. Nothing "
        "leaves this machine.",
    )


def _words(
    labels: Mapping[Walking, str]
    | Mapping[Sex, str]
    | Mapping[CourseOfDisease, str]
    | Mapping[PregnancyPlan, str]
    | Mapping[Smoking, str],
) -> tuple[Word, ...]:
    return tuple(Word(str(word), label) for word, label in labels.items())


def _about_you() -> tuple[Question, ...]:
    return (
        Question(
            "age",
            "How old are you?",
            Kind.WHOLE_NUMBER,
            "Age changes how often relapses come. The trials took in adults only.",
            ABOUT_YOU,
            low=0,
            high=OLDEST,
            unit="years",
            example="34",
        ),
        Question(
            "sex",
            "Are you a woman or a man?",
            Kind.ONE_OF,
            "The model for relapses was built with these two groups.",
            ABOUT_YOU,
            words=_words(SEX_WORDS),
        ),
        Question(
            "jurisdiction",
            "Whose drug labels apply where you live?",
            Kind.ONE_OF,
            "Labels differ in who may have a drug and in what is tested.",
            ABOUT_YOU,
            words=(
                Word(Jurisdiction.EU, "the European Union"),
                Word(Jurisdiction.UK, "the United Kingdom"),
                Word(Jurisdiction.US, "the United States", aliases=("USA",)),
            ),
        ),
        Question(
            "smoking",
            "Do you smoke?",
            Kind.ONE_OF,
            "A doctor may ask it. No number here changes with it.",
            ABOUT_YOU,
            words=_words(SMOKING_WORDS),
        ),
    )


def _your_ms() -> tuple[Question, ...]:
    return (
        Question(
            "course",
            "What kind of MS do you have?",
            Kind.ONE_OF,
            "The trials behind these numbers took in people whose relapses come and go.",
            YOUR_MS,
            words=_words(COURSE_WORDS),
        ),
        Question(
            "years_since_onset",
            "How many years ago were your first symptoms? If you only know when MS was found, count from then.",
            Kind.NUMBER,
            "How long MS has lasted is part of the model for relapses.",
            YOUR_MS,
            low=0,
            high=OLDEST,
            unit="years",
            example="4.5",
        ),
        Question(
            "relapses_12_months",
            "How many relapses did you have in the last 12 months?",
            Kind.WHOLE_NUMBER,
            "Recent relapses say something about the next ones.",
            YOUR_MS,
            low=0,
            high=50,
            unit="relapses",
            example="1",
        ),
        Question(
            "relapses_24_months",
            "How many relapses did you have in the last 24 months? Count those of the last 12 months too.",
            Kind.WHOLE_NUMBER,
            "The model for relapses looks back two years.",
            YOUR_MS,
            low=0,
            high=100,
            unit="relapses",
            example="2",
        ),
        Question(
            "months_since_relapse",
            "How many months ago did your last relapse begin?",
            Kind.NUMBER,
            "The longer ago it was, the less likely is the next one soon.",
            YOUR_MS,
            low=0,
            high=OLDEST * MONTHS_A_YEAR,
            unit="months",
            example="5",
        ),
        Question(
            "walking",
            "How is your walking, on a usual day?",
            Kind.ONE_OF,
            "It stands in for the EDSS, the scale that neurologists use.",
            YOUR_MS,
            words=tuple(Word(word, f"{label} (EDSS {band(word)})") for word, label in WALKING_WORDS.items()),
        ),
        Question(
            "edss",
            "If a neurologist has told you your EDSS, what is it?",
            Kind.NUMBER,
            "A measured EDSS says more than the question about walking. Where both stand, it is the one used.",
            YOUR_MS,
            low=0,
            high=10,
            among=EDSS_STEPS,
            example="2.5",
        ),
        Question(
            "enhancing_lesions",
            "Did your last MRI show a spot that took up the contrast dye (an active spot)?",
            Kind.YES_NO,
            "Some labels ask for it, and it is part of the model for relapses.",
            YOUR_MS,
            example="no",
        ),
    )


def _treatment(options: Iterable[Treatment]) -> tuple[Question, ...]:
    drugs = tuple(
        Word(option.option, option.name, aliases=(option.id, *option.aliases)) for option in options if option.option
    )
    other = Word(OTHER_DRUG, "another drug, or I don't remember which", aliases=("other", "another"))
    one = Form(
        "earlier treatment",
        "Earlier drug",
        (
            Question(
                "drug",
                "Which drug was it?",
                Kind.ONE_OF,
                "A drug that did not work or was not tolerated matters for the next one. Brand names are understood.",
                words=(*drugs, other),
                required=True,
            ),
            Question(
                "relapsed",
                "Did you have a relapse while taking it?",
                Kind.YES_NO,
                "Some labels ask whether an earlier drug was enough.",
            ),
            Question(
                "not_tolerated",
                "Did you stop it because of side effects, or would you have?",
                Kind.YES_NO,
                "It may matter for drugs that are like it.",
            ),
            Question(
                "stopped",
                "When was the last dose? Leave it open if you still take it.",
                Kind.DATE,
                "Some drugs need a gap before the next one.",
                example="2025-03-31",
            ),
        ),
    )
    return (
        Question(
            "earlier_treatments",
            "Have you taken a drug against MS (one that is meant to prevent relapses)?",
            Kind.LIST,
            "Labels and the model for relapses both ask whether there was an earlier drug.",
            TREATMENT,
            form=one,
        ),
    )


def _children() -> tuple[Question, ...]:
    return (
        Question(
            "pregnancy",
            "Where do you stand with having a child?",
            Kind.ONE_OF,
            "Some drugs must be stopped long before a pregnancy, or can harm a child.",
            CHILDREN,
            words=_words(PREGNANCY_WORDS),
        ),
    )


def _stated(conditions: Mapping[str, Condition]) -> tuple[Word, ...]:
    return tuple(Word(each.id, each.label, each.section) for each in conditions.values())


def _health() -> tuple[Question, ...]:
    why = "Labels say who must not have a drug. What stays open becomes a question for your doctor."
    return (
        Question(
            "conditions",
            "Which of these apply to you?",
            Kind.SOME_OF,
            why,
            HEALTH,
            words=_stated(CONDITIONS),
            doubts="unknown_conditions",
        ),
        Question(
            "unknown_conditions",
            "Which of the conditions above are not known?",
            Kind.SOME_OF,
            "The others are then known.",
            HEALTH,
            words=_stated(CONDITIONS),
            is_asked=False,
        ),
        Question(
            "not_conditions",
            "Which of the conditions above are known to be absent, where the rest is not known?",
            Kind.SOME_OF,
            "It is needed only where 'conditions' is unknown.",
            HEALTH,
            words=_stated(CONDITIONS),
            is_asked=False,
        ),
        Question(
            "medicines",
            "Which of these medicines do you take?",
            Kind.SOME_OF,
            why,
            HEALTH,
            words=_stated(MEDICINES),
            doubts="unknown_medicines",
        ),
        Question(
            "unknown_medicines",
            "Which of the medicines above are not known?",
            Kind.SOME_OF,
            "The others are then known.",
            HEALTH,
            words=_stated(MEDICINES),
            is_asked=False,
        ),
    )


def _practical() -> tuple[Question, ...]:
    why = "It is part of what a treatment asks of you. No means that it cannot be done."
    texts = {
        "infusion_centre": "Could you travel to a centre for infusions?",
        "monthly_blood_tests": "Could you have a blood test every month, for years?",
        "self_injection": "Could you inject yourself, or have somebody who does?",
        "fridge": "Do you have a fridge to store a drug, also when you travel?",
    }
    return tuple(Question(f"practical.{key}", text, Kind.YES_NO, why, PRACTICAL) for key, text in texts.items())
