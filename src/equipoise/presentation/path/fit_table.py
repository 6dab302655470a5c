"""What each option does, line by line and nothing added up: the view that comes before any fit."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from equipoise.consultation.personal import CriterionLevel, PersonalView
from equipoise.decision import CRITERIA, Criterion, Values
from equipoise.decision.words import name_of, unit_of
from equipoise.presentation.path.levels import Levels
from equipoise.presentation.path.matters import GROUPS
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.personal_words import NO_TREATMENT
from equipoise.vocabulary.terms import Treatment


@dataclass(frozen=True, slots=True)
class Cell:
    """One option on one line.

    Attributes
    ----------
    option
        What the option is called.
    number, range, what
        The number, its likely range, and what was counted; a text that says why there is no number, and nothing else.
    certainty
        How sure one may be of it, as a level; empty where nothing was estimated.
    source, source_id
        Address and id of where the number comes from; empty where there is none.
    """

    option: str
    number: str
    range: str = ""
    what: str = ""
    certainty: str = ""
    source: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion under every option.

    ``what`` was counted, and ``certainty`` of it, stand here where they are the same for all options.
    """

    name: str
    unit: str
    what: str
    certainty: str
    cells: tuple[Cell, ...]


UNIT_SAYS_ALL = frozenset(("relapses", "tests-and-visits", "hospital-days", "injections"))
"""Criteria whose unit says all that was counted."""
OF_LABELS = frozenset((*GROUPS["asks"], "common-side-effects"))
"""Criteria that say nothing about someone who takes no drug."""


@dataclass(frozen=True)
class UnmergedTable:
    """Criteria as lines, options as columns.

    Attributes
    ----------
    page, view
        The screen, and whose levels.
    values
        What was said; the lines that it names come first.
    """

    page: PathPage
    view: PersonalView
    values: Values

    @functools.cached_property
    def levels(self) -> Levels:
        """Levels to look up."""
        return Levels(self.page, self.view)

    @functools.cached_property
    def columns(self) -> tuple[Treatment, ...]:
        """The options in the order asked for; no treatment last, where anything is known of it."""
        known = {level.option.id for level in self.view.levels}
        return tuple(option for option in self.view.options if option.id in known)

    @property
    def names(self) -> tuple[str, ...]:
        """What the columns are called."""
        return tuple(self.levels.name(option) for option in self.columns)

    @property
    def has_no_treatment(self) -> bool:
        """Whether no treatment is one of the columns."""
        return any(option.id == NO_TREATMENT for option in self.columns)

    @functools.cached_property
    def named(self) -> frozenset[str]:
        """Criteria that were named as mattering: ticked, put in order, or given a limit."""
        ordered = (name for group in self.values.order for name in group)
        return frozenset((*(self.values.matters or ()), *ordered, *(limit.criterion for limit in self.values.limits)))

    @property
    def first(self) -> tuple[Line, ...]:
        """Lines that were named; all where none was."""
        return self._lines(self.named or {one.id for one in CRITERIA})

    @property
    def more(self) -> tuple[Line, ...]:
        """The other lines, for as far as anything is known of them."""
        others = {one.id for one in CRITERIA} - self.named if self.named else set()
        known = {level.criterion_id for level in self.view.levels}
        return self._lines(others & known)

    @property
    def counts_rare_harm(self) -> bool:
        """Whether a number stands for the rare harms; it is a mean, and not the count of a trial."""
        return any(level.criterion_id == "serious-risk" for level in self.view.levels)

    @functools.cached_property
    def _certainty(self) -> Mapping[str, str]:
        return {outcome.estimate.id: outcome.estimate.certainty.level.value for outcome in self.view.outcomes}

    def _lines(self, names: Collection[str]) -> tuple[Line, ...]:
        return tuple(self._line(one) for one in CRITERIA if one.id in names)

    def _line(self, one: Criterion) -> Line:
        words = self.page.words
        cells = tuple(self._cell(option, one) for option in self.columns)
        known = [cell for cell in cells if cell.source_id]
        what, certainty = _shared(cell.what for cell in known), _shared(cell.certainty for cell in known)
        said_once = {"what": ""} if what else {}
        said_once |= {"certainty": ""} if certainty else {}
        cells = tuple(dataclasses.replace(cell, **said_once) for cell in cells)
        return Line(words.say(name_of(one)), words.say(unit_of(one)), what, certainty, cells)

    def _what(self, level: CriterionLevel, one: Criterion) -> str:
        """What was counted, unless the unit of the line already says so."""
        say = self.page.words.say
        what = say(level.what)
        return "" if one.id in UNIT_SAYS_ALL or what == say(unit_of(one)) else what

    def _cell(self, option: Treatment, one: Criterion) -> Cell:
        words, name = self.page.words, self.levels.name(option)
        level = self.levels.of(option, one.id)
        if level is None:
            is_of_labels = option.id == NO_TREATMENT and one.id in OF_LABELS
            return Cell(name, words(f"path.fit.table.{'no-label' if is_of_labels else 'no-number'}"))
        spread = self.levels.range_text(level)
        return Cell(
            name,
            self.levels.text(level),
            words("path.fit.table.range", range=spread) if spread else "",
            self._what(level, one),
            self._certainty.get(level.source_id, ""),
            self.page.source(level.source_id),
            level.source_id,
        )


def _shared(texts: Iterable[str]) -> str:
    """Return what all of some texts say; empty where they differ."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""
