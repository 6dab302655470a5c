"""What holds for the pictures of a range and of rare harms: what is said is drawn, and stays on its scale."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.presentation.pictures import FIELD, RangeBar, RareField, range_bar, rare_field
from equipoise.presentation.pictures.rare_field import A_COLUMN
from equipoise.presentation.pictures.region import region

SVG = "{http://www.w3.org/2000/svg}"
PITCH = 3.0
Points = list[tuple[float, float]]


@st.composite
def fields(draw: st.DrawFn) -> RareField:
    low, affected, high = sorted(draw(st.lists(st.integers(0, FIELD), min_size=3, max_size=3)))
    limits = draw(st.sampled_from([(low, high), None]))
    return RareField("f", "title", "said", affected, limits)


@st.composite
def bars(draw: st.DrawFn) -> RangeBar:
    low, value, high, top = sorted(draw(st.lists(st.floats(0, 1e4), min_size=4, max_size=4)))
    limits = draw(st.sampled_from([(low, high), None]))
    return RangeBar("b", "title", "said", value, limits, max(top, 1.0), ("0", "top"))


@given(fields())
def test_as_many_people_are_dark_as_are_said(field: RareField) -> None:
    root = ET.fromstring(rare_field(field))  # noqa: S314 - our own markup
    lines = [path.get("d", "") for path in root.iter(f"{SVG}path")]
    lengths = [float(length) for d in lines for length in re.findall(r"v([\d.]+)", d)]
    assert sum(round((length + 0.5) / PITCH) for length in lengths) == field.affected


@given(fields())
def test_the_frame_holds_as_many_people_as_the_range(field: RareField) -> None:
    drawn = list(ET.fromstring(rare_field(field)).iter(f"{SVG}polygon"))  # noqa: S314 - our own markup
    if field.limits is None or field.limits[0] == field.limits[1]:
        assert not drawn
        return
    assert round(sum(area(corners_of(one)) for one in drawn) / PITCH**2) == field.limits[1] - field.limits[0]


def corners_of(polygon: ET.Element) -> Points:
    pairs = (point.split(",") for point in polygon.get("points", "").split())
    return [(float(x), float(y)) for x, y in pairs]


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 20))
def test_a_region_holds_the_places_between_its_ends(first: int, second: int, a_row: int) -> None:
    start, end = sorted((first, second))
    pieces = [[(float(x), float(y)) for x, y in corners] for corners in region(start, end, a_row)]
    assert round(sum(map(area, pieces))) == end - start


def area(points: Points) -> float:
    """Area of a polygon by its corners."""
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


@given(bars())
def test_a_bar_stays_on_its_scale_and_its_mark_within_its_range(bar: RangeBar) -> None:
    root = ET.fromstring(range_bar(bar))  # noqa: S314 - our own markup
    *band, mark = root.iter(f"{SVG}rect")
    middle = float(mark.get("x", "")) + float(mark.get("width", "")) / 2
    assert 8 - 0.01 <= middle <= 292 + 0.01
    assert len(band) == (bar.limits is not None)
    for one in band:
        left, width = float(one.get("x", "")), float(one.get("width", ""))
        assert left - 0.02 <= middle <= left + width + 0.02


@pytest.mark.parametrize(
    "make",
    [
        lambda: RareField("f", "", "", 5, (6, 7)),
        lambda: RareField("f", "", "", FIELD + 1),
        lambda: RangeBar("b", "", "", 5.0, (6.0, 7.0), 10.0, ("", "")),
        lambda: RangeBar("b", "", "", 5.0, None, 4.0, ("", "")),
    ],
)
def test_what_cannot_be_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match="expected 0 <= low"):
        make()  # type: ignore[operator]


def test_every_drawing_says_in_words_what_it_shows() -> None:
    assert FIELD % A_COLUMN == 0
    for drawing in (
        rare_field(RareField("f", "title", "said", 3, (1, 9))),
        range_bar(RangeBar("b", "title", "said", 3.0, (1.0, 9.0), 10.0, ("0", "10"))),
    ):
        root = ET.fromstring(drawing)  # noqa: S314 - our own markup
        assert root.get("role") == "img"
        assert [e.text for e in root if e.tag in {f"{SVG}title", f"{SVG}desc"}] == ["title", "said"]
