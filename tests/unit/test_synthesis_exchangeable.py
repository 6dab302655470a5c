"""Random study effects: the model against plain implementations of it, its limits and every error."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from equipoise.synthesis.arm_posterior import ArmPosterior, arm_posterior
from equipoise.synthesis.exchangeable import ExchangeableGroup, with_exchangeable_baselines
from equipoise.synthesis.gls import Array
from equipoise.synthesis.likelihoods import ArmData, arm_data
from equipoise.synthesis.priors import TauPrior, half_normal, log_normal_tau2, uniform
from equipoise.vocabulary.errors import ConvergenceError, NotEstimableError, UnknownTermError

STUDY = ["s", "s", "t", "t", "t", "u", "u", "v", "v"]
TREATMENT = ["a", "b", "a", "b", "c", "b", "c", "c", "a"]
MEAN = np.array([1.0, 1.6, 2.1, 2.4, 1.2, 1.9, 1.5, 0.3, 0.9])
SE = np.array([0.2, 0.3, 0.25, 0.2, 0.3, 0.35, 0.2, 0.3, 0.25])


def exactly(sigma: float) -> TauPrior:
    """All but a point mass."""
    return log_normal_tau2(2 * math.log(sigma), 0.005)


@pytest.mark.parametrize("measure", ["odds-ratio", "rate-ratio"])
def test_baselines_far_apart_are_fixed_baselines(measure: str) -> None:
    events, people = [3, 6, 5, 9, 11, 10, 13, 8, 4], [40, 42, 50, 49, 51, 60, 58, 45, 44]
    data = arm_data(measure, STUDY, TREATMENT, events=events, n=people, person_time=people)
    fixed = arm_posterior(data, half_normal(0.5), baseline_sd=50.0)
    wide = arm_posterior(data, half_normal(0.5), baselines="random", baseline_prior=exactly(50.0), baseline_sd=1.0)
    for pair in (("b", "a"), ("c", "a"), ("c", "b")):
        here, there = wide.contrast(*pair), fixed.contrast(*pair)
        for name in ("mean", "sd", "median", "cri_low", "cri_high", "pi_low", "pi_high"):
            assert getattr(here, name) == pytest.approx(getattr(there, name), abs=0.03 * there.sd), (pair, name)
    assert wide.tau_mean == pytest.approx(fixed.tau_mean, rel=0.01)
    assert wide.baseline_spread == pytest.approx((50.0, 0.0), abs=0.5)


@pytest.mark.parametrize("reference", ["a", "b", "c"])
def test_means_agree_with_a_plain_grid_of_dense_normals(reference: str) -> None:
    """Every arm in one normal vector, tau and sigma_m on a grid of 200 by 300 points: no engine, no approximation."""
    data = arm_data("mean-difference", STUDY, TREATMENT, mean=MEAN, se=SE, reference=reference)
    found = arm_posterior(
        data, uniform(1.5), baselines="random", baseline_prior=half_normal(1.0), effect_sd=3.0, baseline_sd=5.0
    )
    expected = plain_grid(reference)
    assert found.tau_mean == pytest.approx(expected["tau"], rel=2e-3)
    assert found.tau_quantile(0.5) == pytest.approx(expected["tau median"], rel=5e-3)
    assert found.baseline_spread == pytest.approx((expected["spread"], expected["spread sd"]), rel=3e-3)
    for name in data.parameters:
        contrast = found.contrast(name, reference)
        assert (contrast.mean, contrast.sd) == pytest.approx((expected[name], expected[f"{name} sd"]), rel=2e-3)


def plain_grid(reference: str) -> dict[str, float]:
    names = [name for name in "abc" if name != reference]
    x = np.array([[*(float(t == name) for name in names), 1.0] for t in TREATMENT])
    together = np.equal.outer(np.array(STUDY), np.array(STUDY)).astype(float)
    random = np.array([float(t != reference) for t in TREATMENT])
    structure = together * np.outer(random, random) * (np.eye(len(STUDY)) + 1) / 2
    prior = np.diag([9.0, 9.0, 25.0])
    taus, spreads = (np.arange(200) + 0.5) * 1.5 / 200, (np.arange(300) + 0.5) * 5 / 300
    tau, spread = (axis.ravel() for axis in np.meshgrid(taus, spreads, indexing="ij"))
    given = tau[:, None, None] ** 2 * structure + spread[:, None, None] ** 2 * together + np.diag(SE**2)
    total = given + x @ prior @ x.T
    inverse = np.linalg.inv(total)
    log_weight = -0.5 * (np.linalg.slogdet(total)[1] + MEAN @ inverse @ MEAN) - 0.5 * spread**2
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    gain = prior @ x.T @ inverse
    means, variances = gain @ MEAN, np.diagonal(prior - gain @ x @ prior, axis1=1, axis2=2)
    found = {"tau": weight @ tau, "spread": weight @ spread}
    found["spread sd"] = math.sqrt(weight @ (spread - found["spread"]) ** 2)
    below = np.cumsum(weight.reshape(200, 300).sum(axis=1))
    found["tau median"] = float(np.interp(0.5, below, taus + 0.75 / 200))
    for i, name in enumerate(names):
        found[name] = weight @ means[:, i]
        found[f"{name} sd"] = math.sqrt(weight @ (variances[:, i] + (means[:, i] - found[name]) ** 2))
    return found


EVENTS, PEOPLE = (
    np.array([[1, 4], [0, 3], [5, 9], [2, 2], [7, 12]]),
    np.array([[30, 31], [25, 24], [40, 38], [20, 22], [50, 51]]),
)


def test_sparse_counts_agree_with_plain_metropolis() -> None:
    """Five trials, one without an event under control: within 3.5 Monte Carlo errors of 400 plain chains."""
    study = [f"s{i}" for i in range(5) for _ in range(2)]
    data = arm_data("odds-ratio", study, ["a", "b"] * 5, events=EVENTS.ravel(), n=PEOPLE.ravel())
    found = arm_posterior(
        data, half_normal(0.5), baselines="random", baseline_prior=half_normal(1.0), effect_sd=2.0, baseline_sd=3.0
    )
    contrast, (spread, spread_sd) = found.contrast("b", "a"), found.baseline_spread
    draws = metropolis()
    for name, mean, sd in (
        ("d", contrast.mean, contrast.sd),
        ("tau", found.tau_mean, found.tau_sd),
        ("spread", spread, spread_sd),
    ):
        chains = draws[name].mean(axis=0)
        error = chains.std(ddof=1) / math.sqrt(len(chains))
        assert error < 0.02 * sd
        assert abs(mean - chains.mean()) < 3.5 * error + 0.005 * sd, name
        assert sd == pytest.approx(draws[name].std(), rel=0.03), name


@cache
def metropolis(n_chains: int = 400, n_steps: int = 2500, warm_up: int = 500) -> dict[str, Array]:
    """Random-walk Metropolis of the model as it is written, one kind of variable after the other.

    A half-normal is a normal without its sign, so tau and sigma_m walk through zero.
    """
    rng = np.random.default_rng(5)
    state = {name: np.full((n_chains, 1), x) for name, x in {"d": 0.5, "m": -2.0, "tau": 0.3, "spread": 0.5}.items()}
    state |= {"b": np.zeros((n_chains, 5)), "u": np.zeros((n_chains, 5))}
    steps = {"d": 0.6, "m": 0.7, "tau": 0.8, "spread": 0.8, "b": 1.4, "u": 1.8}
    prior_sd = {"d": 2.0, "m": 3.0, "tau": 0.5, "spread": 1.0, "b": 1.0, "u": 1.0}

    def log_likelihood(at: dict[str, Array]) -> Array:
        """Of each trial. Shape (chains, 5)."""
        control = at["m"] + at["spread"] * at["b"]
        predictors = (control, control + at["d"] + at["tau"] * at["u"])
        terms = [EVENTS[:, k] * eta - PEOPLE[:, k] * np.logaddexp(0, eta) for k, eta in enumerate(predictors)]
        return np.asarray(terms[0] + terms[1])

    kept: dict[str, list[Array]] = {"d": [], "tau": [], "spread": []}
    for step in range(n_steps):
        for name, old in state.items():
            new = old + steps[name] * rng.standard_normal(old.shape)
            change = log_likelihood(state | {name: new}) - log_likelihood(state)
            if old.shape[1] == 1:
                change = change.sum(axis=1, keepdims=True)
            change -= 0.5 * (new**2 - old**2) / prior_sd[name] ** 2
            state[name] = np.where(np.log(rng.uniform(size=change.shape)) < change, new, old)
        if step >= warm_up:
            for name, values in kept.items():
                values.append(state[name][:, 0] if name == "d" else np.abs(state[name][:, 0]))
    return {name: np.array(values) for name, values in kept.items()}


def test_what_was_simulated_is_found_again() -> None:
    """Ten networks of twelve trials: nearly all 95 per cent intervals hold the truth, and the mean is near it."""
    rng, truth, inside, away, spreads = np.random.default_rng(8), {"b": 0.6, "c": -0.4}, 0, [], []
    for _ in range(10):
        found = simulated(rng, truth)
        spreads.append(found.baseline_spread[0])
        for name, value in truth.items():
            contrast = found.contrast(name, "a")
            inside += contrast.cri_low < value < contrast.cri_high
            away.append((contrast.mean - value) / contrast.sd)
    assert inside >= 17  # of 20; fewer has a chance of 1 in 60 where coverage is 95 per cent
    assert abs(np.mean(away)) < 3 / math.sqrt(20)
    assert np.mean(spreads) == pytest.approx(0.6, abs=0.12)


def simulated(rng: np.random.Generator, truth: dict[str, float]) -> ArmPosterior:
    study = [f"s{i}" for i in range(12) for _ in range(2)]
    treatment = ["a", "b", "a", "c", "b", "c"] * 4
    baseline = np.repeat(rng.normal(-1.2, 0.6, 12), 2)
    random = np.array([0.0 if t == "a" else 0.2 * z for t, z in zip(treatment, rng.standard_normal(24), strict=True)])
    random[5::6] = 0.5 * random[4::6] + math.sqrt(0.75) * random[5::6]
    eta = baseline + np.array([truth.get(t, 0.0) for t in treatment]) + random
    events = rng.binomial(80, 1 / (1 + np.exp(-eta)))
    data = arm_data("odds-ratio", study, treatment, events=events, n=np.full(24, 80))
    return arm_posterior(data, half_normal(0.5), baselines="random", baseline_prior=half_normal(1.0), n=1024)


def test_a_trial_without_events_borrows_its_baseline() -> None:
    """Random baselines say more about the effect than fixed ones do."""
    study, treatment = ["s", "s", "t", "t", "u", "u"], ["a", "b"] * 3
    data = arm_data("odds-ratio", study, treatment, events=[9, 5, 10, 6, 0, 0], n=[50] * 6)
    fixed = arm_posterior(data, None)
    random = arm_posterior(data, None, baselines="random", baseline_prior=half_normal(1.0))
    assert random.contrast("b", "a").sd < fixed.contrast("b", "a").sd
    assert random.tau_quantile(0.5) == 0.0


def test_names_and_order_of_treatments_are_irrelevant() -> None:
    """The reference stays the reference, last in the alphabet or first."""
    renamed = [{"a": "z", "b": "y", "c": "x"}[name] for name in TREATMENT]
    here, there = (
        arm_posterior(
            arm_data("mean-difference", STUDY, names, mean=MEAN, se=SE, reference=reference),
            half_normal(0.5),
            baselines="random",
            baseline_prior=half_normal(1.0),
        )
        for names, reference in ((TREATMENT, "a"), (renamed, "z"))
    )
    for pair, other in (("ba", "yz"), ("cb", "xy")):
        assert here.contrast(*pair).mean == pytest.approx(there.contrast(*other).mean, abs=1e-6)
        assert here.contrast(*pair).cri_low == pytest.approx(there.contrast(*other).cri_low, abs=1e-5)


@pytest.mark.parametrize("scales", [(0.0, 0.7), (0.4, 0.0), (0.0, 0.0), (0.4, 0.7)])
def test_loadings_square_to_the_covariance_of_the_arms(scales: tuple[float, float]) -> None:
    tau, spread = scales
    data = with_exchangeable_baselines(network())
    assert [len(group.design) for group in data.groups] == [2, 1, 1]
    for group in data.groups:
        assert isinstance(group, ExchangeableGroup)
        loading = group.loading(np.array([scales]))[0]
        random = np.ones(group.n_arms)
        random[0] = 0.0 if group.has_reference else 1.0
        expected = spread**2 + tau**2 * np.outer(random, random) * (np.eye(group.n_arms) + 1) / 2
        np.testing.assert_allclose(loading @ loading.T, expected, atol=1e-14)


def network() -> ArmData:
    return arm_data("mean-difference", STUDY, TREATMENT, mean=MEAN, se=SE)


def test_weights_that_cannot_be_trusted_are_refused() -> None:
    data = arm_data("odds-ratio", ["s", "s"], ["a", "b"], events=[0, 3], n=[3, 3])
    with pytest.raises(ConvergenceError, match=r"Pareto k is .* and at most 0\.7 can be trusted"):
        arm_posterior(data, None, baselines="random", baseline_prior=exactly(100.0), effect_sd=100.0, baseline_sd=100.0)


def test_errors() -> None:
    with pytest.raises(UnknownTermError, match="kind of baselines called 'randm'"):
        arm_posterior(network(), None, baselines="randm")  # type: ignore[arg-type]
    with pytest.raises(NotEstimableError, match="only with them"):
        arm_posterior(network(), None, baselines="random")
    with pytest.raises(NotEstimableError, match="only with them"):
        arm_posterior(network(), None, baseline_prior=half_normal(1))
    with pytest.raises(NotEstimableError, match="fixed baselines have no standard deviation"):
        _ = arm_posterior(network(), None).baseline_spread
