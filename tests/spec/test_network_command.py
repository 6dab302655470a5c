"""What ``equipoise network`` promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from equipoise.consultation import trace
from equipoise.consultation.network_rows import PLANS
from equipoise.evidence import load_evidence
from equipoise.presentation import wire
from tests.support import small_evidence
from tests.support.command import equipoise

RELAPSES = "annualised-relapse-rate"
SIX_MONTHS = "confirmed-disability-worsening-6m"


@pytest.fixture(scope="module")
def text() -> str:
    ran = equipoise("network", RELAPSES)
    assert (ran.code, ran.err) == (0, "")
    return " ".join(ran.out.split())


@pytest.fixture(scope="module")
def machine() -> dict[str, Any]:
    ran = equipoise("network", RELAPSES, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "said",
    [
        "22 treatments from 24 randomised trials",
        "Lower is better",
        "Versus placebo, random effects",
        "Do the trials agree?",
        "95% interval of the rank",
        "Certainty, with reasons",
        "direct, indirect and network",
        "0.49 (0.40 to 0.60)",
        "Not estimable, because all evidence is direct",
        "Without each trial in turn",
        "What was left out, and why",
        "TOPIC the people had CIS, not relapsing MS",
        "which is our choice",
    ],
)
def test_the_page_says(text: str, said: str) -> None:
    assert said in text


def test_the_page_never_names_a_best_drug(text: str) -> None:
    assert "best" not in text.lower()
    assert "UNVERIFIED" not in text


def test_the_model_can_be_chosen() -> None:
    assert "Versus placebo, common effect" in equipoise("network", RELAPSES, "--model", "common").out


def test_the_machine_form_has_the_promised_keys(machine: dict[str, Any]) -> None:
    assert set(machine) == {
        "evidence",
        "outcome",
        "measure",
        "include_unverified",
        "with_risk_ratios",
        "pieces",
        "pair",
        "left_out",
        "estimates",
    }
    assert machine["evidence"]["version"] == load_evidence().release.version
    assert machine["outcome"]["direction"] == "lower-is-better"
    assert set(machine["pieces"][0]) == {
        "treatments",
        "reference",
        "trials",
        "edges",
        "results",
        "statistics",
        "ranks",
        "league",
        "contributions",
        "small_studies",
        "net_heat",
        "tau",
        "notes",
    }
    assert set(machine["pair"]) == {"treatment", "reference", "note", "alone", "splits", "without"}


def test_every_id_that_is_named_is_given_once(machine: dict[str, Any]) -> None:
    given = [one["id"] for one in machine["estimates"]]
    assert len(set(given)) == len(given)
    named = [one for piece in machine["pieces"] for result in piece["results"] for one in result["estimates"]]
    for piece in machine["pieces"]:
        named += piece["statistics"]
        named += [rank[key] for rank in piece["ranks"] for key in ("p_score", "sucra", "rank")]
        named += [point["estimate"] for point in piece["small_studies"]["funnel"]]
        named += [piece["small_studies"]["slope"]] if piece["small_studies"]["slope"] else []
    named += machine["pair"]["alone"]
    for split in machine["pair"]["splits"]:
        named += [split[key] for key in ("direct", "indirect", "network", "disagreement") if split[key]]
    named += [one["estimate"] for one in machine["pair"]["without"] if one["estimate"]]
    assert set(named) == set(given)


def test_every_comparison_stands_under_three_models_with_prediction(machine: dict[str, Any]) -> None:
    stem = f"network.{RELAPSES}.natalizumab-300.vs.placebo."
    ids = {one["id"] for one in machine["estimates"]}
    assert {stem + m for m in ("common", "random", "random.prediction", "bayes", "bayes.prediction")} <= ids


def test_edges_count_trials_and_people(machine: dict[str, Any]) -> None:
    edge = next(
        one
        for one in machine["pieces"][0]["edges"]
        if one["treatments"] == ["alemtuzumab-12mg", "interferon-beta-1a-sc-44"]
    )
    assert edge == {
        "treatments": ["alemtuzumab-12mg", "interferon-beta-1a-sc-44"],
        "trial_ids": ["care-ms-i", "care-ms-ii"],
        "n": 376 + 187 + 426 + 202,
    }


def test_ids_are_traced_to_the_same_number(machine: dict[str, Any]) -> None:
    """One of each kind; the whole list of a smaller network below."""
    kinds: dict[str, dict[str, Any]] = {}
    for one in machine["estimates"]:
        kinds.setdefault(one["id"].rpartition(".vs.")[2].partition(".")[2] or one["id"], one)
    for one in kinds.values():
        found = trace(one["id"])
        assert wire.estimate(found.item) == one  # type: ignore[arg-type]
        assert found.sources


@pytest.mark.parametrize("switch", [(), ("--include-unverified",), ("--with-risk-ratios",)])
def test_every_id_of_a_network_in_pieces_is_traced(switch: tuple[str, ...]) -> None:
    for one in equipoise("network", SIX_MONTHS, *switch, "--format", "json").json["estimates"][::4]:
        assert wire.estimate(trace(one["id"]).item) == one  # type: ignore[arg-type]


@pytest.mark.parametrize("identifier", ["network.", f"network.{RELAPSES}", f"network.{RELAPSES}.x.vs.y.random"])
def test_an_id_that_means_nothing_is_refused(identifier: str) -> None:
    ran = equipoise("trace", identifier)
    assert ran.code == 2
    assert "there is no estimate or fact" in ran.err


def test_pieces_are_named_answered_and_not_bridged() -> None:
    ran = equipoise("network", SIX_MONTHS, "--treatment", "alemtuzumab", "--reference", "natalizumab")
    said = " ".join(ran.out.split())
    assert ran.code == 0
    assert "in 2 pieces that no trial joins" in said
    assert "piece 2: alemtuzumab, interferon beta-1a, ocrelizumab" in said
    assert "No chain of trials joins alemtuzumab and natalizumab" in said
    ids = [one["id"] for one in equipoise("network", SIX_MONTHS, "--format", "json").json["estimates"]]
    islanders = ("alemtuzumab-12mg", "interferon-beta-1a-sc-44", "ocrelizumab-600")
    for one in (one for one in ids if one.startswith("network.") and ".vs." in one):
        first, second = one.removeprefix(f"network.{SIX_MONTHS}.").split(".vs.")
        assert first.startswith(islanders) is second.startswith(islanders), one


def test_the_trials_of_a_pair_stand_by_themselves_first() -> None:
    """On this outcome they disagree, so a pooled figure never stands alone; the merged doses stand beside, outside."""
    said = " ".join(equipoise("network", SIX_MONTHS).out.split())
    for number in ("0.29 (0.16 to 0.54)", "0.70 (0.40 to 1.23)", "0.58 (0.38 to 0.87)"):
        assert number in said
    assert "alemtuzumab, 12 and 24 mg together" in said


def test_everything_says_so_when_unverified_intervals_are_in() -> None:
    ran = equipoise("network", RELAPSES, "--include-unverified")
    assert "UNVERIFIED LAYER IN USE" in ran.out
    answer = equipoise("network", RELAPSES, "--include-unverified", "--format", "json").json
    assert answer["include_unverified"] is True
    for one in answer["estimates"]:
        if one["id"].startswith("network."):
            assert one["id"].endswith(".unverified")
            assert "UNVERIFIED" in one["text"]
            assert one["certainty"]["level"] == "not-rated"
            assert any("never for a patient" in note for note in one["notes"])


def test_everything_says_so_when_risk_ratios_are_in() -> None:
    answer = equipoise("network", "confirmed-disability-worsening-3m", "--with-risk-ratios", "--format", "json").json
    for one in answer["estimates"]:
        if one["id"].startswith("network."):
            assert one["id"].endswith(".with-risk-ratios")
            assert any("Risk ratios are read as hazard ratios" in note for note in one["notes"])


@pytest.mark.parametrize("outcome", sorted(PLANS))
def test_every_network_answers_in_both_forms(outcome: str) -> None:
    assert equipoise("network", outcome).code == 0
    assert equipoise("network", outcome, "--format", "json").json["outcome"]["id"] == outcome


@pytest.mark.parametrize("outcome", sorted(PLANS))
@pytest.mark.parametrize("switches", [(), ("--include-unverified", "--with-risk-ratios")], ids=["plain", "switches"])
def test_the_published_schema_holds_for_every_network(outcome: str, switches: tuple[str, ...]) -> None:
    schema = equipoise("network", "--schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    answer = equipoise("network", outcome, *switches, "--format", "json").json
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(answer)) == []


def test_a_network_without_an_outcome_is_refused() -> None:
    ran = equipoise("network")
    assert ran.code == 2
    assert "an outcome is needed" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("relapse-rate",), "annualised-relapse-rate"),
        ((RELAPSES, "--treatment", "natalizumb"), "natalizumab"),
        ((RELAPSES, "--treatment", "ocrelizumab"), "nobody here has seen its interval"),
        ((RELAPSES, "--treatment", "placebo", "--reference", "placebo"), "the same treatment"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_to_do(words: tuple[str, ...], said: str) -> None:
    ran = equipoise("network", *words)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_another_folder_of_evidence_is_answered_or_refused_in_words(tmp_path: Path) -> None:
    """The small release has other drugs, and not every outcome."""
    folder = str(small_evidence.write(tmp_path, small_evidence.files()))
    ran = equipoise("network", RELAPSES, "--evidence", folder)
    assert ran.code == 0, ran.err
    assert "drug A" in ran.out
    assert "alemtuzumab" not in ran.out.lower()
    ran = equipoise("network", SIX_MONTHS, "--evidence", folder)
    assert ran.code == 2
    assert "there is no outcome in this evidence" in ran.err
