"""The command ``equipoise values``: say what matters in the terminal, or check what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.interfaces.cli.app import BAD_INPUT, FormatOption, ShortFormat, app, write
from equipoise.interfaces.cli.person import check_place, read_line, save
from equipoise.vocabulary.errors import RequestError


@app.command()
def values(
    new: Annotated[
        Path | None,
        typer.Option("--new", metavar="FILE", help="Ask the questions here and write the answers to a file."),
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="Say what was understood, and what was noticed.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of such a file and stop.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --new: replace a file that is there.")] = False,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Say what matters to you: what counts, what comes first, what is not acceptable. Any of it may stay open.

    Example: equipoise values --new what-matters.toml
    """
    if [new is not None, check is not None, schema].count(True) != 1:
        raise RequestError(
            "one of --new FILE, --check FILE and --schema is needed.\n"
            "  Try: equipoise values --new what-matters.toml; it asks the questions one by one."
        )
    if schema:
        from equipoise.decision import values_form
        from equipoise.forms import json_schema
        from equipoise.presentation import wire

        write(wire.as_json(json_schema(values_form())))
    elif new is not None:
        _new(new, force=force)
    elif check is not None:
        _check(check, format_)


def _new(path: Path, *, force: bool) -> None:
    from equipoise.decision import values_form
    from equipoise.decision.values_form import faults_together
    from equipoise.forms import as_toml, ask

    check_place(path, force=force)
    asked = ask(values_form(), read_line, _say, review=faults_together)
    if not asked.is_complete:
        raise typer.Exit(BAD_INPUT)
    save(as_toml(values_form(), asked.answers), path)
    _say(f"\nWritten to {path}. Nothing else was kept.\nLook at it, or change it: it is text. Then try:")
    _say(f"  equipoise values --check {path}")


def _say(text: str) -> None:
    write(text + "\n")


def _check(path: Path, format_: ShortFormat) -> None:
    from equipoise.decision import read_values
    from equipoise.decision.summary import summary

    told = summary(read_values(path))
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import wire

        return write(wire.as_json(told.as_document()))
    parts = [f"{path} is understood."]
    for heading, lines in told.sections:
        if lines:
            parts.append("\n".join([heading, *(f"  {line}" for line in lines)]))
    return write("\n\n".join(parts) + "\n")
