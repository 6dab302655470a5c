"""The published JSON schema of the machine form."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

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
        Every key is required and no other is allowed, so that a change of the form is seen.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Equipoise comparison",
        "description": "Two treatments compared: every number with its interval, its sources and one plain sentence.",
        **_record(
            evidence=_release(),
            jurisdiction=_one_of(Jurisdiction),
            options=_list(_option(), minItems=2, maxItems=2),
            estimates=_list(_estimate()),
            facts=_list(_fact()),
            trials=_list(_trial()),
            agreement=_list(_record(outcome_id=SAID, text=SAID)),
            unknowns=_list(SAID),
        ),
    }


def _record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def _one_of(terms: type[StrEnum]) -> Schema:
    return {"enum": [term.value for term in terms]}


def _release() -> Schema:
    return _record(
        version=SAID,
        date={"type": "string", "format": "date"},
        sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        review_by={"type": "string", "format": "date"},
    )


def _option() -> Schema:
    return _record(id=SAID, treatment_id=SAID, name=SAID, detail=TEXT, brands=_list(SAID), label=TEXT)


def _sources() -> Schema:
    return _list(_record(source_id=SAID, locator=SAID), minItems=1)


def _estimate() -> Schema:
    return _record(
        id=SAID,
        outcome_id=SAID,
        kind=_one_of(EstimateKind),
        evidence_kind=_one_of(EvidenceKind),
        trial_ids=_list(SAID),
        treatment=SAID,
        reference=MAYBE_TEXT,
        measure=_one_of(Measure),
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
        trust=_one_of(Trust),
        certainty=_record(level=_one_of(CertaintyLevel), reasons=_list(SAID)),
        sources=_sources(),
        text=SAID,
        notes=_list(SAID),
    )


def _fact() -> Schema:
    return _record(id=SAID, topic=SAID, text=SAID, jurisdiction=MAYBE_TEXT, trust=_one_of(Trust), sources=_sources())


def _trial() -> Schema:
    return _record(
        id=SAID,
        name=SAID,
        kind=SAID,
        n_randomised=PEOPLE,
        duration_months=MAYBE_NUMBER,
        facts=_list(SAID),
        never_treated=_list(MAYBE_TEXT),
    )
