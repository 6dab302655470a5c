"""The first day on which treatment could start, and why not sooner."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from equipoise.evidence import Evidence, Label, LabelEntry
from equipoise.person import OTHER_DRUG, EarlierTreatment
from equipoise.safety.calendar_dates import later
from equipoise.safety.eligibility_document import (
    LABEL_PREFIX,
    EarliestStart,
    StartAbout,
    StartReason,
    StartReasonKind,
)
from equipoise.safety.eligibility_facts import Known
from equipoise.safety.plan_readings import vaccine_wait
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import phrase

LAST_VACCINE_QUESTION = phrase("eligibility.start.last-vaccine")
NAME_QUESTION = phrase("eligibility.start.name-of-drug")
EARLIER_QUESTION = phrase("eligibility.start.earlier-drugs")


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait between two drugs.

    Attributes
    ----------
    after, before
        ``drug_id`` of the drug that was taken and of the one that follows; empty for any.
    interval
        The shortest that the text names, as an ISO 8601 duration; empty where the text gives none.
    """

    after: frozenset[str]
    before: frozenset[str]
    interval: str


_INTERFERONS = frozenset(
    {"interferon-beta-1a-sc", "interferon-beta-1a-im", "interferon-beta-1b", "peginterferon-beta-1a"}
)
_FINGOLIMOD = frozenset({"fingolimod"})
_NATALIZUMAB = frozenset({"natalizumab"})
_ANY: frozenset[str] = frozenset()

# The texts of the table of switching carry their intervals in words only; each was read once and stands here.
WAITS: dict[str, tuple[Wait, ...]] = {
    "alemtuzumab-swi-02": (Wait(frozenset({"alemtuzumab"}), _FINGOLIMOD, ""),),
    "fingolimod-swi-01": (
        Wait(_INTERFERONS | {"glatiramer-acetate", "dimethyl-fumarate"}, _FINGOLIMOD, "P0D"),
        Wait(_NATALIZUMAB, _FINGOLIMOD, "P2M"),
        Wait(frozenset({"teriflunomide"}), _FINGOLIMOD, ""),
        Wait(frozenset({"alemtuzumab"}), _FINGOLIMOD, ""),
    ),
    "fingolimod-swi-02": (Wait(_FINGOLIMOD, _ANY, "P6W"),),
    "fingolimod-swi-03": (Wait(_NATALIZUMAB, _FINGOLIMOD, "P8W"),),
    "interferon-beta-1a-sc-swi-01": (Wait(_INTERFERONS, _FINGOLIMOD, "P0D"),),
    "interferon-beta-1a-sc-swi-02": (Wait(frozenset({"interferon-beta-1a-sc"}), frozenset({"cladribine"}), ""),),
    "natalizumab-swi-01": (Wait(_NATALIZUMAB, _FINGOLIMOD, "P8W"),),
    "teriflunomide-swi-01": (Wait(frozenset({"teriflunomide"}), _ANY, ""),),
}


def earliest_start(
    label: Label,
    jurisdiction: Jurisdiction,
    known: Known,
    evidence: Evidence,
    *,
    same_drug: Iterable[EarlierTreatment],
    last_vaccine: datetime.date | None,
    unresolved: Iterable[LabelEntry],
) -> EarliestStart:
    """Return the first day on which treatment could start.

    Parameters
    ----------
    label, jurisdiction, known, evidence
        Which label, and what is known about the person.
    same_drug
        Earlier courses of this very drug.
    last_vaccine
        Day of the last vaccine; ``None`` where it is unknown.
    unresolved
        Contraindications that are met and hold until something is over.
    """
    reasons = [
        *_planned_stops(known),
        *_after_other_drugs(label, jurisdiction, known, evidence),
        *_next_course(label, jurisdiction, same_drug),
        *_after_vaccines(label, jurisdiction, last_vaccine),
        *(
            _reason(entry, StartReasonKind.NO_INTERVAL, StartAbout.RESOLVED, because=f"until {entry.fields['until']}")
            for entry in unresolved
        ),
    ]
    not_before = max([known.on, *(reason.day for reason in reasons if reason.day is not None)])
    settled = all(reason.kind is StartReasonKind.DATE for reason in reasons)
    return EarliestStart(not_before if settled else None, not_before, tuple(reasons))


def _reason(
    entry: LabelEntry,
    kind: StartReasonKind,
    about: StartAbout,
    *,
    because: str,
    day: datetime.date | None = None,
    question: str = "",
    drug: str = "",
    counted_from: datetime.date | None = None,
    interval: str = "",
) -> StartReason:
    return StartReason(
        kind,
        day,
        entry.text,
        LABEL_PREFIX + entry.id,
        entry.source,
        entry.trust,
        entry.jurisdiction,
        because,
        question,
        about,
        drug,
        counted_from,
        interval,
    )


def _counted(
    entry: LabelEntry,
    about: StartAbout,
    start: datetime.date | None,
    interval: str,
    what: str,
    question: str,
    drug: str = "",
) -> StartReason:
    if start is None:
        because = f"{what}, on a day that is not known"
        kind = StartReasonKind.UNKNOWN
        return _reason(entry, kind, about, because=because, question=question, drug=drug, interval=interval)
    return _reason(
        entry,
        StartReasonKind.DATE,
        about,
        because=f"{what}, on {start}",
        day=later(start, interval),
        drug=drug,
        counted_from=start,
        interval=interval,
    )


def _planned_stops(known: Known) -> list[StartReason]:
    return [
        StartReason(
            StartReasonKind.DATE,
            treatment.stopped,
            f"The last dose of {drug} is planned for that day.",
            about=StartAbout.PLANNED_STOP,
            drug=drug,
        )
        for drug, treatment in known.earlier or ()
        if treatment.stopped is not None and treatment.stopped > known.on
    ]


def _after_other_drugs(label: Label, jurisdiction: Jurisdiction, known: Known, evidence: Evidence) -> list[StartReason]:
    if known.earlier is None:
        return [_unnamed(EARLIER_QUESTION)]
    own = [(entry, wait) for entry in label.current("switching", jurisdiction) for wait in _waits(entry, label.drug_id)]
    found = [_unnamed(NAME_QUESTION) for drug, _ in known.earlier if drug == OTHER_DRUG]
    for drug, treatment in known.earlier:
        theirs = evidence.labels[drug].current("switching", jurisdiction) if drug in evidence.labels else ()
        pairs = [*own, *((entry, wait) for entry in theirs for wait in _waits(entry, label.drug_id))]
        found += [_waited(entry, wait, drug, treatment) for entry, wait in pairs if drug in wait.after]
    return list(dict.fromkeys(found))


def _unnamed(question: str) -> StartReason:
    return StartReason(
        StartReasonKind.UNKNOWN, None, "After some earlier drugs a label asks to wait.", question=question
    )


def _waits(entry: LabelEntry, drug: str) -> list[Wait]:
    return [wait for wait in WAITS.get(entry.id, ()) if not wait.before or drug in wait.before]


def _waited(entry: LabelEntry, wait: Wait, drug: str, treatment: EarlierTreatment) -> StartReason:
    if not wait.interval:
        return _reason(entry, StartReasonKind.NO_INTERVAL, StartAbout.OTHER_DRUG, because=f"after {drug}", drug=drug)
    return _counted(
        entry,
        StartAbout.OTHER_DRUG,
        treatment.stopped,
        wait.interval,
        f"counted from the last dose of {drug}",
        phrase("eligibility.start.last-dose-of", drug=drug),
        drug,
    )


def _next_course(label: Label, jurisdiction: Jurisdiction, same_drug: Iterable[EarlierTreatment]) -> list[StartReason]:
    courses = list(same_drug)
    later_courses = [
        (entry, interval)
        for entry in label.current("dosing", jurisdiction)
        if (interval := entry.fields.get("interval_from_previous") or entry.fields.get("interval_from_previous_min"))
    ]
    if not courses or not later_courses:
        return []
    # Any further course keeps the distance that the label sets between courses; the second names it.
    entry, interval = later_courses[min(len(courses), len(later_courses)) - 1]
    return [
        _counted(
            entry,
            StartAbout.OWN_COURSE,
            course.stopped,
            str(interval),
            "counted from the last dose of the course before",
            phrase("eligibility.start.last-own-dose", drug=label.inn),
        )
        for course in courses[-1:]
    ]


def _after_vaccines(label: Label, jurisdiction: Jurisdiction, last_vaccine: datetime.date | None) -> list[StartReason]:
    found = []
    for entry in label.current("baseline_test", jurisdiction):
        if interval := vaccine_wait(entry):
            found.append(
                _counted(
                    entry,
                    StartAbout.VACCINE,
                    last_vaccine,
                    interval,
                    "counted from the last vaccine",
                    LAST_VACCINE_QUESTION,
                )
            )
    return found
