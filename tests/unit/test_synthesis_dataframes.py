"""Any dataframe is read, from its own columns or through the interchange protocol."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest

from equipoise.synthesis import fit, read_network
from equipoise.synthesis.dataframes import columns_of
from equipoise.vocabulary.errors import EvidenceError


class Buffer:
    """A piece of memory as the protocol shows it."""

    def __init__(self, content: bytes) -> None:
        self.memory = ctypes.create_string_buffer(content, max(len(content), 1))
        self.ptr, self.bufsize = ctypes.addressof(self.memory), len(content)


class Column:
    """A column as the protocol shows it; ``before`` values stand in its buffers ahead of the first."""

    def __init__(self, dtype: tuple[Any, ...], buffers: dict[str, Any], size: int, null: Any, before: int = 0) -> None:
        self.dtype, self._buffers, self._size, self.describe_null, self.offset = dtype, buffers, size, null, before
        self.describe_categorical: dict[str, Any] = {}

    def size(self) -> int:
        return self._size

    def get_buffers(self) -> dict[str, Any]:
        return {"validity": None, "offsets": None, **self._buffers}


class Frame:
    """A dataframe with nothing but the protocol; each list of columns is a chunk."""

    def __init__(self, *chunks: dict[str, Column]) -> None:
        self.chunks = chunks

    def __dataframe__(self) -> Frame:
        return self

    def column_names(self) -> list[str]:
        return list(self.chunks[0])

    def get_chunks(self) -> list[Frame]:
        return [Frame(chunk) for chunk in self.chunks]

    def get_column_by_name(self, name: str) -> Column:
        return self.chunks[0][name]


def words(cells: list[str], before: int = 0) -> Column:
    encoded = [cell.encode() for cell in ["x"] * before + cells]
    limits = np.cumsum([0, *map(len, encoded)]).astype(np.int64)
    buffers = {
        "data": (Buffer(b"".join(encoded)), (21, 8, "u", "=")),
        "offsets": (Buffer(limits.tobytes()), (0, 64, "l", "=")),
    }
    return Column((21, 8, "u", "="), buffers, len(cells), (0, None), before)


def numbers(cells: list[float], dtype: str = "f8", null: Any = (0, None), **more: Any) -> Column:
    array = np.array(cells, dtype=dtype)
    described = ({"f": 2, "i": 0, "u": 1}[dtype[0]], array.itemsize * 8, dtype, "=")
    return Column(described, {"data": (Buffer(array.tobytes()), described), **more}, len(cells), null)


def test_a_network_is_read_through_the_protocol_alone() -> None:
    arms: dict[str, list[Any]] = {
        "study": ["1", "1", "2", "2"],
        "treatment": ["a", "b"] * 2,
        "events": [4, 8, 5, 9],
        "n": [50, 50, 40, 41],
    }
    frame = Frame(
        *(
            {
                "study": words(arms["study"][part]),
                "treatment": words(arms["treatment"][part], before=3),
                "events": numbers(arms["events"][part], "i4"),
                "n": numbers(arms["n"][part]),
            }
            for part in (slice(0, 2), slice(2, 4))
        )
    )
    here, there = fit(read_network(frame, "odds-ratio")), fit(read_network(arms, "odds-ratio"))
    np.testing.assert_array_equal(here.effects, there.effects)


def test_every_way_of_being_missing() -> None:
    mask = (Buffer(bytes([0b101])), (20, 1, "b", "="))
    flags = (Buffer(bytes([0, 1, 0])), (20, 8, "b", "="))
    frame = Frame(
        {
            "never": numbers([1, 2, 3], "u1"),
            "nan": numbers([1.0, float("nan"), 3.0], "f4", (1, None)),
            "sentinel": numbers([1, -9, 3], "i2", (2, -9)),
            "bit": numbers([1, 2, 3], "i8", (3, 0), validity=mask),
            "byte": numbers([1, 2, 3], "i8", (4, 1), validity=flags),
            "no mask": numbers([1, 2, 3], "i8", (3, 0)),
        }
    )
    found = columns_of(frame)
    assert found.pop("never") == found.pop("no mask") == [1, 2, 3]
    assert len(found) == 4
    assert all(cells == [1, None, 3] for cells in found.values())


def test_categories_are_words() -> None:
    codes = numbers([1, 0, -1, 1, 9], "i1", (2, -1))
    codes.dtype = (23, 8, "c", "=")
    codes.describe_categorical = {"categories": words(["low", "high"])}
    assert columns_of(Frame({"dose": codes}))["dose"] == ["high", "low", None, "high", None]


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(EvidenceError, match="this is no table"):
        columns_of(42)
    dates = numbers([1], "i8")
    dates.dtype = (22, 64, "t", "=")
    with pytest.raises(EvidenceError, match="neither words nor numbers"):
        columns_of(Frame({"day": dates}))


def test_an_empty_cell_names_its_row() -> None:
    frame = Frame({"study": words(["1", ""]), "treatment": words(["a", "b"]), "events": numbers([1, 2])})
    frame.chunks[0]["n"] = numbers([9, 9])
    with pytest.raises(EvidenceError, match=r"row 2.*the cell is empty"):
        read_network(frame, "odds-ratio")
