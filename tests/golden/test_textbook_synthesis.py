"""The library against the textbook: dense matrices, root finders and sums over paths that share no code with it.

Random networks (stars, loops, few trials, trials of up to four arms), the same every time. Contrasts of all pairs go
in, in any order and either direction. Worst difference seen on 420 networks of two seeds: 2e-12 relative.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, optimize, stats
from scipy.linalg import block_diag

from equipoise.synthesis import (
    Network,
    contribution,
    decompose_q,
    fit,
    half_normal,
    network_from_contrasts,
    node_splits,
    p_scores,
    posterior,
)

Array = NDArray[np.float64]
SHAPES = ("star", "loop", "few", "multi")


def near(expected: object) -> object:
    """Equal to eight digits."""
    return pytest.approx(expected, rel=1e-8, abs=1e-10)


@dataclass
class Arms:
    """Arms of all trials, and the dense matrices of the textbook."""

    names: list[str]
    rows: list[tuple[str, list[str], Array, Array]]

    def matrices(self) -> tuple[Array, Array, Array, Array]:
        """Contrasts against the first arm, their design, sampling covariance and structure of tau2."""
        y, x, v, u = [], [], [], []
        for _, arms, means, variances in self.rows:
            k = len(arms) - 1
            against = np.hstack([-np.ones((k, 1)), np.eye(k)])
            place = np.array([[float(name == arm) for name in self.names[1:]] for arm in arms])
            y.append(against @ means)
            x.append(against @ place)
            v.append(against @ np.diag(variances) @ against.T)
            u.append(against @ against.T / 2)
        return np.concatenate(y), np.vstack(x), block_diag(*v), block_diag(*u)

    def by_design(self) -> Array:
        """Design matrix in which every set of arms has effects of its own."""
        sets = sorted({tuple(sorted(arms)) for _, arms, _, _ in self.rows})
        columns = [(design, arm) for design in sets for arm in design[1:]]
        rows = []
        for _, arms, _, _ in self.rows:
            design = tuple(sorted(arms))
            place = [[float(column == (design, arm)) for column in columns] for arm in arms]
            rows += [np.subtract(one, place[0]) for one in place[1:]]
        return np.array(rows)

    def network(self, rng: np.random.Generator) -> Network:
        """Every pair of arms as a contrast, in any order and either direction."""
        found = []
        for study, arms, means, variances in self.rows:
            for i, j in itertools.combinations(range(len(arms)), 2):
                a, b = (i, j) if rng.random() < 0.5 else (j, i)
                found.append((study, arms[a], arms[b], means[a] - means[b], math.sqrt(variances[a] + variances[b])))
        order = rng.permutation(len(found))
        columns: list[list[Any]] = [list(column) for column in zip(*(found[i] for i in order), strict=True)]
        return network_from_contrasts("mean-difference", *columns, reference=self.names[0])


def arms_of(shape: str, rng: np.random.Generator) -> Arms:
    t = {"star": 6, "loop": 5, "few": 3, "multi": 6}[shape]
    sets: list[tuple[int, ...]] = [(i - 1, i) for i in range(1, t)]
    if shape == "star":
        sets = [*((0, i) for i in range(1, t)), *((0, int(rng.integers(1, t))) for _ in range(4))]
    elif shape == "loop":
        sets = [*sets, (t - 1, 0), (0, 1), (1, 2)]
    elif shape == "few":
        sets = [(0, 1), (1, 2), (0, 2), (0, 1, 2)]
    else:
        sets += [tuple(rng.choice(t, int(rng.integers(2, 5)), replace=False).tolist()) for _ in range(8)]
    names, true = [f"t{i}" for i in range(t)], rng.normal(0, 0.7, t)
    tau, rows = float(rng.choice([0.0, 0.1, 0.4])), []
    for i, members in enumerate(sets):
        v = rng.uniform(0.005, 0.2, len(members))
        means = true[list(members)] + rng.normal(0, 1, len(members)) * np.sqrt(v + tau**2 / 2)
        rows.append((f"s{i:02d}", [names[m] for m in members], means, v))
    return Arms(names, rows)


@pytest.fixture(params=[(shape, seed) for shape in SHAPES for seed in range(5)], ids=str)
def case(request: pytest.FixtureRequest) -> tuple[Arms, Network]:
    shape, seed = request.param
    rng = np.random.default_rng([SHAPES.index(shape), seed])
    arms = arms_of(shape, rng)
    return arms, arms.network(rng)


def least_squares(y: Array, x: Array, sigma: Array) -> tuple[Any, Any, float, Any]:
    """Effects, covariance, residual Q and the projection P."""
    w = np.linalg.inv(sigma)
    covariance = np.linalg.inv(x.T @ w @ x)
    effects = covariance @ x.T @ w @ y
    residual = y - x @ effects
    return effects, covariance, float(residual @ w @ residual), w - w @ x @ covariance @ x.T @ w


def tau2_of(method: str, y: Array, x: Array, v: Array, u: Array) -> float:
    """The five estimators from their definitions."""
    df = len(y) - x.shape[1]
    if method == "common":
        return 0.0
    if method == "dl":
        _, _, q, p = least_squares(y, x, v)
        return float(max(0.0, (q - df) / float(np.trace(p @ u))))

    def score(tau2: float) -> float:
        effects, _, q, p = least_squares(y, x, v + tau2 * u)
        if method == "pm":
            return float(q - df)
        w = np.linalg.inv(v + tau2 * u)
        pull = w @ (y - x @ effects)
        return float(pull @ u @ pull) - float(np.trace((p if method == "reml" else w) @ u))

    return root(score)


def root(score: Callable[[float], float]) -> float:
    """The only root of these networks' scores; zero where the score begins below it."""
    grid = np.concatenate([[0.0], np.logspace(-9, 2, 120)])
    signs = [score(float(tau2)) > 0 for tau2 in grid]
    crossings = [i for i in range(len(grid) - 1) if signs[i] and not signs[i + 1]]
    if not crossings:
        return 0.0
    assert len(crossings) == 1
    assert signs[0]
    return float(optimize.brentq(score, grid[crossings[0]], grid[crossings[0] + 1], xtol=1e-15, rtol=1e-14))


def all_pairs(effects: Array, covariance: Array) -> tuple[Array, Array]:
    """Every difference and its standard error, the reference put in front."""
    d = np.concatenate([[0.0], effects])
    c = np.pad(covariance, ((1, 0), (1, 0)))
    return d[:, None] - d, np.sqrt(np.maximum(np.diag(c)[:, None] + np.diag(c) - 2 * c, 0))


@pytest.mark.parametrize("method", ["common", "dl", "reml", "ml", "pm"])
def test_effects_heterogeneity_intervals_ranks_and_splits(case: tuple[Arms, Network], method: str) -> None:
    arms, network = case
    y, x, v, u = arms.matrices()
    tau2, df = tau2_of(method, y, x, v, u), len(y) - x.shape[1]
    found = fit(network, model="common") if method == "common" else fit(network, tau2_method=method)  # type: ignore[arg-type]
    assert found.tau2 == near(tau2)
    effects, covariance, residual_q, _ = least_squares(y, x, v + tau2 * u)
    difference, se = all_pairs(effects, covariance)
    np.testing.assert_allclose(found.effects, difference, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found.se, se, rtol=1e-8)
    q = least_squares(y, x, v)[2]
    assert (found.q, found.q_df, found.q_p) == near((q, df, stats.chi2.sf(q, df)))
    if method != "common" and df >= 2:
        half = stats.t.ppf(0.975, df) * np.sqrt(se**2 + tau2)
        assert found.pi_half_width is not None
        np.testing.assert_allclose(found.pi_half_width, half, rtol=1e-8)
    rescaled = fit(network, tau2=tau2, inference="hartung-knapp").contrast(arms.names[1], arms.names[0])
    half_width = stats.t.ppf(0.975, df) * se[1, 0] * math.sqrt(residual_q / df)
    assert rescaled.ci_high - rescaled.estimate == pytest.approx(half_width, rel=1e-7)
    scores = p_scores(found, smaller_is_better=True)
    for i, name in enumerate(arms.names):
        others = [j for j in range(len(arms.names)) if j != i]
        expected = np.mean([stats.norm.cdf(difference[j, i] / se[j, i]) for j in others])
        assert scores[name] == near(float(expected))
    for split in node_splits(found):
        i, j = arms.names.index(split.treatment), arms.names.index(split.reference)
        trials = [(a, m, w) for _, a, m, w in arms.rows if {split.treatment, split.reference} <= set(a)]
        if not trials:
            assert split.direct is None
            continue
        places = [(a.index(split.treatment), a.index(split.reference), m, w) for a, m, w in trials]
        estimates = np.array([m[p] - m[r] for p, r, m, _ in places])
        weights = 1 / np.array([w[p] + w[r] + tau2 for p, r, _, w in places])
        direct, precision = float(weights @ estimates / weights.sum()), float(weights.sum())
        assert (split.direct, split.direct_se) == near((direct, precision**-0.5))
        rest = 1 / se[i, j] ** 2 - precision
        if rest < 1e-6 * precision:
            assert split.indirect is None
            continue
        indirect = (difference[i, j] / se[i, j] ** 2 - direct * precision) / rest
        assert (split.indirect, split.indirect_se) == pytest.approx((indirect, rest**-0.5), rel=1e-7, abs=1e-9)
        z = (direct - indirect) / math.sqrt(1 / precision + 1 / rest)
        assert split.p == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-6)


def test_q_within_and_between_designs(case: tuple[Arms, Network]) -> None:
    arms, network = case
    y, x, v, u = arms.matrices()
    free = arms.by_design()
    found = decompose_q(network, tau2_method="dl")
    total, within = least_squares(y, x, v)[2], least_squares(y, free, v)[2]
    assert found.within.df == len(y) - free.shape[1]
    assert found.between.df == free.shape[1] - x.shape[1]
    if found.within.df:
        assert found.within.statistic == near(within)
    if found.between.df:
        tau2 = tau2_of("dl", y, free, v, u) if found.within.df else 0.0
        tested = least_squares(y, x, v + tau2 * u)[2] - least_squares(y, free, v + tau2 * u)[2]
        assert found.between.statistic == near(total - within)
        assert found.design_by_treatment.statistic == near(tested)


def test_contributions_are_sums_over_all_paths(case: tuple[Arms, Network]) -> None:
    arms, network = case
    tau2 = 0.1
    laplacian = np.zeros((len(arms.names),) * 2)
    for _, members, _, variances in arms.rows:
        k = len(members) - 1
        against = np.hstack([-np.ones((k, 1)), np.eye(k)])
        place = np.array([[float(name == arm) for name in arms.names] for arm in members])
        sigma = against @ np.diag(variances) @ against.T + tau2 * against @ against.T / 2
        laplacian += place.T @ against.T @ np.linalg.inv(sigma) @ against @ place
    found = contribution(fit(network, tau2=tau2))
    edges = [(arms.names.index(a), arms.names.index(b)) for a, b in found.comparisons]
    for (a, b), shares in zip(found.contrasts, found.shares, strict=True):
        start, end = arms.names.index(a), arms.names.index(b)
        potential = np.linalg.pinv(laplacian) @ (np.eye(len(arms.names))[start] - np.eye(len(arms.names))[end])
        flow = {edge: float(-laplacian[edge] * (potential[edge[0]] - potential[edge[1]])) for edge in edges}
        assert shares.tolist() == pytest.approx(walks(flow, start, end), rel=1e-6, abs=1e-8)


def walks(flow: dict[tuple[int, int], float], start: int, end: int) -> list[float]:
    """Share of each edge: over all paths along the flow, the probability of the path over its length."""
    leaving: dict[int, list[tuple[int, float]]] = {}
    for (a, b), amount in flow.items():
        if abs(amount) > 1e-10:
            leaving.setdefault(a if amount > 0 else b, []).append((b if amount > 0 else a, abs(amount)))
    shares = dict.fromkeys(flow, 0.0)
    paths = [([start], 1.0)]
    while paths:
        path, probability = paths.pop()
        if path[-1] == end:
            for a, b in itertools.pairwise(path):
                shares[min(a, b), max(a, b)] += probability / (len(path) - 1)
            continue
        out = leaving[path[-1]]
        total = sum(amount for _, amount in out)
        paths += [([*path, there], probability * amount / total) for there, amount in out]
    return list(shares.values())


def test_the_posterior_by_brute_force_over_tau(case: tuple[Arms, Network]) -> None:
    arms, network = case
    y, x, v, u = arms.matrices()
    log_tau = np.linspace(math.log(1e-9), math.log(8.0), 2501)
    tau, log_density, means, variances = np.exp(log_tau), [], [], []
    for one in tau:
        effects, covariance, q, _ = least_squares(y, x, v + one**2 * u)
        log_density.append(0.5 * (np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(v + one**2 * u)[1] - q))
        means.append(effects[0])
        variances.append(covariance[0, 0])
    mean, variance = np.array(means), np.array(variances)
    weight = np.exp(np.array(log_density) - max(log_density)) * stats.halfnorm.pdf(tau, scale=0.5) * tau

    def average(values: Array) -> float:
        return float(integrate.simpson(weight * values, x=log_tau) / integrate.simpson(weight, x=log_tau))

    found = posterior(network, half_normal(0.5))
    contrast = found.contrast(arms.names[1], arms.names[0])
    centre = average(mean)
    assert found.tau.mean == pytest.approx(average(tau), rel=1e-6)
    assert contrast.mean == pytest.approx(centre, rel=1e-6, abs=1e-8)
    assert contrast.sd == pytest.approx(math.sqrt(average(variance + (mean - centre) ** 2)), rel=1e-6)
    for limit, mass in ((contrast.cri_low, 0.025), (contrast.median, 0.5), (contrast.cri_high, 0.975)):
        assert average(stats.norm.cdf((limit - mean) / np.sqrt(variance))) == pytest.approx(mass, abs=1e-7)
