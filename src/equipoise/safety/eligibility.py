"""Whether a person may have a treatment, under one label, on one day."""

from __future__ import annotations

import datetime

from equipoise.evidence import Evidence, Label, LabelEntry, label_text, treatment_name
from equipoise.person import EarlierTreatment, Person
from equipoise.safety.eligibility_document import (
    LABEL_PREFIX,
    EarliestStart,
    Eligibility,
    EligibilityVerdict,
    Finding,
    FindingKind,
    StartReasonKind,
)
from equipoise.safety.eligibility_facts import Known, facts_of, truth_of, weigh
from equipoise.safety.eligibility_indications import advised, reading
from equipoise.safety.eligibility_lines import Line, lines_of
from equipoise.safety.eligibility_questions import Open, questions
from equipoise.safety.eligibility_start import earliest_start
from equipoise.safety.truth import Truth, any_of
from equipoise.vocabulary.terms import Jurisdiction, Treatment
from equipoise.wording import phrase


def eligibility(
    person: Person,
    treatment: Treatment,
    jurisdiction: Jurisdiction,
    on: datetime.date,
    evidence: Evidence,
    *,
    last_vaccine: datetime.date | None = None,
) -> Eligibility:
    """Hold everything that a label says about who may have a drug against what is known about a person.

    Parameters
    ----------
    person
        Every field of it may be unknown.
    treatment
        The option asked for.
    jurisdiction
        Whose label. The UK falls back to the EU entry on a subject that no UK entry speaks of; the US never falls back,
        and no answer is ever made from the texts of two places at once.
    on
        The day the question is asked for. Asked again before each course.
    evidence
        The release.
    last_vaccine
        Day of the last vaccine; ``None`` where it is unknown.

    Raises
    ------
    RequestError
        If the treatment has no label.
    SafetyDataError
        If a date or an interval of the label cannot be read.

    Notes
    -----
    ``contraindicated`` if any contraindication is met. Otherwise ``needs-answers`` while one is unknown, while no route
    into the licence is met and one is unknown, or where the contraindications or the licence were not read. Only then
    ``not-contraindicated``. Warnings, pregnancy, interactions, tests, guidance and daily life never change the verdict:
    what is forbidden in pregnancy stands among the contraindications.
    """
    label = evidence.label(treatment)
    earlier, same_drug = _earlier(person, label, evidence)
    known = Known(person, label.drug_id, on, earlier)
    lines = list(lines_of(label, jurisdiction, on, evidence))
    siblings = {entry.id: entry for entry in label.entries}
    findings = []
    still_open = []
    for line in lines:
        finding, unknown = _finding(line, known, siblings)
        findings.append(finding)
        if unknown is not None:
            still_open.append(unknown)
    read = {line.kind for line in lines}
    unread = tuple(kind.value for kind in (FindingKind.CONTRAINDICATION, FindingKind.INDICATION) if kind not in read)
    routes = [finding.status for finding in findings if finding.kind is FindingKind.INDICATION]
    indication = any_of(routes) if routes else Truth.UNKNOWN
    barred = [finding.status for finding in findings if finding.kind is FindingKind.CONTRAINDICATION]
    start = earliest_start(
        label,
        jurisdiction,
        known,
        evidence,
        same_drug=same_drug,
        last_vaccine=last_vaccine,
        unresolved=_unresolved(lines, findings),
    )
    return Eligibility(
        drug=treatment.option or treatment.id,
        jurisdiction=jurisdiction,
        on=on,
        evidence_version=evidence.release.version,
        verdict=_verdict(any_of(barred), indication, unread),
        indication=indication,
        findings=tuple(findings),
        ask=questions(known, still_open, unread, treatment_name(treatment), jurisdiction, _start_questions(start)),
        earliest_start=start,
        unread=unread,
    )


def _verdict(barred: Truth, indication: Truth, unread: tuple[str, ...]) -> EligibilityVerdict:
    if barred is Truth.MET:
        return EligibilityVerdict.CONTRAINDICATED
    if barred is Truth.UNKNOWN or indication is Truth.UNKNOWN or unread:
        return EligibilityVerdict.NEEDS_ANSWERS
    return EligibilityVerdict.NOT_CONTRAINDICATED


def _earlier(
    person: Person, label: Label, evidence: Evidence
) -> tuple[tuple[tuple[str, EarlierTreatment], ...] | None, tuple[EarlierTreatment, ...]]:
    if person.earlier_treatments is None:
        return None, ()
    drugs = {name: option.drug_id for option in evidence.options for name in (option.option, option.id, option.drug_id)}
    named = [(drugs.get(treatment.drug, treatment.drug), treatment) for treatment in person.earlier_treatments]
    others = tuple((drug, treatment) for drug, treatment in named if drug != label.drug_id)
    return others, tuple(treatment for drug, treatment in named if drug == label.drug_id)


def _finding(line: Line, known: Known, siblings: dict[str, LabelEntry]) -> tuple[Finding, Open | None]:
    entry = line.entry
    weighed = weigh(line.rule, known) if line.rule is not None else None
    status = weighed.truth if weighed is not None else line.default
    finding = Finding(
        id=LABEL_PREFIX + entry.id,
        kind=line.kind,
        status=status,
        text=f"{entry.fields['agent']}: {entry.text}" if "agent" in entry.fields else label_text(entry),
        source=entry.source,
        trust=entry.trust,
        jurisdiction=entry.jurisdiction,
        question=weighed.unknown[0].question if weighed is not None and weighed.unknown else "",
        because=weighed.because if weighed is not None else (),
        reading=_readings(line, known, siblings),
        boxed=bool(entry.fields.get("boxed", False)),
        gate=str(entry.fields.get("gate", "")),
        about=tuple(dict.fromkeys(fact.name for fact in facts_of(line.rule) if fact.name)) if line.rule else (),
        lacking=weighed.lacking if weighed is not None else (),
        entry=entry,
    )
    if weighed is None or line.rule is None or weighed.truth.is_known:
        return finding, None
    return finding, Open(finding, line.rule, weighed.unknown)


def _readings(line: Line, known: Known, siblings: dict[str, LabelEntry]) -> tuple[str, ...]:
    if line.kind is not FindingKind.INDICATION and line.kind is not FindingKind.GUIDANCE:
        return ()
    words = reading(line.entry, siblings)
    advice = advised(line.entry)
    if advice is None:
        return words
    return (*words, phrase(f"eligibility.reading.advice-{truth_of(advice, known)}"))


def _unresolved(lines: list[Line], findings: list[Finding]) -> tuple[LabelEntry, ...]:
    return tuple(
        line.entry
        for line, finding in zip(lines, findings, strict=True)
        if line.kind is FindingKind.CONTRAINDICATION and finding.status is Truth.MET and line.entry.fields.get("until")
    )


def _start_questions(start: EarliestStart) -> list[tuple[str, str]]:
    return [(reason.question, reason.id) for reason in start.reasons if reason.kind is StartReasonKind.UNKNOWN]
