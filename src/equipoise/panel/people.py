"""The people of a synthetic panel: who they are, which drug they have, and when they had it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.evidence import Evidence, LabelEntry
from equipoise.panel import assumptions as assumed
from equipoise.safety.calendar_dates import months_and_days
from equipoise.vocabulary.terms import Jurisdiction

Days = NDArray[np.int64]
"""Days since 1970-01-01."""

NEVER = np.iinfo(np.int32).max
_EPOCH = datetime.date(1970, 1, 1)
_EVENT_ROWS = {
    "thrombocytopenia": "programme-alem12.immune-thrombocytopenia.73m.proportion",
    "tsh-drift": "care-ms-pooled-alem12.thyroid-event.72m.proportion.frontneurol",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """When a label asks for a test, in months from the first dose.

    Attributes
    ----------
    entry_id, test_id
        The label entry, and which test.
    every_months
        The interval, 0 where the label gives none.
    at_months
        Single months.
    until_months, is_from_last_dose
        How long, 0 where the label names no end, and what that counts from.
    is_for_women
        Whether only women are asked.
    """

    entry_id: str
    test_id: str
    every_months: int
    at_months: tuple[int, ...]
    until_months: int
    is_from_last_dose: bool
    is_for_women: bool


def _asked(entry: LabelEntry) -> Asked:
    def months(name: str) -> int:
        return months_and_days(str(entry.fields[name]))[0] if entry.fields.get(name) else 0

    return Asked(
        entry_id=entry.id,
        test_id=str(entry.fields.get("test_id", "")),
        every_months=months("every"),
        at_months=tuple(months_and_days(moment)[0] for moment in entry.fields.get("at", ())),
        until_months=months("until_offset"),
        is_from_last_dose=entry.fields.get("until_anchor") == "last-dose",
        is_for_women=entry.fields.get("condition") == "female",
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """What the evidence gives the simulator.

    Attributes
    ----------
    arms
        Mean age, share of women, mean EDSS and years since onset of each randomised arm that reports them all, (A, 4).
    arm_weights
        The arms' shares of the people, (A,).
    event_shares
        Share of people on alemtuzumab in whom an event is planted.
    schedules
        Monitoring entries that may be laid out, by drug and jurisdiction.
    course_days
        Days of a first and of a later course of alemtuzumab.
    rows
        Ids of the evidence rows that were used.
    """

    arms: NDArray[np.float64]
    arm_weights: NDArray[np.float64]
    event_shares: dict[str, float]
    schedules: dict[tuple[str, str], tuple[Asked, ...]]
    course_days: tuple[int, int]
    rows: tuple[str, ...]


def setting(evidence: Evidence) -> Setting:
    """Return what the simulator takes from the evidence."""
    reported = [
        (arm, arm.age_mean, arm.female_percent, arm.edss_mean, arm.disease_duration_years_mean, arm.n_randomised)
        for arm in evidence.arms.values()
        if arm.kind == "randomised"
        and None not in (arm.age_mean, arm.female_percent, arm.edss_mean, arm.disease_duration_years_mean)
        and arm.n_randomised
    ]
    sizes = np.array([row[5] for row in reported], float)
    shares = {event: (evidence.arm_results[row].value or 0.0) / 100 for event, row in _EVENT_ROWS.items()}
    shares["creatinine-rise"] = assumed.CREATININE_EVENT_SHARE
    shares["missed-months"] = assumed.MISSED_MONTHS_SHARE
    schedules = {
        (drug, place): tuple(
            _asked(entry)
            for entry in evidence.labels[drug].current("monitoring", Jurisdiction(place))
            if not any(moment.startswith("PT") for moment in entry.fields.get("at", ()))
            and entry.fields.get("start_anchor", "") in ("", "first-dose")
            and entry.fields.get("condition", "") in ("", "female")
            and entry.fields.get("level") != "as-indicated"
        )
        for drug in assumed.DRUG_SHARES
        for place in assumed.JURISDICTION_SHARES
    }
    dosing = {
        int(entry.fields["course"]): int(entry.fields["days"])
        for entry in evidence.labels["alemtuzumab"].current("dosing", Jurisdiction.EU)
        if "course" in entry.fields
    }
    return Setting(
        arms=np.array([row[1:5] for row in reported], float),
        arm_weights=sizes / sizes.sum(),
        event_shares=shares,
        schedules=schedules,
        course_days=(dosing[1], dosing[2]),
        rows=(*(row[0].id for row in reported), *_EVENT_ROWS.values()),
    )


@dataclass(frozen=True, slots=True)
class People:
    """One part's people, as columns; N of them.

    Attributes
    ----------
    ids
        Their numbers, (N,).
    birth_year, is_woman, edss, drug, place
        Who they are; ``drug`` and ``place`` are positions in the tables of shares, (N,).
    courses, course_ends
        First and last day of courses 1 to 3, ``NEVER`` where there was none, (N, 3).
    stopped
        The day a treatment that goes on was stopped, ``NEVER`` where it was not, (N,).
    """

    ids: Days
    birth_year: Days
    is_woman: NDArray[np.bool_]
    edss: NDArray[np.float64]
    drug: Days
    place: Days
    courses: Days
    course_ends: Days
    stopped: Days


def draw_people(rng: np.random.Generator, first_id: int, people: int, until: datetime.date, setting: Setting) -> People:
    """Draw people and their treatment.

    Parameters
    ----------
    rng
        Where chance comes from.
    first_id, people
        The first person's number, and how many.
    until
        The last day of the panel.
    setting
        What the evidence gives.
    """
    last = (until - _EPOCH).days
    arm = setting.arms[rng.choice(len(setting.arms), people, p=setting.arm_weights)]
    age = np.clip(rng.normal(arm[:, 0], assumed.AGE_SD_YEARS), assumed.YOUNGEST, assumed.OLDEST)
    edss = np.clip(np.round(2 * rng.normal(arm[:, 2], assumed.EDSS_SD)) / 2, 0, 6.5)
    is_woman = rng.random(people) < arm[:, 1] / 100
    drug = rng.choice(len(assumed.DRUG_SHARES), people, p=list(assumed.DRUG_SHARES.values()))
    place = rng.choice(len(assumed.JURISDICTION_SHARES), people, p=list(assumed.JURISDICTION_SHARES.values()))
    longest = int(assumed.LONGEST_FOLLOW_UP_MONTHS * 30.4)
    first = last - rng.integers(0, longest, people)
    in_courses = drug == list(assumed.DRUG_SHARES).index("alemtuzumab")
    courses, ends = _courses(rng, first, in_courses, last, setting.course_days)
    stopped = first + rng.integers(30, longest, people)
    has_stopped = ~in_courses & (rng.random(people) < assumed.STOPPED_SHARE) & (stopped <= last)
    return People(
        ids=np.arange(first_id, first_id + people, dtype=np.int64),
        birth_year=(1970 + first // 365.25 - age).astype(np.int64),
        is_woman=is_woman,
        edss=edss,
        drug=drug,
        place=place,
        courses=courses,
        course_ends=ends,
        stopped=np.where(has_stopped, stopped, NEVER),
    )


def _courses(
    rng: np.random.Generator, first: Days, in_courses: NDArray[np.bool_], last: int, days: tuple[int, int]
) -> tuple[Days, Days]:
    people = len(first)
    is_late = rng.random(people) < assumed.LATE_COURSE_SHARE
    lateness = rng.integers(0, 15, people) + is_late * rng.integers(0, assumed.LATE_COURSE_MOST_DAYS, people)
    second = months_later(first, 12) + lateness
    has_second = in_courses & (rng.random(people) >= assumed.NO_SECOND_COURSE_SHARE) & (second + days[1] <= last)
    third = months_later(second, rng.integers(*assumed.THIRD_COURSE_AFTER_MONTHS, people)) + rng.integers(0, 15, people)
    has_third = has_second & (rng.random(people) < assumed.THIRD_COURSE_SHARE) & (third + days[1] <= last)
    starts = np.stack([first, np.where(has_second, second, NEVER), np.where(has_third, third, NEVER)], axis=1)
    lengths = np.array([days[0], days[1], days[1]]) - 1
    ends = np.where((starts < NEVER) & in_courses[:, None], starts + lengths, NEVER)
    return starts, ends


def months_later(day: Days, months: Days | int) -> Days:
    """Return days moved by whole months; a month without that day gives its last one, as labels are read here."""
    dates = day.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    place = (dates - month.astype("datetime64[D]")).astype(np.int64)
    target = month + np.asarray(months).astype("timedelta64[M]")
    begins = target.astype("datetime64[D]").astype(np.int64)
    length = (target + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - begins
    return np.asarray(begins + np.minimum(place, length - 1))
