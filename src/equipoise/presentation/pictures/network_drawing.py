"""The two layouts of a network graph: names around the drawing for wide places, numbers and a list for narrow ones."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    NARROW_WIDTH,
    TEXT_SIZE,
    WIDE_WIDTH,
    axis_label,
    coordinate,
    element,
    frame,
    height_of,
    join,
    label,
    number,
    text_width,
    trace_link,
    wrapped,
)
from equipoise.presentation.pictures.legend import legend
from equipoise.presentation.pictures.network_graph import (
    GraphEdge,
    GraphNode,
    NetworkGraph,
    description,
    pair_text,
    people_text,
    trials_text,
)
from equipoise.presentation.pictures.network_layout import (
    Disc,
    clear_of,
    number_places,
    on_ellipse,
    round_order,
    spread,
)
from equipoise.presentation.pictures.network_marks import (
    disc,
    edge_line,
    edge_number,
    has_path,
    key_entries,
    missing_line,
    radius,
    roles,
    shade,
)

_LARGEST: Final = 22.0
_NUMERAL_ROOM: Final = 26.0
_LIST_INDENT: Final = 30.0
_BLOCK_GAP: Final = 7.0
_ALONE_INDENT: Final = 44.0

Drawn = tuple[list[Markup], float]
"""Marks and the height they take, from 0."""


def network_diagram(graph: NetworkGraph) -> Markup:
    """Draw the network for wide and for narrow places; the style sheet shows the one that fits.

    Parameters
    ----------
    graph
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    layouts = _layout(graph, "wide", WIDE_WIDTH, _wide_island), _layout(graph, "narrow", NARROW_WIDTH, _narrow_island)
    return element("div", *layouts, class_="picture picture-network")


def _layout(
    graph: NetworkGraph, layout: str, width: float, island: Callable[[NetworkGraph, tuple[str, ...]], Drawn]
) -> Markup:
    body: list[Markup] = []
    y = 0.0
    groups = [group for group in graph.islands if len(group) > 1]
    for k, group in enumerate(groups, start=1):
        if k > 1:
            heading = wrapped(graph.words.island.format(k=k), width, bold=True)
            body.append(label(0.0, y + 16 + TEXT_SIZE, heading, bold=True))
            y += 16 + height_of(len(heading)) + 8
        drawn, height = island(graph, group)
        body.append(element("g", *drawn, transform=f"translate(0 {coordinate(y)})"))
        y += height
    alone, y = _alone(graph, y, width)
    body += alone
    if graph.question and not has_path(graph):
        first, second = graph.question
        lines = wrapped(graph.words.key_no_path.format(first=first, second=second), width, bold=True)
        body.append(label(0.0, y + 12 + TEXT_SIZE, lines, bold=True))
        y += 12 + height_of(len(lines))
    key, end = legend(key_entries(graph), y + 10, width)
    return frame(
        f"{graph.id}-{layout}",
        width,
        end,
        graph.title,
        description(graph),
        [*body, key],
        class_=f"picture-{layout}",
    )


def _alone(graph: NetworkGraph, top: float, width: float) -> Drawn:
    """Treatments that no trial compares with another one, as a list."""
    names = {group[0] for group in graph.islands if len(group) == 1}
    if not names:
        return [], top
    heading = wrapped(graph.words.alone, width, bold=True)
    y = top + (16 if top else 0)
    body, y = [label(0.0, y + TEXT_SIZE, heading, bold=True)], y + height_of(len(heading)) + 6
    for node in (node for node in graph.nodes if node.name in names):
        is_asked = graph.question is not None and node.name in graph.question
        name = wrapped(node.name, width - _ALONE_INDENT, bold=is_asked)
        people = wrapped(people_text(node, graph), width - _ALONE_INDENT)
        size = radius(node, graph, 16.0)
        height = max(height_of(len(name) + (len(people) if any(people) else 0)), 2 * size) + 8
        body.append(disc(graph, node, Disc(node.name, 18.0, y + height / 2, size)))
        body.append(_name(graph, node, _ALONE_INDENT, y, name, people))
        y += height
    return body, y


def _nodes(graph: NetworkGraph, group: tuple[str, ...]) -> tuple[GraphNode, ...]:
    """Treatments of one island in the order of the circle."""
    by_name = {node.name: node for node in graph.nodes}
    return tuple(by_name[name] for name in round_order(group, graph.pairs))


def _web(graph: NetworkGraph, discs: Sequence[Disc]) -> tuple[list[Markup], list[GraphEdge]]:
    """Shades, lines, discs and numbers of trials; and the edges whose number found no room."""
    places = {place.name: place for place in discs}
    edges = [edge for edge in graph.edges if edge.first in places]
    role = roles(graph)
    edges.sort(key=lambda edge: ("plain", "other", "indirect", "direct").index(role[edge.ends]))
    lines = [(places[edge.first], places[edge.second]) for edge in edges]
    found = number_places(lines, [text_width(str(edge.trials)) for edge in edges], discs, 17.0)
    body = [shade([place for place in discs if place.name in arms]) for arms in graph.multi_arm if arms[0] in places]
    body += [edge_line(edge, role[edge.ends], *line) for edge, line in zip(edges, lines, strict=True)]
    if graph.question and frozenset(graph.question) not in role and set(graph.question) <= set(places):
        body.append(missing_line(places[graph.question[0]], places[graph.question[1]]))
    body += [disc(graph, node, places[node.name]) for node in graph.nodes if node.name in places]
    body += [edge_number(graph, edge, *spot) for edge, spot in zip(edges, found, strict=True) if spot]
    return body, [edge for edge, spot in zip(edges, found, strict=True) if not spot]


def _listed(graph: NetworkGraph, edges: Sequence[GraphEdge], top: float, width: float) -> Drawn:
    """Numbers of trials that found no room on their lines, in words."""
    if not edges:
        return [], top
    heading = wrapped(graph.words.listed, width)
    body, y = [label(0.0, top + TEXT_SIZE, heading)], top + height_of(len(heading)) + 2
    for edge in edges:
        lines = wrapped(f"{pair_text(edge, graph)}: {trials_text(edge, graph)}", width)
        drawn = number(0.0, y + TEXT_SIZE, lines, edge.estimate_id)
        body.append(trace_link(graph.trace_url, edge.estimate_id, drawn))
        y += height_of(len(lines)) + 2
    return body, y


def _wide_island(graph: NetworkGraph, group: tuple[str, ...]) -> Drawn:
    """Draw one island with the names around it."""
    nodes, n = _nodes(graph, group), len(group)
    rx = 195.0 if n > 12 else 175.0 if n > 5 else 100.0
    width = WIDE_WIDTH / 2 - rx - _LARGEST - 12
    texts = {node.name: (wrapped(node.name, width), wrapped(people_text(node, graph), width)) for node in nodes}
    heights = {name: height_of(len(a) + (len(b) if any(b) else 0)) + _BLOCK_GAP for name, (a, b) in texts.items()}
    ry = max(rx * (0.9 if n > 5 else 0.8), sum(heights.values()) / 4 + 10)
    largest = min(_LARGEST, 1.25 * (rx + ry) / n) if n > 2 else _LARGEST
    discs = on_ellipse([(node.name, radius(node, graph, largest)) for node in nodes], rx, ry)
    places = _label_places(discs, heights)
    top = min([place.y - place.radius for place in discs] + [upper for _, upper in places.values()]) - 4
    bottom = max(
        [place.y + place.radius for place in discs] + [upper + heights[name] for name, (_, upper) in places.items()]
    )
    web, unplaced = _web(graph, discs)
    names = [_name(graph, node, *places[node.name], *texts[node.name]) for node in nodes]
    shift = f"translate({coordinate(WIDE_WIDTH / 2)} {coordinate(-top)})"
    rest, end = _listed(graph, unplaced, bottom - top + 6, WIDE_WIDTH)
    return [element("g", *web, *names, transform=shift), *rest], end


def _label_places(discs: Sequence[Disc], heights: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Where each name begins (negative: ends, left of the middle) and its upper edge."""
    places: dict[str, tuple[float, float]] = {}
    right = [place for place in discs if _is_right(place)]
    left = [place for place in discs if not _is_right(place)]
    for side, discs_there in ((1.0, right), (-1.0, left)):
        discs_there.sort(key=lambda place: place.y)
        rooms = [heights[place.name] for place in discs_there]
        wishes = [
            place.y + (abs(place.x) < 1e-6 < abs(place.y)) * math.copysign(heights[place.name] / 2, place.y)
            for place in discs_there
        ]
        for place, middle in zip(discs_there, spread(wishes, rooms), strict=True):
            upper = middle - heights[place.name] / 2
            lower = upper + heights[place.name]
            places[place.name] = side * clear_of(discs, side, upper, lower), upper
    return places


def _is_right(place: Disc) -> bool:
    """Whether the name stands right of the drawing; the middle goes right at the top and left at the bottom."""
    return place.x > 1e-6 or (abs(place.x) <= 1e-6 and place.y <= 0)


def _name(
    graph: NetworkGraph, node: GraphNode, x: float, upper: float, name: tuple[str, ...], people: tuple[str, ...]
) -> Markup:
    """Name and people of a treatment, beginning or ending at `x`."""
    anchor = "start" if x > 0 else "end"
    is_asked = graph.question is not None and node.name in graph.question
    y = upper + _BLOCK_GAP / 2 + TEXT_SIZE
    parts = [label(x, y, name, bold=is_asked, anchor=anchor)]
    if any(people):
        drawn = number(x, y + height_of(len(name)), people, node.estimate_id, anchor=anchor)
        parts.append(trace_link(graph.trace_url, node.estimate_id, drawn))
    return join(parts)


def _narrow_island(graph: NetworkGraph, group: tuple[str, ...]) -> Drawn:
    """Draw one island with a numeral at each treatment, and the names in a list below."""
    nodes, n = _nodes(graph, group), len(group)
    rx = NARROW_WIDTH / 2 - _NUMERAL_ROOM - 16
    ry = max(rx * (0.5 if n < 4 else 1.0), n * 4.6)
    largest = min(16.0, 1.25 * (rx + ry) / n) if n > 2 else 16.0
    discs = on_ellipse([(node.name, radius(node, graph, largest)) for node in nodes], rx, ry)
    height = max(abs(place.y) for place in discs) + _NUMERAL_ROOM + 14
    web, unplaced = _web(graph, discs)
    numerals = [_numeral(position, place) for position, place in enumerate(discs, start=1)]
    shift = f"translate({coordinate(NARROW_WIDTH / 2)} {coordinate(height)})"
    names, y = _name_list(graph, nodes, 2 * height + 4)
    rest, end = _listed(graph, unplaced, y + 6, NARROW_WIDTH)
    return [element("g", *web, *numerals, transform=shift), *names, *rest], end


def _numeral(position: int, place: Disc) -> Markup:
    away = (place.x**2 + place.y**2) ** 0.5
    reach = place.radius + 12
    dx, dy = (place.x / away * reach, place.y / away * reach) if away else (0.0, -reach)
    return axis_label(place.x + dx, place.y + dy + TEXT_SIZE * 0.35, str(position))


def _name_list(graph: NetworkGraph, nodes: Sequence[GraphNode], top: float) -> Drawn:
    body: list[Markup] = []
    y = top
    for position, node in enumerate(nodes, start=1):
        is_asked = graph.question is not None and node.name in graph.question
        lines = wrapped(node.name, NARROW_WIDTH - _LIST_INDENT, bold=is_asked)
        body.append(axis_label(20.0, y + TEXT_SIZE, str(position), anchor="end"))
        body.append(label(_LIST_INDENT, y + TEXT_SIZE, lines, bold=is_asked))
        people = people_text(node, graph)
        if people:
            is_beside = text_width(lines[-1], bold=is_asked) + text_width(people) < NARROW_WIDTH - _LIST_INDENT - 12
            line = y + TEXT_SIZE + height_of(len(lines) - 1 if is_beside else len(lines))
            drawn = number(
                NARROW_WIDTH if is_beside else _LIST_INDENT,
                line,
                (people,),
                node.estimate_id,
                anchor="end" if is_beside else "start",
            )
            body.append(trace_link(graph.trace_url, node.estimate_id, drawn))
            y += 0 if is_beside else height_of(1)
        y += height_of(len(lines)) + 2
    return body, y
