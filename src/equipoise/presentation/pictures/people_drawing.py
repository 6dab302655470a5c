"""Drawing of the same people under each option: icons only, the words stand beside them as text of the page."""

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from equipoise.presentation.pictures.drawing import INK, TINT, coordinate, element, frame, join
from equipoise.presentation.pictures.icon_drawing import definitions, icons_of, styles
from equipoise.presentation.pictures.people_array import SHOWN, PeopleArrays, PeopleCounts, people_counts
from equipoise.presentation.pictures.region import region

_A_ROW: Final = 10
_WIDTH: Final = 30.0
_HEIGHT: Final = 31.0
_EDGE: Final = 2.0

_PLACES: Final = [(_EDGE + _WIDTH * (i % _A_ROW + 0.5), _EDGE + _HEIGHT * (i // _A_ROW + 0.5)) for i in range(SHOWN)]

KEY_NAMES: Final = ("certain", "uncertain", "possible", "unaffected")


def people_array(arrays: PeopleArrays, position: int) -> Markup:
    """Draw the hundred people under one option.

    Parameters
    ----------
    arrays
        All options, because the line around those who differ is the same in each drawing.
    position
        Which option.

    Returns
    -------
    Markup
        One ``<svg>`` without text, to stand beside the words.
    """
    group, identifier = arrays.groups[position], f"{arrays.id}-{position + 1}"
    counts = people_counts(group)
    drawn = [definitions(identifier), *_contour(*arrays.differing), *_people(identifier, counts)]
    return frame(
        identifier,
        _A_ROW * _WIDTH + 2 * _EDGE,
        SHOWN / _A_ROW * _HEIGHT + 2 * _EDGE,
        f"{arrays.title}: {group.label}",
        _description(arrays, counts),
        drawn,
        class_="people-array",
    )


def key_icon(arrays: PeopleArrays, name: str) -> Markup:
    """Draw one icon of the key: one of ``KEY_NAMES``, or ``line`` for the line around those who differ."""
    identifier = f"{arrays.id}-key-{name}"
    if name == "line":
        body = [_outline([(2.0, 4.0), (28.0, 4.0), (28.0, 27.0), (2.0, 27.0)])]
    else:
        body = [definitions(identifier), icons_of(identifier, name, styles(identifier, False)[name], [(15.0, 15.5)])]
    return element(
        "svg",
        join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 30 31",
        class_="key-icon",
        aria_hidden="true",
        focusable="false",
    )


def _description(arrays: PeopleArrays, counts: PeopleCounts) -> str:
    return arrays.words.summary.format(
        affected=counts.affected,
        others=SHOWN - counts.affected,
        people=SHOWN,
        event=arrays.happens_to(counts.affected),
        no_event=arrays.spares(SHOWN - counts.affected),
        low=counts.low,
        high=counts.high,
    )


def _people(identifier: str, counts: PeopleCounts) -> Iterator[Markup]:
    start = 0
    for name, count in counts.styles:
        yield icons_of(identifier, name, styles(identifier, False)[name], _PLACES[start : start + count])
        start += count


def _contour(start: int, end: int) -> Iterator[Markup]:
    for corners in region(start, end, _A_ROW):
        yield _outline([(_EDGE + _WIDTH * column, _EDGE + _HEIGHT * row) for column, row in corners])


def _outline(points: list[tuple[float, float]]) -> Markup:
    text = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in points)
    return element("polygon", points=text, fill=TINT, stroke=INK, stroke_width=1.8, stroke_linejoin="round")
