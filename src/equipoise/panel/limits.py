"""Results that call for somebody: thresholds that a text states, and the laboratory's own range, as one expression."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from equipoise.evidence import Evidence
from equipoise.panel.extras import needs
from equipoise.panel.rules import Inputs, Table
from equipoise.safety.alerts import AlertKind
from equipoise.safety.monitoring_tests import ANALYTES
from equipoise.safety.plan_readings import ALSO, Context
from equipoise.safety.results import EARLIEST
from equipoise.safety.thresholds import RELATIVE_FALL, TIMES_UPPER_LIMIT, Origin, Urgency, thresholds
from equipoise.safety.units import factor
from equipoise.vocabulary.errors import SafetyDataError
from equipoise.vocabulary.terms import Jurisdiction

LABORATORY = "laboratory-range"
MOST_CONSECUTIVE = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold with everything in the analyte's own unit.

    Attributes
    ----------
    drug_id, jurisdiction, limit_id, analyte, operator, consecutive, urgency, origin, context
        As in :class:`equipoise.safety.thresholds.Threshold`.
    in_upper_limits
        Whether it counts in upper limits of the laboratory.
    low, high
        The number, and the second one of ``between``.
    also_above
        For a relative fall: what the value must stay above, or nothing.
    """

    drug_id: str
    jurisdiction: str
    limit_id: str
    analyte: str
    operator: str
    consecutive: int
    urgency: str
    origin: str
    context: str
    in_upper_limits: bool
    low: float
    high: float
    also_above: float | None


def limits_of(evidence: Evidence, pairs: Iterable[tuple[str, str]]) -> tuple[Limit, ...]:
    """Return the thresholds of some drugs' labels; what a text says to carry on with is none."""
    found = []
    for drug, place in sorted(set(pairs)):
        for limit in thresholds(evidence.labels[drug], Jurisdiction(place)):
            if limit.is_carry_on:
                continue
            if limit.consecutive > MOST_CONSECUTIVE:
                raise SafetyDataError(
                    f"{limit.id}: {limit.consecutive} results in a row cannot be expressed over a panel.\n"
                    f"  allowed: up to {MOST_CONSECUTIVE}"
                )
            counts = limit.unit == TIMES_UPPER_LIMIT
            is_share = limit.operator == RELATIVE_FALL
            scale = 1.0 if counts or is_share else factor(limit.unit, ANALYTES[limit.analyte])
            high = limit.value if limit.value_high is None else limit.value_high
            found.append(
                Limit(
                    drug_id=drug,
                    jurisdiction=place,
                    limit_id=limit.id,
                    analyte=limit.analyte,
                    operator=limit.operator,
                    consecutive=limit.consecutive,
                    urgency=limit.urgency,
                    origin=limit.origin,
                    context=limit.context,
                    in_upper_limits=counts,
                    low=limit.value * scale,
                    high=high * scale,
                    also_above=_also(limit.id, limit.analyte),
                )
            )
    return tuple(found)


def _also(limit_id: str, analyte: str) -> float | None:
    if limit_id not in ALSO:
        return None
    operator, value, unit = ALSO[limit_id]
    if operator != ">":
        raise SafetyDataError(f"{limit_id}: '{operator}' beside a relative fall is not expressed here.\n  allowed: >")
    return value * factor(unit, ANALYTES[analyte])


def taken(inputs: Inputs, on: int) -> Table:
    """Return the results up to a day that can be taken, each in its analyte's own unit.

    The guards are those of :func:`equipoise.safety.results.faults`: a number that is possible in a person, a range
    whose lower limit lies below the upper one, and a day that is neither in the future nor before any of these drugs.
    """
    results = inputs.results
    known = results.inner_join(inputs.units, ["analyte", "unit"])
    known = known.mutate(day=results.taken_on.epoch_days().cast("int64"), common=known.value * known.factor)
    return known.filter(known.day <= on, is_possible(known))


def is_possible(known: Table) -> Any:
    """Whether a result could be one, as an expression over results joined with their units."""
    low, high = known.reference_low, known.reference_high
    is_number = known.value.notnull() & ~known.value.isnan() & ~known.value.isinf()
    in_person = (known.common > 0) | ((known.common == 0) & known.may_be_zero)
    in_order = (low < high).fill_null(True) & (low >= 0).fill_null(True) & (high >= 0).fill_null(True)
    in_time = known.taken_on >= needs("ibis").literal(EARLIEST)
    return is_number & in_person & (known.common <= known.highest) & in_order & in_time


def crossings(inputs: Inputs, usable: Table, plans: Table) -> Table:
    """Return every result that lies outside its laboratory's range or crosses a threshold.

    Returns
    -------
    Table
        ``person_id, drug_id, limit_id, analyte, day, value, unit, side, kind, urgency, origin``; a row for each rule
        that a result meets.
    """
    return _outside(usable, plans).union(_beyond(inputs, usable, plans), distinct=False)


def _side(results: Table) -> Any:
    ibis = needs("ibis")
    return ibis.cases(
        ((results.value > results.reference_high).fill_null(False), "high"),
        ((results.value < results.reference_low).fill_null(False), "low"),
        else_="",
    )


def _outside(usable: Table, plans: Table) -> Table:
    ibis = needs("ibis")
    sided = usable.mutate(side=_side(usable))
    outside = sided.filter(sided.side != "")
    joined = outside.inner_join(plans.select("person_id", "drug_id"), "person_id")
    said = {
        "limit_id": LABORATORY,
        "kind": AlertKind.OUTSIDE_RANGE.value,
        "urgency": Urgency.NOT_STATED.value,
        "origin": Origin.LABORATORY.value,
    }
    return joined.mutate(**{name: ibis.literal(value) for name, value in said.items()}).select(*_FOUND)


def _beyond(inputs: Inputs, usable: Table, plans: Table) -> Table:
    ibis = needs("ibis")
    of_plan = plans.select("person_id", "drug_id", "jurisdiction", "first_1", "newest", "n_courses")
    asked = of_plan.inner_join(inputs.limits, ["drug_id", "jurisdiction"])
    joined = asked.inner_join(usable, ["person_id", "analyte"])
    # Of one day a table keeps no order, and every engine has to give the same answer: the lower value comes first.
    order = {"group_by": ["person_id", "drug_id", "limit_id"], "order_by": ["day", "common", "upper"]}
    joined = joined.mutate(upper=joined.reference_high.fill_null(0.0))
    before = joined.mutate(
        side=_side(joined),
        compared=joined.in_upper_limits.ifelse(joined.value / joined.reference_high.nullif(0.0), joined.common),
        previous=joined.common.lag().over(**order),
        nth=ibis.row_number().over(**order) + 1,
    )
    judged = before.mutate(answer=_answer(before))
    # 2 is crossed, 1 cannot be told, 0 is not: of results in a row the lowest decides.
    with_one_before = judged.mutate(answer_before=judged.answer.lag().over(**order))
    decided = with_one_before.mutate(
        answer=(with_one_before.consecutive > 1).ifelse(
            ibis.least(with_one_before.answer, with_one_before.answer_before.fill_null(0)), with_one_before.answer
        )
    )
    told = decided.filter(decided.answer > 0, _speaks_of(decided))
    return told.mutate(
        kind=(told.answer == 2).ifelse(AlertKind.THRESHOLD.value, AlertKind.CANNOT_JUDGE.value),
        urgency=(told.answer == 2).ifelse(told.urgency, Urgency.NOT_STATED.value),
    ).select(*_FOUND)


def _answer(results: Table) -> Any:
    ibis = needs("ibis")
    value, low, high = results.compared, results.low, results.high
    fall = 100 * (1 - results.common / results.previous.nullif(0.0))
    has_fallen = (
        (results.previous > 0) & (fall >= low) & (results.also_above.isnull() | (results.common > results.also_above))
    ).fill_null(False)
    has_no_limit = results.in_upper_limits & (results.reference_high.isnull() | (results.reference_high == 0))
    is_beyond = ibis.cases(
        (results.operator == "<", value < low),
        (results.operator == "<=", value <= low),
        (results.operator == ">", value > low),
        (results.operator == ">=", value >= low),
        (results.operator == "between", (value >= low) & (value <= high)),
        else_=False,
    )
    return ibis.cases(
        (results.operator == RELATIVE_FALL, has_fallen.cast("int64") * 2),
        (has_no_limit, 1),
        else_=is_beyond.fill_null(False).cast("int64") * 2,
    )


def _speaks_of(results: Table) -> Any:
    ibis = needs("ibis")
    day, first = results.day, results.first_1
    return ibis.cases(
        (results.context == Context.ALWAYS.value, True),
        (results.context == Context.BEFORE_TREATMENT.value, day <= first),
        (results.context == Context.FIRST_DOSE_DAY.value, day == first),
        else_=(day > first) & ((results.n_courses == 1) | (day <= results.newest)),
    )


_FOUND = (
    "person_id",
    "drug_id",
    "limit_id",
    "analyte",
    "day",
    "value",
    "unit",
    "side",
    "kind",
    "urgency",
    "origin",
)
