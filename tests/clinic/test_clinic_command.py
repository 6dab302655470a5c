"""The commands ``equipoise clinic``: exit codes, the machine form, and what is said when something is wrong."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.support.command import Ran, equipoise


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a book of one person."""
    monkeypatch.chdir(tmp_path)
    assert run("init", "North", "--as", "anna").code == 0
    assert run("add", "N-1", "--drug", "alemtuzumab", "--course", "2026-01-12").code == 0
    return tmp_path


def run(*words: str) -> Ran:
    return equipoise("clinic", *words, "--format", "json")


def test_a_result_an_alert_an_acknowledgement(clinic: Path) -> None:
    words = ("--value", "90", "--unit", "10*9/L", "--low", "150", "--on", "2026-02-12")
    made = run("record", "N-1", "--test", "platelet-count", *words).json
    assert (made["kind"], made["is_new"]) == ("result", True)
    (alert,) = run("alerts", "--on", "2026-02-13").json["alerts"]
    assert (alert["person"], alert["origin"], alert["urgency"]) == ("N-1", "laboratory", "not-stated")
    assert run("record", "N-1", "--acknowledge", alert["id"]).code == 0
    morning = run("due", "--on", "2026-02-25").json
    assert (morning["alerts"], morning["people"]) == ([], 1)
    assert {task["test_id"] for task in morning["overdue"]} >= {"creatinine"}
    assert [one["kind"] for one in run("person", "N-1").json["entries"]].count("result") == 1
    assert "Overdue, gravest first" in equipoise("clinic", "due", "--on", "2026-02-25").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("record", "N-9", "--contact", "phone"), "knows nobody called 'N-9'"),
        (("record", "N-1"), "one thing at a time"),
        (("record", "N-1", "--test", "tsh", "--value", "2", "--unit", "kg"), "does not fit"),
        (("record", "N-1", "--test", "tsh", "--value", "2", "--unit", "m[IU]/L", "--on", "2999-01-01"), "after"),
        (("record", "N-1", "--contact", "phone", "--on", "yesterday"), "is no day"),
        (("add", "N-1"), "already has somebody"),
        (("add", "N-2", "--jurisdiction", "FR"), "no jurisdiction"),
        (("add", "N-2", "--applies", "femail"), "no label here knows the condition 'femail'"),
        (("correct", "N-1", "--applies", "femail"), "no label here knows the condition 'femail'"),
        (("record", "N-1", "--snooze", "x", "--correct", "y"), "not put right but taken back"),
        (("record", "N-1", "--contact", "phone", "--correct", "y"), "no entry 'y' that stands now"),
        (("due", "--as", "eve"), "do not fit together"),
        (("due", "--database", "other.db"), "no clinic's book"),
        (("init", "North"), "already holds a clinic"),
        (("import",), "name a file"),
        (("import", "none.csv"), "cannot be read"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_2(clinic: Path, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert (done.code, said in done.err, "Traceback" in done.err) == (2, True, False), done.err


def test_a_person_and_a_contact_are_put_right(clinic: Path) -> None:
    assert run("correct", "N-1", "--new-label", "N-2", "--applies", "female").json["conditions"] == {"female": True}
    made = run("record", "N-2", "--contact", "phone", "--on", "2026-02-10").json["entry"]
    run("record", "N-2", "--contact", "letter", "--correct", made, "--on", "2026-02-11")
    entries = run("person", "N-2").json["entries"]
    assert [one["kind"] for one in entries] == ["person", "course", "person", "contact", "contact"]
    assert run("correct", "N-2", "--not-known", "female", "--jurisdiction", "US").json["conditions"] == {}


def test_an_import_with_faults_exits_2_and_tells_them_in_the_machine_form(clinic: Path) -> None:
    Path("a.csv").write_text("person,test,value,unit,taken_on\nN-1,2,tsh,m[IU]/L,2026-02-12\n", encoding="utf-8")
    done = run("import", "a.csv")
    assert (done.code, done.json["is_refused"]) == (2, True)
    assert {(fault["line"], fault["column"]) for fault in done.json["faults"]} == {(2, "test"), (2, "value")}


def test_tampering_is_a_finding(clinic: Path) -> None:
    assert run("verify-audit").code == 0
    with sqlite3.connect("clinic.db") as connection:
        connection.execute("DROP TRIGGER courses_no_update")
        connection.execute("UPDATE courses SET drug = 'natalizumab'")
    connection.close()
    done = run("verify-audit")
    assert (done.code, done.json["first_broken"]["sequence"]) == (1, 3)


def test_backup_restore_export(clinic: Path) -> None:
    made = run("backup", "b.backup").json
    back = run("restore", "b.backup", "--database", "again.db").json
    assert back["clinics"][0]["content_hash"] == made["content_hash"]
    for name in ("csv", "ics", "fhir", "json"):
        assert equipoise("clinic", "export", "N-1", "--format", name, "-o", f"out.{name}").code == 0
        assert Path(f"out.{name}").stat().st_size > 0


def test_a_password_is_asked_for(clinic: Path) -> None:
    Path("ben.txt").write_text("a long password\n", encoding="utf-8")
    assert run("add-user", "ben", "--role", "read-only", "--new-password-file", "ben.txt").code == 0
    assert run("due", "--as", "ben").code == 2
    assert run("due", "--as", "ben", "--password-file", "ben.txt").code == 0
    refused = run("add", "N-2", "--as", "ben", "--password-file", "ben.txt")
    assert (refused.code, "read-only" in refused.err) == (2, True)
