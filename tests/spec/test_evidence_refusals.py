"""A broken copy of the evidence is refused, with file, row, column, what was found and what to do.

Each case changes one passage of a small sound release. Read the cases as the manual of what is checked.
"""

# ruff: noqa: E501 - a case is one line of a table, however long its passage of a file

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from equipoise.evidence import examine, examine_files, load_evidence
from equipoise.evidence.reading import FILES
from equipoise.vocabulary.errors import EvidenceError
from tests.support.small_evidence import SMALL, faults, files, sound, swapped, write

ALDER_B = (
    "alder-b.any-relapse.24m.proportion,alder,alder-b,any-relapse,24,proportion,54,100,,45,,,,%,,printed,alder-2020,"
)
RATE = "alder-a.rate.24m,alder,alder-a,annualised-relapse-rate,24,rate,,100,,0.20,,0.15,0.26,/year,,printed,alder-2020,"
RATIO = "alder-a.vs.alder-b.rate,alder,alder-a,alder-b,annualised-relapse-rate,24,rate-ratio,0.50,0.38,0.66,,printed,"
ARM_A = "alder,alder-a,randomised,,drug-a-12,12 mg,IV,,100,100"


@dataclass(frozen=True)
class Case:
    """One fault: the file, the passage, what replaces it, and what the message must name."""

    what: str
    file: str
    old: str
    new: str
    row: str
    column: str
    found: str


CASES = [
    # ---- cells that are not what their column promises
    Case("no number", "arm-results.csv", RATE, RATE.replace("0.20", "about 0.2"), "alder-a.rate.24m", "value", "about 0.2"),
    Case("not finite", "arm-results.csv", RATE, RATE.replace("0.20", "nan"), "alder-a.rate.24m", "value", "nan"),
    Case("other digits", "arm-results.csv", RATE, RATE.replace("0.20", "٠٫٢"), "alder-a.rate.24m", "value", "٠٫٢"),
    Case("huge number", "arm-results.csv", RATE, RATE.replace("0.20", "9" * 400), "alder-a.rate.24m", "value", "9999"),
    Case("comma for point", "arm-results.csv", RATE, RATE.replace("0.20", '"0,20"'), "alder-a.rate.24m", "value", "0,20"),
    Case("half a person", "arms.csv", ARM_A, ARM_A.replace("100,100", "100,99.5"), "alder-a", "n_analysed", "99.5"),
    Case("unknown kind", "arm-results.csv", RATE, RATE.replace("rate,,", "ratio,,"), "alder-a.rate.24m", "kind", "ratio"),
    Case("unknown trust", "arm-results.csv", RATE, RATE.replace("printed", "sure"), "alder-a.rate.24m", "trust", "sure"),
    Case("unknown measure", "contrasts.csv", RATIO, RATIO.replace("rate-ratio", "rr"), "alder-a.vs.alder-b.rate", "measure", "rr"),
    Case("measure compares nothing", "contrasts.csv", RATIO, RATIO.replace("rate-ratio", "rate"), "alder-a.vs.alder-b.rate", "measure", "rate"),
    Case("unknown study kind", "trials.csv", "alder,randomised", "alder,rct", "alder", "kind", "rct"),
    Case("unknown arm kind", "arms.csv", "alder,alder-b,randomised", "alder,alder-b,main", "alder-b", "kind", "main"),
    Case("unknown direction", "outcomes.toml", 'definition = "Headache', 'direction2 = "x"\ndefinition = 3 #', "headache", "definition", "3"),
    # ---- ids
    Case("id twice", "sources.csv", "birch-2021,trial", "alder-2020,trial", "alder-2020", "source_id", "alder-2020"),
    Case("no id", "sources.csv", "birch-2021,trial", ",trial", "line 3", "source_id", "(empty)"),
    Case("outcome twice", "outcomes.toml", 'id = "headache"', 'id = "any-relapse"', "any-relapse", "id", "number 3"),
    Case("source of a row", "arm-results.csv", f"{RATE}Table 2", f"{RATE.replace('alder-2020', 'elm-2019')}Table 2", "alder-a.rate.24m", "source_id", "elm-2019"),
    Case("trial of a row", "arm-results.csv", RATE, RATE.replace(",alder,alder-a,", ",elm,alder-a,"), "alder-a.rate.24m", "trial_id", "elm"),
    Case("arm of a row", "arm-results.csv", RATE, RATE.replace(",alder,alder-a,", ",alder,alder-c,"), "alder-a.rate.24m", "arm_id", "alder-c"),
    Case("arm of another trial", "arm-results.csv", RATE, RATE.replace(",alder,alder-a,", ",alder,birch-a,"), "alder-a.rate.24m", "arm_id", "birch-a"),
    Case("unknown outcome", "arm-results.csv", RATE, RATE.replace("annualised-relapse-rate", "arr"), "alder-a.rate.24m", "outcome_id", "arr"),
    Case("arm of a contrast", "contrasts.csv", RATIO, RATIO.replace(",alder-a,alder-b", ",alder-c,alder-b"), "alder-a.vs.alder-b.rate", "arm_id", "alder-c"),
    Case("reference of a contrast", "contrasts.csv", RATIO, RATIO.replace(",alder-a,alder-b", ",alder-a,alder-c"), "alder-a.vs.alder-b.rate", "reference_arm_id", "alder-c"),
    Case("outcome of a contrast", "contrasts.csv", RATIO, RATIO.replace("annualised-relapse-rate", "arr"), "alder-a.vs.alder-b.rate", "outcome_id", "arr"),
    Case("source of a trial", "trials.csv", "Adults,,birch-2021", "Adults,,elm-2019", "birch", "source_id", "elm-2019"),
    Case("member of a pooled trial", "trials.csv", "alder birch", "alder elm", "both-pooled", "members", "elm"),
    Case("trial of an arm", "arms.csv", "birch,birch-b", "elm,birch-b", "birch-b", "trial_id", "elm"),
    Case("treatment of an arm", "arms.csv", ARM_A, ARM_A.replace("drug-a-12", "drug-c"), "alder-a", "treatment_id", "drug-c"),
    Case("source of an arm", "arms.csv", ",,200,,,,,,,alder-2020,text", ",,200,,,,,,,elm-2019,text", "pooled-a", "source_id", "elm-2019"),
    Case("member of an arm", "arms.csv", "alder-a birch-a", "alder-a elm-a", "pooled-a", "members", "elm-a"),
    Case("member of a treatment", "treatments.toml", '["drug-a-12", "drug-a-24"]', '["drug-a-12", "drug-x"]', "drug-a-both", "members", "drug-x"),
    Case("label of a treatment", "treatments.toml", 'drug_id = "drug-b"', 'drug_id = "drug-x"', "drug-b-44", "drug_id", "drug-x"),
    Case("a name for two options", "treatments.toml", 'detail = "by injection"', 'aliases = ["brand-a"]', "drug-b-44", "aliases", "brand-a"),
    Case("source of guidance", "guidance.toml", "birch-2021", "elm-2019", "[[statement]] st-1", "source_id", "elm-2019"),
    Case("source of a preference", "preferences.csv", "birch-2021", "elm-2019", "line 2", "source_id", "elm-2019"),
    Case("source of a model", "natural-history/prognostic-models.toml", "birch-2021", "elm-2019", "[[model]] m-1", "source_id", "elm-2019"),
    # ---- a row without its source or its place in it
    Case("no source", "arm-results.csv", f"{RATE}Table 2", f"{RATE.replace('alder-2020', '')}Table 2", "alder-a.rate.24m", "source_id", "(empty)"),
    Case("no locator", "arm-results.csv", f"{RATE}Table 2", RATE, "alder-a.rate.24m", "locator", "(empty)"),
    Case("from memory, not marked", "arm-results.csv", f"{RATE}Table 2", f"{RATE.replace('alder-2020', 'expert')}Table 2", "alder-a.rate.24m", "source_id", "expert"),
    # ---- numbers that do not fit together
    Case("more events than people", "arm-results.csv", "proportion,30,100,,30,,,,%,,printed,birch", "proportion,130,100,,,,,,%,,printed,birch", "birch-a.any-relapse.24m.proportion", "events", "130"),
    Case("a group of nobody", "arm-results.csv", RATE, RATE.replace("rate,,100", "rate,,0"), "alder-a.rate.24m", "n", "0"),
    Case("percentage", "arm-results.csv", "proportion,40,100,,40", "proportion,40,100,,43", "birch-b.any-relapse.24m.proportion", "value", "43"),
    Case("more than everyone", "arm-results.csv", "proportion,,100,,22", "proportion,,100,,122", "alder-a.headache.12m.proportion", "value", "122"),
    Case("a negative rate", "arm-results.csv", RATE, RATE.replace("0.20,,0.15,0.26", "-0.20,,,"), "alder-a.rate.24m", "value", "-0.2"),
    Case("no number at all", "arm-results.csv", RATE, RATE.replace("0.20,,0.15,0.26", ",,,"), "alder-a.rate.24m", "value", "(empty)"),
    Case("before the start", "arm-results.csv", RATE, RATE.replace(",24,", ",-24,"), "alder-a.rate.24m", "timepoint_months", "-24"),
    Case("inverted interval", "arm-results.csv", RATE, RATE.replace("0.15,0.26", "0.26,0.15"), "alder-a.rate.24m", "ci_low", "0.26"),
    Case("interval without width", "contrasts.csv", RATIO, RATIO.replace("0.38,0.66", "0.50,0.50"), "alder-a.vs.alder-b.rate", "ci_low", "0.5"),
    Case("estimate outside", "contrasts.csv", RATIO, RATIO.replace("0.38,0.66", "0.58,0.66"), "alder-a.vs.alder-b.rate", "estimate", "0.5"),
    Case("one limit", "arm-results.csv", RATE, RATE.replace("0.15,0.26", "0.15,"), "alder-a.rate.24m", "ci_high", "(empty)"),
    Case("the other limit", "contrasts.csv", RATIO, RATIO.replace("0.38,0.66", ",0.66"), "alder-a.vs.alder-b.rate", "ci_low", "(empty)"),
    Case("interval alone", "contrasts.csv", RATIO, RATIO.replace("0.50,", ","), "alder-a.vs.alder-b.rate", "estimate", "(empty)"),
    Case("ratio of nothing", "contrasts.csv", RATIO, RATIO.replace("0.50,0.38,0.66", "0,,"), "alder-a.vs.alder-b.rate", "estimate", "0"),
    Case("ratio with a limit of zero", "contrasts.csv", RATIO, RATIO.replace("0.38", "0"), "alder-a.vs.alder-b.rate", "ci_low", "0"),
    Case("no measure", "contrasts.csv", RATIO, RATIO.replace("rate-ratio", ""), "alder-a.vs.alder-b.rate", "measure", "(empty)"),
    Case("an arm with itself", "contrasts.csv", RATIO, RATIO.replace(",alder-a,alder-b", ",alder-a,alder-a"), "alder-a.vs.alder-b.rate", "reference_arm_id", "alder-a"),
    Case("a finding that says nothing", "contrasts.csv", ",,,,,0.1,printed,alder-2020,Table 3,,p only", ",,,,,,printed,alder-2020,Table 3,,", "alder-a.vs.alder-b.headache.finding", "estimate", "(empty)"),
    # ---- what must not be confused
    Case("merged doses as an arm", "arms.csv", "alder-a-both,merged-doses", "alder-a-both,randomised", "alder-a-both", "kind", "randomised"),
    Case("pooled trials as an arm", "arms.csv", "pooled-a,pooled-trials", "pooled-a,randomised", "pooled-a", "kind", "randomised"),
    Case("a cohort with a randomised arm", "trials.csv", "birch,randomised", "birch,cohort", "birch-a", "kind", "randomised"),
    Case("pooled trials without trials", "trials.csv", "alder birch", "", "both-pooled", "members", "(empty)"),
    # ---- corrections
    Case("does not fit its cell", "corrections.toml", 'found = "54"', 'found = "44"', "alder-b.any-relapse.24m.proportion", "events", "54"),
    Case("names no row", "corrections.toml", "alder-b.headache.24m", "alder-b.headache.36m", "alder-b.headache.36m.proportion", "value", "arm-results.csv"),
    Case("names no table", "corrections.toml", 'table = "arm-results.csv"\nrow = "alder-b.any', 'table = "results.csv"\nrow = "alder-b.any', "alder-b.any-relapse.24m.proportion", "events", "results.csv"),
    Case("names no column", "corrections.toml", 'column = "events"\nfound = "54"', 'column = "event"\nfound = ""', "alder-b.any-relapse.24m.proportion", "event", "(empty)"),
    Case("no reason", "corrections.toml", 'reason = "Digits', 'because = "Digits', "alder-b.any-relapse.24m.proportion", "reason", "(empty)"),
    Case("reason no text", "corrections.toml", 'reason = "Digits', 'reason = 3 # "Digits', "alder-b.any-relapse.24m.proportion", "reason", "3"),
    # ---- labels
    Case("entry without source", "labels/drug-b.toml", 'source_id = "drug-b-label"\nlocator = "4.2"', 'locator = "4.2"', "drug-b-dos-01", "source_id", "(empty)"),
    Case("entry without locator", "labels/drug-b.toml", 'source_id = "drug-b-label"\nlocator = "4.2"', 'source_id = "drug-b-label"', "drug-b-dos-01", "locator", "(empty)"),
    Case("entry of an unknown source", "labels/drug-b.toml", 'source_id = "drug-b-label"\nlocator = "4.2"', 'source_id = "elm-2019"\nlocator = "4.2"', "drug-b-dos-01", "source_id", "elm-2019"),
    Case("mechanism of an unknown source", "labels/drug-a.toml", 'source_id = "drug-a-label"\nlocator = "12.1"', 'source_id = "elm-2019"\nlocator = "12.1"', "drug-a-mechanism", "source_id", "elm-2019"),
    Case("how it was seen", "labels/drug-a.toml", 'locator = "4.1"\nseen = "primary"', 'locator = "4.1"\nseen = "once"', "drug-a-ind-01", "seen", "once"),
    Case("unknown jurisdiction", "labels/drug-b.toml", 'id = "drug-b-dos-01"\njurisdiction = "EU"', 'id = "drug-b-dos-01"\njurisdiction = "Europe"', "drug-b-dos-01", "jurisdiction", "Europe"),
    Case("no duration", "labels/drug-a.toml", 'every = "P1M"', 'every = "monthly"', "drug-a-mon-01", "every", "monthly"),
    Case("unknown anchor", "labels/drug-a.toml", 'until_anchor = "last-dose"', 'until_anchor = "the end"', "drug-a-mon-01", "until_anchor", "the end"),
    Case("a share in words", "labels/drug-a.toml", "pct = 50\n", 'pct = "half"\n', "drug-a-adr-01", "pct", "half"),
    Case("a share of more than all", "labels/drug-a.toml", "comparator_pct = 6", "comparator_pct = 600", "drug-a-adr-01", "comparator_pct", "600"),
    Case("days in words", "labels/drug-a.toml", "days = 5", 'days = "five"', "drug-a-dos-01", "days", "five"),
    Case("an entry twice", "labels/drug-a.toml", 'id = "drug-a-dos-02"', 'id = "drug-a-dos-01"', "drug-a-dos-01", "id", "drug-a-dos-01"),
    Case("two labels for a drug", "labels/drug-b.toml", 'drug_id = "drug-b"', 'drug_id = "drug-a"', "", "drug_id", "drug-a"),
    Case("no identity", "labels/drug-b.toml", 'drug_id = "drug-b"', "", "", "drug_id", "(empty)"),
    # ---- claims and release
    Case("unknown verdict", "claims.toml", "needs-qualifying", "true", "claim-01", "verdict", "true"),
    Case("numbers of claims", "claims.toml", "number = 1", "number = 2", "", "number", "[2]"),
    Case("no evidence", "claims.toml", "evidence = [", "other = [", "claim-01", "evidence", "no id"),
    Case("evidence no list", "claims.toml", 'evidence = ["trial.alder-a.vs.alder-b.rate", "trial.birch-a.vs.birch-b.rate"]', 'evidence = "trial.alder-a.vs.alder-b.rate"', "claim-01", "evidence", "trial.alder-a"),
    Case("no such day", "release.toml", "2024-05-01", "2024-05-41", "", "date", "2024-05-41"),
    Case("who pays", "release.toml", 'funding = "None."', "", "", "funding", "None"),
]  # fmt: skip


def test_the_small_release_is_sound_and_its_correction_is_applied() -> None:
    evidence = sound(files())
    corrected = evidence.arm_results["alder-b.any-relapse.24m.proportion"]
    assert corrected.events == 45
    assert "Digits transposed" in corrected.row.corrections[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_fault_is_named_with_its_place(case: Case) -> None:
    problems = faults(swapped(case.file, case.old, case.new))
    here = [error for error in problems if case.row in error.row and error.column == case.column]
    assert here, f"nothing points at row {case.row!r}, column {case.column!r}: " + "\n".join(map(str, problems))
    error = here[0]
    assert case.found in error.found
    message = str(error)
    for part in (error.file, case.row, case.column, case.found, error.problem, error.mend):
        assert part in message
    assert error.file.endswith((".csv", ".toml"))
    assert error.allowed, "the message must say what would be right"
    assert error.mend, "the message must say what to do"


@pytest.mark.parametrize("name", FILES)
def test_missing_file(name: str, tmp_path: Path) -> None:
    contents = files()
    del contents[name]
    with pytest.raises(EvidenceError, match="cannot be read") as caught:
        load_evidence(write(tmp_path, contents))
    assert name in caught.value.file
    assert caught.value.mend
    assert [error.file for error in faults(contents)] == [name]


def test_missing_folder_is_named_in_full(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="nowhere"):
        load_evidence(tmp_path / "nowhere")


def test_missing_labels(tmp_path: Path) -> None:
    contents = {name: content for name, content in files().items() if not name.startswith("labels/")}
    with pytest.raises(EvidenceError, match="no label file"):
        load_evidence(write(tmp_path, contents))


# A release need not have a correction, a statement of guidance or a model.
MAY_BE_EMPTY = ("corrections.toml", "guidance.toml", "natural-history/prognostic-models.toml")


def own_faults(name: str, content: bytes) -> list[EvidenceError]:
    """The faults that point at a file, once it holds this content."""
    return [error for error in faults({**files(), name: content}) if error.file == name]


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe broken", b'"open quote\n', b"[[[\n", b"x = " + b"[" * 5000, b"x = 1" + b"0" * 5000],
    ids=["not UTF-8", "open quote", "open bracket", "nested too deep", "endless number"],
)
def test_unreadable_file(name: str, content: bytes) -> None:
    here = own_faults(name, content)
    assert here
    assert all(error.mend for error in here)
    if not content.isascii():
        assert "UTF-8" in str(here[0])


@pytest.mark.parametrize("name", [name for name in SMALL if name not in MAY_BE_EMPTY])
def test_empty_file(name: str) -> None:
    assert own_faults(name, b"")


@pytest.mark.parametrize("name", MAY_BE_EMPTY[1:])
def test_file_that_may_be_empty(name: str) -> None:
    sound({**files(), name: b""})


def test_a_table_that_stops_early_does_not_bring_faults_of_other_files_with_it() -> None:
    problems = faults({**files(), "sources.csv": (SMALL["sources.csv"] + "one,two\n").encode()})
    assert len(problems) == 1


@pytest.mark.parametrize("name", [name for name in SMALL if name.endswith(".csv")])
def test_missing_column(name: str) -> None:
    header, _, rest = SMALL[name].partition("\n")
    problems = faults({**files(), name: f"{header.replace('source_id', 'source')}\n{rest}".encode()})
    assert [(e.file, e.column) for e in problems if e.problem == "a column is missing"] == [(name, "source_id")]


@pytest.mark.parametrize("name", [name for name in SMALL if name.endswith(".csv")])
def test_wrong_number_of_cells(name: str) -> None:
    problems = faults({**files(), name: (SMALL[name] + "one,two\n").encode()})
    error = next(e for e in problems if e.file == name)
    assert f"line {len(SMALL[name].splitlines()) + 1}" in error.row
    assert error.found == "2 cells"
    assert error.mend


def test_column_twice() -> None:
    header, *rows = SMALL["sources.csv"].splitlines()
    wider = "\n".join([f"{header},year", *(f"{row},1999" for row in rows), ""])
    assert ("a column stands twice", "year") in [
        (e.problem, e.column) for e in own_faults("sources.csv", wider.encode())
    ]


def test_a_locator_in_a_table_that_is_not_typed_may_hold_a_comma_and_a_line_break() -> None:
    sound(swapped("preferences.csv", "Table 4", '"Table 4,\nsecond half"'))


def test_every_fault_is_found_and_the_first_is_raised_with_the_count_of_the_others(tmp_path: Path) -> None:
    broken = swapped("arm-results.csv", RATE, RATE.replace("0.20", "a"))
    broken["contrasts.csv"] = broken["contrasts.csv"].replace(b"0.38,0.66", b"0.66,0.38")
    folder = write(tmp_path, broken)
    _, problems = examine(folder)
    assert {error.file for error in problems} == {"arm-results.csv", "contrasts.csv"}
    with pytest.raises(EvidenceError, match=f"{len(problems) - 1} more found: 'equipoise evidence check' lists them"):
        load_evidence(folder)


def test_no_message_shows_a_traceback_or_a_type_of_this_language() -> None:
    for case in CASES:
        for error in faults(swapped(case.file, case.old, case.new)):
            assert "Error(" not in str(error)
            assert "object at 0x" not in str(error)


def test_wrong_type_in_place_of_a_table() -> None:
    for name, key in {
        "treatments.toml": "treatment",
        "outcomes.toml": "outcome",
        "claims.toml": "claim",
        "corrections.toml": "correction",
        "labels/drug-a.toml": "monitoring",
    }.items():
        for value in ("3", '"text"', "[1, 2]", "{ id = 1 }"):
            identity = '[identity]\ndrug_id = "drug-a"\n' if name.startswith("labels") else ""
            evidence, problems = examine_files({**files(), name: f"{key} = {value}\n{identity}".encode()})
            assert any(error.file == name and error.column == key for error in problems), (name, value, evidence)
