"""Ask a whole panel the morning's question: what is due, what is overdue, which results call for somebody."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from equipoise.evidence import Evidence
from equipoise.panel import engines, limits, matching, rules
from equipoise.panel.engines import Engine
from equipoise.panel.extras import needs
from equipoise.panel.findings import FindingsFile
from equipoise.panel.layout import Panel, open_panel, schema
from equipoise.panel.rules import Inputs
from equipoise.panel.timetable import Moment, timetable
from equipoise.safety.calendar_dates import shifted
from equipoise.safety.monitoring_tests import ANALYTES
from equipoise.safety.plan import MOST_YEARS
from equipoise.safety.plan_courses import is_given_in_courses
from equipoise.safety.units import UnitError, factor
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction

# Plans are laid out a month past the day, so that every window that may be open on it is there.
LOOK_AHEAD_DAYS = 31
# A person with more courses than this has a mistake in the table of courses.
MOST_COURSES = 30
_EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation came to.

    Attributes
    ----------
    output
        The file of findings.
    on
        The day.
    people, plans
        People in the panel, and plans that were made: one for each person and drug.
    findings
        Rows by kind: ``due``, ``overdue``, ``alert``.
    people_with
        People with at least one of each kind.
    refused_plans
        Plans that cannot be made, because the days of their courses contradict each other.
    refused_results
        Results that cannot be one: an impossible number or range, a day before any of these drugs.
    unknown_results
        Results of something that no rule here is about.
    """

    output: Path
    on: datetime.date
    people: int
    plans: int
    findings: Mapping[str, int]
    people_with: Mapping[str, int]
    refused_plans: int
    refused_results: int
    unknown_results: int


def evaluate_panel(
    folder: Path,
    on: datetime.date,
    output: Path,
    evidence: Evidence,
    *,
    engine: str = "duckdb",
    threads: int = engines.THREADS,
    advance: Callable[[int, int], None] = lambda done, of: None,
) -> Evaluated:
    """Write what is due, overdue or abnormal in a panel on a day.

    Parameters
    ----------
    folder
        A panel.
    on
        The day. Nothing that happened after it is looked at.
    output
        A ``.parquet`` or ``.csv`` file, one row a finding.
    evidence
        Where the labels come from.
    engine
        ``duckdb`` or ``spark``; the answer is the same.
    threads
        How many the engine may use on this machine.
    advance
        Called with parts done and parts in all.

    Raises
    ------
    RequestError
        If the folder is no panel, a unit does not fit, or the file cannot be written.
    UnknownTermError
        If a drug or jurisdiction is not known.
    """
    panel = open_panel(folder)
    with tempfile.TemporaryDirectory(prefix="equipoise-") as made:
        scratch = Path(made)
        running = engines.engine(engine, scratch, threads=threads)
        try:
            run = _Run(panel, running, scratch, on, evidence)
            with FindingsFile(output) as file:
                step = running.parts_at_once or len(panel.parts)
                for start in range(0, len(panel.parts), step):
                    parts = panel.parts[start : start + step]
                    file.add(run.part(parts))
                    advance(start + len(parts), len(panel.parts))
            return Evaluated(
                output=output,
                on=on,
                people=run.counts["people"],
                plans=run.counts["plans"],
                findings=file.rows,
                people_with=file.people,
                refused_plans=run.counts["refused plans"],
                refused_results=run.counts["refused results"],
                unknown_results=run.counts["unknown results"],
            )
        finally:
            running.close()
            shutil.rmtree(scratch, ignore_errors=True)


class _Run:
    """One evaluation: what the labels say, once; then part after part."""

    def __init__(self, panel: Panel, running: Engine, scratch: Path, on: datetime.date, evidence: Evidence) -> None:
        self.counts: Counter[str] = Counter()
        self._sql: dict[str, str] = {}
        self._panel, self._engine, self._scratch = panel, running, scratch
        self._on = (on - _EPOCH).days
        self._until = self._on + LOOK_AHEAD_DAYS
        self._earliest = (shifted(on, -12 * MOST_YEARS) - _EPOCH).days + LOOK_AHEAD_DAYS
        people, courses = self._read("people", panel.parts), self._read("courses", panel.parts)
        joined = courses.inner_join(people, "person_id")
        found = self._answer(joined.select("drug_id", "jurisdiction").distinct()).to_pylist()
        pairs = [(row["drug_id"], row["jurisdiction"]) for row in found]
        each = courses.group_by(["person_id", "drug_id"]).agg(
            n=courses.count(), began=rules.day_number(courses.first_dose).min()
        )
        span = self._answer(each.agg(most=each.n.max(), began=each.began.min())).to_pylist()[0]
        self._most_courses = max(1, min(span["most"] or 1, MOST_COURSES))
        began = self._on if span["began"] is None else span["began"]
        months = (self._until - max(began, self._earliest)) // 30 + 2
        self._labels = {
            "moments": _written(scratch / "moments.parquet", _rows(timetable(evidence, pairs, max(months, 1)), Moment)),
            "doses": _written(scratch / "doses.parquet", _doses(evidence, pairs)),
            "months": _written(scratch / "months.parquet", _months(max(began, self._earliest), self._until)),
        }
        held = limits.limits_of(evidence, pairs)
        self._has_lasting = any(limit.months for limit in held)
        self._labels["limits"] = _written(scratch / "limits.parquet", _rows(held, limits.Limit))

    def _answer(self, expression: Any) -> Any:
        return self._engine.run(self._engine.compiled(expression))

    def _read(self, table: str, parts: Sequence[str]) -> Any:
        if table == "records" and not self._panel.has("records"):
            empty = self._scratch / "records.parquet"
            needs("pyarrow.parquet").write_table(schema("records").empty_table(), empty)
            return self._engine.read(table, [str(empty)])
        return self._engine.read(table, [str(self._panel.folder / table / part) for part in parts])

    def part(self, parts: Sequence[str]) -> Any:
        """Return the findings of some parts as an Arrow table.

        The expression is made and compiled once; for every further part only the files behind its tables change.
        """
        tables = {name: self._read(name, parts) for name in ("people", "courses", "results", "records")}
        if "units" not in self._sql:
            results = tables["results"]
            self._sql["units"] = self._engine.compiled(results.group_by(["analyte", "unit"]).agg(n=results.count()))
        tables["units"] = self._engine.read("units", [self._units(parts)])
        if "findings" not in self._sql:
            labels = {name: self._engine.read(name, [path]) for name, path in self._labels.items()}
            self._compile(Inputs(**tables, **labels))
        self._count()
        return self._engine.run(self._sql["findings"])

    def _compile(self, inputs: Inputs) -> None:
        courses = rules.given_courses(inputs)
        plans = rules.plans(courses, self._most_courses, self._earliest)
        sound = plans.filter(plans.is_sound)
        usable = limits.taken(inputs, self._on)
        tasks = rules.tasks(inputs, sound, courses, self._on, self._until, self._most_courses)
        left = matching.open_tasks(inputs, usable, sound, tasks, self._on)
        people = inputs.people
        known = inputs.results.inner_join(inputs.units, ["analyte", "unit"])
        known = known.mutate(common=known.value * known.factor)
        wanted = {
            "findings": findings(left, limits.crossings(inputs, usable, sound, has_lasting=self._has_lasting)),
            "people": people.agg(people=people.count(), ids=people.person_id.nunique()),
            "plans": plans.agg(plans=plans.is_sound.sum(), refused=(~plans.is_sound).sum()),
            "refused results": known.agg(n=(~limits.is_possible(known)).sum()),
        }
        self._sql |= {name: self._engine.compiled(expression) for name, expression in wanted.items()}

    def _units(self, parts: Sequence[str]) -> str:
        found = self._engine.run(self._sql["units"]).to_pylist()
        rows, faults = [], []
        for row in sorted(found, key=lambda row: (row["analyte"] or "", row["unit"] or "")):
            known = ANALYTES.get(row["analyte"])
            if known is None:
                self.counts["unknown results"] += row["n"]
                continue
            try:
                scale = factor(row["unit"] or "", known)
            except UnitError as error:
                faults.append(f"{row['n']:,} results of {known.id}: " + str(error).replace("\n ", ""))
                continue
            rows.append(
                {
                    "analyte": known.id,
                    "unit": row["unit"],
                    "factor": scale,
                    "highest": float(known.highest),
                    "may_be_zero": known.may_be_zero,
                }
            )
        if faults:
            raise RequestError(
                f"a unit does not fit, in {', '.join(parts[:3])} of 'results'.\n  - "
                + "\n  - ".join(faults)
                + "\n  Try: put the unit right where the results come from; nothing was guessed."
            )
        columns = {"analyte": "text", "unit": "text", "factor": "number", "highest": "number", "may_be_zero": "truth"}
        return _written(self._scratch / "units.parquet", _table(rows, columns))

    def _count(self) -> None:
        counted = self._engine.run(self._sql["people"]).to_pylist()[0]
        if counted["people"] != counted["ids"]:
            twice = counted["people"] - counted["ids"]
            raise RequestError(
                f"'{self._panel.folder}/people': {twice:,} rows have a person_id that another row has too.\n"
                "  allowed: one row a person\n  Try: remove the double rows."
            )
        made = self._engine.run(self._sql["plans"]).to_pylist()[0]
        refused = self._engine.run(self._sql["refused results"]).to_pylist()[0]
        self.counts["people"] += counted["people"]
        self.counts["plans"] += int(made["plans"] or 0)
        self.counts["refused plans"] += int(made["refused"] or 0)
        self.counts["refused results"] += int(refused["n"] or 0)


def findings(open_tasks: Any, crossings: Any) -> Any:
    """Return tasks and alerts as rows of one shape."""
    ibis = needs("ibis")
    date = ibis.literal(_EPOCH)
    empty, none, number = ibis.null("string"), ibis.null("int64"), ibis.null("float64")
    tasks = open_tasks.select(
        "person_id",
        "drug_id",
        finding=open_tasks.is_overdue.ifelse("overdue", "due"),
        id=open_tasks.task_id,
        subject=open_tasks.test_id,
        day=date + open_tasks.day.as_interval("D"),
        days_overdue=open_tasks.days,
        missed_in_a_row=open_tasks.missed_in_a_row,
        is_boxed=open_tasks.is_boxed,
        value=number,
        unit=empty,
        side=empty,
        kind=empty,
        urgency=empty,
        origin=empty,
    )
    alerts = crossings.select(
        "person_id",
        "drug_id",
        finding=ibis.literal("alert"),
        id=crossings.limit_id,
        subject=crossings.analyte,
        day=date + crossings.day.as_interval("D"),
        days_overdue=none,
        missed_in_a_row=none,
        is_boxed=ibis.literal(False),
        value=crossings.value.cast("float64"),
        unit=crossings.unit,
        side=crossings.side,
        kind=crossings.kind,
        urgency=crossings.urgency,
        origin=crossings.origin,
    )
    return tasks.union(alerts, distinct=False)


def _doses(evidence: Evidence, pairs: Iterable[tuple[str, str]]) -> Any:
    rows = []
    for drug, place in sorted(set(pairs)):
        label = evidence.labels[drug]
        in_courses = is_given_in_courses(label)
        days = {
            int(entry.fields["course"]): entry.fields.get("days")
            for entry in label.current("dosing", Jurisdiction(place))
            if in_courses and "course" in entry.fields
        }
        most = max(days, default=1)
        rows += [
            {
                "drug_id": drug,
                "jurisdiction": place,
                "in_courses": in_courses,
                "course_number": number,
                "numbers": most,
                "days": days.get(number) if isinstance(days.get(number), int) else None,
            }
            for number in range(1, most + 1)
        ]
    columns = {"drug_id": "text", "jurisdiction": "text", "in_courses": "truth"}
    return _table(rows, columns | dict.fromkeys(("course_number", "numbers", "days"), "integer"))


def _months(first: int, last: int) -> Any:
    begins = (_EPOCH + datetime.timedelta(days=first)).replace(day=1)
    rows = []
    # A month past the end, because a window may reach into it.
    while (begins - _EPOCH).days <= last + 62:
        following = shifted(begins, 1)
        rows.append(
            {
                "month_no": 12 * begins.year + begins.month - 1,
                "begins": (begins - _EPOCH).days,
                "length": (following - begins).days,
            }
        )
        begins = following
    return _table(rows, dict.fromkeys(("month_no", "begins", "length"), "integer"))


_KINDS = {"str": "text", "int": "integer", "bool": "truth", "float": "number", "float | None": "number"}


def _rows(items: Sequence[Any], of: type) -> Any:
    return _table([asdict(item) for item in items], {name: _KINDS[kind] for name, kind in of.__annotations__.items()})


def _table(rows: list[dict[str, Any]], columns: Mapping[str, str]) -> Any:
    pa = needs("pyarrow")
    kinds = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "truth": pa.bool_()}
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, kinds[kind]) for name, kind in columns.items()]))


def _written(path: Path, table: Any) -> str:
    needs("pyarrow.parquet").write_table(table, path)
    return str(path)
