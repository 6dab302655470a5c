"""The screen "Am I ready to talk about it?": four statements of our own, each yes, not yet, or left open.

They are no published scale, whose licences are not clear: they ask, in our own words, for the same four things that
such scales ask for (facts, what matters, room to decide, support).
"""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.presentation.path.view import PathPage

STATEMENTS = ("options", "outcome", "time", "wait")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its field, its words, and what was ticked (``"yes"``, ``"no"`` or nothing)."""

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
            for one in STATEMENTS
        )

    @property
    def not_yet(self) -> tuple[Statement, ...]:
        """What is still missing, as the person sees it."""
        return tuple(one for one in self.statements if one.given == "no")

    @property
    def is_ready(self) -> bool:
        """Whether every statement was answered with yes."""
        return all(one.given == "yes" for one in self.statements)
