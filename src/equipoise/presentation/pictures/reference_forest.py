"""Forest of a network: every treatment against one reference, with what a next trial may show and how certain it is."""

from dataclasses import dataclass, field
from typing import Final, Literal

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import TRACE_URL, cell_label, cell_number, checked_identifier, safe, table
from equipoise.presentation.pictures.interval_chart import (
    IntervalChart,
    IntervalRow,
    interval_chart,
    mark_sample,
    null_sample,
    prediction_sample,
)
from equipoise.presentation.pictures.intervals import Interval, axis_of, interval_text, no_difference
from equipoise.presentation.pictures.numerals import decimal
from equipoise.presentation.pictures.scale import Scale

Certainty = Literal["high", "moderate", "low", "very-low"]

_DOTS: Final[dict[Certainty, int]] = {"high": 4, "moderate": 3, "low": 2, "very-low": 1}


@dataclass(frozen=True, slots=True)
class ReferenceForestWords:
    """Words inside the picture, so that each language has its own."""

    versus: str = "Versus {reference}"
    prediction: str = "next trial: {low} to {high}"
    certainty: dict[Certainty, str] = field(
        default_factory=lambda: {
            "high": "high certainty",
            "moderate": "moderate certainty",
            "low": "low certainty",
            "very-low": "very low certainty",
        }
    )
    certainty_head: str = "Certainty"
    no_direct: str = "no direct trial"
    key_null: str = "no difference"
    key_direct: str = "network result with its interval; some of the evidence is direct"
    key_indirect: str = "network result from indirect evidence only"
    key_prediction: str = "range in which a next trial is expected (prediction interval)"


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One treatment against the reference.

    Parameters
    ----------
    treatment
        Its name.
    effect
        Network estimate, treatment versus reference.
    prediction
        Limits of the prediction interval.
    certainty
        Certainty of the evidence; None when it was not judged.
    has_direct
        Whether a trial compares the two; False draws a hollow mark and says so.
    """

    treatment: str
    effect: Interval
    prediction: tuple[float, float] | None = None
    certainty: Certainty | None = None
    has_direct: bool = True


@dataclass(frozen=True, slots=True)
class ReferenceForest:
    """All treatments against one.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome and population.
    reference
        Treatment that the others are compared with.
    measure
        Effect measure with the kind of interval.
    rows
        Treatments, in the order in which they are drawn.
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
        If there are no rows, a ratio is not positive, or a prediction interval does not hold its estimate.
    """

    id: str
    title: str
    reference: str
    measure: str
    rows: tuple[ReferenceRow, ...]
    favours_low: str
    favours_high: str
    scale: Scale = "log"
    decimals: int = 2
    trace_url: str | None = TRACE_URL
    words: ReferenceForestWords = field(default_factory=ReferenceForestWords)

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.rows:
            raise ValueError("a forest of a network needs at least one row.")
        for row in self.rows:
            row.effect.check(self.scale)
            if row.prediction and not row.prediction[0] <= row.effect.estimate <= row.prediction[1]:
                raise ValueError(f"{row.treatment!r}: the prediction interval does not hold the estimate.")


def reference_forest_plot(forest: ReferenceForest) -> Markup:
    """Draw the forest for wide and for narrow places.

    Parameters
    ----------
    forest
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    rows, words = tuple(_row(row, forest) for row in forest.rows), forest.words
    beyond = [limit for row in forest.rows for limit in row.prediction or ()]
    entries = [(null_sample(), words.key_null)]
    if any(row.has_direct for row in forest.rows):
        entries.append((mark_sample("square"), words.key_direct))
    if not all(row.has_direct for row in forest.rows):
        entries.append((mark_sample("hollow"), words.key_indirect))
    if any(row.prediction for row in forest.rows):
        entries.append((prediction_sample(), words.key_prediction))
    versus = words.versus.format(reference=forest.reference)
    sentences = [". ".join((row.label, *row.texts, *row.notes)) for row in rows]
    chart = IntervalChart(
        id=forest.id,
        title=forest.title,
        description=f"{versus}. {forest.measure}. {'. '.join(sentences)}.",
        head=versus,
        measure=forest.measure,
        rows=rows,
        axis=axis_of([row.effect for row in forest.rows], beyond, forest.scale),
        null=no_difference(forest.scale),
        favours_low=forest.favours_low,
        favours_high=forest.favours_high,
        entries=tuple(entries),
        trace_url=forest.trace_url,
    )
    return interval_chart(chart, "picture-reference-forest")


def reference_forest_table(forest: ReferenceForest) -> Markup:
    """Give the same numbers as an HTML table."""
    words = forest.words
    head = (words.versus.format(reference=forest.reference), forest.measure, words.certainty_head)
    rows = []
    for row in forest.rows:
        drawn = _row(row, forest)
        notes = cell_label("; ".join(drawn.notes)) if drawn.notes else Markup("")
        number = cell_number("; ".join(drawn.texts), forest.trace_url, row.effect.estimate_id)
        rows.append((safe(row.treatment), number, notes))
    return table(forest.title, head, rows)


def _row(row: ReferenceRow, forest: ReferenceForest) -> IntervalRow:
    texts = [interval_text(row.effect, forest.scale, forest.decimals)]
    if row.prediction:
        low, high = (decimal(limit, forest.decimals, is_ratio=forest.scale == "log") for limit in row.prediction)
        texts.append(forest.words.prediction.format(low=low, high=high))
    notes = []
    if row.certainty:
        filled = _DOTS[row.certainty]
        dots = "\N{BLACK CIRCLE}" * filled + "\N{WHITE CIRCLE}" * (4 - filled)
        notes.append(f"{dots} {forest.words.certainty[row.certainty]}")
    notes += [] if row.has_direct else [forest.words.no_direct]
    return IntervalRow(
        row.treatment,
        tuple(texts),
        "square" if row.has_direct else "hollow",
        row.effect.estimate,
        row.effect.low,
        row.effect.high,
        row.prediction,
        tuple(notes),
        row.effect.estimate_id,
    )
