"""A form as HTML, and what comes back from it as a mapping that the form's own reader checks.

Works without JavaScript: every question stands on the page, "I don't know" is what nothing chosen means, and a
faulty answer comes back as it was typed with its fault beside it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from equipoise.forms.faults import Fault
from equipoise.forms.questions import Answers, Form, Kind, Question, as_number

ENTRIES = 4
"""How many entries of a list the page offers; a file may hold more, and the page then offers one more than those."""

NONE_OF_THEM = "none-of-these"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class FormView:
    """What the template of a form needs.

    Attributes
    ----------
    form
        The questions.
    typed
        What stands in each field: as answered, or as typed where that was faulty.
    faults
        What is wrong, by field.
    """

    form: Form
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)

    @functools.cached_property
    def sections(self) -> tuple[tuple[str, tuple[Question, ...]], ...]:
        """Headings with their questions, in order; what is for files only is left out."""
        asked = [question for question in self.form if question.is_asked]
        headings = dict.fromkeys(question.section for question in asked)
        return tuple((name, tuple(q for q in asked if q.section == name)) for name in headings)

    def value(self, name: str) -> str:
        """What stands in a field that holds one answer; empty for nothing."""
        return next(iter(self.typed.get(name, ())), "")

    def chosen(self, name: str, word: str) -> bool:
        """Whether a word is ticked."""
        return word in self.typed.get(name, ())

    def fault(self, name: str) -> Fault | None:
        """What is wrong with a field."""
        return self.faults.get(name)

    def entries(self, question: Question) -> tuple[int, ...]:
        """Numbers of the entries that a list shows, at least one of them open."""
        used = {int(name.removeprefix(f"{question.name}[").partition("]")[0]) for name in self._fields_of(question)}
        return tuple(range(1, max([ENTRIES, *(number + 1 for number in used)]) + 1))

    def _fields_of(self, question: Question) -> list[str]:
        return [name for name, held in self.typed.items() if name.startswith(f"{question.name}[") and any(held)]


def as_typed(form: Form, answers: Answers, prefix: str = "") -> dict[str, tuple[str, ...]]:
    """Return answers as the fields of a page hold them."""
    typed: dict[str, tuple[str, ...]] = {}
    for question in form:
        value, name = answers[question.name], prefix + question.name
        if question.kind is Kind.LIST and question.form is not None:
            if value == ():
                typed[f"{name}.{NONE_OF_THEM}"] = (YES,)
            for number, entry in enumerate(value or (), start=1):
                typed |= as_typed(question.form, entry, f"{name}[{number}].")
        elif question.kind is Kind.SOME_OF:
            typed |= _ticks(question, value, answers, name)
        elif value is not None:
            typed[name] = (_text(question, value),)
    return typed


def _ticks(question: Question, value: Sequence[str] | None, answers: Answers, name: str) -> dict[str, tuple[str, ...]]:
    if value is None:
        return {}
    if not question.doubts:
        return {name: tuple(value) or (NONE_OF_THEM,)}
    unsure = set(answers.get(question.doubts) or ())
    closed = [group for group in question.groups if not _words(question, group) & (unsure | set(value))]
    return {name: (*value, *(f"{NONE_OF_THEM}:{group}" for group in closed))}


def _words(question: Question, group: str) -> set[str]:
    return {word.id for word in question.words if word.group == group}


def _text(question: Question, value: Any) -> str:
    if question.kind is Kind.YES_NO:
        return YES if value else NO
    if question.kind in {Kind.NUMBER, Kind.WHOLE_NUMBER}:
        return as_number(value)
    return str(value)


def as_mapping(form: Form, typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what a page sent as the mapping that ``read_answers`` takes.

    Nothing is judged here: a number that cannot be read stays the text it was, so that the form's own reader says
    what is wrong with it.
    """
    return _mapping(form, typed, "")


def _mapping(form: Form, typed: Mapping[str, Sequence[str]], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in form:
        value = _sent(question, typed, prefix + question.name)
        if value is None:
            continue
        holder = found.setdefault(question.table, {}) if question.table else found
        holder[question.key] = value
        if question.doubts and question.kind is Kind.SOME_OF:
            found[question.doubts] = _left_open(question, typed.get(prefix + question.name, ()))
    return found


def _sent(question: Question, typed: Mapping[str, Sequence[str]], name: str) -> Any:
    if question.kind is Kind.LIST and question.form is not None:
        return _list(question, question.form, typed, name)
    held = [text.strip() for text in typed.get(name, ()) if text.strip()]
    if not held:
        return None
    if question.kind is Kind.SOME_OF:
        return [text for text in held if not text.startswith(NONE_OF_THEM)]
    return _one(question, held[0])


def _one(question: Question, text: str) -> Any:
    if question.kind is Kind.YES_NO:
        return {YES: True, NO: False}.get(text, text)
    if question.kind in {Kind.NUMBER, Kind.WHOLE_NUMBER}:
        try:
            # A comma is how many people write a decimal point.
            return float(text.replace(",", ".")) if not text.isdecimal() else int(text[:40])
        except ValueError:
            return text
    return text


def _list(question: Question, inner: Form, typed: Mapping[str, Sequence[str]], name: str) -> list[Any] | None:
    entries = []
    written = {key.removeprefix(f"{name}[").partition("]")[0] for key in typed if key.startswith(f"{name}[")}
    for number in sorted(int(text) for text in written if text.isdecimal() and len(text) <= 3):
        entry = _mapping(inner, typed, f"{name}[{number}].")
        if entry:
            entries.append(entry)
    if entries:
        return entries
    return [] if YES in typed.get(f"{name}.{NONE_OF_THEM}", ()) else None


def _left_open(question: Question, held: Sequence[str]) -> list[str]:
    closed = {text.removeprefix(f"{NONE_OF_THEM}:") for text in held if text.startswith(f"{NONE_OF_THEM}:")}
    opened = [group for group in question.groups if group not in closed and not _words(question, group) & set(held)]
    return [word.id for word in question.words if word.group in opened]
