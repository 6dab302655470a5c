"""The gallery shows every component there is, in every state that it has."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from equipoise.evidence import load_evidence
from equipoise.forms import Kind
from equipoise.presentation.gallery import render_gallery
from equipoise.presentation.gallery.fixtures import FAULTS, FORM
from equipoise.presentation.html import STYLE
from equipoise.wording import LANGUAGES, wording


def gallery(tag: str = "en") -> str:
    return render_gallery(wording(tag), load_evidence().release)


def test_every_kind_of_question_is_there_empty_and_answered() -> None:
    assert {question.kind for question in FORM} == set(Kind) - {Kind.TEXT}
    for question in FORM:
        assert f'name="{question.name}' in gallery()
        assert f'name="empty-{question.name}' in gallery()


def test_every_fault_stands_beside_its_field() -> None:
    for name in FAULTS:
        assert f'id="{name}-fault"' in gallery()
        assert re.search(rf'id="{name}"[^>]*aria-invalid="true"', gallery())


@pytest.mark.parametrize(
    "name", ["note", "warning", "unknown", "told", "option", "number", "certainty", "badge", "quiet"]
)
def test_every_component_of_the_style_sheet_is_shown(name: str) -> None:
    assert f".{name}" in STYLE.read_text(encoding="utf-8")
    assert re.search(rf'class="[^"]*\b{name}\b', gallery())


@pytest.mark.parametrize("tag", [*(one.tag for one in LANGUAGES), "en-XA", "ar-XB"])
def test_it_opens_in_every_language_and_no_id_stands_twice(tag: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', gallery(tag)))
    assert [name for name, count in ids.items() if count > 1] == []
