"""Prior and posterior of the heterogeneity: what was assumed about tau, and what the trials made of it."""

import itertools
import math
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    NARROW_WIDTH,
    STRONG,
    TEXT_SIZE,
    TRACE_URL,
    WIDE_WIDTH,
    cell_number,
    checked_identifier,
    coordinate,
    element,
    frame,
    height_of,
    join,
    label,
    number,
    safe,
    table,
    trace_link,
    wrapped,
)
from equipoise.presentation.pictures.forest_marks import line
from equipoise.presentation.pictures.numerals import decimal
from equipoise.presentation.pictures.plane import Plane, room_for, ticks_to, x_axis

_DASHES: Final = ("8 5", None)
_WIDTHS: Final = (1.8, 2.8)
_REACH: Final = 5.0
"""The axis goes at most this many times as far as the posterior; a wide prior ends in an arrow."""


@dataclass(frozen=True, slots=True)
class TauWords:
    """Words inside the picture, so that each language has its own."""

    prior: str = "Before the trials (prior)"
    posterior: str = "After the trials (posterior)"
    density: str = "Higher: more probable"
    quantiles: str = "median {median}, 95% between {low} and {high}"
    curve_head: str = "Heterogeneity"
    median_head: str = "Median"
    interval_head: str = "95% interval"
    interval: str = "{low} to {high}"


@dataclass(frozen=True, slots=True)
class TauDensity:
    """One distribution of tau.

    Parameters
    ----------
    points
        Values of tau, ascending from zero or more, each with its density.
    low, median, high
        Quantiles at 2.5, 50 and 97.5%.
    estimate_id
        Id of the row that the numbers come from.
    detail
        Which distribution, such as "half-normal, scale 0.5".
    """

    points: tuple[tuple[float, float], ...]
    low: float
    median: float
    high: float
    estimate_id: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TauCurve:
    """Prior and posterior of tau on one axis.

    Parameters
    ----------
    id
        Start of every id in the markup; unique on the page.
    title
        Outcome and population.
    axis
        Name of the axis, such as "tau, standard deviation of log rate ratios between trials".
    prior, posterior
        The two distributions.
    decimals
        Decimals of the numbers in the text.
    trace_url
        Address of an estimate's trace with ``{id}`` in it; None draws no links.
    words
        Words inside the picture.

    Raises
    ------
    ValueError
        If a curve has fewer than two points, tau is negative or not ascending, a density is negative or not finite, or
        quantiles are out of order.
    """

    id: str
    title: str
    axis: str
    prior: TauDensity
    posterior: TauDensity
    decimals: int = 2
    trace_url: str | None = TRACE_URL
    words: TauWords = TauWords()

    def __post_init__(self) -> None:
        checked_identifier(self.id)
        for _, curve in self.curves:
            taus = [tau for tau, _ in curve.points]
            if len(taus) < 2 or taus[0] < 0 or any(b <= a for a, b in itertools.pairwise(taus)):
                raise ValueError("a density of tau needs two points or more, from zero upwards.")
            if not all(math.isfinite(tau) and math.isfinite(height) and height >= 0 for tau, height in curve.points):
                raise ValueError("a density of tau is finite and not negative.")
            if not 0 <= curve.low <= curve.median <= curve.high < math.inf:
                raise ValueError(
                    f"expected 0 <= low <= median <= high, found {curve.low}, {curve.median}, {curve.high}."
                )

    @property
    def curves(self) -> tuple[tuple[str, TauDensity], ...]:
        """Name and density, prior first."""
        return (self.words.prior, self.prior), (self.words.posterior, self.posterior)


def tau_plot(picture: TauCurve) -> Markup:
    """Draw both densities for wide and for narrow places.

    Parameters
    ----------
    picture
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    layouts = _layout(picture, "wide", WIDE_WIDTH, 240.0), _layout(picture, "narrow", NARROW_WIDTH, 190.0)
    return element("div", *layouts, class_="picture picture-tau")


def tau_table(picture: TauCurve) -> Markup:
    """Give the quantiles as an HTML table."""
    words = picture.words
    rows = []
    for name, curve in picture.curves:
        median, low, high = (decimal(value, picture.decimals) for value in (curve.median, curve.low, curve.high))
        texts = median, words.interval.format(low=low, high=high)
        cells = [cell_number(text, picture.trace_url, curve.estimate_id) for text in texts]
        rows.append((safe(_name(name, curve)), *cells))
    return table(f"{picture.title}: {picture.axis}", (words.curve_head, words.median_head, words.interval_head), rows)


def _name(name: str, curve: TauDensity) -> str:
    return f"{name}: {curve.detail}" if curve.detail else name


def _quantiles(picture: TauCurve, curve: TauDensity) -> str:
    values = {name: decimal(getattr(curve, name), picture.decimals) for name in ("low", "median", "high")}
    return picture.words.quantiles.format(**values)


def _layout(picture: TauCurve, layout: str, width: float, height: float) -> Markup:
    posterior, prior = picture.posterior.high, picture.prior.high
    ticks = ticks_to(max(posterior, min(prior, _REACH * posterior) if posterior else prior))
    tops = [density for _, curve in picture.curves for tau, density in curve.points if tau <= ticks[-1]]
    top = height_of(1) + 12
    side = max(26.0, room_for(ticks) / 2)
    plane = Plane(side, top, width - side, top + height, 0.0, ticks[-1], 0.0, max([*tops, 1e-9]) * 1.04)
    body = [label(0.0, TEXT_SIZE, wrapped(picture.words.density, width)), x_axis(plane, ticks)]
    for (_, curve), dash, stroke in zip(picture.curves, _DASHES, _WIDTHS, strict=True):
        body += [*_drop(plane, curve, dash), _curve(plane, curve, dash, stroke)]
    name = wrapped(picture.axis, width)
    body.append(label(width / 2, plane.bottom + 26 + TEXT_SIZE, name, anchor="middle"))
    y = plane.bottom + 26 + height_of(len(name)) + 12
    for (title, curve), dash, stroke in zip(picture.curves, _DASHES, _WIDTHS, strict=True):
        drawn, y = _summary(picture, _name(title, curve), curve, (dash, stroke), plane, y)
        body.append(drawn)
    sentences = [f"{_name(name, curve)}: {_quantiles(picture, curve)}" for name, curve in picture.curves]
    description = f"{picture.axis}. {'. '.join(sentences)}."
    return frame(f"{picture.id}-{layout}", width, y, picture.title, description, body, class_=f"picture-{layout}")


def _curve(plane: Plane, curve: TauDensity, dash: str | None, stroke: float) -> Markup:
    """Line through the points; it ends at the edge of the plane."""
    inside = [(tau, density) for tau, density in curve.points if tau <= plane.x_high]
    beyond = next(((tau, density) for tau, density in curve.points if tau > plane.x_high), None)
    if inside and beyond:
        (a, low), (b, high) = inside[-1], beyond
        inside.append((plane.x_high, low + (high - low) * (plane.x_high - a) / (b - a)))
    if not inside:
        return Markup("")
    points = " ".join(f"{coordinate(plane.x(tau))},{coordinate(plane.y(density))}" for tau, density in inside)
    return element("polyline", points=points, fill="none", stroke=STRONG, stroke_width=stroke, stroke_dasharray=dash)


def _drop(plane: Plane, curve: TauDensity, dash: str | None) -> list[Markup]:
    """Line from the median up to the curve, where the median lies on the axis."""
    if curve.median > plane.x_high:
        return []
    x = plane.x(curve.median)
    after = next(((t, d) for t, d in curve.points if t >= curve.median), curve.points[-1])
    before = next(((t, d) for t, d in reversed(curve.points) if t <= curve.median), curve.points[0])
    share = (curve.median - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
    height = before[1] + (after[1] - before[1]) * min(1.0, max(0.0, share))
    return [line(x, plane.bottom, x, plane.y(height), STRONG, 1.2, dash="2 3" if dash else None)]


def _summary(
    picture: TauCurve, name: str, curve: TauDensity, style: tuple[str | None, float], plane: Plane, top: float
) -> tuple[Markup, float]:
    """Name with a sample of its line, quantiles in words, and the interval below the axis."""
    width = plane.left + plane.right
    lines, texts = wrapped(name, width - 36, bold=True), wrapped(_quantiles(picture, curve), width - 36)
    baseline = top + TEXT_SIZE
    sample = element(
        "line",
        x1=0.0,
        y1=baseline - 5,
        x2=28.0,
        y2=baseline - 5,
        stroke=STRONG,
        stroke_width=style[1],
        stroke_dasharray=style[0],
    )
    numbers = number(36.0, baseline + height_of(len(lines)), texts, curve.estimate_id)
    y = top + height_of(len(lines) + len(texts)) + 12
    bar = _range_bar(curve, style, plane, y)
    body = [sample, label(36.0, baseline, lines, bold=True), trace_link(picture.trace_url, curve.estimate_id, numbers)]
    return join([*body, *bar]), y + 16


def _range_bar(curve: TauDensity, style: tuple[str | None, float], plane: Plane, y: float) -> list[Markup]:
    """Interval with a dot at the median; an arrow where it leaves the axis."""
    low, high = plane.x(curve.low), plane.x(curve.high)
    body = [
        element("line", x1=low, y1=y, x2=high, y2=y, stroke=STRONG, stroke_width=style[1], stroke_dasharray=style[0]),
        line(low, y - 5, low, y + 5, STRONG, 1.6),
    ]
    if curve.high > plane.x_high:
        points = " ".join(f"{coordinate(x)},{coordinate(v)}" for x, v in ((high + 10, y), (high, y - 6), (high, y + 6)))
        body.append(element("polygon", points=points, fill=STRONG, class_="beyond-axis"))
    else:
        body.append(line(high, y - 5, high, y + 5, STRONG, 1.6))
    if curve.median <= plane.x_high:
        body.append(element("circle", cx=plane.x(curve.median), cy=y, r=5.0, fill=STRONG))
    return body
