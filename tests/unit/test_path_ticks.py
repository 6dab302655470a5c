"""Ticks of a list of which a page shows a part: what was not shown stays what it was."""

from __future__ import annotations

import datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.evidence import load_evidence
from equipoise.person import form as person_form
from equipoise.person import read_person
from equipoise.person.conditions import CONDITIONS, HEART, INFECTION, MEDICINES
from equipoise.person.describing import to_answers
from equipoise.presentation.form_fields import as_typed
from equipoise.presentation.path import PathState, screen
from equipoise.presentation.path.my_file import as_file
from equipoise.presentation.path.opening import opened
from equipoise.presentation.path.ticks import TickList
from equipoise.wording import wording

TODAY = datetime.date(2026, 11, 29)
NONE, OPEN = f"none-of-these:{HEART}", f"others-not-known:{HEART}"


@cache
def blank() -> PathState:
    return PathState({}, load_evidence(), TODAY)


@cache
def ticks(name: str = "conditions") -> TickList:
    return TickList(person_form(load_evidence()), name)


def heart(state: PathState, *sent: str, shown: tuple[str, ...] = ()) -> PathState:
    fields = {"conditions": sent} | ({"conditions.shown": shown} if shown else {})
    return state.with_answers(screen("about-heart"), fields)


def answers(mapping: dict[str, object]) -> dict[str, object]:
    return to_answers(read_person(mapping))


def has(state: PathState, condition: str) -> bool | None:
    assert state.faults == ()
    assert state.person is not None
    return state.person.has(condition)


def test_none_of_these_closes_what_was_shown_and_nothing_else() -> None:
    after = heart(blank(), NONE)
    shown = blank().worth_asking["conditions"]
    assert "stroke-ever" in shown
    assert "long-qt" not in shown
    assert has(after, "stroke-ever") is False
    assert has(after, "long-qt") is None
    assert has(after, "hiv") is None, "of the other heading on the screen nothing was said"


def test_one_tick_closes_the_other_ticks_that_were_shown() -> None:
    after = heart(blank(), "stroke-ever")
    assert [has(after, word) for word in ("stroke-ever", "angina-ever", "long-qt")] == [True, False, None]
    unsure = heart(blank(), "stroke-ever", OPEN)
    assert [has(unsure, word) for word in ("stroke-ever", "angina-ever", "long-qt")] == [True, None, None]


def test_what_the_page_showed_counts_and_not_what_it_would_show_now() -> None:
    after = heart(blank(), NONE, shown=("long-qt",))
    assert has(after, "long-qt") is False
    assert has(after, "stroke-ever") is None


def test_what_was_said_and_is_not_shown_stays() -> None:
    typed = as_typed(person_form(load_evidence()), answers({"conditions": ["long-qt", "dialysis"]}))
    before = blank().with_typed(typed)
    assert has(before, "long-qt") is True
    after = heart(before, NONE)
    assert has(after, "long-qt") is True
    assert has(after, "dialysis") is True
    assert has(after, "stroke-ever") is False
    unticked = heart(after)
    assert has(unticked, "stroke-ever") is None
    assert has(unticked, "long-qt") is True


def test_other_options_ask_for_more_and_what_was_not_shown_before_is_not_known() -> None:
    after = heart(blank(), NONE)
    other = after.with_answers(screen("start"), {"first": ("fingolimod",), "second": ("ponesimod",)})
    assert "long-qt" in other.worth_asking["conditions"]
    assert has(other, "long-qt") is None


@pytest.mark.parametrize("sent", [(NONE, "stroke-ever"), (NONE, OPEN)])
def test_none_beside_something_is_told_and_mended_where_it_stands(sent: tuple[str, ...]) -> None:
    wrong = heart(blank(), *sent)
    assert [fault.field for fault in wrong.faults_on(screen("about-heart"))] == ["conditions"]
    group = next(iter(ticks().groups(wrong.typed, (HEART,), wrong.worth_asking["conditions"])))
    assert group.is_none
    assert group.is_open is (OPEN in sent)
    assert {word.id: ticked for word, ticked in group.words}["stroke-ever"] is ("stroke-ever" in sent)
    assert has(heart(wrong, "stroke-ever"), "stroke-ever") is True


def test_a_heading_without_anything_to_ask_is_left_out() -> None:
    found = list(ticks().groups({}, (HEART, INFECTION), ("hiv",)))
    assert [group.heading for group in found] == [INFECTION]
    assert [word.id for word, _ in found[0].words] == ["hiv"]


@pytest.mark.parametrize("name", ["conditions", "medicines"])
def test_one_answer_says_nothing_about_any_other_word(name: str) -> None:
    word, other = ("anticoagulant", "antiplatelet") if name == "medicines" else ("stroke-ever", "angina-ever")
    for said in (True, False):
        typed = ticks(name).after_answers({}, {word: said})
        assert ticks(name).standing(typed)[word] is said
        assert ticks(name).standing(typed)[other] is None
        assert ticks(name).after_answers(typed, {word: None}) == {}


def test_what_silence_cannot_settle_is_denied_by_name() -> None:
    typed = ticks().after_answers({}, {"no-effective-contraception": False})
    assert typed["not_conditions"] == ("no-effective-contraception",)
    person = blank().with_typed(typed).person
    assert person is not None
    assert person.not_conditions == {"no-effective-contraception"}
    assert "not_conditions" not in ticks().after_answers(typed, {"no-effective-contraception": True})


WORDS = {"conditions": tuple(CONDITIONS), "medicines": tuple(MEDICINES)}


Sent = list[tuple[str, tuple[str, ...], tuple[str, ...]]]


@st.composite
def sendings(draw: st.DrawFn) -> Sent:
    """Screens sent one after another: which list, what was shown, what was ticked."""
    found = []
    for _ in range(draw(st.integers(1, 5))):
        name = draw(st.sampled_from(sorted(WORDS)))
        shown = draw(st.lists(st.sampled_from(WORDS[name]), unique=True, min_size=1))
        ticked = draw(st.lists(st.sampled_from(shown), unique=True))
        marks = [
            f"{mark}:{heading}"
            for heading in ticks(name).question.groups
            if (mark := draw(st.sampled_from(["", "none-of-these", "others-not-known"])))
        ]
        found.append((name, tuple(shown), (*ticked, *marks)))
    return found


@given(sendings())
def test_a_word_is_what_the_last_page_that_showed_it_said(
    sent: list[tuple[str, tuple[str, ...], tuple[str, ...]]],
) -> None:
    typed: dict[str, tuple[str, ...]] = {}
    expected: dict[str, bool | None] = dict.fromkeys((*WORDS["conditions"], *WORDS["medicines"]))
    for name, shown, marks in sent:
        list_ = ticks(name)
        fields = list_.after_ticks(typed, marks, list_.question.groups, shown)
        typed = {key: held for key, held in typed.items() if key not in list_.fields} | fields
        for word in (word for word in list_.question.words if word.id in shown):
            none, unsure = f"none-of-these:{word.group}" in marks, f"others-not-known:{word.group}" in marks
            beside = any(other.group == word.group and other.id in marks for other in list_.question.words)
            expected[word.id] = True if word.id in marks else False if none or (beside and not unsure) else None
    state = blank().with_typed(typed)
    if state.faults:  # "none of these" beside something else: nothing is concluded from that list
        assert {fault.field for fault in state.faults} <= set(WORDS)
        return
    found = {word: state.person.has(word) for word in CONDITIONS} | {w: state.person.takes(w) for w in MEDICINES}
    assert found == expected


@settings(max_examples=30, deadline=None)
@given(sendings())
def test_what_is_known_of_each_word_comes_back_from_a_file(sent: Sent) -> None:
    typed: dict[str, tuple[str, ...]] = {}
    for name, shown, marks in sent:
        list_ = ticks(name)
        fields = list_.after_ticks(typed, marks, list_.question.groups, shown)
        typed = {key: held for key, held in typed.items() if key not in list_.fields} | fields
    before = blank().with_typed(typed)
    if before.faults:
        return
    again = opened(as_file(before, wording()).encode(), "my-answers.toml", blank())
    assert again.faults == ()
    assert again.state.person == before.person
