"""For whom nothing personal is said: people whom no trial of the setting would have let in."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.evidence import Evidence
from equipoise.outcomes.baseline import cite_inclusion
from equipoise.outcomes.draws import Declined
from equipoise.outcomes.participants import Participants
from equipoise.person import CourseOfDisease, Person, PregnancyPlan
from equipoise.vocabulary.provenance import Computation
from equipoise.wording import phrase

BASELINE = "personal-baseline"


def outside(
    evidence: Evidence, person: Person, people: Sequence[Participants], trial_ids: Sequence[str]
) -> tuple[Declined, ...]:
    """Return why nothing personal can be said; empty where it can. What is unknown never declines.

    Parameters
    ----------
    evidence
        The release.
    person
        What is known.
    people
        The participants of each group that the setting draws from.
    trial_ids
        The setting's trials.
    """
    found = []
    if person.course in (CourseOfDisease.SECONDARY_PROGRESSIVE, CourseOfDisease.PRIMARY_PROGRESSIVE):
        found.append(Declined(BASELINE, phrase("declined.progressive")))
    if person.pregnancy is PregnancyPlan.PREGNANT:
        found.append(Declined(BASELINE, phrase("declined.pregnant")))
    limits = [one.age_limits for one in people if one.age_limits is not None]
    if limits and person.age is not None:
        low, high = min(one[0] for one in limits), max(one[1] for one in limits)
        if not low <= person.age <= high:
            side = "younger" if person.age < low else "older"
            reason = phrase(f"declined.{side}", low=low, high=high)
            found.append(Declined(BASELINE, reason, _let_in(evidence, trial_ids)))
    highest = [one.edss_max for one in people if one.edss_max is not None]
    if highest and person.edss_band is not None and person.edss_band[0] > max(highest):
        reason = phrase("declined.edss", highest=max(highest))
        found.append(Declined(BASELINE, reason, _let_in(evidence, trial_ids)))
    return tuple(found)


def _let_in(evidence: Evidence, trial_ids: Sequence[str]) -> Computation:
    rows = tuple(cite_inclusion(evidence, name) for name in trial_ids)
    return Computation("Who was let in", "the widest limits that these trials state", rows)
