"""Effect sizes: zero cells, printed intervals, and every error."""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.synthesis import (
    from_interval,
    mean_difference,
    odds_ratio,
    rate_ratio,
    risk_difference,
    risk_ratio,
    standardised_mean_difference,
)
from equipoise.vocabulary.errors import NotEstimableError, ShapeError
from equipoise.vocabulary.measures import Measure


def test_only_the_trial_with_a_zero_cell_is_corrected() -> None:
    effects = odds_ratio([0, 5], [20, 20], [4, 5], [20, 25], studies=["a", "b"])
    assert effects.estimates == pytest.approx([math.log((0.5 / 20.5) / (4.5 / 16.5)), math.log((5 / 15) / (5 / 20))])
    assert effects.corrected == ("a",)
    assert effects.notes == ("0.5 was added to each cell of the trials with a zero cell: a.",)


def test_risk_ratio_correction_adds_one_to_the_people() -> None:
    effects = risk_ratio([0], [20], [4], [20])
    assert effects.estimates[0] == pytest.approx(math.log((0.5 / 21) / (4.5 / 21)))


@pytest.mark.parametrize("silent", [([0], [20], [0], [30]), ([20], [20], [30], [30])])
def test_a_trial_that_says_nothing_about_a_ratio_is_left_out_and_listed(silent: tuple[list[int], ...]) -> None:
    columns = [[*column, other] for column, other in zip(silent, (3, 20, 5, 20), strict=True)]
    effects = odds_ratio(*columns, studies=["silent", "speaks"])
    assert (effects.studies, effects.dropped) == (("speaks",), ("silent",))
    assert "silent" in effects.notes[0]


def test_a_trial_without_events_keeps_its_risk_difference() -> None:
    effects = risk_difference([0], [20], [0], [20], studies=["a"])
    assert (effects.estimates[0], effects.dropped, effects.corrected) == (0.0, (), ("a",))
    assert effects.standard_errors[0] > 0


def test_nothing_but_silent_trials_is_not_estimable() -> None:
    with pytest.raises(NotEstimableError, match="no trial says anything about the rate-ratio"):
        rate_ratio([0], [10.0], [0], [12.0])


def test_rate_ratio_with_a_zero_arm() -> None:
    effects = rate_ratio([0], [10.0], [3], [20.0])
    assert effects.estimates[0] == pytest.approx(math.log((0.5 / 10) / (3.5 / 20)))
    assert effects.standard_errors[0] ** 2 == pytest.approx(1 / 0.5 + 1 / 3.5)


def test_more_events_than_people_are_refused_by_name() -> None:
    with pytest.raises(NotEstimableError, match="more events than people in: trial-b"):
        odds_ratio([1, 30], [20, 20], [1, 1], [20, 20], studies=["trial-a", "trial-b"])


@pytest.mark.parametrize("events", [-1.0, math.nan])
def test_missing_or_negative_events_are_refused(events: float) -> None:
    with pytest.raises(NotEstimableError, match="missing or negative"):
        rate_ratio([events], [20.0], [1], [20.0])


def test_an_empty_denominator_is_refused() -> None:
    with pytest.raises(NotEstimableError, match="not positive"):
        rate_ratio([1], [0.0], [1], [20.0])


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ShapeError, match="one number per study"):
        odds_ratio([1, 2], [20, 20], [1], [20])


def test_names_that_do_not_match_the_columns_are_refused() -> None:
    with pytest.raises(ShapeError, match="2 names for 1 studies"):
        odds_ratio([1], [20], [1], [20], studies=["a", "b"])


def test_mean_difference_and_its_errors() -> None:
    effects = mean_difference([3.0], [2.0], [16], [1.0], [3.0], [9])
    assert effects.estimates[0] == pytest.approx(2.0)
    assert effects.standard_errors[0] == pytest.approx(math.sqrt(4 / 16 + 9 / 9))
    with pytest.raises(NotEstimableError, match="standard deviation"):
        mean_difference([3.0], [0.0], [16], [1.0], [3.0], [9])
    with pytest.raises(NotEstimableError, match="mean is missing"):
        mean_difference([math.nan], [1.0], [16], [1.0], [3.0], [9])
    with pytest.raises(NotEstimableError, match="fewer than two people"):
        mean_difference([3.0], [1.0], [1], [1.0], [3.0], [9])


def test_standardised_mean_difference_by_hand() -> None:
    effects = standardised_mean_difference([3.0], [2.0], [16], [1.0], [2.0], [9])
    factor = math.gamma(23 / 2) / (math.sqrt(23 / 2) * math.gamma(22 / 2))
    g = factor * (3 - 1) / 2
    assert effects.estimates[0] == pytest.approx(g)
    assert effects.standard_errors[0] ** 2 == pytest.approx(1 / 16 + 1 / 9 + g**2 / 50)


def test_standard_error_from_a_printed_interval() -> None:
    reported = from_interval(0.5, 0.25, 1.0)
    assert reported.estimate == pytest.approx(math.log(0.5))
    assert reported.se == pytest.approx(math.log(4) / (2 * 1.959963984540054))
    assert reported.notes == ()


def test_a_ninety_per_cent_interval_is_narrower() -> None:
    assert from_interval(0.5, 0.25, 1.0, 0.90).se == pytest.approx(math.log(4) / (2 * 1.6448536269514722))


def test_a_difference_stays_on_its_own_scale() -> None:
    reported = from_interval(-1.0, -3.0, 1.0, measure=Measure.MEAN_DIFFERENCE)
    assert (reported.estimate, reported.se) == pytest.approx((-1.0, 2 / 1.959963984540054))


def test_an_estimate_off_the_middle_of_its_interval_is_reported() -> None:
    reported = from_interval(0.9, 0.25, 1.0)
    assert reported.asymmetry == pytest.approx((math.log(0.9) - math.log(0.5)) / math.log(2))
    assert "towards the upper limit" in reported.notes[0]


@pytest.mark.parametrize("interval", [(0.5, 0.6, 1.0), (0.5, 0.4, 0.45), (0.5, 0.5, 0.5)])
def test_an_interval_out_of_order_is_refused(interval: tuple[float, float, float]) -> None:
    with pytest.raises(NotEstimableError, match="not in order"):
        from_interval(*interval)


def test_a_ratio_below_zero_is_refused() -> None:
    with pytest.raises(NotEstimableError, match="a ratio and its limits are positive"):
        from_interval(-0.5, -0.9, -0.1)


def test_a_level_given_in_per_cent_is_refused() -> None:
    with pytest.raises(ShapeError, match="between 0 and 1"):
        from_interval(0.5, 0.4, 0.6, 95)


def test_arrays_of_effects_carry_their_measure() -> None:
    assert risk_ratio(np.array([1]), np.array([9]), np.array([2]), np.array([9])).measure is Measure.RISK_RATIO
