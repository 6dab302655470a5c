"""What must hold in the answer to anybody: monotone in relapses, wider where unknown, the same from either side."""

from __future__ import annotations

import datetime
import functools
import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise.consultation.document import Option
from equipoise.consultation.fact_changes import with_relapses
from equipoise.consultation.for_me import personal_view
from equipoise.consultation.personal import OptionFit, PersonalView
from equipoise.consultation.personal_fit import Weighed, contraindicated, first_shares
from equipoise.consultation.personal_numbers import Numbering, outcome_differences, summary
from equipoise.consultation.sitting import option_of
from equipoise.decision import Values
from equipoise.evidence import Evidence, load_evidence
from equipoise.outcomes.draws import ARM, PERSONAL, SINGLE_ARM, OutcomeDraws
from equipoise.person import Person, Sex, disagreements
from equipoise.person.describing import to_answers
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.outcome_cases import MADE, but
from tests.support.strategies_people import anybody, persons, wishes

ALEMTUZUMAB, INTERFERON = "alemtuzumab-12mg", "interferon-beta-1a-sc-44"
TODAY = datetime.date(2026, 11, 22)
FEW = 200
EXAMPLES = settings(max_examples=30, deadline=None)
ROUNDING = 1 + 1e-9
LABEL_CRITERIA = (
    "tests-and-visits",
    "hospital-days",
    "injections",
    "years-of-obligation",
    "pregnancy-timing",
    "reversibility",
)


@functools.cache
def evidence() -> Evidence:
    return load_evidence()


@functools.cache
def option(name: str, place: Jurisdiction = Jurisdiction.EU) -> Option:
    return option_of(evidence(), evidence().option(name), place)


def seen(person: Person, *names: str, **more: Any) -> PersonalView:
    options = [option(name) for name in names or (ALEMTUZUMAB, INTERFERON)]
    asked: dict[str, Any] = {"evidence": evidence(), "jurisdiction": Jurisdiction.EU, "on": TODAY, "draws": FEW} | more
    return personal_view(options, person, **asked)


def fits(view: PersonalView) -> dict[str, OptionFit]:
    assert view.fit is not None
    return {one.option.id: one for one in view.fit.options}


# ---------------------------------------------------------------- relapses


def not_lower(fewer: Person, more: Person) -> None:
    views = seen(fewer), seen(more)
    for low, high in zip(*(view.baselines for view in views), strict=True):
        assert low.method == high.method
        assert high.relapse_rate.value * ROUNDING >= low.relapse_rate.value, low.method
        assert high.any_relapse.value * ROUNDING >= low.any_relapse.value, low.method
    for low_one, high_one in zip(*(view.outcomes for view in views), strict=True):
        if low_one.outcome.id == "relapses":
            assert high_one.affected * ROUNDING >= low_one.affected
        elif low_one.outcome.id == "relapse-free":
            assert high_one.affected <= low_one.affected * ROUNDING
        elif low_one.basis != PERSONAL:
            assert high_one.affected == low_one.affected


@EXAMPLES
@given(person=persons, more=st.integers(1, 3), field=st.sampled_from(["relapses_12_months", "relapses_24_months"]))
def test_more_relapses_never_mean_fewer_to_come(person: Person, more: int, field: str) -> None:
    now = getattr(person, field) or 0
    not_lower(but(person, **{field: now}), but(person, **{field: now + more}))


@EXAMPLES
@given(person=persons, months=st.tuples(st.floats(0, 60), st.floats(0, 60)))
def test_a_later_last_relapse_never_means_fewer_to_come(person: Person, months: tuple[float, float]) -> None:
    recent, old = sorted(months)
    not_lower(replace(person, months_since_relapse=old), replace(person, months_since_relapse=recent))


KNOWN = Person(
    age=34,
    sex=Sex.WOMAN,
    years_since_onset=3.0,
    relapses_12_months=1,
    relapses_24_months=2,
    months_since_relapse=6.0,
    edss=2.0,
    earlier_treatments=(),
)


@pytest.mark.parametrize("field", ["age", "sex", "years_since_onset", "edss", "months_since_relapse"])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_unknown_widens_the_interval_of_the_rate(field: str, seed: int) -> None:
    """On the log scale of the rate, on which the model adds."""
    widths = []
    for person in (KNOWN, but(KNOWN, **{field: None})):
        interval = seen(person, draws=20_000, seed=seed).baselines[0].relapse_rate.interval
        assert interval is not None
        widths.append(math.log(interval.high / interval.low))
    assert widths[1] > widths[0]


def test_who_knows_nothing_gets_the_widest_interval() -> None:
    def width(person: Person) -> float:
        interval = seen(person, draws=20_000).baselines[0].relapse_rate.interval
        assert interval is not None
        return math.log(interval.high / interval.low)

    half = replace(KNOWN, age=None, edss=None, years_since_onset=None)
    assert width(Person(earlier_treatments=())) > width(half) > width(KNOWN)


# ---------------------------------------------------------------- from either side

MIRRORED = list(itertools.combinations(("alemtuzumab", "interferon-beta-1a", "natalizumab", "ocrelizumab"), 2))


@EXAMPLES
@given(person=anybody, said=st.none() | wishes, pair=st.sampled_from(MIRRORED))
def test_swapping_the_options_mirrors_everything(person: Person, said: Values | None, pair: tuple[str, str]) -> None:
    one, other = seen(person, *pair, values=said), seen(person, *reversed(pair), values=said)
    assert set(one.outcomes) == set(other.outcomes)
    assert one.baselines == other.baselines
    assert {(d.what, d.reason, d.option) for d in one.declined} == {
        (d.what, d.reason, d.option) for d in other.declined
    }
    turned = {(d.reference.id, d.option.id, d.outcome.id, d.horizon_months): d for d in other.differences}
    both = {option(name).treatment.id for name in pair}
    for d in [each for each in one.differences if {each.option.id, each.reference.id} == both]:
        back = turned[d.option.id, d.reference.id, d.outcome.id, d.horizon_months]
        assert (back.difference, back.low, back.high) == pytest.approx((-d.difference, -d.high, -d.low))
        assert back.number_needed == pytest.approx(d.number_needed) if d.number_needed else back.number_needed is None
        assert back.is_benefit == (None if d.is_benefit is None else not d.is_benefit)
    if said is None:
        return
    assert one.fit is not None
    assert other.fit is not None
    assert fits(one) == fits(other)
    assert set(one.fit.unranked) == set(other.fit.unranked)
    assert set(one.fit.reasons) == set(other.fit.reasons)
    assert [{o.id for o in tie.options} for tie in one.fit.ties] == [
        {o.id for o in tie.options} for tie in other.fit.ties
    ]
    assert one.fit.what_would_change == other.fit.what_would_change
    assert one.fit.what_stays == other.fit.what_stays


@EXAMPLES
@given(person=anybody, said=wishes)
def test_every_option_is_ranked_or_has_a_reason_and_shares_add_up(person: Person, said: Values) -> None:
    view = seen(person, values=said)
    assert view.fit is not None
    ranked, out = fits(view), {one.option.id for one in view.fit.unranked}
    assert set(ranked) | out == {ALEMTUZUMAB, INTERFERON}
    assert not set(ranked) & out
    if ranked:
        assert sum(one.rank_acceptability[0] for one in ranked.values()) >= 1 - 1e-9
    assert all(one.reason for one in view.fit.unranked)


# ---------------------------------------------------------------- numbers that belong together


@EXAMPLES
@given(person=anybody, names=st.sampled_from([*MIRRORED, ("alemtuzumab", "interferon-beta-1a", "ocrelizumab")]))
def test_people_are_counted_out_of_one_number_and_lie_within_the_limits(person: Person, names: tuple[str, ...]) -> None:
    view = seen(person, *names)
    by_outcome: dict[str, set[int]] = {}
    for one in view.outcomes:
        by_outcome.setdefault(one.outcome.id, set()).add(one.denominator)
        assert one.low <= one.affected <= one.high, one.estimate.id
        assert one.low >= 0, one.estimate.id
        value, interval = one.estimate.value, one.estimate.interval
        assert interval is not None
        whole = 100 if one.estimate.measure is Measure.PROPORTION else 1
        assert [value, interval.low, interval.high] == pytest.approx(
            [whole * part / one.denominator for part in (one.affected, one.low, one.high)]
        )
        if one.estimate.measure is Measure.PROPORTION:
            assert one.high <= one.denominator * ROUNDING, one.estimate.id
        if one.estimate.n and one.estimate.events is not None:
            assert one.affected == pytest.approx(one.denominator * one.estimate.events / one.estimate.n)
    assert all(len(found) == 1 for found in by_outcome.values())
    at = {(one.option.id, one.outcome.id, one.horizon_months): one.affected for one in view.outcomes}
    for (name, outcome, months), affected in at.items():
        if (outcome, months) == ("relapses", 24):
            assert affected == pytest.approx(2 * at[name, outcome, 12])
        if (outcome, months) == ("relapse-free", 24):
            assert affected <= at[name, outcome, 12]
    for d in view.differences:
        assert {d.denominator} == by_outcome[d.outcome.id]
        assert d.low <= d.difference <= d.high
        holds_none = d.low <= 0 <= d.high
        assert (d.number_needed is None) == (holds_none or d.outcome.id == "relapses")
        if d.number_needed is not None:
            assert d.number_needed_low is not None
            assert d.number_needed_high is not None
            assert 0 < d.number_needed_low <= d.number_needed <= d.number_needed_high


def made(outcome_id: str, name: str, draws: Any, basis: str = ARM) -> OutcomeDraws:
    measure = Measure.COUNT if outcome_id == "relapses" else Measure.PROPORTION
    return OutcomeDraws(name, outcome_id, 24, np.asarray(draws), measure, basis, "made", MADE)


@EXAMPLES
@given(seed=st.integers(0, 10_000))
def test_a_ratio_of_one_is_a_difference_of_none(seed: int) -> None:
    draws = np.random.default_rng(seed).random(FEW)
    found = [made("relapse-free", name, draws) for name in (ALEMTUZUMAB, INTERFERON)]
    numbering = Numbering(evidence(), "person.made")
    (d,) = outcome_differences(numbering, found, summary([one.draws for one in found]), (ALEMTUZUMAB, INTERFERON))
    assert (d.difference, d.low, d.high) == (0, 0, 0)
    assert d.number_needed is d.number_needed_low is d.number_needed_high is d.is_benefit is None


@pytest.mark.parametrize("kinds", [(SINGLE_ARM, SINGLE_ARM), (ARM, SINGLE_ARM), (SINGLE_ARM, ARM), (PERSONAL, ARM)])
def test_what_was_seen_in_one_group_alone_or_made_otherwise_is_never_subtracted(kinds: tuple[str, str]) -> None:
    draws = np.random.default_rng(1).random(FEW)
    pair = (ALEMTUZUMAB, INTERFERON)
    found = [made("relapse-free", name, draws, kind) for name, kind in zip(pair, kinds, strict=True)]
    numbering = Numbering(evidence(), "person.made")
    assert outcome_differences(numbering, found, summary([one.draws for one in found]), pair) == ()


# ---------------------------------------------------------------- what ranks

# Outcome that stands for a criterion, and the most that is not clipped, as a share or as events a person.
STANDS_FOR = {
    "relapses": ("relapses", 2.9),
    "disability-worsening": ("confirmed-disability-worsening-6m", 0.39),
    "common-side-effects": ("headache", 0.99),
    "serious-risk": ("serious-adverse-event", 0.049),
    "infections": ("infection", 0.99),
}


def weighed(person: Person = KNOWN) -> Weighed:
    pair = option(ALEMTUZUMAB), option(INTERFERON)
    return Weighed(evidence(), Numbering(evidence(), "person.made"), pair, person, Jurisdiction.EU, TODAY)


@EXAMPLES
@given(seed=st.integers(0, 10_000), worse=st.floats(0.01, 0.5), loser=st.sampled_from([ALEMTUZUMAB, INTERFERON]))
def test_a_dominated_option_never_comes_first(seed: int, worse: float, loser: str) -> None:
    rng = np.random.default_rng(seed)
    winner = INTERFERON if loser == ALEMTUZUMAB else ALEMTUZUMAB
    found = []
    for outcome, most in STANDS_FOR.values():
        good = rng.random(FEW) * most * (1 - worse)
        found += [made(outcome, winner, good), made(outcome, loser, good + worse * most)]
    shares = first_shares(weighed(), found, Values(does_not_matter=LABEL_CRITERIA), seed)
    assert shares == {winner: 1.0, loser: 0.0}
    assert next(iter(shares)) == winner


@EXAMPLES
@given(seed=st.integers(0, 10_000), ignored=st.sampled_from(sorted(STANDS_FOR)), said=wishes)
def test_what_does_not_matter_changes_nothing(seed: int, ignored: str, said: Values) -> None:
    assume(ignored not in (said.matters or ()) and (ignored,) not in said.order)
    said = replace(said, does_not_matter=(ignored,))
    rng = np.random.default_rng(seed)
    found = [
        made(outcome, name, rng.random(FEW) * most)
        for outcome, most in STANDS_FOR.values()
        for name in (ALEMTUZUMAB, INTERFERON)
    ]
    other = [
        made(one.outcome_id, one.option, rng.permutation(one.draws) / (2 if one.option == ALEMTUZUMAB else 1))
        if one.outcome_id == STANDS_FOR[ignored][0]
        else one
        for one in found
    ]
    assert first_shares(weighed(), found, said, 1) == first_shares(weighed(), other, said, 1)


def test_what_matters_does_change_something() -> None:
    """So that the test above has something to show."""
    rng = np.random.default_rng(1)
    said = Values(matters=("relapses",))
    found = [
        made(outcome, name, rng.random(FEW) * most)
        for outcome, most in STANDS_FOR.values()
        for name in (ALEMTUZUMAB, INTERFERON)
    ]
    other = [
        replace(one, draws=one.draws / 10) if (one.outcome_id, one.option) == ("relapses", ALEMTUZUMAB) else one
        for one in found
    ]
    before, after = (first_shares(weighed(), each, said, 1) for each in (found, other))
    assert after[ALEMTUZUMAB] > before[ALEMTUZUMAB]


@EXAMPLES
@given(person=anybody, relapses=st.integers(0, 4), place=st.sampled_from(Jurisdiction))
def test_no_contraindication_speaks_of_relapses(person: Person, relapses: int, place: Jurisdiction) -> None:
    """Relapses are the fact that most often changes the order, and no label takes an option out for them."""
    pair = tuple(option(name, place) for name in (ALEMTUZUMAB, INTERFERON, "natalizumab", "fingolimod"))
    asked = Weighed(evidence(), Numbering(evidence(), "person.made"), pair, person, place, TODAY)
    assert contraindicated(asked) == contraindicated(replace(asked, person=with_relapses(person, relapses)))


@EXAMPLES
@given(person=persons, relapses=st.integers(0, 4))
def test_with_another_number_of_relapses_a_possible_person_stays_possible(person: Person, relapses: int) -> None:
    assume(not disagreements(to_answers(person)))
    assert disagreements(to_answers(with_relapses(person, relapses))) == []
