"""Effect sizes of two-arm trials from counts, person-time or means.

Ratios are returned on the natural log scale, always treatment versus reference. A trial with a zero
cell has 0.5 added to each of its cells, that trial only; a trial without any event (or with nothing but
events) in either arm says nothing about a ratio: it is left out and listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from equipoise.synthesis.arms import (
    binary_arm,
    check_counts,
    check_means,
    mean_arm,
    rate_arm,
    small_sample_factor,
)
from equipoise.synthesis.gls import Array
from equipoise.vocabulary.errors import NotEstimableError, ShapeError
from equipoise.vocabulary.measures import Measure

# Added to every cell of a trial with a zero cell: Haldane 1956, Anscombe 1956; the default of metafor and meta.
CONTINUITY_CORRECTION = 0.5


@dataclass(frozen=True)
class Effects:
    """Effect sizes ready for ``pool``.

    Attributes
    ----------
    measure
        What they measure.
    estimates, standard_errors
        Treatment versus reference on the analysis scale. Shape (S,).
    studies
        Names of the studies that are in. Length S.
    corrected, dropped
        Studies whose zero cells were corrected, and studies left out.
    notes
        Both in plain sentences.
    """

    measure: Measure
    estimates: Array
    standard_errors: Array
    studies: tuple[str, ...]
    corrected: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def odds_ratio(
    events: ArrayLike,
    n: ArrayLike,
    reference_events: ArrayLike,
    reference_n: ArrayLike,
    *,
    studies: Sequence[str] = (),
    correction: float = CONTINUITY_CORRECTION,
) -> Effects:
    """Log odds ratios from events and people.

    Parameters
    ----------
    events, n
        Events and people under the treatment. Shape (S,).
    reference_events, reference_n
        The same under the reference. Shape (S,).
    studies
        Names. Length S, or empty.
    correction
        Added to each cell of a trial with a zero cell.

    Raises
    ------
    ShapeError
        If the arrays differ in length or are empty.
    NotEstimableError
        If events exceed people, or a number is missing or negative; the message names the studies.
    """
    return _binary(Measure.ODDS_RATIO, events, n, reference_events, reference_n, studies=studies, correction=correction)


def risk_ratio(
    events: ArrayLike,
    n: ArrayLike,
    reference_events: ArrayLike,
    reference_n: ArrayLike,
    *,
    studies: Sequence[str] = (),
    correction: float = CONTINUITY_CORRECTION,
) -> Effects:
    """Log risk ratios from events and people; arguments and errors as ``odds_ratio``."""
    return _binary(Measure.RISK_RATIO, events, n, reference_events, reference_n, studies=studies, correction=correction)


def risk_difference(
    events: ArrayLike,
    n: ArrayLike,
    reference_events: ArrayLike,
    reference_n: ArrayLike,
    *,
    studies: Sequence[str] = (),
    correction: float = CONTINUITY_CORRECTION,
) -> Effects:
    """Risk differences from events and people; arguments and errors as ``odds_ratio``.

    A trial without events is kept: it does say that the difference is small.
    """
    return _binary(
        Measure.RISK_DIFFERENCE, events, n, reference_events, reference_n, studies=studies, correction=correction
    )


def rate_ratio(
    events: ArrayLike,
    person_time: ArrayLike,
    reference_events: ArrayLike,
    reference_person_time: ArrayLike,
    *,
    studies: Sequence[str] = (),
    correction: float = CONTINUITY_CORRECTION,
) -> Effects:
    """Log rate ratios from events and person-time.

    Parameters
    ----------
    events, person_time
        Events and person-time under the treatment, the unit of time of no matter. Shape (S,).
    reference_events, reference_person_time
        The same under the reference. Shape (S,).
    studies
        Names. Length S, or empty.
    correction
        Added to the events of both arms of a trial where one arm has none.

    Raises
    ------
    ShapeError
        If the arrays differ in length or are empty.
    NotEstimableError
        If a number is missing or negative; the message names the studies.

    Notes
    -----
    The variance 1/events is that of a Poisson count. Counts that repeat within people, such as relapses,
    vary more; where a trial prints a model-based rate ratio with its interval, use ``reported.from_interval``.
    """
    (e1, t1, e0, t0), names = _aligned((events, person_time, reference_events, reference_person_time), studies)
    for count, time in ((e1, t1), (e0, t0)):
        check_counts(count, time, names, at_most_people=False)
    zero, silent = (e1 == 0) | (e0 == 0), (e1 == 0) & (e0 == 0)
    add = np.where(zero, correction, 0.0)
    arms = rate_arm(e1[~silent] + add[~silent], t1[~silent]), rate_arm(e0[~silent] + add[~silent], t0[~silent])
    return _difference(
        Measure.RATE_RATIO, *arms, names, corrected=zero & ~silent, dropped=silent, correction=correction
    )


def mean_difference(
    mean: ArrayLike,
    sd: ArrayLike,
    n: ArrayLike,
    reference_mean: ArrayLike,
    reference_sd: ArrayLike,
    reference_n: ArrayLike,
    *,
    studies: Sequence[str] = (),
) -> Effects:
    """Mean differences, each arm with its own standard deviation.

    Parameters
    ----------
    mean, sd, n
        Mean, standard deviation and people under the treatment. Shape (S,).
    reference_mean, reference_sd, reference_n
        The same under the reference. Shape (S,).
    studies
        Names. Length S, or empty.

    Raises
    ------
    ShapeError
        If the arrays differ in length or are empty.
    NotEstimableError
        If a mean is missing, a standard deviation is not positive or an arm has fewer than two people.
    """
    (m1, s1, n1, m0, s0, n0), names = _aligned((mean, sd, n, reference_mean, reference_sd, reference_n), studies)
    check_means(m1, s1, n1, names)
    check_means(m0, s0, n0, names)
    nobody = np.zeros(len(names), dtype=bool)
    return _difference(
        Measure.MEAN_DIFFERENCE,
        mean_arm(m1, s1, n1),
        mean_arm(m0, s0, n0),
        names,
        corrected=nobody,
        dropped=nobody,
        correction=0.0,
    )


def standardised_mean_difference(
    mean: ArrayLike,
    sd: ArrayLike,
    n: ArrayLike,
    reference_mean: ArrayLike,
    reference_sd: ArrayLike,
    reference_n: ArrayLike,
    *,
    studies: Sequence[str] = (),
) -> Effects:
    """Hedges' g: the mean difference over the pooled standard deviation, free of small-sample bias.

    Arguments and errors as ``mean_difference``.

    Notes
    -----
    Variance 1/n1 + 1/n0 + g^2 / (2 (n1 + n0)), as metafor's ``escalc(measure="SMD", vtype="LS")``.

    References
    ----------
    hedges-1981, viechtbauer-2010
    """
    (m1, s1, n1, m0, s0, n0), names = _aligned((mean, sd, n, reference_mean, reference_sd, reference_n), studies)
    check_means(m1, s1, n1, names)
    check_means(m0, s0, n0, names)
    df = n1 + n0 - 2
    pooled_sd = np.sqrt(((n1 - 1) * s1**2 + (n0 - 1) * s0**2) / df)
    g = np.array([small_sample_factor(d) for d in df]) * (m1 - m0) / pooled_sd
    variance = 1 / n1 + 1 / n0 + g**2 / (2 * (n1 + n0))
    return Effects(Measure.STANDARDISED_MEAN_DIFFERENCE, g, np.sqrt(variance), names)


def _binary(
    measure: Measure,
    events: ArrayLike,
    n: ArrayLike,
    reference_events: ArrayLike,
    reference_n: ArrayLike,
    *,
    studies: Sequence[str],
    correction: float,
) -> Effects:
    (e1, n1, e0, n0), names = _aligned((events, n, reference_events, reference_n), studies)
    for count, people in ((e1, n1), (e0, n0)):
        check_counts(count, people, names, at_most_people=True)
    zero = (e1 == 0) | (e1 == n1) | (e0 == 0) | (e0 == n0)
    silent = ((e1 == 0) & (e0 == 0)) | ((e1 == n1) & (e0 == n0))
    if not measure.is_ratio:
        silent = np.zeros_like(silent)
    add = np.where(zero, correction, 0.0)
    kept = ~silent
    treatment = binary_arm(measure, (e1 + add)[kept], (n1 + 2 * add)[kept])
    reference = binary_arm(measure, (e0 + add)[kept], (n0 + 2 * add)[kept])
    return _difference(
        measure, treatment, reference, names, corrected=zero & kept, dropped=silent, correction=correction
    )


def _difference(
    measure: Measure,
    treatment: tuple[Array, Array],
    reference: tuple[Array, Array],
    names: tuple[str, ...],
    *,
    corrected: np.ndarray,
    dropped: np.ndarray,
    correction: float,
) -> Effects:
    mended = tuple(name for name, flag in zip(names, corrected, strict=True) if flag)
    left_out = tuple(name for name, flag in zip(names, dropped, strict=True) if flag)
    notes = []
    if mended:
        notes.append(f"{correction:g} was added to each cell of the trials with a zero cell: {', '.join(mended)}.")
    if left_out:
        notes.append(
            f"Left out, because both arms had no events or nothing but events, which says nothing about a "
            f"{measure.value}: {', '.join(left_out)}."
        )
    if len(left_out) == len(names):
        raise NotEstimableError(
            f"no trial says anything about the {measure.value}: both arms of each had no events, or events only.\n"
            "  Try: pool the risk difference, to which trials without events do contribute."
        )
    return Effects(
        measure=measure,
        estimates=treatment[0] - reference[0],
        standard_errors=np.sqrt(treatment[1] + reference[1]),
        studies=tuple(name for name, flag in zip(names, dropped, strict=True) if not flag),
        corrected=mended,
        dropped=left_out,
        notes=tuple(notes),
    )


def _aligned(columns: Sequence[ArrayLike], studies: Sequence[str]) -> tuple[list[Array], tuple[str, ...]]:
    """Columns as float vectors of one length, with the names of their studies."""
    arrays = [np.atleast_1d(np.asarray(column, dtype=float)) for column in columns]
    if any(a.ndim != 1 or a.shape != arrays[0].shape for a in arrays) or arrays[0].size == 0:
        raise ShapeError(
            f"the columns have the shapes {', '.join(str(a.shape) for a in arrays)}.\n"
            "  Needed: one number per study in each column, and at least one study."
        )
    return arrays, study_names(studies, arrays[0].size)


def study_names(studies: Sequence[str], k: int) -> tuple[str, ...]:
    """Return the names given, or ``study 1`` to ``study k``.

    Raises
    ------
    ShapeError
        If there are names, but not one per study.
    """
    if len(studies) and len(studies) != k:
        raise ShapeError(f"{len(studies)} names for {k} studies.\n  Needed: one name per study, or none.")
    return tuple(str(name) for name in studies) if len(studies) else tuple(f"study {i}" for i in range(1, k + 1))
