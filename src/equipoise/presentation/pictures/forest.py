"""Forest plot: every trial by itself, what was pooled, and where a next trial might fall."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import TRACE_URL, TraceUrl, cell_number, checked_identifier, safe, table
from equipoise.presentation.pictures.scale import Axis, Scale, axis_for, tick_text


@dataclass(frozen=True, slots=True)
class ForestWords:
    """Words inside the picture, so that each language has its own."""

    trial: str = "Trial"
    people: str = "People"
    interval: str = "{estimate} ({low} to {high})"
    no_interval: str = "{estimate}, interval not reported"
    prediction: str = "next trial: {low} to {high}"
    not_pooled: str = "not pooled"
    key_null: str = "no difference"
    key_pooled_trial: str = "trial; a larger square weighs more"
    key_beside_trial: str = "trial shown beside, not pooled"
    key_summary: str = "pooled result"
    key_prediction: str = "range in which a next trial is expected (prediction interval)"
    thousands: str = ","
    point: str = "."


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One trial.

    Parameters
    ----------
    label
        Name of the trial.
    estimate
        Effect, treatment versus reference.
    low, high
        Interval limits. Both, or neither when the interval was not reported.
    weight
        Share in the pooled result on any scale; None marks a trial that is shown but not pooled, drawn hollow.
    n
        People analysed.
    note
        Short remark, such as "both doses".
    estimate_id
        Estimate that the numbers come from.
    """

    label: str
    estimate: float
    low: float | None = None
    high: float | None = None
    weight: float | None = None
    n: int | None = None
    note: str = ""
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class PooledRow:
    """One pooled result.

    Parameters
    ----------
    label
        What was pooled and how.
    estimate, low, high
        Pooled effect and its interval.
    prediction_low, prediction_high
        Prediction interval. Both or neither.
    note
        Short remark.
    estimate_id
        Estimate that the numbers come from.
    """

    label: str
    estimate: float
    low: float
    high: float
    prediction_low: float | None = None
    prediction_high: float | None = None
    note: str = ""
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class ForestPlot:
    """Trials and pooled results on one axis.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome, contrast and horizon.
    measure
        Effect measure with the kind of interval, such as "Hazard ratio (95% interval)".
    rows, pooled
        What to draw, in this order.
    favours_low, favours_high
        Direction labels under the axis, such as "favours alemtuzumab".
    scale
        ``log`` for ratios, ``linear`` for differences.
    null
        Value of no difference; by default 1 on a log axis, 0 on a linear one.
    decimals
        Decimals of the numbers in the text.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If nothing is to be drawn, an interval is half given, out of order or not finite, or a ratio is not positive.
    """

    id: str
    title: str
    measure: str
    rows: tuple[ForestRow, ...]
    favours_low: str
    favours_high: str
    pooled: tuple[PooledRow, ...] = ()
    scale: Scale = "log"
    null: float | None = None
    decimals: int = 2
    trace_url: TraceUrl | None = TRACE_URL
    words: ForestWords = ForestWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.all_rows:
            raise ValueError("a forest plot needs at least one row.")
        if self.scale == "log" and self.no_difference <= 0:
            raise ValueError(f"null {self.null}: a log axis needs a positive value of no difference.")
        for row in self.all_rows:
            _check_interval(row.label, row.low, row.estimate, row.high)
            if self.scale == "log" and row.estimate <= 0:
                raise ValueError(f"{row.label!r}: {row.estimate} cannot stand on a log axis; ratios are positive.")
            if isinstance(row, PooledRow):
                _check_interval(row.label, row.prediction_low, row.estimate, row.prediction_high)

    @property
    def all_rows(self) -> tuple[ForestRow | PooledRow, ...]:
        """Trials, then pooled results."""
        return (*self.rows, *self.pooled)

    @property
    def no_difference(self) -> float:
        """Value of no difference."""
        if self.null is not None:
            return self.null
        return 1.0 if self.scale == "log" else 0.0

    @property
    def axis(self) -> Axis:
        """Axis that holds all estimates."""
        estimates = [row.estimate for row in self.all_rows]
        limits = [limit for row in self.all_rows for limit in (row.low, row.high) if limit is not None]
        beyond = [
            limit for row in self.pooled for limit in (row.prediction_low, row.prediction_high) if limit is not None
        ]
        return axis_for(estimates, limits + beyond, self.scale, self.no_difference)


def _check_interval(label: str, low: float | None, estimate: float, high: float | None) -> None:
    if (low is None) != (high is None):
        raise ValueError(f"{label!r}: give both limits of the interval or neither.")
    values = [estimate] if low is None or high is None else [low, estimate, high]
    if not all(math.isfinite(value) for value in values) or values != sorted(values):
        raise ValueError(f"{label!r}: expected finite low <= estimate <= high, found {low}, {estimate}, {high}.")


def forest_table(plot: ForestPlot) -> Markup:
    """Give the same numbers as an HTML table."""
    words = plot.words
    head = (words.trial, words.people, plot.measure)
    return table(plot.title, head, [*_trial_cells(plot), *_pooled_cells(plot)])


def _trial_cells(plot: ForestPlot) -> Iterator[tuple[Markup, ...]]:
    for row in plot.rows:
        people = (
            cell_number(people_text(row, plot), plot.trace_url, row.estimate_id) if row.n is not None else Markup("")
        )
        yield safe(full_label(row, plot)), people, cell_number(effect_text(row, plot), plot.trace_url, row.estimate_id)


def _pooled_cells(plot: ForestPlot) -> Iterator[tuple[Markup, ...]]:
    for row in plot.pooled:
        text = "; ".join(filter(None, (effect_text(row, plot), prediction_text(row, plot))))
        yield safe(full_label(row, plot)), Markup(""), cell_number(text, plot.trace_url, row.estimate_id)


def full_label(row: ForestRow | PooledRow, plot: ForestPlot) -> str:
    """Name of a row with its note, and that it was not pooled where others were."""
    beside = plot.words.not_pooled if plot.pooled and isinstance(row, ForestRow) and row.weight is None else ""
    notes = ", ".join(filter(None, (row.note, beside)))
    return f"{row.label} ({notes})" if notes else row.label


def effect_text(row: ForestRow | PooledRow, plot: ForestPlot) -> str:
    """Estimate and interval, such as "0.70 (0.40 to 1.23)"."""
    estimate = _decimal(row.estimate, plot)
    if row.low is None or row.high is None:
        return plot.words.no_interval.format(estimate=estimate)
    return plot.words.interval.format(estimate=estimate, low=_decimal(row.low, plot), high=_decimal(row.high, plot))


def prediction_text(row: PooledRow, plot: ForestPlot) -> str:
    """Prediction interval in words, or nothing when there is none."""
    if row.prediction_low is None or row.prediction_high is None:
        return ""
    low, high = _decimal(row.prediction_low, plot), _decimal(row.prediction_high, plot)
    return plot.words.prediction.format(low=low, high=high)


def people_text(row: ForestRow, plot: ForestPlot) -> str:
    """Number of people analysed, or nothing when it is not known."""
    return "" if row.n is None else f"{row.n:,}".replace(",", plot.words.thousands)


def _decimal(value: float, plot: ForestPlot) -> str:
    smallest = 10.0**-plot.decimals
    if plot.scale == "log" and 0 < value < smallest / 2:
        return f"<{smallest:.{plot.decimals}f}".replace(".", plot.words.point)
    text = f"{value:.{plot.decimals}f}"
    signed = (text.removeprefix("-") if not float(text) else text).replace("-", "\N{MINUS SIGN}")
    return signed.replace(".", plot.words.point)


def axis_text(value: float, plot: ForestPlot) -> str:
    """Label of a tick of the axis."""
    return tick_text(value).replace(".", plot.words.point)
