"""Where treatments, their names and the numbers of trials stand: the same network always looks the same."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from equipoise.presentation.pictures.network_paths import Pair


@dataclass(frozen=True, slots=True)
class Disc:
    """A treatment on the ellipse around (0, 0).

    Parameters
    ----------
    name
        Its name.
    x, y, radius
        Centre and size in drawing units.
    """

    name: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Box:
    """Upright rectangle that a text takes up."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def meets_disc(self, disc: Disc) -> bool:
        """Whether the box and a disc overlap."""
        dx = max(self.left - disc.x, 0.0, disc.x - self.right)
        dy = max(self.top - disc.y, 0.0, disc.y - self.bottom)
        return math.hypot(dx, dy) < disc.radius


def round_order(names: Sequence[str], pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Order treatments around the circle so that neighbours in the network come to stand near each other.

    Parameters
    ----------
    names
        Treatments of one island; the first keeps its place at the top.
    pairs
        Direct comparisons; those of other islands are ignored.

    Notes
    -----
    Two treatments are swapped as long as that shortens the way around the circle along all edges.
    """
    order, n = list(names), len(names)
    place = {name: position for position, name in enumerate(order)}
    near: dict[str, list[str]] = {name: [] for name in order}
    for first, second in pairs:
        if first in place:
            near[first].append(second)
            near[second].append(first)

    def length(name: str) -> int:
        return sum(min((place[name] - place[other]) % n, (place[other] - place[name]) % n) for other in near[name])

    def swap(i: int, j: int) -> None:
        order[i], order[j] = order[j], order[i]
        place[order[i]], place[order[j]] = i, j

    for _ in range(8):
        is_settled = True
        for i in range(1, n):
            for j in range(i + 1, n):
                before = length(order[i]) + length(order[j])
                swap(i, j)
                if length(order[i]) + length(order[j]) < before:
                    is_settled = False
                else:
                    swap(i, j)
        if is_settled:
            break
    return tuple(order)


def on_ellipse(sizes: Sequence[tuple[str, float]], rx: float, ry: float) -> tuple[Disc, ...]:
    """Place treatments clockwise around (0, 0): one in the middle, two side by side, more from the top.

    Parameters
    ----------
    sizes
        Name and radius of each.
    rx, ry
        Half axes of the ellipse.
    """
    if len(sizes) == 1:
        return (Disc(sizes[0][0], 0.0, 0.0, sizes[0][1]),)
    start = math.pi if len(sizes) == 2 else -math.pi / 2
    turns = [start + 2 * math.pi * position / len(sizes) for position in range(len(sizes))]
    return tuple(
        Disc(name, rx * math.cos(turn), ry * math.sin(turn), radius)
        for (name, radius), turn in zip(sizes, turns, strict=True)
    )


def spread(centres: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Move blocks on a line apart, as little as possible in the sum of squares; order is kept.

    Parameters
    ----------
    centres
        Where each block would like to have its middle, ascending.
    heights
        How much room each takes.
    """
    offsets, below = [], 0.0
    for height in heights:
        offsets.append(below + height / 2)
        below += height
    pools: list[tuple[float, int]] = []
    for centre, offset in zip(centres, offsets, strict=True):
        pools.append((centre - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, m), (second, n) = pools[-2:]
            pools[-2:] = [((first * m + second * n) / (m + n), m + n)]
    starts = [start for start, n in pools for _ in range(n)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def clear_of(discs: Sequence[Disc], side: float, top: float, bottom: float) -> float:
    """How far from the middle a text between `top` and `bottom` must begin so that it touches no disc and no edge.

    Parameters
    ----------
    discs
        All treatments in their order around the circle; no edge leaves the polygon between them.
    side
        1 for texts right of the middle, -1 for texts left of it.
    top, bottom
        Upper and lower end of the text.
    """
    reach = 0.0
    for disc, following in zip(discs, (*discs[1:], discs[0]), strict=True):
        dy = max(top - disc.y, 0.0, disc.y - bottom)
        if dy < disc.radius:
            reach = max(reach, side * disc.x + math.sqrt(disc.radius**2 - dy**2))
        for y in (top, bottom, disc.y):
            if min(disc.y, following.y) <= y <= max(disc.y, following.y) and top <= y <= bottom:
                share = (y - disc.y) / (following.y - disc.y) if following.y != disc.y else 0.0
                reach = max(reach, side * (disc.x + share * (following.x - disc.x)))
    return reach + 8.0


def number_places(
    lines: Sequence[tuple[Disc, Disc]], widths: Sequence[float], discs: Sequence[Disc], height: float
) -> list[tuple[float, float] | None]:
    """Find a place on each line for its number: free of discs and other numbers, crossed by few other lines.

    Parameters
    ----------
    lines
        Ends of each edge.
    widths
        Width of each number.
    discs
        All treatments.
    height
        Height of a number.

    Returns
    -------
    list of (x, y) or None
        Middle of each number; None where no place is free.
    """
    taken: list[Box] = []
    found: list[tuple[float, float] | None] = []
    for index, (a, b) in enumerate(lines):
        others = [line for position, line in enumerate(lines) if position != index]
        best: tuple[float, tuple[float, float], Box] | None = None
        for step in (0, 1, -1, 2, -2, 3, -3, 4, -4):
            share = 0.5 + 0.07 * step
            x, y = a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)
            box = Box(x - widths[index] / 2 - 2, y - height / 2, x + widths[index] / 2 + 2, y + height / 2)
            if any(map(box.meets, taken)) or any(map(box.meets_disc, discs)):
                continue
            cost = sum(_distance(x, y, line) < height / 2 for line in others) + abs(step) / 10
            if best is None or cost < best[0]:
                best = cost, (x, y), box
        found.append(best[1] if best else None)
        taken += [best[2]] if best else []
    return found


def _distance(x: float, y: float, line: tuple[Disc, Disc]) -> float:
    a, b = line
    dx, dy = b.x - a.x, b.y - a.y
    share = ((x - a.x) * dx + (y - a.y) * dy) / max(dx * dx + dy * dy, 1e-9)
    share = min(1.0, max(0.0, share))
    return math.hypot(x - a.x - share * dx, y - a.y - share * dy)
