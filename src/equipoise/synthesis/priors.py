"""Priors on the between-study standard deviation tau.

Each is a density over tau >= 0, whatever scale its parameters are written on. Sources of informative
parameters belong to the data, not here: pass them with the ``source`` that printed them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.gls import Array
from equipoise.vocabulary.errors import NotEstimableError

# Decades of tau around the scale of a prior that hold all of its mass that counts.
_DECADES = (-6.0, 5.0)


@dataclass(frozen=True)
class TauPrior:
    """A prior density of tau.

    Attributes
    ----------
    name
        The density with its parameters, in words.
    log_density
        Log density at each tau, positive values only. Maps shape (N,) to (N,).
    scale
        A tau of the order that the prior expects; the integration starts its search there.
    upper
        Largest tau possible; infinity for most.
    source
        Where informative parameters were printed; empty for none.
    """

    name: str
    log_density: Callable[[Array], Array]
    scale: float
    upper: float = math.inf
    source: str = ""

    def named(self, symbol: str) -> str:
        """The density in words, of another standard deviation than tau."""
        return symbol + self.name.removeprefix("tau")

    def quantiles(self, masses: Sequence[float]) -> tuple[float, ...]:
        """Tau below which these masses of the prior lie, good to three digits.

        Parameters
        ----------
        masses
            Each between 0 and 1.
        """
        decades = np.linspace(_DECADES[0], min(_DECADES[1], math.log10(self.upper / self.scale)), 8001)
        tau = self.scale * 10**decades
        density = np.exp(self.log_density(tau))
        mass = np.concatenate([[0.0], np.cumsum(np.diff(tau) * (density[1:] + density[:-1]) / 2)])
        return tuple(float(np.interp(one * mass[-1], mass, tau)) for one in masses)


def half_normal(scale: float, *, source: str = "") -> TauPrior:
    """Half-normal on tau: the absolute value of a normal with this standard deviation."""
    _require_positive("scale of a half-normal prior", scale)
    constant = 0.5 * math.log(2 / math.pi) - math.log(scale)
    return TauPrior(
        f"tau ~ half-normal({scale:g})", lambda tau: constant - 0.5 * (tau / scale) ** 2, scale, source=source
    )


def half_cauchy(scale: float, *, source: str = "") -> TauPrior:
    """Half-Cauchy on tau with this median (gelman-2006)."""
    _require_positive("scale of a half-Cauchy prior", scale)
    constant = math.log(2 / (math.pi * scale))
    return TauPrior(
        f"tau ~ half-Cauchy({scale:g})", lambda tau: constant - np.log1p((tau / scale) ** 2), scale, source=source
    )


def uniform(upper: float, *, source: str = "") -> TauPrior:
    """Uniform on tau from zero to ``upper``, as gemtc has it."""
    _require_positive("upper limit of a uniform prior", upper)
    constant = -math.log(upper)
    return TauPrior(
        f"tau ~ uniform(0, {upper:g})", lambda tau: np.full(tau.shape, constant), upper / 2, upper=upper, source=source
    )


def log_normal_tau2(mean: float, sd: float, *, source: str = "") -> TauPrior:
    """Log-normal on tau squared: mean and standard deviation of log tau^2, as Turner 2012 prints them."""
    _require_positive("standard deviation of a log-normal prior", sd)
    constant = math.log(2) - 0.5 * math.log(2 * math.pi) - math.log(sd)

    def log_density(tau: Array) -> Array:
        density: Array = constant - np.log(tau) - 0.5 * ((2 * np.log(tau) - mean) / sd) ** 2
        return density

    return TauPrior(f"tau^2 ~ log-normal({mean:g}, {sd:g}^2)", log_density, math.exp(mean / 2), source=source)


def log_t_tau2(location: float, scale: float, *, df: float = 5.0, source: str = "") -> TauPrior:
    """Log-t on tau squared: location and scale of log tau^2, five degrees of freedom, as Rhodes 2015 prints them."""
    _require_positive("scale of a log-t prior", scale)
    _require_positive("degrees of freedom of a log-t prior", df)
    constant = (
        math.log(2) + math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi) - math.log(scale)
    )

    def log_density(tau: Array) -> Array:
        z2 = ((2 * np.log(tau) - location) / scale) ** 2
        density: Array = constant - np.log(tau) - 0.5 * (df + 1) * np.log1p(z2 / df)
        return density

    return TauPrior(
        f"tau^2 ~ log-t({location:g}, {scale:g}^2, {df:g})", log_density, math.exp(location / 2), source=source
    )


def _require_positive(what: str, value: float) -> None:
    if not (value > 0 and math.isfinite(value)):
        raise NotEstimableError(f"the {what} is {value}; it must be positive.")
