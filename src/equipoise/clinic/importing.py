"""Take results from a file: look first, then write in steps that are each whole; the same file twice is no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from equipoise.clinic.appending import Appender
from equipoise.clinic.book import Desk
from equipoise.clinic.csv_results import ReadRow
from equipoise.clinic.import_judging import Judging
from equipoise.clinic.import_known import Known, Seen
from equipoise.clinic.import_report import (
    MOST_FAULTS,
    ImportReport,
    aside_columns,
    aside_hash,
    count_aside,
    count_cannot_judge,
)
from equipoise.clinic.standing import forget
from equipoise.clinic.taking_up import AsideRow, aside_reader, kept_aside, take_up

__all__ = ["STEP", "AsideRow", "ImportReport", "Judging", "aside_reader", "import_results", "kept_aside", "take_up"]

STEP = 2_000
"""Rows a transaction: a tenth of a second for which others wait."""

Rows = Callable[[], Iterator[ReadRow]]
Progress = Callable[[int], None]


def import_results(
    desk: Desk,
    rows: Rows,
    file: str,
    *,
    dry_run: bool = False,
    judging: Judging | None = None,
    progress: Progress = lambda _rows: None,
) -> ImportReport:
    """Import results from rows that can be read twice.

    Parameters
    ----------
    desk
        Who imports, into which clinic.
    rows
        Makes a new iterator over the file at each call.
    file
        Name of the file, for the report and for rows kept aside.
    dry_run
        Only say what would happen.
    judging
        Says in a dry run which results nothing can be held against; without it nothing is said of that.
    progress
        Told the number of rows done, in each of the two passes.

    Returns
    -------
    ImportReport
        ``is_refused`` where any row holds a fault: then nothing was written.

    Notes
    -----
    Rows are written in steps of two thousand, each in one transaction. An import that is killed leaves whole steps;
    the same file again adds what is missing and nothing twice.
    """
    if dry_run or _has_fault(rows, progress):
        return _looked(desk, rows, ImportReport(file, is_dry_run=dry_run), judging, progress)
    done = ImportReport(file)
    for chunk in _steps(rows()):
        with desk.writing() as to:
            _write(to, chunk, done)
        progress(done.rows)
    return done


def _has_fault(rows: Rows, progress: Progress) -> bool:
    """Whether any row holds a fault: asked of the file alone, so that a right one meets the book once."""
    count = 0
    for chunk in _steps(rows()):
        if any(row.faults for row in chunk):
            return True
        count += len(chunk)
        progress(count)
    return False


def _looked(desk: Desk, rows: Rows, look: ImportReport, judging: Judging | None, progress: Progress) -> ImportReport:
    look.n_cannot_judge = None if judging is None else 0
    with closing(Seen()) as seen:
        for chunk in _steps(rows()):
            with desk.reading() as connection:
                _look(connection, desk.clinic_id, chunk, look, seen, judging)
            progress(look.rows)
    look.is_refused = look.n_faults > 0
    return look


def _steps(rows: Iterator[ReadRow]) -> Iterator[Sequence[ReadRow]]:
    while chunk := list(islice(rows, STEP)):
        yield chunk


def _look(
    connection: Connection,
    clinic_id: str,
    chunk: Sequence[ReadRow],
    report: ImportReport,
    seen: Seen,
    judging: Judging | None,
) -> None:
    known = Known(connection, clinic_id, chunk)
    if judging is not None:
        judging.meet(connection, clinic_id, known.person_ids.values())
    for row, found in zip(chunk, known.columns, strict=True):
        report.rows += 1
        report.n_faults += len(row.faults)
        report.faults += row.faults[: max(0, MOST_FAULTS - len(report.faults))]
        if row.faults:
            continue
        if found is None:
            count_aside(report, row, is_new=aside_hash(row) not in known.aside and seen.is_new(aside_hash(row)))
        elif found["content_hash"] in known.content or not seen.is_new(found["content_hash"]):
            report.known += 1
        else:
            is_correction = known.earlier_report(found) is not None
            report.corrected, report.new = report.corrected + is_correction, report.new + (not is_correction)
            if judging is not None and row.result is not None:
                why = judging.why_not(found["person_id"], row.result)
                if why:
                    count_cannot_judge(report, row, row.result.analyte, why)


def _write(to: Appender, chunk: Sequence[ReadRow], report: ImportReport) -> None:
    known = Known(to.connection, to.clinic_id, chunk)
    results: list[Mapping[str, Any]] = []
    aside: list[Mapping[str, Any]] = []
    for row, found in zip(chunk, known.columns, strict=True):
        report.rows += 1
        if found is None:
            is_new = aside_hash(row) not in known.aside
            known.aside.add(aside_hash(row))
            count_aside(report, row, is_new=is_new)
            if is_new:
                aside.append(aside_columns(row, report.file))
        elif found["content_hash"] in known.content:
            report.known += 1
        else:
            known.content.add(found["content_hash"])
            earlier = known.earlier_report(found, take=True)  # an entry is replaced once
            report.corrected, report.new = report.corrected + bool(earlier), report.new + (not earlier)
            results.append({**found, "corrects": earlier})
    to.append_all("result", results)
    to.append_all("unmatched", aside)
    forget(to.connection, to.clinic_id, {str(row["person_id"]) for row in results})
