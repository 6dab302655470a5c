"""Where a number comes from: a tree of named computations that ends in source rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A place in a source: which one, and where in it.

    Attributes
    ----------
    source_id
        Key into the table of sources.
    locator
        Where the number stands: ``"Table 3"``, ``"abstract"``.
    """

    source_id: str
    locator: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A leaf: one row of the evidence, as it stands there.

    Attributes
    ----------
    table
        File of the evidence that holds the row.
    row_id
        The row's own id.
    source
        Source and locator.
    citation
        The source as a reader would cite it.
    cells
        Every non-empty cell of the row, as text, in the file's order.
    used
        Names of the cells that the number above depends on.
    corrections
        What was corrected in this row and why, one sentence each.
    """

    table: str
    row_id: str
    source: SourceRef
    citation: str
    cells: tuple[tuple[str, str], ...]
    used: tuple[str, ...]
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Computation:
    """A node: what was done to the nodes below it.

    Attributes
    ----------
    name
        The method by its name in the field.
    formula
        The formula, in plain characters.
    inputs
        The nodes it was computed from.
    reference
        Citation of the method, empty for arithmetic.
    """

    name: str
    formula: str
    inputs: tuple[Provenance, ...]
    reference: str = ""


Provenance = SourceRow | Computation


def source_rows(provenance: Provenance) -> Iterator[SourceRow]:
    """Yield every leaf of the tree, left to right; a row used twice comes twice."""
    if isinstance(provenance, SourceRow):
        yield provenance
        return
    for node in provenance.inputs:
        yield from source_rows(node)
