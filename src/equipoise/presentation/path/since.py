"""The screen "Since last time": what has changed in the person, in the evidence, in the answer since a file was saved.

It compares three answers: the one that the file kept, the one that the same person would get today, and the one of the
person as described now. What differs between the first two comes from the evidence or the program, and nothing else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from equipoise import __version__
from equipoise.consultation.kept import Kept, KeptFit, KeptNumber, KeptVerdict
from equipoise.decision import Values
from equipoise.evidence import outcome_name
from equipoise.evidence.corrections import Correction
from equipoise.person import Person
from equipoise.presentation.counted import affected_words, range_words, worlds_words
from equipoise.presentation.path.remembered import Remembered, answer_to_keep, days_since, remembered
from equipoise.presentation.path.screens import Screen, screen_of
from equipoise.presentation.path.since_me import COUNTS_TIME, Difference, facts_differing, values_differing
from equipoise.presentation.path.state import PathState
from equipoise.presentation.path.view import PathPage
from equipoise.presentation.personal_effects import counted_out
from equipoise.presentation.personal_words import NO_TREATMENT
from equipoise.safety.eligibility_document import EligibilityVerdict
from equipoise.vocabulary.errors import UnknownTermError

VERDICTS = tuple(one.value for one in EligibilityVerdict)
UNRANKED = ("contraindicated", "limit", "not-comparable")
DAYS_THAT_COUNT = 30
"""From here on an answer that counts time may be another one: relapses are asked for by the month."""


@dataclass(frozen=True, slots=True)
class LookOver:
    """A screen with questions whose answers count time."""

    screen: Screen
    questions: tuple[str, ...]


@dataclass(frozen=True)
class SinceScreen:
    """What has changed since a file was saved.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @functools.cached_property
    def last(self) -> Remembered | None:
        """What the opened file held; ``None`` where it held no answer, or where none was opened."""
        return remembered(self.page.state)

    @property
    def then(self) -> Kept | None:
        """The answer of that day."""
        return self.last.kept if self.last is not None else None

    @property
    def has_answers(self) -> bool:
        """Whether a file was read, or something was answered here, that holds no answer of another day."""
        return self.page.state.person != Person() or self.page.state.values != Values()

    @property
    def saved_on(self) -> str:
        """The day on which the file was saved."""
        return self.page.words.date(self.then.date) if self.then is not None else ""

    @property
    def is_today(self) -> bool:
        """Whether that was today."""
        return self.then is not None and days_since(self.page.state, self.then) == 0

    @property
    def ago(self) -> str:
        """How long ago that was."""
        words = self.page.words
        days = days_since(self.page.state, self.then) if self.then is not None else 0
        if days < 2 * DAYS_THAT_COUNT:
            return words("number.days", n=days)
        months = round(days / (365.25 / 12))
        return words("number.months", n=months) if months < 24 else words("number.years", n=months // 12)

    # ---------------------------------------------------------------- in the person

    @functools.cached_property
    def me(self) -> tuple[Difference, ...]:
        """What is said otherwise about the person, and about what matters."""
        state, before, words = self.page.state, self._before, self.page.words
        facts = facts_differing(before.person, state.person, state.evidence, words)
        return (*facts, *values_differing(before.values, state.values, words))

    @property
    def look_over(self) -> tuple[LookOver, ...]:
        """Answers that count time, where enough of it has passed: by the screen that asks them."""
        if self.then is None or days_since(self.page.state, self.then) < DAYS_THAT_COUNT:
            return ()
        found: dict[Screen, list[str]] = {}
        for field in COUNTS_TIME:
            screen = screen_of(field)
            if screen is not None and any(name.partition("[")[0] == field for name in self.page.state.typed):
                found.setdefault(screen, []).append(self.page.asked(field))
        return tuple(LookOver(screen, tuple(questions)) for screen, questions in found.items())

    # ---------------------------------------------------------------- in the evidence

    @property
    def is_same_evidence(self) -> bool:
        """Whether the evidence is the one of that day."""
        return self.then is not None and self.then.evidence == self.page.state.evidence.release.version

    @property
    def program(self) -> tuple[str, str] | None:
        """The version of the program then and now; ``None`` where it is the same."""
        return (self.then.program, __version__) if self.then is not None and self.then.program != __version__ else None

    @functools.cached_property
    def from_evidence(self) -> tuple[Difference, ...]:
        """Numbers that are others today for the very same answers."""
        return tuple(self._moved(self._same_me))

    @property
    def can_say_evidence(self) -> bool:
        """Whether the same answers could be worked out again."""
        return self._same_me is not None

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """Corrections of the evidence that were decided on the day of the older evidence or later."""
        if self.then is None or self.is_same_evidence:
            return ()
        day = self.then.evidence.partition("+")[0]
        return tuple(one for one in self.page.state.evidence.corrections if one.decided_on >= day)

    # ---------------------------------------------------------------- in the answer

    @functools.cached_property
    def numbers(self) -> tuple[Difference, ...]:
        """Numbers that are said otherwise now than then."""
        return tuple(self._moved(self._now))

    @property
    def n_same(self) -> int:
        """How many numbers are said as they were."""
        return len(self.then.numbers) - len(self.numbers) if self.then is not None else 0

    @functools.cached_property
    def verdicts(self) -> tuple[Difference, ...]:
        """What the labels said and say, for every option that was or is looked at."""
        return self._by_option(lambda kept: {one.option: self._verdict(one) for one in kept.allowed})

    @functools.cached_property
    def fits(self) -> tuple[Difference, ...]:
        """How the options fitted and fit."""
        return self._by_option(lambda kept: {one.option: self._fit(one) for one in kept.fit})

    @property
    def was_tie(self) -> bool:
        """Whether the fit was too close to call then."""
        return self.then is not None and any(one.is_tied for one in self.then.fit)

    @property
    def is_tie(self) -> bool:
        """Whether it is too close to call now."""
        return self._now is not None and any(one.is_tied for one in self._now.fit)

    # ---------------------------------------------------------------- the three answers

    @functools.cached_property
    def _before(self) -> PathState:
        """The person as described in the file, with the options of now."""
        state = self.page.state
        if self.last is None:
            return state
        chosen = {name: held for name, held in state.typed.items() if name in ("first", "second")}
        return state.with_typed({**self.last.typed, **chosen, "years": (str(self.last.kept.years),)})

    @functools.cached_property
    def _same_me(self) -> Kept | None:
        return answer_to_keep(self._before)

    @functools.cached_property
    def _now(self) -> Kept | None:
        state = self.page.state
        if self.then is not None:
            state = state.with_typed({**state.typed, "years": (str(self.then.years),)})
        return answer_to_keep(state)

    # ---------------------------------------------------------------- in words

    def _moved(self, now: Kept | None) -> Iterator[Difference]:
        """Yield the numbers of that day that an answer says otherwise; a number that is no longer given has no now."""
        if self.then is None or now is None:
            return
        for old in self.then.numbers:
            new = now.number(old.about)
            before, after = self._number(old), self._number(new) if new is not None else ""
            if before != after:
                ident = new.id if new is not None else ""
                about = self.page.words(
                    "since.about", outcome=self._outcome(old.outcome), option=self._option(old.option)
                )
                yield Difference(about, before, after, ident, ident in self.page.state.consultation.items)

    def _by_option(self, said: Callable[[Kept], dict[str, str]]) -> tuple[Difference, ...]:
        before, after = (said(kept) if kept is not None else {} for kept in (self.then, self._now))
        names = dict.fromkeys((*before, *after))
        return tuple(Difference(self._option(name), before.get(name, ""), after.get(name, "")) for name in names)

    def _number(self, one: KeptNumber) -> str:
        words = self.page.words
        if one.of < 1:
            return ""
        counted = counted_out(one.id, one.affected, one.low, one.high, one.of)
        count = words("number.of", count=affected_words(counted, words), total=one.of)
        return words("since.number", count=count, range=range_words(counted, words))

    def _verdict(self, one: KeptVerdict) -> str:
        words = self.page.words
        parts = [words(f"since.verdict.{one.verdict}") if one.verdict in VERDICTS else one.verdict]
        if one.licence == "not-met":
            parts.append(words("since.verdict.outside"))
        return "; ".join(parts)

    def _fit(self, one: KeptFit) -> str:
        words = self.page.words
        if one.first is None:
            return words(f"since.unranked.{one.because}") if one.because in UNRANKED else one.because
        worlds = worlds_words(one.first, int(100 * one.first + 0.5), words)
        return words("since.first", worlds=worlds)

    def _option(self, option: str) -> str:
        if option == NO_TREATMENT:
            return self.page.words("treatment.none.name")
        try:
            found = self.page.state.evidence.option(option)
        except UnknownTermError:
            return option
        return self.page.option_name(found.id, found.name)

    def _outcome(self, outcome: str) -> str:
        found = self.page.state.evidence.outcomes.get(outcome)
        return self.page.words.say(outcome_name(found)) if found is not None else outcome
