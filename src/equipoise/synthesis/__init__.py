"""Pairwise and network meta-analysis. Knows no medicine.

One idea carries everything: a design matrix on a graph with a block covariance (``gls``). A pairwise
meta-analysis is the network with two treatments, a common effect is tau2 = 0, and covariates and
components are columns. Start reading at ``gls``, then ``heterogeneity``, ``network`` and ``fitting``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# A function with the name of its module must be there before anybody imports the module, which would take its place.
from equipoise.synthesis.contribution import ContributionMatrix, contribution
from equipoise.synthesis.mantel_haenszel import mantel_haenszel
from equipoise.synthesis.usual_priors import default_prior, usual_priors
from equipoise.synthesis.what_if import WhatIf, what_if, what_if_bayes

if TYPE_CHECKING:
    from equipoise.synthesis.analysis import analyse, analyse_arms, analyse_bayes, analyse_likelihood
    from equipoise.synthesis.arm_posterior import ArmPosterior
    from equipoise.synthesis.bayes import NetworkPosterior, posterior
    from equipoise.synthesis.building import network_from_arms, network_from_contrasts
    from equipoise.synthesis.confidence import Confidence, Judgement, study_contributions, weighted_judgement
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
    from equipoise.synthesis.informed_priors import rhodes_2015, turner_2015
    from equipoise.synthesis.likelihoods import ArmData, arm_data
    from equipoise.synthesis.maximum_likelihood import fit_likelihood
    from equipoise.synthesis.network import Network, Trial
    from equipoise.synthesis.pooling import Pooled, RatioScale, pool
    from equipoise.synthesis.priors import TauPrior, half_cauchy, half_normal, log_normal_tau2, log_t_tau2, uniform
    from equipoise.synthesis.profiling import Tau2Interval, q_profile
    from equipoise.synthesis.ranking import Rankogram, p_scores, rank_draws, rankogram
    from equipoise.synthesis.regression import Regression, component_analysis, meta_regression, unrelated_mean_effects
    from equipoise.synthesis.reported import ReportedEffect, from_interval
    from equipoise.synthesis.sensitivity import (
        LeftOut,
        Threshold,
        leave_one_treatment_out,
        leave_one_trial_out,
        thresholds,
        trial_thresholds,
    )
    from equipoise.synthesis.small_study import (
        EggerTest,
        FunnelPoint,
        comparison_adjusted_funnel,
        egger_test,
        egger_test_pairwise,
    )
    from equipoise.synthesis.splitting import Split, node_splits, split_contrast
    from equipoise.synthesis.tables import read_counted, read_network

__all__ = [
    "ArmData",
    "ArmPosterior",
    "Confidence",
    "Contrast",
    "ContributionMatrix",
    "Counted",
    "Effects",
    "EggerTest",
    "FunnelPoint",
    "Judgement",
    "LeftOut",
    "NetHeat",
    "Network",
    "NetworkFit",
    "NetworkPosterior",
    "Pooled",
    "QDecomposition",
    "QPart",
    "Rankogram",
    "RatioScale",
    "Regression",
    "ReportedEffect",
    "Split",
    "Tau2Interval",
    "TauPrior",
    "Threshold",
    "Trial",
    "WhatIf",
    "analyse",
    "analyse_arms",
    "analyse_bayes",
    "analyse_likelihood",
    "arm_data",
    "comparison_adjusted_funnel",
    "component_analysis",
    "contribution",
    "counted_trials",
    "decompose_q",
    "default_prior",
    "egger_test",
    "egger_test_pairwise",
    "fit",
    "fit_likelihood",
    "from_interval",
    "half_cauchy",
    "half_normal",
    "leave_one_treatment_out",
    "leave_one_trial_out",
    "log_normal_tau2",
    "log_t_tau2",
    "mantel_haenszel",
    "mean_difference",
    "meta_regression",
    "net_heat",
    "network_from_arms",
    "network_from_contrasts",
    "node_splits",
    "odds_ratio",
    "p_scores",
    "pool",
    "posterior",
    "q_profile",
    "rank_draws",
    "rankogram",
    "rate_ratio",
    "read_counted",
    "read_network",
    "rhodes_2015",
    "risk_difference",
    "risk_ratio",
    "split_contrast",
    "standardised_mean_difference",
    "study_contributions",
    "thresholds",
    "trial_thresholds",
    "turner_2015",
    "uniform",
    "unrelated_mean_effects",
    "usual_priors",
    "weighted_judgement",
    "what_if",
    "what_if_bayes",
]

_NAMES = {
    "analysis": (
        "analyse",
        "analyse_arms",
        "analyse_bayes",
        "analyse_likelihood",
    ),
    "arm_posterior": ("ArmPosterior",),
    "bayes": (
        "NetworkPosterior",
        "posterior",
    ),
    "building": (
        "network_from_arms",
        "network_from_contrasts",
    ),
    "confidence": (
        "Confidence",
        "Judgement",
        "study_contributions",
        "weighted_judgement",
    ),
    "consistency": (
        "QDecomposition",
        "QPart",
        "decompose_q",
    ),
    "counted": (
        "Counted",
        "counted_trials",
    ),
    "effects": (
        "Effects",
        "mean_difference",
        "odds_ratio",
        "rate_ratio",
        "risk_difference",
        "risk_ratio",
        "standardised_mean_difference",
    ),
    "fitting": (
        "Contrast",
        "NetworkFit",
        "fit",
    ),
    "heat": (
        "NetHeat",
        "net_heat",
    ),
    "informed_priors": (
        "rhodes_2015",
        "turner_2015",
    ),
    "likelihoods": (
        "ArmData",
        "arm_data",
    ),
    "maximum_likelihood": ("fit_likelihood",),
    "network": (
        "Network",
        "Trial",
    ),
    "pooling": (
        "Pooled",
        "RatioScale",
        "pool",
    ),
    "priors": (
        "TauPrior",
        "half_cauchy",
        "half_normal",
        "log_normal_tau2",
        "log_t_tau2",
        "uniform",
    ),
    "profiling": (
        "Tau2Interval",
        "q_profile",
    ),
    "ranking": (
        "Rankogram",
        "p_scores",
        "rank_draws",
        "rankogram",
    ),
    "regression": (
        "Regression",
        "component_analysis",
        "meta_regression",
        "unrelated_mean_effects",
    ),
    "reported": (
        "ReportedEffect",
        "from_interval",
    ),
    "sensitivity": (
        "LeftOut",
        "Threshold",
        "leave_one_treatment_out",
        "leave_one_trial_out",
        "thresholds",
        "trial_thresholds",
    ),
    "small_study": (
        "EggerTest",
        "FunnelPoint",
        "comparison_adjusted_funnel",
        "egger_test",
        "egger_test_pairwise",
    ),
    "splitting": (
        "Split",
        "node_splits",
        "split_contrast",
    ),
    "tables": (
        "read_counted",
        "read_network",
    ),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: an analysis loads what it needs and no more."""
    if name in _HOME:
        import importlib

        value = getattr(importlib.import_module(f"equipoise.synthesis.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'equipoise.synthesis' has no attribute '{name}'")
