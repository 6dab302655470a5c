"""``equipoise synthesise``: a network meta-analysis of any data set."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from equipoise.interfaces.cli.app import app, write
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.measures import Measure

if TYPE_CHECKING:
    from equipoise.synthesis.priors import TauPrior


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


class ReportFormat(StrEnum):
    """How the analysis is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


PRIORS = "half-normal:SCALE, half-cauchy:SCALE, uniform:UPPER, log-normal:MEAN,SD or log-t:LOCATION,SCALE"


@app.command()
def synthesise(  # noqa: PLR0917 - typer gives every one of them by name
    file: Annotated[Path, typer.Argument(help="CSV file: arm rows or contrast rows, see the documentation.")],
    measure: Annotated[Effect, typer.Option(help="Measure of effect.")],
    model: Annotated[Model, typer.Option(help="Common or random effects.")] = Model.RANDOM,
    tau2: Annotated[Tau2, typer.Option(help="Estimator of the between-trial variance.")] = Tau2.REML,
    method: Annotated[Method, typer.Option(help="How trials are put together.")] = Method.INVERSE_VARIANCE,
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
    important: Annotated[
        float | None,
        typer.Option(
            metavar="SIZE",
            help="For --method bayes: smallest effect that matters, such as a ratio of 0.8; adds how probable it is.",
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
    by_piece: Annotated[bool, typer.Option(help="Analyse each piece of a disconnected network by itself.")] = False,
    format_: Annotated[ReportFormat, typer.Option("--format", help="How to print it.")] = ReportFormat.TEXT,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """Analyse a network of trials from a CSV file: every contrast, consistency, ranking, contributions.

    Example: equipoise synthesise trials.csv --measure odds-ratio --reference placebo --smaller-is-better
    """
    from equipoise.synthesis import read_network
    from equipoise.synthesis.tables import read_counts

    merged = _merge(merge or [])
    better = smaller_is_better
    if important is not None and (method is not Method.BAYES or likelihood is not Likelihood.CONTRAST):
        raise RequestError(
            "--important needs a posterior of normal contrasts.\n  Try: --method bayes --likelihood contrast"
        )
    if what_if and method is not Method.INVERSE_VARIANCE:
        raise RequestError(
            f"--what-if changes an analysis by inverse variance, not by {method.value}.\n"
            "  Try: --method inverse-variance; priors on tau are among the changes"
        )
    if method is Method.MANTEL_HAENSZEL:
        _require_mantel_haenszel(measure, merged)
        documents = [_mantel_haenszel(read_counts(file), reference, better)]
    elif method is Method.LIKELIHOOD or (method is Method.BAYES and likelihood is Likelihood.ARM):
        counted = _counted(file, measure, merged)
        documents = []
        for piece in counted.split() if by_piece else (counted,):
            against = "" if by_piece and reference not in piece.treatments else reference
            if method is Method.LIKELIHOOD:
                documents.append(_likelihood(piece, against, better))
            else:
                documents.append(_arm_bayes(piece, model, prior, against, better))
    else:
        network = read_network(file, measure.value, reference=reference, merge=merged, zero_cells=zero_cells.value)
        pieces = network.split() if by_piece else (network,)
        if method is Method.BAYES:
            documents = [_bayes(piece, prior, better, important) for piece in pieces]
        else:
            if what_if and what_if not in network.treatments:
                raise UnknownTermError("treatment", what_if, network.treatments)
            documents = [_inverse_variance(piece, model, tau2, better, what_if) for piece in pieces]
    write(_printed(documents, format_, by_piece=by_piece), output)


def _require_mantel_haenszel(measure: Effect, merged: dict[str, str]) -> None:
    if measure is not Effect.ODDS_RATIO:
        raise RequestError(
            f"Mantel-Haenszel is for odds ratios here, not for a {measure.value}.\n  Try: --measure odds-ratio"
        )
    if merged:
        raise RequestError("Mantel-Haenszel does not merge treatments.\n  Try: rename them in the file itself.")


def _merge(words: list[str]) -> dict[str, str]:
    merged = {}
    for word in words:
        old, separator, new = word.partition("=")
        if not separator or not old or not new:
            raise RequestError(f"'{word}' does not say what to merge.\n  Try: --merge OLD=NEW")
        merged[old] = new
    return merged


def _mantel_haenszel(counts: Any, reference: str, better: bool | None) -> dict[str, Any]:
    from equipoise.presentation import synthesis_supplement, synthesis_wire
    from equipoise.synthesis import mantel_haenszel
    from equipoise.synthesis.analysis import report_on

    fitted = mantel_haenszel(*counts, reference=reference)
    analysis = report_on(fitted, smaller_is_better=better)
    document = synthesis_wire.network_meta_analysis(analysis, "mantel-haenszel", smaller_is_better=better)
    # The fit knows designs, into which the method pools trials first; a reader counts trials.
    studies = list(dict.fromkeys(counts[0]))
    shape = synthesis_supplement.geometry_of_rows(counts[0], counts[1], document["treatments"])
    return document | {"studies": len(studies), "study_names": studies, "geometry": shape}


def _counted(file: Path, measure: Effect, merged: dict[str, str]) -> Any:
    from equipoise.synthesis.counted import COUNTED_MEASURES
    from equipoise.synthesis.tables import read_counted

    if measure.value not in COUNTED_MEASURES:
        allowed = " or ".join(COUNTED_MEASURES)
        raise RequestError(
            f"there is no likelihood of counts for a {measure.value}.\n"
            f"  Try: --measure {allowed}, or --method inverse-variance"
        )
    return read_counted(file, measure.value, merge=merged)


def _likelihood(counted: Any, reference: str, better: bool | None) -> dict[str, Any]:
    from equipoise.presentation import synthesis_wire
    from equipoise.synthesis.analysis import analyse_likelihood

    analysis = analyse_likelihood(counted, reference=reference, smaller_is_better=better)
    return synthesis_wire.network_meta_analysis(analysis, "likelihood", smaller_is_better=better)


def _arm_bayes(counted: Any, model: Model, prior: str, reference: str, better: bool | None) -> dict[str, Any]:
    from equipoise.presentation import synthesis_wire
    from equipoise.synthesis.analysis import analyse_arms

    found = analyse_arms(
        counted,
        model=model.value,
        prior=_prior(prior) if prior else None,
        reference=reference,
        smaller_is_better=better,
    )
    return synthesis_wire.arm_network_meta_analysis(found, smaller_is_better=better)


def _inverse_variance(network: Any, model: Model, tau2: Tau2, better: bool | None, asked: str) -> dict[str, Any]:
    from equipoise.presentation import synthesis_supplement, synthesis_wire
    from equipoise.synthesis.analysis import analyse
    from equipoise.synthesis.what_if import what_if

    analysis = analyse(network, model=model.value, tau2_method=tau2.value, smaller_is_better=better)
    document = synthesis_wire.network_meta_analysis(analysis, "inverse-variance", smaller_is_better=better)
    if asked not in network.treatments:
        return document
    rows = what_if(network, asked, network.reference, model=model.value, tau2_method=tau2.value)
    shown = synthesis_supplement.what_if(rows, asked, network.reference, is_ratio=network.measure.is_ratio)
    return document | {"what_if": shown}


def _bayes(network: Any, prior: str, better: bool | None, important: float | None) -> dict[str, Any]:
    from equipoise.presentation import synthesis_supplement, synthesis_wire
    from equipoise.synthesis.analysis import analyse_bayes

    found = analyse_bayes(network, prior=_prior(prior) if prior else None, smaller_is_better=better)
    document = synthesis_wire.bayesian_network_meta_analysis(found, smaller_is_better=better)
    if important is None:
        return document
    return synthesis_supplement.with_important(document, found.posterior, important)


def _prior(words: str) -> TauPrior:
    from equipoise.synthesis import priors

    makers: dict[str, tuple[Any, int]] = {
        "half-normal": (priors.half_normal, 1),
        "half-cauchy": (priors.half_cauchy, 1),
        "uniform": (priors.uniform, 1),
        "log-normal": (priors.log_normal_tau2, 2),
        "log-t": (priors.log_t_tau2, 2),
    }
    name, _, numbers = words.partition(":")
    make, count = makers.get(name, (None, 0))
    try:
        values = [float(number) for number in numbers.split(",")]
    except ValueError:
        values = []
    if make is None or len(values) != count:
        raise RequestError(f"'{words}' is no prior that is known.\n  allowed: {PRIORS}")
    prior: TauPrior = make(*values)
    return prior


def _printed(documents: list[dict[str, Any]], format_: ReportFormat, *, by_piece: bool) -> str:
    from equipoise.presentation import synthesis_html, synthesis_report, synthesis_wire, wire

    if format_ is ReportFormat.JSON:
        return wire.as_json(documents if by_piece else documents[0])
    if format_ is ReportFormat.CSV:
        return "\n".join(synthesis_wire.estimates_csv(document) for document in documents)
    if format_ is ReportFormat.HTML:
        return synthesis_html.as_html(documents)
    return synthesis_report.as_text(documents)
