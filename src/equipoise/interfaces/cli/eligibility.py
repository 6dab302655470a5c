"""The command ``equipoise eligibility``: what a label says about who may have a drug, held against a person."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from equipoise.interfaces.cli.app import EvidenceOption, FormatOption, ShortFormat, app, write
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.terms import Jurisdiction


@app.command()
def eligibility(
    drug: Annotated[str, typer.Argument(help="A treatment, a brand or an alias; see 'equipoise options'.")],
    person: Annotated[
        Path | None, typer.Option("--person", metavar="FILE", help="Who it is about; see 'equipoise person'.")
    ] = None,
    jurisdiction: Annotated[
        str, typer.Option(help="Whose label: US, EU or UK; by default the one that the person's file names.")
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The day it is asked for, 2026-03-31; today by default.")
    ] = "",
    last_vaccine: Annotated[
        str, typer.Option("--last-vaccine", metavar="DATE", help="Day of the last vaccine, if it is known.")
    ] = "",
    format_: FormatOption = ShortFormat.TEXT,
    evidence: EvidenceOption = None,
) -> None:
    """Say what a label rules out, what it asks for first, and which answers are missing. Unknown never counts as safe.

    Example: equipoise eligibility alemtuzumab --person me.toml --jurisdiction EU --on 2026-11-22
    """
    from equipoise.evidence import load_evidence
    from equipoise.person import read_person
    from equipoise.safety import eligibility as check

    if person is None:
        raise RequestError(
            "a person is needed.\n"
            "  Try: --person FILE; 'equipoise person --new FILE' asks the questions and writes such a file."
        )
    day = _day(on, "--on") if on else _today()
    vaccine = _day(last_vaccine, "--last-vaccine") if last_vaccine else None
    base = load_evidence(evidence)
    treatment = base.option(drug)
    # A last dose may be planned: that day then moves the earliest start.
    known = read_person(person, evidence=base)
    place = _place(jurisdiction) if jurisdiction else known.jurisdiction
    if place is None:
        raise RequestError(
            "whose label applies is not known: neither the command nor the person's file says so.\n"
            f"  Try: --jurisdiction {', '.join(Jurisdiction)}."
        )
    answer = check(known, treatment, place, day, base, last_vaccine=vaccine)
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import wire
        from equipoise.presentation.eligibility import wire as eligibility_wire

        return write(wire.as_json(eligibility_wire.eligibility(answer)))
    from equipoise.presentation.eligibility.terminal import print_eligibility
    from equipoise.presentation.terminal import captured

    return write(captured(lambda console: print_eligibility(answer, treatment.name, console)))


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()


def _place(name: str) -> Jurisdiction:
    try:
        return Jurisdiction(name.strip().upper())
    except ValueError:
        raise UnknownTermError("jurisdiction", name, list(Jurisdiction)) from None


def _day(text: str, option: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise RequestError(
            f"{option}: '{text}' is no day.\n  allowed: year-month-day, such as 2026-03-31\n  Try: {option} 2026-03-31"
        ) from None
