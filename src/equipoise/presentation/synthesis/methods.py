"""The methods paragraph of a network meta-analysis: what was done, with the keys of the citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_METHODS = {
    "inverse-variance": "The network was analysed by generalised least squares on the contrast scale, trials of more "
    "than two arms with their exact covariance (rucker-2012; white-2012).",
    "mantel-haenszel": "The network was analysed by the Mantel-Haenszel method for networks (efthimiou-2019).",
    "likelihood": "The counts were analysed by exact maximum likelihood with a fixed effect of each study and no "
    "continuity correction (dias-2013).",
    "bayes": "The posterior was integrated deterministically over the between-trial standard deviation; given it, "
    "all effects are jointly normal (rover-2020).",
}
_COCHRAN = "Cochran's Q"
_STATISTIC = {"likelihood": "the residual deviance"}
_TAU2 = {
    "dl": "the generalised DerSimonian-Laird method (jackson-2012)",
    "reml": "restricted maximum likelihood",
    "ml": "maximum likelihood",
    "pm": "the method of Paule and Mandel",
}


def methods(document: Mapping[str, Any]) -> str:
    """Return the methods paragraph: what was done, with the keys of the citations."""
    said = [_METHODS[document["method"]]]
    if document.get("likelihood") == "arm":
        said = [_arm_methods(document)]
    elif document["method"] == "bayes":
        prior = document["prior"]
        tau = f"The prior was {prior['tau']}{_cited(prior['source'])}, with"
        if prior["tau"] is None:
            said = ["A common effect was assumed, so the posterior is normal and known in closed form, with"]
        else:
            said.append(tau)
        said.append("flat priors on the effects.")
    elif document["model"] == "common":
        said.append("A common effect was assumed.")
    else:
        estimator = _TAU2.get(document["tau2_method"], "the caller")
        said.append(f"Random effects were assumed; the between-trial variance was estimated by {estimator}.")
    if document["method"] != "bayes":
        said.append(
            f"Inconsistency was assessed by {_STATISTIC.get(document['method'], _COCHRAN)} between designs and "
            "the design-by-treatment interaction model (higgins-2012), and by node-splitting with back-calculation "
            "(konig-2013)."
        )
        said.append(f"Contributions of direct comparisons follow the {document['contribution']['method']} method.")
        said += _inference(document["inference"])
        said.append(f"Prediction intervals: {document['prediction_rule']}.")
    said.append("Effects of ratios were analysed on the natural log scale." if document["scale"] == "log" else "")
    return " ".join(part for part in said if part)


def _inference(used: Mapping[str, Any]) -> Iterator[str]:
    if used["rule"] == "normal":
        return
    at_least = ", the factor never below 1" if used["rule"] == "hartung-knapp-ad-hoc" else ""
    yield (
        f"Variances were multiplied by {used['variance_factor']:.3f}, the generalised Q statistic over its degrees of "
        f"freedom{at_least}, and intervals rest on the t distribution with {used['df']} (jackson-2014); node-splits, "
        "ranks and tests of inconsistency rest on the normal distribution."
    )


def _arm_methods(document: Mapping[str, Any]) -> str:
    prior = document["prior"]
    tau = f"Random effects were assumed; the prior was {prior['tau']}{_cited(prior['source'])}."
    return (
        "The counts of the arms were analysed with their exact likelihood; the posterior was integrated by nested "
        "Laplace approximation (rue-2009) with importance weights, whose Pareto shape was "
        f"{document['pareto_k']:.2f} (vehtari-2024). "
        f"{'A common effect was assumed.' if prior['tau'] is None else tau} "
        f"Priors on effects: {prior['effects']}; on baselines: {prior['baselines']}{_cited(prior['baselines_source'])}"
        f"{' (white-2019)' if prior['baselines_are'] == 'random' else ''}."
    )


def _cited(source: str | None) -> str:
    return f" ({source})" if source else ""
