"""The screen "What matters to me": one tick for each thing that options are compared on, in three groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.decision import CRITERIA, Criterion, criterion
from equipoise.decision.words import question_of, unit_of
from equipoise.presentation.path.view import PathPage

MATTERS, NOT_AT_ALL = "matters", "does_not_matter"

GROUPS: Mapping[str, tuple[str, ...]] = {
    "does": ("relapses", "disability-worsening", "disability-improvement"),
    "asks": (
        "tests-and-visits",
        "hospital-days",
        "injections",
        "years-of-obligation",
        "pregnancy-timing",
        "reversibility",
    ),
    "wrong": ("common-side-effects", "serious-risk", "infections"),
}
"""Criteria by what they are about; within a group in the order in which options are compared everywhere."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that may matter.

    Attributes
    ----------
    criterion
        Id, as the field holds it.
    label
        What is asked.
    counted
        What a level of it counts and how far it goes; empty where less is read.
    is_ticked
        Whether it stands ticked.
    """

    criterion: str
    label: str
    counted: str
    is_ticked: bool


@dataclass(frozen=True)
class MattersScreen:
    """The ticks of what matters, and of what does not matter at all.

    Attributes
    ----------
    page
        The screen it is part of.
    """

    page: PathPage

    @property
    def groups(self) -> tuple[tuple[str, tuple[Tick, ...]], ...]:
        """Headings with their ticks."""
        return tuple(
            (
                self.page.words(f"path.matters.group.{group}"),
                tuple(self._tick(criterion(one), MATTERS) for one in names),
            )
            for group, names in GROUPS.items()
        )

    @property
    def not_at_all(self) -> tuple[Tick, ...]:
        """The same things once more: which of them do not matter at all."""
        return tuple(self._tick(one, NOT_AT_ALL) for one in CRITERIA)

    @property
    def is_open(self) -> bool:
        """Whether the second list is unfolded: when something in it is ticked, or wrong."""
        return any(tick.is_ticked for tick in self.not_at_all) or NOT_AT_ALL in self.page.faults_by_field

    def _tick(self, one: Criterion, field: str) -> Tick:
        words = self.page.words
        counted = ""
        if field == MATTERS and self.page.state.reads_everything:
            ends = {"best": words.exactly(one.best), "worst": words.exactly(one.worst)}
            counted = words("path.matters.counted", unit=words.say(unit_of(one)), **ends)
        return Tick(one.id, words.say(question_of(one)), counted, self.page.values_form.chosen(field, one.id))
