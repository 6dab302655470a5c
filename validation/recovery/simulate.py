"""Simulate trials with a known truth and count how often intervals hold it.

Run ``python validation/recovery/simulate.py`` to print the tables of ``docs/explanation/synthesis-recovery.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.synthesis import Network, Trial, fit, pool
from equipoise.synthesis.bayes import posterior
from equipoise.synthesis.gls import heterogeneity_structure
from equipoise.synthesis.priors import half_normal
from equipoise.vocabulary.measures import Measure

Array = NDArray[np.float64]
TRUTH = {"a": 0.0, "b": -0.2, "c": -0.5, "d": 0.1}
DESIGNS = (
    ("a", "b"),
    ("a", "b"),
    ("a", "c"),
    ("a", "c"),
    ("b", "c"),
    ("a", "d"),
    ("c", "d"),
    ("a", "b", "c"),
    ("a", "c", "d"),
)
SEED = 20_240_607


@dataclass(frozen=True)
class Recovery:
    """How one estimator did.

    Attributes
    ----------
    coverage
        Share of 95 per cent intervals that hold the truth.
    bias
        Mean error of the estimate, in true standard errors of that mean.
    mean_tau2
        Mean of the estimates of tau2, or of its posterior mean squared.
    n
        Intervals counted.
    """

    coverage: float
    bias: float
    mean_tau2: float
    n: int


def pairwise(
    estimator: Callable[[Array, Array], tuple[float, float, float, float]], *, k: int, tau: float, n: int
) -> Recovery:
    """Pool k trials of a true mean of -0.3, n times."""
    rng = np.random.default_rng(SEED)
    results = []
    for _ in range(n):
        se = rng.uniform(0.1, 0.5, k)
        y = rng.normal(-0.3, np.hypot(tau, se))
        results.append(estimator(y, se))
    estimate, low, high, tau2 = np.array(results).T
    return _summary(estimate, (low <= -0.3) & (high >= -0.3), tau2, -0.3)


def network(estimator: Callable[[Network], tuple[float, float, float, float]], *, tau: float, n: int) -> Recovery:
    """Fit a network of nine trials, two of them with three arms, n times; the contrast is c versus b."""
    rng = np.random.default_rng(SEED)
    truth = TRUTH["c"] - TRUTH["b"]
    results = [estimator(_drawn_network(rng, tau)) for _ in range(n)]
    estimate, low, high, tau2 = np.array(results).T
    return _summary(estimate, (low <= truth) & (high >= truth), tau2, truth)


def pooled(**options: object) -> Callable[[Array, Array], tuple[float, float, float, float]]:
    """An estimator for ``pairwise`` from the options of ``pool``."""

    def estimator(y: Array, se: Array) -> tuple[float, float, float, float]:
        result = pool(y, se, measure=Measure.RATE_RATIO, **options)  # type: ignore[arg-type]
        return result.estimate, result.ci_low, result.ci_high, result.tau2 or 0.0

    return estimator


def fitted(**options: object) -> Callable[[Network], tuple[float, float, float, float]]:
    """An estimator for ``network`` from the options of ``fit``."""

    def estimator(data: Network) -> tuple[float, float, float, float]:
        result = fit(data, **options)  # type: ignore[arg-type]
        contrast = result.contrast("c", "b")
        return contrast.estimate, contrast.ci_low, contrast.ci_high, result.tau2 or 0.0

    return estimator


def integrated(data: Network) -> tuple[float, float, float, float]:
    """Estimator for ``network``: the posterior under a half-normal(0.5) prior on tau."""
    result = posterior(data, half_normal(0.5))
    contrast = result.contrast("c", "b")
    return contrast.mean, contrast.cri_low, contrast.cri_high, result.tau.mean**2


def _drawn_network(rng: np.random.Generator, tau: float) -> Network:
    trials = []
    for i, arms in enumerate(DESIGNS):
        variances = rng.uniform(0.01, 0.09, len(arms))
        covariance = np.diag(variances[1:]) + variances[0]
        true = np.array([TRUTH[name] - TRUTH[arms[0]] for name in arms[1:]])
        spread = covariance + tau**2 * heterogeneity_structure(len(arms) - 1)
        trials.append(Trial(f"trial {i}", arms, rng.multivariate_normal(true, spread), covariance))
    return Network(tuple(trials), Measure.RATE_RATIO, "a")


def _summary(estimate: Array, held: NDArray[np.bool_], tau2: Array, truth: float) -> Recovery:
    error = estimate - truth
    bias = float(error.mean() / (error.std(ddof=1) / np.sqrt(len(error))))
    return Recovery(float(held.mean()), bias, float(tau2.mean()), len(held))


def main(n: int = 2000) -> None:
    """Print both tables in Markdown."""
    _heading(f"Pairwise, {n} simulations each, seed {SEED}", "trials", "tau2")
    estimators = {
        "DL, Wald": pooled(tau2_method="dl"),
        "REML, Wald": pooled(tau2_method="reml"),
        "REML, Hartung-Knapp": pooled(tau2_method="reml", interval="hartung-knapp"),
        "REML, Hartung-Knapp ad hoc": pooled(tau2_method="reml", interval="hartung-knapp-ad-hoc"),
    }
    for k in (3, 10, 30):
        for tau in (0.0, 0.3):
            for name, estimator in estimators.items():
                found = pairwise(estimator, k=k, tau=tau, n=n)
                _row(found, str(k), f"{tau**2:.2f}", name)
    _heading(f"Network, {n} simulations each, seed {SEED}", "tau2")
    networks = {
        "common effect": fitted(model="common"),
        "DL": fitted(tau2_method="dl"),
        "REML": fitted(tau2_method="reml"),
        "ML": fitted(tau2_method="ml"),
        "Bayes, tau ~ half-normal(0.5)": integrated,
    }
    for tau in (0.0, 0.3):
        for name, network_estimator in networks.items():
            found = network(network_estimator, tau=tau, n=n)
            _row(found, f"{tau**2:.2f}", name)


def _heading(title: str, *columns: str) -> None:
    names = [*columns, "estimator", "coverage", "bias (z)", "mean tau2"]
    sys.stdout.write(f"\n{title}\n\n| {' | '.join(names)} |\n|{'---|' * len(names)}\n")


def _row(found: Recovery, *texts: str) -> None:
    numbers = f"{found.coverage:.3f} | {found.bias:+.1f} | {found.mean_tau2:.3f}"
    sys.stdout.write(f"| {' | '.join(texts)} | {numbers} |\n")


if __name__ == "__main__":
    main()
