"""Read entries as they stand now: corrected ones replaced, withdrawn ones gone. The old ones stay in the book."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, select

from equipoise.clinic.appending import table_of
from equipoise.clinic.errors import EntryError
from equipoise.clinic.tables import ENTRIES


def current(kind: str, clinic_id: str | BindParameter[str], **equal: object) -> Select[Any]:
    """Return a query for the entries of a clinic that stand now.

    Parameters
    ----------
    kind
        A key of ``ENTRIES``.
    clinic_id
        Whose; a named parameter where the query is made once and asked often.
    equal
        Columns that must have a value.
    """
    table = table_of(kind)
    later = table.alias("later")
    # by the one index that finds it at once: an entry is only ever corrected within its clinic
    replaced = select(later.c.id).where(later.c.corrects == table.c.id).exists()
    query = select(table).where(table.c.clinic_id == clinic_id, table.c.withdrawn == 0, ~replaced)
    for name, value in equal.items():
        query = query.where(table.c[name] == value)
    return query.order_by(table.c.sequence)


def history(connection: Connection, clinic_id: str, person_id: str) -> list[tuple[str, Row[Any]]]:
    """Return every entry about a person in the order of writing, replaced and withdrawn ones too."""
    found: list[tuple[str, Row[Any]]] = []
    for kind in ENTRIES:
        table = table_of(kind)
        if "person_id" in table.c:
            mine = (table.c.clinic_id == clinic_id, table.c.person_id == person_id)
            found += [(kind, row) for row in connection.execute(select(table).where(*mine))]
    return sorted(found, key=lambda pair: pair[1].sequence)


def entry(connection: Connection, clinic_id: str, entry_id: str) -> tuple[str, Row[Any]]:
    """Return an entry that stands now, with its kind.

    Raises
    ------
    EntryError
        If there is none with this id.
    """
    for kind in ENTRIES:
        if kind in ("user", "person"):
            continue
        row = connection.execute(current(kind, clinic_id, id=entry_id)).first()
        if row is not None:
            return kind, row
    raise EntryError(
        f"there is no entry '{entry_id}' that stands now: it is unknown, replaced or withdrawn.\n"
        "  do:      look ids up with 'equipoise clinic person LABEL'"
    )
