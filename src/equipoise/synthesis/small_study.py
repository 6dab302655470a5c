r"""Do small trials show other effects than large ones? Funnel data and an Egger-type regression, for networks.

In a network there is no single effect to draw a funnel around, and no single direction in which small trials
would err. The comparison-adjusted funnel subtracts from each effect the pooled effect of its own comparison, and
turns every comparison so that the treatment which small trials are expected to favour stands first. That
expectation is an assumption, newer over older or active over control, so the caller must write it down.

Two tests of a slope on the standard error, as for a pairwise meta-analysis, which is the network with two
treatments:

==================  ======================================================================================
``funnel``          weighted regression of the points of the funnel; residual variance multiplies, t test
``random-effects``  the network's own model with one more column; residual variance tau2 is added, z test
==================  ======================================================================================

References: egger-1997, sterne-2005, chaimani-2012, chaimani-2013.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from equipoise.synthesis.distributions import two_sided_p
from equipoise.synthesis.effects import study_names
from equipoise.synthesis.gls import Array, Rows, independent_rows, weighted_least_squares
from equipoise.synthesis.heterogeneity import Tau2Method, estimate_tau2
from equipoise.synthesis.network import Network, Trial, design_matrix
from equipoise.synthesis.pooling import two_treatment_network
from equipoise.synthesis.splitting import direct_estimate
from equipoise.vocabulary.errors import NotEstimableError, RequestError, UnknownTermError
from equipoise.vocabulary.measures import Measure

EggerMethod = Literal["funnel", "random-effects"]

# Directions whose size, after scaling, is below this share of the largest are rounding error.
_RANK_TOLERANCE = 1e-9
# A residual variance, in units of the sampling variance, below which all residuals are rounding error.
_NO_RESIDUAL = 1e-20
# Fewer trials than this cannot show more than a gross asymmetry (sterne-2011).
FEW_TRIALS = 10


@dataclass(frozen=True)
class FunnelPoint:
    """One comparison of one trial in a comparison-adjusted funnel, analysis scale.

    Attributes
    ----------
    study, treatment, reference
        The comparison, turned so that ``treatment`` is the one that small trials are expected to favour.
    effect, se
        Treatment versus reference and its standard error.
    pooled
        Common effect of all trials that compare the two.
    adjusted
        ``effect - pooled``: the horizontal axis of the funnel.
    """

    study: str
    treatment: str
    reference: str
    effect: float
    se: float
    pooled: float
    adjusted: float


@dataclass(frozen=True)
class EggerTest:
    """Regression of effects on their standard errors.

    Attributes
    ----------
    method
        ``funnel`` or ``random-effects``.
    slope, slope_se
        Change of the effect per unit of standard error, treatments turned as in the funnel.
    statistic, df, p
        The slope over its standard error: t with ``df`` degrees of freedom, or z where ``df`` is None.
    tau2
        Residual between-study variance; None for ``funnel``, whose residual variance multiplies.
    n
        Points (``funnel``) or independent contrasts (``random-effects``) that went in.
    notes
        What limits the test, in words.
    """

    method: EggerMethod
    slope: float
    slope_se: float
    statistic: float
    df: int | None
    p: float
    tau2: float | None
    n: int
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The test in words."""
        name = "z" if self.df is None else f"t({self.df})"
        return (
            f"Effects change by {self.slope:.2f} per unit of standard error "
            f"({name} = {self.statistic:.2f}, p = {self.p:.3f})."
        )


def comparison_adjusted_funnel(network: Network, favoured_first: Sequence[str]) -> tuple[FunnelPoint, ...]:
    """Points of a comparison-adjusted funnel: every pair of arms of every trial.

    Parameters
    ----------
    network
        The trials.
    favoured_first
        Every treatment once, from the one that small trials are expected to favour most to the one they favour
        least, for instance from the newest to the oldest with placebo last. There is no default: without an
        expected direction the picture means nothing.

    Returns
    -------
    tuple of FunnelPoint
        In the order of the trials. A comparison that one trial makes alone lies at zero by construction and tells
        nothing.

    Raises
    ------
    RequestError
        If the order is empty, or a treatment is missing from it or stands in it twice.
    UnknownTermError
        If a name in the order is not a treatment of the network.

    References
    ----------
    chaimani-2012, chaimani-2013
    """
    place = _places(network, favoured_first)
    trials: dict[tuple[str, str], list[Trial]] = {}
    for trial in network.trials:
        for pair in _turned_pairs(trial, place):
            trials.setdefault(pair, []).append(trial)
    pooled = {pair: direct_estimate(members, *pair, tau2=0.0)[0] for pair, members in trials.items()}
    points = []
    for trial in network.trials:
        for pair in _turned_pairs(trial, place):
            effect, se = direct_estimate([trial], *pair, tau2=0.0)
            points.append(FunnelPoint(trial.study, *pair, effect, se, pooled[pair], effect - pooled[pair]))
    return tuple(points)


def egger_test(
    network: Network,
    favoured_first: Sequence[str],
    *,
    method: EggerMethod = "random-effects",
    tau2_method: Tau2Method = "reml",
) -> EggerTest:
    r"""Test whether effects change with their standard error.

    Parameters
    ----------
    network
        The trials.
    favoured_first
        As for ``comparison_adjusted_funnel``.
    method
        ``funnel``: the adjusted effects on their standard errors, weights 1 / se^2, one intercept, t with two
        degrees of freedom fewer than points. ``random-effects``: the standard error as a column of the network's
        model, each trial written against its least favoured arm, multi-arm covariance exact.
    tau2_method
        For ``random-effects`` only.

    Raises
    ------
    RequestError, UnknownTermError
        As ``comparison_adjusted_funnel``; also where there is no such method.
    NetworkError
        If the network is in pieces (``random-effects``).
    NotEstimableError
        If there are too few trials, all standard errors are the same, or (``funnel``) nothing scatters.

    Notes
    -----
    Prefer ``random-effects`` in networks. ``funnel`` is what is published for them: centring the effects but not
    the standard errors takes part of the trend away, so its slope is never too steep; and the pairs of a trial of three
    or more arms count as if they were independent. For a pairwise meta-analysis ``funnel`` is the classical test
    of Egger and ``random-effects`` that of metafor's ``regtest(model = "rma")``.
    A slope can come from true heterogeneity as well as from missing trials.

    References
    ----------
    egger-1997, sterne-2005, chaimani-2013, viechtbauer-2010
    """
    if method not in get_args(EggerMethod):
        raise UnknownTermError("method of the Egger test", str(method), get_args(EggerMethod))
    place = _places(network, favoured_first)
    if method == "funnel":
        return _on_the_funnel(comparison_adjusted_funnel(network, favoured_first), _limits(network, method))
    network.require_connected()
    blocks = [_with_standard_errors(trial, network.parameters, place) for trial in network.trials]
    rows = independent_rows(blocks)
    _require_slope(rows.x, rows.df)
    tau2 = estimate_tau2(rows, tau2_method)
    solution = weighted_least_squares(rows, tau2)
    slope, se = float(solution.beta[-1]), math.sqrt(solution.covariance[-1, -1])
    z = slope / se
    return EggerTest(method, slope, se, z, None, two_sided_p(z), tau2, len(rows.y), _limits(network, method))


def egger_test_pairwise(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    *,
    studies: Sequence[str] = (),
    method: EggerMethod = "funnel",
    tau2_method: Tau2Method = "reml",
) -> EggerTest:
    """Egger's test for the trials of one contrast: the network with two treatments.

    Parameters
    ----------
    estimates, standard_errors
        One effect per study on the analysis scale, and its standard error. Shape (S,).
    studies
        Names of the studies, for messages; empty for numbers.
    method, tau2_method
        As for ``egger_test``.

    Raises
    ------
    ShapeError, NotEstimableError
        As ``pool``; also if there are fewer than three studies or all standard errors are the same.
    """
    names = study_names(studies, np.atleast_1d(np.asarray(estimates)).size)
    network = two_treatment_network(estimates, standard_errors, names, Measure.MEAN_DIFFERENCE)
    return egger_test(network, ("treatment", "reference"), method=method, tau2_method=tau2_method)


def _places(network: Network, favoured_first: Sequence[str]) -> dict[str, int]:
    """Place of each treatment in the order given."""
    order = [favoured_first] if isinstance(favoured_first, str) else list(favoured_first)
    for name in order:
        if name not in network.treatments:
            raise UnknownTermError("treatment", name, network.treatments)
    missing = [name for name in network.treatments if name not in order]
    twice = sorted({name for name in order if order.count(name) > 1})
    if missing or twice:
        wrong = f"missing: {', '.join(missing)}" if missing else f"twice: {', '.join(twice)}"
        raise RequestError(
            "small-study effects have no direction until one is expected.\n"
            f"  The order of the treatments is not complete ({wrong}).\n"
            "  Try: name every treatment once, the one that small trials are expected to favour most first."
        )
    return {name: i for i, name in enumerate(order)}


def _turned_pairs(trial: Trial, place: dict[str, int]) -> list[tuple[str, str]]:
    """All pairs of arms, the one that small trials are expected to favour first."""
    return list(itertools.combinations(sorted(trial.treatments, key=place.__getitem__), 2))


def _with_standard_errors(trial: Trial, parameters: Sequence[str], place: dict[str, int]) -> tuple[Array, Array, Array]:
    """Estimates against the least favoured arm, their design with the standard error as last column, covariance."""
    turned = _against(trial, max(trial.treatments, key=place.__getitem__))
    se = np.sqrt(np.diag(turned.covariance))
    return turned.estimates, np.column_stack([design_matrix(turned, parameters), se]), turned.covariance


def _against(trial: Trial, baseline: str) -> Trial:
    """Write the same trial against another of its arms."""
    k = len(trial.treatments)
    others = [i for i, name in enumerate(trial.treatments) if name != baseline]
    turn = np.eye(k)[others]
    turn[:, trial.treatments.index(baseline)] = -1.0
    names = (baseline, *(trial.treatments[i] for i in others))
    change = turn[:, 1:]  # of contrasts against the old baseline, whose own is zero
    return Trial(trial.study, names, change @ trial.estimates, change @ trial.covariance @ change.T)


def _on_the_funnel(points: tuple[FunnelPoint, ...], notes: tuple[str, ...]) -> EggerTest:
    y, se = (np.array([getattr(point, name) for point in points]) for name in ("adjusted", "se"))
    design = np.column_stack([np.ones(len(se)), se])
    df = len(y) - 2
    _require_slope(design, df)
    rows = Rows(y=y, x=design, v=se**2, trial=np.arange(len(y)))
    solution = weighted_least_squares(rows)
    slope = float(solution.beta[1])
    if solution.q / df < _NO_RESIDUAL:
        raise NotEstimableError(
            "the points of the funnel lie on a line exactly, so nothing says how well its slope is known.\n"
            "  Try: method 'random-effects', which takes the standard errors as they are."
        )
    slope_se = math.sqrt(solution.covariance[1, 1] * solution.q / df)
    t = slope / slope_se
    return EggerTest("funnel", slope, slope_se, t, df, two_sided_p(t, df), None, len(y), notes)


def _require_slope(design: Array, df: int) -> None:
    """Refuse a design that cannot tell the slope on the standard error from the effects."""
    norms = np.linalg.norm(design, axis=0)
    rank = np.linalg.matrix_rank(design / norms, tol=_RANK_TOLERANCE * math.sqrt(len(design)))
    if df < 1 or rank < design.shape[1]:
        raise NotEstimableError(
            "the trials cannot show whether effects change with their standard error.\n"
            "  Needed: more trials than treatments, of different sizes within a comparison."
        )


def _limits(network: Network, method: EggerMethod) -> tuple[str, ...]:
    notes = []
    if len(network.trials) < FEW_TRIALS:
        notes.append(f"With {len(network.trials)} trials the test has little power; fewer than {FEW_TRIALS} are few.")
    if method == "funnel" and any(len(trial.treatments) > 2 for trial in network.trials):
        notes.append("Pairs of arms of one trial were taken as independent, which they are not.")
    return tuple(notes)
