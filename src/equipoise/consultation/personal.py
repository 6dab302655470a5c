"""The part of a consultation that is about one person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.vocabulary.estimate import Estimate
from equipoise.vocabulary.provenance import Provenance
from equipoise.vocabulary.terms import Outcome, Treatment

if TYPE_CHECKING:
    from equipoise.person import Person

LONG_RUN = "long-run."
"""Beginning of the id of every number of a model beyond what was observed."""
PREFIX = "person."
"""Beginning of the id of every number that was made for one person."""
OWN = "mine."
"""Beginning of the short id of a number within one sitting: it says nothing about anybody, not even a fingerprint."""
SEED = 20201
"""Of the random numbers, chosen once; recorded with every answer."""
DRAWS = 4000
"""Plausible worlds where nobody asks for another number."""


@dataclass(frozen=True, slots=True)
class PersonalOutcome:
    """What may happen under one option by one horizon, out of a number of people.

    Attributes
    ----------
    option
        The option; ``placebo`` stands for no disease-modifying treatment.
    outcome, horizon_months
        What, and by when.
    denominator
        100 people, or 1,000 for serious harms: the same for every option of an outcome.
    affected, low, high
        People out of the denominator, not rounded, with the limits of the interval. For expected relapses, the
        number of relapses among them, which may exceed it.
    level
        Of the interval, 0.95.
    basis
        How the number was made: one of the words of ``equipoise.outcomes.draws``.
    estimate
        The same as a number that can be traced.
    """

    option: Treatment
    outcome: Outcome
    horizon_months: int
    denominator: int
    affected: float
    low: float
    high: float
    level: float
    basis: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class OutcomeDifference:
    """Two options on one outcome: how many more or fewer people.

    Attributes
    ----------
    option, reference, outcome, horizon_months, denominator
        Option versus reference.
    difference, low, high
        People out of the denominator: positive where more are affected under ``option``. From joint draws.
    number_needed
        To treat or to harm, never signed; ``None`` where the interval holds no difference.
    number_needed_low, number_needed_high
        Its interval.
    is_benefit
        Whether ``option`` has fewer bad or more good outcomes; ``None`` where the interval holds no difference.
    estimate
        The same as a number that can be traced.
    """

    option: Treatment
    reference: Treatment
    outcome: Outcome
    horizon_months: int
    denominator: int
    difference: float
    low: float
    high: float
    number_needed: float | None
    number_needed_low: float | None
    number_needed_high: float | None
    is_benefit: bool | None
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Declining:
    """What is not said about this person, and why."""

    what: str
    reason: str
    option: str = ""
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class BaselineSummary:
    """Where someone stands before any option: the personal baseline by one method.

    Attributes
    ----------
    method
        ``"swiss-relapse-model"`` or ``"own-recent-relapses"``.
    is_used
        Whether the outcomes were made from it.
    relapse_rate, any_relapse
        Relapses a year, and share with a relapse within two years, under the anchor treatment.
    anchor
        The treatment it is under.
    setting
        Whose level it was calibrated to, in words.
    known, unknown
        Facts that entered, and facts that would have and are unknown, in plain words.
    """

    method: str
    is_used: bool
    relapse_rate: Estimate
    any_relapse: Estimate
    anchor: Treatment
    setting: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionLevel:
    """How one option does on one criterion.

    Attributes
    ----------
    option, criterion_id
        Which option on which criterion.
    value, low, high
        On the criterion's own scale, mean and 95 percent interval of the draws.
    source_id
        Id of the number it comes from, for ``equipoise trace``.
    sentence
        In plain words.
    what
        What was counted, in a few words.
    """

    option: Treatment
    criterion_id: str
    value: float
    low: float
    high: float
    source_id: str
    sentence: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class OptionFit:
    """How well one option fits what was said, over all plausible worlds.

    Attributes
    ----------
    option
        The option.
    rank_acceptability
        Share of plausible worlds in which it takes each rank, first rank first. Sums to 1.
    central_weights
        Criterion id to weight: the typical preferences of those worlds in which it comes first; ``None`` where
        there is none.
    confidence_factor
        Share of the outcome draws in which it comes first when the weights are its central ones.
    word
        How that share is said.
    """

    option: Treatment
    rank_acceptability: tuple[float, ...]
    central_weights: dict[str, float] | None
    confidence_factor: float | None
    word: str


@dataclass(frozen=True, slots=True)
class Unranked:
    """An option that stays visible but does not rank, and why."""

    option: Treatment
    reason: str
    because: str
    """``"contraindicated"``, ``"limit"`` or ``"not-comparable"``."""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against an option, in a plain sentence with its number."""

    option: Treatment
    is_for: bool
    criterion_id: str
    sentence: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest single change that would alter the order, verified by running again.

    Attributes
    ----------
    kind
        ``"weight"``, ``"outcome"`` or ``"fact"``.
    about
        Criterion id, or field of the person.
    sentence
        In plain words.
    before, after
        The value now, and the value from which the order is another.
    new_order
        Options, the best fitting first, after the change.
    """

    kind: str
    about: str
    sentence: str
    before: float | str
    after: float | str
    new_order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """Options that are too close to call."""

    options: tuple[Treatment, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Which option fits what matters to the person, how sure that is, and what would change it."""

    options: tuple[OptionFit, ...]
    unranked: tuple[Unranked, ...]
    levels: tuple[CriterionLevel, ...]
    left_out_criteria: tuple[tuple[str, str], ...]
    reasons: tuple[Reason, ...]
    what_would_change: tuple[Change, ...]
    what_stays: tuple[str, ...]
    ties: tuple[Tie, ...]
    remarks: tuple[str, ...]
    """What was noticed in the answers: everything matters most, or two answers that contradict each other."""
    clipped: tuple[str, ...] = ()
    """Levels that were counted as the nearer end of their criterion's range, in sentences."""


@dataclass(frozen=True, slots=True)
class PersonalView:
    """What may happen to this person under each option, and how the options fit.

    Attributes
    ----------
    person, unknown
        What was said, and the fields that are unknown, in plain words.
    options
        The options in the order asked for, then no treatment where the evidence reaches it.
    years
        The horizon that the faces show first.
    seed, draws
        Of the random numbers: the same input with the same seed gives the same document.
    baselines
        The personal baseline by each method.
    outcomes, differences, declined
        The numbers, and what is withheld with its reason.
    fit
        ``None`` without values.
    levels
        How each option does on each criterion, also where nothing is weighed and for options that do not rank; of no
        treatment, what its outcomes say.
    """

    person: Person
    unknown: tuple[str, ...]
    options: tuple[Treatment, ...]
    years: int
    seed: int
    draws: int
    baselines: tuple[BaselineSummary, ...]
    outcomes: tuple[PersonalOutcome, ...]
    differences: tuple[OutcomeDifference, ...]
    declined: tuple[Declining, ...]
    fit: Fit | None = None
    levels: tuple[CriterionLevel, ...] = ()

    @property
    def estimates(self) -> Iterator[Estimate]:
        """Every number of this part that can be traced."""
        for baseline in self.baselines:
            yield baseline.relapse_rate
            yield baseline.any_relapse
        for outcome in self.outcomes:
            yield outcome.estimate
        for difference in self.differences:
            yield difference.estimate

    def difference(self, outcome_id: str, horizon_months: int, option: str, reference: str) -> OutcomeDifference | None:
        """Return how many more or fewer people an outcome has under one option than under another, by their ids."""
        about = outcome_id, horizon_months, option, reference
        return next(
            (d for d in self.differences if (d.outcome.id, d.horizon_months, d.option.id, d.reference.id) == about),
            None,
        )

    def on(self, outcome_id: str, horizon_months: int) -> tuple[PersonalOutcome, ...]:
        """Return what each option does on an outcome, in the order of the options."""
        return tuple(o for o in self.outcomes if (o.outcome.id, o.horizon_months) == (outcome_id, horizon_months))


_STEM = re.compile(re.escape(PREFIX) + r"[^.]+\..+?\.\d+-\d+\.")


def own_id(identifier: str) -> str:
    """Return the short id of a personal number, which stays when answers change; any other id as it is."""
    return _STEM.sub(OWN, identifier, count=1)
