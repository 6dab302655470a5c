"""The screen "What comes first": a few places, filled with what was ticked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from equipoise.decision import CRITERIA, Criterion
from equipoise.decision.words import name_of, question_of
from equipoise.presentation.path.view import PathPage

PLACES, MORE_PLACES = 3, 5
"""Places offered; the more for those who want to read everything."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the order.

    Attributes
    ----------
    id
        Of the field on the page.
    name
        "First", "Second".
    held
        The criterion that stands there; empty for none.
    """

    id: str
    name: str
    held: str


@dataclass(frozen=True)
class OrderScreen:
    """Places to fill, and which of those filled matter as much as the one before.

    Attributes
    ----------
    page
        The screen it is part of.
    """

    page: PathPage

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """Criteria that may stand in a place, with their words: those ticked, or all where few are."""
        return tuple((one.id, self.page.words.say(question_of(one))) for one in CRITERIA if one.id in self._offered_ids)

    @property
    def is_of_ticks(self) -> bool:
        """Whether only what was ticked is offered."""
        return len(self._ticked) > 1

    @property
    def is_needless(self) -> bool:
        """Whether there is nothing to put in order."""
        return len(self._ticked) == 1 and not self._held

    @property
    def places(self) -> tuple[Place, ...]:
        """The places, filled ones first."""
        usual = MORE_PLACES if self.page.state.reads_everything else PLACES
        shown = min(len(self._offered_ids), max(usual, len(self._held)))
        filled = [*self._held, *[""] * shown][:shown]
        return tuple(
            Place("order" if n == 1 else f"order-place-{n}", self.page.words(f"answer.place.{n}"), held)
            for n, held in enumerate(filled, start=1)
        )

    @property
    def pairs(self) -> tuple[tuple[str, str, bool], ...]:
        """Each criterion that stands after another: its id, the question, and whether it is ticked."""
        named = {one.id: one for one in CRITERIA}
        known = [named[name] for name in self._held if name in named]
        return tuple(self._pair(higher, lower) for higher, lower in itertools.pairwise(known))

    def _pair(self, higher: Criterion, lower: Criterion) -> tuple[str, str, bool]:
        words = self.page.words
        said = words("path.order.same.pair", higher=words.say(name_of(higher)), lower=words.say(name_of(lower)))
        return lower.id, said, self.page.values_form.chosen("as_much_as_before", lower.id)

    @property
    def _held(self) -> tuple[str, ...]:
        return tuple(name for name in self.page.state.typed.get("order", ()) if name)

    @property
    def _ticked(self) -> tuple[str, ...]:
        held = self.page.state.typed.get("matters", ())
        return tuple(one.id for one in CRITERIA if one.id in held)

    @property
    def _offered_ids(self) -> frozenset[str]:
        without = self.page.state.typed.get("does_not_matter", ())
        every = [one.id for one in CRITERIA if one.id not in without]
        return frozenset((*(self._ticked if self.is_of_ticks else every), *self._held))
