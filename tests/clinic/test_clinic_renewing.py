"""The list of a morning that is renewed after some entries is the one that is made anew, on both engines."""

from __future__ import annotations

import datetime
import random

from equipoise.clinic.adding import add_with_courses
from equipoise.clinic.book import Desk
from equipoise.clinic.correcting import correct_person
from equipoise.clinic.lookup import audit_links
from equipoise.clinic.morning import Morning, morning, refresh
from equipoise.clinic.people import add_person, people
from equipoise.clinic.recording import Recorder
from equipoise.clinic.renewing import MOST, renewed
from equipoise.safety.results import Result
from equipoise.vocabulary.terms import Jurisdiction
from tests.clinic.conftest import TODAY

DAYS = datetime.timedelta
LABELS = [f"N-{number}" for number in range(1, 9)]


def last_link(desk: Desk) -> int:
    with desk.reading() as connection:
        return audit_links(connection, desk.clinic_id, most=1)[0].sequence


def act(recorder: Recorder, chance: random.Random, found: Morning) -> None:
    """Write one entry of a kind that chance says."""
    label, day = chance.choice(sorted(found.ids)), TODAY - DAYS(chance.randrange(40))
    kind = chance.randrange(7)
    if kind == 0:
        recorder.contact(label, day, "phone", reached=chance.random() < 0.7)
    elif kind == 1:
        value = chance.choice([90, 220])
        recorder.result(label, Result("platelet-count", value, "10*9/L", day, 150, 400))
    elif kind == 2 and found.alerts:
        person, alert = chance.choice(found.alerts)
        recorder.acknowledge(person, alert["id"])
    elif kind == 3 and (found.overdue or found.due):
        task = chance.choice([*found.overdue, *found.due])
        recorder.snooze(task.person, task.task_id, TODAY + DAYS(chance.randrange(1, 30)), "booked")
    elif kind == 4:
        recorder.course(label, "alemtuzumab", TODAY - DAYS(chance.randrange(100, 500)))
    elif kind == 5:
        add_person(recorder.desk, f"P-{last_link(recorder.desk)}", jurisdiction=Jurisdiction.UK)
    else:
        with recorder.desk.reading() as connection:
            someone = chance.choice(people(connection, recorder.desk.clinic_id))
        new = f"R-{last_link(recorder.desk)}"
        correct_person(recorder.desk, someone, label=new, jurisdiction=someone.jurisdiction, conditions={})


def filled(recorder: Recorder) -> Desk:
    for number, label in enumerate(LABELS):
        add_with_courses(
            recorder.desk,
            label,
            jurisdiction=Jurisdiction.EU,
            name="",
            conditions={},
            drug="alemtuzumab",
            days=[TODAY - DAYS(60 + 90 * number)],
            evidence=recorder.evidence,
            today=TODAY,
        )
    refresh(recorder.desk, recorder.evidence, TODAY)
    return recorder.desk


def test_a_renewed_list_is_the_one_made_anew(recorder: Recorder) -> None:
    desk, evidence, chance = filled(recorder), recorder.evidence, random.Random(20261122)  # noqa: S311 - a seed, no secret
    before, since = morning(desk, evidence, TODAY), last_link(desk)
    kept = 0
    for _ in range(60):
        for _ in range(chance.randrange(1, 4)):
            act(recorder, chance, before)
        again = renewed(desk, evidence, before, since - chance.randrange(3))
        refresh(desk, evidence, TODAY)
        anew = morning(desk, evidence, TODAY)
        kept += again is not None
        assert again in (None, anew)
        before, since = again or anew, last_link(desk)
    assert kept > 20  # somebody who is new or has new details is worked out first


def test_whoever_has_to_be_worked_out_first_and_a_crowd_are_not_renewed(recorder: Recorder) -> None:
    desk, evidence = filled(recorder), recorder.evidence
    before, since = morning(desk, evidence, TODAY), last_link(desk)
    assert renewed(desk, evidence, before, since) == before
    add_person(desk, "N-99", jurisdiction=Jurisdiction.UK)
    assert renewed(desk, evidence, before, since) is None
    for number in range(MOST):
        add_person(desk, f"C-{number}", jurisdiction=Jurisdiction.UK)
    refresh(desk, evidence, TODAY)
    assert renewed(desk, evidence, before, since) is None
