"""The screen "One thing against another": one or two plain questions, chosen by what was said to matter."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.decision import CRITERIA, Criterion, TradeOff, TradeOffAnswer
from equipoise.decision.constraints import region
from equipoise.decision.contradictions import settle
from equipoise.decision.offers import offers
from equipoise.decision.remarks import everything_matters_most, remarks_on
from equipoise.decision.summary import contradiction_in_words, trade_off_question
from equipoise.presentation.path.levels import levels_before_weighing
from equipoise.presentation.path.own_fields import entries, trade_off
from equipoise.presentation.path.view import PathPage

MOST_OFFERED = 2
ANSWERS = (TradeOffAnswer.YES, TradeOffAnswer.NO, TradeOffAnswer.ABOUT_EQUAL)


@dataclass(frozen=True, slots=True)
class AskedTradeOff:
    """One question of this screen.

    Attributes
    ----------
    start
        Beginning of its fields: ``trade_off[1].``.
    question
        In words, with its amounts.
    fields
        What the page sends back with the answer.
    answer
        What was answered; empty for "I don't know".
    """

    start: str
    question: str
    fields: tuple[tuple[str, str], ...]
    answer: str


@dataclass(frozen=True)
class TradeOffsScreen:
    """Questions that were answered or are offered, and what was noticed in the answers.

    Attributes
    ----------
    page
        The screen it is part of.
    """

    page: PathPage

    @functools.cached_property
    def asked(self) -> tuple[AskedTradeOff, ...]:
        """Questions that were answered, as they were asked, then those offered; the unfinished keep their numbers."""
        taken = {*self._answered, *self.unfinished}
        numbers = (n for n in range(1, len(taken) + MOST_OFFERED + 1) if n not in taken)
        found = [self._asked(number, trade) for number, trade in self._answered.items()]
        return (*found, *(self._asked(number, offer) for number, offer in zip(numbers, self._offered, strict=False)))

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """The answers there are, with their words; the open one is last."""
        words = self.page.words
        said = tuple((one.value, words(f"path.trade-offs.answer.{one}")) for one in ANSWERS)
        return (*said, ("", words("answer.unknown")))

    @functools.cached_property
    def noticed(self) -> tuple[str, ...]:
        """What was noticed: everything matters most, or answers that do not fit together."""
        values, words = self.page.state.values, self.page.words
        if not values.says_anything:
            return ()
        _, contradictions = settle(region(values, self._compared))
        found = (*remarks_on(values, self._compared)[0], *(contradiction_in_words(one) for one in contradictions))
        return tuple(words.say(one) for one in found)

    @functools.cached_property
    def unfinished(self) -> tuple[int, ...]:
        """Numbers of the questions that are not complete: they stand as they were typed."""
        return tuple(n for n, trade in self._typed.items() if trade is None)

    @property
    def free(self) -> int | None:
        """Number under which one more question can be put together; ``None`` where less is read."""
        if not self.page.state.reads_everything:
            return None
        return max((*self._typed, len(self.asked) + len(self.unfinished)), default=0) + 1

    def _asked(self, number: int, trade: TradeOff) -> AskedTradeOff:
        start = f"trade_off[{number}]."
        amounts = {"by": f"{trade.by:.12g}", "more": f"{trade.more:.12g}"}
        parts = {"to_gain": trade.to_gain, "would_accept": trade.would_accept, **amounts}
        fields = tuple((start + key, held) for key, held in parts.items())
        answer = "" if trade.answer is TradeOffAnswer.UNKNOWN else trade.answer.value
        return AskedTradeOff(start, self.page.words.say(trade_off_question(trade, CRITERIA)), fields, answer)

    @functools.cached_property
    def _compared(self) -> tuple[Criterion, ...]:
        levels = levels_before_weighing(self.page)
        return levels.compared if levels is not None else CRITERIA

    @functools.cached_property
    def _offered(self) -> tuple[TradeOff, ...]:
        values = self.page.state.values
        few = not values.says_anything or everything_matters_most(values, self._compared)
        left = (1 if few else MOST_OFFERED) - len(self._answered)
        return offers(values, self._compared, left) if left > 0 else ()

    @property
    def _answered(self) -> Mapping[int, TradeOff]:
        found = self._typed.items()
        return {n: trade for n, trade in found if trade is not None and trade.answer is not TradeOffAnswer.UNKNOWN}

    @functools.cached_property
    def _typed(self) -> Mapping[int, TradeOff | None]:
        return {n: trade_off(entry) for n, entry in entries(self.page.state.typed, "trade_off")}
