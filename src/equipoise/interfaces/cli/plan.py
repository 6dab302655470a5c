"""The command ``equipoise plan``: what a label asks for after a drug, by date, for one person's courses."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.interfaces.cli.app import EvidenceOption, app, write
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.terms import Jurisdiction

if TYPE_CHECKING:
    from equipoise.safety.plan import PlanRequest
    from equipoise.safety.plan_courses import GivenCourse
    from equipoise.safety.plan_document import MonitoringPlan


class PlanFormat(StrEnum):
    """How a plan is written."""

    TEXT = "text"
    JSON = "json"
    ICS = "ics"
    CSV = "csv"
    FHIR = "fhir"
    HTML = "html"


class ShiftChoice(StrEnum):
    """Where a day goes that falls on a weekend or a holiday."""

    KEEP = "keep"
    NEXT = "next"
    PREVIOUS = "previous"


@app.command()
def plan(  # noqa: PLR0917 -- typer reads options from parameters
    drug: Annotated[str, typer.Argument(help="A treatment, a brand, an alias, or the id of a label file.")],
    course: Annotated[
        list[str] | None,
        typer.Option(
            "--course",
            metavar="DATE",
            help="First day of a course, 2026-03-02, or first and last day, 2026-03-02/2026-03-06; repeat it.",
        ),
    ] = None,
    jurisdiction: Annotated[str, typer.Option(help="Whose label: US, EU or UK.")] = "",
    stopped: Annotated[
        str, typer.Option("--stopped", metavar="DATE", help="The last dose of a treatment that was stopped.")
    ] = "",
    switch_to: Annotated[str, typer.Option("--switch-to", metavar="DRUG", help="The drug that follows.")] = "",
    switch_on: Annotated[str, typer.Option("--switch-on", metavar="DATE", help="Its first dose.")] = "",
    pregnant_from: Annotated[
        str, typer.Option("--pregnant-from", metavar="DATE", help="First day of a pregnancy.")
    ] = "",
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition", metavar="NAME", help="Holds for the person, such as female; 'no:NAME' does not; repeat it."
        ),
    ] = None,
    shift: Annotated[ShiftChoice, typer.Option(help="Where a day on a weekend or holiday goes.")] = ShiftChoice.KEEP,
    holiday: Annotated[
        list[str] | None, typer.Option("--holiday", metavar="DATE", help="A day off besides weekends; repeat it.")
    ] = None,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="How far to lay the plan out.")] = "",
    format_: Annotated[
        PlanFormat, typer.Option("--format", help="For people, for programs, for a calendar, or to print (html).")
    ] = PlanFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file instead of the screen.")
    ] = None,
    evidence: EvidenceOption = None,
) -> None:
    """Lay out by date what a label asks for after a drug: tests, visits, medicines, and what to look out for.

    Example: equipoise plan alemtuzumab --course 2026-03-02 --course 2027-03-08 --jurisdiction EU
    """
    from equipoise.safety.plan import PlanRequest
    from equipoise.safety.working_days import Shift, ShiftRule

    place, faults = _place(jurisdiction), list[str]()
    told = condition or []
    request = PlanRequest(
        courses=tuple(given for text in course or [] if (given := _course(text, faults)) is not None),
        stopped=_day(stopped, "--stopped", faults),
        pregnant_from=_day(pregnant_from, "--pregnant-from", faults),
        applies=frozenset(name for name in told if not name.startswith("no:")),
        does_not_apply=frozenset(name[3:] for name in told if name.startswith("no:")),
        until=_day(until, "--until", faults),
        rule=ShiftRule(
            Shift(shift.value),
            frozenset(found for text in holiday or [] if (found := _day(text, "--holiday", faults)) is not None),
        ),
    )
    starts = _day(switch_on, "--switch-on", faults)
    if bool(switch_to) != bool(switch_on):
        faults.append("--switch-to and --switch-on belong together: the drug that follows, and its first dose.")
    if faults:
        raise RequestError(
            "these days cannot be read.\n"
            + "\n".join(f"  - {fault}" for fault in faults)
            + "\n  Try: --course 2026-03-02"
        )
    made, name = _made(drug, place, request, (switch_to, starts), evidence)
    write(_written(made, name, format_, to_file=output is not None), output)


def _made(
    drug: str,
    place: Jurisdiction,
    request: PlanRequest,
    switch: tuple[str, datetime.date | None],
    directory: Path | None,
) -> tuple[MonitoringPlan, str]:
    import dataclasses

    from equipoise.evidence import load_evidence
    from equipoise.safety.plan import plan_monitoring
    from equipoise.safety.plan_courses import GivenCourse
    from equipoise.safety.plan_readings import label_conditions
    from equipoise.safety.plan_switch import switch_notes, switched

    base = load_evidence(directory)
    version = base.release.version

    def label_of(name: str) -> tuple[str, str]:
        if name in base.labels:
            return name, base.labels[name].inn
        treatment = base.option(name)
        return base.label(treatment).drug_id, treatment.name

    drug_id, name = label_of(drug)
    follows, starts = switch
    conditions = {
        condition
        for found in (drug_id, *((label_of(follows)[0],) if follows else ()))
        for condition in label_conditions(base.labels[found], place)
    }
    for told in sorted((request.applies | request.does_not_apply) - conditions):
        raise UnknownTermError("condition of this label", told, sorted(conditions))
    if not follows or starts is None:
        return plan_monitoring(base.labels[drug_id], place, request, evidence_version=version), name
    next_id, next_name = label_of(follows)
    left = dataclasses.replace(request, stopped=request.stopped or starts)
    after = dataclasses.replace(request, courses=(GivenCourse(starts),), stopped=None)
    both = switched(
        plan_monitoring(base.labels[drug_id], place, left, evidence_version=version),
        plan_monitoring(base.labels[next_id], place, after, evidence_version=version),
        switch_notes(base.labels[drug_id], base.labels[next_id], place),
    )
    return both, f"{name}, then {next_name}"


def _written(made: MonitoringPlan, name: str, format_: PlanFormat, *, to_file: bool) -> str:
    if format_ is PlanFormat.JSON:
        from equipoise.presentation import wire
        from equipoise.presentation.plan import wire as plan_wire

        return wire.as_json(plan_wire.plan(made))
    if format_ is PlanFormat.CSV:
        from equipoise.presentation.plan.wire import as_csv

        return as_csv(made)
    if format_ is PlanFormat.ICS:
        from equipoise.presentation.plan.calendar import as_icalendar

        return as_icalendar(made, datetime.datetime.now(tz=datetime.UTC))
    if format_ is PlanFormat.FHIR:
        from equipoise.presentation import wire
        from equipoise.presentation.plan.fhir import as_bundle

        return wire.as_json(as_bundle(made))
    if format_ is PlanFormat.HTML:
        from equipoise.presentation.plan.html import render_plan

        return render_plan(made, name)
    from equipoise.presentation.plan.terminal import print_plan
    from equipoise.presentation.terminal import captured

    return captured(lambda console: print_plan(made, name, console), to_file=to_file)


def _place(name: str) -> Jurisdiction:
    if not name:
        raise RequestError(f"whose label applies is not known.\n  Try: --jurisdiction {', '.join(Jurisdiction)}.")
    try:
        return Jurisdiction(name.strip().upper())
    except ValueError:
        raise UnknownTermError("jurisdiction", name, list(Jurisdiction)) from None


def _course(text: str, faults: list[str]) -> GivenCourse | None:
    from equipoise.safety.plan_courses import GivenCourse

    first, _, last = text.partition("/")
    start = _day(first, "--course", faults)
    end = _day(last, "--course", faults) if last else None
    return None if start is None else GivenCourse(start, end)


def _day(text: str, option: str, faults: list[str]) -> datetime.date | None:
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        faults.append(f"{option}: '{text}' is no day; allowed is year-month-day, such as 2026-03-31.")
        return None
