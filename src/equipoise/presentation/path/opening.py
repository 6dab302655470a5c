"""Opening a file of one's own: what could be read is kept, and every fault is told with its line and what to do."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.consultation.kept import Kept
from equipoise.decision import values_form
from equipoise.decision.values_form import PART as WHAT_MATTERS
from equipoise.decision.values_form import faults_together
from equipoise.forms import Answers, Document, Fault, Form, FormError, Kind, Question, examine
from equipoise.forms.faults import shown
from equipoise.forms.files import PARTS, parse
from equipoise.forms.questions import as_number
from equipoise.forms.reading import find_word, line_of
from equipoise.person import disagreements
from equipoise.person import form as person_form
from equipoise.person.reading import PART as ABOUT_ME
from equipoise.presentation.form_fields import MOST_ENTRIES, OTHERS_OPEN, as_typed, belongs_to
from equipoise.presentation.path.my_file import ASK, CHOICES, LAYOUT, MINE, QUESTIONS, THEN, TICKS, choices_form
from equipoise.presentation.path.remembered import FIELD, kept_of, packed_then
from equipoise.presentation.path.state import FIELD_LIMITS, USUAL_LENGTH, PathState, without_disagreement
from equipoise.presentation.path.ticks import TickList
from equipoise.wording import phrase

Found = dict[str, tuple[str, ...]]

MOST_TICKS = 50
"""Small answers of one kind that are read; there are five or six."""
LONGEST_KEY = 60
_KNOWN = (PARTS, "saved", ABOUT_ME, WHAT_MATTERS, CHOICES, QUESTIONS, *TICKS, THEN)


@dataclass(frozen=True)
class Opened:
    """What came of opening a file.

    Attributes
    ----------
    state
        With what could be read. The rest stays as it was where the file does not speak of it.
    faults
        What could not be read, with its line.
    kept
        The answer of the day on which the file was saved, if it holds one.
    """

    state: PathState
    faults: tuple[Fault, ...] = ()
    kept: Kept | None = None


def opened(content: bytes, name: str, state: PathState) -> Opened:
    """Open a file: all of somebody's answers, or only what is about them or what matters to them.

    Parameters
    ----------
    content, name
        The file. It is JSON if its name ends so, TOML otherwise.
    state
        What was typed before. A file of all answers replaces all of it, another one what it speaks of.

    Raises
    ------
    FormError
        If nothing in it can be read.
    """
    document = parse(_text(content), file=name, is_json=name.lower().endswith(".json"))
    if PARTS in document.values or any(isinstance(document.values.get(one), Mapping) for one in _KNOWN):
        return _whole(document, state)
    return _plain(document, state)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormError([Fault("", phrase("file.fault.no-text"), mend=phrase("file.fault.no-text-do"))]) from None
    if "\0" in text:
        raise FormError([Fault("", phrase("file.fault.no-text"), mend=phrase("file.fault.no-text-do"))])
    return text


def _whole(document: Document, state: PathState) -> Opened:
    found: Found = {}
    faults = list(_odd_parts(document))
    for form, part in _forms(state):
        typed, more = _of_form(form, document.part(part), state)
        found |= typed
        faults += more
    for typed, more in (_choices(document), _questions(document), *(_ticks(document, name) for name in TICKS)):
        found |= typed
        faults += more
    kept, more = _then(document)
    faults += more
    read = state.with_typed(found)
    if kept is not None:
        read = read.with_typed({**read.typed, FIELD: (packed_then(kept, read),)})
    return Opened(read, tuple(sorted(faults, key=lambda fault: fault.line or 0)), kept)


def _plain(document: Document, state: PathState) -> Opened:
    """Read a file of one form; of two, if somebody wrote both into one."""
    every = [form for form, _ in _forms(state)]
    spoken = [form for form in every if _keys(form) & document.values.keys()]
    if not spoken:
        raise FormError([Fault("", phrase("file.fault.no-answers"), mend=phrase("file.fault.no-answers-do"))])
    known: dict[str, tuple[str, ...]] = dict(state.typed)
    faults: list[Fault] = []
    for form in spoken:
        # What belongs to no form is told once, by the first.
        others = {key for other in spoken if other is not form for key in _keys(other)}
        if form is not spoken[0]:
            others |= document.values.keys() - _keys(form)
        mine = dataclasses.replace(document, values={k: v for k, v in document.values.items() if k not in others})
        typed, more = _of_form(form, mine, state)
        known = {field: held for field, held in known.items() if not belongs_to(form, field)} | typed
        faults += more
    return Opened(state.with_typed(known), tuple(sorted(faults, key=lambda fault: fault.line or 0)))


def _keys(form: Form) -> set[str]:
    return {*(question.name for question in form if not question.table), *form.tables}


def _forms(state: PathState) -> tuple[tuple[Form, str], tuple[Form, str]]:
    return (person_form(state.evidence), ABOUT_ME), (values_form(), WHAT_MATTERS)


def _of_form(form: Form, document: Document, state: PathState) -> tuple[Found, list[Fault]]:
    """Read one form; a faulty answer is left open, with what could be read of a list, so that the others count."""
    answers, faults = examine(form, document.values, lines=document.lines)
    typed = salvaged(form, document.values, answers)
    together = without_disagreement(answers, lambda held: _together(form, held, document, state))
    left = {fault.field.partition("[")[0] for fault in together}
    typed = {field: held for field, held in typed.items() if field.partition("[")[0] not in left}
    return typed, [*faults, *together]


def _together(form: Form, answers: Answers, document: Document, state: PathState) -> list[Fault]:
    if form.name != "person":
        return faults_together(answers, lines=document.lines)
    found = disagreements(answers, today=state.on)
    return [dataclasses.replace(one, line=line_of(one.field, document.lines)) for one in found]


def salvaged(form: Form, mapping: Mapping[str, Any], answers: Answers) -> Found:
    """Return what a file answers as the fields of a page, with what can be kept of answers that are faulty in part.

    Parameters
    ----------
    form
        The questions.
    mapping
        The file's own keys and values.
    answers
        What ``examine`` understood of them: faulty ones are ``None``. Lists are completed.
    """
    typed: Found = {}
    for question in form:
        raw = _raw(question, mapping)
        # Where it cannot be read what is doubted, nothing may count as absent.
        is_doubtful = bool(question.doubts) and answers[question.doubts] is None and question.doubts in mapping
        if (answers[question.name] is not None and not is_doubtful) or not isinstance(raw, list):
            continue
        if question.form is not None:
            read = [examine(question.form, entry) for entry in raw[:MOST_ENTRIES] if isinstance(entry, Mapping)]
            answers[question.name] = tuple(entry for entry, faults in read if not faults) or None
        elif question.kind is Kind.SOME_OF:
            found = [find_word(question.words, text) for text in raw if isinstance(text, str)]
            words = [word for word in found if word is not None]
            # What could not be read may be any of the others, so they are not known.
            others = [f"{OTHERS_OPEN}:{group}" for group in dict.fromkeys(word.group for word in words)]
            typed[question.name] = (*(word.id for word in words), *(others if question.doubts else ()))
            answers[question.name] = None
    fields: Found = as_typed(form, answers)
    for ticks in (TickList(form, question.name) for question in form if question.doubts):
        if ticks.name not in typed:
            fields = {name: held for name, held in fields.items() if name not in ticks.fields}
            fields |= ticks.of_answers(answers)
    return fields | {name: held for name, held in typed.items() if held}


def _raw(question: Question, mapping: Mapping[str, Any]) -> Any:
    holder: Any = mapping.get(question.table) if question.table else mapping
    return holder.get(question.key) if isinstance(holder, Mapping) else None


def _odd_parts(document: Document) -> Iterator[Fault]:
    layout = document.values.get(PARTS, LAYOUT)
    if layout != LAYOUT:
        mend = phrase("file.fault.layout-do")
        yield Fault(PARTS, phrase("file.fault.layout"), shown(layout), mend=mend, line=document.lines.get(PARTS))
    for name, held in document.values.items():
        where = name[:LONGEST_KEY]
        if name not in _KNOWN:
            mend = phrase("file.fault.odd-part-do")
            yield Fault(where, phrase("file.fault.odd-part"), mend=mend, line=document.lines.get(name))
        elif name not in (PARTS, "saved") and not isinstance(held, Mapping):
            mend = phrase("file.fault.no-table-do", name=name)
            yield Fault(where, phrase("file.fault.no-table"), shown(held), mend=mend, line=document.lines.get(name))


def _part(document: Document, name: str) -> Document:
    held = document.values.get(name)
    return document.part(name) if isinstance(held, Mapping) else Document(document.file, {})


def _choices(document: Document) -> tuple[Found, list[Fault]]:
    part = _part(document, CHOICES)
    answers, faults = examine(choices_form(), part.values, lines=part.lines)
    typed: Found = {
        name: (as_number(value) if isinstance(value, int | float) else str(value)[:USUAL_LENGTH],)
        for name, value in answers.items()
        if value is not None
    }
    return typed, _within(CHOICES, faults)


def _questions(document: Document) -> tuple[Found, list[Fault]]:
    part = _part(document, QUESTIONS)
    found: Found = {}
    faults = []
    mine, asked = part.values.get("text"), part.values.get(ASK)
    if isinstance(mine, str):
        longest = FIELD_LIMITS[MINE]
        if len(mine) > longest:
            mend = phrase("file.fault.long-text-do", length=len(mine), allowed=longest)
            faults.append(Fault("text", phrase("file.fault.long-text"), mend=mend, line=part.lines.get("text")))
        found[MINE] = (mine[:longest],)
    elif mine is not None:
        faults.append(_no_text("text", mine, part))
    if isinstance(asked, list) and all(isinstance(one, str) for one in asked):
        found[ASK] = tuple(one[:USUAL_LENGTH] for one in asked[:MOST_TICKS])
    elif asked is not None:
        faults.append(_no_text(ASK, asked, part))
    return found, _within(QUESTIONS, faults)


def _ticks(document: Document, name: str) -> tuple[Found, list[Fault]]:
    part = _part(document, name)
    entries = list(part.values.items())[:MOST_TICKS]
    found: Found = {
        f"{name}.{key}": (value[:USUAL_LENGTH],)
        for key, value in entries
        if isinstance(value, str) and len(key) <= LONGEST_KEY
    }
    wrong = [_no_text(key[:LONGEST_KEY], value, part) for key, value in entries if not isinstance(value, str)]
    return found, _within(name, wrong)


def _then(document: Document) -> tuple[Kept | None, list[Fault]]:
    part = _part(document, THEN)
    if not part.values:
        return None, []
    kept, faults = kept_of(part.values, part.lines)
    return kept, _within(THEN, list(faults))


def _no_text(field: str, value: Any, part: Document) -> Fault:
    mend = phrase("file.fault.not-text-do")
    return Fault(field, phrase("file.fault.not-text"), shown(value), mend=mend, line=part.lines.get(field))


def _within(part: str, faults: list[Fault]) -> list[Fault]:
    return [dataclasses.replace(fault, field=f"{part}.{fault.field}") for fault in faults]
