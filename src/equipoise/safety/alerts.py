"""What results call for: what a text says about them, and what lies outside the laboratory's range."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from equipoise.evidence import LabelEntry
from equipoise.safety.plan_document import MonitoringPlan, SymptomWatch
from equipoise.safety.plan_readings import SPEAKS_OF
from equipoise.safety.results import Result, series_of
from equipoise.safety.thresholds import Origin, Threshold, Urgency, crossed, settles
from equipoise.vocabulary.provenance import SourceRef

_ORDER = {urgency: place for place, urgency in enumerate(Urgency)}
OUTSIDE_RANGE_TEXT = "Outside the laboratory's range."
NO_RANGE_TEXT = (
    "Whether this is normal cannot be told: the laboratory's range is missing, and no text here states a number for it."
)
BEYOND_MEASURE_TEXT = "Whether this is normal cannot be told: the value lies beyond what the method measures."
LABORATORY_RANGE = "laboratory-range"
"""What the ids of alerts begin with that no text's number raises."""


class AlertKind(StrEnum):
    """What an alert rests on."""

    THRESHOLD = "threshold"
    """A number that somebody stated was crossed."""
    OUTSIDE_RANGE = "outside-range"
    """Outside the laboratory's range; no text here states a number or what to do."""
    CANNOT_JUDGE = "cannot-judge"
    """The result does not carry what it would be held against: a range of the laboratory, or its upper limit."""


Gravity = tuple[int, int, float, int, str]


def gravity(
    kind: AlertKind, urgency: Urgency, may_be: Urgency | None, times_beyond: float, on: datetime.date, identifier: str
) -> Gravity:
    """Return what alerts are sorted by, gravest first.

    First by the most urgent that a text calls it or what it may be; of these what a text says for certain, then what
    lies farthest beyond the laboratory's limit, then the newest. It decides a place in a list and nothing else: no text
    states how far is too far.
    """
    stated = _ORDER[urgency]
    rank = min(stated, _ORDER[may_be or Urgency.NOT_STATED])
    doubt = 2 if kind is AlertKind.CANNOT_JUDGE else int(rank < stated)
    return rank, doubt, -times_beyond, -on.toordinal(), identifier


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
        What the label says without a number of a result on this side, most urgent first; it stands beside the alert.
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
    def may_be(self) -> Urgency | None:
        """How urgent the label calls it if one of ``signs`` is what it is; ``None`` where it says nothing."""
        if self.kind is not AlertKind.OUTSIDE_RANGE or not self.signs:
            return None
        return Urgency(self.signs[0].urgency)

    @property
    def gravity(self) -> Gravity:
        """What alerts are sorted by, gravest first; see :func:`gravity`."""
        return gravity(self.kind, self.urgency, self.may_be, self.result.times_beyond, self.result.taken_on, self.id)

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
    nothing more; what the label says of such a result without a number stands beside it. The newest result of a test
    that nothing can be held against is told too: not known is not normal.
    """
    raised: list[Alert] = []
    carry_on: list[Alert] = []
    wanted: dict[str, list[Threshold]] = {}
    for limit in limits:
        wanted.setdefault(limit.analyte, []).append(limit)
    for name, series in series_of(results, on).items():
        for number in range(1, len(series) + 1):
            past = series[:number]
            told, settled = _by_thresholds(wanted.get(name, ()), past, plan)
            for limit, alert in told:
                (carry_on if limit.is_carry_on else raised).append(alert)
            if past[-1].side or (number == len(series) and past[-1].side is None and not settled):
                raised.append(_by_range(past, plan))
    return tuple(sorted(raised, key=_by_gravity)), tuple(sorted(carry_on, key=_by_gravity))


def _by_gravity(alert: Alert) -> Gravity:
    return alert.gravity


def _by_thresholds(
    limits: Iterable[Threshold], past: Sequence[Result], plan: MonitoringPlan
) -> tuple[list[tuple[Threshold, Alert]], bool]:
    """Return what is crossed or cannot be told, and whether a text settles what a result is without any range."""
    told, settled = [], False
    for limit in limits:
        answer = crossed(limit, past, plan.courses)
        settled = settled or answer is not False or settles(limit, past[-1], plan.courses)
        if answer is not False:
            told.append((limit, _of_threshold(limit, past, plan, is_certain=answer is True)))
    return told, settled


def _of_threshold(limit: Threshold, past: Sequence[Result], plan: MonitoringPlan, *, is_certain: bool) -> Alert:
    return Alert(
        id=_identifier(limit.id, past[-1]),
        kind=AlertKind.THRESHOLD if is_certain else AlertKind.CANNOT_JUDGE,
        result=past[-1],
        change=_change(past, plan),
        side=past[-1].side or "",
        text=limit.trigger if is_certain else f"Cannot be told from what the laboratory reported: {limit.trigger}",
        action=limit.action if is_certain else "",
        urgency=limit.urgency if is_certain else Urgency.NOT_STATED,
        origin=limit.origin,
        entry=limit.entry,
        signs=_signs(past[-1], plan),
    )


def _by_range(past: Sequence[Result], plan: MonitoringPlan) -> Alert:
    side, has_range = past[-1].side, past[-1].has_range
    return Alert(
        id=_identifier(LABORATORY_RANGE, past[-1]),
        kind=AlertKind.OUTSIDE_RANGE if side else AlertKind.CANNOT_JUDGE,
        result=past[-1],
        change=_change(past, plan),
        side=side or "",
        text=OUTSIDE_RANGE_TEXT if side else BEYOND_MEASURE_TEXT if has_range else NO_RANGE_TEXT,
        action="",
        urgency=Urgency.NOT_STATED,
        origin=Origin.LABORATORY,
        entry=None,
        signs=_signs(past[-1], plan),
    )


def _signs(result: Result, plan: MonitoringPlan) -> tuple[SymptomWatch, ...]:
    """Return what a label says without a number of such a result; on either side where the side cannot be told."""
    found = []
    for sign in plan.watch:
        side = SPEAKS_OF.get(sign.id, {}).get(result.analyte)
        if side is not None and (result.side is None or result.side == side):
            found.append(sign)
    return tuple(sorted(found, key=lambda sign: _ORDER[Urgency(sign.urgency)]))


def _identifier(rule: str, result: Result) -> str:
    return ".".join(part for part in (rule, result.analyte, result.taken_on.isoformat(), result.id) if part)


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
