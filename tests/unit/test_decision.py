"""Corners of the decision layer with known answers: flips, dominance, ties, limits, gaps, words at their edges."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from equipoise.decision import (
    CRITERIA,
    Criterion,
    Limit,
    TradeOff,
    TradeOffAnswer,
    Values,
    acceptability,
    comes_first,
    criterion,
    exact_weights,
    explain,
    partial_values,
    region,
    sample_weights,
    settle,
    share_word,
    smallest_change,
    smallest_step,
    weigh,
)
from equipoise.decision.changes import smallest_level_change, smallest_weight_change
from equipoise.decision.constraints import interval_inequalities
from equipoise.decision.contradictions import contradicting
from equipoise.decision.criteria import CriterionError
from equipoise.decision.explanation import dominance, lowest, ties
from equipoise.decision.hit_and_run import hit_and_run, judge
from equipoise.decision.ordered_weights import ordered_weights
from equipoise.decision.remarks import everything_matters_most
from equipoise.decision.words import SHARES, level_in_words, out_of_100
from equipoise.vocabulary.errors import NotEstimableError, ShapeError, UnknownTermError
from equipoise.wording import phrase

Array = npt.NDArray[np.float64]


def made(name: str, **others: Any) -> Criterion:
    settings: dict[str, Any] = {"best": 1.0, "worst": 0.0, "why_range": "made"} | others
    return Criterion(name, name.title(), "?", f"points of {name}", **settings)


A, B = made("a"), made("b")
TWO = (A, B)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


# ---- criteria


def test_twelve_criteria_with_names_ranges_and_reasons_of_their_own() -> None:
    assert len(CRITERIA) == len({one.id for one in CRITERIA}) == len({one.name for one in CRITERIA}) == 12
    for one in CRITERIA:
        assert one.range > 0
        assert one.why_range.endswith(".")
    assert [one.id for one in CRITERIA if one.is_rare_and_serious] == ["serious-risk"]
    assert [one.id for one in CRITERIA if one.is_better == "higher"] == ["disability-improvement"]


def test_values_are_clipped_and_clipping_is_seen() -> None:
    relapses = criterion("relapses")
    levels = np.array([-1.0, 0.0, 1.5, 3.0, 9.0])
    assert relapses.partial_value(levels).tolist() == [1, 1, 0.5, 0, 0]
    assert relapses.is_outside(levels).tolist() == [True, False, False, False, True]


def test_a_value_function_may_bend() -> None:
    bent = made("bent", best=0.0, worst=100.0, knots=((20.0, 0.4),))
    assert bent.partial_value(np.array([0.0, 10.0, 20.0, 60.0, 100.0])).tolist() == pytest.approx([1, 0.7, 0.4, 0.2, 0])
    levels = np.array([[[20.0, 0.25]]])
    assert partial_values(levels, (bent, A)).ravel().tolist() == pytest.approx([0.4, 0.25])


@pytest.mark.parametrize(
    "wrong", [{"best": 1.0, "worst": 1.0}, {"best": float("nan")}, {"knots": ((2.0, 0.5),)}, {"knots": ((0.5, 1.5),)}]
)
def test_a_criterion_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CriterionError, match="criterion 'x'"):
        made("x", **wrong)


def test_an_unknown_criterion_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownTermError, match="relapses"):
        criterion("relapse")


# ---- weights


def test_order_means_of_weights_are_those_of_the_known_formula() -> None:
    """Rank-order centroid: the mean of the largest of C ordered weights is (1 + 1/2 + ... + 1/C) / C."""
    bounds = region(Values(order=tuple((one.id,) for one in CRITERIA)), CRITERIA)
    drawn = sample_weights(bounds, 100_000, rng())
    n = len(CRITERIA)
    expected = [sum(1 / k for k in range(i, n + 1)) / n for i in range(1, n + 1)]
    assert drawn.method == "exact"
    assert drawn.draws.mean(axis=0) == pytest.approx(expected, abs=0.002)


def test_groups_of_an_order_are_not_ordered_within() -> None:
    bounds = region(Values(matters=("relapses",), order=(("relapses",), ("infections", "injections"))), CRITERIA)
    w = dict(zip(bounds.criteria, ordered_weights(bounds, 5_000, rng()).T, strict=True))
    assert (w["relapses"] >= np.maximum(w["infections"], w["injections"])).all()
    assert (w["infections"] > w["injections"]).mean() == pytest.approx(0.5, abs=0.03)
    assert (np.minimum(w["infections"], w["injections"]) >= w["hospital-days"]).all()


def test_what_does_not_matter_has_no_weight() -> None:
    bounds = region(Values(does_not_matter=("injections",)), CRITERIA)
    assert sample_weights(bounds, 50, rng()).draws[:, bounds.criteria.index("injections")].max() == 0


def test_nothing_matters_is_read_as_nothing_said() -> None:
    everything = tuple(one.id for one in TWO)
    assert not region(Values(does_not_matter=everything), TWO).is_zero.any()


@pytest.mark.parametrize(
    ("answer", "low", "high"),
    [("yes", 1.0, np.inf), ("no", 0.0, 1.0), ("about-equal", 0.8, 1.25), ("unknown", 0.0, np.inf)],
)
def test_a_trade_off_bounds_the_ratio_of_weights(answer: str, low: float, high: float) -> None:
    """A tenth of the range of one for a tenth of the range of the other."""
    trade = TradeOff("a", 0.1, "b", 0.1, TradeOffAnswer(answer))
    ratio = np.divide(*sample_weights(region(Values(trade_offs=(trade,)), TWO), 4_000, rng()).draws.T)
    assert low <= ratio.min() * (1 + 1e-12)
    assert ratio.max() <= high * (1 + 1e-12)


def test_narrow_answers_are_walked_and_the_chains_judged() -> None:
    said = Values(
        trade_offs=tuple(
            TradeOff(gain.id, 0.1 * gain.range, cost.id, 0.1 * cost.range, TradeOffAnswer.ABOUT_EQUAL)
            for gain, cost in itertools.pairwise(CRITERIA[:5])
        )
    )
    bounds = region(said, CRITERIA)
    drawn = sample_weights(bounds, 500, rng())
    assert drawn.method == "hit-and-run"
    assert drawn.mixing is not None
    assert drawn.mixing.is_trusted
    assert bounds.holds(drawn.draws).all()


def test_chains_are_uniform_and_not_only_centred() -> None:
    """On the simplex of three weights the mean square of each is 1/6."""
    walked, mixing = hit_and_run(region(Values(), (*TWO, made("c"))), 20_000, rng())
    allowed = 5 * (walked**2).std(axis=0) / np.sqrt(mixing.effective_draws)
    assert (np.abs((walked**2).mean(axis=0) - 1 / 6) <= allowed).all()
    assert allowed.max() < 0.02


def test_chains_that_stayed_apart_or_drift_are_not_trusted() -> None:
    still = np.repeat(np.arange(16.0), 64)[None, :, None] + rng().standard_normal((20, 1024, 1)) * 0.1
    assert not judge(still, 1).is_trusted
    drifting = rng().standard_normal((20, 1024, 1)) + np.linspace(0, 1, 20)[:, None, None]
    assert judge(drifting, 1).drift > 4
    assert judge(rng().standard_normal((20, 1024, 1)), 1).is_trusted


def test_bounds_on_one_weight_for_analysts() -> None:
    from dataclasses import replace

    bounds = replace(region(Values(), TWO), inequalities=interval_inequalities(0, 0.2, 0.3, 2))
    drawn = sample_weights(bounds, 500, rng()).draws
    assert 0.2 <= drawn[:, 0].min() <= drawn[:, 0].max() <= 0.3


@pytest.mark.parametrize("wrong", [[-1, 2], [0, 0], [float("nan"), 1]])
def test_exact_weights_that_are_none_are_refused(wrong: list[float]) -> None:
    with pytest.raises(ShapeError):
        exact_weights(wrong)


# ---- contradictions

CONTRADICTING = Values(
    order=(("b",), ("a",)),
    trade_offs=(
        TradeOff("a", 0.1, "b", 0.2, TradeOffAnswer.YES),  # a weighs at least twice as much as b
    ),
)


def test_the_later_of_two_contradicting_answers_is_set_aside_and_said() -> None:
    left, found = settle(region(CONTRADICTING, TWO))
    assert len(found) == 1
    assert len(found[0].answers) == 2
    assert found[0].answers[0] == "“B” comes before “A”"
    assert found[0].set_aside == found[0].answers[1]
    assert left.inequalities == ()
    weighing = weigh(np.array([[[1.0, 0.0], [0.0, 1.0]]]), CONTRADICTING, options=("x", "y"), criteria=TWO, rng=rng())
    assert weighing.order == ("y", "x")
    assert "do not fit together" in weighing.remarks[0]
    assert "“B” comes before “A”" in weighing.remarks[0]


def test_only_the_answers_that_contradict_each_other_are_named() -> None:
    three = (*TWO, made("c"))
    trade = [TradeOff(g, 0.1, c, 0.2, TradeOffAnswer.YES) for g, c in (("a", "b"), ("b", "c"), ("c", "a"))]
    innocent = TradeOff("a", 0.1, "c", 0.01, TradeOffAnswer.YES)
    found = contradicting(region(Values(trade_offs=(innocent, *trade)), three))
    assert len(found.answers) == 3
    assert not any("0.01" in answer for answer in found.answers)


def test_chains_refuse_answers_that_leave_nothing() -> None:
    with pytest.raises(NotEstimableError, match="contradict"):
        hit_and_run(region(CONTRADICTING, TWO), 100, rng())


def test_answers_that_go_together_have_no_contradiction() -> None:
    with pytest.raises(ValueError, match="do not contradict"):
        contradicting(region(Values(order=(("a",), ("b",))), TWO))


# ---- acceptability


def test_equal_options_share_the_better_rank() -> None:
    found = acceptability(np.full((3, 2, 1), 0.5), np.ones((3, 1)))
    assert found.rank_acceptability.tolist() == [[1, 0], [1, 0]]
    assert found.pairwise_winning.tolist() == [[0, 0], [0, 0]]


def test_an_option_that_never_comes_first_has_no_central_weights() -> None:
    found = acceptability(np.array([[[0.9], [0.1]]]), exact_weights([1.0]))
    assert found.confidence_factor[0] == 1
    assert np.isnan(found.confidence_factor[1])
    assert np.isnan(found.central_weights[1]).all()


@pytest.mark.parametrize(
    ("scores", "weights"),
    [((2, 2, 3), (2, 2)), ((3, 2, 2), (2, 2)), ((2, 2), (2, 2)), ((0, 2, 2), (1, 2))],
)
def test_shapes_that_do_not_belong_together_are_refused(scores: tuple[int, ...], weights: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError):
        acceptability(np.ones(scores), np.ones(weights))


def test_a_missing_value_is_refused_not_scored() -> None:
    with pytest.raises(ShapeError, match="missing"):
        acceptability(np.full((1, 2, 1), np.nan), np.ones((1, 1)))


# ---- known answers


def test_dominance_holds_whatever_is_preferred() -> None:
    levels = np.array([[[0.9, 0.8], [0.5, 0.8]]])
    weighing = weigh(levels, Values(), options=("x", "y"), criteria=TWO, rng=rng())
    explained = explain(weighing)
    assert dominance(weighing.values, 0, 1) == 1
    assert [stays.because for stays in explained.stays] == ["every-criterion"]
    assert weighing.result is not None
    assert weighing.result.first_rank.tolist() == [1, 0]
    # only a level can change it: x is 0.4 ahead on A alone
    assert [change.kind for change in explained.changes] == ["outcome"]


def test_an_order_can_decide_for_every_weight_without_dominance() -> None:
    levels = np.array([[[0.9, 0.3], [0.2, 0.8]]])
    weighing = weigh(levels, Values(order=(("a",), ("b",))), options=("x", "y"), criteria=TWO, rng=rng())
    assert [stays.because for stays in explain(weighing).stays] == ["every-weight"]
    assert weighing.region is not None
    # the least advantage is at equal weights: (0.7 - 0.5) / 2
    assert lowest(weighing.region, np.array([0.7, -0.5])) == pytest.approx(0.1)


def test_a_mirror_image_is_a_tie_and_called_one() -> None:
    levels = np.array([[[1.0, 0.0], [0.0, 1.0]]])
    weighing = weigh(levels, Values(), options=("x", "y"), criteria=TWO, rng=rng(), n_weights=20_000)
    assert weighing.result is not None
    assert weighing.result.first_rank == pytest.approx([0.5, 0.5], abs=0.02)
    explained = explain(weighing)
    assert len(explained.ties) == 1
    assert "this is a tie" in explained.tie_sentences[0]


@pytest.mark.parametrize(("winning", "tied"), [(0.61, False), (0.6, True), (0.5, True), (0.4, True), (0.39, False)])
def test_the_tie_rule_at_its_edges(winning: float, tied: bool) -> None:
    n = 100
    first = np.arange(n) < round(winning * n)
    scores = np.stack([np.where(first, 1.0, 0.0), np.where(first, 0.0, 1.0)], axis=1)[:, :, None]
    assert bool(ties(acceptability(scores, np.ones((1, 1))))) is tied


def test_the_weight_that_turns_the_order_is_the_analytic_one() -> None:
    """X is 0.4 ahead on A and 0.2 behind on B, with weights 0.6 and 0.4: it turns where 0.4 a = 0.2 b, a = 1/3."""
    scores = np.array([[[0.8, 0.3], [0.4, 0.5]]])
    found = smallest_weight_change(scores, np.array([[0.6, 0.4]]))
    assert found is not None
    assert found.new_order == (1, 0)
    weight_of_a = found.after if found.criterion == 0 else 1 - found.after
    assert weight_of_a == pytest.approx(1 / 3, abs=1e-3)
    assert found.size == pytest.approx(0.6 - 1 / 3, abs=1e-3)
    for nudge, first in ((1e-3, 0), (-1e-3, 1)):
        w = exact_weights([1 / 3 + nudge, 2 / 3 - nudge])
        assert acceptability(scores, w).order[0] == first


def test_the_level_that_turns_the_order_is_the_analytic_one() -> None:
    """X leads by 0.6 * 0.4 - 0.4 * 0.2 = 0.16: on A, where a level counts 0.6, it has to lose 0.16 / 0.6."""
    levels = np.array([[[0.8, 0.3], [0.4, 0.5]]])
    found = smallest_level_change(levels, levels, np.array([[0.6, 0.4]]), TWO, (0, 1))
    assert found is not None
    assert (found.criterion, found.new_order) == (0, (1, 0))
    assert found.size == pytest.approx(0.16 / 0.6, abs=2e-3)


def test_a_level_that_is_certain_is_not_moved_where_others_are_drawn() -> None:
    """On A nothing varies, so the turn is looked for on B, though it is further away there."""
    levels = np.array([[[0.8, 0.3], [0.4, 0.5]], [[0.8, 0.31], [0.4, 0.51]]])
    weights = np.array([[0.5, 0.5], [0.5, 0.5]])
    found = smallest_level_change(levels, levels, weights, TWO, (0, 1))
    assert found is not None
    assert found.criterion == 1


def test_nothing_turns_the_order_of_one_option() -> None:
    assert smallest_level_change(np.ones((1, 1, 1)), np.ones((1, 1, 1)), np.ones((1, 1)), (A,), (0,)) is None


def test_the_hook_finds_where_a_fact_turns_the_order() -> None:
    found = smallest_change(lambda age: (0, 1) if age < 47.3 else (1, 0), now=30, furthest=60)
    assert found is not None
    assert found.same_until < 47.3 <= found.other_from
    assert found.other_from - found.same_until <= 3 * 1e-3 * 30
    assert smallest_change(lambda _: (0, 1), now=30, furthest=60) is None
    step = smallest_step(lambda relapses: (0,) if relapses > 1 else (1,), now=3, others=(2, 1, 0))
    assert step is not None
    assert (step.same_until, step.other_from) == (2, 1)
    assert smallest_step(lambda _: (0,), now=3, others=(2, 1)) is None


def test_reasons_put_certain_ones_first_and_carry_both_numbers() -> None:
    """A is the larger advantage of x but comes and goes; C is smaller and always there."""
    three = (*TWO, made("c"))
    draws = rng()
    levels = np.empty((400, 2, 3))
    levels[:, 0], levels[:, 1] = [0.6, 0.2, 0.5], [0.4, 0.3, 0.4]
    levels[:, 0, 0] += 0.3 * draws.standard_normal(400)
    found = explain(weigh(levels, Values(), options=("x", "y"), criteria=three, rng=rng())).reasons
    mine = [reason for reason in found if reason.option == 0]
    assert [(reason.criterion, reason.is_for, reason.is_certain) for reason in mine] == [
        (2, True, True),
        (0, True, False),
        (1, False, True),
    ]
    assert mine[1].contribution > mine[0].contribution > 0 > mine[2].contribution
    assert mine[2].sentence == "B: 0.2 with x, 0.3 with y (points of b)."


# ---- limits and gaps


def test_a_limit_removes_before_ranking_and_says_why() -> None:
    levels = np.array([[[0.9, 0.1], [0.2, 0.5]]])
    weighing = weigh(levels, Values(limits=(Limit("b", 0.3),)), options=("x", "y"), criteria=TWO, rng=rng())
    assert weighing.order == ("y",)
    assert [one.option for one in weighing.removed] == [0]
    assert weighing.removed[0].reason == "x goes beyond your limit for “B”: 0.1 (points of b); you said at least 0.3."


def test_a_level_at_the_limit_is_acceptable() -> None:
    levels = np.array([[[0.9, 0.3], [0.2, 0.5]]])
    assert weigh(levels, Values(limits=(Limit("b", 0.3),)), options=("x", "y"), criteria=TWO, rng=rng()).removed == ()


def test_a_level_at_the_limit_is_acceptable_where_lower_is_better_too() -> None:
    lower = (A, made("b", best=0.0, worst=1.0))
    levels = np.array([[[0.9, 0.3], [0.2, 0.5]]])
    weighing = weigh(levels, Values(limits=(Limit("b", 0.3),)), options=("x", "y"), criteria=lower, rng=rng())
    assert [one.option for one in weighing.removed] == [1]
    assert "you said at most 0.3" in weighing.removed[0].reason


def test_limits_that_leave_nothing_give_a_sentence_and_no_ranking() -> None:
    levels = np.array([[[0.9, 0.1], [0.2, 0.1]]])
    weighing = weigh(levels, Values(limits=(Limit("b", 0.3),)), options=("x", "y"), criteria=TWO, rng=rng())
    assert weighing.result is None
    assert weighing.order == ()
    assert "leave no option" in weighing.remarks[-1]
    assert explain(weighing).reasons == ()


def test_a_gap_leaves_the_criterion_out_for_all_and_says_whose() -> None:
    levels = np.array([[[0.9, np.nan], [0.2, 1.0]]])
    weighing = weigh(levels, Values(), options=("x", "y"), criteria=TWO, rng=rng())
    assert [one.id for one in weighing.criteria] == ["a"]
    assert weighing.left_out[0].reason == "“B” is left out for all: there is no number for x."
    assert weighing.order == ("x", "y")


def test_an_option_out_by_a_limit_leaves_no_gap_behind() -> None:
    levels = np.array([[[0.1, np.nan], [0.5, 1.0], [0.6, 0.5]]])
    limited = Values(limits=(Limit("a", 0.3),))
    assert weigh(levels, limited, options=("x", "y", "z"), criteria=TWO, rng=rng()).left_out == ()


def test_an_unknown_level_breaks_no_limit() -> None:
    levels = np.array([[[0.1, np.nan], [0.5, np.nan]]])
    assert weigh(levels, Values(limits=(Limit("b", 0.3),)), options=("x", "y"), criteria=TWO, rng=rng()).removed == ()


def test_nothing_to_compare_is_said() -> None:
    weighing = weigh(np.full((1, 2, 2), np.nan), Values(), options=("x", "y"), criteria=TWO, rng=rng())
    assert weighing.result is None
    assert "no criterion" in weighing.remarks[-1]


def test_levels_outside_the_range_are_said() -> None:
    weighing = weigh(np.array([[[1.5, 0.1], [0.2, 0.1]]]), Values(), options=("x", "y"), criteria=TWO, rng=rng())
    assert len(weighing.clipped) == 1
    assert "“A” for x is outside the range of 1 to 0 in 100 of 100 plausible worlds" in weighing.clipped[0]


def test_levels_of_another_shape_are_refused() -> None:
    with pytest.raises(ShapeError, match="2 options and 2 criteria"):
        weigh(np.ones((1, 2, 3)), Values(), options=("x", "y"), criteria=TWO, rng=rng())


# ---- remarks and words


def test_everything_matters_most_gets_one_offer() -> None:
    everything = Values(matters=tuple(one.id for one in CRITERIA))
    levels = np.array([[[(one.best + one.worst) / 2 for one in CRITERIA]] * 2])
    weighing = weigh(levels, everything, options=("x", "y"), rng=rng())
    assert everything_matters_most(everything, CRITERIA)
    assert "You ticked everything" in weighing.remarks[0]
    assert weighing.offered == TradeOff("relapses", 1, "tests-and-visits", 12)
    with_answer = Values(matters=everything.matters, trade_offs=(TradeOff("a", 1, "b", 1, TradeOffAnswer.YES),))
    assert weigh(levels, with_answer, options=("x", "y"), rng=rng()).offered is None
    in_order = Values(matters=everything.matters, order=(("relapses",), ("infections",)))
    assert weigh(levels, in_order, options=("x", "y"), rng=rng()).remarks == ()


def test_every_border_of_the_scale_takes_the_stronger_word() -> None:
    for (least, name), (_, below) in itertools.pairwise(SHARES):
        assert share_word(least) == phrase(f"fit.share.{name}")
        assert share_word(np.nextafter(least, 0)) == phrase(f"fit.share.{below}")
    assert share_word(1.0) == "in nearly all plausible worlds"
    assert share_word(0.0) == "in hardly any plausible world"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 of 100"),
        (0.001, "fewer than 1 of 100"),
        (0.62, "62 of 100"),
        (0.999, "more than 99 of 100"),
        (1, "100 of 100"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_none(share: float, words: str) -> None:
    assert out_of_100(share) == words


def test_the_word_and_the_count_stand_together() -> None:
    assert comes_first("x", 0.62) == "x comes first more often than not: 62 of 100."


@pytest.mark.parametrize(
    ("criterion_id", "level", "words"),
    [
        ("relapses", 0.53, "0.5"),
        ("relapses", 0.01, "less than 0.1"),
        ("serious-risk", 123.4, "123"),
        ("serious-risk", 0.4, "0.4"),
        ("injections", 0, "0"),
    ],
)
def test_a_level_has_the_digits_that_its_range_deserves(criterion_id: str, level: float, words: str) -> None:
    assert level_in_words(criterion(criterion_id), level) == words
