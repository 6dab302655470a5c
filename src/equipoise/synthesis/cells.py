"""The cells of a table of trials: found by name, read as words or numbers, each fault with its row and column.

A file is text in UTF-8 with a header; commas, semicolons or tabs part its cells, as the header shows. Faults
are gathered and told together, so that a file is mended once.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.synthesis.arms import Impossible
from equipoise.synthesis.dataframes import columns_of
from equipoise.synthesis.gls import Array
from equipoise.vocabulary.errors import EvidenceError

CONTRAST_COLUMNS = ("study", "treatment", "reference", "estimate", "se")
_SEPARATORS = (",", ";", "\t")
_MISSING = ("", "na", "nan", "none", "null")
# More faults than this are no help on a screen.
_MOST_TOLD = 20


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell, and what would be right."""

    row: int
    column: str
    problem: str
    found: str
    allowed: str


@dataclass
class Cells:
    """A table on its way to a network.

    Attributes
    ----------
    name
        Name of the file, or ``table``.
    columns
        Cells by column.
    lines
        Line of the file that each row begins on; empty for a table that is no file.
    faults
        What was found wrong so far.
    """

    name: str
    columns: Mapping[str, Sequence[Any]]
    lines: Sequence[int] = ()
    faults: list[Fault] = field(default_factory=list)

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def words(self, column: str) -> list[str]:
        """Names in a column; an empty cell is a fault."""
        found = ["" if cell is None else str(cell).strip() for cell in self._column(column)]
        for row, word in enumerate(found):
            if not word:
                self.faults.append(Fault(row, column, "the cell is empty.", "", "a name"))
        return found

    def numbers(self, column: str, *, may_be_empty: bool = False) -> Array:
        """Numbers in a column; NaN where there is none, which is a fault unless it may be empty. Shape (rows,)."""
        allowed = "a number" + (", or nothing" if may_be_empty else "")
        numbers = []
        for row, cell in enumerate(self._column(column)):
            text = "" if cell is None else str(cell).strip()
            number = _number(text)
            empty = text == "" or (number is not None and math.isnan(number))
            if number is None or (empty and not may_be_empty):
                problem = "the cell is empty." if empty else "the cell is not a number."
                hint = ", with a decimal point" if "," in text else ""
                self.faults.append(Fault(row, column, problem, text, allowed + hint))
            numbers.append(math.nan if number is None else number)
        return np.array(numbers, dtype=float)

    def check(self, impossible: Callable[..., Sequence[Impossible]], **columns: Array) -> None:
        """Add a fault for every number that cannot be; a cell has one fault at most."""
        with np.errstate(invalid="ignore"):
            judged = impossible(**columns)
        known = {(fault.row, fault.column) for fault in self.faults}
        for kind in judged:
            for row in np.flatnonzero(kind.where).tolist():
                if (row, kind.column) not in known:
                    known.add((row, kind.column))
                    found = str(self.columns[kind.column][row]).strip()
                    self.faults.append(Fault(row, kind.column, f"{kind.problem}.", found, kind.allowed))

    def add(self, row: int, column: str, problem: str, allowed: str) -> None:
        """Add a fault that was found in several cells together, at the place of one of them."""
        self.faults.append(Fault(row, column, problem, str(self.columns[column][row]).strip(), allowed))

    def require_sound(self) -> None:
        """Refuse the table if anything is wrong with it.

        Raises
        ------
        EvidenceError
            At the place of the first fault, with all others below it.
        """
        if not self.faults:
            return
        first, *others = sorted(self.faults, key=lambda fault: fault.row)
        mend = "correct the cell, or leave the row out; rows are counted from the first under the header."
        told = [f"{self._place(one.row)}, column {one.column}: {one.problem}{_found(one)}" for one in others]
        if len(told) > _MOST_TOLD:
            told[_MOST_TOLD:] = [f"and {len(told) - _MOST_TOLD} more."]
        raise EvidenceError(
            first.problem,
            file=self.name,
            row=self._place(first.row).removeprefix("row "),
            column=first.column,
            found=first.found,
            allowed=first.allowed,
            mend="\n".join([mend, *(f"  also:    {line}" for line in told)]),
        )

    def _place(self, row: int) -> str:
        return f"row {row + 1}" + (f" (line {self.lines[row]})" if self.lines else "")

    def _column(self, column: str) -> Sequence[Any]:
        if column not in self.columns:
            raise EvidenceError(
                f"there is no column '{column}'.",
                file=self.name,
                column=column,
                found=", ".join(self.columns),
                allowed="study, treatment and the columns of the measure; or " + ", ".join(CONTRAST_COLUMNS),
                mend=f"add the column '{column}', or rename the one that holds it.",
            )
        return self.columns[column]


def cells_of(source: str | Path | Mapping[str, Sequence[Any]] | Any) -> Cells:
    """Open a table: the path of a CSV file, a mapping of columns, a dataframe, or a table that was opened before.

    Raises
    ------
    EvidenceError
        If the file cannot be read, its rows do not fit its header, or there is no row.
    """
    if isinstance(source, Cells):
        return replace(source, faults=[])
    if isinstance(source, str | Path):
        return _from_file(Path(source))
    return Cells("table", columns_of(source))


def _from_file(path: Path) -> Cells:
    try:
        text = path.read_text(encoding="utf-8-sig")
        header, *body = [row for row in _records(text) if any(cell.strip() for cell in row[1])] or [(0, [])]
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}."
        raise EvidenceError(problem, file=str(path), allowed="a CSV file", mend="check the name.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        problem = f"the file cannot be read as CSV: {error}."
        raise EvidenceError(problem, file=path.name, allowed="comma-separated UTF-8 text") from None
    if not body:
        raise EvidenceError("there is no row under the header.", file=path.name, allowed="a header and rows")
    names = [name.strip() for name in header[1]]
    _require_shape(path.name, names, body)
    columns = {name: [row[i] for _, row in body] for i, name in enumerate(names) if name}
    return Cells(path.name, columns, tuple(line for line, _ in body))


def _records(text: str) -> list[tuple[int, list[str]]]:
    """Rows with the line that each begins on."""
    header = text.lstrip().partition("\n")[0]
    separator = next((mark for mark in _SEPARATORS if mark in header), ",")
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    records, begins = [], 1
    for row in reader:
        records.append((begins, row))
        begins = reader.line_num + 1
    return records


def _require_shape(file: str, names: Sequence[str], body: Sequence[tuple[int, list[str]]]) -> None:
    twice = sorted(name for name, group in itertools.groupby(sorted(names)) if name and len(list(group)) > 1)
    if twice:
        raise EvidenceError(
            "the header has the same name twice.",
            file=file,
            column=twice[0],
            found=", ".join(names),
            allowed="one column of each name",
            mend="rename one of them, or leave it out.",
        )
    for number, (line, row) in enumerate(body, start=1):
        if len(row) != len(names):
            raise EvidenceError(
                "the row has another number of cells than the header.",
                file=file,
                row=f"{number} (line {line})",
                found=f"{len(row)} cells",
                allowed=f"{len(names)} cells",
                mend="put a value with a comma between double quotes, and write decimals with a point; rows are "
                "counted from under the header.",
            )


def _found(fault: Fault) -> str:
    return f" Found: {fault.found}." if fault.found else ""


def _number(text: str) -> float | None:
    """The number that a cell holds; NaN for an empty cell, None for other words."""
    if text.lower() in _MISSING:
        return math.nan
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None
