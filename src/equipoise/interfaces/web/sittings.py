"""What this program remembers between two screens: in its memory only, for as long as somebody is at it."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from equipoise.consultation import Consultation

Typed = dict[str, tuple[str, ...]]

COOKIE = "equipoise-sitting"
"""Holds a ticket and nothing about anybody; gone when the browser is closed."""
IDLE_SECONDS = 4 * 60 * 60
"""A tired person may rest; a borrowed computer should forget."""
MOST_SITTINGS = 1_000
MOST_ANSWERS = 4
"""Answers that one sitting keeps, so that going back and forth does not pay again."""


@dataclass
class Sitting:
    """What one browser said so far.

    Attributes
    ----------
    ticket
        What the cookie holds.
    token
        What every form of it sends back, so that no other page can send one.
    typed
        Field to what stands in it.
    touched
        When it was last used, on the clock that only runs forward.
    before
        What stood there before a clinician's last change, to show what it moved.
    """

    ticket: str
    token: str
    typed: Typed
    touched: float
    before: Typed | None = None
    _answers: OrderedDict[Hashable, Consultation] = field(default_factory=OrderedDict, repr=False)

    def answer(self, key: Hashable, work_out: Callable[[], Consultation]) -> Consultation:
        """Return an answer that was worked out before, or work it out; the one used longest ago makes room."""
        found = self._answers.pop(key, None)
        if found is None:
            found = work_out()
        self._answers[key] = found
        while len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)
        return found


class Sittings:
    """Every sitting of this program.

    Parameters
    ----------
    now
        A clock that only runs forward, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Sitting] = OrderedDict()

    def start(self, typed: Typed) -> Sitting:
        """Begin a sitting; the one that was idle for longest makes room where there are too many."""
        made = Sitting(secrets.token_urlsafe(24), secrets.token_urlsafe(24), typed, self._now())
        with self._lock:
            self._held[made.ticket] = made
            while len(self._held) > MOST_SITTINGS:
                self._held.popitem(last=False)
        return made

    def find(self, ticket: str) -> Sitting | None:
        """Return a sitting; ``None`` where it is over or never was."""
        with self._lock:
            found = self._held.get(ticket)
            if found is None:
                return None
            if self._now() - found.touched > IDLE_SECONDS:
                del self._held[ticket]
                return None
            found.touched = self._now()
            self._held.move_to_end(ticket)
            return found

    def forget(self, ticket: str) -> None:
        """End a sitting."""
        with self._lock:
            self._held.pop(ticket, None)

    def __len__(self) -> int:
        return len(self._held)
