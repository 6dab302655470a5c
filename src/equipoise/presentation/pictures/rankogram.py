"""Rankogram: how likely every treatment is to stand on every rank, never who is first."""

import math
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import TRACE_URL, cell_number, checked_identifier, safe, table
from equipoise.presentation.pictures.numerals import percent

Form = Literal["bars", "cumulative"]


@dataclass(frozen=True, slots=True)
class RankWords:
    """Words inside the picture, so that each language has its own."""

    treatment: str = "Treatment"
    summary_head: str = "Median rank and likely range"
    summary: str = "median rank {median} of {n}"
    interval: str = "likely range: {low} to {high}"
    rank: str = "rank {rank}"
    at_most: str = "rank {rank} or better"
    bars: str = "Height: probability of each rank, up to {top}. {first}"
    cumulative: str = "Height: probability of each rank or a better one, up to {top}. {first}"
    key_range: str = "median rank, and the range that holds the rank with 95% probability"
    caution: str = "Ranks say nothing about how large a difference is: neighbours may be as good as equal."


@dataclass(frozen=True, slots=True)
class RankProfile:
    """Ranks of one treatment.

    Parameters
    ----------
    treatment
        Its name.
    probabilities
        Of rank 1, 2, and so on; they add up to 1.
    median, low, high
        Median rank and its interval.
    estimate_id
        Id of the row that the numbers come from.
    """

    treatment: str
    probabilities: tuple[float, ...]
    median: int
    low: int
    high: int
    estimate_id: str | None = None

    def heights(self, form: Form) -> tuple[float, ...]:
        """Probability of each rank, or of each rank or a better one."""
        if form == "bars":
            return self.probabilities
        sums = [min(1.0, math.fsum(self.probabilities[: rank + 1])) for rank in range(len(self.probabilities))]
        return tuple(sums)


@dataclass(frozen=True, slots=True)
class Rankogram:
    """Ranks of all treatments on the same axes.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome and population.
    profiles
        Treatments, in the order in which they are drawn.
    first_means
        Sentence that says what the first rank is, such as "Rank 1: fewest relapses."
    form
        ``bars`` for each rank, ``cumulative`` for each rank or a better one.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there is no treatment, treatments have different numbers of ranks, probabilities are negative or do not add
        up to 1, or the median rank does not lie in its interval.
    """

    id: str
    title: str
    profiles: tuple[RankProfile, ...]
    first_means: str
    form: Form = "bars"
    trace_url: str | None = TRACE_URL
    words: RankWords = RankWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.profiles:
            raise ValueError("a rankogram needs at least one treatment.")
        for profile in self.profiles:
            if len(profile.probabilities) != self.n or not self.n:
                raise ValueError(f"{profile.treatment!r}: expected probabilities of {self.n} ranks.")
            if min(profile.probabilities) < 0 or not math.isclose(math.fsum(profile.probabilities), 1, abs_tol=1e-3):
                raise ValueError(f"{profile.treatment!r}: probabilities of ranks are not negative and add up to 1.")
            if not 1 <= profile.low <= profile.median <= profile.high <= self.n:
                raise ValueError(f"{profile.treatment!r}: expected 1 <= low <= median <= high <= {self.n}.")

    @property
    def n(self) -> int:
        """Number of ranks."""
        return len(self.profiles[0].probabilities)

    @property
    def top(self) -> float:
        """Upper end of the axis of probability, the same for all treatments."""
        if self.form == "cumulative":
            return 1.0
        highest = max(max(profile.probabilities) for profile in self.profiles)
        return next((top for top in (0.25, 0.5, 0.75) if highest <= top), 1.0)


def summary_texts(profile: RankProfile, picture: Rankogram) -> tuple[str, str]:
    """Median rank and its range in words."""
    words = picture.words
    return (
        words.summary.format(median=profile.median, n=picture.n),
        words.interval.format(low=profile.low, high=profile.high),
    )


def rankogram_table(picture: Rankogram) -> Markup:
    """Give the same numbers as an HTML table: the summary, then the probability of every rank."""
    words = picture.words
    name = words.rank if picture.form == "bars" else words.at_most
    ranks = [name.format(rank=rank) for rank in range(1, picture.n + 1)]
    rows = []
    for profile in picture.profiles:
        texts = ["; ".join(summary_texts(profile, picture)), *map(percent, profile.heights(picture.form))]
        cells = [cell_number(text, picture.trace_url, profile.estimate_id) for text in texts]
        rows.append((safe(profile.treatment), *cells))
    return table(picture.title, (words.treatment, words.summary_head), rows, ticks=ranks)
