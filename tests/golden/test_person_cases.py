"""Five thousand people are told today what they were told at the last release, or the changelog says why not."""

from __future__ import annotations

import dataclasses
import gzip
import re
from itertools import islice
from pathlib import Path

import pytest

from equipoise.consultation.for_me import personal_view
from equipoise.consultation.sitting import option_of
from equipoise.evidence import load_evidence
from equipoise.person import Person, disagreements, read_person, write_person
from equipoise.person.describing import to_answers
from tests.support import person_case_results as cases
from tests.support.person_cases import CASES, people

PART = 500


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def changelog(root: Path) -> str:
    return words((root / "CHANGELOG.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def stored() -> list[cases.Row]:
    return cases.stored()


# In parts, so that the workers of the gate share them.
@pytest.mark.parametrize("first", range(0, CASES, PART))
def test_nobody_is_told_another_number_without_a_word(first: int, stored: list[cases.Row]) -> None:
    moved = cases.differences(stored[first : first + PART], cases.results(first, first + PART), first)
    assert not moved, cases.told(moved)


def test_five_thousand_are_stored_in_little_room(stored: list[cases.Row]) -> None:
    assert len(stored) == CASES >= 5000
    assert cases.RESULTS.stat().st_size < 2_000_000
    assert gzip.decompress(cases.RESULTS.read_bytes()) == gzip.decompress(cases.packed(stored))


def test_the_stored_results_are_those_that_were_explained(stored: list[cases.Row], changelog: str) -> None:
    history = cases.about()["history"]
    assert history[-1]["results"] == cases.digest(stored)
    for entry in history[1:]:
        assert words(entry["because"]) in changelog, f"CHANGELOG.md does not say: {entry['because']}"


def test_they_were_made_from_this_evidence_or_the_changelog_says_why_not(changelog: str) -> None:
    made, now = cases.about()["evidence"], load_evidence().release
    assert made["sha256"] == now.sha256 or now.sha256[:12] in changelog, (
        "the evidence is another than that of the stored results: run "
        "python -m tests.support.person_case_results --write (it asks for a reason where numbers moved)"
    )


def test_what_they_were_made_with_is_written_down() -> None:
    about = cases.about()
    assert (about["cases"], about["seed"], about["draws"]) == (CASES, cases.SEED, cases.DRAWS)
    assert tuple(about["options"]) == cases.PAIR
    assert tuple(about["matters"]) == cases.VALUES.matters
    assert (about["jurisdiction"], about["on"]) == (cases.PLACE, cases.ON.isoformat())


def test_the_results_are_those_that_are_shown() -> None:
    """The quick way to them skips nothing that changes a number."""
    evidence = load_evidence()
    options = [option_of(evidence, evidence.option(name), cases.PLACE) for name in cases.PAIR]
    compared = 0
    for person in islice(people(), 0, CASES, 250):
        view = personal_view(
            options,
            person,
            evidence=evidence,
            jurisdiction=cases.PLACE,
            on=cases.ON,
            values=cases.VALUES,
            seed=cases.SEED,
            draws=cases.DRAWS,
        )
        row = cases.result(person)
        for one in view.outcomes:
            name = f"{one.option.option or one.option.id}.{one.outcome.id}"
            if one.horizon_months == cases.HORIZON and one.outcome.id in cases.OUTCOMES:
                shown = [f"{number:.5g}" for number in (one.affected, one.low, one.high)]
                assert [row[name], row[f"{name}.low"], row[f"{name}.high"]] == shown
                compared += 1
        assert view.fit is not None
        first = {one.option.option: f"{one.rank_acceptability[0]:.5g}" for one in view.fit.options}
        assert {name: row[f"{name}.comes-first"] for name in cases.PAIR} == {n: first.get(n, "") for n in cases.PAIR}
    assert compared > 40


def test_the_people_are_possible_and_the_same_every_time() -> None:
    assert list(islice(people(), 20)) == list(islice(people(), 20))
    for person in people():
        assert disagreements(to_answers(person)) == [], person


def test_the_people_can_be_written_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "person.toml"
    for person in islice(people(), 0, CASES, 100):
        file.write_text(write_person(person), encoding="utf-8")
        assert read_person(file) == person


def test_the_people_cover_what_can_be_known_and_what_cannot() -> None:
    everybody = list(people())
    never_drawn = {
        "not_conditions",
        "unknown_conditions",
        "medicines",
        "unknown_medicines",
        "practical",
        "jurisdiction",
    }
    for field in dataclasses.fields(Person):
        if field.name not in never_drawn:
            known = sum(getattr(person, field.name) is not None for person in everybody)
            assert 0.3 < known / CASES < 0.95, field.name
    assert len({person.earlier_treatments for person in everybody}) > 100


def test_declined_and_not_ranked_are_stored_too(stored: list[cases.Row]) -> None:
    reasons = {reason for row in stored for reason in re.findall(r"personal-baseline: [^;]+", row["declined"])}
    for part in ("progressive MS", "pregnancy", "EDSS", "younger", "older"):
        assert any(part in reason for reason in reasons), part
    outside = [row for row in stored if "personal-baseline" in row["declined"]]
    assert 1000 < len(outside) < 2500
    for row in outside:
        assert not any(text for name, text in row.items() if name != "declined")


def test_a_move_is_told_with_its_old_and_its_new_value() -> None:
    old = [{"a.relapses": "10", "declined": ""}, {"a.relapses": "20.001", "declined": ""}]
    new = [{"a.relapses": "11", "declined": ""}, {"a.relapses": "20.002", "declined": "personal-baseline: too old"}]
    moved = cases.differences(old, new, first=500)
    assert [(one.case, one.column) for one in moved] == [(500, "a.relapses"), (501, "declined")]
    said = cases.told(moved)
    assert "case 500, a.relapses: 10 before, 11 now" in said
    assert "case 501, declined: nothing before, personal-baseline: too old now" in said
    assert "CHANGELOG.md" in said
    assert "--because" in said


def test_a_number_that_is_withheld_now_has_moved() -> None:
    assert [str(one) for one in cases.differences([{"x": "0"}], [{"x": ""}])] == ["case 0, x: 0 before, nothing now"]
    assert cases.differences([{"x": ""}], [{}]) == []
