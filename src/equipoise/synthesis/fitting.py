"""Frequentist network meta-analysis: every contrast with its intervals, from one least-squares fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from equipoise.synthesis.arms import as_ratio
from equipoise.synthesis.distributions import chi2_tail, normal_quantile, t_quantile, two_sided_p
from equipoise.synthesis.gls import Array, Rows, weighted_least_squares
from equipoise.synthesis.heterogeneity import Tau2Method, estimate_tau2
from equipoise.synthesis.inference import Inference, prediction_half_widths, rescaling_of
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
    df
        Degrees of freedom of the t distribution behind interval and p-value; None for the normal.
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
    df: int | None = None

    def against(self, threshold: float) -> Literal["beyond", "short", "both"]:
        """Where the confidence interval lies from a smallest effect that matters.

        Parameters
        ----------
        threshold
            On the analysis scale. Below zero effects at most as high matter, above zero those at least as high.

        Returns
        -------
        str
            ``beyond`` where every effect in the interval matters, ``short`` where none does, else ``both``. This says
            what the data are compatible with; it is no probability.

        Raises
        ------
        ShapeError
            If the threshold is no difference or not finite.
        """
        if threshold == 0 or not math.isfinite(threshold):
            raise ShapeError(f"an important effect is no finite distance from no difference: {threshold}.")
        ends = (self.ci_low, self.ci_high) if threshold > 0 else (-self.ci_high, -self.ci_low)
        if ends[0] >= abs(threshold):
            return "beyond"
        return "short" if ends[1] < abs(threshold) else "both"

    def sentence(self, *, is_ratio: bool) -> str:
        """Say the contrast in words that name both sides, on the ratio scale where there is one."""
        numbers = [as_ratio(x) if is_ratio else x for x in (self.estimate, self.ci_low, self.ci_high)]
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
        All contrasts and their standard errors by least squares, not rescaled. Shape (T, T).
    pi_half_width, pi_rule
        Half-widths of the prediction intervals, or None, and the rule in words. Shape (T, T).
    covariance
        Covariance of the effects against the network's reference, zero for the reference; not rescaled. Shape (T, T).
    q, q_df, q_p
        Cochran's Q of the consistency model at tau2 = 0, its degrees of freedom and p-value.
    i2
        Percentage 100 (Q - df) / Q, not below 0; None without degrees of freedom.
    notes
        What was corrected, merged, left out or not estimable.
    inference
        What intervals and p-values of the contrasts rest on; splits, ranks and net heat always rest on the normal.
    rescaling
        Factor of the variances in the intervals: the residual Q at tau2 over its degrees of freedom; 1 if normal.
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
    inference: Inference = "normal"
    rescaling: float = 1.0

    @property
    def inference_df(self) -> int | None:
        """Degrees of freedom of the t distribution behind the intervals; None for the normal."""
        return None if self.inference == "normal" else self.q_df

    def contrast(self, treatment: str, reference: str) -> Contrast:
        """One contrast.

        Raises
        ------
        UnknownTermError
            If a name is not a treatment of the network.
        """
        i, j = self._position(treatment), self._position(reference)
        estimate, se = float(self.effects[i, j]), math.sqrt(self.rescaling) * float(self.se[i, j])
        df = self.inference_df
        half = se * (normal_quantile(self.level) if df is None else t_quantile(self.level, df))
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
            p=two_sided_p(estimate / se if se > 0 else math.copysign(math.inf, estimate), df),
            df=df,
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
    inference: Inference = "normal",
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
    inference
        ``normal``: normal quantiles. ``hartung-knapp``: variances times the residual Q at tau2 over its degrees of
        freedom, t quantiles with as many (jackson-2014); with two treatments the method of Hartung and Knapp.
        ``hartung-knapp-ad-hoc``: the same, the factor never below 1.
    level
        Level of the confidence and prediction intervals.

    Raises
    ------
    NetworkError
        If the network is in pieces; fit each piece of ``network.split()`` instead.
    UnknownTermError
        If the model, the method or the inference has an unknown name.
    ShapeError
        If the level is not between 0 and 1.
    NotEstimableError
        If ``tau2`` is negative.

    Notes
    -----
    Prediction intervals follow netmeta: t quantile with the degrees of freedom of Q, from two upwards. Under
    Hartung-Knapp the rescaled variance takes part in them, and one degree of freedom is enough, as in pairs.

    Hartung-Knapp intervals can be narrower than normal ones, where the trials agree better than chance would have
    it and the factor falls below 1 by more than the t quantile gives back; the ad hoc variant never is.

    References
    ----------
    rucker-2012, white-2012, jackson-2014, hartung-2001, knapp-2003
    """
    for what, found, allowed in (("model", model, Model), ("kind of inference", inference, Inference)):
        if found not in get_args(allowed):
            raise UnknownTermError(what, str(found), get_args(allowed))
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    rows = consistency_rows(network)
    notes = list(network.notes)
    tau2, method = _between_study_variance(rows, model, tau2_method, tau2, notes)
    solution = weighted_least_squares(rows, tau2 or 0.0)
    q = weighted_least_squares(rows).q if tau2 else solution.q
    inference, rescaling = rescaling_of(inference, solution.q, rows.df, notes)
    effects, covariance = _all_treatments(network, solution.beta, solution.covariance)
    se = contrast_errors(covariance)
    pi_half_width, pi_rule = prediction_half_widths(model, tau2, rows.df, level, rescaling * se**2, inference)
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
        inference=inference,
        rescaling=rescaling,
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


def _i2(q: float, df: int) -> float | None:
    if df == 0:
        return None
    return 100 * max(0.0, (q - df) / q) if q > 0 else 0.0
