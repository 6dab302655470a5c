"""What is known between two screens: everything that was typed, and what follows from it."""

from __future__ import annotations

import base64
import datetime
import functools
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from equipoise.consultation import Consultation, Trace, consult, trace, trace_of
from equipoise.consultation.personal import OWN, own_id
from equipoise.decision import Values, values_form
from equipoise.decision.values_form import faults_together, from_answers
from equipoise.evidence import Evidence
from equipoise.forms import Answers, Fault, Form, examine
from equipoise.person import Person, disagreements, person_from_answers
from equipoise.person import form as person_form
from equipoise.presentation.chosen_options import option_faults
from equipoise.presentation.form_fields import NO, YES, as_mapping, belongs_to, contradictions, renumbered
from equipoise.presentation.html import Choice
from equipoise.presentation.path.own_fields import Typed, spelled_out
from equipoise.presentation.path.screens import ANSWER, Screen
from equipoise.presentation.path.ticks import TickList
from equipoise.safety import conditions_asked
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.vocabulary.terms import Jurisdiction

Ask = Callable[["PathState"], Consultation]
Disagreeing = Callable[[Answers], Sequence[Fault]]

USUAL_LENGTH = 400
"""Characters of one field, where nothing else is said."""
FIELD_LIMITS: Mapping[str, int] = {"my-questions": 2_000, "kept": 60_000, "then": 40_000}
SHOWN = "shown"
"""Ends the name of a hidden field that says which words of a long list stood on the page."""
LONGEST_KEPT = 200_000
"""Characters of everything that was typed, unpacked."""


class Detail(StrEnum):
    """How much a person wants to read."""

    SHORT = "short"
    NORMAL = "normal"
    EVERYTHING = "everything"


class Picture(StrEnum):
    """How a person wants to see numbers."""

    ICONS = "icons"
    WORDS = "words"
    NUMBERS = "numbers"
    TABLE = "table"


@dataclass(frozen=True)
class PathState:
    """Everything that was typed so far, and what follows from it.

    Attributes
    ----------
    typed
        Field to what stands in it; both forms and the fields of the way itself.
    evidence
        The release.
    on
        Today.
    ask
        Works the answer out; a face that keeps answers hands in its own way.
    """

    typed: Typed
    evidence: Evidence
    on: datetime.date
    ask: Ask = field(default=lambda state: state.worked_out(), compare=False)

    def one(self, name: str, otherwise: str = "") -> str:
        """Return what stands in a field that holds one answer."""
        return next(iter(self.typed.get(name, ())), "") or otherwise

    @functools.cached_property
    def detail(self) -> Detail:
        """How much a person wants to read."""
        held = self.one("detail")
        return Detail(held) if held in list(Detail) else Detail.NORMAL

    @property
    def is_short(self) -> bool:
        """Whether the short way was chosen."""
        return self.detail is Detail.SHORT

    @property
    def reads_everything(self) -> bool:
        """Whether all numbers and all details were asked for."""
        return self.detail is Detail.EVERYTHING

    @property
    def picture(self) -> Picture:
        """How a person wants to see numbers."""
        held = self.one("picture")
        return Picture(held) if held in list(Picture) else Picture.ICONS

    @property
    def years(self) -> int:
        """The horizon: one year or two."""
        return 1 if self.one("years") == "1" else 2

    @functools.cached_property
    def choice(self) -> Choice:
        """The two options and whose label applies; what is not known here is left as it was typed."""
        usual = Choice()
        names = [self._option(self.one(name, getattr(usual, name))) for name in ("first", "second")]
        return Choice(names[0], names[1], (self.person.jurisdiction or Jurisdiction.EU).value)

    @functools.cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong, of all screens."""
        return (
            *option_faults(self.evidence, {"first": self.choice.first, "second": self.choice.second}),
            *self._read_person[1],
            *self._read_values[1],
        )

    def faults_on(self, shown: Screen) -> tuple[Fault, ...]:
        """Return what is wrong on one screen."""
        return tuple(fault for fault in self.faults if shown.may_send(fault.field))

    @property
    def person(self) -> Person:
        """Who it is about; an answer that cannot be read, or does not fit to another one, counts as left open."""
        return self._read_person[0]

    @property
    def person_faults(self) -> tuple[Fault, ...]:
        """What is wrong with the answers about the person."""
        return self._read_person[1]

    @property
    def values(self) -> Values:
        """What matters; an answer that cannot be read counts as left open."""
        return self._read_values[0]

    @functools.cached_property
    def consultation(self) -> Consultation:
        """The answer.

        Raises
        ------
        EquipoiseError
            If these two cannot be compared as asked.
        """
        return self.ask(self)

    def worked_out(self) -> Consultation:
        """Work the answer out."""
        says = self.values if self.values.says_anything else None
        return consult(
            self.choice.first,
            self.choice.second,
            jurisdiction=self.choice.jurisdiction,
            evidence=self.evidence,
            person=self.person,
            values=says,
            on=self.on,
            years=self.years,
        )

    @functools.cached_property
    def before_weighing(self) -> Consultation:
        """The answer for the same person, with nothing said yet about what matters.

        What each option does is the same in it, and it is kept from the screens before.
        """
        about = {name: held for name, held in self.typed.items() if not belongs_to(values_form(), name)}
        return self.consultation if about == self.typed else self.with_typed(about).consultation

    @functools.cached_property
    def worth_asking(self) -> Mapping[str, tuple[str, ...]]:
        """Which words of each long list of ticks matter for the two options, under the label that applies."""
        try:
            options = [self.evidence.option(name) for name in (self.choice.first, self.choice.second)]
        except UnknownTermError:
            return {name: tuple(word.id for word in self._form[name].words) for name in ("conditions", "medicines")}
        found = conditions_asked(self.evidence, options, Jurisdiction(self.choice.jurisdiction), self.on)
        return {"conditions": found.conditions, "medicines": found.medicines}

    def traced(self, identifier: str) -> Trace:
        """Return where a number of this sitting comes from.

        Parameters
        ----------
        identifier
            As a screen links to it; a number that was made for these answers by its short id.

        Raises
        ------
        UnknownTermError
            If nothing has this id.
        RequestError
            If it was made for other answers.
        """
        if not identifier.startswith(OWN):
            return trace(identifier, evidence=self.evidence, person=self.person)
        personal = self.consultation.personal
        known = {own_id(one.id): one for one in (personal.estimates if personal else ())}
        if identifier not in known:
            raise UnknownTermError("number", identifier, known)
        return trace_of(known[identifier], self.evidence)

    def with_answers(self, shown: Screen, sent: Typed) -> PathState:
        """Return the state after a screen was sent: what it asks for is replaced, also by nothing.

        Of a long list only what was shown is replaced, and of what other screens ask only what was sent.
        """
        lists = [TickList(self._form, question.name) for question in self._form if question.doubts]
        of_lists = frozenset().union(*(ticks.fields for ticks in lists))
        kept = {name: held for name, held in self.typed.items() if not shown.owns(name) or name in of_lists}
        for name, held in spelled_out(sent).items():
            is_elsewhere = name.partition(".")[0] in {*of_lists, ANSWER}
            if shown.may_send(name) and not is_elsewhere:
                kept[name] = tuple(dict.fromkeys(held)) if any(held) else ()
        for ticks in lists:
            fields = self._ticked(shown, ticks, sent)
            if fields is not None:
                kept = {name: held for name, held in kept.items() if name not in ticks.fields} | fields
        return self.with_typed({name: held for name, held in kept.items() if held})

    def with_typed(self, typed: Typed) -> PathState:
        """Return the state with other answers."""
        tidy = renumbered(values_form(), renumbered(person_form(self.evidence), typed))
        return PathState(tidy, self.evidence, self.on, self.ask)

    @functools.cached_property
    def _form(self) -> Form:
        return person_form(self.evidence)

    def _ticked(self, shown: Screen, ticks: TickList, sent: Typed) -> dict[str, tuple[str, ...]] | None:
        if shown.owns(ticks.name):
            headings = shown.groups or ticks.question.groups
            # The page says what it showed; the options, and with them what matters, may have changed since.
            words = sent.get(f"{ticks.name}.{SHOWN}") or self.worth_asking[ticks.name]
            return ticks.after_ticks(self.typed, sent.get(ticks.name, ()), headings, words)
        start = f"{ANSWER}.{ticks.name}."
        said = {YES: True, NO: False}
        # What is left open stays as open as it was.
        given = {
            name.removeprefix(start): said[held[0]]
            for name, held in sent.items()
            if name.startswith(start) and held and held[0] in said
        }
        return ticks.after_answers(self.typed, given) if given and shown.owns(ANSWER) else None

    def _option(self, name: str) -> str:
        try:
            return self.evidence.option(name.strip()).option
        except UnknownTermError:
            return name

    @functools.cached_property
    def _read_person(self) -> tuple[Person, tuple[Fault, ...]]:
        answers, faults = self._read(self._form, lambda held: disagreements(held, today=self.on))
        return person_from_answers(answers, today=self.on), faults

    @functools.cached_property
    def _read_values(self) -> tuple[Values, tuple[Fault, ...]]:
        answers, faults = self._read(values_form(), faults_together)
        return from_answers(answers), faults

    def _read(self, form: Form, disagreeing: Disagreeing) -> tuple[Answers, tuple[Fault, ...]]:
        answers, faults = examine(form, as_mapping(form, self.typed))
        ticks = contradictions(form, self.typed)
        for fault in ticks:
            answers[fault.field] = None
        return answers, (*faults, *without_disagreement(answers, disagreeing), *ticks)


def without_disagreement(answers: Answers, disagreeing: Disagreeing) -> list[Fault]:
    """Leave open, in place, what does not fit together with other answers, so that all the others count.

    Parameters
    ----------
    answers
        Every question; changed.
    disagreeing
        Finds what does not fit together.

    Returns
    -------
    list[Fault]
        What was found. An answer that fits only because another was left open is found too.
    """
    found: list[Fault] = []
    for _ in range(len(answers)):  # each round leaves something open
        together = disagreeing(answers)
        if not together:
            break
        found += together
        for fault in together:
            answers[fault.field.partition("[")[0]] = None
    return found


def packed(typed: Typed) -> str:
    """Return everything that was typed as one short text, for the page itself to carry.

    A page that stayed open longer than this program remembers still holds all of it, so nothing is lost.
    """
    pairs = [(name, one) for name, held in typed.items() for one in held]
    return base64.urlsafe_b64encode(zlib.compress(urlencode(pairs).encode(), 9)).decode()


def unpacked(text: str) -> dict[str, tuple[str, ...]]:
    """Return what was typed out of what a page carried; nothing where it cannot be read."""
    try:
        opened = zlib.decompressobj()
        held = opened.decompress(base64.urlsafe_b64decode(text.encode("ascii")), LONGEST_KEPT)
        if opened.unconsumed_tail:
            return {}
        pairs = parse_qsl(held.decode(), keep_blank_values=True, max_num_fields=2_000)
    except (ValueError, zlib.error):
        return {}
    found: dict[str, list[str]] = {}
    for name, one in pairs:
        found.setdefault(name, []).append(one[: FIELD_LIMITS.get(name, USUAL_LENGTH)])
    return {name: tuple(held) for name, held in found.items()}
