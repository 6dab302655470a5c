r"""The posterior of ``arm_level``, sampled: the No-U-Turn sampler of nutpie as its judge.

The model is that of ``likelihoods``, in the coordinates that a sampler likes: effects :math:`d`, baselines
:math:`\mu`, standardised random effects :math:`u` and the logarithm (under a bounded prior the logit) of
:math:`\tau`. The sampler sees a function and its gradient, so there is nothing to compile and no modelling
language to install; ``validation/nuts`` holds the same models written a second time in PyMC.

Slower than the deterministic posterior by a factor of a hundred and never the default: for models and priors
where its Pareto diagnostic refuses, and to check it. A run that has not mixed is refused here too.

References: hoffman-2014 (sampler), vehtari-2021 (diagnostics).
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.synthesis.bayes import ContrastPosterior
from equipoise.synthesis.gls import Array
from equipoise.synthesis.likelihoods import ArmData
from equipoise.synthesis.mixing import FEWEST_EFFECTIVE_PER_CHAIN, LARGEST_R_HAT, Mixing, mixing
from equipoise.synthesis.priors import TauPrior
from equipoise.vocabulary.errors import ConvergenceError, RequestError, ShapeError, UnknownTermError

_DIFFERENCE = 1e-5  # step for the slope of a prior, whose density is given without one
_JITTER = 0.1  # chains start this far apart on every coordinate: different, and within reach of the data


@dataclass(frozen=True)
class SampledPosterior:
    """Draws from the posterior of a network of arms, all chains mixed.

    Attributes
    ----------
    data
        The arms.
    level
        Level of the credible and predictive intervals.
    effects
        Effects of all treatments against the reference. Shape (C, D, T).
    tau
        Between-study standard deviation; zeros under the common-effect model. Shape (C, D).
    mixed
        Convergence of every effect, by treatment, and of ``tau``.
    seed
        The seed that makes the same draws again with the same version of the sampler.
    sampler
        Name and version of the sampler.
    """

    data: ArmData
    level: float
    effects: Array
    tau: Array
    mixed: dict[str, Mixing]
    seed: int
    sampler: str

    def draws(self, treatment: str, reference: str) -> Array:
        """Draws of one contrast. Shape (C, D).

        Raises
        ------
        UnknownTermError
            If a name is not a treatment of the network.
        """
        for name in (treatment, reference):
            if name not in self.data.treatments:
                raise UnknownTermError("treatment", name, self.data.treatments)
        i, j = (self.data.treatments.index(name) for name in (treatment, reference))
        contrast: Array = self.effects[:, :, i] - self.effects[:, :, j]
        return contrast

    def contrast(self, treatment: str, reference: str) -> ContrastPosterior:
        """Posterior of one contrast; its predictive interval uses one new trial per draw, from the same seed."""
        x = self.draws(treatment, reference)
        new_trial = x + self.tau * np.random.default_rng(self.seed).standard_normal(x.shape)
        tail = (1 - self.level) / 2
        median, cri_low, cri_high = np.quantile(x, [0.5, tail, 1 - tail]).tolist()
        pi_low, pi_high = np.quantile(new_trial, [tail, 1 - tail]).tolist()
        return ContrastPosterior(
            treatment=treatment,
            reference=reference,
            mean=float(x.mean()),
            sd=float(x.std(ddof=1)),
            median=median,
            cri_low=cri_low,
            cri_high=cri_high,
            pi_low=pi_low,
            pi_high=pi_high,
            below_null=float((x < 0).mean()),
        )


class LogPosterior:
    """Log posterior density of a network of arms and its gradient, in unbounded coordinates.

    Parameters
    ----------
    data
        The arms.
    prior
        Prior on tau; None for the common-effect model.
    effect_sd, baseline_sd
        Standard deviations of the normal priors, mean zero, on effects and on baselines.
    """

    def __init__(self, data: ArmData, prior: TauPrior | None, effect_sd: float, baseline_sd: float) -> None:
        self.data, self.prior = data, prior
        self.effect_sd, self.baseline_sd = effect_sd, baseline_sd
        self.n_effects = len(data.parameters)
        sizes = [len(g.design) * (g.n_arms if prior else 1) for g in data.groups]
        self.dimension = self.n_effects + sum(sizes) + (1 if prior else 0)
        ends = np.cumsum([self.n_effects, *sizes]).tolist()
        self._parts = [slice(first, last) for first, last in itertools.pairwise(ends)]

    def __call__(self, x: Array) -> tuple[float, Array]:
        """Density up to a constant, and its gradient. Shape (dimension,)."""
        gradient = np.zeros(self.dimension)
        effects = x[: self.n_effects]
        value = -0.5 * float(effects @ effects) / self.effect_sd**2
        gradient[: self.n_effects] = -effects / self.effect_sd**2
        tau, slope, tau_slope = 0.0, 0.0, 0.0
        if self.prior:
            tau, slope, log_prior, gradient[-1] = self._tau(x[-1])
            value += log_prior
        for group, part in zip(self.data.groups, self._parts, strict=True):
            latent = x[part].reshape(len(group.design), -1)
            baseline, u = latent[:, :1], latent[:, 1:]
            spread = np.zeros(group.design.shape[:2])
            if self.prior:
                spread[:, 1:] = u @ group.root.T
            eta = group.design @ effects + baseline + tau * spread
            pull, _ = group.likelihood.derivatives(eta)
            value += float(group.likelihood.value(eta).sum())
            value -= 0.5 * float(np.sum(baseline**2) / self.baseline_sd**2 + np.sum(u**2))
            gradient[: self.n_effects] += np.einsum("skp,sk->p", group.design, pull)
            to_baseline = pull.sum(axis=1, keepdims=True) - baseline / self.baseline_sd**2
            to_u = tau * pull[:, 1:] @ group.root - u if self.prior else u
            gradient[part] = np.hstack([to_baseline, to_u]).ravel()
            tau_slope += float(np.sum(pull * spread))
        if self.prior:
            gradient[-1] += slope * tau_slope
        return value, gradient

    def tau(self, x: Array) -> float:
        """Tau at a point; zero under the common-effect model."""
        return self._tau(x[-1])[0] if self.prior else 0.0

    def start(self, seed: int) -> Array:
        """A point near the data, other for every seed."""
        x = np.zeros(self.dimension)
        for group, part in zip(self.data.groups, self._parts, strict=True):
            x[part].reshape(len(group.design), -1)[:, 0] = group.likelihood.start().mean(axis=1)
        if self.prior and math.isinf(self.prior.upper):
            x[-1] = math.log(self.prior.scale)
        return np.asarray(x + _JITTER * np.random.default_rng(seed).standard_normal(len(x)))

    def _tau(self, v: float) -> tuple[float, float, float, float]:
        """Tau, its slope, and the log prior density of the coordinate with its slope."""
        log_prior, up, down = (self._log_prior(v + h) for h in (0.0, _DIFFERENCE, -_DIFFERENCE))
        tau, slope = self._to_tau(v)
        return tau, slope, log_prior, (up - down) / (2 * _DIFFERENCE)

    def _to_tau(self, v: float) -> tuple[float, float]:
        upper = self.prior.upper if self.prior else math.inf
        if math.isinf(upper):
            tau = math.exp(v)
            return tau, tau
        share = 1 / (1 + math.exp(-v))
        return upper * share, upper * share * (1 - share)

    def _log_prior(self, v: float) -> float:
        if self.prior is None:
            return 0.0
        tau, slope = self._to_tau(v)
        return float(self.prior.log_density(np.array([tau]))[0]) + math.log(slope)


def sample(
    data: ArmData,
    prior: TauPrior | None,
    *,
    seed: int,
    effect_sd: float = 10.0,
    baseline_sd: float = 10.0,
    level: float = 0.95,
    chains: int = 4,
    draws: int = 2000,
    tune: int = 1000,
    target_accept: float = 0.95,
) -> SampledPosterior:
    """Sample the posterior of a network of arms.

    Parameters
    ----------
    data, prior, effect_sd, baseline_sd, level
        As for ``arm_posterior``.
    seed
        Seed of all chains; there is no default, so that every published run can be repeated.
    chains, draws, tune
        Chains, draws kept from each, and steps of adaptation before them.
    target_accept
        Acceptance that the step size is adapted to; nearer to 1 is slower and diverges less.

    Returns
    -------
    SampledPosterior
        Only if every effect and tau have mixed and no step diverged.

    Raises
    ------
    RequestError
        If the sampler is not installed.
    ShapeError
        If the level is not between 0 and 1, or there are fewer than two chains or eight draws.
    ConvergenceError
        If a step diverged, or an R-hat or effective size is beyond its limit; see ``mixing``.
    """
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    if chains < 2 or draws < 8:
        raise ShapeError(f"{chains} chains of {draws} draws cannot be judged; at least 2 of 8 are needed.")
    nutpie = load_sampler()
    target = LogPosterior(data, prior, effect_sd, baseline_sd)
    trace = _run(nutpie, target, seed=seed, chains=chains, draws=draws, tune=tune, target_accept=target_accept)
    effects = np.zeros((chains, draws, len(data.treatments)))
    effects[:, :, [data.treatments.index(name) for name in data.parameters]] = trace.posterior["effects"].to_numpy()
    tau = np.asarray(trace.posterior["tau"].to_numpy(), dtype=float)
    judged = {name: effects[:, :, data.treatments.index(name)] for name in data.parameters}
    if prior:
        judged["tau"] = tau
    mixed = {name: mixing(values) for name, values in judged.items()}
    require_mixed(mixed, int(trace.sample_stats["diverging"].to_numpy().sum()), n_chains=chains)
    return SampledPosterior(data, level, effects, tau, mixed, seed, f"nutpie {nutpie.__version__}")


def require_mixed(mixed: dict[str, Mixing], divergences: int, *, n_chains: int) -> None:
    """Refuse chains that have not mixed.

    Raises
    ------
    ConvergenceError
        Naming every quantity beyond a limit, and the divergent steps.
    """
    bad = [
        f"{name} (R-hat {m.r_hat:.3f}, effective draws {m.bulk:.0f} bulk and {m.tail:.0f} tail)"
        for name, m in mixed.items()
        if not m.is_trusted(n_chains)
    ]
    if divergences:
        bad.append(f"{divergences} divergent steps")
    if bad:
        raise ConvergenceError(
            f"the chains have not mixed: {'; '.join(bad)}.\n"
            f"  Needed: R-hat below {LARGEST_R_HAT}, {FEWEST_EFFECTIVE_PER_CHAIN * n_chains} effective draws, "
            "no divergent step.\n"
            "  Try: more draws and tuning, target_accept nearer to 1, or a tighter prior on tau."
        )


def load_sampler() -> Any:
    """Import nutpie, which only the extra ``mcmc`` installs.

    Raises
    ------
    RequestError
        If it is not there.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # arviz announces its next version at every import
            import nutpie
    except ImportError:
        raise RequestError(
            "the sampler is not installed.\n"
            "  Try: pip install 'equipoise[mcmc]', or arm_posterior, which needs no sampler."
        ) from None
    return nutpie


def _run(
    nutpie: Any, target: LogPosterior, *, seed: int, chains: int, draws: int, tune: int, target_accept: float
) -> Any:
    """Run the chains and return what the sampler returns."""

    def make_expand(*_: int) -> Callable[[Array], dict[str, Array]]:
        return lambda x, **_: {"effects": x[: target.n_effects].copy(), "tau": np.array(target.tau(x))}

    model = nutpie.compiled_pyfunc.from_pyfunc(
        target.dimension,
        lambda: target,
        make_expand,
        [np.dtype("float64"), np.dtype("float64")],
        [(target.n_effects,), ()],
        ["effects", "tau"],
        make_initial_point_fn=lambda chain_seed: target.start(int(chain_seed)),
    )
    return nutpie.sample(
        model,
        draws=draws,
        tune=tune,
        chains=chains,
        seed=seed,
        save_warmup=False,
        progress_bar=False,
        target_accept=target_accept,
    )
