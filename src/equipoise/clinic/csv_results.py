"""Results in a CSV file, read line by line in bounded memory; every fault with its line and column."""

from __future__ import annotations

import csv
import datetime
import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from equipoise.clinic.errors import ImportFaultsError
from equipoise.safety.monitoring_tests import ANALYTES
from equipoise.safety.results import COMPARATORS, Result, faults

NEEDED = ("person", "test", "value", "unit", "taken_on")
"""Columns that a file must have, in any order."""
MORE = ("reference_low", "reference_high", "laboratory", "comparator", "id")
"""Columns that it may have."""
_LONGEST_LINE = 10_000
_A_TEST = "the name of a test"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell or one row.

    Attributes
    ----------
    line, column
        Where: the line of the file from 1 (or the number of the entry of a bundle), and the column or element.
    problem
        What is wrong and what would be right.
    """

    line: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a file: a result and whom it is said to belong to, or faults.

    Attributes
    ----------
    line
        Line of the file.
    person
        The label as written.
    result
        ``None`` where there are faults.
    faults
        Everything that is wrong with the row.
    cells
        The row as it stands in the file.
    """

    line: int
    person: str
    result: Result | None
    faults: tuple[Fault, ...]
    cells: Mapping[str, str]


def read_csv(path: Path, today: datetime.date) -> Iterator[ReadRow]:
    """Yield the rows of a CSV file; only one is in memory at a time.

    Parameters
    ----------
    path
        A file in UTF-8 with a header; comma, semicolon or tab between cells. Between semicolons 2,1 is 2.1, and
        20.11.2026 the 20 November.
    today
        No result may be from a later day.

    Raises
    ------
    ImportFaultsError
        If the file cannot be read, or its header is not right.
    """
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(_LONGEST_LINE)
            file.seek(0)
            delimiter = max(",;\t", key=first.count)
            written: Writing = _AS_SPREADSHEETS_WRITE if delimiter == ";" else {}
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            header = [name.strip().lower() for name in next(reader, [])]
            _check_header(path, header)
            for cells in reader:
                line = reader.line_num
                if any(cell.strip() for cell in cells):
                    yield _row(line, header, cells, today, written)
    except OSError as error:
        raise ImportFaultsError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ImportFaultsError(f"{path}: is no text in UTF-8.\n  do:      save it as 'CSV UTF-8'") from None
    except csv.Error as error:
        raise ImportFaultsError(f"{path}, line {line} or the one after: is no CSV: {error}.") from None


# A spreadsheet parts cells by semicolons where a comma is the decimal point, and there the day stands before the month.
_COMMA = re.compile(r"(?:[<>]=?)?\s*(?:0|\d+),\d+")
_THOUSANDS = re.compile(r"(?:[<>]=?)?\s*[1-9]\d{0,2},\d{3}")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def _point_for_comma(cell: str) -> str:
    # 1,234 stays as it is, and is no number then: it may be a thousand
    return cell.replace(",", ".") if _COMMA.fullmatch(cell) and not _THOUSANDS.fullmatch(cell) else cell


def _year_before_day(cell: str) -> str:
    dotted = _DOTTED.fullmatch(cell)
    return f"{dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}" if dotted else cell


Writing = Mapping[str, Callable[[str], str]]
"""How to read a cell plainly, by the name of its column."""
_AS_SPREADSHEETS_WRITE: Writing = {
    "value": _point_for_comma,
    "reference_low": _point_for_comma,
    "reference_high": _point_for_comma,
    "taken_on": _year_before_day,
}


def _check_header(path: Path, header: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in header]
    unknown = [name for name in header if name not in (*NEEDED, *MORE)]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults = []
    if missing:
        faults.append(f"missing: {', '.join(missing)}")
    if unknown:
        faults.append(f"not known: {', '.join(name or '(empty)' for name in unknown)}")
    if twice:
        faults.append(f"there twice: {', '.join(twice)}")
    if faults:
        raise ImportFaultsError(
            f"{path}, line 1: the names of the columns are not right; {'; '.join(faults)}.\n"
            f"  allowed: {', '.join(NEEDED)}; and if you have them {', '.join(MORE)}"
        )


def _row(line: int, header: Sequence[str], cells: Sequence[str], today: datetime.date, written: Writing) -> ReadRow:
    named = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    for name, plain in written.items():
        if name in named:
            named[name] = plain(named[name])
    if len(cells) != len(header):
        problem = f"{len(cells)} cells where the header has {len(header)}; is a comma inside a cell without quotes?"
        return ReadRow(line, named.get("person", ""), None, (Fault(line, "", problem),), named)
    result, found = result_of_cells(line, named, today)
    return ReadRow(line, named["person"], result, tuple(found), named)


def result_of_cells(line: int, cells: Mapping[str, str], today: datetime.date) -> tuple[Result | None, list[Fault]]:
    """Return the result in named cells, or everything that is wrong with them."""
    plain = _plain_result(cells)
    if plain is not None and not faults(plain, today):
        return plain, []
    # something is wrong with the row, or unusual: look closely, so that everything is told
    found = list(_swapped(line, cells))
    if found:
        return None, found
    numbers: dict[str, float | None] = {}
    for column in ("value", "reference_low", "reference_high"):
        numbers[column] = None
        if cells.get(column) or column == "value":
            try:
                numbers[column] = _number(cells.get(column, ""))
            except ValueError:
                found.append(Fault(line, column, "is no number; allowed: 4.2 (a point, no thousands separator)"))
    day = _day(cells["taken_on"])
    if day is None:
        found.append(Fault(line, "taken_on", "is no day; allowed: year-month-day, such as 2026-03-31"))
    if not cells["person"]:
        found.append(Fault(line, "person", "is empty; allowed: the label of a person"))
    comparator, value = cells.get("comparator", ""), numbers["value"]
    if not comparator:
        comparator = next((c for c in ("<=", ">=", "<", ">") if cells["value"].startswith(c)), "")
    if comparator not in COMPARATORS:
        found.append(Fault(line, "comparator", "is not known; allowed: <, <=, >, >= or nothing"))
    if found or day is None or value is None:
        return None, found
    result = Result(
        analyte=cells["test"],
        value=value,
        unit=cells["unit"],
        taken_on=day,
        reference_low=numbers["reference_low"],
        reference_high=numbers["reference_high"],
        laboratory=cells.get("laboratory", ""),
        comparator=comparator,
        id=cells.get("id", ""),
    )
    problems = faults(result, today)
    return (None if problems else result), [Fault(line, _column_of(result, text), text) for text in problems]


def _plain_result(cells: Mapping[str, str]) -> Result | None:
    """Return the result of a row whose cells are plainly what their columns say; ``None`` for any other row.

    A million rows are read twice: what nearly all of them are is asked first, in an order that costs little.
    """
    day = _known_day(cells["taken_on"])
    if day is None or cells["test"] not in ANALYTES or not _is_plain_unit(cells["unit"]):
        return None
    person, comparator = cells["person"], cells.get("comparator", "")
    if not person or person in ANALYTES or comparator not in COMPARATORS:
        return None
    low, high = cells.get("reference_low"), cells.get("reference_high")
    try:
        return Result(
            cells["test"],
            float(cells["value"]),  # a comparator before the number is unusual
            cells["unit"],
            day,
            float(low) if low else None,
            float(high) if high else None,
            cells.get("laboratory", ""),
            comparator,
            cells.get("id", ""),
        )
    except ValueError:
        return None


@functools.lru_cache(maxsize=5_000)
def _known_day(text: str) -> datetime.date | None:
    return _day(text)


@functools.lru_cache(maxsize=1_000)
def _is_plain_unit(text: str) -> bool:
    return not _is_number(text) and text not in ANALYTES and _day(text) is None


def _column_of(result: Result, problem: str) -> str:
    if problem.startswith("taken on"):
        return "taken_on"
    if problem.startswith("the reference range"):
        return "reference_low"
    if result.analyte not in ANALYTES:
        return "test"
    return "unit" if "does not fit" in problem or "no unit" in problem else "value"


def _swapped(line: int, cells: Mapping[str, str]) -> Iterator[Fault]:
    """Yield where a cell plainly belongs under another name."""
    looks = {
        "a day": lambda text: _day(text) is not None,
        _A_TEST: lambda text: text in ANALYTES,
        "a number": _is_number,
    }
    belongs = {"taken_on": "a day", "test": _A_TEST, "value": "a number"}
    for column in ("person", "test", "value", "unit", "taken_on"):
        text = cells.get(column, "")
        if column in belongs and looks[belongs[column]](text):
            continue
        for what, is_such in looks.items():
            # a label may be a number or a day
            if is_such(text) and belongs.get(column) != what and not (column == "person" and what != _A_TEST):
                yield Fault(line, column, f"holds {what}; are two columns swapped?")


def _number(text: str) -> float:
    return float(text.lstrip("<>= "))


def _is_number(text: str) -> bool:
    try:
        _number(text)
    except ValueError:
        return False
    return True


def _day(text: str) -> datetime.date | None:
    if len(text) == len("2026-03-31"):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return None
    return None
