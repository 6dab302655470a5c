"""Comparison-adjusted funnel: do small trials of a network find more than large ones."""

import math
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    NARROW_WIDTH,
    STRONG,
    TEXT_SIZE,
    TRACE_URL,
    WIDE_WIDTH,
    cell_label,
    cell_number,
    checked_identifier,
    element,
    frame,
    height_of,
    label,
    number,
    safe,
    table,
    text_width,
    trace_link,
    wrapped,
)
from equipoise.presentation.pictures.forest_marks import line
from equipoise.presentation.pictures.legend import Entry, legend
from equipoise.presentation.pictures.numerals import decimal, p_value
from equipoise.presentation.pictures.plane import Plane, marker, room_for, ticks_to, x_axis, y_axis
from equipoise.presentation.pictures.scale import axis_for

_NORMAL_95: Final = 1.959964
"""Two-sided 95% quantile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class FunnelWords:
    """Words inside the picture, so that each language has its own."""

    standard_error: str = "Standard error (large trials at the top)"
    key_mean: str = "mean of each comparison"
    key_limits: str = "where 95 of 100 trials would lie if chance alone moved them (pseudo 95% limits)"
    asymmetry: str = "test of asymmetry: {p}"
    caution: str = "Asymmetry has more causes than missing trials; with few trials it is easily missed."
    all_trials: str = "All trials"
    study: str = "Trial"
    comparison: str = "Comparison"
    standard_error_head: str = "Standard error"
    summary: str = "{n} trials in {k} comparisons"


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One comparison in one trial.

    Parameters
    ----------
    study
        Name of the trial.
    comparison
        Treatment versus reference, named in the direction that the whole plot uses.
    deviation
        Its effect minus the mean of the comparison, on the analysis scale (logarithm of a ratio).
    se
        Standard error of the effect.
    estimate_id
        Estimate that the numbers come from.
    """

    study: str
    comparison: str
    deviation: float
    se: float
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """Trials of a network around the means of their comparisons.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome and population.
    deviation
        Name of the horizontal axis, such as "Log rate ratio minus the mean of its comparison".
    favours_low, favours_high
        What lies left and right, such as "favours the newer treatment".
    points
        Trials.
    asymmetry_p, asymmetry_id
        Of the test of asymmetry, and the id of its row.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If there are no points, a deviation is not finite, a standard error is not positive, or p is not 0 to 1.
    """

    id: str
    title: str
    deviation: str
    favours_low: str
    favours_high: str
    points: tuple[FunnelPoint, ...]
    asymmetry_p: float | None = None
    asymmetry_id: str | None = None
    trace_url: str | None = TRACE_URL
    words: FunnelWords = FunnelWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        if not self.points:
            raise ValueError("a funnel needs at least one trial.")
        for point in self.points:
            if not (math.isfinite(point.deviation) and math.isfinite(point.se) and point.se > 0):
                raise ValueError(f"{point.study!r}: expected a finite deviation and a positive standard error.")
        if self.asymmetry_p is not None and not 0 <= self.asymmetry_p <= 1:
            raise ValueError(f"p {self.asymmetry_p}: expected 0 to 1.")

    @property
    def comparisons(self) -> tuple[str, ...]:
        """Comparisons in the order of their first appearance."""
        return tuple(dict.fromkeys(point.comparison for point in self.points))


def funnel_plot(picture: Funnel) -> Markup:
    """Draw the funnel for wide and for narrow places.

    Parameters
    ----------
    picture
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    layouts = _layout(picture, "wide", WIDE_WIDTH, 340.0), _layout(picture, "narrow", NARROW_WIDTH, 260.0)
    return element("div", *layouts, class_="picture picture-funnel")


def funnel_table(picture: Funnel) -> Markup:
    """Give the same numbers as an HTML table."""
    words = picture.words
    rows = [
        (
            safe(point.study),
            cell_label(point.comparison),
            cell_number(decimal(point.deviation, 2), picture.trace_url, point.estimate_id),
            cell_number(decimal(point.se, 3), picture.trace_url, point.estimate_id),
        )
        for point in picture.points
    ]
    if picture.asymmetry_p is not None:
        test = cell_number(_asymmetry(picture), picture.trace_url, picture.asymmetry_id)
        rows.append((safe(words.all_trials), Markup(""), test, Markup("")))
    return table(picture.title, (words.study, words.comparison, picture.deviation, words.standard_error_head), rows)


def _asymmetry(picture: Funnel) -> str:
    return "" if picture.asymmetry_p is None else picture.words.asymmetry.format(p=p_value(picture.asymmetry_p))


def _layout(picture: Funnel, layout: str, width: float, height: float) -> Markup:
    words = picture.words
    heading = wrapped(words.standard_error, width)
    top = height_of(len(heading)) + 14
    errors = ticks_to(max(point.se for point in picture.points))
    reach = _NORMAL_95 * errors[-1]
    axis = axis_for([*(point.deviation for point in picture.points), -reach, reach], (), "linear", 0.0)
    plane = Plane(
        room_for(errors) + 12,
        top,
        width - max(26.0, room_for(axis.ticks) / 2),
        top + height,
        axis.low,
        axis.high,
        errors[-1],
        0.0,
    )
    body = [
        label(0.0, TEXT_SIZE, heading),
        y_axis(plane, errors),
        x_axis(plane, axis.ticks),
        *_limits(plane, errors[-1]),
        *_points(picture, plane),
    ]
    foot, y = _foot(picture, plane.bottom + 26, width)
    key, end = legend(_entries(picture), y + 8, width)
    caution = wrapped(words.caution, width)
    body += [*foot, key, label(0.0, end + TEXT_SIZE, caution)]
    summary = words.summary.format(n=len(picture.points), k=len(picture.comparisons))
    description = ". ".join(filter(None, (summary, picture.deviation, _asymmetry(picture), words.caution)))
    return frame(
        f"{picture.id}-{layout}",
        width,
        end + height_of(len(caution)) + 4,
        picture.title,
        description,
        body,
        class_=f"picture-{layout}",
    )


def _limits(plane: Plane, highest: float) -> list[Markup]:
    """Mean and pseudo limits; where a limit would leave the plane it ends at the edge."""
    body = [line(plane.x(0.0), plane.top, plane.x(0.0), plane.bottom, INK, 1.4)]
    for side, edge in ((-1, plane.x_low), (1, plane.x_high)):
        se = min(highest, abs(edge) / _NORMAL_95)
        end = plane.x(side * _NORMAL_95 * se), plane.y(se)
        body.append(line(plane.x(0.0), plane.y(0.0), *end, STRONG, 1.4, dash="7 4"))
    return body


def _points(picture: Funnel, plane: Plane) -> list[Markup]:
    place = {name: position for position, name in enumerate(picture.comparisons)}
    return [marker(place[point.comparison], plane.x(point.deviation), plane.y(point.se)) for point in picture.points]


def _foot(picture: Funnel, top: float, width: float) -> tuple[list[Markup], float]:
    """Name and directions of the horizontal axis, and the test of asymmetry."""
    name = wrapped(picture.deviation, width)
    lower, upper = f"\N{LEFTWARDS ARROW} {picture.favours_low}", f"{picture.favours_high} \N{RIGHTWARDS ARROW}"
    first, second = wrapped(lower, width), wrapped(upper, width)
    is_beside = text_width(lower) + text_width(upper) < width - 20
    y = top + height_of(len(name))
    below = y if is_beside else y + height_of(len(first))
    body = [
        label(width / 2, top + TEXT_SIZE, name, anchor="middle"),
        label(0.0, y + TEXT_SIZE, first),
        label(width, below + TEXT_SIZE, second, anchor="end"),
    ]
    y = below + height_of(len(second))
    if picture.asymmetry_p is not None:
        lines = wrapped(_asymmetry(picture), width)
        drawn = number(0.0, y + 6 + TEXT_SIZE, lines, picture.asymmetry_id)
        body.append(trace_link(picture.trace_url, picture.asymmetry_id, drawn))
        y += 6 + height_of(len(lines))
    return body, y


def _entries(picture: Funnel) -> list[Entry]:
    words = picture.words
    marks = [(marker(position, 10.0, -5.0), name) for position, name in enumerate(picture.comparisons)]
    mean = line(10, -13, 10, 2, INK, 1.4)
    dashes = line(0, -5, 20, -5, STRONG, 1.4, dash="7 4")
    return [*marks, (mean, words.key_mean), (dashes, words.key_limits)]
