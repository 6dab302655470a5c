"""The published JSON schema of a network meta-analysis of any data set."""

from __future__ import annotations

from equipoise.presentation.schema import (
    MAYBE_NUMBER,
    MAYBE_TEXT,
    NUMBER,
    SAID,
    Schema,
    list_of,
    one_of,
    record,
)
from equipoise.vocabulary.measures import Measure

_COUNT: Schema = {"type": "integer", "minimum": 0}
_MAYBE_FLAG: Schema = {"type": ["boolean", "null"]}
_LEVEL: Schema = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
_SHARE: Schema = {"type": "number", "minimum": -1e-9, "maximum": 1.000001}
_PAIR: Schema = list_of(SAID, minItems=2, maxItems=2)
_MODEL: Schema = {"enum": ["common", "random"]}
_MATRIX: Schema = list_of(list_of(NUMBER))


def synthesis_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of ``equipoise synthesise --format json``.

    Returns
    -------
    dict
        One analysis, or with ``--by-piece`` a list of them. An analysis has one of three forms, told apart by its
        method and likelihood. No other key is allowed, so that a change of the form is seen.
    """
    forms: Schema = {"oneOf": [_frequentist(), _posterior_of_contrasts(), _posterior_of_arms()]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Equipoise network meta-analysis",
        "description": "Effects on the analysis scale, ratios beside their logarithms; every ordered pair once.",
        "oneOf": [{"$ref": "#/$defs/analysis"}, list_of({"$ref": "#/$defs/analysis"}, minItems=1)],
        "$defs": {"analysis": forms},
    }


def _frequentist() -> Schema:
    part = record(statistic=NUMBER, df=_COUNT, p=MAYBE_NUMBER)
    return _asked_for(
        record(
            **_data(),
            method={"enum": ["inverse-variance", "mantel-haenszel", "likelihood"]},
            tau2=MAYBE_NUMBER,
            tau2_method=MAYBE_TEXT,
            inference=record(rule=SAID, df=MAYBE_NUMBER, variance_factor=NUMBER),
            q=part,
            i2=MAYBE_NUMBER,
            prediction_rule=MAYBE_TEXT,
            estimates=list_of(
                _effect(
                    ("estimate", "se", "ci_low", "ci_high", "p"),
                    ("pi_low", "pi_high"),
                    ("ratio", "ratio_ci_low", "ratio_ci_high"),
                    interval_important={"enum": ["beyond", "short", "both"]},
                )
            ),
            p_scores=_by_treatment(NUMBER),
            ranks=_by_treatment(_rank()),
            rank_probabilities=_by_treatment(list_of(_SHARE)),
            consistency=record(
                q_within=NUMBER,
                q_between=NUMBER,
                df=_COUNT,
                p=MAYBE_NUMBER,
                design_by_treatment=part,
                designs=list_of(record(design=list_of(SAID), statistic=NUMBER, df=_COUNT, p=MAYBE_NUMBER)),
            ),
            net_heat=_or_null(
                record(
                    comparisons=list_of(SAID),
                    designs=list_of(list_of(SAID)),
                    hat=_MATRIX,
                    inconsistency=list_of(NUMBER),
                    change=_MATRIX,
                )
            ),
            node_split=list_of(_split()),
            contribution=record(
                method=SAID,
                comparisons=list_of(_PAIR),
                rows=list_of(record(treatment=SAID, reference=SAID, shares=list_of(_SHARE))),
            ),
        )
    )


def _posterior_of_contrasts() -> Schema:
    curve = record(
        points=list_of(list_of(NUMBER, minItems=2, maxItems=2)), quantiles=list_of(NUMBER, minItems=3, maxItems=3)
    )
    return _asked_for(
        record(
            **_data(),
            **_bayes("contrast"),
            prior=record(tau=MAYBE_TEXT, source=MAYBE_TEXT, effects=SAID),
            tau=_or_null(record(**_tau(), curves=record(prior=curve, posterior=curve))),
            log_marginal_likelihood=NUMBER,
        )
    )


def _posterior_of_arms() -> Schema:
    return record(
        **_data(),
        **_bayes("arm"),
        prior=record(
            tau=MAYBE_TEXT,
            source=MAYBE_TEXT,
            effects=SAID,
            baselines=SAID,
            baselines_source=MAYBE_TEXT,
            baselines_are={"enum": ["fixed", "random"]},
        ),
        tau=_or_null(record(**_tau())),
        baseline_spread=_or_null(record(mean=NUMBER, sd=NUMBER)),
        pareto_k=NUMBER,
        effective_points=NUMBER,
    )


def _data() -> dict[str, Schema]:
    return {
        "treatments": list_of(SAID, minItems=2),
        "studies": _COUNT,
        "study_names": list_of(SAID, minItems=1),
        "geometry": record(
            comparisons=list_of(record(treatments=_PAIR, trials=_COUNT)),
            multi_arm=list_of(list_of(SAID, minItems=3)),
            people=_by_treatment({"type": ["integer", "null"], "minimum": 0}),
        ),
        "measure": one_of(Measure),
        "scale": {"enum": ["log", "identity"]},
        "reference": SAID,
        "smaller_is_better": _MAYBE_FLAG,
        "model": _MODEL,
        "level": _LEVEL,
        "notes": list_of(SAID),
    }


def _bayes(likelihood: str) -> dict[str, Schema]:
    return {
        "method": {"const": "bayes"},
        "likelihood": {"const": likelihood},
        "estimates": list_of(
            _effect(
                ("mean", "sd", "median", "cri_low", "cri_high", "pi_low", "pi_high", "below_null"),
                (),
                ("ratio", "ratio_cri_low", "ratio_cri_high"),
                probability_important=_SHARE,
            )
        ),
        "sucra": _by_treatment(_SHARE),
        "ranks": _by_treatment(_rank()),
        "rank_probabilities": _by_treatment(list_of(_SHARE)),
    }


def _effect(given: tuple[str, ...], maybe: tuple[str, ...], ratios: tuple[str, ...], **asked_for: Schema) -> Schema:
    """A contrast; ratios only where the measure is one, and what was asked for."""
    numbers = dict.fromkeys(given, NUMBER) | dict.fromkeys(maybe, MAYBE_NUMBER)
    of = record(treatment=SAID, reference=SAID, **numbers)
    return of | {"properties": of["properties"] | dict.fromkeys(ratios, NUMBER) | asked_for}


def _asked_for(of: Schema) -> Schema:
    """Keys that stand there only where ``--what-if``, ``--important`` or ``--favoured-first`` asked for them."""
    row = record(
        treatment=SAID,
        reference=SAID,
        kind=SAID,
        changed=SAID,
        estimate=MAYBE_NUMBER,
        ci_low=MAYBE_NUMBER,
        ci_high=MAYBE_NUMBER,
        tau2=MAYBE_NUMBER,
        shift=MAYBE_NUMBER,
        turns={"type": "boolean"},
        reason=MAYBE_TEXT,
        sentence=SAID,
    )
    ratios = dict.fromkeys(("ratio", "ratio_ci_low", "ratio_ci_high"), MAYBE_NUMBER)
    asked = {
        "what_if": list_of(row | {"properties": row["properties"] | ratios}),
        "small_studies": record(
            favoured_first=list_of(SAID),
            funnel=list_of(
                record(
                    study=SAID, treatment=SAID, reference=SAID, effect=NUMBER, se=NUMBER, pooled=NUMBER, adjusted=NUMBER
                )
            ),
            slope=MAYBE_NUMBER,
            slope_se=MAYBE_NUMBER,
            p=MAYBE_NUMBER,
            reason=MAYBE_TEXT,
            notes=list_of(SAID),
        ),
        "important": record(size=NUMBER, side={"enum": ["at-most", "at-least"]}),
    }
    return of | {"properties": of["properties"] | asked}


def _split() -> Schema:
    maybe = (
        "direct",
        "direct_se",
        "direct_ci_low",
        "direct_ci_high",
        "indirect",
        "indirect_se",
        "difference",
        "se",
        "p",
    )
    numbers = dict.fromkeys(maybe, MAYBE_NUMBER)
    return record(
        treatment=SAID, reference=SAID, trials=_COUNT, share_direct=NUMBER, network=NUMBER, note=MAYBE_TEXT, **numbers
    )


def _tau() -> dict[str, Schema]:
    return dict.fromkeys(("mean", "sd", "median", "cri_low", "cri_high"), NUMBER)


def _rank() -> Schema:
    """Median, lower and upper limit."""
    return list_of({"type": "integer", "minimum": 1}, minItems=3, maxItems=3)


def _by_treatment(of: Schema) -> Schema:
    """An object with a key for each treatment; null where the caller did not say which way is better."""
    return _or_null({"type": "object", "additionalProperties": of})


def _or_null(of: Schema) -> Schema:
    return {"oneOf": [of, {"type": "null"}]}
