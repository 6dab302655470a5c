"""People for tests of eligibility."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from equipoise.evidence import load_evidence
from equipoise.person import CourseOfDisease, EarlierTreatment, Person, PracticalLife, PregnancyPlan, Sex
from equipoise.safety import Eligibility, eligibility
from equipoise.vocabulary.terms import Jurisdiction

ON = datetime.date(2026, 11, 22)

NOBODY = Person()
"""Somebody about whom nothing is known."""

HEALTHY = Person(
    age=34,
    sex=Sex.WOMAN,
    course=CourseOfDisease.RELAPSING_REMITTING,
    relapses_12_months=2,
    relapses_24_months=3,
    enhancing_lesions=True,
    earlier_treatments=(
        EarlierTreatment("glatiramer-acetate", relapsed=True, not_tolerated=False, stopped=datetime.date(2026, 6, 1)),
    ),
    pregnancy=PregnancyPlan.NONE,
    conditions=frozenset(),
    # what nobody knows without a test or a question of its own
    not_conditions=frozenset({"no-effective-contraception", "cyp2c9-3-3", "low-blood-protein-severe"}),
    medicines=frozenset(),
    practical=PracticalLife(infusion_centre=True, monthly_blood_tests=True, self_injection=True, fridge=True),
)
"""Relapses despite an earlier drug, and nothing else."""


def with_condition(person: Person, condition: str) -> Person:
    """The same person with one condition more."""
    return replace(
        person,
        conditions=(person.conditions or frozenset()) | {condition},
        not_conditions=person.not_conditions - {condition},
        unknown_conditions=person.unknown_conditions - {condition},
    )


def with_medicine(person: Person, medicine: str) -> Person:
    """The same person with one medicine more."""
    return replace(
        person,
        medicines=(person.medicines or frozenset()) | {medicine},
        unknown_medicines=person.unknown_medicines - {medicine},
    )


def check(person: Person, drug: str, place: str, on: datetime.date = ON, **more: Any) -> Eligibility:
    """Check a person against the packaged labels."""
    evidence = load_evidence()
    return eligibility(person, evidence.option(drug), Jurisdiction(place), on, evidence, **more)


def status(answer: Eligibility, entry: str) -> str:
    """What a label entry comes to."""
    (finding,) = [finding for finding in answer.findings if finding.id == f"label.{entry}"]
    return finding.status.value
