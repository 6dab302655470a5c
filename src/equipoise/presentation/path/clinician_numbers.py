"""Numbers as the clinician's view writes them: people of a denominator, differences, numbers needed, and what moved."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from equipoise.consultation.personal import OutcomeDifference, PersonalOutcome, PersonalView
from equipoise.presentation.counted import widened
from equipoise.presentation.handout.words import outcome_words
from equipoise.presentation.path.state import PathState
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.personal_effects import is_share, needed_numbers, outcome_order
from equipoise.presentation.personal_words import APART
from equipoise.safety.calendar_dates import MONTHS_A_YEAR
from equipoise.vocabulary.terms import Outcome, OutcomeGroup

# Smaller than this out of a hundred nothing is said to have moved: it would be the noise of the draws.
SMALLEST_MOVE = 0.5
_FIRST = (OutcomeGroup.RELAPSES, OutcomeGroup.DISABILITY, OutcomeGroup.STOPPING)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number under one option: people of the denominator with limits, as written; ``None`` where there is none."""

    number: PersonalOutcome
    affected: str
    low: str
    high: str
    certainty: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome under every option, with the difference of the first two."""

    outcome: Outcome
    name: str
    denominator: int
    basis: str
    cells: tuple[Cell | None, ...]
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Difference:
    """First option against second: difference and limits as written, and the number needed where it may be said.

    Attributes
    ----------
    of
        The number behind it.
    text, low, high
        With their signs.
    needed
        ``"benefit"``, ``"harm"`` or empty where it is withheld.
    needed_text, needed_low, needed_high
        The number needed to treat or to harm, rounded to the side that promises less.
    """

    of: OutcomeDifference
    text: str
    low: str
    high: str
    needed: str = ""
    needed_text: str = ""
    needed_low: str = ""
    needed_high: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One number before and after the last change of a fact."""

    name: str
    option: str
    before: str
    after: str
    identifier: str


@dataclass(frozen=True)
class ClinicianNumbers:
    """The numbers of one sitting.

    Attributes
    ----------
    page
        What was typed, in which language.
    before
        What was typed before the last change; ``None`` before there was one.
    """

    page: PathPage
    before: PathState | None = None

    @property
    def view(self) -> PersonalView | None:
        """The numbers of the person."""
        return self.page.state.consultation.personal

    @functools.cached_property
    def rows(self) -> tuple[OutcomeRow, ...]:
        """Outcomes that can be compared, over the years that were chosen."""
        if self.view is None:
            return ()
        months = self.page.state.years * MONTHS_A_YEAR
        chosen = [o for o in self.view.outcomes if o.horizon_months == months and o.basis not in APART]
        outcomes = sorted({o.outcome.id: o.outcome for o in chosen}.values(), key=outcome_order)
        return tuple(self._row(outcome, self.view, chosen) for outcome in outcomes)

    @property
    def first_rows(self) -> tuple[OutcomeRow, ...]:
        """What is read first: relapses, disability, stopping, and serious harm that was counted under both options."""
        return tuple(row for row in self.rows if _is_first(row))

    @property
    def other_rows(self) -> tuple[OutcomeRow, ...]:
        """Everything else."""
        return tuple(row for row in self.rows if not _is_first(row))

    def _row(self, outcome: Outcome, view: PersonalView, chosen: list[PersonalOutcome]) -> OutcomeRow:
        found = {o.option.id: o for o in chosen if o.outcome.id == outcome.id}
        first = next(iter(found.values()))
        numbers = tuple(found.get(option.id) for option in view.options)
        pair = (option.treatment.id for option in self.page.state.consultation.options)
        difference = view.difference(outcome.id, first.horizon_months, *pair)
        return OutcomeRow(
            outcome,
            outcome_words(outcome, self.page.words),
            first.denominator,
            self.page.words(f"clinician.basis.{first.basis}"),
            tuple(None if one is None else self._cell(one) for one in numbers),
            None if difference is None else self._difference(difference),
        )

    def _cell(self, one: PersonalOutcome) -> Cell:
        digits = 1 if one.denominator > 100 else 0
        ends = widened(one.low, one.high, digits)
        affected, low, high = (self.page.words.number(value, digits) for value in (one.affected, *ends))
        level = self.page.words(f"clinician.certainty.{one.estimate.certainty.level.value}")
        return Cell(one, affected, low, high, level)

    def _difference(self, one: OutcomeDifference) -> Difference:
        text, low, high = (self._signed(value) for value in (one.difference, one.low, one.high))
        if one.number_needed is None or one.is_benefit is None:
            return Difference(one, text, low, high)
        needed, least, most = (self.page.words.number(value) for value in needed_numbers(one))
        return Difference(one, text, low, high, "benefit" if one.is_benefit else "harm", needed, least, most)

    def _signed(self, value: float) -> str:
        sign = "\N{MINUS SIGN}" if value < 0 else "+" if value > 0 else ""
        return sign + self.page.words.number(abs(value), 1)

    @functools.cached_property
    def moved(self) -> tuple[Moved, ...]:
        """What the last change of a fact moved: each number with what it was."""
        if self.before is None or self.view is None:
            return ()
        earlier = self.before.consultation.personal
        if earlier is None:
            return ()
        then = {_key(o): o for o in earlier.outcomes}
        found = []
        for now in self.view.outcomes:
            one = then.get(_key(now))
            scale = 100 / now.denominator if is_share(now) else 100 / max(now.affected, 1)
            if one is None or abs(one.affected - now.affected) * scale < SMALLEST_MOVE:
                continue
            if now.horizon_months == self.page.state.years * MONTHS_A_YEAR:
                name = outcome_words(now.outcome, self.page.words)
                option = self.page.option_name(now.option.id, now.option.name)
                found.append(Moved(name, option, self._short(one), self._short(now), now.estimate.id))
        return tuple(found)

    def _short(self, one: PersonalOutcome) -> str:
        cell = self._cell(one)
        key = "clinician.of" if is_share(one) else "clinician.among"
        return self.page.words(key, count=cell.affected, low=cell.low, high=cell.high, total=one.denominator)


def _is_first(row: OutcomeRow) -> bool:
    group = row.outcome.group
    return group in _FIRST or (group is OutcomeGroup.SERIOUS_HARM and row.difference is not None)


def _key(one: PersonalOutcome) -> tuple[str, str, int]:
    return one.option.id, one.outcome.id, one.horizon_months
