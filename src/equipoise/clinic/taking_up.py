"""Rows of an import that belonged to nobody known: list them, and try them again once the person is there."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from equipoise.clinic.appending import Appender
from equipoise.clinic.book import Desk
from equipoise.clinic.csv_results import ReadRow, result_of_cells
from equipoise.clinic.entries import current
from equipoise.clinic.import_known import Known
from equipoise.clinic.import_report import MOST_FAULTS, ImportReport, aside_columns
from equipoise.clinic.standing import forget

STEP = 1_000
"""Rows a transaction."""


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A row that is kept aside.

    Attributes
    ----------
    entry_id, file, line, reason
        Its entry, where it came from, and why it is here.
    cells
        The row as it stood.
    """

    entry_id: str
    file: str
    line: int
    reason: str
    cells: Mapping[str, str]


def kept_aside(connection: Connection, clinic_id: str) -> list[AsideRow]:
    """Return every row that still belongs to nobody."""
    return [
        AsideRow(row.id, row.file, row.line, row.reason, json.loads(row.document))
        for row in connection.execute(current("unmatched", clinic_id))
    ]


def take_up(desk: Desk, read: Callable[[AsideRow], ReadRow], *, dry_run: bool = False) -> ImportReport:
    """Try the rows kept aside again: those whose person is known by now become results.

    Parameters
    ----------
    desk
        Who does it.
    read
        Reads a row kept aside; see :func:`aside_reader`.
    dry_run
        Only say what would happen.
    """
    report = ImportReport("rows kept aside", is_dry_run=dry_run)
    with desk.reading() as connection:
        waiting = kept_aside(connection, desk.clinic_id)
    for start in range(0, len(waiting), STEP):
        part = waiting[start : start + STEP]
        with desk.reading() if dry_run else desk.writing() as to:
            connection = to.connection if isinstance(to, Appender) else to
            _take_up(connection, to if isinstance(to, Appender) else None, desk.clinic_id, part, read, report)
    return report


def _take_up(
    connection: Connection,
    to: Appender | None,
    clinic_id: str,
    part: Sequence[AsideRow],
    read: Callable[[AsideRow], ReadRow],
    report: ImportReport,
) -> None:
    rows = [read(waiting) for waiting in part]
    known = Known(connection, clinic_id, rows)
    for row, waiting, found in zip(rows, part, known.columns, strict=True):
        report.rows += 1
        if found is None:
            report.kept_before += 1
            if len(report.aside) < MOST_FAULTS:
                report.aside.append((waiting.line, row.person, waiting.reason))
            continue
        is_new = found["content_hash"] not in known.content
        known.content.add(found["content_hash"])
        report.new, report.known = report.new + is_new, report.known + (not is_new)
        if to is not None:
            if is_new:
                to.append("result", {**found, "corrects": known.earlier_report(found, take=True)})
                forget(connection, clinic_id, {found["person_id"]})
            to.append("unmatched", {**aside_columns(row, waiting.file), "line": waiting.line, **_taken(waiting)})


def _taken(waiting: AsideRow) -> Mapping[str, Any]:
    return {"corrects": waiting.entry_id, "withdrawn": 1, "reason": "taken up"}


def aside_reader(today: datetime.date) -> Callable[[AsideRow], ReadRow]:
    """Return what reads a row kept aside, whichever kind of file it came from."""

    def read(row: AsideRow) -> ReadRow:
        if "why" in row.cells:
            return ReadRow(row.line, row.cells.get("person", ""), None, (), row.cells)
        result, faults = result_of_cells(row.line, row.cells, today)
        return ReadRow(row.line, row.cells["person"], result, tuple(faults), row.cells)

    return read
