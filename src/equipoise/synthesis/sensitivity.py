"""How much the answer hangs on single trials and treatments: leave one out, and how far one would have to move."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from equipoise.synthesis.fitting import NetworkFit
from equipoise.synthesis.gls import Array, heterogeneity_structure
from equipoise.synthesis.network import Network, Trial, design_matrix
from equipoise.vocabulary.errors import EquipoiseError, UnknownTermError

FitT = TypeVar("FitT")


@dataclass(frozen=True)
class LeftOut(Generic[FitT]):
    """A fit without one trial or treatment.

    Attributes
    ----------
    name
        What was left out.
    fit
        The fit of what remains; None where it cannot be fitted.
    lost
        Treatments that left the network with it.
    reason
        Why there is no fit, in words; empty otherwise.
    """

    name: str
    fit: FitT | None
    lost: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Threshold:
    """How far one contrast of one trial can move before another treatment comes first.

    Attributes
    ----------
    study, treatment, reference
        The contrast of the trial.
    estimate
        What the trial reported, analysis scale.
    low, high
        Estimates at which the first place changes hands; infinite where no estimate would change it.
    then_low, then_high
        Treatment that takes the first place there; empty where none does.
    """

    study: str
    treatment: str
    reference: str
    estimate: float
    low: float
    high: float
    then_low: str
    then_high: str


def leave_one_trial_out(network: Network, fitter: Callable[[Network], FitT]) -> tuple[LeftOut[FitT], ...]:
    """Fit the network without each trial in turn.

    Parameters
    ----------
    network
        The trials.
    fitter
        How to fit, for instance ``functools.partial(fit, tau2_method="reml")``, or a posterior.

    Returns
    -------
    tuple of LeftOut
        One per trial, in the order of the network. Where the rest falls in pieces the reason says so.
    """
    return tuple(_left_out(network, trial.study, [trial], fitter) for trial in network.trials)


def leave_one_treatment_out(network: Network, fitter: Callable[[Network], FitT]) -> tuple[LeftOut[FitT], ...]:
    """Fit the network without the trials of each treatment in turn; arguments as ``leave_one_trial_out``."""
    return tuple(
        _left_out(network, name, [trial for trial in network.trials if name in trial.treatments], fitter)
        for name in network.treatments
    )


def thresholds(fit: NetworkFit, *, smaller_is_better: bool) -> tuple[Threshold, ...]:
    """Find how far each contrast of each trial can move before another treatment comes first.

    Parameters
    ----------
    fit
        A fitted network; its between-study variance is held.
    smaller_is_better
        True where a lower value of the outcome is the better one.

    Notes
    -----
    Given tau2 the effects are linear in the data, so each threshold is one division (phillippo-2018).
    """
    sign = 1.0 if smaller_is_better else -1.0
    effects = sign * fit.effects[:, fit.treatments.index(fit.network.reference)]
    found = []
    for trial in fit.network.trials:
        influence = sign * _influence(fit, trial)
        for i, treatment in enumerate(trial.treatments[1:]):
            (down, then_low), (up, then_high) = _first_place(effects, influence[:, i], fit.treatments)
            y = float(trial.estimates[i])
            found.append(
                Threshold(trial.study, treatment, trial.treatments[0], y, y + down, y + up, then_low, then_high)
            )
    return tuple(found)


def trial_thresholds(fit: NetworkFit, study: str, *, smaller_is_better: bool) -> tuple[Threshold, ...]:
    """Thresholds of one trial.

    Raises
    ------
    UnknownTermError
        If the network has no such trial.
    """
    names = [trial.study for trial in fit.network.trials]
    if study not in names:
        raise UnknownTermError("trial", study, names)
    return tuple(t for t in thresholds(fit, smaller_is_better=smaller_is_better) if t.study == study)


def _left_out(network: Network, name: str, trials: list[Trial], fitter: Callable[[Network], FitT]) -> LeftOut[FitT]:
    if len(trials) == len(network.trials):
        return LeftOut(name, None, network.treatments, "no trial remains")
    rest = network.without(trial.study for trial in trials)
    lost = tuple(treatment for treatment in network.treatments if treatment not in rest.treatments)
    try:
        return LeftOut(name, fitter(rest), lost, "")
    except EquipoiseError as error:
        return LeftOut(name, None, lost, str(error))


def _influence(fit: NetworkFit, trial: Trial) -> Array:
    """Change of every effect against the reference per unit of each contrast of the trial. Shape (T, k - 1)."""
    covariance = trial.covariance + (fit.tau2 or 0.0) * heterogeneity_structure(trial.n_contrasts)
    design = design_matrix(trial, fit.treatments)
    influence: Array = fit.covariance @ np.linalg.solve(covariance, design).T
    return influence


def _first_place(
    effects: Array, influence: Array, treatments: tuple[str, ...]
) -> tuple[tuple[float, str], tuple[float, str]]:
    """Smallest change down and up at which another treatment has the smallest effect."""
    first = int(effects.argmin())
    gap, slope = effects - effects[first], influence[first] - influence
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(np.abs(slope) > 1e-12, gap / slope, math.inf)
    change[first] = math.inf
    down = np.where(change < 0, change, -math.inf)
    up = np.where(change > 0, change, math.inf)
    return (
        (float(down.max()), treatments[int(down.argmax())] if np.isfinite(down.max()) else ""),
        (float(up.min()), treatments[int(up.argmin())] if np.isfinite(up.min()) else ""),
    )
