"""Take results from a file: look first, then write in steps that are each whole; the same file twice is no harm."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, select

from equipoise.clinic.appending import Appender, table_of
from equipoise.clinic.book import Desk
from equipoise.clinic.csv_results import Fault, ReadRow, result_of_cells
from equipoise.clinic.entries import current
from equipoise.clinic.people import people
from equipoise.clinic.results import columns, content_hash
from equipoise.clinic.standing import forget

STEP = 1_000
"""Rows a transaction: a few hundredths of a second for which others wait."""
MOST_FAULTS = 100
"""Faults that are told one by one; of more, their number."""

Rows = Callable[[], Iterator[ReadRow]]
Progress = Callable[[int], None]


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


def import_results(
    desk: Desk,
    rows: Rows,
    file: str,
    *,
    dry_run: bool = False,
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
    progress
        Told the number of rows done, in each of the two passes.

    Returns
    -------
    ImportReport
        ``is_refused`` where any row holds a fault: then nothing was written.

    Notes
    -----
    Rows are written in steps of a thousand, each in one transaction. An import that is killed leaves whole steps;
    the same file again adds what is missing and nothing twice.
    """
    look = ImportReport(file, is_dry_run=dry_run)
    seen = _Seen()
    for chunk in _steps(rows()):
        with desk.reading() as connection:
            _look(connection, desk.clinic_id, chunk, look, seen)
        progress(look.rows)
    look.is_refused = look.n_faults > 0
    if dry_run or look.is_refused:
        return look
    # What the first pass counted is not what is written: somebody else may have written in between.
    done = ImportReport(file)
    for chunk in _steps(rows()):
        with desk.writing() as to:
            _write(to, chunk, done)
        progress(done.rows)
    return done


def _steps(rows: Iterator[ReadRow]) -> Iterator[Sequence[ReadRow]]:
    while chunk := list(islice(rows, STEP)):
        yield chunk


@dataclass
class _Seen:
    """What a dry run has met before in the same file, as short hashes: 8 bytes a row."""

    content: set[int] = field(default_factory=set)

    def is_new(self, text: str) -> bool:
        short = int(text[:15], 16)
        if short in self.content:
            return False
        self.content.add(short)
        return True


class _Known:
    """What the book knows of one step's rows."""

    def __init__(self, connection: Connection, clinic_id: str, chunk: Sequence[ReadRow]) -> None:
        labels = {row.person for row in chunk}
        self.person_ids = {
            person.label: person.id for person in people(connection, clinic_id) if person.label in labels
        }
        # in step with the chunk: several results can stand in one line, as the parts of a panel do
        self.columns = [
            columns(self.person_ids[row.person], row.result)
            if row.result is not None and row.person in self.person_ids
            else None
            for row in chunk
        ]
        matched = [found for found in self.columns if found is not None]
        hashes = [found["content_hash"] for found in matched]
        ids = sorted({found["report_id"] for found in matched if found["report_id"]})
        self.content = _values(connection, clinic_id, "result", "content_hash", hashes)
        query = current("result", clinic_id)
        table = query.get_final_froms()[0]
        reports: dict[str, list[Row[Any]]] = {}
        for row in connection.execute(query.where(table.c.report_id.in_(ids))) if ids else ():
            reports.setdefault(row.report_id, []).append(row)
        self._reports = reports
        aside = [aside_hash(row) for row, found in zip(chunk, self.columns, strict=True) if found is None]
        self.aside = _values(connection, clinic_id, "unmatched", "content_hash", aside)

    def earlier_report(self, row: Mapping[str, Any], *, take: bool = False) -> str | None:
        """Return the entry that a corrected report replaces: same id, person and analyte; ``take`` uses it up."""
        waiting = self._reports.get(row["report_id"], [])
        for old in waiting:
            if (old.person_id, old.analyte) == (row["person_id"], row["analyte"]):
                if take:
                    waiting.remove(old)
                return str(old.id)
        return None


def _values(connection: Connection, clinic_id: str, kind: str, column: str, wanted: Sequence[str]) -> set[str]:
    """Return which values stand anywhere in the book: also in an entry that was withdrawn or replaced."""
    if not wanted:
        return set()
    table = table_of(kind)
    query = select(table.c[column]).where(table.c.clinic_id == clinic_id, table.c[column].in_(wanted))
    return set(connection.execute(query).scalars())


def aside_hash(row: ReadRow) -> str:
    """Return the hash by which a row kept aside is known again."""
    return content_hash(dict(row.cells))


def _look(connection: Connection, clinic_id: str, chunk: Sequence[ReadRow], report: ImportReport, seen: _Seen) -> None:
    known = _Known(connection, clinic_id, chunk)
    for row, found in zip(chunk, known.columns, strict=True):
        report.rows += 1
        report.n_faults += len(row.faults)
        report.faults += row.faults[: max(0, MOST_FAULTS - len(report.faults))]
        if row.faults:
            continue
        if found is None:
            _count_aside(report, row, is_new=aside_hash(row) not in known.aside and seen.is_new(aside_hash(row)))
        elif found["content_hash"] in known.content or not seen.is_new(found["content_hash"]):
            report.known += 1
        elif known.earlier_report(found):
            report.corrected += 1
        else:
            report.new += 1


def _count_aside(report: ImportReport, row: ReadRow, *, is_new: bool) -> None:
    if is_new:
        report.unmatched += 1
    else:
        report.kept_before += 1
    if len(report.aside) < MOST_FAULTS:
        report.aside.append((row.line, row.person, reason(row)))


def reason(row: ReadRow) -> str:
    """Say why a row is kept aside."""
    if row.result is None:
        return row.cells.get("why", "it holds no result that is known here")
    return "this clinic knows nobody with this label"


def _write(to: Appender, chunk: Sequence[ReadRow], report: ImportReport) -> None:
    known = _Known(to.connection, to.clinic_id, chunk)
    results: list[Mapping[str, Any]] = []
    aside: list[Mapping[str, Any]] = []
    for row, found in zip(chunk, known.columns, strict=True):
        report.rows += 1
        if found is None:
            is_new = aside_hash(row) not in known.aside
            known.aside.add(aside_hash(row))
            _count_aside(report, row, is_new=is_new)
            if is_new:
                aside.append(_aside(row, report.file))
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


def _aside(row: ReadRow, file: str) -> Mapping[str, Any]:
    return {
        "file": file,
        "line": row.line,
        "reason": reason(row),
        "document": json.dumps(dict(row.cells), sort_keys=True, ensure_ascii=False),
        "content_hash": aside_hash(row),
    }


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
    known = _Known(connection, clinic_id, rows)
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
            to.append("unmatched", {**_aside(row, waiting.file), "line": waiting.line, **_taken(waiting)})


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
