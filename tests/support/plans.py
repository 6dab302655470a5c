"""Plans for tests, from the packaged labels."""

from __future__ import annotations

import datetime
from typing import Any

from equipoise.evidence import load_evidence
from equipoise.safety.plan import PlanRequest, plan_monitoring
from equipoise.safety.plan_courses import GivenCourse
from equipoise.safety.plan_document import MonitoringPlan
from equipoise.vocabulary.terms import Jurisdiction


def day(text: str) -> datetime.date:
    """A day from its ISO form."""
    return datetime.date.fromisoformat(text)


def a_plan(drug: str, jurisdiction: str, *courses: str, **request: Any) -> MonitoringPlan:
    """The plan of a label file for courses that start on these days."""
    given = tuple(GivenCourse(day(course)) for course in courses)
    evidence = load_evidence()
    wanted = PlanRequest(given, **request)
    return plan_monitoring(
        evidence.labels[drug], Jurisdiction(jurisdiction), wanted, evidence_version=evidence.release.version
    )
