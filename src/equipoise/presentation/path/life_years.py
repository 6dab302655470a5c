"""What the first year, the second and the later ones ask for, counted from the label's schedule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.consultation.document import Option, PlanRow
from equipoise.presentation.path.spans import months_in_words
from equipoise.vocabulary.estimate import Estimate
from equipoise.wording import Wording

_SCHEDULE = "schedule-"
SHOWN = ("first", "second", "later")
"""The years that are told one by one. The third stands for the later ones; the table has them all."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something is asked for, in words; ``source_id`` is empty where the label names no number."""

    text: str
    source_id: str = ""


@dataclass(frozen=True)
class Years:
    """The years with one option, as its label plans them.

    Attributes
    ----------
    words, option
        The language, and the option.
    """

    words: Wording
    option: Option

    @property
    def parts(self) -> tuple[tuple[str, tuple[Count, ...]], ...]:
        """Key of a heading, and what that year asks for."""
        return tuple((f"life.year.{key}", self._year(place)) for place, key in enumerate(SHOWN))

    @property
    def after(self) -> Count:
        """For how long tests go on after the last dose."""
        number = self.option.after_last_dose
        if number is None:
            return Count(self.words("life.after.none"))
        span = months_in_words(self.words, number.value)
        return Count(self.words("life.after.tests", span=span), number.id)

    @property
    def rows(self) -> tuple[tuple[str, tuple[Count, ...]], ...]:
        """The table: a task in words, and its count in each year."""
        return tuple(
            (self.words(f"life.table.{_task(row)}"), tuple(self._cell(number) for number in row.per_year))
            for row in self.option.plan_rows
        )

    @property
    def n_years(self) -> int:
        """How many years the plan looks at."""
        return len(self.option.plan.years)

    def _year(self, place: int) -> tuple[Count, ...]:
        return tuple(self._counts(place))

    def _counts(self, place: int) -> Iterator[Count]:
        for row in self.option.plan_rows:
            number = row.per_year[place] if place < len(row.per_year) else None
            if number is None:
                yield Count(self.words(f"life.open.{self._uncounted}"))
            elif number.value:
                yield Count(self.words(f"life.task.{_task(row)}", n=_whole(number.value)), number.id)
            else:
                yield Count(self.words(f"life.none.{_task(row)}"), number.id)

    @property
    def _uncounted(self) -> str:
        """What is said of tests that nobody can count: for everybody, for some people, or none seen."""
        conditions = [test.condition for test in self.option.plan.tests if test.is_blood_or_urine]
        if not conditions:
            return "not-seen"
        return "some" if all(conditions) else "test"

    def _cell(self, number: Estimate | None) -> Count:
        if number is None:
            return Count(self.words("life.table.open"))
        return Count(self.words.exactly(_whole(number.value)), number.id)


def _task(row: PlanRow) -> str:
    return next((n.outcome_id.removeprefix(_SCHEDULE) for n in row.per_year if n is not None), "test")


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
