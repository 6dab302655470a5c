"""The sheet for a visit made from what was typed on the way: the same for the screen, the print and the PDF."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from equipoise.consultation.kept import checked_options
from equipoise.evidence import Evidence
from equipoise.presentation.handout.document import Handout
from equipoise.presentation.handout.numbers import Shelf, number_rows
from equipoise.presentation.handout.qr import MOST_BYTES
from equipoise.presentation.handout.questions import READINESS, Suggestion, suggested_questions
from equipoise.presentation.handout.sheet import handout_of
from equipoise.presentation.path.my_file import ASK, MINE, short_file
from equipoise.presentation.path.opening import opened
from equipoise.presentation.path.state import PathState
from equipoise.wording import Wording

NOTHING = "-"
"""Stands among the ticked questions once they were shown, so that none ticked is an answer too."""
LONGEST_LINE = 240
"""Characters of one of one's own questions on the sheet; the screen and the file have all of it."""


def sheet_of(state: PathState, words: Wording, *, code: str = "") -> Handout:
    """Return the sheet for a visit.

    Parameters
    ----------
    state
        Everything that was typed.
    words
        The language of the sheet.
    code
        What a code on the sheet should hold; empty for no code.

    Raises
    ------
    EquipoiseError
        If these two treatments cannot be compared as asked.
    """
    return handout_of(
        state.consultation,
        evidence=state.evidence,
        on=state.on,
        values=state.values if state.values.says_anything else None,
        qr_text=code,
        words=words,
        **_own(state),
    )


def own_parts(path: Path, evidence: Evidence, on: datetime.date) -> dict[str, Any]:
    """Return what a file of all answers has for the sheet besides who it is about and what matters.

    Parameters
    ----------
    path
        A file that was read as a person already. One that holds nothing else has nothing to add.
    evidence, on
        The release, and the day.

    Returns
    -------
    dict
        Arguments of :func:`equipoise.presentation.handout.sheet.make_handout`.
    """
    return _own(opened(path.read_bytes(), path.name, PathState({}, evidence, on)).state)


def _own(state: PathState) -> dict[str, Any]:
    return {
        "questions": tuple(own_lines(state)),
        "asked": state.typed.get(ASK),
        "ready": tuple(state.one(f"ready.{one}") for one in READINESS),
    }


def own_lines(state: PathState) -> Iterator[str]:
    """Yield one's own questions as the sheet has them: one a line, a very long one cut at a word."""
    for line in state.one(MINE).splitlines():
        text = " ".join(line.split())
        if len(text) > LONGEST_LINE:
            text = f"{text[:LONGEST_LINE].rpartition(' ')[0] or text[:LONGEST_LINE]} …"
        if text:
            yield text


def suggestions(state: PathState, words: Wording) -> tuple[Suggestion, ...]:
    """Return the questions that the answers themselves raise, the weightiest first."""
    view = state.consultation.personal
    if view is None:
        return ()
    common, rare = number_rows(view, Shelf(), words)
    checked = checked_options(state.consultation, state.evidence, state.on)
    return suggested_questions(view, checked, (*common, *rare), words)


def code_of(state: PathState) -> str:
    """Return what a code on the sheet holds: who it is about and what matters; empty where that is too long."""
    content = short_file(state)
    return content if len(content.encode()) <= MOST_BYTES else ""
