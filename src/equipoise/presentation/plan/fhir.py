"""A plan as FHIR R4: one bundle of a CarePlan and a ServiceRequest for every test.

The models of ``fhir.resources`` build and check it. LOINC codes are given where the label files hold one; none was
checked against a code server, and each request says so.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from equipoise.safety.monitoring_tests import TESTS, name_of_test
from equipoise.safety.plan_document import MonitoringPlan, PlannedTask, TaskKind

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:x-equipoise:plan-fhir")
TASK_SYSTEM = "urn:x-equipoise:plan-task"
_LOINC = "http://loinc.org"
_UNCHECKED = "LOINC codes were not checked against a code server."
# What is ordered; days of treatment and what a person does at home are lines of the plan.
_REQUESTED = frozenset({TaskKind.TEST, TaskKind.BASELINE, TaskKind.AT_TREATMENT})


def as_bundle(plan: MonitoringPlan, *, subject: str = "", person: str = "") -> dict[str, Any]:
    """Return a plan as a FHIR R4 bundle of type ``collection``.

    Parameters
    ----------
    plan
        The plan.
    subject
        Reference of the patient, such as ``Patient/17``; without one the plan names nobody.
    person
        What tells one person's resources from another's; it enters their ids only as part of a hash.
    """
    from fhir.resources.R4B.bundle import Bundle

    who: dict[str, Any] = {"reference": subject} if subject else {"display": "the person this plan is for"}
    name = f"{person}/{plan.jurisdiction}/{'+'.join(plan.drugs)}"
    care_plan = _urn(f"{name}/plan")
    requested = [task for task in plan.tasks if task.kind in _REQUESTED]
    entries = [{"fullUrl": care_plan, "resource": _care_plan(plan, who, name)}]
    entries += [
        {"fullUrl": _urn(f"{name}/{task.id}"), "resource": _request(task, who, care_plan)} for task in requested
    ]
    bundle = Bundle.model_validate({"resourceType": "Bundle", "type": "collection", "entry": entries})
    return dict(json.loads(bundle.model_dump_json()))


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, name)}"


def _care_plan(plan: MonitoringPlan, who: dict[str, Any], name: str) -> dict[str, Any]:
    period = {"start": plan.courses[0].first_dose.isoformat()}
    if plan.ends_on is not None:
        period["end"] = plan.ends_on.isoformat()
    notes = [f"{item.text} ({item.why})" for item in plan.standing]
    notes += [f"Look out for: {item.text}. {item.action}".strip() for item in plan.watch]
    activities = [
        {"reference": {"reference": _urn(f"{name}/{task.id}")}} if task.kind in _REQUESTED else {"detail": _line(task)}
        for task in plan.tasks
    ]
    resource: dict[str, Any] = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "title": f"Monitoring: {', '.join(plan.drugs)}, {plan.jurisdiction} label, evidence {plan.evidence_version}",
        "subject": who,
        "period": period,
    }
    if activities:
        resource["activity"] = activities
    if notes:
        resource["note"] = [{"text": note} for note in notes]
    return resource


def _line(task: PlannedTask) -> dict[str, Any]:
    return {
        "status": "scheduled",
        "code": {"text": name_of_test(task.test_id)},
        "scheduledPeriod": _period(task),
        "description": _why(task),
    }


def _request(task: PlannedTask, who: dict[str, Any], care_plan: str) -> dict[str, Any]:
    test = TESTS.get(task.test_id)
    code: dict[str, Any] = {"text": name_of_test(task.test_id)}
    notes = [{"text": _why(task)}]
    if test is not None and test.loinc:
        code["coding"] = [{"system": _LOINC, "code": loinc} for loinc in test.loinc]
        notes.append({"text": _UNCHECKED})
    return {
        "resourceType": "ServiceRequest",
        "identifier": [{"system": TASK_SYSTEM, "value": task.id}],
        "basedOn": [{"reference": care_plan}],
        "status": "active",
        "intent": "plan",
        "code": code,
        "subject": who,
        "occurrenceTiming": {"event": [task.due.isoformat()], "repeat": {"boundsPeriod": _period(task)}},
        "reasonCode": [{"text": task.reason}],
        "note": notes,
    }


def _period(task: PlannedTask) -> dict[str, str]:
    ends = {"end": task.window_end.isoformat()}
    return ends if task.window_start is None else {"start": task.window_start.isoformat(), **ends}


def _why(task: PlannedTask) -> str:
    source = task.source
    return f"{task.reason} [{task.entry.id}; {source.source_id}, {source.locator}; seen: {task.trust.value}]"
