"""The screens of the way, in order, and which fields each of them asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from equipoise.person.conditions import ALLERGY, CHILDREN_AND_GENES, HEART, IMMUNE, INFECTION, MOOD, ORGANS
from equipoise.vocabulary.errors import UnknownTermError


class Step(StrEnum):
    """A part of the way; its name and its place stand at the top of every screen."""

    START = "start"
    ABOUT = "about"
    ALLOWED = "allowed"
    OUTCOMES = "outcomes"
    LIFE = "life"
    MATTERS = "matters"
    FIT = "fit"
    READY = "ready"
    PAGE = "page"


STEPS = tuple(Step)


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen.

    Attributes
    ----------
    id
        As its address holds it.
    step
        The part of the way that it belongs to.
    template
        File in ``templates/path``.
    asks
        Fields that it asks for: the name of a question, which stands for every field that begins with it, or a field
        of the way itself.
    groups
        Sections of a long list of ticks that it shows; empty for all of them.
    is_short
        Whether it is also part of the short way.
    also
        Fields of other screens that it takes an answer for where they are still open. It changes only those that it
        sends.
    """

    id: str
    step: Step
    template: str
    asks: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_short: bool = True
    also: tuple[str, ...] = ()

    def owns(self, field: str) -> bool:
        """Whether a field of the form belongs to this screen."""
        return any(field == name or field.startswith((f"{name}[", f"{name}.")) for name in self.asks)

    def may_send(self, field: str) -> bool:
        """Whether a field of the form may be sent by this screen."""
        return self.owns(field) or field in self.also


def _about(ident: str, *asks: str, groups: tuple[str, ...] = (), is_short: bool = True) -> Screen:
    return Screen(f"about-{ident}", Step.ABOUT, "about.html", asks, groups, is_short)


PRACTICAL = (
    "practical.infusion_centre",
    "practical.monthly_blood_tests",
    "practical.self_injection",
    "practical.fridge",
)

ANSWER = "answer"
"""Begins the name of a field that takes yes or no to one word of a long list: ``answer.conditions.stroke-ever``."""
ALSO_ON_ALLOWED = (
    "jurisdiction",
    "age",
    "sex",
    "course",
    "relapses_12_months",
    "relapses_24_months",
    "enhancing_lesions",
    "pregnancy",
    *PRACTICAL,
)
"""What a label may ask for beside conditions and medicines, and that fits one question each."""

SCREENS: tuple[Screen, ...] = (
    Screen("start", Step.START, "start.html", ("first", "second", "detail")),
    _about("you", "age", "sex"),
    _about("place", "jurisdiction"),
    _about("ms", "course", "years_since_onset"),
    _about("relapses", "relapses_12_months", "relapses_24_months"),
    _about("last-relapse", "months_since_relapse", "enhancing_lesions", is_short=False),
    _about("walking", "walking", "edss", is_short=False),
    _about("drugs", "earlier_treatments"),
    _about("children", "pregnancy"),
    _about("heart", "conditions", groups=(HEART, INFECTION)),
    _about("immune", "conditions", groups=(IMMUNE, ORGANS)),
    _about("allergies", "conditions", groups=(ALLERGY, MOOD, CHILDREN_AND_GENES)),
    _about("medicines", "medicines", is_short=False),
    _about("daily", *PRACTICAL),
    Screen("allowed", Step.ALLOWED, "allowed.html", (ANSWER,), also=ALSO_ON_ALLOWED),
    Screen("outcomes", Step.OUTCOMES, "outcomes.html", ("years", "picture")),
    Screen("life", Step.LIFE, "life.html"),
    Screen("matters", Step.MATTERS, "matters.html", ("matters", "does_not_matter")),
    Screen("order", Step.MATTERS, "order.html", ("order", "as_much_as_before"), is_short=False),
    Screen("trade-offs", Step.MATTERS, "trade_offs.html", ("trade_off",)),
    Screen("limits", Step.MATTERS, "limits.html", ("limit",)),
    Screen("fit", Step.FIT, "fit.html"),
    Screen("check", Step.READY, "check.html", ("check",)),
    Screen("ready", Step.READY, "ready.html", ("ready",)),
    Screen("questions", Step.READY, "questions.html", ("my-questions", "ask")),
    Screen("page", Step.PAGE, "page.html"),
)
BESIDE: tuple[Screen, ...] = (
    Screen("open", Step.START, "open.html"),
    Screen("since", Step.START, "since.html"),
    Screen("more-outcomes", Step.OUTCOMES, "more_outcomes.html"),
)
"""Screens beside the way: a link or a button leads to them, and they lead back into it."""
_BACK_TO: Mapping[str, str] = {"more-outcomes": "outcomes"}
"""The screen before one that stands beside the way."""
_BY_ID: Mapping[str, Screen] = {one.id: one for one in (*SCREENS, *BESIDE)}


def screen_of(field: str) -> Screen | None:
    """Return the screen that asks for a field; the first of those that share it."""
    return next((one for one in SCREENS if one.owns(field)), None)


def screen(identifier: str) -> Screen:
    """Return the screen of an id.

    Raises
    ------
    UnknownTermError
        If there is none.
    """
    found = _BY_ID.get(identifier)
    if found is None:
        raise UnknownTermError("screen", identifier, _BY_ID)
    return found


def is_screen(identifier: str) -> bool:
    """Whether there is a screen of an id."""
    return identifier in _BY_ID


def way(is_short: bool) -> tuple[Screen, ...]:
    """Return the screens of the short way, or of the whole one."""
    return tuple(one for one in SCREENS if one.is_short or not is_short)


def neighbours(current: Screen, *, is_short: bool) -> tuple[Screen | None, Screen | None]:
    """Return the screens before and after one; ``None`` at the ends, and beside the way where nothing leads on."""
    if current in BESIDE:
        return _BY_ID.get(_BACK_TO.get(current.id, "")), None
    steps = way(is_short)
    place = SCREENS.index(current)
    before = [one for one in steps if SCREENS.index(one) < place]
    after = [one for one in steps if SCREENS.index(one) > place]
    return (before[-1] if before else None), (after[0] if after else None)
