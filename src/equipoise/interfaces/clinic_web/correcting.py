"""Put an entry right on a page of its own: the old one stays in the book, and the new one names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi.responses import Response

from equipoise.clinic import questions
from equipoise.clinic.correcting import correct_person
from equipoise.clinic.entries import entry as find_entry
from equipoise.clinic.errors import BookLockedError, DiskFullError, EntryError, RoleError
from equipoise.clinic.following import conditions_of
from equipoise.clinic.recording import Recorded
from equipoise.clinic.users import Act
from equipoise.forms import Form
from equipoise.interfaces.clinic_web.face import Visit
from equipoise.interfaces.clinic_web.people import the_person, view_of
from equipoise.interfaces.clinic_web.recording import Answers, Faulty, form_page, read, refused, result_in
from equipoise.interfaces.clinic_web.routing import Routes
from equipoise.interfaces.clinic_web.submissions import Submission
from equipoise.presentation.clinic.person import entry_words, typed_of
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.terms import Jurisdiction


@dataclass(frozen=True)
class Correction:
    """How one kind of entry is put right.

    Attributes
    ----------
    form
        Its questions, filled in with what the entry says.
    act
        What is done with the answers.
    """

    form: Callable[[Visit], Form]
    act: Callable[[Visit, str, str, Answers], Recorded]


CORRECTIONS = {
    "result": Correction(
        lambda _v: questions.result_form(),
        lambda v, who, entry, a: v.recorder.correct_result(who, entry, result_in(v, a)),
    ),
    "course": Correction(
        lambda v: questions.course_form(v.face.evidence),
        lambda v, who, entry, a: v.recorder.course(who, a["drug"], a["on"], last_day=a["last_day"], corrects=entry),
    ),
    "stop": Correction(
        lambda v: questions.stop_form(v.face.evidence),
        lambda v, who, entry, a: v.recorder.stop(who, a["drug"], a["on"], corrects=entry),
    ),
    "contact": Correction(
        lambda _v: questions.contact_form(),
        lambda v, who, entry, a: v.recorder.contact(
            who, a["on"], a["how"], reached=a["reached"], note=a["note"] or "", corrects=entry
        ),
    ),
    "done": Correction(
        lambda _v: questions.moved_done_form(),
        lambda v, who, entry, a: v.recorder.correct_done(who, entry, a["on"]),
    ),
}


def add(routes: Routes) -> None:
    """Add the pages."""
    routes.get("/person/{person_id}/correct/{entry}", _asking)
    routes.post("/person/{person_id}/correct/{entry}", _taking)
    routes.get("/person/{person_id}/details", _details)
    routes.post("/person/{person_id}/details", _detailed)


def _asking(visit: Visit) -> Response:
    visit.who.needs(Act.RECORD)
    kind, row = _entry(visit)
    typed = typed_of(kind, row, visit.face.evidence)
    return form_page(visit, _address(row), _form(visit, kind, row), typed)


def _taking(visit: Visit, sent: Submission) -> Response:
    person = the_person(visit)
    kind, row = _entry(visit)
    form = _form(visit, kind, row)
    try:
        written = CORRECTIONS[kind].act(visit, person.id, row["id"], read(form, sent))
    except Faulty as faulty:
        return form_page(visit, _address(row), form, sent.fields, faulty.faults)
    except (RoleError, BookLockedError, DiskFullError):
        raise
    except EquipoiseError as error:
        return form_page(visit, _address(row), form, sent.fields, [refused(error)])
    text = "The entry was put right by a new one; the old one stays readable."
    if not written.is_new:
        text = "The entry says this already; nothing was written."
    return visit.leave(f"/person/{person.id}", f"{person.label}: {text}")


def _entry(visit: Visit) -> tuple[str, Mapping[str, Any]]:
    person = the_person(visit)
    with visit.desk.reading() as connection:
        kind, row = find_entry(connection, visit.desk.clinic_id, visit.request.path_params["entry"])
    found = row._asdict()
    name = found["event"] if kind == "course" else kind
    if name not in CORRECTIONS or found["person_id"] != person.id:
        raise EntryError("This entry cannot be put right here: it is about somebody else, or of a kind to take back.")
    return name, found


def _form(visit: Visit, kind: str, row: Mapping[str, Any]) -> Form:
    stands = entry_words("course" if kind == "stop" else kind, row)
    intro = f"In the book now: {stands}. That entry stays readable; the new one takes its place."
    return replace(CORRECTIONS[kind].form(visit), title="Put an entry right", intro=intro)


def _address(row: Mapping[str, Any]) -> str:
    return f"correct/{row['id']}"


def _details(visit: Visit) -> Response:
    visit.who.needs(Act.RECORD)
    person = the_person(visit)
    known = {name: "yes" if holds else "no" for name, holds in person.conditions.items()}
    typed = {"label": person.label, "jurisdiction": person.jurisdiction.value, **known}
    return form_page(visit, "details", _details_form(visit), typed)


def _detailed(visit: Visit, sent: Submission) -> Response:
    person, form = the_person(visit), _details_form(visit)
    try:
        answers = dict(read(form, sent))
        label, place = answers.pop("label"), Jurisdiction(answers.pop("jurisdiction"))
        person = correct_person(visit.desk, person, label=label, jurisdiction=place, conditions=answers)
    except Faulty as faulty:
        return form_page(visit, "details", form, sent.fields, faulty.faults)
    except (RoleError, BookLockedError, DiskFullError):
        raise
    except EquipoiseError as error:
        return form_page(visit, "details", form, sent.fields, [refused(error, "label")])
    return visit.leave(f"/person/{person.id}", f"{person.label}: the details are as you gave them.")


def _details_form(visit: Visit) -> Form:
    found = view_of(visit, with_entries=False).of
    asked = conditions_of(found.plan, visit.face.evidence) if found.plan else {}
    return questions.details_form(asked)
