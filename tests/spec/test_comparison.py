"""What a comparison of two treatments promises, whatever words its sentences use."""

from __future__ import annotations

import itertools

import pytest

from equipoise.consultation import Consultation, consult
from equipoise.evidence import TrialKind, load_evidence
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.estimate import CertaintyLevel
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.terms import Jurisdiction, OutcomeGroup
from tests.support.small_evidence import files, sound

DISABILITY = "confirmed-disability-worsening-6m"


@pytest.fixture(scope="module")
def sitting() -> Consultation:
    return consult("alemtuzumab", "interferon-beta-1a")


def test_the_same_question_gets_the_same_answer(sitting: Consultation) -> None:
    assert consult("lemtrada", "Rebif") == sitting


def test_interferon_beta_1a_means_the_comparator_of_the_trials(sitting: Consultation) -> None:
    assert [option.treatment.id for option in sitting.options] == ["alemtuzumab-12mg", "interferon-beta-1a-sc-44"]
    assert "44 micrograms" in sitting.options[1].treatment.detail


@pytest.mark.parametrize(
    "pair", [("alemtuzumab", "alemtuzumab"), ("alemtuzumab", "Lemtrada"), ("rebif", "interferon-beta-1a")]
)
def test_one_treatment_twice_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(RequestError, match="same treatment"):
        consult(*pair)


def test_an_unknown_treatment_or_jurisdiction_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownTermError, match="alemtuzumab"):
        consult("alemtuzumap", "interferon-beta-1a")
    with pytest.raises(UnknownTermError, match="EU"):
        consult("alemtuzumab", "interferon-beta-1a", jurisdiction="EW")


def test_the_disability_result_is_three_trials_that_do_not_agree(sitting: Consultation) -> None:
    section = sitting.section(DISABILITY)
    assert section is not None
    assert {result.trial.id for result in section.trials} == {"camms223", "care-ms-i", "care-ms-ii"}
    by_trial = {result.trial.id: result.comparison for result in section.trials if result.comparison is not None}
    assert by_trial["care-ms-i"].includes_no_difference is True
    assert by_trial["care-ms-ii"].includes_no_difference is False
    (pooled,) = [synthesis for synthesis in section.syntheses if synthesis.scope == "all-doses"]
    assert pooled.i2.value > 50
    assert pooled.prediction is not None
    assert pooled.prediction.includes_no_difference
    assert pooled.random.certainty.level in (CertaintyLevel.LOW, CertaintyLevel.VERY_LOW)
    assert section.agreement
    assert "consistent" not in section.agreement


def test_each_trial_stands_beside_what_is_pooled(sitting: Consultation) -> None:
    for section in sitting.sections:
        for synthesis in section.syntheses:
            listed = {estimate.id for result in section.trials for estimate in result.comparisons}
            assert {estimate.id for estimate in synthesis.trials} <= listed


def test_results_against_placebo_stand_apart_and_name_placebo(sitting: Consultation) -> None:
    between = {estimate.id for section in sitting.sections for r in section.trials for estimate in r.comparisons}
    against_placebo = [estimate for option in sitting.options for estimate in option.against_placebo]
    assert against_placebo
    for estimate in against_placebo:
        assert estimate.reference == "placebo"
        assert "placebo" in estimate.text
        assert estimate.id not in between


def test_every_comparison_between_the_options_reads_first_versus_second(sitting: Consultation) -> None:
    evidence = load_evidence()
    sides = [
        {option.treatment.id} | {t.id for t in evidence.treatments.values() if option.treatment.id in t.members}
        for option in sitting.options
    ]
    for section in sitting.sections:
        for result in (*section.trials, *section.later, *section.pooled_trials):
            for estimate in result.comparisons:
                assert estimate.treatment in sides[0], estimate.id
                assert estimate.reference in sides[1], estimate.id


def test_the_other_order_says_the_same_from_the_other_side(sitting: Consultation) -> None:
    turned = consult("interferon-beta-1a", "alemtuzumab")
    for here, there in itertools.product(
        [s for section in sitting.sections for s in section.syntheses],
        [s for section in turned.sections for s in section.syntheses],
    ):
        if (here.common.outcome_id, here.common.measure, here.scope) != (
            there.common.outcome_id,
            there.common.measure,
            there.scope,
        ):
            continue
        if {e.outcome_id for e in here.trials} and here.common.measure is not Measure.RISK_RATIO:
            assert there.common.value == pytest.approx(1 / here.common.value)
        assert there.i2.value == pytest.approx(here.i2.value, abs=1e-6)


def test_one_denominator_within_a_view(sitting: Consultation) -> None:
    for section in sitting.sections:
        view = section.one_view
        if view is None or not all(view.arms):
            continue
        months = {arm.timepoint_months for arm in view.arms if arm is not None}
        assert len(months) == 1, section.outcome.id


def test_a_thyroid_figure_has_a_horizon_or_says_that_it_has_none(sitting: Consultation) -> None:
    statistics = (Measure.I2, Measure.TAU2, Measure.Q)
    found = [e for e in sitting.estimates if "thyroid" in e.outcome_id and e.measure not in statistics]
    assert len({e.timepoint_months for e in found}) >= 3
    for estimate in found:
        stated = any(
            word in estimate.text for word in ("year", "month", "follow-up", "not state", "course", "different length")
        )
        assert stated, estimate.text


def test_serious_harms_are_never_pooled(sitting: Consultation) -> None:
    assert sitting.serious_harms
    assert all(section.syntheses == () for section in sitting.serious_harms)


def test_outcomes_for_the_engine_alone_are_not_shown() -> None:
    hidden = {o.id for o in load_evidence().outcomes.values() if o.group is OutcomeGroup.ENGINE_ONLY}
    assert hidden
    for pair in (("alemtuzumab", "interferon-beta-1a"), ("natalizumab", "interferon-beta-1a-im")):
        assert hidden.isdisjoint(estimate.outcome_id for estimate in consult(*pair).estimates)


def test_extensions_and_cohorts_stand_apart_with_their_kind(sitting: Consultation) -> None:
    for section in sitting.sections:
        assert {result.trial.kind for result in section.trials} <= {TrialKind.RANDOMISED}
        assert {result.trial.kind for result in section.pooled_trials} <= {TrialKind.POOLED_TRIALS}


def test_two_treatments_that_no_trial_compared_say_so() -> None:
    apart = consult("alemtuzumab", "ocrelizumab")
    assert apart.trials == ()
    assert all(section.syntheses == () for section in apart.sections)
    assert apart.unknowns


@pytest.mark.parametrize("place", Jurisdiction)
def test_who_is_offered_a_treatment_is_said_under_every_label(place: Jurisdiction) -> None:
    for option in consult("alemtuzumab", "interferon-beta-1a", jurisdiction=place).options:
        assert option.indications
        assert option.contraindications
        assert option.monitoring


def test_a_sitting_with_the_small_release_names_it() -> None:
    evidence = sound(files())
    assert consult("drug-a", "drug-b", evidence=evidence).release.version == evidence.release.version
