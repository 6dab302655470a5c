"""The screen "My page for the visit": the person's side of the sheet, to read, to print and to take along."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.presentation.handout.document import Handout, NumberRow, PersonSide
from equipoise.presentation.handout.fitting import on_a_screen
from equipoise.presentation.handout.words import option_words
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.path.visit import code_of, sheet_of
from equipoise.presentation.plain_words import upper_first
from equipoise.vocabulary.errors import EquipoiseError

NAMED_SOURCES = 5
"""Sources of one row that the print of the screen names; on the screen every number leads to all of them."""


@dataclass(frozen=True)
class MyPageScreen:
    """What stands on my page.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @functools.cached_property
    def sheet(self) -> Handout | None:
        """The sheet with all that a screen has room for; ``None`` where the two cannot be compared."""
        try:
            return on_a_screen(sheet_of(self.page.state, self.page.words))
        except EquipoiseError:
            return None

    @property
    def side(self) -> PersonSide:
        """The person's side."""
        if self.sheet is None:
            raise ValueError("there is no sheet")
        return self.sheet.person

    @property
    def texts(self) -> Mapping[str, str]:
        """What stands around it all."""
        return self.sheet.texts if self.sheet is not None else {}

    @property
    def tables(self) -> tuple[tuple[str, str, tuple[NumberRow, ...]], ...]:
        """The numbers: of how many people, what that says, and the rows; a table without rows is left out."""
        t = self.texts
        both = (
            (t["of-100"], t["of-100-what"], self.side.rows),
            (t["of-1000"], self.page.words("my-page.rare"), self.side.rare),
        )
        return tuple(one for one in both if one[2])

    @property
    def letters(self) -> frozenset[str]:
        """The letters of the rows on this side."""
        numbers = (row.letter for row in (*self.side.rows, *self.side.rare))
        return frozenset((*numbers, *(row.letter for row in self.side.effort)))

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Where the rows of this side were read: each letter with the first sources, and how many more there are."""
        found = []
        for one in self.sheet.clinician.places if self.sheet is not None else ():
            named = [f"{name} ({place})" if place else name for name, place in one.sources[:NAMED_SOURCES]]
            left = len(one.sources) - len(named) + one.left_out
            more = self.page.words("sheet.clinician.more-sources", n=left) if left else ""
            if one.letter in self.letters:
                found.append((one.letter, "; ".join(named) + more))
        return tuple(found)

    def place_of(self, letter: str) -> str:
        """Return the number that stands for where a row was read."""
        places = self.sheet.clinician.places if self.sheet is not None else ()
        return next((one.estimate_id for one in places if one.letter == letter), "")

    @property
    def made_from(self) -> str:
        """Which evidence and whose labels this was made from."""
        page, place = self.page, self.page.state.choice.jurisdiction
        release, named = page.state.evidence.release, page.words(f"sheet.place.{place.lower()}")
        day = datetime.date.fromisoformat(release.date)
        return page.words("my-page.made-from", date=day, version=release.version, place=named)

    @property
    def questions(self) -> tuple[str, ...]:
        """One's own questions, then the ticked ones."""
        return (*self.side.own_questions, *self.side.suggested)

    @property
    def ready(self) -> tuple[tuple[str, str], ...]:
        """Each statement about being ready, with what was answered."""
        said = self.side.ready or ("",) * len(self.side.readiness)
        return tuple(
            (text, self.page.words(f"ready.answer.{one if one in ('yes', 'no') else 'open'}"))
            for text, one in zip(self.side.readiness, said, strict=True)
        )

    @property
    def has_code(self) -> bool:
        """Whether a code on paper could hold the answers."""
        return bool(code_of(self.page.state))

    @property
    def plans(self) -> tuple[tuple[str, str], ...]:
        """The options that a monitoring plan can be made for: the name of each in an address, and in words."""
        options = (one.treatment for one in self.page.state.consultation.options)
        return tuple((one.option, upper_first(option_words(one, self.page.words))) for one in options)
