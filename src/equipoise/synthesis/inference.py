"""What the intervals of a network rest on: the normal distribution, or what the trials disagree by.

Hartung-Knapp for networks multiplies the covariance of the effects by the generalised Q statistic at the estimated
between-study variance over its degrees of freedom, and takes t quantiles with as many (jackson-2014). With two
treatments that is the method of Hartung and Knapp (hartung-2001, knapp-2003).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from equipoise.synthesis.distributions import t_quantile
from equipoise.synthesis.gls import Array
from equipoise.synthesis.pooling import Model

Inference = Literal["normal", "hartung-knapp", "hartung-knapp-ad-hoc"]

# Rescaled by less than this, what the trials disagree by is rounding error.
_NO_WIDTH = 1e-16


def rescaling_of(inference: Inference, residual_q: float, df: int, notes: list[str]) -> tuple[Inference, float]:
    """What the intervals rest on after all, and the factor of the variances.

    Parameters
    ----------
    inference
        What was asked for.
    residual_q, df
        Generalised Q of the fit at its tau2, and its degrees of freedom.
    notes
        Sentences about what was found are added here.
    """
    if inference == "normal":
        return inference, 1.0
    if df == 0:
        notes.append("Every trial is needed to join the network, so Hartung-Knapp intervals do not exist: normal ones.")
        return "normal", 1.0
    factor = residual_q / df
    if inference == "hartung-knapp-ad-hoc":
        return inference, max(1.0, factor)
    if factor < _NO_WIDTH:
        notes.append("The trials agree exactly, so Hartung-Knapp intervals have no width; prefer the ad hoc ones.")
    elif factor < 1:
        notes.append(
            f"The trials agree better than their errors allow: Hartung-Knapp multiplies standard errors by "
            f"{math.sqrt(factor):.2f}, so intervals can be narrower than normal ones; ad hoc they never are."
        )
    return inference, factor


def prediction_half_widths(
    model: Model, tau2: float | None, df: int, level: float, variance: Array, inference: Inference
) -> tuple[Array | None, str]:
    """Half-widths of the prediction intervals of all contrasts, or None, and the rule in words.

    Parameters
    ----------
    model, tau2, df, level, inference
        Of the fit.
    variance
        Of every contrast, rescaled where the inference asks for it. Shape (T, T).
    """
    if model == "common":
        return None, "not defined: the common-effect model has one true effect per contrast"
    if tau2 is None or (df < 2 and inference == "normal"):
        return None, "not defined: it needs at least two degrees of freedom of Q"
    source = "as netmeta: df of Q" if inference == "normal" else "se rescaled by Hartung-Knapp"
    return t_quantile(level, df) * np.sqrt(variance + tau2), f"t({df}) x sqrt(se^2 + tau2), {source}"
