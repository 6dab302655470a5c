"""One tap from a number to where it comes from: in the language of the page, back to its screen, for nobody else."""

from __future__ import annotations

import re
from functools import cache

import pytest
from fastapi import FastAPI

from equipoise.consultation.personal import own_id
from equipoise.evidence import load_evidence
from equipoise.interfaces.web import create_app
from equipoise.presentation.path.screens import SCREENS
from equipoise.wording import LANGUAGES, wording
from tests.support.pages import Element, parse
from tests.support.path_pages import typed_person
from tests.support.path_web import Walker

TAGS = [one.tag for one in LANGUAGES]
HEADACHE = "mine.alemtuzumab-12mg.headache.24m"


@cache
def app() -> FastAPI:
    return create_app()


@cache
def somebody(language: str = "en", person: str = "torn") -> Walker:
    """Somebody who has answered everything and stands before the numbers."""
    return begun(language, person)


def begun(language: str = "en", person: str = "torn") -> Walker:
    """The same, in a sitting that no other test uses."""
    walker = Walker(app(), language)
    typed = typed_person(person)
    for one in SCREENS:
        own = {name: list(held) for name, held in typed.items() if one.owns(name)}
        if own:
            walker.send(one.id, own, go="stay")
    walker.open("outcomes")
    return walker


def source(walker: Walker, identifier: str, query: str = "?from=outcomes") -> tuple[int, Element]:
    answer = walker.http.get(f"/{walker.language}/path/source/{identifier}{query}")
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, parse(answer.text)


def links(root: Element, beginning: str) -> list[str]:
    return [e.attributes["href"] for e in root.find("href") if e.attributes["href"].startswith(beginning)]


@pytest.mark.parametrize("tag", TAGS)
def test_every_number_of_the_screen_opens_its_source_in_the_language_of_the_page(tag: str) -> None:
    walker = somebody(tag)
    found = parse(walker.page.text).find("class", "number")
    assert len(found) > 20
    for one in found[::4]:
        answer = walker.http.get(one.attributes["href"])
        assert answer.status_code == 200, one.attributes["href"]
        root = parse(answer.text)
        assert wording(tag)("source.title") in root.text
        assert one.text.split(" (")[0] in root.text
        assert one.attributes["data-id"] in root.text


def test_the_page_leads_back_to_the_screen_that_it_was_asked_from() -> None:
    walker = somebody()
    for screen, back in (
        ("fit", "fit"),
        ("outcomes", "outcomes"),
        ("//evil.example", "outcomes"),
        ("nowhere", "outcomes"),
    ):
        _, root = source(walker, HEADACHE, f"?from={screen}")
        (button,) = root.find("class", "button quiet")
        assert button.attributes["href"] == f"/en/path/{back}"
    _, root = source(walker, HEADACHE, "?from=clinician")
    assert root.find("class", "button quiet")[0].attributes["href"] == "/en/clinician"


def test_titles_and_quoted_cells_say_that_they_are_english() -> None:
    _, root = source(somebody("de"), HEADACHE)
    evidence = load_evidence()
    quoted = [e for e in root.find("lang", "en") if any(one.citation in e.text for one in evidence.sources.values())]
    assert quoted
    assert "Kopfschmerzen" in root.text
    assert links(root, "https://")


def test_the_other_languages_show_the_same_number() -> None:
    walker = somebody("en")
    _, root = source(walker, HEADACHE, "?from=life")
    (german,) = links(root, "/de/path/source/")
    answer = walker.http.get(german)
    assert answer.status_code == 200
    assert links(parse(answer.text), "/de/path/life")


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    "identifier", ["nothing", "mine.nothing", "arm.%00", "mine.a/b/../c", "person.0.a.1-1.b", "x" * 500]
)
def test_a_number_that_is_not_there_has_a_page_that_says_so(tag: str, identifier: str) -> None:
    status, root = source(somebody(tag), identifier)
    assert status == 404
    assert links(root, f"/{tag}/path/outcomes")
    assert sum(e.tag == "h1" for e in root.walk()) == 1


def test_a_number_made_for_somebody_else_is_not_shown() -> None:
    first, second = somebody(), somebody(person="frequent-relapses")
    (theirs, *_) = [
        e.attributes["data-id"]
        for e in parse(first.page.text).find("class", "number")
        if e.attributes["data-id"].startswith("person.")
    ]
    status, root = source(second, theirs)
    assert status == 404
    assert "made for other answers" in root.text
    assert source(first, theirs)[0] == 200


def test_a_sitting_that_is_over_shows_no_number_of_nobody_in_its_place() -> None:
    walker = begun()
    app().state.path.sittings.forget(walker.http.cookies["equipoise-sitting"])
    status, root = source(walker, HEADACHE)
    assert status == 404
    assert "no longer kept here" in root.text


def test_a_number_of_a_trial_needs_no_sitting() -> None:
    row = next(one for one in load_evidence().arm_results.values() if one.trust.may_be_shown)
    status, root = source(Walker(app()), f"arm.{row.id}")
    assert status == 200
    assert row.id in root.text


def test_the_deepest_source_stays_a_light_page() -> None:
    for tag in TAGS:
        walker = somebody(tag)
        answer = walker.http.get(f"/{tag}/path/source/mine.alemtuzumab-12mg.relapse-free.24m")
        assert answer.status_code == 200
        assert len(answer.content) < 60_000


def test_a_short_id_says_nothing_about_anybody_and_others_stay() -> None:
    full = "person.0f79.alemtuzumab-12mg+fingolimod-0.5.20201-4000.fingolimod-0.5.relapse-free.24m"
    assert own_id(full) == "mine.fingolimod-0.5.relapse-free.24m"
    assert own_id("arm.care-ms-i.x") == "arm.care-ms-i.x"
    assert not re.search("0f79", own_id(full))
