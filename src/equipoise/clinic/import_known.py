"""What the book, or the same file further up, knows already of rows that are imported."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from equipoise.clinic.appending import table_of
from equipoise.clinic.csv_results import ReadRow
from equipoise.clinic.entries import current
from equipoise.clinic.import_report import aside_hash
from equipoise.clinic.results import columns


class Known:
    """What the book knows of one step's rows."""

    def __init__(self, connection: Connection, clinic_id: str, chunk: Sequence[ReadRow]) -> None:
        self.person_ids = _person_ids(connection, clinic_id, {row.person for row in chunk})
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
        reports: dict[str, list[Row[Any]]] = {}
        for row in connection.execute(_REPORTS, {"clinic": clinic_id, "wanted": ids}) if ids else ():
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


def _person_ids(connection: Connection, clinic_id: str, labels: set[str]) -> dict[str, str]:
    found = connection.execute(_LABELS, {"clinic": clinic_id, "wanted": sorted(labels)})
    return {row.label: row.person_id for row in found}


def _values(connection: Connection, clinic_id: str, kind: str, column: str, wanted: Sequence[str]) -> set[str]:
    """Return which values stand anywhere in the book: also in an entry that was withdrawn or replaced."""
    if not wanted:
        return set()
    return set(connection.execute(_anywhere(kind, column), {"clinic": clinic_id, "wanted": list(wanted)}).scalars())


@functools.cache
def _anywhere(kind: str, column: str) -> Select[Any]:
    table = table_of(kind)
    return select(table.c[column]).where(table.c.clinic_id == bindparam("clinic"), table.c[column].in_(_WANTED))


def _standing_now(kind: str, column: str, *more: str) -> Select[Any]:
    query = current(kind, bindparam("clinic")).order_by(None)
    table = query.get_final_froms()[0]
    wanted = query.with_only_columns(table.c[column], *(table.c[name] for name in more))
    return wanted.where(table.c[column].in_(_WANTED)).order_by(table.c.sequence)


# made once: a step asks each of them, and making one anew takes longer than its answer
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_LABELS = _standing_now("person", "label", "person_id")
_REPORTS = _standing_now("result", "report_id", "id", "person_id", "analyte")


class Seen:
    """Hashes met before in the same file, kept by SQLite in a file without a name that ends with it.

    A dry run of a file of any length needs no more memory than SQLite's cache.
    """

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", isolation_level=None)
        for statement in ("PRAGMA journal_mode=OFF", "PRAGMA cache_size=-20000", "BEGIN"):
            self._kept.execute(statement)
        self._kept.execute("CREATE TABLE seen (short INTEGER PRIMARY KEY)")

    def is_new(self, text: str) -> bool:
        """Whether a hash, 60 bits of it, was not met before."""
        return self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?)", (int(text[:15], 16),)).rowcount == 1

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()
