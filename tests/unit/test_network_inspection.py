"""What a reader checks a network by: each number leads back to itself, and small trials are judged by a stated rule."""

from __future__ import annotations

import dataclasses
import functools
import math

import numpy as np
import pytest

from equipoise.consultation import trace
from equipoise.consultation.network_answer import network_answer
from equipoise.consultation.network_certainty import reporting
from equipoise.consultation.network_document import NetworkAnswer, Piece
from equipoise.consultation.network_evidence import network_evidence
from equipoise.consultation.network_rows import PLANS, question
from equipoise.consultation.network_small_study import FAVOURED_FIRST, LAST, Asymmetry, asymmetry, favoured_first
from equipoise.evidence import load_evidence
from equipoise.synthesis import Network, Trial
from equipoise.synthesis.confidence import Concern
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation

RELAPSES = "annualised-relapse-rate"


@functools.cache
def answer(outcome: str = RELAPSES) -> NetworkAnswer:
    return network_answer(outcome)


@pytest.fixture(scope="module")
def piece() -> Piece:
    return answer().pieces[0]


def traced(identifier: str) -> Estimate:
    item = trace(identifier).item
    assert isinstance(item, Estimate)
    return item


def test_every_pair_stands_in_the_league_once(piece: Piece) -> None:
    n = len(piece.treatments)
    assert len({frozenset((cell.treatment, cell.reference)) for cell in piece.inspection.league.network}) == (
        n * (n - 1) // 2
    )
    edges = {frozenset(edge.treatments) for edge in piece.edges}
    assert {frozenset((cell.treatment, cell.reference)) for cell in piece.inspection.league.direct} == edges


def test_a_cell_of_the_league_is_the_number_that_its_id_is_traced_to(piece: Piece) -> None:
    league = piece.inspection.league
    for cell in (*league.network[::60], *league.direct[2::5]):
        found = traced(cell.estimate_id)
        assert found.interval is not None
        assert (found.treatment, found.reference) == (cell.treatment, cell.reference)
        limits = (found.value, found.interval.low, found.interval.high)
        assert (cell.value, cell.low, cell.high) == pytest.approx(limits, rel=1e-12)


def test_contributions_are_those_that_the_trace_names(piece: Piece) -> None:
    row = next(row for row in piece.inspection.contributions if row.treatment == "alemtuzumab-12mg")
    assert sum(part.share for part in row.shares) == pytest.approx(1)
    tree = traced(row.estimate_id).provenance
    assert isinstance(tree, Computation)
    names = [getattr(node, "name", "") for node in tree.inputs]
    trials = load_evidence().trials
    for part in row.shares[:3]:
        assert f"{trials[part.trial_id].short_name}: {part.share:.1%} of this result" in names
    assert {part.trial_id for part in row.shares if part.concern} >= {"care-ms-i", "care-ms-ii"}


def test_ranks_scores_and_probabilities_are_estimates_that_trace_to_themselves(piece: Piece) -> None:
    first = piece.ranks[0]
    important = piece.results[0].of("bayes", "important")
    assert important is not None
    for one in (first.p_score, first.sucra, first.median, important):
        assert traced(one.id) == one
    assert {one.measure for one in (first.p_score, first.sucra, first.median, important)} == {
        Measure.P_SCORE,
        Measure.SUCRA,
        Measure.MEDIAN_RANK,
        Measure.PROBABILITY,
    }
    assert sum(first.probabilities) == pytest.approx(1)
    assert sum(rank.sucra.value for rank in piece.ranks) == pytest.approx(len(piece.ranks) / 2)
    assert sum(rank.p_score.value for rank in piece.ranks) == pytest.approx(len(piece.ranks) / 2)
    assert f"1: {100 * first.probabilities[0]:.0f}%" in first.median.notes[0]


def test_a_probability_never_claims_to_be_sure() -> None:
    for result in answer().pieces[0].results:
        one = result.of("bayes", "important")
        assert one is not None
        assert 0 <= one.value <= 100
        assert "100 percent" not in one.text


def test_a_point_of_the_funnel_says_its_place_in_its_notes(piece: Piece) -> None:
    points = piece.inspection.funnel
    assert {point.estimate.trial_ids for point in points} >= {("care-ms-i",), ("care-ms-ii",), ("temso",)}
    pairs = [(point.estimate.treatment, point.estimate.reference) for point in points]
    assert min(pairs.count(pair) for pair in pairs) >= 2
    found = traced(points[0].estimate.id)
    assert f"{points[0].deviation:.2f} from the common effect" in found.notes[-1]
    assert f"standard error {points[0].se:.3f}" in found.notes[-1]


def test_net_heat_takes_apart_the_disagreement_that_it_names(piece: Piece) -> None:
    heat = piece.inspection.heat
    assert heat is not None
    assert traced(heat.estimate_id).measure is Measure.Q
    assert len(heat.hat) == len(heat.change) == len(heat.comparisons)
    assert max(max(row) for row in heat.change) == pytest.approx(3.9, abs=0.05)
    assert answer("discontinuation-any").pieces[0].inspection.heat is None


def test_tau_says_what_was_assumed_and_what_the_trials_made_of_it(piece: Piece) -> None:
    tau = next(one for one in piece.statistics if one.measure is Measure.TAU)
    assert tau.notes == (
        "Before the trials, by the prior tau ~ half-normal(0.5) alone: median 0.34, 95% between 0.02 and 1.12.",
    )
    curves = piece.inspection.tau
    assert curves is not None
    assert tau.value == curves.posterior.median < curves.prior.median
    assert answer("discontinuation-any").pieces[0].inspection.tau is None


def test_every_treatment_of_a_network_has_an_expected_place() -> None:
    """A drug without one would stand before placebo by the alphabet, which nobody would notice."""
    for outcome in PLANS:
        whole = network_evidence(load_evidence(), question(outcome, include_unverified=True, with_risk_ratios=True))
        assert set(whole.network.treatments) <= {*FAVOURED_FIRST, LAST}
        order = favoured_first(whole.network)
        assert sorted(order) == list(whole.network.treatments)
        assert LAST not in order[:-1]


def trend(slope: float, n: int = 12) -> Network:
    """Trials of alemtuzumab against interferon whose effects change with their standard error."""
    trials = []
    for k in range(n):
        se = 0.05 + 0.03 * k
        scatter = 0.3 * se * (-1) ** k
        trials.append(
            Trial(
                str(k),
                ("interferon-beta-1a-sc-44", "alemtuzumab-12mg"),
                np.array([math.log(0.7) + slope * se + scatter]),
                np.array([[se**2]]),
            )
        )
    return Network(tuple(trials), Measure.RATE_RATIO)


@pytest.mark.parametrize(
    ("slope", "n", "is_suspicious", "said"),
    [
        (-3.0, 12, True, "small trials show larger effects"),
        (3.0, 12, False, "which missing trials would not explain"),
        (0.0, 12, False, "no more than by chance"),
        (-3.0, 9, False, "9 trials are too few to judge"),
        (-3.0, 2, False, "2 trials are too few to test"),
    ],
)
def test_only_a_trend_towards_the_newer_drug_in_enough_trials_is_suspicious(
    slope: float, n: int, is_suspicious: bool, said: str
) -> None:
    found = asymmetry(trend(slope, n), smaller_is_better=True)
    assert said in found.reason
    assert found.is_suspicious is is_suspicious


def test_a_suspicious_trend_is_some_concern_about_reporting_and_anything_else_none() -> None:
    whole = network_evidence(load_evidence(), question(RELAPSES))
    pair = ("natalizumab-300", "placebo")
    quiet = Asymmetry(None, False, "two trials are too few to test whether small trials show larger effects")
    assert reporting(whole, pair, quiet).concern is Concern.NONE
    assert "too few" in reporting(whole, pair, quiet).reason
    loud = dataclasses.replace(quiet, is_suspicious=True, reason="small trials show larger effects than large ones")
    assert reporting(whole, pair, loud).concern is Concern.SOME


def test_the_trend_costs_a_level_where_it_is_found_and_is_said_where_it_cannot_be_tested() -> None:
    mixed = network_answer("confirmed-disability-worsening-3m", with_risk_ratios=True)
    reasons = mixed.pieces[0].results[0].estimates[0].certainty.reasons
    assert any(r.startswith("Reporting bias: some concerns") and "larger effects" in r for r in reasons)
    few = answer("discontinuation-any").pieces[0].results[0].estimates[0].certainty.reasons
    assert any(r.startswith("Reporting bias: no concerns") and "too few to test" in r for r in few)
