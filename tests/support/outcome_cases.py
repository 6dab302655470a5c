"""Relative effects made for tests, and persons whose answers the outcomes are asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from equipoise.outcomes.draws import Array, RelativeEffects
from equipoise.person import EarlierTreatment, Person, Sex
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import SourceRef, SourceRow

ALEMTUZUMAB, INTERFERON = "alemtuzumab-12mg", "interferon-beta-1a-sc-44"
PAIR = (ALEMTUZUMAB, INTERFERON)
RATES, WORSENING = "annualised-relapse-rate", "confirmed-disability-worsening-6m"

MADE = SourceRow("made", "made", SourceRef("made", "made"), "Made for a test.", (("x", "1"),), ("x",))

ANNA = Person(
    age=33,
    sex=Sex.WOMAN,
    years_since_onset=2.0,
    relapses_12_months=2,
    relapses_24_months=3,
    months_since_relapse=4.0,
    edss=2.0,
    enhancing_lesions=True,
    earlier_treatments=(),
)
RELAPSED = (EarlierTreatment("glatiramer-acetate", relapsed=True),)


def but(person: Person, **changes: Any) -> Person:
    """Return a person with other answers to some questions."""
    return dataclasses.replace(person, **changes)


def made(
    outcome_id: str, means: Mapping[str, float], *, sd: float = 0.1, draws: int = 4000, anchor: str = INTERFERON
) -> RelativeEffects:
    """Return normal draws of log effects around these means; the anchor's are zero."""
    rng = np.random.default_rng(7)
    drawn: dict[str, Array] = {name: mean + sd * rng.standard_normal(draws) for name, mean in means.items()}
    drawn[anchor] = np.zeros(draws)
    measure = Measure.RATE_RATIO if outcome_id == RATES else Measure.HAZARD_RATIO
    return RelativeEffects(outcome_id, measure, anchor, drawn, drawn, "network", MADE)


def effects(
    rate: float = np.log(0.5), hazard: float = np.log(0.6), *, sd: float = 0.1, draws: int = 4000
) -> dict[str, RelativeEffects]:
    """Return effects of alemtuzumab versus interferon on relapses and on worsening, and of placebo on relapses."""
    return {
        RATES: made(RATES, {ALEMTUZUMAB: rate, "placebo": 0.4}, sd=sd, draws=draws),
        WORSENING: made(WORSENING, {ALEMTUZUMAB: hazard}, sd=sd, draws=draws),
    }
