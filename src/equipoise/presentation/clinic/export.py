"""The clinic's book for other programs: CSV, one person's calendar, FHIR R4."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable
from typing import Any

from equipoise.clinic.people import Person
from equipoise.clinic.standing import Position
from equipoise.presentation.plan import calendar as plan_calendar
from equipoise.presentation.plan import fhir as plan_fhir
from equipoise.safety.monitoring_tests import ANALYTES
from equipoise.safety.results import Result
from equipoise.safety.units import as_ucum

COLUMNS = (
    "person",
    "test",
    "value",
    "unit",
    "taken_on",
    "reference_low",
    "reference_high",
    "laboratory",
    "comparator",
    "id",
)
"""Those of an import: what is exported can be imported elsewhere."""


def as_csv(positions: Iterable[Position]) -> str:
    """Return results as CSV, a line each, in the columns of an import."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(COLUMNS)
    for one in positions:
        lines.writerows(_cells(one.person, result) for result in one.results)
    return written.getvalue()


def _cells(person: Person, result: Result) -> tuple[str, ...]:
    return (
        _text(person.label),
        result.analyte,
        repr(result.value),
        result.unit,
        result.taken_on.isoformat(),
        _number(result.reference_low),
        _number(result.reference_high),
        _text(result.laboratory),
        result.comparator,
        result.id,
    )


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _text(text: str) -> str:
    # A spreadsheet takes a cell that starts so for a formula (OWASP, CSV injection).
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def as_icalendar(of: Position, stamp: datetime.datetime) -> str:
    """Return a person's plan as a calendar, or an empty text where nothing is planned."""
    return plan_calendar.as_icalendar(of.plan, stamp, person=of.person.id) if of.plan else ""


def as_fhir(positions: Iterable[Position]) -> dict[str, Any]:
    """Return CarePlan, ServiceRequests and Observations of people as one FHIR R4 bundle.

    People appear under their pseudonymous ids; neither label nor name is in it.
    """
    from fhir.resources.R4B.bundle import Bundle

    entries: list[dict[str, Any]] = []
    for one in positions:
        subject = f"Patient/{one.person.id}"
        if one.plan is not None:
            entries += plan_fhir.as_bundle(one.plan, subject=subject, person=one.person.id)["entry"]
        entries += [
            {"fullUrl": f"urn:x-equipoise:entry:{result.id}", "resource": _observation(result, subject)}
            for result in one.results
        ]
    document: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    if entries:
        document["entry"] = entries
    return dict(json.loads(Bundle.model_validate(document).model_dump_json()))


def _observation(result: Result, subject: str) -> dict[str, Any]:
    analyte = ANALYTES[result.analyte]
    code: dict[str, Any] = {"text": analyte.name}
    if analyte.loinc:
        code["coding"] = [{"system": "http://loinc.org", "code": analyte.loinc}]
    quantity: dict[str, Any] = {
        "value": result.value,
        "unit": result.unit,
        "system": "http://unitsofmeasure.org",
        "code": as_ucum(result.unit, analyte.unit),
    }
    if result.comparator:
        quantity["comparator"] = result.comparator
    found: dict[str, Any] = {
        "resourceType": "Observation",
        "id": result.id,
        "status": "final",
        "code": code,
        "subject": {"reference": subject},
        "effectiveDateTime": result.taken_on.isoformat(),
        "valueQuantity": quantity,
    }
    limits = {
        side: {"value": value, "unit": result.unit}
        for side, value in (("low", result.reference_low), ("high", result.reference_high))
        if value is not None
    }
    if limits:
        found["referenceRange"] = [limits]
    if result.laboratory:
        found["performer"] = [{"display": result.laboratory}]
    return found
