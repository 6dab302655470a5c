r"""Likelihoods of arms, and the trials of a network prepared for them.

Trial i has a baseline :math:`\mu_i`; arm k has the linear predictor
:math:`\eta_{ik} = \mu_i + x_{ik}'d + \tau (L u_i)_k`, with :math:`u_i` standard normal, :math:`LL' = U` and
no random part in the baseline arm. The likelihoods are log-concave in :math:`\eta`, so every mode that
Newton's method looks for exists once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.synthesis.arms import as_measure, check_counts, check_means
from equipoise.synthesis.gls import Array, heterogeneity_structure
from equipoise.synthesis.network import Network, Trial, design_matrix
from equipoise.vocabulary.errors import NetworkError, NotEstimableError, ShapeError
from equipoise.vocabulary.measures import Measure


class Likelihood(Protocol):
    """Log likelihood of arms as a function of their linear predictors."""

    def value(self, eta: Array) -> Array:
        """Log likelihood of each arm, up to a constant. Shape as ``eta``: (..., S, k)."""

    def derivatives(self, eta: Array) -> tuple[Array, Array]:
        """First derivative, and the second with its sign turned. Shapes as ``eta``."""

    def start(self) -> Array:
        """A predictor near the data. Shape (S, k)."""

    def take(self, trials: NDArray[np.intp], arms: NDArray[np.intp]) -> Likelihood:
        """The same of some trials, arms in another order. Shapes (S', 1) and (S', k)."""


@dataclass(frozen=True)
class Binomial:
    """Events among people, logit link: effects are log odds ratios."""

    events: Array
    n: Array

    def value(self, eta: Array) -> Array:
        """Log likelihood of each arm."""
        # Far faster than logaddexp or log1p; what is lost is below the rounding error of one.
        softplus = np.maximum(eta, 0.0) + np.log(1.0 + np.exp(-np.abs(eta)))
        terms: Array = self.events * eta - self.n * softplus
        return terms

    def derivatives(self, eta: Array) -> tuple[Array, Array]:
        """First and negative second derivative."""
        p = 1 / (1 + np.exp(-eta))
        return self.events - self.n * p, self.n * p * (1 - p)

    def start(self) -> Array:
        """Empirical logits."""
        odds: Array = np.log((self.events + 0.5) / (self.n - self.events + 0.5))
        return odds

    def take(self, trials: NDArray[np.intp], arms: NDArray[np.intp]) -> Binomial:
        """Some trials, arms reordered."""
        return Binomial(self.events[trials, arms], self.n[trials, arms])


@dataclass(frozen=True)
class Poisson:
    """Events over person-time, log link: effects are log rate ratios."""

    events: Array
    person_time: Array

    def value(self, eta: Array) -> Array:
        """Log likelihood of each arm."""
        terms: Array = self.events * eta - self.person_time * np.exp(np.minimum(eta, 500.0))
        return terms

    def derivatives(self, eta: Array) -> tuple[Array, Array]:
        """First and negative second derivative."""
        expected = self.person_time * np.exp(np.minimum(eta, 500.0))
        return self.events - expected, expected

    def start(self) -> Array:
        """Empirical log rates."""
        rates: Array = np.log((self.events + 0.5) / self.person_time)
        return rates

    def take(self, trials: NDArray[np.intp], arms: NDArray[np.intp]) -> Poisson:
        """Some trials, arms reordered."""
        return Poisson(self.events[trials, arms], self.person_time[trials, arms])


@dataclass(frozen=True)
class Normal:
    """Means with known standard errors, identity link: effects are mean differences."""

    mean: Array
    variance: Array

    def value(self, eta: Array) -> Array:
        """Log likelihood of each arm."""
        terms: Array = -0.5 * (self.mean - eta) ** 2 / self.variance
        return terms

    def derivatives(self, eta: Array) -> tuple[Array, Array]:
        """First and negative second derivative."""
        return (self.mean - eta) / self.variance, np.broadcast_to(1 / self.variance, eta.shape)

    def start(self) -> Array:
        """The means."""
        return self.mean

    def take(self, trials: NDArray[np.intp], arms: NDArray[np.intp]) -> Normal:
        """Some trials, arms reordered."""
        return Normal(self.mean[trials, arms], self.variance[trials, arms])


@dataclass(frozen=True)
class TrialGroup:
    """Trials with the same number of arms.

    Attributes
    ----------
    likelihood
        Of all their arms, shape (S, k) inside.
    design
        Effects in the predictor of each arm; zero for the baseline arm. Shape (S, k, P).
    root
        Cholesky factor of the random part of the other arms per unit of tau. Shape (k - 1, k - 1).
    """

    likelihood: Likelihood
    design: Array
    root: Array

    @property
    def n_arms(self) -> int:
        """Arms per trial."""
        return int(self.design.shape[1])

    def loading(self, tau: Array) -> Array:
        """Predictor per unit of (mu, u): a column of ones, then the random part. Shapes (N,) to (N, k, k)."""
        k = self.n_arms
        loading = np.zeros((len(tau), k, k))
        loading[:, :, 0] = 1.0
        loading[:, 1:, 1:] = tau[:, None, None] * self.root
        return loading


@dataclass(frozen=True)
class ArmData:
    """A network of arms: groups of trials, and the names of treatments and parameters."""

    groups: tuple[TrialGroup, ...]
    treatments: tuple[str, ...]
    reference: str
    measure: Measure

    @property
    def parameters(self) -> tuple[str, ...]:
        """Treatments whose effect against the reference is a coefficient. Length P."""
        return tuple(name for name in self.treatments if name != self.reference)


def arm_data(
    measure: Measure | str,
    study: Sequence[str],
    treatment: Sequence[str],
    *,
    reference: str = "",
    events: ArrayLike | None = None,
    n: ArrayLike | None = None,
    person_time: ArrayLike | None = None,
    mean: ArrayLike | None = None,
    se: ArrayLike | None = None,
) -> ArmData:
    """Prepare arms for an exact likelihood; no cell is corrected and no trial with two arms is dropped.

    Parameters
    ----------
    measure
        ``odds-ratio`` (``events, n``), ``rate-ratio`` (``events, person_time``) or ``mean-difference``
        (``mean, se``).
    study, treatment
        Trial and treatment of each arm, in any order. Length = arms.
    reference
        Treatment that the effects are written against; the first in the alphabet if empty.
    events, n, person_time, mean, se
        One number per arm, those that the measure needs. Shape (arms,).

    Raises
    ------
    ShapeError
        If a column is missing or differs in length.
    NotEstimableError
        If the measure has no likelihood here, or a number is impossible.
    NetworkError
        If an arm stands twice in one trial, a trial has one arm, or the network is in pieces.
    """
    measure = as_measure(measure)
    given = {"events": events, "n": n, "person_time": person_time, "mean": mean, "se": se}
    names = _COLUMNS.get(measure)
    if names is None:
        raise NotEstimableError(
            f"there is no likelihood of arms for a {measure.value}.\n"
            f"  Known here: {', '.join(known.value for known in _COLUMNS)}; use contrasts for the others."
        )
    columns = []
    for name in names:
        column = given[name]
        if column is None:
            raise ShapeError(f"a {measure.value} from arms needs the column '{name}'.")
        columns.append(np.asarray(column, dtype=float))
    if len({len(study), len(treatment), *(column.size for column in columns)}) != 1 or not len(study):
        raise ShapeError(
            "the columns of the arms differ in length, or are empty.\n  Needed: one value per arm in each."
        )
    _check_columns(measure, columns, [str(name) for name in study])
    trials = _sorted_trials(study, treatment)
    network = _skeleton(trials, measure, reference)
    network.require_connected()
    by_size: dict[int, list[str]] = {}
    for name, arms in trials.items():
        by_size.setdefault(len(arms), []).append(name)
    groups = tuple(_group(measure, columns, trials, members, network) for _, members in sorted(by_size.items()))
    return ArmData(groups, network.treatments, network.reference, measure)


_COLUMNS: Mapping[Measure, tuple[str, str]] = {
    Measure.ODDS_RATIO: ("events", "n"),
    Measure.RATE_RATIO: ("events", "person_time"),
    Measure.MEAN_DIFFERENCE: ("mean", "se"),
}


def _check_columns(measure: Measure, columns: list[Array], names: list[str]) -> None:
    if measure is Measure.MEAN_DIFFERENCE:
        check_means(columns[0], columns[1], np.full(len(names), 2.0), names)
    else:
        check_counts(columns[0], columns[1], names, at_most_people=measure is Measure.ODDS_RATIO)


def _sorted_trials(study: Sequence[str], treatment: Sequence[str]) -> dict[str, dict[str, int]]:
    """Row of each arm, by trial and treatment in alphabetical order."""
    trials: dict[str, dict[str, int]] = {}
    for row, (name, arm) in enumerate(zip(map(str, study), map(str, treatment), strict=True)):
        if arm in trials.setdefault(name, {}):
            raise NetworkError(f"trial '{name}' has two arms called '{arm}'.\n  Try: add them together first.")
        trials[name][arm] = row
    for name, arms in trials.items():
        if len(arms) < 2:
            raise NetworkError(f"trial '{name}' has one arm, which compares nothing.\n  Try: leave it out.")
    return {name: dict(sorted(arms.items())) for name, arms in sorted(trials.items())}


def _skeleton(trials: Mapping[str, Mapping[str, int]], measure: Measure, reference: str) -> Network:
    """The graph of the network, its numbers not yet known."""
    return Network(
        tuple(
            Trial(name, tuple(arms), np.zeros(len(arms) - 1), heterogeneity_structure(len(arms) - 1))
            for name, arms in trials.items()
        ),
        measure,
        reference,
    )


def _group(
    measure: Measure,
    columns: list[Array],
    trials: Mapping[str, Mapping[str, int]],
    members: list[str],
    network: Network,
) -> TrialGroup:
    by_name = {trial.study: trial for trial in network.trials}
    rows = np.array([list(trials[name].values()) for name in members])
    first, second = columns[0][rows], columns[1][rows]
    likelihoods: dict[Measure, Likelihood] = {
        Measure.ODDS_RATIO: Binomial(first, second),
        Measure.RATE_RATIO: Poisson(first, second),
        Measure.MEAN_DIFFERENCE: Normal(first, second**2),
    }
    k = rows.shape[1]
    design = np.zeros((len(members), k, len(network.parameters)))
    for i, name in enumerate(members):
        design[i, 1:] = design_matrix(by_name[name], network.parameters)
    root = np.asarray(np.linalg.cholesky(heterogeneity_structure(k - 1)), dtype=float)
    return TrialGroup(likelihoods[measure], design, root)
