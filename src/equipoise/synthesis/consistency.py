"""Consistency by design, and Cochran's Q split between and within designs.

A design is the set of treatments that a trial compares. Trials of one design can only be heterogeneous;
designs can disagree, and that is inconsistency. Q splits accordingly: total = within + between designs.

References: krahn-2013 (decomposition), higgins-2012 (design-by-treatment interaction).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from equipoise.synthesis.distributions import chi2_tail
from equipoise.synthesis.gls import Rows, independent_rows, weighted_least_squares
from equipoise.synthesis.heterogeneity import Tau2Method, estimate_tau2
from equipoise.synthesis.network import Network, Trial, consistency_rows, design_matrix


@dataclass(frozen=True)
class QPart:
    """A chi-squared statistic with its degrees of freedom; ``p`` is None where there are none."""

    statistic: float
    df: int
    p: float | None


@dataclass(frozen=True)
class QDecomposition:
    """Cochran's Q split by design.

    Attributes
    ----------
    total, within, between
        At tau2 = 0; total = within + between.
    by_design
        Heterogeneity inside each design. One entry per design.
    detached
        Between-designs Q that is left when one design is freed from consistency; designs whose freeing
        changes nothing are left out.
    design_by_treatment
        Between-designs test of the random-effects design-by-treatment interaction model.
    tau2_within
        Between-study variance of that model, estimated within designs; None without degrees of freedom.
    """

    total: QPart
    within: QPart
    between: QPart
    by_design: dict[tuple[str, ...], QPart]
    detached: dict[tuple[str, ...], QPart]
    design_by_treatment: QPart
    tau2_within: float | None


def designs(network: Network) -> dict[tuple[str, ...], tuple[Trial, ...]]:
    """Trials of each design, the designs in alphabetical order."""
    by_design = sorted(network.trials, key=lambda trial: trial.design)
    return {design: tuple(group) for design, group in itertools.groupby(by_design, key=lambda trial: trial.design)}


def interaction_rows(network: Network) -> Rows:
    """Rotated rows of the design-by-treatment interaction model: every design has its own coefficients."""
    groups = designs(network)
    n_columns = sum(len(design) - 1 for design in groups)
    blocks, start = [], 0
    for design, trials in groups.items():
        stop = start + len(design) - 1
        for trial in trials:
            x = np.zeros((trial.n_contrasts, n_columns))
            x[:, start:stop] = design_matrix(trial, design[1:])
            blocks.append((trial.estimates, x, trial.covariance))
        start = stop
    return independent_rows(blocks)


def decompose_q(network: Network, *, tau2_method: Tau2Method = "dl") -> QDecomposition:
    """Split Cochran's Q into heterogeneity within and inconsistency between designs.

    Parameters
    ----------
    network
        The trials.
    tau2_method
        Estimator of the within-design between-study variance of the random-effects test.

    Raises
    ------
    NetworkError
        If the network is in pieces.
    """
    consistent, free = consistency_rows(network), interaction_rows(network)
    total, within = weighted_least_squares(consistent).q, weighted_least_squares(free).q
    by_design = {design: _q_of(trials, network) for design, trials in designs(network).items()}
    df_between = consistent.df - free.df
    tau2_within = estimate_tau2(free, tau2_method) if free.df > 0 else None
    interaction = total - within
    if tau2_within:
        interaction = weighted_least_squares(consistent, tau2_within).q - weighted_least_squares(free, tau2_within).q
    between = _part(total - within, df_between)
    return QDecomposition(
        total=_part(total, consistent.df),
        within=_part(within, free.df),
        between=between,
        by_design=by_design,
        detached=_detached(network, by_design, between),
        design_by_treatment=_part(interaction, df_between),
        tau2_within=tau2_within,
    )


def _q_of(trials: tuple[Trial, ...], network: Network) -> QPart:
    rows = consistency_rows(Network(trials, network.measure))
    return _part(weighted_least_squares(rows).q, rows.df)


def _detached(
    network: Network, by_design: dict[tuple[str, ...], QPart], between: QPart
) -> dict[tuple[str, ...], QPart]:
    """Free one design at a time: its trials keep their own coefficients, the others stay consistent."""
    within = sum(part.statistic for part in by_design.values())
    df_within = sum(part.df for part in by_design.values())
    left: dict[tuple[str, ...], QPart] = {}
    if len(by_design) == 1:
        return left
    for design, trials in designs(network).items():
        pieces = network.without(trial.study for trial in trials).split()
        parts = [_q_of(piece.trials, piece) for piece in pieces]
        statistic = sum(part.statistic for part in parts) + by_design[design].statistic - within
        df = sum(part.df for part in parts) + by_design[design].df - df_within
        if df < between.df:
            left[design] = _part(statistic, df)
    return left


def _part(statistic: float, df: int) -> QPart:
    statistic = max(statistic, 0.0) if df > 0 else 0.0
    return QPart(statistic, df, chi2_tail(statistic, df))
