"""The forms of a person in any language: nothing on the page and no fault bypasses the catalogue."""

from __future__ import annotations

import ast
import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from equipoise.decision import values_form
from equipoise.decision.values_form import faults_together
from equipoise.evidence import load_evidence
from equipoise.forms import Fault, Form, FormError, Kind, Question, Word, ask, examine
from equipoise.forms.files import LARGEST_FILE_BYTES, load_file, parse
from equipoise.person import disagreements
from equipoise.person import form as person_form
from equipoise.presentation.chosen_options import option_faults
from equipoise.presentation.fault_words import in_page_words
from equipoise.presentation.form_fields import contradictions
from equipoise.presentation.form_view import FormView
from equipoise.presentation.html import environment
from equipoise.wording import LANGUAGES, PSEUDO, Phrase, catalogue, wording
from tests.support.pages import parse as parse_page

SOURCE = Path(__file__).resolve().parents[2] / "src" / "equipoise"
TODAY = datetime.date(2026, 11, 29)
FORMS = {"person": person_form(), "values": values_form()}
TYPED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "person": {"not_conditions": ("hiv",), "earlier_treatments[1].drug": ("nonsense",)},
    "values": {"order": ("relapses", "injections")},
}


def shown(form: Form, tag: str, faults: Mapping[str, Fault] | None = None, **typed: tuple[str, ...]) -> str:
    view = FormView(form, {**TYPED[form.name], **typed}, faults or {}, wording(tag))
    template = environment().from_string(
        '{% import "_answers.html" as ask %}{% for heading, asked in view.sections %}'
        "<h3>{{ view.words.say(heading) }}</h3>"
        "{% for question in asked %}{{ ask.one(view, question, question.name) }}{% endfor %}{% endfor %}"
    )
    return template.render(view=view)


def outside(text: str) -> str:
    """What is left of a text of the pseudo-language when everything between its brackets is taken away."""
    before = None
    while before != text:
        before, text = text, re.sub(r"\[[^][]*\]", "", text)
    return text


def texts(html: str) -> Iterator[str]:
    for element in parse_page(html).walk():
        yield from (child for child in element.children if isinstance(child, str) and child.strip())


@pytest.mark.parametrize("name", FORMS)
def test_every_text_of_a_form_comes_from_the_catalogue(name: str) -> None:
    found = list(texts(shown(FORMS[name], PSEUDO.tag)))
    assert len(found) > 60
    bypassing = {text.strip() for text in found if re.search(r"[^\W\d]", outside(text).replace("nonsense", ""))}
    assert bypassing == set()


@pytest.mark.parametrize("tag", [one.tag for one in LANGUAGES[1:]])
@pytest.mark.parametrize("name", FORMS)
def test_no_text_of_a_form_stays_english(name: str, tag: str) -> None:
    english, other = (set(texts(shown(FORMS[name], one))) for one in ("en", tag))
    same_in_both = {"HIV", "Dialysis", "EDSS", "alemtuzumab", "No"}
    same = {text.strip() for text in english & other if re.search(r"[^\W\d]", text)}
    assert {text for text in same if not text.endswith(("mab", "mod", "fenib"))} <= same_in_both


def test_one_question_can_be_shown_by_itself() -> None:
    view = FormView(FORMS["person"], words=wording("es"))
    template = environment().from_string(
        '{% import "_answers.html" as ask %}{{ ask.one(view, view.question("age"), "age") }}'
    )
    html = template.render(view=view)
    assert "¿Qué edad tiene?" in html
    assert "años" in html
    with pytest.raises(KeyError):
        view.question("shoe_size")


@pytest.mark.parametrize(("tag", "example"), [("en", "4.5"), ("de", "4,5"), ("es", "4,5")])
def test_an_example_is_written_as_the_language_writes_numbers(tag: str, example: str) -> None:
    view = FormView(FORMS["person"], words=wording(tag))
    assert view.example(view.question("years_since_onset")) == example
    assert view.example(view.question("sex")) == ""


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("en", "What is possible: one of 0, 1, 1.5, 2"),
        ("de", "Möglich ist: eines von 0; 1; 1,5; 2"),
        ("es", "Lo posible es: uno de 0; 1; 1,5; 2"),
    ],
)
def test_what_is_possible_is_written_as_the_language_writes_numbers(tag: str, says: str) -> None:
    _, (fault,) = examine(FORMS["person"], {"edss": 0.5})
    assert says in shown(FORMS["person"], tag, {"edss": fault})


def test_a_fault_quotes_questions_and_words_as_the_page_shows_them() -> None:
    (fault,) = disagreements({**FORMS["person"].blank, "sex": "man", "pregnancy": "pregnant"})
    said = in_page_words(fault, FORMS.values(), wording("de"))
    assert said.problem == "„zurzeit schwanger“ passt nicht zu „Mann“"
    assert "„Sind Sie eine Frau oder ein Mann?“" in said.mend
    assert fault.problem == "'pregnant' does not fit 'man'", "a file's reader is told as before"


# ---- Every fault there can be. Each of these makes some; together they reach every text of the catalogue.

HOUSE = Form(
    "house",
    "A house",
    (
        Question("floors", "Floors", Kind.WHOLE_NUMBER, low=1),
        Question("height", "Height", Kind.NUMBER, high=9),
        Question("depth", "Depth", Kind.NUMBER),
        Question("price", "Price", Kind.NUMBER, low=0),
        Question("rooms", "Rooms", Kind.WHOLE_NUMBER, high=9),
        Question("doors", "Doors", Kind.WHOLE_NUMBER),
        Question("width", "Width", Kind.NUMBER, low=1, high=9, unit="m"),
        Question("name", "Name", Kind.TEXT),
        Question("sides", "Sides", Kind.SOME_OF, words=(Word("left", "Left"), Word("right", "Right"))),
        Question("roof", "Roof", Kind.ONE_OF, words=(Word("flat", "Flat"), Word("steep", "Steep"))),
        Question("walls", "Walls", Kind.SOME_OF, words=tuple(Word(f"wall-{n}", f"Wall {n}") for n in range(20))),
        Question("colour", "Colour", Kind.ONE_OF, words=tuple(Word(f"hue-{n}", f"Hue {n}") for n in range(20))),
    ),
)


def from_answers() -> Iterator[Fault]:
    for form, mapping in (
        (
            HOUSE,
            {
                "floors": 0,
                "height": 10,
                "depth": "x",
                "price": -1,
                "rooms": 99,
                "doors": "x",
                "width": 0,
                "name": 4,
                "sides": ["x"],
            },
        ),
        (HOUSE, {"roof": "steap", "walls": ["wall", "hall", 3], "name": "\ud800", "colour": "x"}),
        (FORMS["person"], {"age": "x", "years_since_onset": 999, "edss": 0.5, "sex": 3, "smoking": "sometimes"}),
        (FORMS["person"], {"age": 4.5, "enhancing_lesions": "maybe", "conditions": "hiv", "practical": 3, "shoe": 1}),
        (FORMS["person"], {"ages": 3, "earlier_treatments": [3, {"stopped": datetime.datetime(2025, 1, 1)}]}),  # noqa: DTZ001
        (FORMS["person"], {"earlier_treatments": 3, "conditions": ["hivv", "dialisis"]}),
        (FORMS["person"], {"earlier_treatments": [{"drug": "rebif", "stopped": "last week"}]}),
    ):
        yield from examine(form, mapping)[1]


def from_two_answers() -> Iterator[Fault]:
    hiv = ("hiv",)
    stopped = ({"drug": "other-drug", "relapsed": None, "not_tolerated": None, "stopped": datetime.date(2027, 1, 1)},)
    for answers in (
        {"age": 30, "years_since_onset": 40.5},
        {"years_since_onset": 1.0, "months_since_relapse": 100.0},
        {"relapses_12_months": 3, "relapses_24_months": 1},
        {"relapses_24_months": 0, "months_since_relapse": 1.0},
        {"relapses_12_months": 0, "months_since_relapse": 2.0},
        {"relapses_12_months": 1, "months_since_relapse": 20.0},
        {"relapses_24_months": 2, "months_since_relapse": 30.0},
        {"sex": "man", "pregnancy": "pregnant"},
        {"walking": "wheelchair", "edss": 1.5},
        {"conditions": hiv, "not_conditions": hiv},
        {"conditions": hiv, "unknown_conditions": hiv},
        {"not_conditions": hiv, "unknown_conditions": hiv},
        {"medicines": ("leflunomide",), "unknown_medicines": ("leflunomide",)},
        {"earlier_treatments": stopped},
    ):
        found = disagreements({**FORMS["person"].blank, **answers}, today=TODAY)
        assert found, answers
        yield from found


def from_values() -> Iterator[Fault]:
    trade = {"to_gain": "relapses", "by": 0.0, "would_accept": "relapses", "more": 1.0, "answer": None}
    limit = {"criterion": "relapses", "level": 1.0}
    yield from faults_together(
        {
            **FORMS["values"].blank,
            "matters": ("relapses",),
            "does_not_matter": ("relapses", "injections"),
            "order": ("injections",),
            "as_much_as_before": ("infections",),
            "trade_off": (trade,),
            "limit": (limit, limit),
        }
    )


def from_the_page() -> Iterator[Fault]:
    yield from contradictions(FORMS["values"], {"matters": ("relapses", "none-of-these")})
    yield from contradictions(FORMS["values"], {"limit[1].level": ("1",), "limit.none-of-these": ("yes",)})
    yield from contradictions(FORMS["person"], {"conditions": ("hiv", "none-of-these:Infections")})
    yield from option_faults(load_evidence(), {"first": "alemtuzumap", "second": "xyzzy"})
    yield from option_faults(load_evidence(), {"first": "lemtrada", "second": "alemtuzumab"})


def from_files(folder: Path) -> Iterator[Fault]:
    (folder / "large.toml").write_bytes(b"x" * (LARGEST_FILE_BYTES + 1))
    (folder / "binary.toml").write_bytes(b"\xff\xfe\x00")
    readings: list[Callable[[], object]] = [
        *(partial(load_file, folder / name) for name in ("missing.toml", "large.toml", "binary.toml")),
        *(partial(parse, text) for text in ("age = = 3", 'age = "', "age = " + "9" * 9000)),
        *(partial(parse, text, is_json=True) for text in ("{", "[1]", "[" * 5000, '{"a": 1, "a": 2}')),
    ]
    for read in readings:
        with pytest.raises(FormError) as raised:
            read()
        yield from raised.value.faults


def every_fault(folder: Path) -> list[Fault]:
    return [*from_answers(), *from_two_answers(), *from_values(), *from_the_page(), *from_files(folder)]


def keys_within(text: object) -> Iterator[str]:
    if isinstance(text, Phrase):
        yield text.key
        for held in text.arguments.values():
            for inner in getattr(held, "texts", (held,)):
                yield from keys_within(inner)


# Said elsewhere: by the dialogue in a terminal, by the clinic's pages, by a page where a file is opened.
ELSEWHERE = {
    "fault.allowed.yes-no-enter",
    "fault.mend.fill-in",
    "fault.problem.drug-without-day",
    "fault.problem.file-not-toml",
    "fault.problem.needed",
}
ON_PAGES = {
    "fault.mend.answer-or-empty",
    "fault.mend.choose",
    *(f"fault.problem.{name}" for name in ("not-json-in-line", "not-toml-in-line", "not-toml-anywhere")),
}


def test_every_fault_has_a_text_and_every_text_a_fault(tmp_path: Path) -> None:
    reached = {
        key
        for fault in every_fault(tmp_path)
        for text in (fault.problem, fault.allowed, fault.mend)
        for key in keys_within(text)
        if key.startswith("fault.")
    }
    there = {key for key in catalogue("en") if key.startswith("fault.")}
    assert there - reached == ELSEWHERE | ON_PAGES
    assert reached <= there


@pytest.mark.parametrize("tag", [*(one.tag for one in LANGUAGES), PSEUDO.tag])
def test_every_fault_can_be_said_on_a_page_in_every_language(tag: str, tmp_path: Path) -> None:
    for fault in every_fault(tmp_path):
        said = in_page_words(fault, FORMS.values(), wording(tag))
        for text in (said.problem, said.allowed, said.mend):
            assert "{" not in text.replace("{ ", "")
            if tag == PSEUDO.tag:
                assert not re.search(r"[^\W\d]", outside(text)), text
        if tag in {"de", "es"}:
            assert said.problem != in_page_words(fault, FORMS.values(), wording("en")).problem


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield path.relative_to(SOURCE), node


def test_no_fault_is_made_of_a_literal() -> None:
    found = [(path, call) for path, call in calls("Fault") if path.parts[0] not in {"clinic", "synthesis"}]
    assert len(found) > 20
    for path, call in found:
        named = {word.arg: word.value for word in call.keywords}
        texts = [
            *call.args[1:2],
            *call.args[3:5],
            *(named[part] for part in ("problem", "allowed", "mend") if part in named),
        ]
        for text in texts:
            assert not isinstance(text, ast.Constant | ast.JoinedStr), f"{path}:{call.lineno}"


def test_a_text_without_a_key_is_made_only_of_what_an_error_says_in_english() -> None:
    keyless = {(str(path), ast.unparse(call)) for path, call in calls("Phrase") if len(call.args) == 1}
    assert {path for path, _ in keyless} == {
        "interfaces/clinic_web/recording.py",
        "wording/phrases.py",
    }


def test_a_dialogue_in_a_terminal_says_its_faults_in_english() -> None:
    lines = iter(["perhaps", ""])
    said: list[Any] = []
    ask(Form("x", "X", (Question("drugs", "Any?", Kind.LIST, form=HOUSE),)), lambda _: next(lines), said.append)
    assert "  This is neither yes nor no.\n  What fits: yes, no, or Enter" in said
