r"""Network meta-analysis of sparse counts by exact maximum likelihood: logistic and Poisson regression.

Arm k of trial i has the linear predictor :math:`\eta_{ik} = \mu_i + d_{t(k)}`, with a fixed effect of each
study and one true effect per contrast. Events are binomial (logit link: log odds ratios) or Poisson (log
link: log rate ratios). No cell is corrected.

Newton's method with the study effects eliminated is least squares on the working contrasts
:math:`\eta + (y - \hat y) / w` with arm variances :math:`1 / w`. So the last step is an ordinary network of
trials with several arms (``gls``), whose estimates are the maximum and whose covariance is the inverse of
the observed information.

References: dias-2013 (model), mccullagh-1989 (working response).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.synthesis.counted import Counted
from equipoise.synthesis.distributions import chi2_tail
from equipoise.synthesis.fitting import NetworkFit, fit
from equipoise.synthesis.gls import Array
from equipoise.synthesis.likelihoods import Binomial, Likelihood, Poisson
from equipoise.synthesis.network import Network, Trial
from equipoise.vocabulary.errors import ConvergenceError, NotEstimableError, UnknownTermError
from equipoise.vocabulary.measures import Measure

_NEWTON_STEPS = 100
_LARGEST_STEP = 4.0  # of any predictor; keeps exponentials in range far from the maximum
_CONVERGED = 1e-11  # of any predictor: the step after it is rounding error


@dataclass(frozen=True)
class Maximum:
    """Where the likelihood of counts is largest.

    Attributes
    ----------
    eta
        Linear predictor of each arm, trial by trial. Shape (A,).
    weights
        Second derivative of the log likelihood of each arm, sign turned. Shape (A,).
    slopes
        First derivative. Shape (A,).
    deviance
        Twice the log likelihood that is lost against one free parameter per arm.
    """

    eta: Array
    weights: Array
    slopes: Array
    deviance: float


def fit_likelihood(data: Counted, *, reference: str = "", level: float = 0.95) -> NetworkFit:
    """Fit a network of counts by exact maximum likelihood, with a fixed effect of each study.

    Parameters
    ----------
    data
        The trials; see ``counted_trials``.
    reference
        Treatment that the basic parameters are written against; the first in the alphabet if empty.
    level
        Level of the confidence intervals (Wald, from the observed information).

    Returns
    -------
    NetworkFit
        Common-effect model. Its ``network`` holds the working contrasts of each trial at the maximum, whose
        least-squares fit this is; ``q`` is the residual deviance. Trials without any event are noted.

    Raises
    ------
    NotEstimableError
        If nothing is left to fit, or the maximum lies at infinity; the message names the treatments.
    NetworkError
        If the network of the trials that say something is in pieces.
    ConvergenceError
        If Newton's method does not settle.
    UnknownTermError
        If the reference is not a treatment of the network.

    Notes
    -----
    Relabelling, the reference and the order of arms change no contrast. With large counts the fit is that of
    inverse variance with a common effect; the p-value of the deviance needs large counts too.

    References
    ----------
    dias-2013
    """
    informative = data.informative()
    if not informative.trials:
        raise NotEstimableError(
            "no trial is left whose likelihood says anything.\n" + "\n".join(f"  {n}" for n in informative.notes)
        )
    reference = reference or informative.treatments[0]
    if reference not in informative.treatments:
        raise UnknownTermError("treatment", reference, informative.treatments)
    informative.graph().require_connected()
    _require_overlap(informative)
    top = maximise(informative)
    working = Network(_working_trials(informative, top), data.measure, reference)
    fitted = fit(working, model="common", level=level)
    df = residual_df(informative)
    return replace(
        fitted,
        q=top.deviance if df else 0.0,
        q_p=chi2_tail(top.deviance, df),
        i2=None,
        notes=(*informative.notes, *_method_notes(informative)),
    )


def maximise(data: Counted) -> Maximum:
    """Find the maximum of the likelihood where it is known to be finite.

    Parameters
    ----------
    data
        Trials that all say something, whose treatments are one strong component.

    Raises
    ------
    ConvergenceError
        If Newton's method does not settle.
    """
    if not data.trials:
        return Maximum(np.empty(0), np.empty(0), np.empty(0), 0.0)
    likelihood, trial, x = _stacked(data)
    eta = likelihood.start()
    starts = np.flatnonzero(np.r_[True, trial[1:] != trial[:-1]])
    eta, reach = _by_trial(eta, np.ones(len(eta)), starts, trial), np.inf
    for _ in range(_NEWTON_STEPS):
        slopes, weights = likelihood.derivatives(eta)
        step = _newton_step(x, slopes, weights, starts, trial)
        reach = float(np.abs(step).max())
        if reach < _CONVERGED:
            return Maximum(eta, weights, slopes, _deviance(data, likelihood, eta))
        eta = _uphill(likelihood, eta, step * min(1.0, _LARGEST_STEP / reach))
    raise ConvergenceError(
        f"the maximum of the likelihood was not found in {_NEWTON_STEPS} steps; the last moved by {reach:.2g}.\n"
        "  Try: the posterior with arm data, or Mantel-Haenszel."
    )


def residual_df(data: Counted) -> int:
    """Arms less studies less free effects: the degrees of freedom of the residual deviance."""
    if not data.trials:
        return 0
    n_effects = len(data.treatments) - len(data.graph().pieces())
    return data.n_arms - len(data.trials) - n_effects


def _stacked(data: Counted) -> tuple[Likelihood, NDArray[np.intp], Array]:
    """Arms of all trials under each other: likelihood, index of the trial, design without study effects."""
    events = np.concatenate([trial.events for trial in data.trials])
    exposure = np.concatenate([trial.exposure for trial in data.trials])
    trial = np.repeat(np.arange(len(data.trials)), [len(trial.treatments) for trial in data.trials])
    names = [name for trial in data.trials for name in trial.treatments]
    x = np.array([[float(name == parameter) for parameter in data.treatments[1:]] for name in names])
    is_rate = data.measure is Measure.RATE_RATIO
    return Poisson(events, exposure) if is_rate else Binomial(events, exposure), trial, x


def _by_trial(values: Array, weights: Array, starts: NDArray[np.intp], trial: NDArray[np.intp]) -> Array:
    """Weighted mean of the arms of each trial, repeated for each arm. Shape as ``values``: (A,) or (A, P)."""
    w = weights if values.ndim == 1 else weights[:, None]
    means: Array = np.add.reduceat(w * values, starts, axis=0) / np.add.reduceat(w, starts, axis=0)
    return means[trial]


def _newton_step(x: Array, slopes: Array, weights: Array, starts: NDArray[np.intp], trial: NDArray[np.intp]) -> Array:
    """Step of each predictor, the study effects eliminated."""
    centred = x - _by_trial(x, weights, starts, trial)
    information = centred.T @ (weights[:, None] * centred)
    effects = np.linalg.solve(information, centred.T @ slopes)
    working = slopes / weights
    step: Array = centred @ effects + _by_trial(working, weights, starts, trial)
    return step


def _uphill(likelihood: Likelihood, eta: Array, step: Array) -> Array:
    """Go along the step, halved until the likelihood does not fall; it is concave, so it will not."""
    here = float(likelihood.value(eta).sum())
    slack = 1e-12 * (1 + abs(here))
    for _ in range(30):
        if float(likelihood.value(eta + step).sum()) >= here - slack:
            break
        step = step / 2
    return eta + step


def _deviance(data: Counted, likelihood: Likelihood, eta: Array) -> float:
    events = np.concatenate([trial.events for trial in data.trials])
    exposure = np.concatenate([trial.exposure for trial in data.trials])
    if data.measure is Measure.RATE_RATIO:
        saturated = _x_log_y(events, events / exposure) - events
    else:
        risk = events / exposure
        saturated = _x_log_y(events, risk) + _x_log_y(exposure - events, 1 - risk)
    return max(2 * float((saturated - likelihood.value(eta)).sum()), 0.0)


def _x_log_y(x: Array, y: Array) -> Array:
    """``x log y`` with 0 log 0 = 0."""
    terms: Array = x * np.log(np.where(x > 0, y, 1.0))
    return terms


def _working_trials(data: Counted, top: Maximum) -> tuple[Trial, ...]:
    """Contrasts of the working responses at the maximum, against the first arm of each trial."""
    response, variance = top.eta + top.slopes / top.weights, 1 / top.weights
    trials, start = [], 0
    for trial in data.trials:
        stop = start + len(trial.treatments)
        z, v = response[start:stop], variance[start:stop]
        trials.append(Trial(trial.study, trial.treatments, z[1:] - z[0], np.diag(v[1:]) + v[0]))
        start = stop
    return tuple(trials)


def _require_overlap(data: Counted) -> None:
    """Refuse separated data, naming the treatments that cannot be compared."""
    groups = data.strong_components()
    if len(groups) == 1:
        return
    listed = "\n".join(f"  group {i}: {', '.join(group)}" for i, group in enumerate(groups, start=1))
    reasons = {group: _why(data, group) for group in reversed(groups)}  # the smallest group first
    apart = next((group for group, reason in reasons.items() if reason), groups[-1])
    why = reasons[apart] or "In every trial that joins two groups, one side had no events, or the other only events."
    raise NotEstimableError(
        f"the likelihood has no maximum: the effect of {', '.join(apart)} runs off to infinity.\n{listed}\n"
        f"  {why}\n"
        "  Try: the posterior with arm data and a prior on the effects, a continuity correction (inverse variance),\n"
        f"  or leave out {', '.join(apart)} and say so."
    )


def _why(data: Counted, apart: Sequence[str]) -> str:
    """Say in words how the counts of a group are separated from all others; empty if it is not so simple."""
    who = "it was" if len(apart) == 1 else "they were"
    mixed = [trial for trial in data.trials if set(trial.treatments) - set(apart)]
    counts = [(trial.only(apart).events, trial.only(apart).exposure) for trial in mixed]
    if all((events == 0).all() for events, _ in counts):
        return f"Nobody on {' or '.join(apart)} had an event in the trials in which {who} compared with the others."
    if data.measure is Measure.ODDS_RATIO and all((events == exposure).all() for events, exposure in counts):
        return f"Everybody on {' or '.join(apart)} had an event in the trials in which {who} compared with the others."
    return ""


def _method_notes(data: Counted) -> list[str]:
    zero = [trial.study for trial in data.trials if (trial.events == 0).any()]
    notes = ["Q is the residual deviance; its p-value needs more than a few events in each arm."]
    if zero:
        notes.append(f"Trials with an arm without events take part as they are, uncorrected: {', '.join(zero)}.")
    return notes
