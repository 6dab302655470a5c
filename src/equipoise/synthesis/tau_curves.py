"""Densities of tau before and after seeing the trials, as points that a picture can be drawn of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.gls import Array
from equipoise.synthesis.integration import TauPosterior

POINTS = 121
# The curve of the posterior goes up to where almost nothing of it lies beyond, that of a wide prior this much further.
_LAST_MASS = 0.999
_FAR = 6.0
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
    """Compute both densities: the posterior to where it ends, the prior to its upper quantile or a few times as far.

    Parameters
    ----------
    tau
        The posterior; it knows its prior.
    """
    reach = tau.quantile(_LAST_MASS)
    prior = tau.prior.quantiles(_MASSES)
    far = min(max(reach, prior[-1]), _FAR * reach, tau.prior.upper)
    before, after = (np.linspace(end / (10 * POINTS), end, POINTS) for end in (far, reach))
    return TauCurves(
        DensityCurve(np.column_stack([before, np.exp(tau.prior.log_density(before))]), *prior),
        DensityCurve(
            np.column_stack([after, np.exp(tau.log_density(after) - tau.log_evidence)]),
            *(tau.quantile(mass) for mass in _MASSES),
        ),
    )
