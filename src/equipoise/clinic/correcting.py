"""Put right what the book says of a person; the old entry stays, and what was worked out from it goes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from equipoise.clinic.book import Desk
from equipoise.clinic.people import Person, checked_label, find
from equipoise.clinic.standing import forget
from equipoise.vocabulary.terms import Jurisdiction


def correct_person(
    desk: Desk,
    person: Person,
    *,
    label: str | None = None,
    name: str | None = None,
    jurisdiction: Jurisdiction | None = None,
    conditions: Mapping[str, bool | None] | None = None,
) -> Person:
    """Put a person's entry right with a new one; what is not given stays as it is.

    Parameters
    ----------
    desk, person
        Who does so, and whose entry it is.
    label, name, jurisdiction
        What is to stand from now on.
    conditions
        Conditions of label entries that hold or do not; ``None`` for one that is not known after all.

    Raises
    ------
    EntryError
        If the new label is taken, empty or too long.

    Notes
    -----
    Other labels may ask for other tests: the person's standing is worked out anew before the next list.
    """
    with desk.writing() as to:
        now = find(to.connection, desk.clinic_id, person.id)
        wanted = now.label
        if label is not None and label.strip() != now.label:
            wanted = checked_label(to.connection, desk.clinic_id, label, now.id)
        said = {**now.conditions, **(conditions or {})}
        known = {condition: holds for condition, holds in said.items() if holds is not None}
        place = jurisdiction or now.jurisdiction
        called = now.name if name is None else name.strip()
        if (wanted, called, place, known) == (now.label, now.name, now.jurisdiction, dict(now.conditions)):
            return now
        entry_id = to.append(
            "person",
            {
                "person_id": now.id,
                "label": wanted,
                "name": called,
                "jurisdiction": str(place),
                "conditions": json.dumps(known, sort_keys=True),
                "corrects": now.entry_id,
            },
        )
        forget(to.connection, desk.clinic_id, [now.id])
    return Person(now.id, wanted, called, place, known, entry_id)
