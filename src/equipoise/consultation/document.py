"""The document of one sitting, which every face renders and none computes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from equipoise.consultation.personal import PersonalView
from equipoise.consultation.syntheses import Synthesis
from equipoise.evidence import Release, Trial
from equipoise.safety.schedule import TreatmentPlan
from equipoise.vocabulary.estimate import Estimate, Fact
from equipoise.vocabulary.terms import Jurisdiction, Outcome, Treatment

T = TypeVar("T", Estimate, Fact)


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What one trial found on one outcome at one time.

    Attributes
    ----------
    trial
        The trial, or several read together (see its ``kind``).
    timepoint_months
        Horizon, ``None`` where the source states none.
    is_main
        Whether the horizon is the trial's own length; an earlier look or later follow-up is not.
    is_licensed_dose
        Whether the arms are the options' own regimens, not merged with other doses.
    arms
        What happened under each option, in the order of the options; ``None`` where not reported.
    comparisons
        First option versus second: as printed first, then computed from counts.
    findings
        What is said without a size.
    """

    trial: Trial
    timepoint_months: float | None
    is_main: bool
    is_licensed_dose: bool
    arms: tuple[Estimate | None, Estimate | None]
    comparisons: tuple[Estimate, ...]
    findings: tuple[Fact, ...]

    @property
    def is_after_trial(self) -> bool:
        """Whether the horizon lies beyond the trial's own length."""
        return (self.timepoint_months or 0) > (self.trial.duration_months or 0)

    @property
    def comparison(self) -> Estimate | None:
        """The comparison to show first: with an interval if there is one."""
        with_interval = (c for c in self.comparisons if c.interval is not None)
        return next(with_interval, next(iter(self.comparisons), None))


@dataclass(frozen=True, slots=True)
class OutcomeSection:
    """One outcome: each trial by itself and, where it makes sense, together.

    Attributes
    ----------
    outcome, trials, later
        The outcome, each trial at its own length, and its results at other times.
    pooled_trials
        The same outcome as a source pooled it over several trials.
    beyond
        What was seen outside any randomised comparison, each with its own horizon and kind.
    syntheses
        Trials together; empty where that makes no sense.
    agreement
        Whether the trials agree, in a sentence; empty with fewer than two intervals.
    """

    outcome: Outcome
    trials: tuple[TrialResult, ...]
    later: tuple[TrialResult, ...]
    pooled_trials: tuple[TrialResult, ...]
    beyond: tuple[Estimate, ...]
    syntheses: tuple[Synthesis, ...]
    agreement: str

    @property
    def one_view(self) -> TrialResult | None:
        """The result to show where only one fits: one denominator, both options, the licensed dose if it can be.

        Trials pooled by their source come first because both options then stand on the largest common base.
        """
        candidates = [r for r in (*self.pooled_trials, *self.trials) if any(r.arms)]
        return max(candidates, key=_fitness, default=None)


def _fitness(result: TrialResult) -> tuple[bool, bool, int]:
    both = all(result.arms)
    people = sum(arm.n or 0 for arm in result.arms if arm is not None)
    return both, result.is_licensed_dose, people


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One task of a treatment over the years.

    Attributes
    ----------
    task
        In words.
    per_year
        How often in each year; ``None`` where the label gives no interval.
    remark
        What the label says instead, as sourced facts.
    """

    task: str
    per_year: tuple[Estimate | None, ...]
    remark: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One treatment in the comparison.

    Attributes
    ----------
    treatment, brands
        What it is called.
    mechanism, indications, contraindications, warnings, baseline_tests, monitoring, dosing
        What the label says for the jurisdiction, each statement with its source.
    premedication, practical, pregnancy, kinetics
        What the label says for the jurisdiction, each statement with its source.
    plan, plan_rows, after_last_dose
        What the years look like: the schedule, its counts a year, and the months of tests after the last dose.
    adopted
        Ids of statements of another jurisdiction's label that this one's own entries point to as the same.
    label_harms
        Shares of people that the label prints, with their own comparators.
    against_placebo
        Randomised comparisons with placebo; they never stand beside the other option without saying so.
    """

    treatment: Treatment
    brands: tuple[str, ...]
    mechanism: Fact | None
    indications: tuple[Fact, ...]
    contraindications: tuple[Fact, ...]
    warnings: tuple[Fact, ...]
    baseline_tests: tuple[Fact, ...]
    monitoring: tuple[Fact, ...]
    dosing: tuple[Fact, ...]
    premedication: tuple[Fact, ...]
    practical: tuple[Fact, ...]
    pregnancy: tuple[Fact, ...]
    kinetics: tuple[Fact, ...]
    plan: TreatmentPlan
    plan_rows: tuple[PlanRow, ...]
    after_last_dose: Estimate | None
    adopted: frozenset[str]
    label_harms: tuple[Estimate, ...]
    against_placebo: tuple[Estimate, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every sourced statement about the option."""
        remarks = tuple(fact for row in self.plan_rows for fact in row.remark)
        mechanism = (self.mechanism,) if self.mechanism else ()
        return (
            *mechanism,
            *self.indications,
            *self.contraindications,
            *self.warnings,
            *self.baseline_tests,
            *self.monitoring,
            *self.dosing,
            *self.premedication,
            *self.practical,
            *self.pregnancy,
            *self.kinetics,
            *remarks,
        )

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every number about the option alone."""
        planned = tuple(number for row in self.plan_rows for number in row.per_year if number is not None)
        after = (self.after_last_dose,) if self.after_last_dose else ()
        return (*planned, *after, *self.label_harms, *self.against_placebo)


@dataclass(frozen=True, slots=True)
class TrialCard:
    """What a reader should know of a trial before its results.

    Attributes
    ----------
    trial
        The trial.
    facts
        Design, people, blinding, doubts: each a sourced statement.
    never_treated
        People randomised but never treated, by option; ``None`` where not reported.
    """

    trial: Trial
    facts: tuple[Fact, ...]
    never_treated: tuple[Estimate | None, Estimate | None]


@dataclass(frozen=True, slots=True)
class Consultation:
    """Everything that is shown in one sitting.

    Attributes
    ----------
    release, jurisdiction, options
        Which evidence, whose label, which two treatments.
    trials
        The randomised trials of one option against the other.
    benefits, stopping, common_harms, serious_harms
        Outcomes in the order in which they are read.
    unknowns
        What nobody has reported, in sentences.
    personal
        The part about one person; ``None`` where nobody was described.
    """

    release: Release
    jurisdiction: Jurisdiction
    options: tuple[Option, Option]
    trials: tuple[TrialCard, ...]
    benefits: tuple[OutcomeSection, ...]
    stopping: tuple[OutcomeSection, ...]
    common_harms: tuple[OutcomeSection, ...]
    serious_harms: tuple[OutcomeSection, ...]
    unknowns: tuple[str, ...]
    personal: PersonalView | None = None

    @property
    def sections(self) -> tuple[OutcomeSection, ...]:
        """Every outcome, benefits first."""
        return (*self.benefits, *self.stopping, *self.common_harms, *self.serious_harms)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every number of the sitting, each id once."""
        return _unique(self._all_estimates())

    @property
    def items(self) -> dict[str, Estimate | Fact]:
        """Every number and every sourced statement of the sitting, by id."""
        numbers: dict[str, Estimate | Fact] = {estimate.id: estimate for estimate in self.estimates}
        return numbers | {fact.id: fact for fact in self.facts}

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every sourced statement of the sitting, each id once."""
        of_trials = (fact for card in self.trials for fact in card.facts)
        findings = (fact for section in self.sections for result in _results(section) for fact in result.findings)
        of_options = (fact for option in self.options for fact in option.facts)
        return _unique((*of_options, *of_trials, *findings))

    def is_lent(self, fact: Fact) -> bool:
        """Whether a statement stands in for one of this jurisdiction that was not seen."""
        elsewhere = fact.jurisdiction not in ("", self.jurisdiction)
        return elsewhere and not any(fact.id in option.adopted for option in self.options)

    def section(self, outcome_id: str) -> OutcomeSection | None:
        """Return the section on an outcome, if there is one."""
        return next((section for section in self.sections if section.outcome.id == outcome_id), None)

    def _all_estimates(self) -> Iterator[Estimate]:
        for section in self.sections:
            for result in _results(section):
                yield from (arm for arm in result.arms if arm is not None)
                yield from result.comparisons
            for synthesis in section.syntheses:
                yield from synthesis.estimates
            yield from section.beyond
        for card in self.trials:
            yield from (arm for arm in card.never_treated if arm is not None)
        for option in self.options:
            yield from option.estimates
        if self.personal is not None:
            yield from self.personal.estimates


def _results(section: OutcomeSection) -> tuple[TrialResult, ...]:
    return (*section.trials, *section.later, *section.pooled_trials)


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple({item.id: item for item in items}.values())
