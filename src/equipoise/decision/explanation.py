"""Why the options fit as they do: reasons for and against, what stays true, ties, and what would change the order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.decision.acceptability import Acceptability
from equipoise.decision.changes import SmallestChange, smallest_level_change, smallest_weight_change
from equipoise.decision.constraints import Region
from equipoise.decision.weighing import Weighing
from equipoise.decision.words import (
    CERTAIN,
    TIE_HIGH,
    TIE_LOW,
    level_in_words,
    name_of,
    of_100,
    reason_in_words,
    tie_in_words,
    unit_of,
)
from equipoise.wording import Phrase, phrase

Array = npt.NDArray[np.float64]

MOST_REASONS = 3
# A smaller share of all differences between two options is no reason but a detail.
SMALLEST_REASON = 0.03


@dataclass(frozen=True)
class ReasonFor:
    """One reason for or against an option, against the best other one.

    Attributes
    ----------
    option, other
        Positions among the ranked options.
    criterion
        Position of the criterion.
    is_for
        Whether the option does better on it.
    contribution
        Mean difference in value that comes from it, with its sign.
    certainty
        Share of worlds in which the difference has this sign.
    sentence
        With both levels and what they count.
    """

    option: int
    other: int
    criterion: int
    is_for: bool
    contribution: float
    certainty: float
    sentence: str

    @property
    def is_certain(self) -> bool:
        """Whether the sign is the same in nearly all worlds."""
        return self.certainty >= CERTAIN


@dataclass(frozen=True)
class Stays:
    """What stays true whatever is preferred.

    Attributes
    ----------
    better, worse
        Positions among the ranked options.
    because
        ``"every-criterion"``: at least as good on every criterion, and better on one, in nearly all draws of the
        levels; it then holds for all weights there are. ``"every-weight"``: more expected value for all weights that
        are compatible with what was said.
    share
        Share of draws, or of worlds, in which it holds.
    sentence
        In plain words.
    """

    better: int
    worse: int
    because: str
    share: float
    sentence: str


@dataclass(frozen=True)
class Explanation:
    """What explains a weighing.

    Attributes
    ----------
    reasons
        For each ranked option up to three for it, then up to three against it; certain ones first.
    stays
        What stays true whatever is preferred.
    ties
        Groups of options that are too close to call, as positions among the ranked ones.
    tie_sentences
        The same in words.
    changes
        The smallest change of a weight and the smallest of a level; fewer where none alters who is first.
    change_sentences
        The same in words.
    """

    reasons: tuple[ReasonFor, ...]
    stays: tuple[Stays, ...]
    ties: tuple[tuple[int, ...], ...]
    tie_sentences: tuple[str, ...]
    changes: tuple[SmallestChange, ...]
    change_sentences: tuple[str, ...]


def explain(weighing: Weighing) -> Explanation:
    """Explain a weighing.

    Parameters
    ----------
    weighing
        What ``weigh`` returned. One without a result has nothing to explain.
    """
    if weighing.result is None or weighing.weights is None or weighing.region is None:
        return Explanation((), (), (), (), (), ())
    values, weights = weighing.values, weighing.weights.draws
    order = weighing.result.order
    found = (
        smallest_weight_change(values, weights),
        smallest_level_change(weighing.levels, values, weights, weighing.criteria, order),
    )
    changes = tuple(change for change in found if change is not None)
    tied = ties(weighing.result)
    return Explanation(
        reasons=reasons(weighing),
        stays=what_stays(weighing),
        ties=tied,
        tie_sentences=tuple(tie_in_words([weighing.names[i] for i in group]) for group in tied),
        changes=changes,
        change_sentences=tuple(change_in_words(change, weighing) for change in changes),
    )


def reasons(weighing: Weighing) -> tuple[ReasonFor, ...]:
    """Return the strongest reasons for and against each option.

    An option is held against the best other one: that of the highest mean value. A criterion's contribution is the mean
    over worlds of its weight times the difference of the partial values.
    """
    if weighing.result is None or weighing.weights is None:
        return ()
    mean_value = weighing.result.mean_value
    found: list[ReasonFor] = []
    expected = weighing.levels.mean(axis=0)
    for option, name in enumerate(weighing.names):
        others = [i for i in range(len(weighing.names)) if i != option]
        if not others:
            continue
        other = max(others, key=lambda i: float(mean_value[i]))
        difference = weighing.values[:, option] - weighing.values[:, other]
        contribution = _mean_of_products(weighing.weights.draws, difference)
        smallest = SMALLEST_REASON * float(np.abs(contribution).sum())
        mine = []
        for c, criterion in enumerate(weighing.criteria):
            size = float(contribution[c])
            if size == 0 or abs(size) < smallest:
                continue
            certainty = float((difference[:, c] * np.sign(size) > 0).mean())
            words = reason_in_words(
                criterion, name, float(expected[option, c]), weighing.names[other], float(expected[other, c])
            )
            mine.append(ReasonFor(option, other, c, size > 0, size, certainty, words))
        mine.sort(key=lambda reason: (not reason.is_certain, -abs(reason.contribution)))
        found += [reason for reason in mine if reason.is_for][:MOST_REASONS]
        found += [reason for reason in mine if not reason.is_for][:MOST_REASONS]
    return tuple(found)


def what_stays(weighing: Weighing) -> tuple[Stays, ...]:
    """Return what holds whatever is preferred.

    On every criterion: looked for between all options. For every weight that is compatible with the answers: looked for
    between the first option and each other, by linear programming over the region of weights.
    """
    if weighing.result is None or weighing.weights is None or weighing.region is None:
        return ()
    found: list[Stays] = []
    winning, names = weighing.result.pairwise_winning, weighing.names
    first = weighing.result.order[0]
    for better in weighing.result.order:
        for worse in range(len(names)):
            # who does not win in nearly all worlds cannot dominate in nearly all draws
            if worse == better or winning[better, worse] < CERTAIN:
                continue
            share = dominance(weighing.values, better, worse)
            if share >= CERTAIN:
                words = phrase(
                    "fit.stays.every-criterion", better=names[better], worse=names[worse], share=of_100(share)
                )
                found.append(Stays(better, worse, "every-criterion", share, words))
            elif better == first and least_advantage(weighing, better, worse) > 0:
                words = phrase("fit.stays.every-weight", better=names[better], worse=names[worse])
                found.append(Stays(better, worse, "every-weight", float(winning[better, worse]), words))
    return tuple(found)


def dominance(values: Array, better: int, worse: int) -> float:
    """Share of draws in which one option is at least as good on every criterion and better on at least one.

    Parameters
    ----------
    values
        Partial values. Shape (S, O, C).
    better, worse
        Positions of the options.
    """
    difference = values[:, better] - values[:, worse]
    return float(((difference >= 0).all(axis=1) & (difference > 0).any(axis=1)).mean())


def least_advantage(weighing: Weighing, better: int, worse: int) -> float:
    """Smallest expected advantage of one option over another, over all compatible weights.

    Levels enter by their mean values; the weights run over the whole region, not only over its draws. Where it is not
    above zero it is an upper bound of the smallest.
    """
    if weighing.region is None or weighing.weights is None:
        return float("nan")
    difference = (weighing.values[:, better] - weighing.values[:, worse]).mean(axis=0)
    # the draws are quicker than the program, and answer whenever one of them already speaks against it
    among_draws = float((weighing.weights.draws @ difference).min())
    return among_draws if among_draws <= 0 else lowest(weighing.region, difference)


def lowest(region: Region, coefficients: Array) -> float:
    """Smallest value of ``coefficients @ w`` over a region of weights."""
    from scipy.optimize import linprog

    a, b = region.matrix()
    solved = linprog(
        coefficients,
        A_ub=a if len(a) else None,
        b_ub=b if len(b) else None,
        A_eq=np.ones((1, len(coefficients))),
        b_eq=[1.0],
        bounds=[(0, 0) if zero else (0, 1) for zero in region.is_zero],
        method="highs",
    )
    return float(solved.fun) if solved.status == 0 else float("nan")


def ties(result: Acceptability) -> tuple[tuple[int, ...], ...]:
    """Return groups of options that are too close to call.

    The rule: in a group, each option has more value than each other in 40 to 60 of 100 worlds. Two options that have
    the same value in a world win half of it each. Options are taken in their order, so that a group is a stretch of it.
    """
    evenly = result.pairwise_winning + (1 - result.pairwise_winning - result.pairwise_winning.T) / 2
    groups: list[list[int]] = []
    for option in result.order:
        if groups and all(TIE_LOW <= evenly[option, other] <= TIE_HIGH for other in groups[-1]):
            groups[-1].append(option)
        else:
            groups.append([option])
    return tuple(tuple(group) for group in groups if len(group) > 1)


def change_in_words(change: SmallestChange, weighing: Weighing) -> Phrase:
    """Say what would change the order."""
    criterion, first = weighing.criteria[change.criterion], weighing.names[change.new_order[0]]
    if change.kind == "weight":
        # a change that whole numbers would hide is written finer
        digits = 0 if round(change.after * 100) != round(change.before * 100) else 1
        return phrase(
            f"fit.change.weight-{'more' if change.after > change.before else 'less'}",
            criterion=name_of(criterion),
            after=of_100(change.after, digits),
            before=of_100(change.before, digits),
            first=first,
        )
    return phrase(
        "fit.change.level",
        criterion=name_of(criterion),
        option=weighing.names[change.option if change.option is not None else 0],
        after=level_in_words(criterion, change.after),
        before=level_in_words(criterion, change.before),
        unit=unit_of(criterion),
        first=first,
    )


def _mean_of_products(weights: Array, difference: Array) -> Array:
    """Mean over worlds of weight times difference; either may be certain (one row)."""
    if len(weights) == 1 or len(difference) == 1:
        return np.asarray(weights.mean(axis=0) * difference.mean(axis=0))
    return np.asarray(np.einsum("sc,sc->c", weights, difference) / len(weights))
