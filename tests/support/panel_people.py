"""Small panels for tests: generated people, written as a panel, and what the scalar rules say about each of them."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from equipoise.evidence import Evidence
from equipoise.panel.layout import PanelWriter, schema
from equipoise.safety.plan import PlanRequest, plan_monitoring
from equipoise.safety.plan_courses import GivenCourse, is_given_in_courses
from equipoise.safety.plan_document import TaskKind
from equipoise.safety.results import Result, faults
from equipoise.safety.thresholds import thresholds
from equipoise.safety.watch import evaluate
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction

ON = datetime.date(2026, 6, 30)
Finding = tuple[object, ...]

# Drugs whose labels between them use every sort of moment: a series from the first dose with and without an end, single
# moments, moments after each course, a window in months, and thresholds of each sort.
DRUGS = (
    "alemtuzumab",
    "interferon-beta-1a-sc",
    "cladribine",
    "teriflunomide",
    "dimethyl-fumarate",
    "fingolimod",
    "siponimod",
)
UNITS = {
    "platelet-count": ("10*9/L", "10*3/uL", "/uL"),
    "creatinine": ("umol/L", "mg/dL"),
    "tsh": ("m[IU]/L",),
    "alt": ("U/L",),
    "lymphocytes": ("10*9/L", "/uL"),
    "urine-red-cells": ("/uL",),
    "cd4-count": ("/uL",),
}
USUAL = {
    "platelet-count": (20.0, 400.0),
    "creatinine": (30.0, 300.0),
    "tsh": (0.0, 12.0),
    "alt": (5.0, 300.0),
    "lymphocytes": (0.0, 3.0),
    "urine-red-cells": (0.0, 60.0),
    "cd4-count": (50.0, 900.0),
}
IN_UNIT = {"10*3/uL": 1.0, "mg/dL": 1 / 88.4, "/uL": 1000.0}
OWN_PER_MICROLITRE = ("urine-red-cells", "cd4-count")


@dataclass
class Someone:
    """A person of a generated panel."""

    drug: str
    jurisdiction: str
    sex: str | None
    courses: list[tuple[datetime.date, datetime.date | None]]
    results: list[Result] = field(default_factory=list)
    records: list[tuple[str, datetime.date]] = field(default_factory=list)


def write_panel(folder: Path, people: Iterable[Someone]) -> Path:
    """Write people as a panel of one part."""
    import pyarrow as pa

    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("people", "courses", "results", "records")}
    for number, one in enumerate(people, 1):
        person: dict[str, Any] = {"person_id": number}
        rows["people"].append(person | {"birth_year": 1990, "sex": one.sex, "jurisdiction": one.jurisdiction})
        rows["courses"] += [
            person | {"drug_id": one.drug, "course": k, "first_dose": first, "last_dose": last}
            for k, (first, last) in enumerate(one.courses, 1)
        ]
        rows["records"] += [person | {"task_id": task, "done_on": day} for task, day in one.records]
        rows["results"] += [
            person
            | {
                "analyte": r.analyte,
                "taken_on": r.taken_on,
                "value": r.value,
                "unit": r.unit,
                "reference_low": r.reference_low,
                "reference_high": r.reference_high,
            }
            for r in one.results
        ]
    writer = PanelWriter(folder)
    writer.write(0, {name: pa.Table.from_pylist(found, schema=schema(name)) for name, found in rows.items()})
    writer.finish({"synthetic": True, "people": len(rows["people"])})
    return folder


def by_the_scalar_rules(one: Someone, evidence: Evidence, on: datetime.date = ON) -> Counter[Finding] | None:
    """What ``safety`` says about one person, as rows; ``None`` where it refuses to make a plan."""
    label = evidence.labels[one.drug]
    in_courses = is_given_in_courses(label)
    given = tuple(GivenCourse(first, last if in_courses else None) for first, last in one.courses)
    first = min(first for first, _ in one.courses)
    until = max(first, on + datetime.timedelta(days=31))
    request = PlanRequest(
        courses=given,
        stopped=None if in_courses else one.courses[0][1],
        applies=frozenset({"female"} if one.sex == "woman" else ()),
        does_not_apply=frozenset({"female"} if one.sex == "man" else ()),
        until=until,
    )
    place = Jurisdiction(one.jurisdiction)
    try:
        plan = plan_monitoring(label, place, request)
    except RequestError:
        return None
    usable = [result for result in one.results if not faults(result, on)]
    # Of one day the table keeps no order; the lower value first is the order that a panel is read in.
    usable.sort(
        key=lambda result: (
            result.taken_on,
            result.in_common_unit,
            result.reference_high or 0,
            result.reference_low or 0,
        )
    )
    watch = evaluate(plan, dict(one.records), usable, on, thresholds(label, place))
    found: Counter[Finding] = Counter()
    for task in watch.due:
        if task.kind is TaskKind.TEST:
            found["due", task.id, task.due, None, None] += 1
    for item in watch.overdue:
        if item.task.kind is TaskKind.TEST:
            found["overdue", item.task.id, item.task.due, item.days, item.missed_in_a_row, item.is_boxed] += 1
    for alert in watch.alerts:
        rule = alert.entry.id if alert.entry is not None else "laboratory-range"
        measured = alert.result
        row = ("alert", rule, measured.analyte, measured.taken_on, measured.value, measured.unit, alert.side)
        found[*row, alert.kind, alert.urgency, alert.origin] += 1
    return found


_COLUMNS = {
    "due": ("finding", "id", "day", "days_overdue", "missed_in_a_row"),
    "overdue": ("finding", "id", "day", "days_overdue", "missed_in_a_row", "is_boxed"),
    "alert": ("finding", "id", "subject", "day", "value", "unit", "side", "kind", "urgency", "origin"),
}


def by_the_panel(file: Path) -> dict[int, Counter[Finding]]:
    """Findings of an evaluated panel, in the same shape, by person."""
    import pyarrow.parquet as pq

    people: dict[int, Counter[Finding]] = {}
    for row in pq.read_table(file).to_pylist():
        found = tuple(row[name] for name in _COLUMNS[row["finding"]])
        people.setdefault(row["person_id"], Counter())[found] += 1
    return people


def people(seed: int, number: int, task_ids: dict[tuple[str, str], list[str]]) -> list[Someone]:
    """People drawn from a seed: tests near the days on which a label asks for them, and at random ones."""
    chance, apart = random.Random(seed), random.Random(seed + 1)  # noqa: S311 - people for a test, no secret
    everyone = [_someone(chance, task_ids) for _ in range(number)]
    # from dice of their own, so that a seed that once found something goes on making the same people
    return everyone + [_low_for_months(apart) for _ in range(number // 10)]


def _day(chance: random.Random, first: datetime.date, last: datetime.date) -> datetime.date:
    """A day between two; month ends and leap days come up more often than they would by chance."""
    day = first + datetime.timedelta(days=chance.randint(0, (last - first).days))
    if chance.random() < 0.4:
        day = day.replace(day=1) - datetime.timedelta(days=1)
    return min(max(day, first), last)


def _someone(chance: random.Random, task_ids: dict[tuple[str, str], list[str]]) -> Someone:
    drug, place = chance.choice(DRUGS), chance.choice(["US", "EU", "UK"])
    first = _day(chance, datetime.date(2019, 6, 1), datetime.date(2026, 8, 15))
    courses: list[tuple[datetime.date, datetime.date | None]] = [(first, None)]
    if drug in ("alemtuzumab", "cladribine"):
        begins = [first]
        for _ in range(chance.randint(0, 2)):
            # 120 days are four months now and then: six months after one course are two after the next.
            begins.append(begins[-1] + datetime.timedelta(days=chance.choice([0, 3, 120, 365, 366, 400, 900, 2000])))
        courses = [(day, chance.choice([None, day + datetime.timedelta(days=4), day])) for day in begins]
    elif chance.random() < 0.4:
        courses = [(first, _day(chance, first, datetime.date(2026, 8, 20)))]
    if chance.random() < 0.04:
        courses = [(first, first - datetime.timedelta(days=1))]
    one = Someone(drug, place, chance.choice(["woman", "man", None]), courses)
    punctual = chance.random()
    for month in range(chance.choice([0, 12, 70])):
        day = first + datetime.timedelta(days=round(30.44 * month) + chance.randint(-16, 16))
        if day > ON + datetime.timedelta(days=5) or chance.random() > punctual:
            continue
        for analyte in chance.sample(sorted(USUAL), chance.randint(1, 4)):
            one.results.append(_result(chance, analyte, day))
            if chance.random() < 0.1:
                one.results.append(_result(chance, analyte, day))
    known = task_ids.get((drug, place), [])
    for task in chance.sample(known, min(len(known), chance.randint(0, 6))):
        one.records.append((task, _day(chance, first, max(first, ON + datetime.timedelta(days=9)))))
    return one


def _low_for_months(chance: random.Random) -> Someone:
    """Somebody on the drug whose label speaks of counts that stay low for more than six months."""
    first = _day(chance, datetime.date(2024, 1, 1), datetime.date(2025, 12, 31))
    one = Someone("diroximel-fumarate", "US", None, [(first, None)])
    day, lowest = first, chance.choice([0.2, 0.45, 0.49])
    while day < ON:
        value = lowest if chance.random() < 0.8 else chance.choice([0.5, 0.9])
        one.results.append(Result("lymphocytes", value, "10*9/L", day, chance.choice([None, 1.0])))
        day += datetime.timedelta(days=chance.choice([30, 61, 92]))
    return one


def _result(chance: random.Random, analyte: str, day: datetime.date) -> Result:
    """A result in one of its units, with a range, half of one, or none; now and then an impossible one."""
    unit = chance.choice(UNITS[analyte])
    scale = 1.0 if analyte in OWN_PER_MICROLITRE else IN_UNIT.get(unit, 1.0)
    low, high = USUAL[analyte]
    value = chance.choice([low, high, 100.0, -1.0, 1e9]) if chance.random() < 0.1 else chance.uniform(low, high)
    span = chance.choice([(None, None), (low + 1, high / 2), (None, high / 3), (low + 2, None), (high, low)])
    return Result(
        analyte=analyte,
        value=round(value * scale, 3),
        unit=unit,
        taken_on=day,
        reference_low=None if span[0] is None else span[0] * scale,
        reference_high=None if span[1] is None else span[1] * scale,
    )
