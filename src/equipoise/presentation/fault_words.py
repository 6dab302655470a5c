"""Faults of a form said for a page: where a file holds names and quotes, a page holds questions and buttons."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator

from equipoise.forms.faults import Fault
from equipoise.forms.questions import Form, Kind, Question

_CHOSEN = frozenset((Kind.ONE_OF, Kind.SOME_OF, Kind.YES_NO, Kind.LIST))
_OPEN = "this cannot be left open"


def in_page_words(fault: Fault, forms: Iterable[Form]) -> Fault:
    """Return a fault without what is only true of a file.

    Parameters
    ----------
    fault
        As a form's own reader found it.
    forms
        The forms on the page; names of their questions and words in quotes become what the page shows for them.
    """
    forms = tuple(forms)
    question = next((q for form in forms for name, q in _questions(form) if name == _plain(fault.field)), None)
    said = {q.name: q.text for form in forms for _, q in _questions(form)}
    said |= {word.id: word.label for word in (question.words if question else ())}

    def in_words(text: str) -> str:
        return re.sub(r"'([^']+)'", lambda found: f"“{said[found[1]]}”" if found[1] in said else found[0], text)

    is_chosen = question is not None and question.kind in _CHOSEN
    mend = in_words(fault.mend)
    if is_chosen and ("quotes" in mend or "[]" in mend):
        mend = "choose one of the answers"
    if fault.problem == _OPEN:
        mend = "answer it, or empty the other fields of this entry"
    allowed = "" if is_chosen else fault.allowed
    return dataclasses.replace(fault, problem=in_words(fault.problem), allowed=allowed, mend=mend)


def _questions(form: Form, prefix: str = "") -> Iterator[tuple[str, Question]]:
    for question in form:
        yield prefix + question.name, question
        if question.form is not None:
            yield from _questions(question.form, f"{prefix}{question.name}.")


def _plain(field: str) -> str:
    return re.sub(r"\[\d+\]", "", field)
