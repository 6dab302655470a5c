"""The page itself: components in the order in which a screen uses them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from equipoise.evidence import Release
from equipoise.presentation.form_view import FormView
from equipoise.presentation.gallery.fixtures import (
    BAR,
    FAULTS,
    FOREST,
    FORM,
    ICONS,
    NETWORK,
    PEOPLE,
    TYPED,
    YEARS,
)
from equipoise.presentation.html import rendered
from equipoise.presentation.pictures import (
    acceptability_bar,
    forest_plot,
    forest_table,
    icon_arrays,
    icon_arrays_table,
    network_diagram,
    network_table,
    people_array,
    people_arrays_table,
    timeline_chart,
    timeline_table,
)
from equipoise.wording import Wording


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with its numbers as a table; an empty table where the words beside it say the same."""

    title: str
    picture: Markup
    table: Markup


def _pictures() -> tuple[Shown, ...]:
    people = Markup("").join(people_array(PEOPLE, place) for place in range(len(PEOPLE.groups)))
    return (
        Shown(ICONS.title, icon_arrays(ICONS), icon_arrays_table(ICONS)),
        Shown(PEOPLE.title, people, people_arrays_table(PEOPLE)),
        Shown(FOREST.title, forest_plot(FOREST), forest_table(FOREST)),
        Shown(YEARS.title, timeline_chart(YEARS), timeline_table(YEARS)),
        Shown(NETWORK.title, network_diagram(NETWORK), network_table(NETWORK)),
        Shown("Share of plausible worlds (invented)", acceptability_bar(BAR), Markup("")),
    )


def render_gallery(words: Wording, release: Release) -> str:
    """Return the gallery as HTML.

    Parameters
    ----------
    words
        The language of the words around the components; the fixtures are English.
    release
        For the foot of the page.
    """
    return rendered(
        "gallery.html",
        release,
        w=words,
        empty=FormView(FORM, {}, {}, words),
        filled=FormView(FORM, TYPED, FAULTS, words),
        pictures=_pictures(),
    )
