"""The route behind every number of the way: where it comes from, known only within the sitting that it was made for."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, Response

from equipoise.consultation import Trace
from equipoise.consultation.personal import OWN, PREFIX
from equipoise.interfaces.web.path import PRIVATE, Path
from equipoise.presentation.path import PathState, Screen, screen
from equipoise.presentation.path.clinician import CLINICIAN
from equipoise.presentation.path.screens import is_screen
from equipoise.presentation.path.source import SourcePage, render_source
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.wording import wording

USUAL = "outcomes"
"""The screen to lead back to where the address names none that there is."""


def add_path_source(app: FastAPI, path: Path) -> None:
    """Add the page of sources to an application.

    Parameters
    ----------
    app
        The application.
    path
        The way.
    """

    @app.get("/{language}/path/source/{identifier:path}", response_class=HTMLResponse)
    def source(
        request: Request, language: str, identifier: str, back: Annotated[str, Query(alias="from")] = USUAL
    ) -> Response:
        page = path.page(path.sitting(request), _asked_from(back), wording(language))
        is_personal = identifier.startswith((OWN, PREFIX))
        found = None if is_personal and path.is_over(request) else _found(page.state, identifier)
        body = render_source(SourcePage(page, identifier, found))
        return HTMLResponse(body, 404 if found is None else 200, headers=dict(PRIVATE))


def _asked_from(back: str) -> Screen:
    if back == CLINICIAN.id:
        return CLINICIAN
    return screen(back if is_screen(back) else USUAL)


def _found(state: PathState, identifier: str) -> Trace | None:
    try:
        return state.traced(identifier)
    except (UnknownTermError, RequestError):
        return None
