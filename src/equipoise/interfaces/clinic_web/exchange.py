"""Files in and out, and the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from fastapi.responses import Response

from equipoise.clinic.csv_results import read_csv
from equipoise.clinic.fhir_results import read_fhir
from equipoise.clinic.importing import ImportReport, Judging, aside_reader, import_results, kept_aside, take_up
from equipoise.clinic.lookup import audit_links
from equipoise.clinic.people import people
from equipoise.clinic.standing import Position, position
from equipoise.clinic.users import Act
from equipoise.interfaces.clinic_web.face import Visit
from equipoise.interfaces.clinic_web.routing import Routes
from equipoise.interfaces.clinic_web.submissions import Submission
from equipoise.presentation import wire
from equipoise.presentation.clinic import export as clinic_export
from equipoise.presentation.clinic.pages import said
from equipoise.vocabulary.errors import EquipoiseError

_MOST_ROWS = 200


def add(routes: Routes) -> None:
    """Add the pages."""
    routes.get("/import", _import)
    routes.post("/import", _looked)
    routes.post("/import/confirm", _confirmed)
    routes.post("/import/drop", _dropped)
    routes.get("/aside", _aside)
    routes.post("/aside", _taken_up)
    routes.get("/export", lambda visit: visit.page("clinic_export.html"))
    routes.get("/export/results.csv", _whole("text/csv", "results.csv", clinic_export.as_csv))
    routes.get("/export/fhir.json", _whole("application/fhir+json", "fhir.json", _fhir))
    routes.get("/audit", _audit)
    routes.get("/audit/check", lambda visit: _audit(visit, is_checked=True))


def _import(visit: Visit) -> Response:
    visit.who.needs(Act.RECORD)
    return _page(visit)


def _page(
    visit: Visit, report: ImportReport | None = None, key: str = "", problem: str = "", status: int = 200
) -> Response:
    return visit.page("clinic_import.html", status, report=report, key=key, problem=problem)


def _read(visit: Visit, path: Path, name: str, *, dry_run: bool) -> ImportReport:
    reader = read_fhir if name.lower().endswith((".json", ".ndjson")) else read_csv
    today = visit.face.today()
    judging = Judging(visit.face.evidence, today) if dry_run else None
    return import_results(visit.desk, lambda: reader(path, today), name, dry_run=dry_run, judging=judging)


def _looked(visit: Visit, sent: Submission) -> Response:
    if sent.file is None:
        return _page(visit, problem="No file was chosen. Choose one, then look at it.", status=422)
    try:
        # The readers go by the end of the name.
        path = sent.file.rename(sent.file.with_suffix(Path(sent.file_name).suffix.lower()[:8]))
        sent.file = path
        report = _read(visit, path, sent.file_name, dry_run=True)
    except EquipoiseError as error:
        return _page(visit, problem=said(error).replace(str(sent.file), sent.file_name), status=422)
    if report.is_refused:
        return _page(visit, report, status=422)
    if not report.is_new:
        return _page(visit, report)
    return _page(visit, report, key=visit.face.keep_upload(path, sent.file_name, visit.session))


def _confirmed(visit: Visit, sent: Submission) -> Response:
    upload = visit.face.uploads.get(sent.fields.get("upload", ""))
    if upload is None or upload.owner is not visit.session:
        message = "The file is not here any more: it waits for half an hour, while you are signed in.\nChoose it again."
        return _page(visit, problem=message, status=410)
    report = _read(visit, upload.path, upload.name, dry_run=False)
    visit.face.drop_uploads(lambda one: one is upload)
    return _page(visit, report, status=422 if report.is_refused else 200)


def _dropped(visit: Visit, _sent: Submission) -> Response:
    visit.face.drop_uploads(lambda one: one.owner is visit.session)
    return visit.leave("/import", "Nothing was imported.")


def _aside(visit: Visit) -> Response:
    with visit.desk.reading() as connection:
        rows = kept_aside(connection, visit.desk.clinic_id)
    return visit.page("clinic_aside.html", rows=rows[:_MOST_ROWS], total=len(rows))


def _taken_up(visit: Visit, _sent: Submission) -> Response:
    report = take_up(visit.desk, aside_reader(visit.face.today()))
    taken = report.new + report.known
    return visit.leave(
        "/aside", f"{taken} of {report.rows} rows belong to somebody now; {report.kept_before} stay here."
    )


def _whole(media_type: str, name: str, made: Callable[[Iterable[Position]], str]) -> Callable[[Visit], Response]:
    def answer(visit: Visit) -> Response:
        desk, face = visit.desk, visit.face
        with desk.reading() as connection:
            everybody = people(connection, desk.clinic_id)
            text = made(position(connection, desk.clinic_id, one, face.evidence, face.today()) for one in everybody)
        disposition = {"Content-Disposition": f'attachment; filename="clinic-{name}"'}
        return Response(text, media_type=media_type, headers=disposition)

    return answer


def _fhir(positions: Iterable[Position]) -> str:
    return wire.as_json(clinic_export.as_fhir(positions))


def _audit(visit: Visit, *, is_checked: bool = False) -> Response:
    asked = visit.request.query_params.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 16 else 0
    report = visit.desk.verify_audit() if is_checked else None
    with visit.desk.reading() as connection:
        links = audit_links(connection, visit.desk.clinic_id, before=before)
    return visit.page("clinic_audit.html", links=links, report=report)
