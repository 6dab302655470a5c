"""Trees of provenance that share most of their nodes, printed with each node once.

The numbers of one person rest on the same networks and the same trials: as trees they would print the same hundred
rows for each number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from equipoise.vocabulary.estimate import Estimate, Fact
from equipoise.vocabulary.provenance import Computation, Provenance, SourceRow


@dataclass(frozen=True, slots=True)
class Node:
    """One computation, with the anchors of what it was made from.

    Attributes
    ----------
    anchor
        Id within the page.
    computation
        What was done.
    from_nodes
        Anchor and name of the computations and rows below.
    """

    anchor: str
    computation: Computation
    from_nodes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One row of the evidence."""

    anchor: str
    row: SourceRow


@dataclass(frozen=True, slots=True)
class ProvenanceList:
    """Items, each with the anchor of its root, then every node and every row once.

    Attributes
    ----------
    items
        Estimate or fact with the anchor and the name of its root.
    nodes, leaves
        Computations from the roots down, and rows.
    """

    items: tuple[tuple[Estimate | Fact, str, str], ...]
    nodes: tuple[Node, ...]
    leaves: tuple[Leaf, ...]


def provenance_list(items: Iterable[Estimate | Fact]) -> ProvenanceList:
    """Lay the provenance of items out as lists."""
    anchors: dict[Provenance, str] = {}
    nodes: list[Node] = []
    leaves: dict[tuple[str, str], Leaf] = {}

    def visit(node: Provenance) -> tuple[str, str]:
        if isinstance(node, SourceRow):
            key = (node.table, node.row_id)
            if key not in leaves:
                leaves[key] = Leaf(f"row-{len(leaves) + 1}", node)
            return leaves[key].anchor, f"{node.table}, row {node.row_id}"
        if node not in anchors:
            anchors[node] = f"step-{len(anchors) + 1}"
            place = len(nodes)
            nodes.append(Node(anchors[node], node, ()))
            below = tuple(dict.fromkeys(visit(child) for child in node.inputs))
            nodes[place] = Node(anchors[node], node, below)
        return anchors[node], node.name

    roots = [(item, *visit(item.provenance)) for item in items]
    return ProvenanceList(tuple(roots), tuple(nodes), tuple(leaves.values()))
