"""What this program remembers between two screens: in its memory only, for as long as somebody is at it."""

from __future__ import annotations

import asyncio
import itertools
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
SWEEP_SECONDS = 60.0
"""How often idle sittings are looked for when nobody asks for anything."""
MOST_ANSWERS = 3
"""Answers that one sitting keeps, so that going back and forth does not pay again."""
MOST_WITH_ANSWERS = 300
"""Sittings, the last ones used, that keep answers: one takes half a megabyte, so all together at most five hundred."""
MOST_SITTINGS = 1000
"""Far more than sit at one machine. What was typed takes little room; who comes back later is answered anew."""


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
    changing
        Held while what was typed is read and replaced: two tabs may send at once, and neither may undo the other.
    """

    ticket: str
    token: str
    typed: Typed
    touched: float
    before: Typed | None = None
    changing: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _answers: OrderedDict[Hashable, Consultation] = field(default_factory=OrderedDict, repr=False)
    _answering: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def answer(self, key: Hashable, work_out: Callable[[], Consultation]) -> Consultation:
        """Return an answer that was worked out before, or work it out; the one used longest ago makes room."""
        with self._answering:  # two tabs that ask the same wait for one answer
            found = self._answers.pop(key, None)
            if found is None:
                found = work_out()
            self._answers[key] = found
            while len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)
            return found

    def let_answers_go(self) -> None:
        """Drop what was worked out and keep what was typed; not while an answer is being worked out."""
        if self._answers and self._answering.acquire(blocking=False):
            try:
                self._answers.clear()
            finally:
                self._answering.release()


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
            self._drop_idle()
            self._held[made.ticket] = made
            while len(self._held) > MOST_SITTINGS:
                self._held.popitem(last=False)
        return made

    def find(self, ticket: str) -> Sitting | None:
        """Return a sitting; ``None`` where it is over or never was."""
        with self._lock:
            self._drop_idle()
            found = self._held.get(ticket)
            if found is not None:
                found.touched = self._now()
                self._held.move_to_end(ticket)
                for one in itertools.islice(self._held.values(), max(0, len(self._held) - MOST_WITH_ANSWERS)):
                    one.let_answers_go()
            return found

    def forget(self, ticket: str) -> None:
        """End a sitting."""
        with self._lock:
            self._held.pop(ticket, None)

    def forget_idle(self) -> None:
        """End every sitting that nobody has used for too long, whoever asks or does not ask."""
        with self._lock:
            self._drop_idle()

    def _drop_idle(self) -> None:
        ended = self._now() - IDLE_SECONDS
        while self._held and next(iter(self._held.values())).touched < ended:  # the one used longest ago is first
            self._held.popitem(last=False)

    def __len__(self) -> int:
        return len(self._held)


async def sweep(sittings: Sittings, every: float = SWEEP_SECONDS) -> None:
    """Forget idle sittings until it is stopped, so that none waits for somebody to ask.

    Parameters
    ----------
    sittings
        What is remembered.
    every
        Seconds between two looks.
    """
    while True:
        await asyncio.sleep(every)
        sittings.forget_idle()
