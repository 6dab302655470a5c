"""Columns of a dataframe, whoever made it.

Three doors, tried in order: a mapping of columns; ``columns`` with ``table[name]``, as pandas and polars have;
the dataframe interchange protocol (``__dataframe__``), read from its buffers. No dataframe library is needed.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.vocabulary.errors import EvidenceError

# Kinds of the interchange protocol: integer, unsigned, float, boolean, string, categorical.
_NUMBERS = {0: "i", 1: "u", 2: "f", 20: "u"}
_STRING, _CATEGORICAL = 21, 23
# How a column says that a value is missing: never, NaN, a sentinel, a bit of a mask, a byte of a mask.
_NEVER, _NAN, _SENTINEL, _BITS, _BYTES = range(5)


def columns_of(source: Any) -> dict[str, list[Any]]:
    """Read the columns of a mapping or dataframe; missing values are None or NaN.

    Parameters
    ----------
    source
        A mapping of columns, a pandas or polars dataframe, or anything with ``__dataframe__``.

    Raises
    ------
    EvidenceError
        If it is none of these, or a column holds dates or other things than words and numbers.
    """
    if isinstance(source, Mapping):
        return {str(name): list(column) for name, column in source.items()}
    if hasattr(source, "columns") and hasattr(source, "__getitem__"):
        return {str(name): list(source[name]) for name in source.columns}
    if hasattr(source, "__dataframe__"):
        frame = source.__dataframe__()
        return {str(name): _interchanged(frame, name) for name in frame.column_names()}
    raise EvidenceError(
        "this is no table.",
        file="table",
        found=type(source).__name__,
        allowed="the path of a CSV file, a mapping of columns, or a dataframe (pandas, polars, __dataframe__)",
    )


def _interchanged(frame: Any, name: str) -> list[Any]:
    """One column of the protocol, chunk by chunk."""
    cells: list[Any] = []
    for chunk in frame.get_chunks():
        cells.extend(_cells(chunk.get_column_by_name(name), name))
    return cells


def _cells(column: Any, name: str) -> list[Any]:
    kind, bits, _, _ = column.dtype
    buffers, size, offset = column.get_buffers(), column.size(), column.offset
    if kind in _NUMBERS:
        cells = _numbers(buffers["data"], size, offset).tolist()
    elif kind == _STRING:
        cells = _strings(buffers, size, offset)
    elif kind == _CATEGORICAL:
        codes = _numbers(buffers["data"], size, offset).tolist()
        words = _cells(column.describe_categorical["categories"], name)
        cells = [words[code] if 0 <= code < len(words) else None for code in codes]
    else:
        raise EvidenceError(
            "the column holds neither words nor numbers.",
            file="table",
            column=name,
            found=f"kind {int(kind)} of {bits} bits",
            allowed="words or numbers",
        )
    missing = _missing(column, cells)
    return [None if gone else cell for cell, gone in zip(cells, missing, strict=True)]


def _numbers(described: tuple[Any, Any], size: int, offset: int) -> NDArray[Any]:
    buffer, (kind, bits, _, _) = described
    if bits == 1:
        return _bits(buffer, size, offset)
    dtype = np.dtype(f"{_NUMBERS[kind]}{bits // 8}")
    return np.frombuffer(_bytes(buffer), dtype=dtype, count=size, offset=offset * dtype.itemsize)


def _bits(buffer: Any, size: int, offset: int) -> NDArray[Any]:
    unpacked = np.unpackbits(np.frombuffer(_bytes(buffer), dtype=np.uint8), bitorder="little")
    return unpacked[offset : offset + size]


def _strings(buffers: Any, size: int, offset: int) -> list[Any]:
    limits, text = _numbers(buffers["offsets"], size + 1, offset).tolist(), _bytes(buffers["data"][0])
    return [text[start:stop].decode("utf-8") for start, stop in itertools.pairwise(limits)]


def _bytes(buffer: Any) -> bytes:
    """Copy a buffer; its memory belongs to the dataframe, which is alive as long as this call."""
    return ctypes.string_at(buffer.ptr, buffer.bufsize) if buffer.bufsize else b""


def _missing(column: Any, cells: list[Any]) -> list[bool]:
    how, value = column.describe_null
    if how == _NAN:
        return [isinstance(cell, float) and math.isnan(cell) for cell in cells]
    if how == _SENTINEL:
        sentinel_of = _codes(column) if column.dtype[0] == _CATEGORICAL else cells
        return [cell == value for cell in sentinel_of]
    validity = column.get_buffers()["validity"] if how in (_BITS, _BYTES) else None
    if validity is None:
        return [False] * len(cells)
    buffer, (_, bits, _, _) = validity
    read = _bits if bits == 1 else _mask_bytes
    return [bool(flag == value) for flag in read(buffer, column.size(), column.offset).tolist()]


def _mask_bytes(buffer: Any, size: int, offset: int) -> NDArray[Any]:
    return np.frombuffer(_bytes(buffer), dtype=np.uint8, count=size, offset=offset)


def _codes(column: Any) -> list[Any]:
    codes: list[Any] = _numbers(column.get_buffers()["data"], column.size(), column.offset).tolist()
    return codes
