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
from equipoise.presentation.form_view import FormView
from equipoise.presentation.html import TRACE_ANCHOR, Choice, rendered
from equipoise.presentation.personal_page import PersonalPage
from equipoise.presentation.provenance_list import provenance_list

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
    by_field = {fault.field: fault for fault in page.faults}
    questions = person_form(evidence), values_form()
    names = [evidence.option(name).name for name in (page.choice.first, page.choice.second)]
    context: dict[str, Any] = {
        "choice": page.choice,
        "names": names,
        "person_form": FormView(questions[0], page.typed, by_field),
        "values_form": FormView(questions[1], page.typed, by_field),
        "titles": {question.name: question.text for form in questions for question in form},
        "refusal": page.faults,
        "notices": (),
        "personal": None,
        "listed": None,
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
