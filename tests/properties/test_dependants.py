"""Change one cell of the evidence and exactly its dependants change; what a number does not name cannot move it."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.consultation import consult
from equipoise.evidence import ArmResult, Contrast, Evidence, load_evidence
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import source_rows
from tests.support.small_evidence import SMALL, files, sound

Row = TypeVar("Row", ArmResult, Contrast)
Cell = tuple[str, str, str]
"""Table, row, column."""

RESULT_COLUMNS = ("events", "n", "value", "ci_low", "ci_high", "person_years", "se")
CONTRAST_COLUMNS = ("estimate", "ci_low", "ci_high")
# Cut off at zero where the trials differ less than chance: a change below the cut moves nothing.
CUT_OFF = (Measure.I2, Measure.TAU2)


def numbers(evidence: Evidence, first: str, second: str) -> dict[str, Estimate]:
    """Every number of a sitting by its id."""
    return {estimate.id: estimate for estimate in consult(first, second, evidence=evidence).estimates}


def naming(found: Mapping[str, Estimate], cell: Cell, *, by_cell: bool) -> set[str]:
    """The numbers whose tree names the row of a cell, or the very cell."""
    table, row, column = cell
    return {
        identifier
        for identifier, estimate in found.items()
        for leaf in source_rows(estimate.provenance)
        if (leaf.table, leaf.row_id) == (table, row) and (column in leaf.used or not by_cell)
    }


def assert_exactly_the_dependants_moved(
    before: Mapping[str, Estimate], after: Mapping[str, Estimate], cell: Cell
) -> None:
    # A ratio appears with the first event in a row that had none, and goes with the last.
    come_or_gone = before.keys() ^ after.keys()
    assert come_or_gone <= naming(before, cell, by_cell=True) | naming(after, cell, by_cell=True)
    before = {identifier: estimate for identifier, estimate in before.items() if identifier in after}
    differing = {identifier for identifier in before if before[identifier] != after[identifier]}
    assert differing <= naming(before, cell, by_cell=False), f"{cell} moved what does not name its row"
    moved = {i for i in before if (before[i].value, before[i].interval) != (after[i].value, after[i].interval)}
    dependants = naming(before, cell, by_cell=True)
    assert moved <= dependants, f"{cell} moved what does not say that it uses the cell"
    still = {identifier for identifier in dependants - moved if before[identifier].measure not in CUT_OFF}
    assert still == set(), f"{cell} is said to be used and moved nothing"


def nudged(column: str, text: str) -> str:
    """Another number in the same cell, such that limits stay in order and counts stay counts."""
    if column in ("events", "n"):
        return str(int(text) + 1 if column == "n" or text == "0" else int(text) - 1)
    step = {"ci_low": -0.001, "ci_high": 0.001}.get(column, 0.0005)
    return f"{float(text) + step:.6f}"


# ---------------------------------------------------------------- the comparison that people see


@functools.cache
def packaged() -> tuple[Evidence, dict[str, Estimate]]:
    evidence = load_evidence()
    return evidence, numbers(evidence, "alemtuzumab", "interferon-beta-1a")


def with_cell(evidence: Evidence, cell: Cell) -> Evidence:
    """The evidence with one cell nudged, in its typed record and in its raw row."""
    table, row_id, column = cell
    if table == "contrasts.csv":
        rows = {**evidence.contrasts, row_id: with_column(evidence.contrasts[row_id], column)}
        return dataclasses.replace(evidence, contrasts=MappingProxyType(rows))
    results = {**evidence.arm_results, row_id: with_column(evidence.arm_results[row_id], column)}
    return dataclasses.replace(evidence, arm_results=MappingProxyType(results))


def with_column(record: Row, column: str) -> Row:
    text = nudged(column, dict(record.row.cells)[column])
    cells = tuple((name, text if name == column else value) for name, value in record.row.cells)
    number: float = int(text) if column in ("events", "n") else float(text)
    changes = {column: number, "row": dataclasses.replace(record.row, cells=cells)}
    return dataclasses.replace(record, **changes)  # type: ignore[arg-type]


@functools.cache
def cells_behind(table: str) -> list[Cell]:
    """Every numeric cell of the rows of a table behind the comparison, used or not."""
    _, found = packaged()
    columns = CONTRAST_COLUMNS if table == "contrasts.csv" else RESULT_COLUMNS
    leaves = {leaf.row_id: leaf for e in found.values() for leaf in source_rows(e.provenance) if leaf.table == table}
    return [(table, row, c) for row, leaf in sorted(leaves.items()) for c in columns if c in dict(leaf.cells)]


def compared_directly(cell: Cell) -> bool:
    return all(arm in cell[1] for arm in (".vs.", "alem", "ifn44"))


def test_there_are_cells_to_change() -> None:
    assert len(cells_behind("contrasts.csv")) > 30
    assert len(cells_behind("arm-results.csv")) > 200


@pytest.mark.parametrize("cell", [c for c in cells_behind("contrasts.csv") if compared_directly(c)], ids=".".join)
def test_each_cell_of_the_head_to_head_contrasts(cell: Cell) -> None:
    evidence, before = packaged()
    after = numbers(with_cell(evidence, cell), "alemtuzumab", "interferon-beta-1a")
    assert_exactly_the_dependants_moved(before, after, cell)


@settings(max_examples=40, deadline=None)
@given(cell=st.sampled_from(cells_behind("arm-results.csv") + cells_behind("contrasts.csv")))
def test_a_cell_of_any_row_behind_the_comparison(cell: Cell) -> None:
    evidence, before = packaged()
    after = numbers(with_cell(evidence, cell), "alemtuzumab", "interferon-beta-1a")
    assert_exactly_the_dependants_moved(before, after, cell)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_row_that_the_comparison_does_not_name_moves_nothing(data: st.DataObject) -> None:
    evidence, before = packaged()
    named = {leaf.row_id for estimate in before.values() for leaf in source_rows(estimate.provenance)}
    others = sorted(row.id for row in evidence.arm_results.values() if row.id not in named and row.value is not None)
    cell = ("arm-results.csv", data.draw(st.sampled_from(others)), "value")
    assert numbers(with_cell(evidence, cell), "alemtuzumab", "interferon-beta-1a") == before


# ---------------------------------------------------------------- from the bytes of a file to the number


CORRECTED = "alder-b.any-relapse.24m.proportion"


def small_cells() -> list[Cell]:
    """Every numeric cell of the small release's numbers, but for the row that is corrected."""
    found = []
    for table, columns in (("arm-results.csv", RESULT_COLUMNS), ("contrasts.csv", CONTRAST_COLUMNS)):
        for row in csv.DictReader(io.StringIO(SMALL[table])):
            if row["id"] != CORRECTED:
                found += [(table, row["id"], column) for column in columns if row[column]]
    return found


@pytest.mark.parametrize("cell", small_cells(), ids=".".join)
def test_each_cell_of_a_file(cell: Cell) -> None:
    table, row_id, column = cell
    rows = list(csv.DictReader(io.StringIO(SMALL[table])))
    for row in rows:
        if row["id"] == row_id:
            row[column] = nudged(column, row[column])
            if row.get("kind") == "proportion":
                row["value"] = consistent(row)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    changed = {**files(), table: out.getvalue().encode()}
    before, after = (numbers(sound(contents), "drug-a", "drug-b") for contents in (files(), changed))
    assert_exactly_the_dependants_moved(before, after, cell)


def consistent(row: Mapping[str, str]) -> str:
    """The percentage that a changed row must print, so that the release stays sound."""
    if not row["events"] or not row["n"]:
        return row["value"]
    return f"{100 * int(row['events']) / int(row['n']):.6f}"


def test_a_correction_moves_what_uses_its_cell() -> None:
    changed = files()
    changed["corrections.toml"] = SMALL["corrections.toml"].replace('"45"', '"44"').encode()
    changed["arm-results.csv"] = SMALL["arm-results.csv"].replace("54,100,,45,", "54,100,,44,").encode()
    before, after = (numbers(sound(contents), "drug-a", "drug-b") for contents in (files(), changed))
    assert_exactly_the_dependants_moved(before, after, ("arm-results.csv", CORRECTED, "events"))
    leaf = next(source_rows(after[f"arm.{CORRECTED}"].provenance))
    assert "events corrected from 54 to 44" in leaf.corrections[0]
