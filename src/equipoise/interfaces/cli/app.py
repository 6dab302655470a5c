"""The commands. Heavy libraries are imported inside them, so that ``equipoise --help`` is instant."""

from __future__ import annotations

import contextlib
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
BAD_INPUT = 2
FINDING = 1
# What a shell reports for a program ended by a closed pipe: 128 + SIGPIPE.
CLOSED_PIPE = 141


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

        write(f"equipoise {equipoise.__version__}, evidence {evidence_of(None).release.version}\n")
        raise typer.Exit


def evidence_of(directory: Path | None) -> Evidence:
    """Return the evidence of a folder, or the packaged one."""
    from equipoise.evidence import load_evidence

    return load_evidence(directory)


def write(text: str | bytes, output: Path | None = None) -> None:
    """Write an answer to standard output or to a file.

    Raises
    ------
    RequestError
        If the file cannot be written; what was there stays.
    """
    content = text if isinstance(text, bytes) else text.encode()
    if output is None:
        try:
            sys.stdout.write(content.decode())
            sys.stdout.flush()
        except BrokenPipeError:
            _leave_closed_pipe()
        return
    # Through a link to what it leads to; a device or a pipe takes the text and stays what it is.
    named, output = output, Path(os.path.realpath(output))
    # Written beside and then moved into place: a full disk never costs the file that was there.
    beside = output.with_name(f".{output.name}.part")
    try:
        if output.exists() and not (output.is_file() or output.is_dir()):
            output.write_bytes(content)
            return
        beside.write_bytes(content)
        beside.replace(output)
    except OSError as error:
        with contextlib.suppress(OSError):  # a path through a file: there is nothing to take away
            beside.unlink(missing_ok=True)
        raise RequestError(
            f"'{named}' cannot be written: {error.strerror}.\n"
            "  Try: a folder that exists and that you may write to, after -o."
        ) from None
