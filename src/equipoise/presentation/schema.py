"""The published JSON schema of the machine form."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from equipoise.presentation.personal_schema import personal_schema
from equipoise.vocabulary.estimate import CertaintyLevel, EstimateKind, EvidenceKind, IntervalKind, Trust
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Jurisdiction

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
SAID: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"type": "number"}
MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
PEOPLE: Schema = {"type": ["integer", "null"], "minimum": 0}


def comparison_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of ``equipoise compare --format json``.

    Returns
    -------
    dict
        Every key is required and no other is allowed, so that a change of the form is seen. What a person adds comes
        together or not at all.
    """
    compared = record(
        evidence=release(),
        jurisdiction=one_of(Jurisdiction),
        options=list_of(_option(), minItems=2, maxItems=2),
        estimates=list_of(estimate()),
        facts=list_of(_fact()),
        trials=list_of(_trial()),
        agreement=list_of(record(outcome_id=SAID, text=SAID)),
        unknowns=list_of(SAID),
    )
    mine = personal_schema()
    together = dict.fromkeys(mine["required"], mine["required"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Equipoise comparison",
        "description": "Two treatments compared: every number with its interval, its sources and one plain sentence.",
        **compared,
        "properties": compared["properties"] | mine["properties"],
        "dependentRequired": mine["dependentRequired"]
        | together
        | {"fit": [*mine["dependentRequired"]["fit"], "person"]},
    }


def record(**properties: Schema) -> Schema:
    """Return the schema of an object with just these keys, all required."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def list_of(items: Schema, **limits: int) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items, **limits}


def one_of(terms: type[StrEnum]) -> Schema:
    """Return the schema of one term of the vocabulary."""
    return {"enum": [term.value for term in terms]}


def release() -> Schema:
    """Return the schema of the evidence that an answer came from."""
    return record(
        version=SAID,
        date={"type": "string", "format": "date"},
        sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        review_by={"type": "string", "format": "date"},
    )


def _option() -> Schema:
    return record(id=SAID, treatment_id=SAID, name=SAID, detail=TEXT, brands=list_of(SAID), label=TEXT)


def _sources() -> Schema:
    return list_of(record(source_id=SAID, locator=SAID), minItems=1)


def estimate() -> Schema:
    """Return the schema of a number with its limits and sources."""
    return record(
        id=SAID,
        outcome_id=SAID,
        kind=one_of(EstimateKind),
        evidence_kind=one_of(EvidenceKind),
        trial_ids=list_of(SAID),
        treatment=SAID,
        reference=MAYBE_TEXT,
        measure=one_of(Measure),
        value=NUMBER,
        low=MAYBE_NUMBER,
        high=MAYBE_NUMBER,
        level={"type": ["number", "null"], "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        interval_kind={"enum": [*(kind.value for kind in IntervalKind), None]},
        unit=TEXT,
        timepoint_months={"type": ["number", "null"], "minimum": 0},
        n=PEOPLE,
        events=PEOPLE,
        population=TEXT,
        trust=one_of(Trust),
        certainty=record(level=one_of(CertaintyLevel), reasons=list_of(SAID)),
        sources=_sources(),
        text=SAID,
        notes=list_of(SAID),
    )


def _fact() -> Schema:
    return record(id=SAID, topic=SAID, text=SAID, jurisdiction=MAYBE_TEXT, trust=one_of(Trust), sources=_sources())


def _trial() -> Schema:
    return record(
        id=SAID,
        name=SAID,
        kind=SAID,
        n_randomised=PEOPLE,
        duration_months=MAYBE_NUMBER,
        facts=list_of(SAID),
        never_treated=list_of(MAYBE_TEXT),
    )
