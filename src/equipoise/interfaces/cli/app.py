"""The commands. Heavy libraries are imported inside them, so that ``equipoise --help`` is instant."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from equipoise.vocabulary.errors import EquipoiseError, RequestError

if TYPE_CHECKING:
    from equipoise.evidence import Evidence

app = typer.Typer(
    name="equipoise",
    help=(
        "Compare treatments for relapsing-remitting multiple sclerosis; every number with its source. "
        "It informs, it never orders."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
evidence_app = typer.Typer(
    name="evidence", help="Look at the evidence, and check it.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(evidence_app)

BAD_INPUT = 2
FINDING = 1
# What a shell reports for a program ended by a closed pipe: 128 + SIGPIPE.
CLOSED_PIPE = 141


class Format(StrEnum):
    """How a comparison is printed."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"


class ShortFormat(StrEnum):
    """How everything else is printed."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[ShortFormat, typer.Option("--format", help="For people or for programs.")]
EvidenceOption = Annotated[
    Path | None,
    typer.Option(
        "--evidence", metavar="DIR", help="Answer from another folder of evidence instead of the packaged one."
    ),
]


def run() -> NoReturn:
    """Run the command line: errors to stderr, exit 0, 1 for a finding, 2 for bad input."""
    try:
        app()
    except EquipoiseError as error:
        print(f"equipoise: {error}", file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None
    raise SystemExit(0)


def _leave_closed_pipe() -> NoReturn:
    # Python flushes stdout once more at exit; without this the reader's leaving would end in a traceback.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(CLOSED_PIPE)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version of the program and of the evidence.")
    ] = False,
) -> None:
    if version:
        import equipoise

        write(f"equipoise {equipoise.__version__}, evidence {_evidence(None).release.version}\n")
        raise typer.Exit


@app.command()
def compare(
    first: Annotated[
        str, typer.Argument(help="One treatment: alemtuzumab, a brand, an alias; see 'equipoise options'.")
    ] = "",
    second: Annotated[str, typer.Argument(help="The other; comparisons read first versus second.")] = "",
    jurisdiction: Annotated[str, typer.Option(help="Whose labels apply: US, EU or UK.")] = "EU",
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
    write(_compared(first, second, jurisdiction, format_, _evidence(evidence), to_file=output is not None), output)


def _compared(first: str, second: str, jurisdiction: str, format_: Format, evidence: Evidence, *, to_file: bool) -> str:
    from equipoise.consultation import consult

    sitting = consult(first, second, jurisdiction=jurisdiction, evidence=evidence)
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


@app.command()
def trace(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a number or a statement, as every answer carries it.")
    ],
    format_: FormatOption = ShortFormat.TEXT,
    evidence: EvidenceOption = None,
) -> None:
    """Print where a number comes from: citation, locator, raw cells, every computation.

    Example: equipoise trace arm.care-ms-i-alem12.relapse-free.24m.km-proportion
    """
    from equipoise.consultation import trace as find

    base = _evidence(evidence)
    found = find(identifier, evidence=base)
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

    base = _evidence(evidence)
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

    treatments = _evidence(None).options
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

    base = _evidence(None)
    write(captured(lambda console: print_trials(base, console)))


@evidence_app.command("show")
def evidence_show(trial: Annotated[str, typer.Argument(help="Id or name of a trial: CARE-MS-I.")]) -> None:
    """Show one trial: what it is, its arms, and every row about it with its source.

    Example: equipoise evidence show CARE-MS-I
    """
    from equipoise.presentation.terminal import captured, print_trial

    base = _evidence(None)
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

    base = _evidence(None)
    found = [base.source(source)] if source else list(base.sources.values())
    write(captured(lambda console: print_sources(found, console)))


def _evidence(directory: Path | None) -> Evidence:
    from equipoise.evidence import load_evidence

    return load_evidence(directory)


def write(text: str, output: Path | None = None) -> None:
    """Write an answer to standard output or to a file.

    Raises
    ------
    RequestError
        If the file cannot be written; what was there stays.
    """
    if output is None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            _leave_closed_pipe()
        return
    # Written beside and then moved into place: a full disk never costs the file that was there.
    beside = output.with_name(f".{output.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise RequestError(
            f"'{output}' cannot be written: {error.strerror}.\n"
            "  Try: a folder that exists and that you may write to, after -o."
        ) from None
