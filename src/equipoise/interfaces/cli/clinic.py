"""The commands ``equipoise clinic``: the book of people under monitoring, and the list of the morning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.interfaces.cli.app import FormatOption, ShortFormat, app, evidence_of
from equipoise.interfaces.cli.clinic_options import (
    HERE,
    AppliesOption,
    AsOption,
    ClinicOption,
    DatabaseOption,
    DoesNotApplyOption,
    KeyOption,
    OnOption,
    PasswordOption,
    answer,
    at_desk,
    bar,
    day,
    new_password,
    now,
    place,
    said,
    secret,
    today,
)

if TYPE_CHECKING:
    import datetime

    from equipoise.clinic import Desk
    from equipoise.clinic.morning import Morning
    from equipoise.evidence import Evidence

clinic_app = typer.Typer(
    name="clinic", help="Keep a clinic's book of people under monitoring.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(clinic_app)


@clinic_app.command()
def init(
    *,
    name: Annotated[str, typer.Argument(help="Name of the clinic.")] = "clinic",
    database: DatabaseOption = HERE,
    as_: Annotated[str, typer.Option("--as", metavar="USER", help="Name of the first user.")] = "me",
    role: Annotated[str, typer.Option(help="Role of the first user; neurologists add further users.")] = "neurologist",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Start a book, or add a clinic to one.

    Example: equipoise clinic init 'MS clinic North' --as anna --database north.db
    """
    from equipoise.clinic import create_book
    from equipoise.clinic.users import role_of

    chosen, password, key = role_of(role), new_password(password_file), secret(key_file)
    book = create_book(database, key=key)
    try:
        book.add_clinic(name, as_, chosen, password, now())
        document = {
            "database": book.place,
            "clinic": name,
            "user": as_,
            "role": str(chosen),
            "has_password": bool(password),
            "is_encrypted": bool(key),
        }
    finally:
        book.close()
    guard = "with a password" if password else "without a password: who can open the file can read it"
    text = f"The book of '{name}' is in {document['database']}; its first user is '{as_}' ({chosen}), {guard}."
    answer(document, said(text), format_)


@clinic_app.command()
def add_user(
    *,
    user: Annotated[str, typer.Argument(help="Name of the user; one who is there gets a new role and password.")],
    role: Annotated[str, typer.Option(help="nurse, neurologist or read-only.")] = "nurse",
    new_password_file: Annotated[
        Path | None, typer.Option("--new-password-file", metavar="FILE", help="Holds the password of the new user.")
    ] = None,
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Add somebody who may sign in; only neurologists may.

    Example: equipoise clinic add-user ben --role nurse --new-password-file ben.txt
    """
    from equipoise.clinic.users import role_of

    chosen = role_of(role)
    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        desk.add_user(user, chosen, new_password(new_password_file))
    answer({"user": user, "role": str(chosen)}, said(f"'{user}' may now sign in as {chosen}."), format_)


@clinic_app.command()
def add(
    *,
    label: Annotated[str, typer.Argument(help="What the clinic calls the person; a number rather than a name.")],
    jurisdiction: Annotated[str, typer.Option(help="Whose labels apply: US, EU or UK.")] = "EU",
    name: Annotated[str, typer.Option(help="Only where the clinic wants one.")] = "",
    drug: Annotated[str, typer.Option(help="A drug that the person has or will have.")] = "",
    course: Annotated[
        list[str] | None,
        typer.Option("--course", metavar="DATE", help="First day of a course of it; repeat it for more."),
    ] = None,
    applies: AppliesOption = None,
    does_not_apply: DoesNotApplyOption = None,
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Add a person, with the courses of a drug if you like.

    Example: equipoise clinic add N-17 --jurisdiction EU --drug alemtuzumab --course 2025-03-03
    """
    from equipoise.clinic.adding import add_with_courses
    from equipoise.presentation.clinic import wire as clinic_wire
    from equipoise.vocabulary.errors import RequestError

    if bool(drug) != bool(course):
        raise RequestError("a drug and the day of its course belong together.\n  Try: --drug NAME --course 2025-03-03")
    days = [day(text, "--course") for text in course or ()]
    conditions = {**dict.fromkeys(applies or (), True), **dict.fromkeys(does_not_apply or (), False)}
    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        base = evidence_of(None)
        person = add_with_courses(
            desk,
            label,
            jurisdiction=place(jurisdiction),
            name=name,
            conditions=conditions,
            drug=drug,
            days=days,
            evidence=base,
            today=today(),
        )
    document = {**clinic_wire.person(person), "courses": [one.isoformat() for one in days]}
    answer(document, said(f"'{person.label}' is in the book; pseudonymous id {person.id}."), format_)


@clinic_app.command()
def correct(
    *,
    label: Annotated[str, typer.Argument(help="The person's label.")],
    new_label: Annotated[str, typer.Option("--new-label", help="What the clinic calls the person from now on.")] = "",
    jurisdiction: Annotated[str, typer.Option(help="Whose labels apply: US, EU or UK.")] = "",
    name: Annotated[str | None, typer.Option(help="The name; empty takes it away.")] = None,
    applies: AppliesOption = None,
    does_not_apply: DoesNotApplyOption = None,
    not_known: Annotated[
        list[str] | None, typer.Option("--not-known", help="A condition of which it is not known after all.")
    ] = None,
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Put right who somebody is; what is not named stays as it is. The old entry stays in the book.

    Example: equipoise clinic correct N-17 --applies female --jurisdiction UK
    """
    from equipoise.clinic.correcting import correct_person
    from equipoise.clinic.following import checked_conditions
    from equipoise.clinic.people import find
    from equipoise.presentation.clinic import wire as clinic_wire

    said_of = ((applies, True), (does_not_apply, False), (not_known, None))
    conditions = {condition: holds for named, holds in said_of for condition in named or ()}
    checked_conditions(conditions, evidence_of(None))
    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        with desk.reading() as connection:
            before = find(connection, desk.clinic_id, label)
        person = correct_person(
            desk,
            before,
            label=new_label or None,
            name=name,
            jurisdiction=place(jurisdiction) if jurisdiction else None,
            conditions=conditions,
        )
    changed = person.entry_id != before.entry_id
    text = f"'{person.label}' is put right." if changed else f"The book says this of '{person.label}' already."
    answer(clinic_wire.person(person), said(text), format_)


@clinic_app.command()
def due(
    *,
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    on: OnOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Print the list of the morning: due, overdue, results that nobody has seen, and who has been silent.

    Example: equipoise clinic due --on 2026-11-23
    """
    from equipoise.presentation.clinic import terminal as clinic_terminal
    from equipoise.presentation.clinic import wire as clinic_wire

    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        base = evidence_of(None)
        found = _morning(desk, base, day(on))
    answer(clinic_wire.morning(found, base.release.version), lambda: clinic_terminal.morning(found), format_)


@clinic_app.command()
def alerts(
    *,
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    on: OnOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Print the results that nobody has acknowledged, most urgent first; who says so is always named.

    Example: equipoise clinic alerts --format json
    """
    from equipoise.presentation.blocks import Paragraph
    from equipoise.presentation.clinic import terminal as clinic_terminal
    from equipoise.presentation.clinic import wire as clinic_wire

    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        base = evidence_of(None)
        found = _morning(desk, base, day(on))
    document = {
        "on": found.on.isoformat(),
        "clinic": found.clinic,
        "evidence": base.release.version,
        "alerts": clinic_wire.alerts(found),
    }
    none = [Paragraph(f"{found.on}: no result is waiting to be acknowledged.")]
    answer(document, lambda: list(clinic_terminal.alerts(found)) or none, format_)


@clinic_app.command()
def person(
    *,
    label: Annotated[str, typer.Argument(help="The person's label.")],
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    on: OnOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Print where a person stands, and every entry about them, replaced and withdrawn ones too.

    Example: equipoise clinic person N-17
    """
    from equipoise.clinic.entries import history
    from equipoise.clinic.people import find
    from equipoise.clinic.standing import position
    from equipoise.presentation.clinic import terminal as clinic_terminal
    from equipoise.presentation.clinic import wire as clinic_wire

    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        base = evidence_of(None)
        with desk.reading() as connection:
            someone = find(connection, desk.clinic_id, label)
            found = position(connection, desk.clinic_id, someone, base, day(on))
            entries = [(kind, row._asdict()) for kind, row in history(connection, desk.clinic_id, someone.id)]
    answer(
        clinic_wire.position(found, entries, base.release.version),
        lambda: clinic_terminal.position(found, entries),
        format_,
    )


def _morning(desk: Desk, base: Evidence, on: datetime.date) -> Morning:
    from equipoise.clinic.morning import morning, refresh

    with bar("working out who is due") as progress:
        refresh(desk, base, max(on, today()), progress)
    return morning(desk, base, on)
