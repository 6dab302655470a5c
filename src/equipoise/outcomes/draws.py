"""The draws that carry uncertainty from a model to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Provenance

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RelativeEffects:
    """Joint draws of the effects of several treatments, so that their correlation is kept.

    Attributes
    ----------
    outcome_id, measure
        What the effects are on, and their measure; the draws are on the natural log scale of a ratio.
    anchor
        The treatment that every effect is against; its own draws are zero.
    mean, predictive
        Log effects of each treatment: the mean over trials, and the effect in a new setting, which varies by
        the heterogeneity between trials. Each of shape (S,).
    basis
        What kind of evidence: ``"network"`` or ``"direct"``.
    provenance
        The synthesis, down to its trials.
    """

    outcome_id: str
    measure: Measure
    anchor: str
    mean: Mapping[str, Array]
    predictive: Mapping[str, Array]
    basis: str
    provenance: Provenance


@dataclass(frozen=True)
class OutcomeDraws:
    """What may happen under one option by one horizon, as draws.

    Attributes
    ----------
    option
        Treatment id; ``"placebo"`` stands for no disease-modifying treatment.
    outcome_id, horizon_months
        What, and by when.
    draws
        Share of people in 0..1, or expected number of events per person over the horizon where ``measure`` is a
        count. Shape (S,).
    measure
        ``PROPORTION``, or ``COUNT`` for events per person.
    basis
        How the number was made: see ``Basis``.
    population
        In words: to whom it applies.
    trial_ids, n, events
        The trials behind it, and people and events in the arm where it is one.
    provenance
        Down to source rows.
    notes
        What a careful reader must know next to it.
    """

    option: str
    outcome_id: str
    horizon_months: int
    draws: Array
    measure: Measure
    basis: str
    population: str
    provenance: Provenance
    trial_ids: tuple[str, ...] = ()
    n: int | None = None
    events: int | None = None
    notes: tuple[str, ...] = ()


PERSONAL = "personal"
"""Own baseline times relative effect."""
POPULATION = "population"
"""Baseline of the trials times relative effect; not personalised."""
ARM = "trial-arm"
"""What happened in one group of a randomised trial, or of several read together."""
SINGLE_ARM = "single-arm"
"""What happened in people followed after a trial, without anything to compare with."""
LABEL = "label"
"""A share that a label prints."""


@dataclass(frozen=True, slots=True)
class Declined:
    """What the system does not say, and why.

    Attributes
    ----------
    what
        Outcome id, option id, or ``"personal-baseline"``.
    reason
        One plain sentence.
    provenance
        What the reason rests on; ``None`` where it is the absence of evidence.
    option
        The option it is about, empty for all.
    """

    what: str
    reason: str
    provenance: Provenance | None = None
    option: str = ""
