"""The command ``equipoise person``: describe a person in the terminal, or check a description."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.interfaces.cli.app import BAD_INPUT, EvidenceOption, FormatOption, ShortFormat, app, write
from equipoise.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from equipoise.evidence import Evidence


@app.command()
def person(
    new: Annotated[
        Path | None,
        typer.Option("--new", metavar="FILE", help="Ask the questions here and write the answers to a file."),
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="Say what was understood, and what is not known.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of such a file and stop.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --new: replace a file that is there.")] = False,
    format_: FormatOption = ShortFormat.TEXT,
    evidence: EvidenceOption = None,
) -> None:
    """Describe a person: age, relapses, walking, earlier drugs, other conditions. Every answer may be "I don't know".

    Example: equipoise person --new me.toml
    """
    if [new is not None, check is not None, schema].count(True) != 1:
        raise RequestError(
            "one of --new FILE, --check FILE and --schema is needed.\n"
            "  Try: equipoise person --new me.toml; it asks the questions one by one."
        )
    from equipoise.evidence import load_evidence

    base = load_evidence(evidence)
    if schema:
        from equipoise.person import person_schema
        from equipoise.presentation import wire

        write(wire.as_json(person_schema(base)))
    elif new is not None:
        _new(new, base, force=force)
    elif check is not None:
        _check(check, base, format_)


def _new(path: Path, evidence: Evidence, *, force: bool) -> None:
    from equipoise.forms import as_toml, ask
    from equipoise.person import disagreements, form

    check_place(path, force=force)
    today = _today()
    asked = ask(form(evidence), read_line, _say, review=lambda answers: disagreements(answers, today=today))
    if not asked.is_complete:
        raise typer.Exit(BAD_INPUT)
    save(as_toml(form(evidence), asked.answers), path)
    _say(f"\nWritten to {path}. Nothing else was kept.\nLook at it, or change it: it is text. Then try:")
    _say(f"  equipoise person --check {path}")


def check_place(path: Path, *, force: bool) -> None:
    """Refuse a file that cannot be written before anything is asked, so that no answer is lost.

    Raises
    ------
    RequestError
        If the file is there and ``force`` is not set, or if its folder is not.
    """
    if path.is_dir():
        raise RequestError(f"'{path}' is a folder.\n  Try: the name of a file in it, such as {path / 'me.toml'}.")
    if path.suffix.lower() == ".json":
        raise RequestError(f"'{path}' would hold TOML under a JSON name.\n  Try: {path.with_suffix('.toml')}.")
    if path.exists() and not force:
        raise RequestError(
            f"'{path}' is there already, and was not changed.\n  Try: another name, or --force to replace it."
        )
    if not path.absolute().parent.is_dir():
        raise RequestError(f"there is no folder '{path.parent}'.\n  Try: a folder that exists.")


def save(text: str, path: Path) -> None:
    """Write answers to a file; if that fails they are printed, so that nothing typed is lost.

    Raises
    ------
    RequestError
        If the file cannot be written.
    """
    try:
        write(text, path)
    except RequestError:
        write(text)
        raise


def read_line(prompt: str) -> str:
    """Read one line from the terminal; bytes that are no text read as a mark that no question understands."""
    try:
        return input(prompt)
    except UnicodeDecodeError:
        return "\N{REPLACEMENT CHARACTER}"


def _say(text: str) -> None:
    write(text + "\n")


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()


def _check(path: Path, evidence: Evidence, format_: ShortFormat) -> None:
    from equipoise.person import fingerprint, form, known_facts, normalised, notices, read_person, unknown_fields

    found = read_person(path, evidence=evidence, today=_today())
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import wire

        document = {
            "person": normalised(found),
            "fingerprint": fingerprint(found),
            "unknown": list(unknown_fields(found)),
            "notices": list(notices(found)),
            "evidence": wire.release(evidence.release),
        }
        return write(wire.as_json(document))
    facts = [f"{name}: {value}" for name, value in known_facts(found, form(evidence))]
    parts = [f"{path} is understood."]
    for heading, lines in (
        ("Known", facts),
        ("Not known", unknown_fields(found)),
        ("Worth knowing", notices(found)),
    ):
        if lines:
            parts.append("\n".join([heading, *(f"  {line}" for line in lines)]))
    parts.append(f"Fingerprint {fingerprint(found)}, evidence {evidence.release.version}")
    return write("\n\n".join(parts) + "\n")
