"""Routes, verdicts, questions, the earliest start, daily life, and the command."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from equipoise.consultation import trace
from equipoise.evidence import load_evidence
from equipoise.person import CourseOfDisease, EarlierTreatment, PracticalLife, Sex
from equipoise.safety import EligibilityVerdict, FindingKind, Truth
from equipoise.safety.eligibility_document import StartReasonKind
from tests.support.command import equipoise
from tests.support.eligibility_people import HEALTHY, NOBODY, ON, check, status, with_condition

DAY = datetime.date
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "persons"


def after(drug: str, stopped: datetime.date | None, *, relapsed: bool | None = True) -> EarlierTreatment:
    return EarlierTreatment(drug, relapsed=relapsed, stopped=stopped)


# ---------------------------------------------------------------- routes into the licence

HIGHLY_ACTIVE = [
    # relapses in 12 months, enhancing lesion, relapse on an earlier drug, route A
    (2, None, True, "met"),
    (1, True, True, "met"),
    (1, False, True, "unknown"),
    (0, True, True, "unknown"),
    (0, False, True, "not-met"),
    (2, True, False, "not-met"),
    (2, True, None, "unknown"),
    (None, None, True, "unknown"),
]


@pytest.mark.parametrize(("relapses", "lesion", "relapsed", "expected"), HIGHLY_ACTIVE)
def test_route_a_of_alemtuzumab_eu(
    relapses: int | None, lesion: bool | None, relapsed: bool | None, expected: str
) -> None:
    person = replace(
        HEALTHY,
        relapses_12_months=relapses,
        relapses_24_months=None,
        enhancing_lesions=lesion,
        earlier_treatments=(after("interferon-beta-1b", DAY(2026, 1, 1), relapsed=relapsed),),
    )
    assert status(check(person, "alemtuzumab", "EU"), "alemtuzumab-ind-02") == expected


def test_the_definition_of_highly_active_is_recorded() -> None:
    for person in (HEALTHY, NOBODY):
        (route,) = [one for one in check(person, "alemtuzumab", "EU").findings if one.id == "label.alemtuzumab-ind-02"]
        assert "def-highly-active-eu-alemtuzumab" in " ".join(route.reading)
        assert "full and adequate course" in route.text


def test_disabling_is_for_the_team_unless_there_were_too_few_relapses() -> None:
    assert status(check(HEALTHY, "alemtuzumab", "EU"), "alemtuzumab-ind-03") == "unknown"
    few = replace(HEALTHY, relapses_12_months=1)
    assert status(check(few, "alemtuzumab", "EU"), "alemtuzumab-ind-03") == "not-met"


def test_generally_is_advice_and_no_boundary() -> None:
    answer = check(replace(HEALTHY, earlier_treatments=()), "alemtuzumab", "US")
    (route,) = answer.of_kind(FindingKind.INDICATION)
    assert route.status is Truth.MET
    assert "advice and no boundary" in " ".join(route.reading)
    assert "not met" in " ".join(route.reading)


def test_the_uk_adopts_the_two_european_routes() -> None:
    first_line = replace(HEALTHY, earlier_treatments=(), relapses_12_months=1)
    assert status(check(HEALTHY, "alemtuzumab", "UK"), "alemtuzumab-ind-04") == "met"
    assert status(check(first_line, "alemtuzumab", "UK"), "alemtuzumab-ind-04") == "not-met"


def test_outside_the_licence_is_no_contraindication() -> None:
    answer = check(replace(HEALTHY, earlier_treatments=(), relapses_12_months=1), "alemtuzumab", "EU")
    assert answer.verdict is EligibilityVerdict.NOT_CONTRAINDICATED
    assert answer.indication is Truth.NOT_MET
    assert not answer.may_be_offered


def test_not_for_inactive_disease_is_a_caution() -> None:
    still = replace(HEALTHY, relapses_12_months=0, relapses_24_months=0, enhancing_lesions=False)
    answer = check(still, "alemtuzumab", "EU")
    (caution,) = [one for one in answer.findings if one.id == "label.alemtuzumab-ind-05"]
    assert (caution.kind, caution.status) == (FindingKind.WARNING, Truth.MET)


@pytest.mark.parametrize(
    ("drug", "place", "course", "expected"),
    [
        ("siponimod", "EU", CourseOfDisease.RELAPSING_REMITTING, Truth.NOT_MET),
        ("siponimod", "US", CourseOfDisease.RELAPSING_REMITTING, Truth.MET),
        ("siponimod", "EU", CourseOfDisease.SECONDARY_PROGRESSIVE, Truth.MET),
        ("ocrelizumab", "US", CourseOfDisease.PRIMARY_PROGRESSIVE, Truth.MET),
        ("ocrelizumab", "EU", CourseOfDisease.PRIMARY_PROGRESSIVE, Truth.UNKNOWN),
        ("interferon-beta-1a", "EU", CourseOfDisease.SECONDARY_PROGRESSIVE, Truth.MET),
        ("interferon-beta-1a", "EU", CourseOfDisease.PRIMARY_PROGRESSIVE, Truth.NOT_MET),
        ("peginterferon-beta-1a", "EU", CourseOfDisease.SECONDARY_PROGRESSIVE, Truth.NOT_MET),
        ("alemtuzumab", "US", CourseOfDisease.SECONDARY_PROGRESSIVE, Truth.MET),
        ("alemtuzumab", "EU", CourseOfDisease.SECONDARY_PROGRESSIVE, Truth.NOT_MET),
    ],
)
def test_kinds_of_ms(drug: str, place: str, course: CourseOfDisease, expected: Truth) -> None:
    assert check(replace(HEALTHY, course=course), drug, place).indication is expected


@pytest.mark.parametrize(
    ("drug", "place", "age", "expected"),
    [
        ("alemtuzumab", "US", 17, Truth.NOT_MET),
        ("alemtuzumab", "US", 18, Truth.MET),
        ("fingolimod", "US", 10, Truth.MET),
        ("fingolimod", "US", 9, Truth.NOT_MET),
        ("dimethyl-fumarate", "EU", 13, Truth.MET),
        ("dimethyl-fumarate", "EU", 12, Truth.NOT_MET),
        ("dimethyl-fumarate", "EU", None, Truth.UNKNOWN),
    ],
)
def test_ages(drug: str, place: str, age: int | None, expected: Truth) -> None:
    assert check(replace(HEALTHY, age=age), drug, place).indication is expected


def test_no_man_is_asked_for_a_pregnancy_test() -> None:
    test = "teriflunomide-bas-02"
    found = {sex: status(check(replace(HEALTHY, sex=sex), "teriflunomide", "US"), test) for sex in (*Sex, None)}
    assert found == {Sex.WOMAN: "unknown", Sex.MAN: "not-met", None: "unknown"}


def test_two_relapses_in_two_years_are_asked_of_relapsing_remitting_disease_only() -> None:
    one = replace(HEALTHY, relapses_12_months=1, relapses_24_months=1)
    assert check(one, "interferon-beta-1b", "EU").indication is Truth.NOT_MET
    progressive = replace(one, course=CourseOfDisease.SECONDARY_PROGRESSIVE)
    assert check(progressive, "interferon-beta-1b", "EU").indication is Truth.MET


def test_guidance_opens_no_route() -> None:
    answer = check(HEALTHY, "glatiramer-acetate", "UK")
    (guidance,) = answer.of_kind(FindingKind.GUIDANCE)
    assert guidance.status is Truth.MET
    assert answer.indication is Truth.UNKNOWN
    assert answer.verdict is EligibilityVerdict.NEEDS_ANSWERS


def test_a_statement_is_used_only_in_its_days() -> None:
    before = check(HEALTHY, "alemtuzumab", "EU", DAY(2020, 1, 15))
    assert [one.id for one in before.of_kind(FindingKind.INDICATION)] == []
    assert before.verdict is EligibilityVerdict.NEEDS_ANSWERS
    assert "indication" in before.unread
    assert check(HEALTHY, "alemtuzumab", "EU", DAY(2020, 1, 16)).may_be_offered


# ---------------------------------------------------------------- verdict and questions


def test_may_be_offered() -> None:
    assert check(HEALTHY, "alemtuzumab", "EU").may_be_offered
    assert check(HEALTHY, "interferon-beta-1a", "EU").may_be_offered


@pytest.mark.parametrize(
    ("drug", "place", "unread"),
    [
        ("fingolimod", "US", ("contraindication",)),
        ("dimethyl-fumarate", "US", ("contraindication",)),
        ("glatiramer-acetate", "EU", ("contraindication", "indication")),
        ("natalizumab", "US", ("indication",)),
    ],
)
def test_what_was_not_read_is_no_permission(drug: str, place: str, unread: tuple[str, ...]) -> None:
    answer = check(HEALTHY, drug, place)
    assert answer.unread == unread
    assert answer.verdict is EligibilityVerdict.NEEDS_ANSWERS
    assert "was not read here" in answer.ask[0].question


def test_one_unknown_condition_is_one_question() -> None:
    person = replace(HEALTHY, unknown_conditions=frozenset({"stroke-ever"}))
    answer = check(person, "alemtuzumab", "EU")
    assert answer.verdict is EligibilityVerdict.NEEDS_ANSWERS
    assert answer.ask[0].question == "Have you ever had a stroke?"
    assert answer.ask[0].settles == ("label.alemtuzumab-ci-10",)


def test_a_contraindication_that_is_met_needs_no_further_answer() -> None:
    person = replace(with_condition(HEALTHY, "hiv"), unknown_conditions=frozenset({"stroke-ever"}))
    assert check(person, "alemtuzumab", "EU").verdict is EligibilityVerdict.CONTRAINDICATED


def test_what_settles_most_is_asked_first() -> None:
    asks = check(NOBODY, "alemtuzumab", "EU").ask
    # One answer about bleeding settles two lines of the EU label, every other one settles one.
    assert "bleeding" in asks[0].question
    bars = [sum("-ci-" in one for one in ask.settles) for ask in asks]
    assert bars == sorted(bars, reverse=True)
    assert len({ask.question for ask in asks}) == len(asks)


def test_every_unknown_finding_has_its_question_among_those_to_ask() -> None:
    for option in load_evidence().options:
        for place in ("US", "EU", "UK"):
            answer = check(NOBODY, option.option, place)
            open_ids = {one.id for one in answer.findings if one.status is Truth.UNKNOWN}
            assert open_ids <= {one for ask in answer.ask for one in ask.findings}
            for finding in answer.findings:
                assert bool(finding.question) == (finding.status is Truth.UNKNOWN)
                assert not finding.question or finding.question in {ask.question for ask in answer.ask}


# ---------------------------------------------------------------- earliest start

LONG_AGO = DAY(2020, 1, 1)


@pytest.mark.parametrize(
    ("drug", "place", "earlier", "start"),
    [
        ("fingolimod", "EU", after("natalizumab", DAY(2026, 10, 31)), DAY(2026, 12, 31)),
        ("fingolimod", "EU", after("natalizumab", DAY(2026, 12, 31)), DAY(2027, 2, 28)),
        ("fingolimod", "US", after("natalizumab", DAY(2026, 11, 1)), DAY(2026, 12, 27)),
        ("fingolimod", "EU", after("interferon-beta-1a", DAY(2026, 11, 1)), ON),
        ("ocrelizumab", "EU", after("fingolimod", DAY(2026, 11, 1)), DAY(2026, 12, 13)),
        ("alemtuzumab", "EU", after("fingolimod", DAY(2026, 1, 1)), ON),
        ("alemtuzumab", "EU", after("alemtuzumab", DAY(2026, 2, 28)), DAY(2027, 2, 28)),
        ("alemtuzumab", "US", after("alemtuzumab", DAY(2024, 2, 29)), ON),
        ("alemtuzumab", "US", after("glatiramer-acetate", DAY(2027, 1, 10)), DAY(2027, 1, 10)),
    ],
)
def test_washout(drug: str, place: str, earlier: EarlierTreatment, start: datetime.date) -> None:
    answer = check(replace(HEALTHY, earlier_treatments=(earlier,)), drug, place, last_vaccine=LONG_AGO).earliest_start
    assert answer.day == answer.not_before == start
    assert all(reason.kind is StartReasonKind.DATE for reason in answer.reasons)


def test_an_unknown_last_dose_is_a_question() -> None:
    person = replace(HEALTHY, earlier_treatments=(after("natalizumab", None),))
    answer = check(person, "fingolimod", "EU", last_vaccine=LONG_AGO)
    assert answer.earliest_start.day is None
    assert "On which day was, or will be, the last dose of natalizumab?" in {ask.question for ask in answer.ask}


def test_unknown_earlier_drugs_leave_the_start_open() -> None:
    answer = check(replace(HEALTHY, earlier_treatments=None), "interferon-beta-1a", "EU")
    assert answer.earliest_start.day is None
    assert answer.earliest_start.not_before == ON


def test_a_drug_without_a_name_leaves_the_start_open() -> None:
    answer = check(replace(HEALTHY, earlier_treatments=(after("other-drug", LONG_AGO),)), "interferon-beta-1a", "EU")
    assert answer.earliest_start.day is None
    assert "Which other drug against MS was taken" in " ".join(ask.question for ask in answer.ask)


def test_a_wait_without_an_interval_is_said_and_not_invented() -> None:
    person = replace(HEALTHY, earlier_treatments=(after("teriflunomide", DAY(2026, 1, 1)),))
    answer = check(person, "fingolimod", "EU", last_vaccine=LONG_AGO).earliest_start
    open_reasons = [reason for reason in answer.reasons if reason.kind is StartReasonKind.NO_INTERVAL]
    assert {reason.id for reason in open_reasons} == {"label.fingolimod-swi-01", "label.teriflunomide-swi-01"}
    assert answer.day is None
    assert answer.not_before == ON


def test_a_vaccine_moves_the_start() -> None:
    answer = check(HEALTHY, "alemtuzumab", "EU", last_vaccine=DAY(2026, 11, 20))
    assert answer.earliest_start.day == DAY(2027, 1, 1)
    (reason,) = answer.earliest_start.reasons
    assert reason.id == "label.alemtuzumab-bas-18"
    assert reason.source is not None
    assert reason.source.source_id == "eu-lemtrada-pil"
    assert check(HEALTHY, "alemtuzumab", "EU").earliest_start.day is None


def test_until_it_is_over() -> None:
    answer = check(with_condition(HEALTHY, "infection-now-serious"), "alemtuzumab", "EU", last_vaccine=LONG_AGO)
    (reason,) = [one for one in answer.earliest_start.reasons if one.kind is StartReasonKind.NO_INTERVAL]
    assert reason.id == "label.alemtuzumab-ci-06"
    assert reason.because == "until resolution"
    assert answer.earliest_start.day is None


# ---------------------------------------------------------------- daily life

NOTHING_POSSIBLE = PracticalLife(infusion_centre=False, monthly_blood_tests=False, self_injection=False, fridge=False)


@pytest.mark.parametrize(
    ("drug", "hindrances"),
    [
        ("alemtuzumab", {"infusion centre", "monthly blood tests"}),
        ("interferon-beta-1a", {"injecting", "fridge"}),
        ("interferon-beta-1b", {"injecting"}),
        ("ocrelizumab", {"infusion centre"}),
        ("teriflunomide", set()),
    ],
)
def test_daily_life_hinders_and_never_forbids(drug: str, hindrances: set[str]) -> None:
    person = replace(HEALTHY, practical=NOTHING_POSSIBLE)
    found = [one for one in check(person, drug, "EU").of_kind(FindingKind.PRACTICAL) if one.status is Truth.MET]
    assert len(found) == len(hindrances)
    for words in hindrances:
        assert any(words in " ".join(one.because) for one in found), words
    assert check(person, drug, "EU").verdict == check(HEALTHY, drug, "EU").verdict


def test_daily_life_that_is_not_known_is_asked() -> None:
    answer = check(replace(HEALTHY, practical=PracticalLife()), "alemtuzumab", "EU")
    assert {one.status for one in answer.of_kind(FindingKind.PRACTICAL)} == {Truth.UNKNOWN}
    assert answer.may_be_offered


# ---------------------------------------------------------------- the four portraits


@pytest.mark.parametrize(
    ("who", "alemtuzumab", "interferon"),
    [
        ("frequent-relapses", "not-contraindicated", "not-contraindicated"),
        ("mild-long-safety", "not-contraindicated", "not-contraindicated"),
        ("contraindicated", "contraindicated", "not-contraindicated"),
        ("i-dont-know", "needs-answers", "needs-answers"),
    ],
)
def test_portraits(who: str, alemtuzumab: str, interferon: str) -> None:
    for drug, verdict in (("alemtuzumab", alemtuzumab), ("interferon-beta-1a", interferon)):
        file = str(EXAMPLES / f"{who}.toml")
        ran = equipoise(
            *("eligibility", drug, "--person", file, "--jurisdiction", "EU", "--on", "2026-11-22", "--format", "json")
        )
        assert ran.code == 0, ran.err
        assert ran.json["verdict"] == verdict


# ---------------------------------------------------------------- the command


def run(*words: str, who: str = "frequent-relapses") -> tuple[str, ...]:
    return ("eligibility", "alemtuzumab", "--person", str(EXAMPLES / f"{who}.toml"), *words)


def test_the_machine_form_keeps_its_contract() -> None:
    found = equipoise(*run("--jurisdiction", "EU", "--on", "2026-11-22", "--format", "json")).json
    assert {"verdict", "findings", "ask", "earliest_start", "drug", "jurisdiction", "on", "evidence"} <= set(found)
    assert (found["drug"], found["jurisdiction"], found["on"]) == ("alemtuzumab", "EU", "2026-11-22")
    for finding in found["findings"]:
        assert {"id", "kind", "status", "text", "source_id", "locator", "trust"} <= set(finding)
        assert finding["status"] in {"met", "not-met", "unknown"}
        assert all(finding[key] for key in ("text", "source_id", "locator", "trust"))
    assert found["earliest_start"]["date"] is None
    assert found["earliest_start"]["not_before"] == "2026-11-22"
    again = equipoise(*run("--jurisdiction", "EU", "--on", "2026-11-22", "--format", "json")).json
    assert again == found


def test_every_id_is_traced() -> None:
    evidence = load_evidence()
    for option in evidence.options:
        for place in ("US", "EU", "UK"):
            answer = check(HEALTHY, option.option, place)
            for finding in answer.findings:
                traced = trace(finding.id, evidence=evidence)
                assert finding.source in traced.item.sources
            for reason in answer.earliest_start.reasons:
                assert not reason.id or trace(reason.id, evidence=evidence).id == reason.id


def test_the_label_is_that_of_the_file_unless_another_is_asked_for() -> None:
    assert equipoise(*run("--format", "json")).json["jurisdiction"] == "EU"
    assert equipoise(*run("--format", "json", "--jurisdiction", "us")).json["jurisdiction"] == "US"


def test_text_says_what_was_found() -> None:
    said = " ".join(equipoise(*run("--on", "2026-11-22", who="contraindicated")).out.split())
    assert "Contraindicated: the label rules it out" in said
    assert "yes: History of stroke. [label.alemtuzumab-ci-10; EU, eu-lemtrada-pil, Section 2, Do not use]" in said
    assert "It does not replace the label" in said


def test_vaccine_on_the_command_line() -> None:
    found = equipoise(*run("--on", "2026-11-22", "--last-vaccine", "2026-11-20", "--format", "json")).json
    assert found["earliest_start"]["date"] == "2027-01-01"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("eligibility", "alemtuzumab"), "a person is needed"),
        (("eligibility", "alemtuzumabb", "--person", str(EXAMPLES / "torn.toml")), "Did you mean: alemtuzumab"),
        (run("--on", "2026-02-30"), "--on: '2026-02-30' is no day"),
        (run("--last-vaccine", "soon"), "--last-vaccine: 'soon' is no day"),
        (run("--jurisdiction", "CH"), "there is no jurisdiction called 'CH'"),
        (run(who="i-dont-know"), "whose label applies is not known"),
        (run(who="nobody-here"), "cannot be read"),
        (run("--on", "9999-12-31", "--last-vaccine", "9999-12-31"), "too late a day"),
    ],
)
def test_bad_input(words: tuple[str, ...], said: str) -> None:
    ran = equipoise(*words)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not ran.out
