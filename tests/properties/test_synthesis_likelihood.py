"""Maximum likelihood of counts: true for every table of counts."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from equipoise.synthesis.counted import Counted, counted_trials
from equipoise.synthesis.likelihood_consistency import decompose_deviance, deviance, likelihood_splits
from equipoise.synthesis.maximum_likelihood import fit_likelihood
from equipoise.vocabulary.errors import NotEstimableError
from equipoise.vocabulary.measures import Measure

NAMES = ("a", "b", "c", "d")
few = settings(max_examples=60, deadline=None)


@st.composite
def counted(draw: st.DrawFn, *, most_events: int = 6) -> Counted:
    """A connected chain of trials and some more, with many zero cells."""
    measure = draw(st.sampled_from(["odds-ratio", "rate-ratio"]))
    n_more = draw(st.integers(0, 4))
    sets = [NAMES[i : i + 2] for i in range(3)]
    sets += [tuple(draw(st.permutations(NAMES))[: draw(st.integers(2, 4))]) for _ in range(n_more)]
    study = [f"s{i}" for i, arms in enumerate(sets) for _ in arms]
    treatment = [name for arms in sets for name in arms]
    n = [draw(st.integers(most_events, 60)) for _ in treatment]
    events = [draw(st.integers(0, most_events)) for _ in treatment]
    return counted_trials(measure, study, treatment, events, n)


def is_separated(data: Counted) -> bool:
    """A direction along which the likelihood never falls, found by linear programming."""
    study, treatment, events, exposure = data.rows()
    studies = sorted(set(study))
    rows = np.array(
        [
            [float(s == x) for x in studies] + [float(t == x) for x in data.treatments[1:]]
            for s, t in zip(study, treatment, strict=True)
        ]
    )
    full = (events == exposure) & (data.measure is Measure.ODDS_RATIO)
    none = events == 0
    up, fixed = np.vstack([rows[full], -rows[none]]), rows[~full & ~none]
    if not len(up):
        return False
    found = linprog(
        -up.sum(axis=0),
        A_ub=-up,
        b_ub=np.zeros(len(up)),
        A_eq=fixed if len(fixed) else None,
        b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=(-1, 1),
    )
    return bool(-found.fun > 1e-7)


@few
@given(counted())
def test_the_graph_and_a_linear_programme_agree_on_what_is_finite(data: Counted) -> None:
    left = data.informative()
    assume(left.trials and len(left.graph().pieces()) == 1)
    assert (len(left.strong_components()) > 1) == is_separated(left)
    if is_separated(left):
        with pytest.raises(NotEstimableError, match="no maximum"):
            fit_likelihood(data)


@few
@given(counted(), st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_reference_row_order_and_names_change_no_contrast(data: Counted, reference: str, random: object) -> None:
    left = data.informative()
    assume(left.treatments == NAMES and len(left.strong_components()) == 1)
    here, there = fit_likelihood(data), fit_likelihood(data, reference=reference)
    np.testing.assert_allclose(here.effects, there.effects, atol=1e-9)
    np.testing.assert_allclose(here.se, there.se, rtol=1e-9)
    study, treatment, events, exposure = data.rows()
    renamed = [NAMES[::-1][NAMES.index(name)] for name in treatment][::-1]
    turned = fit_likelihood(counted_trials(data.measure, study[::-1], renamed, events[::-1], exposure[::-1]))
    np.testing.assert_allclose(here.effects, turned.effects[::-1, ::-1], atol=1e-9)


@few
@given(counted())
def test_expected_events_of_each_study_and_treatment_are_the_observed(data: Counted) -> None:
    """The score equations, from the printed answer: the gradient is zero at the maximum."""
    left = data.informative()
    assume(left.trials and len(left.strong_components()) == 1)
    fitted = fit_likelihood(data)
    short = dict.fromkeys(left.treatments, 0.0)
    for trial in left.trials:
        d = np.array([fitted.effects[fitted.treatments.index(name), 0] for name in trial.treatments])
        expected = _expected(trial.events, trial.exposure, d, is_rate=data.measure is Measure.RATE_RATIO)
        for name, difference in zip(trial.treatments, trial.events - expected, strict=True):
            short[name] += difference
    assert max(map(abs, short.values())) < 1e-6


def _expected(events: np.ndarray, n: np.ndarray, d: np.ndarray, *, is_rate: bool) -> np.ndarray:
    if is_rate:
        share = n * np.exp(d)
        return np.asarray(events.sum() * share / share.sum())
    low, high = -60.0, 60.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        total = float((n / (1 + np.exp(-middle - d))).sum())
        low, high = (middle, high) if total < events.sum() else (low, middle)
    return np.asarray(n / (1 + np.exp(-low - d)))


@few
@given(counted())
def test_deviances_are_nested(data: Counted) -> None:
    left = data.informative()
    assume(left.trials and len(left.graph().pieces()) == 1)
    q = decompose_deviance(data)
    assert q.within.statistic + q.between.statistic == pytest.approx(q.total.statistic, abs=1e-6)
    assert deviance(data) >= sum(part.statistic for part in q.by_design.values()) - 1e-6
    assert all(0 <= part.statistic <= q.between.statistic + 1e-6 for part in q.detached.values())


@few
@given(counted())
def test_a_trial_without_events_changes_nothing(data: Counted) -> None:
    left = data.informative()
    assume(left.trials and len(left.strong_components()) == 1)
    silent = dataclasses.replace(left.trials[0], study="silent", events=np.zeros_like(left.trials[0].events))
    with_it = fit_likelihood(dataclasses.replace(data, trials=(*data.trials, silent)))
    np.testing.assert_allclose(with_it.effects, fit_likelihood(data).effects, atol=1e-12)
    assert any("Takes no part" in note and "silent" in note for note in with_it.notes)


@few
@given(counted())
def test_direct_and_indirect_average_to_the_network(data: Counted) -> None:
    left = data.informative()
    assume(left.trials and len(left.strong_components()) == 1)
    for split in likelihood_splits(data, fit_likelihood(data)):
        if split.direct is not None and split.indirect is not None and split.indirect_se and split.direct_se:
            weights = np.array([split.direct_se**-2, split.indirect_se**-2])
            mean = float(weights @ [split.direct, split.indirect] / weights.sum())
            assert mean == pytest.approx(split.network, rel=1e-5, abs=1e-5)
