"""The published JSON schema of the personal part of the machine form."""

from __future__ import annotations

from typing import Any

from equipoise.outcomes.draws import ARM, LABEL, PERSONAL, POPULATION, SINGLE_ARM
from equipoise.vocabulary.estimate import CertaintyLevel

Schema = dict[str, Any]

FIT_KEYS = (
    "fit",
    "unranked",
    "levels",
    "reasons",
    "what_would_change",
    "what_stays",
    "ties",
    "remarks",
    "clipped",
    "left_out_criteria",
)
"""Keys that are there when values were given: all of them or none."""

_TEXT: Schema = {"type": "string"}
_SAID: Schema = {"type": "string", "minLength": 1}
_NUMBER: Schema = {"type": "number"}
_PEOPLE: Schema = {"type": "number", "minimum": 0}
_MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
_MAYBE_NEEDED: Schema = {"type": ["number", "null"], "exclusiveMinimum": 0}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_MONTHS: Schema = {"type": "integer", "exclusiveMinimum": 0}
_FLAG: Schema = {"type": "boolean"}
_OUT_OF: Schema = {"enum": [100, 1000, 10000]}
_LEVEL: Schema = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}


def personal_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of the keys that a person, and values, add to a comparison.

    Returns
    -------
    dict
        An object schema. Those who merge it take ``properties`` and ``required``; the keys of a fit stand in
        ``dependentRequired``, so that they come together or not at all.
    """
    always = {
        "person": {"type": "object"},
        "unknown": _list(_SAID),
        "seed": {"type": "integer", "minimum": 0},
        "draws": {"type": "integer", "minimum": 1},
        "years": {"type": "integer", "minimum": 1},
        "baselines": _list(_baseline()),
        "outcomes": _list(_outcome()),
        "differences": _list(_difference()),
        "declined": _list(
            _record(what=_SAID, option={"type": ["string", "null"]}, reason=_SAID, source_ids=_list(_SAID))
        ),
    }
    return {
        "type": "object",
        "properties": always | _fit(),
        "required": list(always),
        "dependentRequired": {key: [other for other in FIT_KEYS if other != key] for key in FIT_KEYS},
        "additionalProperties": False,
    }


def _record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def _number() -> Schema:
    level = _LEVEL | {"type": ["number", "null"]}
    return _record(id=_SAID, value=_NUMBER, low=_MAYBE_NUMBER, high=_MAYBE_NUMBER, level=level, unit=_TEXT, text=_SAID)


def _baseline() -> Schema:
    return _record(
        method=_SAID,
        is_used=_FLAG,
        relapse_rate=_number(),
        any_relapse=_number(),
        anchor=_SAID,
        setting=_SAID,
        known=_list(_SAID),
        unknown=_list(_SAID),
    )


def _outcome() -> Schema:
    return _record(
        option=_SAID,
        outcome_id=_SAID,
        horizon_months=_MONTHS,
        denominator=_OUT_OF,
        affected=_PEOPLE,
        low=_PEOPLE,
        high=_PEOPLE,
        level=_LEVEL,
        basis={"enum": [PERSONAL, POPULATION, ARM, SINGLE_ARM, LABEL]},
        id=_SAID,
        text=_SAID,
        certainty=_record(level={"enum": [level.value for level in CertaintyLevel]}, reasons=_list(_SAID)),
    )


def _difference() -> Schema:
    return _record(
        option=_SAID,
        reference=_SAID,
        outcome_id=_SAID,
        horizon_months=_MONTHS,
        denominator=_OUT_OF,
        difference=_NUMBER,
        low=_NUMBER,
        high=_NUMBER,
        number_needed=_MAYBE_NEEDED,
        number_needed_low=_MAYBE_NEEDED,
        number_needed_high=_MAYBE_NEEDED,
        is_benefit={"type": ["boolean", "null"]},
        id=_SAID,
    )


def _fit() -> dict[str, Schema]:
    weights = {"type": ["object", "null"], "additionalProperties": _SHARE}
    value = {"type": ["number", "string"]}
    return {
        "fit": _list(
            _record(
                option=_SAID,
                rank_acceptability=_list(_SHARE, minItems=1),
                central_weights=weights,
                confidence_factor=_SHARE | {"type": ["number", "null"]},
                word=_SAID,
            )
        ),
        "unranked": _list(
            _record(
                option=_SAID,
                reason=_SAID,
                because={"enum": ["contraindicated", "limit", "not-comparable"]},
                source_ids=_list(_SAID),
            )
        ),
        "levels": _list(
            _record(
                option=_SAID,
                criterion_id=_SAID,
                value=_NUMBER,
                low=_NUMBER,
                high=_NUMBER,
                source_id=_TEXT,
                sentence=_SAID,
            )
        ),
        "reasons": _list(
            _record(option=_SAID, is_for=_FLAG, criterion_id=_SAID, sentence=_SAID, source_ids=_list(_SAID))
        ),
        "what_would_change": _list(
            _record(
                kind={"enum": ["weight", "outcome", "fact"]},
                about=_SAID,
                sentence=_SAID,
                before=value,
                after=value,
                new_order=_list(_SAID),
            )
        ),
        "what_stays": _list(_SAID),
        "ties": _list(_record(options=_list(_SAID, minItems=2), sentence=_SAID)),
        "remarks": _list(_SAID),
        "clipped": _list(_SAID),
        "left_out_criteria": _list(_record(criterion=_SAID, reason=_SAID)),
    }
