"""The form that describes a person: each question in plain words, and why it is asked.

The words themselves stand in the catalogue, ``question.toml``, under the names of the questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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
from equipoise.wording import Filling, Named, phrase, term

# Kurtzke 1983: 0, then 1.0 to 10 in half-steps. There is no step 0.5.
EDSS_STEPS = (0.0, *(half / 2 for half in range(2, 21)))
MONTHS_A_YEAR = 12
OLDEST = 120

ABOUT_YOU = "about-you"
YOUR_MS = "your-ms"
TREATMENT = "treatment"
CHILDREN = "children"
HEALTH = "health"
PRACTICAL = "daily-life"

# How people write a country whose short name is the id.
_ALIASES: Mapping[str, tuple[str, ...]] = {Jurisdiction.US: ("USA",)}


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
        phrase("question.title"),
        (*_about_you(), *_your_ms(), *_treatment(options), *_children(), *_health(), *_practical()),
        phrase("question.intro"),
    )


def _key(name: str) -> str:
    return f"question.{name.replace('_', '-')}"


def _question(
    name: str,
    kind: Kind,
    section: str = "",
    *,
    inside: str = "",
    why: str = "",
    names: Mapping[str, Filling] | None = None,
    has_unit: bool = False,
    **rest: Any,
) -> Question:
    """Return a question with its texts.

    Parameters
    ----------
    name, kind
        As ``Question`` has them.
    section
        Id of its heading.
    inside
        Name of the question whose sub-form it belongs to.
    why, names
        Name of the question whose reason it shares, its own by default; and what fills the reason's places.
    has_unit
        Whether it is a number of something.
    rest
        As ``Question`` has it.
    """
    key = _key(f"{inside}.{name}" if inside else name)
    return Question(
        name,
        phrase(f"{key}.text"),
        kind,
        phrase(f"{_key(why) if why else key}.why", **(names or {})),
        phrase(f"question.section.{section}") if section else "",
        unit=phrase(f"{key}.unit") if has_unit else "",
        **rest,
    )


def _words(
    name: str,
    ids: Iterable[Walking | Sex | CourseOfDisease | PregnancyPlan | Smoking | Jurisdiction],
) -> tuple[Word, ...]:
    return tuple(
        Word(str(ident), phrase(f"{_key(name)}.word.{ident.lower()}"), aliases=_ALIASES.get(ident, ())) for ident in ids
    )


def _about_you() -> tuple[Question, ...]:
    places = (Jurisdiction.EU, Jurisdiction.UK, Jurisdiction.US)
    return (
        _question("age", Kind.WHOLE_NUMBER, ABOUT_YOU, low=0, high=OLDEST, has_unit=True, example="34"),
        _question("sex", Kind.ONE_OF, ABOUT_YOU, words=_words("sex", Sex)),
        _question("jurisdiction", Kind.ONE_OF, ABOUT_YOU, words=_words("jurisdiction", places)),
        _question("smoking", Kind.ONE_OF, ABOUT_YOU, words=_words("smoking", Smoking)),
    )


def _your_ms() -> tuple[Question, ...]:
    most_months = OLDEST * MONTHS_A_YEAR
    return (
        _question("course", Kind.ONE_OF, YOUR_MS, words=_words("course", CourseOfDisease)),
        _question("years_since_onset", Kind.NUMBER, YOUR_MS, low=0, high=OLDEST, has_unit=True, example="4.5"),
        _question("relapses_12_months", Kind.WHOLE_NUMBER, YOUR_MS, low=0, high=50, has_unit=True, example="1"),
        _question("relapses_24_months", Kind.WHOLE_NUMBER, YOUR_MS, low=0, high=100, has_unit=True, example="2"),
        _question("months_since_relapse", Kind.NUMBER, YOUR_MS, low=0, high=most_months, has_unit=True, example="5"),
        _question("walking", Kind.ONE_OF, YOUR_MS, words=_walking_words()),
        _question("edss", Kind.NUMBER, YOUR_MS, low=0, high=10, among=EDSS_STEPS, example="2.5"),
        _question("enhancing_lesions", Kind.YES_NO, YOUR_MS, example="no"),
    )


def _walking_words() -> tuple[Word, ...]:
    return tuple(
        Word(word.id, phrase("question.walking.with-edss", words=word.label, edss=band(Walking(word.id))))
        for word in _words("walking", Walking)
    )


def _treatment(options: Iterable[Treatment]) -> tuple[Question, ...]:
    name = "earlier_treatments"
    drugs = tuple(
        Word(option.option, term(f"treatment.{option.id}.name", option.name), aliases=(option.id, *option.aliases))
        for option in options
        if option.option
    )
    other = phrase(f"{_key(name)}.drug.word.{OTHER_DRUG}")
    words = (*drugs, Word(OTHER_DRUG, other, aliases=("other", "another")))
    one = Form(
        "earlier treatment",
        phrase(f"{_key(name)}.entry"),
        (
            _question("drug", Kind.ONE_OF, inside=name, words=words, required=True),
            _question("relapsed", Kind.YES_NO, inside=name),
            _question("not_tolerated", Kind.YES_NO, inside=name),
            _question("stopped", Kind.DATE, inside=name, example="2025-03-31"),
        ),
    )
    return (_question(name, Kind.LIST, TREATMENT, form=one),)


def _children() -> tuple[Question, ...]:
    return (_question("pregnancy", Kind.ONE_OF, CHILDREN, words=_words("pregnancy", PregnancyPlan)),)


def _stated(conditions: Mapping[str, Condition]) -> tuple[Word, ...]:
    return tuple(Word(each.id, each.label, each.section) for each in conditions.values())


def _health() -> tuple[Question, ...]:
    conditions, medicines = _stated(CONDITIONS), _stated(MEDICINES)
    unknown = "unknown_conditions"
    needed = {"conditions": Named(("conditions",))}
    return (
        _question("conditions", Kind.SOME_OF, HEALTH, words=conditions, doubts=unknown),
        _question(unknown, Kind.SOME_OF, HEALTH, words=conditions, is_asked=False),
        _question("not_conditions", Kind.SOME_OF, HEALTH, words=conditions, is_asked=False, names=needed),
        _question("medicines", Kind.SOME_OF, HEALTH, why="conditions", words=medicines, doubts="unknown_medicines"),
        _question("unknown_medicines", Kind.SOME_OF, HEALTH, why=unknown, words=medicines, is_asked=False),
    )


def _practical() -> tuple[Question, ...]:
    names = ("infusion_centre", "monthly_blood_tests", "self_injection", "fridge")
    return tuple(_question(f"practical.{name}", Kind.YES_NO, PRACTICAL, why="practical") for name in names)
