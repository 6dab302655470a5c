"""What nobody has seen, what another country's label says, and groups that overlap: where they may not appear."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from equipoise.consultation import CheckedClaim, Consultation, check_claims, consult
from equipoise.evidence import ArmKind, ArmResult, Contrast, Evidence, TrialKind, load_evidence
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.vocabulary.estimate import Estimate, EstimateKind, EvidenceKind, Fact, Trust
from equipoise.vocabulary.provenance import Provenance, SourceRow, source_rows
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.small_evidence import files, sound, swapped


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def sittings(evidence: Evidence) -> list[Consultation]:
    """Every pair of options under every jurisdiction."""
    names = [option.option for option in evidence.options]
    return [
        consult(first, second, jurisdiction=place, evidence=evidence)
        for first, second in itertools.combinations(names, 2)
        for place in Jurisdiction
    ]


def items(of: Consultation | CheckedClaim) -> list[Estimate | Fact]:
    """Every number and every statement."""
    return [*of.estimates, *of.facts]


def leaves(of: Consultation | CheckedClaim) -> Iterator[SourceRow]:
    for item in items(of):
        yield from source_rows(item.provenance)


def rows(evidence: Evidence) -> list[ArmResult | Contrast]:
    """Every row that holds a number about people."""
    return [*evidence.arm_results.values(), *evidence.contrasts.values()]


def test_every_pair_and_jurisdiction_is_looked_at(evidence: Evidence, sittings: list[Consultation]) -> None:
    options = len(evidence.options)
    assert len(sittings) == options * (options - 1) // 2 * 3
    assert options >= 18


def test_there_are_rows_to_keep_out(evidence: Evidence) -> None:
    """Without such rows the tests below would prove nothing."""
    trusts = {row.trust for row in rows(evidence)}
    assert {Trust.UNVERIFIED, Trust.UNVERIFIED_INTERVAL} <= trusts
    entries = evidence.label_entries.values()
    assert any(entry.trust is Trust.UNVERIFIED for entry in entries)
    assert any(entry.status != "current" for entry in entries)
    assert any(entry.jurisdiction.startswith("OTHER-") for entry in entries)


def test_no_row_that_was_not_seen_is_shown(evidence: Evidence, sittings: list[Consultation]) -> None:
    hidden = {row.id for row in rows(evidence) if not row.trust.may_be_shown}
    for sitting in sittings:
        assert all(item.trust.may_be_shown for item in items(sitting))
        assert hidden.isdisjoint(row.row_id for row in leaves(sitting))


def test_only_current_entries_of_the_own_label_are_shown(evidence: Evidence, sittings: list[Consultation]) -> None:
    for sitting in sittings:
        allowed = {sitting.jurisdiction.value, "ANY"} | ({"EU"} if sitting.jurisdiction is Jurisdiction.UK else set())
        shown = [evidence.label_entries[row.row_id] for row in leaves(sitting) if row.table.startswith("labels/")]
        assert {entry.jurisdiction for entry in shown} <= allowed
        assert {entry.status for entry in shown} <= {"current"}
        assert all(entry.trust.may_be_shown for entry in shown)


def test_claims_rest_on_current_labels_that_were_seen(evidence: Evidence) -> None:
    for checked in check_claims(evidence):
        assert all(item.trust.may_be_shown for item in items(checked))
        entries = [evidence.label_entries[row.row_id] for row in leaves(checked) if row.table.startswith("labels/")]
        assert {entry.status for entry in entries} <= {"current"}
        assert not any(entry.jurisdiction.startswith("OTHER-") for entry in entries)


def test_only_randomised_trials_and_no_overlapping_groups_enter_a_synthesis(
    evidence: Evidence, sittings: list[Consultation]
) -> None:
    seen = 0
    for sitting in sittings:
        for section in sitting.sections:
            for synthesis in section.syntheses:
                seen += 1
                trials = [evidence.trials[trial] for estimate in synthesis.trials for trial in estimate.trial_ids]
                assert {trial.kind for trial in trials} == {TrialKind.RANDOMISED}
                assert len({trial.id for trial in trials}) == len(trials), "each trial at most once"
                assert {estimate.evidence_kind for estimate in synthesis.trials} == {EvidenceKind.RANDOMISED}
                assert len({estimate.outcome_id for estimate in synthesis.trials}) == 1
                assert len({estimate.measure for estimate in synthesis.trials}) == 1
                arms = [evidence.arms[arm] for estimate in synthesis.trials for arm in arm_ids(estimate.provenance)]
                assert not {arm.kind for arm in arms} & {ArmKind.SUBGROUP, ArmKind.POOLED_TRIALS, ArmKind.COHORT}
                if synthesis.scope == "licensed-dose":
                    assert {arm.kind for arm in arms} == {ArmKind.RANDOMISED}
                for arm in arms:
                    overlapping = {other.id for other in arms} & set(arm.members)
                    assert not overlapping, f"{arm.id} stands beside its own member"
    assert seen, "no synthesis was made at all"


def arm_ids(provenance: Provenance) -> Iterator[str]:
    """The arms behind a provenance tree."""
    for row in source_rows(provenance):
        cells = dict(row.cells)
        yield from (cells[column] for column in ("arm_id", "reference_arm_id") if column in cells)


def test_kinds_of_evidence_keep_their_name(sittings: list[Consultation], evidence: Evidence) -> None:
    for sitting in sittings:
        for estimate in sitting.estimates:
            if estimate.kind is EstimateKind.LABEL:
                assert estimate.evidence_kind is EvidenceKind.LABEL
                continue
            trials = [evidence.trials[trial] for trial in estimate.trial_ids]
            kinds = {trial.evidence_kind for trial in trials}
            if estimate.kind is EstimateKind.ARM and trials[0].kind.is_pseudo:
                # Pooled trials are randomised evidence at their own length only; later counts follow one drug alone.
                own_length = estimate.timepoint_months is not None
                own_length = own_length and estimate.timepoint_months == trials[0].duration_months
                kinds = {EvidenceKind.RANDOMISED if own_length else EvidenceKind.SINGLE_ARM}
            assert kinds == {estimate.evidence_kind}, estimate.id


def test_an_unverified_row_is_left_out_where_it_is_the_only_one() -> None:
    evidence = sound(files())
    assert "arm.alder-a.headache.12m.proportion" not in {
        e.id for e in consult("drug-a", "drug-b", evidence=evidence).estimates
    }
    marked = sound(swapped("arm-results.csv", "unverified,alder-2020,from memory", "printed,alder-2020,Table 9"))
    assert "arm.alder-a.headache.12m.proportion" in {
        e.id for e in consult("drug-a", "drug-b", evidence=marked).estimates
    }


def test_the_weakest_row_decides_the_trust_of_a_computation() -> None:
    old = "birch-a.vs.birch-b.rate,birch,birch-a,birch-b,annualised-relapse-rate,24,rate-ratio,0.62,0.45,0.85,,printed"
    evidence = sound(swapped("contrasts.csv", old, old.replace("printed", "secondary")))
    sitting = consult("drug-a", "drug-b", evidence=evidence)
    section = sitting.section("annualised-relapse-rate")
    assert section is not None
    (synthesis,) = section.syntheses
    assert {estimate.trust for estimate in synthesis.estimates} == {Trust.SECONDARY}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("drug-a", "drug-a-12"),
        ("Drug A", "drug-a-12"),
        (" BRAND-A ", "drug-a-12"),
        ("drug_b", "drug-b-44"),
        ("drug-a-12", "drug-a-12"),
    ],
)
def test_an_option_may_be_named_in_several_ways(given: str, meant: str) -> None:
    assert sound(files()).option(given).id == meant


@pytest.mark.parametrize("given", ["drug-c", "", "drug-a-24", "drug-a-both"])
def test_what_is_no_option_is_refused_with_the_nearest_names(given: str) -> None:
    with pytest.raises(UnknownTermError, match="no treatment option called") as caught:
        sound(files()).option(given)
    if given == "drug-c":
        assert "drug-a" in str(caught.value)


def test_nothing_in_the_evidence_can_be_changed() -> None:
    evidence = sound(files())
    with pytest.raises(TypeError):
        evidence.trials["alder"] = evidence.trials["birch"]  # type: ignore[index]
    with pytest.raises(TypeError):
        evidence.labels["drug-a"] = evidence.labels["drug-b"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        evidence.trials["alder"].name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        evidence.labels["drug-a"].entries[0].fields["text"] = "other"  # type: ignore[index]
    with pytest.raises(AttributeError):
        evidence.release = evidence.release  # type: ignore[misc]
