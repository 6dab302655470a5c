"""What ``equipoise compare --person FILE --values FILE`` promises: machine form, four portraits, what is declined."""

from __future__ import annotations

import datetime
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from equipoise.consultation import Consultation, consult, trace
from equipoise.consultation.personal import DRAWS, SEED
from equipoise.decision import CRITERIA, Limit, TradeOff, TradeOffAnswer, Values, read_values
from equipoise.evidence import Evidence, load_evidence
from equipoise.person import CourseOfDisease, Person, PregnancyPlan, Sex, Walking, normalised, read_person, write_person
from equipoise.vocabulary.errors import EquipoiseError, RequestError
from equipoise.vocabulary.terms import Jurisdiction
from tests.support.command import Ran, equipoise

ROOT = Path(__file__).resolve().parents[2]
PERSONS, MATTERS = ROOT / "examples" / "persons", ROOT / "examples" / "values"
PAIR = ("alemtuzumab", "interferon-beta-1a")
DAY = "2026-11-22"
TODAY = datetime.date.fromisoformat(DAY)
FEW = "400"
PORTRAITS = {
    "frequent-relapses": "fears-disability",
    "mild-long-safety": "long-safety-record",
    "contraindicated": "fears-disability",
    "torn": "torn",
}
OUTCOME = ("option", "outcome_id", "horizon_months", "denominator", "affected", "low", "high", "level", "basis", "id")


def compared(person: Path, *words: str, values: Path | None = None, day: str = DAY) -> Ran:
    asked = ["--person", str(person), "--on", day, *(("--values", str(values)) if values else ())]
    return equipoise("compare", *PAIR, *asked, *words)


@cache
def told(person: str, values: str = "", *words: str) -> Any:
    """The machine form of an answer to an example."""
    said = MATTERS / f"{values}.toml" if values else None
    ran = compared(PERSONS / f"{person}.toml", "--format", "json", *words, values=said)
    assert (ran.code, ran.err) == (0, "")
    return ran.json


@cache
def evidence() -> Evidence:
    return load_evidence()


def sitting(person: Person, values: Values | None = None, **more: Any) -> Consultation:
    asked: dict[str, Any] = {"draws": 400, "on": TODAY, "evidence": evidence()} | more
    return consult(*PAIR, person=person, values=values, **asked)


def firsts(document: Mapping[str, Any]) -> dict[str, float]:
    return {one["option"]: one["rank_acceptability"][0] for one in document["fit"]}


def reasons(document: Mapping[str, Any], option: str, *, is_for: bool) -> list[str]:
    return [r["criterion_id"] for r in document["reasons"] if r["option"] == option and r["is_for"] is is_for]


# ---------------------------------------------------------------- the machine form


@cache
def published() -> Any:
    return equipoise("compare", "--schema").json


@pytest.mark.parametrize(("person", "values"), [*PORTRAITS.items(), ("i-dont-know", "everything-matters-most")])
def test_every_example_keeps_to_the_published_schema(person: str, values: str) -> None:
    checker = jsonschema.Draft202012Validator(published())
    checker.validate(told(person, values))
    checker.validate(told(person))


def test_the_keys_of_the_contract_are_there() -> None:
    document = told("frequent-relapses", "fears-disability")
    promised = {"person", "outcomes", "differences", "declined", "fit", "reasons", "what_would_change", "ties"}
    assert promised <= set(document)
    assert all(set(OUTCOME) <= set(one) for one in document["outcomes"])
    for one in document["fit"]:
        assert {"option", "rank_acceptability", "central_weights", "confidence_factor"} <= set(one)


def test_without_values_nothing_is_weighed_and_without_a_person_nothing_is_personal() -> None:
    alone = told("frequent-relapses")
    assert not {"fit", "reasons", "ties", "what_would_change", "unranked", "levels"} & set(alone)
    assert not {"person", "outcomes", "declined", "seed"} & set(equipoise("compare", *PAIR, "--format", "json").json)


def test_values_change_no_outcome() -> None:
    alone, weighed = told("frequent-relapses"), told("frequent-relapses", "fears-disability")
    for key in ("person", "outcomes", "differences", "declined", "baselines"):
        assert alone[key] == weighed[key]


def test_the_person_is_given_back_in_normal_form_with_what_was_unknown() -> None:
    file = PERSONS / "torn.toml"
    document = told("torn")
    assert document["person"] == normalised(read_person(file))
    assert document["unknown"] == []
    assert len(told("i-dont-know")["unknown"]) > 10


def test_outcomes_mean_what_they_say() -> None:
    document = told("frequent-relapses")
    names = {"alemtuzumab", "interferon-beta-1a", "placebo"}
    assert {one["option"] for one in document["outcomes"]} == names
    for one in document["outcomes"]:
        assert one["low"] <= one["affected"] <= one["high"], one["id"]
        assert one["level"] == 0.95
        assert one["horizon_months"] in (12, 24, 36, 60, 72, 84, 96, 108), one["id"]
        if one["outcome_id"] != "relapses":
            assert one["high"] <= one["denominator"], one["id"]
    keys = [(one["option"], one["outcome_id"], one["horizon_months"]) for one in document["outcomes"]]
    assert len(set(keys)) == len(keys)
    promised = {("relapses", 12), ("relapses", 24), ("relapse-free", 12), ("relapse-free", 24)}
    for option in names:
        assert promised <= {(outcome, months) for name, outcome, months in keys if name == option}
    worsening = [o for o in document["outcomes"] if o["outcome_id"].startswith("confirmed-disability-worsening")]
    assert {one["basis"] for one in worsening} == {"population"}
    assert {one["basis"] for one in document["outcomes"] if one["outcome_id"] == "relapses"} == {"personal"}


def test_differences_are_of_the_outcomes_beside_them() -> None:
    document = told("frequent-relapses")
    at = {(one["option"], one["outcome_id"], one["horizon_months"]): one for one in document["outcomes"]}
    assert document["differences"]
    for one in document["differences"]:
        sides = [at[one[side], one["outcome_id"], one["horizon_months"]] for side in ("option", "reference")]
        assert one["denominator"] == sides[0]["denominator"] == sides[1]["denominator"]
        assert one["difference"] == pytest.approx(sides[0]["affected"] - sides[1]["affected"], abs=0.5), one["id"]
        assert one["low"] <= one["difference"] <= one["high"], one["id"]
        assert {side["basis"] for side in sides} != {"single-arm"}


@pytest.mark.parametrize("person", ["frequent-relapses", "mild-long-safety", "torn", "i-dont-know"])
def test_numbers_needed_are_never_signed_and_withheld_where_the_interval_holds_no_difference(person: str) -> None:
    seen = set()
    for one in told(person)["differences"]:
        needed = [one["number_needed"], one["number_needed_low"], one["number_needed_high"]]
        crosses, is_share = one["low"] <= 0 <= one["high"], one["outcome_id"] != "relapses"
        seen.add((crosses, is_share))
        if crosses or not is_share:
            assert needed == [None, None, None], one["id"]
        else:
            assert 0 < needed[1] <= needed[0] <= needed[2], one["id"]
            assert needed[0] == pytest.approx(one["denominator"] / abs(one["difference"])), one["id"]
        if crosses:
            assert one["is_benefit"] is None
    assert (True, True) in seen


def test_a_clear_difference_says_whether_it_is_good() -> None:
    found = {(d["outcome_id"], d["horizon_months"]): d for d in told("frequent-relapses")["differences"]}
    clear = [d for d in found.values() if not d["low"] <= 0 <= d["high"]]
    assert clear
    fewer = {(d["outcome_id"], d["difference"] < 0) for d in clear if d["is_benefit"]}
    assert all(is_fewer for outcome, is_fewer in fewer if outcome != "relapse-free")


# ---------------------------------------------------------------- same input, same bytes


def test_two_processes_print_the_same_bytes() -> None:
    words = ("compare", *PAIR, "--person", str(PERSONS / "torn.toml"), "--values", str(MATTERS / "torn.toml"))
    printed = [
        subprocess.run(
            [sys.executable, "-m", "equipoise", *words, "--on", DAY, "--format", "json", "--draws", FEW],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": salt, "COLUMNS": width},
            capture_output=True,
            check=True,
        ).stdout
        for salt, width in (("1", "80"), ("2", "200"))
    ]
    assert printed[0] == printed[1]
    assert printed[0].strip()


def test_the_seed_and_the_draws_are_recorded_and_used() -> None:
    usual = told("torn", "torn")
    assert (usual["seed"], usual["draws"], usual["years"]) == (SEED, DRAWS, 2) == (20201, 4000, 2)
    other = told("torn", "torn", "--seed", "7", "--draws", FEW, "--years", "1")
    assert (other["seed"], other["draws"], other["years"]) == (7, 400, 1)
    again = told("torn", "torn", "--seed", "8", "--draws", FEW, "--years", "1")
    numbers = [[one["affected"] for one in d["outcomes"] if one["basis"] == "personal"] for d in (usual, other, again)]
    assert numbers[1] != numbers[2]
    assert numbers[0] == pytest.approx(numbers[2], rel=0.15)


def test_a_longer_look_says_what_is_not_known() -> None:
    declined = {one["what"] for one in told("torn", "", "--years", "5")["declined"]}
    assert {"relapses", "relapse-free"} <= declined
    assert "relapses" not in {one["what"] for one in told("torn")["declined"]}


def test_the_order_in_which_facts_stand_in_a_file_changes_nothing(tmp_path: Path) -> None:
    facts = ["age = 33", 'sex = "woman"', "relapses_24_months = 2"]
    printed = set()
    for lines in (facts, facts[::-1]):
        file = tmp_path / "me.toml"
        file.write_text("\n".join(lines), encoding="utf-8")
        printed.add(compared(file, "--format", "json", "--draws", FEW).out)
    assert len(printed) == 1


@pytest.mark.parametrize(
    ("own", "option", "applied"),
    [(None, "", "EU"), ("UK", "", "UK"), ("UK", "US", "US"), ("US", "eu", "EU"), (None, "UK", "UK")],
)
def test_the_option_comes_before_the_person_and_the_person_before_the_eu(
    tmp_path: Path, own: str | None, option: str, applied: str
) -> None:
    file = tmp_path / "me.toml"
    file.write_text(f'age = 33\njurisdiction = "{own}"\n' if own else "age = 33\n", encoding="utf-8")
    words = ("--jurisdiction", option) if option else ()
    ran = compared(file, "--format", "json", "--draws", FEW, *words, values=MATTERS / "torn.toml")
    assert ran.json["jurisdiction"] == applied
    assert any(f".{applied}." in level["source_id"] for level in ran.json["levels"])


def test_the_day_decides_what_lies_in_the_future() -> None:
    early = compared(PERSONS / "frequent-relapses.toml", day="2024-01-01")
    assert early.code == 2
    assert "the last dose on 2025-01-15 lies in the future" in early.err
    with pytest.raises(RequestError, match="give the day"):
        sitting(Person(), on=None)


# ---------------------------------------------------------------- four portraits


def test_frequent_relapses_and_fear_of_disability_lean_to_alemtuzumab_for_these_reasons() -> None:
    document = told("frequent-relapses", "fears-disability")
    shares = firsts(document)
    assert shares["alemtuzumab"] > 0.6
    assert shares["interferon-beta-1a"] < 0.4
    assert {"relapses", "disability-worsening"} <= set(reasons(document, "alemtuzumab", is_for=True))
    assert {"relapses", "disability-worsening"} <= set(reasons(document, "interferon-beta-1a", is_for=False))
    assert "years-of-obligation" in reasons(document, "alemtuzumab", is_for=False)
    assert document["ties"] == []
    assert document["unranked"] == []
    assert document["what_would_change"]


def test_mild_disease_and_a_long_record_lean_to_interferon() -> None:
    document = told("mild-long-safety", "long-safety-record")
    assert list(firsts(document)) == ["interferon-beta-1a"]
    (out,) = document["unranked"]
    assert (out["option"], out["because"]) == ("alemtuzumab", "limit")
    assert "Tests and visits" in out["reason"]
    assert out["source_ids"] == ["schedule.alemtuzumab.EU.test.year-1"]
    # Nor is it the limit alone: without it the same answers lean the same way.
    said = read_values(MATTERS / "long-safety-record.toml")
    free = Values(said.matters, said.does_not_matter, said.order, said.trade_offs)
    view = sitting(read_person(PERSONS / "mild-long-safety.toml"), free).personal
    assert view is not None
    assert view.fit is not None
    assert {one.option.option: one.rank_acceptability[0] for one in view.fit.options}["interferon-beta-1a"] > 0.5


def test_what_the_label_rules_out_is_seen_but_not_ranked() -> None:
    document = told("contraindicated", "fears-disability")
    assert list(firsts(document)) == ["interferon-beta-1a"]
    (out,) = document["unranked"]
    assert (out["option"], out["because"]) == ("alemtuzumab", "contraindicated")
    assert "History of stroke." in out["reason"]
    assert "Another autoimmune disease besides MS." in out["reason"]
    assert len(out["source_ids"]) == 2
    for identifier in out["source_ids"]:
        assert equipoise("trace", identifier).code == 0
    assert [one for one in document["outcomes"] if one["option"] == "alemtuzumab"]
    assert "alemtuzumab" in compared(PERSONS / "contraindicated.toml", values=MATTERS / "fears-disability.toml").out


def test_no_preference_brings_back_what_the_label_rules_out() -> None:
    person = read_person(PERSONS / "contraindicated.toml")
    for matters in CRITERIA:
        view = sitting(
            person, Values(order=((matters.id,), ("infections" if matters.id != "infections" else "relapses",)))
        ).personal
        assert view is not None
        assert view.fit is not None
        assert [one.option.option for one in view.fit.options] in (["interferon-beta-1a"], [])


@pytest.mark.parametrize("format_", ["text", "html", "markdown", "json"])
def test_where_the_label_rules_every_option_out_each_says_why(tmp_path: Path, format_: str) -> None:
    file = tmp_path / "me.toml"
    file.write_text('age = 40\nconditions = ["stroke-ever", "hiv"]\n', encoding="utf-8")
    asked = ("--person", str(file), "--values", str(MATTERS / "torn.toml"), "--on", DAY, "--draws", FEW)
    ran = equipoise("compare", "alemtuzumab", "natalizumab", *asked, "--format", format_)
    assert (ran.code, ran.err) == (0, "")
    assert "HIV infection" in ran.out
    if format_ == "json":
        jsonschema.Draft202012Validator(published()).validate(ran.json)
        assert [one["because"] for one in ran.json["unranked"]] == ["contraindicated", "contraindicated"]
        assert ran.json["fit"] == []
        assert any("label leaves no option" in remark for remark in ran.json["remarks"])


def test_someone_who_is_torn_is_told_of_a_tie() -> None:
    document = told("torn", "torn")
    names = {one["id"] for one in document["options"]}
    assert all(set(change["new_order"]) <= names for change in document["what_would_change"])
    (tie,) = document["ties"]
    assert set(tie["options"]) == set(PAIR)
    assert "tie" in tie["sentence"]
    assert all(0.4 < share < 0.6 for share in firsts(document).values())
    assert "tie" in compared(PERSONS / "torn.toml", values=MATTERS / "torn.toml").out


@pytest.mark.parametrize(("person", "values"), PORTRAITS.items())
def test_the_right_reasons_are_numbers_that_can_be_traced(person: str, values: str) -> None:
    document = told(person, values)
    for reason in document["reasons"]:
        assert len(reason["source_ids"]) == 2
        for identifier in reason["source_ids"]:
            assert equipoise("trace", identifier, "--person", str(PERSONS / f"{person}.toml")).code == 0


@pytest.mark.parametrize(("person", "values"), [*PORTRAITS.items(), ("i-dont-know", "everything-matters-most")])
def test_shares_are_shares(person: str, values: str) -> None:
    document = told(person, values)
    for one in document["fit"]:
        assert sum(one["rank_acceptability"]) == pytest.approx(1)
        assert len(one["rank_acceptability"]) == len(document["fit"])
        if one["central_weights"] is not None:
            assert sum(one["central_weights"].values()) == pytest.approx(1)
            assert 0 <= one["confidence_factor"] <= 1
    if document["fit"]:
        assert sum(firsts(document).values()) == pytest.approx(1)
    ranked, out = {one["option"] for one in document["fit"]}, {one["option"] for one in document["unranked"]}
    assert ranked | out == set(PAIR)
    assert not ranked & out


# ---------------------------------------------------------------- declined, with a reason

OUTSIDE = {
    "a child": (Person(age=12), "younger"),
    "old": (Person(age=70), "older"),
    "secondary progressive": (Person(age=40, course=CourseOfDisease.SECONDARY_PROGRESSIVE), "progressive"),
    "primary progressive": (Person(age=40, course=CourseOfDisease.PRIMARY_PROGRESSIVE), "progressive"),
    "pregnant": (Person(age=30, sex=Sex.WOMAN, pregnancy=PregnancyPlan.PREGNANT), "pregnancy"),
    "EDSS 8": (Person(age=40, edss=8.0), "EDSS"),
    "a wheelchair": (Person(age=40, walking=Walking.WHEELCHAIR), "EDSS"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_outside_the_evidence_there_is_a_reason_and_no_number(name: str) -> None:
    person, word = OUTSIDE[name]
    said = read_values(MATTERS / "fears-disability.toml")
    view = sitting(person, said).personal
    assert view is not None
    assert [view.outcomes, view.differences, view.baselines] == [(), (), ()]
    told_why = [one.reason for one in view.declined if one.what == "personal-baseline"]
    assert told_why
    assert any(word in reason for reason in told_why)
    assert list(view.estimates) == []
    fit = view.fit
    assert fit is not None
    # Ranked by tests and visits alone, what asks least would come first whatever it does.
    assert [fit.options, fit.reasons, fit.ties, fit.what_would_change] == [(), (), (), ()]
    assert {one.option.option for one in fit.unranked} == set(PAIR)
    assert {one.because for one in fit.unranked} <= {"not-comparable", "contraindicated"}
    assert all(one.reason for one in fit.unranked)


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("format_", ["text", "html", "markdown", "json"])
def test_outside_the_evidence_every_form_says_why(tmp_path: Path, name: str, format_: str) -> None:
    person, word = OUTSIDE[name]
    file = tmp_path / "someone.toml"
    file.write_text(write_person(person), encoding="utf-8")
    ran = compared(file, "--format", format_, "--draws", FEW, values=MATTERS / "fears-disability.toml")
    assert (ran.code, ran.err) == (0, "")
    assert word in ran.out
    if format_ == "json":
        jsonschema.Draft202012Validator(published()).validate(ran.json)


def test_where_only_burdens_matter_they_may_be_ranked_for_anybody() -> None:
    said = Values(does_not_matter=("relapses", "disability-worsening", "disability-improvement"))
    view = sitting(Person(age=70), said).personal
    assert view is not None
    assert view.fit is not None
    assert len(view.fit.options) == 2


# ---------------------------------------------------------------- what cannot be read

BAD_PERSONS = {
    "an impossible age": ("age = 250", "age"),
    "a negative age": ("age = -3", "age"),
    "a word for an age": ('age = "young"', "age"),
    "relapses without a date": ('relapses_12_months = 1\nmonths_since_relapse = "last year"', "months_since_relapse"),
    "a relapse at no time": ("relapses_24_months = 0\nmonths_since_relapse = 3", "relapses_24_months"),
    "fewer in two years than in one": ("relapses_12_months = 3\nrelapses_24_months = 1", "relapses_24_months"),
    "symptoms before birth": ("age = 20\nyears_since_onset = 30", "years_since_onset"),
    "a pregnant man": ('sex = "man"\npregnancy = "pregnant"', "pregnancy"),
    "walking that is not the EDSS": ('walking = "no-signs"\nedss = 8', "edss"),
    "a field that nobody asks": ("shoe_size = 43", "shoe_size"),
    "an unknown word": ('sex = "womn"', "sex"),
    "an unknown drug": ('[[earlier_treatments]]\ndrug = "interferron"', "earlier_treatments"),
    "no TOML": ("age = = 3", "line 1"),
    "the same twice": ("age = 3\nage = 4", "stands once"),
}


@pytest.mark.parametrize("name", BAD_PERSONS)
def test_a_person_who_cannot_be_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    text, place = BAD_PERSONS[name]
    file = tmp_path / "me.toml"
    file.write_text(text, encoding="utf-8")
    ran = compared(file)
    assert (ran.code, ran.out) == (2, "")
    assert place in ran.err
    assert "me.toml" in ran.err
    assert "Traceback" not in ran.err
    assert file.read_text(encoding="utf-8") == text


def test_relapses_without_a_date_are_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "me.toml"
    file.write_text("relapses_12_months = 2\n", encoding="utf-8")
    ran = compared(file, "--format", "json", "--draws", FEW)
    assert ran.code == 0
    assert any("relapse" in one for one in ran.json["unknown"])


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "me.toml"
    file.write_text('age = 250\nsex = "womn"\nshoe_size = 43\n', encoding="utf-8")
    ran = compared(file)
    for name in ("age", "sex", "shoe_size"):
        assert name in ran.err


BAD_VALUES = {
    "an unknown criterion": ('matters = ["relapsess"]', "relapsess"),
    "an unknown answer": (
        '[[trade_off]]\nto_gain = "relapses"\nby = 1\nwould_accept = "injections"\nmore = 9\nanswer = "perhaps"',
        "answer",
    ),
    "a limit without a level": ('[[limit]]\ncriterion = "injections"', "level"),
    "a limit that is no number": ('[[limit]]\ncriterion = "injections"\nlevel = "few"', "level"),
    "no TOML": ("matters = [", "this is not TOML"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_VALUES)
def test_values_that_cannot_be_are_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    text, place = BAD_VALUES[name]
    file = tmp_path / "matters.toml"
    file.write_text(text, encoding="utf-8")
    ran = compared(PERSONS / "torn.toml", values=file)
    assert (ran.code, ran.out) == (2, "")
    assert place in ran.err
    assert "matters.toml" in ran.err


@pytest.mark.parametrize("which", ["--person", "--values"])
@pytest.mark.parametrize("kind", ["missing", "folder", "binary", "huge", "not utf-8", "nul"])
def test_what_is_no_file_of_answers_is_refused(tmp_path: Path, which: str, kind: str) -> None:
    file = tmp_path / "answers.toml"
    if kind == "folder":
        file.mkdir()
    elif kind != "missing":
        content = {
            "binary": bytes(range(256)) * 20,
            "huge": b"# much\n" * 400_000,
            "not utf-8": b'sex = "\xff\xfe"',
            "nul": b"age = 3\x00",
        }
        file.write_bytes(content[kind])
    other = ("--person", str(PERSONS / "torn.toml")) if which == "--values" else ()
    ran = equipoise("compare", *PAIR, which, str(file), *other)
    assert (ran.code, ran.out) == (2, "")
    assert "answers.toml" in ran.err
    assert "Traceback" not in ran.err


def test_values_without_a_person_are_refused() -> None:
    ran = equipoise("compare", *PAIR, "--values", str(MATTERS / "torn.toml"))
    assert (ran.code, ran.out) == (2, "")
    assert "--person FILE" in ran.err
    with pytest.raises(RequestError, match="who the person is"):
        consult(*PAIR, values=Values())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--years", "3"), "1, 2 or 5"),
        (("--years", "0"), "1, 2 or 5"),
        (("--draws", "5"), "100 to 1,000,000"),
        (("--draws", "99999999"), "100 to 1,000,000"),
        (("--draws", "many"), "--draws"),
        (("--seed", "-1"), "--seed"),
        (("--on", "2026-13-01"), "year-month-day"),
        (("--on", "tomorrow"), "year-month-day"),
        (("--jurisdiction", "FR"), "EU"),
        (("--format", "pdf"), "--format"),
    ],
)  # fmt: skip
def test_options_that_cannot_be_are_refused(words: tuple[str, ...], said: str) -> None:
    ran = equipoise("compare", *PAIR, "--person", str(PERSONS / "torn.toml"), *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_limits_that_exclude_every_option_lose_nothing() -> None:
    everything_out = Values(
        matters=("relapses",), limits=(Limit("tests-and-visits", 1), Limit("injections", 0), Limit("hospital-days", 0))
    )
    view = sitting(read_person(PERSONS / "torn.toml"), everything_out).personal
    assert view is not None
    assert view.fit is not None
    assert view.fit.options == ()
    assert {(one.option.option, one.because) for one in view.fit.unranked} == {(name, "limit") for name in PAIR}
    assert all("you said at most" in one.reason for one in view.fit.unranked)
    assert any("limit" in remark.lower() for remark in view.fit.remarks)
    assert view.outcomes


def test_answers_that_contradict_each_other_are_shown_back_and_the_rest_is_weighed() -> None:
    trades = (
        TradeOff("relapses", 1, "tests-and-visits", 12, TradeOffAnswer.YES),
        TradeOff("relapses", 1, "tests-and-visits", 6, TradeOffAnswer.NO),
    )
    view = sitting(read_person(PERSONS / "torn.toml"), Values(trade_offs=trades)).personal
    assert view is not None
    assert view.fit is not None
    assert len(view.fit.options) == 2
    assert any("do not fit together" in remark for remark in view.fit.remarks)


# ---------------------------------------------------------------- nothing is kept, nothing is logged


def test_nothing_about_a_person_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "me.toml"
    file.write_text("age = 47\nyears_since_onset = 11.25\nmonths_since_relapse = 7.5\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.DEBUG):
        for format_ in ("json", "html"):
            assert compared(file, "--format", format_, "--draws", FEW, values=MATTERS / "torn.toml").code == 0
        file.write_text("age = 947\nyears_since_onset = 11.25\n", encoding="utf-8")
        assert compared(file).code == 2
    assert caplog.text == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["me.toml"]


def test_errors_about_a_person_hold_no_value_in_their_repr() -> None:
    person = Person(age=47, years_since_onset=11.25)
    view = sitting(person).personal
    assert view is not None
    identifier = view.outcomes[0].estimate.id
    mistakes: tuple[Callable[[], object], ...] = (
        lambda: sitting(person, draws=3),
        lambda: sitting(person, on=None),
        lambda: trace(identifier, person=replace(person, age=48), evidence=evidence()),
        lambda: trace(identifier, evidence=evidence()),
    )
    for mistake in mistakes:
        with pytest.raises(EquipoiseError) as caught:
            mistake()
        assert not re.search(r"\b47\b|\b48\b|11\.25", repr(caught.value))


def test_ids_say_nothing_about_who_they_are_about() -> None:
    person = Person(age=47, relapses_12_months=3, relapses_24_months=5)
    view = sitting(person, jurisdiction=Jurisdiction.UK).personal
    assert view is not None
    stems = {one.id.split(".")[1] for one in view.estimates}
    assert len(stems) == 1
    assert all(len(stem) == 16 and set(stem) <= set("0123456789abcdef") for stem in stems)
