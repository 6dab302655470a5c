"""The personal part of the machine form: its keys, its schema, and nothing lost on the way."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from equipoise.consultation.personal import PersonalView
from equipoise.presentation.personal_schema import FIT_KEYS, personal_schema
from equipoise.presentation.personal_wire import personal
from equipoise.presentation.wire import as_json
from tests.support.personal_samples import SAMPLES, fitted, view

PERSON = {"age": 34, "sex": "woman"}
KEYS = ["person", "unknown", "seed", "draws", "years", "baselines", "outcomes", "differences", "declined"]
OUTCOME_KEYS = {
    *("option", "outcome_id", "horizon_months", "denominator", "affected", "low", "high", "level", "basis", "id"),
    *("text", "certainty"),
}
DIFFERENCE_KEYS = {
    *("option", "reference", "outcome_id", "horizon_months", "denominator", "difference", "low", "high"),
    *("number_needed", "number_needed_low", "number_needed_high", "is_benefit", "id"),
}


def valid(document: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(personal_schema()).validate(document)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(personal_schema())


@pytest.mark.parametrize("name", SAMPLES)
def test_every_view_keeps_to_the_schema(name: str) -> None:
    document = personal(SAMPLES[name](), PERSON)
    valid(document)
    assert json.loads(as_json(document)) == document


def test_keys_are_as_promised() -> None:
    without, with_values = personal(view(), PERSON), personal(fitted(), PERSON)
    assert list(without) == KEYS
    assert list(with_values) == [*KEYS, *FIT_KEYS]
    assert set(with_values["outcomes"][0]) == OUTCOME_KEYS
    assert set(with_values["differences"][0]) == DIFFERENCE_KEYS
    assert set(with_values["declined"][0]) == {"what", "option", "reason", "source_ids"}
    assert set(with_values["fit"][0]) == {
        *("option", "rank_acceptability", "central_weights", "confidence_factor", "word"),
    }


def test_numbers_are_given_in_full() -> None:
    seen = fitted()
    document = json.loads(as_json(personal(seen, PERSON)))
    assert [one["affected"] for one in document["outcomes"]] == [one.affected for one in seen.outcomes]
    assert [one["difference"] for one in document["differences"]] == [one.difference for one in seen.differences]
    assert document["baselines"][0]["relapse_rate"]["value"] == seen.baselines[0].relapse_rate.value


def test_the_same_view_gives_the_same_bytes() -> None:
    assert as_json(personal(fitted(), PERSON)) == as_json(personal(fitted(), dict(PERSON)))


def test_every_id_is_an_estimate_of_the_view() -> None:
    seen = fitted()
    document = personal(seen, PERSON)
    known = {estimate.id for estimate in seen.estimates}
    assert {one["id"] for key in ("outcomes", "differences") for one in document[key]} <= known


def test_no_treatment_is_called_placebo() -> None:
    options = {one["option"] for one in personal(view(), PERSON)["outcomes"]}
    assert options == {"alemtuzumab", "interferon-beta-1a", "placebo"}


def test_a_refusal_names_its_sources() -> None:
    worsening, infection = personal(view(), PERSON)["declined"]
    assert worsening["source_ids"] == ["alder-2020"]
    assert worsening["option"] is None
    assert infection["source_ids"] == []
    assert infection["option"] == "placebo"


def test_swapping_the_options_mirrors_the_outcomes() -> None:
    def numbers(seen: PersonalView) -> set[tuple[str, str, float]]:
        return {(o["option"], o["id"], o["affected"]) for o in personal(seen, PERSON)["outcomes"]}

    assert numbers(view()) == numbers(view(("interferon-beta-1a", "alemtuzumab", "placebo")))


def _drop(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.pop(key)


@pytest.mark.parametrize(
    "spoil",
    [
        _drop("seed"),
        _drop("ties"),
        lambda d: d.update(extra=1),
        lambda d: d["outcomes"][0].update(denominator=50),
        lambda d: d["outcomes"][0].update(affected=-1),
        lambda d: d["differences"][0].update(number_needed=-4),
        lambda d: d["fit"][0].update(rank_acceptability=[1.2]),
        lambda d: d["declined"][0].update(reason=""),
    ],
)
def test_the_schema_sees_what_is_wrong(spoil: Callable[[dict[str, Any]], object]) -> None:
    document = copy.deepcopy(personal(fitted(), PERSON))
    spoil(document)
    with pytest.raises(jsonschema.ValidationError):
        valid(document)
