"""The application: routes put together, headers on every answer, and every error as a page."""

from __future__ import annotations

import datetime
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from equipoise.clinic import Book
from equipoise.evidence import Evidence, load_evidence
from equipoise.interfaces.clinic_web import correcting, exchange, morning, people, recording, signing_in
from equipoise.interfaces.clinic_web.face import Clock, Face
from equipoise.interfaces.clinic_web.routing import Routes, error_page, stranger
from equipoise.presentation.html import SECURITY_HEADERS, STYLE
from equipoise.vocabulary.errors import kind_and_place

_log = logging.getLogger(__name__)

HOSTS = ["127.0.0.1", "localhost"]
"""Another name that was made to lead here (DNS rebinding) is refused."""


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


def create_app(book: Book, evidence: Evidence | None = None, clock: Clock = _now) -> FastAPI:
    """Return the web application of a clinic's book.

    Parameters
    ----------
    book
        The book, open.
    evidence
        The labels; the packaged release by default.
    clock
        Tells the moment.
    """
    face = Face(book, evidence or load_evidence(), clock)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        # What is loaded now stays for as long as the server runs. A collector that walks all of it again costs the
        # unlucky request in twenty as much as the whole morning list.
        gc.collect()
        gc.freeze()
        yield
        gc.unfreeze()
        face.drop_uploads(lambda _one: True)

    app = FastAPI(title="Equipoise clinic", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.face = face
    app.middleware("http")(_guarded(face))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)
    routes = Routes(app, face)
    for part in (signing_in, morning, people, correcting, recording, exchange):
        part.add(routes)

    @app.get("/static/style.css")
    def style() -> FileResponse:
        return FileResponse(STYLE, media_type="text/css")

    @app.exception_handler(HTTPException)
    def missing(request: Request, error: HTTPException) -> Response:
        title = "There is no such page" if error.status_code == 404 else "This cannot be done here"
        return error_page(face, request, error.status_code, title, "The menu leads to every page there is.")

    return app


def _guarded(face: Face) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    async def guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        try:
            response = await call_next(request)
        except Exception as error:
            _log.error(kind_and_place(error))
            frame = stranger(face, request)
            message = "Something went wrong in this program. What was not confirmed was not saved.\nTry it once more."
            response = HTMLResponse(
                frame("clinic_error.html", title="This page could not be made", message=message), 500
            )
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        # Nothing of a person stays in the browser's store, and "back" after signing out shows nothing.
        is_static = request.url.path.startswith("/static/")
        response.headers["Cache-Control"] = "no-cache" if is_static else "no-store"
        return response

    return guarded
