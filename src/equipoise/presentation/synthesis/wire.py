"""A network meta-analysis in the machine form."""

from __future__ import annotations

import csv
import io
from typing import Any

from equipoise.presentation.synthesis import supplement
from equipoise.synthesis.analysis import Analysis, ArmAnalysis, BayesAnalysis
from equipoise.synthesis.arms import as_ratio
from equipoise.synthesis.bayes import ContrastPosterior
from equipoise.synthesis.consistency import QPart
from equipoise.synthesis.contribution import ContributionMatrix
from equipoise.synthesis.fitting import Contrast
from equipoise.synthesis.integration import TauPosterior
from equipoise.synthesis.network import Network
from equipoise.synthesis.splitting import Split

ESTIMATE_COLUMNS = ("treatment", "reference", "estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")


def network_meta_analysis(of: Analysis, method: str, *, smaller_is_better: bool | None = None) -> dict[str, Any]:
    """Return a frequentist network meta-analysis in the machine form.

    Parameters
    ----------
    of
        The analysis.
    method
        ``inverse-variance``, ``mantel-haenszel`` or ``likelihood``.
    smaller_is_better
        Which way the outcome is better; without it nothing is ranked.
    """
    fitted = of.fit
    ranked = None if smaller_is_better is None else of.ranks(smaller_is_better=smaller_is_better)
    ranks = {name: value for name, value in supplement.ranks(ranked, fitted.level).items() if name != "sucra"}
    return {
        **_data(fitted.network),
        "smaller_is_better": smaller_is_better,
        "method": method,
        "model": fitted.model,
        "tau2": fitted.tau2,
        "tau2_method": fitted.tau2_method,
        "level": fitted.level,
        "inference": {"rule": fitted.inference, "df": fitted.inference_df, "variance_factor": fitted.rescaling},
        "q": {"statistic": fitted.q, "df": fitted.q_df, "p": fitted.q_p},
        # A share from 0 to 1, as netmeta gives it.
        "i2": None if fitted.i2 is None else fitted.i2 / 100,
        "prediction_rule": fitted.pi_rule,
        "estimates": [_contrast(contrast, is_ratio=fitted.network.measure.is_ratio) for contrast in fitted.contrasts()],
        "p_scores": of.p_scores,
        **ranks,
        "consistency": {
            "q_within": of.q.within.statistic,
            "q_between": of.q.between.statistic,
            "df": of.q.between.df,
            "p": of.q.between.p,
            "design_by_treatment": _part(of.q.design_by_treatment),
            "designs": [{"design": list(design), **_part(part)} for design, part in of.q.by_design.items()],
        },
        "net_heat": None if method == "likelihood" else supplement.heat(of.heat),
        "node_split": [_split(split, fitted.level) for split in of.splits],
        "contribution": _contribution(of.contribution),
        "notes": list(fitted.notes),
    }


def bayesian_network_meta_analysis(of: BayesAnalysis, *, smaller_is_better: bool | None = None) -> dict[str, Any]:
    """Return a Bayesian network meta-analysis in the machine form."""
    found = of.posterior
    tau = found.tau
    return {
        **_data(found.network),
        "smaller_is_better": smaller_is_better,
        "method": "bayes",
        "likelihood": "contrast",
        "model": "common" if tau.is_zero else "random",
        "level": found.level,
        "prior": {
            "tau": None if tau.is_zero else tau.prior.name,
            "source": tau.prior.source or None,
            "effects": "flat",
        },
        "tau": None if tau.is_zero else _spread(tau, (1 - found.level) / 2),
        "log_marginal_likelihood": tau.log_evidence,
        "estimates": [_posterior(c, is_ratio=found.network.measure.is_ratio) for c in found.contrasts()],
        **supplement.ranks(of.ranks, found.level),
        "notes": list(found.notes),
    }


def arm_network_meta_analysis(of: ArmAnalysis, *, smaller_is_better: bool | None = None) -> dict[str, Any]:
    """Return a Bayesian network meta-analysis with a likelihood of the arms in the machine form."""
    found, counted = of.posterior, of.counted
    tail = (1 - found.level) / 2
    tau = {
        "mean": found.tau_mean,
        "sd": found.tau_sd,
        "median": found.tau_quantile(0.5),
        "cri_low": found.tau_quantile(tail),
        "cri_high": found.tau_quantile(1 - tail),
    }
    treatments = found.data.treatments
    return {
        "treatments": list(treatments),
        "studies": len(counted.trials),
        "study_names": [trial.study for trial in counted.trials],
        "geometry": supplement.geometry(trial.treatments for trial in counted.trials),
        "smaller_is_better": smaller_is_better,
        "measure": counted.measure.value,
        "scale": "log",
        "reference": found.data.reference,
        "method": "bayes",
        "likelihood": "arm",
        "model": "common" if of.prior is None else "random",
        "level": found.level,
        "prior": {
            "tau": None if of.prior is None else of.prior.name,
            "source": None if of.prior is None else of.prior.source or None,
            "effects": f"normal(0, {of.effect_sd:g}^2)",
            **_baselines(of),
        },
        "tau": None if of.prior is None else tau,
        "baseline_spread": None
        if of.baseline_prior is None
        else dict(zip(("mean", "sd"), found.baseline_spread, strict=True)),
        "pareto_k": found.pareto_k,
        "effective_points": found.effective_points,
        "estimates": [_posterior(c, is_ratio=True) for c in found.contrasts()],
        **supplement.ranks(of.ranks, found.level),
        "notes": list(counted.notes),
    }


def _spread(tau: TauPosterior, tail: float) -> dict[str, Any]:
    """The posterior of tau, with its density and that of the prior."""
    return {
        "mean": tau.mean,
        "sd": tau.sd,
        "median": tau.quantile(0.5),
        "cri_low": tau.quantile(tail),
        "cri_high": tau.quantile(1 - tail),
        "curves": supplement.tau_curves(tau),
    }


def _baselines(of: ArmAnalysis) -> dict[str, Any]:
    """The priors on the baselines, fixed or drawn from one distribution."""
    vague, spread = f"normal(0, {of.baseline_sd:g}^2)", of.baseline_prior
    if spread is None:
        return {"baselines": vague, "baselines_source": None, "baselines_are": "fixed"}
    return {
        "baselines": f"normal(m, sigma_m^2) with m ~ {vague} and {spread.named('sigma_m')}",
        "baselines_source": spread.source or None,
        "baselines_are": "random",
    }


def estimates_csv(document: dict[str, Any]) -> str:
    """Return the estimates of a document as CSV: one row for each ordered pair of treatments."""
    rows = document["estimates"]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _data(network: Network) -> dict[str, Any]:
    return {
        "treatments": list(network.treatments),
        "studies": len(network.trials),
        "study_names": [trial.study for trial in network.trials],
        "geometry": supplement.geometry(trial.treatments for trial in network.trials),
        "measure": network.measure.value,
        "scale": "log" if network.measure.is_ratio else "identity",
        "reference": network.reference,
    }


def _contrast(contrast: Contrast, *, is_ratio: bool) -> dict[str, Any]:
    row: dict[str, Any] = {column: getattr(contrast, column) for column in ESTIMATE_COLUMNS}
    row["p"] = contrast.p
    if is_ratio:
        row |= _ratios(ratio=contrast.estimate, ratio_ci_low=contrast.ci_low, ratio_ci_high=contrast.ci_high)
    return row


def _posterior(contrast: ContrastPosterior, *, is_ratio: bool) -> dict[str, Any]:
    names = ("treatment", "reference", "mean", "sd", "median", "cri_low", "cri_high", "pi_low", "pi_high", "below_null")
    row: dict[str, Any] = {name: getattr(contrast, name) for name in names}
    if is_ratio:
        row |= _ratios(ratio=contrast.median, ratio_cri_low=contrast.cri_low, ratio_cri_high=contrast.cri_high)
    return row


def _ratios(**logs: float) -> dict[str, float]:
    return {name: as_ratio(value) for name, value in logs.items()}


def _part(part: QPart) -> dict[str, Any]:
    return {"statistic": part.statistic, "df": part.df, "p": part.p}


def _split(split: Split, level: float) -> dict[str, Any]:
    low, high = split.direct_interval(level) or (None, None)
    return {
        "treatment": split.treatment,
        "reference": split.reference,
        "trials": split.n_trials,
        "share_direct": split.share_direct,
        "direct": split.direct,
        "direct_se": split.direct_se,
        "direct_ci_low": low,
        "direct_ci_high": high,
        "indirect": split.indirect,
        "indirect_se": split.indirect_se,
        "network": split.network,
        "difference": split.difference,
        "se": split.difference_se,
        "p": split.p,
        "note": split.note or None,
    }


def _contribution(matrix: ContributionMatrix) -> dict[str, Any]:
    return {
        "method": matrix.method,
        "comparisons": [list(pair) for pair in matrix.comparisons],
        "rows": [
            {"treatment": pair[0], "reference": pair[1], "shares": row.tolist()}
            for pair, row in zip(matrix.contrasts, matrix.shares, strict=True)
        ],
    }
