"""Routes into the licence, as rules.

A label file carries hints (``requires``, ``excludes``) that are turned into rules here; where it carries none, the text
was read once and stands in ``READINGS``. Advice ("generally") is told and is no boundary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from equipoise.evidence import LabelEntry
from equipoise.safety.eligibility_facts import Not, Rule, every, some
from equipoise.safety.eligibility_person import (
    ACTIVE_DISEASE,
    ADULT,
    CALLED_HIGHLY_ACTIVE,
    DISABLING_RELAPSES,
    ENHANCING_LESION,
    HIGH_RISK_OF_MS,
    MONOTHERAPY,
    MORE_T2_LESIONS,
    ONE_EVENT_ONLY,
    PRIMARY_PROGRESSIVE,
    RELAPSING_REMITTING,
    SECONDARY_PROGRESSIVE,
    at_least_years_old,
    nobody_knows,
    relapsed_on_earlier_drugs,
    relapses_12_months,
    relapses_24_months,
    team_knows,
)
from equipoise.wording import Phrase, phrase

IS_ADULT = at_least_years_old(ADULT)
ACTIVE_SECONDARY_PROGRESSIVE = every(SECONDARY_PROGRESSIVE, ACTIVE_DISEASE)
RELAPSING_MS = some(RELAPSING_REMITTING, ACTIVE_SECONDARY_PROGRESSIVE)
RELAPSING_FORMS = some(ONE_EVENT_ONLY, RELAPSING_MS)
MRI_ACTIVITY = some(ENHANCING_LESION, MORE_T2_LESIONS)
# Two relapses in a year, or one with a lesion that takes up contrast, are highly active by every definition in the
# evidence that counts at all; no relapse and no such lesion are so by none. Between the two a neurologist has to say.
HIGHLY_ACTIVE = some(
    relapses_12_months(2),
    every(relapses_12_months(1), ENHANCING_LESION),
    every(some(relapses_12_months(1), ENHANCING_LESION), CALLED_HIGHLY_ACTIVE),
)
HIGHLY_ACTIVE_WORDS = phrase("eligibility.reading.highly-active")
RAPIDLY_EVOLVING_WORDS = phrase("eligibility.reading.rapidly-evolving")
FULL_COURSE_WORDS = phrase("eligibility.reading.full-course")
RAPIDLY_EVOLVING_SEVERE = every(DISABLING_RELAPSES, relapses_12_months(2), MRI_ACTIVITY)

PHENOTYPES: dict[str, Rule] = {
    "RRMS": RELAPSING_REMITTING,
    "active-SPMS": ACTIVE_SECONDARY_PROGRESSIVE,
    "relapsing-MS": RELAPSING_MS,
    "CIS": ONE_EVENT_ONLY,
    "CIS-high-risk": every(ONE_EVENT_ONLY, HIGH_RISK_OF_MS),
}

MRI_SIGNS: dict[str, Rule] = {
    "gd-enhancing-lesions>=1": ENHANCING_LESION,
    "significant-t2-increase-vs-recent-mri": MORE_T2_LESIONS,
}

EXCLUDED: dict[str, Rule] = {
    "CIS": ONE_EVENT_ONLY,
    "inactive-disease": Not(ACTIVE_DISEASE),
    "stable-on-current-therapy": every(
        Not(some(relapses_12_months(1), ENHANCING_LESION)),
        team_knows("stable"),
    ),
}


def _phenotype(names: Any) -> Rule:
    return some(*(PHENOTYPES[name] for name in names))


def _disabling(at_least: Any) -> Rule:
    # Fewer relapses than that cannot hold as many disabling ones.
    return every(relapses_12_months(int(at_least)), DISABLING_RELAPSES)


REQUIREMENTS: dict[str, Callable[[Any], Rule]] = {
    "adult": lambda _: IS_ADULT,
    "phenotype": _phenotype,
    "monotherapy": lambda _: MONOTHERAPY,
    "highly_active": lambda _: HIGHLY_ACTIVE,
    "prior_dmt_full_adequate_course_min": lambda count: relapsed_on_earlier_drugs(int(count)),
    "prior_dmt_inadequate_response_min": lambda count: relapsed_on_earlier_drugs(int(count)),
    "disabling_relapses_12m_min": _disabling,
    "mri_any_of": lambda signs: some(*(MRI_SIGNS[sign] for sign in signs)),
    # Of those who have relapsing-remitting disease: the other forms on such a line come with words of their own.
    "relapses_24m_min": lambda count: some(
        Not(RELAPSING_REMITTING), every(RELAPSING_REMITTING, relapses_24_months(int(count)))
    ),
}
ADVISORY = "generally"
"""``strength`` of a hint that advises: its counts of earlier drugs are told, not required."""
_ADVISED = ("prior_dmt_inadequate_response_min",)

_ADULT_RELAPSING_FORMS = every(IS_ADULT, RELAPSING_FORMS)
_ADULT_RELAPSING_MS = every(IS_ADULT, RELAPSING_MS)

READINGS: dict[str, Rule] = {
    # United States
    "dimethyl-fumarate-ind-02": _ADULT_RELAPSING_FORMS,
    "diroximel-fumarate-ind-01": _ADULT_RELAPSING_FORMS,
    "fingolimod-ind-02": every(at_least_years_old(10), RELAPSING_FORMS),
    "glatiramer-acetate-ind-01": _ADULT_RELAPSING_FORMS,
    "ocrelizumab-ind-02": every(IS_ADULT, some(RELAPSING_FORMS, PRIMARY_PROGRESSIVE)),
    "ofatumumab-ind-02": _ADULT_RELAPSING_FORMS,
    "ozanimod-ind-02": _ADULT_RELAPSING_FORMS,
    "ponesimod-ind-02": _ADULT_RELAPSING_FORMS,
    "siponimod-ind-02": _ADULT_RELAPSING_FORMS,
    "ublituximab-ind-02": _ADULT_RELAPSING_FORMS,
    # European Union
    "dimethyl-fumarate-ind-01": every(at_least_years_old(13), RELAPSING_REMITTING),
    "fingolimod-ind-01": every(
        at_least_years_old(10),
        RELAPSING_REMITTING,
        some(relapsed_on_earlier_drugs(1), RAPIDLY_EVOLVING_SEVERE),
    ),
    "interferon-beta-1a-im-ind-02": some(
        RELAPSING_REMITTING,
        every(
            some(SECONDARY_PROGRESSIVE, PRIMARY_PROGRESSIVE),
            team_knows("finer-criteria"),
        ),
    ),
    "ocrelizumab-ind-01": every(
        IS_ADULT,
        some(
            RELAPSING_MS,
            every(
                PRIMARY_PROGRESSIVE,
                team_knows("early"),
            ),
        ),
    ),
    "ofatumumab-ind-01": _ADULT_RELAPSING_MS,
    "ozanimod-ind-01": every(IS_ADULT, RELAPSING_REMITTING, ACTIVE_DISEASE),
    "ponesimod-ind-01": every(IS_ADULT, RELAPSING_MS, ACTIVE_DISEASE),
    "teriflunomide-ind-01": every(at_least_years_old(10), RELAPSING_REMITTING),
    "ublituximab-ind-01": _ADULT_RELAPSING_MS,
    # guidance of a health service
    "cladribine-ind-02": every(
        RELAPSING_REMITTING,
        some(
            every(relapses_12_months(2), MRI_ACTIVITY),
            every(relapses_12_months(1), MRI_ACTIVITY, relapsed_on_earlier_drugs(1)),
        ),
    ),
    "cladribine-ind-03": every(
        RELAPSING_REMITTING,
        ACTIVE_DISEASE,
        team_knows("high-efficacy"),
    ),
    "glatiramer-acetate-ind-02": RELAPSING_REMITTING,
    "interferon-beta-1b-ind-02": some(
        every(RELAPSING_REMITTING, relapses_24_months(2)), every(SECONDARY_PROGRESSIVE, relapses_12_months(1))
    ),
    "natalizumab-ind-02": every(RELAPSING_REMITTING, relapses_12_months(2), MRI_ACTIVITY),
}
_READING_WORDS: dict[str, tuple[Phrase, ...]] = {
    "fingolimod-ind-01": (RAPIDLY_EVOLVING_WORDS, phrase("eligibility.reading.failure")),
    "cladribine-ind-02": (phrase("eligibility.reading.cladribine-nice"),),
    "natalizumab-ind-02": (phrase("eligibility.reading.natalizumab-nice"),),
}


def is_exclusion(entry: LabelEntry) -> bool:
    """Return whether an entry of the table of indications says whom a drug is not for, and opens no route."""
    return "requires" not in entry.fields and "same_as" not in entry.fields and bool(entry.fields.get("excludes"))


def indication_rule(entry: LabelEntry, siblings: Mapping[str, LabelEntry]) -> Rule:
    """Return a route, or an exclusion, as a rule.

    Parameters
    ----------
    entry
        Entry of the table ``indication``.
    siblings
        Entries of the same label by id, for those that point to others.
    """
    if is_exclusion(entry):
        return some(*(EXCLUDED[name] for name in entry.fields["excludes"]))
    adopted = [siblings[name] for name in entry.fields.get("same_as", ()) if name in siblings]
    if adopted:
        return some(*(indication_rule(one, siblings) for one in adopted))
    if entry.id in READINGS:
        return READINGS[entry.id]
    requires = entry.fields.get("requires")
    if not requires:
        return nobody_knows(
            f"text:{entry.id}",
            phrase("eligibility.team.licence-text.name"),
            phrase("eligibility.team.licence-text.question", text=entry.text),
        )
    needed = [REQUIREMENTS[name](value) for name, value in requires.items() if _is_required(name, requires)]
    return every(*needed, *(Not(EXCLUDED[name]) for name in entry.fields.get("excludes", ())))


def _is_required(name: str, requires: Mapping[str, Any]) -> bool:
    return name != "strength" and not (requires.get("strength") == ADVISORY and name in _ADVISED)


def advised(entry: LabelEntry) -> Rule | None:
    """Return what a route advises without requiring it; ``None`` where it advises nothing."""
    requires = entry.fields.get("requires") or {}
    if requires.get("strength") != ADVISORY:
        return None
    return every(*(REQUIREMENTS[name](requires[name]) for name in _ADVISED if name in requires))


def reading(entry: LabelEntry, siblings: Mapping[str, LabelEntry]) -> tuple[Phrase, ...]:
    """Return how a route's text was turned into a rule, where that took a choice."""
    words = list(_READING_WORDS.get(entry.id, ()))
    for one in (entry, *(siblings[name] for name in entry.fields.get("same_as", ()) if name in siblings)):
        requires = one.fields.get("requires") or {}
        words += [HIGHLY_ACTIVE_WORDS] if "highly_active" in requires else []
        words += [FULL_COURSE_WORDS] if "prior_dmt_full_adequate_course_min" in requires else []
        words += [RAPIDLY_EVOLVING_WORDS] if "disabling_relapses_12m_min" in requires else []
    return tuple(words)
