"""A form on a page: what goes out comes back, nothing unknown becomes known, and a fault lands on its field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from equipoise.decision import values_form
from equipoise.forms import Fault, Form, examine, load_file
from equipoise.person import form as person_form
from equipoise.presentation.fault_words import in_page_words
from equipoise.presentation.form_fields import (
    MOST_ENTRIES,
    as_mapping,
    as_typed,
    belongs_to,
    contradictions,
    entry_numbers,
    renumbered,
)
from equipoise.presentation.form_view import FormView, field_id
from equipoise.wording import Named, Phrase, phrase

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILES = [(file, form) for folder, form in (("persons", person_form()), ("values", values_form()))
         for file in sorted((EXAMPLES / folder).glob("*.toml"))]  # fmt: skip


def through_the_page(form: Form, mapping: dict[str, Any]) -> dict[str, Any]:
    """Answers that went out as fields and came back."""
    answers, faults = examine(form, mapping)
    assert faults == []
    back, faults = examine(form, as_mapping(form, as_typed(form, answers)))
    assert faults == []
    return back


@pytest.mark.parametrize(("file", "form"), FILES, ids=lambda part: getattr(part, "stem", ""))
def test_every_example_comes_back_as_it_went_out(file: Path, form: Form) -> None:
    answers, _ = examine(form, load_file(file).values)
    assert any(name for name in answers)
    back = through_the_page(form, dict(load_file(file).values))
    # "everything open" is said by leaving it out or by a word; both are None
    assert {k: v or None for k, v in back.items()} == {k: v or None for k, v in answers.items()}


def test_an_order_keeps_its_order() -> None:
    order = ["reversibility", "relapses", "injections"]
    assert through_the_page(values_form(), {"order": order})["order"] == tuple(order)


def test_an_order_shows_one_place_more_than_it_has_and_each_word_in_its_place() -> None:
    words = [word.id for word in values_form()["order"].words]
    view = FormView(values_form(), {"order": tuple(words[:7])})
    places = view.places(values_form()["order"])
    assert [held for _, _, held in places] == [*words[:7], ""]
    assert len(FormView(values_form(), {"order": tuple(words)}).places(values_form()["order"])) == len(words)
    assert len({end for end, _, _ in places}) == len(places)


def test_a_condition_not_known_beside_one_that_is_never_becomes_absent() -> None:
    back = through_the_page(person_form(), {"conditions": ["hiv"], "unknown_conditions": ["tuberculosis-active"]})
    assert back["conditions"] == ("hiv",)
    assert "tuberculosis-active" in back["unknown_conditions"]
    assert "stroke-ever" not in back["unknown_conditions"], "another group was known to be free of its conditions"


def test_what_a_file_says_is_absent_stays_so_and_is_shown() -> None:
    back = through_the_page(person_form(), {"not_conditions": ["hiv"]})
    assert back["conditions"] is None
    assert back["not_conditions"] == ("hiv",)
    shown = [q.name for _, asked in FormView(person_form(), {"not_conditions": ("hiv",)}).sections for q in asked]
    assert "not_conditions" in shown
    ticked = as_mapping(person_form(), {"not_conditions": ("hiv",), "conditions": ("tuberculosis-active",
                        "others-not-known:Infections")})  # fmt: skip
    assert "hiv" not in ticked["unknown_conditions"]


@pytest.mark.parametrize("number", ["x", "99999999", "-1", "", "1e3", "²"])
def test_hostile_entry_numbers_are_not_read(number: str) -> None:
    typed = {f"limit[{number}].level": ("1",)}
    assert entry_numbers(values_form()["limit"], typed) == []
    assert FormView(values_form(), typed).entries(values_form()["limit"]) == (1, 2, 3, 4)
    assert renumbered(values_form(), typed) == {}


def test_a_thousand_entries_are_cut() -> None:
    typed = {f"limit[{n}].level": ("1",) for n in range(1, 999)}
    assert len(FormView(values_form(), typed).entries(values_form()["limit"])) == MOST_ENTRIES + 1
    assert len(as_mapping(values_form(), typed)["limit"]) == MOST_ENTRIES


def test_a_gap_between_entries_is_closed_so_that_faults_land_where_they_belong() -> None:
    typed = renumbered(values_form(), {"limit[3].criterion": ("relapses",), "limit[3].level": ("many",)})
    assert typed == {"limit[1].criterion": ("relapses",), "limit[1].level": ("many",)}
    _, faults = examine(values_form(), as_mapping(values_form(), typed))
    assert [fault.field for fault in faults] == ["limit[1].level"]


@pytest.mark.parametrize(
    ("field", "anchor", "says"),
    [
        ("age", "age", "How old are you?"),
        ("practical.fridge", "practical-fridge", "fridge"),
        ("earlier_treatments[2].drug", "earlier_treatments-2-drug", "Entry 2: Which drug was it?"),
        ("earlier_treatments[2]", "earlier_treatments", "Have you taken a drug"),
        ("unknown_conditions", "conditions", "Which of these apply to you?"),
        ("smokin", "", ""),
        ("not_conditions", "", ""),
    ],
)
def test_where_a_fault_is_mended(field: str, anchor: str, says: str) -> None:
    view = FormView(person_form())
    assert view.anchor(field) == anchor
    assert says in view.title(field)


def test_an_entry_with_a_fault_is_unfolded() -> None:
    view = FormView(values_form(), {}, {"limit[3].level": Fault("limit[3].level", X)})
    assert [view.is_open(values_form()["limit"], n) for n in (1, 2, 3)] == [True, False, True]
    assert field_id("limit[3].level") == "limit-3-level"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"matters": ("relapses", "none-of-these")}, "matters"),
        ({"limit[1].level": ("1",), "limit.none-of-these": ("yes",)}, "limit"),
    ],
)
def test_none_and_some_together_are_shown_back(typed: dict[str, tuple[str, ...]], field: str) -> None:
    assert [fault.field for fault in contradictions(values_form(), typed)] == [field]


def test_none_and_some_of_one_group_of_conditions() -> None:
    form = person_form()
    assert contradictions(form, {"conditions": ("hiv", "none-of-these:Mood")}) == []
    for beside in ("hiv", "others-not-known:Infections"):
        assert len(contradictions(form, {"conditions": (beside, "none-of-these:Infections")})) == 1


def test_fields_belong_to_one_form() -> None:
    assert belongs_to(values_form(), "limit[2].level")
    assert belongs_to(values_form(), "limit.none-of-these")
    assert not belongs_to(values_form(), "limits")
    assert not belongs_to(person_form(), "matters")


X = Phrase("x")


@pytest.mark.parametrize(
    ("fault", "says", "never"),
    [
        (
            Fault("limit[2].criterion", phrase("fault.problem.required"), allowed=values_form()["matters"].allowed),
            "empty the other",
            "relapses",
        ),
        (Fault("practical.fridge", X, mend=phrase("fault.mend.true-or-false")), "choose one of the answers", "true"),
        (Fault("smoking", X, allowed=person_form()["smoking"].allowed), "", "former"),
        (Fault("age", X, allowed=person_form()["age"].allowed), "0 to 120", "~"),
        (
            Fault("does_not_matter", phrase("fault.problem.none-before", name=Named(("injections",)))),
            "“Having few injections”",
            "'",
        ),
        (
            Fault(
                "years_since_onset", X, mend=phrase("fault.mend.either", one=Named(("age",)), other=Named(("edss",)))
            ),
            "“How old are you?”",
            "'",
        ),
        (
            Fault("smokin", X, mend=phrase("fault.mend.did-you-mean", names=Named(("age", "sex"), "or"))),
            "“How old are you?” or “Are you a woman or a man?”",
            "'",
        ),
    ],
)
def test_a_page_says_a_fault_in_its_own_words(fault: Fault, says: str, never: str) -> None:
    found = in_page_words(fault, (person_form(), values_form()))
    text = " ".join((found.problem, found.allowed, found.mend))
    assert says in text
    assert never not in text
    assert found.field == fault.field
