"""The RRMS networks against least squares written out here, from the rows named here."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from equipoise.consultation.network_answer import network_answer
from equipoise.consultation.network_component import components
from equipoise.consultation.network_document import NetworkAnswer
from equipoise.consultation.network_evidence import NetworkEvidence, network_evidence
from equipoise.consultation.network_rows import PLANS, question
from equipoise.evidence import ArmKind, Evidence, TrialKind, load_evidence
from equipoise.evidence.base import DATA
from equipoise.synthesis import fit, from_interval, pool
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import source_rows

RELAPSES = "annualised-relapse-rate"
ALEMTUZUMAB, INTERFERON = "alemtuzumab-12mg", "interferon-beta-1a-sc-44"
Z = 1.959963984540054
# Same formulas in another order: what is left is rounding.
SAME = 1e-9
# The score's root against a search by golden section.
SAME_TAU2 = 1e-6

# Comparisons used, by trial: treatment arm, reference arm, months; and trials used by the rates of their arms.
CONTRASTS = {
    "care-ms-i": [("alem12", "ifn44", "24")],
    "care-ms-ii": [("alem12", "ifn44", "24")],
    "ifnb-ms-group": [("ifnb1b250", "pbo", "24")],
    "mscrg": [("ifn30", "pbo", "24")],
    "prisms": [("ifn22", "pbo", "24"), ("ifn44", "pbo", "24")],
    "cop1-mssg": [("ga20", "pbo", "24")],
    "comi-2001": [("ga20", "pbo", "9")],
    "reveal": [("nat300", "fng05", "")],
    "confirm": [("ga20", "pbo", "24")],
    "temso": [("teri7", "pbo", "25"), ("teri14", "pbo", "25")],
    "tower": [("teri7", "pbo", "21"), ("teri14", "pbo", "21")],
    "allegro": [("laq06", "pbo", "24")],
    "bravo": [("laq06", "pbo", "24"), ("ifn30", "pbo", "24")],
    "select": [("dac150", "pbo", "12")],
    "decide": [("dac150", "ifn30", "33")],
    "sunbeam": [("ozan05", "ifn30", "12")],
    "optimum": [("pon20", "teri14", "25")],
    "ultimate-i": [("ubl450", "teri14", "22")],
    "ultimate-ii": [("ubl450", "teri14", "22")],
}
RATES = {
    "affirm": (("pbo", "nat300"), "24"),
    "transforms": (("ifn30", "fng05", "fng125"), "12"),
    "assess": (("ga20", "fng05", "fng025"), "12"),
    "clarity": (("pbo", "clad35", "clad525"), "22"),
    "advance": (("pbo", "peg-q2w", "peg-q4w"), "11"),
}

Array = NDArray[np.float64]
Block = tuple[list[str], Array, Array]


def table(name: str) -> list[dict[str, str]]:
    with (Path(DATA) / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def log_and_variance(row: dict[str, str], value: str) -> tuple[float, float]:
    low, high = float(row["ci_low"]), float(row["ci_high"])
    return math.log(float(row[value])), ((math.log(high) - math.log(low)) / (2 * Z)) ** 2


def blocks() -> dict[str, Block]:
    """Arms, estimates against the first arm and their covariance, by trial, read straight from the files."""
    arm = {row["arm_id"]: row["treatment_id"] for row in table("arms.csv")}
    found: dict[str, Block] = {}
    rows = [row for row in table("contrasts.csv") if row["outcome_id"] == RELAPSES and row["measure"] == "rate-ratio"]
    for trial, used in CONTRASTS.items():
        picked = [
            next(
                row
                for row in rows
                if (row["arm_id"], row["reference_arm_id"], row["timepoint_months"])
                == (f"{trial}-{a}", f"{trial}-{b}", months)
            )
            for a, b, months in used
        ]
        y, v = np.array([log_and_variance(row, "estimate") for row in picked]).T
        covariance = np.full((len(y), len(y)), v.min() / 2)
        np.fill_diagonal(covariance, v)
        found[trial] = [arm[f"{trial}-{used[0][1]}"], *(arm[row["arm_id"]] for row in picked)], y, covariance
    rates = {
        (row["arm_id"], row["timepoint_months"]): row
        for row in table("arm-results.csv")
        if row["outcome_id"] == RELAPSES and row["kind"] == "rate"
    }
    for trial, (arms, months) in RATES.items():
        y, v = np.array([log_and_variance(rates[f"{trial}-{a}", months], "value") for a in arms]).T
        found[trial] = [arm[f"{trial}-{a}"] for a in arms], y[1:] - y[0], np.diag(v[1:]) + v[0]
    return found


def least_squares(trials: dict[str, Block], tau2: float) -> tuple[list[str], Array, Array, float]:
    """Ten lines: names, effects against placebo, their covariance, restricted log likelihood."""
    names = sorted({name for arms, _, _ in trials.values() for name in arms} - {"placebo"})
    x, y, v = [], [], np.zeros((0, 0))
    for arms, estimates, covariance in trials.values():
        k = len(estimates)
        x += [[float(name == arm) - float(name == arms[0]) for name in names] for arm in arms[1:]]
        y += estimates.tolist()
        block = covariance + tau2 * (np.eye(k) + 1) / 2
        v = np.block([[v, np.zeros((len(v), k))], [np.zeros((k, len(v))), block]])
    design, data, weight = np.array(x), np.array(y), np.linalg.inv(v)
    covariance = np.linalg.inv(design.T @ weight @ design)
    beta = covariance @ design.T @ weight @ data
    rest = data - design @ beta
    score = -0.5 * (np.linalg.slogdet(v)[1] - np.linalg.slogdet(covariance)[1] + rest @ weight @ rest)
    return names, beta, covariance, float(score)


def restricted_maximum(trials: dict[str, Block]) -> float:
    """tau2 by golden section on the restricted likelihood."""
    low, high, golden = 0.0, 1.0, (math.sqrt(5) - 1) / 2
    for _ in range(80):
        a, b = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, b) if least_squares(trials, a)[3] > least_squares(trials, b)[3] else (a, high)
    middle = (low + high) / 2
    return 0.0 if least_squares(trials, 0.0)[3] >= least_squares(trials, middle)[3] else middle


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def relapses(evidence: Evidence) -> NetworkAnswer:
    return network_answer(RELAPSES, evidence=evidence)


@pytest.fixture(scope="module")
def reference() -> dict[str, Block]:
    return blocks()


def result(answer: NetworkAnswer, treatment: str, *parts: str) -> Estimate:
    found = next(r for piece in answer.pieces for r in piece.results if r.treatment == treatment).of(*parts)
    assert found is not None
    return found


@pytest.mark.parametrize("model", ["common", "random"])
def test_relapses_equal_least_squares_written_out(
    relapses: NetworkAnswer, reference: dict[str, Block], model: str
) -> None:
    tau2 = restricted_maximum(reference) if model == "random" else 0.0
    names, beta, covariance, _ = least_squares(reference, tau2)
    assert set(names) | {"placebo"} == set(relapses.pieces[0].treatments)
    for i, name in enumerate(names):
        one = result(relapses, name, model)
        half = Z * math.sqrt(covariance[i, i])
        assert one.interval is not None
        assert one.reference == "placebo"
        assert math.log(one.value) == pytest.approx(beta[i], abs=SAME)
        assert math.log(one.interval.low) == pytest.approx(beta[i] - half, abs=SAME)
        assert math.log(one.interval.high) == pytest.approx(beta[i] + half, abs=SAME)


def test_tau2_of_relapses_is_the_restricted_maximum(relapses: NetworkAnswer, reference: dict[str, Block]) -> None:
    tau2 = next(one for one in relapses.pieces[0].statistics if one.measure is Measure.TAU2)
    assert tau2.value == pytest.approx(restricted_maximum(reference), abs=SAME_TAU2)


def test_tau2_and_effects_where_trials_differ(evidence: Evidence) -> None:
    """Not completing the study: the four trials against teriflunomide disagree, so tau2 is above zero."""
    whole = network_evidence(evidence, question("discontinuation-any"))
    part = next(p for p in components(evidence, whole) if "ublituximab-450" in p.treatments)
    trials = {
        t.study: (["placebo" if n == "teriflunomide-14" else n for n in t.treatments], t.estimates, t.covariance)
        for t in part.network.trials
    }
    tau2 = restricted_maximum(trials)
    assert tau2 > 0.1
    assert part.random is not None
    assert part.random.tau2 == pytest.approx(tau2, abs=SAME_TAU2)
    names, beta, covariance, _ = least_squares(trials, tau2)
    for i, name in enumerate(names):
        contrast = part.random.contrast(name, "teriflunomide-14")
        assert contrast.estimate == pytest.approx(beta[i], abs=1e-5)
        assert contrast.se == pytest.approx(math.sqrt(covariance[i, i]), abs=1e-5)


def test_alemtuzumab_against_interferon_is_the_two_trials_that_compared_them(relapses: NetworkAnswer) -> None:
    read = [from_interval(0.45, 0.32, 0.63), from_interval(0.51, 0.39, 0.65)]
    pooled = pool([one.estimate for one in read], [one.se for one in read], measure=Measure.RATE_RATIO, model="common")
    split = next(one for one in relapses.splits if one.model == "common")
    for one in (split.direct, split.network):
        assert one is not None
        assert one.interval is not None
        assert math.log(one.value) == pytest.approx(pooled.estimate, abs=SAME)
        assert [round(x, 2) for x in (one.value, one.interval.low, one.interval.high)] == [0.49, 0.40, 0.60]
    assert split.direct is not None
    assert split.direct.trial_ids == ("care-ms-i", "care-ms-ii")
    assert (split.indirect, split.disagreement, split.p) == (None, None, None)
    assert "all evidence is direct" in split.note


def test_a_pair_with_both_kinds_of_evidence_shows_both(evidence: Evidence) -> None:
    answer = network_answer(RELAPSES, evidence=evidence, treatment="natalizumab", reference="fingolimod")
    split = next(one for one in answer.splits if one.model == "common")
    assert split.direct is not None
    assert split.indirect is not None
    assert split.disagreement is not None
    whole, parts = math.log(split.network.value), (math.log(split.direct.value), math.log(split.indirect.value))
    assert split.share_direct * parts[0] + (1 - split.share_direct) * parts[1] == pytest.approx(whole, abs=1e-9)
    assert math.log(split.disagreement.value) == pytest.approx(parts[0] - parts[1], abs=SAME)


def test_the_reference_changes_no_comparison(evidence: Evidence, relapses: NetworkAnswer) -> None:
    other = network_answer(RELAPSES, evidence=evidence, treatment="placebo", reference=INTERFERON)
    assert other.pieces[0].reference == INTERFERON
    base = math.log(result(relapses, INTERFERON, "random").value)
    for name in relapses.pieces[0].treatments:
        if name not in ("placebo", INTERFERON):
            there = math.log(result(other, name, "random").value)
            assert there == pytest.approx(math.log(result(relapses, name, "random").value) - base, abs=SAME)
            assert result(other, name, "random").certainty.level
    network = network_evidence(evidence, question(RELAPSES)).network
    here, there_fit = fit(network), fit(network.with_reference(ALEMTUZUMAB))
    assert np.allclose(here.effects, there_fit.effects, atol=SAME)
    assert np.allclose(here.se, there_fit.se, atol=SAME)


def test_what_is_in_and_how_it_differs_from_the_curators_count(evidence: Evidence, relapses: NetworkAnswer) -> None:
    """The curators counted 24 treatments and 25 trials; the two treatments and the trial between are named here."""
    piece = relapses.pieces[0]
    assert (len(piece.treatments), len(piece.trials)) == (22, 24)
    assert {trial.trial.id for trial in piece.trials} == {*CONTRASTS, *RATES}
    camms223 = next(left for left in relapses.left_out_trials if left.trial.id == "camms223")
    assert "merges doses" in camms223.reason
    assert "alemtuzumab-12mg-24mg-combined" in camms223.treatments
    low_dose = [row for row in relapses.left_out_rows if row.treatments[0] == "interferon-beta-1b-50"]
    reasons = {row.row_id: row.reason for row in low_dose}
    assert "one time a trial" in reasons["ifnb-ms-group-ifnb1b50.annualised-relapse-rate.46m.rate"]


def every_network(evidence: Evidence, *, include_unverified: bool) -> list[NetworkEvidence]:
    return [
        network_evidence(evidence, question(o, include_unverified=include_unverified, with_risk_ratios=mixed))
        for o in PLANS
        for mixed in (False, True)
    ]


def test_nothing_unverified_is_in_without_the_switch(evidence: Evidence) -> None:
    for whole in every_network(evidence, include_unverified=False):
        for trial in whole.trials:
            assert trial.trust.may_be_shown, trial.trial.id
            for leaf in source_rows(trial.provenance):
                assert "unverified" not in dict(leaf.cells).get("trust", "")


def test_no_pseudo_arm_and_no_pseudo_trial_beside_its_members(evidence: Evidence) -> None:
    for whole in (
        *every_network(evidence, include_unverified=False),
        *every_network(evidence, include_unverified=True),
    ):
        ids = {trial.trial.id for trial in whole.trials}
        for trial in whole.trials:
            assert trial.trial.kind in (TrialKind.RANDOMISED, TrialKind.POOLED_TRIALS)
            assert trial.trial.diagnosis in ("RRMS", "RMS")
            assert not ids & set(trial.trial.members)
            for arm in trial.arms:
                assert arm.kind in (ArmKind.RANDOMISED, ArmKind.POOLED_TRIALS)
                assert not evidence.treatments[arm.treatment_id].members
            assert [arm.treatment_id for arm in trial.arms] == list(trial.data.treatments)


def test_every_row_on_the_outcome_is_in_or_left_out_with_a_reason(evidence: Evidence) -> None:
    for outcome in PLANS:
        whole = network_evidence(evidence, question(outcome))
        used = {row for trial in whole.trials for row in trial.row_ids}
        left = {row.row_id for row in whole.left_out_rows}
        rows = {row.id for row in evidence.contrasts.values() if row.outcome_id == outcome}
        rows |= {row.id for row in evidence.arm_results.values() if row.outcome_id == outcome}
        assert used | left == rows
        assert not used & left
        assert all(row.reason for row in whole.left_out_rows)
