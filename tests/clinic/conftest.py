"""Books on both engines: SQLite in a file, PostgreSQL on a real server that is started here."""

from __future__ import annotations

import datetime
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from equipoise.clinic import Book, Desk, Role, create_book, open_book, users
from equipoise.clinic.recording import Recorder
from equipoise.evidence import Evidence, load_evidence

TODAY = datetime.date(2026, 11, 22)
PASSWORD = "correct horse"
NewBook = Callable[[], Book]


def clock() -> datetime.datetime:
    """A clock that stands still."""
    return datetime.datetime(2026, 11, 22, 8, 30, tzinfo=datetime.UTC)


def _binary(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4].split(".")[0]))
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with little work. That the package's own setting is the strong one has a test of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Folder of the socket of a server. Where one was promised and there is none, that is a failure."""
    initdb, pg_ctl = _binary("initdb"), _binary("pg_ctl")
    if initdb is None or pg_ctl is None:
        if os.environ.get("CI"):
            pytest.fail("CI promised PostgreSQL and there is none: see .ci/run")
        pytest.skip("no PostgreSQL on this machine (Debian, Ubuntu: apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="equipoise-pg-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        runuser = shutil.which("runuser", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin")))
        assert runuser
        as_owner = [runuser, "-u", "postgres", "--"]

    def run(*words: str) -> None:
        done = subprocess.run([*as_owner, *words], capture_output=True, text=True, check=False, cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr

    data = str(folder / "data")
    try:
        run(initdb, "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=50"
        run(pg_ctl, "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield str(folder)
        finally:
            run(pg_ctl, "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a book of one clinic is, North, whose first user is anna; on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "clinic.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        path.chmod(0o600)
        return str(path)
    template = request.getfixturevalue("postgresql_template")
    return _database(request.getfixturevalue("postgresql"), f"t{secrets.token_hex(6)}", template)


def new_database(folder: str) -> str:
    """Make an empty database on the server; return its address."""
    return _database(folder, f"t{secrets.token_hex(6)}")


def _database(folder: str, name: str, template: str = "template0") -> str:
    engine = sa.create_engine(f"postgresql+psycopg://postgres@/postgres?host={folder}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    engine.dispose()
    return f"postgresql://postgres@/{name}?host={folder}"


def _with_a_clinic(address: str) -> None:
    made = create_book(address)
    made.add_clinic("North", "anna", Role.NEUROLOGIST, PASSWORD, clock())
    made.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of one clinic in a file, to be copied: the migrations run once, and each test has a book of its own."""
    path = tmp_path_factory.mktemp("template") / "clinic.db"
    _with_a_clinic(str(path))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    """The same on the server: a database that others are copies of."""
    _with_a_clinic(_database(postgresql, "a_clinic"))
    return "a_clinic"


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    """The packaged evidence."""
    return load_evidence()


@pytest.fixture
def book(address: str) -> Iterator[Book]:
    """A book of one clinic, North, whose first user is anna."""
    made = open_book(address)
    yield made
    made.close()


@pytest.fixture
def desk(book: Book) -> Desk:
    """Anna's."""
    return book.sign_in("anna", PASSWORD, clinic="North", clock=clock)


@pytest.fixture
def recorder(desk: Desk, evidence: Evidence) -> Recorder:
    """Records as anna."""
    return Recorder(desk, TODAY, evidence)


@pytest.fixture
def another(address: str) -> Iterator[Callable[[], Book]]:
    """Open the same book again, as another program would."""
    books: list[Book] = []

    def reopen() -> Book:
        books.append(open_book(address))
        return books[-1]

    yield reopen
    for one in books:
        one.close()
