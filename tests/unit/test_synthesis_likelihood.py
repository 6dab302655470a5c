"""Maximum likelihood of counts: corners, every error, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from equipoise.synthesis import maximum_likelihood, network_from_arms
from equipoise.synthesis.analysis import analyse_likelihood
from equipoise.synthesis.counted import counted_trials
from equipoise.synthesis.fitting import fit
from equipoise.synthesis.maximum_likelihood import fit_likelihood
from equipoise.synthesis.tables import read_counted
from equipoise.vocabulary.errors import (
    ConvergenceError,
    EvidenceError,
    NetworkError,
    NotEstimableError,
    ShapeError,
    UnknownTermError,
)
from tests.support.command import equipoise

SPARSE = """study,treatment,events,n
one,placebo,5,100
one,drug-a,1,100
two,placebo,0,90
two,drug-b,2,95
three,drug-a,0,80
three,drug-b,3,82
four,placebo,4,120
four,drug-a,2,118
four,drug-b,1,121
five,placebo,0,40
five,drug-a,0,41
"""


def sparse(folder: Path) -> Path:
    path = folder / "trials.csv"
    path.write_text(SPARSE)
    return path


def test_zero_cells_take_part_and_trials_without_events_are_named(tmp_path: Path) -> None:
    fitted = fit_likelihood(read_counted(sparse(tmp_path), "odds-ratio"), reference="placebo")
    assert [trial.study for trial in fitted.network.trials] == ["four", "one", "three", "two"]
    said = " ".join(fitted.notes)
    assert "Takes no part, because all its arms had no events" in said
    assert said.count("five") == 1
    assert "take part as they are, uncorrected: three, two" in said


def test_with_large_counts_it_is_inverse_variance() -> None:
    study, treatment = ["1", "1", "2", "2", "3", "3"], ["a", "b", "b", "c", "a", "c"]
    events, n = np.array([30, 25, 40, 28, 33, 21]) * 1e5, np.full(6, 1e7)
    exact = fit_likelihood(counted_trials("odds-ratio", study, treatment, events, n))
    normal = fit(network_from_arms("odds-ratio", study, treatment, events=events, n=n), model="common")
    np.testing.assert_allclose(exact.se, normal.se, rtol=1e-2)
    np.testing.assert_allclose(exact.effects, normal.effects, atol=2 * float(normal.se.max()))


def test_merged_arms_are_added_and_said() -> None:
    arms = (["s", "s", "s"], ["p", "low", "high"], [9, 2, 3], [50, 20, 30])
    merged = counted_trials("odds-ratio", *arms, merge={"low": "drug", "high": "drug"})
    assert merged.trials[0].treatments == ("drug", "p")
    assert merged.trials[0].events.tolist() == [5, 9]
    assert "'low' is counted as 'drug', as asked." in merged.notes


def test_separation_names_the_treatment() -> None:
    none = counted_trials("odds-ratio", ["1", "1", "2", "2"], ["a", "b", "b", "c"], [3, 4, 5, 0], [20] * 4)
    with pytest.raises(NotEstimableError, match=r"effect of c runs off to infinity(.|\n)*Nobody on c had an event"):
        fit_likelihood(none)
    every = counted_trials("odds-ratio", ["1", "1", "2", "2"], ["a", "b", "b", "c"], [3, 4, 5, 20], [20] * 4)
    with pytest.raises(NotEstimableError, match="Everybody on c had an event"):
        fit_likelihood(every)
    two = counted_trials("odds-ratio", ["1", "1"], ["drug", "placebo"], [0, 3], [20, 20])
    with pytest.raises(NotEstimableError, match=r"effect of drug runs off(.|\n)*Nobody on drug had an event"):
        fit_likelihood(two)
    crossed = counted_trials("rate-ratio", ["1", "1", "2", "2"], ["a", "b", "b", "c"], [0, 4, 5, 3], [20] * 4)
    with pytest.raises(NotEstimableError, match="Nobody on a had an event"):
        fit_likelihood(crossed)


def test_a_split_whose_direct_trials_are_separated_says_so(tmp_path: Path) -> None:
    analysis = analyse_likelihood(read_counted(sparse(tmp_path), "odds-ratio"))
    notes = {(split.treatment, split.reference): split.note for split in analysis.splits}
    assert notes["drug-a", "drug-b"] == ""
    assert analysis.p_scores is None
    only_two = SPARSE.replace("four,drug-b,1,121\n", "").replace(
        "two,drug-b,2,95", "two,drug-b,2,95\n6,drug-b,1,9\n6,c,1,8"
    )
    path = tmp_path / "more.csv"
    path.write_text(only_two.replace("three,drug-a,0", "three,drug-a,1"))
    splits = analyse_likelihood(read_counted(path, "odds-ratio")).splits
    found = {(split.treatment, split.reference): split for split in splits}
    assert "too few events" in found["drug-b", "placebo"].note
    assert "all evidence is direct" in found["c", "drug-b"].note
    assert "all evidence is indirect" in found["c", "placebo"].note


def test_what_is_refused() -> None:
    with pytest.raises(NotEstimableError, match="no likelihood of counts for a risk-ratio"):
        counted_trials("risk-ratio", ["s", "s"], ["a", "b"], [1, 2], [9, 9])
    with pytest.raises(ShapeError, match="differ in length"):
        counted_trials("odds-ratio", ["s", "s"], ["a", "b"], [1, 2], [9])
    with pytest.raises(NotEstimableError, match="more events than people in: s"):
        counted_trials("odds-ratio", ["s", "s"], ["a", "b"], [1, 12], [9, 9])
    with pytest.raises(NetworkError, match="two arms called 'a'"):
        counted_trials("odds-ratio", ["s", "s"], ["a", "a"], [1, 2], [9, 9])
    with pytest.raises(NotEstimableError, match="no trial has two arms"):
        counted_trials("odds-ratio", ["s"], ["a"], [1], [9])
    with pytest.raises(NotEstimableError, match="says anything"):
        fit_likelihood(counted_trials("odds-ratio", ["s", "s"], ["a", "b"], [0, 0], [9, 9]))
    apart = counted_trials("odds-ratio", ["1", "1", "2", "2"], ["a", "b", "c", "d"], [1, 2, 3, 4], [9] * 4)
    with pytest.raises(NetworkError, match="2 pieces"):
        fit_likelihood(apart)
    assert [piece.treatments for piece in apart.split()] == [("a", "b"), ("c", "d")]
    with pytest.raises(UnknownTermError, match="'z'"):
        fit_likelihood(counted_trials("odds-ratio", ["1", "1"], ["a", "b"], [1, 2], [9, 9]), reference="z")
    with pytest.raises(EvidenceError, match="person_time"):
        read_counted({"study": ["1"], "treatment": ["a"], "events": [1]}, "rate-ratio")


def test_newton_that_does_not_settle_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maximum_likelihood, "_NEWTON_STEPS", 1)
    with pytest.raises(ConvergenceError, match="not found in 1 steps"):
        fit_likelihood(counted_trials("odds-ratio", ["1", "1"], ["a", "b"], [1, 5], [9, 9]))


def test_treatments_in_silent_trials_alone_are_named() -> None:
    data = counted_trials("odds-ratio", ["1", "1", "2", "2"], ["a", "b", "b", "c"], [3, 4, 0, 0], [20] * 4)
    assert "In no other trial, and so left out: c." in fit_likelihood(data).notes


def test_command_prints_the_same_keys_for_every_method(tmp_path: Path) -> None:
    words = (str(sparse(tmp_path)), "--measure", "odds-ratio", "--reference", "placebo", "--smaller-is-better")
    normal = equipoise("synthesise", *words, "--model", "common", "--format", "json").json
    exact = equipoise("synthesise", *words, "--method", "likelihood", "--format", "json").json
    assert set(exact) == set(normal)
    assert set(exact["estimates"][0]) == set(normal["estimates"][0])
    assert (exact["method"], exact["model"], exact["tau2"], exact["studies"]) == ("likelihood", "common", 0, 4)
    text = equipoise("synthesise", *words, "--method", "likelihood").out
    assert "exact maximum likelihood" in " ".join(text.split())


def test_command_refuses_a_measure_without_a_likelihood(tmp_path: Path) -> None:
    for words in (("--method", "likelihood"), ("--method", "bayes", "--likelihood", "arm")):
        ran = equipoise("synthesise", str(sparse(tmp_path)), "--measure", "risk-ratio", *words)
        assert ran.code == 2
        assert "no likelihood of counts for a risk-ratio" in ran.err


def test_command_refuses_separated_counts(tmp_path: Path) -> None:
    path = tmp_path / "separated.csv"
    path.write_text("study,treatment,events,n\n1,a,3,20\n1,b,0,20\n")
    ran = equipoise("synthesise", str(path), "--measure", "odds-ratio", "--method", "likelihood")
    assert ran.code == 2
    assert "the effect of b runs off to infinity" in ran.err


@pytest.mark.parametrize("model", ["random", "common"])
def test_command_gives_the_posterior_of_the_arms_with_its_diagnostic(tmp_path: Path, model: str) -> None:
    words = (str(sparse(tmp_path)), "--measure", "odds-ratio", "--method", "bayes", "--likelihood", "arm")
    found = equipoise("synthesise", *words, "--model", model, "--reference", "placebo", "--format", "json").json
    assert found["pareto_k"] < 0.7
    assert found["studies"] == 5
    assert (found["tau"] is None) == (model == "common")
    assert (found["likelihood"], found["model"]) == ("arm", model)
    assert {"mean", "sd", "median", "cri_low", "cri_high", "ratio"} <= set(found["estimates"][0])
    text = equipoise("synthesise", *words, "--model", model, "--smaller-is-better").out
    assert "whose Pareto shape was" in " ".join(text.split())


def test_command_refuses_weights_that_cannot_be_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("equipoise.synthesis.arm_posterior.LARGEST_TRUSTED_SHAPE", -10.0)
    words = (str(sparse(tmp_path)), "--measure", "odds-ratio", "--method", "bayes", "--likelihood", "arm")
    ran = equipoise("synthesise", *words)
    assert ran.code == 2
    assert "Pareto k is" in ran.err


def test_command_analyses_each_piece(tmp_path: Path) -> None:
    path = tmp_path / "apart.csv"
    path.write_text("study,treatment,events,n\n1,a,3,20\n1,b,5,20\n2,c,4,20\n2,d,6,20\n")
    words = (str(path), "--measure", "odds-ratio", "--by-piece", "--reference", "b", "--format", "json")
    found = json.loads(equipoise("synthesise", *words, "--method", "likelihood").out)
    assert [one["reference"] for one in found] == ["b", "c"]


def test_report_prints_i_squared_as_the_percentage_it_is(tmp_path: Path) -> None:
    path = tmp_path / "spread.csv"
    path.write_text("study,treatment,reference,estimate,se\n1,b,a,0,1\n2,b,a,2,1\n3,b,a,4,1\n")
    text = equipoise("synthesise", str(path), "--measure", "mean-difference").out
    assert "Q 8.00 on 2 degrees of freedom" in " ".join(text.split())
    assert "I squared 75.0%" in " ".join(text.split())
