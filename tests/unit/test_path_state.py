"""What is kept between two screens, and what a screen may change of it."""

from __future__ import annotations

import datetime
import itertools
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from equipoise.evidence import load_evidence
from equipoise.person import Person
from equipoise.person import form as person_form
from equipoise.presentation.path import SCREENS, Detail, PathState, screen
from equipoise.presentation.path.screens import STEPS, neighbours, way
from equipoise.presentation.path.state import packed, unpacked

TODAY = datetime.date(2026, 11, 29)


@cache
def blank() -> PathState:
    return PathState({}, load_evidence(), TODAY)


def state(**typed: str | tuple[str, ...]) -> PathState:
    return blank().with_typed({name: held if isinstance(held, tuple) else (held,) for name, held in typed.items()})


def test_a_screen_replaces_what_it_asks_for_and_nothing_else() -> None:
    before = state(age="34", sex="woman", course="relapsing-remitting")
    after = before.with_answers(screen("about-you"), {"age": ("35",), "edss": ("9",)})
    assert after.typed == {"age": ("35",), "course": ("relapsing-remitting",)}


def test_ticks_of_one_group_stay_when_another_group_is_sent() -> None:
    heart, immune = screen("about-heart"), screen("about-immune")
    before = blank().with_answers(heart, {"conditions": ("stroke-ever", f"none-of-these:{heart.groups[1]}")})
    after = before.with_answers(immune, {"conditions": (f"none-of-these:{immune.groups[0]}",)})
    assert set(after.typed["conditions"]) == {
        "stroke-ever",
        f"none-of-these:{heart.groups[1]}",
        f"none-of-these:{immune.groups[0]}",
    }
    unticked = after.with_answers(heart, {})
    assert unticked.typed["conditions"] == (f"none-of-these:{immune.groups[0]}",)


def test_nothing_typed_is_nobody_known_and_no_fault() -> None:
    assert blank().faults == ()
    assert blank().person == Person()
    assert blank().choice.first == "alemtuzumab"


def test_a_fault_belongs_to_the_screen_that_asks() -> None:
    wrong = state(age="999", first="alemtuzumab", second="lemtrada")
    assert [fault.field for fault in wrong.faults_on(screen("about-you"))] == ["age"]
    assert [fault.field for fault in wrong.faults_on(screen("start"))] == ["second"]
    assert wrong.faults_on(screen("about-ms")) == ()
    assert wrong.person == Person(), "it counts as left open"


def test_what_does_not_fit_together_counts_as_left_open_and_all_the_rest_stays() -> None:
    torn = state(age="36", relapses_12_months="3", relapses_24_months="1", smoking="never")
    assert torn.faults
    assert torn.person.age == 36
    assert torn.person.smoking == "never"
    assert None in (torn.person.relapses_12_months, torn.person.relapses_24_months)


def test_none_ticked_beside_some_counts_as_neither() -> None:
    heart = person_form(load_evidence())["conditions"].groups[0]
    odd = state(conditions=("stroke-ever", f"none-of-these:{heart}"), age="36")
    assert [fault.field for fault in odd.faults] == ["conditions"]
    assert (odd.person.conditions, odd.person.age) == (None, 36)


def test_words_that_are_not_known_fall_back_to_the_usual_ones() -> None:
    odd = state(detail="loud", picture="film", years="77")
    assert (odd.detail, odd.years) == (Detail.NORMAL, 2)


def test_every_question_is_asked_on_one_screen_only() -> None:
    owners: dict[tuple[str, tuple[str, ...]], str] = {}
    for one in SCREENS:
        for name in one.asks:
            assert owners.setdefault((name, one.groups), one.id) == one.id
    assert len({one.id for one in SCREENS}) == len(SCREENS)


def test_the_short_way_is_part_of_the_whole_way_and_has_every_step() -> None:
    assert set(way(True)) < set(way(False))
    assert tuple(dict.fromkeys(one.step for one in way(True))) == STEPS


def test_next_and_back_undo_each_other() -> None:
    for is_short in (True, False):
        steps = way(is_short)
        for before, after in itertools.pairwise(steps):
            assert neighbours(before, is_short=is_short)[1] is after
            assert neighbours(after, is_short=is_short)[0] is before
        assert neighbours(steps[0], is_short=is_short)[0] is None
        assert neighbours(steps[-1], is_short=is_short)[1] is None


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.lists(st.text(max_size=50), min_size=1).map(tuple)))
def test_what_a_page_carries_is_read_back(typed: dict[str, tuple[str, ...]]) -> None:
    assert unpacked(packed(typed)) == typed


@given(st.text(max_size=200))
def test_what_was_damaged_is_nothing(text: str) -> None:
    assert isinstance(unpacked(text), dict)


def test_a_page_that_carries_too_much_is_not_unpacked() -> None:
    assert unpacked(packed({"age": tuple("x" * 400 for _ in range(1_000))})) == {}
