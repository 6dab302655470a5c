"""The parts that outcomes are made of, one by one."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from equipoise.evidence import Evidence, load_evidence
from equipoise.outcomes.arm_shares import arm_shares, share_draws
from equipoise.outcomes.baseline import average_participant
from equipoise.outcomes.dispersion import dispersion_of
from equipoise.outcomes.draws import ARM, SINGLE_ARM
from equipoise.outcomes.expectations import expect
from equipoise.outcomes.facts import facts_of
from equipoise.outcomes.harms import Way, rank
from equipoise.outcomes.level import level_of
from equipoise.outcomes.natural_course import natural_course
from equipoise.outcomes.negative_binomial import (
    dispersion_from,
    expected_events,
    log_rate_se,
    share_without_event,
)
from equipoise.outcomes.participants import geometric, participants_of, spread
from equipoise.outcomes.prognosis import PREDICTORS, in_order, published_risk, swiss_model
from equipoise.outcomes.relapse_arms import relapse_rates
from equipoise.outcomes.setting import anchor_arms, anchor_of, compares, history_of, setting_of
from equipoise.outcomes.streams import Streams
from equipoise.person import EarlierTreatment, Person, Walking
from equipoise.vocabulary.errors import NotEstimableError, RequestError, UnknownTermError
from tests.support.outcome_cases import ALEMTUZUMAB, ANNA, INTERFERON, PAIR, RELAPSED, effects

MANY = Streams(3, 40_000)
GRID = (np.arange(20_000) + 0.5) / 20_000


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


# ---------------------------------------------------------------- negative binomial


def test_share_without_an_event_is_that_of_numpys_negative_binomial() -> None:
    rng = np.random.default_rng(1)
    for expected, k in ((0.8, 0.5), (1.7, 2.0)):
        counts = rng.negative_binomial(1 / k, 1 / (1 + k * expected), 400_000)
        assert share_without_event(expected, k) == pytest.approx((counts == 0).mean(), abs=0.003)
        assert counts.mean() == pytest.approx(expected, abs=0.02)
        # the variance that the standard error of a log rate rests on
        assert log_rate_se(expected, 1, k) ** 2 == pytest.approx(counts.var() / expected**2, rel=0.03)


def test_a_dispersion_of_zero_is_a_poisson() -> None:
    assert share_without_event(1.3, 0.0) == pytest.approx(math.exp(-1.3), rel=1e-7)
    assert expected_events(math.exp(-1.3), 0.0) == pytest.approx(1.3, rel=1e-7)


def test_fewer_free_of_relapses_than_a_poisson_leaves_fits_no_dispersion() -> None:
    assert dispersion_from(0.5, math.exp(-0.5) - 0.01) is None
    assert dispersion_from(0.5, float(share_without_event(0.5, 1.4))) == pytest.approx(1.4)


# ---------------------------------------------------------------- random numbers


def test_streams_depend_on_seed_and_name_only() -> None:
    first = Streams(5, 1000).normal("age").copy()
    Streams(5, 1000).uniform("sex")
    assert np.array_equal(first, Streams(5, 1000).normal("age"))
    assert not np.array_equal(first, Streams(6, 1000).normal("age"))
    assert abs(np.corrcoef(first, Streams(5, 1000).normal("sex"))[0, 1]) < 0.1


def test_every_slice_of_the_unit_interval_holds_one_point() -> None:
    points = np.sort(Streams(1, 500).uniform("x"))
    assert np.array_equal(np.floor(points * 500), np.arange(500))


# ---------------------------------------------------------------- level


def test_level_with_one_arm_spreads_as_the_prior_says() -> None:
    drawn = level_of([0.3], [0.001], ["a"]).draw(MANY, "one", "a")
    # half-normal(0.5) on tau has the mean square 0.25; it counts twice, from the mean to the arm and to the next one
    assert drawn.std() == pytest.approx(math.sqrt(2 * 0.25), abs=0.02)
    assert drawn.mean() == pytest.approx(0.3, abs=0.01)


def test_level_of_arms_that_agree_is_their_weighted_mean() -> None:
    level = level_of([0.0, 0.0, 0.0, 0.0], [0.1, 0.1, 0.1, 0.1], ["a"] * 4)
    assert level.draw(MANY, "agree", "a", is_new=False).mean() == pytest.approx(0.0, abs=0.01)
    far = level_of([-1.0, 0.0, 1.0, 2.0], [0.1] * 4, ["a"] * 4)
    assert far.weights @ far.tau > 3 * (level.weights @ level.tau)


# ---------------------------------------------------------------- participants


@pytest.mark.parametrize(
    ("low", "high", "mean"), [(18, 50, 33.0), (18, 55, 35.8), (0, 3, 2.0), (0, 5, 2.5), (0, 10, 0.9)]
)
def test_spread_keeps_limits_and_mean(low: float, high: float, mean: float) -> None:
    values = spread(low, high, mean).quantile(GRID)
    assert low <= values.min() < values.max() <= high
    assert values.mean() == pytest.approx(mean, abs=1e-3)
    assert np.all(np.diff(values) > 0)


def test_spread_without_a_mean_is_uniform() -> None:
    assert np.allclose(spread(2, 4, None).quantile(GRID), 2 + 2 * GRID)


def test_geometric_has_its_mean() -> None:
    assert geometric(GRID, 0.8).mean() == pytest.approx(0.8, abs=0.01)
    assert np.array_equal(geometric(GRID, 0.0), np.zeros_like(GRID))


def test_participants_of_the_head_to_head_trials(evidence: Evidence) -> None:
    naive = participants_of(evidence, ("camms223-ifn44", "care-ms-i-ifn44"))
    assert naive.age_limits == (18, 50)
    assert (naive.naive, naive.edss_max) == (1.0, 3.0)
    assert (naive.relapses_12_months_min, naive.relapses_24_months_min) == (1, 2)
    assert naive.relapses_12_months_mean == pytest.approx(1.8)
    assert naive.age.mean_of(lambda x: x) == pytest.approx(33.2, abs=0.01)
    assert "lesions that take up contrast" in naive.not_reported


# ---------------------------------------------------------------- facts


def test_a_band_of_the_edss_is_drawn_evenly_over_its_half_steps(evidence: Evidence) -> None:
    people = participants_of(evidence, ("care-ms-i-ifn44",))
    drawn = facts_of(Person(walking=Walking.LIMITED_WITHOUT_AID), people, MANY).edss
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [4.0, 4.5, 5.0, 5.5]
    assert np.allclose(counts / MANY.n, 0.25, atol=0.001)


def test_what_the_months_say_about_the_counts_counts(evidence: Evidence) -> None:
    people = participants_of(evidence, ("care-ms-i-ifn44",))
    recent = facts_of(Person(months_since_relapse=3), people, MANY)
    assert recent.relapses_12_months.min() >= 1
    old = facts_of(Person(months_since_relapse=18), people, MANY)
    assert old.relapses_12_months.max() == 0
    assert old.relapses_24_months.min() >= 1
    ancient = facts_of(Person(months_since_relapse=30), people, MANY)
    assert ancient.relapses_24_months.max() == 0


def test_without_relapses_in_two_years_the_last_one_lies_before_them(evidence: Evidence) -> None:
    people = participants_of(evidence, ("care-ms-i-ifn44",))
    months = facts_of(
        Person(relapses_12_months=0, relapses_24_months=0, years_since_onset=6), people, MANY
    ).months_since_relapse
    assert months.min() >= 24
    assert months.max() <= 72


def test_of_relapses_in_two_years_half_fall_into_the_last(evidence: Evidence) -> None:
    people = participants_of(evidence, ("care-ms-i-ifn44",))
    counts = [facts_of(Person(relapses_24_months=n), people, MANY).relapses_12_months for n in range(6)]
    for n, drawn in enumerate(counts):
        assert drawn.mean() == pytest.approx(n / 2, abs=0.01)
        assert n == 0 or np.all(drawn >= counts[n - 1])


# ---------------------------------------------------------------- Swiss model


def test_published_risk_reproduces_every_test_vector(evidence: Evidence) -> None:
    model = evidence.prognostic_models["smsc-relapse-2y"]
    for vector in model.test_vectors:
        lp, probability = published_risk(model, vector.values)
        assert lp == pytest.approx(vector.linear_predictor, abs=1e-9)
        assert probability == pytest.approx(vector.probability, abs=1e-9)


def test_coefficients_keep_the_order_that_they_must_have(evidence: Evidence) -> None:
    model = swiss_model(evidence)
    assert model is not None
    drawn = model.coefficients(MANY)
    one, more = drawn["relapses_previous_2_years_eq_1"], drawn["relapses_previous_2_years_ge_2"]
    assert np.all(one >= 0)
    assert np.all(more >= one)
    assert np.all(drawn["months_since_last_relapse"] <= 0)
    # the others are as published
    for term in model.model.terms:
        if term.predictor in set(PREDICTORS) - {"months_since_last_relapse"} and "previous" not in term.predictor:
            assert drawn[term.predictor].mean() == pytest.approx(term.beta, abs=1e-3)
            assert drawn[term.predictor].std() == pytest.approx(term.se, rel=0.01)
    assert 0.84 <= model.slope(MANY).min() < model.slope(MANY).max() <= 0.92


def test_in_order_leaves_alone_what_is_in_order() -> None:
    one, more = in_order(np.array([0.1, 0.3, -0.2]), np.array([0.2, 0.1, -0.4]), 1.0, 3.0)
    assert one.tolist() == pytest.approx([0.1, 0.15, 0.0])
    assert more.tolist() == pytest.approx([0.2, 0.15, 0.0])


def test_nobody_known_stands_at_the_average(evidence: Evidence) -> None:
    model = swiss_model(evidence)
    assert model is not None
    people = participants_of(evidence, ("care-ms-i-ifn44",))
    average = average_participant(model, people)
    facts = facts_of(Person(), people, MANY)
    assert facts.age.mean() == pytest.approx(average["age"], abs=0.01)
    assert np.log(facts.months_since_relapse + 10).mean() == pytest.approx(
        average["months_since_last_relapse"], abs=0.01
    )


# ---------------------------------------------------------------- arms and settings


def test_the_anchor_of_the_pair_is_interferon_whatever_the_order(evidence: Evidence) -> None:
    network = (*PAIR, "placebo", "glatiramer-20")
    assert anchor_of(evidence, PAIR, network) == INTERFERON
    assert anchor_of(evidence, PAIR[::-1], network) == INTERFERON
    assert anchor_of(evidence, [ALEMTUZUMAB], network) == ALEMTUZUMAB
    assert anchor_of(evidence, ["placebo"], ["placebo"]) == "placebo"
    assert anchor_of(evidence, PAIR, ["ozanimod-1.0"]) is None


def test_head_to_head_trials_come_first(evidence: Evidence) -> None:
    arms = anchor_arms(evidence, INTERFERON, frozenset(PAIR))
    assert arms is not None
    assert arms.is_head_to_head
    assert [rate.arm.id for rate in arms.groups["any"]] == ["camms223-ifn44", "care-ms-i-ifn44", "care-ms-ii-ifn44"]
    alone = anchor_arms(evidence, INTERFERON, frozenset({INTERFERON, "placebo"}))
    assert alone is not None
    assert not alone.is_head_to_head
    assert not compares(evidence, "prisms", INTERFERON, frozenset({INTERFERON, "placebo"}))


@pytest.mark.parametrize(
    ("earlier", "history", "trials"),
    [
        ((), "treatment-naive", ("camms223", "care-ms-i")),
        (RELAPSED, "experienced", ("care-ms-ii",)),
        (None, "unknown", ("camms223", "care-ms-i", "care-ms-ii")),
        ((EarlierTreatment("x", relapsed=False),), "unknown", ("camms223", "care-ms-i", "care-ms-ii")),
    ],
)
def test_the_setting_follows_the_history(
    evidence: Evidence, earlier: tuple[EarlierTreatment, ...] | None, history: str, trials: tuple[str, ...]
) -> None:
    person = Person(earlier_treatments=earlier)
    arms = anchor_arms(evidence, INTERFERON, frozenset(PAIR))
    assert arms is not None
    setting = setting_of(evidence, person, arms)
    assert history_of(person) == history == setting.history
    assert setting.trial_ids == trials


def test_without_a_trial_of_the_history_all_arms_count(evidence: Evidence) -> None:
    arms = anchor_arms(evidence, "teriflunomide-14", frozenset({"teriflunomide-14"}))
    assert arms is not None
    assert setting_of(evidence, ANNA, arms).history == "any"


def test_no_rate_that_nobody_has_seen_and_no_pseudo_arm(evidence: Evidence) -> None:
    rates = relapse_rates(evidence)
    assert all(rate.result.trust.may_be_shown for rate in rates)
    assert all(rate.trial.diagnosis in ("RRMS", "RMS") for rate in rates)
    assert not {rate.arm.id for rate in rates} & {"topic-pbo", "camms223-alem-both", "define-pbo"}
    assert len({rate.arm.id for rate in rates}) == len(rates)


def test_the_standard_error_of_a_printed_interval(evidence: Evidence) -> None:
    rate = next(rate for rate in relapse_rates(evidence) if rate.arm.id == "care-ms-i-ifn44")
    assert rate.log_se(9.0) == pytest.approx(math.log(0.53 / 0.29) / (2 * 1.959964), rel=1e-6)
    without = next(rate for rate in relapse_rates(evidence) if rate.arm.id == "camms223-ifn44")
    assert without.log_se(1.0) == pytest.approx(math.sqrt((1 / (0.36 * 3) + 1) / 111))


def test_dispersion_of_the_evidence(evidence: Evidence) -> None:
    found = dispersion_of(evidence)
    assert found is not None
    assert len(found.arms) == 19
    own = [arm.own for arm in found.arms if arm.own is not None]
    assert min(own) < found.median < max(own)
    assert found.draw(MANY).min() > 0


# ---------------------------------------------------------------- shares of arms


def test_jeffreys_interval_of_counts(evidence: Evidence) -> None:
    drawn = share_draws(evidence, ("care-ms-i-alem12.discontinuation-adverse-event.24m.proportion",), 1, 40_000)
    assert drawn.mean() == pytest.approx(5.5 / 377, rel=0.01)


def test_each_kind_of_row(evidence: Evidence) -> None:
    thyroid = {s.result.id: s for s in arm_shares(evidence, "thyroid-event")}
    months = {s.result.timepoint_months for s in thyroid.values() if s.arm.id == "care-ms-pooled-alem12"}
    assert 24.0 in months
    bases = {(s.result.timepoint_months, s.basis) for s in thyroid.values() if s.arm.treatment_id == ALEMTUZUMAB}
    assert (24.0, ARM) in bases
    assert (72.0, SINGLE_ARM) in bases
    assert (72.0, ARM) not in bases
    assert all(s.result.timepoint_months for s in thyroid.values())
    assert not [s for s in arm_shares(evidence, "infusion-reaction") if s.arm.kind.value == "merged-doses"]


def test_which_way_of_counting_is_chosen(evidence: Evidence) -> None:
    """Most options first, then the same trials, then most people."""
    shares = {s.arm.id: s for s in arm_shares(evidence, "infection") if s.result.timepoint_months == 24}
    few, large = (shares["care-ms-i-ifn44"],), (shares["care-ms-pooled-alem12"],)
    both = Way({"a": few, "b": few}, is_matched=False, name="x")
    matched = Way({"a": few, "b": few}, is_matched=True, name="w")
    alone = Way({"a": large}, is_matched=False, name="z")
    assert alone.people > both.people
    assert sorted([alone, matched, both], key=rank) == [alone, both, matched]


def test_worsening_stands_on_the_anchor_of_the_relapses(evidence: Evidence) -> None:
    found = expect(ANNA, PAIR, evidence, effects(sd=0.0), seed=1)
    alem, ifn = found.on("confirmed-disability-worsening-6m", 24)
    assert found.anchor == INTERFERON
    assert np.allclose(1 - alem.draws, (1 - ifn.draws) ** 0.6)
    assert ifn.trial_ids == ("care-ms-i", "care-ms-ii")
    assert 0.111 < np.median(ifn.draws) < 0.211


# ---------------------------------------------------------------- natural course


def test_natural_course_starts_where_it_starts_and_sums_to_one(evidence: Evidence) -> None:
    course = natural_course(evidence, "ahmad-3state", "no-mild", years=20, seed=1, draws=2000)
    assert np.all(course.shares[:, 0] == [1.0, 0.0, 0.0])
    assert np.allclose(course.shares.sum(axis=2), 1)
    assert course.shares[:, 1].mean(axis=0) == pytest.approx([0.935, 0.064, 0.001], abs=0.002)
    low, high = np.quantile(course.shares[:, 1, 1], [0.025, 0.975])
    assert (low, high) == pytest.approx((0.047, 0.084), abs=0.012)
    assert np.all(np.diff(course.shares[:, :, 2], axis=1) >= -1e-12), "nobody comes back from severe in this matrix"
    assert course.limits


@pytest.mark.parametrize(
    ("model", "start", "years", "error", "words"),
    [
        ("campbell-4state", "no", 5, NotEstimableError, "lumped"),
        ("ahmad", "no", 5, UnknownTermError, "ahmad-3state"),
        ("ahmad-3state", "no", 5, UnknownTermError, "no-mild"),
        ("ahmad-3state", "no-mild", 31, RequestError, "1 to 30"),
    ],
)
def test_what_the_natural_course_refuses(
    evidence: Evidence, model: str, start: str, years: int, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        natural_course(evidence, model, start, years=years, seed=1, draws=10)


def test_nothing_unverified_enters_the_natural_course(evidence: Evidence) -> None:
    from equipoise.evidence.natural_history import TransitionStatus

    rows = dict(evidence.transitions)
    key = "ahmad-3state.no-mild.severe"
    rows[key] = dataclasses.replace(rows[key], status=TransitionStatus.UNVERIFIED)
    with pytest.raises(NotEstimableError, match="nobody has seen"):
        natural_course(
            dataclasses.replace(evidence, transitions=rows), "ahmad-3state", "no-mild", years=2, seed=1, draws=10
        )


def test_many_draws_are_the_same_and_are_not_kept() -> None:
    from equipoise.outcomes import streams

    before = streams._uniform.cache_info().currsize
    many = Streams(11, streams.LARGEST_KEPT + 1)
    assert np.array_equal(many.normal("a"), many.normal("a"))
    assert streams._uniform.cache_info().currsize == before


def test_a_printed_nought_point_nought_is_rounded_as_finely_as_its_neighbours() -> None:
    evidence = load_evidence()
    shares = {share.arm.id: share for share in arm_shares(evidence, "acute-acalculous-cholecystitis")}
    printed = {share.result.value: share for share in shares.values() if share.how == "percent"}
    assert {value: share.decimals for value, share in printed.items()} == {0.0: 1, 0.2: 1}
