"""Dates moved by the durations of labels, by the calendar and not by an average month."""

from __future__ import annotations

import calendar
import datetime
import re

from equipoise.vocabulary.errors import RequestError, SafetyDataError

MONTHS_A_YEAR = 12
_DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", re.ASCII)


def later(day: datetime.date, duration: str) -> datetime.date:
    """Return the day that lies a duration after another.

    Parameters
    ----------
    day
        Where to count from.
    duration
        ISO 8601 of years, months, weeks and days: ``"P1M"``, ``"P6W"``.

    Raises
    ------
    SafetyDataError
        If the duration is none.
    RequestError
        If the day would lie beyond the last that a calendar here can name.

    Notes
    -----
    Years and months come first and keep the day of the month. A month without that day gives its last one, so that
    nothing falls due in a later month than the label says: one month after 31 January is 28 or 29 February, one year
    after 29 February is 28 February. Weeks and days are then counted exactly.

    Examples
    --------
    >>> import datetime
    >>> later(datetime.date(2024, 1, 31), "P1M")
    datetime.date(2024, 2, 29)
    """
    months, days = months_and_days(duration)
    return shifted(day, months, days)


def earlier(day: datetime.date, duration: str) -> datetime.date:
    """Return the day that lies a duration before another.

    Parameters
    ----------
    day
        Where to count back from.
    duration
        ISO 8601 of years, months, weeks and days: ``"P30D"``, ``"P6W"``.

    Raises
    ------
    SafetyDataError
        If the duration is none.
    RequestError
        If the day would lie before the first that a calendar here can name.

    Examples
    --------
    >>> import datetime
    >>> earlier(datetime.date(2024, 3, 31), "P1M")
    datetime.date(2024, 2, 29)
    """
    months, days = months_and_days(duration)
    return shifted(day, -months, -days)


def months_and_days(duration: str) -> tuple[int, int]:
    """Return an ISO 8601 duration as whole months and whole days: ``"P1Y2W"`` is 12 months and 14 days.

    Raises
    ------
    SafetyDataError
        If the text is no duration of years, months, weeks and days.
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise SafetyDataError(f"'{duration}' is no duration.\n  allowed: ISO 8601 such as P1M, P48M, P2W or P14D")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return MONTHS_A_YEAR * years + months, 7 * weeks + days


def shifted(day: datetime.date, months: int, days: int = 0) -> datetime.date:
    """Return a day moved by whole months, clipped to the end of the month, and then by days.

    A series is laid out by moving its anchor by 1, 2, 3, ... steps, never by moving the day before: a series from the
    31st falls on the last day of a short month and on the 31st again afterwards.

    Raises
    ------
    RequestError
        If the day would lie outside the calendar.
    """
    year, month = divmod(MONTHS_A_YEAR * day.year + day.month - 1 + months, MONTHS_A_YEAR)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        return day.replace(year=year, month=month + 1, day=min(day.day, last)) + datetime.timedelta(days=days)
    except (ValueError, OverflowError):
        raise RequestError(
            f"{day} is too {'late' if months >= 0 else 'early'} a day to count from.\n"
            "  allowed: a day within the next centuries, such as 2026-11-22"
        ) from None


def first_day(text: str) -> datetime.date:
    """Return the first day that a date of a label can mean: of a month, where it names no day.

    Raises
    ------
    SafetyDataError
        If it is no date.
    """
    parts = text.split("-")
    try:
        return datetime.date(*(int(part) for part in (*parts, *["1"] * (3 - len(parts)))))
    except (TypeError, ValueError):
        raise SafetyDataError(f"'{text}' is no date.\n  allowed: 2020, 2020-01 or 2020-01-16") from None
