"""One trial from the rows of its arms: same names added together, zero cells corrected, dropped or left out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Literal

import numpy as np

from equipoise.synthesis.arms import BINARY_MEASURES, binary_arm, mean_arm, rate_arm
from equipoise.synthesis.gls import Array
from equipoise.synthesis.network import Trial
from equipoise.synthesis.trials import trial_from_arms, trial_from_pairs, trial_from_standardised_means
from equipoise.vocabulary.errors import NetworkError
from equipoise.vocabulary.measures import Measure

ZeroCells = Literal["correct", "drop"]


def trial_of_arms(
    measure: Measure, study: str, arms: list[str], values: dict[str, Array], zero_cells: ZeroCells, correction: float
) -> tuple[Trial | None, list[str]]:
    """Make one trial of its arms, or none where it says nothing, with sentences about what was done.

    Parameters
    ----------
    measure
        What is compared.
    study, arms
        Name of the trial and of its arms.
    values
        One column per number that the measure needs, each of shape (k,).
    zero_cells, correction
        As for ``network_from_arms``.
    """
    if measure is Measure.STANDARDISED_MEAN_DIFFERENCE:
        return trial_from_standardised_means(study, arms, values["mean"], values["sd"], values["n"]), []
    if measure is Measure.MEAN_DIFFERENCE:
        return trial_from_arms(study, arms, *mean_arm(values["mean"], values["sd"], values["n"])), []
    if measure is Measure.HAZARD_RATIO:
        return trial_from_arms(study, arms, values["log_hazard"], values["se"] ** 2), []
    return _trial_of_counts(measure, study, arms, values, zero_cells, correction)


def _trial_of_counts(
    measure: Measure, study: str, arms: list[str], values: dict[str, Array], zero_cells: ZeroCells, correction: float
) -> tuple[Trial | None, list[str]]:
    events, people = values["events"], values["person_time" if measure is Measure.RATE_RATIO else "n"]

    def arm(add: float, which: slice | list[int] = slice(None)) -> tuple[Array, Array]:
        if measure is Measure.RATE_RATIO:
            return rate_arm(events[which] + add, people[which])
        return binary_arm(measure, events[which] + add, people[which] + 2 * add)

    none = events == 0
    every = (events == people) & (measure in BINARY_MEASURES)
    if not (none | every).any():
        return trial_from_arms(study, arms, *arm(0.0)), []
    if measure.is_ratio and (none.all() or every.all()):
        what = "no events" if none.all() else "nothing but events"
        of = measure.value.replace("-", " ")
        return None, [f"Left out, because all its arms had {what}, which says nothing about the {of}: {study}."]
    if zero_cells == "drop":
        return None, [f"Left out, because it has a zero cell, as asked: {study}."]
    if len(arms) == 2 or none.sum() > 1 or every.sum() > 1:
        note = f"{correction:g} was added to each cell of the trial with a zero cell: {study}."
        return trial_from_arms(study, arms, *arm(correction)), [note]
    pairs = {}
    for i, j in itertools.combinations(range(len(arms)), 2):
        add = correction if (none | every)[[i, j]].any() else 0.0
        (first, second), (var_first, var_second) = arm(add, [i, j])
        pairs[arms[i], arms[j]] = (float(first - second), float(var_first + var_second))
    trial, _ = trial_from_pairs(study, arms, pairs)
    return trial, [
        f"{correction:g} was added to each cell of the pairs of arms with a zero cell in the trial: {study}."
    ]


def merged_arms(
    study: str, names: list[str], values: dict[str, Array], measure: Measure, merge: Mapping[str, str]
) -> tuple[list[str], dict[str, Array]]:
    """Arms of one trial in alphabetical order, those with the same name after merging added together."""
    arms = sorted(set(names))
    groups = [[i for i, name in enumerate(names) if name == arm] for arm in arms]
    for arm, group in zip(arms, groups, strict=True):
        if len(group) > 1 and (arm not in merge.values() or measure is Measure.HAZARD_RATIO):
            raise NetworkError(
                f"trial '{study}' has {len(group)} arms called '{arm}'.\n"
                "  Try: name the arms apart and merge them explicitly (counts and means can be; log hazards cannot)."
            )
    if "events" in values:
        return arms, {column: np.array([a[g].sum() for g in groups]) for column, a in values.items()}
    if "mean" in values:
        combined = [_combined_mean(values["mean"][g], values["sd"][g], values["n"][g]) for g in groups]
        return arms, dict(zip(("mean", "sd", "n"), np.array(combined).T, strict=True))
    return arms, {column: np.array([a[g[0]] for g in groups]) for column, a in values.items()}


def _combined_mean(mean: Array, sd: Array, n: Array) -> tuple[float, float, float]:
    """Mean, deviation and size of arms taken together (Cochrane Handbook 6.5.2.10)."""
    if len(n) == 1:
        return float(mean[0]), float(sd[0]), float(n[0])
    total = float(n.sum())
    centre = float(n @ mean) / total
    squares = float((n - 1) @ sd**2 + n @ (mean - centre) ** 2)
    return centre, float(np.sqrt(squares / (total - 1))), total
