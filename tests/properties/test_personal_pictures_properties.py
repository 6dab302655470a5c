"""What holds for every picture of a person: icons add up, the same people stand in the same places, bands widen."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.presentation.frequencies import Frequency
from equipoise.presentation.personal_effects import frequency
from equipoise.presentation.personal_words import event_words, joined, people_words, width_words
from equipoise.presentation.pictures import (
    AcceptabilityBar,
    FanOption,
    FanPoint,
    PeopleArrays,
    PeopleGroup,
    RelapseFan,
    acceptability_bar,
    people_array,
    people_arrays_table,
    people_counts,
    relapse_fan_plot,
    relapse_fan_table,
    shared_bands,
    whole_counts,
    worlds_text,
)
from tests.support.personal_samples import result

SVG = "{http://www.w3.org/2000/svg}"
MARKS = {"data-id", "data-axis", "data-label", "data-unsourced"}
names = st.text(max_size=40)


@st.composite
def people(draw: st.DrawFn) -> PeopleGroup:
    low, value, high = sorted(draw(st.lists(st.floats(0, 100), min_size=3, max_size=3)))
    return PeopleGroup(draw(names), value, low, high, "e")


@st.composite
def pictures(draw: st.DrawFn) -> PeopleArrays:
    groups = tuple(draw(st.lists(people(), min_size=1, max_size=5)))
    return PeopleArrays("p", draw(names), groups, draw(names), draw(names))


@st.composite
def fans(draw: st.DrawFn) -> RelapseFan:
    options = []
    for _ in range(draw(st.integers(1, 5))):
        points = []
        for year in sorted(draw(st.sets(st.sampled_from([1.0, 2.0, 5.0]), min_size=1))):
            low, value, high = sorted(draw(st.lists(st.floats(0, 1e4), min_size=3, max_size=3)))
            points.append(FanPoint(year, value, low, high, "e"))
        options.append(FanOption(draw(names), tuple(points)))
    return RelapseFan("f", draw(names), tuple(options), year=draw(st.sampled_from([None, 1, 2])))


shares = st.lists(st.floats(0.001, 1), min_size=1, max_size=20).map(
    lambda raw: tuple(one / math.fsum(raw) for one in raw)
)


@given(people())
def test_icons_always_add_up_to_a_hundred(group: PeopleGroup) -> None:
    counts = people_counts(group)
    sizes = [size for _, size in counts.styles]
    assert sum(sizes) == 100
    assert min(sizes) >= 0
    assert abs(counts.affected - group.value) <= 0.5 + 1e-6


@given(people())
def test_rounding_never_looks_surer(group: PeopleGroup) -> None:
    counts = people_counts(group)
    assert counts.low <= group.low + 1e-6
    assert counts.high >= group.high - 1e-6


@given(st.lists(people(), min_size=1, max_size=20))
def test_people_are_nested_and_their_bands_add_up(groups: list[PeopleGroup]) -> None:
    bands = shared_bands(groups)
    assert sum(band.count for band in bands) == 100
    for position, group in enumerate(groups):
        under = sum(band.count for band in bands if position in band.members)
        assert under == people_counts(group).affected
    for more, fewer in itertools.pairwise(bands):
        assert set(fewer.members) < set(more.members)


@given(st.lists(people(), min_size=2, max_size=5))
def test_the_order_of_options_changes_no_band(groups: list[PeopleGroup]) -> None:
    there, back = shared_bands(groups), shared_bands(groups[::-1])
    assert [band.count for band in there] == [band.count for band in back]


@given(pictures())
def test_the_same_person_stands_in_the_same_place_under_every_option(arrays: PeopleArrays) -> None:
    places = set()
    for position in range(len(arrays.groups)):
        svg = ET.fromstring(people_array(arrays, position))  # noqa: S314
        uses = list(svg.iter(f"{SVG}use"))
        assert len(uses) == 100
        places.add(tuple((use.get("x"), use.get("y")) for use in uses))
        sized = [len(list(group.iter(f"{SVG}use"))) for group in svg.iter(f"{SVG}g")]
        assert sized == [size for _, size in people_counts(arrays.groups[position]).styles]
        assert svg.find(f"{SVG}title") is not None
        assert not list(svg.iter(f"{SVG}text"))
    assert len(places) == 1
    ET.fromstring(people_arrays_table(arrays))  # noqa: S314


@given(pictures())
def test_the_line_goes_round_exactly_those_who_differ(arrays: PeopleArrays) -> None:
    svg = people_array(arrays, 0)
    area = sum(_area(points) for points in re.findall(r'<polygon points="([^"]+)"', svg))
    first, last = arrays.differing
    assert area == pytest.approx(30 * 31 * (last - first))
    lowest = [
        float(y) for points in re.findall(r'<polygon points="([^"]+)"', svg) for y in re.findall(r",(\S+)", points)
    ]
    assert max(lowest, default=0.0) == (2 + 31 * math.ceil(last / 10) if last > first else 0.0)


def _area(points: str) -> float:
    corners = [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


@given(fans())
def test_a_fan_is_sound_and_every_panel_has_the_same_axes(fan: RelapseFan) -> None:
    picture = relapse_fan_plot(fan)
    root = ET.fromstring(picture)  # noqa: S314
    for text in root.iter(f"{SVG}text"):
        assert len(MARKS & set(text.attrib)) == 1
    for svg in root.iter(f"{SVG}svg"):
        panels = [g for g in svg.findall(f"{SVG}g") if g.find(f"{SVG}polygon") is not None]
        assert len(panels) == len(fan.options)
        axes = {tuple(t.text for t in g.iter(f"{SVG}text") if "data-axis" in t.attrib) for g in panels}
        assert len(axes) == 1
    ET.fromstring(relapse_fan_table(fan))  # noqa: S314
    assert "animate" not in picture


@given(shares, st.sampled_from([100, 1000]))
def test_worlds_are_counted_out_whole(parts: tuple[float, ...], total: int) -> None:
    counts = whole_counts(parts, total)
    assert sum(counts) == total
    assert all(abs(count - share * total) < 1 for count, share in zip(counts, parts, strict=True))


@given(shares)
def test_a_bar_is_full_whatever_the_ranks(parts: tuple[float, ...]) -> None:
    bar = AcceptabilityBar("b", "one", parts)
    svg = ET.fromstring(acceptability_bar(bar))  # noqa: S314
    widths = [float(r.get("width", "0")) for r in svg.iter(f"{SVG}rect") if (r.get("class") or "").startswith("rank-")]
    assert sum(widths) == pytest.approx(298, abs=0.05)


@given(st.floats(0, 1))
def test_a_share_is_never_said_to_be_none_or_all(share: float) -> None:
    text = worlds_text(share, math.floor(100 * share + 0.5))
    assert (text == "0 of 100") is (share == 0)
    assert (text == "100 of 100") is (share == 1)


@given(st.floats(0, 100), st.floats(0, 50), st.floats(0, 50), st.sampled_from([100, 1000, 10000]))
def test_both_sides_of_a_personal_count_add_up(value: float, below: float, above: float, denominator: int) -> None:
    scale = denominator / 100
    affected = value * scale
    limits = max(0.0, affected - below * scale), min(float(denominator), affected + above * scale)
    counted: Frequency = frequency(result("placebo", "relapse-free", 24, (affected, *limits), denominator=denominator))
    assert counted.affected + counted.unaffected == denominator
    assert counted.low is not None
    assert counted.high is not None
    assert 0 <= counted.low <= counted.affected <= counted.high <= denominator
    assert counted.low <= limits[0] + 1e-6
    assert counted.high >= limits[1] - 1e-6
    assert (counted.affected_words == "0") is (affected == 0)


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_wider_range_is_never_said_to_be_narrower(one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    rank = {"": 0, "This range is wide: the true number may differ.": 1}
    assert rank.get(width_words(0, narrow, 100), 2) <= rank.get(width_words(0, wide, 100), 2)


@pytest.mark.parametrize(
    ("words", "basis", "said"),
    [
        ("had no relapse", "personal", "would have no relapse"),
        ("had no relapse", "trial-arm", "had no relapse"),
        ("stopped the drug", "population", "would stop the drug"),
        ("did not", "personal", "would not"),
        ("never received it", "personal", "never received it"),
    ],
)
def test_what_was_worked_out_is_expected_and_what_was_counted_is_past(words: str, basis: str, said: str) -> None:
    assert event_words(words, basis) == said


def test_small_words() -> None:
    assert [people_words(x) for x in (0, 0.4, 0.5, 1499.6)] == ["0", "fewer than 1", "1", "1,500"]
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: PeopleArrays("p", "", (), "", ""), "at least one option"),
        (lambda: PeopleArrays("p", "", (PeopleGroup("a", 5, 6, 7),), "", ""), "low <= value"),
        (lambda: PeopleArrays("p", "", (PeopleGroup("a", 5, 1, 101),), "", ""), "100"),
        (lambda: RelapseFan("f", "", ()), "at least one option"),
        (lambda: RelapseFan("f", "", (FanOption("a", ()),)), "a point"),
        (lambda: RelapseFan("f", "", (FanOption("a", (FanPoint(0, 1, 1, 1),)),)), "years must rise"),
        (lambda: RelapseFan("f", "", (FanOption("a", (FanPoint(1, 1, 2, 3),)),)), "low <= value"),
        (lambda: AcceptabilityBar("b", "a", ()), "add up to 1"),
        (lambda: AcceptabilityBar("b", "a", (0.5, 0.4)), "add up to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(build: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build()  # type: ignore[operator]
