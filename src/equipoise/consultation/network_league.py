"""A piece of a network taken apart for its reader: league table, contributions, small trials, net heat."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import Counter

from equipoise.consultation.network_component import CONTRIBUTION_METHOD, Component
from equipoise.consultation.network_estimates import Number, Pair
from equipoise.consultation.network_inspection import (
    Contribution,
    FunnelPoint,
    Heat,
    Inspection,
    League,
    LeagueCell,
    TrialShare,
)
from equipoise.consultation.network_small_study import favoured_first
from equipoise.consultation.network_statistics import Statistic, statistic_estimate, statistic_id
from equipoise.synthesis import net_heat, split_contrast
from equipoise.synthesis.distributions import normal_quantile
from equipoise.synthesis.small_study import comparison_adjusted_funnel
from equipoise.vocabulary.errors import NotEstimableError
from equipoise.vocabulary.estimate import Certainty, Estimate, Interval
from equipoise.vocabulary.measures import Measure

LEVEL = 0.95


def inspection(component: Component, reference: str) -> Inspection:
    """Take a piece apart.

    Parameters
    ----------
    component
        The piece.
    reference
        What its results are compared with.
    """
    test = component.asymmetry.test
    return Inspection(
        league=_league(component, reference),
        contribution_method=CONTRIBUTION_METHOD,
        contributions=tuple(
            _contribution(component, name, reference) for name in component.treatments if name != reference
        ),
        favoured_first=favoured_first(component.network),
        funnel=_funnel(component),
        slope=_slope(component),
        slope_p=None if test is None else test.p,
        slope_note=component.asymmetry.reason,
        heat=_heat(component),
        tau=component.tau_curves,
    )


def _league(component: Component, reference: str) -> League:
    model = component.main.model
    treatments = (reference, *(name for name in component.treatments if name != reference))
    tested = {frozenset(pair) for t in component.network.trials for pair in itertools.combinations(t.treatments, 2)}
    network, direct = [], []
    for first, second in itertools.combinations(treatments, 2):
        pair = Pair(component, second, first)
        contrast = component.main.contrast(second, first)
        values = (contrast.estimate, contrast.ci_low, contrast.ci_high)
        network.append(LeagueCell(second, first, pair.id(model), *map(math.exp, values)))
        if {second, first} in tested:
            split = split_contrast(component.main, second, first)
            limits = split.direct_interval(LEVEL)
            if split.direct is not None and limits is not None:
                values = (split.direct, *limits)
                direct.append(LeagueCell(second, first, pair.id(model, "direct"), *map(math.exp, values)))
    return League(model, treatments, tuple(network), tuple(direct))


def _contribution(component: Component, treatment: str, reference: str) -> Contribution:
    model = component.main.model
    shares = component.shares(treatment, reference, model)
    return Contribution(
        treatment,
        reference,
        Pair(component, treatment, reference).id(model),
        tuple(TrialShare(study, share, component.bias[study][0]) for study, share in shares.items()),
    )


def _funnel(component: Component) -> tuple[FunnelPoint, ...]:
    """Comparisons of two trials or more: one that a trial makes alone lies at zero by construction."""
    by_study = {trial.trial.id: trial for trial in component.trials}
    points = comparison_adjusted_funnel(component.network, favoured_first(component.network))
    times = Counter((point.treatment, point.reference) for point in points)
    z = normal_quantile(LEVEL)
    found = []
    for point in points:
        if times[point.treatment, point.reference] < 2:
            continue
        trial = by_study[point.study]
        number = Number(point.effect, point.effect - z * point.se, point.effect + z * point.se)
        note = (
            f"In the funnel, on the log scale: {point.adjusted:.2f} from the common effect of all trials that compare "
            f"the two; standard error {point.se:.3f}."
        )
        estimate = Pair(component, point.treatment, point.reference).estimate(
            ("trial", point.study),
            number,
            trial.provenance,
            (trial,),
            trial.trial.short_name,
            Certainty(reasons=("One trial as it stands in the network; the network result is rated.",)),
        )
        found.append(
            FunnelPoint(dataclasses.replace(estimate, notes=(*estimate.notes, note)), point.adjusted, point.se)
        )
    return tuple(found)


def _slope(component: Component) -> Estimate | None:
    test = component.asymmetry.test
    if test is None:
        return None
    half = normal_quantile(LEVEL) * test.slope_se
    return statistic_estimate(
        component,
        Statistic(
            "small-study-slope",
            Measure.SMALL_STUDY_SLOPE,
            test.slope,
            f"log ratios change by {test.slope:.2f} per unit of standard error (z = {test.statistic:.2f}, "
            f"p = {test.p:.3f}), each comparison turned so that the treatment expected to gain stands first",
            "random-effects network model with the standard error of each contrast as one more column",
            "chaimani-2012",
            Interval(test.slope - half, test.slope + half, LEVEL),
            notes=(f"{component.asymmetry.reason[:1].upper()}{component.asymmetry.reason[1:]}.", *test.notes),
        ),
    )


def _heat(component: Component) -> Heat | None:
    """Net heat of the common-effect fit; comparisons outside closed loops can neither agree nor disagree."""
    if not component.q.between.df:
        return None
    try:
        found = net_heat(component.common)
    except NotEstimableError:
        return None
    kept = [row for row, can_be_detached in enumerate(found.can_be_detached) if can_be_detached]
    if not kept:
        return None
    return Heat(
        statistic_id(component, "cochran-q-between"),
        tuple((*found.comparisons[row], found.designs[row]) for row in kept),
        tuple(tuple(float(found.hat[row, column]) for column in kept) for row in kept),
        tuple(tuple(float(found.change[row, column]) for column in kept) for row in kept),
    )
