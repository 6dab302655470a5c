"""How long the RRMS relapse network takes, against a naive implementation in the same run.

Run it on a quiet machine: ``python benchmarks/bench_rrms_network.py``. It prints medians, the ratio to the naive
way where there is one, and the promise. It is no test: a busy machine is no fault.

Naive: dense least squares with an explicit inverse; REML by a bounded search that inverts everything at each step;
the posterior by the same dense fit at each of 400 values of tau.
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from equipoise.consultation.network_answer import network_answer
from equipoise.consultation.network_evidence import network_evidence
from equipoise.consultation.network_rows import question
from equipoise.evidence import load_evidence
from equipoise.synthesis import Network, fit
from equipoise.synthesis.bayes import posterior
from equipoise.synthesis.network import design_matrix
from equipoise.synthesis.priors import half_normal
from equipoise.synthesis.sensitivity import leave_one_trial_out

RUNS = 15
Array = NDArray[np.float64]


def milliseconds(what: Callable[[], object]) -> float:
    """Return the median wall time, after one call to warm up."""
    what()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        what()
        times.append(time.perf_counter() - begun)
    return 1000 * statistics.median(times)


def naive_fit(network: Network, tau2: float) -> tuple[Array, Array, float]:
    """Effects, covariance and restricted log likelihood from dense matrices."""
    x = np.vstack([design_matrix(trial, network.parameters) for trial in network.trials])
    y = np.concatenate([trial.estimates for trial in network.trials])
    v, at = np.zeros((len(y), len(y))), 0
    for trial in network.trials:
        k = trial.n_contrasts
        v[at : at + k, at : at + k] = trial.covariance + tau2 * (np.eye(k) + 1) / 2
        at += k
    weight = np.linalg.inv(v)
    covariance = np.linalg.inv(x.T @ weight @ x)
    beta = covariance @ x.T @ weight @ y
    rest = y - x @ beta
    log = -0.5 * (np.linalg.slogdet(v)[1] - np.linalg.slogdet(covariance)[1] + rest @ weight @ rest)
    return np.asarray(beta, dtype=float), np.asarray(covariance, dtype=float), float(log)


def naive_reml(network: Network) -> Array:
    """Effects at the tau2 that a bounded search finds."""
    found = minimize_scalar(lambda tau2: -naive_fit(network, tau2)[2], bounds=(0.0, 1.0), method="bounded")
    return naive_fit(network, float(found.x))[0]


def naive_posterior(network: Network) -> Array:
    """Posterior mean effects over a grid of tau with a half-normal(0.5) prior."""
    grid = np.linspace(0.0, 2.0, 400)
    fits = [naive_fit(network, tau**2) for tau in grid]
    log = np.array([one[2] for one in fits]) - 0.5 * (grid / 0.5) ** 2
    weights = np.exp(log - log.max())
    return np.asarray(weights @ np.array([one[0] for one in fits]) / weights.sum())


def naive_without(network: Network) -> int:
    """Every trial left out in turn, where the rest holds together."""
    done = 0
    for trial in network.trials:
        rest = network.without([trial.study])
        if len(rest.pieces()) == 1:
            naive_reml(rest)
            done += 1
    return done


def main() -> None:
    """Print the table."""
    evidence = load_evidence()
    network = network_evidence(evidence, question("annualised-relapse-rate")).network.with_reference("placebo")
    reml = functools.partial(fit, tau2_method="reml")
    bayes = functools.partial(posterior, prior=half_normal(0.5))
    rows: list[tuple[str, float, float | None, float | None]] = [
        ("fit, common effect", milliseconds(lambda: fit(network, model="common")), None, 3.0),
        (
            "fit, random effects (REML)",
            milliseconds(lambda: reml(network)),
            milliseconds(lambda: naive_reml(network)),
            3.0,
        ),
        ("posterior and all its contrasts", milliseconds(lambda: list(bayes(network).contrasts())), None, None),
        ("posterior", milliseconds(lambda: bayes(network)), milliseconds(lambda: naive_posterior(network)), 20.0),
        (
            "leave one trial out (REML)",
            milliseconds(lambda: leave_one_trial_out(network, reml)),
            milliseconds(lambda: naive_without(network)),
            100.0,
        ),
        (
            "the whole answer, certainty included",
            milliseconds(lambda: network_answer("annualised-relapse-rate", evidence=evidence)),
            None,
            None,
        ),
    ]
    print(f"{len(network.trials)} trials, {len(network.treatments)} treatments")
    print(f"{'':38}{'median':>11}{'naive':>11}{'faster':>9}{'promise':>10}")
    for name, took, naive, promise in rows:
        compared = "" if naive is None else f"{naive:8.1f} ms{naive / took:8.1f}x"
        said = "" if promise is None else f"{promise:7.0f} ms"
        print(f"{name:38}{took:8.1f} ms{compared:20}{said:>10}")


if __name__ == "__main__":
    main()
