"""What holds for every weighing: counts add up, names and order of options are irrelevant, answers are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.decision import (
    CRITERIA,
    TradeOff,
    TradeOffAnswer,
    Values,
    acceptability,
    explain,
    partial_values,
    read_values,
    region,
    sample_weights,
    settle,
    weigh,
    write_values,
)
from equipoise.decision.contradictions import chebyshev
from equipoise.decision.hit_and_run import hit_and_run

Array = npt.NDArray[np.float64]
IDS = tuple(one.id for one in CRITERIA)
S = 200


@st.composite
def worlds(draw: st.DrawFn, *, most_options: int = 5) -> tuple[Array, Array]:
    """Partial values (S, O, C) and weights (S, C) without ties."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    options, criteria = draw(st.integers(2, most_options)), draw(st.integers(1, 6))
    weights = rng.standard_exponential((S, criteria))
    return rng.random((S, options, criteria)), weights / weights.sum(axis=1, keepdims=True)


@st.composite
def values(draw: st.DrawFn, *, trades: bool = True) -> Values:
    """Ticks, an order of some criteria in groups, and up to three trade-offs."""
    chosen = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=6))
    zero = tuple(name for name in draw(st.lists(st.sampled_from(IDS), unique=True, max_size=3)) if name not in chosen)
    cuts = draw(st.lists(st.booleans(), min_size=len(chosen), max_size=len(chosen)))
    order: list[tuple[str, ...]] = []
    for name, new_group in zip(chosen, cuts, strict=True):
        if order and not new_group:
            order[-1] = (*order[-1], name)
        else:
            order.append((name,))
    pairs = draw(st.lists(st.lists(st.sampled_from(IDS), unique=True, min_size=2, max_size=2), max_size=3))
    ranges = {one.id: one.range for one in CRITERIA}
    made = [
        TradeOff(
            gain,
            draw(st.sampled_from([0.05, 0.2, 0.5])) * ranges[gain],
            cost,
            draw(st.sampled_from([0.05, 0.2, 0.5])) * ranges[cost],
            draw(st.sampled_from(list(TradeOffAnswer))),
        )
        for gain, cost in pairs
    ]
    ticked = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=6))
    return Values(
        matters=tuple(name for name in IDS if name in ticked and name not in zero) or None,
        does_not_matter=tuple(name for name in IDS if name in zero),
        order=tuple(order),
        trade_offs=tuple(made) if trades else (),
    )


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_shares_add_up_per_option_and_per_rank(world: tuple[Array, Array]) -> None:
    found = acceptability(*world)
    assert np.allclose(found.rank_acceptability.sum(axis=0), 1)
    assert np.allclose(found.rank_acceptability.sum(axis=1), 1)
    off = ~np.eye(len(found.first_rank), dtype=bool)
    assert np.allclose((found.pairwise_winning + found.pairwise_winning.T)[off], 1)


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_options_is_irrelevant(world: tuple[Array, Array], shuffler: Any) -> None:
    scores, weights = world
    order = list(range(scores.shape[1]))
    shuffler.shuffle(order)
    here, there = acceptability(scores, weights), acceptability(scores[:, order], weights)
    assert (there.rank_acceptability == here.rank_acceptability[order]).all()
    assert (there.pairwise_winning == here.pairwise_winning[np.ix_(order, order)]).all()
    np.testing.assert_array_equal(there.confidence_factor, here.confidence_factor[order])
    np.testing.assert_array_equal(there.central_weights, here.central_weights[order])


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_same_as_counting_in_plain_python(world: tuple[Array, Array]) -> None:
    scores, weights = world
    options = scores.shape[1]
    counts = np.zeros((options, options))
    for row, w in zip(scores, weights, strict=True):
        total = [sum(a * b for a, b in zip(one, w, strict=True)) for one in row]
        for option in range(options):
            counts[option, sum(other > total[option] for other in total)] += 1
    # the last bit of a sum may differ; without ties that changes no rank
    assert np.abs(acceptability(scores, weights).rank_acceptability - counts / S).max() == 0


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_a_dominated_option_never_ranks_first(world: tuple[Array, Array]) -> None:
    scores, weights = world
    scores = np.concatenate([scores, scores[:, :1] * 0.9], axis=1)
    assert acceptability(scores, weights).first_rank[-1] == 0


@given(worlds(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_a_criterion_of_zero_weight_changes_nothing(world: tuple[Array, Array], seed: int) -> None:
    scores, weights = world
    more = np.concatenate([scores, np.random.default_rng(seed).random((*scores.shape[:2], 1))], axis=2)
    here = acceptability(scores, weights)
    there = acceptability(more, np.concatenate([weights, np.zeros((S, 1))], axis=1))
    assert (here.rank_acceptability == there.rank_acceptability).all()


@given(worlds(), st.floats(0, 1), st.floats(0.01, 1))
@settings(max_examples=40, deadline=None)
def test_what_all_options_share_changes_no_ranking(world: tuple[Array, Array], level: float, weight: float) -> None:
    scores, weights = world
    more = np.concatenate([scores, np.full((*scores.shape[:2], 1), level)], axis=2)
    shared = np.concatenate([weights * (1 - weight / 2), np.full((S, 1), weight / 2)], axis=1)
    here, there = acceptability(scores, weights), acceptability(more, shared)
    assert np.abs(here.rank_acceptability - there.rank_acceptability).max() == 0


@given(values(), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_drawn_weights_satisfy_every_answer(said: Values, seed: int) -> None:
    left, _ = settle(region(said, CRITERIA))
    drawn = sample_weights(left, 300, np.random.default_rng(seed))
    assert drawn.draws.shape == (300, len(CRITERIA))
    assert left.holds(drawn.draws).all()
    again = sample_weights(left, 300, np.random.default_rng(seed))
    assert (again.draws == drawn.draws).all()


@given(values())
@settings(max_examples=25, deadline=None)
def test_saying_less_never_shrinks_what_is_possible(said: Values) -> None:
    if not said.trade_offs:
        return
    narrow = region(said, CRITERIA)
    wide = region(replace(said, trade_offs=said.trade_offs[1:]), CRITERIA)
    assert chebyshev(wide)[1] >= chebyshev(narrow)[1] - 1e-9
    drawn = sample_weights(settle(narrow)[0], 100, np.random.default_rng(0)).draws
    assert wide.holds(drawn[narrow.holds(drawn)]).all()


@given(values())
@settings(max_examples=25, deadline=None)
def test_contradicting_answers_are_a_smallest_set(said: Values) -> None:
    bounds = region(said, CRITERIA)
    left, found = settle(bounds)
    assert chebyshev(left)[1] > 0
    for one in found:
        assert one.set_aside in one.answers
        assert len(one.answers) >= 1


@given(values(trades=False))
@settings(max_examples=4, deadline=None)
def test_chains_agree_with_exact_draws(said: Values) -> None:
    bounds = region(said, CRITERIA)
    exact = sample_weights(bounds, 40_000, np.random.default_rng(1)).draws
    walked, mixing = hit_and_run(bounds, 4_000, np.random.default_rng(2), around=exact)
    assert mixing.is_trusted
    assert bounds.holds(walked).all()
    # five standard errors over a dozen means; the draws of chains are worth fewer than their number
    allowed = 5 * exact.std(axis=0) / np.sqrt(mixing.effective_draws) + 1e-12
    assert (np.abs(walked.mean(axis=0) - exact.mean(axis=0)) <= allowed).all()


@given(values())
@settings(max_examples=40, deadline=None)
def test_a_file_holds_what_was_said(said: Values) -> None:
    import tomllib

    text = write_values(said)
    assert read_values(tomllib.loads(text)) == said


@given(st.integers(0, 2**32), values(), st.integers(2, 4))
@settings(max_examples=25, deadline=None)
def test_changes_turn_the_order_where_they_say(seed: int, said: Values, n: int) -> None:
    rng = np.random.default_rng(seed)
    low = np.array([min(one.best, one.worst) for one in CRITERIA])
    span = np.array([one.range for one in CRITERIA])
    centre = low + span * rng.random((1, n, len(CRITERIA)))
    levels = centre + 0.05 * span * rng.standard_normal((S, n, len(CRITERIA)))
    weighing = weigh(levels, said, options=[f"option {i}" for i in range(n)], rng=np.random.default_rng(seed))
    assert weighing.result is not None
    assert weighing.weights is not None
    for change in explain(weighing).changes:
        assert change.new_order[0] != weighing.result.order[0]
        if change.kind == "outcome":
            assert change.option is not None
            again = weighing.levels.copy()
            again[:, change.option, change.criterion] += change.after - change.before
            found = acceptability(partial_values(again, weighing.criteria), weighing.weights.draws)
            assert found.order == change.new_order
            # a touch less, and the present first option stays first
            again[:, change.option, change.criterion] -= (change.after - change.before) * 0.05
            near = acceptability(partial_values(again, weighing.criteria), weighing.weights.draws)
            assert near.order[0] == weighing.result.order[0] or abs(change.after - change.before) < 1e-9
