"""The screen "Can I have it?": what a label says to what a person said, for both options in the same words."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.presentation.path.allowed_before import Before
from equipoise.presentation.path.allowed_questions import OpenQuestion, TeamQuestion, open_questions, team_questions
from equipoise.presentation.path.allowed_routes import Routes
from equipoise.presentation.path.label_quotes import Quote, quote_of
from equipoise.presentation.path.screens import SCREENS
from equipoise.presentation.path.state import Detail
from equipoise.presentation.path.view import PathPage
from equipoise.safety import Eligibility, EligibilityVerdict, Finding, FindingKind, Truth, eligibility
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import Wording

QUESTIONS_SHOWN = {Detail.SHORT: 3, Detail.NORMAL: 5}
"""How many open questions stand there unfolded; the others are one tap away."""
_CAUTIONS = (FindingKind.WARNING, FindingKind.PREGNANCY, FindingKind.INTERACTION, FindingKind.PRACTICAL)
_QUIET = "alemtuzumab-ind-05"
"""Advises against the drug where MS is quiet; no single answer of a person says that, so it has words of its own."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something that a person said and a label speaks of.

    Attributes
    ----------
    names
        What was said, in plain words.
    source_id
        Where the label says so.
    passes
        Whether it holds until it is over.
    """

    names: tuple[str, ...]
    source_id: str
    passes: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """One reason against a drug, how it stands, and the label's text."""

    names: tuple[str, ...]
    status: Truth
    quote: Quote


@dataclass(frozen=True)
class OptionAllowed:
    """What a label says about one option.

    Attributes
    ----------
    name
        What the option is called.
    answer
        The check against the label.
    page
        The screen.
    """

    name: str
    answer: Eligibility
    page: PathPage

    @property
    def words(self) -> Wording:
        """The language of the page."""
        return self.page.words

    @property
    def verdict(self) -> EligibilityVerdict:
        """What the contraindications come to."""
        return self.answer.verdict

    @property
    def n_open(self) -> int:
        """How many questions the verdict waits for; none where it stands whatever the answers are."""
        if self.verdict is EligibilityVerdict.CONTRAINDICATED:
            return 0
        return len(self.answer.decisive) - len(self.answer.unread)

    @functools.cached_property
    def reasons(self) -> tuple[Point, ...]:
        """What was said that the label speaks against."""
        return tuple(self._point(one) for one in self._met(FindingKind.CONTRAINDICATION))

    @functools.cached_property
    def cautions(self) -> tuple[Point, ...]:
        """What was said that the label asks to weigh, and that forbids nothing."""
        met = [one for kind in _CAUTIONS for one in self._met(kind)]
        # What is so for everybody who takes the drug stands on the screen about life with it.
        points = [self._point(one) for one in met if one.because or self._is_quiet(one)]
        return tuple({point.names: point for point in points}.values())

    @functools.cached_property
    def routes(self) -> Routes:
        """Whom the label means it for."""
        return Routes(self.answer, self.page)

    @functools.cached_property
    def before(self) -> Before:
        """What comes before the first dose, and when that could be."""
        return Before(self.answer, self.page)

    @property
    def checked(self) -> tuple[Checked, ...]:
        """Every reason against it in the label."""
        found = self.answer.of_kind(FindingKind.CONTRAINDICATION)
        return tuple(Checked(self._said(one.about), one.status, quote_of(one, self.page)) for one in found)

    def _met(self, kind: FindingKind) -> Iterator[Finding]:
        return (one for one in self.answer.of_kind(kind) if one.status is Truth.MET)

    def _point(self, finding: Finding) -> Point:
        passes = finding.entry is not None and bool(finding.entry.fields.get("until"))
        names = (self.words("allowed.cautions.quiet"),) if self._is_quiet(finding) else self._said(finding.because)
        return Point(names, finding.id, passes)

    def _is_quiet(self, finding: Finding) -> bool:
        return finding.entry is not None and finding.entry.id == _QUIET

    def _said(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.words.say(name) for name in names)


@dataclass(frozen=True)
class AllowedScreen:
    """Both options against one label, and the questions that are open.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @property
    def label(self) -> str:
        """Whose label it is, in words."""
        return self.page.words(f"label-of.{self.page.state.choice.jurisdiction.lower()}")

    @property
    def is_place_said(self) -> bool:
        """Whether the person said whose label applies."""
        return self.page.state.person.jurisdiction is not None

    @functools.cached_property
    def options(self) -> tuple[OptionAllowed, ...]:
        """The two options, in the order in which they were chosen; none where they are not known."""
        state = self.page.state
        place = Jurisdiction(state.choice.jurisdiction)
        found = []
        for name in (state.choice.first, state.choice.second):
            try:
                option = state.evidence.option(name)
            except EquipoiseError:
                return ()
            answer = eligibility(state.person, option, place, state.on, state.evidence)
            found.append(OptionAllowed(self.page.option_name(option.id, option.name), answer, self.page))
        return tuple(found)

    @functools.cached_property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """What the person can answer here, the most telling first; what cannot be read where something cannot."""
        return open_questions(self.page, [(one.name, one.answer) for one in self.options])

    @property
    def first_questions(self) -> tuple[OpenQuestion, ...]:
        """Those that stand there unfolded."""
        return self.questions[: self._shown]

    @property
    def more_questions(self) -> tuple[OpenQuestion, ...]:
        """Those that are one tap away."""
        return self.questions[self._shown :]

    @functools.cached_property
    def team(self) -> tuple[TeamQuestion, ...]:
        """What only the team can say."""
        return team_questions(self.page, [(one.name, one.answer) for one in self.options])

    @property
    def first_team(self) -> tuple[TeamQuestion, ...]:
        """Those that stand there unfolded."""
        return self.team[: self._shown]

    @property
    def more_team(self) -> tuple[TeamQuestion, ...]:
        """Those that are one tap away."""
        return self.team[self._shown :]

    @property
    def ticked_on(self) -> tuple[str, ...]:
        """The screens on which what speaks against an option was ticked, for whoever ticked by mistake."""
        said = {name for one in self.options for reason in one.reasons for name in reason.names}
        groups = {word.section for word in CONDITIONS.values() if self.page.words.say(word.label) in said}
        medicines = {word.id for word in MEDICINES.values() if self.page.words.say(word.label) in said}
        return tuple(
            one.id for one in SCREENS if (groups.intersection(one.groups)) or (medicines and "medicines" in one.asks)
        )

    @property
    def _shown(self) -> int:
        return QUESTIONS_SHOWN.get(self.page.state.detail, len(self.questions) + len(self.team))
