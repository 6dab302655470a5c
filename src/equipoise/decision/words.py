"""Words bound to numbers: one documented scale, so that the same share is always said the same way."""

from __future__ import annotations

from equipoise.decision.criteria import Criterion

SHARES: tuple[tuple[float, str], ...] = (
    (0.95, "in nearly all plausible worlds"),
    (0.75, "in most plausible worlds"),
    (0.60, "more often than not"),
    (0.40, "in about half of all plausible worlds"),
    (0.25, "less often than not"),
    (0.05, "in a few plausible worlds"),
    (0.00, "in hardly any plausible world"),
)
"""Smallest share of worlds for each word, the largest first. A share on a border takes the stronger word."""

# Pairwise winning between these: too close to call. The same borders as those of "about half" above.
TIE_LOW, TIE_HIGH = 0.40, 0.60
# From this share of worlds on, something counts as certain: the first border above.
CERTAIN = 0.95


def share_word(share: float) -> str:
    """Say a share of plausible worlds.

    Parameters
    ----------
    share
        From 0 to 1.
    """
    return next(word for least, word in SHARES if share >= least)


def out_of_100(share: float) -> str:
    """Say a share as a count out of 100, never rounded to all or none.

    Parameters
    ----------
    share
        From 0 to 1.
    """
    if 0 < share < 0.01:
        return "fewer than 1 of 100"
    if 0.99 < share < 1:
        return "more than 99 of 100"
    return f"{share * 100:.0f} of 100"


def comes_first(option: str, share: float) -> str:
    """Say how often an option comes first: the word and the count together, never a bare rank."""
    return f"{option} comes first {share_word(share)}: {out_of_100(share)}."


def level_in_words(criterion: Criterion, level: float) -> str:
    """Write a level with as many digits as its range deserves.

    Parameters
    ----------
    criterion
        Its range of 10 or less is shown to one decimal; what is smaller than a whole is never written as none.
    level
        In its unit.
    """
    if criterion.range <= 10 or 0 < abs(level) < 1:
        return f"{level:.1f}" if abs(level) >= 0.05 or level == 0 else "less than 0.1"
    return f"{level:,.0f}"


def reason_in_words(criterion: Criterion, option: str, level: float, other: str, other_level: float) -> str:
    """Say how two options differ on one criterion, with both numbers and what they count."""
    mine, theirs = level_in_words(criterion, level), level_in_words(criterion, other_level)
    return f"{criterion.name}: {mine} with {option}, {theirs} with {other} ({criterion.unit})."


def tie_in_words(options: tuple[str, ...]) -> str:
    """Say that options are too close to call."""
    return f"{_listed(options)} are too close to call: this is a tie."


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
