"""Whose level a person is read against: the trials of people with the same history, under one anchor treatment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """Trials whose participants a person is compared with.

    Attributes
    ----------
    anchor
        Treatment id: the level is what happened to those who were given it.
    history
        ``"treatment-naive"``, ``"experienced"``, ``"unknown"`` (one of the two, drawn), or ``"any"`` where no trial of
        the history has a usable arm of the anchor.
    is_head_to_head
        Whether only trials count that compare the options asked for directly.
    trial_ids
        The trials, in the order of the evidence.
    text
        The same in plain words.
    """

    anchor: str
    history: str
    is_head_to_head: bool
    trial_ids: tuple[str, ...]
    text: str
