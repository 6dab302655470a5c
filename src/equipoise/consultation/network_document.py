"""What a network says, as one document that faces render and none computes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.consultation.network_evidence import LeftOutTrial
from equipoise.consultation.network_inspection import Inspection
from equipoise.consultation.network_rows import LeftOutRow
from equipoise.consultation.network_trials import NetworkTrial
from equipoise.evidence import Release
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Outcome

_SUFFIXES = (".with-risk-ratios", ".unverified", ".with-risk-ratios.unverified")


@dataclass(frozen=True)
class Edge:
    """Two treatments that trials compare directly; ``n`` is people in the trials, ``None`` if not all report it."""

    treatments: tuple[str, str]
    trial_ids: tuple[str, ...]
    n: int | None


@dataclass(frozen=True)
class Rank:
    """Where a treatment stands in its piece, and how little that is sure of.

    Attributes
    ----------
    p_score, sucra
        From 0 (surely the worst) to 1 (surely the best); the P-score from the random-effects model, SUCRA from the
        Bayesian one.
    median
        Median rank with its 95 percent interval; 1 is the best. Its notes say the probability of each rank.
    probabilities
        Of each rank, the best first; they sum to one.
    """

    treatment: str
    p_score: Estimate
    sucra: Estimate
    median: Estimate
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class ComparisonResult:
    """One treatment versus the reference of its piece: the same question under each model."""

    treatment: str
    reference: str
    estimates: tuple[Estimate, ...]

    def of(self, *parts: str) -> Estimate | None:
        """Return one of them: ``of("random")``, ``of("random", "prediction")``, ``of("bayes")``."""
        wanted = f".vs.{self.reference}.{'.'.join(parts)}"
        endings = (wanted, *(wanted + suffix for suffix in _SUFFIXES))
        return next((one for one in self.estimates if one.id.endswith(endings)), None)


@dataclass(frozen=True)
class Piece:
    """Treatments that trials join, and what they say about each other.

    Attributes
    ----------
    treatments, trials, edges
        Who is in it.
    reference
        What ``results`` compare with.
    results
        Every other treatment versus the reference.
    statistics
        Heterogeneity and disagreement between designs.
    ranks
        The most favourable first; empty where there is no random-effects model.
    inspection
        What a reader checks the results by.
    notes
        What had to be assumed.
    """

    treatments: tuple[str, ...]
    trials: tuple[NetworkTrial, ...]
    edges: tuple[Edge, ...]
    reference: str
    results: tuple[ComparisonResult, ...]
    statistics: tuple[Estimate, ...]
    ranks: tuple[Rank, ...]
    inspection: Inspection
    notes: tuple[str, ...]


@dataclass(frozen=True)
class DirectIndirect:
    """One pair under one model: direct, indirect and network evidence side by side.

    Attributes
    ----------
    direct, indirect, network, disagreement
        ``disagreement`` is the ratio of direct to indirect. ``None`` where not estimable.
    p
        Two-sided, of no disagreement.
    share_direct
        Share of the direct evidence in the network result.
    note
        Why something is not estimable; empty otherwise.
    """

    model: str
    direct: Estimate | None
    indirect: Estimate | None
    network: Estimate
    disagreement: Estimate | None
    p: float | None
    share_direct: float
    note: str


@dataclass(frozen=True)
class WithoutTrial:
    """The pair without one trial.

    Attributes
    ----------
    estimate
        ``None`` where it cannot be estimated then, for ``reason``.
    lost
        Treatments that can then no longer be compared with the pair.
    """

    trial_id: str
    estimate: Estimate | None
    tau2: float | None
    lost: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class NetworkAnswer:
    """What a network says, and what it cannot say.

    Attributes
    ----------
    release, outcome, measure
        Which evidence, which outcome, what is compared; the outcome says which way is better.
    include_unverified, with_risk_ratios
        The switches; every result carries them in its id and its words.
    pieces
        The largest first. Treatments of different pieces cannot be compared.
    treatment, reference
        The pair looked at closely.
    alone
        What each trial of the two printed by itself, also those that could not enter the network.
    splits
        The pair under each model; empty where no chain of trials joins the two.
    without
        The pair without each trial of its piece.
    pair_note
        Why the pair has no answer; empty where it has.
    left_out_trials, left_out_rows
        What did not enter, and why.
    """

    release: Release
    outcome: Outcome
    measure: Measure
    include_unverified: bool
    with_risk_ratios: bool
    pieces: tuple[Piece, ...]
    treatment: str
    reference: str
    alone: tuple[Estimate, ...]
    splits: tuple[DirectIndirect, ...]
    without: tuple[WithoutTrial, ...]
    pair_note: str
    left_out_trials: tuple[LeftOutTrial, ...]
    left_out_rows: tuple[LeftOutRow, ...]

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every number, each id once."""
        return tuple({one.id: one for one in self._all()}.values())

    def _all(self) -> Iterator[Estimate]:
        for piece in self.pieces:
            yield from piece.statistics
            yield from (one for rank in piece.ranks for one in (rank.p_score, rank.sucra, rank.median))
            yield from (point.estimate for point in piece.inspection.funnel)
            yield from (one for one in (piece.inspection.slope,) if one is not None)
            yield from itertools.chain.from_iterable(result.estimates for result in piece.results)
        yield from self.alone
        for split in self.splits:
            yield from (x for x in (split.direct, split.indirect, split.network, split.disagreement) if x is not None)
        yield from (one.estimate for one in self.without if one.estimate is not None)
