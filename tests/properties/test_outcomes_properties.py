"""What must hold for whoever asks: monotone in relapses, wider where unknown, exact where nothing differs."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.evidence import Evidence, load_evidence
from equipoise.outcomes.baseline import METHODS, OWN_RELAPSES, SWISS
from equipoise.outcomes.dispersion import dispersion_posterior
from equipoise.outcomes.draws import Array, RelativeEffects
from equipoise.outcomes.expectations import Expectations, expect
from equipoise.outcomes.level import level_of
from equipoise.outcomes.negative_binomial import dispersion_from, expected_events, share_without_event
from equipoise.outcomes.streams import Streams
from equipoise.person import EarlierTreatment, Person, Sex, Walking
from tests.support.outcome_cases import ALEMTUZUMAB, ANNA, INTERFERON, PAIR, RATES, RELAPSED, but, effects

FEW = 400
EXAMPLES = settings(max_examples=60, deadline=None)

histories = st.sampled_from([None, (), RELAPSED, (EarlierTreatment("x", relapsed=False),)])
maybe = st.none() | st.integers(0, 5)
persons = st.builds(
    Person,
    age=st.none() | st.integers(18, 50),
    sex=st.none() | st.sampled_from(Sex),
    years_since_onset=st.none() | st.floats(0, 30),
    relapses_12_months=maybe,
    relapses_24_months=maybe,
    months_since_relapse=st.none() | st.floats(0, 60),
    edss=st.none() | st.sampled_from([0.0, 1.0, 2.5, 3.0]),
    walking=st.none() | st.sampled_from([Walking.NO_SIGNS, Walking.NO_LIMIT]),
    enhancing_lesions=st.none() | st.booleans(),
    earlier_treatments=histories,
)


@functools.cache
def evidence() -> Evidence:
    return load_evidence()


@functools.cache
def usual(draws: int = FEW) -> dict[str, RelativeEffects]:
    return effects(draws=draws)


def asked(person: Person, *, seed: int = 1, draws: int = FEW, **more: Any) -> Expectations:
    return expect(
        person,
        more.pop("options", PAIR),
        evidence(),
        more.pop("with_effects", usual(draws)),
        seed=seed,
        draws=draws,
        **more,
    )


def rate(person: Person, method: str, *, seed: int = 1, draws: int = FEW) -> Array:
    return next(b.relapse_rate for b in asked(person, seed=seed, draws=draws).baselines if b.method == method)


@EXAMPLES
@given(person=persons, more=st.integers(1, 4), field=st.sampled_from(["relapses_12_months", "relapses_24_months"]))
def test_more_relapses_never_lower_the_baseline_in_any_draw(person: Person, more: int, field: str) -> None:
    few = getattr(person, field) or 0
    fewer, greater = (but(person, **{field: n}) for n in (few, few + more))
    for method in METHODS:
        assert np.all(rate(greater, method) >= rate(fewer, method) * (1 - 1e-12)), method


@EXAMPLES
@given(person=persons, months=st.floats(0, 60), sooner=st.floats(0, 60))
def test_a_more_recent_relapse_never_lowers_the_baseline_in_any_draw(
    person: Person, months: float, sooner: float
) -> None:
    early, late = sorted((months, sooner))
    recent, old = (but(person, months_since_relapse=m) for m in (early, late))
    for method in METHODS:
        assert np.all(rate(recent, method) >= rate(old, method) * (1 - 1e-12)), method


SWISS_FIELDS = [
    "age",
    "sex",
    "years_since_onset",
    "edss",
    "months_since_relapse",
    "earlier_treatments",
]


@pytest.mark.parametrize("field", SWISS_FIELDS)
@pytest.mark.parametrize("seed", [1, 2])
def test_unknown_widens_the_swiss_baseline(field: str, seed: int) -> None:
    """On the log scale of the rate and on the logit scale of the share."""
    unknown = but(ANNA, **{field: None})
    for scale in (np.log, lambda r: r):
        known_sd, unknown_sd = (_spread(person, seed, scale) for person in (ANNA, unknown))
        assert unknown_sd > known_sd


def _spread(person: Person, seed: int, scale: Any) -> float:
    baseline = asked(person, seed=seed, draws=20_000, with_effects=usual(20_000)).baselines[0]
    if scale is np.log:
        return float(np.log(baseline.relapse_rate).std())
    return float(np.log(baseline.any_relapse / (1 - baseline.any_relapse)).std())


def test_lesions_unknown_are_as_wide_as_known() -> None:
    """No trial reports a share, so half the participants are taken to have them: known or not, half a step away."""
    widths = {lesions: _spread(but(ANNA, enhancing_lesions=lesions), 1, np.log) for lesions in (True, False, None)}
    assert widths[None] == pytest.approx(max(widths.values()), rel=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_all_relapse_facts_unknown_widens(method: str) -> None:
    nothing = {"relapses_12_months": None, "relapses_24_months": None, "months_since_relapse": None}
    unknown = but(ANNA, **nothing)
    assert np.log(rate(unknown, method, draws=4000)).std() > np.log(rate(ANNA, method, draws=4000)).std()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("field", ["relapses_12_months", "relapses_24_months"])
def test_a_number_of_relapses_unknown_never_narrows(method: str, field: str) -> None:
    """Where another fact says what the model needs, not knowing it changes nothing."""
    known = but(ANNA, months_since_relapse=None)
    unknown = but(known, **{field: None})
    widths = [np.log(rate(person, method, draws=4000)).std() for person in (known, unknown)]
    assert widths[1] >= widths[0] * (1 - 1e-9)


def test_a_band_is_wider_than_a_measured_edss() -> None:
    band = but(ANNA, edss=None, walking=Walking.NO_LIMIT)
    assert _spread(band, 1, np.log) > _spread(ANNA, 1, np.log)


def test_nothing_known_gives_the_level_of_the_setting() -> None:
    nobody = Person(earlier_treatments=())
    swiss, own = (np.log(rate(nobody, method, draws=20_000)) for method in (SWISS, OWN_RELAPSES))
    level = np.log([0.36, 0.39]).mean()
    assert np.median(swiss) == pytest.approx(level, abs=0.06)
    assert np.exp(own).mean() == pytest.approx(np.exp(swiss).mean(), rel=0.1)


@EXAMPLES
@given(person=persons)
def test_a_rate_ratio_of_one_makes_no_difference_in_any_draw(person: Person) -> None:
    same = effects(0.0, 0.0, sd=0.0, draws=FEW)
    found = asked(person, with_effects=same)
    for outcome_id in ("relapses", "relapse-free", "confirmed-disability-worsening-6m"):
        for months in (12, 24):
            alem, ifn = found.on(outcome_id, months)[:2]
            assert np.array_equal(alem.draws, ifn.draws)


@EXAMPLES
@given(person=persons, seed=st.integers(0, 2**31))
def test_the_order_of_options_changes_no_bit(person: Person, seed: int) -> None:
    forwards, backwards = (asked(person, seed=seed, options=order) for order in (PAIR, PAIR[::-1]))
    keyed = {(o.option, o.outcome_id, o.horizon_months): o for o in backwards.outcomes}
    assert len(keyed) == len(forwards.outcomes)
    for one in forwards.outcomes:
        other = keyed[one.option, one.outcome_id, one.horizon_months]
        assert one.draws.tobytes() == other.draws.tobytes()
        assert one.provenance == other.provenance
    assert forwards.anchor == backwards.anchor


@EXAMPLES
@given(person=persons)
def test_shares_are_shares_and_relapses_agree_with_the_negative_binomial(person: Person) -> None:
    found = asked(person)
    k = found.baselines[0].dispersion
    for one in found.outcomes:
        assert one.draws.shape == (FEW,)
        assert np.all(np.isfinite(one.draws))
        assert np.all(one.draws >= 0)
        if one.outcome_id != "relapses":
            assert np.all(one.draws <= 1)
    for months in (12, 24):
        for counted, free in zip(found.on("relapses", months), found.on("relapse-free", months), strict=True):
            assert np.allclose(share_without_event(counted.draws, k), free.draws)
    for twelve, twenty_four in zip(found.on("relapses", 12), found.on("relapses", 24), strict=True):
        assert np.allclose(2 * twelve.draws, twenty_four.draws)


@EXAMPLES
@given(low=st.floats(-2, 2), by=st.floats(0, 2))
def test_a_lower_hazard_ratio_never_raises_worsening(low: float, by: float) -> None:
    less, more = (asked(ANNA, with_effects=effects(0.0, h, sd=0.0, draws=FEW)) for h in (low, low + by))
    for months in (12, 24):
        name = "confirmed-disability-worsening-6m"
        first, second = less.on(name, months)[0], more.on(name, months)[0]
        assert first.option == second.option == ALEMTUZUMAB
        assert np.all(first.draws <= second.draws)
        assert by < 1e-6 or np.all(first.draws < second.draws)


@given(expected=st.floats(0.001, 20), k=st.floats(1e-4, 50))
def test_share_and_expected_events_are_inverse(expected: float, k: float) -> None:
    share = share_without_event(expected, k)
    assert 0 < share < 1
    assert float(expected_events(share, k)) == pytest.approx(expected, rel=1e-6)


@given(expected=st.floats(0.2, 5), k=st.floats(0.05, 20))
def test_the_dispersion_is_found_again(expected: float, k: float) -> None:
    assert dispersion_from(expected, float(share_without_event(expected, k))) == pytest.approx(k, rel=1e-5)


# ---------------------------------------------------------------- recovery of a known truth


def test_recovery_of_the_dispersion() -> None:
    """Arms simulated from people: the interval of k holds the truth about as often as it says."""
    rng, truth, held = np.random.default_rng(4), 0.9, 0
    for _ in range(40):
        people, expected = 300, rng.uniform(0.5, 1.6, 10)
        counts = [rng.negative_binomial(1 / truth, 1 / (1 + truth * m), people) for m in expected]
        shares = [(c == 0).mean() for c in counts]
        ses = [float(np.sqrt(1 / (people * s * (1 - s)))) for s in shares]
        eta, _, weights = dispersion_posterior(
            [float(c.mean()) for c in counts], shares, ses, [None] * 10, [people] * 10
        )
        order = np.argsort(eta)
        low, high = np.exp(eta[order][np.searchsorted(np.cumsum(weights[order]), [0.025, 0.975])])
        held += low <= truth <= high
    assert held >= 36


def test_recovery_of_the_level() -> None:
    """Rates of arms around a known level, with a known spread: the intervals hold the mean and a new arm."""
    rng, mean, tau, held_mean, held_new = np.random.default_rng(5), -0.9, 0.3, 0, 0
    for i in range(200):
        se = rng.uniform(0.08, 0.16, 6)
        values = mean + tau * rng.standard_normal(6) + se * rng.standard_normal(6)
        level = level_of(values.tolist(), se.tolist(), ["a"] * 6)
        streams = Streams(i, 2000)
        for is_new, truth in ((False, mean), (True, mean + tau * rng.standard_normal())):
            low, high = np.quantile(level.draw(streams, "level", "a", is_new=is_new), [0.025, 0.975])
            held_mean += (not is_new) and low <= truth <= high
            held_new += is_new and low <= truth <= high
    assert 180 <= held_mean <= 200
    assert 180 <= held_new <= 200


def test_rates_of_the_anchor_are_its_own() -> None:
    found = asked(ANNA)
    anchor = next(o for o in found.on("relapses", 12) if o.option == INTERFERON)
    assert np.array_equal(anchor.draws, found.baselines[0].relapse_rate)
    assert usual()[RATES].anchor == found.anchor
