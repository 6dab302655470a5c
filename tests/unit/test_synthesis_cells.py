"""Tables as people keep them: other separators, blank lines, slips of the pen. Right, or a sentence with the place."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.synthesis import arm_data, read_counted, read_network
from equipoise.synthesis.arm_level import find_modes
from equipoise.vocabulary.errors import EvidenceError
from tests.support.command import equipoise

PAIRS = "study,treatment,reference,estimate,se\n"
GOOD = PAIRS + "s1,B,A,0.5,0.1\ns2,B,A,0.3,0.2\ns3,C,A,0.2,0.2\ns4,C,B,-0.1,0.3\n"
ARMS = "study,treatment,events,n\n"
PIECES = ARMS + "s1,A,3,10\ns1,B,4,10\ns2,C,3,10\ns2,D,5,10\n"


def asked(folder: Path, content: str | bytes, *words: str, measure: str = "mean-difference") -> Any:
    path = folder / "trials.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return equipoise("synthesise", str(path), "--measure", measure, *words, "--format", "json")


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.replace("s2", "\n , ,,,\n\ns2"),
        GOOD.replace("\n", ",\n"),
    ],
    ids=["semicolons", "tabs", "mark", "crlf", "cr", "blank lines", "empty column"],
)
def test_other_ways_to_write_a_table_give_the_same_numbers(content: str, tmp_path: Path) -> None:
    plain, other = asked(tmp_path, GOOD), asked(tmp_path, content)
    assert (other.code, other.err) == (0, "")
    assert other.json == plain.json


@pytest.mark.parametrize(
    ("content", "measure", "place", "found"),
    [
        (PAIRS + "a,x,y,0.1,-1\n", "mean-difference", "row 1 (line 2), column se", "-1"),
        (PAIRS + "a,x,y,0.1,1\n\nb,x,y,0.1,0\n", "mean-difference", "row 2 (line 4), column se", "0"),
        (PAIRS + '"a\nb",x,y,0.1,1\nb,x,y,inf,1\n', "mean-difference", "row 2 (line 4), column estimate", "inf"),
        (PAIRS + "a,x,y,1e300,0.1\n", "mean-difference", "row 1 (line 2), column estimate", "1e300"),
        (PAIRS + "a,x,y,1,1e-200\n", "mean-difference", "row 1 (line 2), column se", "1e-200"),
        (PAIRS + "a,x,y,800,0.1\n", "odds-ratio", "row 1 (line 2), column estimate", "800"),
        (PAIRS + "a,x,y,0.1,900\n", "odds-ratio", "row 1 (line 2), column se", "900"),
        (PAIRS + "a,x,y,1_0,0.1\n", "mean-difference", "row 1 (line 2), column estimate", "1_0"),
        (PAIRS + 'a,x,y,"0,5",0.1\n', "mean-difference", "row 1 (line 2), column estimate", "decimal point"),
        (PAIRS + "a,x,x,0.1,1\n", "mean-difference", "row 1 (line 2), column reference", "itself"),
        (PAIRS + "a,x,y,0.1,1\na,y,x,0.1,1\n", "mean-difference", "row 2 (line 3), column study", "twice"),
        (ARMS + "a,x,1,9\na,y,14,10\n", "odds-ratio", "row 2 (line 3), column events", "14"),
        (ARMS + "a,x,1,9\na,y,-1,10\n", "risk-ratio", "row 2 (line 3), column events", "-1"),
        (ARMS + "a,x,1,9\na,y,0,0\n", "risk-difference", "row 2 (line 3), column n", "0"),
        (ARMS + "a,x,1,9\na,y,1e-30,10\n", "odds-ratio", "row 2 (line 3), column events", "1e-30"),
        (ARMS + "a,x,1e30,1e31\na,y,1,10\n", "odds-ratio", "row 1 (line 2), column n", "1e31"),
        (ARMS + "a,x,1,9\na,x,1,9\n", "odds-ratio", "row 2 (line 3), column treatment", "two arms called 'x'"),
        ("study,treatment,events,person_time\na,x,1,0\na,y,1,9\n", "rate-ratio", "row 1 (line 2), column person", "0"),
        ("study,treatment,mean,sd,n\na,x,1,0,9\na,y,1,1,9\n", "mean-difference", "row 1 (line 2), column sd", "0"),
        ("study,treatment,mean,sd,n\na,x,1,1,9\na,y,1,1,1\n", "mean-difference", "row 2 (line 3), column n", "1"),
        ("study,treatment,log_hazard,se\na,x,1,1\na,y,1,0\n", "hazard-ratio", "row 2 (line 3), column se", "0"),
        (PAIRS.replace("se", "se,se") + "a,x,y,1,1,9\n", "mean-difference", "column se", "same name twice"),
    ],
)
def test_a_number_that_cannot_be_is_named_by_row_and_column(
    content: str, measure: str, place: str, found: str, tmp_path: Path
) -> None:
    ran = asked(tmp_path, content, measure=measure)
    assert (ran.code, ran.out) == (2, "")
    assert place in ran.err, ran.err
    assert found in ran.err, ran.err


@pytest.mark.parametrize("method", ["mantel-haenszel", "likelihood", "bayes"])
def test_methods_for_counts_name_row_and_column_too(method: str, tmp_path: Path) -> None:
    words = ("--method", method, *(("--likelihood", "arm") if method == "bayes" else ()))
    ran = asked(tmp_path, ARMS + "a,x,1,9\na,y,14,10\n", *words, measure="odds-ratio")
    assert (ran.code, ran.out) == (2, "")
    assert "row 2 (line 3), column events" in ran.err


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    ran = asked(tmp_path, PAIRS + "a,x,y,zero,0.1\nb,,y,1,-2\nc,x,y,1,0.1\n")
    for place in ("row 1 (line 2), column estimate", "row 2 (line 3), column treatment", "row 2 (line 3), column se"):
        assert place in ran.err, ran.err
    many = asked(tmp_path, PAIRS + "".join(f"s{i},x,y,1,-2\n" for i in range(40)))
    assert "and 19 more." in many.err


def test_a_table_that_is_no_file_has_rows_but_no_lines() -> None:
    table = {"study": ["a"], "treatment": ["x"], "reference": ["y"], "estimate": [0.1], "se": [math.inf]}
    with pytest.raises(EvidenceError, match=r"table, row 1, column se: .*\n  found:   inf"):
        read_network(table, "odds-ratio")


def test_names_that_look_alike_are_pointed_out(tmp_path: Path) -> None:
    content = PAIRS + "s1,B,Placebo,0.5,0.1\ns2,C,placebo,0.5,0.1\ns3,C,B,0.5,0.1\n"
    notes = asked(tmp_path, content).json["notes"]
    assert any("'Placebo', 'placebo'" in note for note in notes)
    assert not any("alone" in note for note in asked(tmp_path, GOOD).json["notes"])


def test_a_ratio_beyond_floating_point_is_no_crash(tmp_path: Path) -> None:
    content = PAIRS + "".join(f"s{i},T{i + 1},T{i},99,99\n" for i in range(9)) + "t,T9,T0,0,99\n"
    for words in ((), ("--method", "bayes"), ("--inference", "hartung-knapp")):
        ran = asked(tmp_path, content, *words, measure="odds-ratio")
        assert (ran.code, ran.err) == (0, "")
    for form in ("text", "html", "csv"):
        ran = equipoise("synthesise", str(tmp_path / "trials.csv"), "--measure", "odds-ratio", "--format", form)
        assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("method", ["mantel-haenszel", "likelihood"])
def test_pieces_of_counts_are_analysed_by_themselves(method: str, tmp_path: Path) -> None:
    words = ("--method", method, "--by-piece")
    ran = asked(tmp_path, PIECES, *words, "--reference", "D", measure="odds-ratio")
    assert [piece["treatments"] for piece in ran.json] == [["A", "B"], ["C", "D"]]
    assert [piece["reference"] for piece in ran.json] == ["A", "D"]
    unknown = asked(tmp_path, PIECES, *words, "--reference", "Z", measure="odds-ratio")
    assert (unknown.code, unknown.out) == (2, "")
    assert "'Z'" in unknown.err


def test_mantel_haenszel_counts_no_trial_that_says_nothing(tmp_path: Path) -> None:
    content = ARMS + "s1,A,3,10\ns1,B,4,10\ns2,A,0,10\ns2,B,0,10\ns3,A,1,10\n"
    answer = asked(tmp_path, content, "--method", "mantel-haenszel", measure="odds-ratio").json
    assert (answer["studies"], answer["study_names"]) == (1, ["s1"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--prior", "half-normal:1"), "--prior belongs to a posterior"),
        (("--likelihood", "arm"), "--likelihood arm belongs to a posterior"),
        (("--method", "bayes", "--model", "common", "--prior", "half-normal:1"), "--prior is about tau"),
        (("--method", "bayes", "--model", "common", "--what-if", "B"), "--what-if is about tau"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ran = asked(tmp_path, GOOD, *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_posterior_with_a_common_effect_is_the_common_effect_fit(tmp_path: Path) -> None:
    fit, posterior = (
        asked(tmp_path, GOOD, "--model", "common", *words, "--smaller-is-better").json
        for words in ((), ("--method", "bayes"))
    )
    assert (posterior["model"], posterior["tau"], posterior["prior"]["tau"]) == ("common", None, None)
    for one, other in zip(fit["estimates"], posterior["estimates"], strict=True):
        assert (one["estimate"], one["se"]) == pytest.approx((other["mean"], other["sd"]), rel=1e-9)
        assert (one["ci_low"], one["ci_high"]) == pytest.approx((other["cri_low"], other["cri_high"]), rel=1e-7)
    for form in ("text", "html"):
        words = ("--measure", "mean-difference", "--method", "bayes", "--model", "common", "--format", form)
        ran = equipoise("synthesise", str(tmp_path / "trials.csv"), *words)
        assert (ran.code, ran.err) == (0, "")
        assert "ommon effect" in ran.out or "tau is zero" in ran.out


def test_separated_counts_have_a_mode_at_any_tau(tmp_path: Path) -> None:
    """Every event in one arm and none in the other: predictors grow with tau, and their rounding errors too."""
    path = tmp_path / "arms.csv"
    path.write_text(
        ARMS + "s1,A,0,10\ns1,B,4,10\ns3,A,2,10\ns3,B,10,10\ns4,A,3,20\ns4,B,0,20\ns4,C,1,20\ns5,B,5,50\ns5,C,4,40\n",
        encoding="utf-8",
    )
    study, treatment, events, n = read_counted(path, "odds-ratio").rows()
    data = arm_data("odds-ratio", study, treatment, events=events, n=n)
    found = find_modes(data, np.logspace(-6, 6, 49), effect_sd=10.0, baseline_sd=10.0)
    assert np.isfinite(found.log_marginal).all()


@pytest.mark.parametrize("words", [(), ("--method", "mantel-haenszel"), ("--method", "bayes", "--likelihood", "arm")])
def test_the_people_of_arms_are_counted_where_they_took_part(words: tuple[str, ...], tmp_path: Path) -> None:
    content = ARMS + "s1,A,3,10\ns1,B,4,11\ns2,A,2,100\ns2,low,3,20\ns3,A,1,7\n"
    merge = () if "mantel-haenszel" in words else ("--merge", "low=B")
    answer = asked(tmp_path, content, *words, *merge, measure="odds-ratio").json
    expected = {"A": 110, "B": 31} if merge else {"A": 110, "B": 11, "low": 20}
    assert answer["geometry"]["people"] == expected
    page = ("--measure", "odds-ratio", *words, *merge, "--format", "html")
    assert "110 people" in equipoise("synthesise", str(tmp_path / "trials.csv"), *page).out


def test_contrasts_do_not_say_how_many_people(tmp_path: Path) -> None:
    assert asked(tmp_path, GOOD).json["geometry"]["people"] is None


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no file descriptors with names here")
@pytest.mark.parametrize("words", [(), ("--method", "mantel-haenszel", "--by-piece")])
def test_a_table_may_come_through_a_pipe(words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.write(writer, PIECES.replace("C", "B").encode())
    os.close(writer)
    try:
        ran = equipoise("synthesise", f"/dev/fd/{reader}", "--measure", "odds-ratio", *words, "--format", "json")
    finally:
        os.close(reader)
    assert (ran.code, ran.err) == (0, "")


def test_arms_that_differ_by_more_digits_than_there_are_is_said(tmp_path: Path) -> None:
    content = "study,treatment,log_hazard,se\na,x,1,90\na,y,1,1e-9\na,z,1,1e-9\n"
    ran = asked(tmp_path, content, measure="hazard-ratio")
    assert (ran.code, ran.out) == (2, "")
    assert "trial 'a'" in ran.err
    assert "slip of the pen" in ran.err
