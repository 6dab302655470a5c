"""What the command line prints for people."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text
from rich.tree import Tree

from equipoise.consultation import CheckedClaim, Consultation, Trace
from equipoise.consultation.long_run import LongRun
from equipoise.evidence import Evidence, Release, Source, Trial, Verdict
from equipoise.presentation.blocks import Block, Heading, Items, Paragraph, Table
from equipoise.presentation.outline import outline
from equipoise.presentation.plain_words import limits
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.provenance import Provenance, SourceRef, SourceRow
from equipoise.vocabulary.terms import Treatment

# Beyond this a line of text is hard to follow with the eye.
WIDEST = 120
PLAIN_WIDTH = 110

HEADING_STYLES = {1: "bold reverse", 2: "bold underline", 3: "bold"}
VERDICT_WORDS = {
    Verdict.SUPPORTED: "supported",
    Verdict.PARTLY: "partly supported",
    Verdict.NEEDS_QUALIFYING: "needs qualifying",
    Verdict.WRONG_AS_WRITTEN: "wrong as written",
}


def captured(show: Callable[[Console], None], *, to_file: bool = False) -> str:
    """Return what ``show`` prints, coloured if it will stand on a screen.

    Parameters
    ----------
    show
        Prints on the console it is given.
    to_file
        Whether the text goes to a file: plain, and of a fixed width.
    """
    screen = Console()
    plain = to_file or not screen.is_terminal
    written = io.StringIO()
    console = Console(
        file=written,
        width=PLAIN_WIDTH if plain else min(screen.width, WIDEST),
        force_terminal=not plain,
        highlight=False,
    )
    show(console)
    return "\n".join(line.rstrip() if plain else line for line in written.getvalue().split("\n"))


def print_long_run(run: LongRun, console: Console) -> None:
    """Print a course over years by a model, its limits first."""
    rows = []
    by_year = {(one.timepoint_months, one.outcome_id): one for one in run.estimates}
    for year in range(1, run.years + 1):
        ones = [by_year[12.0 * year, f"state-{state}"] for state in run.states]
        rows.append((str(year), *(f"{one.value:.0f} ({limits(one.interval, one.measure)})" for one in ones)))
    blocks: list[Block] = [
        Heading(1, f"The long run by a model, from the state {run.start}"),
        Paragraph("For research. This is a model and no observation; it says nothing about one person or one drug."),
        Items(run.limits),
        Table(("Year", *run.states), tuple(rows), f"Of 100 people, by {run.model_id}"),
        Paragraph(f"Where a number comes from: equipoise trace {run.estimates[-1].id}"),
    ]
    print_blocks(blocks, console)


def print_comparison(sitting: Consultation, console: Console) -> None:
    """Print the key outcomes of a consultation; the other formats carry the rest.

    Parameters
    ----------
    sitting
        The document.
    console
        Where to; its width decides how tables wrap, and whether there is colour.
    """
    print_blocks(outline(sitting, key_only=True), console)
    console.print(Text("Every outcome: --format html or --format markdown. For programs: --format json.", "dim"))


def print_blocks(blocks: Iterable[Block], console: Console) -> None:
    """Print headings, paragraphs, lists and tables one below the other."""
    for block in blocks:
        console.print(_rendered(block))


def print_trace(found: Trace, release: Release, console: Console) -> None:
    """Print where a number comes from, down to the raw cells."""
    item = found.item
    console.print(Text(item.text, "bold"))
    console.print(Text(f"id: {found.id}"))
    console.print(Text(f"how it was seen: {item.trust.value.replace('-', ' ')}"))
    if isinstance(item, Estimate):
        console.print(Text(f"applies to: {item.population}") if item.population else Text(""))
        console.print(Text(f"certainty: {item.certainty.level.value.replace('-', ' ')}"))
        for line in (*item.certainty.reasons, *item.notes):
            console.print(Text(f"  {line}"))
    tree = Tree(Text("comes from", "bold"))
    _grow(tree, found.provenance)
    console.print(tree)
    _print_release(release, console)


def _print_release(release: Release, console: Console) -> None:
    console.print(Text(f"Evidence {release.version}", "dim"))


def _grow(tree: Tree, node: Provenance) -> None:
    if not isinstance(node, SourceRow):
        branch = tree.add(Text(f"{node.name}: {node.formula}" + (f"  [{node.reference}]" if node.reference else "")))
        for inner in node.inputs:
            _grow(branch, inner)
        return
    leaf = tree.add(Text(f"{node.citation} {node.source.locator}."))
    leaf.add(Text(f"{node.table}, row {node.row_id}"))
    for name, value in node.cells:
        leaf.add(Text(f"{name} = {value}", "bold" if name in node.used else "dim"))
    for correction in node.corrections:
        leaf.add(Text(f"corrected: {correction}"))


def print_claims(checked: Sequence[CheckedClaim], release: Release, console: Console) -> None:
    """Print each claim with its verdict, the reason and the numbers behind it."""
    for one in checked:
        claim = one.claim
        console.print(Text(f"{claim.number}. {claim.claim}", "bold"))
        console.print(Text(f"   {VERDICT_WORDS[claim.verdict]}: {claim.reason}"))
        if claim.unseen:
            console.print(Text(f"   not seen in any source here: {claim.unseen}"))
        console.print(_items([f"{item.text} [{item.id}]" for item in one.items]))
    _print_release(release, console)


def print_options(options: Iterable[Treatment], console: Console) -> None:
    """Print the names that ``compare`` understands."""
    rows = tuple((o.option, o.name, o.detail, ", ".join(o.aliases)) for o in options)
    console.print(_table(Table(("name", "treatment", "as", "also understood"), rows)))


def print_trials(evidence: Evidence, console: Console) -> None:
    """Print every trial, one a line."""
    rows = tuple(
        (t.id, t.short_name, t.kind.value, "" if t.n_randomised is None else f"{t.n_randomised:,}", t.blinding)
        for t in evidence.trials.values()
    )
    console.print(_table(Table(("id", "name", "kind", "randomised", "blinding"), rows)))
    _print_release(evidence.release, console)


def print_trial(evidence: Evidence, trial: Trial, console: Console) -> None:
    """Print one trial: what it is, its arms, and every row about it."""
    console.print(Text(f"{trial.name} ({trial.kind.value})", "bold"))
    console.print(
        _items([f"{name}: {value}" for name, value in trial.row.cells if name not in ("trial_id", "name", "kind")])
    )
    arms = [arm for arm in evidence.arms.values() if arm.trial_id == trial.id]
    rows = tuple((a.id, a.treatment_id, a.kind.value, _blank(a.n_randomised), _blank(a.n_analysed)) for a in arms)
    console.print(_table(Table(("arm", "treatment", "kind", "randomised", "analysed"), rows, caption="Arms")))
    results = [r for r in evidence.arm_results.values() if r.trial_id == trial.id]
    shown = tuple(
        (
            r.arm_id,
            r.outcome_id,
            _blank(r.timepoint_months),
            _cells(r.row.cells, "value", "events", "n", "ci_low", "ci_high"),
            r.trust.value,
            _ref(r.source),
        )
        for r in results
    )
    console.print(
        _table(Table(("arm", "outcome", "months", "cells", "trust", "source"), shown, caption="Results by arm"))
    )
    contrasts = [c for c in evidence.contrasts.values() if c.trial_id == trial.id]
    compared = tuple(
        (
            f"{c.arm_id} versus {c.reference_arm_id}",
            c.outcome_id,
            _blank(c.timepoint_months),
            _cells(c.row.cells, "measure", "estimate", "ci_low", "ci_high", "p_value"),
            c.trust.value,
            _ref(c.source),
        )
        for c in contrasts
    )
    console.print(
        _table(Table(("comparison", "outcome", "months", "cells", "trust", "source"), compared, caption="Comparisons"))
    )


def print_sources(sources: Iterable[Source], console: Console) -> None:
    """Print sources with what they are and where they were read."""
    for source in sources:
        console.print(Text(source.id, "bold"))
        console.print(_items([part for part in (source.citation, source.kind, source.url) if part]))


def _ref(source: SourceRef) -> str:
    return f"{source.source_id}, {source.locator}"


def _blank(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _cells(cells: tuple[tuple[str, str], ...], *names: str) -> str:
    return "  ".join(f"{name} {value}" for name, value in cells if name in names)


def _rendered(block: Block) -> RenderableType:
    if isinstance(block, Heading):
        return Padding(
            Text(f" {block.text} " if block.level == 1 else block.text, HEADING_STYLES[block.level]), (1, 0, 0, 0)
        )
    if isinstance(block, Paragraph):
        return Text(block.text, "dim" if block.is_note else "")
    if isinstance(block, Items):
        return _items(block.texts)
    return _table(block)


def _items(texts: Sequence[str]) -> RenderableType:
    grid = RichTable.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    for text in texts:
        grid.add_row(Text("-"), Text(text))
    return Padding(grid, (0, 0, 0, 2))


def _table(block: Table) -> RenderableType:
    table = RichTable(box=box.SIMPLE_HEAD, title=block.caption or None, title_justify="left", pad_edge=False)
    for column in block.columns:
        table.add_column(column, overflow="fold")
    for row in block.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
