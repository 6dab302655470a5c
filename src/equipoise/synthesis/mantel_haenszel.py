r"""Mantel-Haenszel network meta-analysis of odds ratios, for rare events and small trials.

Trials are pooled within each design by the generalised Mantel-Haenszel estimator, without any continuity
correction; the designs, each now one trial of a network, are then fitted by least squares. The model has
one true effect per contrast; the Q of the fit is the inconsistency between designs.

References: greenland-1989 (estimator and covariance within a design), efthimiou-2019 (network).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from equipoise.synthesis.arms import check_counts, look_alikes
from equipoise.synthesis.fitting import NetworkFit, fit
from equipoise.synthesis.gls import Array
from equipoise.synthesis.network import Network, Trial
from equipoise.vocabulary.errors import NetworkError, NotEstimableError, ShapeError
from equipoise.vocabulary.measures import Measure

Counts = dict[str, tuple[float, float]]


def mantel_haenszel(
    study: Sequence[str],
    treatment: Sequence[str],
    events: ArrayLike,
    n: ArrayLike,
    *,
    reference: str = "",
    level: float = 0.95,
) -> NetworkFit:
    """Fit a network of odds ratios by Mantel-Haenszel.

    Parameters
    ----------
    study, treatment
        Trial and treatment of each arm, in any order. Length = arms.
    events, n
        Events and people of each arm. Shape (arms,).
    reference
        Treatment that the basic parameters are written against.
    level
        Level of the confidence intervals.

    Returns
    -------
    NetworkFit
        Its network has one entry per design; its notes list every trial and arm left out, and why.

    Raises
    ------
    ShapeError
        If the columns differ in length or are empty.
    NotEstimableError
        If a count is impossible, or nothing is left after trials and arms without events went.
    NetworkError
        If an arm stands twice in one trial, or what is left is in pieces.
    """
    trials = _counts(study, treatment, events, n)
    notes = [*look_alikes(map(str, treatment), "treatments"), *look_alikes(map(str, study), "trials")]
    designs: dict[tuple[str, ...], list[Counts]] = {}
    for name, arms in trials.items():
        if len(arms) < 2:
            notes.append(f"Left out, because one arm compares nothing: {name}.")
        elif _says_nothing(arms):
            notes.append(f"Left out, because all its arms had no events or nothing but events: {name}.")
        else:
            designs.setdefault(tuple(sorted(arms)), []).append(arms)
    pooled = [_pooled_design(design, strata, notes) for design, strata in sorted(designs.items())]
    kept = tuple(trial for trial in pooled if trial is not None)
    if not kept:
        raise NotEstimableError("no design has two arms with events.\n" + "\n".join(f"  {note}" for note in notes))
    return fit(Network(kept, Measure.ODDS_RATIO, reference, tuple(notes)), model="common", level=level)


def trials_in(
    fitted: NetworkFit, study: Sequence[str], treatment: Sequence[str], events: ArrayLike, n: ArrayLike
) -> list[str]:
    """List the trials that a fit rests on: what was left out says so in its notes, and counts no more.

    Parameters
    ----------
    fitted
        What ``mantel_haenszel`` made of the rows.
    study, treatment, events, n
        The rows.
    """
    designs = {trial.study for trial in fitted.network.trials}
    trials = _counts(study, treatment, events, n)
    informative = {name: arms for name, arms in trials.items() if not _says_nothing(arms)}
    return [name for name, arms in informative.items() if " versus ".join(sorted(arms)) in designs]


def _says_nothing(arms: Counts) -> bool:
    return len(arms) < 2 or all(e == 0 for e, _ in arms.values()) or all(e == people for e, people in arms.values())


def _counts(study: Sequence[str], treatment: Sequence[str], events: ArrayLike, n: ArrayLike) -> dict[str, Counts]:
    e, people = np.asarray(events, dtype=float), np.asarray(n, dtype=float)
    if len({len(study), len(treatment), e.size, people.size}) != 1 or not len(study):
        raise ShapeError(
            "the columns of the arms differ in length, or are empty.\n  Needed: one value per arm in each."
        )
    check_counts(e, people, [str(name) for name in study], at_most_people=True)
    trials: dict[str, Counts] = {}
    for name, arm, count, size in zip(study, treatment, e, people, strict=True):
        arms = trials.setdefault(str(name), {})
        if str(arm) in arms:
            raise NetworkError(
                f"trial '{name}' has two arms called '{arm}'.\n  Try: add their counts before the synthesis."
            )
        arms[str(arm)] = (float(count), float(size))
    return trials


def _pooled_design(design: tuple[str, ...], strata: list[Counts], notes: list[str]) -> Trial | None:
    """Pool the trials of one design; arms without events, or with nothing but events, leave it."""
    arms = []
    for name in design:
        total = sum(stratum[name][0] for stratum in strata)
        if 0 < total < sum(stratum[name][1] for stratum in strata):
            arms.append(name)
        else:
            what = "without events" if total == 0 else "with nothing but events"
            notes.append(f"Arm '{name}' of the trials of {' versus '.join(design)} is left out: it is {what}.")
    if len(arms) < 2:
        notes.append(f"The trials of {' versus '.join(design)} are left out: fewer than two arms remain.")
        return None
    events = np.array([[stratum[name][0] for name in arms] for stratum in strata])
    people = np.array([[stratum[name][1] for name in arms] for stratum in strata])
    try:
        estimates, covariance = generalised_mantel_haenszel(events, people)
    except NotEstimableError as error:
        raise NotEstimableError(f"in the trials of {' versus '.join(design)}: {error}") from None
    return Trial(" versus ".join(design), tuple(arms), estimates, covariance)


def generalised_mantel_haenszel(events: Array, people: Array) -> tuple[Array, Array]:
    r"""Pool strata of the same k arms into k - 1 log odds ratios against the first arm.

    Parameters
    ----------
    events, people
        Events and people by stratum and arm. Shape (S, k).

    Returns
    -------
    estimates, covariance
        Shapes (k - 1,) and (k - 1, k - 1).

    Notes
    -----
    With a events, b others and n people in the stratum, :math:`C_{xy} = \sum a_x b_y / n` and
    :math:`L_{xy} = \log(C_{xy} / C_{yx})`. The estimates are differences of row means of L, so that they are
    transitive. Two arms give the Mantel-Haenszel odds ratio with the variance of robins-1986.

    Raises
    ------
    NotEstimableError
        If two arms never have an event in one and a non-event in the other within a stratum.
    """
    others, total = people - events, people.sum(axis=1)
    cross = np.einsum("sx,sy,s->xy", events, others, 1 / total)
    k = events.shape[1]
    if (cross[~np.eye(k, dtype=bool)] == 0).any():
        raise NotEstimableError(
            "two arms of a design have no trial with an event in one and a person without in the other, both ways.\n"
            "  Try: the inverse-variance method with a continuity correction, or an exact likelihood."
        )
    pairs = list(itertools.combinations(range(k), 2))
    log_ratio = np.array([np.log(cross[x, y] / cross[y, x]) for x, y in pairs])
    covariance = np.array([[_pair_covariance(p, q, events, others, total, cross=cross) for q in pairs] for p in pairs])
    means = np.zeros((k, len(pairs)))
    for j, (x, y) in enumerate(pairs):
        means[x, j], means[y, j] = 1 / k, -1 / k
    against_first = means[1:] - means[0]
    return against_first @ log_ratio, against_first @ covariance @ against_first.T


def _pair_covariance(
    p: tuple[int, int], q: tuple[int, int], events: Array, others: Array, total: Array, *, cross: Array
) -> float:
    """Covariance of two log Mantel-Haenszel odds ratios; zero when they share no arm."""
    shared = set(p) & set(q)
    if not shared:
        return 0.0
    if p == q:
        return _variance(*p, events, others, total, cross=cross)
    x = shared.pop()
    sign = (1 if p[0] == x else -1) * (1 if q[0] == x else -1)
    y, z = sum(p) - x, sum(q) - x
    a, b, n = events, others, events + others
    squared = total**2
    terms = (
        np.sum(a[:, x] * b[:, y] * b[:, z] / squared) / (cross[x, y] * cross[x, z]),
        np.sum(n[:, x] * b[:, y] * a[:, z] / squared) / (cross[x, y] * cross[z, x]),
        np.sum(n[:, x] * a[:, y] * b[:, z] / squared) / (cross[y, x] * cross[x, z]),
        np.sum(b[:, x] * a[:, y] * a[:, z] / squared) / (cross[y, x] * cross[z, x]),
    )
    return float(sign * sum(terms) / 3)


def _variance(x: int, y: int, events: Array, others: Array, total: Array, *, cross: Array) -> float:
    """Variance of one log Mantel-Haenszel odds ratio (robins-1986)."""
    c_xy, c_yx = events[:, x] * others[:, y] / total, events[:, y] * others[:, x] / total
    d_xy, d_yx = (events[:, x] + others[:, y]) / total, (events[:, y] + others[:, x]) / total
    return float(
        c_xy @ d_xy / (2 * cross[x, y] ** 2)
        + (c_xy @ d_yx + c_yx @ d_xy) / (2 * cross[x, y] * cross[y, x])
        + c_yx @ d_yx / (2 * cross[y, x] ** 2)
    )
