"""Commands that look at the evidence: where a number comes from, what is known, and whether it fits together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.interfaces.cli.app import FINDING, EvidenceOption, FormatOption, ShortFormat, app, evidence_of, write

evidence_app = typer.Typer(
    name="evidence", help="Look at the evidence, and check it.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(evidence_app)


@app.command()
def trace(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a number or a statement, as every answer carries it.")
    ],
    *,
    person: Annotated[
        Path | None,
        typer.Option("--person", metavar="FILE", help="Whom the number was made for, where it was made for somebody."),
    ] = None,
    format_: FormatOption = ShortFormat.TEXT,
    evidence: EvidenceOption = None,
) -> None:
    """Print where a number comes from: citation, locator, raw cells, every computation.

    Example: equipoise trace arm.care-ms-i-alem12.relapse-free.24m.km-proportion
    """
    from equipoise.consultation import trace as find

    base = evidence_of(evidence)
    someone = None
    if person is not None:
        from equipoise.person import read_person

        someone = read_person(person, evidence=base)
    found = find(identifier, evidence=base, person=someone)
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import wire

        return write(wire.as_json(wire.traced(found, base.release)))
    from equipoise.presentation.terminal import captured, print_trace

    return write(captured(lambda console: print_trace(found, base.release, console)))


@app.command()
def claims(format_: FormatOption = ShortFormat.TEXT, evidence: EvidenceOption = None) -> None:
    """Check what an ordinary patient article says against the sources.

    Example: equipoise claims
    """
    from equipoise.consultation import check_claims

    base = evidence_of(evidence)
    checked = check_claims(base)
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import wire

        return write(wire.as_json(wire.claims(checked, base.release)))
    from equipoise.presentation.terminal import captured, print_claims

    return write(captured(lambda console: print_claims(checked, base.release, console)))


@app.command()
def options() -> None:
    """List the treatments that can be compared, with every name that is understood.

    Example: equipoise options
    """
    from equipoise.presentation.terminal import captured, print_options

    treatments = evidence_of(None).options
    write(captured(lambda console: print_options(treatments, console)))


@evidence_app.command("check")
def evidence_check(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder of evidence; the packaged one by default.")
    ] = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Prove that the evidence fits together; name every fault with file, row and column. Exit 1 if there is one.

    Example: equipoise evidence check
    """
    from equipoise.evidence import examine
    from equipoise.evidence.base import DATA
    from equipoise.presentation import findings

    evidence, problems = examine(directory or DATA)
    render = findings.as_json if format_ is ShortFormat.JSON else findings.as_text
    write(render(evidence, problems))
    if problems:
        raise typer.Exit(FINDING)


@evidence_app.command("list")
def evidence_list() -> None:
    """List every trial.

    Example: equipoise evidence list
    """
    from equipoise.presentation.terminal import captured, print_trials

    base = evidence_of(None)
    write(captured(lambda console: print_trials(base, console)))


@evidence_app.command("show")
def evidence_show(trial: Annotated[str, typer.Argument(help="Id or name of a trial: CARE-MS-I.")]) -> None:
    """Show one trial: what it is, its arms, and every row about it with its source.

    Example: equipoise evidence show CARE-MS-I
    """
    from equipoise.presentation.terminal import captured, print_trial

    base = evidence_of(None)
    found = base.trial(trial)
    write(captured(lambda console: print_trial(base, found, console)))


@evidence_app.command("sources")
def evidence_sources(
    source: Annotated[str, typer.Argument(metavar="[ID]", help="One source; all by default.")] = "",
) -> None:
    """List the sources, or show one.

    Example: equipoise evidence sources fernandez-2014
    """
    from equipoise.presentation.terminal import captured, print_sources

    base = evidence_of(None)
    found = [base.source(source)] if source else list(base.sources.values())
    write(captured(lambda console: print_sources(found, console)))
