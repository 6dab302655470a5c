"""The screen beside "What may happen": everything else that is counted, differences, and how it was worked out."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.consultation.personal import BaselineSummary, OutcomeDifference
from equipoise.presentation.path.chance import limits_of, outcome_name, time_said
from equipoise.presentation.path.outcome_lines import BENEFITS, HARMS, SERIOUS, Line
from equipoise.presentation.path.outcome_rows import COMMON, RARE, Section
from equipoise.presentation.path.outcomes import Outcomes
from equipoise.presentation.path.state import Picture
from equipoise.presentation.personal_effects import FIRST_OUTCOMES, FIRST_STOPPING, is_share, outcome_order
from equipoise.presentation.personal_words import method_words
from equipoise.presentation.plain_words import certainty_word, upper_first
from equipoise.vocabulary.estimate import Estimate
from equipoise.wording import Wording

_SHELVES = (("common", (*BENEFITS, *HARMS)), ("serious", SERIOUS))
"""Beginning of a section's id, and what stands in it: everything within is of as many people."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two options, in words.

    Attributes
    ----------
    outcome, pair, size, range
        What may happen, which option next to which, how many more or fewer, and the likely range of that.
    level, certainty
        How sure one may be, as a style and in a word.
    estimate
        The number behind it.
    """

    outcome: str
    pair: str
    size: str
    range: str
    level: str
    certainty: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where somebody stands before any choice: a heading, numbers in words, and what they rest on."""

    title: str
    numbers: tuple[tuple[Estimate, str], ...]
    lines: tuple[str, ...]


class MoreOutcomes(Outcomes):
    """What the screen shows, always in tables."""

    @property
    def way(self) -> Picture:
        """Tables, whichever way was chosen for the main numbers."""
        return Picture.TABLE

    @property
    def is_short(self) -> bool:
        """Nothing is left out here."""
        return False

    @property
    def is_everything(self) -> bool:
        """Everything that is known of a number is said here."""
        return True

    @functools.cached_property
    def left(self) -> tuple[Section, ...]:
        """What there is over the same length of time and was too much for the main screen."""
        shown = {row.anchor for section in self.sections for row in (*section.rows, *section.more)}
        found = []
        for section, groups in zip(("main", "common", "serious"), (BENEFITS, HARMS, SERIOUS), strict=True):
            lines, months = self.on_one_length(groups)
            rest = [line for line in lines if f"{section}-{line.outcome.id}" not in shown]
            if rest:
                found.append(self._table(f"more-{section}", "expect.more.left", months, rest))
        return tuple(found)

    @functools.cached_property
    def other_lengths(self) -> tuple[Section, ...]:
        """What was counted over another length of time, of numbers that can be compared."""
        shown = [self.on_one_length(groups)[0] for groups in (BENEFITS, HARMS, SERIOUS)]
        kept = {id(line) for lines in shown for line in lines}
        rest = [line for line in self.lines if not line.is_apart and id(line) not in kept]
        return tuple(self._tables("length", rest))

    @functools.cached_property
    def apart(self) -> tuple[Section, ...]:
        """What was seen in people without a group to compare with."""
        return tuple(self._tables("apart", [line for line in self.lines if line.is_apart]))

    @functools.cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Differences in the main outcomes over the length of time that was asked for."""
        kept = FIRST_STOPPING.union(FIRST_OUTCOMES)
        chosen = [d for d in self.view.differences if d.horizon_months == self.months and d.outcome.id in kept]
        return tuple(self._difference(one) for one in sorted(chosen, key=lambda d: outcome_order(d.outcome)))

    @functools.cached_property
    def beginnings(self) -> tuple[Beginning, ...]:
        """Where somebody stands before any choice, by each method, the one that was used first."""
        ordered = sorted(self.view.baselines, key=lambda one: not one.is_used)
        return tuple(self._beginning(one) for one in ordered)

    @property
    def draws(self) -> str:
        """From how many plausible sets of numbers it was worked out."""
        return self.words("expect.baseline.draws", draws=self.view.draws)

    def _tables(self, name: str, lines: Sequence[Line]) -> Iterator[Section]:
        for months in sorted({line.months for line in lines}):
            for shelf, groups in _SHELVES:
                chosen = [line for line in lines if line.months == months and line.outcome.group in groups]
                if chosen:
                    yield self._table(f"{name}-{months}-{shelf}", "expect.more.over", months, chosen)

    def _table(self, name: str, title: str, months: int, lines: Sequence[Line]) -> Section:
        said = self.words(title, time=time_said(self.words, months))
        return self.maker.section(name, said, months, lines)

    def _difference(self, of: OutcomeDifference) -> Difference:
        words, total = self.words, RARE if of.outcome.group in SERIOUS else COMMON
        scale = total / of.denominator
        kind = "" if is_share(of) else "events-"
        size = words(
            f"expect.difference.{kind}{'more' if of.difference > 0 else 'fewer'}",
            value=words.number(abs(of.difference) * scale, 1),
            total=total,
        )
        low, high = (self._signed(limit * scale) for limit in (of.low, of.high))
        return Difference(
            upper_first(outcome_name(words, of.outcome)),
            words(
                "expect.difference.pair", option=self.option_name(of.option), reference=self.option_name(of.reference)
            ),
            size,
            words("expect.difference.limits", low=low, high=high),
            of.estimate.certainty.level.value,
            words.say(certainty_word(of.estimate.certainty)),
            of.estimate,
        )

    def _signed(self, limit: float) -> str:
        key = "more-alone" if limit > 0 else "fewer-alone"
        return self.words(f"expect.difference.{key}", value=self.words.number(abs(limit), 1))

    def _beginning(self, one: BaselineSummary) -> Beginning:
        words = self.words
        method = words.say(method_words(one.method))
        return Beginning(
            title=words(f"expect.baseline.{'used' if one.is_used else 'beside'}", method=method),
            numbers=(
                (one.relapse_rate, words("expect.baseline.rate", **_limits(words, one.relapse_rate, 2))),
                (one.any_relapse, words("expect.baseline.share", total=COMMON, **_limits(words, one.any_relapse, 0))),
            ),
            lines=(
                words("expect.baseline.on", name=self.option_name(one.anchor)),
                words("expect.baseline.level", setting=one.setting),
                words("expect.baseline.known", facts=self._facts(one.known)),
                words("expect.baseline.unknown", facts=self._facts(one.unknown)),
            ),
        )

    def _facts(self, facts: Sequence[str]) -> str:
        said = [self.words.say(fact) for fact in facts]
        return self.words.joined(said) if said else self.words("expect.baseline.nothing")


def _limits(words: Wording, of: Estimate, digits: int) -> dict[str, str]:
    low, high = limits_of(of)
    return {name: words.number(one, digits) for name, one in (("value", of.value), ("low", low), ("high", high))}
