"""One person of the clinic as a page: where they stand, what was found, and every entry ever written."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from equipoise.clinic.alert_document import alert_document
from equipoise.clinic.standing import Position, listed_ids
from equipoise.evidence import Evidence
from equipoise.presentation.clinic.pages import AlertRow, alert_row
from equipoise.presentation.pictures.clinic_timeline import (
    ClinicTimeline,
    Strip,
    TimelineMark,
    clinic_timeline,
    clinic_timeline_table,
)
from equipoise.presentation.plan.terminal import ending, watch_text
from equipoise.safety.monitoring_tests import ANALYTES, name_of_test
from equipoise.safety.plan_document import PlannedTask, StandingKind, TaskKind
from equipoise.safety.results import Result
from equipoise.safety.watch import Overdue

LISTED = frozenset([TaskKind.TEST, TaskKind.BASELINE, TaskKind.VACCINE])
BACK = datetime.timedelta(days=730)
AHEAD = datetime.timedelta(days=184)
"""The picture shows two years back and half a year ahead: more, and monthly tests run into each other on a phone."""
_MOST_AHEAD = 12

Entries = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Missed:
    """A run of missed tests of one series.

    Attributes
    ----------
    first
        The oldest of them.
    count
        How many.
    put_off
        Until when it was put off, if it was.
    """

    first: Overdue
    count: int
    put_off: datetime.date | None


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """An entry as the page lists it.

    Attributes
    ----------
    at, by, what, entry
        When, by whom, what it says, and its id.
    may_go, may_be_mended
        Whether it can be taken back, and whether it can be put right by a new one.
    """

    at: str
    by: str
    what: str
    entry: str
    may_go: bool
    may_be_mended: bool


_MENDED = frozenset(["result", "course", "contact", "done"])
_WITHOUT_A_DAY = frozenset([StandingKind.NO_INTERVAL, StandingKind.CONDITIONAL, StandingKind.NOT_SEEN])


@dataclass(frozen=True)
class PersonView:
    """What the template of a person needs.

    Attributes
    ----------
    of
        Where the person stands.
    entries
        Kind and row of every entry about them.
    """

    of: Position
    entries: Entries

    @property
    def drugs(self) -> str:
        """Ids of the drugs of the plan."""
        return ", ".join(self.of.plan.drugs) if self.of.plan else ""

    @property
    def ending(self) -> str:
        """Until when tests go on."""
        return ending(self.of.plan) if self.of.plan else ""

    @property
    def alerts(self) -> tuple[AlertRow, ...]:
        """What nobody has acknowledged, most urgent first."""
        return tuple(alert_row(alert_document(alert)) for alert in self.of.open_alerts)

    @property
    def overdue(self) -> tuple[Overdue, ...]:
        """What was missed, gravest first."""
        return tuple(one for one in (self.of.watch.overdue if self.of.watch else ()) if one.task.kind in LISTED)

    @property
    def waiting(self) -> tuple[Missed, ...]:
        """What was missed since it was last done, a row for each series; what was done since stays in the timeline."""
        done: dict[str, datetime.date] = {}
        for one in self.of.watch.done if self.of.watch else ():
            done[one.task.entry.id] = max(one.task.due, done.get(one.task.entry.id, datetime.date.min))
        runs: dict[str, list[Overdue]] = {}
        for missed in self.overdue:
            if missed.task.due > done.get(missed.task.entry.id, datetime.date.min):
                runs.setdefault(missed.task.entry.id, []).append(missed)
        return tuple(
            Missed(min(run, key=lambda one: one.task.due), len(run), _put_off(self.of, run))
            for run in runs.values()
            if any(one.task.id in self._listed for one in run)
        )

    @property
    def due(self) -> tuple[PlannedTask, ...]:
        """What can be done now."""
        return tuple(task for task in (self.of.watch.due if self.of.watch else ()) if task.id in self._listed)

    @functools.cached_property
    def _listed(self) -> frozenset[str]:
        """Tasks that the morning list would hold: a test before a course ends with the course."""
        return listed_ids(self.of)

    @property
    def ahead(self) -> tuple[PlannedTask, ...]:
        """What comes next, of every kind."""
        return (self.of.watch.upcoming if self.of.watch else ())[:_MOST_AHEAD]

    @property
    def results(self) -> tuple[Result, ...]:
        """Results, the newest first."""
        return tuple(sorted(self.of.results, key=lambda one: (one.taken_on, one.analyte), reverse=True))

    @property
    def watch_for(self) -> tuple[str, ...]:
        """What to look out for."""
        return tuple(watch_text(item) for item in (self.of.plan.watch if self.of.plan else ()))

    @property
    def open_tasks(self) -> tuple[tuple[str, str], ...]:
        """Ids and words of what can be said to be done."""
        tasks = [*self.due, *(one.task for one in self.overdue if one.task.id in self._listed)]
        return tuple((task.id, f"{name_of_test(task.test_id)}, due {task.due}") for task in tasks)

    @property
    def without_a_day(self) -> tuple[tuple[str, str], ...]:
        """What the label asks for and gives no day for, and why: it stands in no list of a morning."""
        found = self.of.plan.standing if self.of.plan else ()
        return tuple((standing.text, standing.why) for standing in found if standing.kind in _WITHOUT_A_DAY)

    @property
    def written(self) -> tuple[WrittenRow, ...]:
        """Every entry, the newest first."""
        replaced = {row["corrects"] for _, row in self.entries if row["corrects"]}
        found = []
        for kind, row in reversed(self.entries):
            stands = row["id"] not in replaced and not row["withdrawn"]
            found.append(
                WrittenRow(
                    at=str(row["recorded_at"])[:16].replace("T", " "),
                    by=str(row["recorded_by"]),
                    what=_words(kind, row) + ("" if row["id"] not in replaced else " (replaced later)"),
                    entry=str(row["id"]),
                    may_go=stands and kind != "person",
                    may_be_mended=stands and kind in _MENDED,
                )
            )
        return tuple(found)

    @property
    def timeline(self) -> ClinicTimeline | None:
        """The picture; ``None`` where there is no course."""
        plan, watch, on = self.of.plan, self.of.watch, self.of.on
        if plan is None or watch is None:
            return None
        first = min(course.first_dose for course in plan.courses)
        strips = [
            Strip("Courses", tuple(TimelineMark(c.first_dose, "course", f"Course {c.number}") for c in plan.courses))
        ]
        marks: dict[str, list[TimelineMark]] = {}
        for done in watch.done:
            if done.task.kind in LISTED:
                late = done.on > done.task.window_end
                text = f"done {(done.on - done.task.due).days} days after the day" if late else "done in time"
                marks.setdefault(done.task.test_id, []).append(TimelineMark(done.on, "late" if late else "done", text))
        for one in self.overdue:
            marks.setdefault(one.task.test_id, []).append(TimelineMark(one.task.due, "missed", "missed"))
        for task in (*self.due, *(t for t in watch.upcoming if t.kind in LISTED)):
            marks.setdefault(task.test_id, []).append(TimelineMark(task.due, "planned", "to come"))
        start = max(min(first, on) - datetime.timedelta(days=31), on - BACK)
        shown = [test_id for test_id in marks if any(mark.day >= start for mark in marks[test_id])]
        for test_id in sorted(shown, key=name_of_test):
            strips.append(Strip(name_of_test(test_id), tuple(sorted(marks[test_id], key=lambda mark: mark.day))))
        days = sorted({result.taken_on for result in self.of.results})
        strips.append(Strip("Results", tuple(TimelineMark(day, "result", self._taken(day)) for day in days)))
        alerts = sorted(watch.alerts, key=lambda alert: alert.result.taken_on)
        strips.append(
            Strip(
                "Alerts",
                tuple(
                    TimelineMark(
                        alert.result.taken_on,
                        "seen" if alert.id in self.of.acknowledged else "alert",
                        ANALYTES[alert.result.analyte].name
                        + (", acknowledged" if alert.id in self.of.acknowledged else ", not acknowledged"),
                    )
                    for alert in alerts
                ),
            )
        )
        title = f"{self.of.person.label}: courses, tests, results and alerts"
        return ClinicTimeline(
            "person",
            title,
            tuple(strips),
            start,
            on + AHEAD,
            on,
            tuple(Strip(name_of_test(t), tuple(m)) for t, m in marks.items() if t not in shown),
        )

    def _taken(self, day: datetime.date) -> str:
        names = dict.fromkeys(ANALYTES[result.analyte].name for result in self.of.results if result.taken_on == day)
        return ", ".join(names)

    @property
    def picture(self) -> Markup:
        """The drawing."""
        return clinic_timeline(self.timeline) if self.timeline else Markup("")

    @property
    def picture_table(self) -> Markup:
        """The same as a table."""
        return clinic_timeline_table(self.timeline) if self.timeline else Markup("")


def _put_off(of: Position, run: Sequence[Overdue]) -> datetime.date | None:
    days = [of.snoozed[one.task.id] for one in run if one.task.id in of.snoozed]
    return max((day for day in days if day > of.on), default=None)


def result_words(result: Result) -> str:
    """Say what was measured."""
    return f"{result.comparator}{result.value:g} {result.unit}"


def range_words(result: Result) -> str:
    """Say the laboratory's range."""
    low, high = result.reference_low, result.reference_high
    if low is None and high is None:
        return "not reported"
    if low is None:
        return f"up to {high:g}"
    return f"from {low:g}" if high is None else f"{low:g} to {high:g}"


def side_words(result: Result) -> str:
    """Say whether a result lies inside the laboratory's range."""
    return {None: "cannot be told", "": "inside", "low": "below", "high": "above"}[result.side]


def _words(kind: str, row: Mapping[str, Any]) -> str:
    said = entry_words(kind, row)
    if row["withdrawn"]:
        return f"Withdrawn: {said}"
    return f"Correction: {said}" if row["corrects"] and kind != "person" else said


def entry_words(kind: str, row: Mapping[str, Any]) -> str:
    """Say what an entry says."""
    return {
        "person": lambda: f"Person {row['label']}, {row['jurisdiction']}",
        "course": lambda: f"{'Course of' if row['event'] == 'course' else 'Stop of'} {row['drug']}, {row['on_day']}",
        "result": lambda: (
            f"{ANALYTES[row['analyte']].name} {row['comparator']}{row['value']:g} {row['unit']}, {row['taken_on']}"
        ),
        "done": lambda: f"Done without a value, {row['on_day']}",
        "contact": lambda: (
            f"Contact ({row['how']}), {row['on_day']}{'' if row['reached'] else ', not reached'}"
            + (f": {row['note']}" if row["note"] else "")
        ),
        "acknowledgement": lambda: "Alert acknowledged" + (f": {row['note']}" if row["note"] else ""),
        "snooze": lambda: f"Put off until {row['until_day']}: {row['reason']}",
    }[kind]()


def typed_of(kind: str, row: Mapping[str, Any], evidence: Evidence) -> dict[str, str]:
    """Return what an entry says as the fields of its form hold it; ``kind`` is ``stop`` for the end of a drug."""
    if kind == "result":
        typed = {name: row[name] for name in ("unit", "taken_on", "laboratory")}
        limits = {name: _number(row[name]) for name in ("reference_low", "reference_high")}
        return _texts({**typed, **limits, "test": row["analyte"], "value": row["comparator"] + _number(row["value"])})
    if kind in ("course", "stop"):
        option = next((one.option for one in evidence.options if one.drug_id == row["drug"]), "")
        return _texts({"drug": option, "on": row["on_day"], "last_day": row["last_day"]})
    if kind == "contact":
        reached = "yes" if row["reached"] else "no"
        return _texts({"how": row["how"], "on": row["on_day"], "reached": reached, "note": row["note"]})
    return _texts({"on": row["on_day"]})


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _number(value: float | None) -> str:
    # as many digits as were given, and no more: 0.1 and not 0.1000000000000000055
    return "" if value is None else f"{value:.15g}"
