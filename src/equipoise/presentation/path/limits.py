"""The screen "What is not acceptable to me": ticks of real levels of the options, each of which is one limit."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from equipoise.consultation.personal import CriterionLevel
from equipoise.decision import CRITERIA, Criterion, criterion
from equipoise.decision.words import name_of, unit_of
from equipoise.presentation.path.levels import FINE_RANGE, Levels, level_text, levels_before_weighing
from equipoise.presentation.path.matters import GROUPS
from equipoise.presentation.path.own_fields import entries, limit_level, tick_of
from equipoise.presentation.path.view import PathPage

LIMITED = frozenset(
    (
        "relapses",
        "disability-worsening",
        "tests-and-visits",
        "hospital-days",
        "injections",
        "years-of-obligation",
        "pregnancy-timing",
        "reversibility",
        "serious-risk",
    )
)
"""What a limit is offered on: of what a drug does, what it asks and what can go wrong, so that no option is the only
one that can be ruled out."""
OFFERED = tuple(name for names in GROUPS.values() for name in names if name in LIMITED)
"""Criteria on which a limit is offered, in the order in which they were ticked."""
STANDS_FOR_MORE = frozenset(("disability-worsening", "serious-risk"))
"""Criteria with a wide name that one outcome stands for."""
NOT_AT_ALL = ("injections",)
"""Where none at all is offered as well, if some option asks for none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How one option does on what a limit is about."""

    option: str
    level: str
    source: str
    source_id: str


@dataclass(frozen=True, slots=True)
class LimitTick:
    """One limit that can be ticked.

    Attributes
    ----------
    value
        What the field holds.
    anchor
        Id of the field on the page.
    label
        What would not be acceptable.
    leaves_out
        Options that it leaves out as things stand.
    source_id
        Id of the number that it is about; empty where it was set by hand.
    is_ticked
        Whether it stands ticked.
    """

    value: str
    anchor: str
    label: str
    leaves_out: tuple[str, ...]
    source_id: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class LimitGroup:
    """Everything that can be ticked about one criterion, and how the options do on it."""

    criterion: Criterion
    name: str
    ticks: tuple[LimitTick, ...]
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class LimitsScreen:
    """Limits to tick.

    Attributes
    ----------
    page
        The screen it is part of.
    """

    page: PathPage

    @functools.cached_property
    def levels(self) -> Levels | None:
        """What each option does; ``None`` where these two cannot be compared."""
        return levels_before_weighing(self.page)

    @functools.cached_property
    def groups(self) -> tuple[LimitGroup, ...]:
        """What is offered, and what was set elsewhere, criterion by criterion."""
        others = tuple(one.id for one in CRITERIA if one.id in self._held and one.id not in OFFERED)
        found = (self._group(criterion(name)) for name in (*OFFERED, *others))
        return tuple(group for group in found if group.ticks)

    @property
    def unfinished(self) -> tuple[int, ...]:
        """Numbers of the limits that are not complete: they stand as they were typed."""
        return tuple(number for number, entry in entries(self.page.state.typed, "limit") if limit_level(entry) is None)

    @property
    def free(self) -> int | None:
        """Number under which one more limit can be typed; ``None`` where less is read."""
        if not self.page.state.reads_everything:
            return None
        return max((number for number, _ in entries(self.page.state.typed, "limit")), default=0) + 1

    @functools.cached_property
    def _held(self) -> dict[str, tuple[int, float]]:
        """Limits that were set: criterion to the number of the entry and the level."""
        found = ((n, limit_level(entry)) for n, entry in entries(self.page.state.typed, "limit"))
        return {held[0]: (number, held[1]) for number, held in found if held is not None}

    def _group(self, one: Criterion) -> LimitGroup:
        found = list(self.levels.on(one.id)) if self.levels is not None else []
        limits = {} if one.id not in OFFERED else self._offered(one, found)
        number, held = self._held.get(one.id, (0, None))
        if held is not None and held not in limits:
            limits[held] = self._held_words(one, held)
        ticks = tuple(
            self._tick(one, limit, words, number if limit == held else 0, found) for limit, words in limits.items()
        )
        return LimitGroup(one, self._about(one, found), ticks, tuple(self._shown(level) for level in found))

    def _about(self, one: Criterion, found: list[CriterionLevel]) -> str:
        """Name a criterion, with the one thing that stands for it where that says less than the name."""
        words, counted = self.page.words, {level.what for level in found}
        name = words.say(name_of(one))
        if one.id not in STANDS_FOR_MORE or len(counted) != 1:
            return name
        return words("path.limits.about", criterion=name, what=words.say(counted.pop()))

    def _offered(self, one: Criterion, found: list[CriterionLevel]) -> dict[float, str]:
        """Return last acceptable levels with the words of what lies beyond them."""
        words, limits = self.page.words, {}
        worst, step = _reached(one, [level.value for level in found])
        if worst < 1:
            return {}
        amount = words(f"path.limits.amount.{one.id}", n=worst)
        if one.id in NOT_AT_ALL and min(level.value for level in found) == 0:
            limits[0.0] = words("path.limits.any-injection")
        limits[worst - step] = words("path.limits.or-more", amount=amount)
        return limits

    def _held_words(self, one: Criterion, limit: float) -> str:
        words = self.page.words
        key = "more-than" if one.is_better == "lower" else "less-than"
        level = level_text(words, one, limit)
        return words(f"path.limits.{key}", criterion=words.say(name_of(one)), level=level, unit=words.say(unit_of(one)))

    def _tick(self, one: Criterion, limit: float, label: str, number: int, found: list[CriterionLevel]) -> LimitTick:
        lower = one.is_better == "lower"
        beyond = [level for level in found if (level.value > limit if lower else level.value < limit)]
        value = tick_of(one.id, limit)
        return LimitTick(
            value=value,
            anchor=f"limit-{number}-criterion" if number else f"not-acceptable-{one.id}-{limit:g}".replace(".", "-"),
            label=label,
            leaves_out=tuple(self._name(level) for level in beyond),
            source_id=max(beyond, key=lambda level: level.value).source_id if beyond else "",
            is_ticked=bool(number),
        )

    def _shown(self, level: CriterionLevel) -> Shown:
        number = level_text(self.page.words, criterion(level.criterion_id), level.value)
        return Shown(self._name(level), number, self.page.source(level.source_id), level.source_id)

    def _name(self, level: CriterionLevel) -> str:
        return self.page.option_name(level.option.id, level.option.name)


def _reached(one: Criterion, levels: list[float]) -> tuple[int, float]:
    """Return a whole number that every option beyond the limit reaches as it is shown, and the step to the limit."""
    worst, step = _whole(one, max(levels, default=0.0))
    while lower := [level for level in levels if worst - step < level and round(level) < worst]:
        worst = round(min(lower))
    return worst, step


def _whole(one: Criterion, level: float) -> tuple[int, float]:
    """Return a level as a whole number that it reaches, and the step to the last level that does not reach it."""
    is_whole = level == round(level)
    if one.range > FINE_RANGE:
        return round(level), 1.0
    return int(level), 1.0 if is_whole else 0.1
