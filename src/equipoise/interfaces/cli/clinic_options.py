"""What every clinic command is told: which book, whose, on which day."""

from __future__ import annotations

import datetime
import getpass
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from equipoise.interfaces.cli.app import ShortFormat, write
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.terms import Jurisdiction

if TYPE_CHECKING:
    from equipoise.clinic import Desk
    from equipoise.presentation.blocks import Block

DatabaseOption = Annotated[
    str,
    typer.Option("--database", metavar="FILE|URL", help="The book: a file, or postgresql://USER@HOST/DATABASE."),
]
AsOption = Annotated[str, typer.Option("--as", metavar="USER", help="Who asks; not needed where there is one user.")]
ClinicOption = Annotated[str, typer.Option("--clinic", metavar="NAME", help="Needed where a book holds several.")]
PasswordOption = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help="Holds the password; asked for in the terminal otherwise."),
]
KeyOption = Annotated[
    Path | None, typer.Option("--key-file", metavar="FILE", help="Holds the key of an encrypted SQLite book.")
]
OnOption = Annotated[str, typer.Option("--on", metavar="DATE", help="The day, 2026-03-31; today by default.")]
AppliesOption = Annotated[
    list[str] | None, typer.Option("--applies", help="A condition of the label that holds, such as female.")
]
DoesNotApplyOption = Annotated[
    list[str] | None, typer.Option("--does-not-apply", help="A condition of the label that does not hold.")
]
HERE = "clinic.db"
"""The book in the folder that the command is given in."""


def now() -> datetime.datetime:
    """Return the moment."""
    return datetime.datetime.now(tz=datetime.UTC)


def today() -> datetime.date:
    """Return the day on this machine's calendar."""
    return now().astimezone().date()


def day(text: str, option: str = "--on") -> datetime.date:
    """Return the day that an option names; today for an empty one.

    Raises
    ------
    RequestError
        If it is no day.
    """
    if not text:
        return today()
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise RequestError(
            f"{option}: '{text}' is no day.\n  allowed: year-month-day, such as 2026-03-31\n  Try: {option} 2026-03-31"
        ) from None


def place(name: str) -> Jurisdiction:
    """Return a jurisdiction by name.

    Raises
    ------
    UnknownTermError
        If there is none.
    """
    try:
        return Jurisdiction(name.strip().upper())
    except ValueError:
        raise UnknownTermError("jurisdiction", name, list(Jurisdiction)) from None


def secret(path: Path | None) -> str:
    """Return the first line of a file, empty without one.

    Raises
    ------
    RequestError
        If it cannot be read.
    """
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, UnicodeDecodeError, IndexError):
        raise RequestError(f"{path} holds no line that can be read.\n  allowed: a text file of one line") from None


def new_password(path: Path | None) -> str:
    """Return a password from a file, or ask for it twice where a person sits; empty otherwise."""
    if path is not None or not sys.stdin.isatty():
        return secret(path)
    first = getpass.getpass("A password for this user (empty for none): ")
    if first != getpass.getpass("The same again: "):
        raise RequestError("the two passwords differ. Nothing was written.")
    return first


@contextmanager
def at_desk(database: str, user: str, clinic: str, password_file: Path | None, key_file: Path | None) -> Iterator[Desk]:
    """Open a book, sign in, and close it again."""
    from equipoise.clinic import open_book
    from equipoise.clinic.errors import SignInError

    book = open_book(database, key=secret(key_file))
    try:
        try:
            desk = book.sign_in(user, secret(password_file), clinic=clinic, clock=now)
        except SignInError:
            if password_file is not None or not sys.stdin.isatty():
                raise
            desk = book.sign_in(user, getpass.getpass("Password: "), clinic=clinic, clock=now)
        yield desk
    finally:
        book.close()


def answer(
    document: Any, blocks: Callable[[], Iterable[Block]], format_: ShortFormat, output: Path | None = None
) -> None:
    """Write an answer for programs or for people."""
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import wire

        return write(wire.as_json(document), output)
    from equipoise.presentation.terminal import captured, print_blocks

    return write(captured(lambda console: print_blocks(blocks(), console), to_file=output is not None), output)


def said(*texts: str) -> Callable[[], Iterable[Block]]:
    """Return paragraphs to print."""
    from equipoise.presentation.blocks import Paragraph

    return lambda: [Paragraph(text) for text in texts]


@contextmanager
def bar(words: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show how far long work is, on a terminal only; the answer's own stream stays clean."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
