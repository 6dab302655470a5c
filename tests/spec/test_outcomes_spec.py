"""What is said to whom, what is withheld, and how every number is labelled."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter

import numpy as np
import pytest

from equipoise.consultation.relative_effects import relative_effects
from equipoise.evidence import Evidence, load_evidence
from equipoise.outcomes.baseline import METHODS, OWN_RELAPSES, SWISS
from equipoise.outcomes.draws import ARM, PERSONAL, POPULATION, SINGLE_ARM
from equipoise.outcomes.expectations import Expectations, expect
from equipoise.person import CourseOfDisease, Person, PregnancyPlan, Walking
from equipoise.vocabulary.errors import EquipoiseError
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import source_rows
from tests.support.outcome_cases import ALEMTUZUMAB, ANNA, INTERFERON, PAIR, RATES, RELAPSED, but, effects, made


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="module")
def anna(evidence: Evidence) -> Expectations:
    return expect(ANNA, PAIR, evidence, effects(), seed=1)


def test_no_treatment_comes_last_where_the_network_holds_it(anna: Expectations) -> None:
    assert anna.options == (*PAIR, "placebo")
    assert [o.option for o in anna.on("relapses", 24)] == [*PAIR, "placebo"]
    assert not [o for o in anna.outcomes if o.option == "placebo" and o.basis in (ARM, SINGLE_ARM)]


def test_each_number_says_how_it_was_made(anna: Expectations) -> None:
    bases = {o.outcome_id: o.basis for o in anna.outcomes if o.horizon_months == 24}
    assert bases["relapses"] == bases["relapse-free"] == PERSONAL
    assert bases["confirmed-disability-worsening-6m"] == POPULATION
    assert bases["thyroid-event"] == bases["discontinuation-adverse-event"] == ARM
    assert all(o.basis == SINGLE_ARM for o in anna.outcomes if o.horizon_months == 72)
    assert {o.outcome_id for o in anna.outcomes if o.measure is Measure.COUNT} == {"relapses"}


def test_one_number_for_each_option_outcome_and_horizon(anna: Expectations) -> None:
    counted = Counter((o.option, o.outcome_id, o.horizon_months) for o in anna.outcomes)
    assert max(counted.values()) == 1


def test_both_methods_are_returned_and_one_is_used(evidence: Evidence, anna: Expectations) -> None:
    assert [(b.method, b.is_used) for b in anna.baselines] == [(SWISS, True), (OWN_RELAPSES, False)]
    other = expect(ANNA, PAIR, evidence, effects(), seed=1, method=OWN_RELAPSES)
    assert [(b.method, b.is_used) for b in other.baselines] == [(OWN_RELAPSES, True), (SWISS, False)]
    used = next(o for o in other.on("relapses", 12) if o.option == INTERFERON)
    assert np.array_equal(used.draws, other.baselines[0].relapse_rate)


def test_known_and_unknown_facts_are_named(evidence: Evidence, anna: Expectations) -> None:
    assert anna.baselines[0].unknown == ()
    nobody = expect(Person(), PAIR, evidence, effects(), seed=1)
    assert nobody.baselines[0].known == ()
    assert len(nobody.baselines[0].unknown) == 9


def test_every_leaf_is_a_row_whose_cells_it_names(evidence: Evidence, anna: Expectations) -> None:
    unseen = {r.id for r in evidence.arm_results.values() if r.trust in (Trust.UNVERIFIED, Trust.UNVERIFIED_INTERVAL)}
    trees = [o.provenance for o in anna.outcomes] + [b.provenance for b in anna.baselines]
    for tree in trees:
        leaves = [leaf for leaf in source_rows(tree) if leaf.table != "made"]
        assert leaves
        for leaf in leaves:
            assert leaf.used
            assert set(leaf.used) <= dict(leaf.cells).keys(), (leaf.row_id, leaf.used)
            assert leaf.citation
            assert leaf.row_id not in unseen


def test_side_effects_of_the_pair_come_from_the_same_trials(anna: Expectations) -> None:
    for outcome_id in ("discontinuation-adverse-event", "thyroid-event", "infection", "serious-infection", "death"):
        first, second = anna.on(outcome_id, 24)
        assert first.trial_ids == second.trial_ids, outcome_id


def test_improvement_is_withheld_because_no_range_is_printed(anna: Expectations) -> None:
    withheld = [d for d in anna.declined if d.what == "confirmed-disability-improvement-6m"]
    assert {d.option for d in withheld} == set(PAIR)
    assert all(d.provenance is not None and "range" in d.reason for d in withheld)
    assert not [o for o in anna.outcomes if o.outcome_id == "confirmed-disability-improvement-6m"]


def test_an_option_that_no_trial_joins_is_declined(evidence: Evidence) -> None:
    found = expect(ANNA, (*PAIR, "ozanimod-1.0"), evidence, effects(), seed=1)
    assert {d.what for d in found.declined if d.option == "ozanimod-1.0"} >= {
        "relapses",
        "relapse-free",
        "confirmed-disability-worsening-6m",
    }
    assert not [o for o in found.on("relapses", 24) if o.option == "ozanimod-1.0"]


def test_nobody_worsens_for_six_months_who_has_not_for_three(evidence: Evidence) -> None:
    """Whatever two treatments are compared: six months of worsening hold three."""
    six, three = (f"confirmed-disability-worsening-{n}m" for n in (6, 3))
    joined = relative_effects(evidence, ("placebo", "teriflunomide-14"), seed=1, draws=500)
    names = sorted({*joined[six].predictive, *joined[three].predictive})
    together = 0
    for pair in itertools.combinations(names, 2):
        found = expect(
            ANNA, pair, evidence, relative_effects(evidence, (*pair, "placebo"), seed=1, draws=500), seed=1, draws=500
        )
        for months in (12, 24):
            shares = {o.option: np.median(o.draws) for o in found.on(three, months)}
            for one in found.on(six, months):
                together += one.option in shares
                assert np.median(one.draws) <= shares.get(one.option, 1.0), (pair, one.option, months)
    assert together > 200


def test_worsening_that_cannot_be_in_the_same_people_is_withheld(evidence: Evidence) -> None:
    """INCOMIN saw 31 of 100 worsen on interferon in a muscle for six months; other trials lead to fewer for three."""
    pair = ("interferon-beta-1a-im-30", "interferon-beta-1b-250")
    found = expect(
        ANNA, pair, evidence, relative_effects(evidence, (*pair, "placebo"), seed=1, draws=500), seed=1, draws=500
    )
    (withheld,) = [d for d in found.declined if d.what == "confirmed-disability-worsening-6m" and d.option == pair[0]]
    assert "contradict" in withheld.reason
    assert pair[0] not in {o.option for o in found.on("confirmed-disability-worsening-6m", 24)}
    assert pair[0] in {o.option for o in found.on("confirmed-disability-worsening-3m", 24)}


def test_one_small_trial_does_not_move_everybody(evidence: Evidence) -> None:
    """Where neither option has arms of its own, the level stands on the most people: OPTIMUM, not INCOMIN."""
    pair = ("dimethyl-fumarate-240-bid", "fingolimod-0.5")
    found = expect(
        ANNA, pair, evidence, relative_effects(evidence, (*pair, "placebo"), seed=1, draws=500), seed=1, draws=500
    )
    shown = found.on("confirmed-disability-worsening-6m", 24)
    assert [o.option for o in shown] == [*pair, "placebo"]
    assert {o.trial_ids for o in shown} == {("optimum",)}


def test_beyond_two_years_relapses_are_declined(evidence: Evidence) -> None:
    found = expect(ANNA, PAIR, evidence, effects(), seed=1, years=5)
    assert {"relapses", "relapse-free"} <= {d.what for d in found.declined}
    assert found.on("relapses", 60) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"age": 17}, "younger"),
        ({"age": 51}, "18 to 50"),
        ({"edss": 4.0}, "up to 3"),
        ({"edss": None, "walking": Walking.WITH_AID}, "up to 3"),
        ({"course": CourseOfDisease.SECONDARY_PROGRESSIVE}, "progressive"),
        ({"pregnancy": PregnancyPlan.PREGNANT}, "pregnancy"),
    ],
)
def test_outside_the_evidence_no_number_is_given(evidence: Evidence, change: dict[str, object], words: str) -> None:
    found = expect(but(ANNA, **change), PAIR, evidence, effects(), seed=1)
    assert found.outcomes == ()
    assert found.baselines == ()
    assert [d.what for d in found.declined] == ["personal-baseline"]
    assert words in found.declined[0].reason


def test_the_limits_are_those_of_the_setting(evidence: Evidence) -> None:
    older = but(ANNA, age=54, edss=4.5, earlier_treatments=RELAPSED)
    assert expect(older, PAIR, evidence, effects(), seed=1).outcomes


def test_what_is_unknown_never_declines(evidence: Evidence) -> None:
    assert not [
        d for d in expect(Person(), PAIR, evidence, effects(), seed=1).declined if d.what == "personal-baseline"
    ]


def test_without_effects_there_is_no_baseline_and_side_effects_remain(evidence: Evidence) -> None:
    found = expect(ANNA, PAIR, evidence, {}, seed=1)
    assert found.baselines == ()
    assert "personal-baseline" in {d.what for d in found.declined}
    assert {o.basis for o in found.outcomes} == {ARM, SINGLE_ARM}


def test_the_anchor_of_the_effects_does_not_matter(evidence: Evidence, anna: Expectations) -> None:
    given = effects()[RATES]
    shift = given.predictive[ALEMTUZUMAB]
    other = dataclasses.replace(
        given,
        anchor=ALEMTUZUMAB,
        mean={name: d - shift for name, d in given.mean.items()},
        predictive={name: d - shift for name, d in given.predictive.items()},
    )
    again = expect(ANNA, PAIR, evidence, {**effects(), RATES: other}, seed=1)
    for one, same in zip(anna.on("relapses", 24), again.on("relapses", 24), strict=True):
        assert np.allclose(one.draws, same.draws)


def test_the_same_seed_gives_the_same_and_another_seed_nearly(evidence: Evidence, anna: Expectations) -> None:
    again, other = (expect(ANNA, PAIR, evidence, effects(), seed=seed) for seed in (1, 2))
    for a, b, c in zip(anna.outcomes, again.outcomes, other.outcomes, strict=True):
        assert a.draws.tobytes() == b.draws.tobytes()
        assert a.draws.mean() == pytest.approx(c.draws.mean(), rel=0.12, abs=0.002)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"options": ()}, "at least one"),
        ({"options": (ALEMTUZUMAB, ALEMTUZUMAB)}, "only once"),
        ({"options": ("alemtuzumb-12mg",)}, "alemtuzumab-12mg"),
        ({"years": 0}, "1 to 5"),
        ({"method": "guess"}, SWISS),
        ({"effects": {RATES: made(RATES, {ALEMTUZUMAB: 0.0}, draws=10)}}, "needed"),
    ],
)
def test_what_is_refused(evidence: Evidence, change: dict[str, object], words: str) -> None:
    call = {"options": PAIR, "effects": effects(), "years": 2, "method": METHODS[0], **change}
    with pytest.raises(EquipoiseError, match=words):
        expect(ANNA, evidence=evidence, seed=1, **call)  # type: ignore[arg-type]
