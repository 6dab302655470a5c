"""The check of what was understood: what is right follows from the sources, and the feedback is kind."""

from __future__ import annotations

import dataclasses
import datetime
from functools import cache
from pathlib import Path

import pytest

from equipoise.consultation import Consultation, consult
from equipoise.consultation.document import OutcomeSection
from equipoise.evidence import load_evidence
from equipoise.person import read_person
from equipoise.presentation.path import PathPage, PathState, screen
from equipoise.presentation.path.check import WORSENING, CheckScreen, trials_agree
from equipoise.wording import LANGUAGES, wording

EXAMPLES = Path(__file__).resolve().parents[2] / "examples/persons"
TODAY = datetime.date(2026, 11, 29)


@cache
def sitting(first: str = "alemtuzumab", second: str = "interferon-beta-1a", person: str = "torn") -> Consultation:
    return consult(first, second, jurisdiction="EU", person=read_person(EXAMPLES / f"{person}.toml"), on=TODAY)


def check(consultation: Consultation, language: str = "en", **given: str) -> CheckScreen:
    typed = {f"check.{name.replace('_', '-')}": (answer,) for name, answer in given.items()}
    names = [option.treatment.option for option in consultation.options]
    typed |= {"first": (names[0],), "second": (names[1],)}
    state = PathState(typed, load_evidence(), TODAY, lambda _state: consultation)
    return CheckScreen(PathPage(state, screen("check"), wording(language)))


def right(of: CheckScreen) -> dict[str, str]:
    return {item.id: item.right for item in of.items}


def test_what_is_right_is_what_the_consultation_says() -> None:
    assert right(check(sitting())) == {
        "groups": "groups",
        "relapses": "first",  # of 100 people, more are free of relapses, and the interval of the difference says so
        "worsening": "differ",  # 0.29, 0.70 and 0.58, of which the second includes no difference
        "after-first": "goes-on",  # 48 months
        "after-second": "ends",
    }


def test_swapped_options_swap_what_is_right() -> None:
    swapped = right(check(sitting("interferon-beta-1a", "alemtuzumab")))
    assert swapped["relapses"] == "second"
    assert (swapped["after-first"], swapped["after-second"]) == ("ends", "goes-on")


def test_no_answer_is_right_about_tests_of_a_label_that_was_not_read() -> None:
    asked = right(check(sitting("cladribine", "dimethyl-fumarate")))
    assert "after-first" not in asked
    assert "after-second" in asked


def test_a_difference_that_may_be_none_is_not_called_one() -> None:
    view = sitting().personal
    assert view is not None
    wide = tuple(dataclasses.replace(d, low=-5.0, high=9.0) for d in view.differences)
    unsure = dataclasses.replace(sitting(), personal=dataclasses.replace(view, differences=wide))
    assert right(check(unsure))["relapses"] == "not-apart"


def test_what_the_evidence_does_not_give_is_not_asked() -> None:
    outside = check(sitting(person="i-dont-know"))
    assert outside.items
    view = sitting().personal
    assert view is not None
    bare = dataclasses.replace(sitting(), personal=dataclasses.replace(view, outcomes=(), differences=()))
    assert "relapses" not in right(check(bare))


def section_with(*intervals: tuple[float, float]) -> OutcomeSection:
    section = sitting().section(WORSENING)
    assert section is not None
    printed = [t for t in section.trials if t.comparison is not None and t.comparison.interval is not None]
    trials = []
    for result, (low, high) in zip(printed, intervals, strict=False):
        comparison = result.comparison
        assert comparison is not None
        assert comparison.interval is not None
        moved = dataclasses.replace(comparison, interval=dataclasses.replace(comparison.interval, low=low, high=high))
        trials.append(dataclasses.replace(result, comparisons=(moved,)))
    return dataclasses.replace(section, trials=tuple(trials))


@pytest.mark.parametrize(
    ("intervals", "agree"),
    [
        (((0.2, 0.5), (0.3, 0.9)), True),
        (((0.2, 0.5), (0.3, 1.2)), False),
        (((0.2, 1.5), (0.3, 1.2)), True),
        (((0.2, 0.5), (1.1, 1.9)), False),
        (((0.2, 0.5),), None),
    ],
)
def test_trials_agree_where_all_lie_on_one_side_or_none_does(
    intervals: tuple[tuple[float, float], ...], agree: bool | None
) -> None:
    assert trials_agree(section_with(*intervals)) is agree


def test_an_answer_is_set_beside_the_sources_and_an_odd_one_counts_as_open() -> None:
    answered = check(sitting(), groups="groups", relapses="second", worsening="<b>", after_first="open")
    assert {item.id: item.verdict for item in answered.items} == {
        "groups": "right",
        "relapses": "other",
        "worsening": "open",
        "after-first": "open",
        "after-second": "open",
    }
    assert answered.n_right == 1


@pytest.mark.parametrize("tag", [one.tag for one in LANGUAGES])
def test_every_statement_about_a_treatment_leads_to_its_source(tag: str) -> None:
    known = sitting().items
    for item in check(sitting(), tag).items:
        assert item.told.sentence
        assert item.id == "groups" or item.told.numbers
        assert {identifier for identifier, _ in item.told.numbers} <= set(known)
