"""Pairwise and network meta-analysis. Knows no medicine.

One idea carries everything: a design matrix on a graph with a block covariance (``gls``). A pairwise
meta-analysis is the network with two treatments, a common effect is tau2 = 0, and covariates and
components are columns. Start reading at ``gls``, then ``heterogeneity``, ``network`` and ``fitting``.
"""

from equipoise.synthesis.building import network_from_arms, network_from_contrasts
from equipoise.synthesis.consistency import QDecomposition, QPart, decompose_q
from equipoise.synthesis.counted import Counted, counted_trials
from equipoise.synthesis.effects import (
    Effects,
    mean_difference,
    odds_ratio,
    rate_ratio,
    risk_difference,
    risk_ratio,
    standardised_mean_difference,
)
from equipoise.synthesis.fitting import Contrast, NetworkFit, fit
from equipoise.synthesis.heat import NetHeat, net_heat
from equipoise.synthesis.mantel_haenszel import mantel_haenszel
from equipoise.synthesis.maximum_likelihood import fit_likelihood
from equipoise.synthesis.network import Network, Trial
from equipoise.synthesis.pooling import Pooled, RatioScale, pool
from equipoise.synthesis.profiling import Tau2Interval, q_profile
from equipoise.synthesis.ranking import Rankogram, p_scores, rank_draws
from equipoise.synthesis.reported import ReportedEffect, from_interval
from equipoise.synthesis.splitting import Split, node_splits, split_contrast
from equipoise.synthesis.tables import read_network

__all__ = [
    "Contrast",
    "Counted",
    "Effects",
    "NetHeat",
    "Network",
    "NetworkFit",
    "Pooled",
    "QDecomposition",
    "QPart",
    "Rankogram",
    "RatioScale",
    "ReportedEffect",
    "Split",
    "Tau2Interval",
    "Trial",
    "counted_trials",
    "decompose_q",
    "fit",
    "fit_likelihood",
    "from_interval",
    "mantel_haenszel",
    "mean_difference",
    "net_heat",
    "network_from_arms",
    "network_from_contrasts",
    "node_splits",
    "odds_ratio",
    "p_scores",
    "pool",
    "q_profile",
    "rank_draws",
    "rate_ratio",
    "read_network",
    "risk_difference",
    "risk_ratio",
    "split_contrast",
    "standardised_mean_difference",
]
