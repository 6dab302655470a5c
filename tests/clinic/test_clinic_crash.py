"""Killed at any moment, and written to by two at once: nothing committed is lost, nothing half-written is there.

The gate does 12 rounds in all, 3 on each engine and in each mode; EQUIPOISE_CRASH_ROUNDS=200 does the full number, 50
of each. A round ends a chance moment after the program has told so many steps, so that the moments fit any machine.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from equipoise.clinic import Book, Desk
from equipoise.clinic.csv_results import read_csv
from equipoise.clinic.entries import current
from equipoise.clinic.importing import import_results
from equipoise.clinic.people import add_person
from equipoise.vocabulary.terms import Jurisdiction
from tests.clinic.conftest import PASSWORD, TODAY, clock
from tests.clinic.killed_writer import STEP
from tests.conftest import ROOT

ROUNDS = max(1, int(os.environ.get("EQUIPOISE_CRASH_ROUNDS", "12")) // 4)
STEPS = 12
ROWS = STEPS * STEP


def start(address: str, mode: str, argument: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.clinic.killed_writer", address, mode, argument]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def killed_after(process: subprocess.Popen[str], steps: int, wait: float) -> list[int]:
    """Let the program tell so many steps, wait a moment, kill it; return every number that it told."""
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(steps)]
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    told += process.stdout.readlines()
    process.stdout.close()
    process.wait()
    return [int(line) for line in told if line.endswith("\n")]


def numbers(desk: Desk, kind: str, column: str) -> list[str]:
    with desk.reading() as connection:
        return [row._mapping[column] for row in connection.execute(current(kind, desk.clinic_id))]


def test_killed_while_recording(desk: Desk, address: str) -> None:
    add_person(desk, "N-1", jurisdiction=Jurisdiction.EU)
    chance, told = random.Random(1), []  # noqa: S311
    for number in range(ROUNDS):
        told += killed_after(
            start(address, "record", str(1_000_000 * number)), chance.randint(1, 30), chance.uniform(0, 0.05)
        )
        results = numbers(desk, "result", "report_id")
        assert {f"r{one}" for one in told} <= set(results), "a committed entry is lost"
        assert results == numbers(desk, "contact", "note"), "half of a transaction is there"
        report = desk.verify_audit()
        assert report.is_whole, report.broken
    assert len(told) >= ROUNDS


def test_killed_while_importing(desk: Desk, address: str, tmp_path: Path) -> None:
    add_person(desk, "N-1", jurisdiction=Jurisdiction.EU)
    chance, steps = random.Random(2), set()  # noqa: S311
    for number in range(ROUNDS):
        path = tmp_path / f"{number}.csv"
        lines = (f"N-1,tsh,1.0,m[IU]/L,2026-01-01,{number}-{row}" for row in range(ROWS))
        path.write_text("person,test,value,unit,taken_on,id\n" + "\n".join(lines) + "\n", encoding="utf-8")
        before = len(numbers(desk, "result", "report_id"))
        told = killed_after(
            # in the first pass, which writes nothing, or at any step of the second
            start(address, "import", str(path)),
            1 + (number * 7 + chance.randrange(3)) % (2 * STEPS - 1),
            chance.uniform(0, 0.05),
        )
        written = len(numbers(desk, "result", "report_id")) - before
        assert written % STEP == 0, "half of a step is there"
        # the second pass begins where the numbers begin again
        second = told[told.index(ROWS) + 1 :] if ROWS in told else []
        assert written >= max(second, default=0), "a committed step is lost"
        report = desk.verify_audit()
        assert report.is_whole, report.broken
        steps.add(written)
        if number % 5 == 0:  # the same file again adds what is missing, and nothing twice
            again = import_results(desk, lambda path=path: read_csv(path, TODAY), path.name)  # type: ignore[misc]
            assert (again.new, again.known) == (ROWS - written, written)
    assert len(steps) > 1, "every kill fell into the same place"


def test_two_write_at_once(desk: Desk, address: str, another: Callable[[], Book]) -> None:
    add_person(desk, "N-1", jurisdiction=Jurisdiction.EU)
    both = [start(address, "record", str(1_000_000 * number)) for number in range(2)]
    told = [one for process in both for one in killed_after(process, 20, 0.5)]
    assert {one // 1_000_000 for one in told} == {0, 1}
    found = another().sign_in("anna", PASSWORD, clock=clock)
    assert {f"r{one}" for one in told} <= set(numbers(found, "result", "report_id"))
    assert found.verify_audit().is_whole


def test_a_program_that_breaks_off_inside_a_transaction_leaves_nothing(desk: Desk) -> None:
    add_person(desk, "N-1", jurisdiction=Jurisdiction.EU)
    before = desk.verify_audit()

    def break_off() -> None:
        with desk.writing() as to:
            to.append("unmatched", {"file": "", "line": 1, "reason": "", "document": "", "content_hash": "0" * 64})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert desk.verify_audit() == before
