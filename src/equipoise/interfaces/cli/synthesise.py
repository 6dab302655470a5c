"""``equipoise synthesise``: a network meta-analysis of any data set."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from equipoise.interfaces.cli.app import app, write
from equipoise.interfaces.cli.priors import PRIORS, baseline_prior, tau_prior
from equipoise.interfaces.cli.synthesis_request import Request
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.measures import Measure


class Effect(StrEnum):
    """Measures that compare."""

    ODDS_RATIO = Measure.ODDS_RATIO.value
    RISK_RATIO = Measure.RISK_RATIO.value
    RATE_RATIO = Measure.RATE_RATIO.value
    HAZARD_RATIO = Measure.HAZARD_RATIO.value
    MEAN_DIFFERENCE = Measure.MEAN_DIFFERENCE.value
    STANDARDISED_MEAN_DIFFERENCE = Measure.STANDARDISED_MEAN_DIFFERENCE.value
    RISK_DIFFERENCE = Measure.RISK_DIFFERENCE.value


class Model(StrEnum):
    """One true effect, or effects that vary between trials."""

    COMMON = "common"
    RANDOM = "random"


class Tau2(StrEnum):
    """Estimators of the between-trial variance."""

    DL = "dl"
    REML = "reml"
    ML = "ml"
    PM = "pm"


class Method(StrEnum):
    """How trials are put together."""

    INVERSE_VARIANCE = "inverse-variance"
    MANTEL_HAENSZEL = "mantel-haenszel"
    LIKELIHOOD = "likelihood"
    BAYES = "bayes"


class ZeroCells(StrEnum):
    """What to do with trials that have a zero cell."""

    CORRECT = "correct"
    DROP = "drop"


class Likelihood(StrEnum):
    """What the likelihood of a posterior is written for."""

    CONTRAST = "contrast"
    ARM = "arm"


class Inference(StrEnum):
    """What intervals rest on."""

    NORMAL = "normal"
    HARTUNG_KNAPP = "hartung-knapp"
    HARTUNG_KNAPP_AD_HOC = "hartung-knapp-ad-hoc"


class Baselines(StrEnum):
    """How trials' baselines belong together."""

    FIXED = "fixed"
    RANDOM = "random"


class ReportFormat(StrEnum):
    """How the analysis is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


def _print_schema(is_asked: bool) -> None:
    if not is_asked:
        return
    from equipoise.presentation import wire
    from equipoise.presentation.synthesis import schema as synthesis_schema

    write(wire.as_json(synthesis_schema.synthesis_schema()))
    raise typer.Exit


@app.command()
def synthesise(  # noqa: PLR0917 - typer gives every one of them by name
    file: Annotated[Path, typer.Argument(help="CSV file: arm rows or contrast rows, see the documentation.")],
    measure: Annotated[Effect, typer.Option(help="Measure of effect.")],
    model: Annotated[Model, typer.Option(help="Common or random effects.")] = Model.RANDOM,
    tau2: Annotated[Tau2, typer.Option(help="Estimator of the between-trial variance.")] = Tau2.REML,
    method: Annotated[Method, typer.Option(help="How trials are put together.")] = Method.INVERSE_VARIANCE,
    inference: Annotated[
        Inference,
        typer.Option(
            help="For --method inverse-variance: what intervals rest on. Hartung-Knapp is for few trials; it can be "
            "narrower than normal, ad hoc it never is."
        ),
    ] = Inference.NORMAL,
    reference: Annotated[
        str, typer.Option(help="Treatment to compare with; the first in the alphabet by default.")
    ] = "",
    smaller_is_better: Annotated[
        bool | None,
        typer.Option(
            "--smaller-is-better/--larger-is-better", help="Which way is better; without it nothing is ranked."
        ),
    ] = None,
    prior: Annotated[str, typer.Option(help=f"For --method bayes, the prior on tau: {PRIORS}.")] = "",
    likelihood: Annotated[
        Likelihood,
        typer.Option(help="For --method bayes: normal contrasts, or the exact counts of the arms."),
    ] = Likelihood.CONTRAST,
    baselines: Annotated[
        Baselines,
        typer.Option(help="For --likelihood arm: each trial's own, or drawn from one distribution."),
    ] = Baselines.FIXED,
    baseline_prior_: Annotated[
        str,
        typer.Option(
            "--baseline-prior",
            metavar="NAME:NUMBERS",
            help="For --baselines random: the prior on how baselines differ, for example half-normal:2.",
        ),
    ] = "",
    important: Annotated[
        float | None,
        typer.Option(
            metavar="SIZE",
            help="Smallest effect that matters, such as a ratio of 0.8; adds how probable it is, or, where there is no "
            "posterior, where the interval lies from it.",
        ),
    ] = None,
    merge: Annotated[
        list[str] | None, typer.Option(help="Count one treatment as another: OLD=NEW; may be given several times.")
    ] = None,
    zero_cells: Annotated[
        ZeroCells, typer.Option(help="Trials with a zero cell: correct or drop.")
    ] = ZeroCells.CORRECT,
    what_if: Annotated[
        str,
        typer.Option(
            metavar="TREATMENT",
            help="Also answer this treatment versus the reference under every change of the analysis.",
        ),
    ] = "",
    favoured_first: Annotated[
        str,
        typer.Option(
            metavar="A,B,C",
            help="Every treatment, the one that small trials are expected to favour most first; adds a funnel and a "
            "test of small-study effects.",
        ),
    ] = "",
    by_piece: Annotated[bool, typer.Option(help="Analyse each piece of a disconnected network by itself.")] = False,
    format_: Annotated[ReportFormat, typer.Option("--format", help="How to print it.")] = ReportFormat.TEXT,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")] = None,
    schema: Annotated[
        bool,
        typer.Option(
            "--schema",
            callback=_print_schema,
            is_eager=True,
            help="Print the JSON schema of --format json and stop.",
        ),
    ] = False,
) -> None:
    """Analyse a network of trials from a CSV file: every contrast, consistency, ranking, contributions.

    Example: equipoise synthesise trials.csv --measure odds-ratio --reference placebo --smaller-is-better
    """
    asked = Request(
        file=file,
        measure=measure.value,
        model=model.value,
        tau2=tau2.value,
        method=method.value,
        inference=inference.value,
        reference=reference,
        smaller_is_better=smaller_is_better,
        prior=tau_prior(prior, measure.value),
        likelihood=likelihood.value,
        baselines=baselines.value,
        baseline_prior=baseline_prior(baseline_prior_),
        important=important,
        merge=_merge(merge or []),
        zero_cells=zero_cells.value,
        what_if=what_if,
        by_piece=by_piece,
        favoured_first=tuple(name.strip() for name in favoured_first.split(",") if name.strip()),
    )
    write(_printed(asked.documents(), format_, by_piece=by_piece), output)


def _merge(words: list[str]) -> dict[str, str]:
    merged = {}
    for word in words:
        old, separator, new = word.partition("=")
        if not separator or not old or not new:
            raise RequestError(f"'{word}' does not say what to merge.\n  Try: --merge OLD=NEW")
        merged[old] = new
    return merged


def _printed(documents: list[dict[str, Any]], format_: ReportFormat, *, by_piece: bool) -> str:
    from equipoise.presentation import wire
    from equipoise.presentation.synthesis import html as synthesis_html
    from equipoise.presentation.synthesis import report as synthesis_report
    from equipoise.presentation.synthesis import wire as synthesis_wire

    if format_ is ReportFormat.JSON:
        return wire.as_json(documents if by_piece else documents[0])
    if format_ is ReportFormat.CSV:
        return "\n".join(synthesis_wire.estimates_csv(document) for document in documents)
    if format_ is ReportFormat.HTML:
        return synthesis_html.as_html(documents)
    return synthesis_report.as_text(documents)
