"""Densities of tau before and after seeing the trials, as points that a picture can be drawn of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.gls import Array
from equipoise.synthesis.integration import TauPosterior

POINTS = 121
# The curves go up to where almost nothing of the posterior lies beyond.
_LAST_MASS = 0.999
_MASSES = (0.025, 0.5, 0.975)


@dataclass(frozen=True)
class DensityCurve:
    """One density of tau.

    Attributes
    ----------
    points
        Tau, ascending, and the density there. Shape (N, 2).
    low, median, high
        Quantiles at 2.5, 50 and 97.5 percent.
    """

    points: Array
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class TauCurves:
    """What was assumed of tau, and what the trials made of it."""

    prior: DensityCurve
    posterior: DensityCurve


def tau_curves(tau: TauPosterior) -> TauCurves:
    """Compute both densities over the same range, which is that of the posterior.

    Parameters
    ----------
    tau
        The posterior; it knows its prior.
    """
    reach = tau.quantile(_LAST_MASS)
    after = np.linspace(reach / (10 * POINTS), reach, POINTS)
    before = after[after <= tau.prior.upper]
    return TauCurves(
        DensityCurve(np.column_stack([before, np.exp(tau.prior.log_density(before))]), *tau.prior.quantiles(_MASSES)),
        DensityCurve(
            np.column_stack([after, np.exp(tau.log_density(after) - tau.log_evidence)]),
            *(tau.quantile(mass) for mass in _MASSES),
        ),
    )
