"""From a network's answer to pictures: the graph, every treatment against one, and one pair three ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from equipoise.consultation.network_document import DirectIndirect, Edge, NetworkAnswer, Piece
from equipoise.evidence import Evidence
from equipoise.presentation.figures import Figure
from equipoise.presentation.network_inspection_figures import InspectionFigures
from equipoise.presentation.pictures import (
    GraphEdge,
    GraphNode,
    Interval,
    NetworkGraph,
    ReferenceForest,
    ReferenceRow,
    ThreeWays,
    network_diagram,
    network_table,
    reference_forest_plot,
    reference_forest_table,
    three_ways_plot,
    three_ways_table,
)
from equipoise.presentation.plain_words import upper_first
from equipoise.vocabulary.estimate import CertaintyLevel, Estimate
from equipoise.vocabulary.terms import Direction

_DOTS: dict[CertaintyLevel, Literal["high", "moderate", "low", "very-low"]] = {
    CertaintyLevel.HIGH: "high",
    CertaintyLevel.MODERATE: "moderate",
    CertaintyLevel.LOW: "low",
    CertaintyLevel.VERY_LOW: "very-low",
}


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """Draws what the page of a network shows.

    Attributes
    ----------
    answer
        The document.
    evidence
        Where names come from.
    trace_url
        Address of a trace with ``{id}`` in it.
    """

    answer: NetworkAnswer
    evidence: Evidence
    trace_url: str

    def name(self, treatment_id: str) -> str:
        """Return what a treatment is called."""
        return self.evidence.treatments[treatment_id].name

    def model(self, piece: Piece) -> str:
        """Return the model that a piece is shown under: random effects where they can be estimated."""
        return "random" if any(result.of("random") for result in piece.results) else "common"

    def graph(self, piece: Piece, number: int) -> Figure:
        """Draw who was compared with whom."""
        pair = (self.answer.treatment, self.answer.reference)
        drawn = NetworkGraph(
            id=f"network-{number}",
            title=f"Who was compared with whom: {self.answer.outcome.name}",
            nodes=tuple(
                GraphNode(self.name(treatment), _people(piece, treatment), self.rank_id(piece, treatment))
                for treatment in piece.treatments
            ),
            edges=tuple(self._edge(piece, edge) for edge in piece.edges),
            question=(self.name(pair[0]), self.name(pair[1])) if set(pair) <= set(piece.treatments) else None,
            trace_url=self.trace_url,
        )
        return Figure(drawn.title, network_diagram(drawn), network_table(drawn))

    def forest(self, piece: Piece, number: int) -> Figure:
        """Draw every treatment of a piece against its reference."""
        model = self.model(piece)
        direct = {frozenset(edge.treatments) for edge in piece.edges}
        rows = []
        for result in piece.results:
            estimate, prediction = result.of(model), result.of(model, "prediction")
            if estimate is not None and estimate.interval is not None:
                limits = prediction.interval if prediction else None
                level = estimate.certainty.level
                rows.append(
                    ReferenceRow(
                        self.name(result.treatment),
                        _interval(estimate),
                        (limits.low, limits.high) if limits else None,
                        _DOTS.get(level),
                        frozenset((result.treatment, piece.reference)) in direct,
                    )
                )
        reference = self.name(piece.reference)
        low, high = self._sides("the treatment", reference)
        drawn = ReferenceForest(
            id=f"forest-{number}",
            title=f"{upper_first(self.answer.outcome.name)}: each treatment versus {reference}",
            reference=reference,
            measure=self._measure,
            rows=tuple(rows),
            favours_low=f"favours {low}",
            favours_high=f"favours {high}",
            trace_url=self.trace_url,
        )
        return Figure(drawn.title, reference_forest_plot(drawn), reference_forest_table(drawn))

    def three_ways(self) -> Figure | None:
        """Draw the pair by direct, indirect and network evidence; ``None`` where no chain of trials joins the two."""
        split = next((s for s in self.answer.splits if s.model == "random"), next(iter(self.answer.splits), None))
        if split is None or split.network.interval is None:
            return None
        names = self.name(self.answer.treatment), self.name(self.answer.reference)
        low, high = self._sides(*names)
        drawn = ThreeWays(
            id="three-ways",
            title=f"{names[0]} versus {names[1]}: direct, indirect and network evidence",
            treatment=names[0],
            reference=names[1],
            measure=self._measure,
            network=_interval(split.network),
            direct=_maybe(split.direct),
            indirect=_maybe(split.indirect),
            difference=_maybe(split.disagreement),
            p=split.p,
            trials=self._direct_trials(split),
            share_direct=min(split.share_direct, 1.0),
            favours_low=f"favours {low}",
            favours_high=f"favours {high}",
            trace_url=self.trace_url,
        )
        return Figure(drawn.title, three_ways_plot(drawn), three_ways_table(drawn))

    def inspection(self, piece: Piece, number: int) -> InspectionFigures:
        """Return what draws the pictures that a piece is checked by."""
        return InspectionFigures(self.answer, piece, number, self.evidence, self.trace_url)

    def rank_id(self, piece: Piece, treatment: str) -> str:
        """Return the id behind what is said of one treatment: its own result; for the reference, the first result."""
        own = [result for result in piece.results if result.treatment == treatment]
        estimate = (own or piece.results)[0].of(self.model(piece))
        return "" if estimate is None else estimate.id

    def _edge(self, piece: Piece, edge: Edge) -> GraphEdge:
        first, second = edge.treatments
        estimate_id = f"network.{self.answer.outcome.id}.{first}.vs.{second}.{self.model(piece)}"
        return GraphEdge(self.name(first), self.name(second), len(edge.trial_ids), estimate_id)

    def _direct_trials(self, split: DirectIndirect) -> int | None:
        if split.direct is None:
            return None
        pair = {self.answer.treatment, self.answer.reference}
        edges = [edge for piece in self.answer.pieces for edge in piece.edges if set(edge.treatments) == pair]
        return len(edges[0].trial_ids) if edges else None

    @property
    def _measure(self) -> str:
        return f"{self.answer.measure.value.replace('-', ' ').capitalize()} (with its interval)"

    def _sides(self, treatment: str, reference: str) -> tuple[str, str]:
        """Return whom a low ratio favours, and whom a high one."""
        lower_is_better = self.answer.outcome.direction is Direction.LOWER_IS_BETTER
        return (treatment, reference) if lower_is_better else (reference, treatment)


def _people(piece: Piece, treatment: str) -> int | None:
    """Return how many people a piece holds on a treatment, ``None`` where a trial does not report it."""
    arms = [arm for trial in piece.trials for arm in trial.arms if arm.treatment_id == treatment]
    known = [arm.n_analysed or arm.n_randomised for arm in arms]
    return sum(n for n in known if n) if known and all(known) else None


def _interval(estimate: Estimate) -> Interval:
    if estimate.interval is None:
        raise ValueError(f"{estimate.id} has no interval to draw")
    return Interval(estimate.value, estimate.interval.low, estimate.interval.high, estimate.id)


def _maybe(estimate: Estimate | None) -> Interval | None:
    return None if estimate is None or estimate.interval is None else _interval(estimate)
