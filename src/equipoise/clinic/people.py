"""The people of a clinic: add them, find them, put their entry right."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from equipoise.clinic.appending import Appender, new_id
from equipoise.clinic.book import Desk
from equipoise.clinic.entries import current
from equipoise.clinic.errors import EntryError
from equipoise.vocabulary.terms import Jurisdiction


@dataclass(frozen=True, slots=True)
class Person:
    """Someone under monitoring.

    Attributes
    ----------
    id
        Pseudonymous id, the same through every correction.
    label
        What the clinic calls the person; unique in the clinic.
    name
        Empty where the clinic keeps none.
    jurisdiction
        Whose labels apply.
    conditions
        Conditions of label entries that are known to hold or not: ``{"female": True}``.
    entry_id
        The entry that says so.
    """

    id: str
    label: str
    name: str
    jurisdiction: Jurisdiction
    conditions: Mapping[str, bool]
    entry_id: str


def people(connection: Connection, clinic_id: str, **equal: object) -> list[Person]:
    """Return the people of a clinic, in the order in which they were added."""
    return [person_of(row) for row in connection.execute(current("person", clinic_id, **equal))]


def person_of(row: Row[Any]) -> Person:
    """Return who an entry speaks of."""
    return Person(
        row.person_id, row.label, row.name, Jurisdiction(row.jurisdiction), json.loads(row.conditions), row.id
    )


def find(connection: Connection, clinic_id: str, label: str) -> Person:
    """Return the person that a label, in capitals or not, or a pseudonymous id stands for.

    Raises
    ------
    EntryError
        If the clinic knows nobody so called; similar labels of this clinic are named.
    """
    wanted = label.strip()
    found = people(connection, clinic_id, label=wanted) or people(connection, clinic_id, person_id=wanted)
    if found:
        return found[0]
    everybody = people(connection, clinic_id)
    # no two labels of a clinic differ in their capitals alone
    same = [one for one in everybody if one.label.casefold() == wanted.casefold()]
    if same:
        return same[0]
    near = [one.label for one in similar(everybody, wanted)]
    hint = f"  Did you mean: {', '.join(near)}?" if near else "  do:      add the person with 'equipoise clinic add'"
    raise EntryError(f"this clinic knows nobody called '{wanted}'.\n{hint}")


def similar(everybody: Iterable[Person], label: str, most: int = 5) -> list[Person]:
    """Return people whose label begins as one that nobody has, then those whose label looks like it."""
    by_label = {one.label.casefold(): one for one in everybody}
    typed = label.strip().casefold()
    if not typed:
        return []
    begin = [text for text in by_label if text.startswith(typed)]
    look = difflib.get_close_matches(typed, by_label, n=most, cutoff=0.6)
    return [by_label[text] for text in dict.fromkeys([*sorted(begin), *look])][:most]


def add_person(
    desk: Desk,
    label: str,
    *,
    jurisdiction: Jurisdiction,
    name: str = "",
    conditions: Mapping[str, bool] | None = None,
) -> Person:
    """Add someone to the clinic.

    Parameters
    ----------
    desk
        Who adds, to which clinic.
    label
        The clinic's own label; not used by anybody else of the clinic.
    jurisdiction
        Whose labels apply.
    name
        Only where the clinic wants one.
    conditions
        What is known of the conditions of label entries.

    Raises
    ------
    EntryError
        If the label is taken, empty or too long.
    """
    with desk.writing() as to:
        return add_to(to, label, jurisdiction=jurisdiction, name=name, conditions=conditions or {})


def add_to(
    to: Appender, label: str, *, jurisdiction: Jurisdiction, name: str, conditions: Mapping[str, bool]
) -> Person:
    """Add someone within a transaction; see :func:`add_person`."""
    label = checked_label(to.connection, to.clinic_id, label)
    person_id = new_id()
    entry_id = to.append(
        "person",
        {
            "person_id": person_id,
            "label": label,
            "name": name.strip(),
            "jurisdiction": str(jurisdiction),
            "conditions": json.dumps(dict(conditions), sort_keys=True),
        },
    )
    return Person(person_id, label, name.strip(), jurisdiction, dict(conditions), entry_id)


def checked_label(connection: Connection, clinic_id: str, label: str, person_id: str = "") -> str:
    """Return a label that is free, or held by ``person_id`` alone, without the spaces around it.

    Raises
    ------
    EntryError
        If it is taken, empty or too long.
    """
    label = label.strip()
    if not label or len(label) > 100 or not label.isprintable():
        raise EntryError("a person's label is empty, longer than 100 characters, or holds a character that is no text.")
    others = (one for one in people(connection, clinic_id) if one.id != person_id)
    same = [one.label for one in others if one.label.casefold() == label.casefold()]
    if same:
        raise EntryError(
            f"this clinic already has somebody with the label '{same[0]}'.\n"
            "  allowed: one person a label, whatever the case of its letters\n"
            "  do:      if it is the same person, record for that label; if not, choose another"
        )
    return label
