"""The line around a run of places that fill rows from left to right, as text fills a page."""

from collections.abc import Iterator

Corners = list[tuple[int, int]]
"""Column and row of each corner, in places."""


def region(start: int, end: int, a_row: int) -> Iterator[Corners]:
    """Yield the corners around the places from `start` to before `end`.

    Parameters
    ----------
    start, end
        Places, counted from 0; nothing where they are the same.
    a_row
        Places in a row.

    Yields
    ------
    list of tuple of int
        One piece; two where the rows of a short run do not touch.
    """
    if start == end:
        return
    (top, left), (bottom, right) = divmod(start, a_row), divmod(end, a_row)
    if right == 0:
        bottom, right = bottom - 1, a_row
    if top == bottom:
        yield [(left, top), (right, top), (right, top + 1), (left, top + 1)]
    elif bottom == top + 1 and right <= left:
        yield [(left, top), (a_row, top), (a_row, top + 1), (left, top + 1)]
        yield [(0, bottom), (right, bottom), (right, bottom + 1), (0, bottom + 1)]
    else:
        corners = [(left, top), (a_row, top), (a_row, bottom), (right, bottom), (right, bottom + 1)]
        yield [*corners, (0, bottom + 1), (0, top + 1), (left, top + 1)]
