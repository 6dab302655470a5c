"""Names and days of the page for a visit, in its language."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from equipoise.consultation.personal import PersonalView
from equipoise.evidence import Evidence, outcome_name
from equipoise.presentation.personal_words import identifier_words, option_name
from equipoise.presentation.plain_words import lower_first
from equipoise.vocabulary.terms import Outcome, Treatment
from equipoise.wording import ENGLISH, Wording

_SMALL_INSIDE = ("en", "es")
"""Languages in which a name that stands inside a sentence begins with a small letter; in German nouns never do."""


def option_words(option: Treatment, words: Wording) -> str:
    """Return what to call an option; the placebo of the trials stands for no treatment."""
    return words.say(option_name(option))


def detail_words(option: Treatment, words: Wording) -> str:
    """Return how much of an option is given, and how."""
    key = f"treatment.{option.id}.detail"
    return words(key) if words.language is not ENGLISH and words.has(key) else option.detail


def outcome_words(outcome: Outcome, words: Wording) -> str:
    """Return what to call an outcome."""
    return words.say(outcome_name(outcome))


def inside(text: str, words: Wording) -> str:
    """Return a text as it stands inside a sentence."""
    return lower_first(text) if words.language.tag in _SMALL_INSIDE else text


def listed(text: str, words: Wording) -> str:
    """Return what was ticked as it stands in a list; English lists it as it stands on the page."""
    return text if words.language is ENGLISH else inside(text, words)


def day_of(day: datetime.date, words: Wording) -> str:
    """Return a day as the language writes it; in English as files write it, which every clinic reads alike."""
    return day.isoformat() if words.language is ENGLISH else words.date(day)


def digits(text: str, words: Wording) -> str:
    """Return a number that was written in English as the language writes it, with the same digits."""
    return words.exactly(Decimal(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))) if text else ""


def withheld(view: PersonalView, evidence: Evidence, words: Wording) -> Iterator[tuple[str, str]]:
    """Yield what is not said about a person, and why; the same reason once."""
    said: dict[tuple[str, str], list[str]] = {}
    for one in view.declined:
        options = said.setdefault((one.what, one.reason), [])
        if one.option and one.option != one.what:
            options.append(_about(one.option, view, evidence, words))
    for (what, reason), options in said.items():
        about = _about(what, view, evidence, words)
        yield (f"{about} ({', '.join(options)})" if options else about), words.say(reason)


def _about(identifier: str, view: PersonalView, evidence: Evidence, words: Wording) -> str:
    options = {key: option_words(one, words) for one in view.options for key in (one.id, one.option) if key}
    if identifier in options:
        return options[identifier]
    is_shown = any(one.outcome.id == identifier for one in view.outcomes)
    if identifier in evidence.outcomes and (is_shown or words.language is not ENGLISH):
        return outcome_words(evidence.outcomes[identifier], words)
    return identifier_words(identifier)
