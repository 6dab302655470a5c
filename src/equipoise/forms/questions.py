"""What is asked: questions, the words that may answer them, and forms made of questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from equipoise.wording import Named, Phrase, phrase

UNKNOWN = "unknown"
"""The word that says "I don't know", in every file and for every question."""

Answers: TypeAlias = dict[str, Any]
"""Question name to answer: every question of the form has its key, and ``None`` is unknown.

By kind: ``int``, ``float``, ``bool``, ``str`` (the id of a word), ``tuple[str, ...]`` (ids of words),
``datetime.date``, ``tuple[Answers, ...]`` (one per sub-form) and ``str`` (text).
"""


class Kind(StrEnum):
    """What an answer looks like."""

    WHOLE_NUMBER = "whole-number"
    NUMBER = "number"
    YES_NO = "yes-no"
    ONE_OF = "one-of"
    SOME_OF = "some-of"
    DATE = "date"
    LIST = "list"
    """Any number of sub-forms, such as one per earlier treatment."""
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Word:
    """One answer out of several.

    Attributes
    ----------
    id
        How it is written in a file: kebab-case.
    label
        The same in plain words.
    group
        Heading that it stands under where there are many; empty for none.
    aliases
        Other spellings that are understood.
    """

    id: str
    label: str
    group: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in words that a person can answer.

    Attributes
    ----------
    name
        Key in the file; one dot puts it into a table: ``"practical.fridge"``.
    text, why
        The question, and why it is asked.
    kind
        What an answer looks like.
    section
        Heading that it stands under.
    low, high
        Smallest and largest number allowed; ``None`` for no limit.
    among
        The only numbers allowed, where a scale has gaps.
    words
        For ``ONE_OF`` and ``SOME_OF``: what may be answered.
    form
        For ``LIST``: the sub-form.
    example
        An answer as a person would type it.
    unit
        Said after a number: ``"years"``.
    required
        Whether "I don't know" is no answer. For the fields of a sub-form that would mean nothing without it.
    ordered
        For ``SOME_OF``: the order of the answer means something and is kept.
    doubts
        For ``SOME_OF`` with groups: name of the question that holds the words that are not known. A dialogue then
        asks group by group, and the words of a group left open go there.
    is_asked
        Whether a dialogue asks it. Questions that are not asked are for files only.
    """

    name: str
    text: str
    kind: Kind
    why: str = ""
    section: str = ""
    low: float | None = None
    high: float | None = None
    among: tuple[float, ...] = ()
    words: tuple[Word, ...] = ()
    form: Form | None = None
    example: str = ""
    unit: str = ""
    required: bool = False
    ordered: bool = False
    doubts: str = ""
    is_asked: bool = True

    def __post_init__(self) -> None:
        """Refuse a question that could not be answered."""
        if (self.kind in {Kind.ONE_OF, Kind.SOME_OF}) != bool(self.words):
            raise ValueError(f"{self.name}: words belong to one-of and some-of, and these need them")
        if (self.kind is Kind.LIST) != (self.form is not None):
            raise ValueError(f"{self.name}: a sub-form belongs to a list, and a list needs one")
        if self.name.count(".") > 1:
            raise ValueError(f"{self.name}: one dot at most")

    @property
    def table(self) -> str:
        """The table it stands in; empty at the top."""
        return self.name.rpartition(".")[0]

    @property
    def key(self) -> str:
        """The key inside that table."""
        return self.name.rpartition(".")[2]

    @property
    def groups(self) -> tuple[str, ...]:
        """Headings of the words, in order."""
        return tuple(dict.fromkeys(word.group for word in self.words))

    @property
    def allowed(self) -> Phrase:
        """What may be answered, as a phrase: ``"a whole number from 0 to 120"``."""
        if self.kind in _ALLOWED:
            return phrase(f"fault.allowed.{_ALLOWED[self.kind]}")
        return _allowed_words(self) if self.words else _allowed_numbers(self)


@dataclass(frozen=True, slots=True)
class Form:
    """Questions that belong together.

    Attributes
    ----------
    name
        What the form describes, as one word for messages: ``"person"``.
    title, intro
        Shown first.
    questions
        In the order in which they are asked.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""

    def __post_init__(self) -> None:
        """Refuse two questions of one name, and a name that is both a table and a question."""
        names = [question.name for question in self.questions]
        twice = {name for name in names if names.count(name) > 1} | (set(names) & set(self.tables))
        if twice:
            raise ValueError(f"{self.name}: asked twice: {', '.join(sorted(twice))}")

    def __iter__(self) -> Iterator[Question]:
        """Go through the questions in order."""
        return iter(self.questions)

    def __getitem__(self, name: str) -> Question:
        """Return the question of a name; ``KeyError`` if there is none."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the file, in order."""
        return tuple(dict.fromkeys(question.table for question in self.questions if question.table))

    @property
    def blank(self) -> Answers:
        """The answers of somebody who knows nothing: every question unknown."""
        return {question.name: None for question in self.questions}


_ALLOWED = {Kind.YES_NO: "yes-no", Kind.DATE: "day", Kind.LIST: "list", Kind.TEXT: "text"}
# Beyond this many words, a list is no help; the nearest words are named instead.
_MOST_LISTED, _OF_MANY = 12, 4


def as_number(value: float) -> str:
    """Write a number as a person would: 4 and not 4.0."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _allowed_words(question: Question) -> Phrase:
    listed = question.words if len(question.words) <= _MOST_LISTED else question.words[:_OF_MANY]
    names = Named(tuple(word.id for word in listed), "bare")
    key = f"fault.allowed.{'one' if question.kind is Kind.ONE_OF else 'any'}-of"
    if listed is question.words:
        return phrase(key, names=names)
    return phrase(f"{key}-more", names=names, more=len(question.words) - len(listed))


def _allowed_numbers(question: Question) -> Phrase:
    if question.among:
        return phrase("fault.allowed.steps", steps=question.among)
    ends = {name: end for name, end in (("low", question.low), ("high", question.high)) if end is not None}
    which = {(): "any", ("low",): "from", ("high",): "up-to"}.get(tuple(ends), "range")
    numbers = phrase(f"fault.allowed.{question.kind}.{which}", **ends)
    return phrase("fault.allowed.in-unit", numbers=numbers, unit=question.unit) if question.unit else numbers
