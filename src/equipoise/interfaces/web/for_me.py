"""Routes of the page for one person. What is typed comes in a request and goes back in its answer, nowhere else."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from equipoise.consultation import consult
from equipoise.decision import Values, values_form, write_values
from equipoise.decision.values_form import faults_together, from_answers
from equipoise.evidence import Evidence
from equipoise.forms import Fault, FormError, as_toml, examine
from equipoise.forms.files import parse
from equipoise.person import Person, disagreements, person_from_answers
from equipoise.person import form as person_form
from equipoise.presentation.for_me_page import ForMe, render_for_me
from equipoise.presentation.form_view import as_mapping, as_typed
from equipoise.presentation.html import Choice

Typed = dict[str, tuple[str, ...]]

LARGEST_FILE = 200_000
"""Bytes; a file of answers has a few thousand."""
MOST_FIELDS = 2_000


def add_for_me(app: FastAPI, evidence: Evidence) -> None:
    """Add the page to an application."""

    @app.get("/for-me", response_class=HTMLResponse)
    def questions(first: str = "alemtuzumab", second: str = "interferon-beta-1a") -> Response:
        return _page(ForMe(_choice(evidence, first, second), {}), evidence)

    @app.post("/for-me", response_class=HTMLResponse)
    async def answered(request: Request) -> Response:
        return _page(_answer(await _typed(request), evidence), evidence)

    @app.post("/for-me/open", response_class=HTMLResponse)
    async def opened(request: Request) -> Response:
        return _page(await _opened(request, evidence), evidence)

    @app.post("/for-me/person.toml")
    async def person_file(request: Request) -> Response:
        page = _Read(await _typed(request), evidence)
        if page.faults or page.person is None:
            return _page(page.shown(), evidence)
        return _file(as_toml(person_form(evidence), page.person_answers), "about-me.toml")

    @app.post("/for-me/values.toml")
    async def values_file(request: Request) -> Response:
        page = _Read(await _typed(request), evidence)
        if page.faults or page.values is None:
            return _page(page.shown(), evidence)
        return _file(write_values(page.values), "what-matters-to-me.toml")


class _Read:
    """Answers as read from a page, with what is wrong with them."""

    def __init__(self, typed: Typed, evidence: Evidence) -> None:
        self.typed = typed
        self.choice = _choice(evidence, _one(typed, "first"), _one(typed, "second"))
        today = _today()
        about, matters = person_form(evidence), values_form()
        self.person_answers, faults = examine(about, as_mapping(about, typed))
        faults += disagreements(self.person_answers, today=today)
        self.values_answers, more = examine(matters, as_mapping(matters, typed))
        more += faults_together(self.values_answers)
        self.faults: tuple[Fault, ...] = (*faults, *more)
        self.person: Person | None = None
        self.values: Values | None = None
        if not self.faults:
            self.person = person_from_answers(self.person_answers, today=today)
            self.values = from_answers(self.values_answers)

    def shown(self) -> ForMe:
        """The page with the fields as they were typed."""
        return ForMe(self.choice, self.typed, self.faults)


def _answer(typed: Typed, evidence: Evidence) -> ForMe:
    read = _Read(typed, evidence)
    if read.faults:
        return read.shown()
    says = read.values if read.values is not None and read.values.says_anything else None
    sitting = consult(
        read.choice.first,
        read.choice.second,
        evidence=evidence,
        person=read.person,
        values=says,
        on=_today(),
    )
    return ForMe(read.choice, typed, (), sitting)


async def _opened(request: Request, evidence: Evidence) -> ForMe:
    sent = await request.form(max_fields=10, max_files=2, max_part_size=LARGEST_FILE)
    typed: Typed = {}
    faults: list[Fault] = []
    for field, form in (("person-file", person_form(evidence)), ("values-file", values_form())):
        upload = sent.get(field)
        if not isinstance(upload, UploadFile) or not upload.filename:
            continue
        held = await upload.read(LARGEST_FILE + 1)
        if len(held) > LARGEST_FILE:
            faults.append(Fault("", f"'{upload.filename}' is too large to be a file of answers"))
            continue
        try:
            is_json = upload.filename.lower().endswith(".json")
            document = parse(held.decode("utf-8-sig"), file=upload.filename, is_json=is_json)
            answers, found = examine(form, document.values, lines=document.lines)
        except UnicodeDecodeError:
            faults.append(Fault("", f"'{upload.filename}' is not text", mend="open a file that was saved here"))
            continue
        except FormError as error:
            faults += error.faults
            continue
        faults += found
        typed |= as_typed(form, answers)
    choice = _choice(evidence, str(sent.get("first") or ""), str(sent.get("second") or ""))
    return ForMe(choice, typed, tuple(faults))


async def _typed(request: Request) -> Typed:
    sent: FormData = await request.form(max_fields=MOST_FIELDS)
    return {name: tuple(str(value) for value in sent.getlist(name)) for name in sent}


def _one(typed: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(typed.get(name, ())), "")


def _choice(evidence: Evidence, first: str, second: str) -> Choice:
    options = [evidence.option(name or other).option for name, other in zip((first, second), _USUAL, strict=True)]
    return Choice(options[0], options[1])


_USUAL = ("alemtuzumab", "interferon-beta-1a")


def _page(page: ForMe, evidence: Evidence) -> Response:
    return HTMLResponse(render_for_me(page, evidence), 422 if page.faults else 200, headers=_PRIVATE)


def _file(text: str, name: str) -> Response:
    headers = _PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/toml", headers=headers)


_PRIVATE: dict[str, Any] = {"Cache-Control": "no-store"}


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()
