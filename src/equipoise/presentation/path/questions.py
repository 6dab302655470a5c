"""The screen "My questions for the visit": what the answers themselves raise, to tick, and room for one's own."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from equipoise.presentation.handout.questions import Suggestion
from equipoise.presentation.path.my_file import ASK, MINE
from equipoise.presentation.path.state import FIELD_LIMITS, Detail
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.path.visit import NOTHING, suggestions
from equipoise.vocabulary.errors import EquipoiseError

TICKED_FIRST = 4
"""Suggested questions that are ticked before anybody has looked: about as many as the printed page has room for."""
_SHOWN = {Detail.SHORT: 5, Detail.NORMAL: 8, Detail.EVERYTHING: 100}


@dataclass(frozen=True)
class QuestionsScreen:
    """Questions for the visit.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @functools.cached_property
    def suggested(self) -> tuple[Suggestion, ...]:
        """What can be ticked, the weightiest first; nothing where there is no answer to ask about."""
        try:
            return suggestions(self.page.state, self.page.words)
        except EquipoiseError:
            return ()

    @property
    def first(self) -> tuple[Suggestion, ...]:
        """What stands open; ticked ones always do."""
        most = _SHOWN[self.page.state.detail]
        return tuple(one for n, one in enumerate(self.suggested) if n < most or self.is_ticked(one))

    @property
    def more(self) -> tuple[Suggestion, ...]:
        """What is folded away."""
        return tuple(one for one in self.suggested if one not in self.first)

    def is_ticked(self, one: Suggestion) -> bool:
        """Whether a question is to be asked; before anybody has looked the first few are."""
        asked = self.page.state.typed.get(ASK)
        return one in self.suggested[:TICKED_FIRST] if asked is None else one.id in asked

    @property
    def marker(self) -> str:
        """What says that the ticks were shown."""
        return NOTHING

    @property
    def mine(self) -> str:
        """One's own questions."""
        return self.page.state.one(MINE)

    @property
    def longest(self) -> int:
        """How many characters they may have."""
        return FIELD_LIMITS[MINE]
