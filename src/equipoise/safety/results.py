"""Results of tests: typed, in one unit an analyte, and refused in a sentence where they cannot be right."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from equipoise.safety import plan_courses
from equipoise.safety.monitoring_tests import ANALYTES, Analyte, analyte
from equipoise.safety.units import UnitError, factor
from equipoise.vocabulary.errors import EquipoiseError, UnknownTermError

COMPARATORS = ("", "<", "<=", ">", ">=")
EARLIEST = plan_courses.EARLIEST
"""No result is older than the drugs it belongs to; a year of two digits is a slip."""


class ResultError(EquipoiseError):
    """A result cannot be taken as it stands; every fault of it is told."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a laboratory reported.

    Attributes
    ----------
    analyte
        Id of the analyte: ``platelet-count``.
    value, unit
        The number as reported, and its unit as UCUM writes it.
    taken_on
        The day on which the sample was taken.
    reference_low, reference_high
        The laboratory's own reference range, in the same unit; ``None`` where it gives no limit on that side.
    laboratory
        Which laboratory; empty if not known.
    comparator
        ``<`` or ``>`` for a value beyond what the method can measure; empty otherwise.
    id
        The reporting system's id, so that a second import is the same result; may be empty.
    """

    analyte: str
    value: float
    unit: str
    taken_on: datetime.date
    reference_low: float | None = None
    reference_high: float | None = None
    laboratory: str = ""
    comparator: str = ""
    id: str = ""

    @property
    def of(self) -> Analyte:
        """What was measured."""
        return analyte(self.analyte)

    @property
    def in_common_unit(self) -> float:
        """The value in the analyte's own unit."""
        return self.value * factor(self.unit, self.of)

    @property
    def has_range(self) -> bool:
        """Whether the laboratory reported a limit on either side."""
        return self.reference_low is not None or self.reference_high is not None

    @property
    def times_beyond(self) -> float:
        """How many times the laboratory's limit it lies beyond: 2 for half the lower or twice the upper; else 0."""
        if self.side == "high" and self.reference_high is not None:
            return self.value / self.reference_high if self.reference_high else math.inf
        if self.side == "low" and self.reference_low is not None:
            return self.reference_low / self.value if self.value else math.inf
        return 0.0

    @property
    def side(self) -> str | None:
        """``low`` or ``high`` outside the laboratory's range, empty inside it, ``None`` where it cannot be told.

        Without any limit it cannot be told. Where a laboratory reports one limit only, as for liver tests, that limit
        is its range.
        """
        if self.reference_high is not None and self.comparator in ("", ">", ">=") and self.value > self.reference_high:
            return "high"
        if self.reference_low is not None and self.comparator in ("", "<", "<=") and self.value < self.reference_low:
            return "low"
        if not self.has_range:
            return None
        return "" if not self.comparator or self._is_inside_for_sure() else None

    def _is_inside_for_sure(self) -> bool:
        if self.comparator.startswith("<"):
            return self.reference_low is None and self.reference_high is not None and self.value <= self.reference_high
        return self.reference_high is None and self.reference_low is not None and self.value >= self.reference_low


def faults(result: Result, on: datetime.date) -> tuple[str, ...]:
    """Return everything that is wrong with a result, a sentence each; nothing where it can be taken.

    Parameters
    ----------
    result
        The result.
    on
        Today, as far as the caller is concerned.
    """
    return tuple(_faults(result, on))


def checked(result: Result, on: datetime.date) -> Result:
    """Return a result that can be taken.

    Raises
    ------
    ResultError
        With every fault.
    """
    found = faults(result, on)
    if found:
        raise ResultError("this result cannot be taken.\n" + "\n".join(f"  - {fault}" for fault in found))
    return result


def _faults(result: Result, on: datetime.date) -> Iterator[str]:
    if result.taken_on > on:
        yield f"taken on {result.taken_on}, which is after {on}: allowed is a day up to {on}."
    if result.taken_on < EARLIEST:
        yield f"taken on {result.taken_on}: allowed is a day from {EARLIEST} on; is the year complete?"
    if result.comparator not in COMPARATORS:
        yield f"'{result.comparator}' before the value: allowed are <, <=, >, >= or nothing."
    yield from _range_faults(result)
    try:
        known = result.of
    except UnknownTermError as error:
        yield str(error).replace("\n", " ")
        return
    if not math.isfinite(result.value):
        yield f"{known.name}: the value is no number."
        return
    try:
        value = result.in_common_unit
    except UnitError as error:
        yield str(error).replace(".\n  ", "; ")
        return
    if value < 0 or (value == 0 and not known.may_be_zero and not result.comparator):
        yield f"{known.name}: {result.value:g} {result.unit} is impossible; allowed is a number above 0."
    elif value > known.highest:
        yield (
            f"{known.name}: {result.value:g} {result.unit} is not possible in a person; allowed is up to "
            f"{known.highest:g} {known.unit}. Is the unit right?"
        )


def _range_faults(result: Result) -> Iterator[str]:
    limits = [limit for limit in (result.reference_low, result.reference_high) if limit is not None]
    if any(not math.isfinite(limit) or limit < 0 for limit in limits):
        yield "the reference range: allowed are numbers from 0 up, or nothing."
    elif len(limits) == 2 and limits[0] >= limits[1]:
        yield f"the reference range {limits[0]:g} to {limits[1]:g}: the lower limit must be below the upper one."


def series_of(results: Iterable[Result], on: datetime.date) -> dict[str, Sequence[Result]]:
    """Return results up to a day by analyte, oldest first; of two with the same id the later one in the list counts."""
    kept: dict[tuple[str, ...], Result] = {}
    for number, result in enumerate(results):
        if result.taken_on <= on and result.analyte in ANALYTES:
            kept[(result.analyte, result.id or f"#{number}")] = result
    by_analyte: dict[str, list[Result]] = {}
    for result in kept.values():
        by_analyte.setdefault(result.analyte, []).append(result)
    return {name: sorted(found, key=lambda result: result.taken_on) for name, found in by_analyte.items()}
