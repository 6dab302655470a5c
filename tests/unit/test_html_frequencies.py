"""Shares of people counted out: both sides add up, and rounding never says nobody where there is somebody."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.consultation import consult
from equipoise.presentation.frequencies import COMMON, RARE, natural_frequency
from equipoise.presentation.plain_words import span, spelled, upper_first
from equipoise.vocabulary.estimate import Estimate, Interval
from equipoise.vocabulary.measures import Measure

SHARE = next(e for e in consult("alemtuzumab", "rebif").estimates if e.measure is Measure.PROPORTION)


@st.composite
def shares(draw: st.DrawFn) -> Estimate:
    low, value, high = sorted(draw(st.lists(st.floats(0, 100), min_size=3, max_size=3)))
    interval = draw(st.sampled_from([None, Interval(low, high)]))
    return dataclasses.replace(SHARE, value=value, interval=interval)


@given(shares(), st.sampled_from([COMMON, RARE]))
def test_both_sides_add_up_and_the_limits_hold_the_count(share: Estimate, denominator: int) -> None:
    counted = natural_frequency(share, denominator)
    assert counted.affected + counted.unaffected == denominator == counted.denominator
    assert abs(counted.affected - share.value * denominator / 100) <= 0.5 + 1e-6
    if share.interval is None:
        assert counted.low is None
        assert counted.range_words == "interval not reported"
    else:
        assert counted.low is not None
        assert counted.high is not None
        assert 0 <= counted.low <= counted.affected <= counted.high <= denominator


@given(shares(), st.sampled_from([COMMON, RARE]))
def test_nobody_is_said_only_of_nobody(share: Estimate, denominator: int) -> None:
    counted = natural_frequency(share, denominator)
    assert (counted.affected_words == "0") is (share.value == 0)
    assert (counted.unaffected_words == "0") is (share.value == 100)
    assert (counted.affected_words == f"{denominator:,}") is (share.value == 100)


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="no share of people"):
        natural_frequency(dataclasses.replace(SHARE, measure=Measure.RATE))


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (None, "length not stated"),
        (0, "at the start"),
        (1, "one month"),
        (12, "one year"),
        (24.0, "two years"),
        (22, "twenty-two months"),
        (54, "fifty-four months"),
    ],
)
def test_lengths_of_time_in_words(months: float | None, words: str) -> None:
    assert span(months) == words


@given(st.integers(0, 99))
def test_whole_numbers_in_words_hold_no_digit(number: int) -> None:
    assert not any(character.isdigit() for character in spelled(number))


def test_beyond_the_words_digits_stay() -> None:
    assert spelled(120) == "120"


def test_a_capital_at_the_start_leaves_the_rest() -> None:
    assert upper_first("quality of life (SF-36)") == "Quality of life (SF-36)"
    assert upper_first("") == ""
