"""The person that a consultation is about: one model behind the file, the form and the questions."""

from __future__ import annotations

from equipoise.person.agreement import disagreements, notices
from equipoise.person.describing import fingerprint, known_facts, normalised, unknown_fields
from equipoise.person.model import (
    OTHER_DRUG,
    CourseOfDisease,
    EarlierTreatment,
    Person,
    PracticalLife,
    PregnancyPlan,
    Sex,
    Smoking,
    Walking,
)
from equipoise.person.reading import form, person_from_answers, person_schema, read_person, write_person

__all__ = [
    "OTHER_DRUG",
    "CourseOfDisease",
    "EarlierTreatment",
    "Person",
    "PracticalLife",
    "PregnancyPlan",
    "Sex",
    "Smoking",
    "Walking",
    "disagreements",
    "fingerprint",
    "form",
    "known_facts",
    "normalised",
    "notices",
    "person_from_answers",
    "person_schema",
    "read_person",
    "unknown_fields",
    "write_person",
]
