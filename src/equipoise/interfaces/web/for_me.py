"""Routes of the page for one person. What is typed comes in a request and goes back in its answer, nowhere else."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from equipoise.consultation import consult
from equipoise.decision import Values, values_form, write_values
from equipoise.decision.values_form import faults_together, from_answers
from equipoise.evidence import Evidence
from equipoise.forms import Fault, Form, FormError, as_toml, examine
from equipoise.forms.files import parse
from equipoise.interfaces.web.submissions import LARGEST_FILE, UnfitSubmission, submitted, typed_text
from equipoise.person import Person, disagreements, person_from_answers
from equipoise.person import form as person_form
from equipoise.presentation.chosen_options import option_faults
from equipoise.presentation.for_me_page import ForMe, render_for_me
from equipoise.presentation.form_fields import as_mapping, belongs_to, contradictions, from_file, renumbered
from equipoise.presentation.html import Choice, render_error
from equipoise.vocabulary.errors import EquipoiseError, UnknownTermError
from equipoise.wording import Phrase, phrase, wording

Typed = dict[str, tuple[str, ...]]

LONGEST_NAME = 200
OptionName = Annotated[str, Query(max_length=LONGEST_NAME)]


def add_for_me(app: FastAPI, evidence: Evidence) -> None:
    """Add the page to an application."""

    @app.get("/for-me", response_class=HTMLResponse)
    def questions(first: OptionName = "", second: OptionName = "") -> Response:
        choice, faults = chosen(evidence, first, second)
        return _page(ForMe(choice, {}, faults), evidence)

    @app.post("/for-me", response_class=HTMLResponse)
    async def answered(request: Request) -> Response:
        return await _from_form(request, lambda sent: _page(_answer(typed_text(sent), evidence), evidence))

    @app.post("/for-me/open", response_class=HTMLResponse)
    async def opened(request: Request) -> Response:
        return await _from_form(request, lambda sent: _page(_opened(sent, evidence), evidence))

    @app.post("/for-me/person.toml")
    async def person_file(request: Request) -> Response:
        def answer(sent: FormData) -> Response:
            read = _Read(typed_text(sent), evidence)
            if read.person_faults:
                return _page(read.shown(read.person_faults), evidence)
            return _file(as_toml(person_form(evidence), read.person_answers), "about-me.toml")

        return await _from_form(request, answer)

    @app.post("/for-me/values.toml")
    async def values_file(request: Request) -> Response:
        def answer(sent: FormData) -> Response:
            read = _Read(typed_text(sent), evidence)
            if read.values_faults or read.values is None:
                return _page(read.shown(read.values_faults), evidence)
            return _file(write_values(read.values), "what-matters-to-me.toml")

        return await _from_form(request, answer)

    async def _from_form(request: Request, answer: Callable[[FormData], Response]) -> Response:
        try:
            sent = await submitted(request)
        except UnfitSubmission as unfit:
            return HTMLResponse(render_error(unfit.refusal(wording()), evidence), unfit.status, headers=_PRIVATE)
        # In a thread: working the numbers out takes a second, in which the other pages should still answer.
        try:
            return await run_in_threadpool(answer, sent)
        finally:
            await sent.close()


class _Read:
    """Answers as read from a page, with what is wrong with them."""

    def __init__(self, typed: Typed, evidence: Evidence) -> None:
        today = _today()
        about, matters = person_form(evidence), values_form()
        self.typed = renumbered(matters, renumbered(about, typed))
        self.choice, self.choice_faults = chosen(evidence, _one(typed, "first"), _one(typed, "second"))
        self.person_answers, faults = examine(about, as_mapping(about, self.typed))
        faults += disagreements(self.person_answers, today=today)
        self.person_faults = (*faults, *contradictions(about, self.typed))
        self.values_answers, faults = examine(matters, as_mapping(matters, self.typed))
        faults += faults_together(self.values_answers)
        self.values_faults = (*faults, *contradictions(matters, self.typed))
        self.person: Person | None = None
        self.values: Values | None = None
        if not self.person_faults:
            self.person = person_from_answers(self.person_answers, today=today)
        if not self.values_faults:
            self.values = from_answers(self.values_answers)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong, from the top of the page down."""
        return (*self.choice_faults, *self.person_faults, *self.values_faults)

    def shown(self, faults: tuple[Fault, ...]) -> ForMe:
        """The page with the fields as they were typed."""
        return ForMe(self.choice, self.typed, faults)


def _answer(typed: Typed, evidence: Evidence) -> ForMe:
    read = _Read(typed, evidence)
    if read.faults:
        return read.shown(read.faults)
    says = read.values if read.values is not None and read.values.says_anything else None
    try:
        sitting = consult(
            read.choice.first,
            read.choice.second,
            evidence=evidence,
            person=read.person,
            values=says,
            on=_today(),
        )
    except EquipoiseError as error:
        return read.shown((Fault("", Phrase(str(error).rstrip("."))),))
    return ForMe(read.choice, read.typed, (), sitting)


def _opened(sent: FormData, evidence: Evidence) -> ForMe:
    """Replace the answers of each form of which a file came; the other form stays as it was typed."""
    typed = typed_text(sent)
    faults: list[Fault] = []
    for field, form in (("person-file", person_form(evidence)), ("values-file", values_form())):
        upload = sent.get(field)
        typed.pop(field, None)
        if not isinstance(upload, UploadFile) or not upload.filename:
            continue
        try:
            found, more = _file_answers(upload, form)
        except FormError as error:
            faults += (Fault(field, fault.problem, mend=fault.mend, line=fault.line) for fault in error.faults)
            continue
        faults += more
        typed = {name: held for name, held in typed.items() if not belongs_to(form, name)} | found
    choice, wrong = chosen(evidence, _one(typed, "first"), _one(typed, "second"))
    return ForMe(choice, typed, (*wrong, *faults))


def _file_answers(upload: UploadFile, form: Form) -> tuple[Typed, list[Fault]]:
    name = (upload.filename or "")[-LONGEST_NAME:]
    held = upload.file.read(LARGEST_FILE + 1)
    if len(held) > LARGEST_FILE:
        raise FormError([Fault("", phrase("fault.problem.file-of-answers-too-large"))])
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        mend = phrase("fault.mend.open-saved")
        raise FormError([Fault("", phrase("fault.problem.file-not-text"), mend=mend)]) from None
    document = parse(text, file=name, is_json=name.lower().endswith(".json"))
    answers, faults = examine(form, document.values, lines=document.lines)
    return from_file(form, document.values, answers), faults


def chosen(evidence: Evidence, first: str, second: str) -> tuple[Choice, tuple[Fault, ...]]:
    """Return the two options under their own names, and what is wrong with how they were named.

    Parameters
    ----------
    evidence
        The release.
    first, second
        As typed; empty takes the first question of this program.
    """
    usual = Choice()
    named = {
        "first": first.strip()[:LONGEST_NAME] or usual.first,
        "second": second.strip()[:LONGEST_NAME] or usual.second,
    }
    return Choice(*(_own_name(evidence, name) for name in named.values())), option_faults(evidence, named)


def _own_name(evidence: Evidence, name: str) -> str:
    try:
        return evidence.option(name).option
    except UnknownTermError:
        return name


def _one(typed: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(typed.get(name, ())), "")


def _page(page: ForMe, evidence: Evidence) -> Response:
    return HTMLResponse(render_for_me(page, evidence), 422 if page.faults else 200, headers=_PRIVATE)


def _file(text: str, name: str) -> Response:
    headers = _PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/toml", headers=headers)


_PRIVATE: dict[str, Any] = {"Cache-Control": "no-store"}


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()
