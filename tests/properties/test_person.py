"""True for every person and for every input: what is written reads back, and nothing ends in a traceback."""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.forms import (
    Answers,
    Form,
    FormError,
    Kind,
    Question,
    Word,
    as_toml,
    ask,
    read_answers,
)
from equipoise.forms.files import parse
from equipoise.person import (
    Person,
    disagreements,
    fingerprint,
    form,
    normalised,
    notices,
    person_from_answers,
    person_schema,
    read_person,
    unknown_fields,
    write_person,
)

TODAY = datetime.date(2026, 11, 22)
PERSON_FORM = form()
SCHEMA = jsonschema.Draft202012Validator(person_schema())

WORDS = st.lists(st.from_regex(r"[a-z]{1,4}(-[a-z]{1,3})?", fullmatch=True), min_size=1, max_size=4, unique=True).map(
    lambda ids: (
        tuple(Word(name, f"Label of {name}", name[:1]) for name in ids if name != "unknown") or (Word("only", "Only"),)
    )
)
NAMES = st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: "unknown" not in text.lower())


def answer(question: Question) -> st.SearchStrategy[Any]:
    """Answers to one question, in their final form; unknown among them."""
    known: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.WHOLE_NUMBER: st.integers(int(question.low or 0), int(question.high or 10**6)),
        Kind.NUMBER: st.sampled_from(question.among)
        if question.among
        else st.floats(question.low or 0, question.high or 1e300, allow_nan=False),
        Kind.YES_NO: st.booleans(),
        Kind.ONE_OF: st.sampled_from([word.id for word in question.words] or [""]),
        Kind.SOME_OF: st.sets(st.sampled_from([word.id for word in question.words] or [""])).map(
            lambda chosen: tuple(word.id for word in question.words if word.id in chosen)
        ),
        Kind.DATE: st.dates(max_value=TODAY),
        Kind.TEXT: TEXTS,
    }
    if question.form is not None:
        return st.none() | st.lists(answers(question.form), max_size=3).map(tuple)
    return known[question.kind] if question.required else st.none() | known[question.kind]


def answers(asked: Form) -> st.SearchStrategy[Answers]:
    """Answers to a whole form."""
    return st.fixed_dictionaries({question.name: answer(question) for question in asked})


@st.composite
def questions(draw: st.DrawFn, *, is_inner: bool = False) -> tuple[Question, ...]:
    made = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=5, unique=True)):
        kind = draw(st.sampled_from([k for k in Kind if not (is_inner and k is Kind.LIST)]))
        is_inside = not is_inner and kind is not Kind.LIST and draw(st.booleans())
        text = draw(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
        made.append(
            Question(
                f"table-{name}.{name}" if is_inside else name,
                f"What {text}?",
                kind,
                section=draw(st.sampled_from(["", "One", "Two"])),
                words=draw(WORDS) if kind in {Kind.ONE_OF, Kind.SOME_OF} else (),
                form=Form("inner", "Inner", draw(questions(is_inner=True))) if kind is Kind.LIST else None,
            )
        )
    return tuple(made)


FORMS = questions().map(lambda made: Form("any", "Any form", made))


@st.composite
def people(draw: st.DrawFn) -> Person:
    """People of whom anything may be known; what would contradict is unknown."""
    said = draw(answers(PERSON_FORM))
    for fault in disagreements(said, today=TODAY):
        said[fault.field] = None
    for name in ("months_since_relapse", "years_since_onset"):
        if disagreements(said, today=TODAY):
            said[name] = None
    return person_from_answers(said, today=TODAY)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_what_is_written_reads_back(data: st.DataObject) -> None:
    asked = data.draw(FORMS)
    given_answers = data.draw(answers(asked))
    document = parse(as_toml(asked, given_answers))
    assert read_answers(asked, document.values) == given_answers
    # Every answer has a line, and the key stands on it.
    lines = as_toml(asked, given_answers).split("\n")
    for question in asked:
        if given_answers[question.name] not in {None, ()} if question.kind is not Kind.LIST else False:
            assert lines[document.lines[question.name] - 1].startswith(f"{question.key} = ")


@settings(deadline=None, max_examples=150)
@given(people())
def test_a_person_survives_being_written_in_both_formats(person: Person) -> None:
    assert read_person(tomllib.loads(write_person(person)), today=TODAY) == person
    data = json.loads(json.dumps(normalised(person)))
    assert read_person(data, today=TODAY) == person
    assert SCHEMA.is_valid(data)
    assert fingerprint(read_person(data)) == fingerprint(person)
    assert all(notice.endswith(".") for notice in notices(person))
    assert len(set(unknown_fields(person))) == len(unknown_fields(person)) <= 20


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes() | st.times()
    | st.sampled_from(["unknown", "woman", "hiv", "rebif", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
KEYS = st.sampled_from([*(q.key for q in PERSON_FORM), *PERSON_FORM.tables]) | st.text(max_size=8)


@settings(deadline=None, max_examples=300)
@given(
    st.dictionaries(KEYS, VALUES | st.lists(st.dictionaries(st.sampled_from(["drug", "stopped"]), VALUES)), max_size=6)
)
def test_no_mapping_gives_a_traceback(mapping: dict[str, Any]) -> None:
    person, refusal = tried(mapping)
    if refusal is not None:
        assert refusal.faults
        assert all(fault.problem and fault.sentence("x.toml").startswith("x.toml") for fault in refusal.faults)
    else:
        assert read_person(normalised(person)) == person


def tried(source: Any) -> tuple[Person, FormError | None]:
    """A person, or nobody and the refusal. Anything else that is raised fails the test."""
    try:
        return read_person(source, today=TODAY), None
    except FormError as error:
        return Person(), error


PIECES = (
    'age| = |34|-1|"woman"|[|]|[[earlier_treatments]]|drug|{|}|,|"""|\'|#|true|practical|.|fridge|2020-01-01|inf|"|:'
)
FRAGMENTS = st.lists(st.sampled_from([*PIECES.split("|"), "\n", "\\u0000"]) | st.text(max_size=3), max_size=25).map(
    "".join
)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | FRAGMENTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
@pytest.mark.parametrize("name", ["p.toml", "p.json"])
def test_no_file_gives_a_traceback(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    _, refusal = tried(file)
    assert refusal is None or str(file) in str(refusal)


LINES = st.lists(
    st.sampled_from(
        ["", "1", "2", "1,2", "none", "yes", "no", "back", "?", "34", "2.5", "2020-01-31", "woman", "unknown"]
    )
    | st.text(max_size=6),
    max_size=60,
)


@settings(deadline=None, max_examples=150)
@given(LINES)
def test_whatever_is_typed_the_dialogue_ends_with_answers_that_are_a_person(lines: list[str]) -> None:
    waiting = iter(lines)

    def read_line(_prompt: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    said: list[str] = []
    asked = ask(PERSON_FORM, read_line, said.append, review=lambda typed: disagreements(typed, today=TODAY))
    person = person_from_answers(asked.answers, today=TODAY)
    assert read_person(tomllib.loads(as_toml(PERSON_FORM, asked.answers)), today=TODAY) == person


@settings(deadline=None, max_examples=100)
@given(people(), people())
def test_the_fingerprint_tells_people_apart(one: Person, other: Person) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (normalised(one) == normalised(other))
