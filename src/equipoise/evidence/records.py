"""The rows of the evidence, typed and immutable.

What must not be confused is part of the type: a pooled pseudo-trial is not a trial, merged doses are
not an arm, a cohort is not a randomised comparison, and a row nobody has seen says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from equipoise.vocabulary.estimate import EvidenceKind, Trust
from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import SourceRef


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in its file, corrections applied.

    Attributes
    ----------
    table, row_id, line
        File, id of the row, line in the file (0 for TOML).
    cells
        Non-empty cells as text.
    corrections
        One sentence for each correction applied.
    """

    table: str
    row_id: str
    line: int
    cells: tuple[tuple[str, str], ...]
    corrections: tuple[str, ...] = ()


class TrialKind(StrEnum):
    """What stands behind a trial id."""

    RANDOMISED = "randomised"
    POOLED_TRIALS = "pooled-trials"
    EXTENSION = "extension"
    COHORT_COMPARISON = "cohort-comparison"
    COHORT = "cohort"
    SPONTANEOUS_REPORTS = "spontaneous-reports"

    @property
    def is_pseudo(self) -> bool:
        """Whether the id stands for several trials read together."""
        return self is TrialKind.POOLED_TRIALS


class ArmKind(StrEnum):
    """What stands behind an arm id."""

    RANDOMISED = "randomised"
    MERGED_DOSES = "merged-doses"
    SUBGROUP = "subgroup"
    POOLED_TRIALS = "pooled-trials"
    EXTENSION = "extension"
    CROSSOVER = "crossover"
    COHORT = "cohort"
    SPONTANEOUS_REPORTS = "spontaneous-reports"

    @property
    def is_pseudo(self) -> bool:
        """Whether the arm overlaps with others: merged doses, a subgroup, several trials together."""
        return self in (ArmKind.MERGED_DOSES, ArmKind.SUBGROUP, ArmKind.POOLED_TRIALS)


_EVIDENCE_KIND = {
    TrialKind.RANDOMISED: EvidenceKind.RANDOMISED,
    TrialKind.POOLED_TRIALS: EvidenceKind.RANDOMISED,
    TrialKind.EXTENSION: EvidenceKind.SINGLE_ARM,
    TrialKind.COHORT_COMPARISON: EvidenceKind.COHORT,
    TrialKind.COHORT: EvidenceKind.COHORT,
    TrialKind.SPONTANEOUS_REPORTS: EvidenceKind.COHORT,
}


@dataclass(frozen=True, slots=True)
class Source:
    """A document that was read."""

    id: str
    kind: str
    title: str
    first_author: str
    organisation: str
    year: str
    revision: str
    journal: str
    doi: str
    pmid: str
    pmcid: str
    nct: str
    url: str
    row: RawRow

    @property
    def citation(self) -> str:
        """The source as a reader would cite it."""
        who = self.first_author or self.organisation
        when = self.year or self.revision
        parts = [
            f"{who}." if who and not who.endswith(".") else who,
            f"{self.title.rstrip('.')}.",
            f"{self.journal}." if self.journal else "",
            f"{when}." if when else "",
            f"doi:{self.doi}" if self.doi else "",
        ]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Who was let in, as far as the trial's row says it in words; ``None`` where it does not.

    Attributes
    ----------
    age_min, age_max
        Years.
    edss_min, edss_max
        EDSS at the start.
    onset_within_years
        Longest time since the first symptom.
    relapses_12m_min, relapses_24m_min
        Fewest relapses in the 12 and 24 months before. Where a trial asked for one relapse in a year *or* two in two
        years, one in 24 months is what everybody had.
    """

    age_min: float | None = None
    age_max: float | None = None
    edss_min: float | None = None
    edss_max: float | None = None
    onset_within_years: float | None = None
    relapses_12m_min: int | None = None
    relapses_24m_min: int | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A study, or several read together (see ``kind``)."""

    id: str
    name: str
    kind: TrialKind
    members: tuple[str, ...]
    nct: str
    phase: str
    design: str
    blinding: str
    duration_months: float | None
    population: str
    diagnosis: str
    n_randomised: int | None
    key_inclusion: str
    risk_of_bias_note: str
    source_id: str
    row: RawRow
    inclusion: Inclusion = Inclusion()

    @property
    def short_name(self) -> str:
        """The name without what stands in brackets behind it, which for a pseudo-trial must stay."""
        return self.name if self.kind.is_pseudo else self.name.partition(" (")[0]

    @property
    def evidence_kind(self) -> EvidenceKind:
        """Randomised, single-arm or cohort."""
        return _EVIDENCE_KIND[self.kind]


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of people within a trial who were given the same treatment."""

    id: str
    trial_id: str
    kind: ArmKind
    members: tuple[str, ...]
    treatment_id: str
    dose: str
    route: str
    schedule: str
    n_randomised: int | None
    n_analysed: int | None
    age_mean: float | None
    female_percent: float | None
    edss_mean: float | None
    disease_duration_years_mean: float | None
    relapses_prior_year_mean: float | None
    source: SourceRef
    row: RawRow


class ResultKind(StrEnum):
    """What an arm-level number is."""

    COUNT = "count"
    PROPORTION = "proportion"
    KAPLAN_MEIER = "km-proportion"
    RATE = "rate"
    MEAN = "mean"

    @property
    def measure(self) -> Measure:
        """The measure under which the number is shown."""
        return Measure(self.value)


@dataclass(frozen=True, slots=True)
class ArmResult:
    """One number about one arm, as a source prints it. ``None`` means not reported in a source we saw."""

    id: str
    trial_id: str
    arm_id: str
    outcome_id: str
    timepoint_months: float | None
    kind: ResultKind
    events: int | None
    n: int | None
    person_years: float | None
    value: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    unit: str
    definition: str
    trust: Trust
    conflict: str
    note: str
    source: SourceRef
    row: RawRow


@dataclass(frozen=True, slots=True)
class Contrast:
    """One comparison of two arms, as a source prints it.

    ``estimate`` is ``None`` where a source gives only a p value or a direction: a finding, not a number.
    """

    id: str
    trial_id: str
    arm_id: str
    reference_arm_id: str
    outcome_id: str
    timepoint_months: float | None
    measure: Measure | None
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: str
    trust: Trust
    conflict: str
    note: str
    source: SourceRef
    row: RawRow
