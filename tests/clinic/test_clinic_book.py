"""The book keeps what it is told: nothing overwritten, no clinic sees another, and the log tells of any tampering."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from argon2 import Type

from equipoise.clinic import Book, ClinicError, Desk, Role, create_book, open_book, schema, users
from equipoise.clinic import engine as databases
from equipoise.clinic.correcting import correct_person
from equipoise.clinic.entries import current, history
from equipoise.clinic.errors import (
    BookLockedError,
    BookMissingError,
    DiskFullError,
    EntryError,
    NewerBookError,
    RoleError,
    SignInError,
)
from equipoise.clinic.morning import morning, refresh
from equipoise.clinic.people import add_person, find, people
from equipoise.clinic.recording import Recorder
from equipoise.clinic.tables import APPEND_ONLY, DERIVED, Base, PersonStanding
from equipoise.evidence import Evidence
from equipoise.safety.results import Result, ResultError
from equipoise.vocabulary.terms import Jurisdiction
from tests.clinic.conftest import PASSWORD, TODAY, clock, new_database

STRONG = users._HASHER  # before any fixture has put another in its place
PLATELETS = Result("platelet-count", 90, "10*9/L", TODAY.replace(day=20), 150, 400)


def with_person(recorder: Recorder, label: str = "N-1") -> None:
    add_person(recorder.desk, label, jurisdiction=Jurisdiction.EU)
    recorder.course(label, "alemtuzumab", TODAY.replace(month=1, day=12))


def test_migrations_make_what_the_models_say(book: Book) -> None:
    with databases.reading(book.engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [d for d in compare_metadata(context, Base.metadata) if "alembic_version" not in str(d)]
    assert differences == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_book_of_the_first_version_keeps_every_entry_and_its_list_is_worked_out_anew(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, evidence: Evidence
) -> None:
    address = str(tmp_path / "old.db")
    if kind == "postgresql":
        address = new_database(request.getfixturevalue("postgresql"))
    old = Book(databases.connect(databases.address(address)))
    with databases.writing(old.engine) as connection:
        command.upgrade(schema._config(connection), "0001")
    old.add_clinic("North", "anna", Role.NURSE, PASSWORD, clock())
    desk = old.sign_in("anna", PASSWORD, clock=clock)
    add_person(desk, "N-1", jurisdiction=Jurisdiction.EU)
    with desk.writing() as to:
        person = find(to.connection, desk.clinic_id, "N-1")
        given = {"drug": "alemtuzumab", "event": "course", "on_day": TODAY.replace(month=1), "last_day": None}
        to.append("course", {"person_id": person.id, **given})
        standing = {"clinic_id": desk.clinic_id, "person_id": person.id, "label": "N-1", "has_plan": 0}
        days = {"entries_to": TODAY, "worked_out_on": TODAY, "last_heard": None}
        to.connection.execute(sa.insert(PersonStanding).values(**standing, **days, release=evidence.release.version))
    old.close()
    book = open_book(address)
    desk = book.sign_in("anna", PASSWORD, clock=clock)
    refresh(desk, evidence, TODAY)
    assert {task.person for task in morning(desk, evidence, TODAY).overdue} == {"N-1"}
    audit = desk.verify_audit()
    assert (audit.is_whole, audit.links) == (True, 3)
    book.close()


def test_every_table_is_kept_or_worked_out() -> None:
    assert set(Base.metadata.tables) == set(APPEND_ONLY) | set(DERIVED)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_database_itself_refuses_to_change_or_delete(recorder: Recorder, table: str) -> None:
    everything_of_it(recorder)
    column = "name" if table == "clinics" else "recorded_by"
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):  # noqa: S608
        with (
            pytest.raises(ClinicError, match="never changed or deleted"),
            databases.writing(recorder.desk.book.engine) as connection,
        ):
            connection.execute(sa.text(statement))


def everything_of_it(recorder: Recorder) -> None:
    """Write an entry of every kind."""
    with_person(recorder)
    recorder.result("N-1", PLATELETS)
    recorder.done("N-1", "tsh", TODAY)
    recorder.contact("N-1", TODAY, "phone")
    refresh(recorder.desk, recorder.evidence, TODAY)
    alert = morning(recorder.desk, recorder.evidence, TODAY).alerts[0][1]["id"]
    recorder.snooze("N-1", alert, TODAY.replace(month=12), "repeat booked")
    recorder.acknowledge("N-1", alert, "repeat in a week")
    with recorder.desk.writing() as to:
        row = {"file": "a.csv", "line": 2, "reason": "nobody", "document": "{}", "content_hash": "0" * 64}
        to.append("unmatched", row)


def test_a_correction_is_a_new_entry_that_names_the_old_one(recorder: Recorder) -> None:
    with_person(recorder)
    wrong = recorder.result("N-1", PLATELETS)
    right = recorder.correct_result("N-1", wrong.entry_id, dataclasses.replace(PLATELETS, value=190))
    with recorder.desk.reading() as connection:
        standing = connection.execute(current("result", recorder.desk.clinic_id)).all()
        told = history(connection, recorder.desk.clinic_id, wrong.person.id)
    assert [(row.id, row.value, row.corrects) for row in standing] == [(right.entry_id, 190.0, wrong.entry_id)]
    assert [row.value for kind, row in told if kind == "result"] == [90.0, 190.0]
    with pytest.raises(EntryError, match="replaced or withdrawn"):
        recorder.correct_result("N-1", wrong.entry_id, PLATELETS)


def test_a_correction_keeps_the_laboratory_s_id_so_that_its_own_correction_still_finds_it(recorder: Recorder) -> None:
    with_person(recorder)
    wrong = recorder.result("N-1", dataclasses.replace(PLATELETS, id="lab-7"))
    recorder.correct_result("N-1", wrong.entry_id, dataclasses.replace(PLATELETS, value=190))
    with recorder.desk.reading() as connection:
        (row,) = connection.execute(current("result", recorder.desk.clinic_id)).all()
    assert (row.value, row.report_id) == (190.0, "lab-7")


def test_courses_stops_contacts_and_days_are_put_right_by_new_entries_of_the_same_kind(recorder: Recorder) -> None:
    add_person(recorder.desk, "N-1", jurisdiction=Jurisdiction.EU)
    course = recorder.course("N-1", "alemtuzumab", TODAY.replace(month=1, day=21))
    recorder.course("N-1", "alemtuzumab", TODAY.replace(month=1, day=12), corrects=course.entry_id)
    stop = recorder.stop("N-1", "alemtuzumab", TODAY.replace(month=9, day=1))
    recorder.stop("N-1", "alemtuzumab", TODAY.replace(month=9, day=2), corrects=stop.entry_id)
    contact = recorder.contact("N-1", TODAY, "phone")
    recorder.contact("N-1", TODAY, "phone", reached=False, corrects=contact.entry_id)
    done = recorder.done("N-1", "tsh", TODAY.replace(month=10, day=12))
    recorder.correct_done("N-1", done.entry_id, TODAY.replace(month=10, day=14))
    clinic = recorder.desk.clinic_id
    with recorder.desk.reading() as connection:
        courses = [(row.event, row.on_day.day) for row in connection.execute(current("course", clinic))]
        assert courses == [("course", 12), ("stop", 2)]
        assert [row.reached for row in connection.execute(current("contact", clinic))] == [0]
        assert [row.on_day.day for row in connection.execute(current("done", clinic))] == [14]
    assert recorder.desk.verify_audit().is_whole


@pytest.mark.parametrize("kind", ["stop", "contact", "result"])
def test_an_entry_is_not_put_right_by_one_of_another_kind(recorder: Recorder, kind: str) -> None:
    with_person(recorder)
    add_person(recorder.desk, "N-2", jurisdiction=Jurisdiction.EU)
    with recorder.desk.reading() as connection:
        course = connection.execute(current("course", recorder.desk.clinic_id)).one().id
    attempts: dict[str, Callable[[], object]] = {
        "stop": lambda: recorder.stop("N-1", "alemtuzumab", TODAY, corrects=course),
        "contact": lambda: recorder.contact("N-1", TODAY, "phone", corrects=course),
        "result": lambda: recorder.correct_result("N-1", course, PLATELETS),
    }
    before = recorder.desk.verify_audit().links
    with pytest.raises(EntryError, match=f"no {kind} but a course"):
        attempts[kind]()
    with pytest.raises(EntryError, match="not about 'N-2'"):
        recorder.course("N-2", "alemtuzumab", TODAY, corrects=course)
    assert recorder.desk.verify_audit().links == before


def test_a_correction_that_changes_nothing_is_no_entry(recorder: Recorder) -> None:
    with_person(recorder)
    made = recorder.result("N-1", PLATELETS)
    before = recorder.desk.verify_audit().links
    again = recorder.correct_result("N-1", made.entry_id, PLATELETS)
    assert (again.is_new, again.entry_id) == (False, made.entry_id)
    somebody = made.person
    assert correct_person(recorder.desk, somebody, label=" N-1 ", conditions={"female": None}).entry_id
    assert recorder.desk.verify_audit().links == before


def test_a_person_put_right_is_watched_by_the_right_label_the_next_morning(recorder: Recorder) -> None:
    with_person(recorder)
    desk, evidence = recorder.desk, recorder.evidence

    def listed() -> tuple[set[str], set[str]]:
        refresh(desk, evidence, TODAY)
        found = morning(desk, evidence, TODAY)
        tasks = (*found.overdue, *found.due)
        return {task.person for task in tasks}, {task.test_id for task in tasks}

    who, what = listed()
    assert (who, "skin-exam" in what, "hpv-screen" in what) == ({"N-1"}, False, False)
    with desk.reading() as connection:
        someone = find(connection, desk.clinic_id, "N-1")
    someone = correct_person(desk, someone, label="n-1", jurisdiction=Jurisdiction.US, conditions={"female": True})
    recorder.course("n-1", "alemtuzumab", TODAY.replace(year=2025, month=1, day=10))
    assert (listed()[0], {"skin-exam", "hpv-screen"} <= listed()[1]) == ({"n-1"}, True)
    correct_person(desk, someone, conditions={"female": None})
    assert "hpv-screen" not in listed()[1], "what is not known after all is not known"


def test_what_was_withdrawn_stays_in_the_book(recorder: Recorder) -> None:
    with_person(recorder)
    made = recorder.result("N-1", PLATELETS)
    recorder.withdraw("N-1", made.entry_id)
    with recorder.desk.reading() as connection:
        assert connection.execute(current("result", recorder.desk.clinic_id)).all() == []
        assert (
            len([1 for kind, _ in history(connection, recorder.desk.clinic_id, made.person.id) if kind == "result"])
            == 2
        )
    refresh(recorder.desk, recorder.evidence, TODAY)
    assert morning(recorder.desk, recorder.evidence, TODAY).alerts == ()


def test_the_same_result_again_is_no_second_entry(recorder: Recorder) -> None:
    with_person(recorder)
    first, again = recorder.result("N-1", PLATELETS), recorder.result("N-1", PLATELETS)
    assert (first.is_new, again.is_new, again.entry_id) == (True, False, first.entry_id)


# ---------------------------------------------------------------------------------------------- audit


TAMPERING = {
    "result value": "UPDATE results SET value = 190",
    "who wrote it": "UPDATE audit SET recorded_by = 'ben' WHERE sequence = 3",
    "a link removed": "DELETE FROM audit WHERE sequence = 3",
    "an entry removed": "DELETE FROM courses",
    "the end cut off": "DELETE FROM audit WHERE sequence = 4",
    "a link's hash": "UPDATE audit SET hash = previous WHERE sequence = 2",
    "an entry slipped in": (
        "INSERT INTO contacts SELECT person_id, taken_on, 'phone', 1, '', 'x', clinic_id, 2, NULL, 0, recorded_at, "
        "recorded_by, salt FROM results"
    ),
}
FIRST_BROKEN = {
    "result value": 4,
    "an entry removed": 3,
    "the end cut off": 4,
    "a link's hash": 2,
    "an entry slipped in": 2,
}


@pytest.mark.parametrize("what", TAMPERING)
def test_any_tampering_is_found_and_the_first_broken_link_named(recorder: Recorder, what: str) -> None:
    with_person(recorder)
    recorder.result("N-1", PLATELETS)
    whole = recorder.desk.verify_audit()
    assert (whole.is_whole, whole.links) == (True, 4)
    engine = recorder.desk.book.engine
    with engine.begin() as connection:
        for statement in unguarded(engine, TAMPERING[what]):
            connection.execute(sa.text(statement))
    found = recorder.desk.verify_audit()
    assert found.broken is not None
    assert found.broken.sequence == FIRST_BROKEN.get(what, 3)


def unguarded(engine: sa.Engine, statement: str) -> list[str]:
    """A tamperer with the keys takes the guards off first."""
    if engine.dialect.name != "sqlite":
        return ["SET session_replication_role = replica", statement]
    guards = [f"{table}_no_{act}" for table in ("results", "audit", "courses") for act in ("update", "delete")]
    return [*(f"DROP TRIGGER {guard}" for guard in guards), statement]


def test_a_log_cut_off_together_with_its_entries_is_found_by_a_head_written_down(recorder: Recorder) -> None:
    with_person(recorder)
    recorder.result("N-1", PLATELETS)
    head = recorder.desk.verify_audit().head
    engine = recorder.desk.book.engine
    with engine.begin() as connection:
        for statement in (*unguarded(engine, "DELETE FROM results"), "DELETE FROM audit WHERE sequence = 4"):
            connection.execute(sa.text(statement))
    assert recorder.desk.verify_audit().is_whole
    assert not recorder.desk.verify_audit(head=head).is_whole


def test_the_audit_log_holds_no_clinical_value(recorder: Recorder) -> None:
    everything_of_it(recorder)
    with recorder.desk.reading() as connection:
        columns = set(connection.execute(sa.text("SELECT * FROM audit")).keys())
        kinds = set(connection.execute(sa.text("SELECT kind FROM audit")).scalars())
    assert columns == {
        "clinic_id", "sequence", "recorded_at", "recorded_by", "kind", "entry_id", "entry_hash", "previous", "hash"
    }  # fmt: skip
    assert len(kinds) == 9


# ---------------------------------------------------------------------------------------------- who may what


def test_one_clinic_never_sees_another(book: Book, recorder: Recorder, evidence: Evidence) -> None:
    everything_of_it(recorder)
    book.add_clinic("South", "sam", Role.NEUROLOGIST, PASSWORD, clock())
    south = book.sign_in("sam", PASSWORD, clinic="South", clock=clock)
    with recorder.desk.reading() as connection:
        result = connection.execute(current("result", recorder.desk.clinic_id)).one()
    with south.reading() as connection:
        assert people(connection, south.clinic_id) == []
        assert history(connection, south.clinic_id, result.person_id) == []
    theirs = Recorder(south, TODAY, evidence)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: theirs.result("N-1", PLATELETS),
        lambda: theirs.contact(result.person_id, TODAY, "phone"),
        lambda: theirs.withdraw("N-1", result.id),
    )
    for refused in attempts:
        with pytest.raises(EntryError) as caught:
            refused()
        assert "Did you mean" not in str(caught.value)
    refresh(south, evidence, TODAY)
    list_ = morning(south, evidence, TODAY)
    assert (list_.people, list_.alerts, list_.overdue, list_.due, list_.kept_aside) == (0, (), (), (), 0)
    assert south.verify_audit().links == 1
    with pytest.raises(SignInError):
        book.sign_in("sam", PASSWORD, clinic="North", clock=clock)
    # the same label belongs to somebody else there
    add_person(south, "N-1", jurisdiction=Jurisdiction.US)


def test_roles(book: Book, desk: Desk, evidence: Evidence) -> None:
    desk.add_user("nina", Role.NURSE, PASSWORD)
    desk.add_user("rob", Role.READ_ONLY, PASSWORD)
    nina = book.sign_in("nina", PASSWORD, clock=clock)
    rob = book.sign_in("rob", PASSWORD, clock=clock)
    add_person(nina, "N-1", jurisdiction=Jurisdiction.UK)
    with pytest.raises(RoleError, match="read-only"):
        add_person(rob, "N-2", jurisdiction=Jurisdiction.UK)
    with pytest.raises(RoleError, match="neurologist"):
        nina.add_user("eve", Role.NEUROLOGIST, PASSWORD)
    refresh(rob, evidence, TODAY)
    assert morning(rob, evidence, TODAY).without_plan == ("N-1",)
    desk.add_user("nina", Role.READ_ONLY, "another password")
    with pytest.raises(SignInError):
        book.sign_in("nina", PASSWORD, clock=clock)
    assert book.sign_in("nina", "another password", clock=clock).who.role is Role.READ_ONLY


@pytest.mark.parametrize(("user", "password"), [("anna", "wrong"), ("anna", ""), ("nobody", PASSWORD)])
def test_a_wrong_user_and_a_wrong_password_are_refused_alike(book: Book, user: str, password: str) -> None:
    with pytest.raises(SignInError, match="do not fit together"):
        book.sign_in(user, password, clock=clock)


def test_passwords_are_argon2_hashes(desk: Desk) -> None:
    with desk.reading() as connection:
        (row,) = connection.execute(current("user", desk.clinic_id))
    assert row.password_hash.startswith("$argon2id$")
    # these tests hash with less work; the package itself does no less than RFC 9106, 4, second choice
    assert (STRONG.type, STRONG.time_cost >= 3, STRONG.memory_cost >= 65_536) == (Type.ID, True, True)
    with pytest.raises(SignInError, match="too short"):
        desk.add_user("nina", Role.NURSE, "short")


# ---------------------------------------------------------------------------------------------- what is refused


def test_a_person_is_there_once(desk: Desk) -> None:
    someone = add_person(desk, "N-1", jurisdiction=Jurisdiction.EU)
    with pytest.raises(EntryError, match="already has somebody"):
        add_person(desk, " n-1 ", jurisdiction=Jurisdiction.EU)
    renamed = correct_person(desk, someone, label="N-9")
    assert renamed.id == someone.id
    add_person(desk, "N-1", jurisdiction=Jurisdiction.EU)
    with pytest.raises(EntryError, match=r"Did you mean: N-[19]"), desk.reading() as connection:
        find(connection, desk.clinic_id, "N-99")


def test_days_units_and_reasons_that_cannot_be(recorder: Recorder) -> None:
    with_person(recorder)
    tomorrow = TODAY.replace(day=23)
    with pytest.raises(ResultError, match="after"):
        recorder.result("N-1", dataclasses.replace(PLATELETS, taken_on=tomorrow))
    with pytest.raises(ResultError, match="does not fit"):
        recorder.result("N-1", dataclasses.replace(PLATELETS, unit="mg/dL"))
    with pytest.raises(EntryError, match="lies ahead"):
        recorder.contact("N-1", tomorrow, "phone")
    with pytest.raises(EntryError, match="needs a reason"):
        recorder.snooze("N-1", "alemtuzumab-mon-11.P10M", tomorrow, " ")
    with pytest.raises(EntryError, match="not after"):
        recorder.snooze("N-1", "alemtuzumab-mon-11.P10M", TODAY, "on holiday")
    with pytest.raises(EntryError, match="no open alert"):
        recorder.acknowledge("N-1", "nothing")
    with pytest.raises(EntryError, match="no open task"):
        recorder.done("N-1", "mri", TODAY)
    before = recorder.desk.verify_audit().links
    with pytest.raises(Exception, match="while course"):
        recorder.course("N-1", "alemtuzumab", TODAY.replace(month=1, day=13))
    assert recorder.desk.verify_audit().links == before


def test_no_book_and_another_kind_of_file(tmp_path: Path) -> None:
    with pytest.raises(BookMissingError, match="no clinic's book"):
        open_book(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "letter.db").write_text("Dear colleague, " * 100, encoding="utf-8")
    with pytest.raises(BookMissingError, match="another kind of file"):
        open_book(tmp_path / "letter.db")
    with pytest.raises(ClinicError, match="cannot hold the book"):
        open_book("mysql://a@b/c")
    with pytest.raises(BookMissingError, match="cannot be reached"):
        open_book("postgresql://a@127.0.0.1:1/c")


def test_a_newer_book_is_left_alone(book: Book, address: str) -> None:
    with book.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (open_book, create_book):
        with pytest.raises(NewerBookError, match="newer Equipoise"):
            attempt(address)


def test_a_locked_book_says_so_and_nothing_is_written(
    book: Book, desk: Desk, another: Callable[[], Book], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "WAIT_SECONDS", 0.2)
    monkeypatch.setitem(databases.connect.__kwdefaults__ or {}, "wait_seconds", 0.2)
    impatient = another().sign_in("anna", PASSWORD, clock=clock)
    with desk.writing() as to:
        to.append("unmatched", {"file": "", "line": 1, "reason": "", "document": "", "content_hash": "0" * 64})
        with pytest.raises(BookLockedError, match="locked"):
            add_person(impatient, "N-1", jurisdiction=Jurisdiction.EU)
        with impatient.reading() as connection:  # readers need not wait, and see nothing half-written
            assert connection.execute(current("unmatched", desk.clinic_id)).all() == []
    add_person(impatient, "N-1", jurisdiction=Jurisdiction.EU)
    assert desk.verify_audit().links == 3


def test_a_full_disk_costs_nothing_that_was_written(tmp_path: Path, evidence: Evidence) -> None:
    made = create_book(tmp_path / "clinic.db")
    made.add_clinic("North", "anna", Role.NURSE, "", clock())
    desk = made.sign_in(clock=clock)
    with made.engine.connect() as connection:  # SQLite's own limit fails just as a full disk does
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    rows = [{"file": "", "line": 1, "reason": "x" * 999, "document": "", "content_hash": "0" * 64}] * 99
    with pytest.raises(DiskFullError, match="disk is full"), desk.writing() as to:
        to.append_all("unmatched", rows)
    report = desk.verify_audit()
    assert (report.is_whole, report.links) == (True, 1)
    made.close()


def test_an_encrypted_book_needs_its_key(tmp_path: Path) -> None:
    pytest.importorskip("sqlcipher3")
    path = tmp_path / "secret.db"
    made = create_book(path, key="a long key")
    made.add_clinic("North", "anna", Role.NURSE, "", clock())
    made.close()
    assert not path.read_bytes().startswith(b"SQLite")
    for key in ("", "another key"):
        with pytest.raises(BookMissingError, match="key is wrong"):
            open_book(path, key=key)
    again = open_book(path, key="a long key")
    assert again.clinics() == ["North"]
    again.close()


def test_a_new_book_is_closed_to_others_on_the_machine(tmp_path: Path) -> None:
    create_book(tmp_path / "clinic.db").close()
    assert (tmp_path / "clinic.db").stat().st_mode & 0o077 == 0
    with sqlite3.connect(tmp_path / "clinic.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
