"""What holds for every posterior from arms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.synthesis.arm_level import exact_log_likelihood, find_modes
from equipoise.synthesis.arm_posterior import arm_posterior
from equipoise.synthesis.bayes import posterior
from equipoise.synthesis.likelihoods import ArmData, arm_data
from equipoise.synthesis.network import Network
from equipoise.synthesis.pareto import pareto_shape
from equipoise.synthesis.priors import half_normal
from equipoise.synthesis.trials import trial_from_arms
from equipoise.vocabulary.measures import Measure
from tests.support.strategies_synthesis import NAMES


@st.composite
def arm_rows(draw: st.DrawFn, *, lowest: int = 0) -> tuple[list[str], list[str], list[int], list[int]]:
    """Connected networks of counted arms: a spanning tree and up to four more trials."""
    names = NAMES[: draw(st.integers(2, 4))]
    designs: list[tuple[str, ...]] = [(names[draw(st.integers(0, i - 1))], names[i]) for i in range(1, len(names))]
    more = st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True).map(tuple)
    designs += draw(st.lists(more, min_size=1, max_size=4))
    study = [f"trial {i}" for i, design in enumerate(designs) for _ in design]
    treatment = [name for design in designs for name in design]
    people = draw(st.lists(st.integers(30, 200), min_size=len(study), max_size=len(study)))
    events = [draw(st.integers(lowest, n // 2)) for n in people]
    return study, treatment, events, people


@settings(max_examples=8, deadline=None)
@given(arm_rows(), st.randoms(use_true_random=False))
def test_normal_arms_give_the_posterior_of_their_contrasts(
    rows: tuple[list[str], list[str], list[int], list[int]], random: object
) -> None:
    """Two engines: nested Laplace with weights, and quadrature on contrasts, where both are exact."""
    study, treatment, events, people = rows
    mean, se = np.array(events) / 50, 3 / np.sqrt(people)
    found = arm_posterior(
        arm_data("mean-difference", study, treatment, mean=mean, se=se), half_normal(0.5), effect_sd=10, baseline_sd=1e4
    )
    trials = []
    for name in dict.fromkeys(study):
        at = [i for i, s in enumerate(study) if s == name]
        trials.append(trial_from_arms(name, [treatment[i] for i in at], mean[at], se[at] ** 2))
    expected = posterior(
        Network(tuple(trials), Measure.MEAN_DIFFERENCE, found.data.reference), half_normal(0.5), effect_sd=10
    )
    np.testing.assert_allclose(found.weights, found.points.approximate_weights, atol=1e-9)
    for a, b in itertools.combinations(found.data.treatments, 2):
        here, there = found.contrast(a, b), expected.contrast(a, b)
        for name in ("mean", "sd", "median", "cri_low", "cri_high", "pi_low", "pi_high", "below_null"):
            assert getattr(here, name) == pytest.approx(getattr(there, name), rel=2e-3, abs=2e-3 * there.sd), name
    assert found.tau_mean == pytest.approx(expected.tau.mean, rel=2e-3)


@settings(max_examples=6, deadline=None)
@given(arm_rows(lowest=6))
def test_reference_choice_hardly_changes_a_contrast(rows: tuple[list[str], list[str], list[int], list[int]]) -> None:
    """Vague priors on effects against another reference are another prior, by a little."""
    study, treatment, events, people = rows
    first, *_, last = sorted(set(treatment))
    here, there = (
        arm_posterior(
            arm_data("odds-ratio", study, treatment, events=events, n=people, reference=name),
            half_normal(0.3),
            effect_sd=100,
        )
        for name in (first, last)
    )
    a, b = here.contrast(first, last), there.contrast(first, last)
    assert a.mean == pytest.approx(b.mean, abs=0.05 * a.sd)
    assert a.sd == pytest.approx(b.sd, rel=0.05)


@settings(max_examples=6, deadline=None)
@given(arm_rows(lowest=6))
def test_rank_probabilities_are_doubly_stochastic(rows: tuple[list[str], list[str], list[int], list[int]]) -> None:
    study, treatment, events, people = rows
    found = arm_posterior(arm_data("odds-ratio", study, treatment, events=events, n=people), half_normal(0.3))
    ranks = found.ranks(smaller_is_better=True)
    np.testing.assert_allclose(ranks.probabilities.sum(axis=0), 1.0, atol=1e-3)
    np.testing.assert_allclose(ranks.probabilities.sum(axis=1), 1.0, atol=1e-3)
    for name in found.data.treatments:
        better = [found.contrast(name, other).below_null for other in found.data.treatments if other != name]
        assert ranks.sucra[name] == pytest.approx(np.mean(better), abs=0.02)


@pytest.mark.parametrize("tau", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("events", [(3, 9), (0, 4), (12, 30)])
def test_trials_are_integrated_like_a_plain_fine_grid(events: tuple[int, int], tau: float) -> None:
    """One two-arm trial: the integral over its baseline and random effect on a grid of 1,200 by 400 points."""
    people, d, baseline_sd = (40, 35), -0.7, 10.0
    data = arm_data("odds-ratio", ["s", "s"], ["a", "b"], events=events, n=people)
    at = np.array([tau])
    modes = find_modes(data, at, effect_sd=1.0, baseline_sd=baseline_sd)
    found = exact_log_likelihood(data, np.array([[d]]), at, modes.latent, baseline_sd=baseline_sd)[0]
    mu, u = np.meshgrid(np.linspace(-12, 6, 1201), np.linspace(-7, 7, 401), indexing="ij")
    log_terms = -0.5 * (mu / baseline_sd) ** 2 - math.log(baseline_sd) - 0.5 * u**2 - math.log(2 * math.pi)
    for eta, e, n in ((mu, events[0], people[0]), (mu + d + tau * u, events[1], people[1])):
        log_terms += e * eta - n * np.logaddexp(0, eta)
    cell = (18 / 1200) * (14 / 400)
    peak = log_terms.max()
    assert found == pytest.approx(
        peak + math.log(np.exp(log_terms - peak).sum() * cell), abs=0.02 if min(events) == 0 else 2e-3
    )


def test_the_order_of_rows_is_irrelevant() -> None:
    rows = (["s", "s", "t", "t", "t"], ["a", "b", "b", "a", "c"], [3, 5, 8, 2, 9], [30, 30, 40, 41, 42])
    order = [4, 2, 0, 3, 1]
    found = [
        arm_posterior(odds(*table), half_normal(0.5)).contrast("a", "c")
        for table in (rows, tuple([column[i] for i in order] for column in rows))
    ]
    assert found[0] == found[1]


def odds(study: list[str], treatment: list[str], events: list[int], n: list[int]) -> ArmData:
    return arm_data("odds-ratio", study, treatment, events=events, n=n)


@pytest.mark.parametrize("shape", [0.1, 0.4, 0.9])
def test_the_shape_of_a_pareto_tail_is_recovered(shape: float) -> None:
    rng = np.random.default_rng(11)
    found = [pareto_shape(-shape * np.log(rng.uniform(size=20_000))) for _ in range(20)]
    assert np.mean(found) == pytest.approx(shape, abs=0.06)
