"""The only way into the book: add entries and their links of the audit log in one transaction."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Date, Table, insert, select

from equipoise.clinic.chain import START, entry_hash, link_hash
from equipoise.clinic.tables import ENTRIES, AuditRow, Clinic

if TYPE_CHECKING:
    from equipoise.clinic.tables import Base

_MANY = 50
"""From so many rows on the driver is asked directly."""


def new_id() -> str:
    """Return a random identifier."""
    return secrets.token_hex(16)


def table_of(kind: str) -> Table:
    """Return the table that holds a kind of entry."""
    # every kind of entry is a table as well; Entry alone does not say so
    return cast("type[Base]", ENTRIES[kind]).__table__


class Appender:
    """Adds entries of one clinic within one writing transaction.

    Parameters
    ----------
    connection
        From :func:`equipoise.clinic.engine.writing`.
    clinic_id
        Whose book.
    user
        Who writes.
    at
        When, with its time zone.
    """

    def __init__(self, connection: Connection, clinic_id: str, user: str, at: datetime.datetime) -> None:
        self.connection = connection
        self.clinic_id = clinic_id
        self._user = user
        self._at = at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        # One writer a clinic: the next link must know the one before it. SQLite has one writer anyway.
        connection.execute(select(Clinic.id).where(Clinic.id == clinic_id).with_for_update()).one()
        last = connection.execute(
            select(AuditRow.sequence, AuditRow.hash)
            .where(AuditRow.clinic_id == clinic_id)
            .order_by(AuditRow.sequence.desc())
            .limit(1)
        ).first()
        self._sequence, self._previous = (last[0], last[1]) if last else (0, START)

    def append(self, kind: str, values: Mapping[str, Any]) -> str:
        """Add one entry; return its id."""
        return self.append_all(kind, [values])[0]

    def append_all(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
        """Add many entries of one kind; return their ids in order.

        Parameters
        ----------
        kind
            A key of ``ENTRIES``.
        rows
            The columns of the entries by name, without those that every entry has; ``corrects`` and
            ``withdrawn`` may be given.
        """
        entries, links = [], []
        wanted = list(rows)
        chance = secrets.token_hex(32 * len(wanted))  # asked once: the system's own answer takes a while
        for number, values in enumerate(wanted):
            entry, link = self._linked(kind, values, chance[64 * number : 64 * number + 64])
            entries.append(entry)
            links.append(link)
        if entries:
            self._insert(table_of(kind), entries)
            self._insert(AuditRow.__table__, links)
        return [entry["id"] for entry in entries]

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if len(rows) < _MANY or self.connection.dialect.name != "sqlite":
            self.connection.execute(insert(table), rows)
            return
        # The driver itself: preparing the parameters of a thousand rows one by one costs as much as writing them.
        names = list(rows[0])
        columns, places = ", ".join(names), ", ".join("?" * len(names))
        for name in names:
            if isinstance(table.c[name].type, Date):
                # the caller's rows stay as they are: these dictionaries were made for this statement
                for row in rows:
                    row[name] = row[name] and row[name].isoformat()
        self.connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({columns}) VALUES ({places})",  # noqa: S608 - names of our own tables
            list(map(itemgetter(*names), rows)),
        )

    def _linked(self, kind: str, values: Mapping[str, Any], chance: str) -> tuple[dict[str, Any], dict[str, Any]]:
        self._sequence += 1
        entry: dict[str, Any] = {
            "corrects": None,
            "withdrawn": 0,
            **values,
            # in the order of writing, so that a database adds it at the end of its index and not all over it
            "id": f"{self._sequence:012x}{chance[:20]}",
            "clinic_id": self.clinic_id,
            "sequence": self._sequence,
            "recorded_at": self._at,
            "recorded_by": self._user,
            "salt": chance[32:],
        }
        link: dict[str, Any] = {
            "clinic_id": self.clinic_id,
            "sequence": self._sequence,
            "recorded_at": self._at,
            "recorded_by": self._user,
            "kind": kind,
            "entry_id": entry["id"],
            "entry_hash": entry_hash(kind, entry),
            "previous": self._previous,
        }
        link["hash"] = self._previous = link_hash(link)
        return entry, link
