"""Marks of a network graph: discs, lines of three kinds, shaded trials and the key that explains them."""

import math
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    SOFT,
    STRONG,
    SURFACE,
    TEXT_SIZE,
    TINT,
    axis_label,
    coordinate,
    element,
    join,
    number,
    text_width,
    trace_link,
)
from equipoise.presentation.pictures.legend import Entry
from equipoise.presentation.pictures.network_graph import GraphEdge, GraphNode, NetworkGraph
from equipoise.presentation.pictures.network_layout import Disc
from equipoise.presentation.pictures.network_paths import indirect_pairs

_PAINT: Final[dict[str, tuple[str, str | None]]] = {
    "plain": (SOFT, None),
    "direct": (STRONG, None),
    "indirect": (STRONG, "9 4"),
    "other": (SOFT, None),
}
"""Colour and dashes of a line by what it tells about the question: grey print keeps them apart."""
_WIDEST: Final = 11.0


def roles(graph: NetworkGraph) -> dict[frozenset[str], str]:
    """What every edge tells about the question: ``direct``, ``indirect`` or ``other``; ``plain`` without one."""
    if graph.question is None:
        return {edge.ends: "plain" for edge in graph.edges}
    found: dict[frozenset[str], str] = {edge.ends: "other" for edge in graph.edges}
    found |= {ends: "indirect" for ends in indirect_pairs(graph.pairs, *graph.question) if ends in found}
    return found | ({frozenset(graph.question): "direct"} if frozenset(graph.question) in found else {})


def has_path(graph: NetworkGraph) -> bool:
    """Whether a chain of trials connects the two treatments of the question."""
    return graph.question is not None and any(set(graph.question) <= set(group) for group in graph.islands)


def radius(node: GraphNode, graph: NetworkGraph, largest: float) -> float:
    """Radius of a disc whose area is in proportion to the people; small ones stay visible."""
    most = max((other.people or 0 for other in graph.nodes), default=0)
    share = (node.people or 0) / most if most else 0.0
    return max(largest * 0.28, largest * math.sqrt(share))


def disc(graph: NetworkGraph, node: GraphNode, place: Disc) -> Markup:
    """Draw a treatment; hollow when its people are not known, soft when the question is about others."""
    paint = STRONG if graph.question is None or node.name in graph.question else SOFT
    return element(
        "circle",
        cx=place.x,
        cy=place.y,
        r=place.radius,
        fill=SURFACE if node.people is None else paint,
        stroke=paint,
        stroke_width=2,
        class_="treatment",
    )


def edge_line(edge: GraphEdge, role: str, a: Disc, b: Disc) -> Markup:
    """Draw a comparison; wider with more trials, dashed when it tells about the question only indirectly."""
    return _line(a.x, a.y, b.x, b.y, role, _width(edge.trials))


def _width(trials: int) -> float:
    return min(_WIDEST, 0.4 + 2.1 * math.sqrt(trials))


def _line(x1: float, y1: float, x2: float, y2: float, role: str, width: float) -> Markup:
    stroke, dash = _PAINT[role]
    return element(
        "line",
        x1=float(x1),
        y1=float(y1),
        x2=float(x2),
        y2=float(y2),
        stroke=stroke,
        stroke_width=max(width, 2.5) if role in {"direct", "indirect"} else 1.3 if role == "other" else width,
        stroke_dasharray=dash,
        class_=f"comparison comparison-{role}",
    )


def missing_line(a: Disc, b: Disc) -> Markup:
    """Draw what no trial compared: two thin parallel lines of dots where the line of the question would be."""
    length = math.hypot(b.x - a.x, b.y - a.y) or 1.0
    dx, dy = -(b.y - a.y) / length * 2.5, (b.x - a.x) / length * 2.5
    return join([_dotted(a.x + s * dx, a.y + s * dy, b.x + s * dx, b.y + s * dy) for s in (-1, 1)])


def _dotted(x1: float, y1: float, x2: float, y2: float) -> Markup:
    return element(
        "line",
        x1=float(x1),
        y1=float(y1),
        x2=float(x2),
        y2=float(y2),
        stroke=INK,
        stroke_width=1.4,
        stroke_dasharray="1.4 3.6",
        class_="not-compared",
    )


def shade(places: Iterable[Disc]) -> Markup:
    """Shade the treatments of one trial with several arms."""
    points = " ".join(f"{coordinate(place.x)},{coordinate(place.y)}" for place in places)
    return element("polygon", points=points, fill=TINT, fill_opacity=0.75, class_="multi-arm")


def edge_number(graph: NetworkGraph, edge: GraphEdge, x: float, y: float) -> Markup:
    """Write the number of trials on its line, on a ground that keeps it readable."""
    text = str(edge.trials)
    width = text_width(text) + 2
    ground = element("rect", x=x - width / 2, y=y - 8.5, width=width, height=17.0, fill=SURFACE, rx=3)
    drawn = number(x, y + TEXT_SIZE * 0.35, (text,), edge.estimate_id, anchor="middle")
    return join([ground, trace_link(graph.trace_url, edge.estimate_id, drawn)])


def key_entries(graph: NetworkGraph) -> list[Entry]:
    """Marks that occur, with their meaning."""
    words, used = graph.words, set(roles(graph).values())
    paint = STRONG if graph.question is None else SOFT
    entries: list[Entry] = []
    if any(node.people is not None for node in graph.nodes):
        dots = [element("circle", cx=x, cy=-5.0, r=r, fill=paint) for x, r in ((3.0, 3.0), (14.0, 6.5))]
        entries.append((join(dots), words.key_node))
    if "plain" in used:
        entries.append((_line(0, -5, 20, -5, "plain", 4.0), words.key_edge))
    elif used:
        entries.append((axis_label(10.0, 0.0, "3"), words.key_number))
    asked = dict(zip(("first", "second"), graph.question or ("", ""), strict=True))
    for role, text in (("direct", words.key_direct), ("indirect", words.key_indirect), ("other", words.key_other)):
        if role in used:
            entries.append((_line(0, -5, 20, -5, role, 3.0), text.format(**asked)))
    if graph.question and "direct" not in used and has_path(graph):
        entries.append((join([_dotted(0, y, 20, y) for y in (-7.5, -2.5)]), words.key_no_direct.format(**asked)))
    if graph.multi_arm:
        shaded = element("polygon", points="0,1 10,-13 20,1", fill=TINT)
        entries.append((shaded, words.key_multi_arm))
    return entries
