"""What holds for every person, every drug and every label."""

from __future__ import annotations

import datetime
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.evidence import load_evidence
from equipoise.person import CourseOfDisease, EarlierTreatment, Person, PregnancyPlan, Sex
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.safety import Eligibility, EligibilityVerdict, FindingKind, Truth
from equipoise.safety.calendar_dates import later
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.eligibility_people import check, with_condition, with_medicine

OPTIONS = [option.option for option in load_evidence().options]
DAYS = st.dates(datetime.date(2015, 1, 1), datetime.date(2040, 12, 31))

drugs = st.sampled_from(OPTIONS)
places = st.sampled_from([place.value for place in Jurisdiction])
conditions = st.sampled_from(sorted(CONDITIONS))
medicines = st.sampled_from(sorted(MEDICINES))
few_conditions = st.frozensets(conditions, max_size=3)

earlier = st.builds(
    EarlierTreatment,
    drug=st.sampled_from([*OPTIONS, "other-drug"]),
    relapsed=st.none() | st.booleans(),
    stopped=st.none() | DAYS,
)
people = st.builds(
    Person,
    age=st.none() | st.integers(8, 90),
    sex=st.none() | st.sampled_from(Sex),
    course=st.none() | st.sampled_from(CourseOfDisease),
    relapses_12_months=st.none() | st.integers(0, 4),
    enhancing_lesions=st.none() | st.booleans(),
    earlier_treatments=st.none() | st.lists(earlier, max_size=3).map(tuple),
    pregnancy=st.none() | st.sampled_from(PregnancyPlan),
    conditions=st.none() | few_conditions,
    not_conditions=few_conditions,
    unknown_conditions=few_conditions,
    medicines=st.none() | st.frozensets(medicines, max_size=2),
    unknown_medicines=st.frozensets(medicines, max_size=2),
)


def eligible_rank(answer: Eligibility) -> int:
    """How open an answer leaves a treatment: the larger, the more."""
    return [
        EligibilityVerdict.CONTRAINDICATED,
        EligibilityVerdict.NEEDS_ANSWERS,
        EligibilityVerdict.NOT_CONTRAINDICATED,
    ].index(answer.verdict)


@settings(deadline=None, max_examples=300)
@given(people, drugs, places, conditions)
def test_one_condition_more_never_makes_anyone_eligible(person: Person, drug: str, place: str, condition: str) -> None:
    # Where nothing was known at all, knowing of one condition also says that the others are absent: not this question.
    known = replace(person, conditions=person.conditions or frozenset())
    before, after = check(known, drug, place), check(with_condition(known, condition), drug, place)
    assert eligible_rank(after) <= eligible_rank(before)
    barred = {one.id for one in before.of_kind(FindingKind.CONTRAINDICATION) if one.status is Truth.MET}
    assert barred <= {one.id for one in after.of_kind(FindingKind.CONTRAINDICATION) if one.status is Truth.MET}


@settings(deadline=None, max_examples=200)
@given(people, drugs, places, medicines)
def test_one_medicine_more_never_makes_anyone_eligible(person: Person, drug: str, place: str, medicine: str) -> None:
    known = replace(person, medicines=person.medicines or frozenset())
    before, after = check(known, drug, place), check(with_medicine(known, medicine), drug, place)
    # A drug against MS that goes on puts alemtuzumab outside its licence: then that is known where it was not before.
    assert before.may_be_offered or not after.may_be_offered
    barred = {one.id for one in before.of_kind(FindingKind.CONTRAINDICATION) if one.status is Truth.MET}
    assert barred <= {one.id for one in after.of_kind(FindingKind.CONTRAINDICATION) if one.status is Truth.MET}


@settings(deadline=None, max_examples=200)
@given(people, drugs, places)
def test_unknown_is_never_safe(person: Person, drug: str, place: str) -> None:
    answer = check(person, drug, place)
    bars = {one.status for one in answer.of_kind(FindingKind.CONTRAINDICATION)}
    if Truth.UNKNOWN in bars or not bars or answer.unread:
        assert answer.verdict is not EligibilityVerdict.NOT_CONTRAINDICATED
    assert (answer.verdict is EligibilityVerdict.CONTRAINDICATED) == (Truth.MET in bars)
    if answer.may_be_offered:
        assert bars == {Truth.NOT_MET}
        assert Truth.MET in {one.status for one in answer.of_kind(FindingKind.INDICATION)}


@settings(deadline=None, max_examples=200)
@given(people, drugs, places, conditions)
def test_not_knowing_a_condition_never_settles_a_contraindication_differently(
    person: Person, drug: str, place: str, condition: str
) -> None:
    full = replace(person, conditions=person.conditions or frozenset())
    hazy = replace(full, unknown_conditions=full.unknown_conditions | {condition})
    before = {one.id: one.status for one in check(full, drug, place).of_kind(FindingKind.CONTRAINDICATION)}
    for one in check(hazy, drug, place).of_kind(FindingKind.CONTRAINDICATION):
        assert one.status in (before[one.id], Truth.UNKNOWN)


@settings(deadline=None, max_examples=150)
@given(people, drugs, places, DAYS, st.none() | DAYS)
def test_the_earliest_start_is_never_before_the_day_asked_for(
    person: Person, drug: str, place: str, on: datetime.date, last_vaccine: datetime.date | None
) -> None:
    start = check(person, drug, place, on, last_vaccine=last_vaccine).earliest_start
    assert start.not_before >= on
    assert start.day in (None, start.not_before)
    assert start.not_before == max([on, *(reason.day for reason in start.reasons if reason.day is not None)])


@given(DAYS, DAYS, st.integers(0, 60))
def test_months_keep_the_order_of_days(one: datetime.date, other: datetime.date, months: int) -> None:
    first, second = sorted((one, other))
    assert later(first, f"P{months}M") <= later(second, f"P{months}M")
    moved = later(first, f"P{months}M")
    assert (moved.year - first.year) * 12 + moved.month - first.month == months
    assert moved.day == first.day or (moved.day < first.day and (moved + datetime.timedelta(days=1)).day == 1)
