"""Hypothesis strategies for networks of trials."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from equipoise.synthesis import Network, Trial
from equipoise.synthesis.trials import trial_from_arms
from equipoise.vocabulary.measures import Measure

NAMES = ("a", "b", "c", "d", "e", "f")


@st.composite
def networks(draw: st.DrawFn, *, min_treatments: int = 2, max_arms: int = 4) -> Network:
    """Connected networks of two- to four-arm trials: a spanning tree and up to eight more trials."""
    names = NAMES[: draw(st.integers(min_treatments, len(NAMES)))]
    joined = [(names[draw(st.integers(0, i - 1))], names[i]) for i in range(1, len(names))]
    arms = st.lists(st.sampled_from(names), min_size=2, max_size=min(max_arms, len(names)), unique=True)
    designs = joined + draw(st.lists(arms.map(tuple), min_size=1, max_size=8))
    return Network(
        tuple(draw(trials(f"trial {i}", design)) for i, design in enumerate(designs)),
        Measure.MEAN_DIFFERENCE,
        reference=draw(st.sampled_from(names)),
    )


@st.composite
def trials(draw: st.DrawFn, study: str, arms: tuple[str, ...]) -> Trial:
    """A trial with independent arms of moderate size."""
    values = draw(st.lists(st.integers(-300, 300), min_size=len(arms), max_size=len(arms)))
    deviations = draw(st.lists(st.integers(5, 80), min_size=len(arms), max_size=len(arms)))
    return trial_from_arms(study, arms, np.array(values) / 100, (np.array(deviations) / 100) ** 2)
