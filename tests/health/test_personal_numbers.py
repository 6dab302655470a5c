"""No orphan numbers about a person: every one has words, sources and places, and is made again from its id."""

from __future__ import annotations

import datetime
import itertools
import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from equipoise.consultation import Consultation, consult, trace
from equipoise.consultation.personal import PREFIX, PersonalView
from equipoise.decision import CRITERIA, Values, read_values
from equipoise.evidence import Evidence, load_evidence
from equipoise.person import Person, read_person
from equipoise.presentation.html import render_standalone
from equipoise.presentation.markdown import render_markdown
from equipoise.presentation.path import PathPage, render_path
from equipoise.presentation.path.clinician import CLINICIAN
from equipoise.presentation.path.render import render_clinician
from equipoise.presentation.personal_words import people_words
from equipoise.presentation.wire import comparison
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.estimate import Estimate, EstimateKind
from equipoise.vocabulary.provenance import Computation, Provenance, SourceRow, source_rows
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import wording
from tests.support.examples import EXAMPLES, PORTRAITS
from tests.support.pages import Element, names, orphans, parse
from tests.support.path_pages import page, state

PERSONS = sorted(file.stem for file in (EXAMPLES / "persons").glob("*.toml"))
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
    return read_values(EXAMPLES / "values" / f"{PORTRAITS[name]}.toml")


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
    assert set(PORTRAITS) == set(PERSONS)
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
def known() -> tuple[str, ...]:
    return names(evidence())


def stray_numbers(root: Element, document: Mapping[str, Any], least: int = 30) -> list[str]:
    """Numbers beside an id that are none of those that the machine form has under it; some must be there to compare."""
    told = {one["id"]: one for part in ("outcomes", "differences") for one in document[part]}
    sentences = {one["sentence"].lower() for part in ("reasons", "levels") for one in document[part]}
    found, compared = [], 0
    for element in root.find("data-id"):
        one = told.get(element.attributes["data-id"])
        # A sentence of the machine form, word for word, holds its numbers.
        if one is None or element.tag == "article" or element.text.lower() in sentences:
            continue
        one = counted_out_of(one, element.text)
        numbers = {text: float(text.replace(",", "")) for text in NUMBER.findall(element.text)}
        found += [f"{one['id']}: {element.text}" for text, n in numbers.items() if not _is_said(n, text, one)]
        if element.attributes.get("class") == "number" and "affected" in one and " of " in element.text:
            # Some people are counted as those who have it, some as those who do not; never one away from either.
            sides = one["affected"], one["denominator"] - one["affected"]
            assert element.text.split(" of ")[0] in {people_words(side) for side in sides}, element.text
            compared += 1
    assert compared >= least
    return found


def counted_out_of(one: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """A number of the machine form out of as many people as a text counts: all of one section are out of the same."""
    told = re.search(r" of (100|1,000|10,000)\b", text)
    whole = float(told[1].replace(",", "")) if told else one["denominator"]
    keys = ("affected", "difference", "low", "high", "denominator")
    return {**one, **{key: one[key] * whole / one["denominator"] for key in keys if one.get(key) is not None}}


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
def test_every_number_of_the_way_is_that_of_the_machine_form(name: str) -> None:
    of = state(name, PORTRAITS[name], detail="everything")
    document = comparison(of.consultation)
    for shown, least in (("outcomes", 30), ("more-outcomes", 10)):
        assert stray_numbers(parse(render_path(page(of, shown))), document, least) == []
    assert stray_numbers(parse(render_clinician(PathPage(of, CLINICIAN, wording("en")))), document, least=0) == []


@pytest.mark.parametrize("name", PERSONS)
def test_every_number_that_is_weighed_on_the_way_is_that_of_the_machine_form(name: str) -> None:
    of = state(name, PORTRAITS[name], detail="everything")
    levels: dict[str, list[float]] = {}
    for level in comparison(of.consultation)["levels"]:
        held = (level[key] for key in ("value", "low", "high") if level.get(key) is not None)
        levels.setdefault(level["source_id"], []).extend(held)
    # Sentences on a limit also hold what was said, and are those of the machine form.
    found = (e for e in parse(render_path(page(of, "fit"))).find("data-id") if e.tag in {"a", "small"})
    cells = [e for e in found if e.attributes["data-id"] in levels]
    assert len(cells) > 10
    for cell in cells:
        for text in NUMBER.findall(cell.text):
            step = 10.0 ** -len(text.partition(".")[2])
            told = levels[cell.attributes["data-id"]]
            assert any(abs(abs(one) - float(text.replace(",", ""))) < step for one in told), cell.text


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
