"""What results call for: what a text says about them, and what lies outside the laboratory's range."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from equipoise.evidence import LabelEntry
from equipoise.safety.monitoring_tests import TESTS
from equipoise.safety.plan_document import MonitoringPlan, SymptomWatch
from equipoise.safety.results import Result, series_of
from equipoise.safety.thresholds import Origin, Threshold, Urgency, crossed
from equipoise.vocabulary.provenance import SourceRef

_URGENCY_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}
OUTSIDE_RANGE_TEXT = "Outside the laboratory's range."


class AlertKind(StrEnum):
    """What an alert rests on."""

    THRESHOLD = "threshold"
    """A number that somebody stated was crossed."""
    OUTSIDE_RANGE = "outside-range"
    """Outside the laboratory's range; no text here states a number or what to do."""
    CANNOT_JUDGE = "cannot-judge"
    """A threshold exists, and the result does not carry what it needs."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a result compares with the person's own earlier ones. A description: no text states when it is too much.

    Attributes
    ----------
    baseline, percent_from_baseline
        The last result up to the first dose, and the change since; ``None`` where there is none.
    previous, percent_from_previous
        The result before, and the change since.
    outside_in_a_row
        How many results up to this one lie outside the laboratory's range on the same side.
    """

    baseline: Result | None
    percent_from_baseline: float | None
    previous: Result | None
    percent_from_previous: float | None
    outside_in_a_row: int


@dataclass(frozen=True, slots=True)
class Alert:
    """A result that somebody should look at.

    Attributes
    ----------
    id
        From the threshold, the analyte and the day: the same result gives the same id every morning.
    kind
        What it rests on.
    result, change
        The result, and how it compares with the person's own.
    side
        ``low`` or ``high`` outside the laboratory's range; empty otherwise.
    text, action, urgency, origin
        What is said, what to do (empty where no text says), how urgent, and who says so.
    entry
        The label entry; ``None`` for the laboratory's range and the clinic's own limits.
    signs
        Entries that name this test without a number, so that what the label does say stands beside the result.
    """

    id: str
    kind: AlertKind
    result: Result
    change: Change
    side: str
    text: str
    action: str
    urgency: Urgency
    origin: Origin
    entry: LabelEntry | None
    signs: tuple[SymptomWatch, ...] = ()

    @property
    def source(self) -> SourceRef | None:
        """Where the threshold is stated."""
        return None if self.entry is None else self.entry.source


def alerts(
    plan: MonitoringPlan, limits: Iterable[Threshold], results: Iterable[Result], on: datetime.date
) -> tuple[tuple[Alert, ...], tuple[Alert, ...]]:
    """Hold results against thresholds and against the laboratory's own ranges.

    Parameters
    ----------
    plan
        The person's plan: its courses set the baseline, its watch holds what labels say without a number.
    limits
        Thresholds of the drug's label for the plan's jurisdiction, and the clinic's own.
    results
        The person's results, already checked.
    on
        Results after this day are not looked at.

    Returns
    -------
    tuple of tuples
        Alerts, the most urgent and then the newest first; and what a text says to carry on with, which is no alert.

    Notes
    -----
    A result outside the laboratory's range, without a threshold of somebody, is "outside the laboratory's range" and
    nothing more.
    """
    raised: list[Alert] = []
    carry_on: list[Alert] = []
    wanted: dict[str, list[Threshold]] = {}
    for limit in limits:
        wanted.setdefault(limit.analyte, []).append(limit)
    for name, series in series_of(results, on).items():
        signs = tuple(sign for sign in plan.watch if name in _measured(sign.entry))
        for number in range(1, len(series) + 1):
            past = series[:number]
            change = _change(past, plan)
            for limit in wanted.get(name, ()):
                answer = crossed(limit, past, plan.courses)
                if answer is not False:
                    alert = _of_threshold(limit, past[-1], change, signs, is_certain=answer is True)
                    (carry_on if limit.is_carry_on else raised).append(alert)
            if past[-1].side:
                raised.append(_outside(past[-1], change, signs))
    return tuple(sorted(raised, key=_by_urgency)), tuple(sorted(carry_on, key=_by_urgency))


def _by_urgency(alert: Alert) -> tuple[int, int, str]:
    return _URGENCY_ORDER[alert.urgency], -alert.result.taken_on.toordinal(), alert.id


def _of_threshold(
    limit: Threshold, result: Result, change: Change, signs: tuple[SymptomWatch, ...], *, is_certain: bool
) -> Alert:
    return Alert(
        id=_identifier(limit.id, result),
        kind=AlertKind.THRESHOLD if is_certain else AlertKind.CANNOT_JUDGE,
        result=result,
        change=change,
        side=result.side or "",
        text=limit.trigger if is_certain else f"Cannot be told from what the laboratory reported: {limit.trigger}",
        action=limit.action if is_certain else "",
        urgency=limit.urgency if is_certain else Urgency.NOT_STATED,
        origin=limit.origin,
        entry=limit.entry,
        signs=signs,
    )


def _outside(result: Result, change: Change, signs: tuple[SymptomWatch, ...]) -> Alert:
    return Alert(
        id=_identifier("laboratory-range", result),
        kind=AlertKind.OUTSIDE_RANGE,
        result=result,
        change=change,
        side=result.side or "",
        text=OUTSIDE_RANGE_TEXT,
        action="",
        urgency=Urgency.NOT_STATED,
        origin=Origin.LABORATORY,
        entry=None,
        signs=signs,
    )


def _identifier(rule: str, result: Result) -> str:
    return ".".join(part for part in (rule, result.analyte, result.taken_on.isoformat(), result.id) if part)


def _measured(entry: LabelEntry) -> Iterator[str]:
    test = TESTS.get(str(entry.fields.get("test_id", "")))
    return iter(test.analytes if test else ())


def _change(past: Sequence[Result], plan: MonitoringPlan) -> Change:
    now = past[-1]
    first = plan.courses[0].first_dose
    baseline = next((result for result in reversed(past[:-1]) if result.taken_on <= first), None)
    previous = past[-2] if len(past) > 1 else None
    in_a_row = 0
    for result in reversed(past):
        if not now.side or result.side != now.side:
            break
        in_a_row += 1
    return Change(baseline, _percent(baseline, now), previous, _percent(previous, now), in_a_row)


def _percent(before: Result | None, now: Result) -> float | None:
    if before is None or before.comparator or now.comparator or before.in_common_unit <= 0:
        return None
    return 100 * (now.in_common_unit / before.in_common_unit - 1)
