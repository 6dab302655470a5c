r"""From printed data to trials: arms, all pairwise contrasts, or contrasts against one arm.

A trial of k arms holds k - 1 independent contrasts. Their covariance needs the variance of the shared
arm: known from arm data, recovered from all k (k - 1) / 2 pairwise standard errors, or asked for by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from equipoise.synthesis.arms import small_sample_factor
from equipoise.synthesis.gls import Array
from equipoise.synthesis.network import Trial
from equipoise.vocabulary.errors import NotEstimableError

# A repaired arm variance is never below this share of the trial's mean arm variance.
_SMALLEST_ARM_SHARE = 1e-3
# Contrasts of one trial may disagree by rounding; beyond this share of a standard error it is said.
_LOOP_REPORTED = 0.05


def trial_from_arms(study: str, treatments: Sequence[str], values: Array, variances: Array) -> Trial:
    """Make a trial of independent arms.

    Parameters
    ----------
    study, treatments
        Names of the trial and of its arms, the baseline arm first. Length k.
    values, variances
        Value of each arm on the analysis scale (log odds, log rate, mean) and its variance. Shape (k,).
    """
    covariance = np.diag(variances[1:]) + variances[0]
    return Trial(study, tuple(treatments), values[1:] - values[0], covariance)


def trial_from_standardised_means(study: str, treatments: Sequence[str], mean: Array, sd: Array, n: Array) -> Trial:
    """Make a trial of Hedges' g against the first arm, standardised by the deviation pooled over all arms.

    The covariance of two contrasts that share the baseline arm is 1/n0 + g_i g_j / (2 N) (gleser-2009).

    Parameters
    ----------
    study, treatments
        Names of the trial and of its arms, the baseline arm first. Length k.
    mean, sd, n
        Mean, standard deviation and people of each arm. Shape (k,).
    """
    df = float(n.sum() - len(n))
    pooled_sd = np.sqrt(((n - 1) @ sd**2) / df)
    g = small_sample_factor(df) * (mean[1:] - mean[0]) / pooled_sd
    covariance = np.diag(1 / n[1:]) + 1 / n[0] + np.outer(g, g) / (2 * n.sum())
    return Trial(study, tuple(treatments), g, covariance)


def trial_from_pairs(
    study: str, treatments: Sequence[str], pairs: Mapping[tuple[str, str], tuple[float, float]]
) -> tuple[Trial, tuple[str, ...]]:
    r"""Make a trial from all its pairwise contrasts; the covariance follows from their variances.

    Parameters
    ----------
    study, treatments
        Names of the trial and of its arms, the baseline arm first. Length k.
    pairs
        Estimate and variance per (treatment, reference), each pair once in either direction.

    Returns
    -------
    Trial, notes
        The trial, and what had to be mended: variances that no arms could have, contrasts that do not add up.

    Notes
    -----
    :math:`\mathrm{cov}(i, j) = (R_{0i} + R_{0j} - R_{ij}) / 2` with :math:`R` the pairwise variances. Contrasts
    that do not add up are projected on the nearest that do, weighted as in netmeta (rucker-2012).
    """
    notes = []
    estimates, variances = _pair_matrices(treatments, pairs)
    covariance = _covariance_from_pairs(variances)
    if np.linalg.eigvalsh(covariance)[0] <= 0:
        variances = _nearest_additive(variances)
        covariance = _covariance_from_pairs(variances)
        notes.append(
            f"The pairwise standard errors of trial '{study}' cannot all be right: they imply an arm with a negative "
            "variance. The nearest ones that can be were used; rounding in print is the usual cause."
        )
    effects = _project(estimates, variances)
    gap = np.abs(estimates - (effects[:, None] - effects[None, :]))
    if (gap > _LOOP_REPORTED * np.sqrt(variances + np.eye(len(variances)))).any():
        notes.append(
            f"The pairwise contrasts of trial '{study}' do not add up (by at most {gap.max():.3g}); "
            "the nearest ones that do were used."
        )
    return Trial(study, tuple(treatments), effects[1:] - effects[0], covariance), tuple(notes)


def trial_from_baseline(
    study: str, treatments: Sequence[str], estimates: Array, variances: Array, shared_variance: float | None
) -> Trial:
    """Make a trial from contrasts that all have the same reference arm.

    Parameters
    ----------
    study, treatments
        Names of the trial and of its arms, the shared reference arm first. Length k.
    estimates, variances
        Contrasts against the first arm and their variances. Shape (k - 1,).
    shared_variance
        Variance of the shared arm: the covariance of any two of the contrasts. Not needed for one contrast.

    Raises
    ------
    NotEstimableError
        If there is more than one contrast and no shared variance, or one that is not between zero and
        the smallest variance.
    """
    if len(estimates) == 1:
        return Trial(study, tuple(treatments), estimates, np.diag(variances))
    if shared_variance is None or not np.isfinite(shared_variance):
        raise NotEstimableError(
            f"trial '{study}' has {len(treatments)} arms and contrasts of all against '{treatments[0]}' only.\n"
            "  Their covariance is not known from their standard errors, and it is not zero.\n"
            f"  Try: add a column 'covariance' with the variance of the arm '{treatments[0]}' on the analysis scale, "
            "or give the contrasts of every pair of arms."
        )
    if not 0 <= shared_variance < float(np.min(variances)):
        raise NotEstimableError(
            f"trial '{study}' has a covariance of {shared_variance:g}, and a smallest squared standard error of "
            f"{float(np.min(variances)):g}.\n"
            "  Allowed: from zero to less than the smallest squared standard error, as it is one arm's share of each."
        )
    covariance = np.full((len(estimates), len(estimates)), float(shared_variance))
    np.fill_diagonal(covariance, variances)
    return Trial(study, tuple(treatments), estimates, covariance)


def _pair_matrices(
    treatments: Sequence[str], pairs: Mapping[tuple[str, str], tuple[float, float]]
) -> tuple[Array, Array]:
    """Antisymmetric matrix of contrasts and symmetric matrix of their variances. Shape (k, k)."""
    position = {name: i for i, name in enumerate(treatments)}
    estimates, variances = np.zeros((2, len(treatments), len(treatments)))
    for (treatment, reference), (estimate, variance) in pairs.items():
        i, j = position[treatment], position[reference]
        estimates[i, j], estimates[j, i] = estimate, -estimate
        variances[i, j] = variances[j, i] = variance
    return estimates, variances


def _covariance_from_pairs(variances: Array) -> Array:
    return 0.5 * (variances[0, 1:, None] + variances[0, None, 1:] - variances[1:, 1:])


def _project(estimates: Array, variances: Array) -> Array:
    """Arm effects, summing to zero, whose differences are nearest to the contrasts."""
    k = len(variances)
    centre = np.eye(k) - 1 / k
    arm_covariance = -0.5 * centre @ variances @ centre
    weights = -np.linalg.pinv(arm_covariance)
    np.fill_diagonal(weights, 0.0)
    effects: Array = arm_covariance @ (weights * estimates).sum(axis=1)
    return effects


def _nearest_additive(variances: Array) -> Array:
    """Pairwise variances of the non-negative arm variances that fit them best."""
    k = len(variances)
    upper = np.triu_indices(k, 1)
    incidence = np.zeros((len(upper[0]), k))
    incidence[np.arange(len(upper[0])), upper[0]] = incidence[np.arange(len(upper[0])), upper[1]] = 1.0
    target = variances[upper]
    floor = _SMALLEST_ARM_SHARE * target.mean() / 2
    free = np.ones(k, dtype=bool)
    arm = np.full(k, floor)
    while True:
        rest = target - incidence[:, ~free].sum(axis=1) * floor
        arm[free] = np.linalg.lstsq(incidence[:, free], rest, rcond=None)[0]
        if (arm[free] >= floor).all():
            break
        free &= arm >= floor
        arm[~free] = floor
    repaired: Array = arm[:, None] + arm[None, :]
    np.fill_diagonal(repaired, 0.0)
    return repaired
