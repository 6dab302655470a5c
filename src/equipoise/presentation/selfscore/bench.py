"""What the checks look at: one comparison, four invented people, and the pages as a browser gets them."""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from equipoise.consultation import Consultation, consult
from equipoise.consultation.personal import PersonalView
from equipoise.decision import CRITERIA, Limit, Values
from equipoise.evidence import Evidence
from equipoise.person import CourseOfDisease, Person, Sex, Walking
from equipoise.presentation.handout import handout_of
from equipoise.presentation.handout_document import Handout
from equipoise.presentation.html import render_comparison
from equipoise.presentation.selfscore.reading_pages import PageText, read_page

PAGES = (
    "/",
    "/compare?first=alemtuzumab&second=interferon-beta-1a&jurisdiction=EU",
    "/en/path/start",
    "/claims",
    "/options",
    "/sources",
    "/about",
)
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
    _kept: dict[str, Consultation] = field(default_factory=dict)

    def sitting(
        self, person: Person = KNOWN, values: Values | None = WEIGHED, *, swapped: bool = False
    ) -> Consultation:
        """Return the comparison for a person."""
        key = repr((person, values, swapped))
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
        """The pages, read."""
        return tuple(read_page(address, answer.body) for address, answer in self.answers.items())

    def page(self, address: str) -> PageText:
        """Return one page; an empty one where there is no face to ask."""
        return next((page for page in self.pages if page.address == address), read_page(address, ""))
