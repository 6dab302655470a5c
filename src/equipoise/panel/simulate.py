"""Make a synthetic panel: the same seed gives the same people, part by part and in bounded memory."""

from __future__ import annotations

import datetime
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.evidence import Evidence
from equipoise.panel import assumptions as assumed
from equipoise.panel.extras import needs
from equipoise.panel.layout import PEOPLE_A_PART, SYNTHETIC, PanelWriter, schema, write_part
from equipoise.panel.measurements import ANALYTES, EVENTS, UNITS, Measurements, draw_measurements
from equipoise.panel.people import NEVER, People, Setting, draw_people, months_later, setting
from equipoise.vocabulary.errors import RequestError

MOST_PEOPLE = 100_000_000
LAST_DAY = datetime.date(2026, 6, 30)
"""The last day of a panel unless another is asked for; not today, so that a seed means the same tomorrow."""

_EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was written.

    Attributes
    ----------
    folder
        Where.
    rows
        Rows of each table.
    planted
        People with each planted event.
    """

    folder: Path
    rows: Mapping[str, int]
    planted: Mapping[str, int]


def simulate_panel(
    folder: Path,
    people: int,
    seed: int,
    evidence: Evidence,
    *,
    last_day: datetime.date = LAST_DAY,
    workers: int = 1,
    advance: Callable[[int], None] = lambda people: None,
) -> Simulated:
    """Write a synthetic panel.

    Parameters
    ----------
    folder
        An empty or new folder.
    people, seed
        How many, and the number that chance starts from. The same two, the same last day and the same release of the
        evidence give the same bytes, whatever the number of workers.
    evidence
        Where age, EDSS, intervals and shares of events come from.
    last_day
        The last day on which anything happens in the panel.
    workers
        Processes.
    advance
        Called with the number of people of each part that is done.

    Raises
    ------
    RequestError
        If the numbers or the folder cannot be used.
    """
    if not 1 <= people <= MOST_PEOPLE:
        raise RequestError(f"--people: {people:,} people cannot be made.\n  allowed: 1 to {MOST_PEOPLE:,}")
    if seed < 0:
        raise RequestError(f"--seed: {seed} is below zero.\n  allowed: 0, 1, 2, ...")
    needs("pyarrow")
    writer = PanelWriter(folder)
    drawn_from = setting(evidence)
    jobs = [
        _Job(folder, part, start, min(PEOPLE_A_PART, people - start), seed, last_day, drawn_from)
        for part, start in enumerate(range(0, people, PEOPLE_A_PART))
    ]
    rows: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    for done in _work(jobs, min(workers, len(jobs))):
        rows.update(done.rows)
        planted.update(done.planted)
        advance(done.rows["people"])
    writer.finish(
        {
            "synthetic": True,
            "note": SYNTHETIC,
            "people": people,
            "seed": seed,
            "last_day": last_day.isoformat(),
            "rows": dict(sorted(rows.items())),
            "planted": dict(sorted(planted.items())),
            "evidence": evidence.release.version,
            "evidence_rows": list(drawn_from.rows),
            "assumptions": assumed.table(),
        }
    )
    return Simulated(folder, dict(sorted(rows.items())), dict(sorted(planted.items())))


@dataclass(frozen=True, slots=True)
class _Job:
    folder: Path
    part: int
    first_id: int
    people: int
    seed: int
    last_day: datetime.date
    setting: Setting


@dataclass(frozen=True, slots=True)
class _Done:
    rows: dict[str, int]
    planted: dict[str, int]


def _work(jobs: list[_Job], workers: int) -> Iterator[_Done]:
    if workers <= 1:
        yield from map(_one_part, jobs)
        return
    # A fork would copy locks of threads that Arrow has running; a fresh process has none.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_one_part, jobs)


def _one_part(job: _Job) -> _Done:
    tables = simulated_part(job.part, job.first_id, job.people, job.seed, job.last_day, job.setting)
    planted = Counter(tables["truth"].column("event").to_pylist())
    return _Done(write_part(job.folder, job.part, tables), {event: planted.get(event, 0) for event in EVENTS})


def simulated_part(
    part: int, first_id: int, people: int, seed: int, last_day: datetime.date, drawn_from: Setting
) -> dict[str, Any]:
    """Return one part of a panel as Arrow tables by name."""
    rng = np.random.default_rng([seed, part])
    who = draw_people(rng, first_id, people, last_day, drawn_from)
    last = (last_day - _EPOCH).days
    found = Measurements()
    for drug_at, drug in enumerate(assumed.DRUG_SHARES):
        for place_at, place in enumerate(assumed.JURISDICTION_SHARES):
            draw_measurements(
                rng,
                who,
                np.flatnonzero((who.drug == drug_at) & (who.place == place_at)),
                asked=drawn_from.schedules[drug, place],
                event_shares=drawn_from.event_shares if drug == "alemtuzumab" else {},
                is_us=place == "US",
                last_day=last,
                into=found,
            )
    codes = {"analyte": ANALYTES, "unit": UNITS, "event": EVENTS}
    tables = {
        "people": _people(who),
        "courses": _courses(who),
        "visits": _visits(rng, who, last),
        "relapses": _relapses(rng, who, last),
        "records": _records(found),
        "results": found.results.joined(),
        "truth": found.truth.joined(),
    }
    return {name: _arrow(name, columns, codes) for name, columns in tables.items()}


def _people(who: People) -> dict[str, Any]:
    return {
        "person_id": who.ids,
        "birth_year": who.birth_year,
        "sex": (~who.is_woman).astype(np.int8),
        "jurisdiction": who.place.astype(np.int8),
    }


def _courses(who: People) -> dict[str, Any]:
    row, number = np.nonzero(who.courses < NEVER)
    in_courses = who.course_ends[row, number] < NEVER
    keep = in_courses | (number == 0)
    row, number, in_courses = row[keep], number[keep], in_courses[keep]
    last = np.where(in_courses, who.course_ends[row, number], who.stopped[row])
    return {
        "person_id": who.ids[row],
        "drug_id": who.drug[row].astype(np.int8),
        "course": (number + 1).astype(np.int64),
        "first_dose": who.courses[row, number].astype(np.int32),
        "last_dose": last.astype(np.int64),
    }


def _records(found: Measurements) -> dict[str, Any]:
    columns = found.records.joined()
    numbers = columns["entry"].astype(np.int64) * 1_000 + columns["month"].astype(np.int64)
    used, codes = np.unique(numbers, return_inverse=True)
    names = np.array([f"{found.entries[number // 1_000]}.P{number % 1_000}M" for number in used], object)
    return {
        "person_id": columns["person_id"],
        "task_id": codes.astype(np.int64),
        "names": names,
        "done_on": columns["done_on"],
    }


def _visits(rng: np.random.Generator, who: People, last: int) -> dict[str, Any]:
    every = assumed.VISIT_EVERY_MONTHS
    months = np.arange(0, assumed.LONGEST_FOLLOW_UP_MONTHS + 1, every)
    day = months_later(who.courses[:, :1], months[None, :]) + rng.integers(-14, 30, (len(who.ids), len(months)))
    row, visit = np.nonzero(day <= last)
    gain = assumed.EDSS_GAIN_A_YEAR * months[visit] / 12
    edss = np.clip(np.round(2 * (who.edss[row] + gain + 0.3 * rng.standard_normal(len(row)))) / 2, 0, 9.5)
    return {"person_id": who.ids[row], "visited_on": day[row, visit].astype(np.int32), "edss": edss}


def _relapses(rng: np.random.Generator, who: People, last: int) -> dict[str, Any]:
    days = np.maximum(last - who.courses[:, 0], 0)
    count = rng.poisson(assumed.RELAPSES_A_YEAR_ON_TREATMENT * days / 365.25)
    row = np.repeat(np.arange(len(count)), count)
    began = who.courses[row, 0] + (rng.random(len(row)) * days[row]).astype(np.int64)
    return {"person_id": who.ids[row], "began_on": began.astype(np.int32)}


def _arrow(name: str, columns: Mapping[str, NDArray[np.generic]], codes: Mapping[str, tuple[str, ...]]) -> Any:
    pa = needs("pyarrow")
    texts = {
        **codes,
        "sex": ("woman", "man"),
        "jurisdiction": tuple(assumed.JURISDICTION_SHARES),
        "drug_id": tuple(assumed.DRUG_SHARES),
    }
    made = []
    fields = []
    for column in schema(name):
        values = columns[column.name]
        if column.name in texts:
            codes_of = pa.array(values.astype(np.int8), mask=values.astype(np.int64) < 0)
            array = pa.DictionaryArray.from_arrays(codes_of, list(texts[column.name]))
        elif column.name == "task_id":
            array = pa.DictionaryArray.from_arrays(pa.array(values, pa.int32()), columns["names"].tolist())
        elif pa.types.is_date32(column.type):
            array = pa.array(values.astype(np.int32), mask=values.astype(np.int64) == NEVER).cast(pa.date32())
        elif pa.types.is_floating(column.type):
            array = pa.array(values.astype(np.float64), from_pandas=True)
        else:
            array = pa.array(values.astype(np.int64))
        made.append(array)
        fields.append(pa.field(column.name, array.type, nullable=column.nullable))
    about = {"equipoise": f"{name}; {SYNTHETIC}"}
    return pa.Table.from_arrays(made, schema=pa.schema(fields, metadata=about))
