"""Bringing a large clinic up to date takes long: it is done beside the request, which says how far it is."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass, field

from equipoise.clinic import Desk
from equipoise.clinic.lookup import audit_links
from equipoise.clinic.morning import Morning, morning, refresh
from equipoise.clinic.renewing import renewed
from equipoise.evidence import Evidence

PATIENCE = 1.0
"""Seconds that a request waits before it says how far the work is."""


@dataclass
class Work:
    """How far it is.

    Attributes
    ----------
    done, of
        People; ``of`` is 0 until the first step is done.
    error
        What ended it; ``None`` for nothing.
    """

    done: int = 0
    of: int = 0
    error: Exception | None = None
    thread: threading.Thread | None = None


@dataclass
class Preparing:
    """At most one piece of work a clinic at a time."""

    _works: dict[str, Work] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ready(self, desk: Desk, evidence: Evidence, today: datetime.date) -> Work | None:
        """Bring everybody's standing up to date; return how far it is where that takes longer than ``PATIENCE``.

        Raises
        ------
        Exception
            What ended the work, such as a locked book.
        """
        with self._lock:
            work = self._works.get(desk.clinic_id)
            if work is None:
                work = self._works[desk.clinic_id] = Work()
                work.thread = threading.Thread(target=_run, args=(work, desk, evidence, today), daemon=True)
                work.thread.start()
        assert work.thread is not None  # noqa: S101 - set above, for the type checker
        work.thread.join(PATIENCE)
        if work.thread.is_alive():
            return work
        with self._lock:
            if self._works.get(desk.clinic_id) is work:
                del self._works[desk.clinic_id]
        if work.error is not None:
            raise work.error
        return None


@dataclass(frozen=True, slots=True)
class _Held:
    sequence: int
    version: str
    list: Morning


@dataclass
class Lists:
    """The last list of each clinic.

    Every entry adds a link to the audit log, so the log's last number says whether the list still holds, and which
    people it has to be renewed for.
    """

    _held: dict[str, _Held] = field(default_factory=dict)

    def of(self, desk: Desk, evidence: Evidence, today: datetime.date, preparing: Preparing) -> Morning | Work:
        """Return the list, or how far the work on it is."""
        with desk.reading() as connection:
            last = audit_links(connection, desk.clinic_id, most=1)
        # Read before the list is made: what is written meanwhile makes the next request ask again.
        sequence, version = last[0].sequence if last else 0, evidence.release.version
        held, found = self._held.get(desk.clinic_id), None
        if held is not None and (held.list.on, held.version) == (today, version):
            if held.sequence == sequence:
                return held.list
            found = renewed(desk, evidence, held.list, held.sequence)
        if found is None:
            work = preparing.ready(desk, evidence, today)
            if work is not None:
                return work
            found = morning(desk, evidence, today)
        self._held[desk.clinic_id] = _Held(sequence, version, found)
        return found


def _run(work: Work, desk: Desk, evidence: Evidence, today: datetime.date) -> None:
    def progress(done: int, of: int) -> None:
        work.done, work.of = done, of

    try:
        refresh(desk, evidence, today, progress)
    except Exception as error:  # raised again in the thread that shows it
        work.error = error
