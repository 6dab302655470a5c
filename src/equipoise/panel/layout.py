"""How a panel lies on disk: a folder of Parquet tables cut into parts, and a page that says what it is.

```text
DIR/panel.json              what this is: format, synthetic or not, seed, counts
DIR/people/part-00000.parquet
DIR/courses/part-00000.parquet
DIR/records/part-00000.parquet
DIR/results/part-00000.parquet
```

Part k of every table is about the same people, and nobody is in two parts. So a panel of any size is worked through
part by part, in the memory that one part needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.panel.extras import needs
from equipoise.vocabulary.errors import RequestError

FORMAT = "equipoise-panel"
VERSION = 1
PEOPLE_A_PART = 50_000
SYNTHETIC = "These people are synthetic: a seeded simulator made them up. Nobody in this folder exists."


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name, kind
        Its name and its type: ``integer``, ``number``, ``text`` or ``date``.
    may_be_empty
        Whether a row may leave it out.
    meaning
        What stands in it.
    """

    name: str
    kind: str
    may_be_empty: bool
    meaning: str


_PERSON = Column("person_id", "integer", False, "who; the same in every table")

TABLES: Mapping[str, tuple[Column, ...]] = {
    "people": (
        _PERSON,
        Column("birth_year", "integer", True, "year of birth"),
        Column("sex", "text", True, "woman or man, as the form for a person has it"),
        Column("jurisdiction", "text", False, "whose label applies: US, EU or UK"),
    ),
    "courses": (
        _PERSON,
        Column("drug_id", "text", False, "a label file: alemtuzumab, interferon-beta-1a-sc"),
        Column("course", "integer", False, "1 for the first; 1 for treatment that goes on"),
        Column("first_dose", "date", False, "first day of the course"),
        Column("last_dose", "date", True, "last day of the course; of treatment that goes on, the day it was stopped"),
    ),
    "records": (
        _PERSON,
        Column("task_id", "text", False, "a task of the plan that somebody recorded as done: alemtuzumab-mon-06.P12M"),
        Column("done_on", "date", False, "the day it was done"),
    ),
    "results": (
        _PERSON,
        Column("analyte", "text", False, "what was measured: platelet-count"),
        Column("taken_on", "date", False, "the day of the sample"),
        Column("value", "number", False, "the number, in its unit"),
        Column("unit", "text", False, "the unit as UCUM writes it: 10*9/L"),
        Column("reference_low", "number", True, "lower limit of the laboratory's range, same unit"),
        Column("reference_high", "number", True, "upper limit, same unit"),
    ),
    "visits": (
        _PERSON,
        Column("visited_on", "date", False, "day of the examination"),
        Column("edss", "number", False, "Expanded Disability Status Scale, 0 to 10 in halves"),
    ),
    "relapses": (_PERSON, Column("began_on", "date", False, "first day of the relapse")),
    "truth": (
        _PERSON,
        Column("event", "text", False, "what the simulator planted"),
        Column("analyte", "text", True, "what it can be seen in; empty for missed months"),
        Column("first_on", "date", False, "first day on which the tables show it"),
        Column("last_on", "date", False, "last day on which they do"),
    ),
}
# What an evaluation cannot do without. It reads ``records`` where there are any; the others are for analysis and for
# judging the rules.
NEEDED = ("people", "courses", "results")


def schema(table: str) -> Any:
    """Return the Arrow schema of a table, with what it is in its metadata."""
    pa = needs("pyarrow")
    kinds = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32(), "text": pa.string()}
    return pa.schema([pa.field(c.name, kinds[c.kind], nullable=c.may_be_empty) for c in TABLES[table]])


def part_name(part: int) -> str:
    """Return the file name of a part."""
    return f"part-{part:05d}.parquet"


@dataclass(frozen=True, slots=True)
class Panel:
    """A folder that was found to hold a panel.

    Attributes
    ----------
    folder
        Where it lies.
    parts
        File names of the parts, the same in every table that is read.
    about
        What its ``panel.json`` says.
    """

    folder: Path
    parts: tuple[str, ...]
    about: Mapping[str, Any]

    def files(self, table: str) -> list[str]:
        """Return the files of a table, in the order of the parts."""
        return [str(self.folder / table / part) for part in self.parts]

    def has(self, table: str) -> bool:
        """Whether a table is there."""
        return bool(self.parts) and (self.folder / table / self.parts[0]).exists()


def open_panel(folder: Path) -> Panel:
    """Return the panel in a folder, once everything about its shape was found to be right.

    Raises
    ------
    RequestError
        If there is no panel, a table, part or column is missing, or a column has another type. All faults are told
        at once.
    """
    parts = _parts(folder)
    about = _about(folder)
    faults = [fault for table in NEEDED for fault in _faults(folder, table, parts)]
    for table in sorted(set(TABLES) - set(NEEDED)):
        if (folder / table).is_dir():
            faults += _faults(folder, table, parts)
    if faults:
        raise RequestError(
            f"'{folder}' is not a whole panel.\n  "
            + "\n  ".join(dict.fromkeys(faults))
            + "\n  Try: make it again, or see the layout in the how-to page 'Evaluate a population'."
        )
    return Panel(folder, parts, about)


def _parts(folder: Path) -> tuple[str, ...]:
    if not folder.is_dir():
        raise RequestError(
            f"there is no folder '{folder}'.\n  Try: 'equipoise panel simulate --people 1000 -o {folder}' makes one."
        )
    parts = sorted({path.name for table in NEEDED for path in (folder / table).glob("part-*.parquet")})
    if not parts:
        raise RequestError(
            f"'{folder}' holds no panel: there is no file people/part-00000.parquet in it.\n"
            "  Try: 'equipoise panel simulate' makes a panel, 'equipoise panel from-omop' reads one from OMOP tables."
        )
    return tuple(parts)


def _about(folder: Path) -> Mapping[str, Any]:
    path = folder / "panel.json"
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        about = None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        raise RequestError(f"'{path}' cannot be read as JSON.\n  Try: make the panel again.") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise RequestError(
            f"'{folder}' has no page panel.json that says it is a panel; making it was perhaps interrupted.\n"
            f'  allowed: {{"format": "{FORMAT}", "version": {VERSION}, ...}}\n  Try: make the panel again.'
        )
    if about.get("version") != VERSION:
        raise RequestError(
            f"'{path}' is a panel of version {about.get('version')!r}; this program reads version {VERSION}.\n"
            "  Try: the Equipoise that made it, or make the panel again."
        )
    return about


def _faults(folder: Path, table: str, parts: tuple[str, ...]) -> list[str]:
    pq = needs("pyarrow.parquet")
    pa = needs("pyarrow")
    faults = []
    for part in parts:
        path = folder / table / part
        try:
            found = pq.read_schema(path)
        except FileNotFoundError:
            faults.append(f"missing: {table}/{part}")
            continue
        except (OSError, pa.ArrowException):
            faults.append(f"not readable as Parquet: {table}/{part}")
            continue
        for column in TABLES[table]:
            at = found.get_field_index(column.name)
            if at < 0:
                near = ", ".join(found.names)
                faults.append(f"{table}/{part}: column '{column.name}' is missing (found: {near})")
            elif not _is_kind(pa, found.field(at).type, column.kind):
                faults.append(
                    f"{table}/{part}: column '{column.name}' holds {found.field(at).type}, not {column.kind}s"
                )
    return faults


def _is_kind(pa: Any, kind: Any, wanted: str) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        {
            "integer": types.is_integer,
            "number": lambda k: types.is_floating(k) or types.is_integer(k),
            "date": types.is_date32,
            "text": lambda k: types.is_string(k) or types.is_large_string(k),
        }[wanted](kind)
    )


class PanelWriter:
    """Writes a panel part by part; what is not finished cannot be mistaken for a panel.

    ``panel.json`` is written last, by :meth:`finish`. A folder without it is refused by :func:`open_panel`.

    Parameters
    ----------
    folder
        An empty folder, or one that does not exist yet.

    Raises
    ------
    RequestError
        If the folder holds anything already, or cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            is_taken = any(folder.iterdir())
        except OSError as error:
            raise cannot_write(folder, error) from None
        if is_taken:
            raise RequestError(
                f"'{folder}' is not empty; nothing in it was touched.\n  Try: a new folder after -o, or empty this one."
            )

    def write(self, part: int, tables: Mapping[str, Any]) -> dict[str, int]:
        """Write one part of every table and return the rows of each.

        Parameters
        ----------
        part
            Its number, from 0.
        tables
            Arrow tables by name.

        Raises
        ------
        RequestError
            If the disk refuses.
        """
        return write_part(self.folder, part, tables)

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write what the panel is; from now on it is one.

        Raises
        ------
        RequestError
            If the disk refuses.
        """
        page = {"format": FORMAT, "version": VERSION, **about}
        try:
            (self.folder / "panel.json").write_text(json.dumps(page, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise cannot_write(self.folder, error) from None


def write_part(folder: Path, part: int, tables: Mapping[str, Any]) -> dict[str, int]:
    """Write one part of every table below a folder and return the rows of each.

    Raises
    ------
    RequestError
        If the disk refuses.
    """
    pq = needs("pyarrow.parquet")
    try:
        for name, table in tables.items():
            (folder / name).mkdir(exist_ok=True)
            pq.write_table(table, folder / name / part_name(part), compression="lz4", write_statistics=True)
    except OSError as error:
        raise cannot_write(folder, error) from None
    return {name: table.num_rows for name, table in tables.items()}


def cannot_write(folder: Path, error: OSError) -> RequestError:
    """Return the error for a folder that cannot be written."""
    return RequestError(
        f"'{folder}' cannot be written: {error.strerror or error}.\n"
        "  Try: a folder that you may write to, on a disk with room (a million people take about 1 GB)."
    )
