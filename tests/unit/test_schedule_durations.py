"""Durations as labels write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.safety.schedule import DAYS_A_MONTH, months_of
from equipoise.vocabulary.errors import EquipoiseError, SafetyDataError

PARTS = st.tuples(*(st.none() | st.integers(0, 400) for _ in "YMWD")).filter(
    lambda parts: any(p is not None for p in parts)
)


def written(parts: tuple[int | None, ...]) -> str:
    return "P" + "".join(f"{part}{letter}" for part, letter in zip(parts, "YMWD", strict=True) if part is not None)


@pytest.mark.parametrize(
    ("duration", "months"), [("P1M", 1), ("P48M", 48), ("P1Y", 12), ("P4Y", 48), ("P1Y6M", 18), ("P0M", 0)]
)
def test_years_and_months_are_exact(duration: str, months: float) -> None:
    assert months_of(duration) == months


@pytest.mark.parametrize(("duration", "days"), [("P2W", 14), ("P14D", 14), ("P1W3D", 10)])
def test_weeks_and_days_are_shares_of_a_mean_month(duration: str, days: int) -> None:
    assert months_of(duration) == pytest.approx(days / DAYS_A_MONTH)


@given(PARTS)
def test_a_duration_is_the_sum_of_its_parts(parts: tuple[int | None, ...]) -> None:
    alone = [months_of(f"P{part}{letter}") for part, letter in zip(parts, "YMWD", strict=True) if part is not None]
    assert months_of(written(parts)) == pytest.approx(sum(alone))


@given(PARTS)
def test_no_duration_is_negative(parts: tuple[int | None, ...]) -> None:
    assert months_of(written(parts)) >= 0


@given(st.text(max_size=10))
def test_any_text_is_a_duration_or_is_refused(text: str) -> None:
    try:
        assert months_of(text) >= 0
    except EquipoiseError as error:
        assert isinstance(error, SafetyDataError)  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("text", ["", "P", "1M", "monthly", "P1", "PT1H", "P1M ", "P-1M", "P1.5M", "p1m", "P1D1M"])
def test_what_is_no_duration_is_named(text: str) -> None:
    with pytest.raises(SafetyDataError, match="is no duration") as caught:
        months_of(text)
    assert f"'{text}'" in str(caught.value)
    assert "P48M" in str(caught.value)
