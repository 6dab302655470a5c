"""One word for one thing in every language: what the table for translators rules out stands in no text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from equipoise.wording import catalogue

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "correct-a-translation.md"
COLUMN = {"de": 3, "es": 5}
"""Where the table says which words of a language are not used, counted from the first bar."""


def ruled_out(tag: str) -> list[str]:
    rows = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    heading, _, *terms = rows
    assert heading[COLUMN[tag]].strip() == "not"
    return [word.strip() for row in terms for word in row[COLUMN[tag]].split(",") if word.strip()]


@pytest.mark.parametrize("tag", sorted(COLUMN))
def test_no_text_uses_a_word_that_the_termbase_rules_out(tag: str) -> None:
    texts, words = catalogue(tag), ruled_out(tag)
    assert len(words) > 10
    assert [
        (word, key)
        for word in words
        for key in texts
        if any(re.search(rf"\b{re.escape(word)}\b", form) for form in texts.forms(key))
    ] == []
