"""What a person said of themselves, in as few plain words as hold it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from equipoise.evidence import Evidence
from equipoise.person import (
    CourseOfDisease,
    Person,
    PregnancyPlan,
    Sex,
    Smoking,
    Walking,
    form,
    known_facts,
)
from equipoise.presentation.plain_words import span

_COURSE = {
    CourseOfDisease.RELAPSING_REMITTING: "relapsing-remitting MS",
    CourseOfDisease.SECONDARY_PROGRESSIVE: "secondary progressive MS",
    CourseOfDisease.PRIMARY_PROGRESSIVE: "primary progressive MS",
}
_WALKING = {
    Walking.NO_SIGNS: "no signs that anybody notices",
    Walking.NO_LIMIT: "some signs, but I walk as far as I want",
    Walking.LIMITED_WITHOUT_AID: "walking gets hard after some hundred metres, without a stick",
    Walking.WITH_AID: "I walk with a stick or crutch",
    Walking.WHEELCHAIR: "I use a wheelchair for most of the way",
}
_CHILD = {
    PregnancyPlan.PREGNANT: "pregnant",
    PregnancyPlan.BREASTFEEDING: "breastfeeding",
    PregnancyPlan.WITHIN_A_YEAR: "a child is planned within a year",
    PregnancyPlan.LATER: "a child is planned later, or may be",
    PregnancyPlan.NONE: "no child is planned",
}
_SMOKING = {Smoking.NEVER: "never smoked", Smoking.FORMER: "used to smoke", Smoking.CURRENT: "smoke"}
_PRACTICAL = {
    "infusion_centre": "get to an infusion centre",
    "monthly_blood_tests": "have a blood test each month",
    "self_injection": "inject at home",
    "fridge": "keep a medicine in a fridge",
}
_LISTS = {
    "earlier drugs against MS": "drugs against MS before",
    "other conditions": "other conditions",
    "other medicines": "other medicines",
}
_NONE = "none of those asked about"
_LONG_MONTHS = 24


def day_words(day: datetime.date) -> str:
    """Return a day as it is written in a letter: ``22 November 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# Written out, because strftime would follow the language of the machine.
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def facts_in_words(person: Person, evidence: Evidence) -> tuple[str, ...]:
    """Return what is known of a person as short phrases; what is not known is left out.

    Parameters
    ----------
    person
        Whom to describe.
    evidence
        Whose names of drugs are used.
    """
    return (*_about(person), *_disease(person), *_listed(person, evidence), *_life(person))


def _about(person: Person) -> Iterator[str]:
    if person.age is not None:
        yield f"{person.age} years old"
    if person.sex is not None:
        yield "woman" if person.sex is Sex.WOMAN else "man"
    if person.pregnancy is not None:
        yield _CHILD[person.pregnancy]
    if person.smoking is not None:
        yield _SMOKING[person.smoking]


def _disease(person: Person) -> Iterator[str]:
    if person.course is not None:
        yield _COURSE[person.course]
    if person.years_since_onset is not None:
        years = person.years_since_onset
        yield f"first signs {years:g} year{'' if years == 1 else 's'} ago"
    for count, months in ((person.relapses_12_months, 12), (person.relapses_24_months, 24)):
        if count is not None:
            yield f"{count} relapse{'' if count == 1 else 's'} in the last {months} months"
    if person.months_since_relapse is not None:
        since = person.months_since_relapse
        yield f"last relapse {since:g} month{'' if since == 1 else 's'} ago"
    if person.walking is not None:
        yield _WALKING[person.walking]
    if person.edss is not None:
        yield f"EDSS {person.edss:g}, as measured"
    if person.enhancing_lesions is not None:
        yield "active spots on the last MRI" if person.enhancing_lesions else "no active spots on the last MRI"


def _listed(person: Person, evidence: Evidence) -> Iterator[str]:
    known = dict(known_facts(person, form(evidence)))
    for name, words in _LISTS.items():
        if name in known:
            yield f"{words}: {_short(known[name])}"


def _short(text: str) -> str:
    return "none" if text == _NONE else text


def _life(person: Person) -> Iterator[str]:
    answers = [(words, getattr(person.practical, name)) for name, words in _PRACTICAL.items()]
    for is_so, verb in ((True, "I can"), (False, "I cannot")):
        found = [words for words, answer in answers if answer is is_so]
        if found:
            yield f"{verb} {', '.join(found)}"


def months_words(months: float) -> str:
    """Return a length of time as people say it: ``48 months`` up to two years, ``four years`` beyond."""
    return span(months) if months >= _LONG_MONTHS else f"{months:g} months"
