"""Take a clinic's book to a file and bring it back, each proved by its hash and its audit log."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Date, Engine, Table, func, insert, select

from equipoise.clinic import engine as databases
from equipoise.clinic import schema
from equipoise.clinic.audit import verify
from equipoise.clinic.book import Desk, create_book
from equipoise.clinic.errors import ClinicError
from equipoise.clinic.tables import APPEND_ONLY, Base, Clinic
from equipoise.clinic.users import Act

if TYPE_CHECKING:
    import sqlite3

_MARK = "equipoise clinic backup"
_SQLITE = b"SQLite format 3\x00"
_GZIP = b"\x1f\x8b"
_STEP = 2_000


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds.

    Attributes
    ----------
    file
        Where it is.
    clinic, entries
        Whose book, and how many rows.
    content_hash
        SHA-256 over every row; the same book gives the same hash on every kind of database.
    links, head
        Length of the audit log, and the hash of its last link.
    """

    file: str
    clinic: str
    entries: int
    content_hash: str
    links: int
    head: str


def back_up(desk: Desk, target: Path) -> BackupReport:
    """Write the book of a clinic to a file that is not there yet.

    Parameters
    ----------
    desk
        Whose book. A backup holds the clinic of whoever makes it, and no other.
    target
        The file. A SQLite book of one clinic becomes a SQLite file that can be opened at once (others may go on
        writing meanwhile); otherwise it is one compressed text of every row, which either engine reads.

    Raises
    ------
    ClinicError
        If the file is there, cannot be written, or the audit log is broken.
    """
    desk.who.needs(Act.RECORD)
    if target.exists():
        raise ClinicError(f"{target} is there already; a backup never replaces a file.\n  do:      name a new file")
    with desk.reading() as connection:
        _needs_whole(connection, desk.clinic_id, "the book")
    engine = desk.book.engine
    beside = target.with_name(f".{target.name}.part")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        if databases.is_sqlite(engine) and len(desk.book.clinics()) == 1:
            _copy_file(engine, beside)
        else:
            with desk.reading() as connection:
                _dump(connection, desk.clinic_id, beside)
        report = _report_of_file(beside, desk, str(target))
        beside.replace(target)
    except OSError as error:
        raise ClinicError(f"{target}: cannot be written: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)
    return report


def restore(source: Path, database: str | Path, *, key: str = "") -> list[BackupReport]:
    """Bring a backup back into a database that does not hold its clinic.

    Parameters
    ----------
    source
        A file from :func:`back_up`.
    database, key
        Where to; see :func:`equipoise.clinic.book.create_book`.

    Returns
    -------
    list of BackupReport
        One a clinic, read from the restored book.

    Raises
    ------
    ClinicError
        If the file is no backup or damaged, or the clinic is there already. Nothing is then restored.
    """
    try:
        with source.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise ClinicError(f"{source}: cannot be read: {error.strerror}.") from None
    if not start.startswith(_GZIP) and start != _SQLITE and not key:
        raise ClinicError(f"{source} is no backup of a clinic's book, or it is encrypted and no key was given.")
    book = create_book(database, key=key)
    try:
        with databases.writing(book.engine) as connection:
            before = set(connection.execute(select(Clinic.id)).scalars())
            rows = _load(source) if start.startswith(_GZIP) else _rows_of_file(source, key)
            _insert(connection, rows, before)
            found = connection.execute(select(Clinic.id, Clinic.name).where(Clinic.id.not_in(before))).all()
            for clinic_id, _name in found:
                _needs_whole(connection, clinic_id, str(source))
            return [_report(connection, clinic_id, name, str(source)) for clinic_id, name in found]
    finally:
        book.close()


def content_hash(connection: Connection, clinic_id: str) -> tuple[int, str]:
    """Return how many rows a clinic's book has, and the hash of them all."""
    digest, count = hashlib.sha256(), 0
    for name, row in _rows(connection, clinic_id):
        digest.update(_line(name, row))
        count += 1
    return count, digest.hexdigest()


def _report(connection: Connection, clinic_id: str, clinic: str, file: str) -> BackupReport:
    entries, content = content_hash(connection, clinic_id)
    log = verify(connection, clinic_id)
    return BackupReport(file, clinic, entries, content, log.links, log.head)


def _report_of_file(path: Path, desk: Desk, name: str) -> BackupReport:
    """Read the file just written: what is reported is what is in it."""
    with path.open("rb") as file:
        is_dump = file.read(2) == _GZIP
    if is_dump:
        digest, count = hashlib.sha256(), 0
        log: dict[str, Any] = {"sequence": 0, "hash": ""}
        for table, row in _load(path):
            digest.update(_line(table, row))
            count += 1
            log = dict(row) if table == "audit" else log
        return BackupReport(name, desk.who.clinic, count, digest.hexdigest(), log["sequence"], log["hash"])
    engine = _engine_of_file(path, desk.book.engine.url.password or "")
    try:
        with databases.reading(engine) as connection:
            return _report(connection, desk.clinic_id, desk.who.clinic, name)
    finally:
        engine.dispose()


def _needs_whole(connection: Connection, clinic_id: str, what: str) -> None:
    log = verify(connection, clinic_id)
    if log.broken is not None:
        raise ClinicError(
            f"{what}: link {log.broken.sequence} of the audit log: {log.broken.problem}. Nothing was done."
        )


def _engine_of_file(path: Path, key: str) -> Engine:
    return databases.connect(databases.address(path, str(key)))


def _copy_file(engine: Engine, target: Path) -> None:
    """Use SQLite's online backup: a consistent copy while others go on writing."""
    copy = _engine_of_file(target, str(engine.url.password or ""))
    try:
        with (
            databases.explained(engine),
            closing(engine.raw_connection()) as here,
            closing(copy.raw_connection()) as to,
        ):
            # SQLite's own connections: the encrypted driver has the same methods
            source, copied = (cast("sqlite3.Connection", one.driver_connection) for one in (here, to))
            source.backup(copied)
            # one file, without a log beside it that could be left behind
            copied.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.dispose()
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _rows(connection: Connection, clinic_id: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in APPEND_ONLY:
        table = _table(name)
        mine = table.c.id == clinic_id if name == "clinics" else table.c.clinic_id == clinic_id
        order = table.c.id if name == "clinics" else table.c.sequence
        query = select(table).where(mine).order_by(order).execution_options(yield_per=_STEP)
        for row in connection.execute(query).mappings():
            yield name, dict(row)


def _line(name: str, row: Mapping[str, Any]) -> bytes:
    plain = {
        key: value.isoformat() if isinstance(value, datetime.date) else value for key, value in sorted(row.items())
    }
    return (json.dumps([name, plain], ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _dump(connection: Connection, clinic_id: str, target: Path) -> None:
    digest, count = hashlib.sha256(), 0
    with gzip.open(target, "wb") as file:
        file.write(json.dumps([_MARK, schema.newest()]).encode() + b"\n")
        for name, row in _rows(connection, clinic_id):
            line = _line(name, row)
            digest.update(line)
            count += 1
            file.write(line)
        file.write(json.dumps([_MARK, count, digest.hexdigest()]).encode() + b"\n")


def _load(source: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    digest, count, is_whole = hashlib.sha256(), 0, False
    try:
        with gzip.open(source, "rb") as file:
            head = json.loads(file.readline())
            if head[0] != _MARK or head[1] != schema.newest():
                raise ClinicError(f"{source}: made by another version ({head[1]}); restore it with that version.")
            for line in file:
                name, *rest = json.loads(line)
                if name == _MARK:
                    is_whole = rest == [count, digest.hexdigest()]
                    continue
                digest.update(line)
                count += 1
                yield name, _typed(name, rest[0])
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ClinicError(f"{source} is damaged or no backup ({type(error).__name__}). Nothing was restored.") from None
    if not is_whole:
        raise ClinicError(f"{source} is damaged: it is not what was written. Nothing was restored.")


def _typed(name: str, row: dict[str, Any]) -> dict[str, Any]:
    dates = {column.name for column in _table(name).c if isinstance(column.type, Date)}
    return {
        key: datetime.date.fromisoformat(value) if key in dates and value is not None else value
        for key, value in row.items()
    }


def _rows_of_file(source: Path, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    engine = _engine_of_file(source, key)
    try:
        schema.check(engine)
        with databases.reading(engine) as connection:
            for clinic_id in list(connection.execute(select(Clinic.id)).scalars()):
                yield from _rows(connection, clinic_id)
    finally:
        engine.dispose()


def _insert(connection: Connection, rows: Iterable[tuple[str, Mapping[str, Any]]], before: set[str]) -> None:
    pending = iter(rows)
    while part := list(islice(pending, _STEP)):
        by_table: dict[str, list[Mapping[str, Any]]] = {}
        for name, row in part:
            if name == "clinics" and _is_there(connection, row, before):
                raise ClinicError(
                    f"the database already holds the clinic '{row['name']}'. Nothing was restored.\n"
                    "  do:      restore into a new database with '--database'"
                )
            by_table.setdefault(name, []).append(row)
        for name, found in by_table.items():
            connection.execute(insert(_table(name)), found)


def _is_there(connection: Connection, row: Mapping[str, Any], before: set[str]) -> bool:
    same = select(func.count()).select_from(Clinic).where(Clinic.name == row["name"])
    return row["id"] in before or bool(connection.execute(same).scalar_one())
