"""Build the document of one sitting."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.consultation.arm_estimates import arm_estimate
from equipoise.consultation.document import Consultation, Option, OutcomeSection, TrialCard
from equipoise.consultation.head_to_head import Pair, outcome_section, pairs
from equipoise.consultation.label_facts import (
    adopted,
    after_last_dose,
    entry_fact,
    label_facts,
    label_harms,
    plan_rows,
    trial_facts,
)
from equipoise.consultation.personal import DRAWS, SEED, PersonalView
from equipoise.consultation.trial_estimates import contrast_estimate
from equipoise.consultation.words import counted
from equipoise.evidence import Evidence, TrialKind, load_evidence
from equipoise.outcomes.evidence_cache import kept_per_evidence
from equipoise.safety.schedule import plan_treatment
from equipoise.vocabulary.errors import RequestError, UnknownTermError
from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.terms import Jurisdiction, OutcomeGroup, Treatment

if TYPE_CHECKING:
    from equipoise.decision import Values
    from equipoise.person import Person

BENEFITS = (OutcomeGroup.RELAPSES, OutcomeGroup.DISABILITY, OutcomeGroup.MRI, OutcomeGroup.QUALITY_OF_LIFE)
NEVER_TREATED = "not-treated-after-randomisation"


def consult(
    first: str,
    second: str,
    *,
    jurisdiction: str | Jurisdiction = "",
    evidence: Evidence | None = None,
    person: Person | None = None,
    values: Values | None = None,
    on: datetime.date | None = None,
    years: int = 2,
    seed: int = SEED,
    draws: int = DRAWS,
) -> Consultation:
    """Compare two treatments, and for a person say what may happen and how the options fit.

    Parameters
    ----------
    first, second
        Names of two options: ``"alemtuzumab"``, ``"interferon-beta-1a"``, a brand or an alias. Comparisons
        read first versus second.
    jurisdiction
        Whose labels apply: ``"US"``, ``"EU"`` or ``"UK"``. Empty for the person's own, else the EU.
    evidence
        The release to answer from; the packaged one by default.
    person, values
        Who it is about, and what matters to them. Without a person the answer is about groups only.
    on
        The day on which labels are applied to the person; required with a person.
    years, seed, draws
        Horizon shown first, and of the random numbers: see ``for_me.personal_view``.

    Returns
    -------
    Consultation
        Everything that the faces show. The same arguments and evidence give the same document.

    Raises
    ------
    UnknownTermError
        If an option or the jurisdiction is not known.
    RequestError
        If both names mean the same treatment, or values are given without a person.
    EvidenceError
        If the packaged evidence is broken.
    """
    evidence = evidence or load_evidence()
    stated = person.jurisdiction if person is not None else None
    place = _jurisdiction(jurisdiction or stated or Jurisdiction.EU)
    options = evidence.option(first), evidence.option(second)
    if options[0].id == options[1].id:
        raise RequestError(
            f"'{first}' and '{second}' are the same treatment ({options[0].name}, {options[0].detail}).\n"
            "  Try: name two different options; 'equipoise options' lists them."
        )
    compared = _compared(evidence, options[0].id, options[1].id, place)
    view = _personal(compared.options, person, values, evidence, place, on, years=years, seed=seed, draws=draws)
    return compared if view is None else dataclasses.replace(compared, personal=view)


@kept_per_evidence(16)
def _compared(evidence: Evidence, /, first: str, second: str, place: Jurisdiction) -> Consultation:
    """The part that is about nobody: kept, so that a changed answer about a person does not pay for it again."""
    options = evidence.treatments[first], evidence.treatments[second]
    found = pairs(evidence, *options)
    return Consultation(
        release=evidence.release,
        jurisdiction=place,
        options=(option_of(evidence, options[0], place), option_of(evidence, options[1], place)),
        trials=_trial_cards(evidence, found),
        benefits=_sections(evidence, options, found, *BENEFITS),
        stopping=_sections(evidence, options, found, OutcomeGroup.STOPPING, OutcomeGroup.LATER_TREATMENT),
        common_harms=_sections(evidence, options, found, OutcomeGroup.COMMON_HARM),
        serious_harms=_sections(evidence, options, found, OutcomeGroup.SERIOUS_HARM),
        unknowns=_unknowns(evidence, options, found),
    )


def _personal(
    options: Sequence[Option],
    person: Person | None,
    values: Values | None,
    evidence: Evidence,
    place: Jurisdiction,
    on: datetime.date | None,
    *,
    years: int,
    seed: int,
    draws: int,
) -> PersonalView | None:
    if person is None:
        if values is not None:
            raise RequestError(
                "what matters to a person was given, but not who the person is.\n"
                "  do: describe the person too (--person FILE); every field of it may be unknown"
            )
        return None
    if on is None:
        raise RequestError("labels are applied to a person on a day.\n  do: give the day (on=date)")
    # Only a question about a person pays for loading what answers it.
    from equipoise.consultation.for_me import personal_view

    return personal_view(
        options,
        person,
        evidence=evidence,
        jurisdiction=place,
        on=on,
        values=values,
        years=years,
        seed=seed,
        draws=draws,
    )


def _jurisdiction(name: str | Jurisdiction) -> Jurisdiction:
    try:
        return Jurisdiction(str(name).upper())
    except ValueError:
        raise UnknownTermError("jurisdiction", str(name), [place.value for place in Jurisdiction]) from None


def _sections(
    evidence: Evidence, options: tuple[Treatment, Treatment], found: tuple[Pair, ...], *groups: OutcomeGroup
) -> tuple[OutcomeSection, ...]:
    sections = []
    for group in groups:
        for outcome in evidence.outcomes.values():
            if outcome.group is group:
                section = outcome_section(evidence, options, found, outcome)
                if section is not None:
                    sections.append(section)
    return tuple(sections)


def option_of(evidence: Evidence, treatment: Treatment, place: Jurisdiction) -> Option:
    """Return a treatment with everything that its label says and plans in a jurisdiction."""
    label = evidence.label(treatment)
    plan = plan_treatment(label, place)
    tables = {
        name: label_facts(evidence, treatment, table, place)
        for name, table in {
            "indications": "indication",
            "contraindications": "contraindication",
            "warnings": "warning",
            "baseline_tests": "baseline_test",
            "monitoring": "monitoring",
            "dosing": "dosing",
            "premedication": "premedication",
            "practical": "practical",
            "pregnancy": "pregnancy",
            "kinetics": "kinetics",
        }.items()
    }
    return Option(
        treatment=treatment,
        brands=label.brands,
        mechanism=entry_fact(evidence, label.mechanism)
        if label.mechanism and label.mechanism.trust.may_be_shown
        else None,
        plan=plan,
        plan_rows=plan_rows(evidence, treatment, place, plan),
        after_last_dose=after_last_dose(evidence, treatment, place),
        adopted=adopted(evidence, treatment, place),
        label_harms=label_harms(evidence, treatment, place),
        against_placebo=_against_placebo(evidence, treatment),
        **tables,
    )


def _against_placebo(evidence: Evidence, treatment: Treatment) -> tuple[Estimate, ...]:
    found = []
    for contrast in evidence.contrasts.values():
        if contrast.estimate is None or not contrast.trust.may_be_shown:
            continue
        trial = evidence.trials[contrast.trial_id]
        arms = evidence.arms[contrast.arm_id], evidence.arms[contrast.reference_arm_id]
        if (
            trial.kind is TrialKind.RANDOMISED
            and arms[0].treatment_id == treatment.id
            and arms[1].treatment_id == "placebo"
        ):
            found.append(contrast_estimate(evidence, contrast))
    return tuple(found)


def _trial_cards(evidence: Evidence, found: tuple[Pair, ...]) -> tuple[TrialCard, ...]:
    cards: dict[str, TrialCard] = {}
    for pair in found:
        if pair.trial.kind is TrialKind.RANDOMISED and pair.trial.id not in cards:
            never = [evidence.results_by_arm_outcome.get((arm.id, NEVER_TREATED), ()) for arm in pair.arms]
            numbers = [arm_estimate(evidence, rows[0]) if rows else None for rows in never]
            cards[pair.trial.id] = TrialCard(pair.trial, trial_facts(evidence, pair.trial), (numbers[0], numbers[1]))
    order = list(evidence.trials)
    return tuple(sorted(cards.values(), key=lambda card: order.index(card.trial.id)))


def _how_far(evidence: Evidence, trials: set[str], found: tuple[Pair, ...]) -> str:
    """Say where randomised comparison ends: with the trials, or with the longer follow-up that some report."""
    arms = {arm.id for pair in found for arm in pair.arms}
    followed = any(
        contrast.arm_id in arms
        and (contrast.timepoint_months or 0) > (evidence.trials[contrast.trial_id].duration_months or 0)
        for contrast in evidence.contrasts.values()
        if contrast.trial_id in trials
    )
    beyond = f"Beyond the end of the {counted(len(trials))} trials"
    return f"{beyond}, and of the longer follow-up that was reported" if followed else beyond


def _unknowns(evidence: Evidence, options: tuple[Treatment, Treatment], found: tuple[Pair, ...]) -> tuple[str, ...]:
    first, second = (option.name for option in options)
    trials = {pair.trial.id for pair in found if pair.trial.kind is TrialKind.RANDOMISED}
    if not trials:
        return (
            f"No trial in this evidence gave {first} or {second} by chance to the same group of people, "
            "so how they compare is not known from a direct test.",
            "Numbers about one of them come from other people, against other comparators, "
            "and must not be read as a comparison.",
        )
    return (
        f"{_how_far(evidence, trials, found)}, {first} and {second} were never compared at random: "
        "what is seen later comes from people on one drug alone, and from those who stayed.",
        "No trial has shown who gains more than others in relative terms. Someone with a higher risk to begin with "
        "may gain more in absolute terms from the same relative effect.",
        "People outside the ages, the years since onset and the walking ability of these trials were not studied.",
        "A source that does not report a number leaves it unknown: 'not reported' here never means zero.",
        *(
            f"No trial of {option.name} against placebo stands in this evidence."
            for option in options
            if not _against_placebo(evidence, option)
        ),
    )
