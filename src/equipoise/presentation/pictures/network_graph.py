"""Network graph: which treatments were compared with which, in how many trials, and what is an island."""

import itertools
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import TRACE_URL, cell_number, checked_identifier, safe, table
from equipoise.presentation.pictures.network_paths import islands
from equipoise.presentation.pictures.numerals import grouped


@dataclass(frozen=True, slots=True)
class GraphWords:
    """Words inside the picture, so that each language has its own."""

    people: str = "{n} people"
    one_person: str = "1 person"
    trials: str = "{n} trials"
    one_trial: str = "1 trial"
    pair: str = "{first} and {second}"
    island: str = "Island {k}: no trial connects it with the others"
    alone: str = "No trial compares these with another treatment:"
    listed: str = "Lines whose number found no room:"
    key_node: str = "treatment; a larger area means more people"
    key_edge: str = "compared directly; wider, and with their number, where there are more trials"
    key_number: str = "number of trials that compare the two ends of the line directly"
    key_direct: str = "compares {first} and {second} directly"
    key_indirect: str = "tells about the two indirectly, through others"
    key_other: str = "tells nothing about the two"
    key_no_direct: str = "no trial compares {first} and {second} directly"
    key_no_path: str = "No chain of trials leads from {first} to {second}."
    key_multi_arm: str = "one trial with three or more of the treatments"
    what: str = "Treatment, or two that were compared"
    people_head: str = "People"
    trials_head: str = "Trials"
    thousands: str = ","


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One treatment.

    Parameters
    ----------
    name
        Its name; never shortened.
    people
        People who were given it in the trials; None when not known, drawn hollow.
    estimate_id
        Id of the row that the number comes from.
    """

    name: str
    people: int | None = None
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """Two treatments that were compared directly.

    Parameters
    ----------
    first, second
        Names of the treatments.
    trials
        Number of trials that compare them.
    estimate_id
        Id of the row that the number comes from.
    """

    first: str
    second: str
    trials: int
    estimate_id: str | None = None

    @property
    def ends(self) -> frozenset[str]:
        """Both names, in no order."""
        return frozenset((self.first, self.second))


@dataclass(frozen=True, slots=True)
class NetworkGraph:
    """Treatments and the trials between them.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome and population of the network.
    nodes
        Treatments; the first stands at the top of its group.
    edges
        Direct comparisons, each pair once.
    multi_arm
        Treatments of each trial with three or more arms; shaded.
    question
        Two treatments whose evidence is to stand out.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there is no treatment, a name is there twice, an edge is there twice or leads to an unknown treatment or back
        to itself, a count is below one (trials) or zero (people), or the question is not two treatments.
    """

    id: str
    title: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...] = ()
    multi_arm: tuple[tuple[str, ...], ...] = ()
    question: tuple[str, str] | None = None
    trace_url: str | None = TRACE_URL
    words: GraphWords = GraphWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.nodes:
            raise ValueError("a network graph needs at least one treatment.")
        if len(set(self.names)) < len(self.names):
            raise ValueError("every treatment of a network graph needs a name of its own.")
        self._check_edges()
        groups = [*self.multi_arm, *((self.question,) if self.question else ())]
        unknown = sorted({name for group in groups for name in group} - set(self.names))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of the treatments.")
        if self.question and self.question[0] == self.question[1]:
            raise ValueError(f"{self.question[0]!r}: the question needs two treatments.")
        if any(node.people is not None and node.people < 0 for node in self.nodes):
            raise ValueError("a treatment cannot have fewer than 0 people.")

    def _check_edges(self) -> None:
        for edge in self.edges:
            if edge.first == edge.second or not edge.ends <= set(self.names):
                raise ValueError(f"{edge.first!r} and {edge.second!r}: an edge joins two of the treatments.")
            if edge.trials < 1:
                raise ValueError(f"{edge.first!r} and {edge.second!r}: an edge stands for at least 1 trial.")
        for one, other in itertools.combinations(self.edges, 2):
            if one.ends == other.ends:
                raise ValueError(f"{one.first!r} and {one.second!r} are joined twice; add the trials up.")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the treatments in the given order."""
        return tuple(node.name for node in self.nodes)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names at both ends of every edge."""
        return tuple((edge.first, edge.second) for edge in self.edges)

    @property
    def islands(self) -> tuple[tuple[str, ...], ...]:
        """Groups of treatments that no trial connects, the largest first."""
        return islands(self.names, self.pairs)


def people_text(node: GraphNode, graph: NetworkGraph) -> str:
    """Number of people in words, or nothing when it is not known."""
    if node.people is None:
        return ""
    words = graph.words
    return words.one_person if node.people == 1 else words.people.format(n=grouped(node.people, words.thousands))


def trials_text(edge: GraphEdge, graph: NetworkGraph) -> str:
    """Number of trials in words."""
    words = graph.words
    return words.one_trial if edge.trials == 1 else words.trials.format(n=grouped(edge.trials, words.thousands))


def pair_text(edge: GraphEdge, graph: NetworkGraph) -> str:
    """Both treatments of an edge in words."""
    return graph.words.pair.format(first=edge.first, second=edge.second)


def description(graph: NetworkGraph) -> str:
    """Everything in the drawing, in sentences."""
    nodes = [
        f"{node.name}: {people_text(node, graph)}" if people_text(node, graph) else node.name for node in graph.nodes
    ]
    edges = [f"{pair_text(edge, graph)}: {trials_text(edge, graph)}" for edge in graph.edges]
    apart = [group for group in graph.islands if len(group) > 1]
    groups = [f"{graph.words.island.format(k=k)}: {', '.join(group)}" for k, group in enumerate(apart[1:], start=2)]
    alone = [group[0] for group in graph.islands if len(group) == 1]
    groups += [f"{graph.words.alone} {', '.join(alone)}"] if alone else []
    shaded = [f"{graph.words.key_multi_arm}: {', '.join(arms)}" for arms in graph.multi_arm]
    return ". ".join([*nodes, *edges, *groups, *shaded]) + "."


def network_table(graph: NetworkGraph) -> Markup:
    """Give the same numbers as an HTML table: people for every treatment, trials for every comparison."""
    words, nothing = graph.words, Markup("")
    rows: list[tuple[Markup, ...]] = []
    for node in graph.nodes:
        people = people_text(node, graph)
        rows.append(
            (safe(node.name), cell_number(people, graph.trace_url, node.estimate_id) if people else nothing, nothing)
        )
    for edge in graph.edges:
        trials = cell_number(trials_text(edge, graph), graph.trace_url, edge.estimate_id)
        rows.append((safe(pair_text(edge, graph)), nothing, trials))
    return table(graph.title, (words.what, words.people_head, words.trials_head), rows)
