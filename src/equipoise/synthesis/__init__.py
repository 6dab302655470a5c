"""Pairwise and network meta-analysis. Knows no medicine.

One idea carries everything: a design matrix on a graph with a block covariance (``gls``). A pairwise
meta-analysis is the network with two treatments, a common effect is tau2 = 0, and covariates and
components are columns. Start reading at ``gls``, then ``heterogeneity``, ``network`` and ``pooling``.
"""

from equipoise.synthesis.effects import (
    Effects,
    ReportedEffect,
    from_interval,
    mean_difference,
    odds_ratio,
    rate_ratio,
    risk_difference,
    risk_ratio,
    standardised_mean_difference,
)
from equipoise.synthesis.pooling import Pooled, RatioScale, pool

__all__ = [
    "Effects",
    "Pooled",
    "RatioScale",
    "ReportedEffect",
    "from_interval",
    "mean_difference",
    "odds_ratio",
    "pool",
    "rate_ratio",
    "risk_difference",
    "risk_ratio",
    "standardised_mean_difference",
]
