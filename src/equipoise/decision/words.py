"""Words bound to numbers: one documented scale, so that the same share is always said the same way."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.decision.criteria import Criterion
from equipoise.wording import Listed, Phrase, Term, number, phrase, term

SHARES: tuple[tuple[float, str], ...] = (
    (0.95, "nearly-all"),
    (0.75, "most"),
    (0.60, "more-often"),
    (0.40, "half"),
    (0.25, "less-often"),
    (0.05, "few"),
    (0.00, "hardly-any"),
)
"""Smallest share of worlds for each text ``fit.share.*``, the largest first. On a border it takes the stronger."""

# Pairwise winning between these: too close to call. The same borders as those of "about half" above.
TIE_LOW, TIE_HIGH = 0.40, 0.60
# From this share of worlds on, something counts as certain: the first border above.
CERTAIN = 0.95


def share_word(share: float) -> Phrase:
    """Say a share of plausible worlds.

    Parameters
    ----------
    share
        From 0 to 1.
    """
    return phrase(f"fit.share.{next(name for least, name in SHARES if share >= least)}")


def out_of_100(share: float) -> Phrase:
    """Say a share as a count out of 100, never rounded to all or none.

    Parameters
    ----------
    share
        From 0 to 1.
    """
    if 0 < share < 0.01:
        return phrase("fit.of-100.fewer-than-1")
    if 0.99 < share < 1:
        return phrase("fit.of-100.more-than-99")
    return phrase("fit.of-100.count", count=of_100(share))


def of_100(share: float, digits: int = 0) -> Phrase:
    """Write a share as a number of a hundred, by default a whole one."""
    return number(share * 100, digits)


def comes_first(option: str, share: float) -> Phrase:
    """Say how often an option comes first: the word and the count together, never a bare rank."""
    return phrase("fit.comes-first", option=option, share=share_word(share), count=out_of_100(share))


def name_of(criterion: Criterion) -> Term:
    """Return what a criterion is called."""
    return term(f"criterion.{criterion.id}.name", criterion.name)


def question_of(criterion: Criterion) -> Term:
    """Return what a person is asked about it."""
    return term(f"criterion.{criterion.id}.question", criterion.question)


def unit_of(criterion: Criterion) -> Term:
    """Return what a level of a criterion counts."""
    return term(f"criterion.{criterion.id}.unit", criterion.unit)


def level_in_words(criterion: Criterion, level: float) -> Phrase:
    """Write a level with as many digits as its range deserves.

    Parameters
    ----------
    criterion
        Its range of 10 or less is shown to one decimal; what is smaller than a whole is never written as none.
    level
        In its unit.
    """
    if criterion.range <= 10 or 0 < abs(level) < 1:
        is_seen = abs(level) >= 0.05 or level == 0
        return number(level, 1) if is_seen else phrase("number.less-than", value=number(0.1, 1))
    return number(level)


def reason_in_words(criterion: Criterion, option: str, level: float, other: str, other_level: float) -> Phrase:
    """Say how two options differ on one criterion, with both numbers and what they count."""
    return phrase(
        "fit.reason",
        criterion=name_of(criterion),
        level=level_in_words(criterion, level),
        option=option,
        other_level=level_in_words(criterion, other_level),
        other=other,
        unit=unit_of(criterion),
    )


def tie_in_words(options: Sequence[str]) -> Phrase:
    """Say that options are too close to call."""
    return phrase("fit.tie", options=Listed(tuple(options)))
