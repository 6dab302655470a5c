"""The commands ``equipoise panel ...``: a whole population, synthetic or read from OMOP tables."""

from __future__ import annotations

import contextlib
import datetime
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from equipoise.interfaces.cli.app import EvidenceOption, FormatOption, ShortFormat, app, evidence_of, write
from equipoise.vocabulary.errors import RequestError

panel = typer.Typer(
    name="panel",
    help="A whole population: simulate one, ask what is due in it, read and write OMOP tables.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(panel)


class EngineName(StrEnum):
    """What the evaluation runs on; the answer is the same."""

    DUCKDB = "duckdb"
    SPARK = "spark"


FolderOption = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="A new or empty folder.")]


@panel.command()
def simulate(
    people: Annotated[int, typer.Option(help="How many people.")],
    output: FolderOption,
    seed: Annotated[int, typer.Option(help="The same seed makes the same people.")] = 0,
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="The panel's last day; 2026-06-30 by default.")
    ] = "",
    format_: FormatOption = ShortFormat.TEXT,
    evidence: EvidenceOption = None,
) -> None:
    """Make a panel of synthetic people with RRMS: courses, results, relapses, EDSS, and planted events to find again.

    Example: equipoise panel simulate --people 10000 --seed 1 -o panel
    """
    from equipoise.panel.simulate import LAST_DAY, simulate_panel

    last_day = _day(until, "--until") if until else LAST_DAY
    begun = time.perf_counter()
    with _progress("people", people) as advance:
        done = simulate_panel(
            output,
            people,
            seed,
            evidence_of(evidence),
            last_day=last_day,
            workers=min(2, os.cpu_count() or 1),
            advance=advance,
        )
    answer = {
        "folder": str(output),
        "synthetic": True,
        "seed": seed,
        "last_day": last_day.isoformat(),
        "rows": dict(done.rows),
        "planted": dict(done.planted),
        "seconds": round(time.perf_counter() - begun, 1),
    }
    lines = [
        f"{done.rows['people']:,} synthetic people in '{output}'; nobody in it exists.",
        *_listed("rows", {name: n for name, n in done.rows.items() if name != "people"}),
        *_listed("planted events", done.planted),
        f"{answer['seconds']} s; ask it: equipoise panel evaluate {output} --on {last_day} -o findings.parquet",
    ]
    _answer(format_, answer, lines)


@panel.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A panel.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Where the findings go: .parquet or .csv.")
    ],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day; today by default.")] = "",
    engine: Annotated[EngineName, typer.Option(help="What it runs on.")] = EngineName.DUCKDB,
    threads: Annotated[int, typer.Option(help="How many threads the engine may use here.", min=1, max=256)] = 2,
    format_: FormatOption = ShortFormat.TEXT,
    evidence: EvidenceOption = None,
) -> None:
    """Say what is due, what is overdue and which results call for somebody, for everyone in a panel.

    Example: equipoise panel evaluate panel --on 2026-06-30 --engine duckdb -o findings.parquet
    """
    from equipoise.panel.evaluate import evaluate_panel
    from equipoise.panel.recall import judge

    day = _day(on, "--on") if on else datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    begun = time.perf_counter()
    with _progress("parts") as advance:
        done = evaluate_panel(
            folder, day, output, evidence_of(evidence), engine=engine.value, threads=threads, advance=advance
        )
    judged = judge(folder, output, day)
    answer = {
        "on": day.isoformat(),
        "engine": engine.value,
        "people": done.people,
        "plans": done.plans,
        "findings": dict(done.findings),
        "people_with": dict(done.people_with),
        "refused_plans": done.refused_plans,
        "refused_results": done.refused_results,
        "unknown_results": done.unknown_results,
        "planted": None if judged is None else judged.as_dict(),
        "output": str(output),
        "seconds": round(time.perf_counter() - begun, 1),
    }
    lines = [
        f"{done.people:,} people, {done.plans:,} plans on {day}, by {engine.value}.",
        *_listed("findings", done.findings),
        *_listed("people with at least one", done.people_with),
    ]
    if done.refused_plans or done.refused_results or done.unknown_results:
        left = {
            "plans: days of courses contradict each other": done.refused_plans,
            "results: impossible number, range or day": done.refused_results,
            "results: of something no rule is about": done.unknown_results,
        }
        lines += _listed("left aside", {name: n for name, n in left.items() if n})
    if judged is not None:
        lines += ["planted events found again", *(f"  {line}" for line in judged.lines())]
    lines.append(f"{answer['seconds']} s; findings in '{output}'")
    _answer(format_, answer, lines)


@panel.command("from-omop")
def from_omop(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with person, drug_exposure, measurement.")],
    output: FolderOption,
    jurisdiction: Annotated[str, typer.Option(help="Whose label applies to these people: US, EU or UK.")],
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Read OMOP tables (Parquet or CSV) as a panel. What cannot be mapped is counted, never guessed.

    Example: equipoise panel from-omop omop --jurisdiction EU -o panel
    """
    from equipoise.panel.omop import read_omop

    done = read_omop(folder, output, jurisdiction)
    lines = [f"{done.rows['people']:,} people in '{output}'.", *_listed("rows", done.rows)]
    lines += _listed("left aside", done.left_aside) if done.left_aside else []
    _answer(format_, {"folder": str(output), "rows": done.rows, "left_aside": done.left_aside}, lines)


@panel.command("to-omop")
def to_omop(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A panel.")],
    output: FolderOption,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Write a panel as OMOP tables: person, drug_exposure, measurement.

    Example: equipoise panel to-omop panel -o omop
    """
    from equipoise.panel.omop import write_omop

    done = write_omop(folder, output)
    lines = [f"OMOP tables in '{output}'.", *_listed("rows", done.rows)]
    lines += _listed("left aside", done.left_aside) if done.left_aside else []
    _answer(format_, {"folder": str(output), "rows": done.rows, "left_aside": done.left_aside}, lines)


def _answer(format_: ShortFormat, answer: Mapping[str, object], lines: list[str]) -> None:
    if format_ is ShortFormat.JSON:
        from equipoise.presentation import wire

        return write(wire.as_json(dict(answer)))
    return write("\n".join(lines) + "\n")


def _listed(title: str, counts: Mapping[str, int]) -> list[str]:
    widest = max((len(name) for name in counts), default=0)
    return [title, *(f"  {name:<{widest}}  {number:>12,}" for name, number in counts.items())]


@contextlib.contextmanager
def _progress(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Show a bar on a terminal; nothing where nobody looks. ``advance(n)`` adds, ``advance(done, of)`` sets."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)

        def advance(number: int, of: int | None = None) -> None:
            if of is None:
                bar.advance(task, number)
            else:
                bar.update(task, completed=number, total=of)

        yield advance


def _day(text: str, option: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise RequestError(
            f"{option}: '{text}' is no day.\n  allowed: year-month-day, such as 2026-03-31\n  Try: {option} 2026-03-31"
        ) from None
