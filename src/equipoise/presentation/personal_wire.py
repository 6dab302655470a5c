"""The personal part of the machine form: what may happen to one person, and how the options fit.

Numbers are given in full: rounding is for people. The keys are a promise; :mod:`equipoise.presentation.personal_schema`
publishes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.consultation.personal import (
    BaselineSummary,
    Change,
    CriterionLevel,
    Declining,
    Fit,
    OptionFit,
    OutcomeDifference,
    PersonalOutcome,
    PersonalView,
    Reason,
    Unranked,
)
from equipoise.presentation.personal_effects import sources_of
from equipoise.presentation.personal_words import option_id
from equipoise.vocabulary.estimate import Certainty, Estimate


def personal(view: PersonalView, person: Mapping[str, Any]) -> dict[str, Any]:
    """Return the personal part of a consultation in the machine form.

    Parameters
    ----------
    view
        The personal part.
    person
        The person in normal form, as plain values.

    Returns
    -------
    dict
        As described by :func:`equipoise.presentation.personal_schema.personal_schema`. The keys of the fit are there
        when values were given. Equal input gives equal output, key by key in the same order.
    """
    document: dict[str, Any] = {
        "person": dict(person),
        "unknown": list(view.unknown),
        "seed": view.seed,
        "draws": view.draws,
        "years": view.years,
        "baselines": [_baseline(one) for one in view.baselines],
        "outcomes": [_outcome(one) for one in view.outcomes],
        "differences": [_difference(one) for one in view.differences],
        "declined": [_declined(one) for one in view.declined],
    }
    return document if view.fit is None else document | _fit(view.fit, {one.id: option_id(one) for one in view.options})


def _number(of: Estimate) -> dict[str, Any]:
    limits = of.interval
    return {
        "id": of.id,
        "value": of.value,
        "low": None if limits is None else limits.low,
        "high": None if limits is None else limits.high,
        "level": None if limits is None else limits.level,
        "unit": of.unit,
        "text": of.text,
    }


def _certainty(of: Certainty) -> dict[str, Any]:
    return {"level": of.level.value, "reasons": list(of.reasons)}


def _baseline(of: BaselineSummary) -> dict[str, Any]:
    return {
        "method": of.method,
        "is_used": of.is_used,
        "relapse_rate": _number(of.relapse_rate),
        "any_relapse": _number(of.any_relapse),
        "anchor": option_id(of.anchor),
        "setting": of.setting,
        "known": list(of.known),
        "unknown": list(of.unknown),
    }


def _outcome(of: PersonalOutcome) -> dict[str, Any]:
    return {
        "option": option_id(of.option),
        "outcome_id": of.outcome.id,
        "horizon_months": of.horizon_months,
        "denominator": of.denominator,
        "affected": of.affected,
        "low": of.low,
        "high": of.high,
        "level": of.level,
        "basis": of.basis,
        "id": of.estimate.id,
        "text": of.estimate.text,
        "certainty": _certainty(of.estimate.certainty),
    }


def _difference(of: OutcomeDifference) -> dict[str, Any]:
    return {
        "option": option_id(of.option),
        "reference": option_id(of.reference),
        "outcome_id": of.outcome.id,
        "horizon_months": of.horizon_months,
        "denominator": of.denominator,
        "difference": of.difference,
        "low": of.low,
        "high": of.high,
        "number_needed": of.number_needed,
        "number_needed_low": of.number_needed_low,
        "number_needed_high": of.number_needed_high,
        "is_benefit": of.is_benefit,
        "id": of.estimate.id,
    }


def _declined(of: Declining) -> dict[str, Any]:
    source_ids = dict.fromkeys(row.source.source_id for row in sources_of(of))
    return {"what": of.what, "option": of.option or None, "reason": of.reason, "source_ids": list(source_ids)}


def _fit(of: Fit, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "fit": [_option_fit(one) for one in of.options],
        "unranked": [_unranked(one) for one in of.unranked],
        "levels": [_level(one) for one in of.levels],
        "reasons": [_reason(one) for one in of.reasons],
        "what_would_change": [_change(one, names) for one in of.what_would_change],
        "what_stays": list(of.what_stays),
        "ties": [{"options": [option_id(one) for one in tie.options], "sentence": tie.sentence} for tie in of.ties],
        "remarks": list(of.remarks),
        "clipped": list(of.clipped),
        "left_out_criteria": [{"criterion": criterion, "reason": reason} for criterion, reason in of.left_out_criteria],
    }


def _option_fit(of: OptionFit) -> dict[str, Any]:
    return {
        "option": option_id(of.option),
        "rank_acceptability": list(of.rank_acceptability),
        "central_weights": None if of.central_weights is None else dict(of.central_weights),
        "confidence_factor": of.confidence_factor,
        "word": of.word,
    }


def _unranked(of: Unranked) -> dict[str, Any]:
    return {
        "option": option_id(of.option),
        "reason": of.reason,
        "because": of.because,
        "source_ids": list(of.source_ids),
    }


def _level(of: CriterionLevel) -> dict[str, Any]:
    return {
        "option": option_id(of.option),
        "criterion_id": of.criterion_id,
        "value": of.value,
        "low": of.low,
        "high": of.high,
        "source_id": of.source_id,
        "sentence": of.sentence,
    }


def _reason(of: Reason) -> dict[str, Any]:
    return {
        "option": option_id(of.option),
        "is_for": of.is_for,
        "criterion_id": of.criterion_id,
        "sentence": of.sentence,
        "source_ids": list(of.source_ids),
    }


def _change(of: Change, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": of.kind,
        "about": of.about,
        "sentence": of.sentence,
        "before": of.before,
        "after": of.after,
        "new_order": [names.get(one, one) for one in of.new_order],
    }
