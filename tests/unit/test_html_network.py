"""The page of a network: no number without its source, islands said, and the pair three ways."""

from __future__ import annotations

import functools

import pytest

from equipoise.consultation import trace
from equipoise.consultation.network_answer import network_answer
from equipoise.consultation.network_rows import PLANS
from equipoise.evidence import load_evidence
from equipoise.presentation import html
from tests.support.pages import Element, names, orphans, parse


@functools.cache
def page(outcome: str) -> Element:
    evidence = load_evidence()
    return parse(html.render_network(network_answer(outcome, evidence=evidence), evidence))


@pytest.mark.parametrize("outcome", list(PLANS))
def test_no_number_stands_without_a_source(outcome: str) -> None:
    assert orphans(page(outcome), names(load_evidence())) == []
    assert page(outcome).find("data-unsourced") == []


@pytest.mark.parametrize("outcome", list(PLANS))
def test_every_id_of_the_page_resolves(outcome: str) -> None:
    identifiers = {element.attributes["data-id"] for element in page(outcome).find("data-id")}
    assert identifiers
    # Each network id fits a network; a sample keeps the test quick and still meets every kind of id.
    for identifier in sorted(identifiers)[:: max(1, len(identifiers) // 12)]:
        assert trace(identifier).id == identifier


def test_islands_are_said_and_not_bridged() -> None:
    text = page("confirmed-disability-worsening-6m").text
    assert "separate pieces" in text
    assert "cannot be compared" in text
    assert "separate pieces" not in page("annualised-relapse-rate").text


def test_the_pair_shows_direct_indirect_and_network_evidence() -> None:
    text = page("annualised-relapse-rate").text
    for words in ("Direct", "Indirect", "Network, both together", "Each trial of the two by itself"):
        assert words in text


def test_ranks_say_what_they_are_not() -> None:
    text = page("annualised-relapse-rate").text
    assert "does not say how large a difference is" in text
    assert "best" not in text.lower().split()
