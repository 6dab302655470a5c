"""Results in, the book out: dry run, faults with their place, rows kept aside, exports, backup and restore."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from equipoise.clinic import Book, ClinicError, Desk, Role, create_book, open_book
from equipoise.clinic.backup import back_up, content_hash, restore
from equipoise.clinic.csv_results import ReadRow, read_csv
from equipoise.clinic.entries import current
from equipoise.clinic.errors import ImportFaultsError
from equipoise.clinic.fhir_results import read_fhir
from equipoise.clinic.importing import ImportReport, Judging, aside_reader, import_results, kept_aside, take_up
from equipoise.clinic.morning import morning, refresh
from equipoise.clinic.people import add_person, find
from equipoise.clinic.recording import Recorder
from equipoise.clinic.standing import position
from equipoise.presentation.clinic import export as clinic_export
from equipoise.vocabulary.terms import Jurisdiction
from tests.clinic.conftest import PASSWORD, TODAY, clock, new_database

HEADER = "person,test,value,unit,taken_on,reference_low,reference_high,laboratory,comparator,id\n"
GOOD = (
    HEADER + "N-1,platelet-count,90,10*9/L,2026-11-20,150,400,Lab,,a1\nN-1,tsh,<0.01,m[IU]/L,2026-11-20,0.4,4,Lab,,a2\n"
)


def take(desk: Desk, path: Path, text: str, *, dry_run: bool = False) -> ImportReport:
    path.write_text(text, encoding="utf-8")
    return import_results(desk, lambda: read_csv(path, TODAY), path.name, dry_run=dry_run)


@pytest.fixture
def north(recorder: Recorder) -> Desk:
    add_person(recorder.desk, "N-1", jurisdiction=Jurisdiction.EU)
    recorder.course("N-1", "alemtuzumab", TODAY.replace(month=1, day=12))
    return recorder.desk


def n_results(desk: Desk) -> int:
    with desk.reading() as connection:
        return len(connection.execute(current("result", desk.clinic_id)).all())


def test_look_first_then_write_then_the_same_again(north: Desk, tmp_path: Path, recorder: Recorder) -> None:
    text = GOOD + "N-2,tsh,2,m[IU]/L,2026-11-20,,,,,a3\n"
    look = take(north, tmp_path / "a.csv", text, dry_run=True)
    assert (look.new, look.unmatched, n_results(north)) == (2, 1, 0)
    done = take(north, tmp_path / "a.csv", text)
    assert (done.new, done.known, done.unmatched, n_results(north)) == (2, 0, 1, 2)
    again = take(north, tmp_path / "a.csv", text)
    assert (again.new, again.known, again.unmatched, again.kept_before, n_results(north)) == (0, 2, 0, 1, 2)
    corrected = take(north, tmp_path / "b.csv", GOOD.replace(",90,", ",190,"))
    assert (corrected.new, corrected.corrected, corrected.known, n_results(north)) == (0, 1, 1, 2)
    refresh(north, recorder.evidence, TODAY)
    found = morning(north, recorder.evidence, TODAY)
    assert (found.kept_aside, [alert["analyte"] for _, alert in found.alerts]) == (1, ["tsh"])


def test_rows_kept_aside_are_listed_and_taken_up_when_the_person_is_known(north: Desk, tmp_path: Path) -> None:
    take(north, tmp_path / "a.csv", HEADER + "N-2,tsh,2,m[IU]/L,2026-11-20,,,,,a3\n")
    with north.reading() as connection:
        (row,) = kept_aside(connection, north.clinic_id)
    assert (row.file, row.line, row.cells["value"]) == ("a.csv", 2, "2")
    add_person(north, "N-2", jurisdiction=Jurisdiction.UK)
    assert take_up(north, aside_reader(TODAY), dry_run=True).new == 1
    assert n_results(north) == 0
    assert take_up(north, aside_reader(TODAY)).new == 1
    assert n_results(north) == 1
    with north.reading() as connection:
        assert kept_aside(connection, north.clinic_id) == []
    assert north.verify_audit().is_whole


FAULTS = {
    "N-1,platelet-count,90,mg/dL,2026-11-20": ("unit", "does not fit"),
    "N-1,platelet-count,90,furlong,2026-11-20": ("unit", "no unit"),
    "N-1,platelet-count,90,10*9/L,2026-11-23": ("taken_on", "after 2026-11-22"),
    "N-1,platelet-count,90,10*9/L,20.11.2026": ("taken_on", "no day"),
    "N-1,platelet-count,ninety,10*9/L,2026-11-20": ("value", "no number"),
    "N-1,platelet-count,99999999,10*9/L,2026-11-20": ("value", "not possible"),
    "N-1,90,platelet-count,10*9/L,2026-11-20": ("test", "swapped"),
    "N-1,platelet-count,2026-11-20,10*9/L,90": ("value", "swapped"),
    "platelet-count,N-1,90,10*9/L,2026-11-20": ("person", "swapped"),
    "N-1,platelets,90,10*9/L,2026-11-20": ("test", "Did you mean"),
    ",platelet-count,90,10*9/L,2026-11-20": ("person", "empty"),
    "N-1,platelet-count,90,10*9/L": ("", "cells where the header"),
    "N-1,platelet-count,nan,10*9/L,2026-11-20": ("value", "no number"),
}


@pytest.mark.parametrize("row", FAULTS)
def test_a_fault_is_told_with_line_and_column(tmp_path: Path, row: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"person,test,value,unit,taken_on\nN-1,tsh,2,m[IU]/L,2026-11-20\n{row}\n", encoding="utf-8")
    good, bad = read_csv(path, TODAY)
    assert good.faults == ()
    column, words = FAULTS[row]
    assert any(f.line == 3 and f.column == column and words in f.problem for f in bad.faults), bad.faults


def test_one_fault_refuses_the_whole_file_and_all_are_told(north: Desk, tmp_path: Path) -> None:
    bad = "".join(f"N-1,tsh,{n},kg,2026-11-20,,,,,x{n}\n" for n in range(1, 151))
    report = take(north, tmp_path / "a.csv", GOOD + bad)
    assert (report.is_refused, report.n_faults, len(report.faults), n_results(north)) == (True, 150, 100, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "missing: person, test"),
        (b"person,test,value,unit,taken_on,mood\n", "not known: mood"),
        (b"", "missing"),
        ("person,test,value,unit,taken_on\nMüller,tsh,1,g,2026-01-01\n".encode("latin-1"), "UTF-8"),
        (b'person,test,value,unit,taken_on\n"N-1,tsh\n', "no CSV"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(ImportFaultsError, match=words):
        list(read_csv(tmp_path / "a.csv", TODAY))


def test_semicolons_and_a_mark_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD.replace(",", ";"), encoding="utf-8-sig")
    first, second = read_csv(tmp_path / "a.csv", TODAY)
    assert first.result is not None
    assert second.result is not None
    assert (first.result.value, second.result.comparator, second.result.value) == (90, "<", 0.01)


@pytest.mark.parametrize(
    ("written", "value", "low"),
    [("2,1;20.11.2026;0,4", 2.1, 0.4), ("<0,01;5.3.2026;0,4", 0.01, 0.4), ("2.1;2026-11-20;", 2.1, None)],
)
def test_a_spreadsheet_with_a_decimal_comma(tmp_path: Path, written: str, value: float, low: float | None) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"person;test;unit;value;taken_on;reference_low\n1,5;tsh;mU/l;{written}\n", encoding="utf-8")
    (row,) = read_csv(path, TODAY)
    assert row.result is not None
    assert (row.result.value, row.result.reference_low) == (value, low)
    assert (row.person, row.result.taken_on.year) == ("1,5", 2026)  # a label stays as it is


@pytest.mark.parametrize(("cells", "column"), [("1,234;20.11.2026", "value"), ("2,1;31.11.2026", "taken_on")])
def test_what_may_be_a_thousand_or_is_no_day_is_refused(tmp_path: Path, cells: str, column: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"person;test;unit;value;taken_on\nN-1;platelet-count;/uL;{cells}\n", encoding="utf-8")
    (row,) = read_csv(path, TODAY)
    assert [fault.column for fault in row.faults] == [column]


def test_a_long_file_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(20_000):
            file.write(f"N-1,tsh,2.0,m[IU]/L,2026-11-20,0.4,4,A laboratory with a name of its own,,{number}\n")
    rows: Iterator[ReadRow] = read_csv(path, TODAY)
    next(rows)
    tracemalloc.start()
    count = sum(1 for _ in rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 19_999
    assert peak < 2_000_000


# ---------------------------------------------------------------------------------------------- FHIR


def observation(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": "obs-1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "777-3"}]},
        "subject": {"identifier": {"value": "N-1"}},
        "effectiveDateTime": "2026-11-20T08:00:00Z",
        "valueQuantity": {"value": 90, "unit": "10*9/L", "system": "http://unitsofmeasure.org", "code": "10*9/L"},
        "referenceRange": [{"low": {"value": 150}, "high": {"value": 400}}],
        **changes,
    }


def bundle(path: Path, *resources: dict[str, Any]) -> Path:
    entries = [{"resource": resource} for resource in resources]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    return path


def test_a_bundle_of_observations(north: Desk, tmp_path: Path) -> None:
    panel = observation(id="obs-2", code={"coding": [{"system": "http://loinc.org", "code": "57021-8"}]})
    quantity = panel.pop("valueQuantity")
    codes = ("777-3", "731-0")
    panel["component"] = [
        {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": quantity}
        for code in codes
    ]
    path = bundle(
        tmp_path / "b.json",
        observation(),
        panel,
        observation(id="obs-3", status="preliminary"),
        observation(id="obs-4", code={"coding": [{"system": "http://loinc.org", "code": "1-8"}]}),
        {"resourceType": "Patient", "id": "p"},
    )
    report = import_results(north, lambda: read_fhir(path, TODAY), path.name)
    assert (report.n_faults, report.new, report.unmatched) == (0, 3, 3)
    again = import_results(north, lambda: read_fhir(path, TODAY), path.name)
    assert (again.new, again.known, again.unmatched, again.kept_before) == (0, 3, 0, 3)
    amended = observation(status="amended", valueQuantity={**quantity, "value": 190})
    (tmp_path / "c.ndjson").write_text(json.dumps(amended) + "\n", encoding="utf-8")
    after = import_results(north, lambda: read_fhir(tmp_path / "c.ndjson", TODAY), "c.ndjson")
    assert (after.corrected, n_results(north)) == (1, 3)


def test_what_is_no_fhir(tmp_path: Path) -> None:
    path = bundle(tmp_path / "b.json", observation(status=7))
    (row,) = read_fhir(path, TODAY)
    assert [(fault.line, fault.column) for fault in row.faults] == [(1, "status")]
    (tmp_path / "c.json").write_text("{", encoding="utf-8")
    with pytest.raises(ImportFaultsError, match="line 1, column 2: is no JSON"):
        list(read_fhir(tmp_path / "c.json", TODAY))
    (tmp_path / "d.json").write_text('{"resourceType": "Patient"}', encoding="utf-8")
    with pytest.raises(ImportFaultsError, match="found Patient"):
        list(read_fhir(tmp_path / "d.json", TODAY))


# ---------------------------------------------------------------------------------------------- out


def test_exports_hold_what_the_book_holds(north: Desk, recorder: Recorder, tmp_path: Path) -> None:
    take(north, tmp_path / "a.csv", GOOD)
    with north.reading() as connection:
        someone = find(connection, north.clinic_id, "N-1")
        found = position(connection, north.clinic_id, someone, recorder.evidence, TODAY)
    rows = list(csv.DictReader(io.StringIO(clinic_export.as_csv([found]))))
    assert [(row["person"], row["test"], float(row["value"]), row["comparator"]) for row in rows] == [
        ("N-1", "platelet-count", 90, ""),
        ("N-1", "tsh", 0.01, "<"),
    ]
    document = clinic_export.as_fhir([found])
    kinds = [entry["resource"]["resourceType"] for entry in document["entry"]]
    assert kinds.count("CarePlan") == 1
    assert kinds.count("Observation") == 2
    assert kinds.count("ServiceRequest") > 48
    assert "N-1" not in json.dumps(document)
    assert clinic_export.as_icalendar(found, clock()).count("BEGIN:VEVENT") > 48
    # what was exported can be read again
    path = tmp_path / "out.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    read = [row for row in read_fhir(path, TODAY) if row.result is not None]
    assert [row.result.value for row in read if row.result] == [90, 0.01]


def hashes(book: Book) -> tuple[int, str]:
    desk = book.sign_in("anna", PASSWORD, clinic="North", clock=clock)
    with desk.reading() as connection:
        return content_hash(connection, desk.clinic_id)


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
@pytest.mark.parametrize("has_neighbour", [False, True])
def test_a_backup_comes_back_on_either_engine(
    north: Desk, book: Book, tmp_path: Path, target: str, has_neighbour: bool, request: pytest.FixtureRequest
) -> None:
    take(north, tmp_path / "a.csv", GOOD + "N-2,tsh,2,m[IU]/L,2026-11-20,,,,,a3\n")
    if has_neighbour:
        book.add_clinic("South", "sam", Role.NURSE, PASSWORD, clock())
    made = back_up(north, tmp_path / "b.backup")
    assert (made.entries, made.content_hash) == hashes(book)
    assert made.head == north.verify_audit().head
    with pytest.raises(ClinicError, match="never replaces"):
        back_up(north, tmp_path / "b.backup")
    to = str(tmp_path / "new.db") if target == "sqlite" else new_database(request.getfixturevalue("postgresql"))
    (back,) = restore(tmp_path / "b.backup", to)
    assert (back.clinic, back.content_hash, back.head) == ("North", made.content_hash, made.head)
    again = open_book(to)
    assert again.clinics() == ["North"]
    assert hashes(again) == hashes(book)
    desk = again.sign_in("anna", PASSWORD, clock=clock)
    assert desk.verify_audit(head=made.head).is_whole
    add_person(desk, "N-3", jurisdiction=Jurisdiction.EU)
    assert desk.verify_audit(head=made.head).is_whole
    with pytest.raises(ClinicError, match="already holds"):
        restore(tmp_path / "b.backup", to)
    again.close()


def test_a_damaged_backup_restores_nothing(north: Desk, book: Book, tmp_path: Path) -> None:
    book.add_clinic("South", "sam", Role.NURSE, PASSWORD, clock())
    back_up(north, tmp_path / "b.backup")
    content = (tmp_path / "b.backup").read_bytes()
    for damage in (content[:-20], content[: len(content) // 2], b"\x1f\x8b" + content[2:40], b"hello"):
        (tmp_path / "c.backup").write_bytes(damage)
        with pytest.raises(ClinicError, match=r"damaged|no backup"):
            restore(tmp_path / "c.backup", tmp_path / "new.db")
    new = create_book(tmp_path / "new.db")
    assert new.clinics() == []
    new.close()


CANNOT_JUDGE = (
    "N-1,platelet-count,90,10*9/L,2026-11-20,150,400,,,\n"
    "N-1,creatinine,140,umol/L,2026-11-20,,,,,\n"  # no range, no number of the label
    "N-1,tsh,<0.5,m[IU]/L,2026-11-20,0.4,4,,,\n"  # below what the method measures, or normal
    "N-1,alt,90,U/L,2026-11-20,,,,,\n"  # the label counts in upper limits, and there is none
    "N-2,tsh,2,m[IU]/L,2026-11-20,0.4,4,,,\n"  # in range, but nobody is watched
    "N-3,creatinine,140,umol/L,2026-11-20,,,,,\n"  # belongs to nobody: kept aside
)


def test_a_look_names_the_rows_that_nothing_can_be_held_against(
    north: Desk, tmp_path: Path, recorder: Recorder
) -> None:
    add_person(north, "N-2", jurisdiction=Jurisdiction.EU)
    path, judging = tmp_path / "a.csv", Judging(recorder.evidence, TODAY)
    path.write_text(HEADER + CANNOT_JUDGE, encoding="utf-8")
    look = import_results(north, lambda: read_csv(path, TODAY), path.name, dry_run=True, judging=judging)
    assert (look.new, look.unmatched, look.n_cannot_judge) == (5, 1, 4)
    assert [(row.line, row.person, row.analyte) for row in look.cannot_judge] == [
        (3, "N-1", "creatinine"),
        (4, "N-1", "tsh"),
        (5, "N-1", "alt"),
        (6, "N-2", "tsh"),
    ]
    import_results(north, lambda: read_csv(path, TODAY), path.name)
    refresh(north, recorder.evidence, TODAY)
    alerts = [alert for _, alert in morning(north, recorder.evidence, TODAY).alerts if alert["kind"] == "cannot-judge"]
    told: dict[str, set[str]] = {}
    for alert in alerts:
        told.setdefault(alert["analyte"], set()).add(alert["text"])
    assert told.keys() == {row.analyte for row in look.cannot_judge if row.person == "N-1"}  # N-2 is not watched
    for row in look.cannot_judge[:3]:
        assert all(text in row.why for text in told[row.analyte])
    assert "no course on record" in look.cannot_judge[3].why
    again = import_results(north, lambda: read_csv(path, TODAY), path.name, dry_run=True, judging=judging)
    assert (again.known, again.n_cannot_judge) == (5, 0)  # what stands in the book is told by the list
