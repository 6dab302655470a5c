"""What would change the order: the smallest change of one weight, or of one level, after which another option is first.

Every change is found by bisection on the same draws, and then verified: the worlds are counted again from the start
just before and just after it. What cannot be verified is not reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.decision.acceptability import acceptability, option_values
from equipoise.decision.criteria import Criterion

Array = npt.NDArray[np.float64]
Order = tuple[int, ...]

# Bisection stops when the flip is known to this share of the way searched.
PRECISION = 1e-3
# Places looked at between here and the furthest change, so that an order that flips and flips back is not missed.
LOOKS = 2


@dataclass(frozen=True)
class Flip:
    """Where the order turns.

    Attributes
    ----------
    same_until, other_from
        The last value found with the present option first, and the first with another.
    new_order
        Positions of the options after the turn, the best fitting first.
    """

    same_until: float
    other_from: float
    new_order: Order


@dataclass(frozen=True)
class SmallestChange:
    """The smallest change of its kind.

    Attributes
    ----------
    kind
        ``"weight"`` or ``"outcome"``.
    criterion
        Position of the criterion.
    option
        Position of the option whose level changes; ``None`` for a weight.
    before, after
        Mean weight, or expected level in the criterion's unit, now and from where another option is first.
    size
        By which changes are compared: of the weight itself, or of the level as a share of its range.
    new_order
        Positions of the options after the change.
    """

    kind: str
    criterion: int
    option: int | None
    before: float
    after: float
    size: float
    new_order: Order


def smallest_change(
    evaluate: Callable[[float], Order], *, now: float, furthest: float, precision: float = PRECISION
) -> Flip | None:
    """Find where the first option turns when one number goes from here to its furthest value.

    Parameters
    ----------
    evaluate
        Runs everything again with a value in place of the present one and returns the order of options. This is the
        hook for facts about a person: the caller knows how to run again with another fact.
    now, furthest
        The present value, and the last one that makes sense.
    precision
        Share of the way between them to which the turn is located. For whole numbers, walk through them instead:
        ``smallest_step``.

    Returns
    -------
    Flip | None
        ``None`` where the same option stays first all the way.
    """
    first = evaluate(now)[0]
    same: float = now
    other: float | None = None
    order: Order = ()
    for look in range(1, LOOKS + 1):
        place = now + (furthest - now) * look / LOOKS
        order = evaluate(place)
        if order[0] != first:
            other = place
            break
        same = place
    if other is None:
        return None
    while abs(other - same) > precision * abs(furthest - now):
        middle = (same + other) / 2
        found = evaluate(middle)
        if found[0] == first:
            same = middle
        else:
            other, order = middle, found
    # a step away from the turn on both sides, so that the values do not happen to be equal there
    step = precision * (furthest - now)
    same = same - step if abs(same - now) > abs(step) else now
    further = other + step if abs(other - now) + abs(step) <= abs(furthest - now) else furthest
    found = evaluate(further)
    return Flip(same, further, found) if found[0] != first else Flip(same, other, order)


def smallest_step(evaluate: Callable[[float], Order], *, now: float, others: tuple[float, ...]) -> Flip | None:
    """Find the first of some values, in the order given, with which another option is first.

    Parameters
    ----------
    evaluate
        As for ``smallest_change``.
    now
        The present value.
    others
        Values to try, the nearest first: whole numbers, or words that the caller numbered.
    """
    first = evaluate(now)[0]
    same = now
    for other in others:
        order = evaluate(other)
        if order[0] != first:
            return Flip(same, other, order)
        same = other
    return None


def smallest_weight_change(values: Array, weights: Array) -> SmallestChange | None:
    """Find the smallest change of one criterion's weight after which another option is first.

    The weight of a criterion is scaled in every world by the same factor and all weights are brought back to sum 1. In
    a world the value of an option is then proportional to :math:`(1 - u)(v - d) + u d`, v its value and d the part that
    comes from the criterion; u runs from 0 (no weight) over 1/2 (now) to 1 (all weight), so the search is closed at
    both ends.

    Parameters
    ----------
    values
        Partial values. Shape (S, O, C), S may be 1.
    weights
        Shape (S, C).
    """
    total = option_values(values, weights)
    found: list[tuple[float, int, float, Flip]] = []
    for c in range(weights.shape[1]):
        part = np.ascontiguousarray((values[:, :, c] * weights[:, c, None]).T)
        if not part.any():
            continue
        slope, rest = 2 * part - total, total - part

        def first(u: float, slope: Array = slope, rest: Array = rest) -> Order:
            return (leader(rest + u * slope),)

        for furthest in (0.0, 1.0):
            flip = smallest_change(first, now=0.5, furthest=furthest)
            if flip is not None:
                after = float(_rescaled(weights, c, flip.other_from)[:, c].mean())
                found.append((abs(after - float(weights[:, c].mean())), c, after, flip))
    for size, c, after, flip in sorted(found, key=lambda candidate: candidate[0]):
        sides = (_rescaled(weights, c, flip.same_until), _rescaled(weights, c, flip.other_from))
        order = _verified((values, values), sides)
        if order is not None:
            return SmallestChange("weight", c, None, float(weights[:, c].mean()), after, size, order)
    return None


def smallest_level_change(
    levels: Array, values: Array, weights: Array, criteria: tuple[Criterion, ...], order: Order
) -> SmallestChange | None:
    """Find the smallest change of one level after which another option is first.

    The draws of one option on one criterion are all shifted by the same amount, up to where their mean is at the end of
    the range. Looked at are the first option getting worse and the second getting better. Where levels are drawn, one
    that is the same in every draw is known for certain, as how often a label has a drug injected, and is not moved: the
    answer would be about another drug.

    Parameters
    ----------
    levels, values
        Draws in their units, and their partial values. Shape (S, O, C), S may be 1: then nothing is drawn, and each
        level may move.
    weights
        Shape (S, C).
    criteria
        Of the last axis.
    order
        The order now; nothing is found for fewer than two options.
    """
    if len(order) < 2:
        return None
    total = option_values(values, weights)
    found: list[tuple[float, int, int, Flip]] = []
    for option, to_worst in ((order[0], True), (order[1], False)):
        for c, one in enumerate(criteria):
            room = (one.worst if to_worst else one.best) - float(levels[:, option, c].mean())
            is_beyond = room == 0 or (room > 0) != ((one.worst > one.best) == to_worst)
            is_certain = len(levels) > 1 and np.ptp(levels[:, option, c]) == 0
            if is_beyond or is_certain or not weights[:, c].any():
                continue
            leader = _leader_after_shift(levels, values, weights, total, option=option, c=c, criterion=one)
            flip = smallest_change(leader, now=0.0, furthest=room)
            if flip is not None:
                found.append((abs(flip.other_from) / one.range, option, c, flip))
    for size, option, c, flip in sorted(found, key=lambda candidate: candidate[0]):
        sides = tuple(
            _shifted(levels, values, option, c, criteria[c], amount) for amount in (flip.same_until, flip.other_from)
        )
        new_order = _verified((sides[0], sides[1]), (weights, weights))
        if new_order is not None:
            before = float(levels[:, option, c].mean())
            return SmallestChange("outcome", c, option, before, before + flip.other_from, size, new_order)
    return None


def _leader_after_shift(
    levels: Array, values: Array, weights: Array, total: Array, *, option: int, c: int, criterion: Criterion
) -> Callable[[float], Order]:
    """Return who is first after the level of one option on one criterion has moved by an amount."""
    own_levels = np.ascontiguousarray(levels[:, option, c])
    own_weights = np.ascontiguousarray(weights[:, c])
    rest = total[option] - own_weights * values[:, option, c]
    others = np.delete(total, option, axis=0)
    best_other = others.max(axis=0)
    firsts_of_others = [np.flatnonzero(row == best_other) for row in others]
    positions = [i for i in range(len(total)) if i != option]

    def leader(amount: float) -> Order:
        own = rest + own_weights * criterion.partial_value(own_levels + amount)
        loses = own < best_other
        wins = [np.count_nonzero(loses[first]) for first in firsts_of_others]
        counts = np.zeros(len(total))
        counts[positions], counts[option] = wins, np.count_nonzero(own >= best_other)
        return (int(counts.argmax()),)

    return leader


def _shifted(levels: Array, values: Array, option: int, c: int, criterion: Criterion, amount: float) -> Array:
    """Partial values after the level of one option on one criterion has moved."""
    changed = values.copy()
    changed[:, option, c] = criterion.partial_value(levels[:, option, c] + amount)
    return changed


def leader(values: Array) -> int:
    """Return the option that is first in most worlds, by values of shape (O, S)."""
    best = values.max(axis=0)
    return int(np.argmax([np.count_nonzero(row == best) for row in values]))


def _rescaled(weights: Array, c: int, u: float) -> Array:
    """Weights with one of them scaled by u / (1 - u), summing to 1 again."""
    scaled = weights * (1 - u)
    scaled[:, c] = weights[:, c] * u
    total = scaled.sum(axis=1, keepdims=True)
    # where nothing is left (a criterion alone, without weight), the weights stay as they are
    return np.where(total > 0, scaled / np.where(total > 0, total, 1.0), weights)


def _verified(values: tuple[Array, Array], weights: tuple[Array, Array]) -> Order | None:
    """Count all worlds again on both sides; the order after, if another option is first there."""
    before, after = (acceptability(v, w).order for v, w in zip(values, weights, strict=True))
    return after if before[0] != after[0] else None
