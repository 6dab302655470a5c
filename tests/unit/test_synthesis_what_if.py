"""Every change of the analysis in one table: rows, their words, what cannot be estimated, and every error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from equipoise.synthesis import Network, Trial, fit
from equipoise.synthesis.bayes import posterior
from equipoise.synthesis.priors import TauPrior, half_normal
from equipoise.synthesis.usual_priors import usual_priors
from equipoise.synthesis.what_if import WhatIf, what_if, what_if_bayes
from equipoise.vocabulary.errors import NetworkError, RequestError, ShapeError, UnknownTermError
from equipoise.vocabulary.measures import Measure
from tests.support.strategies_synthesis import networks


def two_arm(study: str, treatment: str, reference: str, estimate: float, se: float = 0.1) -> Trial:
    return Trial(study, (reference, treatment), np.array([estimate]), np.array([[se**2]]))


TRIANGLE = Network(
    (
        two_arm("1", "b", "a", -0.2),
        two_arm("2", "b", "a", -0.5),
        two_arm("3", "c", "a", -0.4),
        two_arm("4", "c", "b", 0.1),
        two_arm("5", "d", "c", 0.1),
    ),
    Measure.RATE_RATIO,
    "a",
)


def row(rows: tuple[WhatIf, ...], changed: str) -> WhatIf:
    return next(found for found in rows if found.changed == changed)


def test_one_row_for_every_change() -> None:
    rows = what_if(TRIANGLE, "b", "a")
    kinds = [found.kind for found in rows]
    counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    expected = {"base": 1, "without-trial": 5, "without-treatment": 2, "model": 1, "tau2-method": 3, "prior": 4}
    assert counts == expected


def test_rows_are_what_the_single_analyses_say() -> None:
    rows = what_if(TRIANGLE, "b", "a", tau2_method="dl", priors=[half_normal(0.5)])
    base = fit(TRIANGLE, tau2_method="dl")
    rest = fit(TRIANGLE.without(["2"]), tau2_method="dl")
    without = row(rows, "without trial 2")
    assert rows[0].estimate == base.contrast("b", "a").estimate
    assert (without.estimate, without.tau2) == (rest.contrast("b", "a").estimate, rest.tau2)
    assert without.shift == pytest.approx(rest.effects[1, 0] - base.effects[1, 0])
    common = row(rows, "with the common-effect model")
    assert common.tau2 == 0
    assert common.low == fit(TRIANGLE, model="common").contrast("b", "a").ci_low
    under = rows[-1]
    assert under.estimate == posterior(TRIANGLE, half_normal(0.5)).contrast("b", "a").median
    reml = row(rows, "with tau2 by REML")
    assert reml.tau2 == fit(TRIANGLE, tau2_method="reml").tau2


def test_a_posterior_is_changed_one_thing_at_a_time() -> None:
    rows = what_if_bayes(TRIANGLE, "b", "a", prior=half_normal(0.3))
    kinds = [found.kind for found in rows]
    counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    assert counts == {"base": 1, "without-trial": 5, "without-treatment": 2, "prior": 4}
    base = posterior(TRIANGLE, half_normal(0.3)).contrast("b", "a")
    rest = posterior(TRIANGLE.without(["2"]), half_normal(0.3)).contrast("b", "a")
    assert (rows[0].estimate, rows[0].low, rows[0].high) == (base.median, base.cri_low, base.cri_high)
    without = row(rows, "without trial 2")
    assert (without.estimate, without.low) == (rest.median, rest.cri_low)
    assert without.shift == pytest.approx(rest.median - base.median)


def test_the_prior_of_a_posterior_is_not_swapped_for_itself() -> None:
    default = what_if_bayes(TRIANGLE, "b", "a")
    assert [found.changed for found in default if found.kind == "prior"] == [
        "under the prior tau ~ half-normal(0.25)",
        "under the prior tau ~ half-normal(1)",
        "under the prior tau ~ half-Cauchy(0.5)",
    ]
    assert [found.kind for found in what_if_bayes(TRIANGLE, "b", "a", priors=[])].count("prior") == 0
    with pytest.raises(RequestError, match="against itself"):
        what_if_bayes(TRIANGLE, "b", "b")


def test_rows_rest_on_the_inference_of_the_base() -> None:
    rows = what_if(TRIANGLE, "b", "a", inference="hartung-knapp", priors=[])
    found = fit(TRIANGLE.without(["2"]), tau2_method="reml", inference="hartung-knapp").contrast("b", "a")
    assert row(rows, "without trial 2").low == found.ci_low


def test_rows_are_sentences_on_the_ratio_scale() -> None:
    rows = what_if(TRIANGLE, "b", "a", priors=())
    base, without = rows[0], row(rows, "without trial 2")
    assert base.estimate is not None
    assert without.estimate is not None
    assert base.sentence.startswith(f"As analysed: b versus a {math.exp(base.estimate):.2f} (")
    assert without.sentence.startswith(f"Without trial 2: b versus a {math.exp(without.estimate):.2f} (")
    assert f"instead of {math.exp(base.estimate):.2f}" in without.sentence


def test_an_interval_that_gains_or_loses_no_difference_is_said() -> None:
    network = Network((two_arm("1", "b", "a", -0.1), two_arm("2", "b", "a", -0.9, 0.2)), Measure.MEAN_DIFFERENCE)
    rows = what_if(network, "b", "a", model="common", priors=())
    assert row(rows, "without trial 2").turns
    assert row(rows, "without trial 2").sentence.endswith("the interval now includes no difference.")
    assert not row(rows, "without trial 1").turns
    back = what_if(network, "b", "a", model="random", tau2_method="dl", priors=())
    assert row(back, "with the common-effect model").sentence.endswith("the interval now excludes no difference.")


def test_what_breaks_the_contrast_is_a_row_with_a_reason() -> None:
    broken = row(what_if(TRIANGLE, "d", "a", priors=()), "without trial 5")
    assert (broken.estimate, broken.low, broken.shift, broken.turns) == (None, None, None, False)
    assert broken.sentence == ("Without trial 5: d versus a cannot be estimated: no trials join d and a any more.")
    alone = Network((two_arm("1", "b", "a", -0.1),), Measure.RATE_RATIO)
    assert "no trial remains" in row(what_if(alone, "b", "a", priors=()), "without trial 1").sentence


def test_a_network_that_falls_apart_is_answered_from_the_piece_with_both() -> None:
    """Without trial 3 the piece of c and d is cut off; b versus a stands."""
    chain = Network(TRIANGLE.trials[:3] + TRIANGLE.trials[4:], Measure.RATE_RATIO, "a")
    cut = row(what_if(chain, "d", "c", priors=()), "without trial 3")
    assert cut.estimate == pytest.approx(0.1)


def test_a_prior_without_a_posterior_is_a_row_with_a_reason() -> None:
    hopeless = TauPrior("tau ~ flat", lambda tau: np.zeros(tau.shape), 1.0)
    alone = Network((two_arm("1", "b", "a", -0.1),), Measure.RATE_RATIO)
    found = what_if(alone, "b", "a", priors=[hopeless])[-1]
    assert found.estimate is None
    assert "no end" in found.reason


def test_the_common_effect_model_has_no_other_estimators() -> None:
    rows = what_if(TRIANGLE, "b", "a", model="common", priors=())
    assert [found.changed for found in rows if found.kind == "model"] == ["with the random-effects model"]
    assert not [found for found in rows if found.kind == "tau2-method"]


def test_usual_priors_are_on_the_scale_of_the_measure() -> None:
    names = [prior.name for prior in usual_priors(TRIANGLE)]
    assert names[1:] == ["tau ~ half-normal(0.5)", "tau ~ half-normal(1)", "tau ~ half-Cauchy(0.5)"]


def test_errors() -> None:
    with pytest.raises(UnknownTermError, match="treatment called 'z'"):
        what_if(TRIANGLE, "z", "a")
    with pytest.raises(RequestError, match="against itself"):
        what_if(TRIANGLE, "a", "a")
    with pytest.raises(ShapeError, match="between 0 and 1"):
        what_if(TRIANGLE, "b", "a", level=95)
    pieces = Network((two_arm("1", "b", "a", 0.1), two_arm("2", "d", "c", 0.1)), Measure.RATE_RATIO)
    with pytest.raises(NetworkError, match="2 pieces"):
        what_if(pieces, "b", "a")


@settings(max_examples=25, deadline=None)
@given(networks(min_treatments=3))
def test_turning_the_contrast_turns_every_row(network: Network) -> None:
    first, second = network.treatments[:2]
    there = what_if(network, first, second, model="common", priors=())
    back = what_if(network, second, first, model="common", priors=())
    for one, other in zip(there, back, strict=True):
        assert (one.kind, one.changed, one.turns) == (other.kind, other.changed, other.turns)
        if one.estimate is None or other.estimate is None or one.low is None:
            assert one.estimate is other.estimate
        else:
            assert one.estimate == pytest.approx(-other.estimate, abs=1e-8)
            assert one.low == pytest.approx(-(other.high or 0.0), abs=1e-8)
