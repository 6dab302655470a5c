"""The packaged evidence: sound, complete in its sources, and equal to what was curated."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from equipoise.consultation import check_claims
from equipoise.evidence import Evidence, Verdict, examine, load_evidence
from equipoise.evidence.base import DATA
from equipoise.safety.schedule import plan_treatment
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.terms import Direction, Jurisdiction

CURATED = Path(__file__).resolve().parents[2].parent / "shared" / "evidence"
curated = pytest.mark.skipif(
    not CURATED.is_dir(), reason="the curated tables are not beside this repository: nothing to compare the copy with"
)

# What the start of a curated note says about how a row was seen, and the trust it must not exceed here.
PREFIX = re.compile(r"(derived-ci|derived|unverified-ci|unverified):\s*")
AT_MOST = {
    "": Trust.PRINTED,
    "derived": Trust.DERIVED,
    "derived-ci": Trust.DERIVED_INTERVAL,
    "unverified-ci": Trust.UNVERIFIED_INTERVAL,
    "unverified": Trust.UNVERIFIED,
}


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


def test_the_packaged_evidence_has_no_fault() -> None:
    _, problems = examine()
    assert [str(problem) for problem in problems] == []


def test_every_row_has_a_source_that_can_be_cited_and_a_place_in_it(evidence: Evidence) -> None:
    cited = [
        *(arm.source for arm in evidence.arms.values()),
        *(result.source for result in evidence.arm_results.values()),
        *(contrast.source for contrast in evidence.contrasts.values()),
        *(entry.source for entry in evidence.label_entries.values()),
    ]
    assert len(cited) > 1500
    for source in cited:
        assert source.locator
        citation = evidence.sources[source.source_id].citation
        assert len(citation) > 10, source.source_id
        assert "  " not in citation


def test_every_outcome_in_use_has_a_direction_and_a_definition(evidence: Evidence) -> None:
    for outcome in evidence.outcomes.values():
        assert outcome.direction in list(Direction)
        assert outcome.definition.endswith((".", ")"))
        assert bool(outcome.event) == bool(outcome.complement), outcome.id


def test_every_option_has_a_label_and_a_schedule_in_every_jurisdiction(evidence: Evidence) -> None:
    for option in evidence.options:
        for place in Jurisdiction:
            plan = plan_treatment(evidence.label(option), place)
            assert len(plan.years) == 6
            assert all(0 < month <= plan.horizon_months for test in plan.tests for month in test.months)


def test_the_22_claims(evidence: Evidence) -> None:
    claims = sorted(evidence.claims.values(), key=lambda claim: claim.number)
    assert [claim.number for claim in claims] == list(range(1, 23))
    assert {claim.verdict for claim in claims} == set(Verdict)
    assert [claim.number for claim in claims if claim.verdict is Verdict.WRONG_AS_WRITTEN] == [12]
    assert all(claim.evidence for claim in claims)


def test_the_reason_of_a_claim_holds_no_figure_of_its_own(evidence: Evidence) -> None:
    """Figures are shown live; the names of trials, tests and molecules may hold a digit."""
    names = re.compile(r"CD52|CAMMS223|beta-1a|T1|T2")
    for claim in evidence.claims.values():
        for text in (claim.reason, claim.unseen):
            assert not re.search(r"\d|percent|per cent", names.sub("", text)), claim.id


def test_every_claim_resolves_to_what_may_be_shown(evidence: Evidence) -> None:
    for checked in check_claims(evidence):
        assert len(checked.estimates) + len(checked.facts) == len(checked.claim.evidence)
        assert len(set(checked.claim.evidence)) == len(checked.claim.evidence)


@pytest.mark.parametrize(
    ("number", "ids"),
    [
        (12, ["care-ms-i-alem12.vs.care-ms-i-ifn44", "care-ms-ii-alem12.vs.care-ms-ii-ifn44", "camms223-alem-both"]),
        (7, ["prisms-ifn22.vs.prisms-pbo", "prisms-ifn44.vs.prisms-pbo"]),
        (5, ["after-last-dose", "mon-01", "mon-04"]),
    ],
)
def test_what_a_verdict_must_not_be_given_without(evidence: Evidence, number: int, ids: list[str]) -> None:
    claim = next(claim for claim in evidence.claims.values() if claim.number == number)
    for part in ids:
        assert any(part in identifier for identifier in claim.evidence), part


# ---------------------------------------------------------------- the copy and what was curated


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def curated_rows(table: str) -> list[dict[str, str]]:
    return [row for path in sorted(CURATED.glob(f"{table}-*.csv")) for row in rows_of(path)]


def applied(name: str) -> list[dict[str, str]]:
    """Our rows with the recorded corrections, so that only an edit without a record differs."""
    records = tomllib.loads((DATA / "corrections.toml").read_text(encoding="utf-8"))["correction"]
    rows = rows_of(DATA / f"{name}.csv")
    for row in rows:
        for record in records:
            if record["table"] == f"{name}.csv" and record["row"] == row.get("id", ""):
                assert row[record["column"]] == record["found"]
                row[record["column"]] = record["corrected"]
    return rows


@curated
@pytest.mark.parametrize(("table", "ours"), [("outcomes", "arm-results"), ("contrasts", "contrasts")])
def test_every_curated_number_is_here_unchanged(table: str, ours: str) -> None:
    theirs = curated_rows(table)
    assert theirs
    columns = [column for column in theirs[0] if column != "note"]
    mine = applied(ours)
    here = Counter(tuple(row[column] for column in columns) for row in mine)
    there = Counter(tuple(row[column] for column in columns) for row in theirs)
    assert there - here == Counter(), "curated and not here"
    assert here - there == Counter(), "here and not curated: add the row to the list of rows opened at their source"


@curated
@pytest.mark.parametrize(("table", "ours"), [("outcomes", "arm-results"), ("contrasts", "contrasts")])
def test_no_row_is_trusted_more_than_it_was_curated(table: str, ours: str) -> None:
    order = list(Trust)
    theirs, mine = curated_rows(table), applied(ours)
    for their, own in zip(theirs, mine, strict=True):
        prefix = PREFIX.match(their["note"])
        limit = AT_MOST[prefix[1] if prefix else ""]
        assert order.index(Trust(own["trust"])) >= order.index(limit), own["id"]


@curated
@pytest.mark.parametrize(("table", "ours"), [("outcomes", "arm-results"), ("contrasts", "contrasts")])
def test_every_remark_is_kept(table: str, ours: str) -> None:
    reasons = (DATA / "corrections.toml").read_text(encoding="utf-8")
    for their, own in zip(curated_rows(table), applied(ours), strict=True):
        kept = words(f"{own['note']} {own['conflict']}")
        lost = words(PREFIX.sub("", their["note"])) - kept - {"conflict"}
        assert not lost or own["id"] in reasons, (own["id"], lost)


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.%-]*\w", text.lower()))


@curated
@pytest.mark.parametrize(("table", "key"), [("arms", "arm_id"), ("trials", "trial_id"), ("sources", "source_id")])
def test_every_curated_description_is_here_unchanged(table: str, key: str) -> None:
    mine = {row[key]: row for row in applied(table)}
    theirs: dict[str, list[dict[str, str]]] = {}
    for row in curated_rows(table):
        theirs.setdefault(row[key], []).append(row)
    assert theirs
    for identifier, versions in theirs.items():
        own = mine[identifier]
        assert any(all(own[c] == text for c, text in row.items()) for row in versions), identifier


@curated
def test_every_source_of_the_labels_is_here_unchanged() -> None:
    mine = {row["source_id"]: row for row in applied("sources")}
    theirs = rows_of(CURATED / "labels" / "sources.csv")
    assert theirs
    for row in theirs:
        own = mine[row["source_id"]]
        assert row["year_or_revision"] in (own["year"], own["revision"])
        assert all(own[column] == text for column, text in row.items() if column != "year_or_revision"), row[
            "source_id"
        ]


# Laid out differently here, and compared above.
RELAID = re.compile(r"(sources|trials|arms|outcomes|contrasts)-.*\.csv|labels/sources\.csv")
SAME = sorted(
    name
    for name in (
        path.relative_to(CURATED).as_posix() for path in CURATED.rglob("*.*") if path.suffix in (".toml", ".csv")
    )
    if not RELAID.fullmatch(name)
)


@curated
@pytest.mark.parametrize("name", SAME or ["(nothing)"])
def test_labels_guidance_and_natural_history_are_here_unchanged(name: str) -> None:
    theirs, own = CURATED / name, DATA / name
    if name.endswith(".csv"):
        assert rows_of(own) == rows_of(theirs)
    else:
        assert without_notes(tomllib.loads(own.read_text("utf-8"))) == without_notes(
            tomllib.loads(theirs.read_text("utf-8"))
        )


def without_notes(value: Any) -> Any:
    """Remarks may be reworded where they point at a page that is not part of this project."""
    if isinstance(value, Mapping):
        return {key: without_notes(item) for key, item in value.items() if key != "note"}
    if isinstance(value, list):
        return [without_notes(item) for item in value]
    return value
