"""Which treatments hang together, and which comparisons tell something about a pair without comparing it."""

from collections.abc import Iterable, Sequence

Pair = tuple[str, str]


def islands(names: Sequence[str], pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """Split treatments into groups that no comparison connects.

    Parameters
    ----------
    names
        All treatments.
    pairs
        Direct comparisons.

    Returns
    -------
    tuple of tuple of str
        Largest group first, equal ones by their first treatment; inside, the order of `names`.
    """
    neighbours = _neighbours(pairs)
    left, found = list(names), []
    while left:
        reached, waiting = {left[0]}, [left[0]]
        while waiting:
            new = neighbours.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        found.append(tuple(name for name in names if name in reached))
        left = [name for name in left if name not in reached]
    return tuple(sorted(found, key=lambda group: -len(group)))


def indirect_pairs(pairs: Iterable[Pair], first: str, second: str) -> frozenset[frozenset[str]]:
    """Comparisons that lie on a path between two treatments without comparing the two themselves.

    Parameters
    ----------
    pairs
        Direct comparisons.
    first, second
        The question.

    Notes
    -----
    With the edge of the question added, these are the other edges of its biconnected block: through any two edges of a
    block runs a cycle, and the cycle without the question is the path.
    """
    question = frozenset((first, second))
    neighbours = _neighbours([*pairs, (first, second)])
    depth, low = {first: 0, second: 1}, {}
    trail: list[frozenset[str]] = []

    def visit(node: str, parent: str) -> None:
        low[node] = depth[node]
        for other in sorted(neighbours[node] - {parent}):
            if other not in depth:
                start = len(trail)
                trail.append(frozenset((node, other)))
                depth[other] = depth[node] + 1
                visit(other, node)
                low[node] = min(low[node], low[other])
                if low[other] >= depth[node]:
                    del trail[start:]
            elif depth[other] < depth[node]:
                trail.append(frozenset((node, other)))
                low[node] = min(low[node], depth[other])

    visit(second, first)
    return frozenset(trail) - {question}


def _neighbours(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    neighbours: dict[str, set[str]] = {}
    for first, second in pairs:
        neighbours.setdefault(first, set()).add(second)
        neighbours.setdefault(second, set()).add(first)
    return neighbours
