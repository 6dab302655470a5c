"""The screen "Do I have what I need?": a few questions whose right answers follow from the numbers of this sitting.

Nothing here knows an answer of its own: each is read off the consultation, so that a changed row changes what is right.
A question whose answer the evidence does not give is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from equipoise.consultation.document import Option, OutcomeSection
from equipoise.presentation.frequencies import natural_frequency
from equipoise.presentation.path.view import PathPage
from equipoise.safety.calendar_dates import MONTHS_A_YEAR

RELAPSE_FREE = "relapse-free"
WORSENING = "confirmed-disability-worsening-6m"

Verdict = Literal["right", "other", "open"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be ticked."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the sources say, as a sentence, with the numbers behind it: each id with its words."""

    sentence: str
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the check.

    Attributes
    ----------
    id
        Name of its field: ``check.relapses``.
    text, choices
        What is asked, and what may be ticked.
    right
        Id of the answer that the sources give.
    told
        What they say.
    given
        What was ticked; empty for nothing.
    """

    id: str
    text: str
    choices: tuple[Choice, ...]
    right: str
    told: Told
    given: str

    @property
    def verdict(self) -> Verdict:
        """How the answer stands to the sources: it is what they say, it is another, or it is open."""
        if self.given not in {choice.id for choice in self.choices}:
            return "open"
        return "right" if self.given == self.right else "other"


@dataclass(frozen=True)
class CheckScreen:
    """The questions that can be asked of this sitting.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @property
    def items(self) -> tuple[Item, ...]:
        """The questions, in the order of the way."""
        return tuple(self._items())

    @property
    def is_answered(self) -> bool:
        """Whether the answers were asked for: something was sent from here."""
        return any(name.startswith("check.") for name in self.page.state.typed)

    @property
    def n_right(self) -> int:
        """How many answers are what the sources say."""
        return sum(item.verdict == "right" for item in self.items)

    def _items(self) -> Iterator[Item]:
        yield self._item("groups", ("one", "groups"), "groups", Told(self.page.words("check.groups.told")))
        relapses = self._relapses()
        if relapses is not None:
            yield relapses
        section = self.page.state.consultation.section(WORSENING)
        agreement = trials_agree(section) if section is not None else None
        if section is not None and agreement is not None:
            numbers = tuple(
                (trial.comparison.id, trial.trial.short_name)
                for trial in section.trials
                if trial.comparison is not None and trial.comparison.interval is not None
            )
            right = "same" if agreement else "differ"
            yield self._item(
                "worsening", ("same", "differ"), right, Told(self._say(f"worsening.told-{right}"), numbers)
            )
        for number, option in enumerate(self.page.state.consultation.options):
            # Where no test of a label was read, nobody can say whether they go on: that is no question with an answer.
            if option.after_last_dose is not None or option.monitoring:
                yield self._after(("first", "second")[number], option, self.page.option_names[number])

    def _relapses(self) -> Item | None:
        """Which option leaves more people free of relapses; not asked where no such number can be given."""
        consultation = self.page.state.consultation
        view, months = consultation.personal, self.page.state.years * MONTHS_A_YEAR
        ids = [option.treatment.id for option in consultation.options]
        if view is None:
            return None
        numbers = {o.option.id: o for o in view.on(RELAPSE_FREE, months) if o.option.id in ids}
        difference = view.difference(RELAPSE_FREE, months, *ids)
        if difference is None or set(numbers) != set(ids):
            return None
        is_apart = difference.low > 0 or difference.high < 0
        right = ("first" if difference.difference > 0 else "second") if is_apart else "not-apart"
        names, total = self.page.option_names, numbers[ids[0]].denominator
        # Counted as the other screens count them.
        of_first, of_second = (natural_frequency(numbers[one].estimate, total).affected for one in ids)
        told = self.page.words(
            "check.relapses.told-apart" if is_apart else "check.relapses.told-not-apart",
            total=total,
            first=names[0],
            second=names[1],
            of_first=of_first,
            of_second=of_second,
            n=self.page.state.years,
        )
        links = tuple((numbers[i].estimate.id, name) for i, name in zip(ids, names, strict=True))
        choices = (
            Choice("first", names[0]),
            Choice("second", names[1]),
            Choice("not-apart", self._say("relapses.not-apart")),
        )
        text = self.page.words("check.relapses.text", n=self.page.state.years)
        return Item("relapses", text, choices, right, Told(told, links), self._given("relapses"))

    def _after(self, field: str, option: Option, name: str) -> Item:
        """How long tests go on after the last dose, as the label has it."""
        after = option.after_last_dose
        if after is not None:
            right, told = "goes-on", self.page.words("check.after.told", name=name, n=round(after.value))
            links: tuple[tuple[str, str], ...] = ((after.id, name),)
        else:
            right, told, links = "ends", self.page.words("check.after.told-none", name=name), ()
            if option.monitoring:
                links = ((option.monitoring[0].id, name),)
        choices = tuple(Choice(one, self._say(f"after.{one}")) for one in ("ends", "goes-on"))
        text = self.page.words("check.after.text", name=name)
        return Item(f"after-{field}", text, choices, right, Told(told, links), self._given(f"after-{field}"))

    def _item(self, name: str, choices: tuple[str, ...], right: str, told: Told) -> Item:
        made = tuple(Choice(one, self._say(f"{name}.{one}")) for one in choices)
        return Item(name, self._say(f"{name}.text"), made, right, told, self._given(name))

    def _say(self, key: str) -> str:
        return self.page.words(f"check.{key}")

    def _given(self, name: str) -> str:
        return self.page.state.one(f"check.{name}")


def trials_agree(section: OutcomeSection) -> bool | None:
    """Whether all trials of an outcome say the same: each finds a difference to one side, or none finds any.

    Parameters
    ----------
    section
        The outcome.

    Returns
    -------
    bool | None
        ``None`` with fewer than two trials that print an interval.
    """
    sides = [
        (c.interval.low > c.measure.null_value) - (c.interval.high < c.measure.null_value)
        for c in (result.comparison for result in section.trials)
        if c is not None and c.interval is not None
    ]
    return len(set(sides)) == 1 if len(sides) > 1 else None
