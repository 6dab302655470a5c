"""No orphan numbers: every estimate and statement of every comparison leads back to rows with a source and a place."""

from __future__ import annotations

import itertools
import math
import re

import pytest

from equipoise.consultation import Consultation, consult, trace
from equipoise.evidence import Evidence, load_evidence
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.vocabulary.estimate import Estimate, EstimateKind, Fact, IntervalKind
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation, Provenance, SourceRow, source_rows
from equipoise.vocabulary.terms import Jurisdiction

# A statement that something is not known is not an estimate and has no number; these are what may hold none.
WORDS = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def sittings(evidence: Evidence) -> list[Consultation]:
    """Every pair of options in every jurisdiction; in both orders where trials compared them."""
    names = [option.option for option in evidence.options]
    one_way = [(pair, place) for pair in itertools.combinations(names, 2) for place in Jurisdiction]
    found = [consult(*pair, jurisdiction=place, evidence=evidence) for pair, place in one_way]
    compared = [sitting for sitting in found if sitting.trials and sitting.jurisdiction is Jurisdiction.EU]
    options = [[option.treatment.option for option in sitting.options] for sitting in compared]
    assert options
    return [*found, *(consult(second, first, evidence=evidence) for first, second in options)]


@pytest.fixture(scope="module")
def items(sittings: list[Consultation]) -> dict[str, Estimate | Fact]:
    """Every number and every statement, once."""
    found: dict[str, Estimate | Fact] = {}
    for sitting in sittings:
        found.update({fact.id: fact for fact in sitting.facts})
        found.update({estimate.id: estimate for estimate in sitting.estimates})
    return found


def test_there_is_something_to_look_at(items: dict[str, Estimate | Fact]) -> None:
    kinds = {item.kind for item in items.values() if isinstance(item, Estimate)}
    assert kinds == set(EstimateKind) - {
        EstimateKind.PERSONAL,
        EstimateKind.MODEL,
    }  # looked at in test_personal_numbers.py
    assert len(items) > 1000


def test_an_id_means_one_thing_wherever_it_is_shown(
    sittings: list[Consultation], items: dict[str, Estimate | Fact]
) -> None:
    for sitting in sittings:
        shown: list[Estimate | Fact] = [*sitting.estimates, *sitting.facts]
        assert len({item.id for item in shown}) == len(shown)
        for item in shown:
            assert item == items[item.id], item.id


def test_every_id_is_traced_to_the_same_number(evidence: Evidence, items: dict[str, Estimate | Fact]) -> None:
    for identifier, item in items.items():
        traced = trace(identifier, evidence=evidence)
        assert traced.item == item, identifier
        assert traced.provenance == item.provenance
        assert {source.id for source in traced.sources} == {ref.source_id for ref in item.sources}


def test_every_number_has_words_sources_and_places(items: dict[str, Estimate | Fact]) -> None:
    for item in items.values():
        assert WORDS.search(item.text), item.id
        assert item.text == item.text.strip()
        assert item.sources, item.id
        assert all(ref.source_id and ref.locator for ref in item.sources), item.id


def test_every_leaf_is_a_row_of_the_evidence_as_it_stands_there(
    evidence: Evidence, items: dict[str, Estimate | Fact]
) -> None:
    labels = {entry.id: entry.row for entry in evidence.label_entries.values()}
    tables = {
        "arm-results.csv": {row.id: row.row for row in evidence.arm_results.values()},
        "contrasts.csv": {row.id: row.row for row in evidence.contrasts.values()},
        "trials.csv": {row.id: row.row for row in evidence.trials.values()},
        "arms.csv": {row.id: row.row for row in evidence.arms.values()},
    }
    for item in items.values():
        for leaf in source_rows(item.provenance):
            row = tables.get(leaf.table, labels)[leaf.row_id]
            assert leaf.cells == row.cells
            assert leaf.corrections == row.corrections
            assert leaf.citation == evidence.sources[leaf.source.source_id].citation
            assert leaf.citation
            if isinstance(item, Estimate):
                assert leaf.used, item.id
                assert set(leaf.used) <= dict(leaf.cells).keys(), (item.id, leaf.used)


def test_every_computation_has_a_name_a_formula_and_inputs(items: dict[str, Estimate | Fact]) -> None:
    for item in items.values():
        for node in computations(item.provenance):
            assert node.name
            assert node.formula
            assert node.inputs


def computations(node: Provenance) -> list[Computation]:
    """Every inner node of a tree."""
    if isinstance(node, SourceRow):
        return []
    return [node, *(inner for child in node.inputs for inner in computations(child))]


def test_every_estimate_is_complete(evidence: Evidence, items: dict[str, Estimate | Fact]) -> None:
    for item in items.values():
        if not isinstance(item, Estimate):
            continue
        assert math.isfinite(item.value), item.id
        assert item.treatment in evidence.treatments, item.id
        assert item.population or item.measure in (Measure.I2, Measure.TAU2, Measure.Q), item.id
        if item.measure.is_comparison:
            assert item.reference in evidence.treatments, item.id
            assert item.reference != item.treatment, item.id
        if item.kind in (EstimateKind.TRIAL, EstimateKind.ARM, EstimateKind.SYNTHESIS):
            assert item.outcome_id in evidence.outcomes, item.id
            assert item.trial_ids, item.id
            assert all(trial in evidence.trials for trial in item.trial_ids), item.id
        if item.measure.is_proportion:
            assert 0 <= item.value <= 100, item.id
        if item.interval is not None:
            assert item.interval.low <= item.value <= item.interval.high, item.id
            assert 0.5 < item.interval.level < 1, item.id


def test_a_comparison_names_both_sides_and_a_share_names_its_group(
    evidence: Evidence, items: dict[str, Estimate | Fact]
) -> None:
    for item in items.values():
        if isinstance(item, Estimate) and item.measure.is_comparison:
            assert evidence.treatments[item.treatment].name in item.text, item.id
            assert evidence.treatments[item.reference].name in item.text, item.id
        elif isinstance(item, Estimate) and item.kind is EstimateKind.ARM:
            assert evidence.treatments[item.treatment].name in item.text, item.id


def test_a_group_looked_at_after_the_trial_is_called_so(evidence: Evidence) -> None:
    """Its sentence must not read as if it were the trial's own group: claims show such rows too."""
    identifier = "arm.care-ms-ii-had-alem12.any-relapse.24m.proportion"
    item = trace(identifier, evidence=evidence).item
    assert "subgroup" in item.text


def test_a_computed_number_never_claims_to_be_printed(items: dict[str, Estimate | Fact]) -> None:
    for item in items.values():
        if isinstance(item, Estimate) and item.kind is EstimateKind.SYNTHESIS:
            assert item.trust.value != "printed", item.id
            if item.interval is not None and item.id.endswith("prediction"):
                assert item.interval.kind is IntervalKind.PREDICTION


NOTHING = (
    " arm. arm.nothing trial.a.vs.b synthesis.a.vs.b.c schedule. schedule.alemtuzumab schedule.alemtuzumab.EU.x "
    "label.x inverse.arm.x fact.x.y é"
)


@pytest.mark.parametrize("identifier", NOTHING.split(" "))
def test_an_id_that_means_nothing_is_refused(identifier: str, evidence: Evidence) -> None:
    with pytest.raises(UnknownTermError, match="there is no estimate or fact called"):
        trace(identifier, evidence=evidence)


def test_an_id_that_is_nearly_right_is_answered_with_the_right_one(evidence: Evidence) -> None:
    right = "arm.care-ms-i-alem12.any-relapse.24m.proportion"
    with pytest.raises(UnknownTermError, match=re.escape(right)):
        trace(right.replace("alem12", "alem21"), evidence=evidence)


def test_a_row_that_was_not_seen_cannot_be_traced(evidence: Evidence) -> None:
    hidden = [row.id for row in evidence.arm_results.values() if not row.trust.may_be_shown]
    assert hidden
    for identifier in hidden[:5]:
        with pytest.raises(UnknownTermError):
            trace(f"arm.{identifier}", evidence=evidence)
