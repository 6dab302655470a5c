"""Net heat plot: which direct evidence each network result leans on, and where it disagrees with the rest."""

import math
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import TRACE_URL, cell_number, checked_identifier, safe, table
from equipoise.presentation.pictures.numerals import decimal, percent


@dataclass(frozen=True, slots=True)
class NetHeatWords:
    """Words inside the picture, so that each language has its own."""

    rows: str = "Row: a direct comparison within its design. Column, same order: the design that is let go."
    row: str = "Row"
    cell: str = "change {change}, leans on it with {share}"
    key_square: str = "the larger the square, the more the row leans on the column"
    key_more: str = "shaded, above zero: row and column disagree; letting the column go makes the row fit better"
    key_less: str = "dotted, below zero: they agree; letting the column go makes the row fit worse"
    key_none: str = "no number: a change smaller than {least}"


@dataclass(frozen=True, slots=True)
class NetHeat:
    """How the consistency of every design-based comparison changes when one of them is let go.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome and population.
    comparisons
        Name of each design-based comparison; rows and columns stand in this order.
    hat
        Share of column in row, from the hat matrix; its size is drawn, its sign is not. Shape (K, K).
    change
        Change in inconsistency (Q) of the row when the column is let go; above zero they disagree. Shape (K, K).
    estimate_id
        Id of the decomposition that all the numbers come from.
    least
        Changes smaller than this are left without a number.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there is nothing to draw, a matrix is not K by K, or a value is not finite.
    """

    id: str
    title: str
    comparisons: tuple[str, ...]
    hat: tuple[tuple[float, ...], ...]
    change: tuple[tuple[float, ...], ...]
    estimate_id: str | None = None
    least: float = 0.1
    trace_url: str | None = TRACE_URL
    words: NetHeatWords = NetHeatWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        k = len(self.comparisons)
        if not k:
            raise ValueError("a net heat plot needs at least one comparison.")
        for name, matrix in (("hat", self.hat), ("change", self.change)):
            if len(matrix) != k or any(len(row) != k for row in matrix):
                raise ValueError(f"{name}: expected {k} rows of {k} values.")
            if not all(math.isfinite(value) for row in matrix for value in row):
                raise ValueError(f"{name}: expected finite values.")

    @property
    def largest_change(self) -> float:
        """Largest change either way."""
        return max(abs(value) for row in self.change for value in row)

    def level(self, value: float) -> int:
        """Depth of the ground of a cell: 0 for hardly any change to 3 for changes near the largest."""
        if abs(value) < self.least:
            return 0
        share = abs(value) / self.largest_change
        return 1 + (share > 1 / 3) + (share > 2 / 3)


def change_text(value: float) -> str:
    """Change with its sign."""
    text = decimal(value, 1)
    return f"+{text}" if value > 0 else text


def net_heat_table(picture: NetHeat) -> Markup:
    """Give the same numbers as an HTML table: the change, and how much the row leans on the column."""
    rows = []
    for name, hats, changes in zip(picture.comparisons, picture.hat, picture.change, strict=True):
        texts = [
            picture.words.cell.format(change=change_text(change), share=percent(min(1.0, abs(hat))))
            for hat, change in zip(hats, changes, strict=True)
        ]
        cells = [cell_number(text, picture.trace_url, picture.estimate_id) for text in texts]
        rows.append((safe(name), *cells))
    return table(picture.title, (picture.words.row, *picture.comparisons), rows)
