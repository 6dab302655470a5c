"""One number about one option, in all the words that the four ways to see it share: none says another number."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from equipoise.outcomes.draws import PERSONAL, POPULATION
from equipoise.presentation.frequencies import Frequency, natural_frequency
from equipoise.presentation.handout.words import outcome_words
from equipoise.presentation.personal_words import width_words
from equipoise.presentation.plain_words import certainty_meaning, certainty_word
from equipoise.safety.calendar_dates import MONTHS_A_YEAR
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.terms import Outcome
from equipoise.wording import Wording

# A share of people in a word, up to a percentage. No standard was found; these limits are our own, the same for good
# things and bad, and alike on both sides of a half.
_GISTS = (
    (1.0, "very-few"),
    (10.0, "few"),
    (30.0, "some"),
    (45.0, "fewer-than-half"),
    (55.0, "half"),
    (70.0, "more-than-half"),
    (90.0, "most"),
    (101.0, "nearly-all"),
)


@dataclass(frozen=True)
class Chance:
    """What may happen under one option.

    Attributes
    ----------
    estimate, outcome, basis
        The number, what it is about, and how it was made: one of the words of ``equipoise.outcomes.draws``.
    denominator
        Of how many people it is said: the same for everything within a section.
    words
        In which language.
    """

    estimate: Estimate
    outcome: Outcome
    basis: str
    denominator: int
    words: Wording

    @property
    def is_share(self) -> bool:
        """Whether people are counted, each once; otherwise events are."""
        return self.estimate.measure.is_proportion

    @functools.cached_property
    def frequency(self) -> Frequency:
        """Whole people; only for a share."""
        return natural_frequency(self.estimate, self.denominator)

    @functools.cached_property
    def events(self) -> tuple[float, float, float]:
        """Events among the people, with their limits; only where events are counted."""
        low, high = limits_of(self.estimate)
        return self.estimate.value * self.denominator, low * self.denominator, high * self.denominator

    @functools.cached_property
    def count(self) -> str:
        """How many: ``74 of 100``."""
        return self._people(*self._affected) if self.is_share else self._events()

    @functools.cached_property
    def others(self) -> str:
        """How many not: ``26 of 100``; empty where events are counted."""
        return self._people(*self._unaffected) if self.is_share else ""

    @property
    def event(self) -> str:
        """What happens to the people who are counted; empty where events are counted."""
        return self.happening(self._affected[1]) if self.is_share else ""

    @property
    def complement(self) -> str:
        """What happens to the others; empty where events are counted."""
        return self.happening(self._unaffected[1], happens=False) if self.is_share else ""

    def happening(self, n: int, *, happens: bool = True) -> str:
        """Return what happens to so many people; only for a share.

        Parameters
        ----------
        n
            How many: many a language has another verb for one.
        happens
            Whether it is about those to whom it happens, or the others.
        """
        return event_said(self.words, self.outcome, self.basis, n, happens=happens)

    @functools.cached_property
    def range(self) -> str:
        """The likely range in words, or that none is reported."""
        if self.estimate.interval is None:
            return self.words("expect.range.none")
        if not self.is_share:
            _, low, high = (int(one + 0.5) for one in self.events)
            return self.words("expect.range.events", low=low, high=high)
        low, high = self.frequency.low or 0, self.frequency.high or 0
        return self.words("expect.range.said", low=low, high=high, total=self.denominator)

    @property
    def width(self) -> str:
        """What the width of the range means; empty where it is narrow or there is none."""
        interval = self.estimate.interval
        if interval is None:
            return ""
        of = 100.0 if self.is_share else self.estimate.value
        return self.words.say(width_words(interval.low, interval.high, of, is_share=self.is_share))

    @property
    def level(self) -> str:
        """How sure one may be, as a style."""
        return self.estimate.certainty.level.value

    @property
    def certainty(self) -> str:
        """How sure one may be, in a word or two."""
        return self.words.say(certainty_word(self.estimate.certainty))

    @property
    def meaning(self) -> str:
        """What that means, in a sentence."""
        return self.words.say(certainty_meaning(self.estimate.certainty))

    @property
    def around_count(self) -> tuple[str, str]:
        """What stands before and after the count in a sentence that begins with what it comes to in a word."""
        word, here = self._gist(), "\0"
        if word:
            gist = self.words(f"expect.gist.{word}")
            text = self.words("expect.gist.line", gist=gist, event=self.happening(self.denominator), count=here)
        elif self.event:
            text = self.words("expect.gist.plain", event=self.event, count=here)
        else:
            text = self.words("expect.gist.bare", count=here)
        before, _, after = text.partition(here)
        return before, after

    @property
    def is_nobody(self) -> bool:
        """Whether nobody was counted among the people of a trial."""
        return self.estimate.events == 0 and bool(self.estimate.n)

    @property
    def counted(self) -> str:
        """What was counted in the trials, where the number is a count; empty elsewhere."""
        people, events = self.estimate.n, self.estimate.events
        if people is None or events is None or not self.is_share:
            return ""
        if events == 0:
            return self.words("expect.nobody", n=people)
        return self.words("expect.counted", n=people, events=events)

    def _gist(self) -> str:
        """Return a word for a share; none where nobody was counted, which is said in full."""
        if not self.is_share or self.frequency.percent == 0:
            return ""
        return next(word for limit, word in _GISTS if self.frequency.percent < limit)

    @property
    def _affected(self) -> tuple[str, int]:
        percent = self.frequency.percent
        return self._told(self.frequency.affected, is_nobody=percent == 0, is_everybody=percent == 100)

    @property
    def _unaffected(self) -> tuple[str, int]:
        percent = self.frequency.percent
        return self._told(self.frequency.unaffected, is_nobody=percent == 100, is_everybody=percent == 0)

    def _told(self, count: int, *, is_nobody: bool, is_everybody: bool) -> tuple[str, int]:
        """Return how a count is told; rounding never says nobody, or everybody, where that is not so."""
        if count == 0 and not is_nobody:
            return "fewer", 1
        if count == self.denominator and not is_everybody:
            return "more", count - 1
        return "exact", count

    def _people(self, how: str, count: int) -> str:
        return self.words(f"expect.count.{how}", count=count, total=self.denominator)

    def _events(self) -> str:
        count = self.events[0]
        if 0 < count < 0.5:
            return self.words("expect.count.few-events", n=1, total=self.denominator)
        return self.words("expect.count.events", n=int(count + 0.5), total=self.denominator)


def event_said(words: Wording, outcome: Outcome, basis: str, n: int, *, happens: bool) -> str:
    """Return what happens to people as it is said: expected where it was worked out, past where it was counted.

    Parameters
    ----------
    words
        In which language.
    outcome
        What happens.
    basis
        How the number was made.
    n
        To how many, for the form of the verb.
    happens
        Whether it is about those to whom it happens, or the others.
    """
    tense = "would" if basis in (PERSONAL, POPULATION) else "had"
    side = tense if happens else f"{tense}-not"
    for key in (f"said.{outcome.id}.{side}", "" if happens else f"said.{side}"):
        if words.has(key):
            return words(key, n=n)
    return outcome.event if happens else outcome.complement


def outcome_name(words: Wording, outcome: Outcome) -> str:
    """Return what an outcome is called on the screens of the way."""
    key = f"expect.name.{outcome.id}"
    return words(key) if words.has(key) else outcome_words(outcome, words)


def limits_of(estimate: Estimate) -> tuple[float, float]:
    """Return the ends of the range around a number; the number itself where none is reported."""
    interval = estimate.interval
    return (interval.low, interval.high) if interval is not None else (estimate.value, estimate.value)


def time_said(words: Wording, months: int) -> str:
    """Return a length of time: ``2 years``, ``22 months``."""
    years, rest = divmod(months, MONTHS_A_YEAR)
    return words("number.months", n=months) if rest or not years else words("number.years", n=years)
