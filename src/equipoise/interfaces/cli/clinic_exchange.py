"""The clinic commands that move the book's content: import, export, backup, restore, and the check of the audit log."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.interfaces.cli.app import BAD_INPUT, FINDING, FormatOption, ShortFormat, evidence_of, write
from equipoise.interfaces.cli.clinic import clinic_app
from equipoise.interfaces.cli.clinic_options import (
    HERE,
    AsOption,
    ClinicOption,
    DatabaseOption,
    KeyOption,
    OnOption,
    PasswordOption,
    answer,
    at_desk,
    bar,
    day,
    now,
    said,
    secret,
    today,
)
from equipoise.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from equipoise.clinic import Desk
    from equipoise.clinic.importing import ImportReport


class ExportFormat(StrEnum):
    """How the book is handed on."""

    JSON = "json"
    CSV = "csv"
    ICS = "ics"
    FHIR = "fhir"


@clinic_app.command("import")
def import_(
    *,
    file: Annotated[
        Path | None, typer.Argument(help="CSV, or FHIR R4: a Bundle (.json) or an Observation a line (.ndjson).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="Without a file: try the rows that were kept aside again.")
    ] = False,
    list_unmatched: Annotated[
        bool, typer.Option("--list-unmatched", help="Without a file: print the rows kept aside.")
    ] = False,
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Take results from a file. A file with a fault is refused as a whole; the same file twice adds nothing.

    Example: equipoise clinic import results.csv --dry-run
    """
    from equipoise.presentation.clinic import terminal as clinic_terminal
    from equipoise.presentation.clinic import wire as clinic_wire

    if (file is not None) + unmatched + list_unmatched != 1:
        raise RequestError("name a file, or say --unmatched or --list-unmatched; one of them.")
    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        if list_unmatched:
            return _list_aside(desk, format_)
        report = _import(desk, file, dry_run=dry_run)
    answer(clinic_wire.imported(report), lambda: clinic_terminal.imported(report), format_)
    if report.is_refused:
        raise typer.Exit(BAD_INPUT)
    return None


def _import(desk: Desk, file: Path | None, *, dry_run: bool) -> ImportReport:
    from equipoise.clinic.csv_results import read_csv
    from equipoise.clinic.fhir_results import read_fhir
    from equipoise.clinic.importing import Judging, aside_reader, import_results, take_up

    if file is None:
        return take_up(desk, aside_reader(today()), dry_run=dry_run)
    read = read_fhir if file.suffix.lower() in (".json", ".ndjson") else read_csv
    with bar("rows read, then written") as progress:
        return import_results(
            desk,
            lambda: read(file, today()),
            file.name,
            dry_run=dry_run,
            judging=Judging(evidence_of(None), today()) if dry_run else None,
            progress=lambda done: progress(done, None),
        )


def _list_aside(desk: Desk, format_: ShortFormat) -> None:
    from equipoise.clinic.importing import kept_aside
    from equipoise.presentation.clinic import wire as clinic_wire

    with desk.reading() as connection:
        rows = kept_aside(connection, desk.clinic_id)
    texts = [f"{row.file}, line {row.line}, '{row.cells.get('person', '')}': {row.reason}" for row in rows]
    answer(clinic_wire.aside(rows), said(*(texts or ["No row is kept aside."])), format_)


@clinic_app.command()
def export(
    *,
    label: Annotated[str, typer.Argument(help="One person; the whole clinic by default.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write it.")] = None,
    format_: Annotated[
        ExportFormat, typer.Option("--format", help="ics is one person's calendar; fhir names nobody.")
    ] = ExportFormat.JSON,
    on: OnOption = "",
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
) -> None:
    """Hand the book, or one person's part of it, to other programs.

    Example: equipoise clinic export N-17 --format ics -o n-17.ics
    """
    from equipoise.clinic.entries import history
    from equipoise.clinic.people import find, people
    from equipoise.clinic.standing import position
    from equipoise.presentation import wire
    from equipoise.presentation.clinic import export as clinic_export
    from equipoise.presentation.clinic import wire as clinic_wire

    with at_desk(database, as_, clinic, password_file, key_file) as desk, desk.reading() as connection:
        base, when = evidence_of(None), day(on)
        if format_ is ExportFormat.ICS and not label:
            raise RequestError("a calendar is one person's.\n  Try: equipoise clinic export LABEL --format ics")
        chosen = [find(connection, desk.clinic_id, label)] if label else people(connection, desk.clinic_id)
        found = (position(connection, desk.clinic_id, person, base, when) for person in chosen)
        if format_ is ExportFormat.CSV:
            text = clinic_export.as_csv(found)
        elif format_ is ExportFormat.FHIR:
            text = wire.as_json(clinic_export.as_fhir(found))
        elif format_ is ExportFormat.ICS:
            text = clinic_export.as_icalendar(next(found), now())
            if not text:
                raise RequestError(f"'{label}' has no course on record, so there is nothing to put into a calendar.")
        else:
            parts = []
            for one in found:
                entries = [(kind, row._asdict()) for kind, row in history(connection, desk.clinic_id, one.person.id)]
                parts.append(clinic_wire.position(one, entries, base.release.version))
            text = wire.as_json({"clinic": desk.who.clinic, "on": when.isoformat(), "people": parts})
        write(text, output)


@clinic_app.command()
def backup(
    *,
    file: Annotated[Path, typer.Argument(help="A new file.")],
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Copy the clinic's book to a file while others go on working; what is in the file is checked.

    Example: equipoise clinic backup clinic-2026-11-22.backup
    """
    from equipoise.clinic.backup import back_up
    from equipoise.presentation.clinic import wire as clinic_wire

    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        made = back_up(desk, file)
    text = f"{made.file} holds '{made.clinic}': {made.entries} rows, content {made.content_hash}, audit {made.head}."
    answer(clinic_wire.backup(made), said(text), format_)


@clinic_app.command()
def restore(
    *,
    file: Annotated[Path, typer.Argument(help="A file from 'equipoise clinic backup'.")],
    database: DatabaseOption = HERE,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Bring a backup back into a database that does not hold its clinic; either engine reads either's backup.

    Example: equipoise clinic restore clinic-2026-11-22.backup --database restored.db
    """
    from equipoise.clinic.backup import restore as bring_back
    from equipoise.presentation.clinic import wire as clinic_wire

    found = bring_back(file, database, key=secret(key_file))
    texts = [f"'{one.clinic}' is back: {one.entries} rows, content {one.content_hash}." for one in found]
    answer({"database": database, "clinics": [clinic_wire.backup(one) for one in found]}, said(*texts), format_)


@clinic_app.command()
def verify_audit(
    *,
    head: Annotated[
        str,
        typer.Option("--head", metavar="HASH", help="A head that was written down earlier; it must still be there."),
    ] = "",
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Walk the audit log and compare every entry with it; exit 1 where anything was touched, naming the first place.

    Example: equipoise clinic verify-audit
    """
    from equipoise.presentation.clinic import wire as clinic_wire

    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        found = desk.verify_audit(head=head)
    broken = found.broken
    text = (
        f"All {found.links} links are as they were written. Head: {found.head}"
        if broken is None
        else f"Link {broken.sequence} ({broken.kind or 'unknown'} {broken.entry_id}): {broken.problem}."
    )
    answer(clinic_wire.audit(found), said(text), format_)
    if broken is not None:
        raise typer.Exit(FINDING)
