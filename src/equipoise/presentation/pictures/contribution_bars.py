"""Contributions: from which trials or direct comparisons each network result comes, and how sound those are."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    TRACE_URL,
    cell_number,
    checked_identifier,
    element,
    safe,
    table,
)
from equipoise.presentation.pictures.numerals import percent

Risk = Literal["low", "some", "high", "unclear"]
RISKS: Final[tuple[Risk, ...]] = ("low", "some", "high", "unclear")


@dataclass(frozen=True, slots=True)
class ContributionWords:
    """Words inside the picture, so that each language has its own."""

    comparison: str = "Comparison"
    risk: dict[Risk, str] = field(
        default_factory=lambda: {
            "low": "low risk of bias",
            "some": "some concerns",
            "high": "high risk of bias",
            "unclear": "risk of bias not judged",
        }
    )
    largest: str = "{share} {source}"
    rest: str = "{share} from {n} others"
    one_rest: str = "{share} from 1 other"
    by_risk: str = "{share} {risk}"


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a result that comes from one source.

    Parameters
    ----------
    source
        Trial or direct comparison.
    share
        Its share, 0 to 1.
    risk
        Risk of bias of the source.
    """

    source: str
    share: float
    risk: Risk = "unclear"


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One network result.

    Parameters
    ----------
    comparison
        Treatment versus reference.
    shares
        What it comes from; the shares add up to 1.
    estimate_id
        Estimate that is taken apart.
    """

    comparison: str
    shares: tuple[Share, ...]
    estimate_id: str | None = None

    @property
    def by_risk(self) -> dict[Risk, float]:
        """Share of each level of risk of bias that occurs, lowest risk first."""
        sums = {risk: math.fsum(part.share for part in self.shares if part.risk == risk) for risk in RISKS}
        return {risk: share for risk, share in sums.items() if share > 0}

    @property
    def ordered(self) -> tuple[Share, ...]:
        """Shares by level of risk, inside a level the largest first."""
        return tuple(sorted(self.shares, key=lambda part: (RISKS.index(part.risk), -part.share, part.source)))

    @property
    def largest(self) -> tuple[Share, ...]:
        """Shares that are named, the largest first."""
        named = sorted((part for part in self.shares if part.share > 0), key=lambda part: (-part.share, part.source))
        return tuple(named if len(named) <= 4 else named[:3])


@dataclass(frozen=True, slots=True)
class Contributions:
    """Network results, each taken apart.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome, and by which method the shares were found.
    rows
        Network results, in the order in which they are drawn.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there are no rows, a share is negative, the shares of a row do not add up to 1, or a source is there twice.
    """

    id: str
    title: str
    rows: tuple[ContributionRow, ...]
    trace_url: str | None = TRACE_URL
    words: ContributionWords = field(default_factory=ContributionWords)

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.rows:
            raise ValueError("contributions need at least one comparison.")
        for row in self.rows:
            total = math.fsum(part.share for part in row.shares)
            if any(part.share < 0 for part in row.shares) or not math.isclose(total, 1, abs_tol=1e-3):
                raise ValueError(f"{row.comparison!r}: shares are not negative and add up to 1, found {total:g}.")
            if len({part.source for part in row.shares}) < len(row.shares):
                raise ValueError(f"{row.comparison!r}: a source stands there twice.")

    @property
    def sources(self) -> tuple[str, ...]:
        """All sources, in the order of their first appearance."""
        return tuple(dict.fromkeys(part.source for row in self.rows for part in row.shares))


def risk_text(row: ContributionRow, picture: Contributions) -> str:
    """Share of each level of risk of bias in words."""
    words = picture.words
    return ", ".join(
        words.by_risk.format(share=percent(share), risk=words.risk[risk]) for risk, share in row.by_risk.items()
    )


def source_text(row: ContributionRow, picture: Contributions) -> str:
    """Largest sources in words, and how many are not named."""
    return "; ".join(_source_phrases(row, picture))


def _source_phrases(row: ContributionRow, picture: Contributions) -> Iterator[str]:
    words = picture.words
    for part in row.largest:
        yield words.largest.format(share=percent(part.share), source=part.source)
    rest = [part.share for part in row.shares if part.share > 0 and part not in row.largest]
    if rest:
        template = words.one_rest if len(rest) == 1 else words.rest
        yield template.format(share=percent(math.fsum(rest)), n=len(rest))


def contribution_table(picture: Contributions) -> Markup:
    """Give every share as an HTML table: one row per comparison, one column per source."""
    return table(picture.title, (picture.words.comparison, *picture.sources), list(_cells(picture)))


def contribution_heat(picture: Contributions) -> Markup:
    """Write every share into a table whose shades repeat the numbers; on a phone it scrolls sideways.

    Parameters
    ----------
    picture
        What to write.

    Returns
    -------
    Markup
        One ``<div>`` with the table.
    """
    head = [
        element("th", safe(name), scope="col", data_label="") for name in (picture.words.comparison, *picture.sources)
    ]
    body = []
    for row, cells in zip(picture.rows, _cells(picture), strict=True):
        shares = {part.source: part.share for part in row.shares}
        shaded = [
            element("td", cell or Markup("&#8211;"), data_shade=_shade(shares.get(source, 0.0)))
            for source, cell in zip(picture.sources, cells[1:], strict=True)
        ]
        body.append(element("tr", element("th", cells[0], scope="row", data_label=""), *shaded))
    caption = element("caption", element("span", safe(picture.title)), data_label="")
    drawn = element("table", caption, element("thead", element("tr", *head)), element("tbody", *body), class_="heat")
    wrap = element("div", drawn, class_="table-wrap", tabindex=0, role="region", aria_label=picture.title)
    return element("div", wrap, class_="picture-tables")


def _shade(share: float) -> int:
    """Shade of a cell: 0 for none to 3 for half and more."""
    return sum(share >= least for least in (0.05, 0.2, 0.5))


def _cells(picture: Contributions) -> Iterator[tuple[Markup, ...]]:
    for row in picture.rows:
        shares = {part.source: part.share for part in row.shares if part.share > 0}
        yield (
            safe(row.comparison),
            *(
                cell_number(percent(shares[source]), picture.trace_url, row.estimate_id)
                if source in shares
                else Markup("")
                for source in picture.sources
            ),
        )
