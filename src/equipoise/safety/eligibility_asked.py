"""Which conditions and medicines are worth asking about at all, for some treatments under one label."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.evidence import Evidence
from equipoise.person.conditions import CONDITIONS, MEDICINES
from equipoise.safety.eligibility_facts import facts_of
from equipoise.safety.eligibility_lines import lines_of
from equipoise.safety.eligibility_person import STATED_ONLY
from equipoise.vocabulary.terms import Jurisdiction, Treatment


@dataclass(frozen=True, slots=True)
class WorthAsking:
    """What a label turns on, out of everything that a person can state.

    Attributes
    ----------
    conditions, medicines
        Their ids, in the order in which they are asked.
    stated_only
        Conditions among the rest that a list of ticks cannot settle: silence about them is no answer, so each needs a
        question of its own.
    """

    conditions: tuple[str, ...]
    medicines: tuple[str, ...]
    stated_only: tuple[str, ...]


def conditions_asked(
    evidence: Evidence, treatments: Sequence[Treatment], jurisdiction: Jurisdiction, on: datetime.date
) -> WorthAsking:
    """Return the conditions and medicines on which any line of these labels turns.

    Parameters
    ----------
    evidence
        The release.
    treatments
        The options that are compared.
    jurisdiction
        Whose labels.
    on
        The day for which the question is asked.

    Notes
    -----
    Contraindications and routes into the licence, and also the cautions that hold for some people only. Where a label
    was not read, nothing is asked because of it, and the check of eligibility says that it was not read.
    """
    turns_on = {
        word
        for treatment in treatments
        for line in lines_of(evidence.label(treatment), jurisdiction, on, evidence)
        if line.rule is not None
        for fact in facts_of(line.rule)
        for word in fact.uses
    }
    return WorthAsking(
        conditions=tuple(word for word in CONDITIONS if word in turns_on - STATED_ONLY),
        medicines=tuple(word for word in MEDICINES if word in turns_on),
        stated_only=tuple(word for word in CONDITIONS if word in turns_on & STATED_ONLY),
    )
