r"""The posterior of tau by quadrature, and everything else given tau.

Given tau the model is a linear regression with known variances: its posterior is normal and known in
closed form. So only tau is integrated, over Gauss-Legendre panels laid between the quantiles of a coarse
scan. No sampling, no seed, no convergence to watch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.gls import Array, Rows
from equipoise.synthesis.priors import TauPrior
from equipoise.synthesis.quadrature import legendre_rule, legendre_values
from equipoise.vocabulary.errors import ConvergenceError, NotEstimableError

_SCAN_POINTS = 160
_SLOW_SCAN_POINTS = 64  # the panels need not lie exactly at their masses
_SCAN_DECADES = 6.0
_SCAN_DEPTH = 35.0  # exp(-35) is below the rounding error of the total
_NODES_PER_PANEL = 8
# A tail is long where this last mass of the posterior holds more than this share of the second moment of tau.
_LAST_MASS, _LARGEST_LAST_SHARE = 1e-4, 0.02
# Masses between which the panels lie; the tails beyond the first and last are left out.
_PANEL_MASSES = (1e-3, 0.05, 0.3, 0.7, 0.95, 0.995, 0.9999, 1 - 1e-7, 1 - 1e-10)


@dataclass(frozen=True)
class GridFit:
    """Linear regressions at many values of tau at once.

    Attributes
    ----------
    tau
        Shape (N,).
    beta
        Posterior means of the coefficients. Shape (N, P).
    half
        Inverse Cholesky factors H of the precision; the covariance is H'H. Shape (N, P, P).
    log_marginal
        Log marginal likelihood of the data given tau. Shape (N,).
    """

    tau: Array
    beta: Array
    half: Array
    log_marginal: Array


def fit_over_grid(rows: Rows, tau: Array, *, coefficient_sd: float = math.inf) -> GridFit:
    """Fit the regression at every tau, with a normal prior on the coefficients or a flat one.

    Parameters
    ----------
    rows
        Rotated observations.
    tau
        Between-study standard deviations. Shape (N,).
    coefficient_sd
        Standard deviation of the prior on each coefficient, mean zero; infinity for flat.
    """
    n, p = rows.x.shape
    precision = 0.0 if math.isinf(coefficient_sd) else coefficient_sd**-2
    w = 1 / (rows.v + tau[:, None] ** 2)
    information = (rows.x.T * w[:, None, :]) @ rows.x + precision * np.eye(p)
    try:
        half = np.linalg.inv(np.linalg.cholesky(information))
    except np.linalg.LinAlgError:
        raise NotEstimableError("the data do not determine all coefficients of the model.") from None
    projected = (half @ ((w * rows.y) @ rows.x)[..., None])[..., 0]
    beta = (projected[:, None, :] @ half)[:, 0, :]
    residuals = rows.y - beta @ rows.x.T
    deviance = np.sum(w * residuals**2 - np.log(w), axis=1) + precision * np.sum(beta**2, axis=1)
    deviance -= 2 * np.log(np.diagonal(half, axis1=1, axis2=2)).sum(axis=1)
    deviance += (
        (n - p) * math.log(2 * math.pi) if precision == 0 else n * math.log(2 * math.pi) - p * math.log(precision)
    )
    return GridFit(tau, beta, half, -0.5 * deviance)


@dataclass(frozen=True)
class TauPosterior:
    """The posterior of tau as a quadrature rule.

    Attributes
    ----------
    prior
        The prior.
    nodes, weights
        Values of tau and their posterior masses, which sum to one. Shape (N,).
    edges, masses
        Panel limits and the posterior mass below each. Shape (M + 1,).
    log_evidence
        Log marginal likelihood of the data under the prior; up to a constant if the prior on effects is flat.
    """

    prior: TauPrior
    nodes: Array
    weights: Array
    edges: Array
    masses: Array
    log_evidence: float
    log_density: Callable[[Array], Array]

    @property
    def is_zero(self) -> bool:
        """Whether tau was not integrated but set to zero: a common effect."""
        return bool(self.edges[-1] == 0)

    @property
    def is_long_tailed(self) -> bool:
        """Whether standard deviations rest on the last ten-thousandth of the posterior, or are infinite.

        With few degrees of freedom a prior such as the half-Cauchy leaves the second moment of tau without end; what
        quadrature gives for it then depends on where it stops. Medians and intervals do not.
        """
        squares = self.weights * self.nodes**2
        return bool(squares[np.cumsum(self.weights) > 1 - _LAST_MASS].sum() > _LARGEST_LAST_SHARE * squares.sum())

    @property
    def mean(self) -> float:
        """Posterior mean of tau."""
        return float(self.weights @ self.nodes)

    @property
    def sd(self) -> float:
        """Posterior standard deviation of tau."""
        return math.sqrt(max(float(self.weights @ (self.nodes - self.mean) ** 2), 0.0))

    def quantile(self, mass: float) -> float:
        """Tau below which this posterior mass lies.

        Raises
        ------
        ConvergenceError
            If the search does not settle, which no proper posterior should cause.
        """
        if self.is_zero:
            return 0.0
        panel = int(np.clip(np.searchsorted(self.masses, mass) - 1, 0, len(self.edges) - 2))
        low, high = self.edges[panel], self.edges[panel + 1]
        start, tau = low, 0.5 * (low + high)
        for _ in range(100):
            x, w = _gauss_legendre(np.array([start, tau]))
            below = self.masses[panel] + float(w @ np.exp(self.log_density(x) - self.log_evidence))
            low, high = (tau, high) if below < mass else (low, tau)
            slope = math.exp(float(self.log_density(np.array([tau]))[0]) - self.log_evidence)
            step = (mass - below) / slope if slope > 0 else math.inf
            new = tau + step if low < tau + step < high else 0.5 * (low + high)
            if abs(new - tau) <= 1e-12 * max(tau, 1e-300) or high - low <= 1e-13 * high:
                return float(new)
            tau = new
        raise ConvergenceError(f"the quantile of tau at {mass} did not settle; the last value was {tau:.6g}.")


def integrate_tau(rows: Rows, prior: TauPrior, *, coefficient_sd: float = math.inf) -> TauPosterior:
    """Integrate the posterior of tau of a linear model with known sampling variances.

    Parameters
    ----------
    rows
        Rotated observations.
    prior
        Prior on tau.
    coefficient_sd
        Standard deviation of the normal prior on each coefficient; infinity for flat.

    Raises
    ------
    NotEstimableError
        As ``integrate``.
    """

    def log_marginal(tau: Array) -> Array:
        return fit_over_grid(rows, tau, coefficient_sd=coefficient_sd).log_marginal

    return integrate(log_marginal, prior, scale=math.sqrt(float(np.median(rows.v))))


def set_to_zero(rows: Rows, *, coefficient_sd: float = math.inf) -> TauPosterior:
    """Put all mass on a tau of zero, the common-effect model; arguments as ``integrate_tau``."""
    zero = np.zeros(1)
    certain = TauPrior("tau = 0", lambda tau: np.where(tau == 0, 0.0, -math.inf), scale=0.0, upper=0.0)
    evidence = float(fit_over_grid(rows, zero, coefficient_sd=coefficient_sd).log_marginal[0])
    return TauPosterior(certain, zero, np.ones(1), np.zeros(2), np.array([0.0, 1.0]), evidence, certain.log_density)


def integrate(
    log_marginal: Callable[[Array], Array], prior: TauPrior, *, scale: float, is_slow: bool = False
) -> TauPosterior:
    """Integrate the posterior of tau for any marginal likelihood.

    Parameters
    ----------
    log_marginal
        Log marginal likelihood of the data at each tau. Maps shape (N,) to (N,).
    prior
        Prior on tau.
    scale
        A standard deviation typical of the data; the search begins from it and from that of the prior.
    is_slow
        Whether the marginal likelihood takes long: quantiles then read a polynomial through its values at the
        nodes of each panel instead of computing it anew; between them it is off by less than 1e-6.

    Raises
    ------
    NotEstimableError
        If the posterior of tau does not end within a million times its expected size: a very wide prior and
        too few trials.
    """
    scan_points = _SLOW_SCAN_POINTS if is_slow else _SCAN_POINTS
    edges = _panel_edges(lambda tau: log_marginal(tau) + prior.log_density(tau), prior, scale, scan_points)
    x, w = _gauss_legendre(edges)
    log_values = log_marginal(x)
    log_terms = log_values + prior.log_density(x) + np.log(w)
    peak = float(log_terms.max())
    mass = np.exp(log_terms - peak)
    total = float(mass.sum())
    per_panel = mass.reshape(len(edges) - 1, -1).sum(axis=1) / total
    through = _polynomials(edges, log_values) if is_slow else log_marginal
    return TauPosterior(
        prior=prior,
        nodes=x,
        weights=mass / total,
        edges=edges,
        masses=np.concatenate([[0.0], per_panel.cumsum()]),
        log_evidence=peak + math.log(total),
        log_density=lambda tau: through(tau) + prior.log_density(tau),
    )


def _panel_edges(log_density: Callable[[Array], Array], prior: TauPrior, scale: float, n: int) -> Array:
    """Zero, quantiles of a coarse scan over many decades, and the end."""
    top = min(max(scale, prior.scale) * 10**_SCAN_DECADES, prior.upper)
    low, high = math.log(top) - 2 * _SCAN_DECADES * math.log(10), math.log(top)
    while True:  # look closer until the posterior spans a good part of the scan
        scan = np.exp(np.linspace(low, high, n))
        log_mass = log_density(scan) + np.log(scan)  # mass per step of log tau
        seen = np.flatnonzero(log_mass > log_mass.max() - _SCAN_DEPTH)
        if seen[-1] - seen[0] > n // 4:
            break
        steps = np.log(scan)
        low, high = float(steps[max(seen[0] - 1, 0)]), float(steps[min(seen[-1] + 1, n - 1)])
    mass = np.exp(log_mass - log_mass.max())
    if not math.isfinite(prior.upper) and high == math.log(top) and mass[-1] > 1e-6 * mass.sum():
        raise NotEstimableError(
            "the posterior of tau has no end: the data say too little and the prior is too wide.\n"
            "  Try: a half-normal prior, or one that was estimated from other meta-analyses."
        )
    below = np.concatenate([[0.0], mass.cumsum()]) / mass.sum()
    steps = np.concatenate([[scan[0] * 0.5], scan])
    inner = np.exp(np.interp(_PANEL_MASSES, below, np.log(steps)))
    last = top if math.isfinite(prior.upper) and mass[-1] > 1e-12 * mass.sum() else min(inner[-1] * 1.5, top)
    edges = np.concatenate([[0.0], inner[inner < last], [last]])
    return np.asarray(edges[np.concatenate([[True], np.diff(edges) > 0])])


def _polynomials(edges: Array, values: Array) -> Callable[[Array], Array]:
    """A polynomial on each panel through the values at its nodes."""
    basis = legendre_values(legendre_rule(_NODES_PER_PANEL)[0], _NODES_PER_PANEL)
    coefficients = np.linalg.solve(basis, values.reshape(-1, _NODES_PER_PANEL).T).T

    def through(tau: Array) -> Array:
        panel = np.clip(np.searchsorted(edges, tau) - 1, 0, len(edges) - 2)
        u = 2 * (tau - edges[panel]) / (edges[panel + 1] - edges[panel]) - 1
        found: Array = np.sum(legendre_values(u, _NODES_PER_PANEL) * coefficients[panel], axis=-1)
        return found

    return through


def _gauss_legendre(edges: Array) -> tuple[Array, Array]:
    """Nodes and weights of the rule on every panel, in ascending order."""
    x, w = legendre_rule(_NODES_PER_PANEL)
    half = np.diff(edges)[:, None] / 2
    nodes = (edges[:-1, None] + half) + half * x
    return nodes.ravel(), (half * w).ravel()
