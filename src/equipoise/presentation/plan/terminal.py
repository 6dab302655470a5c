"""What ``equipoise plan`` prints for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from equipoise.presentation import terminal
from equipoise.presentation.blocks import Block, Heading, Items, Paragraph, Table
from equipoise.presentation.plan.days import appointments
from equipoise.safety.plan_document import MonitoringPlan, Period, Standing, StandingKind, SymptomWatch
from equipoise.vocabulary.estimate import Trust

_TRUST = {Trust.SECONDARY: "; read in a source that quotes the label"}
_STANDING = (
    (StandingKind.COURSES, "About the courses"),
    (StandingKind.AFTER_STOP, "After stopping"),
    (StandingKind.PREGNANCY, "Pregnancy"),
    (StandingKind.SWITCH, "Changing the drug"),
    (StandingKind.NOT_SEEN, "Not seen"),
    (StandingKind.NO_INTERVAL, "Asked for without a day; no interval is made up"),
    (StandingKind.EVERY_DOSE, "At each dose"),
    (StandingKind.CONDITIONAL, "Only for some people; say so with --condition"),
    (StandingKind.CONSIDER, "To consider"),
    (StandingKind.OPEN_END, "Goes on after the last day shown"),
)
TABLE = {
    "year": "Year",
    "tests": "Tests",
    "visits": "Visits for tests",
    "treatment_days": "Treatment days",
    "injections": "Injections",
}


def print_plan(plan: MonitoringPlan, name: str, console: Console) -> None:
    """Print a plan.

    Parameters
    ----------
    plan
        The plan.
    name
        Name of the treatment.
    console
        Where to.
    """
    terminal.print_blocks(plan_outline(plan, name), console)
    console.print(Text(f"Evidence {plan.evidence_version}", "dim"))


def plan_outline(plan: MonitoringPlan, name: str) -> Iterator[Block]:
    """Yield a plan as headings, paragraphs, tables and lists."""
    yield Heading(1, f"What is due when: {name}, {plan.jurisdiction} label")
    yield Paragraph(ending(plan))
    yield Table(
        tuple(TABLE.values()),
        tuple(
            (str(b.year), str(b.tests), str(b.visits), str(b.treatment_days), str(b.injections)) for b in plan.burden
        ),
        "What it adds up to in each calendar year",
    )
    years = sorted({task.due.year for task in plan.tasks})
    for year in years:
        yield Heading(2, str(year))
        rows = [
            (f"{item.due:%a} {item.due}", item.what, f"{item.window_start or '...'} to {item.window_end}")
            for item in appointments(plan)
            if item.due.year == year
        ]
        yield Table(("Due", "What", "Counts from, to"), tuple(rows))
    if plan.periods:
        yield Heading(2, "From one day to another")
        yield Items(tuple(period_text(period) for period in plan.periods))
    for kind, title in _STANDING:
        texts = tuple(standing_text(item) for item in plan.standing if item.kind is kind)
        if texts:
            yield Heading(2, title)
            yield Items(texts)
    if plan.watch:
        yield Heading(2, "What to look out for, also after the last test")
        yield Items(tuple(watch_text(item) for item in plan.watch))
    yield Heading(2, "Where it stands")
    entries = {task.entry.id: task.entry for task in plan.tasks}
    yield Items(
        tuple(
            f"{entry.id}: {entry.text} [{entry.source.source_id}, {entry.source.locator}{_TRUST.get(entry.trust, '')}]"
            for entry in entries.values()
        )
    )


def ending(plan: MonitoringPlan) -> str:
    """Say when the tests end, and that looking out for signs does not."""
    if plan.ends_on is None:
        return (
            f"The label text seen names no last day for tests; the days shown go to {plan.laid_out_to}. "
            "A day counts around its date by this program's own rule of some days, not the label's."
        )
    return (
        f"Tests go on until {plan.ends_on} at the least; another course moves that day. After it, keep looking out for "
        "signs. A day counts around its date by this program's own rule of some days, not the label's."
    )


def period_text(period: Period) -> str:
    """Say a period with its days."""
    ends = f"to {period.ends}" if period.ends is not None else "on; the last dose is not known yet"
    longer = " or longer" if period.may_last_longer else ""
    return f"{period.kind.replace('-', ' ')}, from {period.starts} {ends}{longer}: {period.text} [{period.entry.id}]"


def standing_text(item: Standing) -> str:
    """Say what has no day, and why."""
    if item.entry is None:
        return item.text if item.text == item.why else f"{item.text} {item.why}"
    return (
        f"{item.text} {item.why} [{item.entry.id}]"
        if item.text.endswith(".")
        else (f"{item.text}. {item.why} [{item.entry.id}]")
    )


def watch_text(item: SymptomWatch) -> str:
    """Say a sign, what the text says to do, and who says so."""
    does = f": {item.action}" if item.action else ""
    urgency = f" ({item.urgency})" if item.urgency else ""
    return f"{item.text}{does}{urgency} [{item.origin}; {item.entry.id}]"
