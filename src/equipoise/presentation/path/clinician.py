"""The clinician's view: one screen with the same numbers as the person's pages, and what a changed fact moves."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.consultation.document import Option
from equipoise.consultation.personal import PersonalView
from equipoise.forms import Kind, Question
from equipoise.person import form as person_form
from equipoise.presentation.handout.words import outcome_words
from equipoise.presentation.path.clinician_numbers import ClinicianNumbers
from equipoise.presentation.path.clinician_plan import PlanPreview, plan_preview
from equipoise.presentation.path.screens import Screen, Step
from equipoise.presentation.path.state import PathState
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.pictures import forest_plot, forest_table
from equipoise.presentation.trial_forest import trial_forest
from equipoise.safety.eligibility import eligibility
from equipoise.safety.eligibility_document import Eligibility, Finding, FindingKind
from equipoise.safety.plan_document import PlannedTask
from equipoise.safety.truth import Truth
from equipoise.vocabulary.provenance import SourceRow, source_rows
from equipoise.vocabulary.terms import Jurisdiction, OutcomeGroup

FIRST_FACTS = (
    *("age", "sex", "jurisdiction", "course", "years_since_onset", "relapses_12_months", "relapses_24_months"),
    *("months_since_relapse", "walking", "edss", "enhancing_lesions", "earlier_treatments", "pregnancy"),
)
CLINICIAN = Screen(
    "clinician",
    Step.PAGE,
    "clinician.html",
    ("first", "second", "years", "start-day", *FIRST_FACTS, "conditions", "medicines"),
)
"""Shown like a screen, and no part of the way."""

FORESTS = 4
SHOWN_KINDS = (
    FindingKind.CONTRAINDICATION,
    FindingKind.INDICATION,
    FindingKind.INTERACTION,
    FindingKind.BASELINE_TEST,
)
_COMPARED = (OutcomeGroup.RELAPSES, OutcomeGroup.DISABILITY, OutcomeGroup.STOPPING)


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: its name, and what was said; empty where it is not known."""

    field: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """What one jurisdiction's label comes to for this person."""

    place: Jurisdiction
    checked: Eligibility

    @property
    def met(self) -> tuple[str, ...]:
        """Texts of the contraindications that apply."""
        return self._texts(Truth.MET)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Texts of those of which it is not known."""
        return self._texts(Truth.UNKNOWN)

    @property
    def absent(self) -> int:
        """How many do not apply."""
        return len(self._texts(Truth.NOT_MET))

    def _texts(self, status: Truth) -> tuple[str, ...]:
        found = self.checked.of_kind(FindingKind.CONTRAINDICATION)
        return tuple(one.text for one in found if one.status is status)


@dataclass(frozen=True)
class ClinicianPage:
    """Everything on the clinician's screen.

    Attributes
    ----------
    page
        What was typed, in which language.
    before
        What was typed before the last change here; ``None`` before there was one.
    """

    page: PathPage
    before: PathState | None = None

    @property
    def view(self) -> PersonalView | None:
        """The numbers of the person."""
        return self.page.state.consultation.personal

    @functools.cached_property
    def numbers(self) -> ClinicianNumbers:
        """The numbers, as this view writes them."""
        return ClinicianNumbers(self.page, self.before)

    @property
    def options(self) -> tuple[Option, Option]:
        """The two options, with what their labels plan."""
        return self.page.state.consultation.options

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """The options of the numbers, no treatment last where the evidence reaches it."""
        options = self.view.options if self.view is not None else ()
        return tuple(self.page.option_name(one.id, one.name) for one in options)

    first_facts = FIRST_FACTS

    @property
    def declined(self) -> tuple[str, ...]:
        """What is not given, and why, in the language of the page, each reason once."""
        reasons = self.view.declined if self.view is not None else ()
        return tuple(dict.fromkeys(self.page.words.say(one.reason) for one in reasons))

    @functools.cached_property
    def facts(self) -> tuple[FactLine, ...]:
        """What is known of the person, in the order of the form."""
        return tuple(line for line in self._facts() if line.value)

    @functools.cached_property
    def unknown(self) -> tuple[FactLine, ...]:
        """What is not known."""
        return tuple(line for line in self._facts() if not line.value)

    def _facts(self) -> Iterator[FactLine]:
        for question in person_form(self.page.state.evidence):
            if question.is_asked:
                yield FactLine(question.name, self._fact_name(question.name), self._said(question))

    def _fact_name(self, name: str) -> str:
        return self.page.words(f"fact.{name.replace('_', '-')}")

    def _said(self, question: Question) -> str:
        typed = self.page.state.typed
        if question.name in self._to_mend:  # counts as left open on every screen, and so it does here
            return ""
        held = tuple(one for one in typed.get(question.name, ()) if one)
        if question.kind is Kind.LIST:
            drugs = [
                held[0] for name, held in typed.items() if name.startswith(question.name) and name.endswith("drug")
            ]
            named = [self._drug(one) for one in drugs if one]
            is_none = bool(typed.get(f"{question.name}.none-of-these"))
            return self.page.words.joined(named) if named else (self.page.words("clinician.none") if is_none else "")
        if question.kind is Kind.YES_NO and held:
            return self.page.words(f"clinician.{held[0]}") if held[0] in ("yes", "no") else held[0]
        if question.kind in (Kind.ONE_OF, Kind.SOME_OF):
            return self._words(question, held)
        value = getattr(self.page.state.person, question.name, None)
        return "" if not held else self.page.words.exactly(value) if isinstance(value, int | float) else held[0]

    @functools.cached_property
    def _to_mend(self) -> frozenset[str]:
        return frozenset(fault.field for fault in self.page.state.person_faults)

    def _words(self, question: Question, held: tuple[str, ...]) -> str:
        labels = {word.id: self.page.words.say(word.label) for word in question.words}
        named = [labels[one] for one in held if one in labels]
        if named:
            return "; ".join(named)
        return self.page.words("clinician.none") if held else ""

    def _drug(self, name: str) -> str:
        found = self.page.state.evidence.option(name) if name in self._drug_names else None
        return self.page.option_name(found.id, found.name) if found is not None else name

    @functools.cached_property
    def _drug_names(self) -> frozenset[str]:
        return frozenset(one.option for one in self.page.state.evidence.options)

    @functools.cached_property
    def checked(self) -> tuple[tuple[Option, Eligibility], ...]:
        """Each option against the label of the place."""
        place = Jurisdiction(self.page.state.choice.jurisdiction)
        return tuple((option, self._checked(option, place)) for option in self.options)

    def shown_kinds(self, checked: Eligibility) -> tuple[tuple[str, tuple[Finding, ...], int], ...]:
        """Return the findings that a clinician looks at: those that apply or are open, and how many do not apply."""
        found = []
        for kind in SHOWN_KINDS:
            of_kind = checked.of_kind(kind)
            shown = tuple(one for one in of_kind if one.status is not Truth.NOT_MET)
            if of_kind:
                found.append((kind.value, shown, len(of_kind) - len(shown)))
        return tuple(found)

    def labels(self, option: Option) -> tuple[LabelColumn, ...]:
        """Return what each jurisdiction's label comes to: never their union."""
        return tuple(LabelColumn(place, self._checked(option, place)) for place in Jurisdiction)

    def _checked(self, option: Option, place: Jurisdiction) -> Eligibility:
        state = self.page.state
        return eligibility(state.person, option.treatment, place, state.on, evidence=state.evidence)

    @functools.cached_property
    def changed_facts(self) -> tuple[tuple[FactLine, FactLine], ...]:
        """The facts that the last change was about: before, and now."""
        if self.before is None:
            return ()
        other = ClinicianPage(PathPage(self.before, self.page.screen, self.page.words))
        then: Mapping[str, FactLine] = {line.field: line for line in other._facts()}
        return tuple((then[line.field], line) for line in self._facts() if then[line.field].value != line.value)

    def forests(self) -> tuple[tuple[str, Markup, Markup], ...]:
        """Return the head-to-head trials of each outcome as forest plots, the main outcomes first."""
        sitting, found = self.page.state.consultation, []
        for section in sitting.sections:
            if section.outcome.group not in _COMPARED:
                continue
            plot = trial_forest(sitting, section, self.page.source, self.page.words)
            if plot is not None:
                found.append((outcome_words(section.outcome, self.page.words), forest_plot(plot), forest_table(plot)))
        return tuple(found[:FORESTS])

    def plan(self, option: Option) -> PlanPreview:
        """Return the first tasks of the monitoring plan from the day that was chosen."""
        return plan_preview(self.page, option, self._checked(option, Jurisdiction(self.page.state.choice.jurisdiction)))

    def task_name(self, task: PlannedTask) -> str:
        """Return what a task is called: the test as on the person's pages, or what is given."""
        key = f"test.{task.test_id}"
        return self.page.words(key if self.page.words.has(key) else f"clinician.plan.given.{task.test_id}")

    @property
    def sources(self) -> tuple[SourceRow, ...]:
        """The rows behind the numbers of the table, each source and place once, by name."""
        numbers = [cell.number.estimate for row in self.numbers.rows for cell in row.cells if cell is not None]
        rows = {row.source: row for number in numbers for row in source_rows(number.provenance)}
        return tuple(sorted(rows.values(), key=lambda row: (row.citation, row.source.locator)))

    @property
    def today(self) -> datetime.date:
        """The day of the sheet."""
        return self.page.state.on
