"""Networks from tables: a CSV file, a mapping of columns, or a dataframe.

A dataframe is one of pandas, of polars, or anything with ``__dataframe__``; none of them is needed.
Columns are found by name and rows come in any order; a fault is reported with its row and column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from equipoise.synthesis.arm_trials import ZeroCells
from equipoise.synthesis.arms import impossible_counts, impossible_effects, impossible_hazards, impossible_means
from equipoise.synthesis.building import ARM_COLUMNS, network_from_arms, network_from_contrasts
from equipoise.synthesis.cells import CONTRAST_COLUMNS, Cells, cells_of
from equipoise.synthesis.counted import COUNTED_MEASURES, Counted, counted_trials
from equipoise.synthesis.gls import Array
from equipoise.synthesis.network import Network
from equipoise.vocabulary.measures import Measure


def read_network(
    source: str | Path | Mapping[str, Sequence[Any]] | Any,
    measure: Measure | str,
    *,
    reference: str = "",
    merge: Mapping[str, str] | None = None,
    zero_cells: ZeroCells = "correct",
) -> Network:
    """Read a network from a CSV file, a mapping of columns or a dataframe.

    Parameters
    ----------
    source
        Path of a CSV file with a header; or columns by name. Contrast rows have the columns ``study,
        treatment, reference, estimate, se`` (log scale for ratios) and, for trials of several arms of
        which not all pairs are given, ``covariance``. Arm rows have ``study, treatment`` and the columns
        that the measure needs: ``events, n``; ``events, person_time``; ``mean, sd, n``; ``log_hazard, se``.
    measure
        Measure of effect.
    reference
        Treatment that the basic parameters are written against.
    merge
        Treatments to be counted as one, old name to new name.
    zero_cells
        ``correct`` or ``drop``; see ``network_from_arms``.

    Raises
    ------
    EvidenceError
        If a column is missing or a cell cannot be read; it names the file, row and column.
    ShapeError, NotEstimableError, NetworkError
        As ``network_from_arms`` and ``network_from_contrasts``.
    """
    measure = Measure(measure)
    table = cells_of(source)
    if "estimate" in table or "reference" in table:
        return _from_contrasts(table, measure, reference=reference, merge=merge)
    names, columns = _arms(table, ARM_COLUMNS.get(measure, ()), merge)
    return network_from_arms(
        measure,
        names["study"],
        names["treatment"],
        reference=reference,
        merge=merge,
        zero_cells=zero_cells,
        events=columns.get("events"),
        n=columns.get("n"),
        person_time=columns.get("person_time"),
        mean=columns.get("mean"),
        sd=columns.get("sd"),
        log_hazard=columns.get("log_hazard"),
        se=columns.get("se"),
    )


def read_counts(source: str | Path | Mapping[str, Sequence[Any]] | Any) -> tuple[list[str], list[str], Array, Array]:
    """Read events and people by arm, for methods that need the counts themselves.

    Parameters
    ----------
    source
        As for ``read_network``, with the columns ``study, treatment, events, n``.

    Returns
    -------
    study, treatment, events, n
        One entry per arm, in the order of the rows.

    Raises
    ------
    EvidenceError
        If a column is missing or a cell cannot be read; it names the file, row and column.
    """
    names, columns = _arms(cells_of(source), ("events", "n"), None)
    return names["study"], names["treatment"], columns["events"], columns["n"]


def read_counted(
    source: str | Path | Mapping[str, Sequence[Any]] | Any,
    measure: Measure | str,
    *,
    merge: Mapping[str, str] | None = None,
) -> Counted:
    """Read trials of counts, for likelihoods of the counts themselves.

    Parameters
    ----------
    source
        As for ``read_network``, with the columns ``study, treatment, events`` and ``n`` (odds ratio) or
        ``person_time`` (rate ratio).
    measure
        ``odds-ratio`` or ``rate-ratio``.
    merge
        Treatments to be counted as one, old name to new name.

    Raises
    ------
    EvidenceError
        If a column is missing or a cell cannot be read; it names the file, row and column.
    ShapeError, NotEstimableError, NetworkError
        As ``counted_trials``.
    """
    exposure = COUNTED_MEASURES.get(Measure(measure), "n")
    names, columns = _arms(cells_of(source), ("events", exposure), merge)
    return counted_trials(
        measure, names["study"], names["treatment"], columns["events"], columns[exposure], merge=merge
    )


def read_people(
    source: str | Path | Mapping[str, Sequence[Any]] | Any, *, merge: Mapping[str, str] | None = None
) -> dict[tuple[str, str], float] | None:
    """Read how many people each arm had, where the rows are arms and say so.

    Parameters
    ----------
    source
        As for ``read_network``; a table that was read already, so that its numbers are sound.
    merge
        Treatments counted as one, old name to new name; their people are added.

    Returns
    -------
    dict or None
        People by trial and treatment; None where there is no column ``n``, or rows are contrasts.
    """
    table, merge = cells_of(source), dict(merge or {})
    if "n" not in table or "reference" in table:
        return None
    people: dict[tuple[str, str], float] = {}
    numbers = table.numbers("n", may_be_empty=True).tolist()
    for study, arm, number in zip(table.words("study"), table.words("treatment"), numbers, strict=True):
        key = (study, merge.get(arm, arm))
        people[key] = people.get(key, 0.0) + number
    return people


def _from_contrasts(table: Cells, measure: Measure, *, reference: str, merge: Mapping[str, str] | None) -> Network:
    names = {column: table.words(column) for column in CONTRAST_COLUMNS[:3]}
    numbers = {column: table.numbers(column) for column in CONTRAST_COLUMNS[3:]}
    covariance = table.numbers("covariance", may_be_empty=True) if "covariance" in table else None
    table.check(partial(impossible_effects, is_log=measure.is_ratio), **numbers)
    _note_repeated_contrasts(table, names, dict(merge or {}))
    table.require_sound()
    return network_from_contrasts(
        measure,
        names["study"],
        names["treatment"],
        names["reference"],
        numbers["estimate"],
        numbers["se"],
        covariance=covariance,
        reference=reference,
        merge=merge,
    )


def _arms(
    table: Cells, needed: Sequence[str], merge: Mapping[str, str] | None
) -> tuple[dict[str, list[str]], dict[str, Array]]:
    """Names and numbers of arms, refused with their rows and columns where they cannot be."""
    names = {column: table.words(column) for column in ("study", "treatment")}
    numbers = {column: table.numbers(column) for column in needed}
    if "events" in needed:
        table.check(impossible_counts, **numbers)
    elif "mean" in needed:
        table.check(impossible_means, **numbers)
    elif needed:
        table.check(impossible_hazards, **numbers)
    merge, seen = dict(merge or {}), dict[tuple[str, str], int]()
    for row, (study, arm) in enumerate(zip(names["study"], names["treatment"], strict=True)):
        first = seen.setdefault((study, arm), row)
        if first != row and study and arm and merge.get(arm, arm) not in merge.values():
            problem = f"trial '{study}' has two arms called '{arm}', the other in row {first + 1}."
            table.add(row, "treatment", problem, "each arm of a trial once; doses under names of their own")
    table.require_sound()
    return names, numbers


def _note_repeated_contrasts(table: Cells, names: Mapping[str, list[str]], merge: Mapping[str, str]) -> None:
    """Faults of contrasts of a treatment with itself, and of contrasts that stand twice in one trial."""
    seen: dict[tuple[str, frozenset[str]], int] = {}
    for row, (study, treatment, reference) in enumerate(zip(*names.values(), strict=True)):
        if not (study and treatment and reference):
            continue
        pair = frozenset(merge.get(name, name) for name in (treatment, reference))
        if len(pair) == 1:
            problem = f"trial '{study}' compares '{treatment}' with itself" + (" after merging." if merge else ".")
            table.add(row, "reference", problem, "another treatment than in the column treatment")
        elif (first := seen.setdefault((study, pair), row)) != row:
            problem = f"trial '{study}' compares '{treatment}' with '{reference}' twice, before in row {first + 1}."
            table.add(row, "study", problem, "each contrast of a trial once")
