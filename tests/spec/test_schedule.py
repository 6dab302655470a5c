"""What the years of a treatment look like: the schedule that a label adds up to."""

from __future__ import annotations

import re

import pytest

from equipoise.consultation import consult
from equipoise.consultation.document import Option
from equipoise.evidence import Label, label_text, load_evidence
from equipoise.safety.plan_readings import MORE_AT_FIRST
from equipoise.safety.schedule import Task, TestPlan, TreatmentPlan, plan_treatment
from equipoise.vocabulary.errors import EvidenceError
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.small_evidence import SMALL, faults, files, sound, swapped

PLACES = list(Jurisdiction)
MONTHLY = ("cbc-diff", "creatinine", "urinalysis-microscopy")


def label(option: str) -> Label:
    evidence = load_evidence()
    return evidence.label(evidence.option(option))


def plan(option: str, place: Jurisdiction, horizon_months: int = 72) -> TreatmentPlan:
    return plan_treatment(label(option), place, horizon_months)


def test_of(found: TreatmentPlan, test_id: str) -> TestPlan:
    (one,) = [test for test in found.tests if test.test_id == test_id and not test.condition]
    return one


test_of.__test__ = False  # type: ignore[attr-defined]


def option_of(option: str, place: Jurisdiction) -> Option:
    other = "interferon-beta-1a" if option == "alemtuzumab" else "alemtuzumab"
    return consult(option, other, jurisdiction=place).options[0]


# ---------------------------------------------------------------- alemtuzumab


@pytest.mark.parametrize("place", PLACES)
def test_alemtuzumab_is_five_infusion_days_then_three_a_year_later(place: Jurisdiction) -> None:
    courses = plan("alemtuzumab", place).courses
    assert [(course.start_month, course.days) for course in courses] == [(0, 5), (12, 3)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("test_id", MONTHLY)
def test_alemtuzumab_monthly_tests_run_until_48_months_after_the_last_dose(place: Jurisdiction, test_id: str) -> None:
    found = test_of(plan("alemtuzumab", place), test_id)
    assert found.until_month == 12 + 48
    assert found.months == tuple(float(month) for month in range(1, 61))


@pytest.mark.parametrize("place", PLACES)
def test_alemtuzumab_thyroid_tests_every_three_months(place: Jurisdiction) -> None:
    found = test_of(plan("alemtuzumab", place), "tsh")
    assert found.months == tuple(float(month) for month in range(3, 61, 3))


@pytest.mark.parametrize("place", PLACES)
def test_alemtuzumab_samples_a_year(place: Jurisdiction) -> None:
    found = plan("alemtuzumab", place)
    assert [len(found.sampling_months(year)) for year in found.years] == [12, 12, 12, 12, 12, 0]


def test_a_short_look_ahead_does_not_shorten_the_monitoring() -> None:
    found = test_of(plan("alemtuzumab", Jurisdiction.EU, 24), "cbc-diff")
    assert found.until_month == 60
    assert found.months[-1] == 24


def test_another_planned_course_moves_the_end() -> None:
    third = """
[[dosing]]
id = "drug-a-dos-03"
jurisdiction = "EU"
text = "12 mg a day for 3 days, a year later still"
course = 3
days = 3
route = "IV"
interval_from_previous = "P12M"
source_id = "drug-a-label"
locator = "4.2"
seen = "primary"
"""
    two = sound(files()).labels["drug-a"]
    three = sound({**files(), "labels/drug-a.toml": (SMALL["labels/drug-a.toml"] + third).encode()}).labels["drug-a"]
    ends = [plan_treatment(each, Jurisdiction.EU, 120).tests[0].until_month for each in (two, three)]
    assert ends == [60, 72]


def test_courses_as_needed_are_not_laid_out() -> None:
    assert [entry.fields["course"] for entry in label("alemtuzumab").current("dosing", Jurisdiction.EU)] == [1, 2, 3]
    assert [course.number for course in plan("alemtuzumab", Jurisdiction.EU).courses] == [1, 2]


@pytest.mark.parametrize("place", PLACES)
def test_alemtuzumab_after_the_last_dose_is_said_to_people(place: Jurisdiction) -> None:
    number = option_of("alemtuzumab", place).after_last_dose
    assert number is not None
    assert number.value == 48
    assert "48 months after the last dose" in number.text
    assert len(number.sources) >= 1


# ---------------------------------------------------------------- interferon


@pytest.mark.parametrize("place", PLACES)
def test_interferon_is_156_injections_a_year_without_an_end(place: Jurisdiction) -> None:
    found = plan("interferon-beta-1a", place)
    assert {(dose.task, dose.per_year) for dose in found.repeated} == {(Task.INJECTION, 156)}
    assert found.courses == ()
    assert found.last_dose_month is None


@pytest.mark.parametrize("place", PLACES)
def test_interferon_blood_tests_then_an_interval_that_no_label_states(place: Jurisdiction) -> None:
    found = test_of(plan("interferon-beta-1a", place), "cbc-diff")
    assert found.months == (1, 3, 6)
    assert found.until_month is None
    assert "periodically" in found.interval_text


@pytest.mark.parametrize("place", PLACES)
def test_what_no_label_states_is_unknown_and_never_zero(place: Jurisdiction) -> None:
    rows = {row.task: row for row in option_of("interferon-beta-1a", place).plan_rows}
    sampling = next(row for task, row in rows.items() if "test" in task)
    first, *rest = sampling.per_year
    assert first is not None
    assert first.value == 3
    assert rest == [None] * 5, "nothing stated must not read as no tests"
    assert sampling.remark, "what the label says instead stands beside the numbers"


@pytest.mark.parametrize("place", PLACES)
def test_after_the_end_of_monitoring_zero_is_said(place: Jurisdiction) -> None:
    sampling = next(row for row in option_of("alemtuzumab", place).plan_rows if "test" in row.task)
    last = sampling.per_year[-1]
    assert last is not None
    assert last.value == 0


@pytest.mark.parametrize(
    ("option", "per_year"), [("interferon-beta-1a-im", 52), ("peginterferon-beta-1a", 26), ("interferon-beta-1b", 182)]
)
def test_other_interferons(option: str, per_year: float) -> None:
    (dose,) = plan(option, Jurisdiction.EU).repeated
    assert dose.per_year == per_year


# ---------------------------------------------------------------- more at the start


@pytest.mark.parametrize(
    ("option", "by_year"),
    [
        ("ocrelizumab", (3, 2, 2)),  # day 1, two weeks later, month 6; then every 6 months
        ("ublituximab", (4, 2, 2)),  # day 1, weeks 2, 24 and 48; weeks 72 and 96
        ("ofatumumab", (14, 12, 12)),  # weeks 0, 1, 2 and 4, then every month
        ("natalizumab", (13, 13, 13)),
    ],
)
def test_doses_that_come_before_the_regular_ones_are_counted(option: str, by_year: tuple[int, ...]) -> None:
    (dose,) = plan(option, Jurisdiction.EU).repeated
    assert tuple(dose.in_year(year) for year in (1, 2, 3)) == by_year


def test_every_text_of_a_dose_that_speaks_of_more_at_the_start_is_counted_so() -> None:
    """Whoever adds a label with doses two weeks after the first meets this test."""
    repeated = [
        entry
        for one in load_evidence().labels.values()
        for entry in one.entries
        if entry.table == "dosing" and entry.fields.get("every")
    ]
    said = {entry.id for entry in repeated if re.search(r"split|weeks? later|weeks 0", label_text(entry))}
    assert said == set(MORE_AT_FIRST)


# ---------------------------------------------------------------- whose label


def test_a_uk_contraindication_replaces_the_european_one_on_its_subject_and_no_other() -> None:
    eu = {e.subject: e.id for e in label("alemtuzumab").current("contraindication", Jurisdiction.EU)}
    uk = {e.subject: e.id for e in label("alemtuzumab").current("contraindication", Jurisdiction.UK)}
    assert uk.keys() == eu.keys()
    assert {subject for subject in eu if eu[subject] != uk[subject]} == {"bleeding-disorder"}
    assert {"hiv-infection", "history-stroke", "uncontrolled-hypertension"} <= uk.keys()


def test_a_uk_indication_that_points_at_the_european_text_does_not_hide_it() -> None:
    shown = [e.id for e in label("alemtuzumab").current("indication", Jurisdiction.UK)]
    pointing = next(e for e in label("alemtuzumab").entries if e.id == "alemtuzumab-ind-04")
    assert pointing.id in shown
    assert set(pointing.fields["same_as"]) <= set(shown)


def test_the_us_label_never_falls_back() -> None:
    for one in load_evidence().labels.values():
        for table in ("contraindication", "indication", "monitoring", "dosing"):
            assert {entry.jurisdiction for entry in one.current(table, Jurisdiction.US)} <= {"US"}


def test_uk_dosing_replaces_european_dosing_as_a_whole() -> None:
    own = """
[[dosing]]
id = "drug-b-dos-uk"
jurisdiction = "UK"
text = "44 micrograms twice a week"
per_week = 2
route = "SC"
source_id = "drug-b-label"
locator = "4.2"
seen = "primary"
"""
    evidence = sound({**files(), "labels/drug-b.toml": (SMALL["labels/drug-b.toml"] + own).encode()})
    doses = {place: plan_treatment(evidence.labels["drug-b"], place).repeated for place in PLACES}
    assert [dose.per_year for dose in doses[Jurisdiction.UK]] == [104]
    assert [dose.per_year for dose in doses[Jurisdiction.EU]] == [156]
    assert doses[Jurisdiction.US] == ()


@pytest.mark.parametrize(("trust", "shown"), [("primary", True), ("secondary", True), ("unverified", False)], ids=str)
def test_a_test_that_was_not_seen_is_not_planned(trust: str, *, shown: bool) -> None:
    old = 'text = "Blood count every month until 48 months after the last dose"'
    passage = SMALL["labels/drug-a.toml"].partition(old)[2].partition('seen = "primary"')[0]
    contents = swapped("labels/drug-a.toml", f'{old}{passage}seen = "primary"', f'{old}{passage}seen = "{trust}"')
    found = plan_treatment(sound(contents).labels["drug-a"], Jurisdiction.EU)
    assert bool(found.tests) is shown
    if shown:
        assert found.tests[0].entry.trust in (Trust.PRINTED, Trust.SECONDARY)


def test_a_course_without_its_days_is_refused_when_it_is_read() -> None:
    errors = faults(swapped("labels/drug-a.toml", "days = 5\n", ""))
    assert isinstance(errors[0], EvidenceError)
    assert (errors[0].row, errors[0].column) == ("drug-a-dos-01", "days")
