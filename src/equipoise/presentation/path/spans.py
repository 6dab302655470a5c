"""Lengths of time of a label, as a reader says them: ``P48M`` is four years."""

from __future__ import annotations

import re

from equipoise.safety.calendar_dates import MONTHS_A_YEAR, months_and_days
from equipoise.wording import Wording

_HOURS = re.compile(r"PT(\d+)H")
_DAYS_A_WEEK = 7
# Two years and more are easier to read in years; one year of tests is more often said in months.
_IN_YEARS = 2 * MONTHS_A_YEAR


def span(words: Wording, duration: str) -> str:
    """Return an ISO 8601 duration in words.

    Parameters
    ----------
    words
        In which language.
    duration
        Of whole hours, or of years, months, weeks and days.
    """
    if hours := _HOURS.fullmatch(duration):
        return words("number.hours", n=int(hours[1]))
    months, days = months_and_days(duration)
    parts = []
    if months:
        parts.append(months_in_words(words, months))
    if days and not days % _DAYS_A_WEEK:
        parts.append(words("number.weeks", n=days // _DAYS_A_WEEK))
    elif days or not months:
        parts.append(words("number.days", n=days))
    return words.joined(parts)


def months_in_words(words: Wording, months: float) -> str:
    """Return a number of months in words, in years where they are whole and two or more."""
    if months >= _IN_YEARS and not months % MONTHS_A_YEAR:
        return words("number.years", n=int(months // MONTHS_A_YEAR))
    return words("number.months", n=int(months) if months == int(months) else months)
