"""From a screen to HTML: which module makes the part of a page that is a screen's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from equipoise.presentation.html import rendered
from equipoise.presentation.path.about_ticks import TickScreen
from equipoise.presentation.path.allowed import AllowedScreen
from equipoise.presentation.path.check import CheckScreen
from equipoise.presentation.path.clinician import ClinicianPage
from equipoise.presentation.path.fit import FitScreen
from equipoise.presentation.path.life import LifeScreen
from equipoise.presentation.path.limits import LimitsScreen
from equipoise.presentation.path.matters import MattersScreen
from equipoise.presentation.path.more_outcomes import MoreOutcomes
from equipoise.presentation.path.my_page import MyPageScreen
from equipoise.presentation.path.open import OpenScreen
from equipoise.presentation.path.order import OrderScreen
from equipoise.presentation.path.outcomes import Outcomes
from equipoise.presentation.path.questions import QuestionsScreen
from equipoise.presentation.path.ready import ReadyScreen
from equipoise.presentation.path.since import SinceScreen
from equipoise.presentation.path.state import PathState
from equipoise.presentation.path.trade_offs import TradeOffsScreen
from equipoise.presentation.path.view import PathPage

OWN_PARTS: Mapping[str, Callable[[PathPage], Any]] = {
    "about-heart": TickScreen,
    "about-immune": TickScreen,
    "about-allergies": TickScreen,
    "about-medicines": TickScreen,
    "allowed": AllowedScreen,
    "life": LifeScreen,
    "matters": MattersScreen,
    "order": OrderScreen,
    "trade-offs": TradeOffsScreen,
    "limits": LimitsScreen,
    "fit": FitScreen,
    "check": CheckScreen,
    "open": OpenScreen,
    "outcomes": Outcomes,
    "more-outcomes": MoreOutcomes,
    "page": MyPageScreen,
    "questions": QuestionsScreen,
    "ready": ReadyScreen,
    "since": SinceScreen,
}
"""Screen id to what makes its own part: the template finds it as ``step``. A screen without one needs nothing else."""


def render_path(page: PathPage) -> str:
    """Return a screen as HTML.

    Parameters
    ----------
    page
        What to show.
    """
    own = OWN_PARTS.get(page.screen.id)
    return rendered(
        f"path/{page.screen.template}",
        page.state.evidence.release,
        page=page,
        w=page.words,
        step=own(page) if own is not None else None,
    )


def render_clinician(page: PathPage, before: PathState | None = None) -> str:
    """Return the clinician's view as HTML.

    Parameters
    ----------
    page
        What was typed, in which language.
    before
        What was typed before the last change here; ``None`` before there was one.
    """
    return rendered(
        "path/clinician.html",
        page.state.evidence.release,
        page=page,
        w=page.words,
        view=ClinicianPage(page, before),
    )
