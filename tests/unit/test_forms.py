"""Forms: what is read, what is refused, where it stands, and how it is written down."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from equipoise.forms import (
    UNKNOWN,
    Fault,
    Form,
    FormError,
    Kind,
    Question,
    Word,
    as_toml,
    examine,
    json_schema,
    load_file,
    read_answers,
)
from equipoise.forms.files import LARGEST_FILE_BYTES, parse
from equipoise.forms.places import json_lines, toml_lines
from equipoise.forms.writing import toml_text
from equipoise.wording import Phrase, wording

COLOURS = (Word("dark-red", "Dark red", "Warm", aliases=("crimson",)), Word("blue", "Blue", "Cold"))
CAT = Form(
    "cat",
    "A cat",
    (
        Question("name", "What is its name?", Kind.TEXT, required=True),
        Question("born", "When was it born?", Kind.DATE),
    ),
)
FORM = Form(
    "house",
    "A house",
    (
        Question("rooms", "How many rooms?", Kind.WHOLE_NUMBER, "Rooms cost.", "Size", low=1, high=20, unit="rooms"),
        Question("height", "How high?", Kind.NUMBER, low=0, unit="metres"),
        Question("step", "Which step?", Kind.NUMBER, among=(0.0, 1.0, 1.5)),
        Question("lit", "Is it lit?", Kind.YES_NO),
        Question("colour", "Which colour?", Kind.ONE_OF, words=COLOURS),
        Question("liked", "Which do you like?", Kind.SOME_OF, words=COLOURS),
        Question("ranked", "Which most?", Kind.SOME_OF, words=COLOURS, ordered=True),
        Question("built", "When?", Kind.DATE),
        Question("motto", "Motto?", Kind.TEXT),
        Question("garden.trees", "How many trees?", Kind.WHOLE_NUMBER),
        Question("cats", "Which cats?", Kind.LIST, form=CAT),
    ),
    "Nobody lives in it.",
)


def read(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in read_answers(FORM, values).items() if value is not None}


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        ({"rooms": 3}, {"rooms": 3}),
        ({"rooms": 3.0}, {"rooms": 3}),
        ({"height": 3}, {"height": 3.0}),
        ({"step": 1.5}, {"step": 1.5}),
        ({"lit": False}, {"lit": False}),
        ({"colour": "Dark Red"}, {"colour": "dark-red"}),
        ({"colour": "crimson"}, {"colour": "dark-red"}),
        ({"liked": ["blue", "crimson", "blue"]}, {"liked": ("dark-red", "blue")}),  # in the order of the words
        ({"ranked": ["blue", "crimson"]}, {"ranked": ("blue", "dark-red")}),  # in the order of the answer
        ({"liked": []}, {"liked": ()}),  # none of them is an answer
        ({"built": "2020-02-29"}, {"built": datetime.date(2020, 2, 29)}),
        ({"garden": {"trees": 4}}, {"garden.trees": 4}),
        ({"garden": UNKNOWN, "cats": UNKNOWN, "rooms": " Unknown ", "liked": None}, {}),
        ({"cats": []}, {"cats": ()}),
        ({"cats": [{"name": "Mog"}]}, {"cats": ({"name": "Mog", "born": None},)}),
    ],
)
def test_answers_are_read_in_their_final_form(given: dict[str, Any], answers: dict[str, Any]) -> None:
    assert read(**given) == answers


@pytest.mark.parametrize(
    ("given", "field", "problem", "rest"),
    [
        ({"rooms": 21}, "rooms", "this is outside what is possible", "a whole number from 1 to 20 rooms"),
        ({"rooms": 10**5000}, "rooms", "this is outside what is possible", "a very large number"),
        ({"height": 10**400}, "height", "this is outside what is possible", "a very large number"),
        ({"rooms": 2.5}, "rooms", "this is not a whole number", "2.5"),
        ({"rooms": True}, "rooms", "this is not a number", "true"),
        ({"height": float("nan")}, "height", "this is not a number", "a number of 0 or more metres"),
        ({"step": 0.5}, "step", "this is no step of the scale", "one of 0, 1, 1.5"),
        ({"lit": "yes"}, "lit", "this is neither yes nor no", "write true or false, without quotes"),
        ({"colour": "dark-rad"}, "colour", "this word is not known here", "did you mean dark-red?"),
        ({"colour": 4}, "colour", "this is not a word", "put the word into quotes"),
        ({"liked": "blue"}, "liked", "this is not a list of words", '["word", "word"]'),
        ({"liked": ["blu", 3]}, "liked", "not known here: 'blu', 3", "did you mean blue?"),
        ({"built": "2021-02-29"}, "built", "this is not a day", "2025-03-31"),
        ({"built": datetime.datetime(2020, 1, 1)}, "built", "this is a day with a time", "leave the time out"),  # noqa: DTZ001
        ({"motto": "\ud800"}, "motto", "this holds half of a character", "type it again"),
        ({"motto": {}}, "motto", "this is not text", "an empty table"),
        ({"room": 3}, "room", "nothing here is called so", "did you mean rooms?"),
        ({"qqq": 3}, "qqq", "nothing here is called so", "rooms, height, step"),
        ({"garden": {"tree": 1}}, "garden.tree", "nothing here is called so", "did you mean trees?"),
        ({"garden": 1}, "garden", "a table is expected here", "[garden] with trees"),
        ({"cats": 1}, "cats", "this is not a list", "an empty list means none"),
        ({"cats": [1]}, "cats[1]", "a table is expected here", "a table with name, born"),
        ({"cats": [{"name": "a"}, {}]}, "cats[2].name", "this cannot be left open", "any text"),
    ],
)
def test_every_refusal_names_the_field_and_what_would_be_right(
    given: dict[str, Any], field: str, problem: str, rest: str
) -> None:
    _, faults = examine(FORM, given)
    assert [(fault.field, fault.problem) for fault in faults] == [(field, problem)]
    assert rest in faults[0].sentence()


def test_all_faults_are_told_at_once_with_file_and_line_and_only_fields_stand_in_the_repr(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text(
        'colour = "grene"\nliked = [\n  "blue",\n]\nrooms = 99\n\n[garden]\ntrees = 1.5\n\n'
        '[[cats]]\nname = "Mog"\n[[cats]]\nname = "Tib"\nborn = 1\n',
        encoding="utf-8",
    )
    document = load_file(file)
    with pytest.raises(FormError) as refused:
        read_answers(FORM, document.values, file=document.file, lines=document.lines)
    assert [(fault.field, fault.line) for fault in refused.value.faults] == [
        ("colour", 1), ("rooms", 5), ("garden.trees", 8), ("cats[2].born", 14),
    ]  # fmt: skip
    assert str(refused.value).startswith(
        f"4 things need mending; nothing was changed.\n{file}, line 1, colour: this word is not known here.\n"
        "  found:   'grene'\n  allowed: one of dark-red, blue\n"
        f"{file}, line 5, rooms: this is outside what is possible.\n"
        "  found:   99\n  allowed: a whole number from 1 to 20 rooms"
    )
    assert repr(refused.value) == "FormError('4 to mend: colour, rooms, garden.trees, cats[2].born')"


def test_lines_are_found_in_both_formats() -> None:
    text = 'a = 1\nb.c = """\nd = 2\n"""\ne = 3\n[f]\n"g h" = 4\n[[k]]\nx = [[1],\n[2]]\ny = 1\n[[k]]\ny = 2'
    assert toml_lines(text) == {
        "a": 1, "b.c": 2, "e": 5, "f": 6, "f.g h": 7, "k": 8, "k[1]": 8, "k[1].x": 9, "k[1].y": 11, "k[2]": 12,
        "k[2].y": 13,
    }  # fmt: skip
    assert json_lines('{\n "a": [1, {"b":\n 2}],\n\n "c": {"d": "}\\"", "e": null}, "f": []}') == {
        "a": 2, "a[1]": 2, "a[2]": 2, "a[2].b": 2, "c": 5, "c.d": 5, "c.e": 5, "f": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "suffix", "said"),
    [
        (b"a = 1\nb = oops\n", ".toml", "line 2: this is not TOML: invalid value, at column 5"),
        (b"a = [1,", ".toml", "this is not TOML"),
        (b"a = 1\na = 2\n", ".toml", "this is not TOML: cannot overwrite a value"),
        (b'{"a": 1,\n "b": }', ".json", "line 2: this is not JSON: expecting value, at column 7"),
        (b'{"a": 1, "a": 2}', ".json", "'a' is answered twice"),
        (b"[1]", ".json", "one object in braces is expected"),
        (b'{"a": "half of a character: \\ud800"}', ".json", "not UTF-8 text"),
        (b"[" * 200_000, ".json", "nested too deeply"),
        (b"a = " + b"[" * 200_000, ".toml", "nested too deeply"),
        (b"a = " + b"9" * 5000, ".toml", "a number in it has too many digits"),
        (b"a = 1\nb = '\xff'", ".toml", "line 2: the file is not UTF-8 text"),
        (b"#" * (LARGEST_FILE_BYTES + 1), ".toml", "the file is too large to be a form"),
    ],
)
def test_a_file_that_cannot_be_parsed_says_where(tmp_path: Path, content: bytes, suffix: str, said: str) -> None:
    file = tmp_path / f"x{suffix}"
    file.write_bytes(content)
    with pytest.raises(FormError) as refused:
        load_file(file)
    assert said in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml", "nul\0.toml"):
        with pytest.raises(FormError, match="the file cannot be read"):
            load_file(path)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(b"\xef\xbb\xbfrooms = 3\r\nheight = -1\r\n")
    document = load_file(file)
    assert examine(FORM, document.values, lines=document.lines)[1][0].line == 2


def test_what_is_written_explains_itself() -> None:
    text = as_toml(FORM, read_answers(FORM, {"rooms": 3, "cats": [{"name": 'M"\x7f'}]}), heading="An example.")
    assert text.startswith("# An example.\n\n# A house\n\n# Nobody lives in it.\n")
    assert "# ---- Size\n\n# How many rooms?\n# Why: Rooms cost.\n" in text
    assert "\n# Allowed: a whole number from 1 to 20 rooms.\nrooms = 3\n" in text
    assert '#   Warm\n#   "dark-red"  Dark red\n' in text
    assert '# height = "unknown"' in text
    # An unknown fact is a line to uncomment, and uncommenting it still reads.
    uncommented = "\n".join(line[2:] if line.endswith('= "unknown"') else line for line in text.splitlines())
    assert read_answers(FORM, parse(uncommented).values) == read_answers(FORM, parse(text).values)


def test_the_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    schema = json_schema(FORM)
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = jsonschema.Draft202012Validator(schema).is_valid
    assert valid({"rooms": 3, "height": None, "step": 1.5, "lit": UNKNOWN, "colour": "blue", "liked": [], "cats": [
        {"name": "Mog", "born": "2020-01-01"}], "garden": {"trees": 2}, "built": None})  # fmt: skip
    wrongs: tuple[dict[str, Any], ...] = (
        {"rooms": 21},
        {"step": 0.5},
        {"colour": "x"},
        {"liked": ["x"]},
        {"cats": [{}]},
        {"room": 1},
        {"garden": {"tree": 1}},
        {"lit": 1},
    )
    for wrong in wrongs:
        assert not valid(wrong), wrong


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Question("a", "?", Kind.ONE_OF), "words"),
        (lambda: Question("a", "?", Kind.TEXT, words=COLOURS), "words"),
        (lambda: Question("a", "?", Kind.LIST), "sub-form"),
        (lambda: Question("a.b.c", "?", Kind.TEXT), "one dot"),
        (lambda: Form("f", "F", (Question("a", "?", Kind.TEXT),) * 2), "asked twice: a"),
        (lambda: Form("f", "F", (Question("a", "?", Kind.TEXT), Question("a.b", "?", Kind.TEXT))), "asked twice: a"),
    ],
)
def test_a_form_that_could_not_be_answered_is_refused_when_it_is_made(make: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


def test_a_question_that_is_not_there_is_no_question() -> None:
    with pytest.raises(KeyError):
        FORM["none"]
    assert Fault("", Phrase("the whole is wrong")).sentence() == "the whole is wrong."


def test_a_form_in_a_table_of_its_own_reads_the_same_and_its_faults_name_its_own_fields() -> None:
    answers = read(rooms=3, garden={"trees": 2}, cats=[{"name": "Mog"}, {"name": "Tib"}])
    text = "my_answers = 1\n\n" + as_toml(FORM, answers, part="house") + "\n[other]\nleft = true\n"
    document = parse(text, file="all.toml")
    assert read_answers(FORM, document.part("house").values) == FORM.blank | answers
    assert parse(as_toml(FORM, answers)).part("house").values == parse(as_toml(FORM, answers)).values
    assert document.part("absent").values == {}
    wrong = parse(text.replace("rooms = 3", "rooms = 300").replace("Tib", 'Tib"\nlegs = "4')).part("house")
    found = [(fault.field, fault.line) for fault in examine(FORM, wrong.values, lines=wrong.lines)[1]]
    lines = text.splitlines()
    assert found == [("rooms", lines.index("rooms = 3") + 1), ("cats[2].legs", lines.index('name = "Tib"') + 2)]


def test_comments_are_in_the_language_that_was_asked_for() -> None:
    assert "# Warum: Rooms cost." in as_toml(FORM, {}, words=wording("de"))
    assert "# Why: Rooms cost." in as_toml(FORM, {}, words=wording("en")) == as_toml(FORM, {})


TEXTS = ["", "one", 'a "quote" and\n\n"""three""" \\ and\ttab', "\\n is no end\nof a line", "\n"]


@pytest.mark.parametrize("text", TEXTS)
def test_text_of_several_lines_comes_back_as_it_was(text: str) -> None:
    assert tomllib.loads(f"text = {toml_text(text)}") == {"text": text}
