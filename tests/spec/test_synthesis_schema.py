"""The published schema of ``equipoise synthesise`` holds for every method, and sees a key that was not promised."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.command import equipoise

COUNTS = """study,treatment,events,n
one,placebo,12,100
one,a,6,100
two,placebo,15,120
two,b,9,118
three,a,7,90
three,b,8,95
four,placebo,10,80
four,a,5,82
four,b,6,81
"""
APART = COUNTS + "five,x,4,50\nfive,y,6,50\n"
MEANS = """study,treatment,reference,estimate,se
one,a,placebo,-0.5,0.2
two,b,placebo,-0.3,0.25
three,b,a,0.1,0.3
four,a,placebo,-0.7,0.3
"""
ODDS = ("--measure", "odds-ratio", "--reference", "placebo")


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = equipoise("synthesise", "--schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def analysed(folder: Path, data: str, *words: str) -> Any:
    path = folder / "trials.csv"
    path.write_text(data, encoding="utf-8")
    ran = equipoise("synthesise", str(path), *words, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (COUNTS, ODDS),
        (COUNTS, (*ODDS, "--smaller-is-better", "--important", "0.8", "--what-if", "a")),
        (COUNTS, (*ODDS, "--model", "common", "--smaller-is-better")),
        (COUNTS, (*ODDS, "--method", "mantel-haenszel", "--smaller-is-better")),
        (COUNTS, (*ODDS, "--method", "likelihood", "--smaller-is-better")),
        (COUNTS, (*ODDS, "--method", "bayes", "--smaller-is-better", "--important", "0.8", "--what-if", "b")),
        (COUNTS, (*ODDS, "--method", "bayes", "--likelihood", "arm", "--larger-is-better")),
        (COUNTS, (*ODDS, "--method", "bayes", "--likelihood", "arm", "--model", "common")),
        (
            COUNTS,
            (
                *ODDS,
                "--method",
                "bayes",
                "--likelihood",
                "arm",
                "--baselines",
                "random",
                "--baseline-prior",
                "half-normal:2",
            ),
        ),
        (COUNTS, (*ODDS, "--inference", "hartung-knapp")),
        (COUNTS, (*ODDS, "--smaller-is-better", "--favoured-first", "b,a,placebo")),
        (APART, ("--measure", "risk-ratio", "--by-piece", "--smaller-is-better")),
        (MEANS, ("--measure", "mean-difference")),
        (MEANS, ("--measure", "mean-difference", "--method", "bayes", "--larger-is-better")),
        ("study,treatment,reference,estimate,se\none,a,b,0.1,0.2\n", ("--measure", "mean-difference")),
    ],
)
def test_every_form_keeps_to_it(
    validator: jsonschema.Draft202012Validator, data: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    answer = analysed(tmp_path, data, *words)
    for one in answer if isinstance(answer, list) else [answer]:
        assert [error.message[:300] for error in validator.iter_errors(one)] == []
    assert validator.is_valid(answer)


def test_a_key_that_was_not_promised_is_seen(validator: jsonschema.Draft202012Validator, tmp_path: Path) -> None:
    answer = analysed(tmp_path, COUNTS, *ODDS)
    assert not validator.is_valid(answer | {"surprise": 1})
    assert not validator.is_valid({key: value for key, value in answer.items() if key != "contribution"})


def test_small_trials_are_drawn_where_an_order_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "trials.csv"
    path.write_text(COUNTS, encoding="utf-8")
    words = ("synthesise", str(path), *ODDS, "--smaller-is-better", "--favoured-first")
    page = equipoise(*words, "b,a,placebo", "--format", "html").out
    assert "Do small trials find more than large ones?" in page
    assert 'id="funnel-1-wide"' in page
    assert "favours the first named" in page
    assert "picture-funnel" not in equipoise("synthesise", str(path), *ODDS, "--format", "html").out
    ran = equipoise(*words, "b,a")
    assert (ran.code, ran.out) == (2, "")
    assert "placebo" in ran.err
    ran = equipoise(*words, "b,a,placebo", "--method", "likelihood")
    assert ran.code == 2
    assert "--favoured-first" in ran.err
