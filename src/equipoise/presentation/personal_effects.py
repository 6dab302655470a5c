"""The effects table of a person: outcomes as rows, options as columns, one horizon and one denominator per table.

This is the unmerged view (the consequences of PrOACT-URL): every outcome stands by itself before anything is weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from equipoise.consultation.personal import (
    BaselineSummary,
    Declining,
    OutcomeDifference,
    PersonalOutcome,
    PersonalView,
)
from equipoise.presentation.comparison_view import FIRST_HARMS
from equipoise.presentation.frequencies import Frequency
from equipoise.presentation.personal_words import APART, basis_words, event_words, people_words, width_words
from equipoise.safety.calendar_dates import MONTHS_A_YEAR
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Provenance, SourceRow, source_rows
from equipoise.vocabulary.terms import Outcome, OutcomeGroup, Treatment

FIRST_OUTCOMES = (
    "relapse-free",
    "relapses",
    "annualised-relapse-rate",
    "confirmed-disability-worsening-6m",
    "confirmed-disability-improvement-6m",
)
FIRST_STOPPING = frozenset({"discontinuation-adverse-event"})
_SHORTENED = (OutcomeGroup.COMMON_HARM, OutcomeGroup.STOPPING, OutcomeGroup.TRIAL_CONDUCT)
_GROUPS = tuple(OutcomeGroup)
_ROUNDING_ERROR = 1e-9


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One outcome under every option.

    Attributes
    ----------
    outcome
        What.
    cells
        One per option, in the order of the options; ``None`` where nothing is said.
    withheld
        Whether a number of that option is withheld, for a reason that is told; elsewhere a gap means that nobody
        reported one.
    """

    outcome: Outcome
    cells: tuple[PersonalOutcome | None, ...]
    withheld: tuple[bool, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What stands in a cell without a number."""
        return tuple("not said: see the reasons below" if one else "not reported" for one in self.withheld)

    @property
    def basis(self) -> str:
        """How all numbers of the row were made, in words; empty where that differs."""
        kinds = {cell.basis for cell in self.cells if cell is not None}
        return basis_words(kinds.pop()) if len(kinds) == 1 else ""


@dataclass(frozen=True, slots=True)
class EffectsTable:
    """Rows on one horizon and one denominator.

    Attributes
    ----------
    horizon_months, denominator
        The same for every number in it.
    is_apart
        Whether the numbers come from people without anyone to compare with.
    rows, more
        The outcomes to read first, and the rest: a long list of harms frightens, and is not read.
    """

    horizon_months: int
    denominator: int
    is_apart: bool
    rows: tuple[EffectRow, ...]
    more: tuple[EffectRow, ...] = ()


@dataclass(frozen=True)
class PersonalEffects:
    """The numbers of a person, laid out for reading. It selects and orders; it computes nothing.

    Attributes
    ----------
    view
        What to lay out.
    """

    view: PersonalView

    @property
    def horizon(self) -> int:
        """The horizon to show first, months."""
        return self.view.years * MONTHS_A_YEAR

    @cached_property
    def tables(self) -> tuple[EffectsTable, ...]:
        """Every table: by horizon, what was compared before what was not, common outcomes before rare ones."""
        keys = {(o.horizon_months, o.basis in APART, o.denominator) for o in self.view.outcomes}
        return tuple(EffectsTable(m, d, apart, *split(self._rows(m, d, apart))) for m, apart, d in sorted(keys))

    @property
    def first(self) -> tuple[EffectsTable, ...]:
        """Tables on the horizon that was asked for, of numbers that can be compared."""
        return tuple(t for t in self.tables if t.horizon_months == self.horizon and not t.is_apart)

    @property
    def other_horizons(self) -> tuple[EffectsTable, ...]:
        """Tables on another horizon, of numbers that can be compared."""
        return tuple(t for t in self.tables if t.horizon_months != self.horizon and not t.is_apart)

    @property
    def apart(self) -> tuple[EffectsTable, ...]:
        """Tables of numbers from people without anyone to compare with."""
        return tuple(t for t in self.tables if t.is_apart)

    def differences(self) -> tuple[tuple[int, tuple[OutcomeDifference, ...]], ...]:
        """Return the differences by horizon, the one asked for first, each in the order of the outcomes."""
        horizons = sorted({d.horizon_months for d in self.view.differences}, key=lambda m: (m != self.horizon, m))
        found = []
        for months in horizons:
            of_horizon = [d for d in self.view.differences if d.horizon_months == months]
            found.append((months, tuple(sorted(of_horizon, key=lambda d: outcome_order(d.outcome)))))
        return tuple(found)

    @property
    def baselines(self) -> tuple[BaselineSummary, ...]:
        """Baselines, the one that was used first."""
        return tuple(sorted(self.view.baselines, key=lambda baseline: not baseline.is_used))

    def _rows(self, months: int, denominator: int, is_apart: bool) -> tuple[EffectRow, ...]:
        chosen = [
            o
            for o in self.view.outcomes
            if (o.horizon_months, o.denominator, o.basis in APART) == (months, denominator, is_apart)
        ]
        outcomes = sorted({o.outcome.id: o.outcome for o in chosen}.values(), key=outcome_order)
        return tuple(self._row(outcome, chosen) for outcome in outcomes)

    def _row(self, outcome: Outcome, chosen: Sequence[PersonalOutcome]) -> EffectRow:
        by_option = {o.option.id: o for o in chosen if o.outcome.id == outcome.id}
        cells = tuple(by_option.get(option.id) for option in self.view.options)
        withheld = tuple(is_withheld(self.view.declined, outcome, option) for option in self.view.options)
        return EffectRow(outcome, cells, withheld)


def is_withheld(declined: Iterable[Declining], outcome: Outcome, option: Treatment) -> bool:
    """Whether a number of an outcome is withheld for an option, or for all of them."""
    names = {option.id, option.option, ""}
    return any(one.what == outcome.id and one.option in names for one in declined)


def split(rows: Sequence[EffectRow]) -> tuple[tuple[EffectRow, ...], tuple[EffectRow, ...]]:
    """Return the rows to read first, and the rest.

    Parameters
    ----------
    rows
        Of one table.

    Notes
    -----
    First stand all benefits, all serious harms, stopping for side effects, and of the common harms the ten that most
    people have under any option: the same rule for every option, whichever is named first.
    """
    harms = [row for row in rows if row.outcome.group is OutcomeGroup.COMMON_HARM]
    commonest = sorted(harms, key=lambda row: (-_largest(row), row.outcome.id))[:FIRST_HARMS]
    kept = {row.outcome.id for row in commonest} | FIRST_STOPPING
    first = [r for r in rows if r.outcome.id in kept or r.outcome.group not in _SHORTENED]
    return tuple(first), tuple(row for row in rows if row not in first)


def _largest(row: EffectRow) -> float:
    return max(cell.affected for cell in row.cells if cell is not None)


def outcome_order(outcome: Outcome) -> tuple[int, int, str]:
    """Where an outcome stands: relapses and disability first, then by shelf; never by which option does better."""
    place = FIRST_OUTCOMES.index(outcome.id) if outcome.id in FIRST_OUTCOMES else len(FIRST_OUTCOMES)
    return place, _GROUPS.index(outcome.group), outcome.id


def is_share(of: PersonalOutcome | OutcomeDifference) -> bool:
    """Whether people are counted, each once; otherwise events are, as many as there are."""
    return of.estimate.measure.is_proportion or of.estimate.measure is Measure.RISK_DIFFERENCE


def frequency(of: PersonalOutcome) -> Frequency:
    """Return people as a natural frequency: rounded half up, limits widened to whole people.

    Parameters
    ----------
    of
        A share of people.
    """
    return counted_out(of.estimate.id, of.affected, of.low, of.high, of.denominator)


def counted_out(identifier: str, affected: float, low: float, high: float, denominator: int) -> Frequency:
    """Return people out of a denominator as a natural frequency, as ``frequency`` does.

    Parameters
    ----------
    identifier
        Where the number comes from.
    affected, low, high, denominator
        People, not rounded, and of how many.
    """
    whole = min(denominator, int(affected + 0.5 + _ROUNDING_ERROR))
    least = int(low + _ROUNDING_ERROR)
    most = min(denominator, -int(-(high - _ROUNDING_ERROR) // 1))
    percent = 100 * affected / denominator
    return Frequency(identifier, percent, whole, denominator, min(least, whole), max(most, whole))


def count_words(of: PersonalOutcome) -> str:
    """Return events among people as said: ``85 relapses among 100 people``."""
    return f"{people_words(of.affected)} {event_noun(of.outcome)} among {of.denominator:,} people"


def range_words(of: PersonalOutcome) -> str:
    """Return the limits as said."""
    return frequency(of).range_words if is_share(of) else f"{people_words(of.low)} to {people_words(of.high)}"


def width(of: PersonalOutcome) -> str:
    """Return what the width of the range means, or nothing."""
    return width_words(of.low, of.high, of.denominator if is_share(of) else of.affected, is_share=is_share(of))


def event(of: PersonalOutcome) -> str:
    """Return what happens to the people who are counted."""
    return event_words(of.outcome.event or f"had: {of.outcome.name}", of.basis)


def complement(of: PersonalOutcome) -> str:
    """Return what happens to the others."""
    return event_words(of.outcome.complement or "did not", of.basis)


def event_noun(outcome: Outcome) -> str:
    """Return what is counted where events are: relapses, or the name of the outcome."""
    return "relapses" if outcome.group is OutcomeGroup.RELAPSES else outcome.name


def difference_words(of: OutcomeDifference) -> str:
    """Return a difference as said, without a sign: ``12.2 fewer of 100``."""
    way = "more" if of.difference > 0 else "fewer"
    people = f"of {of.denominator:,}" if is_share(of) else f"among {of.denominator:,} people"
    return f"{abs(of.difference):,.1f} {way} {people}"


def difference_range(of: OutcomeDifference) -> str:
    """Return the limits of a difference as said, without signs."""
    low, high = (f"{abs(limit):,.1f} {'more' if limit > 0 else 'fewer'}" for limit in (of.low, of.high))
    return f"{low} to {high}"


def number_needed(of: OutcomeDifference) -> tuple[str, str, str] | None:
    """Return name, number and limits of the number needed to treat or to harm; ``None`` where it is withheld.

    Notes
    -----
    Rounded to the side that promises less: up for a benefit, down for a harm. It has no sign: the name says which.
    """
    if of.number_needed is None or of.is_benefit is None:
        return None
    name = "NNT (to benefit)" if of.is_benefit else "NNH (to harm)"
    said = [f"{value:,}" for value in needed_numbers(of)]
    return name, said[0], f"{said[1]} to {said[2]}" if len(said) == 3 else "interval not reported"


def needed_numbers(of: OutcomeDifference) -> tuple[int, ...]:
    """Return the number needed and, where they are known, its limits, rounded as ``number_needed`` says them."""
    values = (of.number_needed, of.number_needed_low, of.number_needed_high)
    return tuple(_careful(value, bool(of.is_benefit)) for value in values if value is not None)


def withheld(of: OutcomeDifference) -> str:
    """Return why a number needed is not shown."""
    if of.low <= 0 <= of.high:
        return "withheld: the interval holds no difference"
    return "not given: neither side is better" if is_share(of) else "not given: events are counted, not people"


def sources_of(declined: Declining) -> tuple[SourceRow, ...]:
    """Return the rows that a refusal rests on, each source and place once."""
    return rows_of(declined.provenance)


def rows_of(provenance: Provenance | None) -> tuple[SourceRow, ...]:
    """Return the rows at the leaves of a provenance, each source and place once."""
    rows = source_rows(provenance) if provenance is not None else ()
    return tuple({row.source: row for row in rows}.values())


def _careful(value: float, is_benefit: bool) -> int:
    whole = -int(-value // 1) if is_benefit else int(value)
    return max(whole, 1)
