"""Record what happened: courses, results, tests done, contacts, alerts seen, tasks put off; and put entries right."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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

    def course(
        self, label: str, drug: str, on: datetime.date, *, last_day: datetime.date | None = None, corrects: str = ""
    ) -> Recorded:
        """Record the first day of a course, or of a drug that goes on.

        A course may be planned: its day may lie ahead. ``corrects`` names the entry that this one replaces.
        """
        treatment = self.evidence.option(drug)
        if last_day is not None and last_day < on:
            raise EntryError(f"the course ends on {last_day}, before it starts on {on}.")
        self._day(on, "course", may_be_ahead=True)
        row = {"drug": treatment.drug_id, "event": "course", "on_day": on, "last_day": last_day}
        return self._write(label, "course", row, corrects)

    def stop(self, label: str, drug: str, on: datetime.date, *, corrects: str = "") -> Recorded:
        """Record that a drug was stopped, or that no further course will be given; or put such an entry right."""
        self._day(on, "stop")
        drug_id = self.evidence.option(drug).drug_id
        row = {"drug": drug_id, "event": "stop", "on_day": on, "last_day": None}
        return self._write(label, "course", row, corrects)

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

    def contact(
        self, label: str, on: datetime.date, how: str, *, reached: bool = True, note: str = "", corrects: str = ""
    ) -> Recorded:
        """Record that the clinic and the person spoke, or that the clinic tried to; or put such an entry right."""
        self._day(on, "contact")
        row = {"on_day": on, "how": how, "reached": int(reached), "note": note}
        return self._write(label, "contact", row, corrects)

    def acknowledge(self, label: str, alert_id: str, note: str = "") -> Recorded:
        """Record that an alert was seen, and what follows."""
        return self._about_open(label, "acknowledgement", "alert_id", [alert_id], {"note": note})

    def snooze(self, label: str, subject_id: str, until: datetime.date, reason: str, *more: str) -> Recorded:
        """Put a task or an alert off until a day, and ``more`` of the same person for the same reason: all or none.

        Raises
        ------
        EntryError
            If there is no reason, the day has passed, or nothing of an id is open.
        """
        if not reason.strip():
            raise EntryError("putting something off needs a reason.\n  Try: --reason 'on holiday, booked for the 12th'")
        if until <= self.today:
            raise EntryError(f"the day to put it off to, {until}, is not after {self.today}.")
        row = {"until_day": until, "reason": reason.strip()}
        return self._about_open(label, "snooze", "subject_id", (subject_id, *more), row)

    def correct_result(self, label: str, entry_id: str, value: Result) -> Recorded:
        """Replace a result by a new entry; the old one stays in the book, and the new one names it.

        The laboratory's own id of the report is kept, so that a later report of the same id still finds it.
        """
        checked(value, self.today)
        with self.desk.writing() as to:
            person, kind, old = self._replaced(to, label, entry_id, "result")
            row = columns(person.id, replace(value, id=value.id or old["report_id"]))
            return self._instead(to, person, kind, old, row)

    def correct_done(self, label: str, entry_id: str, on: datetime.date) -> Recorded:
        """Put the day right on which a test was done."""
        self._day(on, "test")
        with self.desk.writing() as to:
            person, kind, old = self._replaced(to, label, entry_id, "done")
            return self._instead(to, person, kind, old, {"task_id": old["task_id"], "on_day": on})

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

    def _about_open(
        self, label: str, kind: str, column: str, subject_ids: Sequence[str], row: Mapping[str, Any]
    ) -> Recorded:
        with self.desk.writing() as to:
            person = find(to.connection, self.desk.clinic_id, label)
            work_out(to.connection, self.desk.clinic_id, person, self.evidence, self.today)
            tasks, alerts = open_subjects(to.connection, self.desk.clinic_id, person.id)
            allowed = alerts if kind == "acknowledgement" else [*alerts, *tasks]
            for subject_id in subject_ids:
                if subject_id not in allowed:
                    known = ", ".join(allowed[:10]) or "none"
                    what = "alert" if kind == "acknowledgement" else "task or alert"
                    raise EntryError(
                        f"no open {what} of '{person.label}' has the id '{subject_id}'.\n  open now: {known}"
                    )
            return self._append(to, person, kind, *({column: subject_id, **row} for subject_id in subject_ids))

    def _write(self, label: str, kind: str, row: Mapping[str, Any], corrects: str = "") -> Recorded:
        with self.desk.writing() as to:
            if corrects:
                return self._instead(to, *self._replaced(to, label, corrects, kind, row.get("event", "")), row)
            return self._append(to, find(to.connection, self.desk.clinic_id, label), kind, row)

    def _replaced(
        self, to: Appender, label: str, entry_id: str, kind: str, event: str = ""
    ) -> tuple[Person, str, Mapping[str, Any]]:
        """Return whom an entry is about and what it says, if it is one that may be replaced by one of a kind."""
        found, old = find_entry(to.connection, self.desk.clinic_id, entry_id)
        is_what = old.event if found == "course" else found
        wanted = event or kind
        if is_what != wanted:
            raise EntryError(f"entry '{entry_id}' is no {wanted} but a {is_what}.\n  do:      withdraw it, record anew")
        person = _theirs(find(to.connection, self.desk.clinic_id, label), old.person_id, entry_id)
        return person, kind, old._asdict()

    def _instead(
        self, to: Appender, person: Person, kind: str, old: Mapping[str, Any], row: Mapping[str, Any]
    ) -> Recorded:
        if all(old[name] == value for name, value in row.items()):
            return Recorded(old["id"], kind, person, is_new=False)
        return self._append(to, person, kind, {**row, "corrects": old["id"]})

    def _append(self, to: Appender, person: Person, kind: str, *rows: Mapping[str, Any]) -> Recorded:
        written = to.append_all(kind, [{"person_id": person.id, **row} for row in rows])
        work_out(to.connection, self.desk.clinic_id, person, self.evidence, self.today)
        return Recorded(written[-1], kind, person)

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
