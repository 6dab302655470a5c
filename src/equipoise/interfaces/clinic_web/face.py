"""What every route of the clinic is given: the book, who asks, and how a page goes out."""

from __future__ import annotations

import datetime
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from equipoise.clinic import Book, Desk
from equipoise.clinic.lookup import user_entry
from equipoise.clinic.recording import Recorder
from equipoise.clinic.users import Act, SignedIn
from equipoise.evidence import Evidence
from equipoise.interfaces.clinic_web.preparing import Lists, Preparing
from equipoise.interfaces.clinic_web.sessions import Session, Sessions, Throttle, new_token
from equipoise.presentation.clinic.pages import Frame, page

UPLOAD_KEPT = datetime.timedelta(minutes=30)
Clock = Callable[[], datetime.datetime]


@dataclass
class Upload:
    """A file that was looked at and waits for somebody to say yes.

    Attributes
    ----------
    path, name
        Where it lies, and what it was called.
    owner
        The session that sent it; nobody else may import it.
    at
        When.
    """

    path: Path
    name: str
    owner: Session
    at: datetime.datetime


@dataclass
class Face:
    """The parts that the pages are made from.

    Attributes
    ----------
    book, evidence, clock
        The book, the labels, and what tells the moment.
    folder
        Where a file waits between the look and the import; gone when the server stops.
    sessions, throttle, preparing, lists, uploads
        What is kept in memory.
    """

    book: Book
    evidence: Evidence
    clock: Clock
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="equipoise-clinic-")))
    sessions: Sessions = field(default_factory=Sessions)
    throttle: Throttle = field(default_factory=Throttle)
    preparing: Preparing = field(default_factory=Preparing)
    lists: Lists = field(default_factory=Lists)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def today(self) -> datetime.date:
        """Return the day on this machine's calendar."""
        return self.clock().astimezone().date()

    def keep_upload(self, path: Path, name: str, owner: Session) -> str:
        """Keep a file until it is imported; return what stands for it."""
        self.drop_uploads(lambda one: one.owner is owner or self.clock() - one.at > UPLOAD_KEPT)
        key = new_token()
        self.uploads[key] = Upload(path, name, owner, self.clock())
        return key

    def drop_uploads(self, wanted: Callable[[Upload], bool]) -> None:
        """Delete files that wait."""
        for key in [key for key, one in self.uploads.items() if wanted(one)]:
            self.uploads.pop(key).path.unlink(missing_ok=True)


def cookie_name(request: Request) -> str:
    """Return the name of the cookie. Browsers share cookies between the ports of a machine; two books do not."""
    return f"equipoise-clinic-{request.url.port or 80}"


@dataclass
class Visit:
    """One request of somebody who is signed in.

    Attributes
    ----------
    face, request, token, session, who
        The parts, the request, the secret of the cookie, the session, and the user as the book has them now.
    """

    face: Face
    request: Request
    token: str
    session: Session
    who: SignedIn

    @property
    def desk(self) -> Desk:
        """The book as this user has it."""
        return Desk(self.face.book, self.who, self.face.clock)

    @property
    def recorder(self) -> Recorder:
        """What writes for this user."""
        return Recorder(self.desk, self.face.today(), self.face.evidence)

    @property
    def may_record(self) -> bool:
        """Whether the role may write."""
        return _may(self.who, Act.RECORD)

    def page(self, template: str, status: int = 200, **context: object) -> Response:
        """Return a page inside the frame of the clinic."""
        frame = Frame(
            clinic=self.who.clinic,
            user=self.who.name,
            role=str(self.who.role),
            may_record=self.may_record,
            form_token=self.face.sessions.form_token(self.token),
            notice=self.session.take_notice(),
        )
        return HTMLResponse(page(template, self.face.evidence.release, frame, **context), status)

    def leave(self, address: str, notice: str = "") -> Response:
        """Go to another page, which says what was done."""
        self.session.notice = notice
        return RedirectResponse(address, 303)


def _may(who: SignedIn, act: Act) -> bool:
    from equipoise.clinic.errors import RoleError

    try:
        who.needs(act)
    except RoleError:
        return False
    return True


def visit_of(face: Face, request: Request) -> Visit | None:
    """Return who asks; ``None`` for somebody who is not signed in, or not any more."""
    token = request.cookies.get(cookie_name(request), "")
    session = face.sessions.find(token, face.clock()) if token else None
    if session is None:
        return None
    from equipoise.clinic import engine

    with engine.reading(face.book.engine) as connection:
        now = user_entry(connection, session.clinic_id, session.name)
    if now is None or now[0] != session.user_entry:
        # a new password or another role: whoever holds the old session has to prove who they are
        face.sessions.end(token)
        return None
    return Visit(face, request, token, session, SignedIn(session.clinic_id, session.clinic, session.name, now[1]))


Fields = Mapping[str, str]
