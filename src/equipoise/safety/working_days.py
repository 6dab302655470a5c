"""Weekends and holidays: where a day goes that falls on one, by a rule that is said."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

SATURDAY = 5
# A rule that meets a fortnight of holidays keeps the label's day and leaves the choice to people.
_LONGEST_SEARCH = 14


class Shift(StrEnum):
    """What happens to a day that is no working day."""

    KEEP = "keep"
    """It stays; the window around it says which days count."""
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class ShiftRule:
    """How days that fall on a weekend or a holiday are dealt with.

    Attributes
    ----------
    shift
        Where they go.
    holidays
        Days that are no working days besides Saturdays and Sundays. No calendar of holidays is built in: they differ
        by place and year, so the days are given.
    leeway_days
        How many days before and after its date a test of a series still counts for that date. It is a convention of
        this software and of no label; it is cut to less than half the interval, so that windows never overlap.
    """

    shift: Shift = Shift.KEEP
    holidays: frozenset[datetime.date] = frozenset()
    leeway_days: int = 7

    def is_working_day(self, day: datetime.date) -> bool:
        """Whether a day is neither Saturday nor Sunday nor one of the holidays."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def moved(self, day: datetime.date) -> datetime.date:
        """Return the day on which something is due that the label puts on ``day``."""
        if self.shift is Shift.KEEP:
            return day
        step = datetime.timedelta(days=1 if self.shift is Shift.NEXT else -1)
        found = day
        for _ in range(_LONGEST_SEARCH):
            if self.is_working_day(found):
                return found
            found += step
        return day


LABEL_DAYS = ShiftRule()
"""Every day stays where the label puts it."""
