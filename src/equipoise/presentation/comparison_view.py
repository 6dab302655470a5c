"""What of a consultation stands where on the comparison page. It selects and orders; it computes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from equipoise.consultation import Consultation
from equipoise.consultation.document import Option, OutcomeSection, PlanRow, TrialResult
from equipoise.presentation.figures import Figure, Figures
from equipoise.safety.schedule import Task
from equipoise.vocabulary.estimate import Certainty, Estimate, EvidenceKind, Fact
from equipoise.vocabulary.provenance import source_rows
from equipoise.vocabulary.terms import Outcome, OutcomeGroup

GLANCE_BENEFITS = ("relapse-free", "any-relapse", "confirmed-disability-worsening-6m")
GLANCE_OTHERS = ("discontinuation-adverse-event", "infection", "thyroid-event")
OPEN_OUTCOMES = (
    "annualised-relapse-rate",
    "relapse-free",
    "confirmed-disability-worsening-6m",
    "confirmed-disability-improvement-6m",
    "new-or-enlarging-t2",
    "gd-enhancing",
    "brain-volume-change",
    "quality-of-life-fams",
    "quality-of-life-sf36-pcs",
    "quality-of-life-eq-vas",
)
DRAWN_FIRST = ("relapse-free", "confirmed-disability-worsening-6m")
DRAWN_OUTCOMES = (*DRAWN_FIRST, "confirmed-disability-improvement-6m")
INFUSION_OUTCOMES = ("infusion-reaction", "serious-infusion-reaction")
GIVING_WORDS = ("flu-like", "influenza-like", "injection site", "infusion reaction, any")
GROWS_WITH_TIME = ("thyroid-event",)
TWO_YEARS = 24.0
FIRST_HARMS = 10
"""Common harms to read first: a list of dozens frightens, and is not read (Dutch aid for people with MS, 2021)."""

SHELVES = {
    OutcomeGroup.RELAPSES: "Relapses",
    OutcomeGroup.DISABILITY: "Disability",
    OutcomeGroup.MRI: "What scans show",
    OutcomeGroup.QUALITY_OF_LIFE: "Quality of life",
    OutcomeGroup.STOPPING: "Stopping treatment",
    OutcomeGroup.LATER_TREATMENT: "Later treatment",
    OutcomeGroup.COMMON_HARM: "Common harms",
    OutcomeGroup.SERIOUS_HARM: "Serious harms",
}


@dataclass(frozen=True, slots=True)
class ViewRow:
    """Both options on one outcome, in the same people, over the same time.

    Attributes
    ----------
    outcome, result
        What was measured, and where.
    arms
        What happened under each option.
    missing
        What to say for each option where nothing is reported.
    """

    outcome: Outcome
    result: TrialResult
    arms: tuple[Estimate | None, Estimate | None]
    missing: tuple[str, str]

    @property
    def certainty(self) -> Certainty:
        """How sure one may be: of the comparison where there is one, else of an arm."""
        comparison = self.result.comparison
        numbers = [comparison, *self.arms] if all(self.arms) else list(self.arms)
        return next((number.certainty for number in numbers if number is not None), Certainty())


@dataclass(frozen=True, slots=True)
class HorizonRow:
    """One outcome counted over one length of time in one group or trial; alone where nothing was compared."""

    months: float | None
    arms: tuple[Estimate | None, Estimate | None]
    is_alone: bool = False

    @property
    def is_in_trials(self) -> bool:
        """Whether the people were those of the trials."""
        return all(arm.evidence_kind is EvidenceKind.RANDOMISED for arm in self.arms if arm is not None)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A task of one option over the years, beside the same task of the other."""

    option: Option
    row: PlanRow


@dataclass(frozen=True)
class ComparisonView:
    """A consultation laid out for reading.

    Attributes
    ----------
    sitting
        The document.
    trace_url
        Address of a trace with ``{id}`` in it, for the pictures.
    """

    sitting: Consultation
    trace_url: str
    figures: Figures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", Figures(self.sitting, self.trace_url))

    @property
    def names(self) -> tuple[str, str]:
        """What to call the two options."""
        first, second = (option.treatment.name for option in self.sitting.options)
        return first, second

    @property
    def has_trials(self) -> bool:
        """Whether any trial compared the two."""
        return bool(self.sitting.trials)

    def sections(self, group: str, *, is_open: bool) -> tuple[OutcomeSection, ...]:
        """Return the outcomes of a shelf that the trials compared: those to read first, or the rest."""
        return tuple(
            s
            for s in self.sitting.sections
            if s.outcome.group == OutcomeGroup(group) and (s.outcome.id in OPEN_OUTCOMES) is is_open and has_results(s)
        )

    @cached_property
    def glance(self) -> tuple[ViewRow, ...]:
        """The rows of the first table: shares of people, one horizon, both options in the same trials."""
        rows: list[ViewRow] = []
        seen: set[str] = set()
        for outcome_id in GLANCE_BENEFITS:
            section = self.sitting.section(outcome_id)
            if section is not None and section.outcome.group not in seen:
                found = [
                    r
                    for r in section.trials
                    if r.timepoint_months == self.horizon and r.is_licensed_dose and _is_share(r)
                ]
                rows += [self._row(section, r) for r in found]
                seen |= {section.outcome.group} if found else set()
        for outcome_id in GLANCE_OTHERS:
            section = self.sitting.section(outcome_id)
            row = None if section is None else self._harm(section)
            rows += [] if row is None else [row]
        return tuple(rows)

    def people(self, section: OutcomeSection, *, at_horizon: bool) -> tuple[Figure, ...]:
        """Return the icon arrays of an outcome: those to see first, all over one length of time, or the rest."""
        if section.outcome.id not in DRAWN_OUTCOMES:
            return ()
        is_first = section.outcome.id in DRAWN_FIRST
        chosen = [
            r
            for r in section.trials
            if r.is_licensed_dose and (is_first and r.timepoint_months == self.horizon) is at_horizon
        ]
        drawn = [self.figures.people(section, result) for result in chosen]
        return tuple(figure for figure in drawn if figure is not None)

    @property
    def glance_agreement(self) -> tuple[tuple[OutcomeSection, str], ...]:
        """Whether the trials agree, for each outcome of the first table that more than one trial counted."""
        ids = dict.fromkeys(row.outcome.id for row in self.glance)
        sections = [s for s in map(self.sitting.section, ids) if s is not None and s.agreement and len(s.trials) > 1]
        return tuple((s, s.agreement) for s in sections if s.outcome.id in GLANCE_BENEFITS)

    def anchor(self, outcome: Outcome) -> str:
        """Return the id of the place on the page that says more on an outcome."""
        in_table = outcome.group in (OutcomeGroup.COMMON_HARM, OutcomeGroup.SERIOUS_HARM)
        return f"row-{outcome.id}" if in_table and outcome.id not in GROWS_WITH_TIME else outcome.id

    def given(self, option: Option) -> tuple[Estimate, ...]:
        """Return what the way of giving a drug brings: infusion reactions, flu-like illness, injection sites."""
        section = self.sitting.section(INFUSION_OUTCOMES[0])
        view = section.one_view if section is not None and has_infusions(option) else None
        of_trial = (
            [arm for arm in view.arms if arm is not None and arm.treatment == option.treatment.id] if view else []
        )
        of_label = [e for e in option.label_harms if any(word in e.outcome_id.lower() for word in GIVING_WORDS)]
        return (*of_trial, *of_label)

    @property
    def one_sided(self) -> bool:
        """Whether either option has a reaction tied to the way it is given."""
        return any(self.given(option) for option in self.sitting.options)

    @cached_property
    def horizon(self) -> float:
        """The one length of time of the tables: the one over which most outcomes were counted."""
        counted = Counter(
            r.timepoint_months
            for s in self.sitting.sections
            for r in (*s.pooled_trials, *s.trials)
            if r.timepoint_months and _is_share(r)
        )
        return counted.most_common(1)[0][0] if counted else TWO_YEARS

    @cached_property
    def common_harms(self) -> tuple[ViewRow, ...]:
        """Common harms over the one horizon, the outcome that most people had first."""
        rows = [row for s in self.sitting.common_harms if (row := self._harm(s)) is not None]
        return tuple(sorted(rows, key=lambda row: -max(arm.value for arm in row.arms if arm is not None)))

    @cached_property
    def serious_harms(self) -> tuple[ViewRow, ...]:
        """Serious harms over the one horizon."""
        return tuple(row for s in self.sitting.serious_harms if (row := self._harm(s)) is not None)

    @cached_property
    def serious_harms_elsewhere(self) -> tuple[ViewRow, ...]:
        """Serious harms that were counted over another length of time only."""
        shown = {row.outcome.id for row in self.serious_harms}
        results = [(s, s.one_view) for s in self.sitting.serious_harms if s.outcome.id not in shown]
        return tuple(self._row(s, r) for s, r in results if r is not None and _is_share(r, both=False))

    def horizons(self, section: OutcomeSection, *, in_trials: bool) -> tuple[HorizonRow, ...]:
        """Return an outcome by the length of time over which it was counted, shortest first.

        Parameters
        ----------
        section
            The outcome.
        in_trials
            Whether to return what was seen in people of the trials, or in clinics and reports.
        """
        rows = [
            HorizonRow(r.timepoint_months, r.arms)
            for r in (*section.pooled_trials, *section.trials, *section.later)
            if any(r.arms)
        ]
        rows += [
            HorizonRow(e.timepoint_months, self._placed(e), is_alone=True)
            for e in section.beyond
            if e.measure.is_proportion
        ]
        chosen = [row for row in rows if row.is_in_trials is in_trials]
        return tuple(sorted(chosen, key=lambda row: row.months or float("inf")))

    def with_results(self, sections: Iterable[OutcomeSection]) -> tuple[OutcomeSection, ...]:
        """Return the outcomes on which the trials that compared the options say anything."""
        return tuple(section for section in sections if has_results(section))

    @property
    def growing(self) -> tuple[OutcomeSection, ...]:
        """Outcomes whose share depends on how long one counts."""
        return tuple(s for s in self.sitting.common_harms if s.outcome.id in GROWS_WITH_TIME)

    def beyond(self) -> tuple[tuple[str, tuple[OutcomeSection, ...]], ...]:
        """Return what was seen outside any comparison, shelf by shelf."""
        seen = [s for s in self.sitting.sections if s.beyond]
        shelves = dict.fromkeys(s.outcome.group for s in seen)
        return tuple((SHELVES[shelf], tuple(s for s in seen if s.outcome.group is shelf)) for shelf in shelves)

    def sized(self, section: OutcomeSection) -> tuple[TrialResult, ...]:
        """Return the results of an outcome that hold a number."""
        results = (*section.trials, *section.pooled_trials, *section.later)
        return tuple(r for r in results if any(r.arms) or r.comparisons)

    def findings(self, section: OutcomeSection) -> tuple[Fact, ...]:
        """Return what is said on an outcome without a size, each statement once."""
        results = (*section.trials, *section.pooled_trials, *section.later)
        return tuple({f.id: f for r in results for f in r.findings}.values())

    @property
    def citations(self) -> tuple[str, ...]:
        """Every source behind the sitting, each once, in the order of the alphabet."""
        rows = (row for item in self.sitting.items.values() for row in source_rows(item.provenance))
        return tuple(sorted({row.citation for row in rows}, key=str.casefold))

    def plan_lines(self) -> Iterator[PlanLine]:
        """Yield the tasks of the first option, then of the second."""
        for option in self.sitting.options:
            for row in option.plan_rows:
                yield PlanLine(option, row)

    def _harm(self, section: OutcomeSection) -> ViewRow | None:
        result = self._at_horizon(section, self.horizon)
        return None if result is None else self._row(section, result)

    def _at_horizon(self, section: OutcomeSection, months: float) -> TrialResult | None:
        view = section.one_view
        if view is not None and view.timepoint_months == months and _is_share(view, both=False):
            return view
        return None

    def _row(self, section: OutcomeSection, result: TrialResult) -> ViewRow:
        first, second = (self._missing(section.outcome, option) for option in self.sitting.options)
        return ViewRow(section.outcome, result, result.arms, (first, second))

    def _missing(self, outcome: Outcome, option: Option) -> str:
        if outcome.id in INFUSION_OUTCOMES and not has_infusions(option):
            return "does not apply: no infusions"
        return "not reported"

    def _placed(self, estimate: Estimate) -> tuple[Estimate | None, Estimate | None]:
        second = self.sitting.options[1].treatment
        is_second = estimate.treatment == second.id or estimate.treatment.startswith(f"{second.id}-")
        return (None, estimate) if is_second else (estimate, None)


def has_infusions(option: Option) -> bool:
    """Whether an option is given by infusion under its label."""
    return bool(option.plan.courses) or any(dose.task is Task.INFUSION_DAY for dose in option.plan.repeated)


def has_results(section: OutcomeSection) -> bool:
    """Whether the trials that compared the options say anything on an outcome."""
    results = (*section.trials, *section.pooled_trials)
    return any(any(r.arms) or r.comparisons or r.findings for r in results)


def _is_share(result: TrialResult, *, both: bool = True) -> bool:
    shares = [arm is not None and arm.measure.is_proportion for arm in result.arms]
    return all(shares) if both else any(shares)
