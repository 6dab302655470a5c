"""Pictures drawn as static, accessible SVG: pure functions of small frozen dataclasses, each with its data as a table.

Every number in them carries ``data-id`` of its estimate and links to its trace; colours are custom properties of the
style sheet.
"""

from equipoise.presentation.pictures.acceptability_bars import (
    AcceptabilityBar,
    acceptability_bar,
    rank_key,
    whole_counts,
    worlds_text,
)
from equipoise.presentation.pictures.contribution_bars import (
    ContributionRow,
    Contributions,
    ContributionWords,
    Share,
    contribution_heat,
    contribution_table,
)
from equipoise.presentation.pictures.contribution_drawing import contribution_plot
from equipoise.presentation.pictures.forest import ForestPlot, ForestRow, ForestWords, PooledRow, forest_table
from equipoise.presentation.pictures.forest_drawing import forest_plot
from equipoise.presentation.pictures.funnel import Funnel, FunnelPoint, FunnelWords, funnel_plot, funnel_table
from equipoise.presentation.pictures.heat_drawing import net_heat_plot
from equipoise.presentation.pictures.icon_array import (
    IconArrays,
    IconCounts,
    IconGroup,
    IconWords,
    icon_arrays_table,
    icon_counts,
)
from equipoise.presentation.pictures.icon_drawing import icon_arrays
from equipoise.presentation.pictures.intervals import Interval
from equipoise.presentation.pictures.league_table import (
    LeagueCell,
    LeagueTable,
    LeagueWords,
    league_list,
    league_tables,
)
from equipoise.presentation.pictures.net_heat import NetHeat, NetHeatWords, net_heat_table
from equipoise.presentation.pictures.network_drawing import network_diagram
from equipoise.presentation.pictures.network_graph import (
    GraphEdge,
    GraphNode,
    GraphWords,
    NetworkGraph,
    network_table,
)
from equipoise.presentation.pictures.people_array import (
    PeopleArrays,
    PeopleCounts,
    PeopleGroup,
    PeopleWords,
    SharedBand,
    people_arrays_table,
    people_counts,
    shared_bands,
)
from equipoise.presentation.pictures.people_drawing import key_icon, people_array
from equipoise.presentation.pictures.range_bar import RangeBar, range_bar
from equipoise.presentation.pictures.rank_drawing import rankogram_plot
from equipoise.presentation.pictures.rankogram import Rankogram, RankProfile, RankWords, rankogram_table
from equipoise.presentation.pictures.rare_field import FIELD, RareField, rare_field
from equipoise.presentation.pictures.reference_forest import (
    ReferenceForest,
    ReferenceForestWords,
    ReferenceRow,
    reference_forest_plot,
    reference_forest_table,
)
from equipoise.presentation.pictures.relapse_fan import FanOption, FanPoint, FanWords, RelapseFan, relapse_fan_table
from equipoise.presentation.pictures.relapse_fan_drawing import relapse_fan_plot
from equipoise.presentation.pictures.tau_curve import TauCurve, TauDensity, TauWords, tau_plot, tau_table
from equipoise.presentation.pictures.three_ways import ThreeWays, ThreeWaysWords, three_ways_plot, three_ways_table
from equipoise.presentation.pictures.timeline import Band, Event, Lane, Timeline, TimelineWords, timeline_table
from equipoise.presentation.pictures.timeline_drawing import timeline_chart

__all__ = [
    "FIELD",
    "AcceptabilityBar",
    "Band",
    "ContributionRow",
    "ContributionWords",
    "Contributions",
    "Event",
    "FanOption",
    "FanPoint",
    "FanWords",
    "ForestPlot",
    "ForestRow",
    "ForestWords",
    "Funnel",
    "FunnelPoint",
    "FunnelWords",
    "GraphEdge",
    "GraphNode",
    "GraphWords",
    "IconArrays",
    "IconCounts",
    "IconGroup",
    "IconWords",
    "Interval",
    "Lane",
    "LeagueCell",
    "LeagueTable",
    "LeagueWords",
    "NetHeat",
    "NetHeatWords",
    "NetworkGraph",
    "PeopleArrays",
    "PeopleCounts",
    "PeopleGroup",
    "PeopleWords",
    "PooledRow",
    "RangeBar",
    "RankProfile",
    "RankWords",
    "Rankogram",
    "RareField",
    "ReferenceForest",
    "ReferenceForestWords",
    "ReferenceRow",
    "RelapseFan",
    "Share",
    "SharedBand",
    "TauCurve",
    "TauDensity",
    "TauWords",
    "ThreeWays",
    "ThreeWaysWords",
    "Timeline",
    "TimelineWords",
    "acceptability_bar",
    "contribution_heat",
    "contribution_plot",
    "contribution_table",
    "forest_plot",
    "forest_table",
    "funnel_plot",
    "funnel_table",
    "icon_arrays",
    "icon_arrays_table",
    "icon_counts",
    "key_icon",
    "league_list",
    "league_tables",
    "net_heat_plot",
    "net_heat_table",
    "network_diagram",
    "network_table",
    "people_array",
    "people_arrays_table",
    "people_counts",
    "range_bar",
    "rank_key",
    "rankogram_plot",
    "rankogram_table",
    "rare_field",
    "reference_forest_plot",
    "reference_forest_table",
    "relapse_fan_plot",
    "relapse_fan_table",
    "shared_bands",
    "tau_plot",
    "tau_table",
    "three_ways_plot",
    "three_ways_table",
    "timeline_chart",
    "timeline_table",
    "whole_counts",
    "worlds_text",
]
