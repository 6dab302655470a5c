"""The statements of a label that say something about who may have a drug, each with the rule it stands for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from equipoise.evidence import Evidence, Label, LabelEntry
from equipoise.safety.calendar_dates import first_day
from equipoise.safety.eligibility_cautions import (
    baseline_rule,
    interaction_rule,
    needs,
    pregnancy_rule,
    warning_rule,
)
from equipoise.safety.eligibility_document import FindingKind
from equipoise.safety.eligibility_facts import Rule
from equipoise.safety.eligibility_indications import indication_rule, is_exclusion
from equipoise.safety.eligibility_person import nobody_knows
from equipoise.safety.eligibility_rules import contraindication_rule
from equipoise.safety.truth import Truth
from equipoise.vocabulary.terms import Jurisdiction
from equipoise.wording import phrase

GUIDANCE_SOURCE = "hta"
"""Kind of the sources that say what a health service pays for. They stand beside a licence and open no route."""


@dataclass(frozen=True, slots=True)
class Line:
    """A label entry, what it is about, and the rule it stands for; without a rule it is so for everybody."""

    entry: LabelEntry
    kind: FindingKind
    rule: Rule | None
    default: Truth = Truth.MET


def lines_of(label: Label, jurisdiction: Jurisdiction, on: datetime.date, evidence: Evidence) -> Iterator[Line]:
    """Yield what a label says about who may have the drug, in the order in which it is told.

    Parameters
    ----------
    label, jurisdiction
        The drug's label, and whose.
    on
        The day: a text with dates counts only in its days.
    evidence
        The release.
    """

    def current(table: str) -> Iterable[LabelEntry]:
        return (entry for entry in label.current(table, jurisdiction) if _in_force(entry, on))

    siblings = {entry.id: entry for entry in label.entries}
    for entry in current("contraindication"):
        condition = str(entry.fields.get("condition", ""))
        # A contraindication that nobody has turned into a rule is a question, never a silence.
        rule = contraindication_rule(entry.id, condition, label.drug_id) or nobody_knows(
            f"text:{entry.id}", entry.text, phrase("eligibility.team.label-text.question", text=entry.text)
        )
        yield Line(entry, FindingKind.CONTRAINDICATION, rule)
    for entry in current("indication"):
        is_guidance = evidence.sources[entry.source.source_id].kind == GUIDANCE_SOURCE
        kind = (
            FindingKind.WARNING
            if is_exclusion(entry)
            else FindingKind.GUIDANCE
            if is_guidance
            else FindingKind.INDICATION
        )
        yield Line(entry, kind, indication_rule(entry, siblings))
    for entry in current("warning"):
        yield Line(entry, FindingKind.WARNING, warning_rule(entry))
    for entry in current("pregnancy"):
        yield Line(entry, FindingKind.PREGNANCY, pregnancy_rule(entry))
    for entry in current("interaction"):
        yield Line(entry, FindingKind.INTERACTION, interaction_rule(entry))
    for entry in current("baseline_test"):
        yield Line(entry, FindingKind.BASELINE_TEST, baseline_rule(entry), default=Truth.NOT_MET)
    for need in needs(label, jurisdiction):
        yield Line(need.entry, FindingKind.PRACTICAL, need.rule)


def _in_force(entry: LabelEntry, on: datetime.date) -> bool:
    begins, ends = entry.fields.get("valid_from"), entry.fields.get("valid_to")
    return not (begins and on < first_day(str(begins))) and not (ends and on >= first_day(str(ends)))
