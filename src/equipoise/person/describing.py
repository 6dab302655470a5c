"""A person as plain data and as plain words: what is known, and what is not."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from equipoise.forms import Answers, Form, Kind, Question
from equipoise.person.model import (
    CourseOfDisease,
    EarlierTreatment,
    Person,
    PracticalLife,
    PregnancyPlan,
    Sex,
    Smoking,
    Walking,
)
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Listed, Phrase, phrase

# Long enough that two people of one clinic do not share it by chance.
FINGERPRINT_CHARACTERS = 16


def _name(question: str) -> Phrase:
    return phrase(f"fact.{question.replace('_', '-')}")


FIELD_WORDS: dict[str, Phrase] = {
    name: _name(name)
    for name in (
        "age",
        "sex",
        "course",
        "years_since_onset",
        "relapses_12_months",
        "relapses_24_months",
        "months_since_relapse",
        "walking",
        "edss",
        "enhancing_lesions",
        "earlier_treatments",
        "pregnancy",
        "conditions",
        "medicines",
        "smoking",
        "practical.infusion_centre",
        "practical.monthly_blood_tests",
        "practical.self_injection",
        "practical.fridge",
        "jurisdiction",
    )
}
"""Every fact that a person can leave open, by the name of its question, in plain words."""


def from_answers(answers: Answers) -> Person:
    """Return the person that the answers of the form describe."""
    earlier = answers["earlier_treatments"]
    return Person(
        age=answers["age"],
        sex=_word(Sex, answers["sex"]),
        course=_word(CourseOfDisease, answers["course"]),
        years_since_onset=answers["years_since_onset"],
        relapses_12_months=answers["relapses_12_months"],
        relapses_24_months=answers["relapses_24_months"],
        months_since_relapse=answers["months_since_relapse"],
        walking=_word(Walking, answers["walking"]),
        edss=answers["edss"],
        enhancing_lesions=answers["enhancing_lesions"],
        earlier_treatments=None if earlier is None else tuple(EarlierTreatment(**entry) for entry in earlier),
        pregnancy=_word(PregnancyPlan, answers["pregnancy"]),
        conditions=_set(answers["conditions"]),
        not_conditions=frozenset(answers["not_conditions"] or ()),
        unknown_conditions=frozenset(answers["unknown_conditions"] or ()),
        medicines=_set(answers["medicines"]),
        unknown_medicines=frozenset(answers["unknown_medicines"] or ()),
        smoking=_word(Smoking, answers["smoking"]),
        practical=PracticalLife(**{f.name: answers[f"practical.{f.name}"] for f in fields(PracticalLife)}),
        jurisdiction=_word(Jurisdiction, answers["jurisdiction"]),
    )


def _word(kind: Any, value: str | None) -> Any:
    return None if value is None else kind(value)


def _set(value: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if value is None else frozenset(value)


def to_answers(person: Person) -> Answers:
    """Return the answers of the form that describe a person; the inverse of ``from_answers``."""
    answers: Answers = {}
    for each in fields(Person):
        value = getattr(person, each.name)
        if isinstance(value, PracticalLife):
            answers |= {f"practical.{inner.name}": getattr(value, inner.name) for inner in fields(value)}
        elif isinstance(value, frozenset):
            # An empty set is "none of them" for what is stated, and nothing at all for its companions.
            answers[each.name] = tuple(sorted(value)) if value or each.name in {"conditions", "medicines"} else None
        elif each.name == "earlier_treatments" and value is not None:
            answers[each.name] = tuple({f.name: getattr(entry, f.name) for f in fields(entry)} for entry in value)
        else:
            answers[each.name] = None if value is None else getattr(value, "value", value)
    return answers


def normalised(person: Person) -> dict[str, Any]:
    """Return a person as JSON data: the same facts give the same bytes; ``None`` is unknown."""
    return {each.name: _plain(getattr(person, each.name)) for each in fields(Person)}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, EarlierTreatment | PracticalLife):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    return getattr(value, "value", value)


def fingerprint(person: Person) -> str:
    """Return a short hash of what is known: the same facts, the same fingerprint."""
    text = json.dumps(normalised(person), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:FINGERPRINT_CHARACTERS]


def unknown_fields(person: Person) -> tuple[str, ...]:
    """Return what is not known about a person, in plain words.

    Walking is known where the EDSS is, and the EDSS is not missed where walking is known.
    """
    answers = to_answers(person)
    open_fields = [name for name in FIELD_WORDS if answers[name] is None]
    if person.edss is not None or person.walking is not None:
        open_fields = [name for name in open_fields if name not in {"walking", "edss"}]
    return tuple(FIELD_WORDS[name] for name in open_fields)


def known_facts(person: Person, asked: Form) -> tuple[tuple[str, str], ...]:
    """Return what is known about a person: each fact and its value, in plain words that can be said in any language.

    Parameters
    ----------
    person
        Whom to describe.
    asked
        The form of a person, whose words are used.
    """
    answers = to_answers(person)
    return tuple(
        (_name(question.name), _said(question, answers[question.name]))
        for question in asked
        if answers[question.name] is not None
    )


def _said(question: Question, value: Any) -> str:
    if question.kind is Kind.YES_NO:
        return phrase("fact.said.yes" if value else "fact.said.no")
    if question.kind is Kind.LIST and question.form is not None:
        entries = [_entry(question.form, entry) for entry in value]
        return _listed(entries, "; ") if entries else phrase("fact.said.none")
    if question.kind is Kind.SOME_OF:
        labels = [word.label for word in question.words if word.id in value]
        return _listed(labels, "; ") if labels else phrase("fact.said.none-asked")
    if question.words:
        return _labels(question).get(str(value), str(value))
    return phrase("number.alone", value=value)


def _entry(form: Form, entry: Answers) -> str:
    drug = str(entry["drug"])
    parts = [_labels(form["drug"]).get(drug, drug)]
    for name, yes, no in (
        ("relapsed", "relapsed", "not-relapsed"),
        ("not_tolerated", "not-tolerated", "tolerated"),
    ):
        if entry[name] is not None:
            parts.append(phrase(f"fact.said.{yes if entry[name] else no}"))
    if entry["stopped"] is not None:
        parts.append(phrase("fact.said.last-dose", day=entry["stopped"]))
    return _listed(parts, ", ")


def _listed(texts: Sequence[str], mark: str) -> Phrase:
    return phrase("fact.said.listed", texts=Listed(tuple(texts), mark))


def _labels(question: Question) -> dict[str, str]:
    return {word.id: word.label for word in question.words}
