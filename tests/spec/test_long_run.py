"""The long run by a model: labelled as one, traceable, and refused where the matrix has holes."""

from __future__ import annotations

import json

import pytest

from equipoise.consultation import trace
from equipoise.consultation.long_run import long_run
from equipoise.evidence import Evidence, load_evidence
from equipoise.presentation import wire
from equipoise.vocabulary.errors import EquipoiseError, NotEstimableError
from tests.support.command import equipoise


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


def test_shares_of_a_year_add_up_and_each_number_says_that_it_is_a_model(evidence: Evidence) -> None:
    found = long_run("no-mild", years=4, evidence=evidence)
    for year in range(1, 5):
        shares = [one.value for one in found.estimates if one.timepoint_months == 12 * year]
        assert sum(shares) == pytest.approx(100, abs=1e-6)
    assert all(one.text.startswith("Model:") for one in found.estimates)
    assert any("A model, not an observation" in limit for limit in found.limits)


def test_one_year_is_the_published_row(evidence: Evidence) -> None:
    found = {one.outcome_id: one for one in long_run("no-mild", years=1, evidence=evidence, draws=50_000).estimates}
    # Ahmad 2019, abstract: 0.064 (0.047 to 0.084) to moderate, 0.001 to severe
    assert found["state-moderate"].value == pytest.approx(6.4, abs=0.1)
    assert found["state-severe"].value == pytest.approx(0.1, abs=0.03)


def test_every_number_is_traced_to_its_cells(evidence: Evidence) -> None:
    for one in long_run("moderate", years=2, evidence=evidence).estimates:
        found = trace(one.id, evidence=evidence)
        assert found.item == one
        assert "ahmad-2019" in {source.id for source in found.sources}


def test_a_matrix_with_lumped_cells_is_refused(evidence: Evidence) -> None:
    with pytest.raises(NotEstimableError, match="lumped"):
        long_run("no", model_id="campbell-4state", evidence=evidence)


@pytest.mark.parametrize("words", [["nowhere"], ["no-mild", "--years", "99"], ["no-mild", "--model", "nobody"]])
def test_bad_requests_are_told_in_a_sentence(words: list[str]) -> None:
    done = equipoise("research", "long-run", *words)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert done.err.startswith("equipoise: ")


def test_the_machine_form_and_the_text_hold_the_limits(evidence: Evidence) -> None:
    done = equipoise("research", "long-run", "severe", "--years", "2", "--format", "json")
    assert done.json == json.loads(wire.as_json(wire.long_run(long_run("severe", years=2))))
    assert "This is a model and no observation" in equipoise("research", "long-run", "severe", "--years", "2").out


def test_an_id_of_no_number_is_refused(evidence: Evidence) -> None:
    with pytest.raises(EquipoiseError):
        trace("long-run.ahmad-3state.no-mild.nowhere.year-1.1-100", evidence=evidence)
