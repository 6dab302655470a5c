"""What a synthesis promises: small tables in, answers out that can be checked by hand.

Read from top to bottom as a first manual. All trials are invented.
"""

from __future__ import annotations

import math

import pytest

from equipoise.synthesis import (
    decompose_q,
    fit,
    from_interval,
    network_from_arms,
    network_from_contrasts,
    odds_ratio,
    p_scores,
    pool,
    split_contrast,
)

LOG2 = math.log(2)


def test_two_equal_trials_are_pooled_half_and_half() -> None:
    """study  ratio  se of its log     pooled 0.5, its standard error smaller by the square root of two."""
    pooled = pool([-LOG2, -LOG2], [0.2, 0.2], measure="rate-ratio", studies=["north", "south"])
    assert pooled.as_ratio().estimate == pytest.approx(0.5)
    assert pooled.se == pytest.approx(0.2 / math.sqrt(2))
    assert list(pooled.weights) == pytest.approx([50.0, 50.0])
    assert (pooled.tau2, pooled.i2) == (0.0, 0.0)


def test_a_trial_twice_as_precise_weighs_four_times_as_much() -> None:
    pooled = pool([0.0, 1.0], [0.2, 0.1], measure="mean-difference", model="common")
    assert pooled.estimate == pytest.approx(4 / 5)


def test_trials_that_disagree_widen_the_interval_under_random_effects() -> None:
    apart = {
        model: pool([-1.0, 1.0], [0.2, 0.2], measure="mean-difference", model=model) for model in ("common", "random")
    }
    assert apart["common"].estimate == apart["random"].estimate == pytest.approx(0.0)
    assert apart["random"].se == pytest.approx(1.0)  # DerSimonian-Laird: tau2 = 2 - 0.04
    assert apart["random"].tau2 == pytest.approx(1.96)
    assert apart["common"].se < apart["random"].se


def test_a_printed_ratio_with_its_interval_is_enough() -> None:
    """Printed: 0.50 (0.25 to 1.00). The limits are a factor 2 either side, so se = log 2 / 1.96."""
    reported = from_interval(0.50, 0.25, 1.00)
    assert reported.estimate == pytest.approx(-LOG2)
    assert reported.se == pytest.approx(LOG2 / 1.959964, rel=1e-6)


def test_events_and_people_are_enough() -> None:
    """10 of 30 against 20 of 40: odds 1/2 against 1, odds ratio 1/2."""
    effects = odds_ratio([10], [30], [20], [40])
    assert math.exp(effects.estimates[0]) == pytest.approx(0.5)
    assert effects.standard_errors[0] ** 2 == pytest.approx(1 / 10 + 1 / 20 + 1 / 20 + 1 / 20)


def test_indirect_evidence_is_the_difference_of_two_comparisons() -> None:
    """old versus placebo: 1/2; new versus placebo: 1/4; so new versus old: 1/2, with both uncertainties."""
    network = network_from_contrasts(
        "rate-ratio", ["s1", "s2"], ["old", "new"], ["placebo", "placebo"], [-LOG2, -2 * LOG2], [0.3, 0.4]
    )
    contrast = fit(network, model="common").contrast("new", "old")
    assert math.exp(contrast.estimate) == pytest.approx(0.5)
    assert contrast.se == pytest.approx(0.5)  # sqrt(0.3^2 + 0.4^2)


def test_direct_and_indirect_evidence_of_equal_weight_meet_in_the_middle() -> None:
    """Around a triangle with equal variances the indirect way is twice as long, so it weighs half as much."""
    network = network_from_contrasts(
        "mean-difference",
        ["s1", "s2", "s3"],
        ["b", "c", "c"],
        ["a", "a", "b"],
        [1.0, 2.0, 4.0],
        [0.5, 0.5, 0.5],
    )
    split = split_contrast(fit(network, model="common"), "b", "a")
    assert split.direct == pytest.approx(1.0)
    assert split.indirect == pytest.approx(-2.0)
    assert split.share_direct == pytest.approx(2 / 3)
    assert split.network == pytest.approx(0.0)
    q = decompose_q(network)
    assert (q.within.df, q.between.df) == (0, 1)
    assert q.between.statistic == pytest.approx(3.0**2 / (3 * 0.25))  # the loop is off by 3, with variance 3 x 0.25


def test_a_trial_of_three_arms_counts_its_shared_arm_once() -> None:
    """Three arms of 10 events: each contrast has variance 1/10 + 1/10, any two of them share 1/10."""
    network = network_from_arms("rate-ratio", ["s"] * 3, ["a", "b", "c"], events=[10] * 3, person_time=[100] * 3)
    fitted = fit(network, model="common")
    assert fitted.contrast("b", "a").se == pytest.approx(math.sqrt(0.2))
    assert fitted.contrast("c", "b").se == pytest.approx(math.sqrt(0.2))
    assert fitted.q_df == 0


def test_ranking_needs_to_know_which_way_is_better() -> None:
    network = network_from_contrasts("rate-ratio", ["s"], ["new"], ["old"], [-1.96], [1.0])
    fitted = fit(network, model="common")
    assert p_scores(fitted, smaller_is_better=True)["new"] == pytest.approx(0.975, abs=1e-4)
    assert p_scores(fitted, smaller_is_better=False)["new"] == pytest.approx(0.025, abs=1e-4)
