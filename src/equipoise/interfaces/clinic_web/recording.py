"""Forms that write: each kind of entry has its questions and what is done with the answers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.responses import RedirectResponse, Response

from equipoise.clinic import questions
from equipoise.clinic.adding import add_with_courses
from equipoise.clinic.csv_results import result_of_cells
from equipoise.clinic.errors import BookLockedError, DiskFullError, RoleError
from equipoise.clinic.people import Person
from equipoise.clinic.recording import Recorded
from equipoise.clinic.users import Act
from equipoise.forms import Fault, Form, examine
from equipoise.interfaces.clinic_web.face import Visit
from equipoise.interfaces.clinic_web.people import the_person, view_of
from equipoise.interfaces.clinic_web.routing import Routes
from equipoise.interfaces.clinic_web.submissions import Submission
from equipoise.presentation.clinic.pages import form_context, said
from equipoise.presentation.form_fields import as_mapping
from equipoise.safety.results import Result
from equipoise.vocabulary.errors import EquipoiseError, RequestError
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Phrase, phrase

Answers = Mapping[str, Any]
FormOf = Callable[[Visit], Form]
Act_ = Callable[[Visit, str, Answers, Submission], Recorded]
_DAYS = frozenset(["on", "taken_on"])


class Faulty(Exception):
    """Answers that the book does not take, fault by fault.

    Parameters
    ----------
    faults
        What to mend.
    """

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True)
class Kind:
    """One kind of entry.

    Attributes
    ----------
    form
        Its questions.
    act
        What is done with the answers.
    done
        What is said afterwards.
    """

    form: FormOf
    act: Act_
    done: str


def result_in(visit: Visit, answers: Answers) -> Result:
    """Return the result that answers hold.

    Raises
    ------
    Faulty
        With every fault.
    """
    cells = {name: str(value) for name, value in answers.items() if value is not None}
    cells = {"person": "-", "laboratory": "", "reference_low": "", "reference_high": "", **cells}
    doubtful = [name for name in _NUMBERS if _THOUSANDS.search(cells[name])]
    if doubtful:
        raise Faulty([Fault(name, Phrase(_which_comma(cells[name]))) for name in doubtful])
    for name in _NUMBERS:
        cells[name] = cells[name].strip().replace(",", ".")
    found, faults = result_of_cells(0, cells, visit.face.today())
    if found is None:
        raise Faulty([Fault(fault.column, Phrase(_sentence(fault.problem))) for fault in faults])
    return found


# A comma is how many people write a decimal point, and how many others part thousands.
_NUMBERS = ("value", "reference_low", "reference_high")
_THOUSANDS = re.compile(r"(?<!\d)[1-9]\d{0,2},\d{3}(?!\d)")


def _which_comma(text: str) -> str:
    whole = text.replace(",", "")
    if "." in text:
        return f"“{text}” holds a comma and a point. Write it with a point only: {whole}"
    point = text.replace(",", ".")
    return f"“{text}” can be read in two ways. Write {whole} if the comma parts thousands, {point} if it is a point"


def _sentence(problem: str) -> str:
    """Make a sentence of what a column header would begin: "is no number"."""
    return f"it {problem}" if problem.startswith("is ") else problem.strip().rstrip(".")


def _open_tasks(visit: Visit) -> Form:
    tasks = view_of(visit, with_entries=False).open_tasks
    if not tasks:
        raise RequestError("No test of this person is open, so none can be said to be done.")
    return questions.done_form(tasks)


def _put_off(visit: Visit, who: str, subjects: Sequence[str], until: datetime.date, reason: str) -> Recorded:
    first, *more = subjects or [""]
    return visit.recorder.snooze(who, first, until, reason, *more)


KINDS = {
    "result": Kind(
        lambda _v: questions.result_form(),
        lambda v, who, a, _s: v.recorder.result(who, result_in(v, a)),
        "The result is in the book.",
    ),
    "course": Kind(
        lambda v: questions.course_form(v.face.evidence),
        lambda v, who, a, _s: v.recorder.course(who, a["drug"], a["on"], last_day=a["last_day"]),
        "The course is in the book; the plan was worked out anew.",
    ),
    "stop": Kind(
        lambda v: questions.stop_form(v.face.evidence),
        lambda v, who, a, _s: v.recorder.stop(who, a["drug"], a["on"]),
        "The stop is in the book; the plan was worked out anew.",
    ),
    "contact": Kind(
        lambda _v: questions.contact_form(),
        lambda v, who, a, _s: v.recorder.contact(who, a["on"], a["how"], reached=a["reached"], note=a["note"] or ""),
        "The contact is in the book.",
    ),
    "done": Kind(
        _open_tasks,
        lambda v, who, a, _s: v.recorder.done(who, a["task"], a["on"]),
        "The test is in the book as done.",
    ),
    "acknowledge": Kind(
        lambda _v: questions.acknowledge_form(),
        lambda v, who, a, s: v.recorder.acknowledge(who, s.fields.get("subject", ""), a["note"] or ""),
        "The alert is acknowledged.",
    ),
    "snooze": Kind(
        lambda _v: questions.snooze_form(),
        lambda v, who, a, s: _put_off(v, who, s.fields.get("subject", "").split(), a["until"], a["reason"]),
        "It is put off.",
    ),
}
_WITH_SUBJECT = frozenset(["acknowledge", "snooze"])


def add(routes: Routes) -> None:
    """Add the pages."""
    routes.get("/add", _add)
    routes.post("/add", _added)
    routes.post("/person/{person_id}/withdraw", _withdrawn)
    for name in KINDS:
        routes.get(f"/person/{{person_id}}/{name}", _asking(name))
        routes.post(f"/person/{{person_id}}/{name}", _taking(name))


def _asking(name: str) -> Callable[[Visit], Response]:
    def answer(visit: Visit) -> Response:
        visit.who.needs(Act.RECORD)
        person = the_person(visit)
        if name in _WITH_SUBJECT:
            return RedirectResponse(f"/person/{person.id}", 303)
        form = KINDS[name].form(visit)
        today = visit.face.today().isoformat()
        return form_page(visit, name, form, {q.name: today for q in form if q.name in _DAYS and name == "contact"})

    return answer


def _taking(name: str) -> Callable[[Visit, Submission], Response]:
    def answer(visit: Visit, sent: Submission) -> Response:
        person, kind = the_person(visit), KINDS[name]
        form = kind.form(visit)
        try:
            written = kind.act(visit, person.id, read(form, sent), sent)
        except Faulty as faulty:
            return form_page(visit, name, form, sent.fields, faulty.faults)
        except (RoleError, BookLockedError, DiskFullError):
            raise
        except EquipoiseError as error:
            return form_page(visit, name, form, sent.fields, [refused(error)])
        text = kind.done if written.is_new else "This stands in the book already; it was not written a second time."
        return visit.leave(back_to(person, sent.fields), f"{person.label}: {text}")

    return answer


def read(form: Form, sent: Submission) -> Answers:
    """Return the answers of a form.

    Raises
    ------
    Faulty
        With every fault, in the order of the questions.
    """
    typed = {name: (value,) for name, value in sent.fields.items()}
    answers, found = examine(form, as_mapping(form, typed))
    open_ = {fault.field for fault in found if fault.problem.key == "fault.problem.required"}
    faults = [fault for fault in found if fault.field not in open_]
    told = {fault.field for fault in faults}
    # a page of the clinic asks for one entry: there are no other fields that could be emptied instead
    missing = [
        Fault(q.name, phrase("fault.problem.needed"), mend=phrase("fault.mend.fill-in"))
        for q in form
        if q.name in open_ or (q.required and answers[q.name] is None and q.name not in told)
    ]
    if faults or missing:
        order = {q.name: place for place, q in enumerate(form)}
        raise Faulty(sorted([*faults, *missing], key=lambda fault: order.get(fault.field, 0)))
    return answers


def refused(error: EquipoiseError, field: str = "") -> Fault:
    """Return what the book refused as a fault of the form, in the book's own words."""
    return Fault(field, Phrase(said(error).rstrip(".")))


_PLACE = re.compile(r"morning\.(alerts|overdue|silent|due)\.(\d{1,5})")


def back_to(person: Person, fields: Mapping[str, str]) -> str:
    """Return where somebody was: the same page of the same section of the list, or the person."""
    place = _PLACE.fullmatch(fields.get("back", ""))
    if place is None:
        return f"/person/{person.id}"
    section, number = place.groups()
    return f"/?{section}={number}&at={section}#{section}"


def form_page(
    visit: Visit, name: str, form: Form, typed: Mapping[str, str], faults: list[Fault] | None = None
) -> Response:
    """Return the page of a form about a person; ``name`` is the end of its address."""
    person = the_person(visit)
    hidden = [(key, typed[key]) for key in ("subject", "back") if typed.get(key)]
    return visit.page(
        "clinic_form.html",
        422 if faults else 200,
        **form_context(form, typed, faults or ()),
        about=person.label,
        action=f"/person/{person.id}/{name}",
        back=back_to(person, typed),
        hidden=hidden,
        active="",
    )


def _withdrawn(visit: Visit, sent: Submission) -> Response:
    person = the_person(visit)
    visit.recorder.withdraw(person.id, sent.fields.get("subject", ""))
    return visit.leave(f"/person/{person.id}", "The entry was taken back by a new one; the old one stays readable.")


def _add(visit: Visit) -> Response:
    visit.who.needs(Act.RECORD)
    return _adding_page(visit, {})


def _adding_page(visit: Visit, typed: Mapping[str, str], faults: list[Fault] | None = None) -> Response:
    form = questions.adding_form(visit.face.evidence)
    context = form_context(form, typed, faults or ())
    extra = {"about": "", "action": "/add", "back": "/", "hidden": (), "active": "/add"}
    return visit.page("clinic_form.html", 422 if faults else 200, **context, **extra)


def _added(visit: Visit, sent: Submission) -> Response:
    form = questions.adding_form(visit.face.evidence)
    try:
        answers = read(form, sent)
        days: list[datetime.date] = [answers["on"]] if answers["on"] else []
        if bool(answers["drug"]) != bool(days):
            raise Faulty([Fault("on", phrase("fault.problem.drug-without-day"))])
        person = add_with_courses(
            visit.desk,
            answers["label"],
            jurisdiction=Jurisdiction(answers["jurisdiction"]),
            name="",
            conditions={},
            drug=answers["drug"] or "",
            days=days,
            evidence=visit.face.evidence,
            today=visit.face.today(),
        )
    except Faulty as faulty:
        return _adding_page(visit, sent.fields, faulty.faults)
    except (RoleError, BookLockedError, DiskFullError):
        raise
    except EquipoiseError as error:
        return _adding_page(visit, sent.fields, [refused(error, "label")])
    return visit.leave(f"/person/{person.id}", f"{person.label} is in the book.")
