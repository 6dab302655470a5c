"""``equipoise synthesise`` gives what netmeta and metafor give, through the door that people use."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import equipoise

REFERENCE = Path(__file__).parent / "reference" / "network"
# Common effect and DerSimonian-Laird are closed forms; netmeta prints 15 digits. Worst seen: 3e-13.
CLOSED_FORM = 1e-9
SETS = {
    "senn2013": "mean-difference",
    "hasselblad1998": "odds-ratio",
    "franchini2012": "mean-difference",
    "synth-rates": "rate-ratio",
}


def contrast_file(name: str, folder: Path, *, shuffled: bool = False) -> Path:
    """The data set in the columns that the command reads."""
    with (REFERENCE / name / "input-contrasts.csv").open(newline="", encoding="utf-8") as file:
        rows = [[r["studlab"], r["treat1"], r["treat2"], r["TE"], r["seTE"]] for r in csv.DictReader(file)]
    if shuffled:
        random.Random(7).shuffle(rows)  # noqa: S311 - an order, not a secret
    target = folder / f"{name}.csv"
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["study", "treatment", "reference", "estimate", "se"], *rows])
    return target


def analysed(path: Path, *words: str) -> dict[str, Any]:
    ran = equipoise("synthesise", str(path), *words, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json  # type: ignore[no-any-return]


def published(name: str, model: str) -> list[dict[str, str]]:
    """What netmeta returned with DerSimonian-Laird, one row for each pair of treatments."""
    with (REFERENCE / name / "estimates.csv").open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if (row["method_tau"], row["model"]) == ("DL", model)]


@pytest.mark.parametrize("name", SETS)
def test_every_promised_key_is_there(name: str, tmp_path: Path) -> None:
    answer = analysed(contrast_file(name, tmp_path), "--measure", SETS[name], "--smaller-is-better")
    assert {
        "treatments",
        "studies",
        "model",
        "measure",
        "scale",
        "tau2",
        "q",
        "i2",
        "estimates",
        "p_scores",
        "consistency",
        "node_split",
        "contribution",
    } <= set(answer)
    k = len(answer["treatments"])
    assert len(answer["estimates"]) == k * (k - 1)
    assert {"q_between", "df", "p", "design_by_treatment"} <= set(answer["consistency"])
    assert {"treatment", "reference", "direct", "indirect", "difference", "se", "p"} <= set(answer["node_split"][0])
    expected = {"treatment", "reference", "estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high"}
    ratios = {"ratio", "ratio_ci_low", "ratio_ci_high"} if answer["scale"] == "log" else set()
    assert expected | ratios <= set(answer["estimates"][0])


COLUMNS = {"TE": "estimate", "seTE": "se", "lower": "ci_low", "upper": "ci_high"}
PREDICTION = {"pi_lower": "pi_low", "pi_upper": "pi_high"}


@pytest.mark.parametrize("model", ["common", "random"])
@pytest.mark.parametrize("name", SETS)
def test_common_effect_and_dersimonian_laird_equal_netmeta(name: str, model: str, tmp_path: Path) -> None:
    words = ("--measure", SETS[name], "--model", model, "--tau2", "dl")
    found = {(e["treatment"], e["reference"]): e for e in analysed(contrast_file(name, tmp_path), *words)["estimates"]}
    expected = published(name, model)
    assert len(expected) in (len(found), len(found) / 2)
    for row in expected:
        ours = found[row["treat1"], row["treat2"]]
        for theirs, mine in (COLUMNS | (PREDICTION if model == "random" else {})).items():
            assert ours[mine] == pytest.approx(float(row[theirs]), rel=CLOSED_FORM, abs=1e-12), (row, mine)


@pytest.mark.parametrize("name", SETS)
def test_heterogeneity_and_consistency_equal_netmeta(name: str, tmp_path: Path) -> None:
    ours = analysed(contrast_file(name, tmp_path), "--measure", SETS[name], "--tau2", "dl")
    theirs = json.loads((REFERENCE / name / "netmeta.json").read_text(encoding="utf-8"))["DL"]
    assert ours["tau2"] == pytest.approx(theirs["tau2"], rel=CLOSED_FORM)
    assert ours["i2"] == pytest.approx(theirs["I2"], rel=CLOSED_FORM)
    assert ours["q"]["statistic"] == pytest.approx(theirs["Q"], rel=CLOSED_FORM)
    assert ours["q"]["df"] == theirs["df_Q"]
    between = next(part for part in theirs["decomp_design"]["Q_decomp"] if part["part"] == "Between designs")
    assert ours["consistency"]["q_between"] == pytest.approx(between["Q"], rel=CLOSED_FORM)
    assert ours["consistency"]["df"] == between["df"]
    interaction = theirs["decomp_design"]["Q_inc_random"][0]
    assert ours["consistency"]["design_by_treatment"]["statistic"] == pytest.approx(interaction["Q"], rel=1e-6)


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    plain = analysed(contrast_file("senn2013", tmp_path), "--measure", "mean-difference")
    shuffled = analysed(contrast_file("senn2013", tmp_path, shuffled=True), "--measure", "mean-difference")
    for one, other in zip(plain["estimates"], shuffled["estimates"], strict=True):
        assert (one["treatment"], one["reference"]) == (other["treatment"], other["reference"])
        assert one["estimate"] == pytest.approx(other["estimate"], rel=1e-9, abs=1e-12)


def test_bayes_reports_prior_tau_and_credible_intervals(tmp_path: Path) -> None:
    answer = analysed(
        contrast_file("hasselblad1998", tmp_path), "--measure", "odds-ratio", "--method", "bayes", "--larger-is-better"
    )
    assert {"mean", "sd", "median", "cri_low", "cri_high"} <= set(answer["estimates"][0])
    assert answer["prior"]["tau"] == "tau ~ half-normal(0.5)"
    assert 0 < answer["tau"]["cri_low"] < answer["tau"]["median"] < answer["tau"]["cri_high"]
    assert sum(answer["sucra"].values()) == pytest.approx(len(answer["treatments"]) / 2)


def test_mantel_haenszel_counts_trials_not_designs() -> None:
    arms = REFERENCE / "hasselblad1998" / "input-arms.csv"
    answer = analysed(arms, "--measure", "odds-ratio", "--method", "mantel-haenszel")
    theirs = json.loads((REFERENCE / "hasselblad1998" / "netmeta.json").read_text(encoding="utf-8"))["MH"]
    # One design keeps a single arm with events and is left out, by netmeta too: 23 of the 24 trials are in.
    assert answer["studies"] == theirs["k"] == 23
    assert theirs["k_dropped"] == "19"
    assert "19" not in answer["study_names"]


@pytest.mark.parametrize("form", ["text", "csv", "html"])
def test_other_forms_hold_every_treatment(form: str, tmp_path: Path) -> None:
    ran = equipoise(
        "synthesise", str(contrast_file("senn2013", tmp_path)), "--measure", "mean-difference", "--format", form
    )
    assert (ran.code, ran.err) == (0, "")
    for treatment in ("metformin", "placebo", "rosiglitazone"):
        assert treatment in ran.out
    if form == "html":
        assert "http" not in ran.out.replace("http://www.w3.org/2000/svg", "")


PAIRS = "study,treatment,reference,estimate,se\n"


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        (PAIRS + "a,x,y,0.1,zero\n", (), ("column se", "row 1", "zero")),
        (PAIRS + "a,x,y,0.1,-1\n", (), ("column se", "row 1", "-1")),
        (PAIRS + "a,x,y,,0.2\n", (), ("column estimate", "row 1")),
        (PAIRS + "a,,y,0.1,0.2\n", (), ("column treatment", "row 1")),
        ("study,arm\na,b\n", (), ("no column",)),
        ("", (), ("no row",)),
        (PAIRS + "a,x,y,0.1\n", (), ("row 1", "4 cells", "5 cells")),
        (PAIRS + "a,x,y,0.1,0.2\nb,u,v,0.1,0.2\n", (), ("pieces", "x", "u")),
        (PAIRS + "a,x,y,0.1,0.2\na,x,z,0.1,0.2\n", (), ("covariance",)),
        (PAIRS + "a,x,y,0.1,0.2\n", ("--reference", "w"), ("w",)),
        (PAIRS + "a,x,y,0.1,0.2\n", ("--method", "bayes", "--prior", "flat"), ("half-normal:SCALE",)),
        (PAIRS + "a,x,y,0.1,0.2\n", ("--merge", "x"), ("OLD=NEW",)),
        (PAIRS + "a,x,y,0.1,0.2\n", ("--zero-cells", "foo"), ("correct", "drop")),
        (PAIRS + "a,x,y,0.1,0.2\n", ("--method", "mantel-haenszel"), ("column 'events'",)),
        (PAIRS + "a,x,y,0.1,0.2\n", ("--method", "mantel-haenszel", "--merge", "x=z"), ("does not merge",)),
        ("study,treatment,events,n\na,x,5,4\na,y,1,4\n", (), ("column events", "row 1", "5")),
    ],
)
def test_unusable_data_exits_2_and_names_row_and_column(
    content: str, words: tuple[str, ...], said: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "trials.csv"
    path.write_text(content, encoding="utf-8")
    ran = equipoise("synthesise", str(path), "--measure", "odds-ratio", *words, "--format", "json")
    assert (ran.code, ran.out) == (2, ""), ran
    for part in said:
        assert part in ran.err, ran.err


def test_pieces_are_analysed_by_themselves_on_request(tmp_path: Path) -> None:
    path = tmp_path / "trials.csv"
    path.write_text(PAIRS + "a,x,y,0.1,0.2\nb,u,v,0.1,0.2\n", encoding="utf-8")
    answer = equipoise("synthesise", str(path), "--measure", "odds-ratio", "--by-piece", "--format", "json").json
    assert [piece["treatments"] for piece in answer] == [["u", "v"], ["x", "y"]] or len(answer) == 2
