"""Commands for research: what a model says beyond what was observed. Nothing of it reaches a patient's page."""

from __future__ import annotations

from typing import Annotated

import typer

from equipoise.interfaces.cli.app import EvidenceOption, FormatOption, ShortFormat, app, evidence_of, write

research_app = typer.Typer(
    name="research", help="Models beyond what was observed; not for decisions.", no_args_is_help=True
)
app.add_typer(research_app)


@research_app.callback()
def _research() -> None:
    """Keep the name of the command in front of its own."""


@research_app.command("long-run")
def long_run(
    start: Annotated[str, typer.Argument(help="State at the start: no-mild, moderate or severe.")] = "no-mild",
    years: Annotated[int, typer.Option(help="How many years, 1 to 30.")] = 10,
    model: Annotated[str, typer.Option(help="Matrix of the evidence.")] = "ahmad-3state",
    format_: FormatOption = ShortFormat.TEXT,
    evidence: EvidenceOption = None,
) -> None:
    """Run a published matrix of disability states over years: a model with its limits, no forecast for anybody.

    Example: equipoise research long-run no-mild --years 10
    """
    from equipoise.consultation.long_run import long_run as run

    found = run(start, years=years, model_id=model, evidence=evidence_of(evidence))
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import wire

        return write(wire.as_json(wire.long_run(found)))
    from equipoise.presentation.terminal import captured, print_long_run

    return write(captured(lambda console: print_long_run(found, console)))
