"""What a person said of themselves, in as few plain words as hold it, in the language of the page."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from equipoise.evidence import Evidence
from equipoise.forms import Form, Question
from equipoise.person import Person, PracticalLife, form
from equipoise.person.describing import to_answers
from equipoise.presentation.handout.words import listed
from equipoise.presentation.plain_words import span
from equipoise.wording import ENGLISH, Wording, phrase, wording

_WORDED = ("pregnancy", "smoking")
_COUNTED = ("years_since_onset", "relapses_12_months", "relapses_24_months", "months_since_relapse")
_LISTED = ("conditions", "medicines")
_PRACTICAL = tuple(f"practical.{one.name}" for one in fields(PracticalLife))
_LONG_MONTHS = 24


def facts_in_words(person: Person, evidence: Evidence, words: Wording | None = None) -> tuple[str, ...]:
    """Return what is known of a person as short phrases; what is not known is left out.

    Parameters
    ----------
    person
        Whom to describe.
    evidence
        Whose names of drugs are used.
    words
        The language; English where none is given.
    """
    said = words or wording()
    alone = [text for field, text in facts(person, evidence, said) if field not in _PRACTICAL]
    return (*alone, *_life(person, said))


def facts(person: Person, evidence: Evidence, words: Wording) -> tuple[tuple[str, str], ...]:
    """Return what is known of a person, fact by fact: the name of its question, and a short phrase."""
    return (*_about(person, words), *_disease(person, words), *_listed(person, evidence, words), *_each(person, words))


def _about(person: Person, words: Wording) -> Iterator[tuple[str, str]]:
    if person.age is not None:
        yield "age", words("sheet.fact.age", n=person.age)
    if person.sex is not None:
        yield "sex", words(f"sheet.fact.sex.{person.sex}")
    for name in _WORDED:
        value = getattr(person, name)
        if value is not None:
            yield name, words(f"sheet.fact.{name}.{value}")


def _disease(person: Person, words: Wording) -> Iterator[tuple[str, str]]:
    if person.course is not None:
        yield "course", words(f"sheet.fact.course.{person.course}")
    for name in _COUNTED:
        value = getattr(person, name)
        if value is not None:
            # Said with the digits that were given: 2.25 years stay 2.25.
            yield name, words.say(phrase(f"sheet.fact.{name.replace('_', '-')}", n=value))
    if person.walking is not None:
        yield "walking", words(f"sheet.fact.walking.{person.walking}")
    if person.edss is not None:
        yield "edss", words("sheet.fact.edss", value=words.exactly(person.edss))
    if person.enhancing_lesions is not None:
        yield "enhancing_lesions", words(f"sheet.fact.lesions.{'yes' if person.enhancing_lesions else 'no'}")


def _listed(person: Person, evidence: Evidence, words: Wording) -> Iterator[tuple[str, str]]:
    asked, answers = form(evidence), to_answers(person)
    earlier = answers["earlier_treatments"]
    if earlier is not None:
        drugs = "; ".join(_earlier(asked["earlier_treatments"].form, entry, words) for entry in earlier)
        yield "earlier_treatments", words("sheet.fact.earlier", list=drugs or words("sheet.fact.none"))
    for name in _LISTED:
        if answers[name] is not None:
            labels = "; ".join(listed(words.say(label), words) for label in _labels(asked[name], answers[name]))
            yield name, words(f"sheet.fact.{name}", list=labels or words("sheet.fact.none"))


def _labels(question: Question, chosen: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.label for word in question.words if word.id in chosen)


def _earlier(inner: Form | None, entry: dict[str, Any], words: Wording) -> str:
    named = _labels(inner["drug"], (entry["drug"],)) if inner is not None else ()
    parts = [words.say(next(iter(named), str(entry["drug"])))]
    for name in ("relapsed", "not_tolerated"):
        if entry[name] is not None:
            parts.append(words(f"sheet.fact.drug.{name.replace('_', '-')}.{'yes' if entry[name] else 'no'}"))
    if entry["stopped"] is not None:
        day: datetime.date = entry["stopped"]
        # A file writes it so, and an English sheet has always done it too.
        parts.append(words("sheet.fact.drug.stopped", day=day.isoformat() if words.language is ENGLISH else day))
    return ", ".join(parts)


def _each(person: Person, words: Wording) -> Iterator[tuple[str, str]]:
    for name in _PRACTICAL:
        answer = getattr(person.practical, name.partition(".")[2])
        if answer is not None:
            yield name, words(f"sheet.fact.{'can' if answer else 'cannot'}", list=_deed(name, words))


def _life(person: Person, words: Wording) -> Iterator[str]:
    answers = [(name, getattr(person.practical, name.partition(".")[2])) for name in _PRACTICAL]
    for is_so, key in ((True, "can"), (False, "cannot")):
        found = [_deed(name, words) for name, answer in answers if answer is is_so]
        if found:
            yield words(f"sheet.fact.{key}", list=", ".join(found))


def _deed(name: str, words: Wording) -> str:
    return words(f"sheet.fact.{name.replace('_', '-')}")


def months_words(months: float, words: Wording) -> str:
    """Return how long something goes on: ``48 months`` up to two years, ``four years`` beyond."""
    if words.language is ENGLISH:
        return span(months) if months >= _LONG_MONTHS else f"{months:g} months"
    return _whole(months, words, "number")


def time_words(months: float, words: Wording) -> str:
    """Return a length of time as it stands after "within" and "after": in years where it is whole years."""
    return span(months) if words.language is ENGLISH else _whole(months, words, "sheet.time")


def _whole(months: float, words: Wording, group: str) -> str:
    years, rest = divmod(months, 12)
    return words(f"{group}.months", n=months) if rest or not years else words(f"{group}.years", n=int(years))
