"""An alert in plain form, as it is kept ready for the morning list and given to programs."""

from __future__ import annotations

from typing import Any

from equipoise.safety.alerts import Alert
from equipoise.safety.plan_document import SymptomWatch


def alert_document(alert: Alert) -> dict[str, Any]:
    """Return an alert in plain form: the result, what is said about it, who says so and how urgent it is."""
    result, source = alert.result, alert.source
    return {
        "id": alert.id,
        "kind": str(alert.kind),
        "analyte": result.analyte,
        "taken_on": result.taken_on.isoformat(),
        "value": result.value,
        "comparator": result.comparator,
        "unit": result.unit,
        "side": alert.side,
        "text": alert.text,
        "action": alert.action,
        "urgency": str(alert.urgency),
        "may_be": str(alert.may_be or ""),
        "origin": str(alert.origin),
        "source_id": source.source_id if source else "",
        "locator": source.locator if source else "",
        "trust": str(alert.entry.trust) if alert.entry else "",
        "percent_from_baseline": alert.change.percent_from_baseline,
        "percent_from_previous": alert.change.percent_from_previous,
        "outside_in_a_row": alert.change.outside_in_a_row,
        "times_beyond": min(result.times_beyond, MOST_TIMES) or None,
        "label_says": [_said(sign) for sign in alert.signs],
    }


MOST_TIMES = 1_000.0
"""Beyond a limit by more than this is told as this: a count of nothing lies beyond it without end."""


def _said(sign: SymptomWatch) -> dict[str, str]:
    return {
        "id": sign.id,
        "text": sign.text,
        "action": sign.action,
        "urgency": sign.urgency,
        "origin": sign.origin,
        "source_id": sign.entry.source.source_id,
        "locator": sign.entry.source.locator,
        "trust": str(sign.entry.trust),
    }
