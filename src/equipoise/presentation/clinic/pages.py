"""Pages of the clinic's book as HTML. Nothing here computes: what a row says stands in the book or in the label."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from equipoise.evidence import Release
from equipoise.forms import Fault, Form
from equipoise.presentation.clinic.alerts import cannot_judge, label_says, urgency, what_helps, where_said
from equipoise.presentation.fault_words import in_page_words
from equipoise.presentation.form_view import FormView
from equipoise.presentation.html import environment
from equipoise.safety.monitoring_tests import ANALYTES, name_of_test
from equipoise.vocabulary.errors import EquipoiseError


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
    return environment().get_template(template).render(release=release, frame=frame, **context)


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
        _moved(percent, what)
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


def _moved(percent: float, what: str) -> str:
    rounded = f"{abs(percent):.0f}"
    if rounded == "0":
        return f"the same as {what}" if percent == 0 else f"within half a percent of {what}"
    return f"{rounded}% {'below' if percent < 0 else 'above'} {what}"


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
environment().filters["cannot_judge"] = cannot_judge
environment().filters["what_helps"] = what_helps
