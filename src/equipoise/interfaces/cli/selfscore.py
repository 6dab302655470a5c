"""The command ``equipoise selfscore``: how the project does by the standards for decision aids."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.interfaces.cli.app import app, write

if TYPE_CHECKING:
    from equipoise.presentation.selfscore.bench import Fetch

_PAGES: list[Fetch] = []


class ScoreFormat(StrEnum):
    """How the score is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def ask_pages_of(fetch: Fetch) -> None:
    """Say where pages come from; the composition root does, because no face may import another."""
    _PAGES[:] = [fetch]


@app.command()
def selfscore(
    *,
    format_: Annotated[
        ScoreFormat, typer.Option("--format", help="For people, for programs, or for the page that the docs keep.")
    ] = ScoreFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file instead of the screen.")
    ] = None,
) -> None:
    """Score the project on IPDASi, NICE, its own requirements and WCAG, by checks that run now.

    Example: equipoise selfscore --format json -o score.json
    """
    from equipoise.presentation import wire
    from equipoise.presentation.selfscore import selfscore as score

    report = score(fetch=_PAGES[0] if _PAGES else None)
    if format_ is ScoreFormat.JSON:
        return write(wire.as_json(report.as_document()), output)
    return write(report.as_text() if format_ is ScoreFormat.TEXT else report.as_markdown(), output)
