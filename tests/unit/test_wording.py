"""Texts by key, in each language, with numbers, dates, lists and plurals as the language writes them."""

from __future__ import annotations

import copy
import datetime
import pickle
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import equipoise.wording
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.wording import (
    LANGUAGES,
    Catalogue,
    Listed,
    Named,
    Phrase,
    Wording,
    WordingError,
    catalogue,
    language,
    number,
    phrase,
    term,
    wording,
)
from equipoise.wording.catalogue import area
from equipoise.wording.pseudo import stretched


def said(tag: str, **texts: object) -> Wording:
    return Wording(language(tag), Catalogue(tag, texts))  # type: ignore[arg-type]


@pytest.mark.parametrize(("tag", "written"), [("en", "12,345.5"), ("de", "12.345,5"), ("es", "12.345,5")])
def test_numbers_are_written_as_the_language_writes_them(tag: str, written: str) -> None:
    assert said(tag).number(12345.5, 1) == written


def test_halves_are_rounded_up_and_zeros_at_the_end_stay() -> None:
    assert said("en").number(0.5) == "1"
    assert said("en").number(2.5) == "3"
    assert said("en").number(2, 1) == "2.0"


@pytest.mark.parametrize(
    ("tag", "written"), [("en", "29 November 2026"), ("de", "29. November 2026"), ("es", "29 de noviembre de 2026")]
)
def test_days_are_written_as_the_language_writes_them(tag: str, written: str) -> None:
    assert said(tag).date(datetime.date(2026, 11, 29)) == written


@pytest.mark.parametrize(("tag", "written"), [("en", "a, b and c"), ("de", "a, b und c"), ("es", "a, b y c")])
def test_names_are_joined_as_the_language_joins_them(tag: str, written: str) -> None:
    assert said(tag).joined(["a", "b", "c"]) == written


def test_a_text_takes_the_plural_form_of_its_number() -> None:
    told = said("en", days={"one": "{n} day", "other": "{n} days"})
    assert [told("days", n=n) for n in (0, 1, 2, 1000)] == ["0 days", "1 day", "2 days", "1,000 days"]


def test_a_text_without_what_it_needs_is_a_fault_that_names_the_key() -> None:
    told = said("en", hello="Hello {name}", days={"one": "{n} day", "other": "{n} days"})
    with pytest.raises(WordingError, match="'hello' needs 'name'"):
        told("hello")
    with pytest.raises(WordingError, match="'days' has plural forms"):
        told("days")
    with pytest.raises(WordingError, match="has no text 'bye'"):
        told("bye")


def test_an_unknown_language_names_those_that_are_known() -> None:
    with pytest.raises(UnknownTermError, match="en, de, es"):
        wording("tlh")


def test_however_a_tag_is_written_one_wording_is_kept() -> None:
    assert wording(" EN ") is wording("En") is wording("en")


def test_the_pseudo_language_keeps_its_places_and_is_a_third_longer() -> None:
    text = "You had {n} relapses."
    assert stretched(text).startswith("[")
    assert "{n}" in stretched(text)
    assert len(stretched(text)) > 1.3 * len(text)
    assert stretched("write {{ name }}").format() == "[wrîté { ñàmé }······]"


def test_a_thing_is_called_as_the_evidence_calls_it_where_a_language_has_no_word_for_it() -> None:
    fever = term("outcome.fever.name", "a fever")
    words = {"outcome.fever.name": "Fieber"}
    assert said("de", **words).say(fever) == "Fieber"
    assert said("de").say(fever) == "a fever"
    assert said("en", **{"outcome.fever.name": "fever"}).say(fever) == fever == "a fever"


def test_a_list_within_a_text_is_joined_and_said_in_the_language_of_the_whole() -> None:
    names = (term("a", "one"), term("b", "two"), "three")
    texts = {"a": "eins", "b": "zwei", "list": "{names}."}
    assert said("de", **texts).say(Phrase("", "list", {"names": Listed(names)})) == "eins, zwei und three."
    assert said("de", **texts).say(Phrase("", "list", {"names": Listed(names, "; ")})) == "eins; zwei; three."
    assert (str(Listed(names)), str(Listed(names[:1])), str(Listed(names, "; "))) == (
        "one, two and three",
        "one",
        "one; two; three",
    )


@pytest.mark.parametrize(("value", "digits", "english", "german"), [(0.3, 1, "0.3", "0,3"), (2, 1, "2.0", "2,0")])
def test_a_number_has_the_same_digits_in_every_language(value: float, digits: int, english: str, german: str) -> None:
    made = number(value, digits)
    assert (made, wording("en").say(made), wording("de").say(made)) == (english, english, german)


def test_a_key_begins_with_the_name_of_its_file_so_that_one_text_needs_one_file() -> None:
    folder = Path(equipoise.wording.__file__).parent / "texts" / "en"
    for file in folder.glob("*.toml"):
        areas = {key.partition(".")[0] for key in area("en", file.stem)}
        # An area may have several files: ``path.toml``, ``path-fit.toml``.
        assert all(file.stem == name or file.stem.startswith(f"{name}-") for name in areas), file.name


def test_the_command_line_says_its_texts_without_loading_what_knows_all_languages() -> None:
    code = (
        "import sys, equipoise; from equipoise.person import form, disagreements; "
        "disagreements({**form().blank, 'age': 3, 'years_since_onset': 4.5}); "
        "equipoise.consult('alemtuzumab', 'rebif'); print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


ENGLISH = catalogue("en")


@pytest.mark.parametrize("tag", [one.tag for one in LANGUAGES[1:]])
class TestEveryLanguage:
    def test_has_every_text_and_no_other(self, tag: str) -> None:
        there = catalogue(tag)
        missing, odd = sorted(set(ENGLISH) - set(there)), sorted(set(there) - set(ENGLISH))
        assert missing == []
        assert odd == []

    def test_fills_in_the_same_places(self, tag: str) -> None:
        there = catalogue(tag)
        differing = {key for key in ENGLISH if key in there and ENGLISH.places(key) != there.places(key)}
        assert differing == set()

    def test_has_every_plural_form_that_it_needs(self, tag: str) -> None:
        there = catalogue(tag)
        # CLDR keeps "many" in Spanish for a million and more, which nothing here counts.
        forms = {key: set(text) for key, text in there.items() if not isinstance(text, str)}
        assert {key for key, categories in forms.items() if not {"one", "other"} <= categories} == set()


def test_a_phrase_is_english_for_a_program_and_said_again_for_a_reader() -> None:
    told = said("de", **{"number.to": "{low} bis {high}", "number.months": {"one": "{n} Monat", "other": "{n} Monate"}})
    span = phrase("number.to", low=Decimal("1.0"), high=1440)
    assert span == "1.0 to 1440"
    assert told.say(span) == "1,0 bis 1.440"
    assert told.say(phrase("number.to", low=phrase("number.months", n=1), high=2.25)) == "1 Monat bis 2,25"
    assert told.say(phrase("number.months", n=1.5)) == "1,5 Monate"
    assert told.say("1.0 to 3.5") == "1.0 to 3.5", "what is no phrase stays as it is"


def test_names_in_a_phrase_are_written_as_a_file_writes_them() -> None:
    span = phrase("number.to", low=Named(("age",)), high=Named(("relapses", "injections"), "or"))
    assert span == "'age' to relapses or injections"
    assert phrase("number.to", low=(0, 1.5), high=Named(("a", "b"), "bare")) == "0, 1.5 to a, b"


def test_a_phrase_survives_being_copied() -> None:
    span = phrase("number.to", low=1, high=2)
    for again in (copy.deepcopy(span), pickle.loads(pickle.dumps(span))):  # noqa: S301 - our own bytes
        assert (again, again.key, again.arguments) == (span, span.key, span.arguments)
