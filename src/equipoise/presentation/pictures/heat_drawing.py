"""Drawing of a net heat plot: grounds, squares and numbers; names beside the rows or in a list."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    INK,
    NARROW_WIDTH,
    RULE,
    SOFT,
    STRONG,
    SURFACE,
    TEXT_SIZE,
    WIDE_WIDTH,
    axis_label,
    element,
    frame,
    height_of,
    join,
    label,
    number,
    text_width,
    trace_link,
    wrapped,
)
from equipoise.presentation.pictures.legend import Entry, legend
from equipoise.presentation.pictures.net_heat import NetHeat, change_text
from equipoise.presentation.pictures.numerals import decimal

_NAME_WIDTH: Final = 230.0
_LARGEST_CELL: Final = 72.0
_NUMERAL_WIDTH: Final = 28.0
_OPACITY: Final = (0.0, 0.1, 0.22, 0.36)
"""Ground by level; text on the deepest still has a contrast above 4.5 to 1 in every scheme."""


def net_heat_plot(picture: NetHeat) -> Markup:
    """Draw the plot for wide and for narrow places.

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
    return element("div", *layouts, class_="picture picture-net-heat")


def _layout(picture: NetHeat, layout: str, width: float) -> Markup:
    identifier, words = f"{picture.id}-{layout}", picture.words
    name_width = _NAME_WIDTH if len(picture.comparisons) < 9 else 190.0
    names = [wrapped(name, name_width) for name in picture.comparisons]
    is_wide = layout == "wide"
    left = _NUMERAL_WIDTH + (name_width + 14 if is_wide else 0)
    cell = min(_LARGEST_CELL, (width - left - 2) / len(names))
    rows = [max(cell, height_of(len(name)) + 6, 60.0) if is_wide else cell for name in names]
    intro = wrapped(words.rows, width)
    top = height_of(len(intro)) + 30
    body = [_patterns(identifier), label(0.0, TEXT_SIZE, intro)]
    body += [axis_label(left + cell * (k + 0.5), top - 6, str(k + 1)) for k in _shown(len(rows), cell)]
    y = top
    for k, (name, height) in enumerate(zip(names, rows, strict=True)):
        middle = y + height / 2
        if k in _shown(len(rows), cell):
            body.append(axis_label(left - 8, middle + 5, str(k + 1), anchor="end"))
        if is_wide:
            body.append(label(0.0, middle + 5 - height_of(len(name) - 1) / 2, name))
        body.append(_row(picture, identifier, k, (left, y), (cell, height), min(cell, *rows)))
        y += height
    if not is_wide:
        listed, y = _names(picture.comparisons, y + 10)
        body += listed
    key, end = legend(_entries(picture, identifier, has_numbers=_has_numbers(picture, cell)), y + 10, width)
    return frame(identifier, width, end, picture.title, _description(picture), [*body, key], class_=f"picture-{layout}")


def _shown(n: int, cell: float) -> Sequence[int]:
    """Rows and columns whose number finds room."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, n) if step * cell >= 22 or step >= n)
    return range(0, n, step)


def _has_numbers(picture: NetHeat, cell: float) -> bool:
    """Whether every number fits into its cell."""
    return cell >= 38 and all(text_width(change_text(value)) < cell - 4 for row in picture.change for value in row)


def _row(
    picture: NetHeat, identifier: str, k: int, corner: tuple[float, float], size: tuple[float, float], largest: float
) -> Markup:
    """Cells of one row; their numbers share one link, because they come from one decomposition."""
    cells, numbers = [], []
    for column, (hat, change) in enumerate(zip(picture.hat[k], picture.change[k], strict=True)):
        x, y = corner[0] + size[0] * column, corner[1]
        cells.append(_cell(picture, identifier, (x, y), size, change))
        cells += _square_of(picture, (x, y), size, largest, hat)
        if _has_numbers(picture, size[0]) and picture.level(change):
            drawn = change_text(change)
            plate = text_width(drawn) + 2
            middle, base = x + size[0] / 2, y + size[1] - 6
            if change < 0:  # dots would disturb the reading
                ground = element(
                    "rect", x=middle - plate / 2, y=base - 13, width=plate, height=17.0, fill=SURFACE, rx=2
                )
                cells.append(ground)
            numbers.append(number(middle, base, (drawn,), picture.estimate_id, anchor="middle"))
    if not numbers:
        return join(cells)
    return join([*cells, trace_link(picture.trace_url, picture.estimate_id, *numbers)])


def _cell(
    picture: NetHeat, identifier: str, corner: tuple[float, float], size: tuple[float, float], change: float
) -> Markup:
    """Ground of a cell by its change."""
    (x, y), (width, height) = corner, size
    level = picture.level(change)
    frame_of = {"x": x, "y": y, "width": width, "height": height}
    ground = element("rect", **frame_of, fill=SURFACE, stroke=RULE, stroke_width=1)
    marks = [ground]
    if level and change > 0:
        marks.append(element("rect", **frame_of, fill=STRONG, fill_opacity=_OPACITY[level], class_="disagrees"))
    elif level:
        marks.append(element("rect", **frame_of, fill=f"url(#{identifier}-dots-{level})", class_="agrees"))
    return join(marks)


def _square_of(
    picture: NetHeat, corner: tuple[float, float], size: tuple[float, float], largest: float, hat: float
) -> list[Markup]:
    """Square by the share of the column in the row: the same share is the same size in every cell."""
    below = 24.0 if _has_numbers(picture, size[0]) else 4.0
    side = min(largest - below, size[0] - 6) * min(1.0, abs(hat)) ** 0.5
    if side < 1:
        return []
    return [_square(corner[0] + size[0] / 2, corner[1] + (size[1] - below) / 2 + min(below, 6.0) / 2, side)]


def _square(x: float, y: float, side: float) -> Markup:
    return element(
        "rect",
        x=x - side / 2,
        y=y - side / 2,
        width=side,
        height=side,
        fill=SOFT,
        stroke=INK,
        stroke_width=1.2,
        class_="leans",
    )


def _names(comparisons: Sequence[str], top: float) -> tuple[list[Markup], float]:
    body: list[Markup] = []
    y = top
    for k, name in enumerate(comparisons, start=1):
        lines = wrapped(name, NARROW_WIDTH - 30)
        body += [axis_label(20.0, y + TEXT_SIZE, str(k), anchor="end"), label(30.0, y + TEXT_SIZE, lines)]
        y += height_of(len(lines)) + 2
    return body, y


def _entries(picture: NetHeat, identifier: str, *, has_numbers: bool) -> list[Entry]:
    words = picture.words
    shade = element("rect", x=0.0, y=-13.0, width=20.0, height=15.0, fill=STRONG, fill_opacity=_OPACITY[3])
    dots = element("rect", x=0.0, y=-13.0, width=20.0, height=15.0, fill=f"url(#{identifier}-dots-3)", stroke=RULE)
    entries = [(join([_square(4.0, -5.0, 5.0), _square(15.0, -5.0, 11.0)]), words.key_square)]
    entries += [(shade, words.key_more), (dots, words.key_less)]
    if has_numbers:
        entries.append((Markup(""), words.key_none.format(least=decimal(picture.least, 1))))
    return entries


def _description(picture: NetHeat) -> str:
    """Say where the largest disagreements lie; the rest stands in the table."""
    found = sorted(
        (
            (change, row, column)
            for row, changes in zip(picture.comparisons, picture.change, strict=True)
            for column, change in zip(picture.comparisons, changes, strict=True)
            if change >= picture.least
        ),
        key=lambda entry: -entry[0],
    )
    sentences = [f"{row}, {column}: {change_text(change)}" for change, row, column in found[:5]]
    return ". ".join([picture.words.rows.rstrip("."), *sentences]) + "."


def _patterns(identifier: str) -> Markup:
    """Dots that stand closer where the change is larger."""
    return element(
        "defs",
        *(
            element(
                "pattern",
                element("circle", cx=pitch / 2, cy=pitch / 2, r=1.1, fill=STRONG),
                id=f"{identifier}-dots-{level}",
                width=pitch,
                height=pitch,
                patternUnits="userSpaceOnUse",
            )
            for level, pitch in ((1, 9.0), (2, 6.5), (3, 4.5))
        ),
    )
