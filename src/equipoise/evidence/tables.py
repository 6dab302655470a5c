"""Reading CSV and TOML files row by row, so that a fault is named with its file, row and column."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from equipoise.evidence.records import RawRow
from equipoise.vocabulary.errors import EvidenceError

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

# What a number may look like: the digits 0 to 9, so that "1_000", "1e999" and digits of other scripts are refused.
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)

RESTORE = "restore the file from the release, or mend the cell and run 'equipoise evidence check'"


@dataclass(slots=True)
class Problems:
    """Every fault found while reading; nothing is raised until all files were looked at.

    Attributes
    ----------
    found
        The faults, in the order in which they were met.
    has_unread_rows
        Whether reading a table stopped early, so that ids named elsewhere may seem not to exist.
    """

    found: list[EvidenceError] = field(default_factory=list)
    has_unread_rows: bool = False

    def add(self, error: EvidenceError) -> None:
        """Keep a fault."""
        self.found.append(error)

    def keep(self, read: Callable[[], T]) -> T | None:
        """Call ``read``; keep its fault and return ``None`` if it has one."""
        try:
            return read()
        except EvidenceError as error:
            self.add(error)
            return None


class Cells:
    """The cells of one row, read by name and type.

    Every getter raises :class:`EvidenceError` naming file, row and column when a cell is not what its
    column promises.
    """

    __slots__ = ("_values", "file", "line", "row_id")

    def __init__(self, file: str, row_id: str, line: int, values: Mapping[str, str]) -> None:
        self.file = file
        self.row_id = row_id
        self.line = line
        self._values = values

    def fault(self, problem: str, column: str, *, allowed: str = "", mend: str = RESTORE) -> EvidenceError:
        """Return an error that points at one cell of this row."""
        place = f"{self.row_id} (line {self.line})".strip() if self.line else self.row_id
        found = self._values.get(column, "")
        return EvidenceError(
            problem, file=self.file, row=place, column=column, found=found or "(empty)", allowed=allowed, mend=mend
        )

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self._values

    def text(self, column: str) -> str:
        """Return the cell, possibly empty."""
        return self._values.get(column, "").strip()

    def required(self, column: str) -> str:
        """Return a cell that may not be empty."""
        value = self.text(column)
        if not value:
            raise self.fault("a required cell is empty", column, allowed="a value")
        return value

    def number(self, column: str) -> float | None:
        """Return a number, or ``None`` for an empty cell (not reported)."""
        value = self.text(column)
        if not value:
            return None
        if not _NUMBER.fullmatch(value):
            raise self.fault("this is not a number", column, allowed="a decimal number, or empty for 'not reported'")
        return float(value)

    def whole(self, column: str) -> int | None:
        """Return a whole number of people or events, or ``None`` for an empty cell."""
        value = self.text(column)
        if not value:
            return None
        if not _WHOLE.fullmatch(value):
            raise self.fault("this is not a whole number", column, allowed="0, 1, 2, ... or empty for 'not reported'")
        return int(value)

    def one_of(self, column: str, terms: type[E]) -> E:
        """Return a cell that must be one of a closed set of terms."""
        value = self.text(column)
        try:
            return terms(value)
        except ValueError:
            raise self.fault(
                "this term is not known", column, allowed=", ".join(term.value for term in terms)
            ) from None

    def names(self, column: str) -> tuple[str, ...]:
        """Return a cell that lists ids separated by spaces."""
        return tuple(self.text(column).split())

    def under(self, row_id: str) -> Cells:
        """Return the row under an id."""
        return Cells(self.file, row_id, self.line, self._values)

    def replaced(self, column: str, value: str) -> Cells:
        """Return the row with another value in one cell."""
        return Cells(self.file, self.row_id, self.line, {**self._values, column: value})

    def raw(self, corrections: tuple[str, ...] = ()) -> RawRow:
        """Return the row as it will be shown in provenance."""
        cells = tuple((name, value) for name, value in self._values.items() if value)
        return RawRow(self.file, self.row_id, self.line, cells, corrections)


def decode(file: str, content: bytes) -> str:
    """Return the text of a file, or say which byte is wrong."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvidenceError(
            "the file is not UTF-8 text",
            file=file,
            found=f"byte {error.start}",
            allowed="UTF-8",
            mend="restore the file from the release",
        ) from None


def csv_rows(file: str, content: bytes, key: str, columns: tuple[str, ...]) -> Iterator[Cells]:
    """Yield the rows of a CSV file.

    Parameters
    ----------
    file
        Name to use in errors.
    content
        The bytes of the file.
    key
        Column that holds the id of a row; empty where rows have none and are named by their line.
    columns
        Columns that must be there.

    Raises
    ------
    EvidenceError
        If a column is missing or stands twice, a row has too many or too few cells, or an id stands twice.
    """
    reader = csv.reader(io.StringIO(decode(file, content)), strict=True)
    try:
        header = next(reader, None)
        if header is None:
            raise EvidenceError(
                "the file is empty",
                file=file,
                allowed=f"a header row: {', '.join(columns)}",
                mend="restore the file from the release",
            )
        missing = [column for column in columns if column not in header]
        if missing:
            raise EvidenceError(
                "a column is missing",
                file=file,
                column=missing[0],
                found=", ".join(header),
                allowed=", ".join(columns),
                mend="restore the header row",
            )
        twice = [column for column in header if header.count(column) > 1]
        if twice:
            raise EvidenceError(
                "a column stands twice",
                file=file,
                column=twice[0],
                found=", ".join(header),
                allowed="each column once",
                mend="restore the header row",
            )
        seen: dict[str, int] = {}
        for row in reader:
            line = reader.line_num
            if len(row) != len(header):
                raise EvidenceError(
                    "the row has another number of cells than the header",
                    file=file,
                    row=f"{row[0] if row else '(blank)'} (line {line})",
                    found=f"{len(row)} cells",
                    allowed=f"{len(header)} cells",
                    mend="put a value with a comma between double quotes; remove blank lines",
                )
            values = dict(zip(header, row, strict=True))
            if not key:
                yield Cells(file, "", line, values)
                continue
            cells = Cells(file, values[key].strip(), line, values)
            cells.required(key)
            if cells.row_id in seen:
                raise cells.fault(f"this id stands already on line {seen[cells.row_id]}", key, allowed="each id once")
            seen[cells.row_id] = line
            yield cells
    except csv.Error as error:
        raise EvidenceError(
            f"the file cannot be read as CSV: {error}",
            file=file,
            row=f"line {reader.line_num}",
            mend="restore the file from the release",
        ) from None


def toml_document(file: str, content: bytes) -> dict[str, Any]:
    """Return a TOML file as nested dictionaries, or say where it cannot be read."""
    try:
        return tomllib.loads(decode(file, content))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        # tomllib passes these two on: brackets nested too deep, numbers of thousands of digits
        raise EvidenceError(
            f"the file cannot be read as TOML: {error}", file=file, mend="restore the file from the release"
        ) from None


def entries(file: str, document: Mapping[str, Any], name: str) -> tuple[dict[str, Any], ...]:
    """Return the ``[[name]]`` entries of a TOML file, none if there are none.

    Raises
    ------
    EvidenceError
        If something else stands under that name.
    """
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise EvidenceError(
            "this is no list of entries",
            file=file,
            column=name,
            found=repr(found)[:60],
            allowed=f"[[{name}]] entries",
            mend="restore the file from the release",
        )
    return tuple(found)


def text_of(file: str, row: str, raw: Mapping[str, Any], key: str, *, required: bool = False) -> str:
    """Return a text of a TOML entry, empty where the key is not there.

    Raises
    ------
    EvidenceError
        If the value is no text, or is required and missing or empty.
    """
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise _value_fault("this is no text", file, row, key, value, "a text between double quotes")
    if required and not value.strip():
        raise _value_fault(
            "a required key is missing or empty", file, row, key, "(empty)", "a text between double quotes"
        )
    return value


def texts_of(file: str, row: str, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a list of texts of a TOML entry, empty where the key is not there.

    Raises
    ------
    EvidenceError
        If the value is no list of texts.
    """
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _value_fault("this is no list of texts", file, row, key, value, '["first", "second"]')
    return tuple(value)


def term_of(file: str, row: str, raw: Mapping[str, Any], key: str, terms: type[E]) -> E:
    """Return a value of a TOML entry that must be one of a closed set of terms.

    Raises
    ------
    EvidenceError
        If it is none of them.
    """
    value = raw.get(key, "(empty)")
    if value not in [term.value for term in terms]:
        raise _value_fault("this term is not known", file, row, key, value, ", ".join(term.value for term in terms))
    return terms(value)


def number_of(file: str, row: str, raw: Mapping[str, Any], key: str) -> float | None:
    """Return a number of a TOML entry, ``None`` where the key is not there.

    Raises
    ------
    EvidenceError
        If the value is no finite number.
    """
    value = raw.get(key)
    if value is None:
        return None
    # A whole number of hundreds of digits is valid TOML and no float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise _value_fault("this is not a number", file, row, key, value, "a number, or no such key")
    return float(value)


def _value_fault(problem: str, file: str, row: str, key: str, found: object, allowed: str) -> EvidenceError:
    shown = found if isinstance(found, str) else repr(found)
    return EvidenceError(
        problem,
        file=file,
        row=row,
        column=key,
        found=shown[:60],
        allowed=allowed,
        mend="mend the entry, or restore the file",
    )


def read_files(directory: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    """Return the bytes of every named file and of every label, by name relative to ``directory``.

    Raises
    ------
    EvidenceError
        If the folder or a file of it is missing or cannot be read.
    """
    labels = sorted(path.relative_to(directory).as_posix() for path in directory.glob("labels/*.toml"))
    contents: dict[str, bytes] = {}
    for name in (*names, *labels):
        try:
            contents[name] = (directory / name).read_bytes()
        except OSError as error:
            raise EvidenceError(
                f"the file cannot be read: {error.strerror}",
                file=str(directory / name) if not directory.is_dir() else name,
                allowed="a readable file of the evidence folder",
                mend="reinstall Equipoise, or restore the file from the release",
            ) from None
    if not labels:
        raise EvidenceError(
            "there is no label file",
            file="labels/",
            allowed="one TOML file a drug",
            mend="restore the folder from the release",
        )
    return contents
