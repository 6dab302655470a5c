"""How long the syntheses take, in this process, on this machine.

Run ``python benchmarks/bench_synthesis.py``. Each line is the median of several runs after one that is not
counted. Where R with netmeta is installed the same fit is timed there too; where it is not, that is said.
"""

from __future__ import annotations

import functools
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np

from equipoise.synthesis import Network, Trial, decompose_q, fit, node_splits, read_network
from equipoise.synthesis.arm_level import exact_log_likelihood
from equipoise.synthesis.arm_posterior import arm_posterior
from equipoise.synthesis.bayes import posterior
from equipoise.synthesis.contribution import contribution
from equipoise.synthesis.gls import heterogeneity_structure
from equipoise.synthesis.likelihoods import arm_data
from equipoise.synthesis.priors import half_normal
from equipoise.synthesis.sensitivity import leave_one_trial_out
from equipoise.vocabulary.measures import Measure

REFERENCE = Path(__file__).parent.parent / "tests" / "golden" / "reference" / "network"


def timed(what: Callable[[], object], *, runs: int = 7) -> float:
    """Median time in milliseconds."""
    what()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        what()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def random_network(n_trials: int, n_treatments: int, seed: int = 3) -> Network:
    """A connected network with one trial of three arms in ten."""
    rng = np.random.default_rng(seed)
    names = [f"t{i:03d}" for i in range(n_treatments)]
    trials = []
    for i in range(n_trials):
        k = 3 if i % 10 == 9 else 2
        arms = [names[i], names[i + 1]] if i < n_treatments - 1 else list(rng.choice(names, k, replace=False))
        variances = rng.uniform(0.01, 0.1, len(arms))
        covariance = np.diag(variances[1:]) + variances[0]
        spread = covariance + 0.04 * heterogeneity_structure(len(arms) - 1)
        estimates = rng.multivariate_normal(np.zeros(len(arms) - 1), spread)
        trials.append(Trial(f"trial {i}", tuple(map(str, arms)), estimates, covariance))
    return Network(tuple(trials), Measure.RATE_RATIO, names[0])


def senn() -> Network:
    """The 26 trials of Senn 2013."""
    return read_network(REFERENCE / "senn2013" / "input-arms.csv", Measure.MEAN_DIFFERENCE, reference="placebo")


def smoking_arms() -> Callable[[], object]:
    """The 24 binomial trials of Hasselblad 1998, and how to fit them."""
    lines = (REFERENCE / "hasselblad1998" / "input-arms.csv").read_text().replace('"', "").splitlines()[1:]
    study, treatment, events, n = zip(*(line.split(",") for line in lines), strict=True)
    data = arm_data("odds-ratio", study, treatment, events=[float(e) for e in events], n=[float(x) for x in n])
    return lambda: arm_posterior(data, half_normal(1.0))


def whole_process() -> float:
    """Median time of a new process that reads the 24 binomial trials and prints a contrast and tau."""
    script = (
        "from equipoise.synthesis.tables import read_counted; from equipoise.synthesis.analysis import analyse_arms;"
        f"found = analyse_arms(read_counted(r'{REFERENCE / 'hasselblad1998' / 'input-arms.csv'}', 'odds-ratio'));"
        "print(found.posterior.contrast('self_help', 'no_contact'), found.posterior.tau_quantile(0.5))"
    )
    return timed(lambda: subprocess.run([sys.executable, "-c", script], capture_output=True, check=True), runs=5)


def naive_ratio() -> float:
    """How much longer the exact likelihood takes one point of the posterior at a time than all at once."""
    lines = (REFERENCE / "hasselblad1998" / "input-arms.csv").read_text().replace('"', "").splitlines()[1:]
    study, treatment, events, n = zip(*(line.split(",") for line in lines), strict=True)
    data = arm_data("odds-ratio", study, treatment, events=[float(e) for e in events], n=[float(x) for x in n])
    points, rng = 200, np.random.default_rng(1)
    effects, tau = rng.normal(0.5, 0.3, (points, len(data.parameters))), rng.uniform(0.3, 1.2, points)
    start = tuple(np.zeros((points, *group.design.shape[:2])) for group in data.groups)

    def at(part: slice) -> object:
        chosen = tuple(z[part] for z in start)
        return exact_log_likelihood(data, effects[part], tau[part], chosen, baseline_sd=10.0)

    one_by_one = timed(lambda: [at(slice(i, i + 1)) for i in range(points)], runs=3)
    return one_by_one / timed(lambda: at(slice(None)), runs=3)


def many(count: int) -> Callable[[], object]:
    """As many fits of a ten-trial network as a simulation study would make."""
    networks = [random_network(10, 5, seed=seed) for seed in range(50)]
    return lambda: [fit(network, tau2_method="reml") for network in itertools.islice(itertools.cycle(networks), count)]


def in_r() -> str:
    """Time netmeta on the same data, where R has it."""
    if shutil.which("Rscript") is None:
        return "R is not installed here: netmeta was not timed."
    script = (
        f'd <- read.csv("{REFERENCE / "senn2013" / "input-contrasts.csv"}"); suppressMessages(library(netmeta));'
        'f <- function() netmeta(TE, seTE, treat1, treat2, studlab, data = d, sm = "MD", method.tau = "REML");'
        'f(); cat(system.time(for (i in 1:5) f())[["elapsed"]] / 5 * 1000)'
    )
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)  # noqa: S607
    return f"netmeta, REML: {done.stdout} ms" if done.returncode == 0 else "R is here but netmeta is not: not timed."


def main() -> None:
    """Print one line per task; ``--json`` prints a mapping instead."""
    network, large = senn(), random_network(500, 100)
    tasks: dict[str, tuple[Callable[[], object], int]] = {
        "fit of 26 trials x 10 treatments, DL": (lambda: fit(network), 20),
        "fit of 26 trials x 10 treatments, REML": (lambda: fit(network, tau2_method="reml"), 20),
        "Q by design": (lambda: decompose_q(network), 7),
        "45 node splits": (lambda: node_splits(fit(network)), 7),
        "contribution matrix": (lambda: contribution(fit(network)), 7),
        "posterior of 26 trials, tau and effects": (lambda: posterior(network, half_normal(1.0)), 20),
        "posterior of 26 trials, with all 90 contrasts": (
            lambda: list(posterior(network, half_normal(1.0)).contrasts()),
            7,
        ),
        "leave one of 26 trials out, REML": (
            lambda: leave_one_trial_out(network, functools.partial(fit, tau2_method="reml")),
            5,
        ),
        "1,000 networks of 10 trials, REML": (many(1000), 1),
        "500 trials x 100 treatments, REML": (lambda: fit(large, tau2_method="reml"), 1),
        "24 binomial trials, exact likelihood": (smoking_arms(), 3),
    }
    found = {name: timed(task, runs=runs) for name, (task, runs) in tasks.items()}
    tracemalloc.start()
    fit(large, tau2_method="reml")
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    found["24 binomial trials, exact likelihood, whole process"] = whole_process()
    ratio = naive_ratio()
    if "--json" in sys.argv:
        print(json.dumps({**found, "peak MB of 500 x 100": peak, "points one by one, times": ratio}, indent=1))
        return
    for name, milliseconds in found.items():
        print(f"{name:55s} {milliseconds:10.2f} ms")
    print(f"{'peak memory of 500 trials x 100 treatments':55s} {peak:10.1f} MB")
    print(f"{'exact likelihood, point by point: longer by':55s} {ratio:10.1f} times")
    print(in_r())


if __name__ == "__main__":
    main()
