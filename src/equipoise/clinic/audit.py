"""Walk a clinic's audit log and find where it, or an entry, was touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, select

from equipoise.clinic.appending import table_of
from equipoise.clinic.chain import START, entry_hash, link_hash
from equipoise.clinic.tables import ENTRIES, AuditRow

STEP = 2_000
"""How many links are in memory at a time."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first place where the book is not what was written.

    Attributes
    ----------
    sequence, kind, entry_id
        The link: its number from 1, the kind of entry and the entry's id; the last two may be empty.
    problem
        What is wrong with it.
    """

    sequence: int
    kind: str
    entry_id: str
    problem: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What came of walking the log.

    Attributes
    ----------
    links
        How many links were walked.
    head
        Hash of the last link. Written down elsewhere, it proves later that nothing was cut off the end.
    broken
        The first broken link, ``None`` where all is as written.
    """

    links: int
    head: str
    broken: BrokenLink | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was touched."""
        return self.broken is None


def verify(connection: Connection, clinic_id: str, *, head: str = "") -> AuditReport:
    """Compare every link with the one before, and every entry with its link.

    Parameters
    ----------
    connection
        From :func:`equipoise.clinic.engine.reading`.
    clinic_id
        Whose log.
    head
        A head that was written down earlier; the log must still hold it.
    """
    previous, number, has_head = START, 0, not head
    for links in _chunks(connection, clinic_id):
        broken = _first_broken(links, number, previous)
        sound = [link for link in links if broken is None or link.sequence < broken.sequence]
        touched = _first_touched(connection, clinic_id, sound, number)
        if touched or broken:
            return AuditReport(number, previous, touched or broken)
        number, previous = links[-1].sequence, links[-1].hash
        has_head = has_head or any(link.hash == head for link in links)
    stray = _stray(connection, clinic_id, number)
    if stray is None and not has_head:
        stray = BrokenLink(number + 1, "", "", "the head written down earlier is missing: links were cut off the end")
    return AuditReport(number, previous, stray)


def _chunks(connection: Connection, clinic_id: str) -> Iterator[list[Row[tuple[object, ...]]]]:
    table, after = AuditRow.__table__, 0
    while True:
        query = select(table).where(table.c.clinic_id == clinic_id, table.c.sequence > after)
        rows = list(connection.execute(query.order_by(table.c.sequence).limit(STEP)))
        if not rows:
            return
        yield rows
        after = rows[-1].sequence


def _first_broken(links: list[Row[tuple[object, ...]]], number: int, previous: str) -> BrokenLink | None:
    for link in links:
        number += 1
        row = link._asdict()
        if link.sequence != number:
            return BrokenLink(number, "", "", "the link is missing")
        if link.previous != previous:
            return BrokenLink(number, link.kind, link.entry_id, "it does not hold the hash of the link before it")
        if link.hash != link_hash(row):
            return BrokenLink(number, link.kind, link.entry_id, "the link was changed after it was written")
        previous = link.hash
    return None


def _first_touched(
    connection: Connection, clinic_id: str, links: list[Row[tuple[object, ...]]], after: int
) -> BrokenLink | None:
    if not links:
        return None
    found: dict[tuple[str, int], list[str]] = {}
    for kind in ENTRIES:
        table = table_of(kind)
        inside = table.c.sequence.between(after + 1, links[-1].sequence)
        for row in connection.execute(select(table).where(table.c.clinic_id == clinic_id, inside)):
            found.setdefault((kind, row.sequence), []).extend([row.id, entry_hash(kind, row._asdict())])
    faults = []
    for link in links:
        entry = found.pop((link.kind, link.sequence), None)
        if entry is None:
            faults.append(BrokenLink(link.sequence, link.kind, link.entry_id, "the entry is missing"))
        elif entry != [link.entry_id, link.entry_hash]:
            faults.append(BrokenLink(link.sequence, link.kind, link.entry_id, "the entry was changed"))
    faults += [
        BrokenLink(sequence, kind, str(entry[0]), "an entry was slipped in beside the log")
        for (kind, sequence), entry in found.items()
    ]
    return min(faults, key=lambda fault: fault.sequence, default=None)


def _stray(connection: Connection, clinic_id: str, last: int) -> BrokenLink | None:
    """Find an entry that the log knows nothing of: before its first link or after its last."""
    for kind in ENTRIES:
        table = table_of(kind)
        outside = (table.c.sequence > last) | (table.c.sequence < 1)
        query = select(func.min(table.c.sequence)).where(table.c.clinic_id == clinic_id, outside)
        sequence = connection.execute(query).scalar()
        if sequence is not None:
            return BrokenLink(int(sequence), kind, "", "an entry without its link: the log was cut off")
    return None
