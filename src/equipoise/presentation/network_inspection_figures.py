"""From a piece of a network to the pictures that a reader checks it by; nothing is computed here, only placed."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.consultation.network_document import NetworkAnswer, Piece
from equipoise.consultation.network_inspection import LeagueCell as Cell
from equipoise.evidence import Evidence
from equipoise.presentation.figures import Figure
from equipoise.presentation.pictures import (
    ContributionRow,
    Contributions,
    ContributionWords,
    Funnel,
    FunnelPoint,
    FunnelWords,
    Interval,
    LeagueCell,
    LeagueTable,
    NetHeat,
    NetHeatWords,
    Rankogram,
    RankProfile,
    RankWords,
    Share,
    TauCurve,
    TauDensity,
    TauWords,
    contribution_plot,
    contribution_table,
    funnel_plot,
    funnel_table,
    league_list,
    league_tables,
    net_heat_plot,
    net_heat_table,
    rankogram_plot,
    rankogram_table,
    tau_plot,
    tau_table,
)
from equipoise.presentation.pictures.contribution_bars import Risk
from equipoise.presentation.plain_words import upper_first
from equipoise.synthesis.confidence import Concern
from equipoise.synthesis.tau_curves import DensityCurve
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Direction

_RISK: dict[Concern, Risk] = {Concern.NONE: "low", Concern.SOME: "some", Concern.MAJOR: "high"}
# The pages spell out the level of an interval: it is a definition, not a number about a treatment.
_FUNNEL_WORDS = FunnelWords(
    key_limits="where ninety-five percent of trials would lie if chance alone moved them (pseudo limits)"
)
_RANK_WORDS = RankWords(
    key_range="median rank, and the range that holds the rank with a probability of ninety-five percent"
)
_HEAT_WORDS = NetHeatWords(key_none="no number: hardly any change")
_TAU_WORDS = TauWords(interval_head="Interval of ninety-five percent")
_MODELS = {"random": "random effects", "common": "common effect"}
_RISK_WORDS: dict[Risk, str] = {
    "low": "from trials without a doubt by our rule",
    "some": "from trials with some doubt by our rule",
    "high": "from trials with much doubt by our rule",
    "unclear": "from trials that were not judged",
}


@dataclass(frozen=True, slots=True)
class InspectionFigures:
    """Draws what one piece of a network is checked by.

    Attributes
    ----------
    answer, piece
        The document, and the piece of it.
    number
        Place of the piece; keeps ids apart.
    evidence
        Where names come from.
    trace_url
        Address of a trace with ``{id}`` in it.
    """

    answer: NetworkAnswer
    piece: Piece
    number: int
    evidence: Evidence
    trace_url: str

    def ranks(self) -> Figure | None:
        """Draw how probable each rank is; ``None`` where nothing is ranked."""
        if not self.piece.ranks:
            return None
        drawn = Rankogram(
            id=self._id("ranks"),
            title=f"How probable each rank is: {self.answer.outcome.name}",
            profiles=tuple(
                RankProfile(
                    self._name(rank.treatment),
                    rank.probabilities,
                    round(rank.median.value),
                    round(rank.median.interval.low),
                    round(rank.median.interval.high),
                    rank.median.id,
                )
                for rank in self.piece.ranks
                if rank.median.interval is not None
            ),
            first_means=f"Rank 1: the {'lowest' if self._lower_is_better else 'highest'}, which is better here.",
            trace_url=self.trace_url,
            words=_RANK_WORDS,
        )
        return Figure(drawn.title, rankogram_plot(drawn), rankogram_table(drawn))

    def league(self) -> Figure:
        """Set out every comparison: of the network, and of the trials of the two alone."""
        found = self.piece.inspection.league
        side = "Below" if self._lower_is_better else "Above"
        drawn = LeagueTable(
            id=self._id("league"),
            title=f"Every treatment joined with {self._name(self.piece.reference)} versus every other",
            measure=f"{self._measure} (confidence interval), {_MODELS[found.model]}",
            direction=f"{side} one: better with the treatment of the row.",
            treatments=tuple(self._name(name) for name in found.treatments),
            network=tuple(self._cell(cell) for cell in found.network),
            direct=tuple(self._cell(cell) for cell in found.direct),
            trace_url=self.trace_url,
        )
        return Figure(drawn.title, league_tables(drawn), league_list(drawn))

    def contributions(self) -> Figure:
        """Draw from which trials each result comes, and whether a rule doubts them."""
        found = self.piece.inspection
        method = found.contribution_method.replace("-", " ")
        drawn = Contributions(
            id=self._id("contributions"),
            title=f"What each result rests on: shares of the trials, split by {method} along the flow of evidence",
            rows=tuple(
                ContributionRow(
                    f"{self._name(row.treatment)} versus {self._name(row.reference)}",
                    tuple(
                        Share(self.evidence.trials[part.trial_id].short_name, part.share, _RISK[part.concern])
                        for part in row.shares
                    ),
                    row.estimate_id,
                )
                for row in found.contributions
            ),
            trace_url=self.trace_url,
            words=ContributionWords(risk=_RISK_WORDS),
        )
        return Figure(drawn.title, contribution_plot(drawn), contribution_table(drawn))

    def funnel(self) -> Figure | None:
        """Draw small trials beside large ones; ``None`` where no two trials make the same comparison."""
        found = self.piece.inspection
        if not found.funnel:
            return None
        sides = ("favours the first named", "favours the second named")
        low, high = sides if self._lower_is_better else reversed(sides)
        drawn = Funnel(
            id=self._id("funnel"),
            title="Small trials beside large ones: comparison-adjusted funnel",
            deviation=f"Logarithm of the {self._measure.lower()}, less the mean of its comparison",
            favours_low=low,
            favours_high=high,
            points=tuple(
                FunnelPoint(
                    self.evidence.trials[point.estimate.trial_ids[0]].short_name,
                    f"{self._name(point.estimate.treatment)} versus {self._name(point.estimate.reference)}",
                    point.deviation,
                    point.se,
                    point.estimate.id,
                )
                for point in found.funnel
            ),
            asymmetry_p=found.slope_p,
            asymmetry_id=None if found.slope is None else found.slope.id,
            trace_url=self.trace_url,
            words=_FUNNEL_WORDS,
        )
        return Figure(drawn.title, funnel_plot(drawn), funnel_table(drawn))

    def heat(self) -> Figure | None:
        """Draw which design brings disagreement in; ``None`` where no loop of designs closes."""
        found = self.piece.inspection.heat
        if found is None:
            return None
        names = [
            f"{self._name(treatment)} versus {self._name(reference)}"
            + (f" ({', '.join(map(self._name, design))})" if len(design) > 2 else "")
            for treatment, reference, design in found.comparisons
        ]
        drawn = NetHeat(
            id=self._id("heat"),
            title="Net heat: where the designs disagree",
            comparisons=tuple(names),
            hat=found.hat,
            change=found.change,
            estimate_id=found.estimate_id,
            trace_url=self.trace_url,
            words=_HEAT_WORDS,
        )
        return Figure(drawn.title, net_heat_plot(drawn), net_heat_table(drawn))

    def tau(self) -> Figure | None:
        """Draw what was assumed of the heterogeneity, and what the trials made of it."""
        curves = self.piece.inspection.tau
        of = self.tau_estimate
        if curves is None or of is None:
            return None
        drawn = TauCurve(
            id=self._id("tau"),
            title="How much the trials differ: before and after seeing them",
            axis=f"tau: standard deviation of log {self._measure.lower()}s between trials",
            prior=_density(curves.prior, of.id),
            posterior=_density(curves.posterior, of.id),
            trace_url=self.trace_url,
            words=_TAU_WORDS,
        )
        return Figure(drawn.title, tau_plot(drawn), tau_table(drawn))

    @property
    def tau_estimate(self) -> Estimate | None:
        """The posterior of tau among the statistics of the piece."""
        return next((one for one in self.piece.statistics if one.measure is Measure.TAU), None)

    @property
    def important(self) -> tuple[Estimate, ...]:
        """How probable it is that each treatment is better than the reference by a size that matters."""
        found = (result.of("bayes", "important") for result in self.piece.results)
        return tuple(one for one in found if one is not None)

    @property
    def _measure(self) -> str:
        return upper_first(self.answer.measure.value.replace("-", " "))

    @property
    def _lower_is_better(self) -> bool:
        return self.answer.outcome.direction is not Direction.HIGHER_IS_BETTER

    def _name(self, treatment_id: str) -> str:
        return self.evidence.treatments[treatment_id].name

    def _id(self, name: str) -> str:
        return f"{name}-{self.number}"

    def _cell(self, cell: Cell) -> LeagueCell:
        effect = Interval(cell.value, cell.low, cell.high, cell.estimate_id)
        return LeagueCell(self._name(cell.treatment), self._name(cell.reference), effect)


def _density(curve: DensityCurve, estimate_id: str) -> TauDensity:
    points = tuple((tau, height) for tau, height in curve.points.tolist())
    return TauDensity(points, curve.low, curve.median, curve.high, estimate_id)
