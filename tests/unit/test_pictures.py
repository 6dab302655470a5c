"""Words, rounding and refusals of the pictures: small cases and their answers."""

import math
import re

import pytest

from equipoise.presentation.pictures import (
    Band,
    Event,
    ForestPlot,
    ForestRow,
    IconArrays,
    IconCounts,
    IconGroup,
    IconWords,
    Lane,
    PooledRow,
    Timeline,
    forest_plot,
    icon_arrays,
    icon_arrays_table,
    icon_counts,
    timeline_chart,
    timeline_table,
)
from equipoise.presentation.pictures.drawing import element, safe, trace_link
from equipoise.presentation.pictures.forest import effect_text, full_label, people_text, prediction_text
from equipoise.presentation.pictures.icon_array import affected_text, description, interval_text, not_affected_text
from equipoise.presentation.pictures.scale import axis_for, tick_text
from equipoise.presentation.pictures.timeline import goes_beyond, when_text


def arrays(*groups: IconGroup, denominator: int = 100) -> IconArrays:
    return IconArrays("a", "Title", groups, "had a relapse", "did not", denominator)


def forest(*rows: ForestRow, pooled: tuple[PooledRow, ...] = ()) -> ForestPlot:
    return ForestPlot("f", "Title", "Hazard ratio", rows, "favours a", "favours b", pooled)


def years(*tracks: Event | Band, n: int = 5) -> Timeline:
    events = tuple(track for track in tracks if isinstance(track, Event))
    bands = tuple(track for track in tracks if isinstance(track, Band))
    return Timeline("t", "Title", (Lane("an option", events, bands),), n)


@pytest.mark.parametrize(
    ("value", "low", "high", "counts"),
    [
        (77.6, 72.9, 81.6, IconCounts(73, 5, 4, 18)),
        (58.7, 51.1, 65.5, IconCounts(51, 8, 7, 34)),
        (0, None, None, IconCounts(0, 0, 0, 100)),
        (100, None, None, IconCounts(100, 0, 0, 0)),
        (0.5, 0, 3, IconCounts(0, 1, 2, 97)),  # half is rounded up
        (2.5, 2.5, 2.5, IconCounts(3, 0, 0, 97)),  # also where Python would round to even
    ],
)
def test_counts(value: float, low: float | None, high: float | None, counts: IconCounts) -> None:
    assert icon_counts(IconGroup("x", value, low, high), 100) == counts


@pytest.mark.parametrize(
    ("value", "with_event", "without"),
    [
        (22.4, "22 of 100 had a relapse", "78 of 100 did not"),
        (0, "0 of 100 had a relapse", "100 of 100 did not"),
        (0.3, "fewer than 1 of 100 had a relapse", "more than 99 of 100 did not"),
        (99.7, "more than 99 of 100 had a relapse", "fewer than 1 of 100 did not"),
        (100, "100 of 100 had a relapse", "0 of 100 did not"),
    ],
)
def test_both_frames_in_words(value: float, with_event: str, without: str) -> None:
    group = IconGroup("x", value)
    assert affected_text(group, arrays(group)) == with_event
    assert not_affected_text(group, arrays(group)) == without


def test_the_range_is_said_or_that_there_is_none() -> None:
    known, unknown = IconGroup("x", 22, 14, 31), IconGroup("x", 22)
    assert interval_text(known, arrays(known, denominator=1000)) == "Likely range: 14 to 31 of 1,000"
    assert interval_text(unknown, arrays(unknown)) == "No range was reported."
    assert description(known, arrays(known)).endswith("Likely range: 14 to 31 of 100 (95% confidence interval).")
    assert description(unknown, arrays(unknown)).endswith("did not. No range was reported.")


def test_words_can_be_another_language() -> None:
    german = IconWords(count="{count} von {denominator} {words}", thousands="\N{NARROW NO-BREAK SPACE}")
    group = IconGroup("x", 5)
    picture = IconArrays("a", "Titel", (group,), "hatten einen Schub", "nicht", 1000, words=german)
    assert affected_text(group, picture) == "5 von 1\N{NARROW NO-BREAK SPACE}000 hatten einen Schub"


@pytest.mark.parametrize(
    ("group", "denominator", "message"),
    [
        (IconGroup("x", 101), 100, "0 <= low <= value <= high <= 100"),
        (IconGroup("x", -1), 100, "0 <= low"),
        (IconGroup("x", math.nan), 100, "0 <= low"),
        (IconGroup("x", 5, 6, 7), 100, "found 6, 5, 7"),
        (IconGroup("x", 5, 4), 100, "both limits"),
        (IconGroup("x", 5), 250, "10, 100 or 1000"),
    ],
)
def test_icon_arrays_refuse(group: IconGroup, denominator: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        arrays(group, denominator=denominator)


def test_icon_arrays_refuse_to_be_empty() -> None:
    with pytest.raises(ValueError, match="at least one group"):
        arrays()


@pytest.mark.parametrize("identifier", ["", "1a", "a b", 'a"', "a#b"])
def test_ids_that_cannot_be_referred_to_are_refused(identifier: str) -> None:
    with pytest.raises(ValueError, match="picture id"):
        IconArrays(identifier, "Title", (IconGroup("x", 1),), "had it", "did not")


def test_all_options_look_alike() -> None:
    """Swap the options: the drawing of each stays the same, only its place and ids change."""
    a, b = IconGroup("option a", 30, 20, 40, "e"), IconGroup("option b", 10, None, None, "e")

    def pictures(*groups: IconGroup) -> set[str]:
        drawn = re.findall(r"<svg.*?</svg>", icon_arrays(arrays(*groups)), re.DOTALL)
        return {re.sub(r"a-[12]", "a-N", picture) for picture in drawn}

    assert pictures(a, b) == pictures(b, a)


def test_table_of_icon_arrays_has_the_numbers_and_links() -> None:
    data = icon_arrays_table(arrays(IconGroup("x", 22, 14, 31, "care ms/1")))
    assert '<a class="number" href="/trace/care%20ms%2F1" data-id="care ms/1">22 of 100</a>' in data
    assert ">78 of 100</a>" in data
    assert ">14 to 31 of 100</a>" in data


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (ForestRow("x", 0.7, 0.4, 1.23), "0.70 (0.40 to 1.23)"),
        (ForestRow("x", 0.7), "0.70, interval not reported"),
        (ForestRow("x", 0.5, 0.001, 40), "0.50 (<0.01 to 40.00)"),
    ],
)
def test_effect_in_words(row: ForestRow, text: str) -> None:
    assert effect_text(row, forest(row)) == text


def test_negative_numbers_have_a_true_minus_and_zero_has_none() -> None:
    row = ForestRow("x", -0.41, -0.61, -0.001)
    plot = ForestPlot("f", "Title", "Difference", (row,), "a", "b", scale="linear")
    assert effect_text(row, plot) == "\N{MINUS SIGN}0.41 (\N{MINUS SIGN}0.61 to 0.00)"
    assert tick_text(-0.5) == "\N{MINUS SIGN}0.5"


def test_rows_say_what_they_are() -> None:
    beside, pooled = ForestRow("CAMMS223", 0.3, note="both doses", n=1334), PooledRow("Pooled", 0.5, 0.4, 0.6, 0.2, 0.9)
    plot = forest(beside, pooled=(pooled,))
    assert full_label(beside, plot) == "CAMMS223 (both doses, not pooled)"
    assert full_label(beside, forest(beside)) == "CAMMS223 (both doses)"
    assert people_text(beside, plot) == "1,334"
    assert prediction_text(pooled, plot) == "next trial: 0.20 to 0.90"


def test_intervals_beyond_the_axis_end_in_arrows() -> None:
    def arrows(*rows: ForestRow) -> int:
        return forest_plot(forest(*rows)).count("beyond-axis")

    assert arrows(ForestRow("x", 1, 0.5, 2)) == 0
    assert arrows(ForestRow("x", 1, 0.01, 2)) == 2  # one end, two layouts
    assert arrows(ForestRow("x", 1, 0.0, 99)) == 4


def test_larger_weight_draws_a_larger_square_and_no_weight_a_hollow_one() -> None:
    picture = forest_plot(
        forest(ForestRow("a", 1, 0.5, 2, 10), ForestRow("b", 1, 0.5, 2, 40), ForestRow("c", 1, 0.5, 2))
    )
    sides = [float(side) for side in re.findall(r'width="([\d.]+)"[^>]*class="weighted"', picture)]
    assert sides[0] < sides[1] == 18
    assert picture.count('class="beside"') == 2


def test_no_interval_is_drawn_as_a_point() -> None:
    assert forest_plot(forest(ForestRow("x", 0.7))).count("<circle") == 2


def test_an_axis_of_ratios_has_doubling_ticks() -> None:
    assert axis_for([0.29, 0.70, 0.58], [0.16, 1.23, 0.38], "log", 1.0).ticks == (0.125, 0.25, 0.5, 1, 2)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((), "at least one row"),
        ((ForestRow("x", 0),), "ratios are positive"),
        ((ForestRow("x", 1, 2, 3),), "low <= estimate <= high"),
        ((ForestRow("x", 1, 0.5),), "both limits"),
        ((ForestRow("x", math.inf),), "finite"),
    ],
)
def test_forest_plots_refuse(rows: tuple[ForestRow, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        forest(*rows)


def test_forest_plots_refuse_a_prediction_interval_that_misses_the_estimate() -> None:
    with pytest.raises(ValueError, match="low <= estimate <= high"):
        forest(pooled=(PooledRow("x", 0.5, 0.4, 0.6, 0.6, 0.9),))


def test_forest_plots_refuse_a_null_that_a_log_axis_cannot_hold() -> None:
    with pytest.raises(ValueError, match="positive value of no difference"):
        ForestPlot("f", "Title", "Ratio", (ForestRow("x", 1),), "a", "b", null=0.0)


@pytest.mark.parametrize(
    ("track", "text"),
    [
        (Event("x", tuple(range(61))), "every month, months 0 to 60"),
        (Event("x", tuple(range(3, 61, 3))), "every 3 months, months 3 to 60"),
        (Event("x", (0, 12), captions=("5 days", "3 days")), "months 0 (5 days), 12 (3 days)"),
        (Event("x", (0,)), "month 0"),
        (Event("x", ()), ""),
        (Event("x", (0, 72)), "month 0; goes on after year 5"),
        (Band("x", 12, 60), "months 12 to 60"),
        (Band("x", 0, math.inf), "months 0 to 60; goes on after year 5"),
    ],
)
def test_when_in_words(track: Event | Band, text: str) -> None:
    assert when_text(track, years(track)) == text


def test_what_goes_on_ends_in_an_arrow() -> None:
    for track in (Event("x", (72,)), Band("x", 0, math.inf), Band("x", 70, 80)):
        assert goes_beyond(track, years(track))
        assert timeline_chart(years(track)).count("goes-on") == 2
    assert timeline_chart(years(Event("x", (60,)))).count("goes-on") == 0


def test_every_occurrence_within_the_years_is_drawn() -> None:
    picture = timeline_chart(years(Event("x", tuple(range(0, 100, 3)), mark="diamond")))
    assert picture.count("M0-7l7 7l-7 7l-7-7z") == 2 * 21


def test_captions_are_shown_all_or_in_words() -> None:
    far, near = Event("x", (0, 12), captions=("5 days", "3 days")), Event("x", (0, 1), captions=("5 days", "3 days"))
    assert ">5 days</text>" in timeline_chart(years(far))
    assert ">5 days, 3 days</text>" in timeline_chart(years(near))
    assert ">5 days</text>" not in timeline_chart(years(near))
    assert "months 0 (5 days), 1 (3 days)" in timeline_table(years(near))


def test_rank_orders_the_tracks_of_a_lane() -> None:
    lane = Lane("x", (Event("first", (), rank=-1), Event("third", ())), (Band("second", 0, 1),))
    assert [track.label for track in lane.tracks] == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("track", "n", "message"),
    [
        (Event("x", (2, 1)), 5, "in order"),
        (Event("x", (-1,)), 5, "in order"),
        (Event("x", (math.inf,)), 5, "in order"),
        (Band("x", 2, 1), 5, "start <= end"),
        (Band("x", 1, 2), 0, "1 to 20 years"),
    ],
)
def test_timelines_refuse(track: Event | Band, n: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        years(track, n=n)


def test_markup_is_escaped_and_stays_valid() -> None:
    assert safe("<b>&\x00\ud800") == "&lt;b&gt;&amp;\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
    assert element("text", x=1.50, data_id='"', fill=None) == '<text x="1.5" data-id="&#34;"/>'


def test_links_can_be_left_out() -> None:
    inner = safe("x")
    assert trace_link(None, "e", inner) == trace_link("/trace/{id}", None, inner) == "x"
    assert trace_link("#{id}", "e", inner) == '<a href="#e" class="trace">x</a>'
