"""How long the page of the morning takes for a clinic of five thousand people, through the whole application.

Run: python benchmarks/bench_clinic_web.py [PEOPLE]
"""

from __future__ import annotations

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
from equipoise.clinic.results import columns
from equipoise.evidence import load_evidence
from equipoise.interfaces.clinic_web import create_app
from equipoise.interfaces.clinic_web.preparing import Lists
from equipoise.safety.results import Result

warnings.simplefilter("ignore")
TODAY = datetime.date(2026, 11, 23)
PASSWORD = "correct horse"  # noqa: S105 - of a book that is deleted in a minute


def clock() -> datetime.datetime:
    return datetime.datetime(2026, 11, 23, 8, tzinfo=datetime.UTC)


def main() -> None:
    from starlette.testclient import TestClient

    people = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    evidence = load_evidence()
    with tempfile.TemporaryDirectory() as folder:
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
        client = TestClient(app, base_url="http://127.0.0.1")
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get("/").text)
        assert token is not None
        client.post("/sign-in", data={"form_token": token.group(1), "user": "anna", "password": PASSWORD})
        pages = (
            ("morning page", "/"),
            ("morning page after an entry", "/"),
            ("a person", f"/person/{ids[1]}"),
            ("audit", "/audit"),
        )
        for name, address in pages:
            times = []
            for _ in range(15):
                if "after" in name:
                    app.state.face.lists = Lists()  # as if somebody had just written: the list is made anew
                began = time.perf_counter()
                page = client.get(address)
                times.append(1_000 * (time.perf_counter() - began))
                assert page.status_code == 200
            print(
                f"{name}: median {statistics.median(times):.0f} ms, fastest {min(times):.0f} ms, "
                f"slowest {max(times):.0f} ms, {len(page.content) // 1000} kB"
            )
        book.close()


if __name__ == "__main__":
    main()
