"""Networks from tables: a CSV file, a mapping of columns, or a dataframe.

A dataframe is one of pandas, of polars, or anything with ``__dataframe__``; none of them is needed.
Columns are found by name and rows come in any order; a fault is reported with its row and column.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.synthesis.arm_trials import ZeroCells
from equipoise.synthesis.building import ARM_COLUMNS, network_from_arms, network_from_contrasts
from equipoise.synthesis.counted import COUNTED_MEASURES, Counted, counted_trials
from equipoise.synthesis.dataframes import columns_of
from equipoise.synthesis.gls import Array
from equipoise.synthesis.network import Network
from equipoise.vocabulary.errors import EvidenceError
from equipoise.vocabulary.measures import Measure

CONTRAST_COLUMNS = ("study", "treatment", "reference", "estimate", "se")


def read_network(
    source: str | Path | Mapping[str, Sequence[Any]] | Any,
    measure: Measure | str,
    *,
    reference: str = "",
    merge: Mapping[str, str] | None = None,
    zero_cells: ZeroCells = "correct",
) -> Network:
    """Read a network from a CSV file, a mapping of columns or a dataframe.

    Parameters
    ----------
    source
        Path of a CSV file with a header; or columns by name. Contrast rows have the columns ``study,
        treatment, reference, estimate, se`` (log scale for ratios) and, for trials of several arms of
        which not all pairs are given, ``covariance``. Arm rows have ``study, treatment`` and the columns
        that the measure needs: ``events, n``; ``events, person_time``; ``mean, sd, n``; ``log_hazard, se``.
    measure
        Measure of effect.
    reference
        Treatment that the basic parameters are written against.
    merge
        Treatments to be counted as one, old name to new name.
    zero_cells
        ``correct`` or ``drop``; see ``network_from_arms``.

    Raises
    ------
    EvidenceError
        If a column is missing or a cell cannot be read; it names the file, row and column.
    ShapeError, NotEstimableError, NetworkError
        As ``network_from_arms`` and ``network_from_contrasts``.
    """
    measure = Measure(measure)
    name, table = _table(source)
    if "estimate" in table or "reference" in table:
        text = {column: _words(name, table, column) for column in CONTRAST_COLUMNS[:3]}
        return network_from_contrasts(
            measure,
            text["study"],
            text["treatment"],
            text["reference"],
            _numbers(name, table, "estimate"),
            _numbers(name, table, "se"),
            covariance=_numbers(name, table, "covariance", may_be_empty=True) if "covariance" in table else None,
            reference=reference,
            merge=merge,
        )
    columns = {column: _numbers(name, table, column) for column in ARM_COLUMNS.get(measure, ())}
    return network_from_arms(
        measure,
        _words(name, table, "study"),
        _words(name, table, "treatment"),
        reference=reference,
        merge=merge,
        zero_cells=zero_cells,
        events=columns.get("events"),
        n=columns.get("n"),
        person_time=columns.get("person_time"),
        mean=columns.get("mean"),
        sd=columns.get("sd"),
        log_hazard=columns.get("log_hazard"),
        se=columns.get("se"),
    )


def read_counts(source: str | Path | Mapping[str, Sequence[Any]] | Any) -> tuple[list[str], list[str], Array, Array]:
    """Read events and people by arm, for methods that need the counts themselves.

    Parameters
    ----------
    source
        As for ``read_network``, with the columns ``study, treatment, events, n``.

    Returns
    -------
    study, treatment, events, n
        One entry per arm, in the order of the rows.

    Raises
    ------
    EvidenceError
        If a column is missing or a cell cannot be read; it names the file, row and column.
    """
    name, table = _table(source)
    return (
        _words(name, table, "study"),
        _words(name, table, "treatment"),
        _numbers(name, table, "events"),
        _numbers(name, table, "n"),
    )


def read_counted(
    source: str | Path | Mapping[str, Sequence[Any]] | Any,
    measure: Measure | str,
    *,
    merge: Mapping[str, str] | None = None,
) -> Counted:
    """Read trials of counts, for likelihoods of the counts themselves.

    Parameters
    ----------
    source
        As for ``read_network``, with the columns ``study, treatment, events`` and ``n`` (odds ratio) or
        ``person_time`` (rate ratio).
    measure
        ``odds-ratio`` or ``rate-ratio``.
    merge
        Treatments to be counted as one, old name to new name.

    Raises
    ------
    EvidenceError
        If a column is missing or a cell cannot be read; it names the file, row and column.
    ShapeError, NotEstimableError, NetworkError
        As ``counted_trials``.
    """
    name, table = _table(source)
    exposure = COUNTED_MEASURES.get(Measure(measure), "n")
    return counted_trials(
        measure,
        _words(name, table, "study"),
        _words(name, table, "treatment"),
        _numbers(name, table, "events"),
        _numbers(name, table, exposure),
        merge=merge,
    )


def _table(source: Any) -> tuple[str, dict[str, list[Any]]]:
    if isinstance(source, str | Path):
        return Path(source).name, _csv_columns(Path(source))
    return "table", columns_of(source)


def _csv_columns(path: Path) -> dict[str, list[Any]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file, strict=True))
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}."
        raise EvidenceError(problem, file=str(path), allowed="a CSV file", mend="check the name.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        problem = f"the file cannot be read as CSV: {error}."
        raise EvidenceError(problem, file=path.name, allowed="comma-separated UTF-8 text") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) <= 1:
        raise EvidenceError("there is no row under the header.", file=path.name, allowed="a header and rows")
    header, *body = rows
    for number, row in enumerate(body, start=1):
        if len(row) != len(header):
            raise EvidenceError(
                "the row has another number of cells than the header.",
                file=path.name,
                row=str(number),
                found=f"{len(row)} cells",
                allowed=f"{len(header)} cells",
                mend="put a value with a comma between double quotes; rows are counted from under the header.",
            )
    return {column.strip(): [row[i] for row in body] for i, column in enumerate(header)}


def _column(file: str, table: Mapping[str, list[Any]], column: str) -> list[Any]:
    if column not in table:
        raise EvidenceError(
            f"there is no column '{column}'.",
            file=file,
            column=column,
            found=", ".join(table),
            allowed="study, treatment and the columns of the measure; or " + ", ".join(CONTRAST_COLUMNS),
            mend=f"add the column '{column}', or rename the one that holds it.",
        )
    return table[column]


def _words(file: str, table: Mapping[str, list[Any]], column: str) -> list[str]:
    words = ["" if cell is None else str(cell).strip() for cell in _column(file, table, column)]
    for i, word in enumerate(words):
        if not word:
            raise EvidenceError("the cell is empty.", file=file, row=str(i + 1), column=column, allowed="a name")
    return words


def _numbers(file: str, table: Mapping[str, list[Any]], column: str, *, may_be_empty: bool = False) -> Array:
    numbers = []
    for i, cell in enumerate(_column(file, table, column)):
        text = "" if cell is None else str(cell).strip()
        number = _number(text)
        empty = text == "" or (number is not None and math.isnan(number))
        if number is None or (empty and not may_be_empty):
            raise EvidenceError(
                "the cell is empty." if empty else "the cell is not a number.",
                file=file,
                row=str(i + 1),
                column=column,
                found=text,
                allowed="a number" + (", or nothing" if may_be_empty else ""),
                mend="correct the cell, or leave the row out; rows are counted from the first under the header.",
            )
        numbers.append(number)
    return np.array(numbers, dtype=float)


def _number(text: str) -> float | None:
    """The number that a cell holds; NaN for an empty cell, None for other words."""
    if text.lower() in ("", "na", "nan", "none", "null"):
        return math.nan
    try:
        return float(text)
    except ValueError:
        return None
