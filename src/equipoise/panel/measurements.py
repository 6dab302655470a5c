"""The tests of a synthetic panel: who came when, what the laboratory found, and what was planted among it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from equipoise.panel import assumptions as assumed
from equipoise.panel.assumptions import MEASURED, Measured
from equipoise.panel.people import NEVER, Asked, Days, People, months_later

Grid = NDArray[np.bool_]
"""People by months from the first dose: (N, M), month 1 first."""

# Thrown into the results of people on alemtuzumab: event, test, analyte, and how many results it takes.
_EVENTS = (
    ("thrombocytopenia", "cbc-diff", "platelet-count", 3),
    ("creatinine-rise", "creatinine", "creatinine", 3),
    ("tsh-drift", "tsh", "tsh", 3),
)
# What is done at a clinic and has no number: somebody records that it was done.
_EXAMINATIONS = frozenset({"skin-exam", "hpv-screen", "cervical-screen"})
# The same quantity under another of its names, as American laboratories write it.
_US_UNITS = {"10*9/L": "10*3/uL"}


@dataclass
class Rows:
    """Columns that grow group by group."""

    columns: dict[str, list[NDArray[np.generic]]] = field(default_factory=dict)

    def add(self, **columns: NDArray[np.generic]) -> None:
        """Append rows."""
        for name, values in columns.items():
            self.columns.setdefault(name, []).append(values)

    def joined(self) -> dict[str, NDArray[np.generic]]:
        """Return each column as one array."""
        return {name: np.concatenate(parts) for name, parts in self.columns.items()}


@dataclass(frozen=True, slots=True)
class Measurements:
    """What :func:`draw_measurements` adds to."""

    records: Rows = field(default_factory=Rows)
    entries: list[str] = field(default_factory=list)
    results: Rows = field(default_factory=Rows)
    truth: Rows = field(default_factory=Rows)

    def number_of(self, entry_id: str) -> int:
        """Return the number that stands for a label entry in the records."""
        if entry_id not in self.entries:
            self.entries.append(entry_id)
        return self.entries.index(entry_id)


def draw_measurements(
    rng: np.random.Generator,
    people: People,
    chosen: NDArray[np.int64],
    *,
    asked: Sequence[Asked],
    event_shares: dict[str, float],
    is_us: bool,
    last_day: int,
    into: Measurements,
) -> None:
    """Draw the tests and results of people on one drug under one label.

    Parameters
    ----------
    rng
        Where chance comes from.
    people, chosen
        The part's people, and the positions of those it is about, (N,).
    asked
        What the label asks for.
    event_shares
        Events to plant and their shares; empty for none.
    is_us
        Whether laboratories write units the American way.
    last_day
        The panel's last day, in days since 1970.
    into
        What the rows are added to.
    """
    if not len(chosen):
        return
    first = people.courses[chosen, 0]
    months = np.arange(1, assumed.LONGEST_FOLLOW_UP_MONTHS + 2)
    due = months_later(first[:, None], months[None, :])
    day, comes = _attendance(rng, due)
    is_asked = due <= np.minimum(people.stopped[chosen], last_day)[:, None]
    last_dose = np.where(people.course_ends[chosen] < NEVER, people.course_ends[chosen], -1).max(axis=1)
    if "missed-months" in event_shares:
        is_monthly = is_asked & _while_monthly(asked, due, last_dose)
        _plant_missed_months(
            rng,
            ids=people.ids[chosen],
            due=due,
            day=day,
            comes=comes,
            is_asked=is_monthly,
            share=event_shares["missed-months"],
            last_day=last_day,
            truth=into.truth,
        )
    seen = comes & is_asked & (day <= last_day)
    for test_id, wanted in _by_test(asked, months):
        mask = seen & wanted[None, :] & (rng.random(seen.shape) >= assumed.TEST_OMITTED_SHARE)
        mask &= _within(asked, test_id, due, last_dose, people.is_woman[chosen])
        events = [event for event in _EVENTS if event[1] == test_id and event[0] in event_shares]
        planted = {
            event[2]: _plant(rng, event, people.ids[chosen], mask, day, event_shares[event[0]], into.truth)
            for event in events
        }
        who, month = np.nonzero(mask)
        if test_id not in MEASURED:
            entry_id = next(item.entry_id for item in asked if item.test_id == test_id)
            into.records.add(
                person_id=people.ids[chosen][who],
                entry=np.full(len(who), into.number_of(entry_id), np.int16),
                month=months[month].astype(np.int16),
                done_on=day[who, month].astype(np.int32),
            )
        for measured in MEASURED.get(test_id, ()):
            values = _values(rng, measured, len(chosen), who)
            if measured.analyte == "lymphocytes" and event_shares:
                values *= _lymphocytes(day[who, month], people.courses[chosen][who])
            if measured.analyte in planted:
                override = planted[measured.analyte][who, month]
                values = np.where(np.isnan(override), values, override)
            into.results.add(
                person_id=people.ids[chosen][who],
                analyte=np.full(len(who), _ANALYTE_CODES[measured.analyte], np.int8),
                taken_on=day[who, month].astype(np.int32),
                value=np.round(values, measured.decimals),
                unit=np.full(len(who), UNITS.index(_unit(measured, is_us)), np.int8),
                reference_low=np.full(len(who), np.nan if measured.low is None else measured.low),
                reference_high=np.full(len(who), np.nan if measured.high is None else measured.high),
            )


def _unit(measured: Measured, is_us: bool) -> str:
    return _US_UNITS.get(measured.unit, measured.unit) if is_us else measured.unit


ANALYTES = tuple(sorted({measured.analyte for group in MEASURED.values() for measured in group}))
UNITS = tuple(sorted({_unit(m, is_us) for group in MEASURED.values() for m in group for is_us in (True, False)}))
_ANALYTE_CODES = {analyte: place for place, analyte in enumerate(ANALYTES)}
EVENTS = (*(event[0] for event in _EVENTS), "missed-months")


def _attendance(rng: np.random.Generator, due: Days) -> tuple[Days, Grid]:
    mean, strength = assumed.MISSED_SHARE_MEAN, assumed.MISSED_SHARE_CONCENTRATION
    missed = rng.beta(mean * strength, (1 - mean) * strength, (len(due), 1))
    comes = rng.random(due.shape, dtype=np.float32) >= missed
    is_late = rng.random(due.shape, dtype=np.float32) < assumed.LATE_SHARE
    early, late = (rng.integers(low, high, due.shape) for low, high in (assumed.PUNCTUAL_DAYS, assumed.LATE_DAYS))
    return due + np.where(is_late, late, early), comes


def _plant_missed_months(
    rng: np.random.Generator,
    *,
    ids: Days,
    due: Days,
    day: Days,
    comes: Grid,
    is_asked: Grid,
    share: float,
    last_day: int,
    truth: Rows,
) -> None:
    gap = assumed.MISSED_MONTHS
    # Followed for long enough that the gap has a month before it and a month after it.
    closed = (is_asked & (due + assumed.LATE_DAYS[1] <= last_day)).sum(axis=1)
    chosen = np.flatnonzero((closed >= gap + 3) & (rng.random(len(ids)) < share))
    starts = 1 + (rng.random(len(chosen)) * (closed[chosen] - gap - 2)).astype(np.int64)
    for person, start in zip(chosen, starts, strict=True):
        comes[person, start : start + gap] = False
        # The month before is kept to the day, so that a late test is not taken for the first one missed.
        day[person, start - 1] = due[person, start - 1]
    truth.add(
        person_id=ids[chosen],
        event=np.full(len(chosen), EVENTS.index("missed-months"), np.int8),
        analyte=np.full(len(chosen), -1, np.int8),
        first_on=due[chosen, starts].astype(np.int32),
        last_on=due[chosen, starts + gap - 1].astype(np.int32),
    )


def _plant(
    rng: np.random.Generator,
    event: tuple[str, str, str, int],
    ids: Days,
    mask: Grid,
    day: Days,
    share: float,
    truth: Rows,
) -> NDArray[np.float64]:
    name, test_id, analyte, length = event
    override = np.full(mask.shape, np.nan)
    measured = next(item for item in MEASURED[test_id] if item.analyte == analyte)
    chosen = np.flatnonzero((mask.sum(axis=1) >= length + 2) & (rng.random(len(ids)) < share))
    first, last = np.empty(len(chosen), np.int32), np.empty(len(chosen), np.int32)
    for row, person in enumerate(chosen):
        months = np.flatnonzero(mask[person])
        start = rng.integers(1, len(months) - length + 1)
        cells = months[start : start + length]
        override[person, cells] = _planted_values(rng, name, measured)
        first[row], last[row] = day[person, cells[0]], day[person, cells[-1]]
    truth.add(
        person_id=ids[chosen],
        event=np.full(len(chosen), EVENTS.index(name), np.int8),
        analyte=np.full(len(chosen), _ANALYTE_CODES[analyte], np.int8),
        first_on=first,
        last_on=last,
    )
    return override


def _planted_values(rng: np.random.Generator, name: str, measured: Measured) -> NDArray[np.float64]:
    low, high = measured.low or 0.0, measured.high or 0.0
    if name == "thrombocytopenia":
        return low * rng.uniform(*assumed.LOW_PLATELETS, 3)
    if name == "creatinine-rise":
        return high * np.array(assumed.HIGH_CREATININE)
    if rng.random() < 0.5:
        return low * np.array(assumed.TSH_DRIFT["low"])
    return high * np.array(assumed.TSH_DRIFT["high"])


def _values(rng: np.random.Generator, measured: Measured, people: int, who: Days) -> NDArray[np.float64]:
    level = np.log(measured.median) + measured.between_cv * rng.standard_normal(people)
    noise = measured.within_cv * rng.standard_normal(len(who), dtype=np.float32)
    return np.asarray(np.exp(level[who] + noise), np.float64)


def _lymphocytes(day: Days, courses: Days) -> NDArray[np.float64]:
    last = np.where(courses <= day[:, None], courses, 0).max(axis=1)
    months = (day - last) / 30.4
    return np.asarray(1 - (1 - assumed.LYMPHOCYTES_FALL_TO) * np.exp(-months / assumed.LYMPHOCYTES_RETURN_MONTHS))


def _by_test(asked: Sequence[Asked], months: Days) -> Iterator[tuple[str, Grid]]:
    wanted: dict[str, list[Grid]] = {}
    for item in asked:
        if item.test_id in MEASURED or item.test_id in _EXAMINATIONS:
            wanted.setdefault(item.test_id, []).append(_months_of(item, months))
    for test_id, masks in wanted.items():
        yield test_id, np.asarray(np.stack(masks).any(axis=0))


def _months_of(item: Asked, months: Days) -> Grid:
    if item.every_months:
        return np.asarray(np.isin(months, item.at_months) | (months % item.every_months == 0))
    by_habit = (months % assumed.HABIT_EVERY_MONTHS == 0) & (months > max(item.at_months, default=0))
    return np.asarray(np.isin(months, item.at_months) | by_habit)


def _while_monthly(asked: Sequence[Asked], due: Days, last_dose: Days) -> Grid:
    until = [item.until_months for item in asked if item.every_months == 1 and item.until_months]
    return np.asarray(due <= months_later(last_dose, min(until, default=0))[:, None])


def _within(asked: Sequence[Asked], test_id: str, due: Days, last_dose: Days, is_woman: NDArray[np.bool_]) -> Grid:
    item = next(item for item in asked if item.test_id == test_id)
    within = np.ones(due.shape, bool)
    if item.until_months:
        start = last_dose if item.is_from_last_dose else due[:, 0] - 30
        within &= due <= months_later(start, item.until_months)[:, None]
    if item.is_for_women:
        within &= is_woman[:, None]
    return within
