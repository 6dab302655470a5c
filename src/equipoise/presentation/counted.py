"""People of a hundred or a thousand as a language writes them; rounding never says nobody, or everybody, untruly."""

from __future__ import annotations

import math

from equipoise.presentation.frequencies import Frequency
from equipoise.wording import Wording

_ROUNDING_ERROR = 1e-9
"""A number that is whole but for its last bits is not rounded away from itself."""


def affected_words(counted: Frequency, words: Wording) -> str:
    """Return how many people it happens to."""
    share = counted.percent
    return _said(counted.affected, words, is_nobody=share == 0, is_everybody=share == 100, of=counted.denominator)


def unaffected_words(counted: Frequency, words: Wording) -> str:
    """Return how many people it does not happen to."""
    share = counted.percent
    return _said(counted.unaffected, words, is_nobody=share == 100, is_everybody=share == 0, of=counted.denominator)


def range_words(counted: Frequency, words: Wording) -> str:
    """Return the likely range, or that none is reported."""
    if counted.low is None or counted.high is None:
        return words("sheet.number.no-interval")
    return words("number.to", low=counted.low, high=counted.high)


def widened(low: float, high: float, digits: int) -> tuple[float, float]:
    """Return the ends of a range with so many digits, rounded outwards: rounding never looks surer.

    Parameters
    ----------
    low, high
        The ends.
    digits
        Behind the decimal point.
    """
    unit = 10.0**digits
    return math.floor(low * unit + _ROUNDING_ERROR) / unit, math.ceil(high * unit - _ROUNDING_ERROR) / unit


def worlds_words(share: float, count: int, words: Wording, *, of: int = 100) -> str:
    """Return worlds of a hundred: ``51 of 100``.

    Parameters
    ----------
    share
        From 0 to 1, before it was counted out.
    count
        Whole worlds of ``of``.
    words, of
        The language, and how many worlds there are.
    """
    said = _said(count, words, is_nobody=share == 0, is_everybody=share == 1, of=of)
    return words("number.of", count=said, total=of)


def _said(count: int, words: Wording, *, is_nobody: bool, is_everybody: bool, of: int) -> str:
    if count == 0 and not is_nobody:
        return words("sheet.number.fewer-than-1")
    if count == of and not is_everybody:
        return words("sheet.number.more-than", n=count - 1)
    return words.number(count)
