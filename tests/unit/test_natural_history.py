"""Models of prognosis, matrices and rates: read as printed, checked, and never used where something is missing."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pytest

from equipoise.evidence import Evidence, examine_files, load_evidence
from equipoise.evidence.base import DATA
from equipoise.evidence.reading import FILES
from equipoise.evidence.tables import read_files
from equipoise.vocabulary.errors import EvidenceError
from equipoise.vocabulary.provenance import SourceRef

MODELS = "natural-history/prognostic-models.toml"
MATRICES = "natural-history/edss-transition-coarse.csv"
RATES = "natural-history/rates-and-modifiers.csv"


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def contents() -> dict[str, bytes]:
    return read_files(Path(DATA), FILES)


def faults(contents: dict[str, bytes], file: str, old: str, new: str) -> tuple[EvidenceError, ...]:
    text = contents[file].decode()
    assert text.count(old) >= 1, old
    _, problems = examine_files({**contents, file: text.replace(old, new, 1).encode()})
    assert problems, "nothing was found to be wrong"
    return problems


def test_the_swiss_model_is_whole(evidence: Evidence) -> None:
    model = evidence.prognostic_models["smsc-relapse-2y"]
    assert model.lacks == ()
    assert len(model.terms) == 10
    assert (model.transported_slope, model.optimism_corrected_slope) == (0.84, 0.92)
    assert model.horizon_months == 24
    assert len(model.cautions) == 4


def test_standard_errors_are_those_the_curators_computed(evidence: Evidence) -> None:
    terms = evidence.prognostic_models["smsc-relapse-2y"].terms
    cells = dict(evidence.prognostic_models["smsc-relapse-2y"].row.cells)
    for term in terms:
        assert term.se == pytest.approx(float(cells[f"{term.name}.se_from_ci"]), abs=1.5e-4)


@pytest.mark.parametrize("model_id", ["smsc-relapse-2y", "rct-recalibrated-relapse-2y"])
def test_test_vectors_are_reproduced(evidence: Evidence, model_id: str) -> None:
    model = evidence.prognostic_models[model_id]
    assert len(model.test_vectors) == 5
    for vector in model.test_vectors:
        computed = model.linear_predictor(vector.values)
        assert computed == pytest.approx(vector.linear_predictor, abs=1e-9)
        assert 1 / (1 + math.exp(-computed)) == pytest.approx(vector.probability, abs=1e-9)


def test_models_without_intervals_or_of_bad_status_lack_something(evidence: Evidence) -> None:
    usable = {name for name, model in evidence.prognostic_models.items() if not model.lacks}
    assert usable == {"smsc-relapse-2y"}
    assert "do not use" in evidence.prognostic_models["two-stage-lasso-relapse-2y"].lacks[0]


def test_matrices_and_rates_are_typed_and_can_be_cited(evidence: Evidence) -> None:
    assert {row.model_id for row in evidence.transitions.values()} == {"campbell-4state", "ahmad-3state"}
    lumped = evidence.transitions["campbell-4state.severe.no,-mild-or-moderate"]
    assert lumped.to_states == ("no", "mild", "moderate")
    assert len(evidence.natural_history_rates) == 26
    assert any(not rate.may_be_used for rate in evidence.natural_history_rates.values())
    for row in (*evidence.transitions.values(), *evidence.natural_history_rates.values()):
        leaf = evidence.cite(row.row, row.source)  # type: ignore[attr-defined]
        assert leaf.citation
        assert leaf.source.locator
    model = evidence.prognostic_models["smsc-relapse-2y"]
    assert evidence.cite(model.row, model.source, "age.beta").source == SourceRef(
        "chalkou-2021", dict(model.row.cells)["coefficients_locator"]
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "problem"),
    [
        (MODELS, "beta = -0.035", "beta = -0.135", "age.odds_ratio", "not that of the coefficient"),
        (MODELS, "or_ci_low = 0.95", "or_ci_low = 0.975", "age.odds_ratio", "outside its interval"),
        (MODELS, "or_ci_low = 0.95\n", "", "age.odds_ratio", "one limit"),
        (MODELS, "intercept = -1.834", "intercept = -1.835", "test_vector 1", "do not add up"),
        (MODELS, "probability = 0.3804372257", "probability = 0.48", "test_vector 1", "not the probability"),
        (MODELS, "gd_any = 0", "gd = 0", "test_vector 1", "no such value"),
        (MODELS, '"htx-r-repo"', '"elm-2019"', "source_ids", "no source"),
        (MODELS, "beta = 0.337", 'beta = "0.337"', "beta", "not a number"),
        (MATRICES, "0.5424", "0.5425", "probability", "do not sum to 1"),
        (MATRICES, "0.064,0.047,0.084", "0.064,0.067,0.084", "probability", "outside its interval"),
        (MATRICES, "0.064,0.047,0.084", "0.064,,0.084", "ci_low", "one limit"),
        (MATRICES, ",reported,", ",guessed,", "status", "not known"),
        (MATRICES, "campbell-2025", "elm-2019", "source_id", "no source"),
        (RATES, "1.48,1.37,1.6", "1.68,1.37,1.6", "value", "outside its interval"),
    ],
)
def test_each_fault_is_told_with_its_place(
    contents: dict[str, bytes], file: str, old: str, new: str, column: str, problem: str
) -> None:
    told = [e for e in faults(contents, file, old, new) if e.column == column and problem in e.problem]
    assert told
    assert all(error.file == file and error.row and error.mend for error in told)


@pytest.mark.parametrize(
    ("column", "value"),
    [("age_max", "51"), ("edss_max", "3.5"), ("onset_within_years", "4"), ("relapses_24m_min", "4"), ("age_min", "17")],
)
def test_a_number_that_the_words_do_not_say_is_refused(contents: dict[str, bytes], column: str, value: str) -> None:
    problems = with_cell(contents, "care-ms-i", column, value)
    assert any(e.column == column and "does not say" in e.problem for e in problems)


def test_limits_of_inclusion_must_be_in_order(contents: dict[str, bytes]) -> None:
    assert any("not in order" in e.problem for e in with_cell(contents, "care-ms-i", "age_min", "50", age_max="18"))


def with_cell(
    contents: dict[str, bytes], trial: str, column: str, value: str, **more: str
) -> tuple[EvidenceError, ...]:
    rows = list(csv.DictReader(io.StringIO(contents["trials.csv"].decode())))
    for row in rows:
        if row["trial_id"] == trial:
            row.update({column: value, **more})
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return examine_files({**contents, "trials.csv": out.getvalue().encode()})[1]


def test_who_was_let_in(evidence: Evidence) -> None:
    one, two = evidence.trials["care-ms-i"].inclusion, evidence.trials["care-ms-ii"].inclusion
    assert (one.age_min, one.age_max, one.edss_max, one.onset_within_years) == (18, 50, 3, 5)
    assert (two.relapses_12m_min, two.relapses_24m_min, two.age_max) == (1, 2, 55)
