"""What labels say to a person is in plain words, drug by drug: no statement falls back to a quote unseen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from equipoise.evidence import LabelEntry
from equipoise.presentation.path import render_path
from equipoise.presentation.path.allowed import AllowedScreen, OptionAllowed
from equipoise.presentation.path.label_lines import Line, has_plain_words, line_of
from equipoise.presentation.path.life import THEMES, LifeScreen, OptionLife
from equipoise.presentation.selfscore.own_words import sentences
from equipoise.presentation.selfscore.readability import SCALES
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import LANGUAGES, wording
from tests.support.path_pages import evidence, page, state

DRUGS = [one.option for one in evidence().options]
LONG = frozenset({"alemtuzumab", "interferon-beta-1a", "interferon-beta-1a-im", "peginterferon-beta-1a"})
"""Their labels name a dozen side effects and more: plain words tell the common ones."""
PLACES = list(Jurisdiction)
TAGS = [one.tag for one in LANGUAGES]


def life_with(drug: str, place: Jurisdiction, tag: str) -> OptionLife:
    other = "interferon-beta-1a" if drug == "alemtuzumab" else "alemtuzumab"
    return LifeScreen(page(state(first=drug, second=other, jurisdiction=place.value), "life", tag)).options[0]


def allowed_with(drug: str, place: Jurisdiction, tag: str) -> OptionAllowed:
    return AllowedScreen(page(state(first=drug, jurisdiction=place.value), "allowed", tag)).options[0]


def lines(one: OptionLife) -> Iterator[Line]:
    for theme in THEMES:
        yield from one.lines(theme)
    for signs in one.watch.signs:
        yield from signs.lines
    yield from one.watch.unsorted


def told_in_plain_words_only(drug: str, place: Jurisdiction) -> Iterator[LabelEntry]:
    """Statements that have no line at all on the screen where they have no plain words."""
    label = evidence().label(evidence().option(drug))
    yield from label.current("dosing", place)
    yield from label.current("adverse_reaction", place)
    yield from (one for one in label.current("monitoring", place) if "observation" in one.fields["test_id"])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("drug", DRUGS)
def test_no_statement_that_a_person_meets_is_quoted(drug: str, place: Jurisdiction) -> None:
    for tag in TAGS:
        found = list(lines(life_with(drug, place, tag)))
        assert [line.source_id for line in found if not line.is_plain] == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("drug", [one for one in DRUGS if one not in LONG])
def test_how_it_is_taken_and_what_it_does_to_the_body_is_not_passed_over(drug: str, place: Jurisdiction) -> None:
    words = wording()
    assert [one.id for one in told_in_plain_words_only(drug, place) if not has_plain_words(words, one)] == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("drug", DRUGS)
def test_no_reason_against_a_drug_is_left_in_english(drug: str, place: Jurisdiction) -> None:
    for tag in TAGS:
        found = allowed_with(drug, place, tag)
        assert [one.quote.id for one in found.checked if one.quote.is_english] == []
        ways = (*found.routes.licence, *found.routes.guidance)
        assert [one.quote.id for one in ways if not one.words] == []


def test_each_drug_has_statements_to_be_told() -> None:
    told = {
        drug: len({line.source_id for place in PLACES for line in lines(life_with(drug, place, "en"))})
        for drug in DRUGS
    }
    assert told == {
        "alemtuzumab": 46,
        "interferon-beta-1a": 20,
        "interferon-beta-1a-im": 17,
        "interferon-beta-1b": 6,
        "peginterferon-beta-1a": 13,
        "glatiramer-acetate": 5,
        "teriflunomide": 4,
        "dimethyl-fumarate": 8,
        "diroximel-fumarate": 3,
        "fingolimod": 7,
        "ozanimod": 6,
        "ponesimod": 6,
        "siponimod": 5,
        "cladribine": 5,
        "natalizumab": 5,
        "ocrelizumab": 7,
        "ofatumumab": 3,
        "ublituximab": 7,
    }


@pytest.mark.parametrize(
    ("entry", "numbers"),
    [
        ("ocrelizumab-dos-01", "6 2"),
        ("ocrelizumab-pra-01", "2 12"),
        ("ofatumumab-dos-01", "1 2 4"),
        ("ofatumumab-pra-01", "7 30 7"),
        ("ublituximab-dos-01", "4 2 1 24 24"),
        ("natalizumab-dos-01", "4 1"),
        ("natalizumab-pra-01", "6 24"),
        ("cladribine-dos-01", "2 1 2 4 5"),
        ("cladribine-int-02", "4 6"),
        ("fingolimod-mon-01", "6 14"),
        ("siponimod-dos-02", "5"),
        ("siponimod-pra-01", "6 4"),
        ("ozanimod-dos-01", "8"),
        ("ozanimod-pra-01", "1 14 7 15 28 14"),
    ],
)
def test_numbers_stand_in_the_order_in_which_they_were_read(entry: str, numbers: str) -> None:
    """They are taken from the words of a statement: one that is written anew needs its plain words read again."""
    told = [line_of(wording(tag), evidence().label_entries[entry]).text for tag in TAGS]
    found = [re.findall(r"\d+", text) for text in told]
    assert found[0] == numbers.split()
    assert [sorted(one) for one in found] == [sorted(found[0])] * len(TAGS)


@pytest.mark.parametrize("tag", TAGS)
def test_life_with_any_drug_is_as_easy_to_read_as_is_promised(tag: str) -> None:
    words = wording(tag)
    names = [name for one in evidence().options for name in (words(f"treatment.{one.id}.name"), one.name)]
    hardest = 0.0
    pairs = itertools.pairwise([*DRUGS, DRUGS[0]])
    for (first, second), place in itertools.product(pairs, (Jurisdiction.US, Jurisdiction.EU)):
        known = state(first=first, second=second, jurisdiction=place.value, detail="everything")
        said = sentences(render_path(page(known, "life", tag)), tag, names)
        hardest = max(hardest, SCALES[tag].grade(said))
    assert 2 < hardest <= 8
