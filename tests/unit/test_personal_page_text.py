"""What a person reads in a terminal: effects first, no orders, every number with a way to its source."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from equipoise.consultation.personal import PersonalView
from equipoise.presentation.blocks import Items, Paragraph, Table
from equipoise.presentation.personal_outline import personal_blocks
from equipoise.presentation.terminal import print_blocks
from tests.support.personal_samples import SAMPLES, fitted, twenty, view
from tests.unit.test_html import PERSUASION
from tests.unit.test_personal_page import ORDERS


def printed(seen: PersonalView) -> str:
    written = io.StringIO()
    print_blocks(personal_blocks(seen, lambda _: "[1]", key_only=True), Console(file=written, width=110))
    return written.getvalue()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_view_is_printed_within_the_width_and_without_persuasion(name: str) -> None:
    text = printed(SAMPLES[name]())
    assert max(map(len, text.splitlines())) <= 110
    assert not PERSUASION.search(text), PERSUASION.search(text)
    assert not ORDERS.search(text), ORDERS.search(text)


def test_effects_come_first_then_what_is_declined_then_the_fit() -> None:
    text = printed(fitted())
    places = [
        text.index(words)
        for words in ("What may happen over two years", "What is not said, and why", "How the options fit", "NNT")
    ]
    assert places == sorted(places)


def test_ties_refusals_and_options_that_do_not_rank_are_said() -> None:
    assert "are too close to call: this is a tie." in printed(SAMPLES["tie"]())
    barred = " ".join(printed(SAMPLES["contraindicated"]()).split())
    assert "not ranked" in barred
    assert "The label says it must not be given" in barred
    nothing = printed(SAMPLES["everything declined"]())
    assert "No number can be given" in nothing
    assert "18 to 55 years old" in " ".join(nothing.split())
    assert "For:" not in nothing


def test_many_options_get_a_table_for_each_outcome() -> None:
    blocks = personal_blocks(twenty(), lambda _: "[1]", key_only=True)
    sized = [len(b.columns) for b in blocks if isinstance(b, Table)]
    assert max(sized) <= 4
    assert len([b for b in blocks if isinstance(b, Table) and b.columns[0] == "Option" and len(b.rows) == 20]) >= 4


def test_the_whole_says_all_that_the_key_says_and_more() -> None:
    def texts(*, key_only: bool) -> list[str]:
        found: list[str] = []
        for block in personal_blocks(view(), lambda e: e.id, key_only=key_only):
            if isinstance(block, Table):
                found += [cell for row in block.rows for cell in row]
            elif isinstance(block, Items):
                found += block.texts
            elif isinstance(block, Paragraph):
                found.append(block.text)
        return found

    key, whole = texts(key_only=True), texts(key_only=False)
    assert set(key) < set(whole)
    assert any("thyroid" in text.lower() for text in whole)
