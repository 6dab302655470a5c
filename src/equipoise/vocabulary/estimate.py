"""One type for every number that any face shows, and one for every sourced statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from equipoise.vocabulary.measures import Measure
from equipoise.vocabulary.provenance import Provenance, SourceRef, source_rows


class EstimateKind(StrEnum):
    """Where a number stands between a source and a person."""

    TRIAL = "trial"
    """A comparison of two arms within one trial."""
    SYNTHESIS = "synthesis"
    """Several trials together, or a statistic of their being together."""
    ARM = "arm"
    """What happened in one group of people."""
    LABEL = "label"
    """What a label prints, or what its schedule adds up to."""
    PERSONAL = "personal"
    """What may happen to one person under an option, from draws."""
    MODEL = "model"
    """What a published model says beyond what was observed; for research."""


class EvidenceKind(StrEnum):
    """What kind of study stands behind a number; the kinds are never mixed in a synthesis."""

    RANDOMISED = "randomised"
    SINGLE_ARM = "single-arm"
    COHORT = "cohort"
    LABEL = "label"


class Trust(StrEnum):
    """How a row was seen, from printed in a source that was read to not seen at all."""

    PRINTED = "printed"
    DERIVED = "derived"
    DERIVED_INTERVAL = "derived-interval"
    SECONDARY = "secondary"
    UNVERIFIED_INTERVAL = "unverified-interval"
    UNVERIFIED = "unverified"

    @property
    def may_be_shown(self) -> bool:
        """Whether a row of this trust may reach a patient."""
        return self not in (Trust.UNVERIFIED, Trust.UNVERIFIED_INTERVAL)


_TRUST_ORDER = list(Trust)


def least_trust(levels: list[Trust]) -> Trust:
    """Return the weakest of several trust levels: a computation is as good as its worst input."""
    return max(levels, key=_TRUST_ORDER.index)


class IntervalKind(StrEnum):
    """What an interval claims."""

    CONFIDENCE = "confidence"
    CREDIBLE = "credible"
    PREDICTION = "prediction"


class CertaintyLevel(StrEnum):
    """Four levels in the sense of GRADE, and the honest fifth."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"
    NOT_RATED = "not-rated"


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure one may be, and why: each reason is a sentence a reader can check."""

    level: CertaintyLevel = CertaintyLevel.NOT_RATED
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits on the same scale as the value, with the level they claim.

    Attributes
    ----------
    low, high
        Limits, ``low <= high``.
    level
        Coverage claimed, 0.95 for a 95 percent interval.
    kind
        Confidence, credible or prediction.
    """

    low: float
    high: float
    level: float = 0.95
    kind: IntervalKind = IntervalKind.CONFIDENCE

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"an interval needs low <= high, got {self.low} and {self.high}")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with everything that a reader needs to weigh it.

    Attributes
    ----------
    id
        Stable name; ``equipoise trace ID`` prints where the number comes from.
    kind, evidence_kind, trust, certainty
        Where it stands, what studies are behind it, how they were seen, how sure one may be.
    outcome_id
        The outcome measured, or the schedule item counted.
    measure
        What the number is; decides its scale.
    value
        On the natural scale: ratios as ratios, proportions in percent, rates per unit of ``unit``.
    interval
        Limits on the same scale as ``value``; ``None`` where no source reports one and none can be computed.
    unit
        In words, empty for ratios.
    treatment, reference
        Treatment ids. A comparison is always treatment versus reference; for one arm ``reference`` is empty.
    trial_ids
        The trials behind it, pooled pseudo-trials under their own id.
    timepoint_months
        Horizon; ``None`` where the source states none.
    n, events
        People and events in the arm, or in both arms of a comparison; ``None`` where not reported.
    population
        In words: to whom the number applies.
    text
        One plain sentence that says the number with its comparator and horizon.
    notes
        What a careful reader must know next to it.
    provenance
        The tree that ends in source rows.
    """

    id: str
    kind: EstimateKind
    evidence_kind: EvidenceKind
    outcome_id: str
    measure: Measure
    value: float
    provenance: Provenance
    text: str
    interval: Interval | None = None
    unit: str = ""
    treatment: str = ""
    reference: str = ""
    trial_ids: tuple[str, ...] = ()
    timepoint_months: float | None = None
    n: int | None = None
    events: int | None = None
    population: str = ""
    trust: Trust = Trust.PRINTED
    certainty: Certainty = field(default_factory=Certainty)
    notes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """Every source with its locator at the leaves of the provenance tree, each once, in order."""
        return tuple(dict.fromkeys(row.source for row in source_rows(self.provenance)))

    @property
    def includes_no_difference(self) -> bool | None:
        """Whether the interval of a comparison holds the value that means no difference.

        ``None`` when there is no interval or the number compares nothing.
        """
        if self.interval is None or not self.measure.is_comparison:
            return None
        return self.interval.low <= self.measure.null_value <= self.interval.high


@dataclass(frozen=True, slots=True)
class Fact:
    """A sourced statement without a number of its own to compute with: a label entry, a finding.

    Attributes
    ----------
    id
        Stable name, resolvable by ``equipoise trace``.
    text
        The statement, in our own words, numbers as printed in the source.
    provenance
        The row it stands in.
    topic
        What it is about, from the table it came from: ``indication``, ``monitoring``, ``finding``.
    trust
        How the row was seen.
    jurisdiction
        For a statement of a label, whose label says it: ``EU`` also where the EU text stands in for a UK one that
        was not seen. Empty for everything else.
    """

    id: str
    text: str
    provenance: Provenance
    topic: str
    trust: Trust = Trust.PRINTED
    jurisdiction: str = ""

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """Every source with its locator behind the statement."""
        return tuple(dict.fromkeys(row.source for row in source_rows(self.provenance)))
