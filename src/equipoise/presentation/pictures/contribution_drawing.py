"""Stacked bars of contributions: one bar per result, its parts in the pattern of their risk of bias."""

from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.contribution_bars import (
    RISKS,
    ContributionRow,
    Contributions,
    Risk,
    risk_text,
    source_text,
)
from equipoise.presentation.pictures.drawing import (
    NARROW_WIDTH,
    RULE,
    STRONG,
    SURFACE,
    TEXT_SIZE,
    TINT,
    WIDE_WIDTH,
    axis_label,
    coordinate,
    element,
    frame,
    height_of,
    join,
    label,
    number,
    trace_link,
    wrapped,
)
from equipoise.presentation.pictures.forest_marks import line
from equipoise.presentation.pictures.legend import legend
from equipoise.presentation.pictures.numerals import percent

_BAR: Final = 24.0
_WIDE_BARS: Final = 250.0
"""Where bars begin in wide places."""


def contribution_plot(picture: Contributions) -> Markup:
    """Draw one stacked bar per comparison for wide and for narrow places.

    Parameters
    ----------
    picture
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="picture">`` with an ``<svg>`` for wide places and one for narrow places.
    """
    layouts = _layout(picture, "wide", WIDE_WIDTH), _layout(picture, "narrow", NARROW_WIDTH)
    return element("div", *layouts, class_="picture picture-contributions")


def _layout(picture: Contributions, layout: str, width: float) -> Markup:
    identifier = f"{picture.id}-{layout}"
    left = _WIDE_BARS if layout == "wide" else 0.0
    right = width - 22
    body, y = [_patterns(identifier)], 4.0
    for row in picture.rows:
        drawn, y = _row(picture, identifier, row, (left, right), width, y)
        body.append(drawn)
    for share in (0.0, 0.5, 1.0):
        x = left + share * (right - left)
        anchor = "start" if share == 0 else "middle"
        body.append(axis_label(x, y + TEXT_SIZE, percent(share), anchor=anchor))
    used = {part.risk for row in picture.rows for part in row.shares if part.share > 0}
    entries = [(_sample(identifier, risk), picture.words.risk[risk]) for risk in RISKS if risk in used]
    key, end = legend(entries, y + 28, width)
    sentences = [f"{row.comparison}: {risk_text(row, picture)}; {source_text(row, picture)}" for row in picture.rows]
    description = ". ".join(sentences) + "."
    return frame(identifier, width, end, picture.title, description, [*body, key], class_=f"picture-{layout}")


def _row(
    picture: Contributions, identifier: str, row: ContributionRow, bar: tuple[float, float], width: float, top: float
) -> tuple[Markup, float]:
    """Name beside or above the bar, and what it is made of below it."""
    is_beside = bar[0] > 0
    name = wrapped(row.comparison, bar[0] - 20 if is_beside else width, bold=True)
    start = top + 4 if is_beside else top + height_of(len(name)) + 4
    texts = wrapped(f"{risk_text(row, picture)}:", width - bar[0]) if len(row.by_risk) > 1 else ()
    texts += wrapped(source_text(row, picture), width - bar[0])
    below = start + _BAR + 4
    words = number(bar[0], below + TEXT_SIZE, texts, row.estimate_id)
    end = max(below + height_of(len(texts)), top + height_of(len(name)) + 4) + 12
    body = [
        label(0.0, top + TEXT_SIZE + (2 if is_beside else 0), name, bold=True),
        *_stack(identifier, row, bar, start),
        trace_link(picture.trace_url, row.estimate_id, words),
        line(0, end - 4, width, end - 4, RULE),
    ]
    return join(body), end


def _stack(identifier: str, row: ContributionRow, bar: tuple[float, float], top: float) -> list[Markup]:
    parts, x = [], bar[0]
    for part in row.ordered:
        width = min(part.share, 1.0) * (bar[1] - bar[0])
        if width > 0:
            parts.append(_piece(identifier, part.risk, x, top, width, _BAR))
        x += width
    return parts


def _piece(identifier: str, risk: Risk, x: float, y: float, width: float, height: float) -> Markup:
    """Part of a bar; grey print keeps plain, hatched, full and dotted apart."""
    fill = {"low": TINT, "high": STRONG}.get(risk, f"url(#{identifier}-{risk})")
    stroke = SURFACE if risk == "high" else STRONG
    return element(
        "rect", x=x, y=y, width=width, height=height, fill=fill, stroke=stroke, stroke_width=1.2, class_=f"risk-{risk}"
    )


def _sample(identifier: str, risk: Risk) -> Markup:
    return _piece(identifier, risk, 0.0, -12.0, 20.0, 13.0)


def _patterns(identifier: str) -> Markup:
    def pattern(name: str, size: float, *marks: Markup, turn: float = 0.0) -> Markup:
        ground = element("rect", width=size, height=size, fill=SURFACE)
        return element(
            "pattern",
            ground,
            *marks,
            id=f"{identifier}-{name}",
            width=size,
            height=size,
            patternUnits="userSpaceOnUse",
            patternTransform=f"rotate({coordinate(turn)})",
        )

    stripe = element("rect", width=2.4, height=6.0, fill=STRONG)
    dot = element("circle", cx=3.0, cy=3.0, r=1.1, fill=STRONG)
    return element("defs", pattern("some", 6.0, stripe, turn=45.0), pattern("unclear", 6.0, dot))
