"""Drawing of icon arrays: one person per icon, the same people in the same places for every option."""

import functools
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import (
    HEADING_SIZE,
    NARROW_WIDTH,
    SOFT,
    STRONG,
    TEXT_SIZE,
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
from equipoise.presentation.pictures.icon_array import (
    IconArrays,
    IconCounts,
    IconGroup,
    affected_text,
    description,
    icon_counts,
    interval_text,
    not_affected_text,
)

_GAP: Final = 10.0
_KEY_WIDTH: Final = 44.0
_PERSON: Final = "M0-12a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9zM-7.5 12.5v-7a7.5 7 0 0 1 15 0v7z"
_SQUARE: Final = "M-2.7-2.7h5.4v5.4h-5.4z"
_BOXED_DOT: Final = "M-2.7-2.7h5.4v5.4h-5.4zM-1.1-1.1v2.2h2.2v-2.2z"
_DOT: Final = "M0-1.7a1.7 1.7 0 1 1 0 3.4a1.7 1.7 0 1 1 0-3.4z"


def icon_arrays(arrays: IconArrays) -> Markup:
    """Draw the options side by side; on a phone they stack.

    Parameters
    ----------
    arrays
        What to draw.

    Returns
    -------
    Markup
        One ``<div class="icon-arrays">`` with one ``<svg>`` per option, all of the same size and look.
    """
    heading = max(len(_heading(group)) for group in arrays.groups)
    keys = [_key_lines(group, arrays) for group in arrays.groups]
    key_rows = tuple(max(len(lines[row]) for lines in keys) for row in range(3))
    pictures = [_option(arrays, position, heading, key_rows) for position in range(len(arrays.groups))]
    return element("div", *pictures, class_=f"picture icon-arrays icon-arrays-{arrays.denominator}")


def _heading(group: IconGroup) -> tuple[str, ...]:
    return wrapped(group.label, NARROW_WIDTH, HEADING_SIZE, bold=True)


def _key_lines(group: IconGroup, arrays: IconArrays) -> tuple[tuple[str, ...], ...]:
    sentences = affected_text(group, arrays), not_affected_text(group, arrays), interval_text(group, arrays)
    return tuple(wrapped(text, NARROW_WIDTH - _KEY_WIDTH, bold=row == 0) for row, text in enumerate(sentences))


def _option(arrays: IconArrays, position: int, heading: int, key_rows: tuple[int, ...]) -> Markup:
    group, identifier = arrays.groups[position], f"{arrays.id}-{position + 1}"
    counts = icon_counts(group, arrays.denominator)
    top = height_of(heading, HEADING_SIZE) + _GAP
    places = list(_places(arrays.denominator, top))
    bottom = max(y for _, y in places) + (8.0 if arrays.denominator == 1000 else 18.0)
    key, end = _key(arrays, group, identifier, bottom + _GAP, key_rows)
    body = [
        definitions(identifier),
        label(0.0, HEADING_SIZE, _heading(group), size=HEADING_SIZE, bold=True),
        *_icons(identifier, counts, places, arrays.denominator == 1000),
        key,
    ]
    return frame(
        identifier,
        NARROW_WIDTH,
        end,
        f"{arrays.title}: {group.label}",
        description(group, arrays),
        body,
        class_="icon-array",
    )


def _places(denominator: int, top: float) -> Iterator[tuple[float, float]]:
    """Centre of every icon, from the top left corner: tens in rows, or 10 blocks of 100 (20 by 5) in two columns."""
    if denominator < 1000:
        yield from ((15.0 + 30 * (i % 10), top + 15 + 31 * (i // 10)) for i in range(denominator))
        return
    pitch = 7.2
    for block in range(10):
        left, upper = 4.0 + 152.0 * (block % 2), top + 4 + (5 * pitch + 8) * (block // 2)
        yield from ((left + pitch * (i % 20), upper + pitch * (i // 20)) for i in range(100))


def definitions(identifier: str) -> Markup:
    """Shapes and the hatching of one picture, under ids of its own."""
    hatch = element(
        "pattern",
        element("rect", width=2.2, height=4, fill=STRONG),
        id=f"{identifier}-hatch",
        width=4,
        height=4,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    shapes = {"person": _PERSON, "square": _SQUARE, "boxed": _BOXED_DOT, "dot": _DOT}
    return element("defs", hatch, *(element("path", id=f"{identifier}-{name}", d=d) for name, d in shapes.items()))


def styles(identifier: str, is_small: bool) -> dict[str, dict[str, object]]:
    """Shape and paint of the four styles; fill, hatching and outline differ, so that grey print keeps them."""
    hollow: dict[str, object] = {"fill": "none", "stroke": STRONG, "stroke-width": 1.3 if is_small else 1.8}
    if is_small:
        return {
            "certain": {"shape": "square", "fill": STRONG},
            "uncertain": {"shape": "boxed", **hollow, "stroke-width": 1.1},
            "possible": {"shape": "square", **hollow, "stroke-width": 1.1},
            "unaffected": {"shape": "dot", "fill": SOFT},
        }
    return {
        "certain": {"shape": "person", "fill": STRONG, "stroke": STRONG, "stroke-width": 1.4},
        "uncertain": {"shape": "person", **hollow, "fill": f"url(#{identifier}-hatch)"},
        "possible": {"shape": "person", **hollow},
        "unaffected": {"shape": "person", "fill": SOFT, "stroke": SOFT, "stroke-width": 1.0},
    }


def _icons(identifier: str, counts: IconCounts, places: list[tuple[float, float]], is_small: bool) -> Iterator[Markup]:
    start = 0
    for name, paint in styles(identifier, is_small).items():
        size: int = getattr(counts, name)
        yield icons_of(identifier, name, paint, places[start : start + size])
        start += size


def icons_of(identifier: str, name: str, paint: dict[str, object], places: list[tuple[float, float]]) -> Markup:
    """Draw the icons of one style at their places."""
    if paint["shape"] == "dot":
        return _dots(name, places)
    shape = f"{identifier}-{paint['shape']}"
    uses = "".join(f'<use href="#{shape}"{_at(x, y)}/>' for x, y in places)
    rest = {key: value for key, value in paint.items() if key != "shape"}
    return element("g", Markup(uses), class_=f"icons icons-{name}", **rest)  # noqa: S704 - numbers and a checked id


@functools.cache
def _at(x: float, y: float) -> str:
    """Write a place; there are a few hundred, and every picture has a hundred of them."""
    return f' x="{coordinate(x)}" y="{coordinate(y)}"'


def _dots(name: str, places: list[tuple[float, float]]) -> Markup:
    """Draw many dots as one path of points with round ends: a quarter of the size of one element each."""
    points = "".join(f"M{coordinate(x)} {coordinate(y)}h0" for x, y in places)
    dots = element("path", d=points, fill="none", stroke=SOFT, stroke_width=3.4, stroke_linecap="round")
    return element("g", dots, class_=f"icons icons-{name}")


def _key(
    arrays: IconArrays, group: IconGroup, identifier: str, top: float, key_rows: tuple[int, ...]
) -> tuple[Markup, float]:
    """Sentences under the icons, each beside the icons that it speaks of."""
    has_interval = group.low is not None
    samples = (("certain",), ("unaffected",), ("uncertain", "possible") if has_interval else ())
    icons: list[Markup] = []
    numbers: list[Markup] = []
    words: list[Markup] = []
    y = top
    for row, lines in enumerate(_key_lines(group, arrays)):
        icons += _samples(identifier, samples[row], y + TEXT_SIZE * 0.7, arrays.denominator == 1000)
        baseline = y + TEXT_SIZE
        if row < 2 or has_interval:
            numbers.append(number(_KEY_WIDTH, baseline, lines, group.estimate_id, bold=row == 0))
        else:
            words.append(label(_KEY_WIDTH, baseline, lines))
        y += height_of(key_rows[row]) + _GAP
    return join([*icons, trace_link(arrays.trace_url, group.estimate_id, *numbers), *words]), y


def _samples(identifier: str, names: tuple[str, ...], y: float, is_small: bool) -> Iterator[Markup]:
    paints, scale = styles(identifier, is_small), 1.8 if is_small else 0.8
    for position, name in enumerate(names):
        paint = dict(paints[name])
        use = element("use", href=f"#{identifier}-{paint.pop('shape')}")
        place = f"translate({coordinate(9.0 + 20 * position)} {coordinate(y)}) scale({scale})"
        yield element("g", use, transform=place, class_="key", **paint)
