"""An alert of the clinic's book in words that every face of it shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.clinic.importing import ImportReport
from equipoise.safety.monitoring_tests import ANALYTES
from equipoise.safety.thresholds import Origin
from equipoise.vocabulary.estimate import Trust


def urgency(alert: Mapping[str, Any]) -> str:
    """Say how urgent a text calls it; where none does, how urgent the label calls what it may be."""
    stated = str(alert["urgency"]).replace("-", " ")
    return f"{stated}; it may be {alert['may_be']}" if alert["may_be"] else stated


def where_said(alert: Mapping[str, Any]) -> str:
    """Say where the number stands that was crossed."""
    if alert["source_id"]:
        return _source(alert)
    return "no text states a number" if alert["label_says"] else "no text states what to do"


def label_says(alert: Mapping[str, Any]) -> list[str]:
    """Return what the label says of such a result without a number, a sentence each, with who says so and where."""
    return [
        f"Without a number the {said['origin']} says: {said['text'].rstrip('.')}: {said['action'].rstrip('.')}. "
        f"Urgency then: {said['urgency']} ({_source(said)})."
        for said in alert["label_says"]
    ]


def _source(said: Mapping[str, Any]) -> str:
    is_quoted = said["origin"] == Origin.LABEL and said["trust"] == Trust.SECONDARY
    return f"{said['source_id']}, {said['locator']}{'; read in a source that quotes the label' if is_quoted else ''}"


def cannot_judge(report: ImportReport) -> list[tuple[str, list[str]]]:
    """Return rows of an import that nothing can be held against, by the words of the alert that says so."""
    by_reason: dict[str, list[str]] = {}
    for row in report.cannot_judge:
        words = f"line {row.line}, “{row.person}”: {ANALYTES[row.analyte].name}"
        by_reason.setdefault(row.why, []).append(words)
    return list(by_reason.items())


def what_helps(report: ImportReport) -> str:
    """Say what becomes of the rows that nothing can be held against, and what would help."""
    is_fhir = report.file.lower().endswith((".json", ".ndjson"))
    place = "the element referenceRange" if is_fhir else "the columns reference_low and reference_high"
    return (
        "They are imported all the same. Of somebody with a course on record, the newest of each test is then told "
        f"among the alerts. Where the laboratory gives a range, send it along: in {place}."
    )
