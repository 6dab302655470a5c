"""The person that a consultation is about: one model behind the file, the form and the questions."""

from __future__ import annotations

from equipoise.person.model import (
    CourseOfDisease,
    EarlierTreatment,
    Person,
    PracticalLife,
    PregnancyPlan,
    Sex,
    Smoking,
    Walking,
)

__all__ = [
    "CourseOfDisease",
    "EarlierTreatment",
    "Person",
    "PracticalLife",
    "PregnancyPlan",
    "Sex",
    "Smoking",
    "Walking",
]
