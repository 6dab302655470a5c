"""Do designs, and direct and indirect evidence, agree? Asked of counts by their likelihood.

The deviance takes the place of Cochran's Q: the model in which each design has its own effects is compared
with the consistent one by their likelihood ratio. A design by itself may have its maximum at infinity; its
deviance is finite all the same, and is found on the groups of treatments that stay finite.

References: higgins-2012 (designs), konig-2013 (back-calculation).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

from equipoise.synthesis.consistency import QDecomposition, QPart
from equipoise.synthesis.counted import Counted, CountedTrial
from equipoise.synthesis.distributions import chi2_tail, two_sided_p
from equipoise.synthesis.fitting import NetworkFit
from equipoise.synthesis.maximum_likelihood import fit_likelihood, maximise, residual_df
from equipoise.synthesis.splitting import Split
from equipoise.vocabulary.errors import NotEstimableError

# A network no more precise than its direct evidence leaves no indirect estimate but rounding error.
_NEGLIGIBLE_SHARE = 1e-8


def deviance(data: Counted) -> float:
    """Residual deviance of the consistent model, its limit where the maximum lies at infinity.

    Parameters
    ----------
    data
        The trials; the network may be in pieces.

    Notes
    -----
    On the way to infinity the arms of a trial outside one strong component come to fit exactly, so the limit is
    the sum over the components (see ``counted``).
    """
    return sum(maximise(data.only(group)).deviance for group in data.informative().strong_components())


def decompose_deviance(data: Counted) -> QDecomposition:
    """Split the residual deviance into heterogeneity within and inconsistency between designs.

    Parameters
    ----------
    data
        The trials; those that say nothing are left out.

    Returns
    -------
    QDecomposition
        Deviances where the least-squares decomposition has Q. There is no between-study variance.
    """
    data = data.informative()
    trials = sorted(data.trials, key=lambda trial: trial.treatments)
    groups = {d: tuple(g) for d, g in itertools.groupby(trials, key=lambda trial: trial.treatments)}
    by_design = {design: _residual(data, group) for design, group in groups.items()}
    total = _residual(data, data.trials)
    within = _sum(by_design.values())
    between = _part(total.statistic - within.statistic, total.df - within.df)
    detached = {}
    for design, group in groups.items():
        others = tuple(trial for trial in data.trials if trial not in group)
        free = _sum((_residual(data, others), by_design[design]))
        if others and free.df - within.df < between.df:
            detached[design] = _part(free.statistic - within.statistic, free.df - within.df)
    return QDecomposition(total, within, between, by_design, detached, between, None)


def likelihood_splits(data: Counted, fitted: NetworkFit) -> tuple[Split, ...]:
    """Split every pair of treatments into direct and indirect evidence.

    Parameters
    ----------
    data
        The trials.
    fitted
        Their fit by ``fit_likelihood``.

    Notes
    -----
    Direct: the maximum likelihood of the two arms in the trials that hold both. Indirect: by back-calculation,
    as for least squares; with few events the two parts are not quite independent.
    """
    data = data.informative()
    return tuple(_split(data, fitted, a, b) for a, b in itertools.combinations(fitted.treatments, 2))


def _split(data: Counted, fitted: NetworkFit, treatment: str, reference: str) -> Split:
    whole = fitted.contrast(treatment, reference)
    both = [trial for trial in data.trials if {treatment, reference} <= set(trial.treatments)]
    split = Split(treatment, reference, len(both), 0.0, whole.estimate, whole.se)
    if not both:
        note = "no trial compares the two directly; all evidence is indirect"
        return replace(split, indirect=whole.estimate, indirect_se=whole.se, note=note)
    try:
        pair = fit_likelihood(replace(data, trials=tuple(both)).only((treatment, reference)), reference=reference)
    except NotEstimableError:
        return replace(split, note="the direct trials have too few events for a finite estimate of their own")
    direct = pair.contrast(treatment, reference)
    share = (whole.se / direct.se) ** 2
    split = replace(split, share_direct=min(share, 1.0), direct=direct.estimate, direct_se=direct.se)
    if share > 1 - _NEGLIGIBLE_SHARE:
        return replace(split, note="all evidence is direct; there is no indirect estimate to compare it with")
    precision = 1 / whole.se**2 - 1 / direct.se**2
    indirect = (whole.estimate / whole.se**2 - direct.estimate / direct.se**2) / precision
    difference, difference_se = direct.estimate - indirect, (direct.se**2 + 1 / precision) ** 0.5
    return replace(
        split,
        indirect=indirect,
        indirect_se=precision**-0.5,
        difference=difference,
        difference_se=difference_se,
        p=two_sided_p(difference / difference_se),
    )


def _residual(data: Counted, trials: tuple[CountedTrial, ...]) -> QPart:
    part = replace(data, trials=trials)
    return _part(deviance(part), residual_df(part)) if trials else QPart(0.0, 0, None)


def _sum(parts: Iterable[QPart]) -> QPart:
    both = [(part.statistic, part.df) for part in parts]
    return _part(sum(statistic for statistic, _ in both), sum(df for _, df in both))


def _part(statistic: float, df: int) -> QPart:
    statistic = max(statistic, 0.0) if df > 0 else 0.0
    return QPart(statistic, df, chi2_tail(statistic, df))
