"""The file that a person owns: it comes back as it was, says what is wrong with it, and loses nothing."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.consultation import Consultation
from equipoise.decision import read_values
from equipoise.evidence import load_evidence
from equipoise.forms import FormError
from equipoise.person import read_person
from equipoise.presentation.handout.qr import MOST_BYTES, qr_content
from equipoise.presentation.path import PathState
from equipoise.presentation.path.my_file import as_file
from equipoise.presentation.path.opening import Opened, opened
from equipoise.presentation.path.remembered import remembered
from equipoise.presentation.path.state import FIELD_LIMITS, packed, unpacked
from equipoise.wording import LANGUAGES, wording
from tests.support.command import equipoise

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PERSONS = sorted((EXAMPLES / "persons").glob("*.toml"))
VALUES = sorted((EXAMPLES / "values").glob("*.toml"))
TODAY = datetime.date(2026, 11, 29)
NEXT_YEAR = datetime.date(2027, 11, 30)
_answers: dict[object, Consultation] = {}


def ask(state: PathState) -> Consultation:
    """Work each answer out once."""
    key = (state.choice, state.person, state.values, state.years, state.on)
    if key not in _answers:
        _answers[key] = state.worked_out()
    return _answers[key]


@cache
def blank(on: datetime.date = TODAY) -> PathState:
    return PathState({}, load_evidence(), on, ask)


@cache
def example(person: str = "torn", values: str = "torn") -> PathState:
    state = blank()
    for path in (EXAMPLES / "persons" / f"{person}.toml", EXAMPLES / "values" / f"{values}.toml"):
        found = opened(path.read_bytes(), path.name, state)
        assert found.faults == ()
        state = found.state
    own = {"my-questions": ('Who "calls"\r\nwhat?',), "ask": ("-", "tie"), "ready.time": ("no",), "years": ("1",)}
    return state.with_typed({**state.typed, **own})


def opened_text(text: str, state: PathState | None = None) -> Opened:
    return opened(text.encode(), "my-answers.toml", state or blank())


@cache
def torn_file() -> str:
    return as_file(example(), wording())


@pytest.mark.parametrize(("person", "values"), [*itertools.product(PERSONS, VALUES)], ids=lambda path: path.stem)
def test_a_file_comes_back_as_the_same_bytes_in_every_language(person: Path, values: Path) -> None:
    before = example(person.stem, values.stem)
    for language in LANGUAGES:
        text = as_file(before, wording(language.tag))
        again = opened_text(text)
        assert again.faults == ()
        assert (again.state.person, again.state.values) == (before.person, before.values)
        assert again.state.one("my-questions") == 'Who "calls"\nwhat?'
        assert as_file(again.state, wording(language.tag)) == text


def test_a_file_says_what_the_plain_files_say_and_only_its_days_differ_a_year_later(tmp_path: Path) -> None:
    path = tmp_path / "my-answers.toml"
    path.write_text(torn_file(), encoding="utf-8")
    assert read_person(path) == read_person(EXAMPLES / "persons" / "torn.toml")
    assert read_values(path) == read_values(EXAMPLES / "values" / "torn.toml")
    later = as_file(opened_text(torn_file(), blank(NEXT_YEAR)).state, wording()).splitlines()
    differing = [(a, b) for a, b in zip(torn_file().splitlines(), later, strict=True) if a != b]
    assert differing == [("saved = 2026-11-29", "saved = 2027-11-30"), ("date = 2026-11-29", "date = 2027-11-30")]


def test_comments_are_in_the_language_of_the_page() -> None:
    assert "# Meine Antworten" in as_file(example(), wording("de"))
    assert "# Mis respuestas" in as_file(example(), wording("es"))


def test_the_answer_of_the_day_is_kept_with_its_numbers() -> None:
    then = tomllib.loads(torn_file())["then"]
    assert (then["date"], then["evidence"]) == (TODAY, load_evidence().release.version)
    assert then["years"] == 1
    numbers = {one["id"]: one for one in then["numbers"]}
    view = ask(example()).personal
    assert view is not None
    truth = {one.estimate.id: one for one in view.outcomes}
    assert len(numbers) == len(then["numbers"]) > 0
    for name, kept in numbers.items():
        assert kept["affected"] == pytest.approx(truth[name].affected, abs=1e-3)
        assert kept["of"] == truth[name].denominator
    assert [one["option"] for one in then["allowed"]] == ["alemtuzumab", "interferon-beta-1a"]
    assert sum(one["first"] for one in then["fit"]) == pytest.approx(1, abs=0.01)


def test_what_cannot_be_read_is_written_as_it_was_typed() -> None:
    typed = {"age": ("about forty",), "earlier_treatments[1].drug": ("drug x",), "conditions": ("stroke-ever",)}
    text = as_file(blank().with_typed(typed), wording())
    assert 'age = "about forty"' in text
    assert 'drug = "drug x"' in text
    assert "stroke-ever" in tomllib.loads(text)["about_me"]["conditions"]


# ---------------------------------------------------------------- faults


def test_every_fault_has_its_line_and_all_the_rest_is_kept() -> None:
    text = torn_file().replace("age = 36", 'age = "many"').replace('walking = "no-limit"', 'walking = "running"')
    text = text.replace("[check]", "[chess]").replace('first = "alemtuzumab"', "first = 7")
    found = opened_text(text)
    lines = text.splitlines()
    expected = {
        "age": 'age = "many"',
        "walking": 'walking = "running"',
        "chess": "[chess]",
        "choices.first": "first = 7",
    }
    assert {fault.field: lines[(fault.line or 0) - 1] for fault in found.faults} == expected
    assert found.state.person.age is None
    assert found.state.person.relapses_12_months == 1
    assert found.state.values == example().values
    assert found.state.faults == ()
    assert found.kept is not None


def test_of_a_list_with_a_word_that_is_not_known_nothing_counts_as_absent() -> None:
    plain = opened(b'conditions = ["stroke-ever", "strok"]', "me.toml", blank())
    person = plain.state.person
    assert [fault.field for fault in plain.faults] == ["conditions"]
    assert person.conditions == frozenset({"stroke-ever"})
    assert "heart-attack-ever" in person.unknown_conditions
    doubted = opened(b'conditions = []\nunknown_conditions = ["strok"]', "me.toml", blank())
    assert doubted.state.person.conditions is None


def test_of_a_list_the_entries_that_can_be_read_are_kept() -> None:
    text = b'[[earlier_treatments]]\ndrug = "teriflunomide"\n[[earlier_treatments]]\ndrug = "sugar"\n'
    found = opened(text, "me.toml", blank())
    assert [(fault.field, fault.line) for fault in found.faults] == [("earlier_treatments[2].drug", 4)]
    assert [one.drug for one in found.state.person.earlier_treatments or ()] == ["teriflunomide"]


def test_answers_that_do_not_fit_together_are_told_with_a_line_and_left_open() -> None:
    found = opened(b"age = 30\nrelapses_12_months = 3\nrelapses_24_months = 1\n", "me.toml", blank())
    assert [fault.line for fault in found.faults] == [3]
    assert found.state.faults == ()
    assert found.state.person.age == 30


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (bytes(range(256)), "not text"),
        (b"age = 30\0", "not text"),
        (b"\xff\xfea\0g\0e\0", "not text"),
        (b"age = = 3", "not TOML"),
        (b"[[[[[[", "not TOML"),
        (b"colour = 'red'\n", "nothing in this file is an answer"),
        (b"", "nothing in this file is an answer"),
        (b"x = " + b"[" * 90_000, "nested too deeply"),
    ],
)
def test_what_holds_no_answer_is_refused_and_nothing_is_changed(content: bytes, problem: str) -> None:
    with pytest.raises(FormError, match=problem) as refused:
        opened(content, "me.toml", example())
    for language in LANGUAGES:
        assert wording(language.tag).say(refused.value.faults[0].problem)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode), st.sampled_from(["a.toml", "a.json", ""]))
def test_whatever_is_in_a_file_is_opened_or_refused_with_a_reason(content: bytes, name: str) -> None:
    with contextlib.suppress(FormError):
        assert opened(content, name, blank()).state.faults == ()


HOSTILE = [
    "my_answers = 99",
    "my_answers = 1\nabout_me = 3",
    "my_answers = 1\n[about_me]\nage = [1, 2]\n[about_me.practical]\nfridge = {}",
    "my_answers = 1\n[my_questions]\ntext = 3\nask = 'all'",
    f'my_answers = 1\n[my_questions]\ntext = "{"x" * 5_000}"',
    "my_answers = 1\n[ready]\ntime = true\n" + "\n".join(f'k{n} = "yes"' for n in range(500)),
    "my_answers = 1\n[then]\ndate = 2026-01-01",
    "my_answers = 1\n[then]\ndate = 1\nnumbers = [1, {of = 0}]\nallowed = 3",
    "my_answers = 1\n[choices]\nyears = 400\npicture = 'film'",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_odd_file_names_what_is_odd_and_is_opened_all_the_same(text: str) -> None:
    found = opened_text(text)
    assert found.faults
    assert found.kept is None
    assert found.state.faults == ()
    assert len(found.state.typed) < 60
    as_file(found.state, wording())


def test_questions_of_my_own_are_cut_only_where_the_page_ends_and_that_is_said() -> None:
    longest = FIELD_LIMITS["my-questions"]
    whole = example().with_typed({"my-questions": ("ä" * longest,)})
    assert opened_text(as_file(whole, wording())).faults == ()
    found = opened_text(torn_file().replace('Who \\"calls\\"', "x" * longest))
    assert [fault.field for fault in found.faults] == ["my_questions.text"]


# ---------------------------------------------------------------- between two screens, and on the command line


def test_what_a_file_held_is_carried_between_screens_and_a_forged_one_is_no_answer() -> None:
    state = opened_text(torn_file()).state
    carried = blank().with_typed(unpacked(packed(state.typed)))
    last = remembered(carried)
    assert last is not None
    assert last.kept.date == TODAY
    assert last.typed["age"] == ("36",)
    for forged in ("", "{}", "[]", '{"kept":{"date":"x"},"typed":{}}', '{"kept":3,"typed":{}}', "[" * 20_000):
        assert remembered(blank().with_typed({"then": (forged,)})) is None


def test_a_plain_file_replaces_its_own_answers_only() -> None:
    found = opened((EXAMPLES / "persons" / "i-dont-know.toml").read_bytes(), "x.toml", example())
    assert found.state.person.age is None
    assert found.state.values == example().values
    assert found.state.one("my-questions")
    assert found.kept is None


def test_the_command_line_reads_its_part_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "my-answers.toml"
    path.write_text(torn_file(), encoding="utf-8")
    words = ("compare", "alemtuzumab", "interferon-beta-1a", "--on", "2026-11-29", "--format", "json")
    plain = [str(EXAMPLES / kind / "torn.toml") for kind in ("persons", "values")]
    mine = equipoise(*words, "--person", str(path), "--values", str(path))
    assert (mine.code, mine.err) == (0, "")
    assert mine.out == equipoise(*words, "--person", plain[0], "--values", plain[1]).out
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(torn_file().replace("age = 36", "age = 360"), encoding="utf-8")
    refused = equipoise(*words, "--person", str(wrong))
    assert refused.code == 2
    line = torn_file().splitlines().index("age = 36") + 1
    assert re.search(rf"wrong.toml, line {line}, age: this is outside what is possible", refused.err)


def test_a_code_on_paper_holds_who_it_is_about_and_what_matters(tmp_path: Path) -> None:
    path = tmp_path / "my-answers.toml"
    path.write_text(torn_file(), encoding="utf-8")
    content = qr_content(path)
    assert len(content.encode()) <= MOST_BYTES
    again = tmp_path / "again.toml"
    again.write_text(content, encoding="utf-8")
    assert (read_person(again), read_values(again)) == (example().person, example().values)
