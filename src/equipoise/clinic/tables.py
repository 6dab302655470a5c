"""The tables of the book. Entries are only ever added; what is worked out from them may be made anew."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import BigInteger, Date, Float, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

ID = String(32)
"""An identifier, 32 hexadecimal digits: random, for an entry behind its place in the log."""
HASH = String(64)
"""A SHA-256, 64 hexadecimal digits."""


class Base(DeclarativeBase):
    """What every table descends from."""

    if TYPE_CHECKING:  # every model here is one table, and not a view or a join
        __table__: ClassVar[Table]


class Clinic(Base):
    """A clinic. Every other row belongs to exactly one."""

    __tablename__ = "clinics"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    founded_at: Mapped[str] = mapped_column(String(32))


class Entry:
    """What every entry says of itself.

    ``sequence`` is its place in the clinic's audit log; ``corrects`` the entry that it replaces; ``withdrawn`` 1
    where it takes that entry back without another in its place. ``salt`` keeps the hash in the audit log from
    telling anything about the content.
    """

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinics.id"))
    sequence: Mapped[int] = mapped_column(BigInteger)
    corrects: Mapped[str | None] = mapped_column(ID)
    withdrawn: Mapped[int] = mapped_column(default=0)
    recorded_at: Mapped[str] = mapped_column(String(32))
    recorded_by: Mapped[str] = mapped_column(String(100))
    salt: Mapped[str] = mapped_column(ID)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[UniqueConstraint | Index, ...]:
        name = str(getattr(cls, "__tablename__", ""))
        place = UniqueConstraint("clinic_id", "sequence", name=f"{name}_place")
        # one entry can be replaced once: two people correcting it at the same time do not both win
        once = UniqueConstraint("corrects", name=f"{name}_corrected_once")
        return (place, once, *getattr(cls, "more", ()))


class AboutPerson(Entry):
    """An entry about one person; ``person_id`` is the pseudonymous id."""

    person_id: Mapped[str] = mapped_column(ID)


class User(Entry, Base):
    """Someone who may sign in. ``password_hash`` is empty for a book on one's own machine without passwords."""

    __tablename__ = "users"
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))


class PersonEntry(AboutPerson, Base):
    """Someone under monitoring: the clinic's own label, and a name only where the clinic wants one.

    ``conditions`` is a JSON object from conditions of label entries (``female``) to true or false; what is not in
    it is unknown.
    """

    __tablename__ = "people"
    more = (Index("people_by_label", "clinic_id", "label"), Index("people_by_person", "clinic_id", "person_id"))
    label: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    jurisdiction: Mapped[str] = mapped_column(String(2))
    conditions: Mapped[str] = mapped_column(Text)


class CourseEntry(AboutPerson, Base):
    """A course of a drug, or the day on which a drug that goes on was begun. ``event``: course or stop."""

    __tablename__ = "courses"
    more = (Index("courses_by_person", "clinic_id", "person_id"),)
    drug: Mapped[str] = mapped_column(String(100))
    event: Mapped[str] = mapped_column(String(20))
    on: Mapped[datetime.date] = mapped_column("on_day", Date)
    last_day: Mapped[datetime.date | None] = mapped_column(Date)


class ResultEntry(AboutPerson, Base):
    """A result of a laboratory as reported; the columns are those of :class:`equipoise.safety.results.Result`."""

    __tablename__ = "results"
    more = (
        Index("results_by_person", "clinic_id", "person_id", "taken_on"),
        Index("results_by_content", "clinic_id", "content_hash"),
        Index("results_by_report", "clinic_id", "report_id"),
    )
    analyte: Mapped[str] = mapped_column(String(100))
    taken_on: Mapped[datetime.date] = mapped_column(Date)
    comparator: Mapped[str] = mapped_column(String(2))
    value: Mapped[float] = mapped_column(Float(53))
    unit: Mapped[str] = mapped_column(String(50))
    reference_low: Mapped[float | None] = mapped_column(Float(53))
    reference_high: Mapped[float | None] = mapped_column(Float(53))
    laboratory: Mapped[str] = mapped_column(String(200))
    report_id: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(HASH)


class DoneEntry(AboutPerson, Base):
    """A test or visit of the plan that was done, where there is no value to record."""

    __tablename__ = "tests_done"
    more = (Index("tests_done_by_person", "clinic_id", "person_id"),)
    task_id: Mapped[str] = mapped_column(String(300))
    on: Mapped[datetime.date] = mapped_column("on_day", Date)


class ContactEntry(AboutPerson, Base):
    """The clinic and the person spoke, or tried to. ``reached`` is 1 where they did."""

    __tablename__ = "contacts"
    more = (Index("contacts_by_person", "clinic_id", "person_id"),)
    on: Mapped[datetime.date] = mapped_column("on_day", Date)
    how: Mapped[str] = mapped_column(String(50))
    reached: Mapped[int]
    note: Mapped[str] = mapped_column(Text)


class AcknowledgementEntry(AboutPerson, Base):
    """Somebody has seen an alert and says what follows."""

    __tablename__ = "acknowledgements"
    more = (Index("acknowledgements_by_person", "clinic_id", "person_id"),)
    alert_id: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text)


class SnoozeEntry(AboutPerson, Base):
    """A task or alert is put off until a day, for a reason."""

    __tablename__ = "snoozes"
    more = (Index("snoozes_by_person", "clinic_id", "person_id"),)
    subject_id: Mapped[str] = mapped_column(String(300))
    until: Mapped[datetime.date] = mapped_column("until_day", Date)
    reason: Mapped[str] = mapped_column(Text)


class UnmatchedEntry(Entry, Base):
    """A row of an import that belongs to nobody the book knows: kept aside, never lost."""

    __tablename__ = "unmatched"
    more = (Index("unmatched_by_content", "clinic_id", "content_hash"),)
    file: Mapped[str] = mapped_column(String(300))
    line: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(HASH)


class AuditRow(Base):
    """One link of a clinic's audit log: who, what kind, which entry, when; never what the entry says."""

    __tablename__ = "audit"
    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinics.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column("recorded_at", String(32))
    by: Mapped[str] = mapped_column("recorded_by", String(100))
    kind: Mapped[str] = mapped_column(String(30))
    entry_id: Mapped[str] = mapped_column(ID)
    entry_hash: Mapped[str] = mapped_column(HASH)
    previous: Mapped[str] = mapped_column(HASH)
    hash: Mapped[str] = mapped_column(HASH)


class PersonStanding(Base):
    """Where a person stands, worked out from the entries: as of which day and which release of the evidence."""

    __tablename__ = "standings"
    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinics.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ID, primary_key=True)
    label: Mapped[str] = mapped_column(String(100))
    release: Mapped[str] = mapped_column(String(100))
    has_plan: Mapped[int]
    entries_to: Mapped[datetime.date] = mapped_column(Date)
    worked_out_on: Mapped[datetime.date] = mapped_column(Date)
    last_heard: Mapped[datetime.date | None] = mapped_column(Date)


class OpenTasks(Base):
    """Tasks of a person's plan that are not done and still can be, as far as the next year; a row those of one visit.

    ``listed_to`` is the last day on which they make sense (what comes before a course ends with the course),
    ``last_done`` when their series was last done. A long run of missed tests is one row, its oldest, with their number
    in ``missed``. ``tasks`` is a JSON array with an array a task: its id, the label's entry, the test, whether a boxed
    warning names what it is for, the label's own word for how serious it is, and the source.
    """

    __tablename__ = "open_tasks"
    # SQLite lays rows out in the order of this key: a morning reads one run of pages, not a page here and there a row.
    __table_args__ = (Index("open_tasks_by_person", "clinic_id", "person_id"), {"sqlite_with_rowid": False})
    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinics.id"), primary_key=True)
    starts: Mapped[datetime.date] = mapped_column("window_start", Date, primary_key=True)
    person_id: Mapped[str] = mapped_column(ID, primary_key=True)
    first_task: Mapped[str] = mapped_column(String(300), primary_key=True)
    missed: Mapped[int]
    due: Mapped[datetime.date] = mapped_column(Date)
    window_end: Mapped[datetime.date] = mapped_column(Date)
    listed_to: Mapped[datetime.date] = mapped_column(Date)
    last_done: Mapped[datetime.date | None] = mapped_column(Date)
    snoozed_until: Mapped[datetime.date | None] = mapped_column(Date)
    tasks: Mapped[str] = mapped_column(Text)


class OpenAlert(Base):
    """An alert that nobody has acknowledged."""

    __tablename__ = "open_alerts"
    clinic_id: Mapped[str] = mapped_column(ForeignKey("clinics.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ID, primary_key=True)
    alert_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    on: Mapped[datetime.date] = mapped_column("on_day", Date)
    urgency: Mapped[str] = mapped_column(String(20))
    snoozed_until: Mapped[datetime.date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(Text)


ENTRIES: dict[str, type[Entry]] = {
    "user": User,
    "person": PersonEntry,
    "course": CourseEntry,
    "result": ResultEntry,
    "done": DoneEntry,
    "contact": ContactEntry,
    "acknowledgement": AcknowledgementEntry,
    "snooze": SnoozeEntry,
    "unmatched": UnmatchedEntry,
}
"""The kinds of entry, by the name that the audit log gives them."""
DERIVED = ("standings", "open_tasks", "open_alerts")
"""Tables that are worked out from the entries and may be emptied at any time."""
APPEND_ONLY = ("clinics", "audit", *(str(model.__dict__["__tablename__"]) for model in ENTRIES.values()))
"""Tables in which nothing is ever changed or deleted; the database itself refuses it."""
