"""Faults of a form said for a page: where a file holds names and quotes, a page holds questions and buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from equipoise.forms.faults import Fault
from equipoise.forms.questions import Form, Kind, Question
from equipoise.wording import NOTHING, Filling, Named, Phrase, Wording, phrase, wording

_CHOSEN = frozenset((Kind.ONE_OF, Kind.SOME_OF, Kind.YES_NO, Kind.LIST))
_OPEN = "fault.problem.required"
_ABOUT_THE_FILE = frozenset(("fault.problem.name-unknown", "fault.problem.not-table"))
# What to do about a word or a list in a file is a matter of quotes and brackets; on a page one clicks.
_OF_FILES = frozenset(f"fault.mend.{name}" for name in ("true-or-false", "quote-word", "write-list"))
# What a parser says is in English; on a page, the line that it means is enough.
_OF_PARSERS: Mapping[str, str] = {
    "fault.problem.file-not-json": "fault.problem.not-json-in-line",
    "fault.problem.file-not-toml-at-column": "fault.problem.not-toml-in-line",
    "fault.problem.file-not-toml-at-end": "fault.problem.not-toml-anywhere",
    "fault.problem.file-not-toml": "fault.problem.not-toml-anywhere",
}


@dataclass(frozen=True, slots=True)
class SaidFault:
    """A fault in the language of a page.

    Attributes
    ----------
    field
        Name of the question, as in ``Fault``.
    problem, allowed, mend
        What is wrong, what is possible, what to do; the last two may be empty.
    """

    field: str
    problem: str
    allowed: str = ""
    mend: str = ""


def in_page_words(fault: Fault, forms: Iterable[Form], words: Wording | None = None) -> SaidFault:
    """Say a fault without what is only true of a file.

    Parameters
    ----------
    fault
        As a form's own reader found it.
    forms
        The forms on the page; names of their questions and words become what the page shows for them.
    words
        The language of the page; English where none is given.
    """
    # A name that is not known is mended in the file, where the others stand as they are.
    is_of_file = fault.problem.key in _ABOUT_THE_FILE
    speaker = _Speaker(() if is_of_file else tuple(forms), _plain(fault.field), words or wording())
    problem, mend = fault.problem, fault.mend
    if problem.key in _OF_PARSERS:
        problem = phrase(_OF_PARSERS[problem.key], line=fault.line or 1)
    if speaker.is_chosen and mend.key in _OF_FILES:
        mend = phrase("fault.mend.choose")
    if problem.key == _OPEN:
        mend = phrase("fault.mend.answer-or-empty")
    allowed = NOTHING if speaker.is_chosen else fault.allowed
    return SaidFault(fault.field, *(speaker.say(text) for text in (problem, allowed, mend)))


def say_named(text: str, forms: Iterable[Form], words: Wording) -> str:
    """Say a text in which questions or words are named, with what a page shows for them."""
    return _Speaker(tuple(forms), "", words).say(text)


class _Speaker:
    """Says phrases in a language, with the names in them as the forms on the page ask them."""

    def __init__(self, forms: tuple[Form, ...], field: str, words: Wording) -> None:
        asked = [(name, question) for form in forms for name, question in _questions(form)]
        question = next((q for name, q in asked if name == field), None)
        # The words of the question itself go before those of any other, and questions before words.
        self._shown = {word.id: word.label for _, q in asked for word in q.words}
        self._shown |= {q.name: q.text for _, q in asked}
        self._shown |= {word.id: word.label for word in (question.words if question else ())}
        self._words = words
        self.is_chosen = question is not None and question.kind in _CHOSEN

    def say(self, text: str) -> str:
        return self._words.say(self._named(text)) if isinstance(text, Phrase) else text

    def _named(self, text: Phrase) -> Phrase:
        return Phrase(text, text.key, {name: self._filling(held) for name, held in text.arguments.items()})

    def _filling(self, held: Filling) -> Filling:
        if isinstance(held, Named):
            names = [self._name(name, is_quoted=held.style == "quoted") for name in held.names]
            return self._words.joined(names, "or") if held.style == "or" else ", ".join(names)
        return self._named(held) if isinstance(held, Phrase) else held

    def _name(self, name: str, *, is_quoted: bool) -> str:
        if name not in self._shown and not is_quoted:
            return name
        return self._words("answer.quoted", text=self._shown.get(name, name))


def _questions(form: Form, prefix: str = "") -> Iterator[tuple[str, Question]]:
    for question in form:
        yield prefix + question.name, question
        if question.form is not None:
            yield from _questions(question.form, f"{prefix}{question.name}.")


def _plain(field: str) -> str:
    return re.sub(r"\[\d+\]", "", field)
