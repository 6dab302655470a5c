"""From what is known of an outcome to a row of a screen: names, numbers, what is missing, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from equipoise.consultation.personal import Declining
from equipoise.presentation.path.chance import Chance, outcome_name, time_said
from equipoise.presentation.path.outcome_lines import HARMS, Line
from equipoise.presentation.path.outcome_pictures import Drawing, Subject, drawn
from equipoise.presentation.path.state import Picture
from equipoise.presentation.personal_effects import is_withheld
from equipoise.presentation.personal_words import NO_TREATMENT, basis_words
from equipoise.presentation.plain_words import upper_first
from equipoise.vocabulary.estimate import CertaintyLevel
from equipoise.vocabulary.terms import OutcomeGroup, Treatment
from equipoise.wording import Wording

COMMON, RARE = 100, 10_000


@dataclass(frozen=True)
class Row:
    """One outcome under every option.

    Attributes
    ----------
    anchor, name, means
        Its id on the page, what it is called, and what that is in plain words (or nothing).
    basis
        How its numbers were made; empty where that differs between options.
    cells, missing
        One number per option, and what stands where there is none.
    drawing
        The pictures of the way that was chosen.
    """

    anchor: str
    name: str
    means: str
    basis: str
    cells: tuple[Chance | None, ...]
    missing: tuple[str, ...]
    drawing: Drawing


@dataclass(frozen=True)
class Section:
    """Outcomes on one length of time and one number of people.

    Attributes
    ----------
    id, title, caption
        Its id on the page, its heading, and what every number in it has in common.
    denominator
        Of how many people every number in it is.
    columns
        What the options are called, in the order of the cells.
    rows, more
        The outcomes to read first, and the rest.
    notes
        What a reader must know before the numbers.
    """

    id: str
    title: str
    caption: str
    denominator: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    more: tuple[Row, ...] = ()

    @property
    def basis(self) -> str:
        """How all of its numbers were made; empty where that differs."""
        kinds = {row.basis for row in (*self.rows, *self.more)}
        return kinds.pop() if len(kinds) == 1 else ""

    @property
    def meanings(self) -> tuple[tuple[str, str, str], ...]:
        """How sure one may be of the numbers: level, word and meaning, each level once, the surest first."""
        cells = [cell for row in (*self.rows, *self.more) for cell in row.cells if cell is not None]
        found = {cell.level: (cell.level, cell.certainty, cell.meaning) for cell in cells}
        return tuple(found[level.value] for level in CertaintyLevel if level.value in found)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all rows of a section share."""

    name: str
    places: tuple[int, ...]
    columns: tuple[str, ...]
    denominator: int
    top: float


@dataclass(frozen=True)
class RowMaker:
    """Makes the rows of one screen.

    Attributes
    ----------
    words, way
        In which language, and the way to see numbers that was chosen.
    options, names
        The options in the order of the cells, and what they are called.
    declined
        What is withheld, so that a gap can say so.
    """

    words: Wording
    way: Picture
    options: tuple[Treatment, ...]
    names: tuple[str, ...]
    declined: tuple[Declining, ...]

    def section(self, name: str, title: str, months: int, lines: Sequence[Line], notes: Iterable[str] = ()) -> Section:
        """Return lines of one length of time as a section; an option that cannot have such an outcome has no column.

        Parameters
        ----------
        name, title
            Id and heading.
        months
            The length of time.
        lines
            Outcomes in the order in which they are read.
        notes
            What a reader must know before the numbers.
        """
        denominator = RARE if any(_is_rare(line) for line in lines) else COMMON
        places, time = self._places(lines), time_said(self.words, months)
        columns = tuple(self.names[place] for place in places)
        frame = _Frame(name, places, columns, denominator, _top(lines, denominator))
        rows = tuple(self._row(line, frame, f"{name[:1]}{place}") for place, line in enumerate(lines, 1))
        caption = self.words("expect.table.caption", total=denominator, time=time)
        return Section(name, title, caption, denominator, columns, rows, tuple(notes))

    def _places(self, lines: Sequence[Line]) -> tuple[int, ...]:
        about_drugs = all(line.outcome.group in (*HARMS, OutcomeGroup.SERIOUS_HARM) for line in lines)
        return tuple(
            place for place, option in enumerate(self.options) if not (about_drugs and option.id == NO_TREATMENT)
        )

    def _row(self, line: Line, frame: _Frame, picture: str) -> Row:
        words, anchor = self.words, f"{frame.name}-{line.outcome.id}"
        cells = tuple(self._chance(line, place, frame.denominator) for place in frame.places)
        kinds = {cell.basis for cell in cells if cell is not None}
        name, key = upper_first(outcome_name(words, line.outcome)), f"expect.means.{line.outcome.id}"
        return Row(
            anchor=anchor,
            name=name,
            means=words(key) if words.has(key) else "",
            basis=words.say(basis_words(kinds.pop())) if len(kinds) == 1 else "",
            cells=cells,
            missing=tuple(self._missing(line, self.options[place]) for place in frame.places),
            drawing=drawn(Subject(picture, name, frame.columns, cells, frame.top), self.way, words),
        )

    def _chance(self, line: Line, place: int, denominator: int) -> Chance | None:
        cell = line.cells[place]
        return Chance(cell[0], line.outcome, cell[1], denominator, self.words) if cell is not None else None

    def _missing(self, line: Line, option: Treatment) -> str:
        is_declined = is_withheld(self.declined, line.outcome, option)
        return self.words(f"expect.missing.{'declined' if is_declined else 'not-reported'}")


def _is_rare(line: Line) -> bool:
    return line.outcome.group is OutcomeGroup.SERIOUS_HARM


def _top(lines: Sequence[Line], denominator: int) -> float:
    """Return the largest limit of any share in a section, of its number of people; all its bars end beyond it."""
    found = [
        (estimate.interval.high if estimate.interval else estimate.value) * denominator / 100
        for line in lines
        for estimate, _ in filter(None, line.cells)
        if estimate.measure.is_proportion
    ]
    return max(found, default=0.0)
