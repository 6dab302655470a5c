"""A person's facts as draws: what is known is the same in every draw, what is unknown is a participant's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.outcomes.draws import Array
from equipoise.outcomes.participants import Participants, geometric
from equipoise.outcomes.streams import Streams
from equipoise.person import Person, Sex

_YEAR = 12.0


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about a person among some participants. Each of shape (S,).

    Attributes
    ----------
    age, years_since_onset, edss, woman, lesions, naive
        As the Swiss model takes them; the last three are 0 or 1.
    relapses_12_months, relapses_24_months, months_since_relapse
        Relapses, and months since the last one.
    """

    age: Array
    years_since_onset: Array
    edss: Array
    woman: Array
    lesions: Array
    naive: Array
    relapses_12_months: Array
    relapses_24_months: Array
    months_since_relapse: Array


def facts_of(person: Person, participants: Participants, streams: Streams) -> Facts:
    """Return the facts, those that are unknown drawn from the participants."""
    n = streams.n
    onset = _known(person.years_since_onset, n)
    if onset is None:
        onset = participants.years_since_onset.quantile(streams.uniform("person/years-since-onset"))
    last_year, two_years = _relapses(person, participants, streams)
    age = _known(person.age, n)
    lesions = _known(person.enhancing_lesions, n)
    return Facts(
        age=participants.age.quantile(streams.uniform("person/age")) if age is None else age,
        years_since_onset=onset,
        edss=_edss(person, participants, streams),
        woman=_woman(person, participants, streams),
        lesions=(streams.uniform("person/lesions") < 0.5).astype(float) if lesions is None else lesions,
        naive=_naive(person, participants, streams),
        relapses_12_months=last_year,
        relapses_24_months=two_years,
        months_since_relapse=_months(person, last_year, two_years, onset, streams),
    )


def _known(value: float | None, n: int) -> Array | None:
    return None if value is None else np.full(n, float(value))


def _edss(person: Person, participants: Participants, streams: Streams) -> Array:
    """As measured; evenly over the half-steps of the band that the words stand for; else a participant's."""
    chance, band = streams.uniform("person/edss"), person.edss_band
    if band is None:
        return participants.edss.quantile(chance)
    low, high = band
    return low + 0.5 * np.floor(chance * (2 * (high - low) + 1))


def _woman(person: Person, participants: Participants, streams: Streams) -> Array:
    if person.sex is not None:
        return np.full(streams.n, float(person.sex is Sex.WOMAN))
    return (streams.uniform("person/sex") < participants.women).astype(float)


def _naive(person: Person, participants: Participants, streams: Streams) -> Array:
    if person.earlier_treatments is not None:
        return np.full(streams.n, float(not person.earlier_treatments))
    return (streams.uniform("person/naive") < participants.naive).astype(float)


def _relapses(person: Person, participants: Participants, streams: Streams) -> tuple[Array, Array]:
    """Relapses in 12 and 24 months, never fewer where more are known, draw by draw.

    What the months since the last relapse say about the counts counts as known. Without any of them the numbers are
    those of a participant; with one of them, the participant's other year is added where the person would have been
    let in, and none is made up where not.
    """
    n, months = streams.n, person.months_since_relapse
    chance = streams.uniform("person/relapses-12")
    last_year, two_years = _known(person.relapses_12_months, n), _known(person.relapses_24_months, n)
    earlier = geometric(streams.uniform("person/relapses-earlier"), participants.earlier_relapses_mean)
    if last_year is None and two_years is not None:
        # Each of them fell into the last twelve months with an even chance.
        last_year = _binomial_half(chance, person.relapses_24_months or 0)
        if months is not None:
            last_year = np.maximum(last_year, 1.0) if months < _YEAR else np.zeros(n)
    elif last_year is None:
        fewest = participants.relapses_12_months_min
        last_year = fewest + geometric(chance, participants.relapses_12_months_mean - fewest)
        if months is not None:
            last_year = np.maximum(last_year, 1.0) if months < _YEAR else np.zeros(n)
    if two_years is None:
        two_years = last_year if months is not None and months >= 2 * _YEAR else last_year + earlier
        if months is None or months < 2 * _YEAR:
            fits = (last_year >= participants.relapses_12_months_min) & (person.relapses_12_months != 0)
            two_years = np.where(fits, np.maximum(two_years, participants.relapses_24_months_min), two_years)
            two_years = two_years if months is None else np.maximum(two_years, 1.0)
    return last_year, np.maximum(two_years, last_year)


def _binomial_half(chance: Array, n: int) -> Array:
    """Quantiles of the number of heads among n tosses, which never fall as n grows."""
    masses = np.array([1.0])
    for _ in range(min(n, 60)):
        masses = np.convolve(masses, [0.5, 0.5])
    return np.searchsorted(np.cumsum(masses)[:-1], chance).astype(float)


def _months(person: Person, last_year: Array, two_years: Array, onset: Array, streams: Streams) -> Array:
    """Months since the last relapse: the least of times that are spread evenly over the window they fell into.

    The least of b uniform times has the quantile 1 - (1 - u)^(1/b), which falls as b grows: with the same u, more
    relapses never give a later last one. Without any in 24 months the time lies evenly between then and the onset.
    """
    if person.months_since_relapse is not None:
        return np.full(streams.n, float(person.months_since_relapse))
    left = 1 - streams.uniform("person/timing")
    if person.relapses_12_months is None and person.relapses_24_months is not None:
        window, count, start = 2 * _YEAR, two_years, np.zeros_like(left)
    else:
        window = _YEAR
        count = np.where(last_year > 0, last_year, two_years)
        start = np.where(last_year > 0, 0.0, _YEAR)
    within = start + window * (1 - left ** (1 / np.maximum(count, 1.0)))
    longest = np.maximum(2 * _YEAR, _YEAR * onset)
    long_ago = longest - (longest - 2 * _YEAR) * left
    return np.where(two_years > 0, within, long_ago)
