"""Acceptability, central weights and confidence factors agree with the R package smaa, and with MCDA-web as printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.decision import Criterion, Values, acceptability, exact_weights, partial_values, region, sample_weights

REFERENCE = Path(__file__).parent / "reference" / "smaa" / "expected.json"
DRAWS = Path(__file__).resolve().parents[3] / "shared" / "synthesis" / "smaa"
# Half of the last printed digit.
PRINTED_WEIGHTS = 5e-8
# The tolerance that the tool states for its own simulation. Worst observed here: 0.004.
MCDA_WEB = 0.02
N = 200_000

CRITERIA = (
    Criterion("proximal", "Proximal", "?", "share", best=0.0, worst=0.25, why_range="as printed"),
    Criterion("distal", "Distal", "?", "share", best=0.15, worst=0.4, why_range="as printed"),
    Criterion("bleeding", "Bleeding", "?", "share", best=0.0, worst=0.1, why_range="as printed"),
)
# Heparin, enoxaparin; events and people for each criterion.
EVENTS = {"proximal": ((20, 136), (8, 129)), "distal": ((40, 136), (32, 129)), "bleeding": ((1, 136), (5, 129))}


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return dict(json.loads(REFERENCE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["hansen", "thrombolytics"])
def test_agrees_with_smaa_on_its_own_draws(name: str, expected: dict[str, Any]) -> None:
    if not DRAWS.is_dir():
        pytest.skip("the draws of the reference are not on this machine; see reference/smaa/README.md")
    drawn = np.load(DRAWS / f"{name}.npz")
    found = acceptability(drawn["measurements"], drawn["weights"])
    assert np.round(found.rank_acceptability, 4).tolist() == expected[name]["rank_acceptability"]
    assert np.round(found.confidence_factor, 4).tolist() == expected[name]["confidence_factor"]
    assert np.abs(found.central_weights - expected[name]["central_weights_7dp"]).max() <= PRINTED_WEIGHTS


def levels(rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    columns = [[rng.beta(events, n - events, N) for events, n in EVENTS[one.id]] for one in CRITERIA]
    return np.moveaxis(np.array(columns), (0, 1, 2), (2, 1, 0))


@pytest.mark.parametrize(
    ("preference", "values"),
    [
        ("no preference", Values()),
        ("ordinal proximal > bleeding > distal", Values(order=(("proximal",), ("bleeding",), ("distal",)))),
        ("exact weights 4/7, 1/7, 2/7", None),
    ],
)
def test_agrees_with_mcda_web_on_draws_of_our_own(
    preference: str, values: Values | None, expected: dict[str, Any]
) -> None:
    rng = np.random.default_rng(20261122)
    scores = partial_values(levels(rng), CRITERIA)
    weights = exact_weights([4, 1, 2]) if values is None else sample_weights(region(values, CRITERIA), N, rng).draws
    printed = expected["thrombolytics"]["first_rank_of_enoxaparin_within_2pc"][preference]
    assert acceptability(scores, weights).first_rank[1] == pytest.approx(printed, abs=MCDA_WEB)


def test_every_printed_preference_is_compared(expected: dict[str, Any]) -> None:
    assert set(expected["thrombolytics"]["first_rank_of_enoxaparin_within_2pc"]) == {
        "no preference",
        "ordinal proximal > bleeding > distal",
        "exact weights 4/7, 1/7, 2/7",
    }
