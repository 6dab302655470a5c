"""Sign in and out."""

from __future__ import annotations

import time

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from equipoise.clinic import Desk, engine, schema
from equipoise.clinic.errors import SignInError
from equipoise.clinic.lookup import user_entry
from equipoise.clinic.users import Act
from equipoise.interfaces.clinic_web.face import Face, Visit, cookie_name
from equipoise.interfaces.clinic_web.routing import (
    Routes,
    error_page,
    kept_page,
    refused,
    set_cookie,
    sign_in_page,
    unpacked,
)
from equipoise.interfaces.clinic_web.sessions import Session
from equipoise.interfaces.clinic_web.submissions import Submission, UnfitSubmission, submitted
from equipoise.vocabulary.errors import EquipoiseError

SLOWEST_ANSWER = 0.4
"""Seconds that every failure takes at the least, so that its time does not tell whether the user exists."""
_WRONG = (
    "This user and password do not fit together here. Nothing else is said, so that nobody can learn who works here."
)
_UNGUARDED = (
    "A password is needed here, because other programs and users of this machine can reach this page too.\n"
    "A user without one gets one with: equipoise clinic add-user"
)


def add(routes: Routes) -> None:
    """Add the pages."""
    face = routes.face

    async def sign_in(request: Request) -> Response:
        try:
            sent = await submitted(request, face.folder)
        except UnfitSubmission as unfit:
            return await run_in_threadpool(error_page, face, request, unfit.status, unfit.title, unfit.message)
        return await run_in_threadpool(_signed_in, face, request, sent)

    async def form(request: Request) -> Response:
        return RedirectResponse("/", 303)

    routes.app.add_route("/sign-in", sign_in, methods=["POST"])
    routes.app.add_route("/sign-in", form, methods=["GET"])
    routes.post("/sign-out", _signed_out, act=Act.READ)


def _signed_in(face: Face, request: Request, sent: Submission) -> Response:
    began = time.monotonic()
    try:
        return _tried(face, request, sent)
    except SignInError:
        clinic, user = sent.fields.get("clinic", ""), sent.fields.get("user", "")
        face.throttle.failed(clinic, user, face.clock())
        time.sleep(max(0.0, SLOWEST_ANSWER - (time.monotonic() - began)))
        return _again(face, request, sent, _WRONG, 401)
    except EquipoiseError as error:
        return refused(face, request, None, error)


def _tried(face: Face, request: Request, sent: Submission) -> Response:
    clinic, user, password = (sent.fields.get(name, "") for name in ("clinic", "user", "password"))
    if not face.sessions.is_form_token(request.cookies.get(cookie_name(request), ""), sent.token):
        return _again(
            face, request, sent, "This page was open for too long, or cookies are switched off. Try again.", 403
        )
    if until := face.throttle.until(clinic, user, face.clock()):
        clock = f"{until.astimezone():%H:%M:%S}"
        return _again(face, request, sent, f"Too many attempts. The next one is read after {clock}.", 429)
    if not user.strip() or not password:
        return _again(face, request, sent, _UNGUARDED, 422)
    schema.check(face.book.engine)  # another program may have brought the book up to a newer version meanwhile
    desk = face.book.sign_in(user, password, clinic=clinic, clock=face.clock)
    face.throttle.succeeded(clinic, user)
    return _begun(face, request, desk, sent.fields.get("kept", ""))


def _again(face: Face, request: Request, sent: Submission, problem: str, status: int) -> Response:
    return sign_in_page(
        face, request, kept=sent.fields.get("kept", ""), problem=problem, typed=sent.fields, status=status
    )


def _begun(face: Face, request: Request, desk: Desk, kept: str) -> Response:
    with engine.reading(face.book.engine) as connection:
        entry = user_entry(connection, desk.clinic_id, desk.who.name)
    if entry is None:
        raise SignInError("gone")
    face.sessions.end(request.cookies.get(cookie_name(request), ""))
    now = face.clock()
    session = Session(desk.clinic_id, desk.who.clinic, desk.who.name, entry[0], now, now)
    token = face.sessions.begin(session)  # a new secret: one that somebody planted before is worth nothing
    to, fields, file = unpacked(kept)
    response: Response = RedirectResponse(to if not fields else "/", 303)
    if file:
        session.notice = f"{file} was not kept while you signed in. Choose it again."
    elif fields:
        message = "You are signed in again. What you typed has not been saved yet: look at it, then send it."
        visit = Visit(face, request, token, session, desk.who)
        response = kept_page(visit, "What you typed is still here", message, to, fields)
    return set_cookie(response, request, token)


def _signed_out(visit: Visit, _sent: Submission) -> Response:
    visit.face.drop_uploads(lambda one: one.owner is visit.session)
    visit.face.sessions.end(visit.token)
    response = RedirectResponse("/", 303)
    response.delete_cookie(cookie_name(visit.request), httponly=True, samesite="strict", path="/")
    return response
