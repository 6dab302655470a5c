"""How each option does on each criterion, as a row: mean, range, source, and the same in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from equipoise.consultation.criteria_levels import Level
from equipoise.consultation.personal import CriterionLevel
from equipoise.decision import CRITERIA, Criterion
from equipoise.decision.words import unit_of
from equipoise.evidence import treatment_name
from equipoise.vocabulary.terms import Treatment
from equipoise.wording import Phrase, number, phrase


def level_rows(option: Treatment, cells: Sequence[Level | None]) -> tuple[CriterionLevel, ...]:
    """Return the levels of one option that there are.

    Parameters
    ----------
    option
        Whose levels.
    cells
        One per criterion, in their own order; ``None`` where there is none.
    """
    found = []
    for criterion, cell in zip(CRITERIA, cells, strict=True):
        if cell is not None:
            limits = level_summary(cell)
            sentence = level_sentence(criterion, treatment_name(option), cell, limits)
            found.append(CriterionLevel(option, criterion.id, *limits, cell.source_id, sentence, cell.what))
    return tuple(found)


def level_summary(level: Level) -> tuple[float, float, float]:
    """Return the mean of a level and its 95 percent limits."""
    if len(level.draws) == 1:
        certain = float(level.draws[0])
        return certain, certain, certain
    low, high = np.quantile(level.draws, [0.025, 0.975])
    return float(level.draws.mean()), float(low), float(high)


def level_sentence(criterion: Criterion, name: str, level: Level, limits: tuple[float, float, float]) -> Phrase:
    """Say a level in plain words with its interval, both as ``level_summary`` has them."""
    mean, low, high = (_figure(part) for part in limits)
    unit = unit_of(criterion)
    if len(level.draws) == 1:
        return phrase("fit.level.certain", option=name, value=mean, unit=unit, what=level.what)
    return phrase("fit.level.range", option=name, value=mean, unit=unit, low=low, high=high, what=level.what)


def _figure(value: float) -> Phrase:
    return number(value, 0 if value >= 10 or value == round(value) else 1)
