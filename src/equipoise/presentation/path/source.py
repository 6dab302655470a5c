"""Where one number comes from, as a page of the way: what it says, how sure it is, each step, each source."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.consultation import Trace
from equipoise.consultation.personal import OWN, PREFIX
from equipoise.evidence import Source
from equipoise.outcomes.draws import ARM, PERSONAL
from equipoise.presentation.html import rendered
from equipoise.presentation.path.chance import Chance, outcome_name, time_said
from equipoise.presentation.path.clinician import CLINICIAN
from equipoise.presentation.path.outcome_rows import COMMON, RARE
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.personal_words import NO_TREATMENT, basis_words, option_name
from equipoise.presentation.plain_words import certainty_meaning, certainty_word, upper_first
from equipoise.presentation.provenance_list import Leaf, ProvenanceList, provenance_list
from equipoise.vocabulary.estimate import Estimate, EstimateKind
from equipoise.vocabulary.terms import OutcomeGroup, Treatment
from equipoise.wording import Wording


@dataclass(frozen=True)
class SourcePage:
    """Where one number comes from.

    Attributes
    ----------
    page
        The screen that it was asked from.
    identifier
        As the address holds it.
    trace
        What was found; ``None`` where there is no such number.
    """

    page: PathPage
    identifier: str
    trace: Trace | None

    @property
    def words(self) -> Wording:
        """In which language."""
        return self.page.words

    def address(self, language: str = "") -> str:
        """Return the address of this page in a language; of this one's by default."""
        return self.page.source(self.identifier, language)

    @property
    def back(self) -> tuple[str, str]:
        """Address and name of where it was asked from."""
        asked = self.page.screen
        if asked == CLINICIAN:
            return f"/{self.words.language.tag}/{asked.id}", self.words("clinician.title")
        return self.page.address(asked.id), self.words(f"path.step.{asked.step}")

    @property
    def missing(self) -> str:
        """Why there is nothing to show: the beginning of a key."""
        was_made = self.identifier.startswith((OWN, PREFIX))
        return "source.other-person" if was_made else "source.unknown"

    @property
    def title(self) -> str:
        """Title of the page."""
        if self.trace is None:
            return self.words(f"{self.missing}.title")
        return self.words("source.title" if self.estimate is not None else "source.title-fact")

    @property
    def found(self) -> Trace:
        """What was found."""
        if self.trace is None:
            raise ValueError(f"there is no number '{self.identifier}'")
        return self.trace

    @property
    def estimate(self) -> Estimate | None:
        """The number; ``None`` where a statement was asked for."""
        return self.found.item if isinstance(self.found.item, Estimate) else None

    @functools.cached_property
    def chance(self) -> Chance | None:
        """The number as the screens say it; ``None`` where it is not about so many people."""
        e = self.estimate
        outcome = self.page.state.evidence.outcomes.get(e.outcome_id) if e is not None else None
        if (
            e is None
            or outcome is None
            or e.reference
            or not (e.measure.is_proportion or e.kind is EstimateKind.PERSONAL)
        ):
            return None
        if e.measure.is_proportion and not outcome.event:
            return None
        total = RARE if outcome.group is OutcomeGroup.SERIOUS_HARM else COMMON
        return Chance(e, outcome, self._basis(e), total, self.words)

    def _basis(self, estimate: Estimate) -> str:
        if estimate.kind is not EstimateKind.PERSONAL:
            return ARM
        view = self.page.state.consultation.personal
        found = (one.basis for one in (view.outcomes if view else ()) if one.estimate.id == estimate.id)
        return next(found, PERSONAL)

    @property
    def basis(self) -> str:
        """How the number was made, in words."""
        return upper_first(self.words.say(basis_words(self.chance.basis))) if self.chance is not None else ""

    @property
    def about(self) -> str:
        """What the number is about: the outcome."""
        return upper_first(outcome_name(self.words, self.chance.outcome)) if self.chance is not None else ""

    @property
    def option(self) -> str:
        """Under which option, and over what time."""
        e = self.estimate
        treatment = self.page.state.evidence.treatments.get(e.treatment) if e is not None else None
        if e is None or treatment is None or not e.timepoint_months:
            return ""
        time = time_said(self.words, round(e.timepoint_months))
        return self.words("source.lead-option", option=upper_first(self._name(treatment)), time=time)

    def _name(self, treatment: Treatment) -> str:
        if treatment.id == NO_TREATMENT and self.estimate is not None and self.estimate.kind is EstimateKind.PERSONAL:
            return self.words.say(option_name(treatment))
        return self.page.option_name(treatment.id, treatment.name)

    @property
    def people(self) -> str:
        """How many people were counted; empty where that is not known."""
        e = self.estimate
        if e is None or e.n is None:
            return ""
        if e.events is None:
            return self.words("source.counted", n=e.n)
        return self.words("source.counted-events", n=e.n, events=e.events)

    @property
    def certainty(self) -> tuple[str, str, str]:
        """How sure one may be: level, word, meaning; empty for a statement."""
        if self.estimate is None:
            return "", "", ""
        level = self.estimate.certainty
        return level.level.value, self.words.say(certainty_word(level)), self.words.say(certainty_meaning(level))

    @functools.cached_property
    def steps(self) -> ProvenanceList:
        """Each computation and each row once."""
        return provenance_list((self.found.item,))

    @functools.cached_property
    def rows(self) -> tuple[tuple[Source, tuple[Leaf, ...]], ...]:
        """Each source with the rows that were read from it, in the order in which they are met."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[tuple[Source, tuple[Leaf, ...]]]:
        for source in self.found.sources:
            yield source, tuple(leaf for leaf in self.steps.leaves if leaf.row.source.source_id == source.id)


def render_source(page: SourcePage) -> str:
    """Return where a number comes from as HTML; also a page where there is no such number.

    Parameters
    ----------
    page
        What to show.
    """
    return rendered(
        "path/source.html", page.page.state.evidence.release, page=page.page, w=page.words, own=page, step=None
    )
