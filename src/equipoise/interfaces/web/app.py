"""Routes: each takes words from the address, asks for a page and hands it over."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

import equipoise
from equipoise.consultation import Consultation, check_claims, consult, trace
from equipoise.consultation.network_answer import network_answer
from equipoise.evidence import Evidence, load_evidence
from equipoise.interfaces.web.clinician import add_clinician
from equipoise.interfaces.web.my_file import add_my_file
from equipoise.interfaces.web.path import Path, add_path, refused_here
from equipoise.interfaces.web.path_source import add_path_source
from equipoise.interfaces.web.refusals import refusal_of, unknown_page
from equipoise.interfaces.web.sittings import Sittings, sweep
from equipoise.presentation import html, wire
from equipoise.presentation.gallery import render_gallery
from equipoise.vocabulary.errors import EquipoiseError, RequestError, UnknownTermError, kind_and_place
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import wording

KEPT_PAGES = 64
"""Comparison pages kept in memory, least used first out; there are some nine hundred possible ones."""

HOSTS = ["127.0.0.1", "localhost", "[::1]"]
"""Another name that was made to lead here (DNS rebinding) is refused: it could read what a person typed."""

_log = logging.getLogger(__name__)

LONGEST_NAME = 200
Name = Annotated[str, Query(max_length=LONGEST_NAME)]


class Pages:
    """Rendered pages of one evidence release, each rendered once.

    Parameters
    ----------
    evidence
        The release.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._kept = functools.lru_cache(maxsize=KEPT_PAGES)(self._render)
        self.network = functools.lru_cache(maxsize=KEPT_PAGES)(self._render_network)

    def comparison(self, first: str, second: str, jurisdiction: str) -> str:
        """Return the comparison page; names that mean the same option share one page.

        Raises
        ------
        EquipoiseError
            If the two cannot be compared as asked.
        """
        options = [self.evidence.option(name).option for name in (first, second)]
        place = jurisdiction.strip()
        return self._kept(*options, place.upper() if place.upper() in list(Jurisdiction) else place)

    def choice(self, first: str, second: str, jurisdiction: str) -> html.Choice:
        """Return what the form should keep: the option where a name is known, the name as typed where not."""
        return html.Choice(self._option(first), self._option(second), jurisdiction.strip())

    def _option(self, name: str) -> str:
        try:
            return self.evidence.option(name).option
        except UnknownTermError:
            return name

    def sitting(self, first: str, second: str, jurisdiction: str) -> Consultation:
        """Return the document behind a comparison page."""
        return consult(first, second, jurisdiction=jurisdiction.strip(), evidence=self.evidence)

    def _render(self, first: str, second: str, jurisdiction: str) -> str:
        return html.render_comparison(self.sitting(first, second, jurisdiction))

    def _render_network(self, outcome: str) -> str:
        return html.render_network(network_answer(outcome, evidence=self.evidence), self.evidence)

    @functools.cached_property
    def home(self) -> str:
        """The first page, in English; the other languages stand under their own addresses."""
        return html.render_home(self.evidence, wording())

    @functools.cached_property
    def claims(self) -> str:
        """The claim check."""
        return html.render_claims(check_claims(self.evidence), self.evidence.release)

    @functools.cached_property
    def sources(self) -> str:
        """Every source."""
        return html.render_sources(self.evidence)


def create_app(evidence: Evidence | None = None) -> FastAPI:
    """Return the web application.

    Parameters
    ----------
    evidence
        The release that every page answers from; the packaged one by default.
    """
    pages, sittings = Pages(evidence or load_evidence()), Sittings()

    @contextlib.asynccontextmanager
    async def forgetting(_: FastAPI) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(sweep(sittings))
        yield
        sweeping.cancel()

    app = FastAPI(
        title="Equipoise",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=forgetting,
    )
    app.state.pages = pages
    app.middleware("http")(functools.partial(_headers, pages.evidence))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)
    _add_pages(app, pages)
    path = Path(pages.evidence, sittings)
    add_my_file(app, path)  # its addresses are among those of the screens
    add_path(app, path)
    add_clinician(app, path)
    add_path_source(app, path)
    _add_machine_answers(app, pages)
    _add_errors(app, pages)
    return app


async def _headers(
    evidence: Evidence, request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    try:
        response = await call_next(request)
    except Exception as error:
        response = _broken(evidence, request, error)
    for name, value in html.SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    is_static = request.url.path.startswith("/static/")
    response.headers.setdefault("Cache-Control", "public, max-age=3600" if is_static else "no-cache")
    return response


def _broken(evidence: Evidence, request: Request, error: Exception) -> Response:
    _log.error(kind_and_place(error))
    in_words = refused_here(request, evidence, 500)
    if in_words is not None:
        return in_words
    refusal = html.Refusal(500, "Something is wrong in this program", "It is no fault of yours. Please tell us.")
    return HTMLResponse(html.render_error(refusal, evidence), 500)


def _add_pages(app: FastAPI, pages: Pages) -> None:
    evidence = pages.evidence

    @app.get("/", response_class=HTMLResponse)
    def home() -> str:
        return pages.home

    @app.get("/compare", response_class=HTMLResponse)
    def compare(first: Name = "", second: Name = "", jurisdiction: Name = "EU") -> str:
        return pages.comparison(first, second, jurisdiction)

    @app.get("/compare.html", response_class=HTMLResponse)
    def one_file(first: Name = "", second: Name = "", jurisdiction: Name = "EU") -> HTMLResponse:
        sitting = pages.sitting(first, second, jurisdiction)
        names = "-or-".join(option.treatment.option for option in sitting.options)
        disposition = {"Content-Disposition": f'attachment; filename="{names}-{sitting.jurisdiction}.html"'}
        return HTMLResponse(html.render_standalone(sitting), headers=disposition)

    @app.get("/trace/{identifier:path}", response_class=HTMLResponse)
    def traced(identifier: str) -> str:
        return html.render_trace(trace(identifier, evidence=evidence), evidence.release)

    @app.get("/network/{outcome}", response_class=HTMLResponse)
    def network(outcome: str) -> str:
        return pages.network(outcome)

    @app.get("/claims", response_class=HTMLResponse)
    def claims() -> str:
        return pages.claims

    @app.get("/sources", response_class=HTMLResponse)
    def sources() -> str:
        return pages.sources

    @app.get("/options", response_class=HTMLResponse)
    def options() -> str:
        return html.render_options(evidence)

    @app.get("/gallery", response_class=HTMLResponse)
    def gallery(language: Name = "en") -> str:
        return render_gallery(wording(language), evidence.release)

    @app.get("/for-me")
    def moved() -> RedirectResponse:
        return RedirectResponse("/en/path/start", status_code=303)

    @app.get("/about", response_class=HTMLResponse)
    def about() -> str:
        return html.render_about(evidence, equipoise.__version__)


def _add_machine_answers(app: FastAPI, pages: Pages) -> None:
    @app.get("/healthz")
    def health() -> dict[str, object]:
        release = pages.evidence.release
        return {
            "status": "ok",
            "evidence": {"version": release.version, "date": release.date, "sha256": release.sha256},
        }

    @app.get("/compare.json")
    def compare(first: Name = "", second: Name = "", jurisdiction: Name = "EU") -> Response:
        answer = wire.as_json(wire.comparison(pages.sitting(first, second, jurisdiction)))
        return Response(answer, media_type="application/json")

    @app.get("/static/style.css")
    def style() -> FileResponse:
        return FileResponse(html.STYLE, media_type="text/css")


def _add_errors(app: FastAPI, pages: Pages) -> None:
    @app.exception_handler(EquipoiseError)
    def refused(request: Request, error: EquipoiseError) -> Response:
        in_words = refused_here(request, pages.evidence, _status_of(error))
        if in_words is not None:
            return in_words
        refusal = refusal_of(request, error)
        if request.url.path.endswith(".json"):
            return JSONResponse({"error": refusal.message}, status_code=refusal.status)
        return HTMLResponse(html.render_error(refusal, pages.evidence, _kept_choice(request, pages)), refusal.status)

    @app.exception_handler(RequestValidationError)
    def too_long(request: Request, error: RequestValidationError) -> Response:
        in_words = refused_here(request, pages.evidence, 400)
        if in_words is not None:
            return in_words
        return refused(request, RequestError(f"a name has more than {LONGEST_NAME} characters.\n  do: shorten it"))

    @app.exception_handler(HTTPException)
    def missing(request: Request, error: HTTPException) -> Response:
        in_words = refused_here(request, pages.evidence, error.status_code)
        if in_words is not None:
            return in_words
        refusal = unknown_page(request, error.status_code)
        return HTMLResponse(html.render_error(refusal, pages.evidence), refusal.status)


def _status_of(error: EquipoiseError) -> int:
    """Of a page of the way: an address that leads nowhere, treatments that make no pair, or a fault of the program."""
    if isinstance(error, UnknownTermError):
        return 404
    return 422 if isinstance(error, RequestError) else 500


def _kept_choice(request: Request, pages: Pages) -> html.Choice | None:
    if not request.url.path.startswith("/compare"):
        return None
    asked = {"first": "", "second": "", "jurisdiction": Jurisdiction.EU.value} | dict(request.query_params)
    return pages.choice(*(asked[name][:LONGEST_NAME] for name in ("first", "second", "jurisdiction")))
