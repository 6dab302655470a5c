"""What is known of every outcome, option by option: made for a person, or counted in groups where nothing can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from equipoise.consultation import Consultation
from equipoise.consultation.personal import PersonalView
from equipoise.outcomes.draws import ARM
from equipoise.presentation.personal_effects import FIRST_STOPPING, outcome_order
from equipoise.presentation.personal_words import APART
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.terms import Outcome, OutcomeGroup

BENEFITS = (OutcomeGroup.RELAPSES, OutcomeGroup.DISABILITY)
HARMS = (OutcomeGroup.STOPPING, OutcomeGroup.COMMON_HARM)
SERIOUS = (OutcomeGroup.SERIOUS_HARM,)
MAIN = ("relapse-free", "confirmed-disability-worsening-6m", "confirmed-disability-worsening-3m")
GRAVEST = frozenset(("death",))
"""Shown however few they are."""
FEW = 3

Cell = tuple[Estimate, str]
"""A number, and how it was made."""


@dataclass(frozen=True, slots=True)
class Line:
    """One outcome over one length of time, under every option.

    Attributes
    ----------
    outcome, months
        What, and by when.
    is_apart
        Whether the numbers come from people without anyone to compare with.
    cells
        One per option, in the order of the options; ``None`` where there is no number.
    """

    outcome: Outcome
    months: int
    is_apart: bool
    cells: tuple[Cell | None, ...]

    @property
    def known(self) -> int:
        """How many options have a number."""
        return sum(cell is not None for cell in self.cells)

    @property
    def largest(self) -> float:
        """The largest number under any option."""
        return max(estimate.value for estimate, _ in filter(None, self.cells))


def personal_lines(view: PersonalView) -> tuple[Line, ...]:
    """Return everything that was worked out or counted for a person, in the order in which outcomes are read."""
    cells: dict[tuple[str, int, bool], dict[str, Cell]] = {}
    outcomes = {}
    for one in view.outcomes:
        key = one.outcome.id, one.horizon_months, one.basis in APART
        cells.setdefault(key, {})[one.option.id] = one.estimate, one.basis
        outcomes[one.outcome.id] = one.outcome
    lines = (
        Line(outcomes[name], months, is_apart, tuple(held.get(option.id) for option in view.options))
        for (name, months, is_apart), held in cells.items()
    )
    return _ordered(lines)


def group_lines(consultation: Consultation) -> tuple[Line, ...]:
    """Return what trials counted under both options, for somebody whom these trials would not have let in."""
    return _ordered(_group_lines(consultation))


def _group_lines(consultation: Consultation) -> Iterator[Line]:
    for section in consultation.sections:
        shown = section.one_view
        if shown is None or not shown.timepoint_months or section.outcome.group not in (*BENEFITS, *HARMS, *SERIOUS):
            continue
        cells = tuple((arm, ARM) if arm is not None and arm.measure.is_proportion else None for arm in shown.arms)
        if any(cells):
            yield Line(section.outcome, round(shown.timepoint_months), False, cells)


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (outcome_order(line.outcome), line.months)))


def of_groups(lines: Iterable[Line], groups: Sequence[OutcomeGroup]) -> tuple[Line, ...]:
    """Return the lines of some shelves that can be compared."""
    return tuple(line for line in lines if line.outcome.group in groups and not line.is_apart)


def length_of(lines: Sequence[Line], asked: int) -> int:
    """Return the one length of time on which lines are shown: the one asked for, else the one with most numbers.

    Parameters
    ----------
    lines
        Of one section.
    asked
        Months.
    """
    lengths = {line.months for line in lines}
    if asked in lengths or not lengths:
        return asked
    return max(lengths, key=lambda months: (sum(line.known for line in lines if line.months == months), months))


def commonest(lines: Sequence[Line], most: int) -> tuple[Line, ...]:
    """Return the harms that most people have under any option: the same rule for every option."""
    return tuple(sorted(lines, key=lambda line: (-line.largest, line.outcome.id))[:most])


def is_first_stopping(line: Line) -> bool:
    """Whether a line is about stopping a drug for its side effects."""
    return line.outcome.id in FIRST_STOPPING
