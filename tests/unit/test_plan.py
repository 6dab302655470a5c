"""The dated plan: what moves its end, what has no day, and what it refuses."""

from __future__ import annotations

import datetime
import re

import pytest

from equipoise.evidence import LabelEntry, load_evidence
from equipoise.safety.plan import PlanRequest, plan_monitoring
from equipoise.safety.plan_courses import GivenCourse
from equipoise.safety.plan_document import PlannedTask, StandingKind, TaskKind
from equipoise.safety.plan_readings import (
    AFTER_THE_TESTS,
    AGAIN_ON_FIRST_DAY,
    ALERT_CONTEXT,
    ALSO,
    BEFORE_EACH_COURSE,
    BOXED_TESTS,
    CARRY_ON,
    FIRST_BEFORE_TREATMENT,
    ONLY_FOR_SOME,
    SPEAKS_OF,
    VACCINE_WAITS,
    WITHIN,
)
from equipoise.safety.plan_switch import switched
from equipoise.safety.working_days import Shift, ShiftRule
from equipoise.vocabulary.errors import RequestError
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.plans import a_plan, day


def due(plan_tasks: tuple[PlannedTask, ...], entry: str) -> list[datetime.date]:
    return [task.due for task in plan_tasks if task.entry.id == entry]


def test_each_further_course_moves_the_end() -> None:
    courses = ["2024-01-15", "2025-01-20", "2026-02-02"]
    ends = [a_plan("alemtuzumab", "EU", *courses[:number]).ends_on for number in (1, 2, 3)]
    assert ends == [day("2028-01-19"), day("2029-01-22"), day("2030-02-04")]


def test_the_end_counts_from_the_last_dose_that_was_given() -> None:
    evidence = load_evidence()
    given = GivenCourse(day("2024-01-15"), day("2024-01-25"))
    plan = plan_monitoring(evidence.labels["alemtuzumab"], Jurisdiction.US, PlanRequest((given,)))
    assert plan.ends_on == day("2028-01-25")


def test_no_test_between_the_end_and_a_course_that_comes_years_later() -> None:
    days = due(a_plan("alemtuzumab", "EU", "2018-03-10", "2024-05-06").tasks, "alemtuzumab-mon-11")
    gap = [one for one in days if day("2022-03-14") < one < day("2024-05-06")]
    assert gap == []
    assert day("2022-03-10") in days
    assert days[-1] == day("2028-04-10")


def test_periodic_stays_text() -> None:
    plan = a_plan("alemtuzumab", "US", "2024-01-15")
    assert due(plan.tasks, "alemtuzumab-mon-05") == []
    (standing,) = [item for item in plan.standing if item.id == "alemtuzumab-mon-05"]
    assert standing.kind is StandingKind.NO_INTERVAL
    assert "periodic" in standing.why


def test_unverified_entries_reach_no_plan() -> None:
    plan = a_plan("alemtuzumab", "EU", "2024-01-15")
    told = {task.entry.id for task in plan.tasks} | {item.id for item in plan.standing}
    assert not told & {"alemtuzumab-mon-20", "alemtuzumab-mon-21", "alemtuzumab-mon-23"}


def test_after_the_last_test_there_is_a_watch_without_an_end() -> None:
    for place in Jurisdiction:
        plan = a_plan("alemtuzumab", place, "2024-01-15")
        assert any(item.lasts_after_tests for item in plan.watch), place
        assert all(item.ends is None for item in plan.watch)


def test_where_no_sign_was_seen_the_plan_says_so() -> None:
    plan = a_plan("cladribine", "EU", "2024-01-15")
    assert plan.tasks == ()
    kinds = {item.id: item.kind for item in plan.standing}
    assert kinds == dict.fromkeys(
        ["cladribine.baseline_test", "cladribine.monitoring", "cladribine.signs"], StandingKind.NOT_SEEN
    )


def test_tests_before_each_course_where_the_text_says_each() -> None:
    plan = a_plan("cladribine", "US", "2024-03-04", "2025-03-10")
    assert due(plan.tasks, "cladribine-bas-01") == [day("2024-03-03"), day("2025-03-09")]
    assert due(plan.tasks, "cladribine-mon-01") == [
        day("2024-05-04"), day("2024-09-04"), day("2025-05-10"), day("2025-09-10"),
    ]  # fmt: skip


def test_a_stated_window_before_the_first_dose() -> None:
    task = a_plan("alemtuzumab", "US", "2024-03-31").task("alemtuzumab-bas-14.c1")
    assert task is not None
    assert (task.window_start, task.window_end) == (day("2024-03-01"), day("2024-03-30"))


def test_no_man_is_asked_for_a_pregnancy_test() -> None:
    label, given = load_evidence().labels["teriflunomide"], (GivenCourse(day("2026-01-12")),)
    for man, asked in ((frozenset({"female"}), False), (frozenset(), True)):
        plan = plan_monitoring(label, Jurisdiction.US, PlanRequest(given, does_not_apply=man))
        assert ("pregnancy-test" in {task.test_id for task in plan.tasks}) is asked


@pytest.mark.parametrize("entry", ["ozanimod-bas-03", "ponesimod-bas-03"])
def test_a_window_before_the_first_dose_that_only_the_text_states(entry: str) -> None:
    task = a_plan(entry.partition("-")[0], "US", "2024-08-31").task(f"{entry}.c1")
    assert task is not None
    assert (task.window_start, task.window_end) == (day("2024-02-29"), day("2024-08-30"))


def test_every_window_before_the_first_dose_was_read() -> None:
    told = {
        name
        for name, entry in shown("baseline_test").items()
        if re.search(r"within \d (week|month)s$", entry.text) and not entry.fields.get("window_before")
    }
    assert told == set(WITHIN)


def test_conditions_are_unknown_until_said() -> None:
    unknown = a_plan("alemtuzumab", "US", "2024-01-15")
    holds = a_plan("alemtuzumab", "US", "2024-01-15", applies=frozenset({"female"}))
    not_so = a_plan("alemtuzumab", "US", "2024-01-15", does_not_apply=frozenset({"female"}))
    assert [item.condition for item in unknown.standing if item.kind is StandingKind.CONDITIONAL] == ["female"]
    assert due(unknown.tasks, "alemtuzumab-mon-07") == []
    assert due(holds.tasks, "alemtuzumab-mon-07")[0] == day("2025-01-15")
    assert "alemtuzumab-mon-07" not in {item.id for item in not_so.standing}


def test_a_test_before_treatment_only_for_some_is_asked_of_nobody_else() -> None:
    entry, condition = "natalizumab-bas-02", "after-another-drug"
    unknown = a_plan("natalizumab", "EU", "2025-03-01")
    holds = a_plan("natalizumab", "EU", "2025-03-01", applies=frozenset({condition}))
    not_so = a_plan("natalizumab", "EU", "2025-03-01", does_not_apply=frozenset({condition}))
    assert {item.id: item.condition for item in unknown.standing}[entry] == condition
    assert [due(plan.tasks, entry) for plan in (unknown, holds, not_so)] == [[], [day("2025-02-28")], []]
    assert entry not in {item.id for item in not_so.standing}


def test_a_second_ecg_on_the_first_day_is_no_test_before_it() -> None:
    before, after = (task for task in a_plan("fingolimod", "EU", "2024-11-30").tasks if task.test_id == "ecg")
    assert (before.kind, after.kind) == (TaskKind.BASELINE, TaskKind.AT_TREATMENT)
    assert (before.level, after.level) == ("required", "required")


def test_the_first_of_a_series_is_due_before_treatment_where_the_text_says_so() -> None:
    first, second = a_plan("dimethyl-fumarate", "EU", "2024-01-15").tasks[1:3]
    assert (first.kind, first.due, first.level) == (TaskKind.BASELINE, day("2024-01-14"), "required")
    assert (second.kind, second.due) == (TaskKind.TEST, day("2024-04-15"))
    assert first.id != second.id


def test_vaccines_have_their_day_also_where_only_the_text_names_it() -> None:
    task = a_plan("ocrelizumab", "US", "2025-01-01").task("ocrelizumab-bas-04.c1")
    assert task is not None
    assert (task.kind, task.due, task.window_end) == (TaskKind.VACCINE, day("2024-12-04"), day("2024-12-04"))


def test_antiviral_lasts_as_long_as_each_label_says() -> None:
    ends = {
        place: [p.ends for p in a_plan("alemtuzumab", place, "2024-01-15").periods if p.kind == "antiviral-herpes"]
        for place in ("US", "EU")
    }
    assert ends == {"US": [day("2024-03-19")], "EU": [day("2024-02-19")]}


def test_shift_rules() -> None:
    # 15 June 2024 is a Saturday.
    entry = "alemtuzumab-mon-11.P5M"
    holiday = ShiftRule(Shift.NEXT, frozenset({day("2024-06-17")}))
    found = {
        name: a_plan("alemtuzumab", "EU", "2024-01-15", rule=rule).task(entry)
        for name, rule in {
            "keep": ShiftRule(),
            "next": ShiftRule(Shift.NEXT),
            "previous": ShiftRule(Shift.PREVIOUS),
            "holiday": holiday,
        }.items()
    }
    assert {name: task.due for name, task in found.items() if task} == {
        "keep": day("2024-06-15"),
        "next": day("2024-06-17"),
        "previous": day("2024-06-14"),
        "holiday": day("2024-06-18"),
    }
    assert all(task.by_label == day("2024-06-15") for task in found.values() if task)


def test_a_stopped_treatment_has_no_tests_after_the_stop_and_says_so() -> None:
    plan = a_plan("dimethyl-fumarate", "EU", "2024-01-15", stopped=day("2024-08-01"))
    assert due(plan.tasks, "dimethyl-fumarate-mon-02") == [day("2024-01-14"), day("2024-04-15"), day("2024-07-15")]
    assert StandingKind.AFTER_STOP in {item.kind for item in plan.standing}


def test_stopping_alemtuzumab_ends_no_test() -> None:
    going = a_plan("alemtuzumab", "US", "2024-01-15")
    stopped = a_plan("alemtuzumab", "US", "2024-01-15", stopped=day("2024-06-01"))
    assert stopped.tasks == going.tasks
    assert stopped.ends_on == going.ends_on


def test_contraception_goes_on_after_the_stop_as_long_as_the_label_says() -> None:
    plan = a_plan("ozanimod", "EU", "2024-01-15", stopped=day("2024-08-31"))
    assert [period.ends for period in plan.periods if period.kind == "contraception"] == [day("2024-11-30")]


def test_pregnancy_drops_no_test() -> None:
    plan = a_plan("alemtuzumab", "US", "2024-01-15", pregnant_from=day("2025-06-01"))
    assert plan.tasks == a_plan("alemtuzumab", "US", "2024-01-15").tasks
    assert {"alemtuzumab-prg-05", "alemtuzumab-mon-04.pregnancy"} <= {item.id for item in plan.standing}


def test_a_switch_keeps_what_the_first_drug_still_asks_for() -> None:
    first = a_plan("alemtuzumab", "EU", "2024-01-15", stopped=day("2025-02-03"))
    second = a_plan("dimethyl-fumarate", "EU", "2025-02-03")
    both = switched(first, second)
    assert len(both.tasks) == len(first.tasks) + len(second.tasks)
    assert both.ends_on == first.ends_on
    assert both.drugs == ("alemtuzumab", "dimethyl-fumarate")


def test_faults_of_the_days_are_told_together() -> None:
    with pytest.raises(RequestError) as told:
        a_plan("alemtuzumab", "EU", "2024-01-15", "2024-01-17", stopped=day("2024-01-16"))
    assert "course 2 starts on 2024-01-17, while course 1 lasts to 2024-01-19" in str(told.value)
    assert "after the drug was stopped" in str(told.value)


def test_a_course_too_soon_or_too_many_is_said() -> None:
    plan = a_plan("alemtuzumab", "EU", "2020-01-06", "2020-12-01", "2022-01-10", "2023-01-16", "2024-01-22")
    why = " ".join(item.why for item in plan.standing if item.kind is StandingKind.COURSES)
    assert "Course 2 starts on 2020-12-01, sooner" in why
    assert "5 courses are given here" in why


def test_a_first_dose_in_two_parts_is_two_days_in_the_year_in_which_it_falls() -> None:
    days = [year.treatment_days for year in a_plan("ocrelizumab", "EU", "2024-01-10").burden]
    assert days[:3] == [3, 2, 2]
    assert a_plan("ocrelizumab", "EU", "2024-12-25").burden[0].treatment_days == 1


def test_burden_adds_up() -> None:
    plan = a_plan("alemtuzumab", "US", "2024-01-15", "2025-01-20")
    counted = [task for task in plan.tasks if task.kind in (TaskKind.TEST, TaskKind.BASELINE)]
    assert sum(year.tests for year in plan.burden) == len(counted)
    assert [year.treatment_days for year in plan.burden[:4]] == [0, 5, 3, 0]
    injections = a_plan("interferon-beta-1a-sc", "EU", "2024-01-01").burden
    # 366 days from a first dose on a Monday: 52 whole weeks of three and the first of the 53rd.
    assert injections[0].injections == 157


def test_a_plan_takes_less_than_5_ms() -> None:
    import time

    evidence = load_evidence()
    request = PlanRequest(tuple(GivenCourse(day(text)) for text in ("2023-05-31", "2024-06-03", "2025-09-15")))
    label = evidence.labels["alemtuzumab"]
    took = []
    for _ in range(20):
        start = time.perf_counter()
        plan_monitoring(label, Jurisdiction.US, request)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.005


def test_readings_name_entries_that_exist() -> None:
    known = set(load_evidence().label_entries)
    assert {*BEFORE_EACH_COURSE, *AFTER_THE_TESTS, *BOXED_TESTS, *ALERT_CONTEXT, *CARRY_ON, *ALSO, *SPEAKS_OF} <= known
    assert {*FIRST_BEFORE_TREATMENT, *AGAIN_ON_FIRST_DAY, *ONLY_FOR_SOME, *VACCINE_WAITS, *WITHIN} <= known


def test_every_entry_that_says_each_course_was_read() -> None:
    words = ("before each course", "before a course", "before an infusion course")
    told = {
        entry.id
        for entry in load_evidence().label_entries.values()
        if entry.table == "baseline_test" and entry.trust.may_be_shown and any(word in entry.text for word in words)
    }
    assert told == set(BEFORE_EACH_COURSE)


def shown(table: str) -> dict[str, LabelEntry]:
    return {
        entry.id: entry
        for entry in load_evidence().label_entries.values()
        if entry.table == table and entry.trust.may_be_shown and entry.jurisdiction in tuple(Jurisdiction)
    }


def test_every_series_that_begins_before_treatment_was_read() -> None:
    told = {name for name, entry in shown("monitoring").items() if entry.fields.get("every") and "before" in entry.text}
    assert told == set(FIRST_BEFORE_TREATMENT)


def test_every_test_before_treatment_that_is_done_again_after_hours_was_read() -> None:
    assert {name for name, entry in shown("baseline_test").items() if "hours" in entry.text} == set(AGAIN_ON_FIRST_DAY)


def test_every_wait_after_a_vaccine_was_read() -> None:
    told = {
        name
        for name, entry in shown("baseline_test").items()
        if entry.fields["test_id"] in ("immunisations", "vzv-status")
        and re.search(r"\d (week|month)", entry.text)
        and not (entry.fields.get("min_interval") or entry.fields.get("delay_after_vaccine"))
    }
    assert told == set(VACCINE_WAITS)


def test_a_condition_that_was_read_stands_in_its_text() -> None:
    for name, condition in ONLY_FOR_SOME.items():
        entry = shown("baseline_test")[name]
        assert condition.replace("-", " ") in entry.text.replace(",", "")
        assert "condition" not in entry.fields


MEASURED = (
    "platelet", "thrombocytopenia", "itp", "creatinine", "haematuria", "proteinuria", "leukopenia", "lymphocytes",
    "liver tests", "aptt",
)  # fmt: skip


def test_every_alert_without_a_number_that_names_something_measured_was_read() -> None:
    from equipoise.safety.monitoring_tests import ANALYTES
    from equipoise.safety.thresholds import Urgency

    entries = load_evidence().label_entries
    told = {
        entry.id
        for entry in entries.values()
        if entry.table == "alert"
        and entry.trust.may_be_shown
        and entry.jurisdiction in tuple(Jurisdiction)
        and not entry.fields.get("operator")
        and (entry.fields.get("test_id") or any(word in entry.text.lower() for word in MEASURED))
    }
    assert told == set(SPEAKS_OF)
    for entry, about in SPEAKS_OF.items():
        assert set(about) <= set(ANALYTES)
        assert set(about.values()) <= {"low", "high"}
        assert Urgency(entries[entry].fields["urgency"]), entry


def test_every_threshold_is_compared_or_told() -> None:
    from equipoise.safety.thresholds import thresholds

    for label in load_evidence().labels.values():
        for place in Jurisdiction:
            thresholds(label, place)
