"""The terminal dialogue, by scripted lines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from equipoise.forms import Answers, Asked, Fault, Form, Kind, Question, Word, ask, read_answers
from equipoise.forms.files import parse
from equipoise.wording import Phrase

THINGS = (Word("a", "Apple", "Fruit"), Word("b", "Pear", "Fruit"), Word("c", "Leek", "Roots"))
DRUG = Form(
    "drug", "Drug", (Question("name", "Its name?", Kind.TEXT, required=True), Question("ended", "When?", Kind.DATE))
)
FORM = Form(
    "meal",
    "A meal",
    (
        Question("age", "How old?", Kind.WHOLE_NUMBER, "Ages differ.", low=0, high=120),
        Question("years", "Since when?", Kind.NUMBER, low=0),
        Question("hungry", "Hungry?", Kind.YES_NO),
        Question("best", "Best?", Kind.ONE_OF, words=THINGS),
        Question("eaten", "Eaten?", Kind.SOME_OF, words=THINGS, doubts="unsure"),
        Question("unsure", "Unsure?", Kind.SOME_OF, words=THINGS, is_asked=False),
        Question("drugs", "Drugs?", Kind.LIST, form=DRUG),
    ),
)


def review(answers: Answers) -> Sequence[Fault]:
    age, years = answers["age"], answers["years"]
    return (
        [Fault("years", Phrase("longer than the life"))]
        if age is not None and years is not None and years > age
        else []
    )


def run(*lines: str | BaseException) -> tuple[Asked, str]:
    waiting = iter(lines)
    said: list[str] = []

    def read_line(_prompt: str) -> str:
        line = next(waiting, EOFError())
        if isinstance(line, BaseException):
            raise line
        return line

    asked = ask(FORM, read_line, said.append, review=review)
    return asked, "\n".join(said)


def known(asked: Asked) -> Answers:
    return {name: value for name, value in asked.answers.items() if value is not None}


def test_enter_means_i_dont_know_and_progress_is_shown() -> None:
    asked, said = run(*[""] * 7)
    assert asked == Asked(FORM.blank, is_complete=True)
    for number in range(1, 8):  # eaten is asked in two groups
        assert f"{number} of 7" in said
    assert "5 of 7  Fruit" in said
    assert "6 of 7  Roots" in said


def test_every_kind_is_typed_as_people_type() -> None:
    asked, _ = run("34", "2,5", "y", "leek", "1, Pear", "none", "yes", "Copaxone", "2020-01-31", "no")
    assert known(asked) == {
        "age": 34,
        "years": 2.5,
        "hungry": True,
        "best": "c",
        "eaten": ("a", "b"),
        "drugs": ({"name": "Copaxone", "ended": read_answers(DRUG, {"name": "x", "ended": "2020-01-31"})["ended"]},),
    }
    assert asked.is_complete


def test_a_group_left_open_is_not_known_and_the_rest_is() -> None:
    asked, _ = run("", "", "", "", "", "1", "no")
    assert known(asked) == {"eaten": ("c",), "unsure": ("a", "b"), "drugs": ()}


@pytest.mark.parametrize("unknown", ["", "unknown", "I don't know", " "])
def test_many_words_say_i_dont_know(unknown: str) -> None:
    assert run(unknown, "", "", "", "", "", "")[0].answers["age"] is None


def test_a_wrong_answer_is_explained_and_asked_again() -> None:
    asked, said = run("old", "200", "9" * 5000, "34", "", "perhaps", "no", "9", "1", "7", "", "", "maybe", "")
    assert known(asked) == {"age": 34, "hungry": False, "best": "a"}
    assert said.count("That does not fit yet:") == 7
    assert "This is not a number." in said
    assert "What fits: a whole number from 0 to 120" in said


def test_question_mark_says_why_and_asks_the_same_question() -> None:
    asked, said = run("?", "34", "?", "", "", "", "", "", "")
    assert "Ages differ." in said
    assert "you may leave it open" in said
    assert known(asked) == {"age": 34}


def test_back_goes_one_question_back_and_not_before_the_first() -> None:
    asked, said = run("back", "34", "4", "back", "5", "", "", "", "", "")
    assert "This is the first question." in said
    assert known(asked) == {"age": 34, "years": 5.0}


def test_back_inside_an_entry_leaves_it_and_keeps_the_earlier_ones() -> None:
    start = ("", "", "", "", "", "")
    asked, _ = run(*start, "yes", "one", "back", "uno", "", "yes", "back", "no")
    assert known(asked) == {"drugs": ({"name": "uno", "ended": None},)}
    asked, _ = run(*start, "yes", "back", "", "no")  # back at the first entry returns to the group before the list
    assert known(asked) == {"drugs": ()}


def test_a_name_that_is_needed_is_asked_until_given() -> None:
    asked, said = run(*[""] * 6, "yes", "", "one", "", "", "")
    assert "This cannot be left open." in said
    assert known(asked) == {"drugs": ({"name": "one", "ended": None},)}


def test_two_answers_that_contradict_each_other_are_asked_again_at_once() -> None:
    asked, said = run("30", "31", "3", "", "", "", "", "")
    assert "Longer than the life." in said
    assert known(asked) == {"age": 30, "years": 3.0}


@pytest.mark.parametrize("end", [EOFError(), KeyboardInterrupt()])
def test_stopping_early_saves_nothing_and_gives_back_what_was_typed(end: BaseException) -> None:
    asked, said = run("34", "", "", "", "", "1", "yes", "one", end)
    assert not asked.is_complete
    assert "Nothing was saved. This is what you answered" in said
    offered = parse(said[said.index("# A meal") :]).values
    assert read_answers(FORM, offered) == asked.answers
    assert known(asked) == {
        "age": 34,
        "eaten": ("c",),
        "unsure": ("a", "b"),
        "drugs": ({"name": "one", "ended": None},),
    }
