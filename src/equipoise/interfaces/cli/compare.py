"""The command ``equipoise compare``: two treatments, and for a person what may happen and what fits."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from equipoise.interfaces.cli.app import EvidenceOption, app, evidence_of, write
from equipoise.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from equipoise.evidence import Evidence


class Format(StrEnum):
    """How a comparison is printed."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"


@app.command()
def compare(
    first: Annotated[
        str, typer.Argument(help="One treatment: alemtuzumab, a brand, an alias; see 'equipoise options'.")
    ] = "",
    second: Annotated[str, typer.Argument(help="The other; comparisons read first versus second.")] = "",
    *,
    jurisdiction: Annotated[
        str, typer.Option(help="Whose labels apply: US, EU or UK. Without it the person's own, else the EU.")
    ] = "",
    person: Annotated[
        Path | None,
        typer.Option("--person", metavar="FILE", help="For someone like this: a file as 'equipoise person' writes it."),
    ] = None,
    values: Annotated[
        Path | None,
        typer.Option("--values", metavar="FILE", help="What matters to them: a file as 'equipoise values' writes it."),
    ] = None,
    years: Annotated[int, typer.Option(help="With --person: the horizon shown first, 1, 2 or 5 years.")] = 2,
    draws: Annotated[int, typer.Option(help="With --person: number of plausible worlds.")] = 4000,
    seed: Annotated[int, typer.Option(help="With --person: of the random numbers; recorded in the answer.", min=0)] = (
        20201
    ),
    on: Annotated[
        str,
        typer.Option("--on", metavar="DATE", help="With --person: day on which labels are applied; today if left out."),
    ] = "",
    format_: Annotated[
        Format, typer.Option("--format", help="How to print it; html is one file that needs nothing else.")
    ] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file instead of the screen.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of --format json and stop.")] = False,
    evidence: EvidenceOption = None,
) -> None:
    """Compare two treatments: what was found, by whom, how sure, and what is not known.

    Example: equipoise compare alemtuzumab interferon-beta-1a --jurisdiction UK --format html -o comparison.html
    """
    if schema:
        from equipoise.presentation import schema as published
        from equipoise.presentation import wire

        write(wire.as_json(published.comparison_schema()), output)
        return
    if not first or not second:
        raise RequestError(
            "two treatments are needed.\n"
            "  Try: equipoise compare alemtuzumab interferon-beta-1a; 'equipoise options' lists all names."
        )
    base = evidence_of(evidence)
    asked: dict[str, Any] = {"jurisdiction": jurisdiction, "evidence": base}
    if person is not None or values is not None:
        day = day_of(on)
        asked |= described(person, values, base, day) | {"on": day, "years": years, "draws": draws, "seed": seed}
    write(_compared(first, second, format_, asked, to_file=output is not None), output)


def day_of(text: str) -> datetime.date:
    """Return the day that was named, today where none was.

    Raises
    ------
    RequestError
        If it is no day.
    """
    if not text:
        return datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"'{text}' is no day.\n  allowed: year-month-day, such as 2026-03-31") from None


def described(person: Path | None, values: Path | None, evidence: Evidence, day: datetime.date) -> dict[str, Any]:
    """Return the person and the values of two files; either may be missing."""
    from equipoise.decision import read_values
    from equipoise.person import read_person

    return {
        "person": read_person(person, evidence=evidence, today=day) if person is not None else None,
        "values": read_values(values) if values is not None else None,
    }


def _compared(first: str, second: str, format_: Format, asked: dict[str, Any], *, to_file: bool) -> str:
    from equipoise.consultation import consult

    sitting = consult(first, second, **asked)
    if format_ is Format.JSON:
        from equipoise.presentation import wire

        return wire.as_json(wire.comparison(sitting))
    if format_ is Format.HTML:
        from equipoise.presentation.html import render_standalone

        return render_standalone(sitting)
    if format_ is Format.MARKDOWN:
        from equipoise.presentation.markdown import render_markdown

        return render_markdown(sitting)
    from equipoise.presentation.terminal import captured, print_comparison

    return captured(lambda console: print_comparison(sitting, console), to_file=to_file)
