"""From a request to a page: who asks, whether the form was made here, and what to say where something is in the way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from equipoise.clinic.errors import BookLockedError, ClinicError, DiskFullError, EntryError, NewerBookError, RoleError
from equipoise.clinic.users import Act
from equipoise.interfaces.clinic_web.face import Face, Visit, cookie_name, visit_of
from equipoise.interfaces.clinic_web.sessions import new_token
from equipoise.interfaces.clinic_web.submissions import TOKEN, Submission, UnfitSubmission, submitted
from equipoise.presentation.clinic.pages import Frame, page, said
from equipoise.vocabulary.errors import EquipoiseError

Answer = Callable[[Visit], Response]
Taken = Callable[[Visit, Submission], Response]

_ADDRESS = re.compile(r"(/[a-z0-9-]+){1,4}")
_HIDDEN = frozenset([TOKEN, "kept", "subject", "back", "upload", "password"])


class Routes:
    """Adds pages that only somebody who is signed in sees.

    Parameters
    ----------
    app, face
        Where they are added, and the parts they are made from.
    """

    def __init__(self, app: FastAPI, face: Face) -> None:
        self.app, self.face = app, face

    def get(self, path: str, answer: Answer) -> None:
        """Add a page to look at."""

        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(_looked_at, self.face, request, answer)

        self.app.add_route(path, endpoint, methods=["GET"])

    def post(self, path: str, taken: Taken, *, act: Act = Act.RECORD) -> None:
        """Add what a form sends. Only a form of this session, by a role that may do this, gets through."""

        async def endpoint(request: Request) -> Response:
            try:
                sent = await submitted(request, self.face.folder)
            except UnfitSubmission as unfit:
                return await run_in_threadpool(error_page, self.face, request, unfit.status, unfit.title, unfit.message)
            try:
                return await run_in_threadpool(_sent, self.face, request, sent, taken, act)
            finally:
                if sent.file is not None and not any(one.path == sent.file for one in self.face.uploads.values()):
                    sent.file.unlink(missing_ok=True)

        self.app.add_route(path, endpoint, methods=["POST"])


def _looked_at(face: Face, request: Request, answer: Answer) -> Response:
    visit = None
    try:
        visit = visit_of(face, request)
        if visit is None:
            return sign_in_page(face, request, kept=json.dumps({"to": request.url.path}))
        return answer(visit)
    except EquipoiseError as error:
        return refused(face, request, visit, error)


def _sent(face: Face, request: Request, sent: Submission, taken: Taken, act: Act) -> Response:
    visit = None
    try:
        visit = visit_of(face, request)
        if visit is None:
            return sign_in_page(face, request, kept=kept_of(request, sent), status=401)
        if not face.sessions.is_form_token(visit.token, sent.token):
            message = "This form was made before you signed in the last time. Nothing was saved, and nothing is lost."
            return kept_page(visit, "Send this again", message, request.url.path, sent.fields, status=403)
        visit.who.needs(act)
        return taken(visit, sent)
    except (BookLockedError, DiskFullError) as error:
        if visit is None:
            return refused(face, request, visit, error)
        message = "Nothing was saved. What you typed is not lost.\n" + said(error)
        title = "The book is busy" if isinstance(error, BookLockedError) else "The disk is full"
        return kept_page(visit, title, message, request.url.path, sent.fields, status=503)
    except EquipoiseError as error:
        return refused(face, request, visit, error)


def refused(face: Face, request: Request, visit: Visit | None, error: EquipoiseError) -> Response:
    """Return the page for an error of the book."""
    titles: tuple[tuple[type[EquipoiseError], int, str], ...] = (
        (RoleError, 403, "Your role does not allow this"),
        (BookLockedError, 503, "The book is busy"),
        (DiskFullError, 503, "The disk is full"),
        (NewerBookError, 503, "A newer Equipoise has written this book"),
        (EntryError, 404, "This is not in the book"),
        (ClinicError, 503, "The book cannot be read"),
    )
    status, title = next(((s, t) for kind, s, t in titles if isinstance(error, kind)), (422, "This cannot be done"))
    message = said(error)
    if isinstance(error, RoleError) and visit is not None:
        message = (
            f"You are signed in as {visit.who.name}, with the role {visit.who.role}. Nothing was changed.\n"
            "A nurse or a neurologist can do this: sign out, and sign in as one."
        )
    if visit is not None:
        return visit.page("clinic_error.html", status, title=title, message=message)
    return HTMLResponse(stranger(face, request)("clinic_error.html", title=title, message=message), status)


def error_page(face: Face, request: Request, status: int, title: str, message: str) -> Response:
    """Return a page that says what is in the way, with the menu for somebody who is signed in."""
    try:
        visit = visit_of(face, request)
    except EquipoiseError:
        visit = None
    if visit is not None:
        return visit.page("clinic_error.html", status, title=title, message=message)
    return HTMLResponse(stranger(face, request)("clinic_error.html", title=title, message=message), status)


def stranger(face: Face, request: Request, token: str = "") -> Callable[..., str]:
    """Return what makes pages for somebody who is not signed in: they name neither clinic nor person."""
    frame = Frame(form_token=face.sessions.form_token(token or request.cookies.get(cookie_name(request), "")))
    return lambda template, **context: page(template, face.evidence.release, frame, **context)


def set_cookie(response: Response, request: Request, token: str) -> Response:
    """Give the browser its cookie: not for scripts, not for other sites, gone when the browser closes."""
    # Not "secure": the page is served to this machine alone, without TLS, and some browsers would drop it then.
    response.set_cookie(cookie_name(request), token, httponly=True, samesite="strict", path="/")
    return response


def sign_in_page(
    face: Face,
    request: Request,
    *,
    kept: str = "",
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Return the page to sign in on; it carries along what was typed before a session ended."""
    token = request.cookies.get(cookie_name(request), "") or new_token()
    held, carried = typed or {}, unpacked(kept)
    body = stranger(face, request, token)(
        "clinic_sign_in.html",
        several=len(face.book.clinics()) > 1,
        problem=problem,
        typed={"clinic": held.get("clinic", ""), "user": held.get("user", "")},
        kept=shown_fields(carried.to, carried.fields),
        file=carried.file,
        kept_field=kept if carried != Kept() else "",
    )
    return set_cookie(HTMLResponse(body, status), request, token)


class Kept(NamedTuple):
    """What is carried along while somebody signs in again.

    Attributes
    ----------
    to, fields
        The address, and what was sent to it; no fields where a page was only to be looked at.
    file
        Name of a file that was sent; the file itself is not kept.
    """

    to: str = "/"
    fields: Mapping[str, str] = MappingProxyType({})
    file: str = ""


def kept_of(request: Request, sent: Submission) -> str:
    """Pack what a form sent, for the form that signs in to carry along."""
    fields = {name: value for name, value in sent.fields.items() if name != TOKEN}
    return json.dumps({"to": request.url.path, "fields": fields, "file": sent.file_name})


def unpacked(kept: str) -> Kept:
    """Return what was kept; an address that is none of ours becomes the first page."""
    try:
        held = json.loads(kept)
        to, file = str(held["to"]), str(held.get("file", ""))
        fields = {str(name): str(value) for name, value in held.get("fields", {}).items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return Kept()
    return Kept(to, fields, file) if _ADDRESS.fullmatch(to) and to not in {"/sign-in", "/sign-out"} else Kept()


_WITHOUT_WORDS = {
    "acknowledge": "Acknowledge an alert",
    "aside": "Try the rows kept aside again",
    "confirm": "Import the file that was looked at",
    "withdraw": "Take an entry back",
}
"""What a button does under which nobody has to type anything, by the end of its address."""


def shown_fields(to: str, fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what somebody sent, without what only the page itself put into the form."""
    done = _WITHOUT_WORDS.get(to.rpartition("/")[2])
    typed = tuple(
        (name.replace("_", " ").capitalize(), value) for name, value in fields.items() if value and name not in _HIDDEN
    )
    return (("What was to be done", done), *typed) if done and fields else typed


def kept_page(
    visit: Visit, title: str, message: str, action: str, fields: Mapping[str, str], *, status: int = 200
) -> Response:
    """Show what was typed and not saved, and offer to send it."""
    again = tuple((name, value) for name, value in fields.items() if name != TOKEN)
    return visit.page(
        "clinic_kept.html",
        status,
        title=title,
        message=message,
        is_fault=status >= 400,
        action=action,
        shown=shown_fields(action, fields),
        fields=again,
    )
