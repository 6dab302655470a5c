"""Covariates, components and unrelated effects: other columns, the same least-squares fit.

- Meta-regression: effects against the reference change with a covariate of the trial.
- Components: the effect of a combination is the sum of the effects of its parts.
- Unrelated mean effects: every comparison has a coefficient of its own; consistency is not assumed.

References: thompson-2002 and dias-2013 (regression), welton-2009 and rucker-2020 (components), dias-2013b.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from equipoise.synthesis.distributions import chi2_tail, normal_quantile, two_sided_p
from equipoise.synthesis.gls import Array, Rows, independent_rows, weighted_least_squares
from equipoise.synthesis.heterogeneity import Tau2Method, estimate_tau2, typical_variance
from equipoise.synthesis.network import Network, Trial, design_matrix
from equipoise.synthesis.pooling import Model
from equipoise.vocabulary.errors import NotEstimableError, ShapeError, UnknownTermError

Interaction = Literal["common", "per-treatment"]


@dataclass(frozen=True)
class Coefficient:
    """One coefficient on the analysis scale, with its Wald interval and p-value."""

    name: str
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p: float


@dataclass(frozen=True)
class Regression:
    """A fitted linear model of a network.

    Attributes
    ----------
    coefficients
        Treatments, covariates or components, by name.
    covariance
        Their covariance, in the same order. Shape (P, P).
    tau2, tau2_method
        Residual between-study variance.
    q, q_df, q_p
        Residual Q at tau2 = 0.
    i2
        Percentage of the residual variance that lies between studies, from tau2.
    q_columns, q_columns_df, q_columns_p
        Wald test of all covariates at once, at the estimated tau2; None where the model has none.
    """

    coefficients: Mapping[str, Coefficient]
    covariance: Array
    tau2: float | None
    tau2_method: Tau2Method | None
    q: float
    q_df: int
    q_p: float | None
    i2: float | None
    q_columns: float | None = None
    q_columns_df: int = 0
    q_columns_p: float | None = None

    def combination(self, weights: Mapping[str, float], *, level: float = 0.95) -> Coefficient:
        """A weighted sum of coefficients, such as the effect of a combination of components.

        Raises
        ------
        UnknownTermError
            If a name is not a coefficient.
        """
        names = list(self.coefficients)
        c = np.zeros(len(names))
        for name, weight in weights.items():
            if name not in self.coefficients:
                raise UnknownTermError("coefficient", name, names)
            c[names.index(name)] = weight
        estimate = float(c @ [coefficient.estimate for coefficient in self.coefficients.values()])
        label = " ".join(f"{weight:+g} x {name}" for name, weight in weights.items())
        return _coefficient(label, estimate, math.sqrt(float(c @ self.covariance @ c)), level)


def meta_regression(
    network: Network,
    covariates: Mapping[str, Mapping[str, float]],
    *,
    interaction: Interaction = "common",
    model: Model = "random",
    tau2_method: Tau2Method = "reml",
    level: float = 0.95,
) -> Regression:
    """Let the effects against the reference change with covariates of the trials.

    Parameters
    ----------
    network
        The trials. Its reference has the effect zero at every covariate.
    covariates
        Value per trial, by name of the covariate: ``{"latitude": {"trial 1": 44.0, ...}}``. The treatment
        effects are those where every covariate is zero; centre them to move that place.
    interaction
        ``common``: one coefficient for all treatments other than the reference. ``per-treatment``: one each.
    model, tau2_method, level
        As in ``fit``.

    Raises
    ------
    NotEstimableError
        If a trial has no value, or the trials cannot tell the coefficients apart.
    NetworkError
        If the network is in pieces.
    """
    _check("kind of interaction", interaction, get_args(Interaction))
    network.require_connected()
    values = np.array(
        [[_value(name, column, trial) for name, column in covariates.items()] for trial in network.trials]
    )
    parameters = network.parameters
    blocks = []
    for trial, row in zip(network.trials, values, strict=True):
        design = design_matrix(trial, parameters)
        active = design.sum(axis=1, keepdims=True) if interaction == "common" else design
        blocks.append((trial.estimates, np.hstack([design, *(active * x for x in row)]), trial.covariance))
    if interaction == "common":
        added = list(covariates)
    else:
        added = [f"{covariate}: {name}" for covariate in covariates for name in parameters]
    rows = independent_rows(blocks)
    return _solve(rows, [*parameters, *added], model, tau2_method, level=level, n_added=len(added))


def component_analysis(
    network: Network,
    components: Mapping[str, Sequence[str]],
    *,
    model: Model = "random",
    tau2_method: Tau2Method = "dl",
    level: float = 0.95,
) -> Regression:
    """Fit additive components; a network in pieces is joined where the pieces share components.

    Parameters
    ----------
    network
        The trials.
    components
        Parts of each treatment; an empty list for an inactive one such as placebo.
    model, tau2_method, level
        As in ``fit``.

    Returns
    -------
    Regression
        One coefficient per component; ``combination`` gives the effects of combinations. Its Q minus that of
        the network fit, with the difference in degrees of freedom, tests additivity.

    Raises
    ------
    UnknownTermError
        If a treatment of the network has no entry.
    NotEstimableError
        If the trials cannot tell the components apart.
    """
    for name in network.treatments:
        if name not in components:
            raise UnknownTermError("treatment with components", name, components)
    names = sorted({part for name in network.treatments for part in components[name]})
    parts = np.array([[float(part in components[name]) for part in names] for name in network.treatments])
    rows = independent_rows(
        (trial.estimates, design_matrix(trial, network.treatments) @ parts, trial.covariance)
        for trial in network.trials
    )
    return _solve(rows, names, model, tau2_method, level=level)


def unrelated_mean_effects(
    network: Network, *, model: Model = "random", tau2_method: Tau2Method = "dl", level: float = 0.95
) -> Regression:
    """Give every comparison a coefficient of its own, against the baseline arm of each trial.

    Its Q and tau2 beside those of the consistency model show what consistency costs.

    Parameters
    ----------
    network
        The trials.
    model, tau2_method, level
        As in ``fit``.
    """
    pairs = sorted({(a, t.treatments[0]) for t in network.trials for a in t.treatments[1:]})
    names: dict[str, tuple[str, str]] = {}
    for a, b in pairs:
        if f"{b} versus {a}" not in names:
            names[f"{a} versus {b}"] = (a, b)
    blocks = []
    for trial in network.trials:
        design = np.zeros((trial.n_contrasts, len(names)))
        for i, a in enumerate(trial.treatments[1:]):
            for j, pair in enumerate(names.values()):
                design[i, j] = (pair == (a, trial.treatments[0])) - (pair == (trial.treatments[0], a))
        blocks.append((trial.estimates, design, trial.covariance))
    return _solve(independent_rows(blocks), list(names), model, tau2_method, level=level)


def _solve(
    rows: Rows, names: Sequence[str], model: Model, tau2_method: Tau2Method, *, level: float, n_added: int = 0
) -> Regression:
    """Fit the rows; the last ``n_added`` columns are tested together."""
    _check("model", model, get_args(Model))
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    if np.linalg.matrix_rank(rows.x) < len(names):
        raise NotEstimableError(
            f"the trials cannot tell these {len(names)} coefficients apart: {', '.join(names)}.\n"
            "  Try: fewer covariates or components, or one coefficient common to all treatments."
        )
    tau2 = 0.0 if model == "common" else estimate_tau2(rows, tau2_method) if rows.df > 0 else None
    solution = weighted_least_squares(rows, tau2 or 0.0)
    q = weighted_least_squares(rows).q
    se = np.sqrt(np.diag(solution.covariance))
    found = {
        name: _coefficient(name, float(b), float(s), level) for name, b, s in zip(names, solution.beta, se, strict=True)
    }
    q_columns = None
    if n_added:
        last = slice(len(names) - n_added, None)
        q_columns = float(solution.beta[last] @ np.linalg.solve(solution.covariance[last, last], solution.beta[last]))
    i2 = None
    if tau2 is not None and rows.df > 0:
        i2 = 100 * tau2 / (tau2 + typical_variance(rows)) if model == "random" else 100 * max(0.0, 1 - rows.df / q)
    return Regression(
        coefficients=found,
        covariance=solution.covariance,
        tau2=tau2,
        tau2_method=tau2_method if model == "random" and tau2 is not None else None,
        q=q,
        q_df=rows.df,
        q_p=chi2_tail(q, rows.df),
        i2=i2,
        q_columns=q_columns,
        q_columns_df=n_added,
        q_columns_p=None if q_columns is None else chi2_tail(q_columns, n_added),
    )


def _coefficient(name: str, estimate: float, se: float, level: float) -> Coefficient:
    half = normal_quantile(level) * se
    return Coefficient(name, estimate, se, estimate - half, estimate + half, two_sided_p(estimate / se))


def _value(covariate: str, column: Mapping[str, float], trial: Trial) -> float:
    value = column.get(trial.study, math.nan)
    if not math.isfinite(value):
        raise NotEstimableError(
            f"trial '{trial.study}' has no value of the covariate '{covariate}'.\n"
            "  Try: find the value, or leave the trial out and say so."
        )
    return float(value)


def _check(what: str, found: str, allowed: Sequence[str]) -> None:
    if found not in allowed:
        raise UnknownTermError(what, str(found), allowed)
