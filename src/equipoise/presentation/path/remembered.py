"""What a file of one's own says of the day on which it was saved: the answer of that day, and what was answered."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from equipoise import __version__
from equipoise.consultation.kept import Kept, as_document, checked_options, from_answers, kept_answer, kept_form
from equipoise.decision import values_form
from equipoise.forms import Fault, examine
from equipoise.person import form as person_form
from equipoise.presentation.form_fields import belongs_to
from equipoise.presentation.handout.numbers import rows_to_read
from equipoise.presentation.path.own_fields import Typed
from equipoise.presentation.path.state import PathState
from equipoise.vocabulary.errors import EquipoiseError

FIELD = "then"
"""Holds it between two screens, beside what was typed."""
MOST_COMMON, MOST_RARE = 6, 4
"""Outcomes of 100 and of 1,000 people that are kept: as many as the sheet for a visit shows at most."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an opened file held.

    Attributes
    ----------
    kept
        The answer of that day.
    typed
        What was said about the person and about what matters.
    """

    kept: Kept
    typed: Typed


def answer_to_keep(state: PathState) -> Kept | None:
    """Return the key numbers of an answer, for a person to keep; ``None`` where there is no answer.

    Parameters
    ----------
    state
        Everything that was typed.
    """
    try:
        sitting = state.consultation
    except EquipoiseError:
        return None
    if sitting.personal is None:
        return None
    common, rare = rows_to_read(sitting.personal)
    cells = (cell for row in (*common[:MOST_COMMON], *rare[:MOST_RARE]) for cell in row.cells if cell is not None)
    checked = checked_options(sitting, state.evidence, state.on)
    return kept_answer(sitting, cells, checked, on=state.on, program=__version__)


def packed_then(kept: Kept, state: PathState) -> str:
    """Return what a file held as one text, to stand beside what was typed."""
    of_forms = {name: list(held) for name, held in state.typed.items() if _is_answer(state, name)}
    document = {"kept": as_document(kept) | {"date": kept.date.isoformat()}, "typed": of_forms}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def remembered(state: PathState) -> Remembered | None:
    """Return what the opened file held; ``None`` where none was opened, or where it cannot be read any more."""
    try:
        document = json.loads(state.one(FIELD))
        answers, faults = examine(kept_form(), document["kept"])
        if faults:
            return None
        typed = {str(name): tuple(map(str, held)) for name, held in document["typed"].items()}
        return Remembered(from_answers(answers), typed)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # a page carries it, so anything may stand there


def kept_of(mapping: Mapping[str, Any], lines: Mapping[str, int]) -> tuple[Kept | None, tuple[Fault, ...]]:
    """Return the kept answer that a file holds, and what is wrong with it."""
    answers, faults = examine(kept_form(), mapping, lines=lines)
    return (None if faults else from_answers(answers)), tuple(faults)


def days_since(state: PathState, kept: Kept) -> int:
    """Return how many days ago an answer was given; a day in the future counts as today."""
    return max(0, (state.on - kept.date) // datetime.timedelta(days=1))


def _is_answer(state: PathState, name: str) -> bool:
    return belongs_to(person_form(state.evidence), name) or belongs_to(values_form(), name)
