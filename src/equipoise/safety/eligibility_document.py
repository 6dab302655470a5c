"""What a check of eligibility says: findings, questions, a verdict and the earliest start."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from equipoise.evidence import LabelEntry
from equipoise.safety.eligibility_facts import Asked
from equipoise.safety.truth import Truth
from equipoise.vocabulary.estimate import Trust
from equipoise.vocabulary.provenance import SourceRef
from equipoise.vocabulary.terms import Jurisdiction

LABEL_PREFIX = "label."
"""Before the id of a label entry it makes the id that ``equipoise trace`` finds it by."""


class FindingKind(StrEnum):
    """What a finding is about."""

    INDICATION = "indication"
    """A route into the licence."""
    GUIDANCE = "guidance"
    """What a health service says beside the licence; it opens no route."""
    CONTRAINDICATION = "contraindication"
    WARNING = "warning"
    """A caution; met where it applies, which for most warnings is to everybody who takes the drug."""
    INTERACTION = "interaction"
    PREGNANCY = "pregnancy"
    """What the label says about pregnancy, breastfeeding and contraception; met where it concerns the person."""
    BASELINE_TEST = "baseline_test"
    """Something to be done before the first dose; met where it is known to be done."""
    PRACTICAL = "practical"
    """A hindrance of daily life; never a contraindication."""


class EligibilityVerdict(StrEnum):
    """What the contraindications come to."""

    CONTRAINDICATED = "contraindicated"
    NEEDS_ANSWERS = "needs-answers"
    NOT_CONTRAINDICATED = "not-contraindicated"


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of a label, held against a person.

    Attributes
    ----------
    id
        Resolved by ``equipoise trace``.
    kind, status
        What it is about, and whether it applies.
    text, source, trust, jurisdiction
        What the label says in our own words, where, how that was seen, and whose label it is.
    question
        What to ask where the status is unknown; empty otherwise.
    because
        The facts that make it met.
    reading
        How the text was turned into a rule, where that took a choice: the definition of highly active disease that was
        used, advice that is no boundary.
    boxed
        Whether a warning stands in a box.
    gate
        Of a baseline test: ``required``, ``recommended``, ``consider``, ``informs`` or ``none``.
    about
        Names of the facts that it turns on; empty where it is so for everybody.
    lacking
        Where it is not met although it asks for several things at once: names of those that are not so.
    entry
        The label entry that says so.
    """

    id: str
    kind: FindingKind
    status: Truth
    text: str
    source: SourceRef
    trust: Trust
    jurisdiction: str
    question: str = ""
    because: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    boxed: bool = False
    gate: str = ""
    about: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    entry: LabelEntry | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that is worth asking.

    Attributes
    ----------
    question, asked
        What, and whom.
    findings
        Ids of what is open because of it.
    settles
        Ids of what one answer to it can settle alone.
    field
        The question of the person form that answers it; empty where no field does.
    word
        The condition or medicine that it asks about, where the field is a list of those.
    """

    question: str
    asked: Asked
    findings: tuple[str, ...]
    settles: tuple[str, ...] = ()
    field: str = ""
    word: str = ""


class StartReasonKind(StrEnum):
    """What a reason says about the first possible day."""

    DATE = "date"
    UNKNOWN = "unknown"
    """The label gives an interval, and the day that it counts from is not known."""
    NO_INTERVAL = "no-interval"
    """The label asks to wait and gives no interval."""


class StartAbout(StrEnum):
    """What a reason waits for."""

    PLANNED_STOP = "planned-stop"
    """The last dose of another drug lies ahead."""
    OTHER_DRUG = "other-drug"
    """A wait after another drug."""
    NOT_NAMED = "not-named"
    """A wait after some drugs, and which were taken is not known."""
    OWN_COURSE = "own-course"
    """The distance to the course before."""
    VACCINE = "vaccine"
    """A wait after a vaccine."""
    RESOLVED = "resolved"
    """Something that is in the way and will be over one day, such as an infection."""


@dataclass(frozen=True, slots=True)
class StartReason:
    """Why treatment cannot start before a day.

    Attributes
    ----------
    kind, day
        Whether a day follows, and which.
    text
        What the label says, or what the person said.
    id, source, trust, jurisdiction
        The label entry; empty and ``None`` for what a person said.
    because
        What it counts from.
    question
        What to ask where the day is unknown.
    about, drug, counted_from, interval
        The same as parts: what it waits for; ``drug_id`` of the other drug; the day that it counts from; how long, as
        an ISO 8601 duration. Empty or ``None`` where there is none.
    """

    kind: StartReasonKind
    day: datetime.date | None
    text: str
    id: str = ""
    source: SourceRef | None = None
    trust: Trust | None = None
    jurisdiction: str = ""
    because: str = ""
    question: str = ""
    about: StartAbout = StartAbout.NOT_NAMED
    drug: str = ""
    counted_from: datetime.date | None = None
    interval: str = ""


@dataclass(frozen=True, slots=True)
class EarliestStart:
    """The first day on which treatment could start.

    Attributes
    ----------
    day
        That day; ``None`` while a reason is open.
    not_before
        The latest of the days that are known: it cannot be earlier.
    reasons
        Everything that was looked at, in the order of the label.
    """

    day: datetime.date | None
    not_before: datetime.date
    reasons: tuple[StartReason, ...]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a label leaves a treatment open to a person, on a day.

    Attributes
    ----------
    drug, jurisdiction, on, evidence_version
        What was asked, and of which evidence.
    verdict
        What the contraindications come to. ``needs-answers`` also where no route into the licence is met and one is
        unknown, or where the label was not read.
    indication
        Whether a route into the licence is met. ``not-met`` is outside the licence: a caution with its reason, and no
        contraindication.
    findings, ask, earliest_start
        See their types. Questions come most informative first.
    unread
        Tables of this label of which nothing was read: their silence says nothing.
    """

    drug: str
    jurisdiction: Jurisdiction
    on: datetime.date
    evidence_version: str
    verdict: EligibilityVerdict
    indication: Truth
    findings: tuple[Finding, ...]
    ask: tuple[Ask, ...]
    earliest_start: EarliestStart
    unread: tuple[str, ...]

    @property
    def may_be_offered(self) -> bool:
        """Whether every contraindication is known to be absent and a route into the licence is met."""
        return self.verdict is EligibilityVerdict.NOT_CONTRAINDICATED and self.indication is Truth.MET

    def of_kind(self, kind: FindingKind) -> tuple[Finding, ...]:
        """Return the findings of a kind."""
        return tuple(finding for finding in self.findings if finding.kind is kind)

    @property
    def decisive(self) -> tuple[Ask, ...]:
        """The questions that the verdict waits for, in order: about contraindications, and routes while none is met."""
        kinds = {FindingKind.CONTRAINDICATION}
        if self.indication is Truth.UNKNOWN:
            kinds.add(FindingKind.INDICATION)
        waiting = {finding.id for finding in self.findings if finding.kind in kinds}
        unread, others = self.ask[: len(self.unread)], self.ask[len(self.unread) :]
        return (*unread, *(ask for ask in others if waiting.intersection(ask.findings)))
