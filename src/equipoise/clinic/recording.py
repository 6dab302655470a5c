"""Record what happened: courses, results, tests done, contacts, alerts seen, tasks put off; and put entries right."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.clinic.appending import Appender
from equipoise.clinic.book import Desk
from equipoise.clinic.entries import current
from equipoise.clinic.entries import entry as find_entry
from equipoise.clinic.errors import EntryError
from equipoise.clinic.people import Person, find
from equipoise.clinic.results import columns
from equipoise.clinic.standing import open_subjects, position, task_for, work_out
from equipoise.evidence import Evidence
from equipoise.safety.results import Result, checked

EARLIEST = datetime.date(1990, 1, 1)
"""Before the first disease-modifying treatment (interferon beta-1b, 1993) a day is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that was written.

    Attributes
    ----------
    entry_id, kind
        Its id and kind.
    person
        Whom it is about.
    is_new
        Whether it was written now; ``False`` where the same result stood in the book already.
    """

    entry_id: str
    kind: str
    person: Person
    is_new: bool = True


@dataclass(frozen=True)
class Recorder:
    """Records entries about one clinic's people, as one user.

    Attributes
    ----------
    desk
        Who records, in which clinic.
    today
        No day after it may be recorded.
    evidence
        The labels that the person's standing is worked out from.
    """

    desk: Desk
    today: datetime.date
    evidence: Evidence

    def course(self, label: str, drug: str, on: datetime.date, *, last_day: datetime.date | None = None) -> Recorded:
        """Record the first day of a course, or of a drug that goes on.

        A course may be planned: its day may lie ahead.
        """
        treatment = self.evidence.option(drug)
        if last_day is not None and last_day < on:
            raise EntryError(f"the course ends on {last_day}, before it starts on {on}.")
        self._day(on, "course", may_be_ahead=True)
        return self._write(
            label, "course", {"drug": treatment.drug_id, "event": "course", "on_day": on, "last_day": last_day}
        )

    def stop(self, label: str, drug: str, on: datetime.date) -> Recorded:
        """Record that a drug was stopped, or that no further course will be given."""
        self._day(on, "stop")
        drug_id = self.evidence.option(drug).drug_id
        return self._write(label, "course", {"drug": drug_id, "event": "stop", "on_day": on, "last_day": None})

    def result(self, label: str, value: Result) -> Recorded:
        """Record a result; the same result again is no second entry.

        Raises
        ------
        ResultError
            If it cannot be right: unit, day, size.
        """
        checked(value, self.today)
        with self.desk.writing() as to:
            person = find(to.connection, self.desk.clinic_id, label)
            row = columns(person.id, value)
            same = current("result", self.desk.clinic_id, content_hash=row["content_hash"])
            found = to.connection.execute(same).first()
            if found is not None:
                return Recorded(found.id, "result", person, is_new=False)
            return self._append(to, person, "result", row)

    def done(self, label: str, what: str, on: datetime.date) -> Recorded:
        """Record that a task was done, where there is no value to record.

        Parameters
        ----------
        label
            The person.
        what
            Id of a task, or of a test: then the task whose window the day falls in, or the last one missed before.
        on
            The day.

        Raises
        ------
        EntryError
            If the person's plan holds no such task that is open.
        """
        self._day(on, "test")
        with self.desk.writing() as to:
            person = find(to.connection, self.desk.clinic_id, label)
            task_id = task_for(
                position(to.connection, self.desk.clinic_id, person, self.evidence, self.today), what, on
            )
            return self._append(to, person, "done", {"task_id": task_id, "on_day": on})

    def contact(self, label: str, on: datetime.date, how: str, *, reached: bool = True, note: str = "") -> Recorded:
        """Record that the clinic and the person spoke, or that the clinic tried to."""
        self._day(on, "contact")
        return self._write(label, "contact", {"on_day": on, "how": how, "reached": int(reached), "note": note})

    def acknowledge(self, label: str, alert_id: str, note: str = "") -> Recorded:
        """Record that an alert was seen, and what follows."""
        return self._about_open(label, alert_id, "acknowledgement", {"alert_id": alert_id, "note": note})

    def snooze(self, label: str, subject_id: str, until: datetime.date, reason: str) -> Recorded:
        """Put a task or an alert off until a day.

        Raises
        ------
        EntryError
            If there is no reason, the day has passed, or nothing of this id is open.
        """
        if not reason.strip():
            raise EntryError("putting something off needs a reason.\n  Try: --reason 'on holiday, booked for the 12th'")
        if until <= self.today:
            raise EntryError(f"the day to put it off to, {until}, is not after {self.today}.")
        row = {"subject_id": subject_id, "until_day": until, "reason": reason.strip()}
        return self._about_open(label, subject_id, "snooze", row)

    def correct_result(self, label: str, entry_id: str, value: Result) -> Recorded:
        """Replace a result by a new entry; the old one stays in the book, and the new one names it."""
        checked(value, self.today)
        with self.desk.writing() as to:
            kind, old = find_entry(to.connection, self.desk.clinic_id, entry_id)
            if kind != "result":
                raise EntryError(f"entry '{entry_id}' is no result but a {kind}.\n  do:      withdraw it, record anew")
            person = _theirs(find(to.connection, self.desk.clinic_id, label), old.person_id, entry_id)
            return self._append(to, person, "result", {**columns(person.id, value), "corrects": entry_id})

    def withdraw(self, label: str, entry_id: str) -> Recorded:
        """Take an entry about a person back by a new one; the old one stays in the book."""
        with self.desk.writing() as to:
            kind, old = find_entry(to.connection, self.desk.clinic_id, entry_id)
            if kind == "unmatched":
                raise EntryError(
                    "a row kept aside is taken up by 'equipoise clinic import --unmatched', not withdrawn."
                )
            row = {name: value for name, value in old._asdict().items() if name not in _WRITTEN_ANEW}
            person = _theirs(find(to.connection, self.desk.clinic_id, label), old.person_id, entry_id)
            return self._append(to, person, kind, {**row, "corrects": entry_id, "withdrawn": 1})

    def _about_open(self, label: str, subject_id: str, kind: str, row: Mapping[str, Any]) -> Recorded:
        with self.desk.writing() as to:
            person = find(to.connection, self.desk.clinic_id, label)
            work_out(to.connection, self.desk.clinic_id, person, self.evidence, self.today)
            tasks, alerts = open_subjects(to.connection, self.desk.clinic_id, person.id)
            allowed = alerts if kind == "acknowledgement" else [*alerts, *tasks]
            if subject_id not in allowed:
                known = ", ".join(allowed[:10]) or "none"
                what = "alert" if kind == "acknowledgement" else "task or alert"
                raise EntryError(f"no open {what} of '{person.label}' has the id '{subject_id}'.\n  open now: {known}")
            return self._append(to, person, kind, row)

    def _write(self, label: str, kind: str, row: Mapping[str, Any]) -> Recorded:
        with self.desk.writing() as to:
            return self._append(to, find(to.connection, self.desk.clinic_id, label), kind, row)

    def _append(self, to: Appender, person: Person, kind: str, row: Mapping[str, Any]) -> Recorded:
        entry_id = to.append(kind, {"person_id": person.id, **row})
        work_out(to.connection, self.desk.clinic_id, person, self.evidence, self.today)
        return Recorded(entry_id, kind, person)

    def _day(self, on: datetime.date, what: str, *, may_be_ahead: bool = False) -> None:
        checked_day(on, self.today, what, may_be_ahead=may_be_ahead)


def _theirs(person: Person, person_id: str, entry_id: str) -> Person:
    if person.id != person_id:
        raise EntryError(f"entry '{entry_id}' is not about '{person.label}'.")
    return person


_WRITTEN_ANEW = frozenset(["id", "clinic_id", "sequence", "recorded_at", "recorded_by", "salt", "person_id"])


def checked_day(on: datetime.date, today: datetime.date, what: str, *, may_be_ahead: bool = False) -> None:
    """Refuse a day that cannot be.

    Raises
    ------
    EntryError
        If it lies ahead of today, or before 1990.
    """
    if on > today and not may_be_ahead:
        raise EntryError(f"the day of the {what}, {on}, lies ahead of {today}.\n  allowed: up to that day")
    if on < EARLIEST or on.year > today.year + 10:
        raise EntryError(f"the day of the {what}, {on}, cannot be right.\n  allowed: from {EARLIEST}")
