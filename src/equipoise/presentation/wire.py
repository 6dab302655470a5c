"""The machine form: plain dictionaries that JSON can carry, stable across faces.

The keys are a promise; :mod:`equipoise.presentation.schema` publishes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.consultation import CheckedClaim, Consultation, Trace
from equipoise.consultation.document import Option, TrialCard
from equipoise.consultation.long_run import LongRun
from equipoise.evidence import Release, Source
from equipoise.person import normalised
from equipoise.presentation import personal_wire
from equipoise.vocabulary.estimate import Estimate, Fact
from equipoise.vocabulary.provenance import Provenance, SourceRef, SourceRow

# Enough digits to give back what a source printed, few enough to be the same on every machine.
SIGNIFICANT_DIGITS = 10


def as_json(document: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return a document as indented JSON text that ends in a line feed."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def release(of: Release) -> dict[str, str]:
    """Return which evidence an answer came from."""
    return {"version": of.version, "date": of.date, "sha256": of.sha256, "review_by": of.review_by}


def comparison(sitting: Consultation) -> dict[str, Any]:
    """Return a consultation in the machine form.

    Parameters
    ----------
    sitting
        The document.

    Returns
    -------
    dict
        As described by :func:`equipoise.presentation.schema.comparison_schema`.
    """
    document: dict[str, Any] = {
        "evidence": release(sitting.release),
        "jurisdiction": sitting.jurisdiction.value,
        "options": [option(one) for one in sitting.options],
        "estimates": [estimate(one) for one in sitting.estimates],
        "facts": [fact(one) for one in sitting.facts],
        "trials": [trial(one) for one in sitting.trials],
        "agreement": [{"outcome_id": s.outcome.id, "text": s.agreement} for s in sitting.sections if s.agreement],
        "unknowns": list(sitting.unknowns),
    }
    if sitting.personal is None:
        return document
    return document | personal_wire.personal(sitting.personal, normalised(sitting.personal.person))


def long_run(of: LongRun) -> dict[str, Any]:
    """Return a course over years by a model in the machine form."""
    return {
        "evidence": release(of.release),
        "model": of.model_id,
        "start": of.start,
        "states": list(of.states),
        "years": of.years,
        "limits": list(of.limits),
        "estimates": [estimate(one) for one in of.estimates],
    }


def option(of: Option) -> dict[str, Any]:
    """Return a treatment in the machine form."""
    treatment = of.treatment
    return {
        "id": treatment.option,
        "treatment_id": treatment.id,
        "name": treatment.name,
        "detail": treatment.detail,
        "brands": list(of.brands),
        "label": treatment.drug_id,
    }


def estimate(of: Estimate) -> dict[str, Any]:
    """Return a number in the machine form, with its limits and its sources."""
    limits = of.interval
    return {
        "id": of.id,
        "outcome_id": of.outcome_id,
        "kind": of.kind.value,
        "evidence_kind": of.evidence_kind.value,
        "trial_ids": list(of.trial_ids),
        "treatment": of.treatment,
        "reference": of.reference or None,
        "measure": of.measure.value,
        "value": _rounded(of.value),
        "low": None if limits is None else _rounded(limits.low),
        "high": None if limits is None else _rounded(limits.high),
        "level": None if limits is None else limits.level,
        "interval_kind": None if limits is None else limits.kind.value,
        "unit": of.unit,
        "timepoint_months": of.timepoint_months,
        "n": of.n,
        "events": of.events,
        "population": of.population,
        "trust": of.trust.value,
        "certainty": {"level": of.certainty.level.value, "reasons": list(of.certainty.reasons)},
        "sources": [_source_ref(ref) for ref in of.sources],
        "text": of.text,
        "notes": list(of.notes),
    }


def fact(of: Fact) -> dict[str, Any]:
    """Return a sourced statement in the machine form."""
    return {
        "id": of.id,
        "topic": of.topic,
        "text": of.text,
        "jurisdiction": of.jurisdiction or None,
        "trust": of.trust.value,
        "sources": [_source_ref(ref) for ref in of.sources],
    }


def trial(of: TrialCard) -> dict[str, Any]:
    """Return a trial in the machine form."""
    return {
        "id": of.trial.id,
        "name": of.trial.name,
        "kind": of.trial.kind.value,
        "n_randomised": of.trial.n_randomised,
        "duration_months": of.trial.duration_months,
        "facts": [one.id for one in of.facts],
        "never_treated": [None if one is None else one.id for one in of.never_treated],
    }


def source(of: Source) -> dict[str, Any]:
    """Return a source in the machine form."""
    return {
        "source_id": of.id,
        "kind": of.kind,
        "citation": of.citation,
        "title": of.title,
        "doi": of.doi,
        "url": of.url,
    }


def traced(of: Trace, evidence: Release) -> dict[str, Any]:
    """Return where a number comes from in the machine form."""
    item = estimate(of.item) if isinstance(of.item, Estimate) else fact(of.item)
    return {
        "evidence": release(evidence),
        "id": of.id,
        "item": item,
        "provenance": provenance(of.provenance),
        "sources": [source(one) for one in of.sources],
    }


def provenance(node: Provenance) -> dict[str, Any]:
    """Return a provenance tree as nested dictionaries."""
    if isinstance(node, SourceRow):
        return {
            "row": node.row_id,
            "table": node.table,
            **_source_ref(node.source),
            "citation": node.citation,
            "cells": dict(node.cells),
            "used": list(node.used),
            "corrections": list(node.corrections),
        }
    return {
        "computation": node.name,
        "formula": node.formula,
        "reference": node.reference or None,
        "inputs": [provenance(one) for one in node.inputs],
    }


def claims(checked: Sequence[CheckedClaim], evidence: Release) -> dict[str, Any]:
    """Return the claim check in the machine form."""
    return {
        "evidence": release(evidence),
        "claims": [
            {
                "id": one.claim.id,
                "number": one.claim.number,
                "claim": one.claim.claim,
                "verdict": one.claim.verdict.value,
                "reason": one.claim.reason,
                "not_seen": one.claim.unseen or None,
                "estimates": [estimate(number) for number in one.estimates],
                "facts": [fact(statement) for statement in one.facts],
            }
            for one in checked
        ],
    }


def _source_ref(ref: SourceRef) -> dict[str, str]:
    return {"source_id": ref.source_id, "locator": ref.locator}


def _rounded(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
