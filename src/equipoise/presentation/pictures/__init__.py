"""Pictures drawn as static, accessible SVG: pure functions of small frozen dataclasses, each with its data as a table.

Every number in them carries ``data-id`` of its estimate and links to its trace; colours are custom properties of the
style sheet.
"""

from equipoise.presentation.pictures.forest import ForestPlot, ForestRow, ForestWords, PooledRow, forest_table
from equipoise.presentation.pictures.forest_drawing import forest_plot
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
from equipoise.presentation.pictures.network_drawing import network_graph
from equipoise.presentation.pictures.network_graph import (
    GraphEdge,
    GraphNode,
    GraphWords,
    NetworkGraph,
    network_graph_table,
)
from equipoise.presentation.pictures.reference_forest import (
    ReferenceForest,
    ReferenceForestWords,
    ReferenceRow,
    reference_forest,
    reference_forest_table,
)
from equipoise.presentation.pictures.three_ways import ThreeWays, ThreeWaysWords, three_ways, three_ways_table
from equipoise.presentation.pictures.timeline import Band, Event, Lane, Timeline, TimelineWords, timeline_table
from equipoise.presentation.pictures.timeline_drawing import timeline_chart

__all__ = [
    "Band",
    "Event",
    "ForestPlot",
    "ForestRow",
    "ForestWords",
    "GraphEdge",
    "GraphNode",
    "GraphWords",
    "IconArrays",
    "IconCounts",
    "IconGroup",
    "IconWords",
    "Interval",
    "Lane",
    "NetworkGraph",
    "PooledRow",
    "ReferenceForest",
    "ReferenceForestWords",
    "ReferenceRow",
    "ThreeWays",
    "ThreeWaysWords",
    "Timeline",
    "TimelineWords",
    "forest_plot",
    "forest_table",
    "icon_arrays",
    "icon_arrays_table",
    "icon_counts",
    "network_graph",
    "network_graph_table",
    "reference_forest",
    "reference_forest_table",
    "three_ways",
    "three_ways_table",
    "timeline_chart",
    "timeline_table",
]
