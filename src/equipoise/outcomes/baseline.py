"""Where someone stands before any option: the yearly relapse rate under the anchor treatment, as draws."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.outcomes.draws import Array
from equipoise.outcomes.setting import Setting
from equipoise.vocabulary.provenance import Provenance

SWISS = "swiss-relapse-model"
"""Relative position by the Swiss relapse model; the default."""
OWN_RELAPSES = "own-recent-relapses"
"""Own recent relapses, shrunk to the trials' participants; the simple alternative."""


@dataclass(frozen=True)
class Baseline:
    """The personal baseline by one method.

    Attributes
    ----------
    method
        ``SWISS`` or ``OWN_RELAPSES``.
    is_used
        Whether the outcomes were made from it.
    setting
        Whose level it was calibrated to; names the anchor treatment.
    relapse_rate
        Relapses per person-year under the anchor treatment. Shape (S,).
    any_relapse
        Share with at least one relapse within 24 months under it. Shape (S,).
    dispersion
        Of the negative binomial, the same draws for every option and both methods. Shape (S,).
    known, unknown
        Facts that entered, and facts that would have and are unknown, in plain words.
    provenance
        Down to source rows.
    notes
        What a careful reader must know next to it.
    """

    method: str
    is_used: bool
    setting: Setting
    relapse_rate: Array
    any_relapse: Array
    dispersion: Array
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    provenance: Provenance
    notes: tuple[str, ...] = ()
