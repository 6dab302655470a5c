"""How long weighing takes, against plain Python loops and against whole arrays as the R package smaa writes them.

Run it on a quiet machine: ``python benchmarks/bench_decision.py``. It prints the median of several runs, ratios within
the same run, and the promise. Both baselines do less: neither counts pairs nor confidence factors. It is no test: a
busy machine is no fault.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from equipoise.decision import (
    CRITERIA,
    TradeOff,
    TradeOffAnswer,
    Values,
    acceptability,
    explain,
    region,
    sample_weights,
)
from equipoise.decision import weigh as weigh_options
from equipoise.decision.criteria import Criterion
from equipoise.decision.hit_and_run import hit_and_run
from equipoise.decision.ordered_weights import ordered_weights

Array = npt.NDArray[np.float64]
RUNS = 5
# Plain loops are timed on fewer worlds and scaled up; their time is proportional to the number of worlds.
LOOPED = 5_000


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median wall time of a function."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def plain_python(scores: Array, weights: Array) -> list[list[float]]:
    """Rank acceptabilities by loops over lists."""
    values, options = scores.tolist(), scores.shape[1]
    counts = [[0] * options for _ in range(options)]
    for world, w in zip(values, weights.tolist(), strict=True):
        total = [sum(a * b for a, b in zip(row, w, strict=True)) for row in world]
        for option in range(options):
            counts[option][sum(other > total[option] for other in total)] += 1
    return [[count / len(values) for count in row] for row in counts]


def whole_arrays(scores: Array, weights: Array) -> tuple[Array, Array]:
    """Values, ranks, acceptabilities and central weights in passes over whole arrays, as R's smaa does its steps."""
    values = (scores * weights[:, None, :]).sum(axis=2)
    ranks = (values[:, None, :] > values[:, :, None]).sum(axis=2)
    shares = np.stack([(ranks == rank).mean(axis=0) for rank in range(scores.shape[1])], axis=1)
    central = np.stack([weights[ranks[:, option] == 0].mean(axis=0) for option in range(scores.shape[1])])
    return shares, central


def sorted_weights(n: int, criteria: int, rng: np.random.Generator) -> Array:
    """Ordinal weights by sorting uniform numbers and taking their gaps, then sorting those."""
    edges = np.sort(rng.random((n, criteria - 1)), axis=1)
    gaps = np.diff(np.concatenate([np.zeros((n, 1)), edges, np.ones((n, 1))], axis=1), axis=1)
    return -np.sort(-gaps, axis=1)


def whole_analysis(worlds: int, options: int, criteria: int) -> None:
    """Print one line: weights from a complete order, and counting."""
    rng = np.random.default_rng(1)
    scores = rng.random((worlds, options, criteria))
    compared = [Criterion(f"c{i}", f"C{i}", "?", "points", 0.0, 1.0, "made up") for i in range(criteria)]
    bounds = region(Values(order=tuple((one.id,) for one in compared)), compared)
    weights = ordered_weights(bounds, worlds, rng)
    ours = seconds(lambda: acceptability(scores, sample_weights(bounds, worlds, rng).draws))
    arrays = seconds(lambda: whole_arrays(scores, sorted_weights(worlds, criteria, rng)), runs=3)
    few = min(LOOPED, worlds)
    loops = seconds(lambda: plain_python(scores[:few], weights[:few]), runs=3) * worlds / few
    name = f"{worlds:,} worlds, {options} x {criteria}, order"
    print(f"{name:44}{ours:9.3f}s{arrays / ours:10.1f}{loops / ours:10.0f}{1.0 if worlds > 1e5 else 0.05:9.2f}s")


def main() -> None:
    """Print the tables."""
    print(f"{'weights and counting':44}{'median':>10}{'arrays':>10}{'loops':>10}{'promise':>10}")
    for worlds, options, criteria in ((1_000_000, 2, 12), (1_000_000, 5, 6), (4_000, 20, 12)):
        whole_analysis(worlds, options, criteria)
    rng = np.random.default_rng(2)
    said = Values(
        matters=("relapses", "disability-worsening"),
        order=(("disability-worsening",), ("relapses",)),
        trade_offs=(TradeOff("relapses", 1, "tests-and-visits", 12, TradeOffAnswer.YES),),
    )
    span = np.array([abs(one.best - one.worst) for one in CRITERIA])
    print(f"\n{'4,000 draws, 12 criteria, one trade-off':44}{'median':>10}")
    for options in (2, 20):
        levels = rng.random((4_000, options, len(CRITERIA))) * span
        names = [f"option {i}" for i in range(options)]

        def weigh(levels: Array = levels, names: list[str] = names) -> object:
            return weigh_options(levels, said, options=names, rng=np.random.default_rng(3))

        done = weigh_options(levels, said, options=names, rng=np.random.default_rng(3))
        print(f"{f'weigh {options} options':44}{seconds(weigh):9.4f}s")
        print(f"{f'explain {options} options':44}{seconds(lambda done=done: explain(done)):9.4f}s")  # type: ignore[misc]
    bounds = region(said, CRITERIA)
    around = ordered_weights(bounds, 100_000, rng)
    walked = seconds(lambda: hit_and_run(bounds, 4_000, np.random.default_rng(4), around=around), runs=3)
    print(f"{'4,000 weights by hit-and-run':44}{walked:9.4f}s")
    print(f"{'4,000 weights by keeping':44}{seconds(lambda: sample_weights(bounds, 4_000, rng)):9.4f}s")


if __name__ == "__main__":
    main()
