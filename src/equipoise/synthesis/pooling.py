"""Pairwise meta-analysis: the network with two treatments, reported in the words of a forest plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from equipoise.synthesis.arms import as_measure
from equipoise.synthesis.distributions import chi2_tail, normal_quantile, t_quantile, two_sided_p
from equipoise.synthesis.effects import study_names
from equipoise.synthesis.gls import Array, Fit, Rows, weighted_least_squares
from equipoise.synthesis.heterogeneity import Tau2Method, estimate_tau2, typical_variance
from equipoise.synthesis.network import Network, Trial, consistency_rows
from equipoise.vocabulary.errors import NotEstimableError, ShapeError, UnknownTermError
from equipoise.vocabulary.measures import Measure

Model = Literal["common", "random"]
IntervalRule = Literal["wald", "hartung-knapp", "hartung-knapp-ad-hoc"]
PredictionRule = Literal["metafor", "higgins"]

# Rescaled by less than this, the spread of the studies is rounding error.
_NO_WIDTH = 1e-8


@dataclass(frozen=True)
class RatioScale:
    """An estimate and its intervals on the ratio scale, where 1 means no difference."""

    estimate: float
    ci_low: float
    ci_high: float
    pi_low: float | None
    pi_high: float | None


@dataclass(frozen=True)
class Pooled:
    """Several trials of one contrast, pooled.

    Everything stands on the analysis scale: natural log for ratios, as measured for differences.
    What is not defined is None, and a note says why.

    Attributes
    ----------
    estimate, se
        Pooled effect, treatment versus reference, and its standard error.
    ci_low, ci_high, level
        Confidence interval and its level.
    pi_low, pi_high, pi_rule
        Prediction interval for the effect in a new trial, and the rule that made it, in words.
    statistic, p
        Test of no effect: z under ``wald``, t with k - 1 degrees of freedom under Hartung-Knapp.
    tau2, tau2_method
        Between-study variance (0 under the common-effect model) and how it was estimated.
    q, q_df, q_p
        Cochran's Q at tau2 = 0, its degrees of freedom and p-value.
    i2, h2
        Percentage of the total variance that lies between studies, and total over typical
        within-study variance. Random model: from tau2; common model: from Q (as metafor has it).
    weights
        Share of each study in the pooled effect, percent. Shape (S,).
    k, studies
        Number of studies and their names, in the order of ``weights``.
    notes
        What was dropped, corrected or not estimable, and why.
    """

    measure: Measure
    model: Model
    interval: IntervalRule
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    level: float
    statistic: float
    p: float
    pi_low: float | None
    pi_high: float | None
    pi_rule: str
    tau2: float | None
    tau2_method: Tau2Method | None
    q: float
    q_df: int
    q_p: float | None
    i2: float | None
    h2: float | None
    weights: Array
    k: int
    studies: tuple[str, ...]
    notes: tuple[str, ...]

    def as_ratio(self) -> RatioScale:
        """Estimate and intervals on the ratio scale.

        Raises
        ------
        NotEstimableError
            If the measure is a difference.
        """
        if not self.measure.is_ratio:
            raise NotEstimableError(f"a {self.measure.value} is a difference and has no ratio scale.")
        return RatioScale(
            estimate=math.exp(self.estimate),
            ci_low=math.exp(self.ci_low),
            ci_high=math.exp(self.ci_high),
            pi_low=None if self.pi_low is None else math.exp(self.pi_low),
            pi_high=None if self.pi_high is None else math.exp(self.pi_high),
        )


def pool(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    *,
    measure: Measure | str,
    studies: Sequence[str] = (),
    model: Model = "random",
    tau2_method: Tau2Method = "dl",
    interval: IntervalRule = "wald",
    level: float = 0.95,
    prediction_rule: PredictionRule = "metafor",
    notes: Sequence[str] = (),
) -> Pooled:
    """Pool the trials of one contrast by inverse variance.

    Parameters
    ----------
    estimates
        One effect per study, treatment versus reference; natural log scale for ratios. Shape (S,).
    standard_errors
        Their standard errors, same scale, all positive. Shape (S,).
    measure
        What the numbers measure.
    studies
        Names of the studies, for the weights and the messages. Length S, or empty.
    model
        ``common`` (one true effect) or ``random`` (true effects vary with variance tau2).
    tau2_method
        ``dl``, ``pm``, ``reml`` or ``ml``; see ``heterogeneity``. Not used by the common model.
    interval
        ``wald``: normal quantile. ``hartung-knapp``: standard error rescaled by the weighted residual
        variance, t quantile with k - 1 degrees of freedom. ``hartung-knapp-ad-hoc``: the same, never
        shorter than without rescaling.
    level
        Level of the confidence and prediction intervals, between 0 and 1.
    prediction_rule
        ``metafor`` (as version 3.8-1): the quantile of the confidence interval times
        sqrt(se^2 + tau2). ``higgins``: t quantile with k - 2 degrees of freedom, Wald standard error.
    notes
        Sentences to carry along, such as those of the effect sizes that went in.

    Returns
    -------
    Pooled
        With one study, that study: no heterogeneity can be estimated, and a note says so.

    Raises
    ------
    ShapeError
        If the arrays differ in length or are empty.
    NotEstimableError
        If an estimate is not finite or a standard error is not positive; the message lists the studies.
    UnknownTermError
        If the model, method, interval or rule has an unknown name.

    Notes
    -----
    With fewer than about five studies prefer ``hartung-knapp-ad-hoc``: Wald intervals are too short.

    References
    ----------
    dersimonian-1986, hartung-2001, knapp-2003, higgins-2009, viechtbauer-2010
    """
    _check_term("model", model, get_args(Model))
    _check_term("interval", interval, get_args(IntervalRule))
    _check_term("prediction rule", prediction_rule, get_args(PredictionRule))
    if not 0 < level < 1:
        raise ShapeError(f"the level is {level}; it must lie between 0 and 1, for example 0.95.")
    names = study_names(studies, np.atleast_1d(np.asarray(estimates)).size)
    network = two_treatment_network(estimates, standard_errors, names, as_measure(measure))
    rows = consistency_rows(network)
    said = list(notes)
    k = len(names)
    tau2, method = _between_study_variance(rows, model, tau2_method, said)
    fit = weighted_least_squares(rows, tau2 or 0.0)
    se = math.sqrt(fit.covariance[0, 0])
    df: int | None = None
    if interval != "wald" and k > 1:
        se, df = se * math.sqrt(_residual_variance(fit, rows.df, interval)), rows.df
        if se < _NO_WIDTH * math.sqrt(fit.covariance[0, 0]):
            said.append("The studies agree exactly, so the Hartung-Knapp interval has no width; prefer the ad hoc one.")
    elif interval != "wald":
        said.append("With one study the Hartung-Knapp interval does not exist; the Wald interval is given.")
    estimate = float(fit.beta[0])
    statistic = estimate / se if se > 0 else math.copysign(math.inf, estimate)
    half_width = se * (normal_quantile(level) if df is None else t_quantile(level, df))
    pi_half, pi_rule = _prediction(model, prediction_rule, level=level, k=k, tau2=tau2, se=se, df=df, fit=fit)
    q = weighted_least_squares(rows).q if tau2 else fit.q
    i2, h2 = _i2_h2(rows, model, tau2, q)
    return Pooled(
        measure=network.measure,
        model=model,
        interval=interval if df is not None else "wald",
        estimate=estimate,
        se=se,
        ci_low=estimate - half_width,
        ci_high=estimate + half_width,
        level=level,
        statistic=statistic,
        p=two_sided_p(statistic, df),
        pi_low=None if pi_half is None else estimate - pi_half,
        pi_high=None if pi_half is None else estimate + pi_half,
        pi_rule=pi_rule,
        tau2=tau2,
        tau2_method=method,
        q=q,
        q_df=rows.df,
        q_p=chi2_tail(q, rows.df),
        i2=i2,
        h2=h2,
        weights=100 * fit.weights / fit.weights.sum(),
        k=k,
        studies=names,
        notes=tuple(said),
    )


def two_treatment_network(
    estimates: ArrayLike, standard_errors: ArrayLike, names: Sequence[str], measure: Measure
) -> Network:
    """Make the network with two treatments that a pairwise meta-analysis is.

    Raises
    ------
    ShapeError
        If the arrays differ in length or are empty.
    NotEstimableError
        If an estimate is not finite or a standard error is not positive.
    """
    y = np.atleast_1d(np.asarray(estimates, dtype=float))
    se = np.atleast_1d(np.asarray(standard_errors, dtype=float))
    if y.shape != se.shape or y.ndim != 1 or y.size == 0:
        raise ShapeError(
            f"{y.shape} estimates and {se.shape} standard errors do not belong together.\n"
            "  Needed: one standard error per estimate, and at least one study."
        )
    usable = np.isfinite(y) & np.isfinite(se) & (se > 0)
    bad = [name for name, ok in zip(names, usable, strict=True) if not ok]
    if bad:
        raise NotEstimableError(
            f"the estimate is missing or the standard error is not a positive number in: {', '.join(bad)}.\n"
            "  Try: leave these studies out, or give their numbers of events and people instead."
        )
    trials = (
        Trial(name, ("reference", "treatment"), np.array([a]), np.array([[b * b]]))
        for name, a, b in zip(names, y, se, strict=True)
    )
    return Network(tuple(trials), measure, reference="reference")


def _check_term(what: str, found: str, allowed: Sequence[str]) -> None:
    if found not in allowed:
        raise UnknownTermError(what, str(found), allowed)


def _between_study_variance(
    rows: Rows, model: Model, method: Tau2Method, notes: list[str]
) -> tuple[float | None, Tau2Method | None]:
    if model == "common":
        return 0.0, None
    if rows.df == 0:
        notes.append("With one study the between-study variance cannot be estimated; the study itself is given.")
        return None, None
    return estimate_tau2(rows, method), method


def _residual_variance(fit: Fit, df: int, interval: IntervalRule) -> float:
    variance = fit.q / df
    return max(1.0, variance) if interval == "hartung-knapp-ad-hoc" else variance


def _prediction(
    model: Model,
    rule: PredictionRule,
    *,
    level: float,
    k: int,
    tau2: float | None,
    se: float,
    df: int | None,
    fit: Fit,
) -> tuple[float | None, str]:
    """Half-width of the prediction interval and its rule in words."""
    if model == "common":
        return None, "not defined: the common-effect model has one true effect"
    if tau2 is None:
        return None, "not defined: one study says nothing of the next"
    if rule == "higgins":
        if k < 3:
            return None, "not defined: the Higgins rule needs three studies"
        wald_variance = float(fit.covariance[0, 0])
        return t_quantile(level, k - 2) * math.sqrt(wald_variance + tau2), "t(k - 2) x sqrt(se^2 + tau2), Higgins 2009"
    if df is None:
        return normal_quantile(level) * math.sqrt(se**2 + tau2), "z x sqrt(se^2 + tau2), as metafor 3.8-1"
    return t_quantile(level, df) * math.sqrt(se**2 + tau2), "t(k - 1) x sqrt(se^2 + tau2), as metafor 3.8-1"


def _i2_h2(rows: Rows, model: Model, tau2: float | None, q: float) -> tuple[float | None, float | None]:
    if rows.df == 0 or tau2 is None:
        return None, None
    if model == "common":
        return (100 * max(0.0, (q - rows.df) / q) if q > 0 else 0.0), q / rows.df
    typical = typical_variance(rows)
    return 100 * tau2 / (tau2 + typical), 1 + tau2 / typical
