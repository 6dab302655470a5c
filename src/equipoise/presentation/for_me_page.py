"""The page "For someone like me": the questions, and below them the answer, in one address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.consultation import Consultation
from equipoise.decision import values_form
from equipoise.evidence import Evidence
from equipoise.forms.faults import Fault
from equipoise.person import form as person_form
from equipoise.person import notices
from equipoise.presentation.fault_words import SaidFault, in_page_words
from equipoise.presentation.form_view import FormView, field_id
from equipoise.presentation.html import TRACE_ANCHOR, Choice, rendered
from equipoise.presentation.personal_page import PersonalPage
from equipoise.presentation.provenance_list import provenance_list
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.wording import wording

_SHOWN_ID = re.compile(r'data-id="([^"]+)"')

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class ForMe:
    """What stands on the page.

    Attributes
    ----------
    choice
        The two options and the place.
    typed
        What stands in the fields, of both forms.
    faults
        What is wrong with it.
    sitting
        The answer; ``None`` before there is one.
    """

    choice: Choice
    typed: Typed
    faults: tuple[Fault, ...] = ()
    sitting: Consultation | None = None


def render_for_me(page: ForMe, evidence: Evidence) -> str:
    """Return the page; with an answer, every number on it leads to its source further down.

    Parameters
    ----------
    page
        What to show.
    evidence
        The release.
    """
    questions = person_form(evidence), values_form()
    words = wording()
    by_field = {fault.field: fault for fault in reversed(page.faults)}  # the first of a field stands beside it
    forms = [FormView(form, page.typed, by_field, words) for form in questions]
    faults = [in_page_words(fault, questions, words) for fault in page.faults]
    context: dict[str, Any] = {
        "w": words,
        "choice": page.choice,
        "names": _names(page.choice, evidence),
        "options": evidence.options,
        "person_form": forms[0],
        "values_form": forms[1],
        "by_field": {fault.field: fault for fault in reversed(faults)},
        "refusal": [_refused(fault, forms) for fault in faults],
        "notices": (),
        "personal": None,
        "listed": None,
        "field_id": field_id,
    }
    sitting = page.sitting
    if sitting is None or sitting.personal is None:
        return rendered("for_me.html", evidence.release, **context)
    context |= {
        "notices": notices(sitting.personal.person),
        "personal": PersonalPage(sitting.personal, TRACE_ANCHOR),
        "listed": provenance_list(()),
    }
    body = rendered("for_me.html", evidence.release, trace_url=TRACE_ANCHOR, **context)
    items = sitting.items
    shown = [items[identifier] for identifier in dict.fromkeys(_SHOWN_ID.findall(body)) if identifier in items]
    context["listed"] = provenance_list(shown)
    return rendered("for_me.html", evidence.release, trace_url=TRACE_ANCHOR, **context)


_OTHER_FIELDS = {
    "first": "One option",
    "second": "Another option",
    "person-file": "The file “About me”",
    "values-file": "The file “What matters to me”",
}


def _refused(fault: SaidFault, forms: Sequence[FormView]) -> tuple[str, str, SaidFault]:
    """Return where to mend a fault (empty for nowhere on the page), what is asked there, and the fault."""
    if fault.field in _OTHER_FIELDS:
        return field_id(fault.field), _OTHER_FIELDS[fault.field], fault
    for form in forms:
        if anchor := form.anchor(fault.field):
            return anchor, form.title(fault.field), fault
    return "", fault.field, fault


def _names(choice: Choice, evidence: Evidence) -> tuple[str, ...]:
    """Return the names of both options; none where one is not known."""
    try:
        return tuple(evidence.option(name).name for name in (choice.first, choice.second))
    except UnknownTermError:
        return ()
