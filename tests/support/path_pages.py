"""Screens of the way without a server: example answers as the fields of its pages, and what a page would send back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache

from equipoise.decision import read_values, values_form
from equipoise.decision.values_form import as_answers
from equipoise.evidence import Evidence, load_evidence
from equipoise.forms import examine, load_file
from equipoise.person import form as person_form
from equipoise.presentation.form_fields import as_typed
from equipoise.presentation.path import PathPage, PathState, render_path, screen
from equipoise.wording import wording
from tests.support.examples import EXAMPLES
from tests.support.pages import Element, parse

TODAY = datetime.date(2026, 11, 29)

Typed = Mapping[str, tuple[str, ...]]


@cache
def evidence() -> Evidence:
    """Return the release, read once."""
    return load_evidence()


def typed_person(name: str) -> Typed:
    """Return an example of a person as the fields of a page."""
    about = person_form(evidence())
    return as_typed(about, examine(about, load_file(EXAMPLES / f"persons/{name}.toml").values)[0])


def typed_values(name: str) -> Typed:
    """Return an example of values as the fields of a page."""
    return as_typed(values_form(), as_answers(read_values(EXAMPLES / f"values/{name}.toml")))


def state(person: str = "", values: str = "", /, **typed: str | tuple[str, ...]) -> PathState:
    """Return what is known after an example was typed in, and anything more."""
    held = {**(typed_person(person) if person else {}), **(typed_values(values) if values else {})}
    more = {name: one if isinstance(one, tuple) else (one,) for name, one in typed.items()}
    return PathState({}, evidence(), TODAY).with_typed({**held, **more})


def page(of: PathState, name: str, language: str = "en") -> PathPage:
    """Return a screen, with whatever is wrong on it."""
    return PathPage(of, screen(name), wording(language), faults=of.faults_on(screen(name)))


def shown(of: PathState, name: str, language: str = "en") -> Element:
    """Return a screen as a tree."""
    return parse(render_path(page(of, name, language)))


def sent(root: Element) -> dict[str, tuple[str, ...]]:
    """Return what a browser would send of a page that nobody touched, without the fields of the form itself."""
    found: dict[str, tuple[str, ...]] = {}
    for one in root.walk():
        name, value = one.attributes.get("name", ""), one.attributes.get("value", "")
        kind = one.attributes.get("type", "text")
        if one.tag == "select":
            options = [option for option in one.walk() if option.tag == "option"]
            chosen = next((option for option in options if "selected" in option.attributes), options[0])
            value = chosen.attributes["value"]
        elif one.tag != "input" or (kind in {"checkbox", "radio"} and "checked" not in one.attributes):
            continue
        if name not in {"", "token", "kept"}:
            found[name] = (*found.get(name, ()), value)
    return found
