"""The section "For someone like me" alone, from the template that the comparison page and the one file include."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from equipoise.consultation.personal import PersonalView
from equipoise.presentation.html import TRACE_PAGE, environment
from equipoise.presentation.personal_page import PersonalPage


def personal_section(view: PersonalView, trace_url: str = TRACE_PAGE) -> Markup:
    """Return what may happen to a person, and how the options fit, as one section of a page.

    Parameters
    ----------
    view
        The personal part of a consultation.
    trace_url
        Address of a trace with ``{id}`` in it: a page, or an anchor in the same file.

    """

    def link(identifier: str) -> str:
        return trace_url.replace("{id}", quote(identifier, safe=""))

    template = environment().get_template("_personal.html")
    return Markup(template.render(personal=PersonalPage(view, trace_url), link=link))  # noqa: S704 - autoescaped
