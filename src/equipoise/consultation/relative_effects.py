"""Joint draws of relative effects for a set of options, from the networks of all drugs."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.consultation.network_component import PRIOR, Component, components
from equipoise.consultation.network_evidence import network_evidence
from equipoise.consultation.network_rows import PLANS, question
from equipoise.evidence import Evidence
from equipoise.outcomes.draws import Array, RelativeEffects
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.synthesis.bayes import NetworkPosterior, posterior
from equipoise.vocabulary.errors import NotEstimableError
from equipoise.vocabulary.provenance import Computation

OUTCOMES = ("annualised-relapse-rate", "confirmed-disability-worsening-6m", "confirmed-disability-worsening-3m")
_KEPT = 32


@dataclass(frozen=True, eq=False)
class _Piece:
    """A connected piece with its posterior: the same for every person."""

    component: Component
    posterior: NetworkPosterior


def relative_effects(
    evidence: Evidence, options: Collection[str], *, seed: int, draws: int
) -> Mapping[str, RelativeEffects]:
    """Draw the effects of several treatments on relapses and on disability worsening, jointly.

    Parameters
    ----------
    evidence
        The release.
    options
        Treatment ids. Their order does not matter.
    seed
        Chooses which draw of one outcome belongs to which draw of another, nothing else: the points themselves
        are a fixed sequence.
    draws
        Number of draws S.

    Returns
    -------
    Mapping
        For each outcome, the connected piece of its network that holds the most of the options; outcomes whose
        network holds none are missing. Effects are against the piece's own reference.

    Notes
    -----
    Means and predictive draws come from the posterior integrated over tau (half-normal prior with scale 0.5, as
    everywhere here). Where every trial is needed to join the piece, nothing in the data speaks about tau and
    the predictive draws spread as the prior says.
    """
    found = {}
    for outcome_id in OUTCOMES:
        piece = _largest_share(evidence, outcome_id, frozenset(options))
        if piece is not None:
            found[outcome_id] = _effects(piece, outcome_id, seed=seed, draws=draws)
    return found


def _largest_share(evidence: Evidence, outcome_id: str, options: frozenset[str]) -> _Piece | None:
    if outcome_id not in evidence.outcomes:
        return None
    pieces = _pieces(evidence, outcome_id)
    best = max(pieces, key=lambda piece: len(options & set(piece.component.treatments)), default=None)
    return best if best is not None and options & set(best.component.treatments) else None


@once_per_evidence
def _pieces(evidence: Evidence, /, outcome_id: str) -> tuple[_Piece, ...]:
    try:
        whole = network_evidence(evidence, question(outcome_id))
    except NotEstimableError:
        return ()
    return tuple(_Piece(piece, posterior(piece.network, PRIOR)) for piece in components(evidence, whole))


@functools.lru_cache(maxsize=_KEPT)
def _points(piece: _Piece, draws: int) -> tuple[Array, Array]:
    return piece.posterior.draws(draws), piece.posterior.predictive_draws(draws)


@functools.lru_cache(maxsize=_KEPT)
def _effects(piece: _Piece, outcome_id: str, *, seed: int, draws: int) -> RelativeEffects:
    # Every network's points come from the same fixed sequence: without a shuffle of its own for each outcome, a world
    # with a good effect on relapses would be one with a good effect on disability for no reason in the data.
    order = np.random.default_rng([seed, zlib.crc32(outcome_id.encode())]).permutation(draws)
    mean, predictive = (points[order] for points in _points(piece, draws))
    part, names = piece.component, piece.posterior.treatments
    return RelativeEffects(
        outcome_id=outcome_id,
        measure=PLANS[outcome_id].measure,
        anchor=part.network.reference,
        mean={name: mean[:, i] for i, name in enumerate(names)},
        predictive={name: predictive[:, i] for i, name in enumerate(names)},
        basis="network" if len(names) > 2 else "direct",
        provenance=Computation(
            "Joint draws from a Bayesian network meta-analysis, random effects",
            f"posterior integrated over tau, prior {PRIOR.name} ({PRIOR.source}); in a new setting effects vary "
            "by tau^2 (I + J) / 2",
            tuple(trial.provenance for trial in part.trials),
            "rover-2020",
        ),
    )
