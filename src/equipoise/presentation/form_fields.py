"""From answers to the fields of a page and back, for a form's own reader to check.

Nothing is judged here beyond what only a page can say: "none of these" beside some of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.forms.faults import Fault
from equipoise.forms.questions import Answers, Form, Kind, Question, as_number
from equipoise.wording import Phrase, phrase

MOST_ENTRIES = 50
"""Entries beyond these are not read: nobody has so many, and a page of them would be of no use."""

NONE_OF_THEM = "none-of-these"
OTHERS_OPEN = "others-not-known"
"""Ticked beside other words of a group: what is not ticked there is not known, rather than absent."""
YES, NO = "yes", "no"


def entry_numbers(question: Question, typed: Mapping[str, Sequence[str]]) -> list[int]:
    """Return the numbers of the entries of a list that hold anything, smallest first."""
    found = set()
    for name, held in typed.items():
        text, closed, _ = name.removeprefix(f"{question.name}[").partition("].")
        if name.startswith(f"{question.name}[") and closed and any(held) and text.isdecimal() and len(text) <= 3:
            found.add(int(text))
    return sorted(found)[:MOST_ENTRIES]


def renumbered(form: Form, typed: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Close the gaps between the entries of every list, so that a fault is found where its number says."""
    kept = {name: tuple(held) for name, held in typed.items()}
    for question in form:
        if question.kind is not Kind.LIST:
            continue
        start = f"{question.name}["
        entries = entry_numbers(question, typed)
        kept = {name: held for name, held in kept.items() if not name.startswith(start)}
        for new, old in enumerate(entries, start=1):
            before = f"{start}{old}]."
            kept |= {
                f"{start}{new}].{n.removeprefix(before)}": tuple(h) for n, h in typed.items() if n.startswith(before)
            }
    return kept


def belongs_to(form: Form, name: str) -> bool:
    """Whether a field of the page is one of a form's."""
    return any(name == q.name or name.startswith((f"{q.name}[", f"{q.name}.{NONE_OF_THEM}")) for q in form)


def none_of_list(question: Question) -> Phrase:
    """Return what ticking "none" is called for a list: of what goes on, there is none so far."""
    return phrase("answer.none-so-far" if question.name == "earlier_treatments" else "answer.none")


def contradictions(form: Form, typed: Mapping[str, Sequence[str]]) -> list[Fault]:
    """Find "none of these" ticked beside some of these; neither is taken for the other."""
    found = []
    mend = phrase("fault.mend.untick")
    none_of_these = phrase("answer.none-of-these")
    for question in form:
        held = set(typed.get(question.name, ()))
        for group in question.groups:
            none = f"{NONE_OF_THEM}:{group}" if question.doubts else NONE_OF_THEM
            ticked = held & _words(question, group)
            if none in held and (ticked or f"{OTHERS_OPEN}:{group}" in held):
                problem = (
                    phrase("fault.problem.none-and-some-under", none=none_of_these, group=group)
                    if group
                    else phrase("fault.problem.none-and-some", none=none_of_these)
                )
                found.append(Fault(question.name, problem, mend=mend))
        is_none = YES in typed.get(f"{question.name}.{NONE_OF_THEM}", ())
        if is_none and question.kind is Kind.LIST and entry_numbers(question, typed):
            problem = phrase("fault.problem.none-and-entries", none=none_of_list(question))
            found.append(Fault(question.name, problem, mend=mend))
    return found


def as_typed(form: Form, answers: Answers, prefix: str = "") -> dict[str, tuple[str, ...]]:
    """Return answers as the fields of a page hold them."""
    typed: dict[str, tuple[str, ...]] = {}
    doubts = {question.doubts for question in form}  # on a page they are the groups that are left open
    for question in (question for question in form if question.name not in doubts):
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
    marks = []
    for group in question.groups:
        words = _words(question, group)
        if not words & (unsure | set(value)):
            marks.append(f"{NONE_OF_THEM}:{group}")
        elif words & unsure and words & set(value):
            marks.append(f"{OTHERS_OPEN}:{group}")
    return {name: (*value, *marks)}


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
            absent = {
                word
                for other in form
                if not other.is_asked and other.name != question.doubts and other.words == question.words
                for word in typed.get(prefix + other.name, ())
            }
            doubted = _left_open(question, typed.get(prefix + question.name, ()), absent)
            if doubted:
                found[question.doubts] = doubted
    return found


def _sent(question: Question, typed: Mapping[str, Sequence[str]], name: str) -> Any:
    if question.kind is Kind.LIST and question.form is not None:
        return _list(question, question.form, typed, name)
    held = [text.strip() for text in typed.get(name, ()) if text.strip()]
    if not held:
        return None
    if question.kind is Kind.SOME_OF:
        return [text for text in held if not text.startswith((NONE_OF_THEM, OTHERS_OPEN))]
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
    for number in entry_numbers(question, typed):
        entry = _mapping(inner, typed, f"{name}[{number}].")
        if entry:
            entries.append(entry)
    if entries:
        return entries
    return [] if YES in typed.get(f"{name}.{NONE_OF_THEM}", ()) else None


def _left_open(question: Question, held: Sequence[str], absent: set[str]) -> list[str]:
    found = []
    for word in question.words:
        ticked = bool(_words(question, word.group) & set(held))
        is_closed = f"{NONE_OF_THEM}:{word.group}" in held or (ticked and f"{OTHERS_OPEN}:{word.group}" not in held)
        if not is_closed and word.id not in held and word.id not in absent:
            found.append(word.id)
    return found
