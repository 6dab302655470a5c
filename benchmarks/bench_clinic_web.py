"""How long the page of the morning takes for a clinic of five thousand people, through the whole application.

Other programs on the machine make the clock on the wall tell of them too, so the processor's time stands beside it.

Run: python benchmarks/bench_clinic_web.py [PEOPLE]
"""

from __future__ import annotations

import contextlib
import datetime
import re
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

from equipoise.clinic import Role, create_book
from equipoise.clinic.appending import new_id
from equipoise.clinic.morning import morning, refresh
from equipoise.clinic.recording import Recorder
from equipoise.clinic.results import columns
from equipoise.evidence import load_evidence
from equipoise.interfaces.clinic_web import create_app
from equipoise.safety.results import Result

warnings.simplefilter("ignore")
TODAY = datetime.date(2026, 11, 23)
LIMIT_MS = 200.0
REPEATS = 40
PASSWORD = "correct horse"  # noqa: S105 - of a book that is deleted in a minute


def clock() -> datetime.datetime:
    return datetime.datetime(2026, 11, 23, 8, tzinfo=datetime.UTC)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    from starlette.testclient import TestClient

    people = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    evidence = load_evidence()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        book = create_book(Path(folder) / "clinic.db")
        book.add_clinic("North", "anna", Role.NEUROLOGIST, PASSWORD, clock())
        desk = book.sign_in("anna", PASSWORD, clock=clock)
        ids = [new_id() for _ in range(people)]
        blank = {"name": "", "jurisdiction": "EU", "conditions": "{}"}
        with desk.writing() as to:
            to.append_all("person", [{"person_id": one, "label": f"N-{n}", **blank} for n, one in enumerate(ids)])
            courses = []
            results = []
            for number, one in enumerate(ids):
                first = TODAY - datetime.timedelta(days=200 + 28 * (number % 40))
                courses.append(
                    {"person_id": one, "drug": "alemtuzumab", "event": "course", "on_day": first, "last_day": None}
                )
                # Nine in ten were tested lately; one in a hundred has a low count.
                if number % 10:
                    day = TODAY - datetime.timedelta(days=number % 25)
                    low = 90 if number % 100 == 1 else 220
                    for name, value, unit, limits in (
                        ("platelet-count", low, "10*9/L", (150, 400)),
                        ("creatinine", 70, "umol/L", (45, 84)),
                        ("tsh", 2, "m[IU]/L", (0.4, 4)),
                        ("alt", 20, "U/L", (5, 40)),
                        ("urine-red-cells", 2, "/uL", (0, 5)),
                    ):
                        results.append(columns(one, Result(name, value, unit, day, *limits)))
            to.append_all("course", courses)
            to.append_all("result", results)
        began = time.perf_counter()
        refresh(desk, evidence, TODAY)
        print(f"first list of {people} people worked out in {time.perf_counter() - began:.1f} s")
        found = morning(desk, evidence, TODAY)
        print(f"alerts {len(found.alerts)}, overdue {len(found.overdue)}, due {len(found.due)}")
        app = create_app(book, evidence, clock)
        client = stack.enter_context(TestClient(app, base_url="http://127.0.0.1"))
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get("/").text)
        assert token is not None
        client.post("/sign-in", data={"form_token": token.group(1), "user": "anna", "password": PASSWORD})
        recorder = Recorder(desk, TODAY, evidence)
        pages = (
            ("morning page", "/"),
            ("morning page after an entry", "/"),
            ("a person", f"/person/{ids[1]}"),
            ("audit", "/audit"),
        )
        for name, address in pages:
            times, processor = [], []
            for number in range(REPEATS):
                if "after" in name:
                    recorder.contact(f"N-{number}", TODAY, "phone")
                began, used = time.perf_counter(), time.process_time()
                page = client.get(address)
                times.append(1_000 * (time.perf_counter() - began))
                processor.append(1_000 * (time.process_time() - used))
                assert page.status_code == 200, (page.status_code, page.text[-1500:])
            print(
                f"{name}: median {statistics.median(times):.0f} ms, 95 in 100 within {p95(times):.0f} ms, "
                f"slowest {max(times):.0f} ms; of a processor {statistics.median(processor):.0f} ms, "
                f"95 in 100 within {p95(processor):.0f} ms; {len(page.content) // 1000} kB"
            )
            if address == "/":
                assert p95(processor) < LIMIT_MS, name
        book.close()


if __name__ == "__main__":
    main()
