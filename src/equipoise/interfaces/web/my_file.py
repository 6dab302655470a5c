"""Routes of the file that a person owns: saved from the page that is open, and opened again. None of it stays here."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from equipoise.forms import Fault, FormError
from equipoise.interfaces.web.path import (
    PRIVATE,
    Path,
    Received,
    answer,
    from_form,
    keeping,
    not_ours,
    over,
    receive,
)
from equipoise.interfaces.web.submissions import LARGEST_FILE
from equipoise.presentation.handout.pdf import render_pdf
from equipoise.presentation.path import PathPage, PathState, Screen, screen
from equipoise.presentation.path.my_file import NAME, as_file
from equipoise.presentation.path.opening import Opened, opened
from equipoise.presentation.path.visit import code_of, sheet_of
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.wording import Wording, phrase, wording

LONGEST_NAME = 200
"""Characters of a file's name that are looked at, from its end."""
OPEN = "open"


def add_my_file(app: FastAPI, path: Path) -> None:
    """Add the file of a person to an application.

    Parameters
    ----------
    app
        The application.
    path
        The way.
    """

    @app.get("/{language}/path/file")
    def saved(request: Request, language: str) -> Response:
        words = wording(language)
        return over(words) if path.is_over(request) else _file(path.state(path.sitting(request)), words)

    @app.post("/{language}/path/file")
    async def saved_from_page(request: Request, language: str) -> Response:
        words = wording(language)

        def save(form: FormData) -> Response:
            asked = _screen(form)
            sent = receive(path, request, asked, form)
            if sent is None:
                return not_ours(path, request, words, asked)
            return keeping(_file(sent.state, words), sent.sitting)

        return await from_form(request, path.evidence, words, save)

    @app.get("/{language}/path/my-page.pdf")
    def printed(request: Request, language: str, code: Literal["yes", "no"] = "no") -> Response:
        words = wording(language)
        if path.is_over(request):
            return over(words)
        state = path.state(path.sitting(request))
        sheet = sheet_of(state, words, code=code_of(state) if code == "yes" else "")
        # Escaped, because a header takes no letters but English ones.
        name = quote(f"{words('sheet.file-name')}.pdf")
        headers = {**PRIVATE, "Content-Disposition": f"inline; filename*=UTF-8''{name}"}
        return Response(render_pdf(sheet), media_type="application/pdf", headers=headers)

    @app.post("/{language}/path/open", response_class=HTMLResponse)
    async def sent(request: Request, language: str) -> Response:
        words, asked = wording(language), screen(OPEN)

        def read(form: FormData) -> Response:
            received = receive(path, request, asked, form)
            if received is None:
                return not_ours(path, request, words, asked)
            return keeping(_opened(path, received, words, form.get("file")), received.sitting)

        return await from_form(request, path.evidence, words, read)


def _opened(path: Path, received: Received, words: Wording, upload: UploadFile | str | None) -> Response:
    page = PathPage(received.state, screen(OPEN), words, received.sitting.token)
    if received.going != OPEN:
        going = "start" if received.going == "back" else OPEN
        return RedirectResponse(page.address(going), status_code=303, headers=PRIVATE)
    try:
        found = _read(upload, received.state)
    except FormError as error:
        is_large = any(fault.problem == phrase("file.fault.too-large") for fault in error.faults)
        return _with_faults(page, error.faults, 413 if is_large else 422)
    with received.sitting.changing:
        received.sitting.typed = dict(found.state.typed)
    if found.faults:
        return _with_faults(path.page(received.sitting, page.screen, words), found.faults, 422)
    return RedirectResponse(page.address("since"), status_code=303, headers=PRIVATE)


def _read(upload: UploadFile | str | None, state: PathState) -> Opened:
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise FormError([Fault("", phrase("file.fault.no-file"), mend=phrase("file.fault.no-file-do"))])
    held = upload.file.read(LARGEST_FILE + 1)
    if len(held) > LARGEST_FILE:
        mend = phrase("file.fault.too-large-do", kilobytes=LARGEST_FILE // 1000)
        raise FormError([Fault("", phrase("file.fault.too-large"), mend=mend)])
    return opened(held, upload.filename[-LONGEST_NAME:], state)


def _with_faults(page: PathPage, faults: tuple[Fault, ...], status: int) -> Response:
    return answer(PathPage(page.state, page.screen, page.words, page.token, file_faults=faults), status)


def _screen(form: FormData) -> Screen:
    named = form.get("screen")
    try:
        return screen(named if isinstance(named, str) else "start")
    except UnknownTermError:
        return screen("start")


def _file(state: PathState, words: Wording) -> Response:
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{NAME}"'}
    return Response(as_file(state, words), media_type="application/toml", headers=headers)
