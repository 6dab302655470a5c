"""The list of the morning."""

from __future__ import annotations

from fastapi.responses import RedirectResponse, Response

from equipoise.clinic.errors import EntryError
from equipoise.clinic.people import find, people, similar
from equipoise.clinic.users import Act
from equipoise.interfaces.clinic_web.face import Visit
from equipoise.interfaces.clinic_web.preparing import Work
from equipoise.interfaces.clinic_web.routing import Routes
from equipoise.interfaces.clinic_web.submissions import Submission
from equipoise.presentation.clinic.morning import morning_view

PARTS = ("alerts", "overdue", "silent", "due")


def add(routes: Routes) -> None:
    """Add the pages."""
    routes.get("/", _morning)
    routes.post("/find", _found, act=Act.READ)


def _morning(visit: Visit) -> Response:
    face, desk, today = visit.face, visit.desk, visit.face.today()
    found = face.lists.of(desk, face.evidence, today, face.preparing)
    if isinstance(found, Work):
        return visit.page("clinic_preparing.html", 202, work=found, again="/")
    asked = visit.request.query_params
    pages = {name: int(asked[name]) for name in PARTS if asked.get(name, "").isdecimal() and len(asked[name]) < 6}
    at = asked.get("at", "") if asked.get("at") in PARTS else ""
    view = morning_view(found, pages)
    return visit.page("clinic_morning.html", view=view, ids=found.ids, at=at)


def _found(visit: Visit, sent: Submission) -> Response:
    # By a form and not in the address: a label may tell who somebody is.
    typed, clinic_id = sent.fields.get("label", ""), visit.desk.clinic_id
    with visit.desk.reading() as connection:
        try:
            person = find(connection, clinic_id, typed)
        except EntryError:
            near = similar(people(connection, clinic_id), typed)
            return visit.page("clinic_nobody.html", 404, typed=typed.strip(), near=near)
    return RedirectResponse(f"/person/{person.id}", 303)
