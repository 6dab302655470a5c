"""What holds for every picture of a network: sound markup, marked texts, nothing outside the drawing."""

import itertools
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
from equipoise.presentation.pictures.contribution_bars import RISKS
from equipoise.presentation.pictures.network_layout import Box, Disc, clear_of, number_places, round_order, spread
from equipoise.presentation.pictures.network_paths import indirect_pairs, islands
from equipoise.presentation.pictures.reference_forest import Certainty
from equipoise.presentation.pictures.scale import Scale
from tests.support.network_pictures import MARKS, SVG, assert_inside, parsed

names = st.text(max_size=40)
estimate_ids = st.none() | st.text(min_size=1, max_size=20)
trace_urls = st.sampled_from(["/trace/{id}", None])
scales: st.SearchStrategy[Scale] = st.sampled_from(["log", "linear"])
shares = st.floats(0, 1)
certainties: st.SearchStrategy[Certainty | None] = st.sampled_from(["high", "moderate", "low", "very-low", None])


def assert_sound(picture: Markup, data: Markup) -> None:
    """Well formed, unique ids, one mark per text, no mark outside the drawing, and a table that is marked as well."""
    root, table = parsed(picture), parsed(data)
    ids = [element.get("id") for element in (*root.iter(), *table.iter()) if element.get("id")]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert set(re.findall(r'="url\(#([^)]+)\)"', picture)) <= set(ids)
    for svg in root.iter(f"{SVG}svg"):
        assert_inside(svg)
        for text in svg.iter(f"{SVG}text"):
            assert len(MARKS & set(text.attrib)) == 1
    assert_marked(table)


def assert_marked(root: ET.Element) -> None:
    """Heads, captions and filled cells of a table carry their marks."""
    for head in (*root.iter("th"), *root.iter("caption")):
        assert len(MARKS & set(head.attrib)) == 1
    for cell in root.iter("td"):
        assert all(len(MARKS & set(inner.attrib)) == 1 for inner in cell)


@st.composite
def intervals(draw: st.DrawFn, scale: Scale) -> Interval:
    """Estimates with their interval."""
    low, estimate, high = sorted(
        draw(st.lists(st.floats(*((1e-3, 1e3) if scale == "log" else (-1e3, 1e3))), min_size=3, max_size=3))
    )
    return Interval(estimate, low, high, draw(estimate_ids))


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> NetworkGraph:
    """Networks with islands, shaded trials and, or not, a question."""
    labels = draw(st.lists(names, min_size=1, max_size=most, unique=True))
    nodes = tuple(GraphNode(name, draw(st.none() | st.integers(0, 10**6)), draw(estimate_ids)) for name in labels)
    pairs = list(itertools.combinations(labels, 2))
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=20, unique=True)) if pairs else []
    edges = tuple(GraphEdge(a, b, draw(st.integers(1, 300)), draw(estimate_ids)) for a, b in chosen)
    arms = [group for group in islands(labels, chosen) if len(group) > 2]
    question = draw(st.none() | st.sampled_from(pairs)) if pairs else None
    return NetworkGraph("g", draw(names), nodes, edges, tuple(arms[:1]), question, draw(trace_urls))


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_network_graphs_are_sound(graph: NetworkGraph) -> None:
    assert_sound(network_diagram(graph), network_table(graph))


@settings(max_examples=25, deadline=None)
@given(graphs())
def test_every_comparison_of_a_network_is_drawn_with_its_number(graph: NetworkGraph) -> None:
    for svg in parsed(network_diagram(graph)).iter(f"{SVG}svg"):
        drawn = [line for line in svg.iter(f"{SVG}line") if "comparison-" in line.get("class", "")]
        in_key = [line for g in svg.iter(f"{SVG}g") if g.get("class") == "key" for line in g.iter(f"{SVG}line")]
        assert len(drawn) - len([line for line in in_key if "comparison-" in line.get("class", "")]) == len(graph.edges)
        numbers = [text for text in svg.iter(f"{SVG}text") if {"data-id", "data-unsourced"} & set(text.attrib)]
        assert len(numbers) == len(graph.edges) + sum(node.people is not None for node in graph.nodes)


@settings(deadline=None)
@given(graphs())
def test_indirect_comparisons_are_those_on_a_simple_path(graph: NetworkGraph) -> None:
    """Against the plain definition: walk every path that visits no treatment twice."""
    if graph.question is None:
        return
    first, second = graph.question
    pairs = {frozenset(pair) for pair in graph.pairs}
    small = graph.names[:6]
    pairs = {pair for pair in pairs if pair <= set(small) | {first, second}}
    found: set[frozenset[str]] = set()

    def walk(path: tuple[str, ...]) -> None:
        if path[-1] == second:
            steps = {frozenset(step) for step in itertools.pairwise(path)}
            if frozenset((first, second)) not in steps:
                found.update(steps)
            return
        for pair in pairs:
            if path[-1] in pair and not pair - {path[-1]} <= set(path):
                walk((*path, *(pair - {path[-1]})))

    walk((first,))
    ordered = [tuple(sorted(pair)) for pair in pairs]
    assert indirect_pairs([(a, b) for a, b in ordered], first, second) == found


@settings(deadline=None)
@given(graphs())
def test_islands_part_the_treatments(graph: NetworkGraph) -> None:
    parts = graph.islands
    assert sorted(name for part in parts for name in part) == sorted(graph.names)
    for a, b in graph.pairs:
        assert any({a, b} <= set(part) for part in parts)


@settings(deadline=None)
@given(graphs())
def test_the_order_around_the_circle_depends_on_nothing_else(graph: NetworkGraph) -> None:
    for group in graph.islands:
        order = round_order(group, graph.pairs)
        assert sorted(order) == sorted(group)
        assert order[0] == group[0]
        assert order == round_order(group, tuple(reversed(graph.pairs)))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(1, 80)), min_size=1, max_size=30))
def test_blocks_that_are_spread_never_overlap(blocks: list[tuple[float, float]]) -> None:
    blocks.sort()
    heights = [height for _, height in blocks]
    middles = spread([centre for centre, _ in blocks], heights)
    for (a, high), (b, low) in itertools.pairwise(zip(middles, heights, strict=True)):
        assert b - a >= (high + low) / 2 - 1e-6
    if all(y - x >= 80 for x, y in itertools.pairwise([centre for centre, _ in blocks])):
        assert middles == pytest.approx([centre for centre, _ in blocks])


@settings(deadline=None)
@given(st.integers(2, 25), st.floats(3, 22), st.floats(-300, 300), st.floats(10, 60))
def test_names_stand_clear_of_every_treatment(n: int, radius: float, top: float, height: float) -> None:
    discs = [
        Disc(str(k), 180 * math.cos(2 * math.pi * k / n), 220 * math.sin(2 * math.pi * k / n), radius) for k in range(n)
    ]
    reach = clear_of(discs, 1.0, top, top + height)
    assert not any(Box(reach, top, reach + 90, top + height).meets_disc(disc) for disc in discs if disc.x >= 0)
    middles = [((a.x + b.x) / 2, (a.y + b.y) / 2) for a, b in itertools.pairwise([*discs, discs[0]])]
    assert not any(x > reach and top < y < top + height for x, y in middles)


@settings(deadline=None)
@given(graphs())
def test_numbers_of_trials_never_cover_each_other_or_a_treatment(graph: NetworkGraph) -> None:
    n = len(graph.nodes)
    discs = {
        name: Disc(name, 150 * math.cos(2 * math.pi * k / n), 150 * math.sin(2 * math.pi * k / n), 9.0)
        for k, name in enumerate(graph.names)
    }
    lines = [(discs[a], discs[b]) for a, b in graph.pairs]
    places = number_places(lines, [20.0] * len(lines), list(discs.values()), 17.0)
    boxes = [Box(x - 10, y - 8, x + 10, y + 8) for x, y in filter(None, places)]
    assert not any(a.meets(b) for a, b in itertools.combinations(boxes, 2))
    assert not any(box.meets_disc(disc) for box in boxes for disc in discs.values())


@st.composite
def ways(draw: st.DrawFn) -> ThreeWays:
    """One comparison with all kinds of evidence, or with some missing."""
    scale = draw(scales)
    direct, indirect = draw(st.none() | intervals(scale)), draw(st.none() | intervals(scale))
    difference = draw(intervals(scale)) if direct and indirect and draw(st.booleans()) else None
    return ThreeWays(
        "w",
        *draw(st.tuples(names, names, names, names)),
        draw(intervals(scale)),
        direct,
        indirect,
        *draw(st.tuples(names, names)),
        difference,
        draw(st.none() | shares),
        draw(st.none() | st.integers(0, 500)),
        draw(st.none() | shares),
        scale,
        trace_url=draw(trace_urls),
    )


@settings(max_examples=60, deadline=None)
@given(ways())
def test_three_ways_are_sound(picture: ThreeWays) -> None:
    assert_sound(three_ways_plot(picture), three_ways_table(picture))


@st.composite
def forests(draw: st.DrawFn) -> ReferenceForest:
    """Forests against one reference."""
    scale, rows = draw(scales), []
    for _ in range(draw(st.integers(1, 6))):
        effect, reach = draw(intervals(scale)), draw(st.floats(1, 9))
        wide = effect.low - reach, effect.high + reach
        if scale == "log":
            wide = effect.low / reach, effect.high * reach
        prediction = draw(st.sampled_from([wide, None]))
        rows.append(ReferenceRow(draw(names), effect, prediction, draw(certainties), draw(st.booleans())))
    words = draw(st.tuples(names, names, names))
    favours = draw(st.tuples(names, names))
    return ReferenceForest("r", *words, tuple(rows), *favours, scale, trace_url=draw(trace_urls))


@settings(max_examples=60, deadline=None)
@given(forests())
def test_forests_against_a_reference_are_sound(forest: ReferenceForest) -> None:
    assert_sound(reference_forest_plot(forest), reference_forest_table(forest))


@st.composite
def leagues(draw: st.DrawFn) -> LeagueTable:
    """League tables with some comparisons missing."""
    scale = draw(scales)
    treatments = tuple(draw(st.lists(names, min_size=2, max_size=5, unique=True)))
    layers = []
    for _ in range(2):
        chosen = [pair for pair in itertools.combinations(treatments, 2) if draw(st.booleans())]
        turned = [pair[:: draw(st.sampled_from([1, -1]))] for pair in chosen]
        layers.append(tuple(LeagueCell(a, b, draw(intervals(scale))) for a, b in turned))
    words = draw(st.tuples(names, names, names))
    return LeagueTable("l", *words, treatments, layers[0], layers[1], scale, trace_url=draw(trace_urls))


@settings(max_examples=60, deadline=None)
@given(leagues())
def test_league_tables_are_sound_and_name_both_treatments_in_every_cell(league: LeagueTable) -> None:
    root = parsed(league_tables(league))
    assert_marked(root)
    assert_marked(parsed(league_list(league)))
    n = len(league.treatments)
    for drawn in root.iter("table"):
        cells = [cell for cell in drawn.iter("td") if len(cell)]
        assert len(cells) == n * (n - 1) / 2
        assert all(" versus " in (cell[0].text or "") for cell in cells)


@settings(deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), scales)
def test_turning_an_effect_around_twice_changes_nothing(a: float, b: float, c: float, scale: Scale) -> None:
    low, estimate, high = sorted((a, b, c))
    there = Interval(estimate, low, high, "e").turned(scale)
    back = there.turned(scale)
    assert (back.estimate, back.low, back.high) == pytest.approx((estimate, low, high))
    null = 1.0 if scale == "log" else 0.0
    assert there.includes(null) == (low <= null <= high) or math.isclose(low, 1.0) or math.isclose(high, 1.0)


@st.composite
def probabilities(draw: st.DrawFn, n: int) -> tuple[float, ...]:
    """Shares that add up to one."""
    weights = draw(st.lists(st.floats(0, 1), min_size=n, max_size=n).filter(lambda values: sum(values) > 0.01))
    return tuple(weight / math.fsum(weights) for weight in weights)


@st.composite
def rankograms(draw: st.DrawFn) -> Rankogram:
    """Rankograms of up to 30 ranks."""
    n = draw(st.integers(1, 30))
    profiles = []
    for _ in range(draw(st.integers(1, 4))):
        low, median, high = sorted(draw(st.lists(st.integers(1, n), min_size=3, max_size=3)))
        profiles.append(RankProfile(draw(names), draw(probabilities(n)), median, low, high, draw(estimate_ids)))
    form = draw(st.sampled_from(["bars", "cumulative"]))
    return Rankogram(
        "k",
        draw(names),
        tuple(profiles),
        draw(names),
        "bars" if form == "bars" else "cumulative",
        draw(trace_urls),
    )


@settings(max_examples=40, deadline=None)
@given(rankograms())
def test_rankograms_are_sound(picture: Rankogram) -> None:
    assert_sound(rankogram_plot(picture), rankogram_table(picture))


@st.composite
def contributions(draw: st.DrawFn) -> Contributions:
    """Results taken apart into up to eight sources."""
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        sources = draw(st.lists(names, min_size=1, max_size=8, unique=True))
        parts = zip(sources, draw(probabilities(len(sources))), strict=True)
        rows.append(
            ContributionRow(
                draw(names),
                tuple(Share(source, share, draw(st.sampled_from(RISKS))) for source, share in parts),
                draw(estimate_ids),
            )
        )
    return Contributions("c", draw(names), tuple(rows), draw(trace_urls))


@settings(max_examples=40, deadline=None)
@given(contributions())
def test_contributions_are_sound_and_fill_their_bar(picture: Contributions) -> None:
    drawn = contribution_plot(picture)
    assert_sound(drawn, contribution_table(picture))
    assert_marked(parsed(contribution_heat(picture)))
    for svg in parsed(drawn).iter(f"{SVG}svg"):
        bars: dict[str | None, float] = {}
        for piece in svg.iter(f"{SVG}rect"):
            if piece.get("class", "").startswith("risk-") and piece.get("height") == "24":
                bars[piece.get("y")] = bars.get(piece.get("y"), 0.0) + float(piece.get("width", "0"))
        assert len(bars) == len(picture.rows)
        assert max(bars.values()) - min(bars.values()) < 0.2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(names, names, st.floats(-50, 50), st.floats(1e-3, 20), estimate_ids), min_size=1, max_size=12),
    st.none() | shares,
    names,
)
def test_funnels_are_sound(rows: list[tuple[str, str, float, float, str | None]], p: float | None, text: str) -> None:
    points = tuple(FunnelPoint(*row) for row in rows)
    picture = Funnel("f", text, text, text, text, points, p, "egger")
    assert_sound(funnel_plot(picture), funnel_table(picture))


@st.composite
def heats(draw: st.DrawFn) -> NetHeat:
    """Net heat plots of up to 20 comparisons."""
    n = draw(st.integers(1, 20))
    values = st.lists(st.floats(-120, 120), min_size=n, max_size=n).map(tuple)
    hats = st.lists(st.floats(-1.2, 1.2), min_size=n, max_size=n).map(tuple)
    comparisons = tuple(draw(st.lists(names, min_size=n, max_size=n)))
    hat, change = (tuple(draw(row) for _ in range(n)) for row in (hats, values))
    return NetHeat("h", draw(names), comparisons, hat, change, draw(estimate_ids), trace_url=draw(trace_urls))


@settings(max_examples=20, deadline=None)
@given(heats())
def test_net_heat_plots_are_sound(picture: NetHeat) -> None:
    assert_sound(net_heat_plot(picture), net_heat_table(picture))


@st.composite
def densities(draw: st.DrawFn) -> TauDensity:
    """Densities of tau with quantiles that need not fit them."""
    taus = sorted(draw(st.lists(st.floats(0, 50), min_size=2, max_size=20, unique=True)))
    points = tuple((tau, draw(st.floats(0, 100))) for tau in taus)
    low, median, high = sorted(draw(st.lists(st.floats(0, 100), min_size=3, max_size=3)))
    return TauDensity(points, low, median, high, draw(estimate_ids), draw(names))


@settings(max_examples=60, deadline=None)
@given(densities(), densities(), names)
def test_tau_curves_are_sound(prior: TauDensity, posterior: TauDensity, text: str) -> None:
    picture = TauCurve("t", text, text, prior, posterior)
    assert_sound(tau_plot(picture), tau_table(picture))
