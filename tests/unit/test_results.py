"""Results: units, ranges, and what is refused in which words."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.safety.monitoring_tests import ANALYTES, TESTS
from equipoise.safety.results import Result, ResultError, checked, faults
from equipoise.safety.units import LOOKED_UP, UnitError, as_ucum, asked, factor
from tests.support.plans import day

ON = day("2026-11-22")
GOOD = Result("platelet-count", 210, "10*9/L", day("2026-11-02"), 150, 400, "Lab A")


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "same"),
    [
        ("platelet-count", 150_000, "/uL", 150.0),
        ("platelet-count", 150, "10*3/uL", 150.0),
        ("platelet-count", 150, "10*9/L", 150.0),
        ("platelet-count", 150, "x10^9/L", 150.0),
        ("cd4-count", 0.2, "10*9/L", 200.0),
        ("lymphocytes", 800, "cells/uL", 0.8),
        ("tsh", 4.5, "u[IU]/mL", 4.5),
        ("tsh", 4.5, "mIU/L", 4.5),
        ("creatinine", 1, "mg/dL", 88.4017),
        ("creatinine", 88.4017, "umol/L", 88.4017),
        ("creatinine", 88.4017, "\N{MICRO SIGN}mol/L", 88.4017),
        ("bilirubin", 1, "mg/dL", 17.1035776),
        ("alt", 1, "ukat/L", 60.0),
        ("alt", 40, "IU/L", 40.0),
        ("urine-pcr", 100, "mg/g", 11.312),
        ("igg", 700, "mg/dL", 7.0),
    ],
)
def test_units_are_brought_to_one(analyte: str, value: float, unit: str, same: float) -> None:
    result = Result(analyte, value, unit, day("2026-11-02"))
    assert result.in_common_unit == pytest.approx(same, rel=1e-6)
    assert faults(result, ON) == ()


AS_LABORATORIES_WRITE = {
    ("platelet-count", "10*9/L"): (
        "G/L|G/l|Giga/L|Gpt/L|Gpt/l|10^9/l|10E9/L|10e9/L|x10E9/L|10⁹/L|×10⁹/L|x 10^9/L|10^9 / L|/nL|K/uL|K/µL|k/µl|"
        "Tsd/µl|Tsd./µl|thou/uL|10³/µL|10E3/uL|x10^3/µL"
    ),
    ("cd4-count", "/uL"): "/µl|cells/µL",
    ("tsh", "m[IU]/L"): "mIU/L|mIU/l|mU/L|mU/l|µIU/mL|µIU/ml|uU/mL|µU/ml|mIE/l|mE/l|mUI/L",
    ("alt", "U/L"): "U/l|IU/L|IU/l|UI/L|IE/l|E/l",
    ("creatinine", "umol/L"): "µmol/L|µmol/l|umol/l|mcmol/L",
}


@pytest.mark.parametrize(
    ("analyte", "wanted", "unit"),
    [
        (analyte, wanted, unit)
        for (analyte, wanted), units in AS_LABORATORIES_WRITE.items()
        for unit in units.split("|")
    ],
)
def test_units_are_taken_as_laboratories_write_them(analyte: str, wanted: str, unit: str) -> None:
    assert ANALYTES[analyte].unit == wanted
    assert factor(unit, ANALYTES[analyte]) == 1


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("platelet-count", "mg/dL"),
        ("platelet-count", "[IU]/L"),
        ("platelet-count", "%"),
        ("platelet-count", "G/mL"),
        ("platelet-count", "U/L"),
        ("platelet-count", "109/L"),  # the power was lost on the way
        ("platelet-count", "10 9/L"),
        ("platelet-count", "x103/uL"),
        ("creatinine", "G/L"),
        ("creatinine", "U/L"),
        ("tsh", "G/L"),
        ("tsh", "10*9/L"),
        ("creatinine", "10*9/L"),
        ("creatinine", "nonsense"),
        ("creatinine", ""),
    ],
)
def test_units_that_do_not_fit_are_refused_with_one_that_does(analyte: str, unit: str) -> None:
    with pytest.raises(UnitError) as told:
        factor(unit, ANALYTES[analyte])
    assert ANALYTES[analyte].unit in str(told.value)


def test_a_good_result_is_taken() -> None:
    assert checked(GOOD, ON) is GOOD


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"taken_on": day("2026-11-23")}, "after 2026-11-22"),
        ({"taken_on": day("0026-11-02")}, "is the year complete?"),
        ({"value": 210_000}, "Is the unit right?"),
        ({"value": -1}, "is impossible"),
        ({"value": float("nan")}, "is no number"),
        ({"value": float("inf")}, "is no number"),
        ({"unit": "mg/dL"}, "does not fit Platelets"),
        ({"analyte": "platelet"}, "platelet-count"),
        ({"reference_low": 400, "reference_high": 150}, "must be below"),
        ({"reference_low": -3}, "reference range"),
        ({"comparator": "~"}, "allowed are <, <=, >, >="),
    ],
)
def test_each_fault_is_a_sentence(change: dict[str, object], said: str) -> None:
    with pytest.raises(ResultError) as told:
        checked(dataclasses.replace(GOOD, **change), ON)  # type: ignore[arg-type]
    assert said in str(told.value)


def test_all_faults_are_told_at_once() -> None:
    wrong = dataclasses.replace(GOOD, taken_on=day("2027-01-01"), value=-2, reference_low=500)
    assert len(faults(wrong, ON)) == 3


def test_a_creatinine_of_nothing_is_impossible_and_a_tsh_of_nothing_is_not() -> None:
    assert faults(Result("creatinine", 0, "umol/L", ON), ON)
    assert not faults(Result("tsh", 0, "m[IU]/L", ON), ON)


@pytest.mark.parametrize(
    ("value", "comparator", "low", "high", "side"),
    [
        (149, "", 150, 400, "low"),
        (150, "", 150, 400, ""),
        (400, "", 150, 400, ""),
        (401, "", 150, 400, "high"),
        (0.01, "<", 0.4, 4.0, "low"),
        (5, "<", 0.4, 4.0, None),
        (5, ">", 0.4, 4.0, "high"),
        (3, "<", None, 4.0, ""),
        (210, "", None, None, None),
    ],
)
def test_side_of_the_laboratory_s_range(
    value: float, comparator: str, low: float | None, high: float | None, side: str | None
) -> None:
    result = Result("tsh", value, "m[IU]/L", ON, low, high, comparator=comparator)
    assert result.side == side


@given(st.sampled_from(sorted(ANALYTES)), st.floats(0.001, 1e6))
def test_the_common_unit_changes_nothing(analyte: str, value: float) -> None:
    assert Result(analyte, value, ANALYTES[analyte].unit, ON).in_common_unit == value


def test_no_code_claims_to_be_checked() -> None:
    assert not any(test.code_verified for test in TESTS.values())
    assert not any(analyte.code_verified for analyte in ANALYTES.values())


def test_tests_measure_analytes_that_exist() -> None:
    assert {name for test in TESTS.values() for name in test.analytes} <= set(ANALYTES)


def test_factors_looked_up_are_those_of_the_library() -> None:
    for (unit, wanted), value in LOOKED_UP.items():
        analytes = [analyte for analyte in ANALYTES.values() if analyte.unit == wanted]
        assert analytes, wanted
        for analyte in analytes:
            assert asked(unit, analyte) == value, (unit, analyte.id)


def test_labels_and_common_units_do_not_load_the_library() -> None:
    import subprocess
    import sys

    program = (
        "import sys, datetime\n"
        "from tests.support.plans import a_plan\n"
        "from equipoise.evidence import load_evidence\n"
        "from equipoise.safety.results import Result\n"
        "from equipoise.safety.thresholds import thresholds\n"
        "from equipoise.safety.watch import evaluate\n"
        "from equipoise.vocabulary.terms import Jurisdiction\n"
        "plan = a_plan('alemtuzumab', 'EU', '2024-01-15')\n"
        "result = Result('platelet-count', 240, '10*3/uL', datetime.date(2024, 2, 15), 150, 400)\n"
        "limits = thresholds(load_evidence().labels['alemtuzumab'], Jurisdiction.EU)\n"
        "evaluate(plan, {}, [result], datetime.date(2024, 2, 16), limits)\n"
        "print('pint' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("analyte", "unit", "written"),
    [
        ("platelet-count", "G/l", "10*9/l"),
        ("platelet-count", "x10^9/L", "10*9/L"),
        ("lymphocytes", "cells/µL", "{cells}/uL"),
        ("tsh", "mU/L", "m[IU]/L"),
        ("alt", "IU/L", "U/L"),
        ("creatinine", "mg/dL", "mg/dL"),
    ],
)
def test_a_unit_that_is_handed_on_is_one_of_ucum(analyte: str, unit: str, written: str) -> None:
    assert as_ucum(unit, ANALYTES[analyte].unit) == written
    assert factor(written, ANALYTES[analyte]) == factor(unit, ANALYTES[analyte])
