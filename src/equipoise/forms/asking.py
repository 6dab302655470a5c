"""Asking a form in a terminal: one question at a time, in plain words, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from equipoise.forms.faults import Fault
from equipoise.forms.questions import UNKNOWN, Answers, Form, Kind, Question, Word
from equipoise.forms.reading import check, plain
from equipoise.forms.writing import as_toml
from equipoise.wording import phrase

ReadLine = Callable[[str], str]
"""Shows a prompt and returns one line; raises ``EOFError`` at the end, as ``input`` does."""
Write = Callable[[str], object]
Review = Callable[[Answers], Sequence[Fault]]

KEYS = "Enter = I don't know   ? = why we ask   back = one question back"
_UNKNOWN_WORDS = {UNKNOWN, "don't-know", "dont-know", "i-don't-know", "i-dont-know"}
_YES = {"yes", "y", "true"}
_NO = {"no", "n", "false"}
_NONE = {"none", "none-of-these", "none-of-them", "no"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What came out of a dialogue.

    Attributes
    ----------
    answers
        Every question; unknown where it was not answered or not reached.
    is_complete
        ``False`` if it ended early, at the end of input or with Ctrl-C. Nothing should then be saved unasked.
    """

    answers: Answers
    is_complete: bool


@dataclass(slots=True)
class _Step:
    question: Question
    words: tuple[Word, ...]
    group: str = ""
    given: Any = None


class _Back(Exception):
    """The person wants to go one question back."""


def ask(form: Form, read_line: ReadLine, write: Write, *, review: Review | None = None) -> Asked:
    """Ask every question of a form, one at a time.

    Enter means "I don't know", ``?`` says why the question is asked, ``back`` goes one question back. An answer that
    cannot be used is explained and the question asked again. Nothing is saved here. If the input ends or Ctrl-C is
    pressed, what was answered so far is written out as TOML, so that nothing typed is lost.

    Parameters
    ----------
    form
        What is asked.
    read_line, write
        Where the answers come from, and where the text goes: ``input`` and ``print`` in a terminal.
    review
        What is wrong between several answers; called after each answer, which is asked again if it brought a fault.
    """
    dialogue = _Dialogue(form, read_line, write, review)
    for text in (form.title, form.intro):
        if text:
            write(text)
    write(KEYS)
    try:
        dialogue.run()
    except (EOFError, KeyboardInterrupt):
        write(
            "\nStopped before the end. Nothing was saved. This is what you answered; copy it if you want to keep it:\n"
        )
        write(as_toml(form, dialogue.answers))
        return Asked(dialogue.answers, is_complete=False)
    return Asked(dialogue.answers, is_complete=True)


@dataclass
class _Dialogue:
    form: Form
    read_line: ReadLine
    write: Write
    review: Review | None = None
    place: str = ""
    steps: list[_Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        for question in self.form:
            if not question.is_asked:
                continue
            for group in question.groups if question.doubts else ("",):
                words = tuple(w for w in question.words if not question.doubts or w.group == group)
                self.steps.append(_Step(question, words, group))

    @property
    def answers(self) -> Answers:
        answers = self.form.blank
        for question in self.form:
            steps = [step for step in self.steps if step.question is question]
            if question.doubts:
                answers |= _together(question, steps)
            elif steps:
                answers[question.name] = steps[0].given
        return answers

    def run(self) -> None:
        number = 0
        while number < len(self.steps):
            step = self.steps[number]
            step.given = None
            try:
                self._ask(step, f"{number + 1} of {len(self.steps)}")
            except _Back:
                if number == 0:
                    if self.place:
                        raise
                    self.write("This is the first question.")
                    continue
                number -= 1
                continue
            number += 1

    def _ask(self, step: _Step, progress: str) -> None:
        before = set(self._reviewed())
        while True:
            self._show(step, progress)
            fault = self._list(step) if step.question.kind is Kind.LIST else self._value(step)
            new = [found for found in self._reviewed() if found not in before] if fault is None else [fault]
            if not new:
                return
            step.given = None
            self.write("That does not fit yet:")
            for found in new:
                self.write(_kindly(found))
            self.write("Please try again, or press Enter if you don't know.")

    def _reviewed(self) -> Sequence[Fault]:
        return self.review(self.answers) if self.review else ()

    def _show(self, step: _Step, progress: str) -> None:
        question = step.question
        heading = " - ".join(part for part in (self.place, question.section, step.group) if part)
        self.write(f"\n{progress}{'  ' + heading if heading else ''}\n{question.text}")
        if step.words:
            for number, word in enumerate(step.words, start=1):
                self.write(f"  {number:>2}  {word.label}")
            several = "Numbers with commas between them, or: none." if question.kind is Kind.SOME_OF else "One number."
            self.write(f"  {several}")
        elif question.kind in {Kind.LIST, Kind.YES_NO}:
            self.write("  Yes or no.")
        else:
            example = f" For example: {question.example}" if question.example else ""
            self.write(f"  {question.allowed[:1].upper()}{question.allowed[1:]}.{example}")

    def _line(self, question: Question) -> str | None:
        """Return what was typed; ``None`` for "I don't know"."""
        while True:
            text = self.read_line("> ").strip()
            if plain(text) == "back":
                raise _Back
            if text in {"?", "why"}:
                self.write(question.why or "It is part of the form; you may leave it open.")
                continue
            return None if not text or plain(text) in _UNKNOWN_WORDS else text

    def _value(self, step: _Step) -> Fault | None:
        text = self._line(step.question)
        step.given, fault = check(step.question, None if text is None else typed(step.question, text, step.words))
        return fault

    def _list(self, step: _Step) -> Fault | None:
        question = step.question
        text = self._line(question)
        if text is None:
            return None
        if plain(text) in _NO | _NONE:
            step.given = ()
            return None
        if plain(text) not in _YES or question.form is None:
            return Fault(
                question.name, phrase("fault.problem.not-yes-no"), allowed=phrase("fault.allowed.yes-no-enter")
            )
        entries: list[Answers] = []
        while not entries or self._another(question):
            inner = _Dialogue(
                question.form, self.read_line, self.write, place=f"{question.form.title} {len(entries) + 1}"
            )
            try:
                inner.run()
            except _Back:
                if not entries:
                    raise
                continue
            except (EOFError, KeyboardInterrupt):
                if all(inner.answers[q.name] is not None for q in question.form if q.required):
                    entries.append(inner.answers)
                step.given = tuple(entries) or None
                raise
            entries.append(inner.answers)
            step.given = tuple(entries)
        return None

    def _another(self, question: Question) -> bool:
        while True:
            self.write("\nIs there another one? yes or no")
            text = plain(self._line(question) or "no")
            if text in _YES | _NO:
                return text in _YES


def _together(question: Question, steps: list[_Step]) -> Answers:
    """Join the groups of one question: what was ticked, and the words of the groups that were left open."""
    if all(step.given is None for step in steps):
        return {question.name: None}
    ticked = {word for step in steps for word in step.given or ()}
    doubts = tuple(word.id for step in steps if step.given is None for word in step.words)
    return {
        question.name: tuple(word.id for word in question.words if word.id in ticked),
        question.doubts: doubts or None,
    }


def typed(question: Question, text: str, words: Sequence[Word]) -> Any:
    """Return what a person typed as the value a file would hold; text that cannot be one stays text."""
    if question.kind in {Kind.WHOLE_NUMBER, Kind.NUMBER}:
        return _typed_number(text)
    if question.kind is Kind.YES_NO:
        return True if plain(text) in _YES else False if plain(text) in _NO else text
    if question.kind is Kind.ONE_OF:
        return _numbered(text, words)
    if question.kind is Kind.SOME_OF:
        if plain(text) in _NONE:
            return []
        parts = text.split() if text.replace(" ", "").isdigit() else text.split(",")
        return [_numbered(part.strip(), words) for part in parts if part.strip()]
    return text


def _typed_number(text: str) -> int | float | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _numbered(text: str, words: Sequence[Word]) -> str:
    number = int(text) if text.isdecimal() and len(text) < 4 else 0
    return words[number - 1].id if 1 <= number <= len(words) else text


def _kindly(fault: Fault) -> str:
    sentence = f"  {fault.problem[:1].upper()}{fault.problem[1:]}."
    for lead, text in (("What fits: ", fault.allowed), ("", fault.mend)):
        if text:
            sentence += f"\n  {lead}{text if lead else text[:1].upper() + text[1:]}"
    return sentence
