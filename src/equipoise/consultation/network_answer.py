"""A network's answer: every piece by itself, one pair looked at closely, and what was left out."""

from __future__ import annotations

import itertools

from equipoise.consultation.head_to_head import inverse, pairs
from equipoise.consultation.network_component import Component, components
from equipoise.consultation.network_document import (
    ComparisonResult,
    DirectIndirect,
    Edge,
    NetworkAnswer,
    Piece,
    WithoutTrial,
)
from equipoise.consultation.network_estimates import (
    PREFIX,
    Pair,
    network_estimates,
    split_estimates,
    without_trial,
)
from equipoise.consultation.network_evidence import NetworkEvidence, network_evidence
from equipoise.consultation.network_league import inspection
from equipoise.consultation.network_rows import PLANS, question
from equipoise.consultation.network_statistics import ranking, statistics
from equipoise.consultation.network_trials import NetworkTrial
from equipoise.consultation.trial_estimates import contrast_estimate
from equipoise.evidence import Evidence, load_evidence
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.measures import Measure

# The pair that the system began with.
TREATMENT, REFERENCE = "alemtuzumab-12mg", "interferon-beta-1a-sc-44"


def network_answer(
    outcome_id: str,
    *,
    evidence: Evidence | None = None,
    include_unverified: bool = False,
    with_risk_ratios: bool = False,
    treatment: str | None = None,
    reference: str | None = None,
) -> NetworkAnswer:
    """Answer from the network of all drugs on an outcome.

    Parameters
    ----------
    outcome_id
        One of ``network_rows.PLANS``: ``"annualised-relapse-rate"``.
    evidence
        The release; the packaged one by default.
    include_unverified
        Let rows in whose interval nobody here has seen; every result then says so.
    with_risk_ratios
        Let the few risk ratios into a network of hazard ratios; every result then says so.
    treatment, reference
        The pair to look at closely: option, alias or treatment id. Alemtuzumab versus interferon beta-1a by
        default. ``reference``, where given, is also what its piece is compared with; placebo otherwise.

    Raises
    ------
    UnknownTermError
        If there is no network for the outcome, or no treatment of that name.
    RequestError
        If both names mean the same treatment, or a treatment is not in the network; the message says why.
    """
    evidence = evidence or load_evidence()
    asked = question(outcome_id, include_unverified=include_unverified, with_risk_ratios=with_risk_ratios)
    if outcome_id not in evidence.outcomes:
        raise UnknownTermError("outcome in this evidence", outcome_id, evidence.outcomes)
    whole = network_evidence(evidence, asked)
    first, second = _pair(evidence, whole, treatment, reference)
    parts = components(evidence, whole)
    joint = next((part for part in parts if {first, second} <= set(part.treatments)), None)
    return NetworkAnswer(
        release=evidence.release,
        outcome=evidence.outcomes[outcome_id],
        measure=asked.plan.measure,
        include_unverified=include_unverified,
        with_risk_ratios=with_risk_ratios,
        pieces=tuple(_piece(part, second if reference else "") for part in parts),
        treatment=first,
        reference=second,
        alone=_alone(evidence, asked.outcome_id, whole.question.measures, (first, second)),
        splits=_splits(Pair(joint, first, second)) if joint else (),
        without=_without(Pair(joint, first, second)) if joint else (),
        pair_note="" if joint else _why_not(evidence, whole, first, second),
        left_out_trials=whole.left_out_trials,
        left_out_rows=whole.left_out_rows,
    )


def _pair(evidence: Evidence, whole: NetworkEvidence, treatment: str | None, reference: str | None) -> tuple[str, str]:
    known = whole.network.treatments
    second = _named(evidence, whole, reference) if reference else _usual(evidence, REFERENCE, known[0])
    first = _named(evidence, whole, treatment) if treatment else _usual(evidence, TREATMENT, known[1])
    if first == second and treatment and reference:
        raise RequestError(f"'{treatment}' and '{reference}' are the same treatment.\n  Try: name two different ones.")
    if first == second:
        first = first if treatment else next(name for name in known if name != second)
        second = second if reference else next(name for name in ("placebo", *known) if name != first)
    return first, second


def _usual(evidence: Evidence, name: str, instead: str) -> str:
    """The usual treatment, or another where this evidence does not know it."""
    return name if name in evidence.treatments else instead


def _named(evidence: Evidence, whole: NetworkEvidence, name: str) -> str:
    """The id of a treatment of the network, from its id, option or alias."""
    plain = "-".join(name.strip().lower().replace("_", " ").split())
    found = plain if plain in evidence.treatments else ""
    if not found:
        options = [o for o in evidence.options if plain in (o.option, *o.aliases)]
        found = options[0].id if options else ""
    if not found:
        known = [o.option for o in evidence.options] + list(whole.network.treatments)
        raise UnknownTermError("treatment", name, dict.fromkeys(known))
    if found not in whole.network.treatments:
        raise RequestError(
            f"{evidence.treatments[found].name} ({found}) is not in this network.\n  {_absent(whole, found)}\n"
            f"  In it: {', '.join(whole.network.treatments)}."
        )
    return found


def _absent(whole: NetworkEvidence, treatment: str) -> str:
    found = [row for row in whole.left_out_rows if treatment in row.treatments]
    if not found:
        return "No trial here reports this outcome for it."
    reasons = dict.fromkeys(f"{row.trial_id}: {row.reason}" for row in found)
    return "Why: " + "; ".join(reasons) + "."


def _why_not(evidence: Evidence, whole: NetworkEvidence, first: str, second: str) -> str:
    names = [evidence.treatments[name].name for name in (first, second)]
    for name, said in zip((first, second), names, strict=True):
        if name not in whole.network.treatments:
            return f"{said} is not in this network. {_absent(whole, name)}"
    return f"No chain of trials joins {names[0]} and {names[1]} on this outcome, so they cannot be compared here."


def _piece(part: Component, wanted: str) -> Piece:
    reference = wanted if wanted in part.treatments else part.network.reference
    others = [name for name in part.treatments if name != reference]
    results = tuple(
        ComparisonResult(name, reference, network_estimates(Pair(part, name, reference))) for name in others
    )
    notes = list(dict.fromkeys(note for trial in part.trials for note in trial.notes))
    if part.random is None:
        notes.append(
            "Every trial is needed to join this piece, so how much the trials' true effects differ cannot be "
            "estimated: only the common-effect model is shown, and its intervals are the narrowest possible."
        )
    return Piece(
        part.treatments,
        part.trials,
        _edges(part),
        reference,
        results,
        statistics(part),
        ranking(part),
        inspection(part, reference),
        tuple(notes),
    )


def _edges(part: Component) -> tuple[Edge, ...]:
    trials: dict[tuple[str, str], list[NetworkTrial]] = {}
    for trial in part.trials:
        for a, b in itertools.combinations(sorted(trial.data.treatments), 2):
            trials.setdefault((a, b), []).append(trial)
    return tuple(Edge(pair, tuple(t.trial.id for t in of), _people(pair, of)) for pair, of in sorted(trials.items()))


def _people(pair: tuple[str, str], trials: list[NetworkTrial]) -> int | None:
    arms = [arm for trial in trials for arm in trial.arms if arm.treatment_id in pair]
    known = [arm.n_analysed or arm.n_randomised for arm in arms]
    return sum(n for n in known if n) if all(known) else None


def _alone(
    evidence: Evidence, outcome_id: str, measures: tuple[Measure, ...], pair: tuple[str, str]
) -> tuple[Estimate, ...]:
    """The printed comparisons of two treatments, trial by trial, merged doses among them and named so."""
    found = []
    for couple in pairs(evidence, *(evidence.treatments[name] for name in pair)):
        arms = {arm.id for arm in couple.arms}
        for row in evidence.contrasts_on(outcome_id):
            of_these = {row.arm_id, row.reference_arm_id} == arms and row.measure in measures
            if of_these and row.estimate is not None and row.timepoint_months in (None, couple.trial.duration_months):
                one = contrast_estimate(evidence, row)
                found.append(one if row.arm_id == couple.arms[0].id else inverse(evidence, one))
    return tuple(found)


def _splits(pair: Pair) -> tuple[DirectIndirect, ...]:
    part = pair.component
    by_id = {one.id: one for one in network_estimates(pair)}
    found = []
    for model in ("common", "random") if part.random else ("common",):
        split = part.split(pair.treatment, pair.reference, model)
        sides = split_estimates(pair, split, model)
        found.append(
            DirectIndirect(
                model,
                sides.get("direct"),
                sides.get("indirect"),
                by_id[pair.id(model)],
                sides.get("direct-over-indirect"),
                split.p,
                split.share_direct,
                split.note,
            )
        )
    return tuple(found)


def _without(pair: Pair) -> tuple[WithoutTrial, ...]:
    found = []
    for left in pair.component.left_out(pair.treatment, pair.reference):
        estimate = without_trial(pair, left.name, left.fit) if left.fit else None
        lost = tuple(name for name in pair.component.treatments if left.fit and name not in left.fit.treatments)
        found.append(WithoutTrial(left.name, estimate, left.fit.tau2 if left.fit else None, lost, left.reason))
    return tuple(found)


def network_estimate(identifier: str, evidence: Evidence) -> Estimate | None:
    """Return the estimate of a network by its id, or ``None`` if there is none."""
    rest = identifier.removeprefix(PREFIX)
    outcome_id, _, inner = rest.partition(".")
    if outcome_id not in PLANS:
        return None
    inner, unverified = inner.removesuffix(".unverified"), inner.endswith(".unverified")
    inner, mixed = inner.removesuffix(".with-risk-ratios"), inner.endswith(".with-risk-ratios")
    first, _, second = inner.partition(".vs.")
    names = [name for name in evidence.treatments if second.startswith(f"{name}.")]
    pair = (first, max(names, key=len)) if names and first in evidence.treatments else (None, None)
    try:
        answer = network_answer(
            outcome_id,
            evidence=evidence,
            include_unverified=unverified,
            with_risk_ratios=mixed,
            treatment=pair[0],
            reference=pair[1],
        )
    except (RequestError, UnknownTermError):
        return None
    return next((one for one in answer.estimates if one.id == identifier), None)
