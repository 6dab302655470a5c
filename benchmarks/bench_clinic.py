"""How long the morning list of 5,000 people takes, against working everybody out anew; and how fast results come in.

The clinic is as a clinic is: one in twenty monthly samples is missing, one person in ten has stopped coming, everything
that is no sample was done but for one in twenty, and one result outside the range in twenty waits to be seen.

Run: python benchmarks/bench_clinic.py [PEOPLE [MONTHS]]
MONTHS of results a person; by default all since the first course. Other programs on the machine make the clock on the
wall tell of them too, so the limit is asked of the processor's time.
"""

from __future__ import annotations

import datetime
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from equipoise.clinic import Desk, Role, create_book, following
from equipoise.clinic.csv_results import read_csv
from equipoise.clinic.gathering import TOGETHER, gathered
from equipoise.clinic.importing import import_results
from equipoise.clinic.morning import morning, refresh
from equipoise.clinic.people import Person, people
from equipoise.clinic.standing import alert_rows, position, position_of, task_rows
from equipoise.evidence import Evidence, load_evidence
from equipoise.safety.monitoring_tests import TESTS

TODAY = datetime.date(2026, 11, 22)
LIMIT_MS = 200.0
REPEATS = 40
SAMPLED = {"platelet-count", "creatinine", "urine-red-cells", "alt", "tsh"}
NAIVE_SAMPLE = 100


def fill(desk: Desk, folder: Path, count: int, months: int = 1_000) -> Path:
    """Add people with one to three courses, and write a file of their results: most in time, some late or missing."""
    chance = random.Random(20261122)  # noqa: S311 - a panel that is the same every time
    with desk.writing() as to:
        persons, courses = [], []
        for number in range(count):
            persons.append(
                {"person_id": f"{number:032x}", "label": f"N-{number}", "name": "", "jurisdiction": "EU",
                 "conditions": '{"female": true}'}
            )  # fmt: skip
            first = TODAY - datetime.timedelta(days=chance.randrange(30, 1400))
            for course in range(chance.choice((1, 2, 2, 2, 3))):
                day = first + datetime.timedelta(days=370 * course)
                if day <= TODAY:
                    courses.append(
                        {"person_id": f"{number:032x}", "drug": "alemtuzumab", "event": "course", "on_day": day,
                         "last_day": None}
                    )  # fmt: skip
        to.append_all("person", persons)
        to.append_all("course", courses)
    path = folder / "results.csv"
    first_day = {row["person_id"]: row["on_day"] for row in reversed(courses)}
    with path.open("w", encoding="utf-8") as file:
        file.write("person,test,value,unit,taken_on,reference_low,reference_high,id\n")
        for number in range(count):
            day, stop = first_day[f"{number:032x}"] + datetime.timedelta(days=30), TODAY
            day += datetime.timedelta(days=30 * max(0, (stop - day).days // 30 - months))
            if chance.random() < 0.1:
                stop -= datetime.timedelta(days=chance.randrange(30, 200))
            while day <= stop:
                if chance.random() > 0.05:
                    for test, value, unit, low, high in (
                        ("platelet-count", chance.gauss(240, 45), "10*9/L", 150, 400),
                        ("creatinine", chance.gauss(70, 10), "umol/L", 45, 90),
                        ("urine-red-cells", abs(chance.gauss(3, 2)), "/uL", 0, 10),
                        ("alt", chance.gauss(22, 6), "U/L", 5, 45),
                        ("tsh", chance.gauss(2, 0.5), "m[IU]/L", 0.4, 4.5),
                    ):
                        file.write(
                            f"N-{number},{test},{max(value, 0.1):.1f},{unit},{day},{low},{high},{number}-{test}-{day}\n"
                        )
                day += datetime.timedelta(days=30)
    return path


def work_off(desk: Desk, evidence: Evidence) -> None:
    """Record as done what is overdue and no sample, and acknowledge alerts, all but one in twenty; in one go."""
    chance = random.Random(7)  # noqa: S311
    for start in range(0, len(everybody := _people(desk)), TOGETHER):
        chosen = everybody[start : start + TOGETHER]
        done, seen = [], []
        with desk.writing() as to:
            entries = gathered(to.connection, desk.clinic_id, [person.id for person in chosen])
            for person in chosen:
                found = position_of(person, entries[person.id], evidence, TODAY)
                key = {"person_id": person.id}
                for task in found.plan.tasks if found.plan else ():
                    is_sample = task.test_id in TESTS and set(TESTS[task.test_id].analytes) & SAMPLED
                    if task.due <= TODAY and not is_sample and chance.random() > 0.05:
                        done.append({**key, "task_id": task.id, "on_day": task.due})
                for alert in found.open_alerts:
                    if chance.random() > 0.05:
                        seen.append({**key, "alert_id": alert.id, "note": "seen"})
            to.append_all("done", done)
            to.append_all("acknowledgement", seen)


def _people(desk: Desk) -> list[Person]:
    with desk.reading() as connection:
        return people(connection, desk.clinic_id)


def naive(desk: Desk, evidence: Evidence, count: int) -> float:
    """Return the seconds to work out ``count`` people anew, as a list without anything kept ready would."""
    with desk.reading() as connection:
        chosen = people(connection, desk.clinic_id)[:count]
        start = time.perf_counter()
        for person in chosen:
            found = position(connection, desk.clinic_id, person, evidence, TODAY)
            task_rows(found)
            alert_rows(found)
        return time.perf_counter() - start


def main(count: int, months: int) -> None:
    evidence = load_evidence()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = create_book(folder / "clinic.db")
        moment = datetime.datetime(2026, 11, 22, 8, tzinfo=datetime.UTC)
        book.add_clinic("North", "anna", Role.NURSE, "", moment)
        desk = book.sign_in(clock=lambda: moment)
        path = fill(desk, folder, count, months)
        start = time.perf_counter()
        report = import_results(desk, lambda: read_csv(path, TODAY), path.name)
        assert not report.is_refused, report.faults[:3]
        seconds = time.perf_counter() - start
        print(f"import            {report.new:>9,} results {seconds:>8.1f} s {report.new / seconds:>9,.0f} a second")
        work_off(desk, evidence)
        following._laid_out.cache_clear()
        start, processor = time.perf_counter(), time.process_time()
        refresh(desk, evidence, TODAY)
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        print(
            f"worked out anew   {count:>9,} people  {seconds:>8.1f} s {1000 * seconds / count:>9.1f} ms each, once; "
            f"{1000 * processor / count:.1f} ms of a processor"
        )
        times, processors = [], []
        for _ in range(REPEATS):
            start, processor = time.perf_counter(), time.process_time()
            refresh(desk, evidence, TODAY)
            found = morning(desk, evidence, TODAY)
            times.append(1000 * (time.perf_counter() - start))
            processors.append(1000 * (time.process_time() - processor))
        usual, slow = statistics.median(times), statistics.quantiles(processors, n=20)[-1]
        print(
            f"the morning list  {count:>9,} people  {usual:>8.0f} ms, worst {max(times):.0f} ms; of a processor "
            f"{statistics.median(processors):.0f} ms, 95 in 100 within {slow:.0f} ms (limit {LIMIT_MS:.0f})"
        )
        print(
            f"                  {len(found.overdue)} overdue, {len(found.due)} due, {len(found.alerts)} alerts, "
            f"{len(found.silent)} silent"
        )
        words = [sys.executable, "-m", "equipoise", "clinic", "due", "--format", "json", "--on", str(TODAY)]
        start = time.perf_counter()
        done = subprocess.run([*words, "--database", str(folder / "clinic.db")], capture_output=True, check=False)
        seconds = time.perf_counter() - start
        print(
            f"due --format json {len(done.stdout):>9,} bytes   {seconds:>8.2f} s, the program; exit {done.returncode}"
        )
        sample = min(NAIVE_SAMPLE, count)
        anew = 1000 * naive(desk, evidence, sample) * count / sample
        print(f"naive             {count:>9,} people  {anew:>8.0f} ms, from {sample} of them; {anew / usual:.0f} times")
        start = time.perf_counter()
        audit = desk.verify_audit()
        seconds = time.perf_counter() - start
        print(f"verify-audit      {audit.links:>9,} links   {seconds:>8.1f} s, whole: {audit.is_whole}")
        book.close()
        assert slow < LIMIT_MS


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 5_000,
        int(sys.argv[2]) if len(sys.argv) > 2 else 1_000,
    )
