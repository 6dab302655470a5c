"""Invented questions, answers and numbers for the gallery. None of them is about a real treatment."""

from __future__ import annotations

import math

from equipoise.forms import Form, Kind, Question, Word, examine
from equipoise.presentation.form_fields import as_mapping
from equipoise.presentation.pictures import (
    AcceptabilityBar,
    Band,
    Event,
    ForestPlot,
    ForestRow,
    GraphEdge,
    GraphNode,
    IconArrays,
    IconGroup,
    Lane,
    NetworkGraph,
    PeopleArrays,
    PeopleGroup,
    PooledRow,
    Timeline,
)

_WORDS = (Word("one", "the first"), Word("two", "the second, with a rather longer name"), Word("three", "the third"))
_MANY = tuple(Word(f"word-{n}", f"choice number {n}") for n in range(1, 10))
_GROUPED = (
    Word("a", "something of the first group", "A group"),
    Word("b", "something else of it", "A group"),
    Word("c", "something of the second group", "Another group"),
)
FORM = Form(
    "gallery",
    "Every kind of question",
    (
        Question("whole", "A whole number?", Kind.WHOLE_NUMBER, "Why it is asked.", low=0, high=120, unit="years"),
        Question("number", "A number?", Kind.NUMBER, "", low=0, high=10),
        Question("truth", "Yes or no?", Kind.YES_NO, "Why it is asked."),
        Question("few", "One of a few?", Kind.ONE_OF, "Why it is asked.", words=_WORDS),
        Question("many", "One of many?", Kind.ONE_OF, "Why it is asked.", words=_MANY),
        Question("some", "Some of these?", Kind.SOME_OF, "Why it is asked.", words=_WORDS),
        Question("grouped", "Some of these, in groups?", Kind.SOME_OF, "Why it is asked.", words=_GROUPED),
        Question("order", "Which come first?", Kind.SOME_OF, "Why it is asked.", words=_WORDS, ordered=True),
        Question("day", "Which day?", Kind.DATE, "Why it is asked."),
        Question(
            "list",
            "Any of this before?",
            Kind.LIST,
            "Why it is asked.",
            form=Form("entry", "Entry", (Question("inner", "Which?", Kind.ONE_OF, words=_WORDS, required=True),)),
        ),
    ),
)
TYPED = {
    "whole": ("999",),
    "number": ("four",),
    "truth": ("yes",),
    "few": ("two",),
    "many": ("word-3",),
    "some": ("one", "three"),
    "grouped": ("a",),
    "order": ("three", "one"),
    "day": ("2026-02-29",),
    "list[1].inner": ("two",),
}
FAULTS = {fault.field: fault for fault in examine(FORM, as_mapping(FORM, TYPED))[1]}

ICONS = IconArrays(
    "gallery-icons",
    "People who had the event within two years (invented)",
    (
        IconGroup("drug A", 22, 17, 28, None),
        IconGroup("drug B, with a name that needs a second line", 41, 20, 66, None),
    ),
    "had the event",
    "did not",
    trace_url=None,
)
PEOPLE = PeopleArrays(
    "gallery-people",
    "The same people in the same places (invented)",
    (PeopleGroup("drug A", 30, 22, 41), PeopleGroup("drug B", 45, 36, 55), PeopleGroup("no treatment", 62, 40, 80)),
    "had the event",
    "did not",
    trace_url=None,
)
FOREST = ForestPlot(
    "gallery-forest",
    "Event: drug A versus drug B (invented)",
    "Hazard ratio (95% interval)",
    (
        ForestRow("Trial one", 0.45, 0.25, 0.81, 30, 420, "another dose", None),
        ForestRow("Trial two", 0.93, 0.60, 1.44, 70, 911, "", None),
    ),
    "favours drug A",
    "favours drug B",
    (PooledRow("Random effects", 0.72, 0.38, 1.36, 0.1, 5.2, "both trials", None),),
    trace_url=None,
)
YEARS = Timeline(
    "gallery-years",
    "Five years with each treatment (invented)",
    (
        Lane(
            "drug A",
            (
                Event("Infusions", (0, 12), "6 days in all", "square"),
                Event("Blood tests", tuple(range(48)), "each month"),
            ),
            (Band("Tests after the last dose", 12, 48, "for 36 months", "hatched"),),
        ),
        Lane("drug B", (), (Band("Tablets at home", 0, math.inf, "one a day", "solid"),)),
    ),
    5,
    trace_url=None,
)
NETWORK = NetworkGraph(
    "gallery-network",
    "A network of trials (invented)",
    tuple(
        GraphNode(name, people) for name, people in (("drug A", 900), ("drug B", 700), ("drug C", 150), ("none", 800))
    ),
    (GraphEdge("drug A", "drug B", 3), GraphEdge("drug B", "none", 2), GraphEdge("drug C", "none", 1)),
)
BAR = AcceptabilityBar("gallery-bar", "drug A", (0.62, 0.38))
