"""One way to a database: SQLite in a file by default, encrypted on request, PostgreSQL by its address."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from equipoise.clinic.errors import BookLockedError, BookMissingError, ClinicError, DiskFullError

WAIT_SECONDS = 10.0
"""How long a writer waits for another one before it says so."""


def address(database: str | Path, key: str = "") -> URL:
    """Return where a book is, as SQLAlchemy names it.

    Parameters
    ----------
    database
        A file, or an address such as ``postgresql://nurse@server/clinic``.
    key
        For an encrypted SQLite file: its key.

    Raises
    ------
    ClinicError
        If the address is of a kind of database that is not served.
    """
    text = str(database)
    if "://" not in text:
        path = str(Path(text).absolute())
        driver = "sqlite+pysqlcipher" if key else "sqlite"
        return URL.create(driver, password=key or None, database=path)
    try:
        url = make_url(text)
    except (DBAPIError, ValueError, Exception) as error:
        raise ClinicError(f"'--database' is no address that can be read: {type(error).__name__}.\n{_ALLOWED}") from None
    kind = url.drivername.split("+")[0]
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and url.database:
        return address(url.database, key)
    raise ClinicError(f"a database of the kind '{kind}' cannot hold the book.\n{_ALLOWED}")


_ALLOWED = "  allowed: a file (clinic.db) or postgresql://USER@HOST/DATABASE"


def connect(url: URL, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """Return an engine for a book; opens nothing yet.

    Parameters
    ----------
    url
        From :func:`address`.
    wait_seconds
        How long a writer waits for another.

    Raises
    ------
    ClinicError
        If the driver for this kind of database is not installed.
    """
    is_sqlite = url.drivername.startswith("sqlite")
    arguments: dict[str, Any] = {"timeout": wait_seconds} if is_sqlite else {"connect_timeout": int(wait_seconds) or 1}
    try:
        engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    except (ImportError, NoSuchModuleError):
        extra = "encrypted" if is_sqlite else "postgres"
        raise ClinicError(
            f"the driver for this kind of database is not installed.\n  Try: pip install 'equipoise[{extra}]'"
        ) from None
    if is_sqlite:
        _tune_sqlite(engine)
    else:
        _tune_postgresql(engine, wait_seconds)
    return engine


# An import writes all over the indexes: 64 MB of pages are kept, and the log is copied back each 32 MB, not each 4.
# What is committed is on the disk all the same.
_ROOM = ("cache_size=-65536", "wal_autocheckpoint=8000")


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, by name
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF", *_ROOM):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A reader that turns writer half-way can meet a newer state and fail; a writer says so at once and waits.
        is_writer = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _tune_postgresql(engine: Engine, wait_seconds: float) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(1000 * wait_seconds)}")
        connection.commit()


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read in one transaction: every query sees the same state."""
    with explained(engine), engine.connect() as connection:
        if not is_sqlite(engine):
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
        with connection.begin():
            yield connection


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Write in one transaction: all of it or nothing."""
    with (
        explained(engine),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


def is_sqlite(engine: Engine) -> bool:
    """Whether a book is a file of this machine."""
    return engine.dialect.name == "sqlite"


@contextlib.contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Say what a database refuses in words to act on, without what was being written."""
    try:
        yield
    except DBAPIError as error:
        raise _translated(error, where(engine)) from None
    except OSError as error:
        raise ClinicError(f"{where(engine)}: {os.strerror(error.errno or 0)}.") from None


def where(engine: Engine) -> str:
    """Return where a book is, without any password."""
    url = engine.url
    return url.database or "the book" if is_sqlite(engine) else url.render_as_string(hide_password=True)


_LOCKED = ("database is locked", "lock timeout", "could not obtain lock", "database table is locked")
_FULL = ("database or disk is full", "no space left", "disk full", "could not extend file")
_NOT_A_BOOK = ("file is not a database", "file is encrypted", "database disk image is malformed")
_UNREACHABLE = ("unable to open database", "connection refused", "could not connect", "connection failed", "timeout")


def _translated(error: DBAPIError, place: str) -> ClinicError:
    said = str(error.orig).lower()
    first = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__

    def has(signs: tuple[str, ...]) -> bool:
        return any(sign in said for sign in signs)

    if has(_LOCKED):
        return BookLockedError(
            f"{place} is locked: another program is writing to it. Nothing of yours was written.\n"
            "  do:      wait until it has finished, then do the same again"
        )
    if has(_FULL):
        return DiskFullError(
            f"{place}: the disk is full. Nothing half-written remains.\n"
            "  do:      free some room on that disk, then do the same again"
        )
    if has(_NOT_A_BOOK):
        return BookMissingError(
            f"{place} is no book that can be read: it is another kind of file, damaged, or its key is wrong.\n"
            "  do:      check the file and '--key-file'; a damaged book comes back with 'equipoise clinic restore'"
        )
    if "readonly" in said or "read-only" in said:
        return ClinicError(f"{place} may not be written to.\n  do:      give your account write access to the file")
    if has(_UNREACHABLE):
        return BookMissingError(f"{place} cannot be reached: {first}.\n  do:      check '--database' and the server")
    if "append-only" in said:
        return ClinicError(f"{place}: entries of the book are never changed or deleted. Record a correction instead.")
    return ClinicError(f"{place}: the database refused ({type(error.orig).__name__}). Nothing was written.")
