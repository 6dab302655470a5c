"""Draw the picture of the README from the evidence: ``python docs/pictures/draw.py``.

A test draws it again and compares, so it never shows a number that the evidence no longer holds.
"""

from __future__ import annotations

import re
from pathlib import Path

from equipoise import consult
from equipoise.presentation.figures import Figures

HERE = Path(__file__).parent
OUTCOME = "confirmed-disability-worsening-6m"


def drawn() -> str:
    """Return the forest plot of disability worsening as one SVG file."""
    sitting = consult("alemtuzumab", "interferon-beta-1a")
    section = sitting.section(OUTCOME)
    if section is None:
        raise ValueError(f"the comparison has no section on {OUTCOME}")
    figure = Figures(sitting, None).forest(section)
    if figure is None:
        raise ValueError(f"there is no forest plot of {OUTCOME}")
    svg = re.search(r"<svg.*?</svg>", str(figure.picture), re.DOTALL)
    if svg is None:
        raise ValueError("the picture holds no SVG")
    # A file has no style sheet around it: its own font, and paper under dark ink.
    return svg[0].replace("<svg ", '<svg style="font-family: sans-serif; background: white" ', 1) + "\n"


if __name__ == "__main__":
    (HERE / "disability.svg").write_text(drawn(), encoding="utf-8")
