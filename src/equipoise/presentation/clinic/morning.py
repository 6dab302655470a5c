"""The list of the morning as a page: a section at a time, and in a section a person at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.clinic.morning import ListedTask, Morning, Silent
from equipoise.presentation.clinic.pages import alert_row
from equipoise.presentation.html import environment
from equipoise.safety.monitoring_tests import name_of_test

PER_PAGE = 20
"""Rows of each section on one page; the rest is a link away."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """Tests of one person that share their days, told in one sentence.

    Attributes
    ----------
    names
        What they are called.
    first
        The first of them; its days are those of all.
    said
        How serious the label calls them, and where.
    """

    names: tuple[str, ...]
    first: ListedTask
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonTasks:
    """What one person is called in for: one row, as it is one call.

    Attributes
    ----------
    tasks
        Gravest or earliest first, as in the list.
    """

    tasks: tuple[ListedTask, ...]

    @property
    def lines(self) -> tuple[TaskLine, ...]:
        """The tasks, those with the same days in one sentence."""
        together: dict[tuple[Any, ...], list[ListedTask]] = {}
        for task in self.tasks:
            days = (task.due, task.window_end, task.missed_in_a_row, task.last_done)
            together.setdefault(days, []).append(task)
        return tuple(
            TaskLine(tuple(name_of_test(task.test_id) for task in tasks), tasks[0], tuple(_said(tasks)))
            for tasks in together.values()
        )

    @property
    def subjects(self) -> tuple[tuple[str, str], ...]:
        """What can be put off: everything at once where it is more than one, and each by itself."""
        each = tuple((task.task_id, f"{name_of_test(task.test_id)}, due {task.due}") for task in self.tasks)
        if len(each) == 1:
            return each
        return ((" ".join(subject for subject, _ in each), f"All {len(each)}"), *each)


def _said(tasks: Iterable[ListedTask]) -> list[str]:
    sources: dict[str, dict[str, None]] = {}
    for task in tasks:
        sources.setdefault(seriousness(task.level, is_boxed=task.is_boxed), {})[task.source] = None
    return [f"{words} ({'; '.join(where)})." for words, where in sources.items()]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the list, a page at a time.

    Attributes
    ----------
    name, title, lead, nothing
        Its name in the address, its heading, what it holds, and what it says when it is empty.
    rows
        What this page shows of it: label, and what is said.
    total, tests, number, pages
        How many rows there are, how many tests stand in them (``None`` where it is not about tests), which page this
        is, and of how many.
    """

    name: str
    title: str
    lead: str
    nothing: str
    rows: tuple[tuple[str, Any], ...]
    total: int
    tests: int | None
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class MorningView:
    """What the template of the morning list needs."""

    of: Morning
    parts: tuple[Part, ...]


def morning_view(of: Morning, pages: Mapping[str, int]) -> MorningView:
    """Lay the list out.

    Parameters
    ----------
    of
        The list.
    pages
        Which page of each section; the first by default.
    """
    number = pages.get
    return MorningView(
        of,
        (
            _part("alerts", of.alerts, number("alerts", 1), lambda told: (told[0], alert_row(told[1]))),
            _part("overdue", by_person(of.overdue), number("overdue", 1), _called, len(of.overdue)),
            _part("silent", of.silent, number("silent", 1), lambda one: (one.person, one)),
            _part("due", by_person(of.due), number("due", 1), _called, len(of.due)),
        ),
    )


def by_person(tasks: Iterable[ListedTask]) -> list[list[ListedTask]]:
    """Return tasks person by person, each where the first of theirs stands."""
    found: dict[str, list[ListedTask]] = {}
    for task in tasks:
        found.setdefault(task.person, []).append(task)
    return list(found.values())


def _called(tasks: Sequence[ListedTask]) -> tuple[str, PersonTasks]:
    return tasks[0].person, PersonTasks(tuple(tasks))


_WORDS = {
    "alerts": (
        "Abnormal and not acknowledged",
        "Most urgent first. Who says so is named beside each.",
        "No result is waiting for somebody.",
    ),
    "overdue": (
        "Overdue",
        "Gravest first: what a boxed warning of the label is about, then how often it was missed in a row.",
        "Nothing is overdue.",
    ),
    "silent": (
        "Silent",
        "Something was missed, and nothing was heard of the person since.",
        "Nobody has been silent since something was missed.",
    ),
    "due": ("Due", "The days on which it counts have begun and not ended.", "Nothing is due today."),
}
"""Heading, what it holds, and what it says when it is empty, of each section."""


def _part(
    name: str,
    rows: Sequence[Any],
    number: int,
    laid_out: Callable[[Any], tuple[str, Any]],
    tests: int | None = None,
) -> Part:
    last = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(1, number), last)
    shown = tuple(laid_out(row) for row in rows[(number - 1) * PER_PAGE : number * PER_PAGE])
    return Part(name, *_WORDS[name], shown, len(rows), tests, number, last)


def seriousness(level: str, *, is_boxed: bool) -> str:
    """Say in the label's words how grave a missed test is."""
    words = "Boxed warning of the label" if is_boxed else ""
    level = f"{level} by the label" if level else "the label does not say how firmly"
    return f"{words}; {level}" if words else level[:1].upper() + level[1:]


def last_heard(one: Silent) -> str:
    """Say when somebody was last heard of."""
    return f"last heard of on {one.last_heard}" if one.last_heard else "never heard of"


environment().filters["seriousness"] = seriousness
environment().filters["last_heard"] = last_heard
