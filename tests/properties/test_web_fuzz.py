"""Whatever is asked of the pages or sent to them, a designed page comes back and nothing typed is lost."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import Any

import schemathesis
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from equipoise.interfaces.web import create_app
from equipoise.person import form as person_form
from equipoise.presentation.path import SCREENS, screen
from equipoise.presentation.path.screens import Screen
from equipoise.wording import LANGUAGES
from tests.support.path_web import Walker

TAGS = [one.tag for one in LANGUAGES]
KINDS = ("text/html", "text/css", "application/json", "application/toml", "application/pdf", "text/plain")
QUESTIONS = {question.name: question for question in person_form()}
ABOUT = [one.id for one in SCREENS if one.id.startswith("about-")]


@cache
def app() -> FastAPI:
    return create_app()


def described() -> dict[str, Any]:
    """Every route as OpenAPI says it, for the fuzzer alone: the application publishes nothing of the kind."""
    made = get_openapi(title="Equipoise", version="0", routes=app().routes)
    known = {"language": [*TAGS, "en-XA", "xx"], "name": [*(one.id for one in SCREENS), "nowhere"]}
    fields = {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
    for operations in made["paths"].values():
        if "post" in operations:
            operations["post"]["requestBody"] = {"content": {"application/x-www-form-urlencoded": fields}}
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in known:
                    parameter["schema"]["enum"] = known[parameter["name"]]
    return made


SCHEMA = schemathesis.openapi.from_dict(described())
SCHEMA.app = app()


@SCHEMA.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_route_answers_everything_with_a_page_and_never_with_a_traceback(case: schemathesis.Case[Any]) -> None:
    answer = case.call(headers={"host": "127.0.0.1"})
    assert answer.status_code < 500, answer.content[:500]
    assert answer.headers["content-security-policy"][0].startswith("default-src 'none'")
    kind = answer.headers.get("content-type", [""])[0]
    assert kind.startswith(KINDS) or answer.status_code in (303, 405), kind
    assert b"Traceback" not in answer.content


hostile = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["<script>alert(1)</script>", "' or 1=1 --", "{{7*7}}", "\u202e\u0000", "-1", "1e999", "NaN", "٣"]),
    st.integers(-(10**30), 10**30).map(str),
    st.floats().map(str),
)


def values_of(name: str) -> st.SearchStrategy[str]:
    words = [word.id for word in QUESTIONS[name].words] if name in QUESTIONS else []
    return st.one_of(st.sampled_from(words), hostile) if words else hostile


@st.composite
def sent(draw: st.DrawFn) -> tuple[Screen, dict[str, list[str]]]:
    """A screen about a person, and something sent to it: its own fields and strange ones."""
    shown = screen(draw(st.sampled_from(ABOUT)))
    fields = {name: draw(st.lists(values_of(name), max_size=3)) for name in shown.asks}
    strange = draw(st.dictionaries(st.text(min_size=1, max_size=30), st.lists(hostile, max_size=2), max_size=3))
    return shown, {**strange, **fields}


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(tag=st.sampled_from(TAGS), given_to=sent())
@example(tag="de", given_to=(screen("about-you"), {"age": ["<b>34"], "token": ["x"], "kept": ["x"], "go": ["back"]}))
@example(tag="es", given_to=(screen("about-drugs"), {"earlier_treatments[99999999999999999999].drug": ["rebif"]}))
def test_a_screen_takes_anything_and_gives_a_page(tag: str, given_to: tuple[Screen, dict[str, list[str]]]) -> None:
    shown, fields = given_to
    someone = Walker(app(), tag)
    answer = someone.http.post(f"/{tag}/path/{shown.id}", data=fields)
    assert answer.status_code in (200, 303, 400, 422)
    assert f'<html lang="{tag}"' in answer.text
    assert "<script" not in answer.text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=hostile.filter(lambda text: bool(text.strip())), name=st.sampled_from(["age", "edss", "months_since_relapse"])
)
def test_what_is_refused_stands_in_its_field_as_it_was_typed(text: str, name: str) -> None:
    asked = next(one for one in SCREENS if name in one.asks)
    answer = Walker(app()).send(asked.id, {name: text})
    if answer.status_code != 422:
        return  # it was a number after all
    field = re.search(rf'<input id="{name}"[^>]* value="([^"]*)"', answer.text)
    assert field is not None
    assert unescape(field[1]) == text.strip() or unescape(field[1]) == text


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(tag=st.sampled_from(TAGS), given_to=st.lists(sent(), min_size=1, max_size=4), later=st.sampled_from(SCREENS))
def test_every_screen_opens_after_anything_was_typed(
    tag: str, given_to: list[tuple[Screen, dict[str, list[str]]]], later: Screen
) -> None:
    someone = Walker(app(), tag)
    for shown, fields in given_to:
        someone.send(shown.id, fields)
    assert someone.open(later.id).status_code == 200
