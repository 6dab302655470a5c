"""Small questions to the book that a face asks at every page: whose id, whose role, which links of the log."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from equipoise.clinic.entries import current
from equipoise.clinic.tables import AuditRow
from equipoise.clinic.users import Role


@dataclass(frozen=True, slots=True)
class AuditLink:
    """One link of the audit log, without its hashes.

    Attributes
    ----------
    sequence
        Its number, from 1.
    at, by, kind, entry_id
        When, who, which kind of entry, and the entry's id; never what the entry says.
    """

    sequence: int
    at: str
    by: str
    kind: str
    entry_id: str


def user_entry(connection: Connection, clinic_id: str, name: str) -> tuple[str, Role] | None:
    """Return the entry that says who a user is now, and the role; ``None`` where there is no such user any more."""
    row = connection.execute(current("user", clinic_id, name=name)).first()
    return None if row is None else (str(row.id), Role(row.role))


def audit_links(connection: Connection, clinic_id: str, *, before: int = 0, most: int = 100) -> list[AuditLink]:
    """Return links of the audit log, the newest first.

    Parameters
    ----------
    connection, clinic_id
        Whose log.
    before
        Only links with a smaller number; 0 for the end of the log.
    most
        How many at the most.
    """
    table = AuditRow.__table__.c
    query = select(table.sequence, table.recorded_at, table.recorded_by, table.kind, table.entry_id).where(
        table.clinic_id == clinic_id
    )
    if before:
        query = query.where(table.sequence < before)
    return [AuditLink(*row) for row in connection.execute(query.order_by(table.sequence.desc()).limit(most))]
