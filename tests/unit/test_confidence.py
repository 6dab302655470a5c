"""Confidence in a network's results: each domain's rule, and how they add up. All numbers are invented."""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.synthesis import Network, Split, Trial, fit
from equipoise.synthesis.confidence import (
    Concern,
    Domain,
    Judgement,
    Zone,
    combine,
    heterogeneity,
    imprecision,
    incoherence,
    study_contributions,
    weighted_judgement,
)
from equipoise.synthesis.consistency import QPart
from equipoise.synthesis.contribution import contribution
from equipoise.synthesis.fitting import Contrast
from equipoise.vocabulary.errors import ShapeError
from equipoise.vocabulary.measures import Measure

ZONE = Zone(math.log(0.8), math.log(1.25))


def contrast(low: float, high: float, pi: tuple[float, float] | None = None) -> Contrast:
    """A contrast with these limits, as ratios."""
    pi_low, pi_high = (None, None) if pi is None else (math.log(pi[0]), math.log(pi[1]))
    return Contrast("a", "b", 0.0, 1.0, math.log(low), math.log(high), pi_low, pi_high, 0.5)


def judgements(**concerns: Concern) -> tuple[Judgement, ...]:
    """All six domains, without concerns unless named."""
    return tuple(Judgement(d, concerns.get(d.name.lower(), Concern.NONE), "said") for d in Domain)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.30, 0.70, Concern.NONE),
        (0.85, 1.20, Concern.NONE),  # precise, and too small to matter
        (0.70, 0.90, Concern.SOME),
        (0.70, 1.10, Concern.SOME),  # holds no difference, yet nothing that matters on the other side
        (1.10, 1.40, Concern.SOME),
        (0.70, 1.40, Concern.MAJOR),
    ],
)
def test_imprecision_counts_the_ends_of_the_zone_that_are_crossed(low: float, high: float, expected: Concern) -> None:
    assert imprecision(contrast(low, high), ZONE).concern is expected


@pytest.mark.parametrize(
    ("ci", "pi", "expected"),
    [
        ((0.5, 0.7), (0.4, 0.75), Concern.NONE),
        ((0.5, 0.7), (0.4, 0.9), Concern.SOME),
        ((0.5, 0.7), (0.3, 1.4), Concern.MAJOR),
        ((0.7, 0.9), (0.6, 1.1), Concern.NONE),  # counted under imprecision already
        ((0.7, 0.9), (0.6, 1.4), Concern.SOME),
        ((0.7, 1.4), (0.5, 2.0), Concern.NONE),
    ],
)
def test_heterogeneity_counts_what_the_prediction_interval_adds(
    ci: tuple[float, float], pi: tuple[float, float], expected: Concern
) -> None:
    assert heterogeneity(contrast(*ci, pi=pi), ZONE).concern is expected


def test_without_a_prediction_interval_heterogeneity_is_some_concern() -> None:
    assert heterogeneity(contrast(0.5, 0.7), ZONE).concern is Concern.SOME


def split(direct: float | None, indirect: float | None, se: float, p: float | None) -> Split:
    """Direct and indirect evidence as ratios, with one standard error."""
    logs = [None if ratio is None else math.log(ratio) for ratio in (direct, indirect)]
    return Split("a", "b", 1, 0.5, 0.0, 1.0, logs[0], se, logs[1], se, None, None, p)


@pytest.mark.parametrize(
    ("evidence", "interaction_p", "expected"),
    [
        (split(0.5, None, 0.1, None), 0.001, Concern.NONE),  # all direct
        (split(0.5, 0.6, 0.1, 0.2), 0.001, Concern.NONE),
        (split(0.7, 1.0, 0.15, 0.05), 0.9, Concern.SOME),  # both reach below and into the zone, one of them above
        (split(0.8, 1.25, 0.2, 0.05), 0.9, Concern.MAJOR),  # only the zone is common ground
        (split(0.5, 1.5, 0.05, 0.001), 0.9, Concern.MAJOR),  # on different sides
        (split(None, 0.5, 0.1, None), 0.5, Concern.NONE),
        (split(None, 0.5, 0.1, None), 0.05, Concern.SOME),
        (split(None, 0.5, 0.1, None), 0.005, Concern.MAJOR),
        (split(None, 0.5, 0.1, None), None, Concern.SOME),  # no loop
    ],
)
def test_incoherence(evidence: Split, interaction_p: float | None, expected: Concern) -> None:
    found = incoherence(evidence, ZONE, QPart(1.0, 1, interaction_p), half_width=1.96)
    assert found.concern is expected, found.reason


@pytest.mark.parametrize(
    ("share", "threshold", "expected"),
    [(0.49, 0.5, Concern.NONE), (0.5, 0.5, Concern.SOME), (0.3, 0.25, Concern.SOME), (0.2, 0.25, Concern.NONE)],
)
def test_doubt_is_carried_by_contribution(share: float, threshold: float, expected: Concern) -> None:
    found = weighted_judgement(
        Domain.INDIRECTNESS,
        {"good": 1 - share, "doubtful": share},
        {"good": Concern.NONE, "doubtful": Concern.SOME},
        {"good": "", "doubtful": "doubtful: too short"},
        threshold=threshold,
    )
    assert found.concern is expected
    assert "doubtful: too short" in found.reason
    assert f"{share:.0%}" in found.reason


def test_major_doubts_everywhere_are_major_and_none_anywhere_are_none() -> None:
    for level in Concern:
        found = weighted_judgement(Domain.INDIRECTNESS, {"x": 1.0}, {"x": level}, {"x": "why"})
        assert found.concern is level


@pytest.mark.parametrize(
    ("concerns", "level"),
    [
        ({}, "high"),
        ({"imprecision": Concern.SOME}, "moderate"),
        ({"imprecision": Concern.SOME, "heterogeneity": Concern.SOME}, "moderate"),
        ({"imprecision": Concern.SOME, "heterogeneity": Concern.MAJOR}, "low"),
        ({"indirectness": Concern.SOME, "incoherence": Concern.SOME}, "moderate"),
        ({"within_study_bias": Concern.SOME, "reporting_bias": Concern.SOME}, "low"),
        ({"within_study_bias": Concern.MAJOR, "imprecision": Concern.MAJOR}, "very-low"),
        (dict.fromkeys(("within_study_bias", "reporting_bias", "imprecision"), Concern.MAJOR), "very-low"),
    ],
)
def test_six_domains_to_four_levels(concerns: dict[str, Concern], level: str) -> None:
    assert combine(judgements(**concerns)).level == level


def test_every_domain_is_needed_once() -> None:
    with pytest.raises(ShapeError, match="each of the six domains once"):
        combine(judgements()[:-1])
    with pytest.raises(ShapeError, match="each of the six domains once"):
        combine((*judgements()[:-1], judgements()[0]))


def test_a_zone_holds_no_difference() -> None:
    with pytest.raises(ShapeError, match="must hold no difference"):
        Zone(0.1, 0.2)


def pair_trial(study: str, treatment: str, reference: str, se: float) -> Trial:
    return Trial(study, (reference, treatment), np.array([0.3]), np.array([[se**2]]))


def test_contributions_of_trials_to_a_pair_are_their_weights() -> None:
    network = Network((pair_trial("one", "b", "a", 0.1), pair_trial("two", "b", "a", 0.2)), Measure.ODDS_RATIO)
    fitted = fit(network, model="common")
    shares = study_contributions(fitted, contribution(fitted))["a", "b"]
    assert shares == pytest.approx({"one": 0.8, "two": 0.2})


def test_contributions_of_trials_sum_to_one_and_follow_the_chain() -> None:
    three = Trial("three", ("a", "b", "c"), np.array([0.1, 0.2]), np.array([[0.02, 0.01], [0.01, 0.03]]))
    network = Network((three, pair_trial("four", "d", "c", 0.2), pair_trial("five", "b", "a", 0.3)), Measure.ODDS_RATIO)
    fitted = fit(network, model="random", tau2_method="reml")
    shares = study_contributions(fitted, contribution(fitted))
    for of_pair in shares.values():
        assert sum(of_pair.values()) == pytest.approx(1.0)
        assert all(share >= 0 for share in of_pair.values())
    assert shares["c", "d"] == pytest.approx({"three": 0.0, "four": 1.0, "five": 0.0})
    assert shares["a", "d"]["four"] == pytest.approx(0.5, abs=0.1)
