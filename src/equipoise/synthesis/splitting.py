"""Node-splitting: the direct and the indirect evidence on each contrast, side by side.

Back-calculation needs no second fit: the network estimate is the precision-weighted mean of direct and
indirect evidence, so the indirect part is what is left when the direct part is taken out. Exclusion fits
the network again without the trials that hold both arms; the two agree where all trials have two arms.

References: konig-2013, dias-2010, efthimiou-2019.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from equipoise.synthesis.distributions import normal_quantile, two_sided_p
from equipoise.synthesis.fitting import NetworkFit, fit
from equipoise.synthesis.network import Trial
from equipoise.vocabulary.errors import UnknownTermError

SplitMethod = Literal["back-calculation", "exclusion"]

# A share of direct evidence this near to 0 or 1 leaves no indirect estimate but rounding error.
_NEGLIGIBLE_SHARE = 1e-8


@dataclass(frozen=True)
class Split:
    """Direct and indirect evidence on one contrast, on the analysis scale.

    Attributes
    ----------
    treatment, reference
        Effects are those of ``treatment`` versus ``reference``.
    n_trials
        Trials that compare the two directly.
    share_direct
        Share of direct evidence in the network estimate, var(network) / var(direct).
    network, direct, indirect
        Estimates; None where there is no such evidence.
    network_se, direct_se, indirect_se
        Their standard errors.
    difference, difference_se, p
        Direct minus indirect, its standard error and two-sided p-value.
    note
        Why a part is missing, in words; empty otherwise.
    """

    treatment: str
    reference: str
    n_trials: int
    share_direct: float
    network: float
    network_se: float
    direct: float | None = None
    direct_se: float | None = None
    indirect: float | None = None
    indirect_se: float | None = None
    difference: float | None = None
    difference_se: float | None = None
    p: float | None = None
    note: str = ""

    def direct_interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Confidence limits of the direct evidence at this level; None where there is none."""
        if self.direct is None or self.direct_se is None:
            return None
        half = normal_quantile(level) * self.direct_se
        return self.direct - half, self.direct + half


def split_contrast(
    fitted: NetworkFit, treatment: str, reference: str, *, method: SplitMethod = "back-calculation"
) -> Split:
    """Split one contrast into direct and indirect evidence.

    Parameters
    ----------
    fitted
        A fitted network; direct evidence is pooled with its between-study variance.
    treatment, reference
        The contrast.
    method
        ``back-calculation``: 1 / var(network) = 1 / var(direct) + 1 / var(indirect), and the estimates
        weigh accordingly. ``exclusion``: the network without the trials that hold both arms, its
        between-study variance estimated anew.

    Raises
    ------
    UnknownTermError
        If a name is not a treatment of the network, or there is no such method.

    Notes
    -----
    Where all evidence is direct, as in a star, or none is, there is no difference to test: a note says so.
    """
    if method not in get_args(SplitMethod):
        raise UnknownTermError("method of splitting", str(method), get_args(SplitMethod))
    estimate = fitted.contrast(treatment, reference).estimate
    # Not the standard error of the contrast: Hartung-Knapp rescales that one, and the parts would not make the whole.
    se = float(fitted.se[fitted.treatments.index(treatment), fitted.treatments.index(reference)])
    both = [t for t in fitted.network.trials if {treatment, reference} <= set(t.treatments)]
    split = Split(treatment, reference, len(both), 0.0, estimate, se)
    if not both:
        note = "no trial compares the two directly; all evidence is indirect"
        return replace(split, indirect=estimate, indirect_se=se, note=note)
    direct, direct_se = direct_estimate(both, treatment, reference, tau2=fitted.tau2 or 0.0)
    split = replace(split, share_direct=(se / direct_se) ** 2, direct=direct, direct_se=direct_se)
    indirect = _back_calculated(split) if method == "back-calculation" else _without_direct(fitted, split, both)
    if indirect is None:
        return replace(split, note="all evidence is direct; there is no indirect estimate to compare it with")
    difference, difference_se = direct - indirect[0], math.hypot(direct_se, indirect[1])
    return replace(
        split,
        indirect=indirect[0],
        indirect_se=indirect[1],
        difference=difference,
        difference_se=difference_se,
        p=two_sided_p(difference / difference_se),
    )


def node_splits(fitted: NetworkFit, *, method: SplitMethod = "back-calculation") -> tuple[Split, ...]:
    """Split every pair of treatments once, the alphabetically first as the treatment."""
    return tuple(split_contrast(fitted, a, b, method=method) for a, b in itertools.combinations(fitted.treatments, 2))


def direct_estimate(trials: list[Trial], treatment: str, reference: str, *, tau2: float) -> tuple[float, float]:
    """Pool the trials that hold both arms: estimate and standard error, analysis scale."""
    estimates, variances = np.array([_within_trial(trial, treatment, reference) for trial in trials]).T
    weights = 1 / (variances + tau2)
    return float(weights @ estimates / weights.sum()), float(weights.sum() ** -0.5)


def _within_trial(trial: Trial, treatment: str, reference: str) -> tuple[float, float]:
    """Contrast of two arms of one trial and its sampling variance."""
    difference = np.zeros(len(trial.treatments))
    difference[trial.treatments.index(treatment)] += 1
    difference[trial.treatments.index(reference)] -= 1
    c = difference[1:]
    return float(c @ trial.estimates), float(c @ trial.covariance @ c)


def _back_calculated(split: Split) -> tuple[float, float] | None:
    if split.direct is None or split.direct_se is None or split.share_direct > 1 - _NEGLIGIBLE_SHARE:
        return None
    precision = 1 / split.network_se**2 - 1 / split.direct_se**2
    estimate = (split.network / split.network_se**2 - split.direct / split.direct_se**2) / precision
    return estimate, precision**-0.5


def _without_direct(fitted: NetworkFit, split: Split, both: list[Trial]) -> tuple[float, float] | None:
    if len(both) == len(fitted.network.trials):
        return None
    for piece in fitted.network.without(trial.study for trial in both).split():
        if {split.treatment, split.reference} <= set(piece.treatments):
            method = fitted.tau2_method or "dl"
            given = fitted.tau2 if fitted.tau2_method is None else None
            rest = fit(piece, model=fitted.model, tau2_method=method, tau2=given)
            contrast = rest.contrast(split.treatment, split.reference)
            return contrast.estimate, contrast.se
    return None
