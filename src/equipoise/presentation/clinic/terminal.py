"""What ``equipoise clinic`` prints for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from equipoise.clinic.importing import ImportReport
from equipoise.clinic.morning import ListedTask, Morning
from equipoise.clinic.standing import Position
from equipoise.presentation.blocks import Block, Heading, Items, Paragraph, Table
from equipoise.presentation.clinic.alerts import cannot_judge, label_says, urgency, what_helps, where_said
from equipoise.safety.monitoring_tests import ANALYTES, name_of_test

MOST_LINES = 200
"""Lines of a list on a screen; the machine form holds all."""


def morning(of: Morning) -> Iterator[Block]:
    """Yield the list of the morning."""
    yield Heading(1, f"{of.clinic}, {of.on}")
    yield Paragraph(
        f"{of.people} people. Alerts: {len(of.alerts)}. Overdue: {len(of.overdue)}. Due: {len(of.due)}. "
        f"Silent: {len(of.silent)}. Put off: {of.snoozed}. Imported rows kept aside: {of.kept_aside}."
    )
    yield from alerts(of)
    if of.overdue:
        rows = tuple(_overdue(task) for task in of.overdue[:MOST_LINES])
        columns = ("Who", "What", "Overdue", "Missed in a row", "Last done", "The label says", "Task")
        yield Heading(2, "Overdue, gravest first")
        yield Table(columns, rows)
        yield from _more(len(of.overdue))
    if of.due:
        rows = tuple(
            (task.person, name_of_test(task.test_id), str(task.due), str(task.window_end), task.task_id)
            for task in of.due[:MOST_LINES]
        )
        yield Heading(2, "Due")
        yield Table(("Who", "What", "Due", "In time until", "Task"), rows)
        yield from _more(len(of.due))
    if of.silent:
        yield Heading(2, "Silent since something was missed")
        texts = (
            f"{one.person}: missing since {one.since}; last heard of {one.last_heard or 'never'}" for one in of.silent
        )
        yield Items(tuple(texts)[:MOST_LINES])
    if of.without_plan:
        yield Heading(2, "Nothing is watched: no course on record")
        yield Items((", ".join(of.without_plan[:MOST_LINES]),))


def alerts(of: Morning) -> Iterator[Block]:
    """Yield the alerts that nobody has acknowledged."""
    if of.alerts:
        yield Heading(2, "Results that nobody has acknowledged, most urgent first")
        yield Items(tuple(f"{person}: {_alert(alert)}" for person, alert in of.alerts[:MOST_LINES]))
        yield from _more(len(of.alerts))


def _more(count: int) -> Iterator[Block]:
    if count > MOST_LINES:
        yield Paragraph(f"{count - MOST_LINES} more; '--format json' holds them all.", is_note=True)


def _overdue(task: ListedTask) -> tuple[str, ...]:
    said = ("boxed warning; " if task.is_boxed else "") + (task.level or "level not stated")
    return (
        task.person,
        name_of_test(task.test_id),
        f"{task.days_overdue} days",
        str(task.missed_in_a_row),
        str(task.last_done or "never"),
        said,
        task.task_id,
    )


def _alert(alert: Mapping[str, Any]) -> str:
    name = ANALYTES[alert["analyte"]].name
    value = f"{alert['comparator']}{alert['value']:g} {alert['unit']}"
    action = f" {alert['action'].rstrip('.')}." if alert["action"] else ""
    said = "".join(f" {text}" for text in label_says(alert))
    return (
        f"{name} {value} on {alert['taken_on']}. {alert['text'].rstrip('.')}.{action} Urgency: {urgency(alert)}. "
        f"Origin: {alert['origin']} ({where_said(alert)}).{said} [{alert['id']}]"
    )


def position(of: Position, entries: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[Block]:
    """Yield where a person stands, and every entry in the order of writing."""
    title = f"{of.person.label}, {of.on}" + (f" ({of.person.name})" if of.person.name else "")
    yield Heading(1, title)
    if of.plan is None or of.watch is None:
        yield Paragraph("No course is on record: nothing is watched.")
    else:
        end = f"Tests at least until {of.plan.ends_on}." if of.plan.ends_on else "The label names no end of the tests."
        yield Paragraph(f"{', '.join(of.plan.drugs)}, {of.plan.jurisdiction} label. {end}")
        sections = (
            ("Alerts", [_alert(_wire(alert)) for alert in of.open_alerts]),
            (
                "Overdue",
                [
                    f"{name_of_test(o.task.test_id)}, due {o.task.due}, {o.days} days [{o.task.id}]"
                    for o in of.watch.overdue
                ],
            ),
            ("Due", [f"{name_of_test(t.test_id)}, {t.due} to {t.window_end} [{t.id}]" for t in of.watch.due]),
            ("Next", [f"{name_of_test(t.test_id)}, {t.due} [{t.id}]" for t in of.watch.upcoming[:10]]),
        )
        for title, texts in sections:
            if texts:
                yield Heading(2, title)
                yield Items(tuple(texts))
    yield Heading(2, "Entries")
    replaced = {row["corrects"] for _, row in entries if row["corrects"]}
    yield Table(("Written", "By", "What", "Entry"), tuple(_entry(kind, row, replaced) for kind, row in entries))


def _wire(alert: Any) -> Mapping[str, Any]:
    from equipoise.clinic.alert_document import alert_document

    return alert_document(alert)


def _entry(kind: str, row: Mapping[str, Any], replaced: set[str]) -> tuple[str, ...]:
    said = {
        "person": lambda: f"person {row['label']}, {row['jurisdiction']}",
        "course": lambda: f"{row['event']} {row['drug']} {row['on_day']}",
        "result": lambda: f"{row['analyte']} {row['comparator']}{row['value']:g} {row['unit']} on {row['taken_on']}",
        "done": lambda: f"done {row['task_id']} on {row['on_day']}",
        "contact": lambda: f"{row['how']} on {row['on_day']}" + ("" if row["reached"] else ", not reached"),
        "acknowledgement": lambda: f"acknowledged {row['alert_id']}",
        "snooze": lambda: f"put off {row['subject_id']} until {row['until_day']}: {row['reason']}",
    }[kind]()
    if row["withdrawn"]:
        said = f"withdrawn: {said}"
    elif row["corrects"]:
        said = f"correction: {said}"
    if row["id"] in replaced:
        said += " (replaced later)"
    return str(row["recorded_at"])[:16], str(row["recorded_by"]), said, str(row["id"])


def imported(of: ImportReport) -> Iterator[Block]:
    """Yield what an import did or would do."""

    def verb(count: int) -> str:
        return "would be" if of.is_dry_run else "was" if count == 1 else "were"

    yield Heading(1, f"{of.file}: {of.rows} {_word(of.rows, 'row')}" + (", a look only" if of.is_dry_run else ""))
    if of.is_refused:
        yield Paragraph(f"{of.n_faults} {_word(of.n_faults, 'fault')}; nothing was imported.")
    else:
        yield Paragraph(
            f"{_count(of.new, 'result')} {verb(of.new)} added, {of.corrected} replace an earlier report, {of.known} "
            f"stood in the book already; {_count(of.unmatched, 'row')} {verb(of.unmatched)} kept aside, "
            f"{of.kept_before} from before."
        )
    if of.faults:
        yield Items(tuple(f"line {one.line}{_column(one.column)}: {one.problem}" for one in of.faults))
        if more := of.n_faults - len(of.faults):
            yield Paragraph(f"{more} more {_word(more, 'fault')}.", is_note=True)
    if of.aside:
        yield Heading(2, "Kept aside")
        yield Items(tuple(f"line {line}, '{who}': {why}" for line, who, why in of.aside))
    if of.n_cannot_judge:
        yield Heading(2, f"Nothing to hold against: {_count(of.n_cannot_judge, 'result')}")
        yield Paragraph(what_helps(of))
        for why, rows in cannot_judge(of):
            yield Paragraph(why)
            yield Items(tuple(rows))
        if more := of.n_cannot_judge - len(of.cannot_judge):
            yield Paragraph(f"{more} more of this kind.", is_note=True)


def _column(name: str) -> str:
    return f", column {name}" if name else ""


def _count(count: int, one: str) -> str:
    return f"{count} {_word(count, one)}"


def _word(count: int, one: str) -> str:
    return one if count == 1 else f"{one}s"
