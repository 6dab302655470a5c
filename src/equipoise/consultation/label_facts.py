"""From label entries to sourced statements and numbers."""

from __future__ import annotations

from equipoise.consultation.certainty import rate_certainty
from equipoise.consultation.document import PlanRow
from equipoise.consultation.words import figure
from equipoise.evidence import Evidence, LabelEntry, Trial, label_text
from equipoise.safety.schedule import Course, Repeated, Task, TreatmentPlan, months_of
from equipoise.vocabulary.estimate import Estimate, EstimateKind, EvidenceKind, Fact, least_trust
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Computation
from equipoise.vocabulary.terms import Jurisdiction, Treatment
from equipoise.wording import Phrase, phrase

FACT_PREFIX = "label."
PERCENT_PREFIX = "label-percent."
SCHEDULE_PREFIX = "schedule."
TRIAL_FACT_PREFIX = "fact."
EVERYWHERE = "ANY"

TRIAL_FACTS = {
    "design": "Design",
    "key_inclusion": "Who took part",
    "blinding": "Who knew which drug was given",
    "risk_of_bias_note": "What to bear in mind",
}


def entry_fact(evidence: Evidence, entry: LabelEntry) -> Fact:
    """Return a label entry as a sourced statement."""
    text = str(label_text(entry))
    return Fact(
        id=FACT_PREFIX + entry.id,
        text=text if text.endswith((".", ")")) else f"{text}.",
        provenance=evidence.cite(entry.row, entry.source, "text"),
        topic=entry.table,
        trust=entry.trust,
        jurisdiction="" if entry.jurisdiction == EVERYWHERE else entry.jurisdiction,
    )


def label_facts(evidence: Evidence, treatment: Treatment, table: str, jurisdiction: Jurisdiction) -> tuple[Fact, ...]:
    """Return the statements of one table of a drug's label."""
    entries = evidence.label(treatment).current(table, jurisdiction)
    boxed_first = sorted(entries, key=lambda entry: not entry.fields.get("boxed", False))
    return tuple(entry_fact(evidence, entry) for entry in boxed_first)


def adopted(evidence: Evidence, treatment: Treatment, jurisdiction: Jurisdiction) -> frozenset[str]:
    """Return the ids of statements of other labels that the jurisdiction's own entries point to as the same."""
    own = (e for e in evidence.label(treatment).entries if e.jurisdiction == jurisdiction and e.trust.may_be_shown)
    return frozenset(FACT_PREFIX + name for entry in own for name in entry.fields.get("same_as", ()))


def trial_facts(evidence: Evidence, trial: Trial) -> tuple[Fact, ...]:
    """Return what a reader should know of a trial, as sourced statements."""
    return tuple(
        Fact(
            f"{TRIAL_FACT_PREFIX}{trial.id}.{column}",
            getattr(trial, column),
            evidence.cite(trial.row, evidence.whole(trial), column),
            words,
        )
        for column, words in TRIAL_FACTS.items()
        if getattr(trial, column)
    )


def label_percent(evidence: Evidence, treatment: Treatment, entry: LabelEntry) -> Estimate:
    """Return a share of people that a label prints, with the comparator it prints."""
    value = float(entry.fields["pct"])
    comparator = str(entry.fields.get("comparator", ""))
    other = entry.fields.get("comparator_pct")
    people = f"{figure(value, Measure.LABEL_PERCENT)} of 100 people"
    against = (
        "" if other is None or not comparator else f", against {other:g} of 100 on {_comparator(evidence, comparator)}"
    )
    return Estimate(
        id=PERCENT_PREFIX + entry.id,
        kind=EstimateKind.LABEL,
        evidence_kind=EvidenceKind.LABEL,
        outcome_id=str(entry.fields["term"]),
        measure=Measure.LABEL_PERCENT,
        value=value,
        unit="%",
        treatment=treatment.id,
        reference=comparator,
        population="as in the trials behind the label; the label text seen does not state the horizon",
        trust=entry.trust,
        certainty=rate_certainty(EvidenceKind.LABEL, (), (), measure=Measure.LABEL_PERCENT, interval=None),
        notes=(str(entry.fields["note"]),) if entry.fields.get("note") else (),
        text=f"{entry.jurisdiction} label: {people} on {treatment.name} had {entry.fields['term']}{against}.",
        provenance=evidence.cite(entry.row, entry.source, "pct", *(("comparator_pct",) if against else ())),
    )


def label_harms(evidence: Evidence, treatment: Treatment, jurisdiction: Jurisdiction) -> tuple[Estimate, ...]:
    """Return every share of people that a drug's label prints for a jurisdiction."""
    entries = evidence.label(treatment).current("adverse_reaction", jurisdiction)
    return tuple(label_percent(evidence, treatment, entry) for entry in entries if _is_complete(entry))


def _is_complete(entry: LabelEntry) -> bool:
    # A share with a comparator named but no share for it would be read alone: depression on interferon is such a row.
    return "pct" in entry.fields and ("comparator" not in entry.fields or "comparator_pct" in entry.fields)


def _comparator(evidence: Evidence, name: str) -> str:
    for treatment in evidence.treatments.values():
        if name in (treatment.id, treatment.drug_id) and name:
            return treatment.name
    return name


def plan_rows(
    evidence: Evidence, treatment: Treatment, jurisdiction: Jurisdiction, plan: TreatmentPlan
) -> tuple[PlanRow, ...]:
    """Return what a label's schedule adds up to in each year."""
    rows = []
    for task in (Task.INFUSION_DAY, Task.INJECTION, Task.TABLET_DAY):
        counts = {year: _doses(plan, task, year) for year in plan.years}
        entries = {entry.id: entry for _, found in counts.values() for entry in found}
        if entries:
            numbers = tuple(
                _scheduled(
                    evidence, treatment, jurisdiction, task, year, count, tuple(found) or tuple(entries.values())
                )
                for year, (count, found) in counts.items()
            )
            rows.append(PlanRow(task_words(task), numbers))
    rows.append(_sampling_row(evidence, treatment, jurisdiction, plan))
    return tuple(rows)


def task_words(task: Task) -> Phrase:
    """Return what is counted where a task is counted."""
    return phrase(f"schedule.{task}")


def _doses(plan: TreatmentPlan, task: Task, year: int) -> tuple[float, list[LabelEntry]]:
    courses: tuple[Course, ...] = plan.courses_in_year(year) if task is Task.INFUSION_DAY else ()
    repeated: tuple[Repeated, ...] = tuple(r for r in plan.repeated if r.task is task)
    count = sum(course.days for course in courses) + sum(r.in_year(year) for r in repeated)
    entries = [*(course.entry for course in courses), *(r.entry for r in repeated)]
    if task is Task.INFUSION_DAY and not entries and plan.courses:
        entries = [plan.courses[-1].entry]
    return count, entries


def _sampling_row(evidence: Evidence, treatment: Treatment, jurisdiction: Jurisdiction, plan: TreatmentPlan) -> PlanRow:
    tests = [test for test in plan.tests if test.is_blood_or_urine and not test.condition]
    remark = tuple(entry_fact(evidence, test.entry) for test in tests if test.interval_text)
    numbers: list[Estimate | None] = []
    for year in plan.years:
        counted = [test for test in tests if test.in_year(year)]
        over = bool(tests) and all(
            test.until_month is not None and test.until_month <= 12 * (year - 1) for test in tests
        )
        if not counted and not over:
            numbers.append(None)
            continue
        entries = tuple(test.entry for test in counted) or tuple(test.entry for test in tests)
        numbers.append(
            _scheduled(evidence, treatment, jurisdiction, Task.TEST, year, len(plan.sampling_months(year)), entries)
        )
    return PlanRow(task_words(Task.TEST), tuple(numbers), remark)


def _scheduled(
    evidence: Evidence,
    treatment: Treatment,
    jurisdiction: Jurisdiction,
    task: Task,
    year: int,
    count: float,
    entries: tuple[LabelEntry, ...],
) -> Estimate:
    words, number = task_words(task), figure(count, Measure.SCHEDULED)
    return Estimate(
        id=f"{SCHEDULE_PREFIX}{treatment.option}.{jurisdiction}.{task}.year-{year}",
        kind=EstimateKind.LABEL,
        evidence_kind=EvidenceKind.LABEL,
        outcome_id=f"schedule-{task}",
        measure=Measure.SCHEDULED,
        value=count,
        unit=words,
        treatment=treatment.id,
        timepoint_months=12.0 * year,
        population=f"anyone treated as planned under the {jurisdiction} label",
        trust=least_trust([entry.trust for entry in entries]),
        text=f"{treatment.name}: {number} {words} in year {year}, as planned by the {jurisdiction} label.",
        provenance=Computation(
            "Count from the label schedule",
            f"{words} that fall in year {year} after the first dose",
            tuple(evidence.cite(entry.row, entry.source, *_schedule_cells(entry)) for entry in entries),
        ),
    )


def _schedule_cells(entry: LabelEntry) -> tuple[str, ...]:
    relevant = ("days", "course", "interval_from_previous", "per_week", "every", "at", "until_anchor", "until_offset")
    return tuple(name for name in relevant if entry.fields.get(name) not in (None, "", []))


def after_last_dose(evidence: Evidence, treatment: Treatment, jurisdiction: Jurisdiction) -> Estimate | None:
    """Return for how many months after the last dose a label asks for tests, at the least."""
    entries = [
        e
        for e in evidence.label(treatment).current("monitoring", jurisdiction)
        if e.fields.get("until_anchor") == "last-dose"
    ]
    months = [(months_of(entry.fields["until_offset"]), entry) for entry in entries if entry.fields.get("until_offset")]
    if not months:
        return None
    value = max(month for month, _ in months)
    return Estimate(
        id=f"{SCHEDULE_PREFIX}{treatment.option}.{jurisdiction}.after-last-dose",
        kind=EstimateKind.LABEL,
        evidence_kind=EvidenceKind.LABEL,
        outcome_id="schedule-after-last-dose",
        measure=Measure.SCHEDULED,
        value=value,
        unit="months",
        treatment=treatment.id,
        population=f"anyone treated under the {jurisdiction} label",
        trust=least_trust([entry.trust for _, entry in months]),
        text=(
            f"{treatment.name}: tests go on until at least {value:g} months after the last dose; "
            "every further course starts the count again."
        ),
        provenance=Computation(
            "Longest time after the last dose",
            "max of until_offset, in months",
            tuple(evidence.cite(entry.row, entry.source, "until_offset") for _, entry in months),
        ),
    )
