"""Frequentist network meta-analysis: every contrast with its intervals, from one least-squares fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np

from equipoise.synthesis.distributions import chi2_tail, normal_quantile, t_quantile, two_sided_p
from equipoise.synthesis.gls import Array, Rows, weighted_least_squares
from equipoise.synthesis.heterogeneity import Tau2Method, estimate_tau2
from equipoise.synthesis.network import Network, consistency_rows
from equipoise.synthesis.pooling import Model
from equipoise.vocabulary.errors import NotEstimableError, ShapeError, UnknownTermError


@dataclass(frozen=True)
class Contrast:
    """One treatment versus another, on the analysis scale (natural log for ratios).

    Attributes
    ----------
    treatment, reference
        The effect is that of ``treatment`` versus ``reference``.
    estimate, se, ci_low, ci_high
        Effect, standard error and confidence interval.
    pi_low, pi_high
        Prediction interval for the effect in a new trial; None where it is not defined.
    p
        Two-sided p-value of no difference.
    """

    treatment: str
    reference: str
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    pi_low: float | None
    pi_high: float | None
    p: float

    def sentence(self, *, is_ratio: bool) -> str:
        """Say the contrast in words that name both sides, on the ratio scale where there is one."""
        numbers = [math.exp(x) if is_ratio else x for x in (self.estimate, self.ci_low, self.ci_high)]
        return f"{self.treatment} versus {self.reference}: " + "{:.2f} ({:.2f} to {:.2f})".format(*numbers)


@dataclass(frozen=True)
class NetworkFit:
    """A network meta-analysis.

    Matrices are ordered as ``treatments`` on both axes; element (i, j) is treatment i versus treatment j.
    Everything stands on the analysis scale, natural log for ratios.

    Attributes
    ----------
    network
        The data.
    model, tau2, tau2_method
        Model and between-study variance; None where the data leave no degree of freedom to estimate it.
    level
        Level of the confidence and prediction intervals.
    effects, se
        All contrasts and their standard errors. Shape (T, T).
    pi_half_width, pi_rule
        Half-widths of the prediction intervals, or None, and the rule in words. Shape (T, T).
    covariance
        Covariance of the effects against the network's reference, zero for the reference. Shape (T, T).
    q, q_df, q_p
        Cochran's Q of the consistency model at tau2 = 0, its degrees of freedom and p-value.
    i2
        Percentage 100 (Q - df) / Q, not below 0; None without degrees of freedom.
    notes
        What was corrected, merged, left out or not estimable.
    """

    network: Network
    model: Model
    tau2: float | None
    tau2_method: Tau2Method | None
    level: float
    treatments: tuple[str, ...]
    effects: Array
    se: Array
    pi_half_width: Array | None
    pi_rule: str
    covariance: Array
    q: float
    q_df: int
    q_p: float | None
    i2: float | None
    notes: tuple[str, ...]

    def contrast(self, treatment: str, reference: str) -> Contrast:
        """One contrast.

        Raises
        ------
        UnknownTermError
            If a name is not a treatment of the network.
        """
        i, j = self._position(treatment), self._position(reference)
        estimate, se = float(self.effects[i, j]), float(self.se[i, j])
        half = normal_quantile(self.level) * se
        pi = None if self.pi_half_width is None else float(self.pi_half_width[i, j])
        return Contrast(
            treatment=treatment,
            reference=reference,
            estimate=estimate,
            se=se,
            ci_low=estimate - half,
            ci_high=estimate + half,
            pi_low=None if pi is None else estimate - pi,
            pi_high=None if pi is None else estimate + pi,
            p=two_sided_p(estimate / se),
        )

    def contrasts(self) -> Iterator[Contrast]:
        """Every ordered pair of different treatments."""
        for treatment in self.treatments:
            for reference in self.treatments:
                if treatment != reference:
                    yield self.contrast(treatment, reference)

    def league_table(self) -> tuple[tuple[str, ...], ...]:
        """Sentences, one row per treatment and one column per reference; empty on the diagonal.

        Every cell names both sides, so that it cannot be read the wrong way round.
        """
        is_ratio = self.network.measure.is_ratio
        return tuple(
            tuple("" if a == b else self.contrast(a, b).sentence(is_ratio=is_ratio) for b in self.treatments)
            for a in self.treatments
        )

    def _position(self, treatment: str) -> int:
        if treatment not in self.treatments:
            raise UnknownTermError("treatment", treatment, self.treatments)
        return self.treatments.index(treatment)


def fit(
    network: Network,
    *,
    model: Model = "random",
    tau2_method: Tau2Method = "dl",
    tau2: float | None = None,
    level: float = 0.95,
) -> NetworkFit:
    """Fit the consistency model by generalised least squares, trials of several arms exactly.

    Parameters
    ----------
    network
        The trials.
    model
        ``common`` (tau2 = 0) or ``random``.
    tau2_method
        ``dl`` (generalised DerSimonian-Laird), ``pm``, ``reml`` or ``ml``.
    tau2
        A between-study variance to use instead of estimating one, squared analysis scale.
    level
        Level of the confidence and prediction intervals.

    Raises
    ------
    NetworkError
        If the network is in pieces; fit each piece of ``network.split()`` instead.
    UnknownTermError
        If the model or the method has an unknown name.
    ShapeError
        If the level is not between 0 and 1.
    NotEstimableError
        If ``tau2`` is negative.

    Notes
    -----
    Prediction intervals follow netmeta: t quantile with the degrees of freedom of Q, from two upwards.

    References
    ----------
    rucker-2012, white-2012
    """
    if model not in get_args(Model):
        raise UnknownTermError("model", str(model), get_args(Model))
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    rows = consistency_rows(network)
    notes = list(network.notes)
    tau2, method = _between_study_variance(rows, model, tau2_method, tau2, notes)
    solution = weighted_least_squares(rows, tau2 or 0.0)
    q = weighted_least_squares(rows).q if tau2 else solution.q
    effects, covariance = _all_treatments(network, solution.beta, solution.covariance)
    se = contrast_errors(covariance)
    pi_half_width, pi_rule = _prediction(model, tau2, rows.df, level, se)
    return NetworkFit(
        network=network,
        model=model,
        tau2=tau2,
        tau2_method=method,
        level=level,
        treatments=network.treatments,
        effects=effects[:, None] - effects[None, :],
        se=se,
        pi_half_width=pi_half_width,
        pi_rule=pi_rule,
        covariance=covariance,
        q=q,
        q_df=rows.df,
        q_p=chi2_tail(q, rows.df),
        i2=_i2(q, rows.df),
        notes=tuple(notes),
    )


def contrast_errors(covariance: Array) -> Array:
    """Standard errors of all differences of correlated effects. Shape (T, T)."""
    variance = np.diag(covariance)
    errors: Array = np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2 * covariance, 0.0))
    return errors


def _between_study_variance(
    rows: Rows, model: Model, method: Tau2Method, given: float | None, notes: list[str]
) -> tuple[float | None, Tau2Method | None]:
    if model == "common":
        return 0.0, None
    if given is not None:
        if not given >= 0:
            raise NotEstimableError(f"the between-study variance was given as {given}; it cannot be negative.")
        return given, None
    if rows.df == 0:
        notes.append("The between-study variance cannot be estimated: every trial is needed to join the network.")
        return None, None
    return estimate_tau2(rows, method), method


def _all_treatments(network: Network, beta: Array, covariance: Array) -> tuple[Array, Array]:
    """Effects against the reference and their covariance with the reference put in as zero."""
    position = [network.treatments.index(name) for name in network.parameters]
    effects = np.zeros(len(network.treatments))
    full = np.zeros((len(network.treatments),) * 2)
    effects[position] = beta
    full[np.ix_(position, position)] = covariance
    return effects, full


def _prediction(model: Model, tau2: float | None, df: int, level: float, se: Array) -> tuple[Array | None, str]:
    if model == "common":
        return None, "not defined: the common-effect model has one true effect per contrast"
    if tau2 is None or df < 2:
        return None, "not defined: it needs at least two degrees of freedom of Q"
    return t_quantile(level, df) * np.sqrt(se**2 + tau2), f"t({df}) x sqrt(se^2 + tau2), as netmeta: df of Q"


def _i2(q: float, df: int) -> float | None:
    if df == 0:
        return None
    return 100 * max(0.0, (q - df) / q) if q > 0 else 0.0
