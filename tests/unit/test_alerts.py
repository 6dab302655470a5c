"""Alerts: each number from somebody who stated it, and what nobody stated is no more than outside the range."""

from __future__ import annotations

import datetime

import pytest

from equipoise.evidence import load_evidence
from equipoise.safety.alerts import OUTSIDE_RANGE_TEXT, Alert, AlertKind
from equipoise.safety.results import Result
from equipoise.safety.thresholds import Origin, Threshold, Urgency, compared, thresholds
from equipoise.safety.watch import Watch, evaluate
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.plans import a_plan, day

FIRST = "2024-01-15"


def platelets(taken: str, value: float) -> Result:
    return Result("platelet-count", value, "10*9/L", day(taken), 150, 400)


def on_day(
    drug: str,
    place: str,
    results: list[Result],
    on: str,
    extra: tuple[Threshold, ...] = (),
    courses: tuple[str, ...] = (FIRST,),
    done: dict[str, datetime.date] | None = None,
) -> Watch:
    plan = a_plan(drug, place, *courses)
    limits = thresholds(load_evidence().labels[drug], Jurisdiction(place))
    return evaluate(plan, done or {}, results, day(on), (*limits, *extra))


def ids(found: tuple[Alert, ...]) -> list[str]:
    return [alert.id.split(".")[0] for alert in found]


def test_low_platelets_without_a_threshold_are_outside_the_range_and_nothing_more() -> None:
    watch = on_day("alemtuzumab", "US", [platelets("2024-01-10", 240), platelets("2024-02-15", 90)], "2024-02-16")
    (alert,) = watch.alerts
    assert alert.kind is AlertKind.OUTSIDE_RANGE
    assert (alert.text, alert.action, alert.urgency) == (OUTSIDE_RANGE_TEXT, "", Urgency.NOT_STATED)
    assert alert.origin is Origin.LABORATORY
    assert alert.change.percent_from_baseline == pytest.approx(-62.5)
    assert "alemtuzumab-alt-02" in {sign.id for sign in alert.signs}, "what the label says without a number stands by"


def test_a_consensus_is_shown_as_one() -> None:
    watch = on_day("alemtuzumab", "EU", [platelets("2024-02-15", 240), platelets("2024-03-15", 115)], "2024-03-16")
    fell, outside = watch.alerts
    assert (fell.entry.id if fell.entry else "") == "alemtuzumab-alt-12"
    assert (fell.origin, fell.urgency) == (Origin.CONSENSUS, Urgency.PROMPT)
    assert outside.kind is AlertKind.OUTSIDE_RANGE


def test_the_floor_of_the_same_sentence_counts() -> None:
    watch = on_day("alemtuzumab", "EU", [platelets("2024-02-15", 240), platelets("2024-03-15", 95)], "2024-03-16")
    assert ids(watch.alerts) == ["laboratory-range"], "the text speaks of counts that stay above 100,000 only"


def test_us_never_takes_a_european_threshold() -> None:
    watch = on_day("alemtuzumab", "US", [platelets("2024-02-15", 390), platelets("2024-03-15", 160)], "2024-03-16")
    assert watch.alerts == ()


def test_carry_on_is_no_alert() -> None:
    watch = on_day("alemtuzumab", "EU", [platelets("2024-02-15", 240)], "2024-02-16")
    assert watch.alerts == ()
    assert ids(watch.carry_on) == ["alemtuzumab-alt-11"]


def test_label_threshold_in_another_unit() -> None:
    cd4 = Result("cd4-count", 0.19, "10*9/L", day("2024-03-19"))
    (alert,) = on_day("alemtuzumab", "US", [cd4], "2024-03-20").alerts
    assert (alert.entry.id if alert.entry else "", alert.origin) == ("alemtuzumab-alt-08", Origin.LABEL)


def alt(taken: str, value: float, high: float | None = 40) -> Result:
    return Result("alt", value, "U/L", day(taken), None, high)


def test_times_the_upper_limit_and_two_in_a_row() -> None:
    def told(*results: Result) -> set[str]:
        return set(ids(on_day("teriflunomide", "US", list(results), "2024-06-01").alerts))

    assert "teriflunomide-alt-02" not in told(alt("2024-02-15", 130))
    assert "teriflunomide-alt-02" in told(alt("2024-02-15", 130), alt("2024-03-15", 121))
    assert "teriflunomide-alt-02" not in told(alt("2024-02-15", 130), alt("2024-03-15", 50), alt("2024-04-15", 130))


def test_a_trial_protocol_is_shown_as_one() -> None:
    found = on_day("teriflunomide", "US", [alt("2024-02-15", 130), alt("2024-03-15", 130)], "2024-06-01").alerts
    assert {alert.origin for alert in found} == {Origin.TRIAL_PROTOCOL, Origin.LABORATORY}


def test_a_rule_about_the_time_before_treatment_speaks_of_no_later_result() -> None:
    before = on_day("teriflunomide", "US", [alt("2024-01-10", 90)], "2024-06-01")
    after = on_day("teriflunomide", "US", [alt("2024-02-10", 90)], "2024-06-01")
    assert "teriflunomide-alt-01" in ids(before.alerts)
    assert "teriflunomide-alt-01" not in ids(after.alerts)


def test_a_rule_between_courses() -> None:
    lymphocytes = Result("lymphocytes", 700, "/uL", day("2024-12-15"))
    open_course = on_day("cladribine", "US", [lymphocytes], "2025-01-02")
    later = on_day("cladribine", "US", [lymphocytes], "2025-01-02", courses=("2022-01-15", "2023-01-20"))
    assert ids(open_course.alerts) == ["cladribine-alt-02"]
    assert later.alerts == ()


def test_without_the_upper_limit_it_cannot_be_told_and_that_is_said() -> None:
    found = on_day("interferon-beta-1a-sc", "US", [alt("2024-02-15", 900, None)], "2024-03-01").alerts
    assert [alert.kind for alert in found] == [AlertKind.CANNOT_JUDGE]
    assert found[0].urgency is Urgency.NOT_STATED


def test_the_clinic_s_own_limit_is_the_clinic_s() -> None:
    own = Threshold(
        "clinic-creatinine", "creatinine", ">", 1.2, "mg/dL", "creatinine above our limit", "Repeat", Urgency.PROMPT,
        Origin.CLINIC,
    )  # fmt: skip
    result = Result("creatinine", 120, "umol/L", day("2024-02-15"))
    (alert,) = on_day("alemtuzumab", "EU", [result], "2024-02-16", extra=(own,)).alerts
    assert (alert.origin, alert.entry) == (Origin.CLINIC, None)


def test_results_in_a_row_outside_the_range_are_counted() -> None:
    rising = [
        Result("creatinine", value, "umol/L", day(taken), 45, 90)
        for taken, value in (("2024-01-10", 70), ("2024-02-15", 95), ("2024-03-15", 110), ("2024-04-15", 130))
    ]
    found = on_day("alemtuzumab", "EU", rising, "2024-04-16").alerts
    assert [alert.change.outside_in_a_row for alert in found] == [3, 2, 1], "newest first"
    assert found[0].change.percent_from_baseline == pytest.approx(100 * (130 / 70 - 1))


def test_the_same_result_gives_the_same_alert_every_morning() -> None:
    results = [platelets("2024-02-15", 90)]
    first = on_day("alemtuzumab", "EU", results, "2024-02-16").alerts
    second = on_day("alemtuzumab", "EU", results, "2024-05-16").alerts
    assert [alert.id for alert in first] == [alert.id for alert in second]


def test_a_late_test_moves_no_other() -> None:
    watch = on_day("alemtuzumab", "US", [platelets("2024-02-28", 210)], "2024-03-01")
    (done,) = [item for item in watch.done if item.task.entry.id == "alemtuzumab-mon-01"]
    assert (done.task.due, done.on, done.days_late) == (day("2024-02-15"), day("2024-02-28"), 13)
    upcoming = [task.due for task in watch.upcoming if task.entry.id == "alemtuzumab-mon-01"]
    assert upcoming[0] == day("2024-03-15")


def test_missed_months_are_counted_and_the_gravest_stands_first() -> None:
    watch = on_day("alemtuzumab", "US", [platelets("2024-02-14", 210)], "2024-06-25")
    counts = [item for item in watch.overdue if item.task.entry.id == "alemtuzumab-mon-01"]
    assert max(item.missed_in_a_row for item in counts) == 4
    newest = max(counts, key=lambda item: item.task.due)
    assert (newest.days, newest.last_done) == (10, day("2024-02-14"))
    assert watch.overdue[0].is_boxed
    assert watch.overdue[0].missed_in_a_row >= 4


def test_a_blood_count_without_platelets_has_not_looked_for_what_it_is_for() -> None:
    only = [Result("haemoglobin", 135, "g/L", day("2024-02-15"))]
    watch = on_day("alemtuzumab", "US", only, "2024-02-15")
    assert not [item for item in watch.done if item.task.entry.id == "alemtuzumab-mon-01"]


def lymphocytes(*taken: str) -> list[Result]:
    return [Result("lymphocytes", 1.1, "10*9/L", day(on)) for on in taken]


def test_one_count_answers_two_courses_that_ask_for_it_at_once() -> None:
    # Six months after the first course are two months after the second.
    courses = (FIRST, "2024-05-15")
    watch = on_day("cladribine", "US", lymphocytes("2024-03-15", "2024-07-16"), "2024-08-31", courses=courses)
    done = {item.task.id: item.on for item in watch.done if item.task.entry.id == "cladribine-mon-01"}
    assert done == {
        "cladribine-mon-01.c1.P2M": day("2024-03-15"),
        "cladribine-mon-01.c1.P6M": day("2024-07-16"),
        "cladribine-mon-01.c2.P2M": day("2024-07-16"),
    }


def test_a_late_count_answers_one_of_them() -> None:
    courses = (FIRST, "2024-05-15")
    watch = on_day("cladribine", "US", lymphocytes("2024-08-20"), "2024-08-31", courses=courses)
    late = [item.task.id for item in watch.overdue if item.task.entry.id == "cladribine-mon-01"]
    assert sorted(late) == ["cladribine-mon-01.c1.P2M", "cladribine-mon-01.c1.P6M"]


def test_what_was_measured_before_a_course_says_nothing_of_the_next() -> None:
    courses = (FIRST, "2024-02-26")
    before = lymphocytes("2024-01-08", "2024-01-12")
    watch = on_day("cladribine", "US", before, "2024-02-26", courses=courses)
    assert "cladribine-bas-01.c1" in {item.task.id for item in watch.done}
    assert "cladribine-bas-01.c2" in {item.task.id for item in watch.overdue}
    between = on_day("cladribine", "US", [*before, *lymphocytes("2024-02-20")], "2024-02-26", courses=courses)
    assert "cladribine-bas-01.c2" in {item.task.id for item in between.done}


def test_after_the_last_test_the_watch_says_so() -> None:
    assert not on_day("alemtuzumab", "US", [], "2028-01-19").after_the_tests
    assert on_day("alemtuzumab", "US", [], "2028-01-20").after_the_tests


def test_a_result_after_the_day_is_not_looked_at() -> None:
    assert on_day("alemtuzumab", "EU", [platelets("2024-03-15", 20)], "2024-03-14").alerts == ()


@pytest.mark.parametrize(
    ("value", "operator", "limit", "comparator", "answer"),
    [
        (10, "<", 10, "", False),
        (10, "<=", 10, "", True),
        (5, "<", 10, "<", True),
        (15, "<", 10, "<", None),
        (15, ">", 10, ">", True),
        (5, ">", 10, ">", None),
        (5, ">", 10, "<", False),
        (15, "<", 10, ">", False),
    ],
)
def test_comparisons_are_three_valued(
    value: float, operator: str, limit: float, comparator: str, answer: bool | None
) -> None:
    assert compared(value, operator, limit, comparator) is answer
