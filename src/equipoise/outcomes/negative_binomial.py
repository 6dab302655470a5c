r"""Relapses as a negative binomial: from a yearly rate to the share without any, and back.

People differ in their own rate by a gamma distribution with mean :math:`\mu` and variance :math:`k\mu^2`; given it,
relapses are Poisson. The number in t years then has mean :math:`\mu t`, variance :math:`\mu t + k(\mu t)^2`, and

.. math:: P(\text{none by } t) = (1 + k \mu t)^{-1/k}.

The dispersion k is 0 for a Poisson. All functions take and return arrays.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise.outcomes.draws import Array

# Below this the negative binomial is a Poisson to eight digits.
SMALLEST_DISPERSION = 1e-8
_LOG_LIMITS = (math.log(SMALLEST_DISPERSION), math.log(1e3))
_HALVINGS = 80


def share_without_event(expected: Array | float, dispersion: Array | float) -> Array:
    """Return the share of people without an event.

    Parameters
    ----------
    expected
        Expected number of events per person over the time asked about, 0 or more.
    dispersion
        k, 0 or more.
    """
    k = np.maximum(dispersion, SMALLEST_DISPERSION)
    share: Array = np.exp(-np.log1p(k * np.asarray(expected, dtype=float)) / k)
    return share


def expected_events(share: Array | float, dispersion: Array | float) -> Array:
    """Return the expected number of events per person that leaves this share without one: the inverse.

    Parameters
    ----------
    share
        Share of people without an event, above 0 and at most 1.
    dispersion
        k, 0 or more.
    """
    k = np.maximum(dispersion, SMALLEST_DISPERSION)
    expected: Array = np.expm1(-k * np.log(np.asarray(share, dtype=float))) / k
    return expected


def dispersion_from(expected: float, share: float) -> float | None:
    """Return the dispersion with which this many expected events leave this share of people without one.

    Parameters
    ----------
    expected
        Expected events per person, above 0.
    share
        Share of people without an event, between 0 and 1.

    Returns
    -------
    float
        ``None`` where fewer people are without an event than even a Poisson leaves, so that no k >= 0 fits, or
        nearly everybody, so that none below 1,000 does.
    """
    low, high = _LOG_LIMITS
    if not share_without_event(expected, math.exp(low)) < share < share_without_event(expected, math.exp(high)):
        return None
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if share_without_event(expected, math.exp(middle)) < share:
            low = middle
        else:
            high = middle
    return math.exp(0.5 * (low + high))


def log_rate_se(expected: float, n: float, dispersion: float) -> float:
    """Return the standard error of the log of a mean number of events.

    Parameters
    ----------
    expected
        Mean number of events per person.
    n
        People.
    dispersion
        k.

    Notes
    -----
    The variance of the mean is (m + k m^2) / n, so that of its logarithm is (1/m + k) / n.
    """
    return math.sqrt((1 / expected + dispersion) / n)
