"""Whatever is done, in whatever order: nothing is overwritten, a correction replaces, and the audit log stays whole."""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from equipoise.clinic import Book, Role, create_book, open_book
from equipoise.clinic.appending import table_of
from equipoise.clinic.audit import AuditReport
from equipoise.clinic.correcting import correct_person
from equipoise.clinic.entries import current
from equipoise.clinic.errors import EntryError
from equipoise.clinic.people import add_person, find
from equipoise.clinic.recording import Recorder
from equipoise.clinic.tables import ENTRIES
from equipoise.evidence import load_evidence
from equipoise.safety.results import Result
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.terms import Jurisdiction
from tests.clinic.conftest import PASSWORD, TODAY, clock

LABELS = st.sampled_from(["N-1", "N-2", "N-3"])
DAYS = st.integers(0, 400).map(lambda back: TODAY - datetime.timedelta(days=back))
VALUES = st.sampled_from([0.5, 1.0, 2.5, 9.0])


class BookMachine(RuleBasedStateMachine):
    """People, results and contacts, corrected and withdrawn; the model is a plain list of what was ever written."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.address = str(Path(self.folder.name) / "clinic.db")
        self.book: Book = create_book(self.address)
        self.book.add_clinic("North", "anna", Role.NEUROLOGIST, PASSWORD, clock())
        self.take_desk()
        self.rows: dict[str, tuple[Any, ...]] = {}
        self.head = ""
        self.standing: dict[str, tuple[str, float, datetime.date]] = {}
        for label in ("N-1", "N-2"):  # so that few steps are enough for a correction of a correction
            self.add(label)
            self.record_a_result(label, TODAY, 1.0)

    def take_desk(self) -> None:
        self.desk = self.book.sign_in("anna", PASSWORD, clock=clock)
        self.recorder = Recorder(self.desk, TODAY, load_evidence())

    def known(self, label: str) -> bool:
        try:
            with self.desk.reading() as connection:
                find(connection, self.desk.clinic_id, label)
        except EntryError:
            return False
        return True

    @rule(label=LABELS)
    def add(self, label: str) -> None:
        if not self.known(label):
            add_person(self.desk, label, jurisdiction=Jurisdiction.EU)

    @rule(label=LABELS, female=st.booleans())
    def correct_somebody(self, label: str, female: bool) -> None:
        if self.known(label):
            with self.desk.reading() as connection:
                person = find(connection, self.desk.clinic_id, label)
            correct_person(self.desk, person, conditions={"female": female})

    @rule(label=LABELS, day=DAYS)
    def give_a_course(self, label: str, day: datetime.date) -> None:
        if self.known(label):
            with contextlib.suppress(EquipoiseError):  # a refusal must leave nothing: the invariants look
                self.recorder.course(label, "alemtuzumab", day)

    @rule(label=LABELS, day=DAYS, value=VALUES)
    def record_a_result(self, label: str, day: datetime.date, value: float) -> None:
        if self.known(label):
            made = self.recorder.result(label, Result("tsh", value, "m[IU]/L", day))
            assert made.is_new == ((label, value, day) not in self.standing.values())
            if made.is_new:
                self.standing[made.entry_id] = (label, value, day)

    @rule(label=LABELS, day=DAYS)
    def call(self, label: str, day: datetime.date) -> None:
        if self.known(label):
            self.recorder.contact(label, day, "phone")

    @rule(data=st.data(), value=VALUES)
    def correct_a_result(self, data: st.DataObject, value: float) -> None:
        if self.standing:
            old = data.draw(st.sampled_from(sorted(self.standing)))
            label, _, day = self.standing.pop(old)
            made = self.recorder.correct_result(label, old, Result("tsh", value, "m[IU]/L", day))
            self.standing[made.entry_id] = (label, value, day)

    @rule(data=st.data())
    def withdraw_a_result(self, data: st.DataObject) -> None:
        if self.standing:
            old = data.draw(st.sampled_from(sorted(self.standing)))
            label, _, _ = self.standing.pop(old)
            self.recorder.withdraw(label, old)

    @rule()
    def close_and_open(self) -> None:
        self.book.close()
        self.book = open_book(self.address)
        self.take_desk()

    @invariant()
    def the_book_is_what_was_written(self) -> None:
        if hasattr(self, "rows"):  # not before the first step
            self.what_was_written_stays_as_it_was()
            self.corrections_replace()
            self.the_log_is_whole_and_holds_the_head_before()

    def what_was_written_stays_as_it_was(self) -> None:
        now: dict[str, tuple[Any, ...]] = {}
        with self.desk.reading() as connection:
            for kind in ENTRIES:
                for row in connection.execute(sa.select(table_of(kind))):
                    now[row.id] = tuple(row)
        assert {key: now.get(key) for key in self.rows} == self.rows
        self.rows = now

    def corrections_replace(self) -> None:
        with self.desk.reading() as connection:
            rows = {row.id: row.value for row in connection.execute(current("result", self.desk.clinic_id))}
        assert rows == {key: value for key, (_, value, _) in self.standing.items()}

    def the_log_is_whole_and_holds_the_head_before(self) -> None:
        report: AuditReport = self.desk.verify_audit(head=self.head)
        assert report.is_whole, report.broken
        assert report.links == len(self.rows)
        self.head = report.head

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.book.close()
            self.folder.cleanup()


TestBook = BookMachine.TestCase
TestBook.settings = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
