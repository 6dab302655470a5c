"""Sample two networks of arms with NUTS, twice each, and write what came out beside this file.

Once with ``equipoise.synthesis.nuts`` (our density and gradient), once with the same model written a second
time in PyMC (its density, its gradient by automatic differentiation). Run it in the environment of
``requirements.txt``, from the root of the repository:

    python validation/nuts/sample.py
"""

from __future__ import annotations

import csv
import json
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import nutpie
import pymc as pm

from equipoise.synthesis.likelihoods import Binomial, Poisson, arm_data
from equipoise.synthesis.mixing import mixing
from equipoise.synthesis.nuts import sample
from equipoise.synthesis.priors import half_normal

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "tests" / "golden" / "reference" / "network"
MEASURES = {"hasselblad1998": "odds-ratio", "synth-rates": "rate-ratio"}
REFERENCES = {"hasselblad1998": "no_contact", "synth-rates": "A"}
SETTINGS = {"chains": 4, "draws": 2500, "tune": 1000, "target_accept": 0.95}
# The priors of the multinma reference run: d, mu ~ N(0, 10^2), tau ~ half-normal(3.52252).
PRIOR_SCALE, WIDE = 3.52252, 10.0
SEED = 20240607


def read(data: str) -> Any:
    """Read the arms of a data set."""
    with (DATA / data / "input-arms.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = {"time": "person_time"}
    numbers = {names.get(c, c): [float(r[c]) for r in rows] for c in rows[0] if c not in ("study", "treatment")}
    study, treatment = ([r[c] for r in rows] for c in ("study", "treatment"))
    return arm_data(MEASURES[data], study, treatment, reference=REFERENCES[data], **numbers)


def pymc_model(data: Any) -> Any:
    """Write the model of the arms a second time, trial by trial as a textbook does."""
    with pm.Model() as model:
        effects = pm.Normal("effects", 0.0, WIDE, shape=len(data.parameters))
        tau = pm.HalfNormal("tau", PRIOR_SCALE)
        for i, group in enumerate(data.groups):
            n_trials, n_arms = group.design.shape[:2]
            baseline = pm.Normal(f"mu{i}", 0.0, WIDE, shape=n_trials)
            # delta = d + tau * (arm + shared) / sqrt(2): variance tau^2, correlation one half
            own = pm.Normal(f"own{i}", 0.0, 1.0, shape=(n_trials, n_arms - 1))
            shared = pm.Normal(f"shared{i}", 0.0, 1.0, shape=(n_trials, 1))
            mean = (group.design[:, 1:].reshape(-1, len(data.parameters)) @ effects).reshape((n_trials, n_arms - 1))
            delta = mean + tau * (own + shared) / np.sqrt(2)
            likelihood = group.likelihood
            for arm in range(n_arms):
                eta = baseline if arm == 0 else baseline + delta[:, arm - 1]
                if isinstance(likelihood, Binomial):
                    pm.Binomial(f"y{i}{arm}", likelihood.n[:, arm], logit_p=eta, observed=likelihood.events[:, arm])
                elif isinstance(likelihood, Poisson):
                    rate = pm.math.exp(eta) * likelihood.person_time[:, arm]
                    pm.Poisson(f"y{i}{arm}", rate, observed=likelihood.events[:, arm])
    return model


def summary(draws: np.ndarray[Any, Any]) -> dict[str, float]:
    """Summarise one quantity, its Monte Carlo error included. Shape (C, D)."""
    mixed = mixing(draws)
    low, median, high = np.quantile(draws, [0.025, 0.5, 0.975]).tolist()
    return {
        "mean": float(draws.mean()),
        "sd": float(draws.std(ddof=1)),
        "q2.5": low,
        "median": median,
        "q97.5": high,
        "mc_error": float(draws.std(ddof=1) / np.sqrt(mixed.bulk)),
        "r_hat": mixed.r_hat,
        "bulk": mixed.bulk,
        "tail": mixed.tail,
    }


def ours(data: Any) -> dict[str, Any]:
    """Sample with this package; it refuses what has not mixed."""
    start = time.perf_counter()
    found = sample(data, half_normal(PRIOR_SCALE), seed=SEED, effect_sd=WIDE, baseline_sd=WIDE, **SETTINGS)
    rows = {name: summary(found.draws(name, data.reference)) for name in data.parameters}
    seconds = time.perf_counter() - start
    return {"posterior": {**rows, "tau": summary(found.tau)}, "divergences": 0, "seconds": round(seconds, 1)}


def pymc(data: Any) -> dict[str, Any]:
    """Sample the second writing of the model."""
    start = time.perf_counter()
    trace = nutpie.sample(
        nutpie.compile_pymc_model(pymc_model(data)), seed=SEED, progress_bar=False, save_warmup=False, **SETTINGS
    )
    effects = trace.posterior["effects"].to_numpy()
    rows = {name: summary(effects[:, :, i]) for i, name in enumerate(data.parameters)}
    return {
        "posterior": {**rows, "tau": summary(trace.posterior["tau"].to_numpy())},
        "divergences": int(trace.sample_stats["diverging"].to_numpy().sum()),
        "seconds": round(time.perf_counter() - start, 1),
    }


def main() -> None:
    """Sample both data sets and write the results."""
    for name, measure in MEASURES.items():
        data = read(name)
        result = {
            "dataset": name,
            "measure": measure,
            "reference": data.reference,
            "prior": f"d, mu ~ N(0, {WIDE:g}^2); tau ~ half-normal({PRIOR_SCALE})",
            "prior_scale": PRIOR_SCALE,
            "wide": WIDE,
            "settings": {**SETTINGS, "seed": SEED},
            "versions": {"python": platform.python_version()}
            | {package: version(package) for package in ("nutpie", "pymc", "pytensor", "numpy", "scipy")},
            "equipoise": ours(data),
            "pymc": pymc(data),
        }
        (HERE / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
