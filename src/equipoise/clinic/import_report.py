"""What an import did or would do, and what is said of rows that belong to nobody known."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from equipoise.clinic.csv_results import Fault, ReadRow
from equipoise.clinic.results import content_hash

MOST_FAULTS = 100
"""Faults that are told one by one; of more, their number."""


@dataclass(frozen=True, slots=True)
class CannotJudge:
    """A row that nobody could call normal or not.

    Attributes
    ----------
    line, person
        Line of the file, and the label as written.
    analyte
        What was measured.
    why
        In the words of the alert that it would raise.
    """

    line: int
    person: str
    analyte: str
    why: str


@dataclass
class ImportReport:
    """What an import did, or would do.

    Attributes
    ----------
    file
        Name of the file.
    is_dry_run, is_refused
        Whether nothing was written because it was only a look, or because of faults.
    rows, new, known, corrected, unmatched, kept_before
        Rows read; results that are new, stood in the book already, or replace an earlier report of the same id; rows
        that belong to nobody known, kept aside now or before.
    n_faults, faults
        How many faults, and the first hundred.
    aside
        The first hundred rows kept aside: line, person as written, and why.
    n_cannot_judge, cannot_judge
        How many of the new and corrected results nothing can be held against, and the first hundred; ``None`` where
        nobody looked, as in an import that writes.
    """

    file: str
    is_dry_run: bool = False
    is_refused: bool = False
    rows: int = 0
    new: int = 0
    known: int = 0
    corrected: int = 0
    unmatched: int = 0
    kept_before: int = 0
    n_faults: int = 0
    faults: list[Fault] = field(default_factory=list)
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    n_cannot_judge: int | None = None
    cannot_judge: list[CannotJudge] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether anything was, or would be, written."""
        return self.new + self.corrected + self.unmatched > 0


def count_aside(report: ImportReport, row: ReadRow, *, is_new: bool) -> None:
    """Count a row that belongs to nobody."""
    if is_new:
        report.unmatched += 1
    else:
        report.kept_before += 1
    if len(report.aside) < MOST_FAULTS:
        report.aside.append((row.line, row.person, reason(row)))


def count_cannot_judge(report: ImportReport, row: ReadRow, analyte: str, why: str) -> None:
    """Count a row that nobody could call normal or not."""
    report.n_cannot_judge = (report.n_cannot_judge or 0) + 1
    if len(report.cannot_judge) < MOST_FAULTS:
        report.cannot_judge.append(CannotJudge(row.line, row.person, analyte, why))


def reason(row: ReadRow) -> str:
    """Say why a row is kept aside."""
    if row.result is None:
        return row.cells.get("why", "it holds no result that is known here")
    return "this clinic knows nobody with this label"


def aside_columns(row: ReadRow, file: str) -> dict[str, Any]:
    """Return the columns of the entry of a row kept aside."""
    return {
        "file": file,
        "line": row.line,
        "reason": reason(row),
        "document": json.dumps(dict(row.cells), sort_keys=True, ensure_ascii=False),
        "content_hash": aside_hash(row),
    }


def aside_hash(row: ReadRow) -> str:
    """Return the hash by which a row kept aside is known again."""
    return content_hash(dict(row.cells))
