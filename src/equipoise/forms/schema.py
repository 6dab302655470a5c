"""A form as a JSON schema, for programs that write answers."""

from __future__ import annotations

from typing import Any

from equipoise.forms.questions import UNKNOWN, Form, Kind, Question

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(form: Form) -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a form.

    It holds each question by itself; what two answers say together is checked when they are read. Words stand by their
    ids; reading also understands aliases and plain-word labels.
    """
    return {"$schema": DIALECT, "title": form.title, "description": form.intro, **_object(form)}


def _object(form: Form) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for question in form:
        if not question.table:
            properties[question.key] = _property(question)
            continue
        table = properties.setdefault(
            question.table,
            {"anyOf": [{"type": "object", "additionalProperties": False, "properties": {}}, *_unknowns()]},
        )
        table["anyOf"][0]["properties"][question.key] = _property(question)
    required = [question.name for question in form if question.required and not question.table]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({"required": required} if required else {}),
    }


def _unknowns() -> list[dict[str, Any]]:
    return [{"type": "null"}, {"const": UNKNOWN}]


def _property(question: Question) -> dict[str, Any]:
    described = {"title": question.text, **({"description": question.why} if question.why else {})}
    known = _known(question)
    return {**described, **known} if question.required else {**described, "anyOf": [known, *_unknowns()]}


def _known(question: Question) -> dict[str, Any]:
    if question.kind in {Kind.WHOLE_NUMBER, Kind.NUMBER}:
        if question.among:
            return {"enum": list(question.among)}
        limits = {"minimum": question.low, "maximum": question.high}
        kind = "integer" if question.kind is Kind.WHOLE_NUMBER else "number"
        return {"type": kind, **{name: limit for name, limit in limits.items() if limit is not None}}
    words = {"oneOf": [{"const": word.id, "title": word.label} for word in question.words]}
    if question.kind is Kind.ONE_OF:
        return words
    if question.kind is Kind.SOME_OF:
        return {"type": "array", "items": words}
    if question.kind is Kind.LIST and question.form is not None:
        return {"type": "array", "items": _object(question.form)}
    simple: dict[Kind, dict[str, Any]] = {
        Kind.YES_NO: {"type": "boolean"},
        Kind.DATE: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        Kind.TEXT: {"type": "string"},
    }
    return simple[question.kind]
