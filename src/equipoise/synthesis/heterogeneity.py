r"""Between-study variance tau2: DerSimonian-Laird, Paule-Mandel, ML and REML, for any design matrix.

On rotated rows (see ``gls``) these are the formulas of univariate meta-regression, exact for networks
with trials of several arms. With :math:`w = 1/(v + \tau^2)`, :math:`r` the residuals and
:math:`P = W - WX(X'WX)^{-1}X'W`:

=====  ==========================================================================
DL     :math:`\max(0, (Q - df) / \mathrm{tr}P_0)`, :math:`P_0` at tau2 = 0
PM     root of :math:`\sum w r^2 - df`
ML     root of :math:`\sum w^2 r^2 - \sum w`
REML   root of :math:`\sum w^2 r^2 - \mathrm{tr}P`
=====  ==========================================================================

Roots are bracketed on a grid and polished to the last digit; where the likelihood has several maxima
the highest is taken, the boundary tau2 = 0 among them. No iteration can stop early or wander off.

References: dersimonian-1986, paule-1982, viechtbauer-2005, rucker-2012.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np

from equipoise.synthesis.gls import Array, Fit, Rows, weighted_least_squares
from equipoise.vocabulary.errors import UnknownTermError

Tau2Method = Literal["dl", "pm", "reml", "ml"]

# The score changes sign rarely; 48 points over ten decades separate roots a factor 1.6 apart.
_GRID_POINTS = 48
_GRID_DECADES = 10.0


def estimate_tau2(rows: Rows, method: Tau2Method = "dl") -> float:
    """Estimate the between-study variance.

    Parameters
    ----------
    rows
        Rotated observations, more rows than columns.
    method
        ``dl`` (generalised DerSimonian-Laird), ``pm`` (Paule-Mandel), ``ml`` or ``reml``.

    Returns
    -------
    float
        tau2 on the squared analysis scale, never negative.

    Raises
    ------
    UnknownTermError
        If there is no such method.
    NotEstimableError
        If the design does not determine every coefficient.
    """
    if method not in get_args(Tau2Method):
        raise UnknownTermError("tau2 method", str(method), get_args(Tau2Method))
    if method == "dl":
        return _dersimonian_laird(rows)
    if method == "pm":
        return _paule_mandel(rows)
    return _maximum_likelihood(rows, restricted=method == "reml")


def typical_variance(rows: Rows) -> float:
    """Typical within-study sampling variance: what I2 compares tau2 with (higgins-2002)."""
    return rows.df / _trace_p(rows, weighted_least_squares(rows))


def log_likelihood(rows: Rows, tau2: float, *, restricted: bool) -> float:
    """Profile (or restricted) log likelihood of tau2, up to a constant."""
    fit = weighted_least_squares(rows, tau2)
    deviance = fit.q - float(np.log(fit.weights).sum())
    if restricted:
        deviance += fit.log_det_information
    return -0.5 * deviance


def _trace_p(rows: Rows, fit: Fit) -> float:
    """Trace of P = W - W X (X'WX)^-1 X'W."""
    wx = fit.weights[:, None] * rows.x
    return float(fit.weights.sum() - np.sum((wx @ fit.covariance) * wx))


def _dersimonian_laird(rows: Rows) -> float:
    fit = weighted_least_squares(rows)
    return max(0.0, (fit.q - rows.df) / _trace_p(rows, fit))


def _paule_mandel(rows: Rows) -> float:
    def excess(tau2: float) -> float:
        return weighted_least_squares(rows, tau2).q - rows.df

    upper = _unweighted_rss(rows) / rows.df  # Q(tau2) <= RSS / tau2
    return root_between(excess, 0.0, upper) if excess(0.0) > 0 else 0.0


def _maximum_likelihood(rows: Rows, *, restricted: bool) -> float:
    weighted_least_squares(rows)  # refuses a design that does not determine its coefficients
    grid = _tau2_grid(rows, rows.df if restricted else len(rows.y))
    scores = _scores(rows, grid, restricted=restricted)
    candidates = [0.0] if scores[0] <= 0 else []
    for low, high, left, right in zip(grid, grid[1:], scores, scores[1:], strict=False):
        if left > 0 >= right:
            candidates.append(
                root_between(
                    lambda tau2: float(_scores(rows, np.array([tau2]), restricted=restricted)[0]),
                    float(low),
                    float(high),
                )
            )
    if len(candidates) == 1:
        return candidates[0]
    return max(candidates, key=lambda tau2: log_likelihood(rows, tau2, restricted=restricted))


def _scores(rows: Rows, tau2: Array, *, restricted: bool) -> Array:
    """Twice the derivative of the log likelihood at many values of tau2 at once. Shape (N,)."""
    w = 1 / (rows.v + tau2[:, None])
    covariance = np.linalg.inv((rows.x.T * w[:, None, :]) @ rows.x)
    beta = (covariance @ ((w * rows.y) @ rows.x)[..., None])[..., 0]
    trace = w.sum(axis=1)
    if restricted:
        leverage = np.sum((rows.x @ covariance) * rows.x, axis=2)
        trace = trace - np.sum(w**2 * leverage, axis=1)
    scores: Array = np.sum(w**2 * (rows.y - beta @ rows.x.T) ** 2, axis=1) - trace
    return scores


def _tau2_grid(rows: Rows, n: int) -> Array:
    """Zero, then a geometric grid up to a tau2 where the score is certainly negative.

    The weighted residual sum of squares is at most RSS / tau2, so the score is at most
    RSS / tau2^2 - n / (max(v) + tau2), negative beyond the positive root of the quadratic below.
    """
    rss = _unweighted_rss(rows)
    upper = (rss + np.sqrt(rss**2 + 4 * n * rss * float(rows.v.max()))) / n
    if upper == 0:
        return np.array([0.0, 1.0])
    return np.concatenate([[0.0], upper * np.logspace(-_GRID_DECADES, 0, _GRID_POINTS)])


def _unweighted_rss(rows: Rows) -> float:
    residuals = rows.y - rows.x @ np.linalg.lstsq(rows.x, rows.y, rcond=None)[0]
    return float(residuals @ residuals)


def root_between(f: Callable[[float], float], low: float, high: float) -> float:
    """Root of ``f`` in a bracket where ``f(low) > 0 >= f(high)``, to the last digit.

    Inverse quadratic steps while they are safe, bisection otherwise (chandrupatla-1997).
    """
    a, b, fa, fb = high, low, f(high), f(low)
    c, fc, step, best = b, fb, 0.5, b
    for _ in range(200):
        x = a + step * (b - a)
        fx = f(x)
        if np.sign(fx) == np.sign(fa):
            c, fc = a, fa
        else:
            c, fc, b, fb = b, fb, a, fa
        a, fa = x, fx
        best = a if abs(fa) < abs(fb) else b
        tolerance = 2 * np.finfo(float).eps * abs(best)
        if fa == 0 or abs(b - a) <= 2 * tolerance:
            return best
        step = _next_step(a, b, c, fa, fb, fc)
        margin = tolerance / abs(b - a)
        step = min(max(step, margin), 1 - margin)
    return best


def _next_step(a: float, b: float, c: float, fa: float, fb: float, fc: float) -> float:
    xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
    if not (phi**2 < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    return (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb))
