"""The machine form of a network's answer: every number once under ``estimates``, everything else by its id."""

from __future__ import annotations

from typing import Any

from equipoise.consultation.network_document import DirectIndirect, NetworkAnswer, Piece, WithoutTrial
from equipoise.consultation.network_trials import NetworkTrial
from equipoise.presentation import wire
from equipoise.vocabulary.estimate import Estimate


def network(answer: NetworkAnswer) -> dict[str, Any]:
    """Return a network's answer in the machine form; docs/how-to/see-the-network.md describes the keys."""
    return {
        "evidence": wire.release(answer.release),
        "outcome": {
            "id": answer.outcome.id,
            "name": answer.outcome.name,
            "direction": answer.outcome.direction.value,
            "definition": answer.outcome.definition,
        },
        "measure": answer.measure.value,
        "include_unverified": answer.include_unverified,
        "with_risk_ratios": answer.with_risk_ratios,
        "pieces": [_piece(piece) for piece in answer.pieces],
        "pair": {
            "treatment": answer.treatment,
            "reference": answer.reference,
            "note": answer.pair_note,
            "alone": [one.id for one in answer.alone],
            "splits": [_split(split) for split in answer.splits],
            "without": [_without(one) for one in answer.without],
        },
        "left_out": {
            "trials": [
                {"id": left.trial.id, "treatments": list(left.treatments), "reason": left.reason}
                for left in answer.left_out_trials
            ],
            "rows": [
                {"id": row.row_id, "trial_id": row.trial_id, "reason": row.reason} for row in answer.left_out_rows
            ],
        },
        "estimates": [wire.estimate(one) for one in answer.estimates],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "treatments": list(piece.treatments),
        "reference": piece.reference,
        "trials": [_trial(trial) for trial in piece.trials],
        "edges": [
            {"treatments": list(edge.treatments), "trial_ids": list(edge.trial_ids), "n": edge.n}
            for edge in piece.edges
        ],
        "results": [
            {
                "treatment": result.treatment,
                "reference": result.reference,
                "estimates": [one.id for one in result.estimates],
            }
            for result in piece.results
        ],
        "statistics": [one.id for one in piece.statistics],
        "ranks": [
            {
                "treatment": rank.treatment,
                "p_score": _rounded(rank.p_score),
                "sucra": _rounded(rank.sucra),
                "median": rank.median,
                "low": rank.low,
                "high": rank.high,
            }
            for rank in piece.ranks
        ],
        "notes": list(piece.notes),
    }


def _trial(trial: NetworkTrial) -> dict[str, Any]:
    return {
        "id": trial.trial.id,
        "name": trial.trial.short_name,
        "timepoint_months": trial.timepoint_months,
        "n": trial.n,
        "arms": [{"treatment": arm.treatment_id, "n": arm.n_analysed or arm.n_randomised} for arm in trial.arms],
        "made_of": trial.how,
        "trust": trial.trust.value,
        "rows": list(trial.row_ids),
    }


def _split(split: DirectIndirect) -> dict[str, Any]:
    return {
        "model": split.model,
        "direct": _id(split.direct),
        "indirect": _id(split.indirect),
        "network": split.network.id,
        "disagreement": _id(split.disagreement),
        "p": None if split.p is None else _rounded(split.p),
        "share_direct": _rounded(split.share_direct),
        "note": split.note,
    }


def _without(one: WithoutTrial) -> dict[str, Any]:
    return {
        "trial_id": one.trial_id,
        "estimate": _id(one.estimate),
        "tau2": None if one.tau2 is None else _rounded(one.tau2),
        "lost": list(one.lost),
        "reason": one.reason,
    }


def _id(estimate: Estimate | None) -> str | None:
    return None if estimate is None else estimate.id


def _rounded(value: float) -> float:
    return float(f"{value:.{wire.SIGNIFICANT_DIGITS}g}")
