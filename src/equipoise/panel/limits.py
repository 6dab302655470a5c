"""Results that call for somebody: thresholds that a text states, and the laboratory's own range, as one expression."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from equipoise.evidence import Evidence
from equipoise.panel.extras import needs
from equipoise.panel.rules import Inputs, Table, later
from equipoise.safety.alerts import LABORATORY_RANGE, AlertKind
from equipoise.safety.calendar_dates import months_and_days
from equipoise.safety.monitoring_tests import ANALYTES
from equipoise.safety.plan_readings import ALSO, Context
from equipoise.safety.results import EARLIEST
from equipoise.safety.thresholds import RELATIVE_FALL, TIMES_UPPER_LIMIT, Origin, Threshold, Urgency, thresholds
from equipoise.safety.units import factor
from equipoise.vocabulary.errors import SafetyDataError
from equipoise.vocabulary.terms import Jurisdiction

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
    months
        For how many months every result must cross it, more than these; 0 where one is enough.
    is_carry_on
        Whether the text says that nothing is to be done: it raises no alert, but a result is settled by it.
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
    months: int
    is_carry_on: bool


def limits_of(evidence: Evidence, pairs: Iterable[tuple[str, str]]) -> tuple[Limit, ...]:
    """Return the thresholds of some drugs' labels, those that a text carries on with among them."""
    found = []
    for drug, place in sorted(set(pairs)):
        for limit in thresholds(evidence.labels[drug], Jurisdiction(place)):
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
                    months=_months(limit),
                    is_carry_on=limit.is_carry_on,
                )
            )
    return tuple(found)


def _months(limit: Threshold) -> int:
    months, days = months_and_days(limit.lasting) if limit.lasting else (0, 0)
    if days or (limit.lasting and limit.operator == RELATIVE_FALL):
        raise SafetyDataError(f"{limit.id}: '{limit.lasting}' is not expressed over a panel.\n  allowed: whole months")
    return months


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


def crossings(inputs: Inputs, usable: Table, plans: Table, *, has_lasting: bool) -> Table:
    """Return every result that lies outside its laboratory's range or crosses a threshold.

    Parameters
    ----------
    inputs, usable, plans
        The panel's tables, its results that can be taken, and its plans.
    has_lasting
        Whether a threshold speaks of months: only then is every series walked for it.

    Returns
    -------
    Table
        ``person_id, drug_id, limit_id, analyte, day, value, unit, side, kind, urgency, origin``; a row for each rule
        that a result meets, and one for each newest result that nothing can be held against.
    """
    beyond = _beyond(inputs, usable, plans, has_lasting=has_lasting)
    told = [_outside(usable, plans), beyond.select(*_FOUND), _unheld(inputs, usable, plans, beyond)]
    return told[0].union(*told[1:], distinct=False)


def _side(results: Table) -> Any:
    ibis = needs("ibis")
    return ibis.cases(
        ((results.value > results.reference_high).fill_null(False), "high"),
        ((results.value < results.reference_low).fill_null(False), "low"),
        else_="",
    )


def _outside(usable: Table, plans: Table) -> Table:
    sided = usable.mutate(side=_side(usable))
    outside = sided.filter(sided.side != "")
    joined = outside.inner_join(plans.select("person_id", "drug_id"), "person_id")
    return _by_range(joined, AlertKind.OUTSIDE_RANGE)


def _by_range(found: Table, kind: AlertKind) -> Table:
    said = {
        "limit_id": LABORATORY_RANGE,
        "kind": kind.value,
        "urgency": Urgency.NOT_STATED.value,
        "origin": Origin.LABORATORY.value,
    }
    return found.mutate(**{name: needs("ibis").literal(value) for name, value in said.items()}).select(*_FOUND)


# Of one day a table keeps no order, and every engine has to give the same answer: the lower value comes first.
_IN_ORDER = ("day", "common", "upper", "lower")


def _ordered(results: Table) -> Table:
    return results.mutate(upper=results.reference_high.fill_null(0.0), lower=results.reference_low.fill_null(0.0))


def _unheld(inputs: Inputs, usable: Table, plans: Table, beyond: Table) -> Table:
    """Return the newest results without a range that no text settles: not known is not normal."""
    ibis = needs("ibis")
    bare = usable.filter(usable.reference_low.isnull() & usable.reference_high.isnull())
    series = _ordered(usable.semi_join(bare.select("person_id", "analyte").distinct(), ["person_id", "analyte"]))
    newest = series.mutate(
        place=ibis.row_number().over(
            group_by=["person_id", "analyte"], order_by=[ibis.desc(series[name]) for name in _IN_ORDER]
        )
    )
    newest = newest.filter(newest.place == 0, newest.reference_low.isnull(), newest.reference_high.isnull())
    of_plan = plans.select("person_id", "drug_id", "jurisdiction", "first_1", "newest", "n_courses")
    asked = newest.inner_join(of_plan, "person_id").mutate(side=ibis.literal(""))
    held = asked.inner_join(inputs.limits, ["drug_id", "jurisdiction", "analyte"])
    held = held.mutate(compared=held.common, previous=ibis.null("float64"))
    held = held.filter(
        held.operator != RELATIVE_FALL,
        ~held.in_upper_limits,
        ~held.is_carry_on | (_answer(held) == 2),
        _speaks_of(held),
    )
    settled = asked.anti_join(held.select("person_id", "drug_id", "analyte").distinct(), _OF_ONE_SERIES)
    told = beyond.select(*_OF_ONE_SERIES, "day", "common").distinct()
    return _by_range(settled.anti_join(told, [*_OF_ONE_SERIES, "day", "common"]), AlertKind.CANNOT_JUDGE)


_OF_ONE_SERIES = ("person_id", "drug_id", "analyte")


def _beyond(inputs: Inputs, usable: Table, plans: Table, *, has_lasting: bool) -> Table:
    ibis = needs("ibis")
    of_plan = plans.select("person_id", "drug_id", "jurisdiction", "first_1", "newest", "n_courses")
    raising = inputs.limits.filter(~inputs.limits.is_carry_on)
    asked = of_plan.inner_join(raising, ["drug_id", "jurisdiction"])
    joined = _ordered(asked.inner_join(usable, ["person_id", "analyte"]))
    order = {"group_by": ["person_id", "drug_id", "limit_id"], "order_by": list(_IN_ORDER)}
    before = joined.mutate(
        side=_side(joined),
        compared=joined.in_upper_limits.ifelse(joined.value / joined.reference_high.nullif(0.0), joined.common),
        previous=joined.common.lag().over(**order),
        nth=ibis.row_number().over(**order) + 1,
    )
    judged = before.mutate(answer=_answer(before))
    if has_lasting:
        judged = _lasted(judged, order)
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
    )


def _lasted(judged: Table, order: dict[str, list[str]]) -> Table:
    """Let a threshold that speaks of months be crossed only by results that have crossed it for so long, every one."""
    up_to_here = {"rows": (None, 0)}
    is_break = (judged.answer == 0).cast("int64")
    runs = judged.mutate(run=is_break.sum().over(**order, **up_to_here))
    of_run = {"group_by": [*order["group_by"], "run"], "order_by": order["order_by"], **up_to_here}
    crossing = runs.answer > 0
    walked = runs.mutate(
        since=crossing.ifelse(runs.day, None).min().over(**of_run),
        surest=crossing.ifelse(runs.answer, None).min().over(**of_run),
    )
    has_lasted = (walked.answer > 0) & (later(walked.since, walked.months) < walked.day)
    lasting = has_lasted.fill_null(False).ifelse(walked.surest, 0)
    return walked.mutate(answer=(walked.months > 0).ifelse(lasting, walked.answer))


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
