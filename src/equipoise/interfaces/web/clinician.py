"""Routes of the clinician's view: the same sitting on one screen, a change of a fact, and what can be taken along."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from equipoise.interfaces.web.path import PRIVATE, Path, from_form, keeping, now, over, receive
from equipoise.interfaces.web.sittings import Sitting
from equipoise.presentation import wire
from equipoise.presentation.html import policy_of_own_style
from equipoise.presentation.path import PathPage
from equipoise.presentation.path.clinician import CLINICIAN, ClinicianPage
from equipoise.presentation.path.clinician_plan import plan_of
from equipoise.presentation.path.render import render_clinician
from equipoise.presentation.path.state import PathState
from equipoise.presentation.plan.calendar import as_icalendar
from equipoise.presentation.plan.fhir import as_bundle
from equipoise.presentation.plan.html import render_plan
from equipoise.presentation.plan.wire import as_csv
from equipoise.safety.plan_document import MonitoringPlan
from equipoise.wording import Wording, wording

_KINDS: Mapping[str, tuple[str, Callable[[MonitoringPlan, str], str]]] = {
    "html": ("text/html", render_plan),
    "ics": ("text/calendar", lambda plan, name: as_icalendar(plan, now())),
    "csv": ("text/csv", lambda plan, name: as_csv(plan)),
    "json": ("application/fhir+json", lambda plan, name: wire.as_json(as_bundle(plan))),
}


def add_clinician(app: FastAPI, path: Path) -> None:
    """Add the view to an application.

    Parameters
    ----------
    app
        The application.
    path
        The way whose sittings it shows.
    """

    @app.get("/{language}/clinician", response_class=HTMLResponse)
    def shown(request: Request, language: str) -> Response:
        sitting, notice = path.sitting(request), "path.notice.over" if path.is_over(request) else ""
        return _answer(sitting, path.page(sitting, CLINICIAN, wording(language), notice))

    @app.post("/{language}/clinician", response_class=HTMLResponse)
    async def changed(request: Request, language: str) -> Response:
        words = wording(language)
        return await from_form(request, path.evidence, words, lambda form: _changed(path, request, words, form))

    @app.get("/{language}/clinician.json")
    def document(request: Request, language: str) -> Response:
        if path.is_over(request):
            return over(wording(language))
        body = wire.as_json(wire.comparison(path.state(path.sitting(request)).consultation))
        return Response(body, media_type="application/json", headers=dict(PRIVATE))

    @app.get("/{language}/clinician/plan-{option}.{kind}")
    def plan(request: Request, language: str, option: str, kind: str) -> Response:
        words = wording(language)
        if path.is_over(request):
            return over(words)
        page = path.page(path.sitting(request), CLINICIAN, words)
        found = next((pair for pair in ClinicianPage(page).checked if pair[0].treatment.option == option), None)
        if found is None or kind not in _KINDS:
            raise HTTPException(404)
        media, written = _KINDS[kind]
        body = written(plan_of(page, *found), found[0].treatment.name)
        headers = dict(PRIVATE)
        if kind == "html":
            headers["Content-Security-Policy"] = policy_of_own_style(body)
        else:
            headers["Content-Disposition"] = f'attachment; filename="plan-{found[0].treatment.option}.{kind}"'
        return Response(body, media_type=media, headers=headers)


def _changed(path: Path, request: Request, words: Wording, form: FormData) -> Response:
    sent = receive(path, request, CLINICIAN, form)
    if sent is None:
        found = path.sitting(request)
        return _answer(found, path.page(found, CLINICIAN, words, "path.notice.not-ours"), 403)
    faults = sent.state.faults_on(CLINICIAN)
    if faults:
        page = PathPage(sent.state, CLINICIAN, words, sent.sitting.token, faults)
        return keeping(_answer(sent.sitting, page, 422), sent.sitting)
    sent.sitting.before = sent.before
    there = RedirectResponse(f"/{words.language.tag}/clinician", status_code=303, headers=dict(PRIVATE))
    return keeping(there, sent.sitting)


def _answer(sitting: Sitting | None, page: PathPage, status: int = 200) -> Response:
    before: PathState | None = None
    if sitting is not None and sitting.before is not None:
        before = page.state.with_typed(sitting.before)
    return HTMLResponse(render_clinician(page, before), status, headers=dict(PRIVATE))
