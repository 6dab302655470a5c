"""What each option does on each criterion, as it is written in the language of a page."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from equipoise.consultation.personal import CriterionLevel, PersonalView
from equipoise.decision import CRITERIA, Criterion, criterion
from equipoise.presentation.counted import widened
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.personal_words import NO_TREATMENT
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.terms import Treatment
from equipoise.wording import Wording

FINE_RANGE = 10
"""A criterion whose range is no longer than this is written to one decimal."""


def level_text(words: Wording, one: Criterion, level: float, *, like: float | None = None) -> str:
    """Write a level with the digits that its range deserves.

    Parameters
    ----------
    words
        Of the page.
    one, level
        What is counted, and how much of it.
    like
        The number whose digits it takes, where it is the end of a range around that number.
    """
    by = level if like is None else like
    if by == round(by) and level == round(level):
        return words.number(level)
    return words.number(level, _digits(one, by))


def _digits(one: Criterion, level: float) -> int:
    return 1 if one.range <= FINE_RANGE or 0 < abs(level) < 1 else 0


@dataclass(frozen=True)
class Levels:
    """Levels of a personal view, to look up.

    Attributes
    ----------
    page
        The screen they are shown on.
    view
        What they are of.
    """

    page: PathPage
    view: PersonalView

    @functools.cached_property
    def options(self) -> tuple[Treatment, ...]:
        """The options that can be weighed, in the order asked for."""
        return tuple(option for option in self.view.options if option.id != NO_TREATMENT)

    def of(self, option: Treatment, criterion: str) -> CriterionLevel | None:
        """Return a level; ``None`` where there is no number."""
        return self._found.get((option.id, criterion))

    def on(self, criterion: str) -> tuple[CriterionLevel, ...]:
        """Return the levels of the options on a criterion, in their order, for as far as there are any."""
        found = (self.of(option, criterion) for option in self.options)
        return tuple(level for level in found if level is not None)

    def name(self, option: Treatment) -> str:
        """Return what to call an option."""
        return self.page.option_name(option.id, option.name)

    @functools.cached_property
    def compared(self) -> tuple[Criterion, ...]:
        """Criteria on which every option has a number."""
        return tuple(one for one in CRITERIA if all(self.of(option, one.id) for option in self.options))

    def text(self, level: CriterionLevel) -> str:
        """Write the number of a level, without what it counts."""
        return level_text(self.page.words, criterion(level.criterion_id), level.value)

    def range_text(self, level: CriterionLevel) -> str:
        """Write the range around a level; empty where it is certain."""
        if level.low == level.high:
            return ""
        one, words = criterion(level.criterion_id), self.page.words
        ends = widened(level.low, level.high, _digits(one, level.value))
        low, high = (level_text(words, one, end, like=level.value) for end in ends)
        return words("number.to", low=low, high=high)

    @functools.cached_property
    def _found(self) -> dict[tuple[str, str], CriterionLevel]:
        return {(one.option.id, one.criterion_id): one for one in self.view.levels}


def levels_before_weighing(page: PathPage) -> Levels | None:
    """Return what each option does, for screens that ask what matters; ``None`` where these two cannot be compared."""
    try:
        view = page.state.before_weighing.personal
    except EquipoiseError:
        return None
    return Levels(page, view) if view is not None else None
