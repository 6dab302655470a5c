"""Three answers instead of two: met, not met, unknown.

The logic is the strong one of Kleene: unknown is neither yes nor no, and a whole is known only where no way of filling
in its unknown parts could change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """Whether a condition holds."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, answer: bool | None) -> Truth:
        """Return yes, no or nothing as one of the three."""
        return cls.UNKNOWN if answer is None else cls.MET if answer else cls.NOT_MET

    @property
    def is_known(self) -> bool:
        """Whether it is met or not met."""
        return self is not Truth.UNKNOWN


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return AND: one that is not met decides, before any unknown. Nothing at all is met."""
    so_far = Truth.MET
    for truth in truths:
        if truth is Truth.NOT_MET:
            return truth
        if truth is Truth.UNKNOWN:
            so_far = truth
    return so_far


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return OR: one that is met decides, before any unknown. Nothing at all is not met."""
    so_far = Truth.NOT_MET
    for truth in truths:
        if truth is Truth.MET:
            return truth
        if truth is Truth.UNKNOWN:
            so_far = truth
    return so_far


def negation(truth: Truth) -> Truth:
    """Return NOT: unknown stays unknown."""
    return _OPPOSITE[truth]


_OPPOSITE = {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET, Truth.UNKNOWN: Truth.UNKNOWN}
