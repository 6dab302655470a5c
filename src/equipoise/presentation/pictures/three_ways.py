"""One comparison seen three ways: directly, indirectly and by the whole network; and whether they agree."""

from dataclasses import dataclass

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import TRACE_URL, cell_label, cell_number, checked_identifier, safe, table
from equipoise.presentation.pictures.interval_chart import (
    IntervalChart,
    IntervalRow,
    Mark,
    interval_chart,
    mark_sample,
    null_sample,
)
from equipoise.presentation.pictures.intervals import Interval, axis_of, interval_text, no_difference
from equipoise.presentation.pictures.numerals import p_value, percent
from equipoise.presentation.pictures.scale import Scale


@dataclass(frozen=True, slots=True)
class ThreeWaysWords:
    """Words inside the picture, so that each language has its own."""

    evidence: str = "Evidence"
    note: str = "Note"
    direct: str = "Direct"
    indirect: str = "Indirect"
    network: str = "Network, both together"
    difference: str = "Direct against indirect"
    ratio_note: str = "direct result divided by the indirect one"
    difference_note: str = "direct result minus the indirect one"
    trials: str = "{n} trials compare the two"
    one_trial: str = "1 trial compares the two"
    share: str = "{share} of the network result"
    no_direct: str = "No trial compares the two directly."
    no_indirect: str = "No other trials connect the two."
    no_difference: str = "Cannot be checked: there is only one kind of evidence."
    versus: str = "{treatment} versus {reference}"
    key_null: str = "no difference"
    key_part: str = "direct or indirect evidence with its interval"
    key_network: str = "network result with its interval"
    key_difference: str = "disagreement; at the line of no difference the two agree"


@dataclass(frozen=True, slots=True)
class ThreeWays:
    """Direct, indirect and network evidence on one comparison.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome and population.
    treatment, reference
        The comparison; every effect is treatment versus reference.
    measure
        Effect measure with the kind of interval.
    network
        Network result.
    direct, indirect
        The two kinds of evidence; None where there is none.
    difference
        Direct minus indirect; the ratio of the two on a log scale. None when one of them is missing.
    p
        Of the difference.
    trials
        Number of trials that compare the two directly.
    share_direct
        Share of the direct evidence in the network result, 0 to 1.
    favours_low, favours_high
        Direction labels under the axis.
    scale
        ``log`` for ratios, ``linear`` for differences.
    decimals
        Decimals of the numbers in the text.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If a difference is given without both kinds of evidence, a p value or share lies outside 0 to 1, or a ratio is
        not positive.
    """

    id: str
    title: str
    treatment: str
    reference: str
    measure: str
    network: Interval
    direct: Interval | None
    indirect: Interval | None
    favours_low: str
    favours_high: str
    difference: Interval | None = None
    p: float | None = None
    trials: int | None = None
    share_direct: float | None = None
    scale: Scale = "log"
    decimals: int = 2
    trace_url: str | None = TRACE_URL
    words: ThreeWaysWords = ThreeWaysWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if self.difference is not None and (self.direct is None or self.indirect is None):
            raise ValueError("a difference needs both direct and indirect evidence.")
        for name, value in (("p", self.p), ("share_direct", self.share_direct)):
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"{name} {value}: expected 0 to 1.")
        for interval in self.intervals:
            interval.check(self.scale)

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """All results that there are."""
        found = self.direct, self.indirect, self.network, self.difference
        return tuple(interval for interval in found if interval is not None)

    @property
    def versus(self) -> str:
        """Both treatments in words."""
        return self.words.versus.format(treatment=self.treatment, reference=self.reference)


def three_ways_plot(picture: ThreeWays) -> Markup:
    """Draw the three results and their disagreement for wide and for narrow places.

    Parameters
    ----------
    picture
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    words = picture.words
    samples: list[tuple[Mark, str]] = [("square", words.key_part), ("diamond", words.key_network)]
    if picture.difference:
        samples.append(("circle", words.key_difference))
    rows = _rows(picture)
    sentences = [". ".join((row.label, *row.notes, *row.texts)) for row in rows]
    chart = IntervalChart(
        id=picture.id,
        title=f"{picture.title}: {picture.versus}",
        description=f"{picture.measure}. {'. '.join(sentences)}.",
        head=words.evidence,
        measure=picture.measure,
        rows=rows,
        axis=axis_of(picture.intervals, (), picture.scale),
        null=no_difference(picture.scale),
        favours_low=picture.favours_low,
        favours_high=picture.favours_high,
        entries=((null_sample(), words.key_null), *((mark_sample(mark), text) for mark, text in samples)),
        trace_url=picture.trace_url,
    )
    return interval_chart(chart, "picture-three-ways")


def three_ways_table(picture: ThreeWays) -> Markup:
    """Give the same numbers as an HTML table."""
    rows = []
    for row in _rows(picture):
        text = "; ".join(row.texts)
        cell = cell_label(text) if row.estimate is None else cell_number(text, picture.trace_url, row.estimate_id)
        notes = cell_label("; ".join(row.notes)) if row.notes else Markup("")
        rows.append((safe(row.label), notes, cell))
    return table(
        f"{picture.title}: {picture.versus}", (picture.words.evidence, picture.words.note, picture.measure), rows
    )


def _rows(picture: ThreeWays) -> tuple[IntervalRow, ...]:
    words = picture.words
    difference_note = words.ratio_note if picture.scale == "log" else words.difference_note
    return (
        _row(picture, words.direct, picture.direct, (), words.no_direct, more=_direct_texts(picture)),
        _row(picture, words.indirect, picture.indirect, (), words.no_indirect),
        _row(picture, words.network, picture.network, (), "", mark="diamond"),
        _row(picture, words.difference, picture.difference, (difference_note,), words.no_difference, mark="circle"),
    )


def _row(
    picture: ThreeWays,
    name: str,
    result: Interval | None,
    notes: tuple[str, ...],
    nothing: str,
    *,
    mark: Mark = "square",
    more: tuple[str, ...] = (),
) -> IntervalRow:
    is_set_off = mark == "circle"
    if result is None:
        return IntervalRow(name, (nothing,), is_set_off=is_set_off)
    texts = [interval_text(result, picture.scale, picture.decimals), *more]
    if is_set_off and picture.p is not None:
        texts.append(p_value(picture.p))
    return IntervalRow(
        name,
        tuple(texts),
        mark,
        result.estimate,
        result.low,
        result.high,
        notes=notes,
        estimate_id=result.estimate_id,
        is_set_off=is_set_off,
    )


def _direct_texts(picture: ThreeWays) -> tuple[str, ...]:
    words, texts = picture.words, []
    if picture.trials is not None:
        texts.append(words.one_trial if picture.trials == 1 else words.trials.format(n=picture.trials))
    if picture.share_direct is not None:
        texts.append(words.share.format(share=percent(picture.share_direct)))
    return tuple(texts)
