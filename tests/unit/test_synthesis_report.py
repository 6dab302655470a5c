"""The report of ``equipoise synthesise``: its pictures, and the numbers that they are drawn of."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from equipoise.presentation.synthesis.supplement import geometry
from equipoise.synthesis.priors import half_cauchy, half_normal, uniform
from tests.support.command import equipoise

ARMS = """study,treatment,events,n
one,placebo,30,100
one,drug-a,20,100
two,placebo,25,90
two,drug-b,14,95
three,drug-a,18,80
three,drug-b,15,82
four,placebo,40,120
four,drug-a,28,118
four,drug-b,22,121
"""


@pytest.fixture
def trials(tmp_path: Path) -> Path:
    path = tmp_path / "trials.csv"
    path.write_text(ARMS, encoding="utf-8")
    return path


def report(path: Path, *words: str) -> str:
    ran = equipoise("synthesise", str(path), "--measure", "odds-ratio", *words, "--format", "html")
    assert (ran.code, ran.err) == (0, "")
    return str(ran.out)


def titles(page: str) -> list[str]:
    return re.findall(r"<figcaption>([^<]*)</figcaption>", page)


def test_a_frequentist_report_shows_each_picture_with_its_table(trials: Path) -> None:
    page = report(trials, "--reference", "placebo", "--smaller-is-better")
    assert titles(page) == [
        "Who was compared with whom",
        "Each treatment versus placebo",
        "What each result rests on: shares of the direct comparisons (random-walk)",
        "Net heat: where the evidence disagrees",
        "How probable each rank is",
        "Every treatment versus every other",
    ]
    assert page.count("<summary>The same numbers as a table</summary>") == 6
    assert "next trial: " in page
    assert "Direct evidence alone" in page


def test_a_bayesian_report_shows_tau_before_and_after(trials: Path) -> None:
    page = report(trials, "--method", "bayes")
    assert "How much the trials differ: before and after seeing them" in titles(page)
    assert "median 0.34, 95% between 0.02 and 1.12" in page  # of a half-normal prior with scale 0.5


@pytest.mark.parametrize("method", ["mantel-haenszel", "likelihood", "bayes"])
def test_every_method_draws_its_network_and_ranks_nothing_without_a_direction(method: str, trials: Path) -> None:
    page = report(trials, "--method", method)
    assert "Who was compared with whom" in titles(page)
    assert "How probable each rank is" not in titles(page)
    assert "favours" not in page


def test_the_file_stands_alone_and_repeats_no_id(tmp_path: Path) -> None:
    path = tmp_path / "pieces.csv"
    path.write_text(ARMS + "five,drug-c,10,50\nfive,drug-d,12,50\n", encoding="utf-8")
    page = report(path, "--by-piece", "--smaller-is-better")
    assert "<script" not in page
    assert "<a " not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert [name for name, n in Counter(re.findall(r'\sid="([^"]+)"', page)).items() if n > 1] == []


def test_trials_of_a_design_are_counted_before_they_are_pooled(trials: Path) -> None:
    trials.write_text(ARMS + "five,placebo,30,100\nfive,drug-a,22,100\n", encoding="utf-8")
    words = ("--measure", "odds-ratio", "--method", "mantel-haenszel", "--format", "json")
    shape = equipoise("synthesise", str(trials), *words).json["geometry"]
    assert shape["comparisons"][1] == {"treatments": ["drug-a", "placebo"], "trials": 3}


def test_geometry_counts_each_pair_of_a_trial_once() -> None:
    assert geometry([("b", "a"), ("a", "b", "c"), ("c", "b", "a")]) == {
        "comparisons": [
            {"treatments": ["a", "b"], "trials": 3},
            {"treatments": ["a", "c"], "trials": 2},
            {"treatments": ["b", "c"], "trials": 2},
        ],
        "multi_arm": [["a", "b", "c"]],
        "people": None,
    }


def test_quantiles_of_priors_are_those_of_the_textbook() -> None:
    masses = (0.025, 0.5, 0.975)
    assert half_normal(0.5).quantiles(masses) == pytest.approx([0.015669, 0.337245, 1.120701], rel=1e-3)
    assert half_cauchy(0.5).quantiles(masses) == pytest.approx([0.019645, 0.5, 12.725852], rel=1e-3)
    assert uniform(2.0).quantiles(masses) == pytest.approx([0.05, 1.0, 1.95], rel=1e-3)


def test_what_if_changes_one_thing_at_a_time(trials: Path) -> None:
    words = ("--measure", "odds-ratio", "--reference", "placebo", "--what-if", "drug-a")
    document = equipoise("synthesise", str(trials), *words, "--format", "json").json
    rows = document["what_if"]
    assert {row["kind"] for row in rows} == {
        "base",
        "without-trial",
        "without-treatment",
        "model",
        "tau2-method",
        "prior",
    }
    assert {(row["treatment"], row["reference"]) for row in rows} == {("drug-a", "placebo")}
    found = next(e for e in document["estimates"] if (e["treatment"], e["reference"]) == ("drug-a", "placebo"))
    assert rows[0]["ratio"] == pytest.approx(found["ratio"], rel=1e-12)
    assert rows[0]["ci_low"] == pytest.approx(found["ci_low"], rel=1e-12)
    trials.write_text(ARMS.replace("one,placebo,30,100\none,drug-a,20,100\n", ""), encoding="utf-8")
    without = equipoise("synthesise", str(trials), *words[:4], "--format", "json").json["estimates"]
    left_out = next(row for row in rows if row["changed"] == "without trial one")
    again = next(e for e in without if (e["treatment"], e["reference"]) == ("drug-a", "placebo"))
    assert left_out["estimate"] == pytest.approx(again["estimate"], rel=1e-9)


@pytest.mark.parametrize("form", ["text", "html"])
def test_what_if_is_a_table_for_people(form: str, trials: Path) -> None:
    words = ("--measure", "odds-ratio", "--reference", "placebo", "--what-if", "drug-a", "--format", form)
    page = equipoise("synthesise", str(trials), *words).out
    assert "What if: drug-a versus placebo" in page
    assert "without trial four" in " ".join(page.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--what-if", "drug-z"), "drug-z"),
        (("--what-if", "placebo", "--reference", "placebo"), "against itself"),
        (("--what-if", "drug-a", "--method", "mantel-haenszel"), "--method inverse-variance"),
        (("--what-if", "drug-a", "--method", "likelihood"), "likelihood has none of them to swap"),
        (("--what-if", "drug-a", "--method", "bayes", "--likelihood", "arm"), "--likelihood contrast"),
    ],
)
def test_what_if_refuses_what_it_cannot_answer(words: tuple[str, ...], said: str, trials: Path) -> None:
    ran = equipoise("synthesise", str(trials), "--measure", "odds-ratio", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def important(path: Path, *words: str, measure: str = "odds-ratio") -> dict[tuple[str, str], float]:
    words = ("--measure", measure, "--method", "bayes", "--reference", "placebo", *words, "--format", "json")
    ran = equipoise("synthesise", str(path), *words)
    assert (ran.code, ran.err) == (0, "")
    return {(e["treatment"], e["reference"]): e["probability_important"] for e in ran.json["estimates"]}


@pytest.mark.parametrize("measure", ["odds-ratio", "risk-difference"])
def test_a_size_at_a_limit_of_the_interval_has_its_probability(measure: str, trials: Path) -> None:
    words = ("--measure", measure, "--method", "bayes", "--format", "json")
    rows = equipoise("synthesise", str(trials), *words).json["estimates"]
    row = next(e for e in rows if (e["treatment"], e["reference"]) == ("drug-b", "placebo"))
    low = row.get("ratio_cri_low", row["cri_low"])
    found = important(trials, "--important", repr(low), measure=measure)
    assert found["drug-b", "placebo"] == pytest.approx(0.025, abs=1e-6)


def test_the_size_says_which_side_is_meant(trials: Path) -> None:
    lower, higher = important(trials, "--important", "0.8"), important(trials, "--important", "1.25")
    assert lower["drug-b", "placebo"] > 0.9
    assert higher["drug-b", "placebo"] < 0.01
    assert higher["placebo", "drug-b"] == pytest.approx(lower["drug-b", "placebo"], rel=1e-9)


def test_the_probability_stands_in_the_table_for_people(trials: Path) -> None:
    page = report(trials, "--method", "bayes", "--reference", "placebo", "--important", "0.8")
    assert "probability of at most 0.8" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--method", "bayes", "--important", "1"), "other than 1"),
        (("--method", "bayes", "--important", "-0.5"), "other than 1"),
        (("--important", "1"), "other than 1"),
        (("--method", "bayes", "--likelihood", "arm", "--important", "0.8"), "--likelihood contrast"),
    ],
)
def test_important_refuses_what_it_cannot_answer(words: tuple[str, ...], said: str, trials: Path) -> None:
    ran = equipoise("synthesise", str(trials), "--measure", "odds-ratio", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
