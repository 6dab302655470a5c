"""Reading and writing a person: one form behind the file, the terminal and the web."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from equipoise.evidence import Evidence, load_evidence
from equipoise.forms import Answers, Document, Fault, Form, FormError, as_toml, examine, json_schema, load_file
from equipoise.forms.reading import line_of
from equipoise.person.agreement import disagreements
from equipoise.person.describing import from_answers, to_answers
from equipoise.person.model import Person
from equipoise.person.questions import person_form

PART = "about_me"
"""Table of a person in a file that also holds what matters to them."""


def form(evidence: Evidence | None = None) -> Form:
    """Return the form that describes a person; earlier drugs are the options of the evidence."""
    return person_form((evidence or load_evidence()).options)


def read_person(
    source: Mapping[str, Any] | Path | str, *, evidence: Evidence | None = None, today: datetime.date | None = None
) -> Person:
    """Read a person from a TOML or JSON file, or from a mapping laid out like one.

    Parameters
    ----------
    source
        The file, or its content. Of a file of all of somebody's answers, only the part about them is read.
    evidence
        Whose options may be named as earlier drugs, by name, brand or alias; the packaged evidence by default.
    today
        Days after it are refused where only the past makes sense; ``None`` accepts any day.

    Returns
    -------
    Person
        What was said; everything else is ``None``.

    Raises
    ------
    FormError
        If an answer cannot be used, or two contradict each other. It holds every fault, with file and line.
    """
    document = Document("", source) if isinstance(source, Mapping) else load_file(source).part(PART)
    answers, faults = examine(form(evidence), document.values, lines=document.lines)
    faults += [_with_line(fault, document) for fault in disagreements(answers, today=today)]
    if faults:
        raise FormError(sorted(faults, key=lambda fault: fault.line or 0), file=document.file)
    return from_answers(answers)


def _with_line(fault: Fault, document: Document) -> Fault:
    return Fault(
        fault.field, fault.problem, fault.found, fault.allowed, fault.mend, line_of(fault.field, document.lines)
    )


def person_from_answers(answers: Answers, *, today: datetime.date | None = None) -> Person:
    """Return the person behind answers that were given in a dialogue or a web form.

    Raises
    ------
    FormError
        If answers contradict each other.
    """
    faults = disagreements(answers, today=today)
    if faults:
        raise FormError(faults)
    return from_answers(answers)


def write_person(person: Person, *, heading: str = "", evidence: Evidence | None = None) -> str:
    """Return a person as a commented TOML file; reading it again gives the same person.

    Parameters
    ----------
    person
        Whom to write down.
    heading
        Said at the top.
    evidence
        As for ``read_person``.
    """
    return as_toml(form(evidence), to_answers(person), heading=heading)


def person_schema(evidence: Evidence | None = None) -> dict[str, Any]:
    """Return the JSON schema of a person's file. What two answers say together is checked when they are read."""
    return json_schema(form(evidence))
