"""A program that writes to a book until it is killed. Each committed step is told on stdout, after the commit."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from equipoise.clinic import importing, open_book
from equipoise.clinic.csv_results import read_csv
from equipoise.clinic.importing import import_results
from equipoise.clinic.people import find
from equipoise.clinic.results import columns
from equipoise.safety.results import Result

STEP = 250
"""Shorter than the package's own: more places in which to be killed."""
TODAY = datetime.date(2026, 11, 22)


def main(address: str, mode: str, argument: str) -> None:
    """Record results one by one, or import a file; say after each commit what is in the book by then."""
    book = open_book(address)
    desk = book.sign_in("anna", "correct horse", clock=lambda: datetime.datetime.now(tz=datetime.UTC))
    if mode == "import":
        path = Path(argument)
        importing.STEP = STEP
        import_results(desk, lambda: read_csv(path, TODAY), path.name, progress=lambda rows: print(rows, flush=True))
        return
    with desk.reading() as connection:
        person = find(connection, desk.clinic_id, "N-1")
    first = int(argument)
    for number in range(first, first + 100_000):
        day = TODAY - datetime.timedelta(days=number % 300)
        with desk.writing() as to:
            to.append("result", columns(person.id, Result("tsh", 1.0, "m[IU]/L", day, id=f"r{number}")))
            to.append(
                "contact", {"person_id": person.id, "on_day": day, "how": "phone", "reached": 1, "note": f"r{number}"}
            )
        print(number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
