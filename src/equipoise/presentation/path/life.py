"""The screen "What a life with it looks like": the years, what they ask for, what is watched for, how people felt."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.consultation import Consultation, consult
from equipoise.consultation.document import Option, OutcomeSection, TrialResult
from equipoise.consultation.trial_estimates import FINDING_PREFIX
from equipoise.evidence import Label, LabelEntry, outcome_name
from equipoise.presentation.path.label_lines import Line, has_plain_words, line_of
from equipoise.presentation.path.life_timeline import life_timeline
from equipoise.presentation.path.life_watch import Watch
from equipoise.presentation.path.life_years import Years
from equipoise.presentation.path.spans import span
from equipoise.presentation.path.state import Detail
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.plain_words import upper_first
from equipoise.safety import EligibilityVerdict, eligibility
from equipoise.safety.eligibility_document import LABEL_PREFIX
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.estimate import Fact
from equipoise.vocabulary.terms import Jurisdiction, OutcomeGroup
from equipoise.wording import ENGLISH, Wording

# Tables of a label, with the kinds of entries, in the order of the headings.
THEMES: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "where": (("practical", frozenset({"setting", "burden", "monitoring-access", "driving"})),),
    "medicines": (("premedication", frozenset()), ("interaction", frozenset())),
    "home": (("practical", frozenset({"storage", "diet", "handling", "latex"})),),
    "child": (("pregnancy", frozenset()),),
    "keep": (
        ("practical", frozenset({"card", "commitment", "missed-dose", "restart", "duration-of-effect", "aftercare"})),
    ),
}
"""Heading to where in a label its lines stand; an empty set takes every entry of the table."""
COMMON = 6
"""Side effects named here; all of them, with their numbers, stand on another screen."""
_OBSERVATION = frozenset({"post-infusion-observation", "first-dose-observation"})


@dataclass(frozen=True, slots=True)
class Theme:
    """One heading of daily life: its id, whether it stands there unfolded, and the lines of each option by its name."""

    id: str
    is_open: bool
    lines: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """A side effect that trials counted, by name, with where it was counted."""

    name: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure of how people felt.

    Attributes
    ----------
    name
        What it is called.
    trials
        The trials that print numbers of it; empty for none.
    findings
        What trials say of it without a size.
    """

    name: str
    trials: str
    findings: tuple[Line, ...]


@dataclass(frozen=True)
class OptionLife:
    """Life with one option.

    Attributes
    ----------
    name, option, place, page
        What it is called; the option; whose label; the screen.
    sections
        What trials counted of common side effects.
    is_first
        Whether it is the first of the two.
    """

    name: str
    option: Option
    place: Jurisdiction
    page: PathPage
    sections: tuple[OutcomeSection, ...]
    is_first: bool

    @property
    def words(self) -> Wording:
        """The language of the page."""
        return self.page.words

    @property
    def label(self) -> Label:
        """The label of the drug."""
        return self.page.state.evidence.label(self.option.treatment)

    @functools.cached_property
    def years(self) -> Years:
        """What each year asks for."""
        return Years(self.words, self.option)

    @functools.cached_property
    def watch(self) -> Watch:
        """What is watched for."""
        state = self.page.state
        return Watch(self.words, self.option, state.evidence, self.place, state.person)

    @property
    def is_contraindicated(self) -> bool:
        """Whether the label speaks against it, by what the person said."""
        state = self.page.state
        answer = eligibility(state.person, self.option.treatment, self.place, state.on, state.evidence)
        return answer.verdict is EligibilityVerdict.CONTRAINDICATED

    def lines(self, theme: str) -> tuple[Line, ...]:
        """Return what the label says under one heading of daily life."""
        return self._unique(self._lines(theme))

    @property
    def by_label(self) -> tuple[Line, ...]:
        """Common side effects in the words of the label, as far as they are in plain words."""
        entries = self.label.current("adverse_reaction", self.place)
        return self._unique(line_of(self.words, one) for one in entries if has_plain_words(self.words, one))

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The commonest side effects of the trials that compared both, commonest first."""
        place = 0 if self.is_first else 1
        counted = []
        for section in self.sections:
            view = section.one_view
            arm = view.arms[place] if view is not None and all(view.arms) else None
            # Having any at all, or one in some single year, says nothing about what it is like.
            is_said = not section.outcome.id.startswith("any-") and not section.outcome.id.endswith("-in-year")
            if arm is not None and arm.measure.is_proportion and is_said:
                name = self.words.say(outcome_name(section.outcome))
                counted.append((arm.value, Effect(name, arm.id)))
        ranked = sorted(counted, key=lambda item: -item[0])
        return tuple({effect.name: effect for _, effect in ranked}.values())[:COMMON]

    @property
    def mood(self) -> tuple[str, ...]:
        """Ids of what the label says about mood; empty where nothing was seen."""
        return next((one.sources for one in self.watch.harms if one.id == "mood"), ())

    def _lines(self, theme: str) -> Iterator[Line]:
        for table, kinds in THEMES[theme]:
            for entry in self.label.current(table, self.place):
                if not kinds or entry.fields.get("kind") in kinds:
                    yield line_of(self.words, entry)
        if theme == "where":
            yield from self._of_a_day()
        if theme == "medicines":
            yield from self._vaccines()

    def _of_a_day(self) -> Iterator[Line]:
        for entry in (*self.label.current("dosing", self.place), *self._observed()):
            if has_plain_words(self.words, entry):
                yield line_of(self.words, entry)

    def _observed(self) -> Iterator[LabelEntry]:
        monitoring = self.label.current("monitoring", self.place)
        return (one for one in monitoring if one.fields.get("test_id") in _OBSERVATION)

    def _vaccines(self) -> Iterator[Line]:
        for entry in self.label.current("baseline_test", self.place):
            if entry.fields.get("test_id") == "immunisations" and entry.fields.get("min_interval"):
                wait = span(self.words, str(entry.fields["min_interval"]))
                yield Line(self.words("life.vaccines", span=wait), LABEL_PREFIX + entry.id)

    @staticmethod
    def _unique(lines: Iterator[Line]) -> tuple[Line, ...]:
        return tuple({line.text: line for line in lines}.values())


@dataclass(frozen=True)
class LifeScreen:
    """The years with both options.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @property
    def words(self) -> Wording:
        """The language of the page."""
        return self.page.words

    @property
    def place(self) -> Jurisdiction:
        """Whose label applies."""
        return Jurisdiction(self.page.state.choice.jurisdiction)

    @property
    def label(self) -> str:
        """Whose label it is, in words."""
        return self.words(f"label-of.{self.place.lower()}")

    @functools.cached_property
    def sitting(self) -> Consultation | None:
        """The part of the answer that is about nobody; ``None`` where these two cannot be compared."""
        state = self.page.state
        try:
            return consult(state.choice.first, state.choice.second, jurisdiction=self.place, evidence=state.evidence)
        except EquipoiseError:
            return None

    @functools.cached_property
    def options(self) -> tuple[OptionLife, ...]:
        """The two options."""
        if self.sitting is None:
            return ()
        harms = self.sitting.common_harms
        return tuple(
            OptionLife(
                self.page.option_name(one.treatment.id, one.treatment.name),
                one,
                self.place,
                self.page,
                harms,
                is_first=one is self.sitting.options[0],
            )
            for one in self.sitting.options
        )

    @functools.cached_property
    def figure(self) -> tuple[Markup, Markup]:
        """The picture of the years, and the same as a table."""
        names = [one.name for one in self.options]
        title = self.words("life.picture.title", first=names[0], second=names[1], label=self.label)
        lanes = [(upper_first(one.name), one.option) for one in self.options]
        return life_timeline(self.words, lanes, title, self.page.source)

    @property
    def themes(self) -> tuple[Theme, ...]:
        """Daily life, heading by heading, both options under each."""
        opened = {Detail.SHORT: 0, Detail.NORMAL: 1}.get(self.page.state.detail, len(THEMES))
        return tuple(
            Theme(ident, place < opened, tuple((one.name, one.lines(ident)) for one in self.options))
            for place, ident in enumerate(THEMES)
        )

    @property
    def asked(self) -> tuple[Asked, ...]:
        """How people felt: what the trials that compared both asked."""
        if self.sitting is None:
            return ()
        sections = (one for one in self.sitting.benefits if one.outcome.group is OutcomeGroup.QUALITY_OF_LIFE)
        return tuple(self._asked(one) for one in sections)

    def _asked(self, section: OutcomeSection) -> Asked:
        name = self.words.say(outcome_name(section.outcome))
        counted = [result.trial.short_name for result in section.trials if result.comparison or any(result.arms)]
        findings = [self._finding(name, result, fact) for result in section.trials for fact in result.findings]
        return Asked(name, self.words.joined(counted) if counted else "", tuple(findings))

    def _finding(self, measure: str, result: TrialResult, fact: Fact) -> Line:
        key = f"plain-finding.{fact.id.removeprefix(FINDING_PREFIX)}"
        if not self.words.has(key):
            return Line(fact.text, fact.id, self.words.language != ENGLISH, is_plain=False)
        contrast = self.page.state.evidence.contrasts[fact.id.removeprefix(FINDING_PREFIX)]
        what = self.words(
            key, treatment=self._treatment(contrast.arm_id), reference=self._treatment(contrast.reference_arm_id)
        )
        told = self.words("life.quality.told", measure=measure, trial=result.trial.short_name, what=what)
        return Line(told, fact.id)

    def _treatment(self, arm_id: str) -> str:
        evidence = self.page.state.evidence
        treatment = evidence.treatments[evidence.arms[arm_id].treatment_id]
        return self.page.option_name(treatment.id, treatment.name)
