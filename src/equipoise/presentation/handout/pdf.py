"""The page for a visit as PDF/UA: typst sets it, and refuses what a screen reader could not read."""

from __future__ import annotations

import datetime
import functools
import json
import threading
from pathlib import Path
from typing import Any

from equipoise.presentation.handout.data import as_data
from equipoise.presentation.handout.document import Handout
from equipoise.presentation.handout.fitting import fitted
from equipoise.presentation.handout.qr import qr_svg

TEMPLATE = Path(__file__).parents[1] / "templates" / "handout.typ"
STANDARD = "ua-1"
_BOTH = "both"
_typesetting = threading.Lock()
"""One sheet at a time: all share one compiler, and what it is given."""


def render_pdf(whole: Handout) -> bytes:
    """Return the sheet as PDF/UA-1: the person's side, then the clinician's.

    Parameters
    ----------
    whole
        The document; what does not fit one side is left out by a fixed order, and the sheet says so.

    Returns
    -------
    bytes
        The same for the same document: the only date in it is the document's own.

    Raises
    ------
    RequestError
        If it does not fit even in its shortest form.
    """
    made = on_one_sheet(whole)
    noon = datetime.datetime.combine(datetime.date.fromisoformat(whole.day), datetime.time(12), tzinfo=datetime.UTC)
    return bytes(_compiled(made, _BOTH, format="pdf", pdf_standards=[STANDARD], timestamp=int(noon.timestamp())))


def render_pictures(whole: Handout, *, pixels_per_inch: float = 100) -> tuple[bytes, ...]:
    """Return both sides as PNG pictures, to look at."""
    made = on_one_sheet(whole)
    pages = _compiled(made, _BOTH, format="png", ppi=pixels_per_inch)
    return tuple(bytes(page) for page in (pages if isinstance(pages, list) else [pages]))


def on_one_sheet(whole: Handout) -> Handout:
    """Return the document with what fits one sheet: exactly what the PDF shows."""
    return fitted(whole, _pages)


def _pages(document: Handout, side: str) -> int:
    # A picture of the lowest resolution is the cheapest way to have pages counted.
    made = _compiled(document, side, format="png", ppi=8)
    return len(made) if isinstance(made, list) else 1


def _compiled(document: Handout, side: str, **how: Any) -> Any:
    with _typesetting:
        return _compiler().compile(sys_inputs=_inputs(document, side), **how)


def _inputs(document: Handout, side: str) -> dict[str, str]:
    code = {"qr": qr_svg(document.qr_text)} if document.qr_text else {}
    return {"handout": json.dumps(as_data(document), ensure_ascii=False), "side": side, **code}


@functools.cache
def _compiler() -> Any:
    import typst

    # Only the fonts that typst brings: the fonts of a machine would make other bytes on another one.
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), ignore_system_fonts=True)
