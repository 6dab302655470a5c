"""`go.py test` runs every check, reports every failure, and ends with a table."""

from __future__ import annotations

import subprocess

import pytest

from tests.bootstrap.conftest import House

NAMES = ["ruff check", "ruff format", "mypy", "import-linter", "deptry", "mkdocs", "pytest"]


@pytest.fixture
def pytest_words(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Play pytest: what it was called with; it succeeds unless told `-k fails`."""
    words: list[str] = []

    def call(command: list[str], **options: object) -> int:
        words.extend(command)
        print("48 passed", flush=True)
        return 1 if "fails" in command else 0

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(house.go, "prepare", lambda kind: None)
    return words


def table(out: str) -> dict[str, str]:
    """Names and results of the table that ends the output."""
    rows = out.split("\ncheck          result  seconds\n")[1].splitlines()
    return {row[:15].strip(): row[15:].split()[0] for row in rows}


def test_all_is_well(house: House, pytest_words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert house.go.test([]) == 0
    out = capsys.readouterr().out
    assert table(out) == dict.fromkeys(NAMES, "ok")
    assert out.startswith("48 passed\n"), "checks that pass say nothing"


def test_every_failure_is_reported_not_only_the_first(
    house: House, pytest_words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    house.replies += [("mypy", 1, "error: no such type"), ("deptry", 1, "DEP002 unused")]
    assert house.go.test(["-k", "fails"]) == 1
    out = capsys.readouterr().out
    assert {name for name, result in table(out).items() if result == "FAILED"} == {"mypy", "deptry", "pytest"}
    assert "==== mypy failed\nerror: no such type" in out
    assert "==== deptry failed\nDEP002 unused" in out
    assert out.index("48 passed") > out.index("DEP002"), "pytest's own summary stands just above the table"


@pytest.mark.parametrize("broken", ["ruff check", "ruff format", "mypy", "importlinter", "deptry", "mkdocs"])
def test_one_failing_check_fails_the_gate(house: House, pytest_words: list[str], broken: str) -> None:
    house.replies.append((f"{broken}", 1, "no"))
    assert house.go.test([]) == 1


def test_words_go_to_pytest_after_its_two_processes(house: House, pytest_words: list[str]) -> None:
    house.go.test(["tests/health", "-n", "0"])
    assert pytest_words[1:] == ["-m", "pytest", "-n", "2", "tests/health", "-n", "0"]
