"""How a trial's rows become its place in a network: which form, which time, which covariance."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.consultation.network_component import components
from equipoise.consultation.network_evidence import NetworkEvidence, network_evidence
from equipoise.consultation.network_rows import PLANS, arm_fault, contrast_fault, question
from equipoise.consultation.network_trials import NetworkTrial, Rows, network_trial
from equipoise.evidence import Evidence, load_evidence
from equipoise.synthesis import Network, Trial, fit
from equipoise.vocabulary.errors import UnknownTermError
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.provenance import source_rows

RELAPSES = "annualised-relapse-rate"
WORSENING = "confirmed-disability-worsening-3m"


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def relapses(evidence: Evidence) -> NetworkEvidence:
    return network_evidence(evidence, question(RELAPSES))


def trial(whole: NetworkEvidence, name: str) -> NetworkTrial:
    return next(one for one in whole.trials if one.trial.id == name)


def test_two_arms_stand_by_their_own_comparison_and_not_by_the_rates_of_the_arms(relapses: NetworkEvidence) -> None:
    found = trial(relapses, "care-ms-i")
    assert math.exp(found.data.estimates[0]) == pytest.approx(0.45)
    assert found.row_ids == ("care-ms-i-alem12.vs.care-ms-i-ifn44.annualised-relapse-rate.24m.rate-ratio",)


def test_three_arms_with_rates_are_exact(relapses: NetworkEvidence) -> None:
    found = trial(relapses, "assess")
    variances = {
        "fingolimod-0.25": (math.log(0.29 / 0.17) / 3.92) ** 2,
        "fingolimod-0.5": (math.log(0.21 / 0.11) / 3.92) ** 2,
        "glatiramer-20": (math.log(0.34 / 0.20) / 3.92) ** 2,
    }
    base = variances.pop(found.data.treatments[0])
    rest = [variances[name] for name in found.data.treatments[1:]]
    assert found.data.covariance == pytest.approx(np.diag(rest) + base, rel=1e-4)


def test_a_shared_variance_that_is_not_printed_is_half_the_smaller_and_said(relapses: NetworkEvidence) -> None:
    found = trial(relapses, "prisms")
    smallest = min(np.diag(found.data.covariance))
    assert found.data.covariance[0, 1] == pytest.approx(smallest / 2)
    assert any("does not print the variance" in note for note in found.notes)
    assert found.trust is Trust.DERIVED


def test_the_baseline_arms_own_interval_is_its_variance_where_it_is_printed(evidence: Evidence) -> None:
    """ADVANCE prints both comparisons and the placebo rate; without the other two rates it stands by comparisons."""
    comparisons = tuple(
        row for row in evidence.contrasts.values() if row.trial_id == "advance" and row.outcome_id == RELAPSES
    )
    placebo = evidence.arm_results["advance-pbo.annualised-relapse-rate.11m.rate"]
    rows = Rows(evidence.trials["advance"], 11.0, comparisons, (placebo,))
    found = network_trial(evidence, question(RELAPSES), rows)
    assert found is not None
    expected = (math.log(0.481 / 0.328) / (2 * 1.959964)) ** 2
    assert found.data.covariance[0, 1] == pytest.approx(expected, rel=1e-6)
    assert any("its own placebo arm" in note for note in found.notes)


def test_the_share_of_the_baseline_arm_hardly_matters(relapses: NetworkEvidence) -> None:
    """What has to be assumed where it is not printed, from a quarter to three quarters: under 2 percent of a ratio."""

    def assumed(one: NetworkTrial, share: float) -> Trial:
        if not any("does not print the variance" in note for note in one.notes):
            return one.data
        covariance = np.full(one.data.covariance.shape, share * np.diag(one.data.covariance).min())
        np.fill_diagonal(covariance, np.diag(one.data.covariance))
        return replace(one.data, covariance=covariance)

    fits = [
        fit(Network(tuple(assumed(one, share) for one in relapses.trials), relapses.network.measure), model="common")
        for share in (0.25, 0.5, 0.75)
    ]
    assert np.abs(fits[0].effects - fits[2].effects).max() < 0.02
    assert not np.allclose(fits[0].effects, fits[2].effects, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "months"),
    [("affirm", 24), ("ifnb-ms-group", 24), ("comi-2001", 9), ("reveal", None), ("decide", 33)],
)
def test_one_time_a_trial_its_own_length_first(relapses: NetworkEvidence, name: str, months: float | None) -> None:
    assert trial(relapses, name).timepoint_months == months


def test_trials_pooled_by_their_source_stand_once_and_only_where_none_stands_itself(evidence: Evidence) -> None:
    whole = network_evidence(evidence, question(WORSENING))
    ids = {one.trial.id for one in whole.trials}
    assert {"opera-pooled", "asclepios-pooled", "ultimate-pooled", "define", "confirm"} <= ids
    assert "define-confirm-pooled" not in ids
    assert any("as one study" in note for note in trial(whole, "opera-pooled").notes)
    left = next(one for one in whole.left_out_trials if one.trial.id == "define-confirm-pooled")
    assert "its trials stand in the network themselves" in left.reason
    six = network_evidence(evidence, question("confirmed-disability-worsening-6m"))
    assert "define-confirm-pooled" in {one.trial.id for one in six.trials}


def test_risk_ratios_stay_out_of_hazard_ratios_unless_asked_for_and_then_say_so(evidence: Evidence) -> None:
    apart = network_evidence(evidence, question(WORSENING))
    assert [len(piece) for piece in apart.network.pieces()] == [18, 3]
    mixed = network_evidence(evidence, question(WORSENING, with_risk_ratios=True))
    assert [len(piece) for piece in mixed.network.pieces()] == [22]
    assert {one.trial.id for one in mixed.trials} - {one.trial.id for one in apart.trials} == {
        "prisms",
        "evidence",
        "regard",
        "beyond",
    }
    assert "PRISMS: a risk ratio read as a hazard ratio." in mixed.notes


def test_the_switch_lets_the_unverified_layer_in_and_marks_it(evidence: Evidence) -> None:
    whole = network_evidence(evidence, question(RELAPSES, include_unverified=True))
    assert {"ocrelizumab-600", "ofatumumab-20", "dimethyl-fumarate-240-bid", "ozanimod-1.0", "glatiramer-40"} <= set(
        whole.network.treatments
    )
    assert not trial(whole, "opera-i").trust.may_be_shown
    assert trial(whole, "care-ms-i").trust.may_be_shown
    assert trial(whole, "temso").trust.may_be_shown  # a verified comparison is not given up for an unverified rate


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("camms223-alem-both.vs.camms223-ifn44.annualised-relapse-rate.36m.rate-ratio", "merges doses"),
        ("camms223-alem12.vs.camms223-ifn44.annualised-relapse-rate.36m.rate-ratio", "no interval"),
        ("gala-ga40.vs.gala-pbo.annualised-relapse-rate.12m.rate-ratio", "unverified"),
        ("asclepios-i-ofa20.vs.asclepios-i-teri14.annualised-relapse-rate.19m.risk-difference", "risk difference"),
        ("care-ms-i-alem12.vs.care-ms-i-ifn44.annualised-relapse-rate.24m.rate-ratio", ""),
    ],
)
def test_reasons(evidence: Evidence, row: str, reason: str) -> None:
    fault = contrast_fault(evidence, question(RELAPSES), evidence.contrasts[row])
    assert reason in fault
    assert bool(fault) is bool(reason)


def test_a_trial_after_a_first_attack_is_out_for_that_reason(evidence: Evidence) -> None:
    row = evidence.arm_results["topic-teri14.annualised-relapse-rate.25m.rate"]
    assert arm_fault(evidence, question(RELAPSES), row) == "the people had CIS, not relapsing MS"


def test_an_outcome_without_a_network_is_refused_by_name() -> None:
    with pytest.raises(UnknownTermError, match="annualised-relapse-rate"):
        question("anualised-relapse-rate")


def test_every_outcome_with_a_network_is_an_outcome_of_the_evidence(evidence: Evidence) -> None:
    assert set(PLANS) <= set(evidence.outcomes)


@pytest.mark.parametrize(
    ("treatment", "reference", "has_indirect"),
    [
        ("natalizumab-300", "placebo", True),  # along REVEAL, TRANSFORMS, ASSESS
        ("glatiramer-20", "placebo", True),
        ("teriflunomide-14", "placebo", False),  # both arms in each trial that joins them
        ("teriflunomide-14", "teriflunomide-7", False),
        ("alemtuzumab-12mg", "interferon-beta-1a-sc-44", False),
    ],
)
def test_indirect_means_along_a_chain_of_other_trials(
    evidence: Evidence, relapses: NetworkEvidence, treatment: str, reference: str, has_indirect: bool
) -> None:
    (part,) = components(evidence, relapses)
    split = part.split(treatment, reference, "common")
    assert (split.indirect is not None) is has_indirect
    assert ("no chain of other trials" in split.note) is not has_indirect


def test_a_reason_is_given_for_every_rating(evidence: Evidence, relapses: NetworkEvidence) -> None:
    (part,) = components(evidence, relapses)
    ratings = {name: part.confidence(name, "placebo") for name in part.treatments if name != "placebo"}
    assert {"high", "moderate", "low"} <= {rating.level for rating in ratings.values()}
    for rating in ratings.values():
        assert len(rating.judgements) == 6
        assert all(judgement.reason for judgement in rating.judgements)
    open_trials = part.confidence("alemtuzumab-12mg", "interferon-beta-1a-sc-44")
    assert open_trials.level == "moderate"
    assert "open-label" in open_trials.judgements[0].reason
    assert "CAMMS223 compared the two and could not enter" in open_trials.judgements[1].reason
    assert "small trials show smaller effects than large ones" in open_trials.judgements[1].reason
    assert part.confidence("alemtuzumab-12mg", "placebo").level == "moderate"


def test_the_people_of_a_trial_are_traced(evidence: Evidence, relapses: NetworkEvidence) -> None:
    for name, table, cell in (("care-ms-i", "arms.csv", "n_analysed"), ("sunbeam", "trials.csv", "n_randomised")):
        rows = [row for row in source_rows(trial(relapses, name).provenance) if row.table == table]
        assert sum(int(dict(row.cells)[cell]) for row in rows) == trial(relapses, name).n
        assert all(row.used == (cell,) for row in rows)
