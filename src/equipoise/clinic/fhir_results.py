"""Results in FHIR R4: a Bundle of Observations, one Observation, or one a line (NDJSON)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from equipoise.clinic.csv_results import Fault, ReadRow, result_of_cells
from equipoise.clinic.errors import ImportFaultsError
from equipoise.safety.monitoring_tests import ANALYTES

LOINC = "http://loinc.org"
_BY_LOINC = {analyte.loinc: analyte.id for analyte in ANALYTES.values() if analyte.loinc}
_FINAL = ("final", "amended", "corrected")
LARGEST = 200_000_000
"""Bytes of one JSON document; a larger one is better sent as NDJSON, which is read line by line."""


def read_fhir(path: Path, today: datetime.date) -> Iterator[ReadRow]:
    """Yield a row for every number in every Observation of a file.

    Parameters
    ----------
    path
        ``.ndjson`` is read line by line; anything else is one JSON document.
    today
        No result may be from a later day.

    Raises
    ------
    ImportFaultsError
        If the file cannot be read or is no Bundle and no Observation.

    Notes
    -----
    A person is known by ``subject.identifier.value``, or else by the id in ``subject.reference``. What is measured is
    known by its LOINC code. An Observation that is not final, or that holds no number known here, is kept aside.
    ``line`` counts Observations in a Bundle.
    """
    for number, resource in _resources(path):
        if not isinstance(resource, Mapping) or resource.get("resourceType") != "Observation":
            kind = resource.get("resourceType", "nothing") if isinstance(resource, Mapping) else "no object"
            yield _aside(number, {"resource": str(kind)}, "it is no Observation")
        else:
            yield from _observation(number, resource, today)


def _resources(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        if path.suffix == ".ndjson":
            with path.open(encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        yield number, json.loads(line)
            return
        if path.stat().st_size > LARGEST:
            raise ImportFaultsError(f"{path}: is too large for one document.\n  do:      send it as NDJSON (.ndjson)")
        whole = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImportFaultsError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ImportFaultsError(f"{path}: is no text in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ImportFaultsError(
            f"{path}, line {error.lineno}, column {error.colno}: is no JSON: {error.msg}."
        ) from None
    kind = whole.get("resourceType") if isinstance(whole, Mapping) else None
    if kind == "Observation":
        yield 1, whole
    elif kind == "Bundle":
        for number, entry in enumerate(whole.get("entry") or [], 1):
            yield number, entry.get("resource") if isinstance(entry, Mapping) else entry
    else:
        raise ImportFaultsError(f"{path}: found {kind or 'no FHIR resource'}; allowed: a Bundle or an Observation.")


def _observation(number: int, resource: Mapping[str, Any], today: datetime.date) -> Iterator[ReadRow]:
    from fhir.resources.R4B.observation import Observation
    from pydantic import ValidationError

    try:
        Observation.model_validate(resource)
    except ValidationError as error:
        faults = tuple(
            # the library's own words may hold the value; the place and the kind of fault do not
            Fault(number, ".".join(str(part) for part in found["loc"]), f"is not FHIR R4: {found['type']}")
            for found in error.errors(include_input=False, include_url=False)
        )
        yield ReadRow(number, "", None, faults, {})
        return
    shared = _shared(resource)
    if resource.get("status") not in _FINAL:
        yield _aside(number, shared, f"its status is '{resource.get('status')}', not final")
        return
    parts = [resource, *(resource.get("component") or [])]
    numbers = [part for part in parts if part.get("valueQuantity", {}).get("value") is not None]
    if not numbers:
        yield _aside(number, shared, "it holds no number")
    for part in numbers:
        cells = {**shared, **_measured(part)}
        if not cells["test"]:
            yield _aside(number, cells, "its code is no LOINC code of a test known here")
            continue
        result, found = result_of_cells(number, cells, today)
        yield ReadRow(number, cells["person"], result, tuple(found), cells)


def _shared(resource: Mapping[str, Any]) -> dict[str, str]:
    subject = resource.get("subject") or {}
    person = (subject.get("identifier") or {}).get("value") or str(subject.get("reference", "")).rsplit("/", 1)[-1]
    period = resource.get("effectivePeriod") or {}
    taken = resource.get("effectiveDateTime") or resource.get("effectiveInstant") or period.get("start") or ""
    performers: Sequence[Mapping[str, Any]] = resource.get("performer") or []
    return {
        "person": str(person),
        "taken_on": str(taken)[:10],
        "laboratory": str(performers[0].get("display", "")) if performers else "",
        "id": str(resource.get("id", "")),
    }


def _measured(part: Mapping[str, Any]) -> dict[str, str]:
    quantity = part["valueQuantity"]
    codings = (part.get("code") or {}).get("coding") or []
    codes = [coding.get("code") for coding in codings if coding.get("system") == LOINC]
    ranges = part.get("referenceRange") or [{}]
    return {
        "test": next((_BY_LOINC[code] for code in codes if code in _BY_LOINC), ""),
        "value": str(quantity["value"]),
        "comparator": str(quantity.get("comparator", "")),
        "unit": str(quantity.get("code") or quantity.get("unit") or ""),
        "reference_low": str((ranges[0].get("low") or {}).get("value", "")),
        "reference_high": str((ranges[0].get("high") or {}).get("value", "")),
    }


def _aside(number: int, cells: Mapping[str, str], why: str) -> ReadRow:
    return ReadRow(number, cells.get("person", ""), None, (), {**cells, "why": why})
