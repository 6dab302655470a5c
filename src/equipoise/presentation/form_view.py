"""A form as HTML: what its template needs to know of it.

Works without JavaScript: every question stands on the page, "I don't know" is what nothing chosen means, and a
faulty answer comes back as it was typed with its fault beside it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from equipoise.forms.faults import Fault
from equipoise.forms.questions import Form, Kind, Question
from equipoise.presentation.fault_words import SaidFault, in_page_words, say_named
from equipoise.presentation.form_fields import entry_numbers, none_of_list
from equipoise.wording import Wording, wording

ENTRIES = 4
"""How many entries of a list the page offers; a file may hold more, and the page then offers one more than those."""
PLACES = 5
"""How many places of an order the page offers; again one more than those used."""
NAMED_PLACES = 12
"""How many places of an order have a name of their own."""


def field_id(name: str) -> str:
    """Return the id that a field has on the page: ``"limit[2].level"`` is ``"limit-2-level"``."""
    return name.replace("[", "-").replace("]", "").replace(".", "-")


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
        What is wrong, by field, as the form's reader found it.
    words
        The language of the page. What the form asks is in English and is said again in it.
    """

    form: Form
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    words: Wording = field(default_factory=wording)

    def question(self, name: str) -> Question:
        """Return a question, for a page that shows only some; ``KeyError`` if there is none."""
        return self.form[name]

    @functools.cached_property
    def sections(self) -> tuple[tuple[str, tuple[Question, ...]], ...]:
        """Headings with their questions, in order; what is for files only is left out, unless a file said it."""
        doubts = {question.doubts for question in self.form}
        asked = [q for q in self.form if q.is_asked or (q.name not in doubts and any(self.typed.get(q.name, ())))]
        headings = dict.fromkeys(question.section for question in asked)
        return tuple((name, tuple(q for q in asked if q.section == name)) for name in headings)

    def say(self, text: str) -> str:
        """Say a text of the form in the language of the page, with questions that it names as they are asked here."""
        return say_named(text, (self.form,), self.words)

    def none_of(self, question: Question) -> str:
        """What ticking "none" is called for a list."""
        return self.words.say(none_of_list(question))

    def example(self, question: Question) -> str:
        """Return an example of an answer as the language writes it; empty where there is none."""
        if question.kind in {Kind.NUMBER, Kind.WHOLE_NUMBER} and question.example:
            return self.words.exactly(float(question.example))
        return question.example

    def value(self, name: str) -> str:
        """What stands in a field that holds one answer; empty for nothing."""
        return next(iter(self.typed.get(name, ())), "")

    def chosen(self, name: str, word: str) -> bool:
        """Whether a word is ticked."""
        return word in self.typed.get(name, ())

    def fault(self, name: str) -> SaidFault | None:
        """What is wrong with a field, in words for a page."""
        found = self.faults.get(name)
        return in_page_words(found, (self.form,), self.words) if found is not None else None

    def entries(self, question: Question) -> tuple[int, ...]:
        """Numbers of the entries that a list shows, at least one of them open."""
        used = entry_numbers(question, self.typed)
        return tuple(range(1, max([ENTRIES, *(number + 1 for number in used)]) + 1))

    def is_open(self, question: Question, number: int) -> bool:
        """Whether an entry of a list is unfolded: the first, every one that holds something, every faulty one."""
        start = f"{question.name}[{number}]"
        return (
            number == 1
            or number in entry_numbers(question, self.typed)
            or any(f.startswith(start) for f in self.faults)
        )

    def places(self, question: Question) -> tuple[tuple[str, str, str], ...]:
        """Places of an order: end of the id, words, and the word that stands there."""
        held = [word for word in self.typed.get(question.name, ()) if word]
        shown = min(len(question.words), NAMED_PLACES, max(PLACES, len(held) + 1))
        filled = [*held, *[""] * shown][:shown]
        return tuple(
            (f"-{n}" if n > 1 else "", self.words(f"answer.place.{n}"), word) for n, word in enumerate(filled, start=1)
        )

    def anchor(self, name: str) -> str:
        """Return the id of the field that a fault is about; empty where this form does not show it."""
        question, inner = self._question(name)
        if question is None:
            return ""
        return field_id(name if inner is not None else question.name)

    def title(self, name: str) -> str:
        """Return the question behind a field, with the entry it belongs to; empty where there is none."""
        question, inner = self._question(name)
        if question is None:
            return ""
        text = self.words.say(question.text)
        if inner is None:
            return text
        number = name.removeprefix(f"{question.name}[").partition("]")[0]
        return self.words("answer.in-entry", question=text, number=number, inner=self.words.say(inner.text))

    def _question(self, name: str) -> tuple[Question | None, Question | None]:
        top, _, below = name.partition("[")
        for question in (q for _, asked in self.sections for q in asked):
            if top not in {question.name, question.doubts}:
                continue
            key = below.partition("].")[2]
            inside = question.form or ()
            return question, next((q for q in inside if q.name == key), None)
        return None, None
