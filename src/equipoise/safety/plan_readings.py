"""What stands in the text of a label entry and in no field of it: each was read once and is written down here.

A test fails where an entry's words ask for a line here and there is none.
"""

from __future__ import annotations

from enum import StrEnum

from equipoise.evidence import Label, LabelEntry
from equipoise.vocabulary.terms import Jurisdiction

# "before each course", "before a course", "before an infusion course": asked anew, not only before the first dose.
BEFORE_EACH_COURSE = frozenset({"alemtuzumab-bas-18", "alemtuzumab-bas-24", "cladribine-bas-01", "cladribine-bas-02"})

# Waits after a vaccine that stand in the text of an entry and in no field of it: the longest of each text.
VACCINE_WAITS = {
    "fingolimod-bas-04": "P1M",
    "ocrelizumab-bas-04": "P4W",
    "ofatumumab-bas-03": "P4W",
    "ponesimod-bas-06": "P1M",
    "ublituximab-bas-04": "P4W",
}

# "before and every 3 months": the first of the series is due before the first dose.
FIRST_BEFORE_TREATMENT = frozenset({"dimethyl-fumarate-mon-02"})

# "before the first dose and after 6 hours": done again on the first day.
AGAIN_ON_FIRST_DAY = frozenset({"fingolimod-bas-01"})

# Days after the first dose on which another is given before the regular ones. Ocrelizumab: "first dose split as 300 mg
# twice, 2 weeks apart". Ublituximab: "450 mg 2 weeks later". Ofatumumab: "at weeks 0, 1 and 2, then from week 4 every
# month"; week 4 is a regular one.
MORE_AT_FIRST: dict[str, tuple[int, ...]] = {
    "ocrelizumab-dos-01": (14,),
    "ublituximab-dos-01": (14,),
    "ofatumumab-dos-01": (7, 14),
}

# "with diabetes, uveitis or visual history", "after another drug": only for some people, and no field says so.
ONLY_FOR_SOME = {
    "fingolimod-bas-07": "diabetes-uveitis-or-visual-history",
    "natalizumab-bas-02": "after-another-drug",
}

# "within 6 months": how long before the first dose at the most, where no field says it. "Within 6 months or after the
# earlier MS drug" is not here: which of the two holds is for the team to say.
WITHIN = {"ozanimod-bas-03": "P6M", "ponesimod-bas-03": "P6M"}

# The text itself says that it can come, or is to be looked for, after the last test.
AFTER_THE_TESTS = frozenset({"alemtuzumab-war-09", "alemtuzumab-war-11", "alemtuzumab-war-23", "alemtuzumab-alt-10"})

# Advice, a history, or tests without their names: there is none to put on a day.
FOR_READING = frozenset({"blood-tests-eligibility", "history", "none-stated"})

# Premedication right before a dose; every other kind with a duration is kept up and is a period.
ON_TREATMENT_DAYS = frozenset({"corticosteroid", "corticosteroid-antihistamine"})


# The tests that a boxed warning is about.
BOXED_TESTS = {
    "alemtuzumab-war-01": frozenset({"cbc-diff", "creatinine", "urinalysis-microscopy"}),
    "alemtuzumab-war-04": frozenset({"skin-exam"}),
}


class Context(StrEnum):
    """When a threshold of a label speaks of a result at all."""

    ALWAYS = "always"
    BEFORE_TREATMENT = "before-treatment"
    BETWEEN_COURSES = "between-courses"
    """After the first course, while a further one is still open."""
    FIRST_DOSE_DAY = "first-dose-day"


ALERT_CONTEXT = {
    "teriflunomide-alt-01": Context.BEFORE_TREATMENT,
    "cladribine-alt-02": Context.BETWEEN_COURSES,
    "fingolimod-alt-01": Context.FIRST_DOSE_DAY,
}

# "carry on": what the text says about a result that needs nothing; it is told and never raised.
CARRY_ON = frozenset({"alemtuzumab-alt-11"})

# "but stay above 100,000 per microlitre": a second condition of the same sentence, (operator, value, unit).
ALSO = {"alemtuzumab-alt-12": (">", 100_000.0, "/uL")}

# What an entry without a number is about: which results, and on which side of the laboratory's range. Entries about
# signs alone (bleeding, jaundice) are about none.
SPEAKS_OF = {
    "alemtuzumab-alt-01": {"creatinine": "high", "urine-red-cells": "high"},
    "alemtuzumab-alt-02": {"platelet-count": "low"},
    "alemtuzumab-alt-03": {"aptt": "high", "urine-red-cells": "high"},
    "alemtuzumab-alt-05": {"alt": "high", "ast": "high", "bilirubin": "high"},
    "alemtuzumab-alt-09": {"creatinine": "high", "urine-red-cells": "high", "urine-pcr": "high"},
    "alemtuzumab-alt-10": {"platelet-count": "low"},
    "alemtuzumab-alt-14": {"aptt": "high", "urine-red-cells": "high"},
    "dimethyl-fumarate-alt-01": {"lymphocytes": "low"},
    "interferon-beta-1a-sc-alt-03": {"leucocytes": "low", "alt": "high", "ast": "high", "bilirubin": "high"},
}


CONDITIONAL_TABLES = ("baseline_test", "monitoring")
FEMALE = "female"


def is_pregnancy_test(entry: LabelEntry) -> bool:
    """Whether an entry asks for a pregnancy test: no label says so, and it is for no man."""
    return entry.fields.get("test_id") == "pregnancy-test"


def condition_of(entry: LabelEntry) -> str:
    """Return for whom alone an entry asks for something; empty for everybody."""
    return str(entry.fields.get("condition") or ONLY_FOR_SOME.get(entry.id, ""))


def label_conditions(label: Label, jurisdiction: Jurisdiction) -> dict[str, str]:
    """Return the conditions on which tests of a label hang, each with what the label asks for then."""
    entries = (entry for table in CONDITIONAL_TABLES for entry in label.current(table, jurisdiction))
    told = ((condition_of(entry) or FEMALE * is_pregnancy_test(entry), entry.text) for entry in entries)
    return {condition: text for condition, text in told if condition}


def window_before(entry: LabelEntry) -> str:
    """Return how long before the first dose a test is done at the most; empty where the text states none."""
    return str(entry.fields.get("window_before") or WITHIN.get(entry.id, ""))


def vaccine_wait(entry: LabelEntry) -> str:
    """Return how long before the first dose a vaccine is given at the latest; empty where the text names no time."""
    told = entry.fields.get("min_interval") or entry.fields.get("delay_after_vaccine")
    return str(told or VACCINE_WAITS.get(entry.id, ""))
