"""A plan as an iCalendar file for the person's own calendar (RFC 5545).

What a calendar shows on a locked screen others can read: events name the kind of test and neither drug nor illness, and
are marked private. The same plan gives the same UIDs, so that importing it again moves events and adds none.
"""

from __future__ import annotations

import datetime
import uuid

from equipoise.presentation.plan.days import Appointment, appointments
from equipoise.safety.plan_document import MonitoringPlan

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:x-equipoise:plan")
_PRODUCT = "-//Equipoise//Monitoring plan//EN"
_ONE_DAY = datetime.timedelta(days=1)
_AFTER = (
    "The tests by the calendar end today at the earliest. Ask the treatment team before you stop them. "
    "Keep looking out for the signs on your list."
)


def as_icalendar(plan: MonitoringPlan, stamp: datetime.datetime, *, person: str = "") -> str:
    """Return a plan as one calendar of all-day events.

    Parameters
    ----------
    plan
        The plan.
    stamp
        When the file is made; with a time zone. A later file replaces an earlier one.
    person
        What tells one person's events from another's in one calendar, such as a number of the clinic. It
        enters the UIDs only as part of a hash.
    """
    from icalendar import Calendar, Event
    from icalendar.enums import CLASS, TRANSP

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # Seconds since the epoch in minutes: a later file has a higher number, as SEQUENCE asks for.
    sequence = int(stamp.timestamp()) // 60

    def add(key: str, day: datetime.date, summary: str, description: str) -> None:
        event = Event()
        event.add("uid", str(uuid.uuid5(_NAMESPACE, f"{person}/{plan.jurisdiction}/{key}")))
        event.add("dtstamp", stamp.astimezone(datetime.UTC))
        event.add("dtstart", day)
        event.add("dtend", day + _ONE_DAY)
        event.add("sequence", sequence)
        event.add("summary", summary)
        if description:
            event.add("description", description)
        event.add("class", CLASS.PRIVATE)
        event.add("transp", TRANSP.TRANSPARENT)
        calendar.add_component(event)

    for item in appointments(plan):
        add(item.key, item.due, item.what, _window(item))
    if plan.ends_on is not None:
        add("+".join(plan.drugs) + ".ends", plan.ends_on, "Ask about the tests", _AFTER)
    return bytes(calendar.to_ical()).decode("utf-8")


def _window(item: Appointment) -> str:
    if item.window_start == item.window_end:
        return ""
    if item.window_start is None:
        return f"Counts up to {item.window_end}."
    return f"Any day from {item.window_start} to {item.window_end} counts."
