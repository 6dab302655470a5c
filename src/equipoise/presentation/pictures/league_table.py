"""League table: every treatment versus every other; network and direct evidence in tables that read the same way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    TRACE_URL,
    cell_label,
    cell_number,
    checked_identifier,
    element,
    join,
    safe,
    table,
)
from equipoise.presentation.pictures.intervals import Interval, interval_text, no_difference
from equipoise.presentation.pictures.scale import Scale

_FITS_PAPER: Final = 8
"""A table of more treatments is wider than a sheet; on paper its list stands instead."""


@dataclass(frozen=True, slots=True)
class LeagueWords:
    """Words inside the tables, so that each language has its own."""

    network: str = "Network results: direct and indirect evidence together"
    direct: str = "Direct evidence alone: only trials that compare the two"
    reading: str = "Each cell: the treatment of its row versus the treatment of its column. {measure}. {direction}"
    strong: str = "Bold: the interval leaves out no difference."
    quiet: str = "Not bold: the interval includes no difference."
    versus: str = "{treatment} versus {reference}"
    column: str = "versus {reference}"
    is_quiet: str = "the interval includes no difference"
    no_network: str = "not connected"
    no_direct: str = "no trial"
    comparison: str = "Comparison"
    network_head: str = "Network"
    direct_head: str = "Direct"


@dataclass(frozen=True, slots=True)
class LeagueCell:
    """One comparison.

    Parameters
    ----------
    treatment, reference
        The two treatments; the effect is treatment versus reference.
    effect
        Estimate with its interval.
    """

    treatment: str
    reference: str
    effect: Interval


@dataclass(frozen=True, slots=True)
class LeagueTable:
    """Every treatment versus every other.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome and population.
    measure
        Effect measure with the kind of interval.
    direction
        Sentence that says which way is good, such as "Below 1: fewer relapses with the treatment of the row."
    treatments
        In the order of rows and columns.
    network, direct
        Comparisons, each pair once in either direction; they are turned around where the table needs it.
    scale
        ``log`` for ratios, ``linear`` for differences.
    decimals
        Decimals of the numbers in the text.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the tables.

    Raises
    ------
    ValueError
        If there are fewer than two treatments, a name is there twice, a comparison is there twice or of an unknown
        treatment, or a ratio or one of its limits is not positive.
    """

    id: str
    title: str
    measure: str
    direction: str
    treatments: tuple[str, ...]
    network: tuple[LeagueCell, ...]
    direct: tuple[LeagueCell, ...] = ()
    scale: Scale = "log"
    decimals: int = 2
    trace_url: str | None = TRACE_URL
    words: LeagueWords = LeagueWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if len(self.treatments) < 2 or len(set(self.treatments)) < len(self.treatments):
            raise ValueError("a league table needs at least two treatments, each with a name of its own.")
        for cells in (self.network, self.direct):
            if len({frozenset((cell.treatment, cell.reference)) for cell in cells}) < len(cells):
                raise ValueError("a comparison stands in the league table twice.")
            for cell in cells:
                self._check(cell)

    def _check(self, cell: LeagueCell) -> None:
        for name in (cell.treatment, cell.reference):
            if name not in self.treatments:
                raise ValueError(f"{name!r} is not one of the treatments.")
        if cell.treatment == cell.reference:
            raise ValueError(f"{cell.treatment!r} cannot be compared with itself.")
        if self.scale == "log" and cell.effect.low <= 0:
            raise ValueError(f"{cell.treatment!r} versus {cell.reference!r}: a ratio and its limits are positive.")


def league_tables(league: LeagueTable) -> Markup:
    """Write the two tables; on a phone they scroll sideways under a first column that stays.

    Parameters
    ----------
    league
        What to write.

    Returns
    -------
    Markup
        One ``<div>`` with a table of network results and, where there are any, one of direct evidence.
    """
    words = league.words
    tables = [_triangle(league, "network", words.network, _effects(league, league.network), words.no_network)]
    if league.direct:
        tables.append(_triangle(league, "direct", words.direct, _effects(league, league.direct), words.no_direct))
    is_wide = len(league.treatments) > _FITS_PAPER
    return element("div", *tables, class_="picture-tables is-wide" if is_wide else "picture-tables")


def league_list(league: LeagueTable) -> Markup:
    """Give the same numbers as a plain list: one row per comparison, network and direct evidence beside each other."""
    words = league.words
    network, direct = _effects(league, league.network), _effects(league, league.direct)
    rows = []
    for position, treatment in enumerate(league.treatments):
        for reference in league.treatments[:position]:
            cells = [
                cell_number(_text(league, found), league.trace_url, found.estimate_id) if found else cell_label(nothing)
                for found, nothing in (
                    (network.get((treatment, reference)), words.no_network),
                    (direct.get((treatment, reference)), words.no_direct),
                )
            ]
            rows.append((safe(_versus(league, treatment, reference)), *cells))
    return table(f"{league.title}: {league.measure}", (words.comparison, words.network_head, words.direct_head), rows)


def _effects(league: LeagueTable, cells: tuple[LeagueCell, ...]) -> Mapping[tuple[str, str], Interval]:
    """Every effect, the later treatment versus the earlier one."""
    place = {name: position for position, name in enumerate(league.treatments)}
    effects: dict[tuple[str, str], Interval] = {}
    for cell in cells:
        if place[cell.treatment] > place[cell.reference]:
            effects[cell.treatment, cell.reference] = cell.effect
        else:
            effects[cell.reference, cell.treatment] = cell.effect.turned(league.scale)
    return effects


def _triangle(
    league: LeagueTable, kind: str, name: str, effects: Mapping[tuple[str, str], Interval], nothing: str
) -> Markup:
    words = league.words
    caption = f"{league.title}. {name}"
    columns = league.treatments[:-1]
    head = [element("td", Markup("")), *(_head(words.column.format(reference=column), "col") for column in columns)]
    rows = []
    for position, treatment in enumerate(league.treatments[1:], start=1):
        cells = [_cell(league, treatment, column, effects, nothing) for column in columns[:position]]
        rows.append(
            element("tr", _head(treatment, "row"), *cells, *[element("td", Markup(""))] * (len(columns) - position))
        )
    reading = words.reading.format(measure=league.measure, direction=league.direction)
    note = " ".join((reading.strip(), words.strong, words.quiet))
    drawn = element(
        "table",
        element("caption", element("span", safe(caption), data_label=""), _note(note), data_label=""),
        element("thead", element("tr", *head)),
        element("tbody", *rows),
        class_="league",
    )
    return element(
        "div", drawn, class_="table-wrap", id=f"{league.id}-{kind}", tabindex=0, role="region", aria_label=caption
    )


def _note(text: str) -> Markup:
    return element("small", safe(text), data_label="", class_="frame")


def _head(text: str, scope: str) -> Markup:
    return element("th", safe(text), scope=scope, data_label="")


def _cell(
    league: LeagueTable, treatment: str, reference: str, effects: Mapping[tuple[str, str], Interval], nothing: str
) -> Markup:
    """One comparison in full for those who hear it, in short for those who see its row and column."""
    versus = _hidden(f"{_versus(league, treatment, reference)}: ")
    effect = effects.get((treatment, reference))
    if effect is None:
        return element("td", versus, cell_label(nothing), class_="is-quiet")
    number = cell_number(_text(league, effect), league.trace_url, effect.estimate_id)
    if not _includes_none(league, effect):
        return element("td", versus, number)
    return element("td", join([versus, number, _hidden(f" ({league.words.is_quiet})")]), class_="is-quiet")


def _includes_none(league: LeagueTable, effect: Interval) -> bool:
    """Whether no difference lies in the interval as it is written: a limit that reads 1.00 includes it."""
    null = no_difference(league.scale)
    return round(effect.low, league.decimals) <= null <= round(effect.high, league.decimals)


def _hidden(text: str) -> Markup:
    return element("span", safe(text), class_="visually-hidden", data_label="")


def _text(league: LeagueTable, effect: Interval) -> str:
    """Estimate and interval; a line may break between the two, not inside the interval."""
    return interval_text(
        effect, league.scale, league.decimals, "{estimate} ({low}\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}{high})"
    )


def _versus(league: LeagueTable, treatment: str, reference: str) -> str:
    return league.words.versus.format(treatment=treatment, reference=reference)
