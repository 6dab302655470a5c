"""The published JSON schema of a network's answer."""

from __future__ import annotations

from equipoise.presentation.schema import (
    MAYBE_NUMBER,
    MAYBE_TEXT,
    NUMBER,
    PEOPLE,
    SAID,
    TEXT,
    Schema,
    estimate,
    list_of,
    one_of,
    record,
    release,
)
from equipoise.synthesis.confidence import Concern
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Direction

_FLAG: Schema = {"type": "boolean"}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1.000001}
_SE: Schema = {"type": "number", "exclusiveMinimum": 0}
_MODEL: Schema = {"enum": ["common", "random"]}


def network_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of ``equipoise network --format json``.

    Returns
    -------
    dict
        Every key is required and no other is allowed, so that a change of the form is seen.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Equipoise network",
        "description": "All drugs on one outcome: numbers once under estimates, everything else by their ids.",
        **record(
            evidence=release(),
            outcome=record(id=SAID, name=SAID, direction=one_of(Direction), definition=TEXT),
            measure=one_of(Measure),
            include_unverified=_FLAG,
            with_risk_ratios=_FLAG,
            pieces=list_of(_piece(), minItems=1),
            pair=_pair(),
            left_out=record(
                trials=list_of(record(id=SAID, treatments=list_of(SAID), reason=SAID)),
                rows=list_of(record(id=SAID, trial_id=SAID, reason=SAID)),
            ),
            estimates=list_of(estimate()),
        ),
    }


def _piece() -> Schema:
    return record(
        treatments=list_of(SAID, minItems=2),
        reference=SAID,
        trials=list_of(_trial(), minItems=1),
        edges=list_of(record(treatments=list_of(SAID, minItems=2, maxItems=2), trial_ids=list_of(SAID), n=PEOPLE)),
        results=list_of(record(treatment=SAID, reference=SAID, estimates=list_of(SAID))),
        statistics=list_of(SAID),
        ranks=list_of(record(treatment=SAID, p_score=SAID, sucra=SAID, rank=SAID, probabilities=list_of(_SHARE))),
        league=record(model=_MODEL, network=list_of(_cell()), direct=list_of(_cell())),
        contributions=record(method=SAID, rows=list_of(record(estimate=SAID, shares=list_of(_contribution())))),
        small_studies=record(
            slope=MAYBE_TEXT,
            p=MAYBE_NUMBER,
            note=SAID,
            favoured_first=list_of(SAID),
            funnel=list_of(record(estimate=SAID, deviation=NUMBER, se=_SE)),
        ),
        net_heat=_or_null(
            record(
                estimate=SAID,
                comparisons=list_of(record(treatment=SAID, reference=SAID, design=list_of(SAID, minItems=2))),
                hat=list_of(list_of(NUMBER)),
                change=list_of(list_of(NUMBER)),
            )
        ),
        tau=_or_null(record(prior=_curve(), posterior=_curve())),
        notes=list_of(SAID),
    )


def _trial() -> Schema:
    return record(
        id=SAID,
        name=SAID,
        timepoint_months=MAYBE_NUMBER,
        n=PEOPLE,
        arms=list_of(record(treatment=SAID, n=PEOPLE), minItems=2),
        made_of=SAID,
        trust=one_of(Trust),
        rows=list_of(SAID, minItems=1),
    )


def _cell() -> Schema:
    return record(treatment=SAID, reference=SAID, estimate=SAID, value=NUMBER, low=NUMBER, high=NUMBER)


def _contribution() -> Schema:
    return record(trial_id=SAID, share=_SHARE, concern={"enum": [concern.words for concern in Concern]})


def _curve() -> Schema:
    return record(
        points=list_of(list_of(NUMBER, minItems=2, maxItems=2), minItems=2),
        quantiles=list_of(NUMBER, minItems=3, maxItems=3),
    )


def _pair() -> Schema:
    split = record(
        model=_MODEL,
        direct=MAYBE_TEXT,
        indirect=MAYBE_TEXT,
        network=SAID,
        disagreement=MAYBE_TEXT,
        p=MAYBE_NUMBER,
        share_direct=_SHARE,
        note=TEXT,
    )
    without = record(trial_id=SAID, estimate=MAYBE_TEXT, tau2=MAYBE_NUMBER, lost=list_of(SAID), reason=TEXT)
    return record(
        treatment=SAID,
        reference=SAID,
        note=TEXT,
        alone=list_of(SAID),
        splits=list_of(split),
        without=list_of(without),
    )


def _or_null(of: Schema) -> Schema:
    return {"oneOf": [of, {"type": "null"}]}
