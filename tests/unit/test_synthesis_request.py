"""What ``equipoise synthesise`` offers beyond the plain analysis, and what it refuses, with exit 2 and a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from equipoise.synthesis import fit, read_network
from equipoise.synthesis.analysis import analyse_arms
from equipoise.synthesis.priors import half_normal
from equipoise.synthesis.tables import read_counted
from equipoise.synthesis.what_if import what_if_bayes
from tests.support.command import equipoise
from tests.unit.test_synthesis_report import ARMS


@pytest.fixture
def trials(tmp_path: Path) -> Path:
    path = tmp_path / "trials.csv"
    path.write_text(ARMS, encoding="utf-8")
    return path


def ran(path: Path, *words: str, measure: str = "odds-ratio") -> Any:
    return equipoise("synthesise", str(path), "--measure", measure, *words)


def document(path: Path, *words: str, measure: str = "odds-ratio") -> dict[str, Any]:
    found = ran(path, *words, "--reference", "placebo", "--format", "json", measure=measure)
    assert (found.code, found.err) == (0, "")
    return found.json  # type: ignore[no-any-return]


def methods(path: Path, *words: str, measure: str = "odds-ratio") -> str:
    return " ".join(ran(path, *words, measure=measure).out.split())


def drug_a(found: dict[str, Any]) -> dict[str, Any]:
    return next(e for e in found["estimates"] if (e["treatment"], e["reference"]) == ("drug-a", "placebo"))


def test_hartung_knapp_is_that_of_the_library_and_named(trials: Path) -> None:
    found = document(trials, "--inference", "hartung-knapp")
    fitted = fit(read_network(trials, "odds-ratio", reference="placebo"), tau2_method="reml", inference="hartung-knapp")
    assert drug_a(found)["ci_low"] == pytest.approx(fitted.contrast("drug-a", "placebo").ci_low, rel=1e-12)
    assert found["inference"] == {
        "rule": "hartung-knapp",
        "df": fitted.q_df,
        "variance_factor": pytest.approx(fitted.rescaling),
    }
    assert document(trials)["inference"] == {"rule": "normal", "df": None, "variance_factor": 1.0}
    said = methods(trials, "--inference", "hartung-knapp-ad-hoc")
    assert "never below 1" in said
    assert "(jackson-2014)" in said


def test_random_baselines_are_those_of_the_library_and_named(trials: Path) -> None:
    words = ("--method", "bayes", "--likelihood", "arm", "--baselines", "random", "--baseline-prior", "half-normal:2")
    found = document(trials, *words)
    expected = analyse_arms(
        read_counted(trials, "odds-ratio"), reference="placebo", baselines="random", baseline_prior=half_normal(2)
    )
    assert drug_a(found)["mean"] == pytest.approx(expected.posterior.contrast("drug-a", "placebo").mean, rel=1e-9)
    assert found["prior"]["baselines"] == ("normal(m, sigma_m^2) with m ~ normal(0, 10^2) and sigma_m ~ half-normal(2)")
    assert found["prior"]["baselines_are"] == "random"
    assert found["baseline_spread"]["mean"] == pytest.approx(expected.posterior.baseline_spread[0], rel=1e-9)
    assert document(trials, *words[:4])["baseline_spread"] is None
    said = methods(trials, *words)
    assert "sigma_m ~ half-normal(2) (white-2019)" in said
    assert "sigma_m, how much baselines differ between trials: mean" in said


def test_a_learnt_prior_is_named_with_its_source(trials: Path) -> None:
    word = "turner:pain:pharmacological-placebo"
    found = document(trials, "--method", "bayes", "--prior", word)
    source = "turner-2015, Table IV: pain, pharmacological-placebo"
    assert found["prior"] | {"tau": "tau^2 ~ log-normal(-1.83, 1.52^2)", "source": source} == found["prior"]
    assert f"({source})" in methods(trials, "--method", "bayes", "--prior", word)
    arms = document(trials, "--method", "bayes", "--likelihood", "arm", "--prior", word)
    assert arms["prior"]["source"] == source


def test_a_learnt_prior_of_mean_differences(tmp_path: Path) -> None:
    path = tmp_path / "means.csv"
    rows = ["study,treatment,mean,sd,n", "1,placebo,1,1,50", "1,x,2,1.1,50", "2,placebo,1.2,1,60", "2,x,1.9,1.2,55"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    words = ("--method", "bayes", "--prior", "rhodes:obstetric:non-pharmacological")
    found = document(path, *words, measure="standardised-mean-difference")
    assert found["prior"]["source"] == "rhodes-2015, Table 3: obstetric, non-pharmacological"


def test_what_if_of_a_posterior_is_that_of_the_library(trials: Path) -> None:
    found = document(trials, "--method", "bayes", "--prior", "half-normal:0.3", "--what-if", "drug-a")
    network = read_network(trials, "odds-ratio", reference="placebo")
    rows = what_if_bayes(network, "drug-a", "placebo", prior=half_normal(0.3))
    assert [row["estimate"] for row in found["what_if"]] == pytest.approx([row.estimate for row in rows], rel=1e-9)
    assert found["what_if"][0]["estimate"] == pytest.approx(drug_a(found)["median"], rel=1e-9)
    assert "without trial four" in methods(trials, "--method", "bayes", "--reference", "placebo", "--what-if", "drug-a")


@pytest.mark.parametrize("method", ["inverse-variance", "mantel-haenszel", "likelihood"])
def test_an_interval_is_held_against_what_matters(method: str, trials: Path) -> None:
    found = drug_a(document(trials, "--method", method, "--important", "0.8"))
    assert found["interval_important"] == "both"
    below = drug_a(document(trials, "--method", method, "--important", repr(found["ratio_ci_high"] * 1.0001)))
    assert below["interval_important"] == "beyond"
    far = document(trials, "--method", method, "--important", repr(found["ratio_ci_low"] * 0.999))
    assert drug_a(far)["interval_important"] == "short"
    said = methods(trials, "--method", method, "--important", "0.8")
    assert "interval, against at most 0.8" in said
    assert "undecided" in said


ARM = ("--method", "bayes", "--likelihood", "arm")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--inference", "hartung-knapp", "--method", "likelihood"), "--method inverse-variance"),
        (("--inference", "hartung-knapp", "--method", "bayes"), "--method inverse-variance"),
        (("--baselines", "random", "--baseline-prior", "half-normal:2"), "--likelihood arm"),
        (("--baseline-prior", "half-normal:2", "--method", "bayes"), "--likelihood arm"),
        ((*ARM, "--baselines", "random"), "--baseline-prior half-normal:2"),
        ((*ARM, "--baseline-prior", "half-normal:2"), "random ones only"),
        ((*ARM, "--baselines", "random", "--baseline-prior", "turner:pain:pharmacological-placebo"), "not baselines"),
        ((*ARM, "--baselines", "random", "--baseline-prior", "wide:2"), "no prior that is known"),
        (
            ("--method", "bayes", "--prior", "turner:pane:pharmacological-placebo"),
            "COMPARISON: pharmacological-placebo",
        ),
        (("--method", "bayes", "--prior", "turner:pain"), "OUTCOME: all-cause-mortality, obstetric"),
        (("--method", "bayes", "--prior", "rhodes:obstetric:non-pharmacological"), "standardised-mean-differences"),
        (("--method", "bayes", "--prior", "turner-2015:pain"), "turner:OUTCOME:COMPARISON"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(words: tuple[str, ...], said: str, trials: Path) -> None:
    found = ran(trials, *words)
    assert (found.code, found.out) == (2, "")
    assert said in " ".join(found.err.split())
