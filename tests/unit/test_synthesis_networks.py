"""Networks from rows: zero cells, several arms, merging, pieces, and every error."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.synthesis import (
    Network,
    Trial,
    fit,
    mantel_haenszel,
    network_from_arms,
    network_from_contrasts,
    rank_draws,
    read_network,
    split_contrast,
)
from equipoise.synthesis.mantel_haenszel import generalised_mantel_haenszel
from equipoise.vocabulary.errors import EvidenceError, NetworkError, NotEstimableError, ShapeError, UnknownTermError
from equipoise.vocabulary.measures import Measure


def two_arm(study: str, treatment: str, reference: str, estimate: float = -0.2, se: float = 0.1) -> Trial:
    return Trial(study, (reference, treatment), np.array([estimate]), np.array([[se**2]]))


def network_of(*trials: Trial, reference: str = "") -> Network:
    return Network(trials, Measure.RATE_RATIO, reference)


def test_a_network_in_pieces_is_refused_with_the_pieces_named() -> None:
    network = network_of(two_arm("1", "b", "a"), two_arm("2", "c", "b"), two_arm("3", "y", "x"))
    with pytest.raises(NetworkError) as caught:
        fit(network)
    message = str(caught.value)
    assert "the network is in 2 pieces" in message
    assert "piece 1: a, b, c" in message
    assert "piece 2: x, y" in message
    assert "Try:" in message


def test_pieces_can_be_fitted_one_by_one() -> None:
    network = network_of(two_arm("1", "b", "a"), two_arm("3", "y", "x"), reference="b")
    first, second = network.split()
    assert (first.treatments, first.reference) == (("a", "b"), "b")
    assert (second.treatments, second.reference) == (("x", "y"), "x")
    assert fit(second).contrast("y", "x").estimate == pytest.approx(-0.2)


def test_a_tree_of_single_trials_has_no_heterogeneity_to_estimate() -> None:
    fitted = fit(network_of(two_arm("1", "b", "a"), two_arm("2", "c", "a")))
    assert (fitted.tau2, fitted.i2, fitted.q_p, fitted.pi_half_width) == (None, None, None, None)
    assert "cannot be estimated" in fitted.notes[0]
    assert fitted.contrast("b", "a").pi_low is None
    split = split_contrast(fitted, "b", "a")
    assert split.share_direct == pytest.approx(1.0)
    assert split.difference is None
    assert "all evidence is direct" in split.note


def test_every_cell_of_the_league_table_names_both_sides() -> None:
    league = fit(network_of(two_arm("1", "b", "a"))).league_table()
    assert league[0] == ("", "a versus b: 1.22 (1.00 to 1.49)")
    assert league[1] == ("b versus a: 0.82 (0.67 to 1.00)", "")


def test_unknown_names_are_refused() -> None:
    network = network_of(two_arm("1", "b", "a"))
    with pytest.raises(UnknownTermError, match="treatment called 'z'"):
        network.with_reference("z")
    with pytest.raises(UnknownTermError, match="trial called '9'"):
        network.without(["9"])
    with pytest.raises(UnknownTermError, match="treatment called 'z'"):
        fit(network).contrast("a", "z")
    with pytest.raises(UnknownTermError, match="model called"):
        fit(network, model="fixed")  # type: ignore[arg-type]
    with pytest.raises(UnknownTermError, match="splitting"):
        split_contrast(fit(network), "a", "b", method="side")  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="between 0 and 1"):
        fit(network, level=95)
    with pytest.raises(NotEstimableError, match="cannot be negative"):
        fit(network, tau2=-1.0)


@pytest.mark.parametrize(
    ("arms", "estimates", "covariance", "error", "words"),
    [
        (("a",), [], [[]], ShapeError, "at least two arms"),
        (("a", "b"), [0.1, 0.2], [[1.0]], ShapeError, "one estimate for each arm"),
        (("a", "b"), [0.1], [[1.0, 0.0], [0.0, 1.0]], ShapeError, "covariance of shape"),
        (("a", "a"), [0.1], [[1.0]], NetworkError, "same treatment in two arms"),
        (("a", "b"), [math.nan], [[1.0]], NotEstimableError, "missing or infinite"),
        (("a", "b"), [0.1], [[0.0]], NotEstimableError, "not all its variances are positive"),
    ],
)
def test_a_trial_that_cannot_be_is_refused(
    arms: tuple[str, ...], estimates: list[float], covariance: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        Trial("t", arms, np.array(estimates), np.array(covariance))


def test_networks_need_trials_with_names_of_their_own() -> None:
    with pytest.raises(ShapeError, match="at least one trial"):
        network_of()
    with pytest.raises(NetworkError, match="two trials have the same name: 1"):
        network_of(two_arm("1", "b", "a"), two_arm("1", "c", "a"))


# ---------------------------------------------------------------- arms


def test_arms_in_any_order_give_the_same_trial() -> None:
    forward = network_from_arms("rate-ratio", ["s", "s"], ["a", "b"], events=[10, 5], person_time=[100, 90])
    backward = network_from_arms("rate-ratio", ["s", "s"], ["b", "a"], events=[5, 10], person_time=[90, 100])
    assert forward.trials[0].treatments == backward.trials[0].treatments
    assert forward.trials[0].estimates == backward.trials[0].estimates == pytest.approx(math.log((5 / 90) / (10 / 100)))


def test_contrasts_that_share_an_arm_share_its_variance() -> None:
    network = network_from_arms("rate-ratio", ["s"] * 3, ["a", "b", "c"], events=[10, 5, 4], person_time=[9, 9, 9])
    assert network.trials[0].covariance == pytest.approx(np.array([[0.3, 0.1], [0.1, 0.35]]))


def test_log_hazards_of_arms_give_hazard_ratios() -> None:
    network = network_from_arms("hazard-ratio", ["s", "s"], ["a", "b"], log_hazard=[-1.0, -1.5], se=[0.3, 0.4])
    assert network.trials[0].estimates[0] == pytest.approx(-0.5)
    assert network.trials[0].covariance[0, 0] == pytest.approx(0.25)


def test_standardised_means_of_three_arms_use_one_pooled_deviation() -> None:
    network = network_from_arms(
        "standardised-mean-difference", ["s"] * 3, ["a", "b", "c"], mean=[1, 2, 3], sd=[2, 2, 2], n=[9, 16, 25]
    )
    trial = network.trials[0]
    factor = math.exp(math.lgamma(47 / 2) - math.lgamma(46 / 2)) / math.sqrt(47 / 2)
    assert trial.estimates == pytest.approx([factor / 2, factor])
    assert trial.covariance[0, 1] == pytest.approx(1 / 9 + factor**2 / 2 / (2 * 50))


def test_only_the_pair_with_a_zero_cell_is_corrected_in_a_trial_of_three_arms() -> None:
    network = network_from_arms("odds-ratio", ["s"] * 3, ["a", "b", "c"], events=[0, 5, 9], n=[50, 50, 50])
    (trial,) = network.trials
    spread = trial.covariance[0, 0] + trial.covariance[1, 1] - 2 * trial.covariance[0, 1]
    assert spread == pytest.approx(1 / 5 + 1 / 45 + 1 / 9 + 1 / 41)
    assert trial.covariance[0, 0] == pytest.approx(1 / 0.5 + 1 / 50.5 + 1 / 5.5 + 1 / 45.5)
    assert "pairs of arms with a zero cell in the trial: s" in network.notes[0]


def test_a_trial_of_three_arms_with_two_empty_ones_is_corrected_throughout() -> None:
    network = network_from_arms("odds-ratio", ["s"] * 3, ["a", "b", "c"], events=[0, 0, 9], n=[50, 40, 50])
    assert network.trials[0].estimates[1] == pytest.approx(math.log(9.5 / 41.5) - math.log(0.5 / 50.5))
    assert "each cell of the trial with a zero cell: s" in network.notes[0]


def test_trials_without_events_are_left_out_and_listed() -> None:
    rows = ["s", "s", "t", "t", "u"]
    network = network_from_arms(
        "odds-ratio", rows, ["a", "b", "a", "b", "a"], events=[0, 0, 3, 4, 1], n=[9, 9, 9, 9, 9]
    )
    assert [trial.study for trial in network.trials] == ["t"]
    assert any("no events" in note and note.endswith(": s.") for note in network.notes)
    assert any("one arm compares nothing: u" in note for note in network.notes)


def test_trials_with_a_zero_cell_can_be_dropped() -> None:
    network = network_from_arms(
        "odds-ratio", ["s", "s", "t", "t"], ["a", "b"] * 2, events=[0, 2, 3, 4], n=[9] * 4, zero_cells="drop"
    )
    assert network.notes == ("Left out, because it has a zero cell, as asked: s.",)


def test_nothing_left_is_said_with_the_reasons() -> None:
    with pytest.raises(NotEstimableError, match=r"no trial is left(.|\n)*no events"):
        network_from_arms("odds-ratio", ["s", "s"], ["a", "b"], events=[0, 0], n=[9, 9])


def test_merged_doses_are_added_together_and_said() -> None:
    network = network_from_arms(
        "odds-ratio",
        ["s"] * 3,
        ["drug 10", "drug 20", "placebo"],
        events=[3, 4, 5],
        n=[20, 30, 40],
        merge={"drug 10": "drug", "drug 20": "drug"},
    )
    assert network.treatments == ("drug", "placebo")
    assert network.trials[0].estimates[0] == pytest.approx(math.log(5 / 35) - math.log(7 / 43))
    assert network.notes == ("'drug 10' is counted as 'drug', as asked.", "'drug 20' is counted as 'drug', as asked.")


def test_merged_means_are_those_of_all_people_together() -> None:
    people = np.array([1.0, 2.0, 3.0, 7.0, 8.0])
    first, second = people[:3], people[3:]
    network = network_from_arms(
        "mean-difference",
        ["s"] * 3,
        ["x", "y", "z"],
        mean=[first.mean(), second.mean(), 0.0],
        sd=[first.std(ddof=1), second.std(ddof=1), 1.0],
        n=[3, 2, 10],
        merge={"x": "xy", "y": "xy"},
    )
    assert -network.trials[0].estimates[0] == pytest.approx(people.mean())
    assert network.trials[0].covariance[0, 0] == pytest.approx(people.var(ddof=1) / 5 + 1 / 10)


def test_arm_errors() -> None:
    with pytest.raises(NetworkError, match="2 arms called 'a'"):
        network_from_arms("odds-ratio", ["s"] * 3, ["a", "a", "b"], events=[1, 2, 3], n=[9, 9, 9])
    with pytest.raises(NetworkError, match="log hazards cannot"):
        network_from_arms(
            "hazard-ratio", ["s"] * 3, ["a", "b", "c"], log_hazard=[1, 2, 3], se=[1, 1, 1], merge={"a": "b"}
        )
    with pytest.raises(ShapeError, match="there is no person_time"):
        network_from_arms("rate-ratio", ["s", "s"], ["a", "b"], events=[1, 2])
    with pytest.raises(ShapeError, match="differ in length"):
        network_from_arms("rate-ratio", ["s", "s"], ["a", "b"], events=[1, 2], person_time=[3.0])
    with pytest.raises(NotEstimableError, match="more events than people in: s"):
        network_from_arms("odds-ratio", ["s", "s"], ["a", "b"], events=[10, 2], n=[9, 9])
    with pytest.raises(UnknownTermError, match="measure of effect called 'rate'"):
        network_from_arms("rate", ["s", "s"], ["a", "b"], events=[1, 2], person_time=[3.0, 4.0])
    with pytest.raises(NotEstimableError, match="log hazard is missing"):
        network_from_arms("hazard-ratio", ["s", "s"], ["a", "b"], log_hazard=[math.nan, 1], se=[1, 1])


# ---------------------------------------------------------------- contrasts

THREE = (["s"] * 3, ["b", "c", "c"], ["a", "a", "b"], [-0.2, -0.5, -0.3])


def test_all_pairs_of_a_trial_give_its_covariance() -> None:
    arm = {"a": 0.04, "b": 0.05, "c": 0.06}
    se = [math.sqrt(arm[x] + arm[y]) for x, y in (("b", "a"), ("c", "a"), ("c", "b"))]
    (trial,) = network_from_contrasts("rate-ratio", *THREE, se).trials
    assert trial.covariance == pytest.approx(np.array([[0.09, 0.04], [0.04, 0.10]]))


def test_an_impossible_covariance_is_repaired_and_explained() -> None:
    network = network_from_contrasts("rate-ratio", *THREE, [0.1, 0.4, 0.25])
    assert "cannot all be right" in network.notes[0]
    assert np.linalg.eigvalsh(network.trials[0].covariance)[0] > 0
    assert np.isfinite(fit(network).se).all()


def test_contrasts_that_do_not_add_up_are_said() -> None:
    network = network_from_contrasts("rate-ratio", *THREE[:3], [-0.2, -0.5, -0.1], [0.3, 0.3, 0.3])
    assert "do not add up" in network.notes[0]
    b, c = network.trials[0].estimates
    assert (b, c) == pytest.approx((-0.2 - 0.2 / 3, -0.5 + 0.2 / 3))  # least squares spreads the gap evenly


def test_contrasts_against_one_arm_need_its_variance() -> None:
    rows = (["s", "s"], ["b", "c"], ["a", "a"], [-0.2, -0.5], [0.3, 0.3])
    with pytest.raises(NotEstimableError, match=r"add a column 'covariance' with the variance of the arm 'a'"):
        network_from_contrasts("rate-ratio", *rows)
    (trial,) = network_from_contrasts("rate-ratio", *rows, covariance=[0.04, math.nan]).trials
    assert trial.covariance[0, 1] == pytest.approx(0.04)
    with pytest.raises(NotEstimableError, match="from zero to less than the smallest"):
        network_from_contrasts("rate-ratio", *rows, covariance=[0.09, 0.09])
    with pytest.raises(NotEstimableError, match="different values in its column 'covariance'"):
        network_from_contrasts("rate-ratio", *rows, covariance=[0.01, 0.02])


def test_the_direction_in_which_a_contrast_is_given_is_of_no_matter() -> None:
    there = network_from_contrasts(
        "rate-ratio", ["s", "s"], ["a", "c"], ["b", "a"], [0.2, -0.5], [0.3, 0.3], covariance=[0.04, 0.04]
    )
    assert there.trials[0].treatments == ("a", "b", "c")
    assert there.trials[0].estimates == pytest.approx([-0.2, -0.5])


def test_contrast_errors() -> None:
    with pytest.raises(NotEstimableError, match="do not share one arm"):
        network_from_contrasts("rate-ratio", ["s"] * 2, ["a", "c"], ["b", "d"], [0.1, 0.2], [0.1, 0.1])
    with pytest.raises(NetworkError, match="compares 'a' with itself"):
        network_from_contrasts("rate-ratio", ["s"], ["a"], ["a"], [0.1], [0.1])
    with pytest.raises(NetworkError, match="twice"):
        network_from_contrasts("rate-ratio", ["s", "s"], ["a", "b"], ["b", "a"], [0.1, -0.1], [0.1, 0.1])
    with pytest.raises(ShapeError, match="differ in length"):
        network_from_contrasts("rate-ratio", ["s"], ["a"], ["b"], [0.1], [0.1, 0.2])
    with pytest.raises(NotEstimableError, match="standard error is missing or not positive in: s"):
        network_from_contrasts("rate-ratio", ["s"], ["a"], ["b"], [0.1], [0.0])
    with pytest.raises(NotEstimableError, match="estimate is missing"):
        network_from_contrasts("rate-ratio", ["s"], ["a"], ["b"], [math.nan], [0.1])


# ---------------------------------------------------------------- tables


class Frame:
    """As much of a dataframe as is asked for."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self._columns = columns

    @property
    def columns(self) -> list[str]:
        return list(self._columns)

    def __getitem__(self, name: str) -> list[Any]:
        return self._columns[name]


def test_file_mapping_and_dataframe_give_the_same_network(tmp_path: Path) -> None:
    table: dict[str, list[Any]] = {"study": ["s", "s"], "treatment": ["a", "b"], "events": [3, 4], "n": [20, 30]}
    path = tmp_path / "arms.csv"
    path.write_text("study,treatment,events,n\ns,a,3,20\ns,b,4,30\n")
    networks = [read_network(source, "odds-ratio") for source in (path, str(path), table, Frame(table))]
    assert len({float(network.trials[0].estimates[0]) for network in networks}) == 1


def test_contrast_tables_with_and_without_covariance() -> None:
    table: dict[str, list[Any]] = {
        "study": ["s", "s", "t"],
        "treatment": ["b", "c", "b"],
        "reference": ["a", "a", "a"],
        "estimate": [-0.2, -0.5, -0.1],
        "se": [0.3, 0.3, 0.2],
        "covariance": [0.04, None, ""],
    }
    network = read_network(table, Measure.HAZARD_RATIO, reference="a")
    assert network.trials[0].covariance[0, 1] == pytest.approx(0.04)
    assert network.reference == "a"


@pytest.mark.parametrize(
    ("column", "cells", "words"),
    [
        ("events", ["3", "many"], r"row 2, column events: the cell is not a number(.|\n)*found:   many"),
        ("events", ["3", ""], "row 2, column events: the cell is empty"),
        ("study", ["s", None], "row 2, column study: the cell is empty"),
        ("events", None, "column events: there is no column 'events'"),
    ],
)
def test_unreadable_cells_are_named_by_row_and_column(column: str, cells: list[Any] | None, words: str) -> None:
    table: dict[str, list[Any]] = {"study": ["s", "s"], "treatment": ["a", "b"], "events": [3, 4], "n": [20, 30]}
    if cells is None:
        del table[column]
    else:
        table[column] = cells
    with pytest.raises(EvidenceError, match=words):
        read_network(table, "odds-ratio")


# ---------------------------------------------------------------- Mantel-Haenszel and ranks


def test_two_arms_give_the_mantel_haenszel_odds_ratio() -> None:
    events, people = np.array([[4.0, 11.0], [6.0, 29.0]]), np.array([[123.0, 139.0], [306.0, 303.0]])
    others, total = people - events, people.sum(axis=1)
    estimates, _ = generalised_mantel_haenszel(events, people)
    by_hand = np.sum(events[:, 1] * others[:, 0] / total) / np.sum(events[:, 0] * others[:, 1] / total)
    assert estimates[0] == pytest.approx(math.log(by_hand))


def test_mantel_haenszel_lists_what_it_leaves_out() -> None:
    fitted = mantel_haenszel(
        ["s", "s", "t", "t", "u", "u", "v"], ["a", "b", "a", "b", "a", "c", "a"], [0, 0, 3, 4, 2, 0, 1], [9] * 7
    )
    assert fitted.treatments == ("a", "b")
    assert len(fitted.notes) == 4


def test_mantel_haenszel_errors() -> None:
    with pytest.raises(NotEstimableError, match="no design has two arms with events"):
        mantel_haenszel(["s", "s"], ["a", "b"], [0, 3], [9, 9])
    with pytest.raises(NotEstimableError, match="both ways"):
        mantel_haenszel(["s", "s", "t", "t"], ["a", "b", "a", "b"], [3, 9, 0, 4], [9, 9, 9, 9])
    with pytest.raises(NetworkError, match="two arms called 'a'"):
        mantel_haenszel(["s", "s"], ["a", "a"], [1, 3], [9, 9])
    with pytest.raises(ShapeError, match="differ in length"):
        mantel_haenszel(["s", "s"], ["a", "b"], [1, 3], [9])


def test_rank_probabilities_count_draws() -> None:
    draws = np.array([[0.0, -1.0, 1.0], [0.0, -1.0, 1.0], [0.0, 1.0, -1.0], [0.0, -2.0, -1.0]])
    ranks = rank_draws(("a", "b", "c"), draws, smaller_is_better=True)
    assert ranks.probabilities.tolist() == [[0.0, 0.75, 0.25], [0.75, 0.0, 0.25], [0.25, 0.25, 0.5]]
    assert ranks.sucra["b"] == pytest.approx(0.75)
    assert ranks.mean_rank["b"] == pytest.approx(1.5)
    assert ranks.rank_interval("a") == (2, 2, 3)
    with pytest.raises(ShapeError, match="do not fit 2 treatments"):
        rank_draws(("a", "b"), draws, smaller_is_better=True)


def test_one_degree_of_freedom_gives_no_prediction_interval() -> None:
    loop = network_of(two_arm("1", "b", "a"), two_arm("2", "c", "a", -0.4), two_arm("3", "c", "b", 0.3))
    fitted = fit(loop)
    assert fitted.q_df == 1
    assert fitted.contrast("b", "a").pi_high is None
    assert "two degrees of freedom" in fitted.pi_rule


def test_the_note_on_a_corrected_pair_of_arms_names_the_trial() -> None:
    network = network_from_arms("odds-ratio", ["s", "s"], ["a", "b"], events=[0, 2], n=[9, 9])
    assert network.notes == ("0.5 was added to each cell of the trial with a zero cell: s.",)
