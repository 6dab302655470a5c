"""What the command line promises: contracts, exit codes, and errors that say what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from equipoise.evidence import load_evidence
from equipoise.evidence.base import DATA
from tests.support.command import equipoise

PAIR = ("alemtuzumab", "interferon-beta-1a")
KEYS = {
    "id",
    "outcome_id",
    "kind",
    "trial_ids",
    "treatment",
    "reference",
    "measure",
    "value",
    "low",
    "high",
    "level",
    "interval_kind",
    "timepoint_months",
    "n",
    "events",
    "trust",
    "sources",
    "text",
}


@pytest.fixture(scope="module")
def comparison() -> dict[str, object]:
    ran = equipoise("compare", *PAIR, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def estimates(comparison: dict[str, object]) -> list[dict[str, object]]:
    found = comparison["estimates"]
    assert isinstance(found, list)
    return found


def test_compare_prints_one_json_object_with_the_promised_keys(comparison: dict[str, object]) -> None:
    assert {"evidence", "jurisdiction", "options", "estimates"} <= set(comparison)
    release = load_evidence().release
    assert comparison["evidence"] == {
        "version": release.version,
        "date": release.date,
        "sha256": release.sha256,
        "review_by": release.review_by,
    }
    assert comparison["jurisdiction"] == "EU"


def test_every_estimate_has_the_promised_keys(estimates: list[dict[str, object]]) -> None:
    assert estimates
    for estimate in estimates:
        assert set(estimate) >= KEYS, estimate["id"]
        assert estimate["kind"] in ("trial", "synthesis", "arm", "label")
        assert estimate["sources"], estimate["id"]


def test_the_published_schema_holds_for_every_pair_and_label(estimates: list[dict[str, object]]) -> None:
    schema = equipoise("compare", "--schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    options = [treatment.option for treatment in load_evidence().options]
    for other in options[1:]:
        for place in ("US", "EU", "UK"):
            answer = equipoise("compare", options[0], other, "--jurisdiction", place, "--format", "json").json
            assert list(validator.iter_errors(answer)) == [], other


@pytest.mark.parametrize(
    ("trial", "outcome", "measure", "value", "low", "high"),
    [
        # the numbers of the three trials, as their sources print them
        ("care-ms-i", "annualised-relapse-rate", "rate-ratio", 0.45, 0.32, 0.63),
        ("care-ms-ii", "annualised-relapse-rate", "rate-ratio", 0.51, 0.39, 0.65),
        ("care-ms-i", "confirmed-disability-worsening-6m", "hazard-ratio", 0.70, 0.40, 1.23),
        ("care-ms-ii", "confirmed-disability-worsening-6m", "hazard-ratio", 0.58, 0.38, 0.87),
        ("camms223", "confirmed-disability-worsening-6m", "hazard-ratio", 0.29, 0.16, 0.54),
    ],
)
def test_each_trial_stands_by_itself(
    estimates: list[dict[str, object]], trial: str, outcome: str, measure: str, value: float, low: float, high: float
) -> None:
    found = [
        e
        for e in estimates
        if e["kind"] == "trial" and e["trial_ids"] == [trial] and e["outcome_id"] == outcome and e["measure"] == measure
    ]
    assert (value, low, high) in [(e["value"], e["low"], e["high"]) for e in found]


def test_interferon_beta_1a_is_the_trials_comparator_and_says_so(comparison: dict[str, object]) -> None:
    options = comparison["options"]
    assert isinstance(options, list)
    assert options[1]["treatment_id"] == "interferon-beta-1a-sc-44"
    assert "44 micrograms" in options[1]["detail"]
    weekly = equipoise("compare", "alemtuzumab", "interferon-beta-1a-im", "--format", "json").json
    assert weekly["options"][1]["treatment_id"] == "interferon-beta-1a-im-30"


def test_same_input_gives_the_same_bytes() -> None:
    assert equipoise("compare", *PAIR, "--format", "json").out == equipoise("compare", *PAIR, "--format", "json").out


def test_swapping_the_options_mirrors_every_comparison(estimates: list[dict[str, object]]) -> None:
    mirrored = equipoise("compare", PAIR[1], PAIR[0], "--format", "json").json["estimates"]
    there = {e["id"].removeprefix("inverse."): e for e in mirrored}
    here = [e for e in estimates if e["kind"] == "trial" and e["measure"] == "hazard-ratio" and e["low"] is not None]
    assert here
    for estimate in here:
        twin = there[str(estimate["id"])]
        assert twin["value"] == pytest.approx(1 / float(str(estimate["value"])))
        assert twin["low"] == pytest.approx(1 / float(str(estimate["high"])))


@pytest.mark.parametrize("words", [("alemtuzumb", "interferon-beta-1a"), ("alemtuzumab", "interferon")])
def test_an_unknown_name_exits_2_and_suggests_the_nearest(words: tuple[str, str]) -> None:
    ran = equipoise("compare", *words, "--format", "json")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean" in ran.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("compare",), 2, "two treatments are needed"),
        (("compare", "lemtrada", "alemtuzumab"), 2, "the same treatment"),
        (("compare", *PAIR, "--jurisdiction", "FR"), 2, "US, EU, UK"),
        (("compare", *PAIR, "--evidence", "/nowhere"), 2, "cannot be read"),
        (("compare", *PAIR, "--format", "pdf"), 2, "pdf"),
        (("trace", "no-such-id"), 2, "no estimate or fact called 'no-such-id'"),
        (("evidence", "show", "CARE-MS-9"), 2, "Did you mean: care-ms-i"),
        (("evidence", "sources", "fernandes-2014"), 2, "fernandez-2014"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_bad_input_says_what_is_wrong_and_what_to_do(words: tuple[str, ...], code: int, said: str) -> None:
    ran = equipoise(*words)
    assert (ran.code, ran.out) == (code, "")
    # typer draws a frame around what it says of a wrong option
    assert said in re.sub(r"\s*[│╭╮╰╯─\n]\s*", " ", ran.err)
    assert "Traceback" not in ran.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_what_is_no_file_takes_the_text_and_stays_what_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # opened for both, so that neither side waits for the other; the schema is smaller than what a pipe holds
    held = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        assert equipoise("values", "--schema").code == 0
        ran = equipoise("compare", "--schema", "-o", str(pipe))
        assert ran.code == 0, ran.err
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert os.read(held, 1_000_000).startswith(b"{")
    finally:
        os.close(held)


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_text("before", encoding="utf-8")
    link.symlink_to(target)
    assert equipoise("compare", "--schema", "-o", str(link)).code == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("{")


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    ran = equipoise("compare", *PAIR, "--format", "json", "-o", str(tmp_path / "no" / "such" / "folder.json"))
    assert (ran.code, ran.out) == (2, "")
    assert "cannot be written" in ran.err
    target = tmp_path / "comparison.json"
    target.mkdir()
    (target / "kept").write_text("kept", encoding="utf-8")
    assert equipoise("compare", *PAIR, "--format", "json", "-o", str(target)).code == 2
    assert (target / "kept").read_text(encoding="utf-8") == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["comparison.json"]


def test_an_output_file_holds_what_the_screen_would(tmp_path: Path) -> None:
    target = tmp_path / "comparison.json"
    ran = equipoise("compare", *PAIR, "--format", "json", "-o", str(target))
    assert (ran.code, ran.out) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8")) == equipoise("compare", *PAIR, "--format", "json").json


def test_a_closed_pipe_ends_quietly() -> None:
    # The reader is gone before the first byte: how much a pipe holds differs between machines.
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "equipoise", "compare", *PAIR, "--format", "json"]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(words, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("broken", ["arm-results.csv", "labels/alemtuzumab.toml", "sources.csv"])
def test_missing_or_corrupt_evidence_is_refused_by_every_command(tmp_path: Path, broken: str) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    (copy / broken).write_bytes(b"\xff\xfe\x00broken")
    for words in (("compare", *PAIR), ("claims",), ("trace", "arm.x")):
        ran = equipoise(*words, "--evidence", str(copy))
        assert (ran.code, ran.out) == (2, ""), words
        assert broken in ran.err
    checked = equipoise("evidence", "check", str(copy))
    assert checked.code == 1
    assert broken in checked.out


def test_evidence_check_is_sound_and_says_what_it_checked() -> None:
    ran = equipoise("evidence", "check")
    assert ran.code == 0
    assert "is sound" in ran.out
    assert equipoise("evidence", "check", "--format", "json").json["sound"] is True


def test_evidence_check_names_file_row_column_found_and_mend(tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    table = copy / "arm-results.csv"
    text = table.read_text(encoding="utf-8")
    row = "care-ms-i-alem12.any-relapse.24m.proportion"
    assert f"{row},care-ms-i,care-ms-i-alem12,any-relapse,24,proportion,82,376" in text
    table.write_text(
        text.replace(
            f"{row},care-ms-i,care-ms-i-alem12,any-relapse,24,proportion,82,",
            f"{row},care-ms-i,care-ms-i-alem12,any-relapse,24,proportion,820,",
        ),
        encoding="utf-8",
    )
    problems = equipoise("evidence", "check", str(copy), "--format", "json").json["problems"]
    first = next(problem for problem in problems if problem["column"] == "events")
    assert (first["file"], first["found"]) == ("arm-results.csv", "820")
    assert row in first["row"]
    assert first["allowed"]
    assert first["mend"]


@pytest.mark.parametrize(
    "words",
    [
        ("evidence", "list"),
        ("evidence", "show", "CARE-MS-I"),
        ("evidence", "show", "care-ms-ii"),
        ("evidence", "sources"),
        ("evidence", "sources", "fernandez-2014"),
        ("options",),
        ("claims",),
        ("trace", "arm.care-ms-i-alem12.relapse-free.24m.km-proportion"),
        ("compare", *PAIR),
        ("compare", *PAIR, "--format", "markdown"),
        ("--version",),
    ],
)
def test_what_people_read_is_printed_without_control_characters(words: tuple[str, ...]) -> None:
    ran = equipoise(*words)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()
    assert "\x1b" not in ran.out


def test_trace_prints_citation_locator_raw_cells_and_formula() -> None:
    ran = equipoise("trace", "arm.care-ms-i-alem12.any-relapse.24m.proportion")
    for part in ("Cohen", "abstract", "events = 82", "n = 376", "Wilson score interval", "100 * events / n"):
        assert part in ran.out, part
    found = equipoise("trace", "arm.care-ms-i-alem12.any-relapse.24m.proportion", "--format", "json").json
    assert found["provenance"]["computation"] == "Wilson score interval"
    assert found["sources"][0]["source_id"] == "cohen-2012-care-ms-i"


def test_claims_are_the_22_of_the_starting_article() -> None:
    answer = equipoise("claims", "--format", "json").json
    assert [claim["number"] for claim in answer["claims"]] == list(range(1, 23))
    wrong = {claim["number"] for claim in answer["claims"] if claim["verdict"] == "wrong-as-written"}
    assert wrong == {12}


def test_help_lists_every_command_and_each_has_an_example() -> None:
    ran = equipoise("--help")
    assert ran.code == 0
    for command in ("compare", "trace", "claims", "options", "evidence", "serve"):
        assert command in ran.out
        assert command == "evidence" or "Example: equipoise" in equipoise(command, "--help").out


def test_numbers_in_text_and_markdown_lead_to_an_id() -> None:
    answer = equipoise("compare", *PAIR, "--format", "markdown").out.replace("\\", "")
    body, _, listed = answer.partition("## Where each number comes from")
    marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", body)}
    explained = {int(mark): identifier for mark, identifier in re.findall(r"^- \[(\d+)\] (\S+)", listed, re.MULTILINE)}
    assert marks == set(explained)
    for identifier in list(explained.values())[::25]:
        assert equipoise("trace", identifier).code == 0
