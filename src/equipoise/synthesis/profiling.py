r"""Interval of the between-study variance by profiling Cochran's Q, for any design matrix.

At the true tau2 the generalised :math:`Q(\tau^2) = \sum w r^2` of rotated rows is chi-squared with the degrees of
freedom of the fit, and it falls as tau2 grows. The values of tau2 at which it passes two quantiles are an exact
interval where the sampling variances are known and effects are normal.

References: viechtbauer-2007, jackson-2014b.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.distributions import chi2_quantiles
from equipoise.synthesis.gls import Rows, weighted_least_squares
from equipoise.synthesis.heterogeneity import root_between, typical_variance
from equipoise.synthesis.network import Network, consistency_rows
from equipoise.vocabulary.errors import NotEstimableError, ShapeError


@dataclass(frozen=True)
class Tau2Interval:
    """Confidence interval of the between-study variance.

    Attributes
    ----------
    low, high, level
        Limits of tau2 on the squared analysis scale, and their level.
    typical
        Typical within-study sampling variance, which I2 and H2 compare tau2 with.
    note
        What is particular about the interval, in words; empty otherwise.
    """

    low: float
    high: float
    level: float
    typical: float
    note: str = ""

    @property
    def tau(self) -> tuple[float, float]:
        """Interval of the between-study standard deviation."""
        return self.low**0.5, self.high**0.5

    @property
    def i2(self) -> tuple[float, float]:
        """Interval of the percentage of the total variance that lies between studies."""
        return 100 * self.low / (self.low + self.typical), 100 * self.high / (self.high + self.typical)

    @property
    def h2(self) -> tuple[float, float]:
        """Interval of the total over the typical within-study variance."""
        return 1 + self.low / self.typical, 1 + self.high / self.typical


def q_profile(data: Network | Rows, *, level: float = 0.95) -> Tau2Interval:
    """Find the interval of tau2 by the Q-profile method.

    Parameters
    ----------
    data
        A network (consistency model; two treatments are a pairwise meta-analysis), or rotated rows of any model.
    level
        Level of the interval, equal tails.

    Raises
    ------
    ShapeError
        If the level is not between 0 and 1.
    NotEstimableError
        If there is no degree of freedom, or the design does not determine every coefficient.
    NetworkError
        If the network is in pieces.

    Notes
    -----
    Estimates agree better than chance allows where Q at zero lies below the lower quantile; no tau2 fits then and
    the interval is zero to zero, with a note. An estimate of tau2 by another method may lie outside.

    References
    ----------
    viechtbauer-2007
    """
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    rows = consistency_rows(data) if isinstance(data, Network) else data
    if rows.df == 0:
        raise NotEstimableError(
            "the between-study variance has no interval: every trial is needed to determine the effects."
        )
    below, above = chi2_quantiles(np.array([(1 - level) / 2, (1 + level) / 2]), rows.df).tolist()
    low, high = _tau2_at(rows, above), _tau2_at(rows, below)
    note = "" if high > 0 else "The estimates agree better than chance allows; no between-study variance fits them."
    return Tau2Interval(low, high, level, typical_variance(rows), note)


def _tau2_at(rows: Rows, quantile: float) -> float:
    """Where Q has fallen to the quantile; zero if it starts below."""

    def excess(tau2: float) -> float:
        return weighted_least_squares(rows, tau2).q - quantile

    if excess(0.0) <= 0:
        return 0.0
    residuals = rows.y - rows.x @ np.linalg.lstsq(rows.x, rows.y, rcond=None)[0]
    return root_between(excess, 0.0, float(residuals @ residuals) / quantile)  # Q(tau2) <= RSS / tau2
