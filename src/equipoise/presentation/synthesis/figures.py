"""From a network meta-analysis in the machine form to pictures; nothing is computed here, only placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.presentation.figures import Figure
from equipoise.presentation.pictures import (
    ContributionRow,
    Contributions,
    Funnel,
    FunnelPoint,
    GraphEdge,
    GraphNode,
    Interval,
    LeagueCell,
    LeagueTable,
    NetHeat,
    NetworkGraph,
    Rankogram,
    RankProfile,
    ReferenceForest,
    ReferenceRow,
    Share,
    TauCurve,
    TauDensity,
    contribution_plot,
    contribution_table,
    funnel_plot,
    funnel_table,
    league_list,
    league_tables,
    net_heat_plot,
    net_heat_table,
    network_diagram,
    network_table,
    rankogram_plot,
    rankogram_table,
    reference_forest_plot,
    reference_forest_table,
    tau_plot,
    tau_table,
)
from equipoise.presentation.pictures.scale import Scale
from equipoise.synthesis.arms import as_ratio

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SynthesisFigures:
    """Draws what the report of one analysis shows.

    Attributes
    ----------
    document
        The machine form, see :mod:`equipoise.presentation.synthesis.wire`.
    number
        Number of the analysis in its report; keeps ids apart where a network is analysed by piece.
    """

    document: Document
    number: int = 1

    def of(self, section: str) -> Iterator[Figure]:
        """Yield the pictures of a section of the report.

        Parameters
        ----------
        section
            Its name, see :func:`equipoise.presentation.synthesis.report.sections`.
        """
        if section == "network":
            yield self.graph()
        elif section == "reference":
            yield self.forest()
            if self.document.get("contribution"):
                yield self.contributions()
        elif section == "heterogeneity" and (self.document.get("tau") or {}).get("curves"):
            yield self.tau()
        elif section == "consistency" and self.document.get("net_heat"):
            yield self.heat()
        elif section == "small-studies":
            yield self.funnel()
        elif section == "ranking" and self.document.get("rank_probabilities"):
            yield self.ranks()
        elif section == "contrasts":
            yield self.league()

    def graph(self) -> Figure:
        """Draw who was compared with whom."""
        shape = self.document["geometry"]
        people = shape["people"] or {}
        drawn = NetworkGraph(
            id=self._id("graph"),
            title="Who was compared with whom",
            nodes=tuple(GraphNode(name, people.get(name), f"people: {name}") for name in self.document["treatments"]),
            edges=tuple(
                GraphEdge(first, second, edge["trials"], _versus(first, second))
                for edge in shape["comparisons"]
                for first, second in (edge["treatments"],)
            ),
            multi_arm=tuple(tuple(names) for names in shape["multi_arm"]),
            trace_url=None,
        )
        return Figure(drawn.title, network_diagram(drawn), network_table(drawn))

    def forest(self) -> Figure:
        """Draw every treatment against the reference, with what a next trial may show."""
        reference = self.document["reference"]
        direct = {frozenset(edge["treatments"]) for edge in self.document["geometry"]["comparisons"]}
        low, high = self._sides
        drawn = ReferenceForest(
            id=self._id("forest"),
            title=f"Each treatment versus {reference}",
            reference=reference,
            measure=self._measure,
            rows=tuple(
                ReferenceRow(
                    row["treatment"],
                    self._effect(row),
                    None if row["pi_low"] is None else (self._shown(row["pi_low"]), self._shown(row["pi_high"])),
                    has_direct=frozenset((row["treatment"], reference)) in direct,
                )
                for row in self.document["estimates"]
                if row["reference"] == reference
            ),
            favours_low=low,
            favours_high=high,
            scale=self._scale,
            trace_url=None,
        )
        return Figure(drawn.title, reference_forest_plot(drawn), reference_forest_table(drawn))

    def contributions(self) -> Figure:
        """Draw what the result of each treatment against the reference rests on."""
        found, reference = self.document["contribution"], self.document["reference"]
        names = [_versus(*pair) for pair in found["comparisons"]]
        drawn = Contributions(
            id=self._id("contributions"),
            title=f"What each result rests on: shares of the direct comparisons ({found['method']})",
            rows=tuple(
                ContributionRow(
                    _versus(*sorted((row["treatment"], row["reference"]), key=lambda name: name == reference)),
                    tuple(Share(name, share) for name, share in zip(names, row["shares"], strict=True)),
                    f"contribution: {_versus(row['treatment'], row['reference'])}",
                )
                for row in found["rows"]
                if reference in {row["treatment"], row["reference"]}
            ),
            trace_url=None,
        )
        return Figure(drawn.title, contribution_plot(drawn), contribution_table(drawn))

    def tau(self) -> Figure:
        """Draw what was assumed about the heterogeneity, and what the trials made of it."""
        curves = self.document["tau"]["curves"]
        unit = "log ratios" if self._scale == "log" else "differences"
        drawn = TauCurve(
            id=self._id("tau"),
            title="How much the trials differ: before and after seeing them",
            axis=f"tau: standard deviation of {unit} between trials",
            prior=_density(curves["prior"], "tau before", self.document["prior"]["tau"]),
            posterior=_density(curves["posterior"], "tau after", ""),
            trace_url=None,
        )
        return Figure(drawn.title, tau_plot(drawn), tau_table(drawn))

    def heat(self) -> Figure:
        """Draw which design brings inconsistency in."""
        found = self.document["net_heat"]
        drawn = NetHeat(
            id=self._id("heat"),
            title="Net heat: where the evidence disagrees",
            comparisons=tuple(found["comparisons"]),
            hat=tuple(tuple(row) for row in found["hat"]),
            change=tuple(tuple(row) for row in found["change"]),
            estimate_id="net heat",
            trace_url=None,
        )
        return Figure(drawn.title, net_heat_plot(drawn), net_heat_table(drawn))

    def funnel(self) -> Figure:
        """Draw small trials beside large ones, every comparison around the mean of its own trials."""
        found = self.document["small_studies"]
        sides = ("favours the first named", "favours the second named")
        smaller = self.document["smaller_is_better"]
        low, high = ("lower with the first named", "higher with the first named") if smaller is None else sides
        drawn = Funnel(
            id=self._id("funnel"),
            title="Small trials beside large ones: comparison-adjusted funnel",
            deviation="Effect less the mean of its comparison" + (", log scale" if self._scale == "log" else ""),
            favours_low=high if smaller is False else low,
            favours_high=low if smaller is False else high,
            points=tuple(
                FunnelPoint(
                    point["study"],
                    _versus(point["treatment"], point["reference"]),
                    point["adjusted"],
                    point["se"],
                    f"{point['study']}: {_versus(point['treatment'], point['reference'])}",
                )
                for point in found["funnel"]
            ),
            asymmetry_p=found["p"],
            asymmetry_id="small studies",
            trace_url=None,
        )
        return Figure(drawn.title, funnel_plot(drawn), funnel_table(drawn))

    def ranks(self) -> Figure:
        """Draw how probable each rank is."""
        ranks, probabilities = self.document["ranks"], self.document["rank_probabilities"]
        better = "smaller" if self.document["smaller_is_better"] else "larger"
        drawn = Rankogram(
            id=self._id("ranks"),
            title="How probable each rank is",
            profiles=tuple(
                RankProfile(name, tuple(probabilities[name]), median, low, high, f"rank of {name}")
                for name, (median, low, high) in sorted(ranks.items(), key=lambda item: item[1])
            ),
            first_means=f"Rank 1: the {better} value, which is the better one.",
            trace_url=None,
        )
        return Figure(drawn.title, rankogram_plot(drawn), rankogram_table(drawn))

    def league(self) -> Figure:
        """Set out every comparison: of the network, and of the trials that compare the two directly."""
        names = self.document["treatments"]
        reference = self.document["reference"]
        drawn = LeagueTable(
            id=self._id("league"),
            title="Every treatment versus every other",
            measure=self._measure,
            direction=self._direction,
            treatments=(reference, *(name for name in names if name != reference)),
            network=tuple(
                LeagueCell(row["treatment"], row["reference"], self._effect(row))
                for row in self.document["estimates"]
                if row["treatment"] < row["reference"]
            ),
            direct=tuple(
                LeagueCell(row["treatment"], row["reference"], self._direct(row))
                for row in self.document.get("node_split") or ()
                if row["direct_ci_low"] is not None
            ),
            scale=self._scale,
            trace_url=None,
        )
        return Figure(drawn.title, league_tables(drawn), league_list(drawn))

    def _id(self, name: str) -> str:
        return f"{name}-{self.number}"

    @property
    def _scale(self) -> Scale:
        return "log" if self.document["scale"] == "log" else "linear"

    @property
    def _measure(self) -> str:
        kind = "credible" if self.document["method"] == "bayes" else "confidence"
        word = str(self.document["measure"]).replace("-", " ").capitalize()
        return f"{word} ({self.document['level']:.0%} {kind} interval)"

    @property
    def _null(self) -> str:
        return "1" if self._scale == "log" else "0"

    @property
    def _sides(self) -> tuple[str, str]:
        """Return what lies on the low side of no difference, and on the high side."""
        smaller, reference = self.document["smaller_is_better"], self.document["reference"]
        if smaller is None:
            return f"lower than with {reference}", f"higher than with {reference}"
        sides = "favours the treatment", f"favours {reference}"
        return sides if smaller else (sides[1], sides[0])

    @property
    def _direction(self) -> str:
        smaller = self.document["smaller_is_better"]
        if smaller is None:
            return f"Below {self._null}: a lower value with the treatment of the row."
        return f"{'Below' if smaller else 'Above'} {self._null}: better with the treatment of the row."

    def _shown(self, value: float) -> float:
        return as_ratio(value) if self._scale == "log" else value

    def _effect(self, row: Mapping[str, Any]) -> Interval:
        point, low, high = ("median", "cri_low", "cri_high") if "median" in row else ("estimate", "ci_low", "ci_high")
        return self._interval(row, (point, low, high), "")

    def _direct(self, row: Mapping[str, Any]) -> Interval:
        return self._interval(row, ("direct", "direct_ci_low", "direct_ci_high"), "direct: ")

    def _interval(self, row: Mapping[str, Any], names: tuple[str, str, str], kind: str) -> Interval:
        value, low, high = (self._shown(row[name]) for name in names)
        return Interval(value, low, high, f"{kind}{_versus(row['treatment'], row['reference'])}")


def _versus(treatment: str, reference: str) -> str:
    return f"{treatment} versus {reference}"


def _density(curve: Mapping[str, Any], estimate_id: str, detail: str) -> TauDensity:
    low, median, high = curve["quantiles"]
    return TauDensity(tuple((tau, height) for tau, height in curve["points"]), low, median, high, estimate_id, detail)
