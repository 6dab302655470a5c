"""The command ``equipoise network``: all drugs on one outcome."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from equipoise.interfaces.cli.app import EvidenceOption, FormatOption, ShortFormat, app, write
from equipoise.vocabulary.errors import RequestError


class ModelChoice(StrEnum):
    """Which model the tables show."""

    COMMON = "common"
    RANDOM = "random"


@app.command()
def network(  # noqa: PLR0917 -- typer reads options from parameters
    outcome: Annotated[
        str,
        typer.Argument(
            help="annualised-relapse-rate, confirmed-disability-worsening-3m or -6m, discontinuation-adverse-event "
            "or discontinuation-any."
        ),
    ] = "",
    treatment: Annotated[str, typer.Option(help="Look closely at this treatment; alemtuzumab by default.")] = "",
    reference: Annotated[
        str, typer.Option(help="Compare with this one; interferon beta-1a for the pair, placebo for the table.")
    ] = "",
    include_unverified: Annotated[
        bool,
        typer.Option(
            "--include-unverified", help="Let in intervals that nobody here has seen; every result is labelled."
        ),
    ] = False,
    with_risk_ratios: Annotated[
        bool,
        typer.Option(
            "--with-risk-ratios", help="Let risk ratios into a network of hazard ratios; every result is labelled."
        ),
    ] = False,
    model: Annotated[ModelChoice, typer.Option(help="Which model the tables show.")] = ModelChoice.RANDOM,
    format_: FormatOption = ShortFormat.TEXT,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of --format json and stop.")] = False,
    evidence: EvidenceOption = None,
) -> None:
    """Compare all drugs on one outcome by network meta-analysis; say what it cannot say.

    Example: equipoise network annualised-relapse-rate --treatment natalizumab --reference fingolimod
    """
    if schema:
        from equipoise.presentation import network_schema, wire

        return write(wire.as_json(network_schema.network_schema()))
    if not outcome:
        raise RequestError("an outcome is needed.\n  Try: equipoise network annualised-relapse-rate")
    from equipoise.consultation.network_answer import network_answer
    from equipoise.evidence import load_evidence

    base = load_evidence(evidence)
    answer = network_answer(
        outcome,
        evidence=base,
        include_unverified=include_unverified,
        with_risk_ratios=with_risk_ratios,
        treatment=treatment or None,
        reference=reference or None,
    )
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import network_wire, wire

        return write(wire.as_json(network_wire.network(answer)))
    from equipoise.presentation.network_terminal import print_network
    from equipoise.presentation.terminal import captured

    return write(captured(lambda console: print_network(answer, base, console, model=model.value)))
