"""Pictures of one outcome under every option: the same people in the same places, the same scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.presentation.path.chance import Chance, limits_of
from equipoise.presentation.path.state import Picture
from equipoise.presentation.picture_words import marks_of, people_words, shared_people
from equipoise.presentation.pictures import (
    FIELD,
    PeopleArrays,
    PeopleGroup,
    RangeBar,
    RareField,
    key_icon,
    people_array,
    range_bar,
    rare_field,
)
from equipoise.presentation.pictures.people_array import SHOWN
from equipoise.presentation.pictures.plane import ticks_to
from equipoise.presentation.pictures.rare_field import A_COLUMN
from equipoise.presentation.plain_words import upper_first
from equipoise.wording import Wording

Key = tuple[tuple[Markup | None, str], ...]
"""Marks with their meaning."""


@dataclass(frozen=True)
class Drawing:
    """The pictures of one outcome.

    Attributes
    ----------
    pictures
        One per option; ``None`` where there is no number, or nothing is drawn.
    shared
        How many people fare alike, in sentences that count the icons; they add up to all of them.
    arrays
        The people behind the pictures, for the key; ``None`` where no people are drawn.
    """

    pictures: tuple[Markup | None, ...]
    shared: tuple[str, ...] = ()
    arrays: PeopleArrays | None = None


BARE = Drawing(())


@dataclass(frozen=True)
class Subject:
    """What is drawn.

    Attributes
    ----------
    id, name
        Beginning of every id (short, because each of a hundred icons repeats it), and what the outcome is called.
    columns, cells
        The options, and the number of each.
    top
        The largest limit of the section that it stands in.
    """

    id: str
    name: str
    columns: tuple[str, ...]
    cells: tuple[Chance | None, ...]
    top: float

    @property
    def known(self) -> tuple[tuple[str, Chance], ...]:
        """The options that have a number, with it."""
        return tuple((name, cell) for name, cell in zip(self.columns, self.cells, strict=True) if cell is not None)


def drawn(subject: Subject, way: Picture, words: Wording) -> Drawing:
    """Draw an outcome in the way that was chosen.

    Parameters
    ----------
    subject
        What to draw.
    way
        Icons and bars are drawn; words and tables are not.
    words
        In which language.
    """
    if way is Picture.NUMBERS:
        return Drawing(tuple(_bar(subject, place, words) for place in range(len(subject.cells))))
    if way is not Picture.ICONS or not all(cell.is_share for _, cell in subject.known):
        return BARE
    if any(cell.denominator == FIELD for _, cell in subject.known):
        return Drawing(tuple(_field(subject, place, words) for place in range(len(subject.cells))))
    return _people(subject, words)


def _people(subject: Subject, words: Wording) -> Drawing:
    first = subject.known[0][1]
    all_of, nobody_of = first.happening(SHOWN), first.happening(SHOWN, happens=False)
    title = words("expect.people.title", event=all_of)
    groups = tuple(_group(cell, name) for name, cell in subject.known)
    one = (first.happening(1), first.happening(1, happens=False))
    arrays = PeopleArrays(subject.id, title, groups, all_of, nobody_of, None, people_words(words), one)
    drawings = iter([people_array(arrays, position) for position in range(len(groups))])
    pictures = tuple(next(drawings) if cell is not None else None for cell in subject.cells)
    return Drawing(pictures, shared_people(arrays, words), arrays)


def _group(cell: Chance, label: str) -> PeopleGroup:
    return PeopleGroup(label, cell.estimate.value, *limits_of(cell.estimate), cell.estimate.id)


def _field(subject: Subject, place: int, words: Wording) -> Markup | None:
    cell = subject.cells[place]
    if cell is None:
        return None
    title = words("expect.bar.title", name=subject.columns[place], what=subject.name)
    said = words(
        "expect.rare.summary",
        count=cell.count,
        event=cell.event,
        others=cell.others,
        no_event=cell.complement,
        range=cell.range,
    )
    counted = cell.frequency
    limits = (counted.low, counted.high) if counted.low is not None and counted.high is not None else None
    return rare_field(RareField(f"{subject.id}-{place + 1}", title, said, counted.affected, limits))


def _bar(subject: Subject, place: int, words: Wording) -> Markup | None:
    """Draw the range; a share of a hundred on the whole scale, anything rarer up to the largest of its section."""
    cell = subject.cells[place]
    if cell is None:
        return None
    if cell.is_share:
        percents = (cell.estimate.value, *limits_of(cell.estimate))
        value, low, high = (percent * cell.denominator / 100 for percent in percents)
        top = float(SHOWN) if cell.denominator == SHOWN else ticks_to(subject.top)[-1]
    else:
        value, low, high = cell.events
        top = ticks_to(max(one.events[2] for _, one in subject.known))[-1]
    count, ends = f"{cell.count} {cell.event}".strip(), (words.number(0), words.number(round(top)))
    title = words("expect.bar.title", name=subject.columns[place], what=subject.name)
    said = words("expect.bar.summary", count=count, range=cell.range, low=ends[0], high=ends[1])
    band = (low, high) if cell.estimate.interval is not None else None
    return range_bar(RangeBar(f"{subject.id}-{place + 1}", title, said, value, band, top, ends))


def people_key(drawings: Iterable[Drawing], words: Wording) -> Key:
    """Return the marks that occur in pictures of people, each with its meaning, whatever it is that happens.

    Parameters
    ----------
    drawings
        Of one section.
    words
        In which language.
    """
    found = [one.arrays for one in drawings if one.arrays is not None]
    if not found:
        return ()
    present = {mark for arrays in found for mark in marks_of(arrays)}
    marks = [mark for mark in ("certain", "uncertain", "possible", "unaffected", "line") if mark in present]
    return tuple((key_icon(found[0], mark), upper_first(words(f"expect.key.{mark}"))) for mark in marks)


def rare_key(words: Wording) -> str:
    """Return how to read the field of rare harms."""
    return words("expect.key.rare", column=A_COLUMN, total=FIELD)
