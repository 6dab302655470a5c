"""What the simulator assumes, in one table: it makes people up, and nothing here is evidence.

Where the evidence has a number, the simulator takes it from there (:mod:`equipoise.panel.people`). Everything
else that it needs stands below under a name, and :func:`table` prints it for the documentation and for
``panel.json``.
"""

from __future__ import annotations

from dataclasses import dataclass

# Share of people on each drug. Chosen so that a person has about 50 results on average.
DRUG_SHARES = {
    "alemtuzumab": 0.125,
    "interferon-beta-1a-sc": 0.50,
    "dimethyl-fumarate": 0.225,
    "teriflunomide": 0.15,
}
JURISDICTION_SHARES = {"EU": 0.5, "UK": 0.2, "US": 0.3}

# People.
AGE_SD_YEARS = 8.5
YOUNGEST, OLDEST = 18, 60
EDSS_SD = 1.1
EDSS_GAIN_A_YEAR = 0.08
VISIT_EVERY_MONTHS = 6
RELAPSES_A_YEAR_ON_TREATMENT = 0.3

# Courses of alemtuzumab beyond what the label plans.
LATE_COURSE_SHARE, LATE_COURSE_MOST_DAYS = 0.25, 180
NO_SECOND_COURSE_SHARE = 0.04
THIRD_COURSE_SHARE, THIRD_COURSE_AFTER_MONTHS = 0.25, (12, 30)
STOPPED_SHARE = 0.2
LONGEST_FOLLOW_UP_MONTHS = 72

# Punctuality: most people come within days, some late, a few not at all. Blood and urine are given on one day.
MISSED_SHARE_MEAN, MISSED_SHARE_CONCENTRATION = 0.05, 8.0
LATE_SHARE, LATE_DAYS = 0.08, (8, 24)
PUNCTUAL_DAYS = (-3, 6)
TEST_OMITTED_SHARE = 0.01
# Where a label gives no interval, a clinic still tests now and then.
HABIT_EVERY_MONTHS = 6

# Planted events.
CREATININE_EVENT_SHARE = 0.02
MISSED_MONTHS_SHARE = 0.05
MISSED_MONTHS = 3
LOW_PLATELETS = (0.1, 0.55)
HIGH_CREATININE = (1.15, 1.6, 2.2)
TSH_DRIFT = {"low": (0.6, 0.3, 0.1), "high": (1.3, 2.5, 5.0)}


@dataclass(frozen=True, slots=True)
class Measured:
    """How an analyte is simulated: log-normal about a person's own level.

    Attributes
    ----------
    analyte, unit
        What, an analyte of the vocabulary, and in which UCUM unit.
    low, high
        The laboratory's range in that unit; ``None`` where it has no such limit.
    median, between_cv, within_cv
        The median person's level, the spread of people's levels, and that of one person's results.
    decimals
        To how many places a laboratory reports it.
    """

    analyte: str
    unit: str
    low: float | None
    high: float | None
    median: float
    between_cv: float
    within_cv: float
    decimals: int


_PLATELETS = Measured("platelet-count", "10*9/L", 150, 400, 245, 0.15, 0.06, 0)
_NEUTROPHILS = Measured("neutrophils", "10*9/L", 1.8, 7.5, 3.9, 0.20, 0.10, 1)
_LYMPHOCYTES = Measured("lymphocytes", "10*9/L", 1.0, 4.0, 1.9, 0.18, 0.10, 2)
_CREATININE = Measured("creatinine", "umol/L", 45, 104, 70, 0.12, 0.05, 0)
_TSH = Measured("tsh", "m[IU]/L", 0.4, 4.0, 1.5, 0.28, 0.15, 2)
_ALT = Measured("alt", "U/L", None, 45, 20, 0.25, 0.15, 0)
_AST = Measured("ast", "U/L", None, 40, 20, 0.20, 0.12, 0)
_BILIRUBIN = Measured("bilirubin", "umol/L", None, 21, 9, 0.25, 0.15, 0)
_URINE_RED_CELLS = Measured("urine-red-cells", "/uL", None, 10, 2.0, 0.40, 0.40, 0)

# What the laboratory reports when a test is done. A test that is not here is done and has no number.
MEASURED: dict[str, tuple[Measured, ...]] = {
    "cbc-diff": (_PLATELETS, _NEUTROPHILS, _LYMPHOCYTES),
    "creatinine": (_CREATININE,),
    "urinalysis-microscopy": (_URINE_RED_CELLS,),
    "tsh": (_TSH,),
    "alt-ast-bili": (_ALT, _AST, _BILIRUBIN),
    "alt": (_ALT,),
    "lymphocytes": (_LYMPHOCYTES,),
}
# After alemtuzumab lymphocytes fall and return over months.
LYMPHOCYTES_FALL_TO, LYMPHOCYTES_RETURN_MONTHS = 0.35, 6.0


def table() -> dict[str, object]:
    """Return every assumption by its name."""
    named = {
        name.lower(): value
        for name, value in globals().items()
        if name.isupper() and name[0] != "_" and name != "MEASURED"
    }
    return named | {
        measured.analyte: (
            f"{measured.unit}, range {measured.low} to {measured.high}, median {measured.median}, "
            f"spread between people {measured.between_cv}, within {measured.within_cv}"
        )
        for group in MEASURED.values()
        for measured in group
    }
