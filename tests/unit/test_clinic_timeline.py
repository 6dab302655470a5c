"""The clinic's timeline: every state has a shape of its own, and the table holds what the picture has no room for."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

import pytest

from equipoise.presentation.pictures.clinic_timeline import (
    ClinicTimeline,
    Strip,
    TimelineMark,
    clinic_timeline,
    clinic_timeline_table,
)

STATES = ("course", "done", "late", "missed", "planned", "result", "alert", "seen")
START, END, ON = datetime.date(2024, 11, 23), datetime.date(2027, 5, 1), datetime.date(2026, 11, 23)


def timeline(*more: Strip) -> ClinicTimeline:
    days = (datetime.date(2025, month, 5) for month in range(1, 9))
    marks = tuple(TimelineMark(day, state, f"text of {state}") for day, state in zip(days, STATES, strict=True))  # type: ignore[arg-type]
    early = Strip("ECG", (TimelineMark(datetime.date(2020, 2, 29), "missed", "missed"),))
    return ClinicTimeline("person", "N <17>", (Strip("Blood count", marks), *more), START, END, ON, (early,))


def test_every_state_is_drawn_with_its_own_shape_and_named_in_the_key() -> None:
    drawn = str(clinic_timeline(timeline()))
    shapes = {
        state: drawn.partition(f'class="mark-{state}"')[0].rpartition(' d="')[2].partition('"')[0] for state in STATES
    }
    fills = {
        state: drawn.partition(f'class="mark-{state}"')[0].rpartition('fill="')[2].partition('"')[0] for state in STATES
    }
    assert len({(shapes[state], fills[state]) for state in STATES}) == len(STATES)
    for words in ("Done in time", "Done late", "Missed", "Planned", "Alert, not acknowledged", "Alert, acknowledged"):
        assert words in drawn


def test_both_layouts_are_sound_and_described() -> None:
    root = ElementTree.fromstring(str(clinic_timeline(timeline())))  # noqa: S314 - our own markup
    pictures = [one for one in root if one.get("role") == "img"]
    assert len(pictures) == 2
    for picture in pictures:
        title, description = picture[0], picture[1]
        assert title.text == "N <17>"
        assert "Missed 1" in (description.text or "")
        width = float((picture.get("viewBox") or "").split()[2])
        for mark in picture.iter("{http://www.w3.org/2000/svg}path"):
            place = (mark.get("transform") or "(0 0)").partition("(")[2].split()
            assert 0 <= float(place[0]) <= width


def test_the_table_holds_everything_the_newest_first() -> None:
    table = str(clinic_timeline_table(timeline()))
    assert table.count("<tr>") == 1 + len(STATES) + 1
    assert "2020-02-29" in table
    assert table.index("2025-08-05") < table.index("2025-01-05") < table.index("2020-02-29")
    assert "2020" not in str(clinic_timeline(timeline()))


def test_what_is_earlier_than_the_axis_is_counted() -> None:
    courses = Strip("Courses", (TimelineMark(datetime.date(2022, 3, 3), "course", "Course 1"),))
    assert "Courses (1 earlier)" in str(clinic_timeline(timeline(courses)))


def test_an_axis_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="no length"):
        ClinicTimeline("person", "N", (), ON, ON, ON)
