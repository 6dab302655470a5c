"""One person: the page, the files to hand on, and a new person."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.responses import HTMLResponse, Response

from equipoise.clinic.entries import history
from equipoise.clinic.people import Person, find
from equipoise.clinic.standing import Position, position
from equipoise.interfaces.clinic_web.face import Visit
from equipoise.interfaces.clinic_web.routing import Routes
from equipoise.presentation import wire
from equipoise.presentation.clinic import export as clinic_export
from equipoise.presentation.clinic.person import PersonView, range_words, result_words, side_words
from equipoise.presentation.html import policy_of_own_style
from equipoise.presentation.plan.html import render_plan
from equipoise.vocabulary.errors import RequestError


def add(routes: Routes) -> None:
    """Add the pages."""
    routes.get("/person/{person_id}", _person)
    routes.get("/person/{person_id}/fridge", _fridge)
    routes.get("/person/{person_id}/calendar.ics", _file("text/calendar", "plan.ics", _calendar))
    routes.get("/person/{person_id}/results.csv", _file("text/csv", "results.csv", _csv))
    routes.get("/person/{person_id}/fhir.json", _file("application/fhir+json", "fhir.json", _fhir))


def the_person(visit: Visit) -> Person:
    """Return the person that an address names, of this clinic only.

    Raises
    ------
    EntryError
        If the clinic knows nobody with this pseudonymous id.
    """
    with visit.desk.reading() as connection:
        return find(connection, visit.desk.clinic_id, visit.request.path_params["person_id"])


def view_of(visit: Visit, *, with_entries: bool = True) -> PersonView:
    """Return where the person of an address stands."""
    desk, face = visit.desk, visit.face
    with desk.reading() as connection:
        someone = find(connection, desk.clinic_id, visit.request.path_params["person_id"])
        found = position(connection, desk.clinic_id, someone, face.evidence, face.today())
        rows = history(connection, desk.clinic_id, someone.id) if with_entries else []
    return PersonView(found, [(kind, row._asdict()) for kind, row in rows])


def _person(visit: Visit) -> Response:
    return visit.page(
        "clinic_person.html",
        view=view_of(visit),
        result_words=result_words,
        range_words=range_words,
        side_words=side_words,
    )


def _fridge(visit: Visit) -> Response:
    found = view_of(visit, with_entries=False).of
    if found.plan is None:
        raise RequestError(
            "There is no course on record, so there is no plan to print.\nRecord the first course first."
        )
    face = visit.face
    names = [
        treatment.name for drug in found.plan.drugs for treatment in face.evidence.options if treatment.drug_id == drug
    ]
    text = render_plan(found.plan, " and ".join(dict.fromkeys(names)) or ", ".join(found.plan.drugs))
    return HTMLResponse(text, headers={"Content-Security-Policy": policy_of_own_style(text)})


def _file(media_type: str, name: str, made: Callable[[Visit, Position], str]) -> Callable[[Visit], Response]:
    def answer(visit: Visit) -> Response:
        found = view_of(visit, with_entries=False).of
        # Named by the pseudonymous id: a list of downloads tells nobody's label.
        disposition = {"Content-Disposition": f'attachment; filename="{found.person.id[:8]}-{name}"'}
        return Response(made(visit, found), media_type=media_type, headers=disposition)

    return answer


def _calendar(visit: Visit, found: Position) -> str:
    text = clinic_export.as_icalendar(found, visit.face.clock())
    if not text:
        raise RequestError("There is no course on record, so there is nothing to put into a calendar.")
    return text


def _csv(_visit: Visit, found: Position) -> str:
    return clinic_export.as_csv([found])


def _fhir(_visit: Visit, found: Position) -> str:
    return wire.as_json(clinic_export.as_fhir([found]))
