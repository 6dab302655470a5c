"""The command ``equipoise clinic record``: one thing that happened, or one entry put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.interfaces.cli.app import FormatOption, ShortFormat, evidence_of
from equipoise.interfaces.cli.clinic import clinic_app
from equipoise.interfaces.cli.clinic_options import (
    HERE,
    AsOption,
    ClinicOption,
    DatabaseOption,
    KeyOption,
    PasswordOption,
    answer,
    at_desk,
    day,
    said,
    today,
)
from equipoise.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from equipoise.clinic.recording import Recorded, Recorder
    from equipoise.safety.results import Result

_KINDS = ("--test", "--done", "--course", "--stop", "--contact", "--acknowledge", "--snooze", "--withdraw")


@clinic_app.command()
def record(
    *,
    label: Annotated[str, typer.Argument(help="The person's label.")],
    test: Annotated[str, typer.Option("--test", help="A result: what was measured, such as platelet-count.")] = "",
    value: Annotated[str, typer.Option("--value", help="Its value; < or > before it where the method ends.")] = "",
    unit: Annotated[str, typer.Option("--unit", help="Its unit as UCUM writes it, such as 10*9/L.")] = "",
    low: Annotated[float | None, typer.Option("--low", help="Lower limit of the laboratory's range.")] = None,
    high: Annotated[float | None, typer.Option("--high", help="Upper limit of the laboratory's range.")] = None,
    laboratory: Annotated[str, typer.Option("--laboratory", help="Which laboratory.")] = "",
    correct: Annotated[
        str,
        typer.Option(
            "--correct", metavar="ENTRY", help="The entry of the same kind that this one replaces; the old one stays."
        ),
    ] = "",
    done: Annotated[
        str, typer.Option("--done", metavar="TASK|TEST", help="A task of the plan that was done, without a value.")
    ] = "",
    course: Annotated[str, typer.Option("--course", metavar="DRUG", help="A course, or a drug begun.")] = "",
    last_day: Annotated[str, typer.Option("--last-day", metavar="DATE", help="With --course: its last day.")] = "",
    stop: Annotated[str, typer.Option("--stop", metavar="DRUG", help="A drug that was stopped.")] = "",
    contact: Annotated[str, typer.Option("--contact", metavar="HOW", help="A contact: phone, letter, visit.")] = "",
    not_reached: Annotated[bool, typer.Option("--not-reached", help="With --contact: nobody answered.")] = False,
    acknowledge: Annotated[str, typer.Option("--acknowledge", metavar="ALERT", help="An alert that was seen.")] = "",
    note: Annotated[str, typer.Option("--note", help="With --contact or --acknowledge: what follows.")] = "",
    snooze: Annotated[str, typer.Option("--snooze", metavar="ID", help="A task or alert to put off.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="With --snooze: until when.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="With --snooze: why.")] = "",
    withdraw: Annotated[str, typer.Option("--withdraw", metavar="ENTRY", help="An entry to take back.")] = "",
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day it happened; today by default.")] = "",
    database: DatabaseOption = HERE,
    as_: AsOption = "",
    clinic: ClinicOption = "",
    password_file: PasswordOption = None,
    key_file: KeyOption = None,
    format_: FormatOption = ShortFormat.TEXT,
) -> None:
    """Record one thing. Nothing is overwritten: a correction is a new entry that names the old one.

    Example: equipoise clinic record N-17 --test platelet-count --value 90 --unit '10*9/L' --on 2026-11-20
    """
    given = (test, done, course, stop, contact, acknowledge, snooze, withdraw)
    if sum(map(bool, given)) != 1:
        raise RequestError(
            f"one thing at a time: found {sum(map(bool, given))}.\n  allowed: one of {', '.join(_KINDS)}"
        )
    if correct and (acknowledge or snooze or withdraw):
        raise RequestError(
            "this kind of entry is not put right but taken back.\n"
            "  allowed: '--correct' with --test, --done, --course, --stop or --contact\n"
            "  Try: --withdraw ENTRY, then record it anew"
        )
    when = day(on)

    def result(to: Recorder) -> Recorded:
        found = _result(test, value, unit, low, high, laboratory, on)
        return to.correct_result(label, correct, found) if correct else to.result(label, found)

    def a_course(to: Recorder) -> Recorded:
        return to.course(
            label, course, when, last_day=day(last_day, "--last-day") if last_day else None, corrects=correct
        )

    def put_off(to: Recorder) -> Recorded:
        if not until:
            raise RequestError("until when is it put off?\n  Try: --until 2026-12-01")
        return to.snooze(label, snooze, day(until, "--until"), reason)

    acts: tuple[Callable[[Recorder], Recorded], ...] = (
        result,
        lambda to: to.correct_done(label, correct, when) if correct else to.done(label, done, when),
        a_course,
        lambda to: to.stop(label, stop, when, corrects=correct),
        lambda to: to.contact(label, when, contact, reached=not not_reached, note=note, corrects=correct),
        lambda to: to.acknowledge(label, acknowledge, note),
        put_off,
        lambda to: to.withdraw(label, withdraw),
    )
    act = next(one for one, text in zip(acts, given, strict=True) if text)
    from equipoise.clinic.recording import Recorder
    from equipoise.presentation.clinic import wire as clinic_wire

    with at_desk(database, as_, clinic, password_file, key_file) as desk:
        written = act(Recorder(desk, today(), evidence_of(None)))
    text = (
        f"Recorded for '{written.person.label}': {written.kind}, entry {written.entry_id}."
        if written.is_new
        else f"This {written.kind} stands in the book already, as entry {written.entry_id}."
    )
    answer(clinic_wire.recorded(written), said(text), format_)


def _result(
    test: str, value: str, unit: str, low: float | None, high: float | None, laboratory: str, on: str
) -> Result:
    from equipoise.clinic.csv_results import result_of_cells

    cells = {
        "person": "-",
        "test": test,
        "value": value.strip(),
        "unit": unit.strip(),
        "taken_on": day(on).isoformat(),
        "reference_low": "" if low is None else repr(low),
        "reference_high": "" if high is None else repr(high),
        "laboratory": laboratory,
    }
    found, faults = result_of_cells(0, cells, today())
    if found is None:
        options = {"taken_on": "--on", "reference_low": "--low", "reference_high": "--high"}
        lines = [f"  - {options.get(fault.column, '--' + fault.column)}: {fault.problem}" for fault in faults]
        raise RequestError("this result cannot be recorded.\n" + "\n".join(lines))
    return found
