"""The machine form of a network's answer: every number once under ``estimates``, everything else by its id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from equipoise.consultation.network_document import DirectIndirect, NetworkAnswer, Piece, WithoutTrial
from equipoise.consultation.network_inspection import Heat, Inspection, LeagueCell
from equipoise.consultation.network_trials import NetworkTrial
from equipoise.presentation import wire
from equipoise.synthesis.tau_curves import DensityCurve
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
                "p_score": rank.p_score.id,
                "sucra": rank.sucra.id,
                "rank": rank.median.id,
                "probabilities": _all_rounded(rank.probabilities),
            }
            for rank in piece.ranks
        ],
        **_inspection(piece.inspection),
        "notes": list(piece.notes),
    }


def _inspection(of: Inspection) -> dict[str, Any]:
    return {
        "league": {
            "model": of.league.model,
            "network": [_cell(cell) for cell in of.league.network],
            "direct": [_cell(cell) for cell in of.league.direct],
        },
        "contributions": {
            "method": of.contribution_method,
            "rows": [
                {
                    "estimate": row.estimate_id,
                    "shares": [
                        {"trial_id": part.trial_id, "share": _rounded(part.share), "concern": part.concern.words}
                        for part in row.shares
                    ],
                }
                for row in of.contributions
            ],
        },
        "small_studies": {
            "slope": _id(of.slope),
            "p": None if of.slope_p is None else _rounded(of.slope_p),
            "note": of.slope_note,
            "favoured_first": list(of.favoured_first),
            "funnel": [
                {"estimate": point.estimate.id, "deviation": _rounded(point.deviation), "se": _rounded(point.se)}
                for point in of.funnel
            ],
        },
        "net_heat": None if of.heat is None else _heat(of.heat),
        "tau": None if of.tau is None else {"prior": _curve(of.tau.prior), "posterior": _curve(of.tau.posterior)},
    }


def _cell(cell: LeagueCell) -> dict[str, Any]:
    limits = {"value": _rounded(cell.value), "low": _rounded(cell.low), "high": _rounded(cell.high)}
    return {"treatment": cell.treatment, "reference": cell.reference, "estimate": cell.estimate_id, **limits}


def _heat(heat: Heat) -> dict[str, Any]:
    return {
        "estimate": heat.estimate_id,
        "comparisons": [
            {"treatment": treatment, "reference": reference, "design": list(design)}
            for treatment, reference, design in heat.comparisons
        ],
        "hat": [_all_rounded(row) for row in heat.hat],
        "change": [_all_rounded(row) for row in heat.change],
    }


def _curve(curve: DensityCurve) -> dict[str, Any]:
    return {
        "points": [_all_rounded(point) for point in curve.points.tolist()],
        "quantiles": _all_rounded((curve.low, curve.median, curve.high)),
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


def _all_rounded(values: Iterable[float]) -> list[float]:
    return [_rounded(value) for value in values]


def _rounded(value: float) -> float:
    return float(f"{value:.{wire.SIGNIFICANT_DIGITS}g}")
