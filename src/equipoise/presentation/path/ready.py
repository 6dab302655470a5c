"""The screen "Am I ready to talk about it?": four statements of our own, each yes, not yet, or left open.

They are no published scale, whose licences are not clear: they ask, in our own words, for the same four things that
such scales ask for (facts, what matters, room to decide, support).
"""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.presentation.handout.questions import READINESS
from equipoise.presentation.path.view import PathPage


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its field, its words, what was ticked (``"yes"``, ``"no"`` or nothing), and help for a "no"."""

    field: str
    text: str
    given: str
    help: str


@dataclass(frozen=True)
class ReadyScreen:
    """The four statements.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Each statement with its answer."""
        words = self.page.words
        return tuple(
            Statement(
                f"ready.{one}",
                words(f"ready.{one}.text"),
                self.page.state.one(f"ready.{one}"),
                words(f"ready.{one}.help"),
            )
            for one in READINESS
        )

    @property
    def is_ready(self) -> bool:
        """Whether every statement was answered with yes."""
        return all(one.given == "yes" for one in self.statements)
