"""The screens that ask by ticks, "Your health" and "Other medicines": only what matters for the two options."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from equipoise.forms import Question
from equipoise.presentation.path.state import SHOWN
from equipoise.presentation.path.ticks import TickGroup, TickList
from equipoise.presentation.path.view import PathPage


@dataclass(frozen=True)
class TickScreen:
    """A list of ticks, cut down to what a label turns on.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.page.question(self.page.screen.asks[0])

    @property
    def shown_field(self) -> str:
        """Name of the hidden field that says what stood on the page."""
        return f"{self.question.name}.{SHOWN}"

    @functools.cached_property
    def groups(self) -> tuple[TickGroup, ...]:
        """The headings with what can be ticked under each."""
        state, name = self.page.state, self.question.name
        ticks = TickList(self.page.person_form.form, name)
        return tuple(ticks.groups(state.typed, self.page.screen.groups, state.worth_asking[name]))

    @property
    def left_out(self) -> int:
        """How many words of these headings are not asked."""
        headings = self.page.screen.groups or self.question.groups
        possible = sum(word.group in headings for word in self.question.words)
        return possible - sum(len(group.words) for group in self.groups)
