"""Who is signed in: sessions kept in memory only, and sign-in attempts slowed down."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field

IDLE = datetime.timedelta(minutes=30)
"""NIST SP 800-63B, 4.2.3: signed in anew after thirty minutes without a request,"""
LONGEST = datetime.timedelta(hours=12)
"""and after twelve hours in any case."""
FREE_FAILURES = 4
"""Slips of the keyboard that cost nothing."""
FIRST_WAIT = datetime.timedelta(seconds=30)
LONGEST_WAIT = datetime.timedelta(minutes=15)
FORGOTTEN_AFTER = datetime.timedelta(hours=1)
_MOST_NAMES = 1_000
_MOST_SESSIONS = 200


@dataclass
class Session:
    """One browser that is signed in.

    Attributes
    ----------
    clinic_id, clinic, name
        Whose book, and who.
    user_entry
        The entry that said who the user is; another one since ends the session.
    began, seen
        First and last request.
    notice
        What the next page says first.
    """

    clinic_id: str
    clinic: str
    name: str
    user_entry: str
    began: datetime.datetime
    seen: datetime.datetime
    notice: str = ""

    def take_notice(self) -> str:
        """Return what is to be said, once."""
        text, self.notice = self.notice, ""
        return text


@dataclass
class Sessions:
    """Every session of this server. A restart ends them all; nothing of them is written to disk."""

    _held: dict[str, Session] = field(default_factory=dict)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, session: Session) -> str:
        """Keep a session; return the secret for its cookie. Only its hash is held here."""
        token = new_token()
        with self._lock:
            for old in [key for key, one in self._held.items() if _is_over(one, session.began)]:
                del self._held[old]
            while len(self._held) >= _MOST_SESSIONS:
                del self._held[min(self._held, key=lambda key: self._held[key].seen)]
            self._held[_hash(token)] = session
        return token

    def find(self, token: str, now: datetime.datetime) -> Session | None:
        """Return the session of a cookie, if it lasts still."""
        with self._lock:
            session = self._held.get(_hash(token))
            if session is not None and _is_over(session, now):
                del self._held[_hash(token)]
                return None
            if session is not None:
                session.seen = now
            return session

    def end(self, token: str) -> None:
        """Forget a session."""
        with self._lock:
            self._held.pop(_hash(token), None)

    def form_token(self, token: str) -> str:
        """Return what a form must send along: known only to pages that this server made for this cookie."""
        return hmac.new(self._key, token.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, token: str, sent: str) -> bool:
        """Whether a form holds the token of its cookie."""
        return bool(token) and hmac.compare_digest(self.form_token(token).encode(), sent.encode())


def new_token() -> str:
    """Return 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_over(session: Session, now: datetime.datetime) -> bool:
    return now - session.seen > IDLE or now - session.began > LONGEST


@dataclass
class _Failures:
    count: int
    last: datetime.datetime


@dataclass
class Throttle:
    """Failed sign-ins by clinic and user: from the fifth on each doubles the time until the next try."""

    _held: dict[str, _Failures] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def until(self, clinic: str, user: str, now: datetime.datetime) -> datetime.datetime | None:
        """Return when the next try is read; ``None`` for now."""
        with self._lock:
            held = self._held.get(_name(clinic, user))
        if held is None or held.count <= FREE_FAILURES:
            return None
        # The power is cut off before it grows beyond what a number of seconds can be.
        wait = min(FIRST_WAIT * 2 ** min(held.count - FREE_FAILURES - 1, 10), LONGEST_WAIT)
        return held.last + wait if now < held.last + wait else None

    def failed(self, clinic: str, user: str, now: datetime.datetime) -> None:
        """Count a failure."""
        with self._lock:
            for name in [name for name, one in self._held.items() if now - one.last > FORGOTTEN_AFTER]:
                del self._held[name]
            while len(self._held) >= _MOST_NAMES:
                del self._held[min(self._held, key=lambda name: self._held[name].last)]
            before = self._held.get(_name(clinic, user))
            self._held[_name(clinic, user)] = _Failures((before.count if before else 0) + 1, now)

    def succeeded(self, clinic: str, user: str) -> None:
        """Forget the failures."""
        with self._lock:
            self._held.pop(_name(clinic, user), None)


def _name(clinic: str, user: str) -> str:
    return _hash(f"{clinic.strip()}\n{user.strip()}")
