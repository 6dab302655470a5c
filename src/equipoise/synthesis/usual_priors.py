"""Priors on tau where nobody named one, and those that an answer is tried under."""

from __future__ import annotations

from equipoise.synthesis.network import Network
from equipoise.synthesis.priors import TauPrior, half_cauchy, half_normal, uniform

# Weakly informative for log ratios: half of the mass of tau lies below 0.34.
RATIO_TAU_SCALE = 0.5


def default_prior(network: Network) -> TauPrior:
    """Return a weakly informative prior on tau.

    Parameters
    ----------
    network
        Its measure, and for differences its data, set the scale.

    Notes
    -----
    Half-normal with scale 0.5 for log ratios (rover-2021). Differences have no natural scale: uniform up to the
    largest contrast that any trial reports, as gemtc has it.
    """
    if network.measure.is_ratio:
        return half_normal(RATIO_TAU_SCALE, source="rover-2021")
    largest = max(abs(float(estimate)) for trial in network.trials for estimate in trial.estimates)
    return uniform(largest, source="the rule of gemtc: the largest contrast of the data")


def usual_priors(network: Network) -> tuple[TauPrior, ...]:
    """Half-normals of half, once and twice the usual scale, and the half-Cauchy with that median.

    The usual scale is that of ``default_prior``.
    """
    scale = default_prior(network).scale
    return (half_normal(scale / 2), half_normal(scale), half_normal(2 * scale), half_cauchy(scale))
