"""What a page of the clinic asks: one form for each thing that can be recorded."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from equipoise.evidence import Evidence
from equipoise.forms import Form, Kind, Question, Word
from equipoise.safety.monitoring_tests import ANALYTES
from equipoise.vocabulary.terms import Jurisdiction

CONTACTS = (
    Word("phone", "By phone"),
    Word("visit", "At a visit"),
    Word("letter", "By letter"),
    Word("message", "By message or e-mail"),
)
_PLACES = {"EU": "European Union", "UK": "United Kingdom", "US": "United States"}


@functools.cache
def result_form() -> Form:
    """Return the questions about a result of a laboratory."""
    tests = tuple(Word(one.id, f"{one.name} ({one.unit})") for one in ANALYTES.values())
    unit = "As the laboratory writes it; beside each test stands the unit that comparisons are made in."
    limits = "As printed on the report; leave it open where there is none."
    return Form(
        "result",
        "Record a result",
        (
            Question("test", "What was measured", Kind.ONE_OF, words=tests, required=True),
            Question("value", "Value", Kind.TEXT, "With < or > before it where the method ends.", required=True),
            Question("unit", "Unit", Kind.TEXT, unit, required=True, example="10*9/L"),
            Question("taken_on", "Day on which the sample was taken", Kind.DATE, required=True),
            Question("reference_low", "Lower limit of the laboratory’s range", Kind.TEXT, limits),
            Question("reference_high", "Upper limit of the laboratory’s range", Kind.TEXT, limits),
            Question("laboratory", "Laboratory", Kind.TEXT),
        ),
    )


def course_form(evidence: Evidence) -> Form:
    """Return the questions about a course, or about a drug that goes on."""
    return Form(
        "course",
        "Record a course",
        (
            Question("drug", "Drug", Kind.ONE_OF, words=_drugs(evidence), required=True),
            Question("on", "First day", Kind.DATE, "A planned course may lie ahead.", required=True),
            Question("last_day", "Last day of the course", Kind.DATE, "Leave it open where the label gives it."),
        ),
    )


def stop_form(evidence: Evidence) -> Form:
    """Return the questions about a drug that was stopped."""
    return Form(
        "stop",
        "Record that a drug was stopped",
        (
            Question("drug", "Drug", Kind.ONE_OF, words=_drugs(evidence), required=True),
            Question("on", "Day of the stop", Kind.DATE, required=True),
        ),
    )


@functools.cache
def contact_form() -> Form:
    """Return the questions about a contact."""
    return Form(
        "contact",
        "Record a contact",
        (
            Question("how", "How", Kind.ONE_OF, words=CONTACTS, required=True),
            Question("on", "Day", Kind.DATE, required=True),
            Question("reached", "Was the person reached?", Kind.YES_NO, required=True),
            Question("note", "Note", Kind.TEXT),
        ),
    )


def done_form(tasks: Sequence[tuple[str, str]]) -> Form:
    """Return the questions about a test that was done and has no value to record.

    Parameters
    ----------
    tasks
        Ids and words of the tasks that are open; at least one.
    """
    words = tuple(Word(task, text) for task, text in tasks)
    why = "Where there is a value, record the result instead: the test then counts as done."
    return Form(
        "done",
        "Record that a test was done",
        (
            Question("task", "Which one", Kind.ONE_OF, why, words=words, required=True),
            Question("on", "Day on which it was done", Kind.DATE, required=True),
        ),
    )


@functools.cache
def acknowledge_form() -> Form:
    """Return the question that goes with having seen an alert."""
    return Form("acknowledge", "Acknowledge an alert", (Question("note", "What follows (may stay empty)", Kind.TEXT),))


@functools.cache
def snooze_form() -> Form:
    """Return the questions about something that is put off."""
    return Form(
        "snooze",
        "Put off until a day",
        (
            Question("until", "Until", Kind.DATE, required=True),
            Question("reason", "Reason", Kind.TEXT, required=True),
        ),
    )


def adding_form(evidence: Evidence) -> Form:
    """Return the questions about someone who is new to the clinic."""
    places = tuple(Word(place.value, _PLACES[place.value]) for place in Jurisdiction)
    return Form(
        "person",
        "Add a person",
        (
            Question(
                "label", "Label", Kind.TEXT, "What the clinic calls the person: a number, not a name.", required=True
            ),
            Question("jurisdiction", "Whose drug label applies", Kind.ONE_OF, words=places, required=True),
            Question("drug", "Drug", Kind.ONE_OF, "Leave it open to add courses later.", words=_drugs(evidence)),
            Question("on", "First day of its first course", Kind.DATE),
        ),
    )


def details_form(conditions: Mapping[str, str]) -> Form:
    """Return the questions about who somebody is, to put right.

    Parameters
    ----------
    conditions
        Conditions on which tests of the person's labels hang, each with what the label asks for then.
    """
    places = tuple(Word(place.value, _PLACES[place.value]) for place in Jurisdiction)
    why = "Only with it does the label ask: "
    return Form(
        "details",
        "Put a person's details right",
        (
            Question("label", "Label", Kind.TEXT, "A number, not a name.", required=True),
            Question("jurisdiction", "Whose drug label applies", Kind.ONE_OF, words=places, required=True),
            *(
                Question(name, name.replace("-", " ").capitalize(), Kind.YES_NO, f"{why}{text}")
                for name, text in conditions.items()
            ),
        ),
        "Nothing is overwritten: the entry as it is now stays in the book.",
    )


def moved_done_form() -> Form:
    """Return the question about a test that was done on another day than the book says."""
    return Form("done", "Put the day right", (Question("on", "Day on which it was done", Kind.DATE, required=True),))


def _drugs(evidence: Evidence) -> tuple[Word, ...]:
    return tuple(
        Word(one.option, f"{one.name}, {one.detail}") for one in evidence.options if one.drug_id in evidence.labels
    )
