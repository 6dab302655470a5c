"""No orphan numbers about a person: every one has words, sources and places, and is made again from its id."""

from __future__ import annotations

import asyncio
import datetime
import itertools
import math
import re
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from equipoise.consultation import Consultation, consult, trace
from equipoise.consultation.personal import PREFIX, PersonalView
from equipoise.decision import CRITERIA, Values, read_values, values_form, write_values
from equipoise.evidence import Evidence, load_evidence
from equipoise.forms import examine
from equipoise.interfaces.web import create_app
from equipoise.person import Person, form, read_person
from equipoise.person.describing import to_answers
from equipoise.presentation.form_fields import as_typed
from equipoise.presentation.html import render_standalone
from equipoise.presentation.markdown import render_markdown
from equipoise.presentation.personal_words import people_words
from equipoise.presentation.wire import comparison
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.estimate import Estimate, EstimateKind
from equipoise.vocabulary.provenance import Computation, Provenance, SourceRow, source_rows
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.pages import Element, names, orphans, parse

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PERSONS = sorted(file.stem for file in (EXAMPLES / "persons").glob("*.toml"))
MATTERS = {
    "frequent-relapses": "fears-disability",
    "mild-long-safety": "long-safety-record",
    "contraindicated": "fears-disability",
    "torn": "torn",
    "i-dont-know": "everything-matters-most",
}
PAIRS = (
    ("alemtuzumab", "interferon-beta-1a"),
    ("ocrelizumab", "natalizumab"),
    ("glatiramer-acetate", "alemtuzumab"),
    ("cladribine", "dimethyl-fumarate"),
)
TODAY = datetime.date(2026, 11, 22)
DRAWS = 200
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


@cache
def evidence() -> Evidence:
    return load_evidence()


@cache
def person(name: str) -> Person:
    return read_person(EXAMPLES / "persons" / f"{name}.toml", evidence=evidence())


@cache
def values(name: str) -> Values:
    return read_values(EXAMPLES / "values" / f"{MATTERS[name]}.toml")


@cache
def sitting(name: str, pair: tuple[str, str], place: Jurisdiction = Jurisdiction.EU) -> Consultation:
    return consult(
        *pair,
        jurisdiction=place,
        evidence=evidence(),
        person=person(name),
        values=values(name),
        on=TODAY,
        draws=DRAWS,
    )


def view(name: str, pair: tuple[str, str], place: Jurisdiction = Jurisdiction.EU) -> PersonalView:
    found = sitting(name, pair, place).personal
    assert found is not None
    return found


EVERYBODY = list(itertools.product(PERSONS, PAIRS))
everybody = pytest.mark.parametrize(("name", "pair"), EVERYBODY)


def computations(node: Provenance) -> list[Computation]:
    if isinstance(node, SourceRow):
        return []
    return [node, *(inner for child in node.inputs for inner in computations(child))]


def test_every_example_is_looked_at() -> None:
    assert set(MATTERS) == set(PERSONS)
    assert all(len(list(view(name, PAIRS[0]).estimates)) > 50 for name in PERSONS)


# ---------------------------------------------------------------- the numbers


@everybody
def test_every_number_is_complete(name: str, pair: tuple[str, str]) -> None:
    found = list(view(name, pair).estimates)
    assert len({one.id for one in found}) == len(found)
    for one in found:
        assert one.id.startswith(PREFIX)
        assert one.kind is EstimateKind.PERSONAL
        assert one.text == one.text.strip()
        assert re.search(r"[A-Za-z]{3,}", one.text)
        assert one.population
        assert one.interval is not None
        assert one.interval.low <= one.value <= one.interval.high, one.id
        assert all(map(math.isfinite, (one.value, one.interval.low, one.interval.high)))
        assert one.trial_ids, one.id
        assert set(one.trial_ids) <= set(evidence().trials)
        assert one.certainty.reasons, one.id
        assert one.treatment in evidence().treatments
        if one.measure.is_comparison:
            assert one.reference in evidence().treatments, one.id
            assert one.reference != one.treatment


@everybody
def test_every_number_has_sources_places_and_named_computations(name: str, pair: tuple[str, str]) -> None:
    for one in view(name, pair).estimates:
        assert one.sources, one.id
        assert all(ref.source_id and ref.locator for ref in one.sources), one.id
        for node in computations(one.provenance):
            assert node.name
            assert node.formula
            assert node.inputs, (one.id, node.name)


@everybody
def test_every_leaf_is_a_row_of_the_evidence_that_was_seen(name: str, pair: tuple[str, str]) -> None:
    tables = _tables()
    seen: set[tuple[str, str]] = set()
    for one in view(name, pair).estimates:
        for leaf in source_rows(one.provenance):
            if (leaf.table, leaf.row_id) in seen:
                continue
            seen.add((leaf.table, leaf.row_id))
            assert leaf.used, one.id
            assert set(leaf.used) <= dict(leaf.cells).keys(), (one.id, leaf.used)
            assert leaf.citation == evidence().sources[leaf.source.source_id].citation
            assert leaf.source.locator
            if leaf.table in tables:
                assert leaf.cells == tables[leaf.table][leaf.row_id].cells, leaf.row_id
                assert leaf.corrections == tables[leaf.table][leaf.row_id].corrections
    assert {"arm-results.csv", "contrasts.csv"} <= {table for table, _ in seen}


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    base = evidence()
    return {
        "arm-results.csv": {row.id: row.row for row in base.arm_results.values() if row.trust.may_be_shown},
        "contrasts.csv": {row.id: row.row for row in base.contrasts.values() if row.trust.may_be_shown},
        "trials.csv": {row.id: row.row for row in base.trials.values()},
        "arms.csv": {row.id: row.row for row in base.arms.values()},
    }


@everybody
def test_every_number_is_made_again_from_its_id_and_the_person(name: str, pair: tuple[str, str]) -> None:
    for one in view(name, pair).estimates:
        traced = trace(one.id, evidence=evidence(), person=person(name))
        assert isinstance(traced.item, Estimate)
        assert traced.item.text == one.text
        assert (traced.item.value, traced.item.interval) == (one.value, one.interval)
        assert {source.id for source in traced.sources} == {ref.source_id for ref in one.sources}


@everybody
def test_the_place_of_the_label_changes_no_number(name: str, pair: tuple[str, str]) -> None:
    first, *others = (view(name, pair, place) for place in Jurisdiction)
    for other in others:
        assert list(other.estimates) == list(first.estimates)


@pytest.mark.parametrize("place", Jurisdiction)
@everybody
def test_every_source_of_the_fit_can_be_traced(name: str, pair: tuple[str, str], place: Jurisdiction) -> None:
    fit = view(name, pair, place).fit
    assert fit is not None
    numbers = {one.id for one in view(name, pair, place).estimates}
    ids = {level.source_id for level in fit.levels}
    ids |= {source for reason in fit.reasons for source in reason.source_ids}
    ids |= {source for out in fit.unranked for source in out.source_ids}
    assert ids
    for identifier in ids - numbers:
        assert not identifier.startswith(PREFIX)
        assert trace(identifier, evidence=evidence()).sources
    assert {level.criterion_id for level in fit.levels} <= {one.id for one in CRITERIA}


@pytest.mark.parametrize("name", PERSONS)
def test_nobody_else_can_make_a_number(name: str) -> None:
    identifier = next(view(name, PAIRS[0]).estimates).id
    with pytest.raises(RequestError, match="--person FILE"):
        trace(identifier, evidence=evidence())
    other = next(one for one in PERSONS if one != name)
    with pytest.raises(RequestError, match="described differently"):
        trace(identifier, evidence=evidence(), person=person(other))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("alemtuzumab-12mg+", "alemtuzumab-99mg+"),
        lambda text: text + "x",
        lambda text: text.replace(f"-{DRAWS}.", "-3."),
        lambda text: text.replace(f"-{DRAWS}.", "-99999999."),
        lambda text: text.split(".")[0] + "." + text.split(".")[1],
        lambda text: text.replace(".24m", ".25m").replace(".12m", ".13m").replace(".baseline.", ".x."),
    ],
)
def test_an_id_that_means_nothing_is_refused(spoil: Any) -> None:
    name = "torn"
    identifier = spoil(next(view(name, PAIRS[0]).estimates).id)
    with pytest.raises((UnknownTermError, RequestError)):
        trace(identifier, evidence=evidence(), person=person(name))


def test_no_row_that_was_not_seen_stands_behind_a_number() -> None:
    hidden = {row.id for row in evidence().arm_results.values() if not row.trust.may_be_shown}
    hidden |= {row.id for row in evidence().contrasts.values() if not row.trust.may_be_shown}
    assert hidden
    for name, pair in EVERYBODY:
        for one in view(name, pair).estimates:
            assert not hidden & {leaf.row_id for leaf in source_rows(one.provenance)}, one.id


# ---------------------------------------------------------------- the pages


@cache
def web_page(name: str) -> Element:
    """The page for one person, asked for as a browser would."""
    typed: dict[str, Any] = {"first": PAIRS[0][0], "second": PAIRS[0][1]}
    typed |= as_typed(form(evidence()), to_answers(person(name)))
    told = examine(values_form(), tomllib.loads(write_values(values(name))))
    assert told[1] == []
    typed |= as_typed(values_form(), told[0])

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post("/for-me", data=typed)

    # in a thread of its own: a journey in the same process leaves an event loop running in this one
    with ThreadPoolExecutor(max_workers=1) as thread:
        answer = thread.submit(lambda: asyncio.run(send())).result()
    assert answer.status_code == 200, parse(answer.text).text[:500]
    return parse(answer.text)


@cache
def known() -> tuple[str, ...]:
    return names(evidence())


def section(root: Element) -> Element:
    """The personal part of a page: the innermost element that holds its heading and its effects."""
    (heading,) = root.find("id", "personal")
    around = [e for e in root.walk() if e.tag == "section" and heading in e.children]
    return around[-1]


def stray_numbers(root: Element, document: Mapping[str, Any]) -> list[str]:
    """Numbers beside an id that are none of those that the machine form has under it."""
    told = {one["id"]: one for part in ("outcomes", "differences") for one in document[part]}
    sentences = {one["sentence"].lower() for part in ("reasons", "levels") for one in document[part]}
    found, compared = [], 0
    for element in root.find("data-id"):
        one = told.get(element.attributes["data-id"])
        # A sentence of the machine form, word for word, holds its numbers.
        if one is None or element.tag == "article" or element.text.lower() in sentences:
            continue
        numbers = {text: float(text.replace(",", "")) for text in NUMBER.findall(element.text)}
        found += [f"{one['id']}: {element.text}" for text, n in numbers.items() if not _is_said(n, text, one)]
        if element.attributes.get("class") == "number" and "affected" in one and " of " in element.text:
            # Some people are counted as those who have it, some as those who do not; never one away from either.
            sides = one["affected"], one["denominator"] - one["affected"]
            assert element.text.split(" of ")[0] in {people_words(side) for side in sides}, element.text
            compared += 1
    assert compared > 30
    return found


def _is_said(number: float, text: str, one: Mapping[str, Any]) -> bool:
    """Whether a number that is shown is one of the machine form's, rounded as it is written."""
    whole = one["denominator"]
    held = [one[key] for key in ("affected", "difference", "low", "high") if one.get(key) is not None]
    held += [whole - abs(part) for part in held]
    held += [one[key] for key in ("number_needed", "number_needed_low", "number_needed_high") if one.get(key)]
    held += [one["horizon_months"], one["horizon_months"] / 12, whole, 95.0, 1.0]
    held += [float(digits) for digits in re.findall(r"\d+", one["outcome_id"])]
    # Limits are widened to the next whole person, so a whole step may lie between.
    return any(abs(abs(part) - number) < 10 ** -len(text.partition(".")[2]) for part in held)


# One person to whom both options rank, and one to whom they do not: the file holds every source and takes its time.
@pytest.mark.parametrize("name", ["frequent-relapses", "contraindicated"])
def test_every_number_of_the_one_file_has_a_source_and_is_that_of_the_machine_form(name: str) -> None:
    root = parse(render_standalone(sitting(name, PAIRS[0])))
    assert orphans(root, known()) == []
    assert stray_numbers(root, comparison(sitting(name, PAIRS[0]))) == []


@pytest.mark.parametrize("name", PERSONS)
def test_every_number_of_the_answer_on_the_page_for_me_has_a_source(name: str) -> None:
    own = section(web_page(name))
    assert orphans(own, known()) == []
    assert len([e for e in own.find("data-id") if e.attributes["data-id"].startswith(PREFIX)]) > 100


@pytest.mark.parametrize("name", PERSONS)
def test_every_number_of_the_page_for_me_is_that_of_the_machine_form(name: str) -> None:
    asked = consult(
        *PAIRS[0],
        evidence=evidence(),
        person=person(name),
        values=values(name),
        on=datetime.date.today(),  # noqa: DTZ011
    )
    assert stray_numbers(section(web_page(name)), comparison(asked)) == []


def test_the_proof_sees_a_planted_number() -> None:
    document = comparison(sitting("torn", PAIRS[0]))
    one = document["outcomes"][0]
    assert _is_said(float(round(one["affected"])), str(round(one["affected"])), one)
    wrong = next(n for n in range(1, 100) if all(abs(abs(part) - n) > 2 for part in _parts(one)))
    assert not _is_said(float(wrong), str(wrong), one)


def _parts(one: Mapping[str, Any]) -> list[float]:
    parts = [one["affected"], one["low"], one["high"]]
    return [*parts, *(one["denominator"] - part for part in parts), 1, 12, 95]


@pytest.mark.parametrize("name", PERSONS)
def test_every_outcome_of_the_machine_form_stands_in_the_text_forms(name: str) -> None:
    seen = view(name, PAIRS[0])
    text = render_markdown(sitting(name, PAIRS[0]))
    for one in seen.outcomes:
        if one.outcome.id == "relapse-free" and one.horizon_months == 24:
            assert f"{people_words(one.affected)} of {one.denominator} would have no relapse" in text
    for declined in seen.declined:
        assert declined.reason.split(".")[0] in text, declined.reason
