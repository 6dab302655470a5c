"""What goes on the sheet: fewer entries until each side holds what is left, and a letter for every row that stays."""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from equipoise.presentation.handout.document import ClinicianSide, EffortRow, Handout, NumberRow, PersonSide
from equipoise.vocabulary.errors import RequestError

Row = TypeVar("Row", NumberRow, EffortRow)
Room = TypeVar("Room")


@dataclass(frozen=True, slots=True)
class PersonRoom:
    """How much the person's side keeps.

    Attributes
    ----------
    rows, rare, suggested, not_known
        Entries: common harms and rare ones, suggested questions, what is not known.
    is_tight
        Whether lines stand closer.
    own, facts, wishes
        One's own questions, characters of the facts, and how many things matter or are not acceptable. They are cut
        last, for somebody who said a great deal.
    """

    rows: int
    rare: int
    suggested: int
    not_known: int
    is_tight: bool = False
    own: int = 1_000
    facts: int = 100_000
    wishes: int = 100


@dataclass(frozen=True, slots=True)
class ClinicianRoom:
    """How many entries the clinician's side keeps; ``statements`` of the label count for each option."""

    statements: int
    rows: int
    rare: int
    needed: int
    named_sources: int


# From the fullest to the shortest. Relapses, worsening, stopping and the commonest harm of each option always stay, and
# so do the two commonest serious harms.
PERSON_ROOMS = (
    PersonRoom(rows=6, rare=4, suggested=6, not_known=3),
    PersonRoom(rows=6, rare=3, suggested=5, not_known=3),
    PersonRoom(rows=5, rare=3, suggested=5, not_known=3),
    PersonRoom(rows=5, rare=3, suggested=4, not_known=3),
    PersonRoom(rows=5, rare=2, suggested=4, not_known=3),
    PersonRoom(rows=5, rare=2, suggested=3, not_known=3),
    PersonRoom(rows=5, rare=2, suggested=2, not_known=3),
    PersonRoom(rows=5, rare=2, suggested=3, not_known=3, is_tight=True),
    PersonRoom(rows=5, rare=2, suggested=2, not_known=3, is_tight=True),
    PersonRoom(rows=5, rare=2, suggested=2, not_known=2, is_tight=True),
    PersonRoom(rows=5, rare=2, suggested=1, not_known=2, is_tight=True),
    PersonRoom(rows=5, rare=2, suggested=1, not_known=1, is_tight=True),
    PersonRoom(rows=5, rare=2, suggested=0, not_known=1, is_tight=True),
    *(PersonRoom(5, 2, 0, 1, is_tight=True, own=own) for own in (8, 6, 5)),
    *(PersonRoom(5, 2, 0, 1, is_tight=True, own=5, facts=facts) for facts in (900, 700, 500)),
    *(PersonRoom(5, 2, 0, 1, is_tight=True, own=4, facts=400, wishes=wishes) for wishes in (9, 6, 4, 3)),
    *(PersonRoom(5, 2, 0, 1, is_tight=True, own=own, facts=300, wishes=3) for own in (3, 2, 1)),
)
CLINICIAN_ROOMS = (
    ClinicianRoom(statements=12, rows=12, rare=11, needed=14, named_sources=60),
    ClinicianRoom(statements=10, rows=11, rare=9, needed=12, named_sources=60),
    ClinicianRoom(statements=9, rows=10, rare=8, needed=10, named_sources=60),
    ClinicianRoom(statements=8, rows=9, rare=8, needed=9, named_sources=60),
    ClinicianRoom(statements=8, rows=8, rare=7, needed=8, named_sources=40),
    ClinicianRoom(statements=7, rows=8, rare=6, needed=7, named_sources=30),
    ClinicianRoom(statements=6, rows=7, rare=6, needed=7, named_sources=24),
    ClinicianRoom(statements=6, rows=7, rare=5, needed=6, named_sources=20),
    ClinicianRoom(statements=5, rows=6, rare=5, needed=6, named_sources=16),
    ClinicianRoom(statements=5, rows=6, rare=4, needed=5, named_sources=12),
    ClinicianRoom(statements=4, rows=6, rare=4, needed=5, named_sources=8),
    ClinicianRoom(statements=4, rows=6, rare=4, needed=4, named_sources=6),
    ClinicianRoom(statements=3, rows=6, rare=4, needed=4, named_sources=6),
    ClinicianRoom(statements=2, rows=6, rare=4, needed=4, named_sources=6),
    ClinicianRoom(statements=2, rows=5, rare=3, needed=3, named_sources=4),
)


def on_a_screen(whole: Handout) -> Handout:
    """Return a handout with as much as a sheet has at most, for a page that may be as long as it is."""
    return _with_letters(_cut_person(whole.person, PERSON_ROOMS[0]), whole)


def fitted(whole: Handout, pages: Callable[[Handout, str], int]) -> Handout:
    """Return a handout of which each side holds on one side of paper.

    Parameters
    ----------
    whole
        The document with everything in it.
    pages
        Says how many pages a side takes: ``"person"`` or ``"clinician"``.

    Raises
    ------
    RequestError
        If even the shortest form does not fit.
    """
    near = _fullest(
        PERSON_ROOMS, lambda room: pages(_with_letters(_cut_person(whole.person, room), whole), "person") <= 1
    )
    if near is None:
        raise RequestError(
            "what was written does not fit one side of paper.\n"
            "  do: write fewer or shorter questions (--questions); everything else was shortened already"
        )
    mine = _cut_person(whole.person, near)
    far = _fullest(CLINICIAN_ROOMS, lambda room: pages(_with_letters(mine, whole, room), "clinician") <= 1)
    if far is None:
        raise RequestError(
            "the clinician's page does not fit one side of paper.\n"
            "  do: leave out the code (--qr); everything else was shortened already"
        )
    return _with_letters(mine, whole, far)


def _fullest(rooms: Sequence[Room], fits: Callable[[Room], bool]) -> Room | None:
    """Return the first that fits; each is shorter than the one before, so half of what is left can be skipped."""
    low, high = 0, len(rooms)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(rooms[middle]) else (middle + 1, high)
    return rooms[low] if low < len(rooms) else None


def _cut_person(side: PersonSide, room: PersonRoom) -> PersonSide:
    facts, left = _cut_facts(side.facts, room.facts)
    return dataclasses.replace(
        side,
        facts=facts,
        facts_left_out=left,
        matters=_few(side.matters, room.wishes),
        limits=_few(side.limits, room.wishes),
        own_questions=side.own_questions[: room.own],
        own_left_out=max(0, len(side.own_questions) - room.own),
        rows=side.rows[: room.rows],
        rare=side.rare[: room.rare],
        suggested=side.suggested[: room.suggested],
        not_known=side.not_known[: room.not_known],
        is_tight=room.is_tight,
    )


def _few(entries: tuple[str, ...], most: int) -> tuple[str, ...]:
    return entries if len(entries) <= most else (*entries[:most], "…")


def _cut_facts(facts: Sequence[str], characters: int) -> tuple[tuple[str, ...], int]:
    """Return the facts that fit so many characters, a long list in part, and how many of its entries are left out."""
    kept: list[str] = []
    left = 0
    for fact in facts:
        entries = fact.split("; ")
        fits = [i for i in range(1, len(entries) + 1) if sum(map(len, (*kept, *entries[:i]))) <= characters]
        most = max(fits, default=0) if not left else 0
        if most:
            kept.append("; ".join(entries[:most]))
        left += len(entries) - most
    return tuple(kept), left


def _with_letters(person: PersonSide, whole: Handout, room: ClinicianRoom = CLINICIAN_ROOMS[0]) -> Handout:
    """Cut the clinician's side and give letters in the order of reading; a row has one letter on both sides."""
    side = whole.clinician
    rows = side.rows[: max(room.rows, len(person.rows))]
    rare = side.rare[: max(room.rare, len(person.rare))]
    keys = [row.letter for row in (*whole.person.rows[: len(person.rows)], *whole.person.rare[: len(person.rare)])]
    keys += [row.letter for row in whole.person.effort]
    keys += [row.letter for row in (*rows, *rare)]
    letters = dict(zip(dict.fromkeys(keys), _letters(), strict=False))
    order = {key: place for place, key in enumerate(letters)}
    far = ClinicianSide(
        checks=tuple(
            dataclasses.replace(
                one, lines=one.lines[: room.statements], left_out=max(0, len(one.lines) - room.statements)
            )
            for one in side.checks
        ),
        rows=_lettered(rows, letters),
        rare=_lettered(rare, letters),
        needed=side.needed[: room.needed],
        effort=_lettered(side.effort, letters),
        after=side.after,
        baselines=side.baselines,
        not_given=side.not_given,
        places=tuple(
            dataclasses.replace(
                one,
                letter=letters[one.letter],
                sources=one.sources[: room.named_sources],
                left_out=max(0, len(one.sources) - room.named_sources),
            )
            for one in sorted((one for one in side.places if one.letter in order), key=lambda one: order[one.letter])
        ),
    )
    near = dataclasses.replace(
        person,
        rows=_lettered(whole.person.rows[: len(person.rows)], letters),
        rare=_lettered(whole.person.rare[: len(person.rare)], letters),
        effort=_lettered(whole.person.effort, letters),
    )
    return dataclasses.replace(whole, person=near, clinician=far)


def _letters() -> Sequence[str]:
    return [*string.ascii_uppercase, *(a + b for a in string.ascii_uppercase for b in string.ascii_uppercase)]


def _lettered(rows: tuple[Row, ...], letters: dict[str, str]) -> tuple[Row, ...]:
    return tuple(dataclasses.replace(row, letter=letters[row.letter]) for row in rows)
