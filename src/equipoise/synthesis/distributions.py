"""Quantiles and tail areas.

Written here because the usual library takes longer to load than a whole analysis takes to compute. Every one of
them agrees with that library to twelve digits or more, which the tests hold.

References: cody-1969 (normal tail areas), wichura-1988 (normal quantiles), paris-2010 (chi-squared and t).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from equipoise.synthesis.approximations import (
    ERF_NEAR,
    ERFC_FAR,
    ERFC_MIDDLE,
    QUANTILE_FAR,
    QUANTILE_MIDDLE,
    QUANTILE_NEAR,
    Rational,
)
from equipoise.vocabulary.errors import ConvergenceError

_STANDARD_NORMAL = NormalDist()
_STEPS = 200
_SMALLEST = 1e-300


def normal_quantile(level: float) -> float:
    """Half-width, in standard errors, of a two-sided normal interval with this level."""
    return _STANDARD_NORMAL.inv_cdf(0.5 + level / 2)


def t_quantile(level: float, df: float) -> float:
    """Half-width, in standard errors, of a two-sided t interval with this level."""
    if df == 1:
        return math.tan(math.pi * level / 2)
    if df == 2:
        return level * math.sqrt(2 / (1 - level * level))
    outside = 1 - level
    low, high = 0.0, max(normal_quantile(level), 1.0)
    while two_sided_p(high, df) > outside:
        low, high = high, 2 * high
    t = 0.5 * (low + high)
    log_constant = _log_gamma_step(df / 2) - 0.5 * math.log(df * math.pi)
    for _ in range(_STEPS):
        beyond = two_sided_p(t, df)
        low, high = (t, high) if beyond > outside else (low, t)
        slope = 2 * math.exp(log_constant - 0.5 * (df + 1) * math.log1p(t * t / df))
        new = t + (beyond - outside) / slope
        new = new if low < new < high else 0.5 * (low + high)
        if abs(new - t) <= 4e-16 * t:
            break
        t = new
    return t


def normal_cdf(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal distribution function, element by element (cody-1969)."""
    x: NDArray[np.float64] = np.abs(z) * math.sqrt(0.5)
    middle = np.clip(x, 0.46875, 4.0)
    upper = 0.5 * np.exp(-(np.minimum(x, 40.0) ** 2)) * _ratio(ERFC_MIDDLE, middle)
    far = x > 4.0
    if far.any():
        high = np.minimum(x[far], 40.0)
        inverse = high**-2
        rational = (1 / math.sqrt(math.pi) - inverse * _ratio(ERFC_FAR, inverse)) / high
        upper[far] = 0.5 * np.exp(-(high**2)) * rational
    below = np.where(z > 0, 1 - upper, upper)
    near = x <= 0.46875
    if near.any():
        small = z[near] * math.sqrt(0.5)
        below[near] = 0.5 + 0.5 * small * _ratio(ERF_NEAR, small * small)
    return np.asarray(below)


def normal_quantiles(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal quantile function, element by element (wichura-1988)."""
    q = mass - 0.5
    near = np.clip(q, -0.425, 0.425)
    x = near * _ratio(QUANTILE_NEAR, 0.180625 - near * near)
    tail = np.abs(q) > 0.425
    if tail.any():
        r = np.sqrt(-np.log(np.minimum(mass[tail], 1 - mass[tail])))
        middle = _ratio(QUANTILE_MIDDLE, np.minimum(r, 5.0) - 1.6)
        x[tail] = np.copysign(np.where(r <= 5.0, middle, _ratio(QUANTILE_FAR, np.maximum(r, 5.0) - 5.0)), q[tail])
    return x


def chi2_quantiles(mass: NDArray[np.float64], df: int) -> NDArray[np.float64]:
    """Chi-squared quantile function, element by element: Newton's method from the Wilson-Hilferty approximation."""
    spread = 2 / (9 * df)
    x = df * np.maximum(1 - spread + normal_quantiles(mass) * math.sqrt(spread), 0.05) ** 3
    # Near zero the distribution function is a power of x.
    x = np.where(mass < 1e-3, np.minimum(x, 2 * np.exp((np.log(mass) + math.lgamma(df / 2 + 1)) * 2 / df)), x)
    log_constant = -0.5 * df * math.log(2) - math.lgamma(df / 2)
    for _ in range(_STEPS):
        below, above = _chi2_tails(x, df)
        excess = np.where(mass < 0.5, below - mass, 1 - mass - above)
        density = np.exp(log_constant + (0.5 * df - 1) * np.log(x) - x / 2)
        step = excess / density
        # Halley's correction; the step never takes more than half of x away.
        step = step / np.maximum(1 - 0.5 * step * ((0.5 * df - 1) / x - 0.5), 0.5)
        x = x - np.minimum(step, 0.5 * x)
        if np.all(np.abs(step) <= 1e-13 * x):
            return np.asarray(x)
    raise ConvergenceError(f"a chi-squared quantile with {df} degrees of freedom did not settle.")


def two_sided_p(statistic: float, df: float | None = None) -> float:
    """Two-sided p-value of a z statistic, or of a t statistic when ``df`` is given."""
    if df is None:
        return math.erfc(abs(statistic) / math.sqrt(2))
    if df == 1:
        return 2 / math.pi * math.atan2(1.0, abs(statistic))
    if df == 2:
        # 1 - |t| / sqrt(t^2 + 2), written without the cancellation.
        root = math.hypot(statistic, math.sqrt(2))
        return 2 / (root * (root + abs(statistic)))
    a, square = df / 2, statistic * statistic
    within, beyond = square / (df + square), df / (df + square)
    if within == 0:
        return 1.0
    # Both incomplete beta functions have the same front, x^a (1 - x)^(1/2) / B(a, 1/2).
    log_front = -a * math.log1p(square / df) + 0.5 * math.log(within) + _log_gamma_step(a) - 0.5 * math.log(math.pi)
    if beyond < (a + 1) / (a + 2.5):
        return math.exp(log_front) * _beta_fraction(a, 0.5, beyond) / a
    return 1 - 2 * math.exp(log_front) * _beta_fraction(0.5, a, within)


def chi2_tail(q: float, df: int) -> float | None:
    """P-value of a chi-squared statistic; none without degrees of freedom."""
    if df <= 0:
        return None
    return float(_chi2_above(np.array([max(q, 0.0)]), df)[0])


def _ratio(of: Rational, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotient of two polynomials, by Horner's rule."""
    return _polynomial(of[0], x) / _polynomial(of[1], x)


def _polynomial(coefficients: tuple[float, ...], x: NDArray[np.float64]) -> NDArray[np.float64]:
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value *= x
        value += coefficient
    return value


def _chi2_above(x: NDArray[np.float64], df: int) -> NDArray[np.float64]:
    """Upper tail of chi-squared, a finite sum of positive terms (paris-2010, 8.4.9 and 8.4.12)."""
    half = x / 2
    odd = df % 2
    total = 2 * normal_cdf(-np.sqrt(x)) if odd else np.exp(-half)
    log_half = np.log(np.maximum(half, _SMALLEST))
    for j in range(1, (df + 1) // 2):
        power = j - 0.5 * odd
        total = total + np.exp(power * log_half - half - math.lgamma(power + 1))
    return total


def _chi2_tails(x: NDArray[np.float64], df: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper tail, each without cancellation where it is the smaller one."""
    above = _chi2_above(x, df)
    half = np.minimum(x, df) / 2
    term = np.exp(0.5 * df * np.log(half) - half - math.lgamma(0.5 * df + 1))
    below, j = term.copy(), 0
    while np.any(term > 1e-17 * below):
        j += 1
        term = term * half / (0.5 * df + j)
        below += term
    return np.where(x < df, below, 1 - above), above


def _log_gamma_step(a: float) -> float:
    """Logarithm of gamma(a + 1/2) / gamma(a), by its asymptotic series where the difference would lose digits."""
    if a < 20:
        return math.lgamma(a + 0.5) - math.lgamma(a)
    r = 1 / (a * a)
    return 0.5 * math.log(a) - (1 / 8 - r * (1 / 192 - r * (1 / 640 - r * (17 / 14336 - r * 31 / 18432)))) / a


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function by Lentz's method (paris-2010, 8.17.22)."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 10_000):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + part * d)
            c = 1 + part / c
            value *= c * d
        if abs(c * d - 1) < 1e-16:
            return value
    raise ConvergenceError("an incomplete beta function did not settle.")
