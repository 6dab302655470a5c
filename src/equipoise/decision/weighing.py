"""From levels and values to the share of worlds in which each option fits: limits, gaps, weights, counting.

1. Limits take options out. 2. A criterion without a level for some option left is left out for all. 3. Answers that
contradict each other are found, and the later one set aside. 4. Weights are drawn, worlds are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.decision.acceptability import Acceptability, acceptability
from equipoise.decision.constraints import Region, region
from equipoise.decision.contradictions import Contradiction, settle
from equipoise.decision.criteria import CRITERIA, Criterion, criterion, partial_values
from equipoise.decision.remarks import remarks_on
from equipoise.decision.summary import contradiction_in_words
from equipoise.decision.values import Limit, TradeOff, Values
from equipoise.decision.weights import Weights, sample_weights
from equipoise.decision.words import level_in_words, name_of, of_100, unit_of
from equipoise.vocabulary.errors import ShapeError
from equipoise.wording import Listed, phrase

Array = npt.NDArray[np.float64]

# Clipping a level now and then in the tail of its draws is no news; from this share of draws on it is said.
CLIPPED_SHARE = 0.01


@dataclass(frozen=True)
class Removed:
    """An option that a limit takes out: it stays visible with its reason and is not ranked.

    Attributes
    ----------
    option
        Its position.
    limit
        The first limit that it breaks.
    level
        Its expected level.
    reason
        In plain words.
    """

    option: int
    limit: Limit
    level: float
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """A criterion that is not compared, because some option has no level on it."""

    criterion: str
    options: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class Weighing:
    """Options weighed by what matters to someone. O options are ranked on C criteria.

    Attributes
    ----------
    options
        Names of all options, also of those removed.
    ranked
        Positions of those that are ranked. Length O.
    criteria
        What they are compared on. Length C.
    removed, left_out
        What was taken out, with its reason.
    clipped
        Sentences about levels outside the range of their criterion.
    region, weights
        The weights that are compatible with the answers, and draws of them; ``None`` where nothing is ranked.
    levels, values
        Draws of levels in their units, and their partial values. Shape (S, O, C).
    result
        The worlds counted; its options are ``ranked``. ``None`` where nothing is ranked.
    contradictions
        Answers that could not all be true, and which was set aside.
    remarks
        What was noticed in the answers, in plain words.
    offered
        One trade-off that would help; ``None`` where none is needed.
    """

    options: tuple[str, ...]
    ranked: tuple[int, ...]
    criteria: tuple[Criterion, ...]
    removed: tuple[Removed, ...]
    left_out: tuple[LeftOut, ...]
    clipped: tuple[str, ...]
    region: Region | None
    weights: Weights | None
    levels: Array
    values: Array
    result: Acceptability | None
    contradictions: tuple[Contradiction, ...]
    remarks: tuple[str, ...]
    offered: TradeOff | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the ranked options."""
        return tuple(self.options[position] for position in self.ranked)

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the ranked options, the best fitting first."""
        return () if self.result is None else tuple(self.names[i] for i in self.result.order)


def weigh(
    levels: Array,
    values: Values,
    *,
    options: Sequence[str],
    rng: np.random.Generator,
    criteria: Sequence[Criterion] = CRITERIA,
    n_weights: int = 10_000,
) -> Weighing:
    """Weigh options by what matters to someone.

    Parameters
    ----------
    levels
        Joint draws of what each option does, each criterion in its unit; not a number where it is not reported.
        Shape (S, options, criteria), S of 1 where levels are certain.
    values
        What was said.
    options
        Their names.
    rng
        The only source of chance: it draws weights.
    criteria
        In the order of the last axis of ``levels``.
    n_weights
        Draws of weights where levels are certain; otherwise there is one for each draw of the levels.

    Returns
    -------
    Weighing
        Without a result where limits leave no option, or nothing can be compared; a remark says so.

    Raises
    ------
    ShapeError
        If names, criteria and levels do not belong together.
    UnknownTermError
        If a limit is on a criterion that is not there.
    ConvergenceError
        If the weights could not be drawn well.
    """
    if levels.ndim != 3 or levels.shape[1:] != (len(options), len(criteria)) or not levels.size:
        raise ShapeError(
            "levels must have the shape (draws, options, criteria).\n"
            f"  found: {levels.shape} for {len(options)} options and {len(criteria)} criteria"
        )
    removed = apply_limits(levels, values.limits, options=options, criteria=criteria)
    gone = {one.option for one in removed}
    ranked = tuple(position for position in range(len(options)) if position not in gone)
    left_out, kept = _complete(levels, ranked, options, criteria)
    compared = tuple(criteria[c] for c in kept)
    own_levels = levels[:, list(ranked)][:, :, list(kept)]
    remarks, offered = remarks_on(values, compared)
    bounds, drawn, counted = None, None, None
    contradictions: tuple[Contradiction, ...] = ()
    scores = own_levels
    if not ranked:
        remarks = (*remarks, phrase("fit.remark.limits-leave-none"))
    elif not compared:
        remarks = (*remarks, phrase("fit.remark.nothing-to-compare"))
    else:
        scores = partial_values(own_levels, compared)
        bounds, contradictions = settle(region(values, compared))
        drawn = sample_weights(bounds, len(levels) if len(levels) > 1 else n_weights, rng)
        counted = acceptability(scores, drawn.draws)
        remarks = (*remarks, *(contradiction_in_words(one) for one in contradictions))
    return Weighing(
        options=tuple(options),
        ranked=ranked,
        criteria=compared,
        removed=removed,
        left_out=left_out,
        clipped=_clipped(own_levels, [options[i] for i in ranked], compared),
        region=bounds,
        weights=drawn,
        levels=own_levels,
        values=scores,
        result=counted,
        contradictions=contradictions,
        remarks=remarks,
        offered=offered,
    )


def apply_limits(
    levels: Array, limits: Sequence[Limit], *, options: Sequence[str], criteria: Sequence[Criterion]
) -> tuple[Removed, ...]:
    """Find the options whose expected level is beyond a limit.

    A level that is not reported breaks no limit: what is unknown is said elsewhere and takes nothing out.

    Parameters
    ----------
    levels
        Shape (S, O, C).
    limits, options, criteria
        As for ``weigh``.
    """
    found: dict[int, Removed] = {}
    place = {one.id: position for position, one in enumerate(criteria)}
    for limit in limits:
        one = criterion(limit.criterion, criteria)
        for option, expected in enumerate(levels[:, :, place[one.id]].mean(axis=0)):
            beyond = expected > limit.level if one.is_better == "lower" else expected < limit.level
            if beyond and option not in found:
                words = phrase(
                    f"fit.beyond-limit.{'at-most' if one.is_better == 'lower' else 'at-least'}",
                    option=options[option],
                    criterion=name_of(one),
                    level=level_in_words(one, expected),
                    unit=unit_of(one),
                    limit=limit.level,
                )
                found[option] = Removed(option, limit, float(expected), words)
    return tuple(found[option] for option in sorted(found))


def _complete(
    levels: Array, ranked: Sequence[int], options: Sequence[str], criteria: Sequence[Criterion]
) -> tuple[tuple[LeftOut, ...], tuple[int, ...]]:
    """Criteria that some ranked option has no level on, and positions of the others."""
    missing: npt.NDArray[np.bool_] = np.logical_not(np.isfinite(levels[:, list(ranked)]).all(axis=0))
    left_out = tuple(
        LeftOut(
            one.id,
            without := tuple(position for i, position in enumerate(ranked) if missing[i, c]),
            phrase("fit.left-out", criterion=name_of(one), options=Listed(tuple(options[i] for i in without), ", ")),
        )
        for c, one in enumerate(criteria)
        if missing[:, c].any()
    )
    return left_out, tuple(c for c in range(len(criteria)) if not missing[:, c].any())


def _clipped(levels: Array, options: Sequence[str], criteria: Sequence[Criterion]) -> tuple[str, ...]:
    found = []
    for c, one in enumerate(criteria):
        for o, name in enumerate(options):
            share = float(one.is_outside(levels[:, o, c]).mean())
            if share >= CLIPPED_SHARE:
                words = phrase(
                    "fit.clipped",
                    criterion=name_of(one),
                    option=name,
                    best=one.best,
                    worst=one.worst,
                    share=of_100(share),
                )
                found.append(words)
    return tuple(found)
