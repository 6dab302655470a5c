"""Alerts: each number from somebody who stated it, and what nobody stated is no more than outside the range."""

from __future__ import annotations

import datetime

import pytest

from equipoise.evidence import load_evidence
from equipoise.safety.alerts import BEYOND_MEASURE_TEXT, NO_RANGE_TEXT, OUTSIDE_RANGE_TEXT, Alert, AlertKind
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


def test_a_first_test_before_treatment_is_none_of_those_that_are_repeated() -> None:
    """One label entry asks for a blood count before dimethyl fumarate and every three months: two series."""
    count = [platelets(taken, 250) for taken in ("2024-04-14", "2024-07-16")]
    watch = on_day("dimethyl-fumarate", "EU", count, "2024-12-01")
    done = {item.task.id for item in watch.done}
    assert {"dimethyl-fumarate-mon-02.P3M", "dimethyl-fumarate-mon-02.P6M"} <= done
    overdue = {item.task.id: item.missed_in_a_row for item in watch.overdue}
    assert overdue["dimethyl-fumarate-mon-02.c1"] == 1
    assert overdue["dimethyl-fumarate-mon-02.P9M"] == 1


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
    outside, fell = watch.alerts
    assert (fell.entry.id if fell.entry else "") == "alemtuzumab-alt-12"
    assert (fell.origin, fell.urgency) == (Origin.CONSENSUS, Urgency.PROMPT)
    assert outside.kind is AlertKind.OUTSIDE_RANGE
    assert outside.may_be is Urgency.URGENT, "the label calls it urgent if it is an immune thrombocytopenia"


def test_the_floor_of_the_same_sentence_counts() -> None:
    watch = on_day("alemtuzumab", "EU", [platelets("2024-02-15", 240), platelets("2024-03-15", 95)], "2024-03-16")
    assert ids(watch.alerts) == ["laboratory-range"], "the text speaks of counts that stay above 100,000 only"


def test_what_the_label_says_without_a_number_stands_beside_the_side_it_speaks_of() -> None:
    def signs(*results: Result) -> list[set[str]]:
        found = on_day("alemtuzumab", "US", list(results), "2024-03-16").alerts
        return [{sign.id for sign in alert.signs} for alert in found]

    assert signs(platelets("2024-03-15", 90)) == [{"alemtuzumab-alt-02"}]
    assert signs(platelets("2024-03-15", 480)) == [set()], "too many platelets are no immune thrombocytopenia"
    low = Result("haemoglobin", 95, "g/L", day("2024-03-15"), 120, 160)
    assert signs(low) == [set()], "the entry names a blood count and means platelets"
    red_cells = Result("urine-red-cells", 300, "/uL", day("2024-03-15"), 0, 10)
    assert signs(red_cells) == [{"alemtuzumab-alt-01", "alemtuzumab-alt-03"}]


def test_a_dangerous_result_that_no_text_grades_is_no_last_line_of_the_list() -> None:
    deficit = Result("cd4-count", 150, "/uL", day("2024-03-15"), 400, 1500)
    results = [
        deficit,
        Result("tsh", 4.6, "m[IU]/L", day("2024-03-15"), 0.4, 4.5),
        platelets("2024-03-12", 12),
        platelets("2024-03-15", 140),
    ]
    found = on_day("alemtuzumab", "US", results, "2024-03-16").alerts
    told = [(alert.result.analyte, alert.result.value, alert.urgency, alert.may_be) for alert in found]
    assert told == [
        ("platelet-count", 12, Urgency.NOT_STATED, Urgency.URGENT),
        ("platelet-count", 140, Urgency.NOT_STATED, Urgency.URGENT),
        ("cd4-count", 150, Urgency.NOT_STATED, None),
        ("tsh", 4.6, Urgency.NOT_STATED, None),
        ("cd4-count", 150, Urgency.ROUTINE, None),
    ]


def test_what_a_text_states_comes_before_what_may_be_as_urgent() -> None:
    alerts = [
        Result("alt", 130, "U/L", day("2024-03-15"), None, 40),
        Result("alt", 130, "U/L", day("2024-04-15"), None, 40),
    ]
    own = Threshold("own", "tsh", ">", 10, "m[IU]/L", "TSH above 10", "Call", Urgency.URGENT, Origin.CLINIC)
    results = [*alerts, Result("tsh", 11, "m[IU]/L", day("2024-01-20"), 0.4, 4.5)]
    found = on_day("alemtuzumab", "US", results, "2024-04-16", extra=(own,)).alerts
    assert [alert.id.split(".")[0] for alert in found[:2]] == ["own", "laboratory-range"]


def test_a_result_that_nothing_can_be_held_against_is_told_and_not_taken_for_normal() -> None:
    bare = [
        Result("platelet-count", value, "10*9/L", day(on)) for value, on in ((11, "2024-02-15"), (12, "2024-03-15"))
    ]
    (alert,) = on_day("alemtuzumab", "US", bare, "2024-03-16").alerts
    assert (alert.kind, alert.urgency, alert.may_be) == (AlertKind.CANNOT_JUDGE, Urgency.NOT_STATED, None)
    assert alert.text == NO_RANGE_TEXT
    assert alert.result.value == 12, "the newest; the one before is history"
    assert [sign.id for sign in alert.signs] == ["alemtuzumab-alt-02"]


def test_a_text_that_speaks_of_the_value_settles_it_without_a_range() -> None:
    def kinds(drug: str, place: str, *results: Result) -> list[AlertKind]:
        return [alert.kind for alert in on_day(drug, place, list(results), "2024-03-16").alerts]

    fine = Result("platelet-count", 240, "10*9/L", day("2024-03-15"))
    assert kinds("alemtuzumab", "EU", fine) == [], "a consensus carries on from 150"
    assert kinds("alemtuzumab", "US", fine) == [AlertKind.CANNOT_JUDGE], "no US text seen does"
    low = Result("platelet-count", 12, "10*9/L", day("2024-03-15"))
    assert kinds("alemtuzumab", "EU", low) == [AlertKind.CANNOT_JUDGE], "below what is carried on with is not settled"
    cd4 = Result("cd4-count", 500, "/uL", day("2024-03-15"))
    assert kinds("alemtuzumab", "US", cd4) == [], "the label's 200 settles it"


def test_a_value_beyond_the_method_that_may_lie_outside_is_told() -> None:
    found = on_day("alemtuzumab", "US", [
        Result("platelet-count", 200, "10*9/L", day("2024-03-15"), 150, 400, comparator="<")
    ], "2024-03-16").alerts  # fmt: skip
    assert [(alert.kind, alert.text) for alert in found] == [(AlertKind.CANNOT_JUDGE, BEYOND_MEASURE_TEXT)]


def counted(taken: str, value: float) -> Result:
    return Result("lymphocytes", value, "10*9/L", day(taken), 1.0, 4.0)


def test_for_more_than_six_months_means_all_of_them() -> None:
    def told(*results: Result) -> bool:
        found = on_day("diroximel-fumarate", "US", list(results), "2025-06-01").alerts
        return "diroximel-fumarate-alt-01" in ids(found)

    assert not told(counted("2024-03-01", 0.3)), "one low count has not lasted"
    half_a_year = [counted("2024-03-01", 0.4), counted("2024-06-01", 0.3), counted("2024-09-01", 0.4)]
    assert not told(*half_a_year), "six months to the day are not more than six"
    assert told(*half_a_year, counted("2024-09-02", 0.4))
    recovered = counted("2024-06-02", 0.6)
    assert not told(*half_a_year, recovered, counted("2024-09-02", 0.4)), "a count in between that recovered"


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
