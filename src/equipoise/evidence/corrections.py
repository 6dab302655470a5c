"""Corrections and discrepancies: records with a reason, never a silent edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from equipoise.evidence.tables import Cells, Problems, entries, text_of
from equipoise.vocabulary.errors import EvidenceError

FILE = "corrections.toml"


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell that was curated wrongly or printed wrongly, and what it should be.

    Attributes
    ----------
    table, row, column
        The cell.
    found, corrected
        What stands in the file, and what is used.
    reason, decided_on
        Why, and when.
    """

    table: str
    row: str
    column: str
    found: str
    corrected: str
    reason: str
    decided_on: str

    @property
    def sentence(self) -> str:
        """The record as one sentence."""
        before, after = (text or "(empty)" for text in (self.found, self.corrected))
        return f"{self.column} corrected from {before} to {after} on {self.decided_on}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A cell that disagrees with its own row in the source; it stays as printed."""

    table: str
    row: str
    column: str
    reason: str
    decided_on: str


@dataclass(slots=True)
class Corrections:
    """Every record, and which of them met their cell."""

    corrections: dict[tuple[str, str], list[Correction]]
    discrepancies: dict[tuple[str, str, str], Discrepancy]
    met: set[tuple[str, str, str]] = field(default_factory=set)

    def apply(self, cells: Cells) -> tuple[Cells, tuple[str, ...]]:
        """Return a row with its corrections applied, and one sentence for each.

        Raises
        ------
        EvidenceError
            If the cell does not hold what the correction says it found.
        """
        records = self.corrections.get((cells.file, cells.row_id), ())
        for column in (key[2] for key in self.discrepancies if key[:2] == (cells.file, cells.row_id)):
            self.met.add((cells.file, cells.row_id, column))
        for record in records:
            self.met.add((record.table, record.row, record.column))
            if not cells.has(record.column) or cells.text(record.column) != record.found:
                raise cells.fault(
                    "a correction does not fit this cell",
                    record.column,
                    allowed=f"'{record.found}', which {FILE} corrects to '{record.corrected}'",
                    mend=f"restore the cell, or change the record in {FILE}",
                )
            cells = cells.replaced(record.column, record.corrected)
        return cells, tuple(record.sentence for record in records)

    def report_unused(self, problems: Problems) -> None:
        """Add a fault for each record whose row or column does not exist."""
        keys = {(r.table, r.row, r.column) for records in self.corrections.values() for r in records} | set(
            self.discrepancies
        )
        for table, row, column in sorted(keys - self.met):
            problems.add(
                EvidenceError(
                    "the record names a row that does not exist",
                    file=FILE,
                    row=row,
                    column=column,
                    found=table,
                    allowed="a table, row and column of this release",
                    mend="name an existing row or delete the record",
                )
            )


def read_corrections(file: str, document: Mapping[str, Any]) -> Corrections:
    """Return the records of the corrections file.

    Raises
    ------
    EvidenceError
        If a record lacks a key.
    """
    corrections: dict[tuple[str, str], list[Correction]] = {}
    for raw in entries(file, document, "correction"):
        record = Correction(**_complete(file, raw, Correction.__slots__))
        corrections.setdefault((record.table, record.row), []).append(record)
    discrepancies = {}
    for raw in entries(file, document, "discrepancy"):
        known = Discrepancy(**_complete(file, raw, Discrepancy.__slots__))
        discrepancies[known.table, known.row, known.column] = known
    return Corrections(corrections, discrepancies)


def _complete(file: str, raw: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, str]:
    row = str(raw.get("row", ""))
    for key in keys:
        if key not in raw:
            raise EvidenceError(
                "a record needs this key",
                file=file,
                row=row,
                column=key,
                found="(empty)",
                allowed=", ".join(keys),
                mend="add it",
            )
    # A cell may have been empty before, or may have to become empty: these two may be empty texts.
    return {key: text_of(file, row, raw, key, required=key not in ("found", "corrected")) for key in keys}
