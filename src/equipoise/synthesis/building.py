"""Networks from rows of arms or rows of contrasts.

Arm rows carry ``events, n``; ``events, person_time``; ``mean, sd, n``; or ``log_hazard, se``. Contrast
rows carry ``treatment, reference, estimate, se``, on the log scale for ratios. Rows come in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from equipoise.synthesis.arm_trials import ZeroCells, merged_arms, trial_of_arms
from equipoise.synthesis.arms import (
    BINARY_MEASURES,
    as_measure,
    check_counts,
    check_means,
    impossible_effects,
    impossible_hazards,
    look_alikes,
    refuse_impossible,
)
from equipoise.synthesis.effects import CONTINUITY_CORRECTION
from equipoise.synthesis.gls import Array
from equipoise.synthesis.network import Network, Trial
from equipoise.synthesis.trials import (
    trial_from_baseline,
    trial_from_pairs,
)
from equipoise.vocabulary.errors import NetworkError, NotEstimableError, ShapeError
from equipoise.vocabulary.measures import Measure

# What an arm row must carry for each measure.
ARM_COLUMNS: dict[Measure, tuple[str, ...]] = {
    Measure.ODDS_RATIO: ("events", "n"),
    Measure.RISK_RATIO: ("events", "n"),
    Measure.RISK_DIFFERENCE: ("events", "n"),
    Measure.RATE_RATIO: ("events", "person_time"),
    Measure.MEAN_DIFFERENCE: ("mean", "sd", "n"),
    Measure.STANDARDISED_MEAN_DIFFERENCE: ("mean", "sd", "n"),
    Measure.HAZARD_RATIO: ("log_hazard", "se"),
}


def network_from_arms(
    measure: Measure | str,
    study: Sequence[str],
    treatment: Sequence[str],
    *,
    events: ArrayLike | None = None,
    n: ArrayLike | None = None,
    person_time: ArrayLike | None = None,
    mean: ArrayLike | None = None,
    sd: ArrayLike | None = None,
    log_hazard: ArrayLike | None = None,
    se: ArrayLike | None = None,
    reference: str = "",
    merge: Mapping[str, str] | None = None,
    zero_cells: ZeroCells = "correct",
    correction: float = CONTINUITY_CORRECTION,
) -> Network:
    """Build a network from one row per arm.

    Parameters
    ----------
    measure
        Measure of effect; it decides which columns are needed.
    study, treatment
        Name of the trial and of the treatment of each arm, in any order. Length = arms.
    events, n, person_time, mean, sd, log_hazard, se
        One number per arm, those that the measure needs: ``events, n`` (odds ratio, risk ratio, risk
        difference); ``events, person_time`` (rate ratio); ``mean, sd, n`` (mean difference, standardised
        mean difference); ``log_hazard, se`` (hazard ratio). Shape (arms,).
    reference
        Treatment that the basic parameters are written against; the first in the alphabet if empty.
    merge
        Arms to be counted as one treatment, old name to new name, such as two doses. Arms of one trial
        that become the same are added together.
    zero_cells
        ``correct``: add ``correction`` to the cells of a pair of arms with a zero cell.
        ``drop``: leave out trials with a zero cell.

    Returns
    -------
    Network
        What was corrected, merged or left out stands in its notes.

    Raises
    ------
    ShapeError
        If a column is missing or the columns differ in length.
    NotEstimableError
        If a number is impossible, such as more events than people; the message names the trials.
    NetworkError
        If an arm stands twice in one trial and no merging was asked for.

    Notes
    -----
    In a trial of three or more arms only the pairs with a zero cell are corrected, as netmeta does, so an
    arm may enter two pairs with different counts; where two of its arms are without events the whole trial
    is corrected. Mantel-Haenszel and likelihood methods need no correction.
    """
    measure = as_measure(measure)
    given = {
        "events": events,
        "n": n,
        "person_time": person_time,
        "mean": mean,
        "sd": sd,
        "log_hazard": log_hazard,
        "se": se,
    }
    table = _columns(measure, study, treatment, {name: column for name, column in given.items() if column is not None})
    merge = dict(merge or {})
    names = [merge.get(name, name) for name in map(str, treatment)]
    notes = [*_merge_notes(merge, map(str, treatment)), *look_alikes(names, "treatments")]
    notes += look_alikes(map(str, study), "trials")
    trials: list[Trial] = []
    for trial_name, rows in _rows_by_study(study).items():
        arms, values = merged_arms(
            trial_name, [names[i] for i in rows], {c: a[rows] for c, a in table.items()}, measure, merge
        )
        if len(arms) < 2:
            notes.append(f"Left out, because one arm compares nothing: {trial_name}.")
            continue
        trial, said = trial_of_arms(measure, trial_name, arms, values, zero_cells, correction)
        notes.extend(said)
        if trial is not None:
            trials.append(trial)
    kept = {name for trial in trials for name in trial.treatments}
    lost = sorted(set(names) - kept)
    if trials and lost:
        notes.append(f"In no other trial, and so left out: {', '.join(lost)}.")
    return _network(trials, measure, reference, notes)


def network_from_contrasts(
    measure: Measure | str,
    study: Sequence[str],
    treatment: Sequence[str],
    reference_treatment: Sequence[str],
    estimate: ArrayLike,
    se: ArrayLike,
    *,
    covariance: ArrayLike | None = None,
    reference: str = "",
    merge: Mapping[str, str] | None = None,
) -> Network:
    """Build a network from one row per contrast.

    Parameters
    ----------
    measure
        Measure of effect.
    study, treatment, reference_treatment
        Trial, treatment and the treatment it is compared with, in any order. Length = rows.
    estimate, se
        Effect of ``treatment`` versus ``reference_treatment`` and its standard error; natural log
        scale for ratios. Shape (rows,).
    covariance
        For trials of several arms of which only the contrasts against one arm are given: the variance
        of that shared arm. Empty (NaN) elsewhere. Shape (rows,).
    reference
        Treatment that the basic parameters are written against; the first in the alphabet if empty.
    merge
        Treatments to be counted as one, old name to new name.

    Raises
    ------
    ShapeError
        If the columns differ in length.
    NotEstimableError
        If an estimate or standard error is unusable, or the covariance of a trial of several arms is not
        known; the message names the trial.
    NetworkError
        If a contrast stands twice in one trial, or compares a treatment with itself.
    """
    measure = as_measure(measure)
    y = np.asarray(estimate, dtype=float)
    s = np.asarray(se, dtype=float)
    c = np.full(y.shape, np.nan) if covariance is None else np.asarray(covariance, dtype=float)
    lengths = {len(study), len(treatment), len(reference_treatment), y.size, s.size, c.size}
    if len(lengths) != 1 or lengths == {0}:
        raise ShapeError(
            "the columns of the contrasts differ in length, or are empty.\n  Needed: one value per row in each."
        )
    refuse_impossible([str(name) for name in study], impossible_effects(estimate=y, se=s, is_log=measure.is_ratio))
    merge = dict(merge or {})
    given = [*map(str, treatment), *map(str, reference_treatment)]
    notes = [*_merge_notes(merge, given), *look_alikes((merge.get(name, name) for name in given), "treatments")]
    notes += look_alikes(map(str, study), "trials")
    trials = []
    for trial_name, rows in _rows_by_study(study).items():
        pairs: dict[tuple[str, str], tuple[float, float]] = {}
        for i in rows:
            pair = tuple(merge.get(name, name) for name in (str(treatment[i]), str(reference_treatment[i])))
            _check_pair(trial_name, pair, pairs)
            pairs[pair[0], pair[1]] = (float(y[i]), float(s[i] ** 2))
        shared = c[rows][np.isfinite(c[rows])]
        trial, said = _trial_of_contrasts(trial_name, pairs, shared)
        trials.append(trial)
        notes.extend(said)
    return _network(trials, measure, reference, notes)


def _trial_of_contrasts(
    study: str, pairs: dict[tuple[str, str], tuple[float, float]], shared: Array
) -> tuple[Trial, tuple[str, ...]]:
    arms = sorted({name for pair in pairs for name in pair})
    if len(pairs) == len(arms) * (len(arms) - 1) // 2:
        return trial_from_pairs(study, arms, pairs)
    common = set.intersection(*(set(pair) for pair in pairs))
    if len(common) != 1 or len(pairs) != len(arms) - 1:
        raise NotEstimableError(
            f"trial '{study}' has {len(arms)} arms and {len(pairs)} contrasts that do not share one arm.\n"
            f"  Try: give the contrasts of all {len(arms) * (len(arms) - 1) // 2} pairs of arms, or of every arm "
            "against the same arm with a column 'covariance' that holds the variance of that arm."
        )
    baseline = common.pop()
    others = [name for name in arms if name != baseline]
    found = [
        pairs[name, baseline] if (name, baseline) in pairs else (-pairs[baseline, name][0], pairs[baseline, name][1])
        for name in others
    ]
    estimates, variances = np.array(found).T
    if len(shared) and float(np.ptp(shared)) > 1e-9 * float(np.abs(shared).max()):
        raise NotEstimableError(
            f"trial '{study}' has different values in its column 'covariance': {', '.join(f'{v:g}' for v in shared)}.\n"
            f"  Needed: one value, the variance of the shared arm '{baseline}'."
        )
    shared_variance = float(shared[0]) if len(shared) else None
    return trial_from_baseline(study, [baseline, *others], estimates, variances, shared_variance), ()


def _columns(
    measure: Measure, study: Sequence[str], treatment: Sequence[str], columns: Mapping[str, ArrayLike]
) -> dict[str, Array]:
    needed = ARM_COLUMNS[measure]
    missing = [name for name in needed if name not in columns]
    if missing:
        raise ShapeError(
            f"a {measure.value} from arms needs the columns {', '.join(needed)}; there is no {', '.join(missing)}.\n"
            "  Try: add the column, or give contrasts with estimate and se instead."
        )
    table = {name: np.asarray(columns[name], dtype=float) for name in needed}
    lengths = {len(study), len(treatment), *(column.size for column in table.values())}
    if len(lengths) != 1 or lengths == {0}:
        raise ShapeError(
            "the columns of the arms differ in length, or are empty.\n  Needed: one value per arm in each."
        )
    names = [str(name) for name in study]
    if "events" in needed:
        check_counts(table["events"], table[needed[1]], names, at_most_people=measure in BINARY_MEASURES)
    elif "mean" in needed:
        check_means(table["mean"], table["sd"], table["n"], names)
    else:
        refuse_impossible(names, impossible_hazards(log_hazard=table["log_hazard"], se=table["se"]))
    return table


def _rows_by_study(study: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for i, name in enumerate(study):
        rows.setdefault(str(name), []).append(i)
    return dict(sorted(rows.items()))


def _check_pair(study: str, pair: tuple[str, ...], pairs: Mapping[tuple[str, str], object]) -> None:
    if pair[0] == pair[1]:
        raise NetworkError(
            f"trial '{study}' compares '{pair[0]}' with itself.\n"
            "  Try: correct the names; after merging, leave out the contrast between the merged arms."
        )
    if (pair[0], pair[1]) in pairs or (pair[1], pair[0]) in pairs:
        raise NetworkError(
            f"trial '{study}' compares '{pair[0]}' with '{pair[1]}' twice.\n"
            "  Try: give each contrast once; arms to be merged need arm data, not contrasts."
        )


def _merge_notes(merge: Mapping[str, str], names: Sequence[str] | map[str]) -> list[str]:
    present = set(names)
    return [f"'{old}' is counted as '{new}', as asked." for old, new in merge.items() if old in present]


def _network(trials: list[Trial], measure: Measure, reference: str, notes: list[str]) -> Network:
    if not trials:
        raise NotEstimableError(
            "no trial is left to build a network from.\n" + "\n".join(f"  {note}" for note in notes)
        )
    return Network(tuple(trials), measure, reference, tuple(notes))
