"""Results of tests between the book's rows and the typed form that the rules of safety read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from equipoise.safety.results import Result


def columns(person_id: str, result: Result) -> dict[str, Any]:
    """Return the columns of a result's entry."""
    row = {
        "person_id": person_id,
        "analyte": result.analyte,
        "taken_on": result.taken_on,
        "comparator": result.comparator,
        "value": float(result.value),
        "unit": result.unit,
        "reference_low": _number(result.reference_low),
        "reference_high": _number(result.reference_high),
        "laboratory": result.laboratory,
        "report_id": result.id,
    }
    return {**row, "content_hash": content_hash(row)}


def content_hash(row: Mapping[str, Any]) -> str:
    """Return a hash by which the same content is known again; independent of when and by whom it was recorded."""
    plain = {name: value.hex() if isinstance(value, float) else value for name, value in row.items()}
    return hashlib.sha256(_CANONICAL.encode(plain).encode()).hexdigest()


_CANONICAL = json.JSONEncoder(sort_keys=True, default=str, ensure_ascii=False)  # made once, asked a million times


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
