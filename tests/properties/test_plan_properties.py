"""What holds for every plan: sources, the end, the first day, windows, and the four parts of a morning."""

from __future__ import annotations

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.evidence import load_evidence
from equipoise.safety.plan import PlanRequest, plan_monitoring
from equipoise.safety.plan_courses import GivenCourse, is_given_in_courses
from equipoise.safety.plan_document import MonitoringPlan, TaskKind
from equipoise.safety.results import Result
from equipoise.safety.watch import evaluate
from equipoise.safety.working_days import Shift, ShiftRule
from equipoise.vocabulary.terms import Jurisdiction

EVIDENCE = load_evidence()
DAYS = st.dates(datetime.date(2012, 1, 1), datetime.date(2030, 12, 31))
GAPS = st.lists(st.integers(20, 3_000), max_size=3)
DRUGS = st.sampled_from(sorted(EVIDENCE.labels))
PLACES = st.sampled_from(list(Jurisdiction))
RULES = st.builds(ShiftRule, st.sampled_from(list(Shift)), st.just(frozenset()), st.integers(0, 20))


def courses(first: datetime.date, gaps: list[int]) -> tuple[GivenCourse, ...]:
    days = [first]
    for gap in gaps:
        days.append(days[-1] + datetime.timedelta(days=gap))
    return tuple(GivenCourse(day) for day in days)


def plan(
    drug: str, place: Jurisdiction, given: tuple[GivenCourse, ...], rule: ShiftRule | None = None
) -> MonitoringPlan:
    label = EVIDENCE.labels[drug]
    kept = given if is_given_in_courses(label) else given[:1]
    return plan_monitoring(label, place, PlanRequest(kept, rule=rule or ShiftRule()))


@settings(max_examples=60, deadline=None)
@given(DRUGS, PLACES, DAYS, GAPS, RULES)
def test_every_task_has_a_source_a_window_and_an_id_of_its_own(
    drug: str, place: Jurisdiction, first: datetime.date, gaps: list[int], rule: ShiftRule
) -> None:
    made = plan(drug, place, courses(first, gaps), rule)
    assert len({task.id for task in made.tasks}) == len(made.tasks)
    for task in made.tasks:
        assert task.source.source_id in EVIDENCE.sources
        assert task.source.locator
        assert task.trust.may_be_shown
        assert task.window_start is None or task.window_start <= task.due
        assert task.due <= task.window_end or task.kind is TaskKind.VACCINE
        if task.kind not in (TaskKind.BASELINE, TaskKind.VACCINE):
            assert task.by_label >= first


@settings(max_examples=60, deadline=None)
@given(DRUGS, PLACES, DAYS, GAPS, st.integers(20, 3_000))
def test_a_further_course_never_ends_monitoring_earlier(
    drug: str, place: Jurisdiction, first: datetime.date, gaps: list[int], further: int
) -> None:
    before = plan(drug, place, courses(first, gaps))
    after = plan(drug, place, courses(first, [*gaps, further]))
    if before.ends_on is not None:
        assert after.ends_on is not None
        assert after.ends_on >= before.ends_on
    kept = {(task.id, task.due) for task in after.tasks}
    last_start = after.courses[-1].first_dose
    assert {(task.id, task.due) for task in before.tasks if task.due < last_start} <= kept


@settings(max_examples=60, deadline=None)
@given(PLACES, DAYS)
def test_a_series_never_drifts(place: Jurisdiction, first: datetime.date) -> None:
    made = plan("alemtuzumab", place, courses(first, []))
    for task in made.tasks:
        if task.kind is TaskKind.TEST and task.entry.fields.get("every") == "P1M":
            assert task.by_label.day == first.day or (
                task.by_label.day < first.day and (task.by_label + datetime.timedelta(days=1)).day == 1
            )


@settings(max_examples=60, deadline=None)
@given(
    DRUGS,
    PLACES,
    DAYS,
    GAPS,
    st.integers(-200, 3_000),
    st.sets(st.integers(0, 300), max_size=20),
    st.lists(st.integers(-100, 2_500), max_size=10),
)
def test_due_done_overdue_and_upcoming_partition_the_plan(
    drug: str,
    place: Jurisdiction,
    first: datetime.date,
    gaps: list[int],
    later: int,
    chosen: set[int],
    taken: list[int],
) -> None:
    made = plan(drug, place, courses(first, gaps))
    on = first + datetime.timedelta(days=later)
    done = {made.tasks[i].id: made.tasks[i].due for i in chosen if i < len(made.tasks)}
    results = [
        Result("platelet-count", 210.0, "10*9/L", first + datetime.timedelta(days=days), 150.0, 400.0) for days in taken
    ]
    watch = evaluate(made, done, results, on)
    parts = [
        *(task.id for task in watch.due),
        *(item.task.id for item in watch.overdue),
        *(item.task.id for item in watch.done),
        *(task.id for task in watch.upcoming),
    ]
    assert sorted(parts) == sorted(task.id for task in made.tasks)
    assert all(item.task.window_end < on for item in watch.overdue)
    assert all(item.on <= on for item in watch.done)
