"""Pages of the clinic's book as HTML. Nothing here computes: what a row says stands in the book or in the label."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from equipoise.clinic.morning import ListedTask, Morning, Silent
from equipoise.evidence import Release
from equipoise.forms import Fault, Form
from equipoise.presentation.clinic_alerts import cannot_judge, label_says, urgency, what_helps, where_said
from equipoise.presentation.fault_words import in_page_words
from equipoise.presentation.form_view import FormView, field_id
from equipoise.presentation.html import environment
from equipoise.safety.monitoring_tests import ANALYTES, name_of_test
from equipoise.vocabulary.errors import EquipoiseError

PER_PAGE = 20
"""Rows of each section of the morning list on one page; the rest is a link away."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page.

    Attributes
    ----------
    clinic, user, role
        Who is signed in; empty for nobody.
    may_record
        Whether forms are shown.
    form_token
        What every form sends along.
    notice
        What was done last, said first.
    """

    clinic: str = ""
    user: str = ""
    role: str = ""
    may_record: bool = False
    form_token: str = ""
    notice: str = ""


def page(template: str, release: Release, frame: Frame, **context: Any) -> str:
    """Return a template filled in."""
    return environment().get_template(template).render(release=release, frame=frame, field_id=field_id, **context)


# An option or a command. Two hyphens within a word are part of a name: files that were sent lie under random ones.
_COMMAND_LINE = re.compile(r"(?<![\w/\\-])--[a-z]|'equipoise ")


def said(error: EquipoiseError) -> str:
    """Return an error's words without what only the command line can do."""
    kept = [line for line in str(error).splitlines() if not _COMMAND_LINE.search(line)]
    text = "\n".join(kept)
    return text[:1].upper() + text[1:]


def day(on: datetime.date | None) -> Markup:
    """Return a day that does not break over two lines."""
    return Markup("<span class='day'>{}</span>").format(on) if on else Markup("never")


def days_ago(days: int) -> str:
    """Say for how long something has been waiting."""
    if days < 1:
        return "today"
    if days < 60:
        return f"{days} day{'s' if days > 1 else ''}"
    return f"{days} days, about {round(days / 30.4375)} months"


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the morning list, a page at a time.

    Attributes
    ----------
    name, title, lead, nothing
        Its name in the address, its heading, what it holds, and what it says when it is empty.
    rows
        What this page shows of it.
    total, number, pages
        How many rows there are, which page this is, and of how many.
    """

    name: str
    title: str
    lead: str
    nothing: str
    rows: tuple[Any, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class MorningView:
    """What the template of the morning list needs."""

    of: Morning
    parts: tuple[Part, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of everybody on this page; each is a link."""
        listed = tuple(label for part in self.parts for label, _ in part.rows)
        return listed + self.of.without_plan[:PER_PAGE]


def morning_view(of: Morning, pages: Mapping[str, int]) -> MorningView:
    """Lay the list out.

    Parameters
    ----------
    of
        The list.
    pages
        Which page of each section; the first by default.
    """
    parts = (
        _part(
            "alerts",
            "Abnormal and not acknowledged",
            "Most urgent first. Who says so is named beside each.",
            "No result is waiting for somebody.",
            of.alerts,
            pages,
            alert_row,
        ),
        _part(
            "overdue",
            "Overdue",
            "Gravest first: what a boxed warning of the label is about, then how often it was missed in a row.",
            "Nothing is overdue.",
            [(task.person, task) for task in of.overdue],
            pages,
        ),
        _part(
            "silent",
            "Silent",
            "Something was missed, and nothing was heard of the person since.",
            "Nobody has been silent since something was missed.",
            [(one.person, one) for one in of.silent],
            pages,
        ),
        _part(
            "due",
            "Due",
            "The days on which it counts have begun and not ended.",
            "Nothing is due today.",
            [(task.person, task) for task in of.due],
            pages,
        ),
    )
    return MorningView(of, parts)


def _part(
    name: str,
    title: str,
    lead: str,
    nothing: str,
    rows: Sequence[tuple[str, Any]],
    pages: Mapping[str, int],
    laid_out: Callable[[Any], Any] = lambda row: row,
) -> Part:
    last = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(1, pages.get(name, 1)), last)
    shown = tuple((who, laid_out(row)) for who, row in rows[(number - 1) * PER_PAGE : number * PER_PAGE])
    return Part(name, title, lead, nothing, shown, len(rows), number, last)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert in words.

    Attributes
    ----------
    id
        Its id, sent by forms only.
    what, day, text, action, urgency, origin, source, change
        The result, its day, what is said and what to do, how urgent, who says so and where, and how it moved.
    label_says
        What the label says of such a result without a number.
    is_stated
        Whether a text states how urgent it is, or how urgent what it may be.
    """

    id: str
    what: str
    day: str
    text: str
    action: str
    urgency: str
    origin: str
    source: str
    change: str
    label_says: tuple[str, ...]
    is_stated: bool


def alert_row(alert: Mapping[str, Any]) -> AlertRow:
    """Return an alert in words."""
    name = ANALYTES[alert["analyte"]].name
    side = f" ({alert['side']} for the laboratory)" if alert["side"] else ""
    moved = [
        f"{abs(percent):.0f}% {'below' if percent < 0 else 'above'} {what}"
        for percent, what in (
            (alert["percent_from_baseline"], "the last result before the first dose"),
            (alert["percent_from_previous"], "the result before"),
        )
        if percent is not None
    ]
    if alert["outside_in_a_row"] > 1:
        moved.append(f"outside the range {alert['outside_in_a_row']} times in a row")
    return AlertRow(
        id=alert["id"],
        what=f"{name} {alert['comparator']}{alert['value']:g} {alert['unit']}{side}",
        day=alert["taken_on"],
        text=alert["text"],
        action=alert["action"],
        urgency=urgency(alert),
        origin=str(alert["origin"]),
        source=where_said(alert),
        change="; ".join(moved),
        label_says=tuple(label_says(alert)),
        is_stated=alert["urgency"] != "not-stated" or bool(alert["may_be"]),
    )


def seriousness(task: ListedTask) -> str:
    """Say in the label's words how grave a missed test is."""
    words = "Boxed warning of the label" if task.is_boxed else ""
    level = f"{task.level} by the label" if task.level else "the label does not say how firmly"
    return f"{words}; {level}" if words else level[:1].upper() + level[1:]


def last_heard(one: Silent) -> str:
    """Say when somebody was last heard of."""
    return f"last heard of on {one.last_heard}" if one.last_heard else "never heard of"


def form_context(form: Form, typed: Mapping[str, str] | None = None, faults: Sequence[Fault] = ()) -> Mapping[str, Any]:
    """Return what a page with one form needs: the form as typed, and its faults with their places."""
    by_field = {fault.field: fault for fault in reversed(faults)}
    view = FormView(form, {name: (value,) for name, value in (typed or {}).items()}, by_field)
    said = [in_page_words(fault, (form,)) for fault in faults]
    listed = [(view.anchor(fault.field), view.title(fault.field), fault) for fault in said]
    return {"view": view, "refusal": listed, "form": form}


def task_words(test_id: str, due: datetime.date) -> str:
    """Name a task: what, and for which day."""
    return f"{name_of_test(test_id)}, due {due}"


environment().filters["name_of_test"] = name_of_test
environment().filters["day"] = day
environment().filters["days_ago"] = days_ago
environment().filters["seriousness"] = seriousness
environment().filters["last_heard"] = last_heard
environment().filters["cannot_judge"] = cannot_judge
environment().filters["what_helps"] = what_helps
