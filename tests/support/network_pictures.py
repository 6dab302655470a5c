"""Every picture of a network with its corners, invented, and what a test needs to measure what was drawn."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from markupsafe import Markup

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
    ThreeWays,
    contribution_heat,
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
    three_ways_plot,
    three_ways_table,
)
from equipoise.presentation.pictures.drawing import text_width

SVG = "{http://www.w3.org/2000/svg}"
MARKS = {"data-id", "data-axis", "data-label", "data-unsourced"}

TREATMENTS = (
    ("placebo", 4210),
    ("interferon beta-1a", 3900),
    ("interferon beta-1b", 1800),
    ("glatiramer acetate", 2500),
    ("teriflunomide", 2650),
    ("dimethyl fumarate", 1640),
    ("diroximel fumarate", 250),
    ("fingolimod", 2355),
    ("ozanimod", 1380),
    ("ponesimod", 567),
    ("siponimod", 1099),
    ("natalizumab", 1012),
    ("ocrelizumab", 1700),
    ("ofatumumab", 946),
    ("ublituximab", 543),
    ("alemtuzumab", 920),
    ("cladribine", 1335),
    ("peginterferon beta-1a", 1012),
    ("laquinimod", 990),
    ("daclizumab", 1400),
    ("rituximab", 75),
    ("mitoxantrone", 42),
    ("azathioprine", 75),
    ("methotrexate", None),
    ("immunoglobulins", 210),
)
EDGES = (
    "0-1:4 0-2:2 0-3:3 0-4:3 0-5:2 0-7:2 0-11:1 0-16:1 0-17:1 0-18:2 0-24:3 1-2:3 1-3:2 1-7:1 1-8:2 1-12:2 1-15:3 "
    "1-19:1 1-4:1 1-18:1 2-3:2 3-5:1 4-9:1 4-13:2 4-14:2 5-6:1 5-20:1 7-3:1 7-10:1 11-7:1 1-22:1 2-21:1 0-23:1 20-1:1"
)


def _nodes(*names: str) -> tuple[GraphNode, ...]:
    return tuple(GraphNode(name, people, f"people.{name}") for name, people in TREATMENTS if not names or name in names)


def _edges() -> Iterator[GraphEdge]:
    for words in EDGES.split():
        first, second, trials = map(int, re.split("[-:]", words))
        yield GraphEdge(TREATMENTS[first][0], TREATMENTS[second][0], trials, f"trials.{first}-{second}")


LARGE = NetworkGraph(
    "large",
    "Relapse rate: 25 treatments",
    _nodes(),
    tuple(_edges()),
    (("placebo", "interferon beta-1a", "laquinimod"),),
    ("alemtuzumab", "ocrelizumab"),
)
ISLANDS = NetworkGraph(
    "islands",
    "Disability worsening confirmed at 6 months",
    _nodes("interferon beta-1a", "alemtuzumab", "ocrelizumab", "teriflunomide", "ofatumumab", "methotrexate"),
    (
        GraphEdge("alemtuzumab", "interferon beta-1a", 3, "trials.a"),
        GraphEdge("ocrelizumab", "interferon beta-1a", 2, "trials.b"),
        GraphEdge("ofatumumab", "teriflunomide", 2, "trials.c"),
    ),
    question=("alemtuzumab", "ofatumumab"),
)
LOOP = NetworkGraph(
    "loop",
    "A loop",
    _nodes("placebo", "fingolimod", "interferon beta-1a", "teriflunomide"),
    (
        GraphEdge("fingolimod", "interferon beta-1a", 1, "trials.d"),
        GraphEdge("fingolimod", "placebo", 2, "trials.e"),
        GraphEdge("interferon beta-1a", "placebo", 14, "trials.f"),
        GraphEdge("teriflunomide", "placebo", 1, "trials.g"),
    ),
    (("placebo", "fingolimod", "interferon beta-1a"),),
    ("fingolimod", "interferon beta-1a"),
)

BOTH = ThreeWays(
    "both",
    "Annualised relapse rate",
    "alemtuzumab",
    "interferon beta-1a",
    "Rate ratio (95% interval)",
    Interval(0.47, 0.38, 0.58, "network.relapse"),
    Interval(0.45, 0.36, 0.57, "direct.relapse"),
    Interval(0.61, 0.30, 1.25, "indirect.relapse"),
    "fewer relapses with alemtuzumab",
    "more relapses with alemtuzumab",
    Interval(0.74, 0.35, 1.57, "difference.relapse"),
    0.43,
    3,
    0.87,
)
INDIRECT = ThreeWays(
    "indirect-only",
    "Annualised relapse rate",
    "alemtuzumab",
    "ocrelizumab",
    "Rate ratio (95% interval)",
    Interval(0.86, 0.62, 1.19, "network.other"),
    None,
    Interval(0.86, 0.62, 1.19, "indirect.other"),
    "fewer relapses with alemtuzumab",
    "more relapses with alemtuzumab",
)
DISAGREEING = ThreeWays(
    "disagreeing",
    "Change in EDSS",
    "a",
    "b",
    "Mean difference (95% interval)",
    Interval(-0.2, -0.4, 0.0, "network.edss"),
    Interval(-0.3, -0.6, 0.0, "direct.edss"),
    Interval(0.1, -0.4, 0.6, "indirect.edss"),
    "less disability",
    "more disability",
    Interval(-0.4, -1.0, 0.2, "difference.edss"),
    0.0004,
    scale="linear",
)
AGAINST_PLACEBO = ReferenceForest(
    "against-placebo",
    "Annualised relapse rate against placebo",
    "placebo",
    "Rate ratio (95% interval)",
    (
        ReferenceRow("alemtuzumab", Interval(0.30, 0.23, 0.39, "r.alemtuzumab"), (0.19, 0.48), "moderate", False),
        ReferenceRow("natalizumab", Interval(0.31, 0.25, 0.38, "r.natalizumab"), (0.20, 0.47), "high"),
        ReferenceRow("peginterferon beta-1a", Interval(0.64, 0.50, 0.83, "r.peg"), (0.41, 1.02), "low"),
        ReferenceRow("azathioprine", Interval(0.61, 0.02, 55.0, "r.aza"), (0.001, 300.0), "very-low"),
        ReferenceRow("mitoxantrone", Interval(0.34, 0.13, 0.91, "r.mito")),
    ),
    "fewer relapses than with placebo",
    "more relapses than with placebo",
)

LEAGUE = LeagueTable(
    "league",
    "Annualised relapse rate",
    "Rate ratio (95% interval)",
    "Below 1: fewer relapses with the treatment of the row.",
    ("placebo", "interferon beta-1a", "alemtuzumab", "ocrelizumab"),
    (
        LeagueCell("interferon beta-1a", "placebo", Interval(0.80, 0.70, 0.92, "n.1")),
        LeagueCell("alemtuzumab", "interferon beta-1a", Interval(0.47, 0.38, 0.58, "n.2")),
        LeagueCell("alemtuzumab", "placebo", Interval(0.38, 0.29, 0.48, "n.3")),
        LeagueCell("alemtuzumab", "ocrelizumab", Interval(0.86, 0.62, 1.19, "n.4")),
    ),
    (LeagueCell("interferon beta-1a", "alemtuzumab", Interval(2.22, 1.75, 2.78, "d.2")),),
)


def _profile(name: str, *probabilities: float, ranks: tuple[int, int, int]) -> RankProfile:
    low, median, high = ranks
    return RankProfile(name, probabilities, median, low, high, f"rank.{name}")


RANKS = Rankogram(
    "ranks",
    "Ranks for relapse rate",
    (
        _profile("alemtuzumab", 0.55, 0.4, 0.05, 0.0, ranks=(1, 1, 3)),
        _profile("ocrelizumab", 0.44, 0.5, 0.06, 0.0, ranks=(1, 2, 3)),
        _profile("interferon beta-1a", 0.01, 0.1, 0.86, 0.03, ranks=(2, 3, 4)),
        _profile("placebo", 0.0, 0.0, 0.03, 0.97, ranks=(3, 4, 4)),
    ),
    "Rank 1: fewest relapses.",
)
MANY_RANKS = Rankogram(
    "many-ranks",
    "Twenty-five ranks",
    tuple(_profile(name, *[0.04] * 25, ranks=(1, 13, 25)) for name, _ in TREATMENTS),
    "Rank 1: fewest relapses.",
    "cumulative",
)
SHARES = Contributions(
    "shares",
    "Where the results on relapse rate come from (random walk)",
    (
        ContributionRow(
            "alemtuzumab versus interferon beta-1a",
            (Share("CARE-MS II", 0.52, "some"), Share("CARE-MS I", 0.35, "some"), Share("CAMMS223", 0.13, "high")),
            "c.1",
        ),
        ContributionRow(
            "alemtuzumab versus ocrelizumab",
            (
                Share("OPERA I", 0.26, "low"),
                Share("OPERA II", 0.25, "low"),
                Share("CARE-MS II", 0.24, "some"),
                Share("CARE-MS I", 0.2, "some"),
                Share("CAMMS223", 0.049, "high"),
                Share("DEFINE", 0.001),
            ),
            "c.2",
        ),
    ),
)
SMALL_TRIALS = Funnel(
    "small-trials",
    "Small and large trials",
    "Log rate ratio minus the mean of its comparison",
    "favours the newer treatment",
    "favours the older treatment",
    tuple(
        FunnelPoint(f"Trial {k}", f"{TREATMENTS[k][0]} versus placebo", 0.3 - 0.07 * k, 0.05 + 0.03 * k, f"f.{k}")
        for k in range(1, 11)
    ),
    0.21,
    "egger",
)
DISAGREEMENT = NetHeat(
    "disagreement",
    "Where the evidence disagrees",
    ("alemtuzumab versus interferon beta-1a", "fingolimod versus placebo", "fingolimod versus interferon beta-1a"),
    ((1.0, 0.0, 0.0), (0.0, 0.7, -0.3), (0.1, -0.3, 0.6)),
    ((0.0, 0.0, 0.0), (0.0, 0.0, 3.2), (0.04, -1.4, 0.0)),
    "net-heat",
)
HETEROGENEITY = TauCurve(
    "heterogeneity",
    "Heterogeneity of relapse rates",
    "tau: standard deviation of log rate ratios between trials",
    TauDensity(tuple((k / 50, 1.6 - k / 50) for k in range(80)), 0.02, 0.34, 31.0, "tau.prior", "half-Cauchy"),
    TauDensity(tuple((k / 50, 8.0 * 0.8**k) for k in range(80)), 0.01, 0.09, 0.21, "tau.posterior"),
)

TABLES: dict[str, Markup] = {LEAGUE.id: league_tables(LEAGUE), SHARES.id: contribution_heat(SHARES)}
"""Pictures that are tables."""
PICTURES: dict[str, tuple[Markup, Markup]] = {
    **{graph.id: (network_diagram(graph), network_table(graph)) for graph in (LARGE, ISLANDS, LOOP)},
    **{ways.id: (three_ways_plot(ways), three_ways_table(ways)) for ways in (BOTH, INDIRECT, DISAGREEING)},
    **{picture.id: (rankogram_plot(picture), rankogram_table(picture)) for picture in (RANKS, MANY_RANKS)},
    SHARES.id: (contribution_plot(SHARES), contribution_table(SHARES)),
    SMALL_TRIALS.id: (funnel_plot(SMALL_TRIALS), funnel_table(SMALL_TRIALS)),
    DISAGREEMENT.id: (net_heat_plot(DISAGREEMENT), net_heat_table(DISAGREEMENT)),
    HETEROGENEITY.id: (tau_plot(HETEROGENEITY), tau_table(HETEROGENEITY)),
    AGAINST_PLACEBO.id: (reference_forest_plot(AGAINST_PLACEBO), reference_forest_table(AGAINST_PLACEBO)),
}


def whole_page() -> str:
    """All pictures and tables one after the other."""
    pairs = [*PICTURES.values(), (league_tables(LEAGUE), league_list(LEAGUE)), (contribution_heat(SHARES), Markup(""))]
    return "".join(picture + data for picture, data in pairs)


def parsed(markup: str) -> ET.Element:
    """Parse our own markup as XML."""
    return ET.fromstring(markup)  # noqa: S314


def places(element: ET.Element, dx: float = 0.0, dy: float = 0.0) -> Iterator[tuple[ET.Element, float, float]]:
    """Every element with the translation of the groups around it; patterns are left out."""
    moved = re.fullmatch(r"translate\((\S+) (\S+)\)", element.get("transform", ""))
    if moved:
        dx, dy = dx + float(moved[1]), dy + float(moved[2])
    yield element, dx, dy
    for child in element:
        if child.tag != f"{SVG}defs":
            yield from places(child, dx, dy)


def extent(element: ET.Element) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of a mark, before it is moved; None for what is no mark."""

    def at(*names: str) -> list[float]:
        return [float(element.get(name, "0")) for name in names]

    tag = element.tag.removeprefix(SVG)
    if tag == "line":
        x1, y1, x2, y2 = at("x1", "y1", "x2", "y2")
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    if tag == "rect":
        x, y, width, height = at("x", "y", "width", "height")
        return x, y, x + width, y + height
    if tag == "circle":
        cx, cy, r = at("cx", "cy", "r")
        return cx - r, cy - r, cx + r, cy + r
    if tag in {"polygon", "polyline"}:
        points = [tuple(map(float, point.split(","))) for point in element.get("points", "").split()]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)
    return text_extent(element) if tag == "text" else None


def text_extent(text: ET.Element) -> tuple[float, float, float, float]:
    """Room that a text takes, by the estimated width of its longest line."""
    x, y, size = (float(text.get(name, "0")) for name in ("x", "y", "font-size"))
    lines = [span.text or "" for span in text if span.get("font-size") != "0"] or [text.text or ""]
    width = max(text_width(line.strip(), size) for line in lines)
    left = x - width * {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor", "start"), 0.0)
    return left, y - size, left + width, y + size * 1.3 * (len(lines) - 1) + size * 0.3


def assert_inside(svg: ET.Element) -> None:
    """Every mark lies within the drawing."""
    width, height = (float(value) for value in svg.get("viewBox", "").split()[2:])
    for element, dx, dy in places(svg):
        box = extent(element)
        if box is None:
            continue
        left, top, right, bottom = box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy
        assert min(left, top) >= -2, ET.tostring(element)
        assert right <= width + 2, ET.tostring(element)
        assert bottom <= height + 2, ET.tostring(element)
