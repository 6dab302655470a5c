"""What holds for every picture: people add up, markup is well formed, ids are unique, no number is without its mark."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from math import inf
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from equipoise.presentation.pictures import (
    Band,
    Event,
    ForestPlot,
    ForestRow,
    IconArrays,
    IconGroup,
    Lane,
    PooledRow,
    Timeline,
    forest_plot,
    forest_table,
    icon_arrays,
    icon_arrays_table,
    icon_counts,
    timeline_chart,
    timeline_table,
)
from equipoise.presentation.pictures.drawing import text_width, wrapped
from equipoise.presentation.pictures.icon_array import affected_text, not_affected_text
from equipoise.presentation.pictures.scale import axis_for
from equipoise.presentation.pictures.timeline import Mark

SVG = "{http://www.w3.org/2000/svg}"
MARKS = {"data-id", "data-axis", "data-label", "data-unsourced"}

names = st.text(max_size=60)
estimate_ids = st.none() | st.text(min_size=1, max_size=20)
trace_urls = st.sampled_from(["/trace/{id}", "#{id}", None])
denominators = st.sampled_from([10, 100, 1000])


@st.composite
def intervals(draw: st.DrawFn, low: float, high: float) -> tuple[float | None, float, float | None]:
    """Low, value and high in order; or only the value."""
    values = sorted(draw(st.lists(st.floats(low, high), min_size=3, max_size=3)))
    return (values[0], values[1], values[2]) if draw(st.booleans()) else (None, values[1], None)


@st.composite
def icon_pictures(draw: st.DrawFn) -> IconArrays:
    """Draw one to three options on one denominator."""
    denominator = draw(denominators)
    groups = []
    for _ in range(draw(st.integers(1, 3))):
        low, value, high = draw(intervals(0, denominator))
        groups.append(IconGroup(draw(names), value, low, high, draw(estimate_ids)))
    return IconArrays(
        "i", draw(names), tuple(groups), draw(names), draw(names), denominator, trace_url=draw(trace_urls)
    )


@st.composite
def forests(draw: st.DrawFn) -> ForestPlot:
    """Draw trials and pooled results, on either scale."""
    scale = draw(st.sampled_from(["log", "linear"] if draw(st.booleans()) else ["log"]))
    span = (1e-3, 1e3) if scale == "log" else (-1e3, 1e3)
    rows, pooled = [], []
    for _ in range(draw(st.integers(1, 4))):
        low, value, high = draw(intervals(*span))
        weight, n = draw(st.none() | st.floats(0, 100)), draw(st.none() | st.integers(0, 10**7))
        rows.append(ForestRow(draw(names), value, low, high, weight, n, draw(names), draw(estimate_ids)))
    for _ in range(draw(st.integers(0, 2))):
        ends = sorted(draw(st.lists(st.floats(*span), min_size=5, max_size=5)))
        has_prediction = draw(st.booleans())
        low, high = (ends[0], ends[4]) if has_prediction else (None, None)
        pooled.append(PooledRow(draw(names), ends[2], ends[1], ends[3], low, high, draw(names), draw(estimate_ids)))
    return ForestPlot(
        "f",
        draw(names),
        draw(names),
        tuple(rows),
        draw(names),
        draw(names),
        tuple(pooled),
        "log" if scale == "log" else "linear",
        trace_url=draw(trace_urls),
    )


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Draw lanes with events and bands, also beyond the last year."""
    lanes = []
    marks: st.SearchStrategy[Mark] = st.sampled_from(get_args(Mark))
    for _ in range(draw(st.integers(0, 2))):
        months = tuple(sorted(draw(st.lists(st.floats(0, 300), max_size=8))))
        captions = tuple(draw(st.lists(st.text(max_size=10), max_size=3)))
        event = Event(draw(names), months, draw(names), draw(marks), captions, draw(estimate_ids))
        start = draw(st.floats(0, 300))
        end = draw(st.floats(start, 400) | st.just(inf))
        band = Band(draw(names), start, end, draw(names), draw(st.sampled_from(["solid", "hatched"])))
        lanes.append(Lane(draw(names), (event,), (band,)))
    return Timeline("t", draw(names), tuple(lanes), draw(st.integers(1, 20)), draw(trace_urls))


def parsed(markup: Markup) -> ET.Element:
    """Parse our own markup as XML."""
    return ET.fromstring(markup)  # noqa: S314


def assert_sound(picture: Markup, data: Markup) -> None:
    """Well formed, unique ids that all references reach, one mark per text, and no number without one."""
    root, table = parsed(picture), parsed(data)
    ids = [element.get("id") for element in (*root.iter(), *table.iter()) if element.get("id")]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    targets = re.findall(r'<use href="#([^"]+)"', picture) + re.findall(r"url\(#([^)]+)\)", picture)
    assert set(targets) <= set(ids)
    for text in root.iter(f"{SVG}text"):
        assert len(MARKS & set(text.attrib)) == 1
        if "data-id" not in text.attrib:
            continue
        assert text.get("data-id")
    for head in (*table.iter("th"), *table.iter("caption")):
        assert len(MARKS & set(head.attrib)) == 1
    for cell in table.iter("td"):
        assert cell.text == "\N{EN DASH}" or [len(MARKS & set(inner.attrib)) for inner in cell] == [1]


@given(st.data(), denominators)
def test_icons_always_add_up_to_the_denominator(data: st.DataObject, denominator: int) -> None:
    low, value, high = data.draw(intervals(0, denominator))
    counts = icon_counts(IconGroup("x", value, low, high), denominator)
    assert counts.affected + counts.not_affected == denominator
    assert min(counts.certain, counts.uncertain, counts.possible, counts.unaffected) >= 0
    assert abs(counts.affected - value) <= 0.5


@given(st.data(), denominators)
def test_an_interval_never_changes_the_main_count(data: st.DataObject, denominator: int) -> None:
    low, value, high = data.draw(intervals(0, denominator))
    with_interval = icon_counts(IconGroup("x", value, low, high), denominator)
    assert with_interval.affected == icon_counts(IconGroup("x", value), denominator).affected


def places_of(icons: ET.Element) -> list[tuple[str | None, str | None]]:
    """Where the icons of one style stand: elements of their own, or dots in one path."""
    points = [point.split(" ") for path in icons.iter(f"{SVG}path") for point in path.get("d", "").split("M")[1:]]
    dots: list[tuple[str | None, str | None]] = [(x, y.removesuffix("h0")) for x, y in points]
    return [(use.get("x"), use.get("y")) for use in icons.iter(f"{SVG}use")] + dots


@settings(max_examples=25)
@given(icon_pictures())
def test_drawn_icons_equal_the_counts_and_no_two_share_a_place(arrays: IconArrays) -> None:
    drawn = list(parsed(icon_arrays(arrays)).iter(f"{SVG}svg"))
    for group, svg in zip(arrays.groups, drawn, strict=True):
        counts, places = icon_counts(group, arrays.denominator), set()
        for style in ("certain", "uncertain", "possible", "unaffected"):
            icons = svg.find(f"{SVG}g[@class='icons icons-{style}']")
            assert icons is not None
            assert len(places_of(icons)) == getattr(counts, style)
            places.update(places_of(icons))
        assert len(places) == arrays.denominator


@settings(max_examples=25)
@given(icon_pictures())
def test_the_same_people_stand_in_the_same_places(arrays: IconArrays) -> None:
    places = [
        [place for icons in svg.iter(f"{SVG}g") if "icons " in icons.get("class", "") for place in places_of(icons)]
        for svg in parsed(icon_arrays(arrays)).iter(f"{SVG}svg")
    ]
    assert all(place == places[0] for place in places)


@given(st.floats(0, 100))
def test_both_frames_tell_of_everybody(value: float) -> None:
    group = IconGroup("x", value)
    arrays = IconArrays("x", "x", (group,), "had it", "did not")
    with_event, without = affected_text(group, arrays), not_affected_text(group, arrays)
    counts = icon_counts(group, 100)
    if "than" in with_event + without:
        assert 0 < value < 100
        assert {counts.affected, counts.not_affected} == {0, 100}
        assert ("fewer" in with_event) == ("more" in without)
    else:
        assert (with_event, without) == (f"{counts.affected} of 100 had it", f"{counts.not_affected} of 100 did not")


@settings(max_examples=40)
@given(icon_pictures())
def test_icon_arrays_are_sound_for_any_text(arrays: IconArrays) -> None:
    assert_sound(icon_arrays(arrays), icon_arrays_table(arrays))


@settings(max_examples=100)
@given(forests())
def test_forest_plots_are_sound_for_any_text(plot: ForestPlot) -> None:
    assert_sound(forest_plot(plot), forest_table(plot))


@settings(max_examples=100)
@given(timelines())
def test_timelines_are_sound_for_any_text(chart: Timeline) -> None:
    assert_sound(timeline_chart(chart), timeline_table(chart))


@given(forests())
def test_every_estimate_lies_on_the_axis(plot: ForestPlot) -> None:
    assert all(plot.axis.holds(row.estimate) for row in plot.all_rows)
    assert plot.axis.holds(plot.no_difference)
    assert plot.no_difference in plot.axis.ticks
    assert list(plot.axis.ticks) == sorted(set(plot.axis.ticks))
    assert 2 <= len(plot.axis.ticks) <= 9


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_ratio_and_its_inverse_mirror_each_other(first: float, second: float) -> None:
    there = axis_for([first], [second], "log", 1.0)
    back = axis_for([1 / first], [1 / second], "log", 1.0)
    assert there.place(first) == pytest.approx(1 - back.place(1 / first))


@given(st.text(), st.floats(20, 700))
def test_wrapping_keeps_every_word_and_fits(text: str, width: float) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line) <= width for line in lines)
