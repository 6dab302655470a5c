"""Words, rules and refusals of the pictures of a network: small cases and their answers."""

import math
import re
from dataclasses import replace

import pytest

from equipoise.presentation.pictures import (
    ContributionRow,
    Contributions,
    Funnel,
    FunnelPoint,
    GraphEdge,
    GraphNode,
    GraphWords,
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
    reference_forest_plot,
    tau_plot,
    three_ways_plot,
    three_ways_table,
)
from equipoise.presentation.pictures.contribution_bars import risk_text, source_text
from equipoise.presentation.pictures.network_layout import on_ellipse, round_order, spread
from equipoise.presentation.pictures.network_paths import indirect_pairs, islands
from equipoise.presentation.pictures.numerals import decimal, grouped, p_value, percent
from equipoise.presentation.pictures.plane import ticks_to
from tests.support.network_pictures import BOTH, INDIRECT, ISLANDS, LARGE, LEAGUE, LOOP, RANKS, SHARES


def graph(*edges: tuple[str, str], names: str = "abcd", question: tuple[str, str] | None = None) -> NetworkGraph:
    nodes = tuple(GraphNode(name, 10, f"n.{name}") for name in names)
    return NetworkGraph("g", "Title", nodes, tuple(GraphEdge(a, b, 1, f"e.{a}{b}") for a, b in edges), (), question)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(-0.41, 2, "\N{MINUS SIGN}0.41"), (-0.001, 2, "0.00"), (12.345, 1, "12.3"), (0.001, 2, "0.00")],
)
def test_decimals(value: float, decimals: int, text: str) -> None:
    assert decimal(value, decimals) == text


def test_small_ratios_are_not_zero() -> None:
    assert decimal(0.001, 2, is_ratio=True) == "<0.01"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0%"), (0.001, "<1%"), (0.125, "13%"), (0.994, "99%"), (0.999, ">99%"), (1.0, "100%")],
)
def test_percentages_do_not_lie_at_the_ends(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("p", "text"), [(0.0, "p < 0.001"), (0.0123, "p = 0.012"), (0.43, "p = 0.43"), (1.0, "p = 1.00")]
)
def test_p_values_are_never_zero(p: float, text: str) -> None:
    assert p_value(p) == text


def test_thousands_stand_apart() -> None:
    assert grouped(1234567, "\N{NARROW NO-BREAK SPACE}") == "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567"


@pytest.mark.parametrize(
    ("high", "ticks"),
    [(0.42, (0, 0.1, 0.2, 0.3, 0.4, 0.5)), (1.0, (0, 0.2, 0.4, 0.6, 0.8, 1.0)), (7.0, (0, 2, 4, 6, 8))],
)
def test_ticks_reach_just_beyond(high: float, ticks: tuple[float, ...]) -> None:
    assert ticks_to(high) == pytest.approx(ticks)
    assert ticks_to(high)[-1] >= high


# Network graph


def test_islands_come_by_size_and_then_as_given() -> None:
    assert islands("abcdef", [("b", "c"), ("e", "f"), ("c", "d")]) == (("b", "c", "d"), ("e", "f"), ("a",))


def test_indirect_evidence_runs_through_others_and_not_through_branches() -> None:
    pairs = [("a", "b"), ("a", "c"), ("c", "b"), ("c", "d")]
    assert indirect_pairs(pairs, "a", "b") == {frozenset("ac"), frozenset("bc")}
    assert indirect_pairs(pairs, "a", "d") == {frozenset(p) for p in ("ab", "bc", "ac", "cd")}
    assert indirect_pairs([("a", "b"), ("c", "d")], "a", "d") == frozenset()


def test_the_question_stands_out() -> None:
    asked = network_diagram(graph(("a", "b"), ("a", "c"), ("b", "c"), ("c", "d"), question=("a", "b")))
    wide = asked[: asked.index("</svg>")]
    kinds = re.findall(r'comparison-(\w+)"', wide[: wide.index('class="key"')])
    assert sorted(kinds) == ["direct", "indirect", "indirect", "other"]
    assert "compares a and b directly" in asked
    assert "no trial compares" not in asked


def test_a_question_without_a_direct_trial_says_so() -> None:
    asked = network_diagram(graph(("a", "b"), ("b", "c"), question=("a", "c")))
    assert (
        "no trial compares a and c directly" in asked.replace("</tspan>", "").replace("\n", " ") or "no trial" in asked
    )
    assert asked.count("not-compared") == 2 * 4  # two lines and two in the key, in two layouts


def test_a_question_across_islands_says_that_no_chain_leads_there() -> None:
    drawn = network_diagram(ISLANDS)
    assert "No chain of trials leads from alemtuzumab to ofatumumab." in drawn
    assert "not-compared" not in drawn
    assert "Island 2: no trial connects it with the others" in drawn
    assert "Island 3" not in drawn
    assert drawn.count("No trial compares these with another treatment:</text>") == 1  # two lines in the narrow layout
    assert "No trial compares these with another treatment: methotrexate" in drawn  # in the description


def test_more_people_take_a_larger_area_and_unknown_people_a_hollow_disc() -> None:
    nodes = GraphNode("a", 100), GraphNode("b", 400), GraphNode("c", None)
    drawn = network_diagram(NetworkGraph("g", "Title", nodes))
    discs = re.findall(r'<circle cx="[^"]*" cy="[^"]*" r="([\d.]+)" fill="([^"]*)"[^>]*class="treatment"', drawn)
    assert float(discs[1][0]) == pytest.approx(2 * float(discs[0][0]), abs=0.02)
    assert "--surface" in discs[2][1]
    assert "--surface" not in discs[0][1]


def test_more_trials_make_a_wider_line() -> None:
    edges = GraphEdge("a", "b", 1), GraphEdge("b", "c", 9)
    drawn = network_diagram(NetworkGraph("g", "Title", graph().nodes, edges))
    widths = [
        float(width) for width in re.findall(r'stroke-width="([\d.]+)" class="comparison comparison-plain"', drawn)
    ]
    assert widths[0] < widths[1]


def test_names_are_never_shortened() -> None:
    words = " ".join(re.findall(r">([^<]+)<", network_diagram(LARGE)))
    for name in LARGE.names:
        assert name in words or all(part in words for part in name.split())


def test_every_trial_number_is_on_its_line_or_in_the_list() -> None:
    for svg in network_diagram(LARGE).split("</svg>")[:2]:
        for edge in LARGE.edges:
            assert f'data-id="{edge.estimate_id}"' in svg


def test_shaded_trials_are_explained() -> None:
    assert network_diagram(LOOP).count('class="multi-arm"') == 2
    assert "three or more of the treatments" in network_diagram(LOOP)
    assert "three or more" not in network_diagram(ISLANDS)


def test_the_table_of_a_network_has_people_and_trials() -> None:
    data = network_table(LOOP)
    assert "fingolimod and interferon beta-1a" in data
    assert ">14 trials</a>" in data
    assert ">2,355 people</a>" in data


def test_graph_words_can_be_another_language() -> None:
    german = replace(LOOP, words=GraphWords(trials="{n} Studien", one_trial="1 Studie", pair="{first} und {second}"))
    assert "fingolimod und interferon beta-1a" in network_table(german)
    assert ">14 Studien</a>" in network_table(german)


def test_neighbours_in_a_chain_come_to_stand_side_by_side() -> None:
    assert round_order("aebdc", [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "a")]) in {
        tuple("abcde"),
        tuple("aedcb"),
    }


def test_one_stands_in_the_middle_and_two_side_by_side() -> None:
    (alone,) = on_ellipse([("a", 5.0)], 100, 80)
    assert (alone.x, alone.y) == (0, 0)
    left, right = on_ellipse([("a", 5.0), ("b", 5.0)], 100, 80)
    assert (left.x, right.x) == pytest.approx((-100, 100))
    assert (left.y, right.y) == pytest.approx((0, 0), abs=1e-9)


def test_spreading_moves_as_little_as_needed() -> None:
    assert spread([0, 1, 50], [10, 10, 10]) == [-4.5, 5.5, 50]


@pytest.mark.parametrize(
    ("nodes", "edges", "question", "message"),
    [
        ("", (), None, "at least one treatment"),
        ("aa", (), None, "a name of its own"),
        ("ab", (("a", "c", 1),), None, "joins two of the treatments"),
        ("ab", (("a", "a", 1),), None, "joins two of the treatments"),
        ("ab", (("a", "b", 0),), None, "at least 1 trial"),
        ("ab", (("a", "b", 1), ("b", "a", 1)), None, "joined twice"),
        ("ab", (), ("a", "c"), "not one of the treatments"),
        ("ab", (), ("a", "a"), "needs two treatments"),
    ],
)
def test_network_graphs_refuse(
    nodes: str, edges: tuple[tuple[str, str, int], ...], question: tuple[str, str] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        NetworkGraph("g", "t", tuple(map(GraphNode, nodes)), tuple(GraphEdge(*e) for e in edges), question=question)


def test_network_graphs_refuse_fewer_than_no_people() -> None:
    with pytest.raises(ValueError, match="fewer than 0 people"):
        NetworkGraph("g", "t", (GraphNode("a", -1),))


# Three ways, and the forest against one reference


def test_all_kinds_of_evidence_and_their_disagreement_are_shown() -> None:
    data = three_ways_table(BOTH)
    for text in ("0.45 (0.36 to 0.57)", "3 trials compare the two", "87% of the network result", "p = 0.43"):
        assert text in data
    assert "alemtuzumab versus interferon beta-1a" in data
    assert "direct result divided by the indirect one" in data


def test_evidence_that_there_is_not_is_said_in_words() -> None:
    data = three_ways_table(INDIRECT)
    assert "No trial compares the two directly." in data
    assert "Cannot be checked" in data
    assert "disagreement" not in three_ways_plot(INDIRECT)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"direct": None}, "needs both"),
        ({"p": 1.2}, "expected 0 to 1"),
        ({"share_direct": -0.1}, "expected 0 to 1"),
        ({"network": Interval(-1, -2, 3)}, "ratios are positive"),
    ],
)
def test_three_ways_refuse(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(BOTH, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [(1.0, 2.0, 3.0), (math.nan, 1.0, 2.0), (1.0, 0.5, math.inf)])
def test_intervals_refuse(values: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="low <= estimate <= high"):
        Interval(*values)


def test_an_estimate_of_zero_has_an_axis() -> None:
    row = ReferenceRow("x", Interval(0.0, -2.0, 2.0, "e"))
    drawn = reference_forest_plot(ReferenceForest("r", "t", "y", "Difference", (row,), "a", "b", scale="linear"))
    assert re.findall(r'data-axis="">([^<]+)<', drawn)[:5] == ["\N{MINUS SIGN}2", "\N{MINUS SIGN}1", "0", "1", "2"]


def test_certainty_is_a_word_and_dots() -> None:
    row = ReferenceRow("x", Interval(0.5, 0.4, 0.6, "e"), None, "low", has_direct=False)
    drawn = reference_forest_plot(ReferenceForest("r", "t", "y", "Ratio", (row,), "a", "b"))
    assert "\N{BLACK CIRCLE}\N{BLACK CIRCLE}\N{WHITE CIRCLE}\N{WHITE CIRCLE} low certainty" in drawn
    assert "no direct trial" in drawn


def test_forests_refuse() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        ReferenceForest("r", "t", "y", "Ratio", (), "a", "b")
    with pytest.raises(ValueError, match="does not hold the estimate"):
        ReferenceForest("r", "t", "y", "Ratio", (ReferenceRow("x", Interval(1, 1, 1), (2, 3)),), "a", "b")


# League table


def test_a_cell_says_both_treatments_and_its_numbers() -> None:
    data = league_tables(LEAGUE)
    assert (
        '<span class="visually-hidden" data-label="">alemtuzumab versus interferon beta-1a: </span>'
        '<a class="number" href="/trace/n.2" data-id="n.2">0.47 (0.38\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}0.58)</a>'
    ) in data


def test_both_tables_read_the_same_way_whatever_the_direction_they_were_given_in() -> None:
    network, direct = league_tables(LEAGUE).split('id="league-direct"')
    assert "alemtuzumab versus interferon beta-1a" in network
    assert "alemtuzumab versus interferon beta-1a: " in direct
    assert "0.45 (0.36\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}0.57)" in direct
    assert "no trial" in direct


def test_no_difference_is_quiet_also_when_only_the_written_limit_reaches_it() -> None:
    cells = LeagueCell("b", "a", Interval(0.5, 0.3, 0.998, "e.1")), LeagueCell("c", "a", Interval(0.5, 0.3, 0.9, "e.2"))
    data = league_tables(LeagueTable("l", "t", "Ratio", "", ("a", "b", "c"), cells))
    quiet = re.findall(r'<td class="is-quiet">.*?</td>', data)
    assert ["e.1" in cell for cell in quiet] == [True, False]
    assert "the interval includes no difference" in quiet[0]
    assert "not connected" in quiet[1]


def test_the_list_has_every_pair_once() -> None:
    assert league_list(LEAGUE).count('scope="row"') == 6


@pytest.mark.parametrize(
    ("treatments", "cells", "message"),
    [
        ("a", (), "at least two"),
        ("aa", (), "at least two"),
        ("ab", (("a", "c", 1.0),), "not one of the treatments"),
        ("ab", (("a", "a", 1.0),), "with itself"),
        ("ab", (("a", "b", 1.0), ("b", "a", 1.0)), "twice"),
        ("ab", (("a", "b", 0.0),), "limits are positive"),
    ],
)
def test_league_tables_refuse(treatments: str, cells: tuple[tuple[str, str, float], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LeagueTable(
            "l", "t", "m", "d", tuple(treatments), tuple(LeagueCell(a, b, Interval(x, x, x)) for a, b, x in cells)
        )


def test_a_ratio_with_a_limit_of_zero_cannot_be_turned() -> None:
    with pytest.raises(ValueError, match="turned around"):
        Interval(0.5, 0.0, 1.0).turned("log")


# Rankogram


def test_a_rank_is_a_median_with_its_range_and_never_a_bare_best() -> None:
    drawn = rankogram_plot(RANKS)
    assert "median rank 1 of 4" in drawn
    assert "likely range: 1 to 3" in drawn
    assert "Rank 1: fewest relapses." in drawn
    assert "best" not in drawn.lower()


def test_cumulative_ranks_end_at_one() -> None:
    assert RANKS.profiles[0].heights("cumulative") == pytest.approx((0.55, 0.95, 1.0, 1.0))


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        (RankProfile("x", (0.5, 0.4), 1, 1, 2), "add up to 1"),
        (RankProfile("x", (1.5, -0.5), 1, 1, 2), "not negative"),
        (RankProfile("x", (0.5, 0.5), 1, 2, 2), "low <= median <= high"),
        (RankProfile("x", (), 1, 1, 1), "expected probabilities"),
    ],
)
def test_rankograms_refuse(profile: RankProfile, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Rankogram("k", "t", (profile,), "first")


def test_rankograms_refuse_to_be_empty() -> None:
    with pytest.raises(ValueError, match="at least one treatment"):
        Rankogram("k", "t", (), "first")


# Contributions


def test_the_risk_of_bias_is_summed_and_the_largest_sources_are_named() -> None:
    first, second = SHARES.rows
    assert risk_text(first, SHARES) == "87% some concerns, 13% high risk of bias"
    assert source_text(first, SHARES) == "52% CARE-MS II; 35% CARE-MS I; 13% CAMMS223"
    assert source_text(second, SHARES) == "26% OPERA I; 25% OPERA II; 24% CARE-MS II; 25% from 3 others"


def test_levels_of_risk_differ_in_pattern() -> None:
    fills = dict(re.findall(r'fill="([^"]*)"[^>]*class="(risk-\w+)"', contribution_plot(SHARES)))
    assert len(fills) >= 4
    assert len(set(fills.values())) == 4


def test_the_heat_table_repeats_its_shades_as_numbers() -> None:
    heat = contribution_heat(SHARES)
    assert re.search(r'<td data-shade="3"><a [^>]*>52%</a></td>', heat)
    assert re.search(r'<td data-shade="0">\N{EN DASH}</td>|<td data-shade="0">&#8211;</td>', heat)
    assert ">52%</a>" in contribution_table(SHARES)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ((Share("a", 0.5),), "add up to 1"),
        ((Share("a", 1.5), Share("b", -0.5)), "not negative"),
        ((Share("a", 0.5), Share("a", 0.5)), "twice"),
    ],
)
def test_contributions_refuse(shares: tuple[Share, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Contributions("c", "t", (ContributionRow("x versus y", shares),))


# Funnel, net heat, tau


def points(*rows: tuple[str, float, float]) -> tuple[FunnelPoint, ...]:
    return tuple(FunnelPoint(f"study {k}", *row, f"e.{k}") for k, row in enumerate(rows))


def test_each_comparison_has_its_own_mark() -> None:
    picture = Funnel("f", "t", "x", "a", "b", points(*((f"c{k}", 0.1, 0.2) for k in range(24))))
    drawn = funnel_plot(picture)
    key = re.findall(r'<g transform="[^"]*" class="key">(.*?)</g>', drawn[: drawn.index("</svg>")])[:24]
    assert len(set(key)) == 24


def test_a_funnel_is_an_image_whose_numbers_stand_in_the_table() -> None:
    picture = Funnel("f", "t", "x", "a", "b", points(("c", -0.1, 0.2)), 0.04, "egger")
    assert "test of asymmetry: p = 0.040" in funnel_plot(picture)
    assert ">\N{MINUS SIGN}0.10</a>" in funnel_table(picture)
    assert ">0.200</a>" in funnel_table(picture)


@pytest.mark.parametrize(("rows", "p"), [((), None), ((("c", 0.1, 0.0),), None), ((("c", math.nan, 1.0),), None)])
def test_funnels_refuse(rows: tuple[tuple[str, float, float], ...], p: float | None) -> None:
    with pytest.raises(ValueError, match=r"at least one trial|positive standard error"):
        Funnel("f", "t", "x", "a", "b", points(*rows), p)


def test_funnels_refuse_an_impossible_p() -> None:
    with pytest.raises(ValueError, match="expected 0 to 1"):
        Funnel("f", "t", "x", "a", "b", points(("c", 0.1, 0.2)), 2.0)


def test_net_heat_tells_signs_apart_without_colour() -> None:
    picture = NetHeat("h", "t", ("a", "b"), ((1.0, 0.25), (0.25, 1.0)), ((0.0, 2.0), (-1.0, 0.0)), "q")
    drawn = net_heat_plot(picture)
    assert drawn.count('class="disagrees"') == drawn.count('class="agrees"') == 2
    assert ">+2.0</text>" in drawn
    assert ">\N{MINUS SIGN}1.0</text>" in drawn
    assert "change +2.0, leans on it with 25%" in net_heat_table(picture)


def test_the_same_share_is_a_square_of_the_same_size_in_every_row() -> None:
    names = ("short", "a comparison with a name that is so long that it takes at least four lines of text in its row")
    picture = NetHeat("h", "t", names, ((0.5, 0.5), (0.5, 0.5)), ((0.0, 0.0), (0.0, 0.0)))
    wide = net_heat_plot(picture).split("</svg>")[0]
    assert len(set(re.findall(r'width="([\d.]+)"[^>]*class="leans"', wide[: wide.index('class="key"')]))) == 1


@pytest.mark.parametrize(
    ("hat", "message"), [(((1.0,), (1.0,)), "expected 2 rows of 2"), (((1.0, math.inf), (1.0, 1.0)), "finite")]
)
def test_net_heat_refuses(hat: tuple[tuple[float, ...], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NetHeat("h", "t", ("a", "b"), hat, ((0.0, 0.0), (0.0, 0.0)))


def density(*taus: float, low: float = 0.0, median: float = 0.1, high: float = 0.3) -> TauDensity:
    return TauDensity(tuple((tau, 1.0) for tau in taus), low, median, high, "tau")


def test_a_wide_prior_ends_in_an_arrow_and_leaves_room_for_the_posterior() -> None:
    wide = TauCurve("t", "t", "tau", density(0, 1, 30, high=25.0), density(0, 0.1, 0.5))
    assert tau_plot(wide).count("beyond-axis") == 2
    assert max(float(tick) for tick in re.findall(r'data-axis="">([\d.]+)<', tau_plot(wide))) <= 2
    near = TauCurve("t", "t", "tau", density(0, 1, high=0.9), density(0, 0.1, 0.5))
    assert tau_plot(near).count("beyond-axis") == 0


def test_prior_and_posterior_differ_in_dashes() -> None:
    lines = re.findall(r"<polyline[^>]*>", tau_plot(TauCurve("t", "t", "tau", density(0, 1), density(0, 1))))
    assert ["stroke-dasharray" in line for line in lines] == [True, False] * 2


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        (density(0.1), "two points"),
        (density(-1, 1), "from zero upwards"),
        (density(1, 1), "from zero upwards"),
        (TauDensity(((0, 1), (1, -1)), 0, 0, 1), "not negative"),
        (density(0, 1, low=0.2), "low <= median <= high"),
    ],
)
def test_tau_curves_refuse(prior: TauDensity, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TauCurve("t", "t", "tau", prior, density(0, 1))
