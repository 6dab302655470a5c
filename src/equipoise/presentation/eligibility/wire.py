"""The machine form of a check of eligibility."""

from __future__ import annotations

from typing import Any

from equipoise.safety.eligibility_document import Ask, Eligibility, Finding, StartReason


def eligibility(of: Eligibility) -> dict[str, Any]:
    """Return a check of eligibility in the machine form; docs/explanation/eligibility.md describes the keys."""
    return {
        "drug": of.drug,
        "jurisdiction": of.jurisdiction.value,
        "on": of.on.isoformat(),
        "evidence": of.evidence_version,
        "verdict": of.verdict.value,
        "indication": of.indication.value,
        "may_be_offered": of.may_be_offered,
        "findings": [_finding(finding) for finding in of.findings],
        "ask": [_ask(ask) for ask in of.ask],
        "earliest_start": {
            "date": None if of.earliest_start.day is None else of.earliest_start.day.isoformat(),
            "not_before": of.earliest_start.not_before.isoformat(),
            "reasons": [_reason(reason) for reason in of.earliest_start.reasons],
        },
        "unread": list(of.unread),
    }


def _finding(of: Finding) -> dict[str, Any]:
    return {
        "id": of.id,
        "kind": of.kind.value,
        "status": of.status.value,
        "text": of.text,
        "source_id": of.source.source_id,
        "locator": of.source.locator,
        "trust": of.trust.value,
        "jurisdiction": of.jurisdiction,
        "question": of.question or None,
        "because": list(of.because),
        "reading": list(of.reading),
        "boxed": of.boxed,
        "gate": of.gate or None,
    }


def _ask(of: Ask) -> dict[str, Any]:
    return {
        "question": of.question,
        "asked": of.asked.value,
        "findings": list(of.findings),
        "settles": list(of.settles),
    }


def _reason(of: StartReason) -> dict[str, Any]:
    return {
        "kind": of.kind.value,
        "date": None if of.day is None else of.day.isoformat(),
        "text": of.text,
        "because": of.because,
        "question": of.question or None,
        "id": of.id or None,
        "source_id": None if of.source is None else of.source.source_id,
        "locator": None if of.source is None else of.source.locator,
        "trust": None if of.trust is None else of.trust.value,
        "jurisdiction": of.jurisdiction or None,
    }
