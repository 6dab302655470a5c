"""The file of findings: one row for everything that is due, overdue or abnormal, as Parquet or CSV."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from equipoise.panel.extras import needs
from equipoise.vocabulary.errors import RequestError

ORDER = [("person_id", "ascending"), ("drug_id", "ascending"), ("finding", "ascending"), ("day", "ascending")]
COLUMNS = {
    "person_id": "integer",
    "drug_id": "text",
    "finding": "text",
    "id": "text",
    "subject": "text",
    "day": "date",
    "days_overdue": "integer",
    "missed_in_a_row": "integer",
    "is_boxed": "truth",
    "value": "number",
    "unit": "text",
    "side": "text",
    "kind": "text",
    "urgency": "text",
    "origin": "text",
}
KINDS = ("due", "overdue", "alert")


class FindingsFile:
    """Written beside and moved into place when whole: an interrupted evaluation never looks like one.

    Parameters
    ----------
    output
        Where to; the ending ``.parquet`` or ``.csv`` says how.

    Raises
    ------
    RequestError
        If the ending is another, or the file cannot be written.
    """

    def __init__(self, output: Path) -> None:
        if output.suffix not in (".parquet", ".csv"):
            raise RequestError(
                f"'{output}' does not say what sort of file it is.\n  allowed: a name ending in .parquet or .csv"
            )
        self.output = output
        self.rows: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
        self.people: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
        self._beside = output.with_name(f".{output.name}.part")
        self._writer: Any = None

    def __enter__(self) -> Self:
        pa = needs("pyarrow")
        kinds = {
            "integer": pa.int64(),
            "text": pa.string(),
            "number": pa.float64(),
            "truth": pa.bool_(),
            "date": pa.date32(),
        }
        self._schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
        try:
            if self.output.suffix == ".csv":
                self._writer = needs("pyarrow.csv").CSVWriter(self._beside, self._schema)
            else:
                self._writer = needs("pyarrow.parquet").ParquetWriter(self._beside, self._schema, compression="lz4")
        except OSError as error:
            raise self._refused(error) from None
        return self

    def add(self, table: Any) -> None:
        """Append findings of people of whom none came before.

        Raises
        ------
        RequestError
            If the disk refuses.
        """
        pc = needs("pyarrow.compute")
        whole = table.select(list(COLUMNS)).cast(self._schema)
        whole = whole.sort_by([*ORDER, ("subject", "ascending"), ("id", "ascending"), ("value", "ascending")])
        for kind in KINDS:
            of_kind = whole.filter(pc.equal(whole["finding"], kind))
            self.rows[kind] += of_kind.num_rows
            self.people[kind] += pc.count_distinct(of_kind["person_id"]).as_py()
        try:
            self._writer.write_table(whole)
        except OSError as error:
            raise self._refused(error) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._writer.close()
            if kind is None:
                self._beside.replace(self.output)
        except OSError as failed:
            raise self._refused(failed) from None
        finally:
            self._beside.unlink(missing_ok=True)

    def _refused(self, error: OSError) -> RequestError:
        return RequestError(
            f"'{self.output}' cannot be written: {error.strerror or error}.\n"
            "  Try: a folder that exists and that you may write to, after -o."
        )
