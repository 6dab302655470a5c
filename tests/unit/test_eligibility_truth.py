"""Three-valued logic by its tables, and dates by the calendar."""

from __future__ import annotations

import datetime
import itertools

import pytest

from equipoise.safety.calendar_dates import first_day, later
from equipoise.safety.truth import Truth, all_of, any_of, negation
from equipoise.vocabulary.errors import RequestError, SafetyDataError

MET, NOT, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
DAY = datetime.date

# first, second, AND, OR: Kleene's strong tables, as printed in any textbook
TABLE = [
    (MET, MET, MET, MET),
    (MET, NOT, NOT, MET),
    (MET, UNKNOWN, UNKNOWN, MET),
    (NOT, NOT, NOT, NOT),
    (NOT, UNKNOWN, NOT, UNKNOWN),
    (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("first", "second", "both", "either"), TABLE)
def test_and_or(first: Truth, second: Truth, both: Truth, either: Truth) -> None:
    for pair in ((first, second), (second, first)):
        assert all_of(pair) is both
        assert any_of(pair) is either


def test_not() -> None:
    assert [negation(truth) for truth in (MET, NOT, UNKNOWN)] == [NOT, MET, UNKNOWN]


def test_nothing_at_all() -> None:
    assert all_of(()) is MET
    assert any_of(()) is NOT


@pytest.mark.parametrize(("answer", "truth"), [(True, MET), (False, NOT), (None, UNKNOWN)])
def test_answers(answer: bool | None, truth: Truth) -> None:
    assert Truth.of(answer) is truth
    assert truth.is_known == (answer is not None)


def test_a_whole_is_known_exactly_where_no_filling_in_changes_it() -> None:
    for three in itertools.product(Truth, repeat=3):
        fillings = list(itertools.product(*((MET, NOT) if t is UNKNOWN else (t,) for t in three)))
        for join in (all_of, any_of):
            outcomes = {join(filling) for filling in fillings}
            assert join(three) is (outcomes.pop() if len(outcomes) == 1 else UNKNOWN)


@pytest.mark.parametrize(
    ("day", "duration", "expected"),
    [
        (DAY(2026, 11, 22), "P6W", DAY(2027, 1, 3)),
        (DAY(2026, 1, 31), "P1M", DAY(2026, 2, 28)),
        (DAY(2024, 1, 31), "P1M", DAY(2024, 2, 29)),
        (DAY(2024, 2, 29), "P1Y", DAY(2025, 2, 28)),
        (DAY(2024, 2, 29), "P12M", DAY(2025, 2, 28)),
        (DAY(2024, 2, 29), "P48M", DAY(2028, 2, 29)),
        (DAY(2026, 8, 31), "P1M", DAY(2026, 9, 30)),
        (DAY(2026, 12, 31), "P2M", DAY(2027, 2, 28)),
        (DAY(2026, 12, 31), "P1M", DAY(2027, 1, 31)),
        (DAY(2026, 2, 28), "P14D", DAY(2026, 3, 14)),
        (DAY(2024, 2, 28), "P1D", DAY(2024, 2, 29)),
        (DAY(2026, 11, 22), "P0D", DAY(2026, 11, 22)),
        (DAY(2026, 1, 31), "P1M1D", DAY(2026, 3, 1)),
    ],
)
def test_later(day: datetime.date, duration: str, expected: datetime.date) -> None:
    assert later(day, duration) == expected


@pytest.mark.parametrize("duration", ["", "P", "6W", "P6", "PT2H", "P-1M"])
def test_what_is_no_duration(duration: str) -> None:
    with pytest.raises(SafetyDataError, match="is no duration"):
        later(DAY(2026, 1, 1), duration)


@pytest.mark.parametrize(("day", "duration"), [(DAY(9999, 12, 31), "P1D"), (DAY(9999, 12, 1), "P1M")])
def test_the_end_of_the_calendar(day: datetime.date, duration: str) -> None:
    with pytest.raises(RequestError, match="too late a day"):
        later(day, duration)


@pytest.mark.parametrize(
    ("text", "day"), [("2020-01-16", DAY(2020, 1, 16)), ("2024-05", DAY(2024, 5, 1)), ("2020", DAY(2020, 1, 1))]
)
def test_dates_of_labels(text: str, day: datetime.date) -> None:
    assert first_day(text) == day


@pytest.mark.parametrize("text", ["", "May 2020", "2020-13", "2020-01-16-2"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(SafetyDataError, match="is no date"):
        first_day(text)
