"""What a consultation says about one person: the same statement in every language, and in English to the letter."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.consultation.for_me import personal_view
from equipoise.consultation.personal import PersonalView
from equipoise.consultation.sitting import option_of
from equipoise.decision import Values, read_values
from equipoise.evidence import load_evidence
from equipoise.person import Person, notices, read_person
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Phrase, wording
from tests.support.statements import phrases, statements
from tests.support.strategies_people import anybody, every_wish

FILES = Path(__file__).resolve().parents[2] / "examples"
PAIR = ("alemtuzumab", "interferon-beta-1a")
TODAY = datetime.date(2026, 11, 22)
TAGS = ("en", "de", "es", "en-XA", "ar-XB")


def seen(person: Person, values: Values | None) -> PersonalView:
    evidence = load_evidence()
    options = [option_of(evidence, evidence.option(name), Jurisdiction.EU) for name in PAIR]
    asked: dict[str, Any] = {"evidence": evidence, "jurisdiction": Jurisdiction.EU, "on": TODAY, "draws": 300}
    return personal_view(options, person, values=values, **asked)


def said_in_every_language(view: PersonalView) -> None:
    for where, sentence in statements(view):
        assert isinstance(sentence, Phrase), f"{where} is not from the catalogue: {sentence}"
    for phrase in phrases((view, notices(view.person))):
        said = {tag: wording(tag).say(phrase) for tag in TAGS}
        assert said["en"] == phrase
        assert all(said.values()), phrase.key


@pytest.mark.parametrize(
    ("person", "values"),
    [*itertools.product(sorted((FILES / "persons").iterdir()), sorted((FILES / "values").iterdir()))],
)
def test_everything_about_an_example_is_said_in_every_language(person: Path, values: Path) -> None:
    said_in_every_language(seen(read_person(person), read_values(values)))


@settings(max_examples=40, deadline=None)
@given(person=anybody, values=st.none() | every_wish)
def test_everything_about_anybody_is_said_in_every_language(person: Person, values: Values | None) -> None:
    said_in_every_language(seen(person, values))
