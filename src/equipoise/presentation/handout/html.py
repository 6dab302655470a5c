"""The page for a visit as HTML that prints well: the same document as the PDF, in a file that needs nothing else."""

from __future__ import annotations

from markupsafe import Markup

from equipoise.presentation.handout.data import as_data
from equipoise.presentation.handout.document import Handout
from equipoise.presentation.handout.pdf import on_one_sheet
from equipoise.presentation.handout.qr import qr_svg
from equipoise.presentation.html import environment


def render_html(whole: Handout) -> str:
    """Return the sheet as one HTML file with exactly what the PDF shows.

    Parameters
    ----------
    whole
        The document; it is shortened to one sheet first, as for the PDF.

    Raises
    ------
    RequestError
        If it does not fit even in its shortest form.
    """
    made = on_one_sheet(whole)
    code = Markup(qr_svg(made.qr_text)) if made.qr_text else ""  # noqa: S704 - drawn by segno from modules, not from text
    return environment().get_template("handout.html").render(doc=as_data(made), t=made.texts, code=code)
