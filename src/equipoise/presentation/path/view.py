"""A screen as a page: what its template needs, in the language of the person."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from equipoise.consultation.personal import own_id
from equipoise.decision import values_form
from equipoise.forms import Fault, Question
from equipoise.person import form as person_form
from equipoise.presentation.fault_words import SaidFault, in_page_words
from equipoise.presentation.form_view import FormView, field_id
from equipoise.presentation.html import Choice
from equipoise.presentation.path.screens import STEPS, Screen, Step, neighbours, screen_of, way
from equipoise.presentation.path.state import PathState, packed
from equipoise.presentation.personal_words import NO_TREATMENT
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.wording import ENGLISH, LANGUAGES, Language, Phrase, Wording


@dataclass(frozen=True)
class PathPage:
    """One screen of the way, ready to be shown.

    Attributes
    ----------
    state
        Everything that was typed so far.
    screen
        What is shown.
    words
        In which language.
    token
        That this page's form was made here, for the form to send back.
    faults
        What is wrong on this screen; empty before it was sent.
    notice
        Key of a sentence that stands above everything; empty for none.
    file_faults
        What is wrong with a file that was opened.
    """

    state: PathState
    screen: Screen
    words: Wording
    token: str = ""
    faults: tuple[Fault, ...] = ()
    notice: str = ""
    file_faults: tuple[Fault, ...] = ()

    @property
    def language(self) -> Language:
        """The language of the page."""
        return self.words.language

    def stays_english(self, text: str) -> bool:
        """Whether a text is in English on a page in another language."""
        return self.language != ENGLISH and not isinstance(text, Phrase)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages that are offered."""
        return LANGUAGES

    def address(self, screen: str, language: str = "") -> str:
        """Return the address of a screen in a language; of this page's by default."""
        return f"/{language or self.language.tag}/path/{screen}"

    def about_title(self, screen: str) -> str:
        """Return the title of one of the screens that ask about the person."""
        return self.words(f"path.about.{screen.removeprefix('about-')}.title")

    @property
    def steps(self) -> tuple[tuple[Step, Screen, bool], ...]:
        """The parts of the way: each with its first screen, and whether it is this one."""
        screens = way(self.state.is_short)
        firsts = [next(one for one in screens if one.step is step) for step in STEPS]
        return tuple((step, first, step is self.screen.step) for step, first in zip(STEPS, firsts, strict=True))

    @functools.cached_property
    def place(self) -> tuple[int, int]:
        """Which screen of its part this is, and of how many."""
        of_step = [one for one in way(self.state.is_short) if one.step is self.screen.step]
        if self.screen not in of_step:  # left out of the short way, opened by its address
            return 1, 1
        return of_step.index(self.screen) + 1, len(of_step)

    @property
    def before(self) -> Screen | None:
        """The screen before this one."""
        return neighbours(self.screen, is_short=self.state.is_short)[0]

    @property
    def after(self) -> Screen | None:
        """The screen after this one."""
        return neighbours(self.screen, is_short=self.state.is_short)[1]

    @property
    def kept(self) -> str:
        """Everything that was typed, for the page to carry."""
        return packed(self.state.typed)

    @functools.cached_property
    def option_names(self) -> tuple[str, ...]:
        """What the two options are called; one that is not known here as it was typed."""
        return tuple(self._called(name) for name in (self.state.choice.first, self.state.choice.second))

    def _called(self, name: str) -> str:
        try:
            found = self.state.evidence.option(name)
        except UnknownTermError:
            return name
        return self.option_name(found.id, found.name)

    def option_name(self, identifier: str, otherwise: str) -> str:
        """Return the name of a treatment in the language of the page."""
        # the placebo of the trials stands for no treatment
        key = f"treatment.{'none' if identifier == NO_TREATMENT else identifier}.name"
        return self.words(key) if self.words.has(key) else otherwise

    @functools.cached_property
    def faults_by_field(self) -> Mapping[str, SaidFault]:
        """What is wrong, by field, the first of each, in the language of the page."""
        forms = person_form(self.state.evidence), values_form()
        return {name: in_page_words(fault, forms, self.words) for name, fault in self._first_faults.items()}

    @functools.cached_property
    def _first_faults(self) -> Mapping[str, Fault]:
        return {fault.field: fault for fault in reversed(self.faults)}

    @functools.cached_property
    def elsewhere(self) -> tuple[tuple[Screen, str], ...]:
        """What needs mending on other screens: the screen, and what was asked there; each once."""
        found: dict[tuple[Screen, str], None] = {}
        for fault in self.state.faults:
            asks = screen_of(fault.field)
            if asks is not None and not self.screen.may_send(fault.field):
                found[asks, self.asked(fault.field)] = None
        return tuple(found)

    @functools.cached_property
    def person_form(self) -> FormView:
        """The questions about a person."""
        return FormView(person_form(self.state.evidence), self.state.typed, self._first_faults, self.words)

    def question(self, name: str) -> Question:
        """Return one of the questions about a person."""
        return self.person_form.question(name)

    @functools.cached_property
    def values_form(self) -> FormView:
        """The questions about what matters."""
        return FormView(values_form(), self.state.typed, self._first_faults, self.words)

    @property
    def step_number(self) -> int:
        """Place of this part of the way, from one."""
        return STEPS.index(self.screen.step) + 1

    @property
    def is_other_pair(self) -> bool:
        """Whether other treatments than the first two of this program were chosen."""
        usual = Choice()
        return {self.state.choice.first, self.state.choice.second} != {usual.first, usual.second}

    def anchor(self, field: str) -> str:
        """Return the id of the field that a fault is about."""
        for form in (self.person_form, self.values_form):
            if found := form.anchor(field):
                return found
        return field_id(field)

    def asked(self, field: str) -> str:
        """Return what was asked in a field."""
        if field in ("first", "second"):
            return self.words(f"path.start.others.{field}")
        return self.person_form.title(field) or self.values_form.title(field)

    def source(self, identifier: str, language: str = "") -> str:
        """Return the address of where a number comes from; it leads back to this screen and says nothing of anybody."""
        return f"{self.address('source', language)}/{quote(own_id(identifier), safe='')}?from={self.screen.id}"
