"""What the checks look at: one comparison, four invented people, and the pages as a browser gets them."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from equipoise.consultation import Consultation, consult
from equipoise.consultation.personal import PersonalOutcome, PersonalView
from equipoise.decision import CRITERIA, Limit, Values, values_form
from equipoise.decision.values_form import as_answers
from equipoise.evidence import Evidence
from equipoise.person import CourseOfDisease, Person, Sex, Walking
from equipoise.person import form as person_form
from equipoise.person.describing import to_answers
from equipoise.presentation.form_fields import as_typed
from equipoise.presentation.handout.document import Handout
from equipoise.presentation.handout.html import render_html
from equipoise.presentation.handout.sheet import handout_of
from equipoise.presentation.html import render_comparison
from equipoise.presentation.path import SCREENS, PathPage, PathState, render_path, screen
from equipoise.presentation.path.clinician import CLINICIAN
from equipoise.presentation.path.render import render_clinician
from equipoise.presentation.selfscore.reading_pages import PageText, read_page
from equipoise.wording import LANGUAGES, wording

PAGES = (
    "/",
    "/compare?first=alemtuzumab&second=interferon-beta-1a&jurisdiction=EU",
    "/de/",
    "/es/",
    "/en/path/start",
    "/de/path/start",
    "/es/path/start",
    "/en/path/about-you",
    "/en/path/about-heart",
    "/en/path/matters",
    "/en/path/open",
    "/claims",
    "/options",
    "/sources",
    "/about",
)
BESIDE = ("more-outcomes", "open")
"""Screens beside the way that a person with answers may open."""
FIRST, SECOND = "alemtuzumab", "interferon-beta-1a"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser gets for an address."""

    status: int
    headers: Mapping[str, str]
    body: str


Fetch = Callable[[str], Answer]

KNOWN = Person(
    age=36,
    sex=Sex.WOMAN,
    course=CourseOfDisease.RELAPSING_REMITTING,
    years_since_onset=6,
    relapses_12_months=1,
    relapses_24_months=2,
    walking=Walking.NO_LIMIT,
    conditions=frozenset(),
    medicines=frozenset(),
)
BARRED = dataclasses.replace(KNOWN, conditions=frozenset({"stroke-ever"}))
UNKNOWN = Person()
OUTSIDE = dataclasses.replace(KNOWN, course=CourseOfDisease.PRIMARY_PROGRESSIVE)
WEIGHED = Values(matters=("relapses", "disability-worsening", "injections"))
EVERYTHING = Values(matters=tuple(one.id for one in CRITERIA))
LIMITED = dataclasses.replace(WEIGHED, limits=(Limit("injections", 1.0),))


@dataclass(frozen=True)
class Bench:
    """Everything that is checked, made once and only when a check asks for it.

    Attributes
    ----------
    evidence
        The release.
    day
        On which labels are applied.
    fetch
        Returns a page of the web face; ``None`` where there is no face to ask, and then its checks do not hold.
    """

    evidence: Evidence
    day: datetime.date
    fetch: Fetch | None = None
    _kept: dict[Hashable, Consultation] = field(default_factory=dict)
    _ways: dict[Hashable, dict[str, str]] = field(default_factory=dict)
    _states: dict[Hashable, PathState] = field(default_factory=dict)

    def sitting(
        self, person: Person = KNOWN, values: Values | None = WEIGHED, *, swapped: bool = False
    ) -> Consultation:
        """Return the comparison for a person."""
        key = person, values, swapped
        if key not in self._kept:
            names = (SECOND, FIRST) if swapped else (FIRST, SECOND)
            self._kept[key] = consult(
                *names, jurisdiction="EU", evidence=self.evidence, person=person, values=values, on=self.day
            )
        return self._kept[key]

    def view(self, person: Person = KNOWN, values: Values | None = WEIGHED, *, swapped: bool = False) -> PersonalView:
        """Return the personal part of the comparison."""
        found = self.sitting(person, values, swapped=swapped).personal
        assert found is not None  # noqa: S101 - a person was given
        return found

    @functools.cached_property
    def handout(self) -> Handout:
        """The page for the visit, before anything is left out."""
        return handout_of(self.sitting(), evidence=self.evidence, on=self.day, values=WEIGHED)

    @functools.cached_property
    def one_file(self) -> PageText:
        """The comparison for a person, as a page."""
        return read_page("the comparison for a person", render_comparison(self.sitting()))

    @functools.cached_property
    def other_file(self) -> PageText:
        """The same with the options named the other way round."""
        return read_page("the comparison the other way round", render_comparison(self.sitting(swapped=True)))

    @functools.cached_property
    def answers(self) -> dict[str, Answer]:
        """Every page that is looked at, as a browser gets it."""
        return {} if self.fetch is None else {address: self.fetch(address) for address in PAGES}

    @functools.cached_property
    def pages(self) -> tuple[PageText, ...]:
        """The pages as they came, and the screens of the way in English for somebody, read."""
        screens = {f"/en/path/{name} for somebody": body for name, body in self.way("en").items()}
        came = {address: answer.body for address, answer in self.answers.items()}
        return tuple(read_page(address, body) for address, body in (came | screens).items())

    def way(
        self, tag: str, person: Person = KNOWN, values: Values | None = WEIGHED, *, swapped: bool = False
    ) -> dict[str, str]:
        """Return every screen of the way and the clinician's view for a person; none where no face is asked.

        Parameters
        ----------
        tag
            The language.
        person, values, swapped
            As for a sitting.
        """
        if self.fetch is None:
            return {}
        key = tag, person, values, swapped
        if key not in self._ways:
            state, words = self._state(person, values, swapped=swapped), wording(tag)
            names = [*(one.id for one in SCREENS), *BESIDE]
            shown = {name: render_path(PathPage(state, screen(name), words)) for name in names}
            self._ways[key] = {**shown, "clinician": render_clinician(PathPage(state, CLINICIAN, words))}
        return self._ways[key]

    def _state(self, person: Person, values: Values | None, *, swapped: bool) -> PathState:
        key = person, values, swapped
        if key not in self._states:
            first, second = (SECOND, FIRST) if swapped else (FIRST, SECOND)
            typed = dict(as_typed(person_form(self.evidence), to_answers(person)))
            typed |= as_typed(values_form(), as_answers(values)) if values is not None else {}
            typed |= {"first": (first,), "second": (second,), "detail": ("everything",)}
            self._states[key] = PathState({}, self.evidence, self.day).with_typed(typed)
        return self._states[key]

    @property
    def answered(self) -> frozenset[str]:
        """Fields that the person of the screens has filled in."""
        typed = self._state(KNOWN, WEIGHED, swapped=False).typed
        return frozenset(name for name, held in typed.items() if any(held))

    @property
    def shown_outcomes(self) -> tuple[PersonalOutcome, ...]:
        """What may happen to the person of the screens, as the screens show it."""
        found = self._state(KNOWN, WEIGHED, swapped=False).consultation.personal
        return found.outcomes if found is not None else ()

    def screen(self, name: str, tag: str = "en") -> PageText:
        """Return a screen of the way for somebody; an empty one where there is no face to show it."""
        return read_page(f"/{tag}/path/{name} for somebody", self.way(tag).get(name, ""))

    @functools.cached_property
    def sheets(self) -> dict[str, str]:
        """The printed sheet in every language."""
        return {
            one.tag: render_html(
                handout_of(self.sitting(), evidence=self.evidence, on=self.day, values=WEIGHED, words=wording(one.tag))
            )
            for one in LANGUAGES
        }

    def page(self, address: str) -> PageText:
        """Return one page; an empty one where there is no face to ask."""
        return next((page for page in self.pages if page.address == address), read_page(address, ""))
