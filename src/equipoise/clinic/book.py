"""The clinic's book: start one, open one, sign in to it."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, insert, select

from equipoise.clinic import engine as databases
from equipoise.clinic import schema
from equipoise.clinic.appending import Appender, new_id
from equipoise.clinic.audit import AuditReport, verify
from equipoise.clinic.entries import current
from equipoise.clinic.errors import BookMissingError, ClinicError, SignInError
from equipoise.clinic.tables import Clinic
from equipoise.clinic.users import Act, Role, SignedIn, hashed, is_right

Clock = Callable[[], datetime.datetime]


class Book:
    """A clinic's book in a database. Made by :func:`create_book` and :func:`open_book`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def place(self) -> str:
        """Where the book is, without any password."""
        return databases.where(self.engine)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def clinics(self) -> list[str]:
        """Return the names of the clinics that keep their books here."""
        with databases.reading(self.engine) as connection:
            return list(connection.execute(select(Clinic.name).order_by(Clinic.name)).scalars())

    def add_clinic(self, name: str, user: str, role: Role, password: str, at: datetime.datetime) -> None:
        """Add a clinic and its first user.

        Raises
        ------
        ClinicError
            If the name is taken or empty.
        SignInError
            If the password is too short, or missing where others reach the database too.
        """
        _needs_words(name, "clinic")
        _needs_words(user, "user")
        self._needs_password(password)
        secret = hashed(password)
        with databases.writing(self.engine) as connection:
            if connection.execute(select(Clinic.id).where(Clinic.name == name)).first():
                raise ClinicError(f"{self.place} already holds a clinic called '{name}'; it was left as it is.")
            clinic_id = new_id()
            moment = at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
            connection.execute(insert(Clinic).values(id=clinic_id, name=name, founded_at=moment))
            Appender(connection, clinic_id, user, at).append(
                "user", {"name": user, "role": str(role), "password_hash": secret}
            )

    def sign_in(self, user: str = "", password: str = "", *, clinic: str = "", clock: Clock) -> Desk:
        """Sign in to one clinic.

        Parameters
        ----------
        user
            May be left out where the clinic has one user only.
        password
            Empty for a user without one.
        clinic
            May be left out where the book holds one clinic only.
        clock
            Tells the moment that entries are recorded at.

        Raises
        ------
        SignInError
            If clinic, user or password is not right.
        """
        with databases.reading(self.engine) as connection:
            clinic_id, clinic_name = _the_clinic(connection, clinic)
            users = {row.name: row for row in connection.execute(current("user", clinic_id))}
        if not user and len(users) == 1:
            user = next(iter(users))
        if not user:
            raise SignInError(f"more than one user keeps this book.\n  Try: --as {' or --as '.join(sorted(users))}")
        row = users.get(user)
        if row is None or not is_right(password, row.password_hash):
            raise SignInError(
                "this user and password do not fit together in this clinic.\n"
                "  do:      check '--as' and the password ('--password-file FILE', or type it when asked)"
            )
        return Desk(self, SignedIn(clinic_id, clinic_name, row.name, Role(row.role)), clock)

    def _needs_password(self, password: str) -> None:
        if not password and not databases.is_sqlite(self.engine):
            raise SignInError("a book on a server needs a password for each user.\n  Try: --password-file FILE")


@dataclass(frozen=True)
class Desk:
    """A book as one signed-in user of one clinic has it; every question and entry goes through here.

    Attributes
    ----------
    book, who
        The book and the user.
    clock
        Tells the moment.
    """

    book: Book
    who: SignedIn
    clock: Clock

    @property
    def clinic_id(self) -> str:
        """Whose rows; every query holds it."""
        return self.who.clinic_id

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read in one transaction."""
        self.who.needs(Act.READ)
        with databases.reading(self.book.engine) as connection:
            yield connection

    @contextmanager
    def writing(self, act: Act = Act.RECORD) -> Iterator[Appender]:
        """Add entries in one transaction: all of them or none.

        Raises
        ------
        RoleError
            If the role does not allow it.
        """
        self.who.needs(act)
        with databases.writing(self.book.engine) as connection:
            yield Appender(connection, self.clinic_id, self.who.name, self.clock())

    def add_user(self, name: str, role: Role, password: str) -> None:
        """Add a user, or give one a new role and password; the old entry stays.

        Raises
        ------
        RoleError
            If only others may do this.
        SignInError
            If the password is too short or missing.
        """
        _needs_words(name, "user")
        self.book._needs_password(password)
        secret = hashed(password)
        with self.writing(Act.MANAGE) as to:
            before = {row.name: row.id for row in to.connection.execute(current("user", self.clinic_id))}
            to.append("user", {"name": name, "role": str(role), "password_hash": secret, "corrects": before.get(name)})

    def verify_audit(self, *, head: str = "") -> AuditReport:
        """Walk the clinic's audit log; see :func:`equipoise.clinic.audit.verify`."""
        with self.reading() as connection:
            return verify(connection, self.clinic_id, head=head)


def _the_clinic(connection: Connection, name: str) -> tuple[str, str]:
    found = {row.name: row.id for row in connection.execute(select(Clinic.id, Clinic.name))}
    if not name and len(found) == 1:
        name = next(iter(found))
    if name in found:
        return found[name], name
    # names of other clinics are not told to somebody who has not signed in
    what = "more than one clinic keeps its book here" if not name else f"there is no clinic called '{name}' here"
    raise SignInError(f"{what}.\n  do:      name yours with '--clinic NAME'")


def _needs_words(text: str, what: str) -> None:
    if not text.strip() or len(text) > 100:
        raise ClinicError(f"the name of the {what} is empty or longer than 100 characters.")


def create_book(database: str | Path, *, key: str = "") -> Book:
    """Make the tables of a book, or bring an older book up to date.

    Parameters
    ----------
    database
        A file, or ``postgresql://USER@HOST/DATABASE``.
    key
        For a file: encrypt it with this key (extra ``encrypted``).

    Raises
    ------
    ClinicError
        If the database cannot be reached or written to.
    NewerBookError
        If a newer version wrote it.
    """
    url = databases.address(database, key)
    if url.drivername.startswith("sqlite") and url.database and not Path(url.database).exists():
        with databases.explained(databases.connect(url)):
            # made by hand so that nobody else on the machine can read it, not even for a moment
            os.close(os.open(url.database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return _opened(url, may_be_new=True)


def open_book(database: str | Path, *, key: str = "") -> Book:
    """Open a book that is there, and bring it up to date where it is older.

    Parameters
    ----------
    database, key
        As for :func:`create_book`.

    Raises
    ------
    BookMissingError
        If there is none, or it cannot be read.
    NewerBookError
        If a newer version wrote it.
    """
    url = databases.address(database, key)
    if url.drivername.startswith("sqlite") and not Path(url.database or "").is_file():
        raise BookMissingError(
            f"there is no clinic's book in {url.database}.\n"
            "  do:      start one with 'equipoise clinic init', or name the right one with '--database'"
        )
    return _opened(url)


def _opened(url: URL, *, may_be_new: bool = False) -> Book:
    engine = databases.connect(url)
    try:
        if may_be_new and not schema.revision_of(engine):
            schema.upgrade(engine)
        else:
            schema.check(engine)
    except BaseException:
        engine.dispose()
        raise
    return Book(engine)
