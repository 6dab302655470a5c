"""What a later visit needs of an answer: when it was given, from what, and its key numbers. A person keeps it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from equipoise.consultation.document import Consultation
from equipoise.consultation.personal import Fit, PersonalOutcome
from equipoise.evidence import Evidence
from equipoise.forms import UNKNOWN, Answers, Form, Kind, Question
from equipoise.safety import eligibility
from equipoise.safety.eligibility_document import Eligibility
from equipoise.vocabulary.terms import Treatment

DIGITS = 3
"""Behind the point: far finer than any range, and the same answer is written the same way."""
MOST_KEPT = 200
"""Entries of one kind; an answer has some thirty numbers."""


@dataclass(frozen=True, slots=True)
class KeptNumber:
    """What may happen under one option, as it was said: ``affected`` of ``of`` people, ``low`` to ``high``."""

    option: str
    outcome: str
    months: int
    of: int
    affected: float
    low: float
    high: float
    id: str

    @property
    def about(self) -> tuple[str, str, int]:
        """What the number is about: the same in any answer."""
        return self.option, self.outcome, self.months


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """What the label said of one option: the words of ``EligibilityVerdict`` and of ``Truth``."""

    option: str
    verdict: str
    licence: str


@dataclass(frozen=True, slots=True)
class KeptFit:
    """How one option fitted: the share of worlds in which it came first, or why it was not ranked."""

    option: str
    first: float | None = None
    is_tied: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer as a person keeps it.

    Attributes
    ----------
    date, evidence, program
        When, and the versions of the evidence and of the program.
    jurisdiction, years
        Whose labels, and the horizon in years.
    numbers, allowed, fit
        See their types.
    """

    date: datetime.date
    evidence: str
    program: str
    jurisdiction: str
    years: int
    numbers: tuple[KeptNumber, ...] = ()
    allowed: tuple[KeptVerdict, ...] = ()
    fit: tuple[KeptFit, ...] = ()

    def number(self, about: tuple[str, str, int]) -> KeptNumber | None:
        """Return the number about something, if it was given."""
        return next((one for one in self.numbers if one.about == about), None)

    def verdict(self, option: str) -> KeptVerdict | None:
        """Return what the label said of an option, if it was asked."""
        return next((one for one in self.allowed if one.option == option), None)

    def fitted(self, option: str) -> KeptFit | None:
        """Return how an option fitted, if that was asked."""
        return next((one for one in self.fit if one.option == option), None)


def checked_options(
    sitting: Consultation, evidence: Evidence, on: datetime.date
) -> tuple[tuple[Treatment, Eligibility], ...]:
    """Return each option of a consultation about a person with its check against the label."""
    if sitting.personal is None:
        return ()
    person = sitting.personal.person
    return tuple(
        (one.treatment, eligibility(person, one.treatment, sitting.jurisdiction, on, evidence))
        for one in sitting.options
    )


def kept_answer(
    sitting: Consultation,
    chosen: Iterable[PersonalOutcome],
    checked: Iterable[tuple[Treatment, Eligibility]],
    *,
    on: datetime.date,
    program: str,
) -> Kept:
    """Return what to keep of an answer.

    Parameters
    ----------
    sitting
        The answer.
    chosen
        Its key numbers.
    checked
        Each option with its check against the label.
    on
        Today.
    program
        Version of the program.
    """
    view = sitting.personal
    return Kept(
        date=on,
        evidence=sitting.release.version,
        program=program,
        jurisdiction=sitting.jurisdiction.value,
        years=view.years if view is not None else 0,
        numbers=tuple(_number(one) for one in chosen),
        allowed=tuple(KeptVerdict(_name(t), a.verdict.value, a.indication.value) for t, a in checked),
        fit=tuple(_fit(view.fit)) if view is not None and view.fit is not None else (),
    )


def _number(one: PersonalOutcome) -> KeptNumber:
    affected, low, high = (round(value, DIGITS) for value in (one.affected, one.low, one.high))
    about = _name(one.option), one.outcome.id, one.horizon_months
    return KeptNumber(*about, one.denominator, affected, low, high, one.estimate.id)


def _fit(fit: Fit) -> Iterable[KeptFit]:
    tied = {option.id for tie in fit.ties for option in tie.options}
    for one in fit.options:
        yield KeptFit(_name(one.option), round(one.rank_acceptability[0], DIGITS), one.option.id in tied)
    for other in fit.unranked:
        yield KeptFit(_name(other.option), because=other.because)


def _name(treatment: Treatment) -> str:
    return treatment.option or treatment.id


# ---------------------------------------------------------------- as data


def kept_form() -> Form:
    """Return what a kept answer holds, for a file to be checked against."""
    return Form(
        "then",
        "The answer on that day",
        (
            Question("date", "On which day?", Kind.DATE, required=True),
            Question("evidence", "From which evidence?", Kind.TEXT, required=True),
            Question("program", "By which program?", Kind.TEXT, required=True),
            Question("jurisdiction", "Whose labels?", Kind.TEXT, required=True),
            Question("years", "For how many years?", Kind.WHOLE_NUMBER, low=0, high=100, required=True),
            Question("numbers", "Which numbers?", Kind.LIST, form=_NUMBERS),
            Question("allowed", "What did the labels say?", Kind.LIST, form=_ALLOWED),
            Question("fit", "How did the options fit?", Kind.LIST, form=_FIT),
        ),
    )


def _text(name: str, *, required: bool = True) -> Question:
    return Question(name, name, Kind.TEXT, required=required)


def _amount(name: str, *, required: bool = True) -> Question:
    return Question(name, name, Kind.NUMBER, low=0, high=1e9, required=required)


def _count(name: str) -> Question:
    return Question(name, name, Kind.WHOLE_NUMBER, low=0, high=1_000_000, required=True)


_NUMBERS = Form(
    "number",
    "A number",
    (
        *(_text(name) for name in ("option", "outcome")),
        *(_count(name) for name in ("months", "of")),
        *(_amount(name) for name in ("affected", "low", "high")),
        _text("id"),
    ),
)
_ALLOWED = Form("verdict", "What a label said", (_text("option"), _text("verdict"), _text("licence", required=False)))
_FIT = Form(
    "fit",
    "How an option fitted",
    (
        _text("option"),
        _amount("first", required=False),
        Question("is_tied", "is_tied", Kind.YES_NO),
        _text("because", required=False),
    ),
)


def as_document(kept: Kept) -> dict[str, Any]:
    """Return a kept answer as plain data, its day as a day; what says nothing is left out."""
    return {
        name: [_said(entry) for entry in value] if isinstance(value, tuple | list) else value
        for name, value in asdict(kept).items()
    }


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None and value is not False and value != ""}


def from_answers(answers: Answers) -> Kept:
    """Return the kept answer behind answers to its form that were found without fault."""
    return Kept(
        date=answers["date"],
        evidence=answers["evidence"],
        program=answers["program"],
        jurisdiction=answers["jurisdiction"],
        years=answers["years"],
        numbers=tuple(KeptNumber(**one) for one in _most(answers["numbers"])),
        # A licence that was unknown is written with the word that every form reads as not answered.
        allowed=tuple(KeptVerdict(**{"licence": UNKNOWN} | one) for one in _most(answers["allowed"])),
        fit=tuple(KeptFit(**one) for one in _most(answers["fit"])),
    )


def _most(entries: Sequence[Answers] | None) -> Iterator[Answers]:
    for entry in (entries or ())[:MOST_KEPT]:
        yield {name: value for name, value in entry.items() if value is not None}
