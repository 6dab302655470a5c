r"""The dispersion of relapses, from arms that print both a rate and the share without a relapse at the same time.

With :math:`m_i` relapses expected per person, arm i's share :math:`s_i` is that of a negative binomial with
dispersion :math:`k_i`:

.. math:: \mathrm{logit}\,s_i \sim N(\mathrm{logit}\,S(m_i, k_i), v_i), \qquad \log k_i \sim N(\eta, \omega^2).

:math:`v_i` adds the printed uncertainty of the share and, by the delta method, that of the rate. The posterior of
:math:`(\eta, \omega)`, flat on :math:`\eta` and half-normal(0.5) on :math:`\omega`, is summed over a grid; an arm with
fewer people free of relapses than a Poisson leaves is no exception, it only favours small k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.evidence import Evidence
from equipoise.outcomes.draws import Array
from equipoise.outcomes.evidence_cache import once_per_evidence
from equipoise.outcomes.level import PRIOR
from equipoise.outcomes.negative_binomial import dispersion_from, share_without_event
from equipoise.outcomes.relapse_arms import RelapseFreeShare, RelapseRate, relapse_free_shares, relapse_rates
from equipoise.outcomes.streams import Streams
from equipoise.synthesis.quadrature import hermite_rule
from equipoise.vocabulary.provenance import Computation

# log k from 0.02 to 20, omega from 0.01 to 2; finer grids move the median of k by less than 0.2 percent.
_ETA = np.linspace(np.log(0.02), np.log(20), 121)
_OMEGA = np.linspace(0.01, 2.0, 40)
_NODES = 15
# Of the logarithm of the expected number, for its derivative.
_STEP = 1e-4


@dataclass(frozen=True)
class DispersionArm:
    """An arm that says something about k; ``own`` is the k that its two numbers fit exactly, ``None`` for none."""

    rate: RelapseRate
    free: RelapseFreeShare
    own: float | None


@dataclass(frozen=True)
class Dispersion:
    """Posterior of the dispersion.

    Attributes
    ----------
    arms
        The arms behind it.
    eta, omega, weights
        Mean and standard deviation of log k between arms, and the posterior mass of each pair. Shape (N,).
    provenance
        Down to the rows.
    """

    arms: tuple[DispersionArm, ...]
    eta: Array
    omega: Array
    weights: Array
    provenance: Computation

    @property
    def median(self) -> float:
        """Posterior median of the typical k."""
        order = np.argsort(self.eta, kind="stable")
        return float(np.exp(self.eta[order][np.searchsorted(np.cumsum(self.weights[order]), 0.5)]))

    def draw(self, streams: Streams) -> Array:
        """Draw the k of a new setting. Shape (S,)."""
        pair = np.searchsorted(np.cumsum(self.weights)[:-1], streams.uniform("dispersion/pair"))
        drawn: Array = np.exp(self.eta[pair] + self.omega[pair] * streams.normal("dispersion/new"))
        return drawn


@once_per_evidence
def dispersion_of(evidence: Evidence, /) -> Dispersion | None:
    """Return the dispersion, or ``None`` where no arm prints both numbers."""
    arms = tuple(_arms(evidence))
    if not arms:
        return None
    eta, omega, weights = dispersion_posterior(
        [arm.rate.expected for arm in arms],
        [arm.free.share for arm in arms],
        [arm.free.logit_se for arm in arms],
        [arm.rate.printed_se for arm in arms],
        [arm.rate.n for arm in arms],
    )
    leaves = tuple(leaf for arm in arms for leaf in (arm.rate.cite(evidence), arm.free.cite(evidence)))
    return Dispersion(
        arms,
        eta,
        omega,
        weights,
        Computation(
            "Dispersion of relapses between people, pooled over arms with random effects",
            "share free of relapse = (1 + k m)^(-1/k), m = rate * months / 12; log k ~ N(eta, omega^2)",
            leaves,
        ),
    )


def _arms(evidence: Evidence) -> list[DispersionArm]:
    found = []
    for rate in relapse_rates(evidence):
        for free in relapse_free_shares(evidence, rate.arm.id):
            if free.result.timepoint_months == rate.months:
                found.append(DispersionArm(rate, free, dispersion_from(rate.expected, free.share)))
                break
    return found


def dispersion_posterior(
    expected: Sequence[float],
    shares: Sequence[float],
    logit_ses: Sequence[float],
    log_rate_ses: Sequence[float | None],
    people: Sequence[int | None],
) -> tuple[Array, Array, Array]:
    """Return values of eta and omega with their posterior masses.

    Parameters
    ----------
    expected, shares, logit_ses
        Expected relapses per person, share without a relapse, and standard error of its logit. Length K.
    log_rate_ses, people
        Printed standard error of the log rate; where ``None``, it follows from people and k. Length K.
    """
    z, mass = hermite_rule(_NODES)
    mass = mass / mass.sum()
    eta, omega = (grid.ravel() for grid in np.meshgrid(_ETA, _OMEGA, indexing="ij"))
    k = np.exp(eta[:, None] + omega[:, None] * z)  # (pairs, nodes)
    total = PRIOR.log_density(omega)
    for m, share, se, printed, n in zip(expected, shares, logit_ses, log_rate_ses, people, strict=True):
        fitted = _logit(share_without_event(m, k))
        slope = (_logit(share_without_event(m * np.exp(_STEP), k)) - fitted) / _STEP
        rate_variance = np.full_like(k, printed**2) if printed is not None else (1 / m + k) / (n or 1)
        variance = se**2 + slope**2 * rate_variance
        log_density = -0.5 * (np.log(share / (1 - share)) - fitted) ** 2 / variance - 0.5 * np.log(variance)
        peak = log_density.max(axis=1, keepdims=True)
        total = total + peak[:, 0] + np.log(np.exp(log_density - peak) @ mass)
    weights = np.exp(total - total.max())
    kept = weights > 1e-6
    return eta[kept], omega[kept], weights[kept] / weights[kept].sum()


def _logit(share: Array) -> Array:
    logit: Array = np.log(share) - np.log1p(-share)
    return logit
